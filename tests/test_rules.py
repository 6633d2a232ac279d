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


NOT_THREE_KINDS = {
    "CLU001": "a node without captures is never wrong, only unknown",
    "CLU004": "340 registrations take more nodes than the clean migration has: tests/rules/test_reservations.py",
    "CLU008": "disks in use are not tested, so the clean migration proves nothing: tests/rules/test_cluster_disks.py",
    "GEO002": "advice: it only notes",
    "PTH012": "advice: it only notes",
    "PTH015": "a save that was not captured is never wrong, only unknown",
}
"""Rules whose card lacks a kind of answer, and why."""


def test_every_rule_has_a_card_with_a_pass_a_wrong_answer_and_an_inconclusive_one() -> None:
    kinds = {card["rule"]: {case["status"] for case in card["case"]} for card in CARDS}
    assert set(kinds) == set(catalogue())
    for rule, found in kinds.items():
        assert "inconclusive" in found, rule
        if rule not in NOT_THREE_KINDS:
            assert "pass" in found and found & {"fail", "warn"}, rule
