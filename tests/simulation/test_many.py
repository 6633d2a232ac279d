"""Random migrations by the thousand, with a fault each: no false GO, no false alarm.

A fault changes few outputs. What cannot have changed is not asked again (`tests.again`); some migrations of each shape are asked whole, to
hold that shortcut against the long way. Three shapes of four are read as where pyarrow is not installed: both must answer alike.
"""

import os
import random
from collections.abc import Iterator

import pandas as pd
import pytest

from flmparse.errors import UsageError
from flmparse.findings import Severity, Status
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from flmparse.simulation import Fault, Shape, simulate
from flmparse.simulation import catalogue as faults
from tests.again import Asked
from tests.simulation import building
from tests.simulation.building import BAD, answers, collection_of, shape_of, until

MIGRATIONS = int(os.environ.get("FLMPARSE_MIGRATIONS", "100"))
"""How many are tried; CI tries two thousand (.ci/run)."""

OF_A_SHAPE = 50
HELD_AGAINST_THE_LONG_WAY = 25
"""Of so many faults in a shape one is asked again without the shortcut."""


@pytest.fixture
def without_arrow(number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read three shapes of four as if pyarrow were not installed; pandas then keeps text as Python's, which few rows make faster."""
    if number % 4 == 0:
        yield
        return
    monkeypatch.setattr("flmparse.columns.encoded.arrow", lambda: None)
    building.forget()
    with pd.option_context("mode.string_storage", "python"):
        yield
    building.forget()


def blocks_the_gate(fault: Fault) -> bool:
    return fault.status == "fail" and catalogue()[fault.rules[0]].severity is Severity.BLOCKER


def tried(shape: Shape, fault: Fault, clean: Asked, *, whole: bool) -> bool:
    """Hold the answers to a fault against what it promises; whether the shape can have the fault."""
    try:
        collection = collection_of(simulate(shape, [fault.id], until(fault.gate)))
    except UsageError:
        return False
    first = fault.rules[0]
    if clean.answers(fault.gate)[first] is Status.NOT_APPLICABLE:
        return False
    again = clean.again(collection, [(rule, fault.gate) for rule in clean.answers(fault.gate)])
    found = {rule: status for (rule, _), status in again.items()}
    assert found[first] == fault.status, (shape, fault.id, found[first])
    assert not blocks_the_gate(fault) or Status.FAIL in found.values()
    wrong = {rule for rule, status in found.items() if status in BAD}
    assert wrong <= {*fault.rules, *fault.also}, (shape, fault.id, wrong)
    if whole:
        assert answers(collection, fault.gate) == found, (shape, fault.id)
    return True


@pytest.mark.slow
@pytest.mark.parametrize("number", range(MIGRATIONS // OF_A_SHAPE))
def test_fifty_random_faults_in_a_random_migration(number: int, without_arrow: None) -> None:
    shape = shape_of(1000 + number)
    dice = random.Random(f"fifty {number}")
    done = 0
    # Gate by gate: a migration without a fault is read and asked once for each.
    for gate in dice.sample(list(Gate), len(Gate)):
        clean = Asked(collection_of(simulate(shape, gate=until(gate))))
        wrong = {rule: status for rule, status in clean.answers(gate).items() if status in BAD}
        assert wrong == {}, (shape, gate)
        left_open = [rule for rule, status in clean.answers(gate).items() if status is Status.INCONCLUSIVE]
        assert not any(catalogue()[rule].required_at(gate, "paper") for rule in left_open), (shape, gate, left_open)
        mine = [fault for fault in faults().values() if fault.gate is gate]
        for fault in dice.sample(mine, len(mine)):
            done += tried(
                shape, fault, clean, whole=done % HELD_AGAINST_THE_LONG_WAY == number % HELD_AGAINST_THE_LONG_WAY
            )
            if done == OF_A_SHAPE:
                return
    raise AssertionError(f"only {done} faults fit {shape}")
