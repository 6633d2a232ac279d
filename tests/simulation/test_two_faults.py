"""Two-fault law: whatever two things go wrong, no gate at or after the first of them is GO.

A later step mends a fault where the procedure goes on from new evidence; the faults of which that is so are named here.
"""

import os
import random

import pytest

from flmparse.assessment import assess
from flmparse.collection import Collection, from_bundle
from flmparse.errors import UsageError
from flmparse.findings import Severity, Verdict
from flmparse.procedure import Gate
from flmparse.rules import catalogue as rules
from flmparse.simulation import Fault, Simulation, catalogue, simulate
from flmparse.simulation.files import MANIFEST
from flmparse.text.capture import Bundle, from_bytes
from tests.simulation.building import shape_of

PAIRS_OF_FAULTS = int(os.environ.get("FLMPARSE_TWO_FAULTS", "8"))
"""How many random migrations are tried; 2000 is all of it."""

GO = (Verdict.GO, Verdict.GO_WITH_WARNINGS)

BLOCKERS = [
    fault
    for fault in catalogue().values()
    if fault.status == "fail" and rules()[fault.rules[0]].severity is Severity.BLOCKER
]


def collection_of(simulation: Simulation) -> Collection:
    """Return what is read from a simulation's files, all of them beside each other."""
    texts = dict(simulation.captures())
    manifest = texts.pop(MANIFEST).encode()
    captures = tuple(from_bytes(name, text.encode()) for name, text in sorted(texts.items()))
    return from_bundle(Bundle("simulation", captures, manifest, ()), jobs=1)


LAST_HARM = {"CAP005": Gate.COPYING}
"""Rules whose fail a later capture takes back although they are not asked there: once all is copied the pool had room."""


def holds_until(fault: Fault) -> Gate:
    """Return the last gate that a fault holds back: its harm is past from ``harm_ends`` of its rule on."""
    if fault.rules[0] in LAST_HARM:
        return LAST_HARM[fault.rules[0]]
    ends = rules()[fault.rules[0]].harm_ends
    return Gate(max(fault.gate, ends - 1)) if ends is not None else Gate.CLEANED


def mended(fault: Fault, gate: Gate, passing: set[tuple[Gate, str]]) -> bool:
    """Whether the rule that answers a fault passes at a gate after it: what was captured since shows that it is gone."""
    return any((at, fault.rules[0]) in passing for at in Gate if fault.gate < at <= gate)


@pytest.mark.parametrize("number", range(PAIRS_OF_FAULTS))
def test_no_gate_from_the_first_of_two_faults_on_is_go(number: int) -> None:
    dice = random.Random(f"two faults {number}")
    shape = shape_of(number)
    for _ in range(9):
        first, second = sorted(dice.sample(BLOCKERS, 2), key=lambda fault: fault.gate)
        try:
            simulation = simulate(shape, [first.id, second.id])
            break
        except UsageError:
            continue  # the shape cannot have both
    else:
        pytest.skip("no two faults fit")
    assessment = assess(collection_of(simulation))
    not_asked = {(result.gate, result.rule) for result in assessment.results if result.status == "not_applicable"}
    passing = {(result.gate, result.rule) for result in assessment.results if result.status == "pass"}
    for gate in assessment.gates:
        at_work = [
            fault
            for fault in (first, second)
            if fault.gate <= gate.gate <= holds_until(fault)
            and not mended(fault, gate.gate, passing)
            and (fault.gate, fault.rules[0]) not in not_asked  # of another system
        ]
        if at_work:
            assert gate.verdict not in GO, (shape, [fault.id for fault in at_work], gate.gate.word)
