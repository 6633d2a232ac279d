"""Single faults in the clean migration: each is found by its rules, and by no others; what is no fault stays quiet.

tests/faults.toml holds the faults of the rule catalogue, tests/no_faults.toml what looks like one and is none.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flmparse.assessment import assess
from flmparse.collection import Collection
from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from tests.again import Asked
from tests.editing import clean, of_case

HERE = Path(__file__).parent
FAULTS: list[dict[str, Any]] = tomllib.loads((HERE / "faults.toml").read_text("utf-8"))["fault"]
NO_FAULTS: list[dict[str, Any]] = tomllib.loads((HERE / "no_faults.toml").read_text("utf-8"))["case"]

HELD_AGAINST_THE_LONG_WAY = 10
"""Of so many faults one is asked again without the shortcut."""

BAD = (Status.WARN, Status.FAIL, Status.ERROR)
NEVER_WRONG = {
    "PTH012": "always a note",
    "GEO002": "advice: never more than a note",
    "CLU004": "needs the displays of 86 nodes; tests/rules/test_reservations.py builds them",
    "EVD007": "each capture names its node twice, by marker and file; tests/rules/test_evidence.py has its cases",
    "CLU008": "a report never proves more than it tested; tests/rules has its cases",
}
"""Rules that no single fault of a clean migration of two nodes turns wrong."""


@cache
def whole() -> Asked:
    return Asked(clean())


@cache
def before(gate: str) -> dict[str, Status]:
    return whole().answers(Gate.parse(gate))


def answers(collection: Collection, gate: str) -> dict[str, Status]:
    return {result.rule: result.status for result in assess(collection, gate, "paper").results}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["id"])
def test_a_fault_is_found_by_its_rules_and_no_others(fault: dict[str, Any]) -> None:
    named, gate = fault["rules"], fault["gate"]
    collection = of_case(fault)
    again = whole().again(collection, [(rule, Gate.parse(gate)) for rule in before(gate)])
    found = {rule: status for (rule, _), status in again.items()}
    if FAULTS.index(fault) % HELD_AGAINST_THE_LONG_WAY == 0:
        assert answers(collection, gate) == found
    assert before(gate)[named[0]] is Status.PASS
    assert found[named[0]] == fault["status"]
    expected = {*named, *fault.get("also", ())}
    others = {rule for rule, status in found.items() if status in BAD and before(gate)[rule] not in BAD} - expected
    assert others == set()
    assert Status.ERROR not in found.values()
    for rule in fault.get("also", ()):
        assert found[rule] in BAD, f"{rule} is said to follow and does not"


@pytest.mark.parametrize("case", NO_FAULTS, ids=lambda case: case["id"])
def test_what_is_no_fault_stays_quiet(case: dict[str, Any]) -> None:
    collection = of_case(case)
    for gate in case["gates"]:
        found = answers(collection, gate)
        assert {rule for rule, status in found.items() if status in BAD} == set()
        assert {rule: status for rule, status in found.items() if before(gate)[rule] is not status} == {}


def test_every_rule_has_a_fault_of_its_own() -> None:
    with_fault = {rule for fault in FAULTS for rule in fault["rules"][:1]}
    assert set(catalogue()) - with_fault == set(NEVER_WRONG) & set(catalogue())


def test_every_id_is_used_once() -> None:
    ids = [case["id"] for case in (*FAULTS, *NO_FAULTS)]
    assert len(set(ids)) == len(ids)
