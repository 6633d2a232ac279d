"""The cases of each rule: fixtures/rules/<id>.toml holds edits of a whole migration and what the rule answers on them.

Only the rule under test is asked.
"""

import tomllib
from typing import Any

import pytest

from flmparse import assets
from flmparse.rules import catalogue
from tests.editing import of_case, status

FILES = sorted((assets.folder("fixtures") / "rules").glob("*.toml"))
CARDS: list[dict[str, Any]] = [tomllib.loads(path.read_text("utf-8")) for path in FILES]
CASES = [(card["rule"], case) for card in CARDS for case in card["case"]]


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule}: {case['what']}" for rule, case in CASES])
def test_the_rule_answers_as_its_case_says(rule: str, case: dict[str, Any]) -> None:
    result = status(of_case(case), rule, case["gate"])
    assert result.status == case["status"], result.message
    if "subject" in case:
        assert case["subject"] in {finding.subject for finding in result.findings if finding.status == case["status"]}


def test_a_card_is_named_like_its_rule() -> None:
    assert [path.stem.upper() for path in FILES] == [card["rule"] for card in CARDS]
    assert {card["rule"] for card in CARDS} <= set(catalogue())


def test_every_card_has_a_pass_and_a_wrong_answer() -> None:
    for card in CARDS:
        kinds = {case["status"] for case in card["case"]}
        assert "pass" in kinds and kinds & {"fail", "warn", "inconclusive"}, card["rule"]
