"""Random migrations by the thousand, with a fault each: no false GO, no false alarm.

Every gate is asked whole. Three shapes of four are read as where pyarrow is not installed: both must answer alike.
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
from tests.simulation import building
from tests.simulation.building import BAD, answers, collection_of, shape_of, until

MIGRATIONS = int(os.environ.get("FLMPARSE_MIGRATIONS", "100"))
"""How many are tried; CI tries more (.ci/run)."""

OF_A_SHAPE = 50


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


def tried(shape: Shape, fault: Fault, clean: dict[str, Status]) -> bool:
    """Hold the answers to a fault against what it promises; whether the shape can have the fault."""
    first = fault.rules[0]
    if clean[first] is Status.NOT_APPLICABLE:
        return False
    try:
        collection = collection_of(simulate(shape, [fault.id], until(fault.gate)))
    except UsageError:
        return False
    after = answers(collection, fault.gate)
    assert after[first] == fault.status, (shape, fault.id, after[first])
    assert not blocks_the_gate(fault) or Status.FAIL in after.values()
    wrong = {rule for rule, status in after.items() if status in BAD}
    assert wrong <= {*fault.rules, *fault.also}, (shape, fault.id, wrong)
    return True


@pytest.mark.slow
@pytest.mark.parametrize("number", range(MIGRATIONS // OF_A_SHAPE))
def test_fifty_random_faults_in_a_random_migration(number: int, without_arrow: None) -> None:
    shape = shape_of(1000 + number)
    dice = random.Random(f"fifty {number}")
    done = 0
    # Gate by gate: a migration without a fault is read and asked once for each.
    for gate in dice.sample(list(Gate), len(Gate)):
        clean = answers(collection_of(simulate(shape, gate=until(gate))), gate)
        assert {rule: status for rule, status in clean.items() if status in BAD} == {}, (shape, gate)
        left_open = [rule for rule, status in clean.items() if status is Status.INCONCLUSIVE]
        assert not any(catalogue()[rule].required_at(gate, "paper") for rule in left_open), (shape, gate, left_open)
        of_gate = [fault for fault in faults().values() if fault.gate is gate]
        for fault in dice.sample(of_gate, len(of_gate)):
            done += tried(shape, fault, clean)
            if done == OF_A_SHAPE:
                return
    raise AssertionError(f"only {done} faults fit {shape}")
