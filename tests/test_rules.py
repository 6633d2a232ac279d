"""The cases of each rule: fixtures/rules/<id>.toml holds edits of a whole migration and what the rule answers on them.

A wrong case (``fail`` or ``warn``, and every fault of the rule catalogue) is also asked as a whole gate: the rules named by
``also`` answer wrong too, and no other does. ``fault`` is its number in the fault catalogue. ``absent_from`` names tables from
whose lack of something the wrong answer follows: each with an unreadable line below its rows makes it inconclusive.
tests/no_faults.toml holds what looks like a fault and is none.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flmparse import assets
from flmparse.assessment import assess
from flmparse.collection import Collection
from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from tests.editing import edited, of_case, status, with_unreadable_lines

FILES = sorted((assets.folder("fixtures") / "rules").glob("*.toml"))
CARDS: list[dict[str, Any]] = [tomllib.loads(path.read_text("utf-8")) for path in FILES]
CASES = [(card["rule"], case) for card in CARDS for case in card["case"]]
WRONG = [(rule, case) for rule, case in CASES if case["status"] in ("fail", "warn") or "fault" in case]
NO_FAULTS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "no_faults.toml").read_text("utf-8"))["case"]

BAD = (Status.WARN, Status.FAIL, Status.ERROR)


def name_of(value: object) -> str:
    return value["what"] if isinstance(value, dict) else str(value)


@pytest.mark.parametrize(("rule", "case"), CASES, ids=name_of)
def test_the_rule_answers_as_its_case_says(rule: str, case: dict[str, Any]) -> None:
    result = status(of_case(case), rule, case["gate"])
    assert result.status == case["status"], result.message
    if case["status"] == "inconclusive":
        assert [finding.message for finding in result.findings if finding.status in BAD] == []
    if "subject" in case:
        assert case["subject"] in {finding.subject for finding in result.findings if finding.status == case["status"]}


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, case in WRONG if "absent_from" in case], ids=name_of)
def test_what_a_damaged_output_lacks_is_not_wrong(rule: str, case: dict[str, Any]) -> None:
    for table in case["absent_from"]:
        damaged = with_unreadable_lines(of_case(case), table, Gate.parse(case["gate"]))
        assert status(damaged, rule, case["gate"]).status is Status.INCONCLUSIVE, table


def answers(collection: Collection, gate: str) -> dict[str, Status]:
    return {result.rule: result.status for result in assess(collection, gate, "paper").results}


@cache
def answers_of_sound(base: str, gate: str) -> dict[str, Status]:
    return answers(edited(base), gate)


@pytest.mark.parametrize(("rule", "case"), WRONG, ids=name_of)
def test_a_fault_is_answered_by_its_rules_and_no_others(rule: str, case: dict[str, Any]) -> None:
    base = case.get("base", "clean")
    assert base in ("clean", "switches"), "of a migration without faults"
    before, after = answers_of_sound(base, case["gate"]), answers(of_case(case), case["gate"])
    assert before[rule] is Status.PASS
    wrong = {other for other, answer in after.items() if answer in BAD and before[other] not in BAD}
    assert wrong - {rule} == set(case.get("also", ()))
    assert Status.ERROR not in after.values()


@pytest.mark.parametrize("case", NO_FAULTS, ids=lambda case: case["id"])
def test_what_is_no_fault_stays_quiet(case: dict[str, Any]) -> None:
    collection = of_case(case)
    for gate in case["gates"]:
        after = answers(collection, gate)
        assert {rule for rule, answer in after.items() if answer in BAD} == set()
        assert {
            rule: answer for rule, answer in after.items() if answers_of_sound("clean", gate)[rule] is not answer
        } == {}


def test_a_card_is_named_like_its_rule() -> None:
    assert [path.stem.upper() for path in FILES] == [card["rule"] for card in CARDS]


def test_every_fault_of_the_catalogue_has_one_case() -> None:
    faults = [case["fault"] for _, case in CASES if "fault" in case]
    assert len(faults) == len(set(faults)) == 114


NOT_THREE_KINDS = {
    "CLU001": "a node without captures is never wrong, only unknown",
    "CLU004": "340 registrations take more nodes than the clean migration has: tests/rules/test_reservations.py",
    "CLU008": "disks in use are not tested, so the clean migration proves nothing: tests/rules/test_cluster_disks.py",
    "GEO002": "advice: it only notes",
    "PTH012": "advice: it only notes",
    "SAN011": "advice: it only notes; tests/rules/test_san_zones.py",
    "PTH015": "a save that was not captured is never wrong, only unknown",
}
"""Rules whose card lacks a kind of answer, and why."""


def test_every_rule_has_a_card_with_a_pass_a_wrong_answer_and_an_inconclusive_one() -> None:
    kinds = {card["rule"]: {case["status"] for case in card["case"]} for card in CARDS}
    assert set(kinds) == set(catalogue())
    for rule, answered in kinds.items():
        assert "inconclusive" in answered, rule
        if rule not in NOT_THREE_KINDS:
            assert "pass" in answered and answered & {"fail", "warn"}, rule
