"""Each fault of the simulation is answered by its rule, at its gate, with its status, and no unrelated rule turns wrong."""

from functools import cache

import pytest

from flmparse.errors import UsageError
from flmparse.findings import Status
from flmparse.rules import catalogue as rules
from flmparse.simulation import Fault, Shape, catalogue, simulate
from tests.simulation import kill_matrix
from tests.simulation.building import BAD, SIMULATIONS, THOROUGH, answers, collection_of, shape_of, until

FAULTS = list(catalogue().values())
SAMPLE = FAULTS if THOROUGH else FAULTS[4::11]
"""A fault costs about a second; those of the catalogue are in fixtures/rules too, in captures written by hand."""

NEVER_WRONG = {
    "PTH012": "always a note",
    "GEO002": "advice: never more than a note",
    "EVD007": "each capture names its node twice, by marker and file",
}
"""Rules that no fault turns wrong."""

NOT_PRINTED = {"CLU010", "PTH019", "SAN007", "SAN008", "SAN009", "SAN010", "SAN011"}
"""Rules about what the simulation prints for no migration: switches, other multipath drivers, cluster logs. Their cards hold them."""


@cache
def written() -> dict[str, str]:
    return kill_matrix.rows_in(kill_matrix.DOCUMENT.read_text("utf-8"))


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: fault.id)
def test_the_matrix_is_what_happens(fault: Fault) -> None:
    assert kill_matrix.row(fault) == written()[fault.id], "run make kill-matrix and read what changed"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_the_matrix_is_what_the_fault_promises(fault: Fault) -> None:
    what, gate, answered, verdict = [cell.strip() for cell in written()[fault.id].split("|")[2:-1]]
    assert (what, gate) == (fault.title, fault.gate.word)
    first, *others = answered.split(" ")
    marks = {"fail": "", "warn": "!", "inconclusive": "?"}
    assert first == f"**{fault.rules[0]}**{marks[fault.status]}"
    assert {other.rstrip("!") for other in others} <= {*fault.rules, *fault.also}
    assert {other.rstrip("!") for other in others} >= fault.also, "a rule is said to follow and does not"
    rule = rules()[fault.rules[0]]
    blocked = fault.status == "fail" and str(rule.severity) == "blocker"
    left_open = fault.status == "inconclusive" and not rule.required_at(fault.gate, "paper")
    assert verdict != "GO" or left_open
    assert verdict == "NO-GO" or not blocked


def test_the_matrix_lists_every_fault_and_every_rule() -> None:
    text = kill_matrix.DOCUMENT.read_text("utf-8")
    assert list(kill_matrix.rows_in(text)) == [fault.id for fault in FAULTS]
    assert text.startswith(kill_matrix.HEAD) and text.endswith(kill_matrix.by_rule())


def test_every_rule_has_a_fault_of_its_own() -> None:
    assert set(rules()) - {fault.rules[0] for fault in FAULTS} == set(NEVER_WRONG) | NOT_PRINTED


@pytest.mark.parametrize("number", range(SIMULATIONS))
def test_a_random_fault_in_a_random_migration(number: int) -> None:
    fault = FAULTS[number * 37 % len(FAULTS)]
    shape = shape_of(number)
    try:
        simulation = simulate(shape, [fault.id], until(fault.gate))
    except UsageError as error:
        pytest.skip(str(error))
    clean = answers(collection_of(simulate(shape, gate=until(fault.gate))), fault.gate)
    found = answers(collection_of(simulation), fault.gate)
    if clean[fault.rules[0]] is Status.NOT_APPLICABLE:
        pytest.skip(f"{fault.rules[0]} does not apply to {shape.os}")
    assert clean[fault.rules[0]] is Status.PASS
    assert found[fault.rules[0]] == fault.status, (shape, fault.id)
    others = {rule for rule, status in found.items() if status in BAD} - {*fault.rules, *fault.also}
    assert others == set(), (shape, fault.id)


def test_faults_need_a_migration_that_can_have_them() -> None:
    with pytest.raises(UsageError, match="two nodes"):
        simulate(Shape(nodes=1), ["F061"])
    with pytest.raises(UsageError, match="no fault 'F999'"):
        simulate(Shape(), ["F999"])
    with pytest.raises(UsageError, match="F123 needs a thin target"):
        simulate(Shape(thick=1.0), ["F123"])
