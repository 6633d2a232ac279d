"""The rules answer alike whether rows count as few or as many, and whatever was looked at before them."""

from unittest.mock import patch

import pytest

import flmparse
from flmparse import assets
from flmparse.assessment import assess
from flmparse.collection import Collection
from flmparse.findings import Result, Status
from flmparse.simulation import catalogue, simulate
from tests.simulation.building import collection_of, shape_of, until


def faulty(fault: str) -> Collection:
    return collection_of(simulate(shape_of(7), [fault], until(catalogue()[fault].gate)))


def results(collection: Collection, gate: str, *, few: int, light: int, looked_at: bool) -> list[Result]:
    if looked_at:
        assert len([collection.frames[name] for name in collection.frames]) > 30
    with patch("flmparse.columns.selection.FEW", few), patch("flmparse.columns.selection.LIGHT", light):
        return assess(collection, gate).results


@pytest.mark.parametrize("case", ["white paper", "F059", "F103"])
def test_answers_do_not_depend_on_the_way_rows_are_compared(case: str) -> None:
    def read() -> Collection:
        return flmparse.read(assets.folder("fixtures") / "migrations" / "whitepaper") if gate == "all" else faulty(case)

    gate = "all" if case == "white paper" else catalogue()[case].gate.word
    usual = results(read(), gate, few=1000, light=50_000, looked_at=False)
    assert results(read(), gate, few=0, light=0, looked_at=False) == usual
    assert results(read(), gate, few=5, light=50_000, looked_at=True) == usual
    assert any(result.findings for result in usual) and any(result.status is Status.PASS for result in usual)
