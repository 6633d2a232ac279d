"""The clean migration of fixtures/: everything that a gate asks for is there and right, so every gate says GO."""

from functools import cache

import pytest

from flmparse.assessment import Assessment, assess
from flmparse.collection import Collection
from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.screens import Status as BlockStatus
from tests.editing import clean

WITHOUT_PROVEN_LAYOUT = {"CAP005", "CLU003", "CLU005", "CLU006", "CLU007", "CLU008", "ENV006", "REP003"}
"""Rules whose evidence has no proven layout, or cannot be had from a cluster that is online."""


@cache
def collection() -> Collection:
    return clean()


@cache
def assessment(profile: str) -> Assessment:
    return assess(collection(), "all", profile)


@pytest.mark.parametrize("gate", list(Gate), ids=lambda gate: gate.word)
def test_every_gate_says_go(gate: Gate) -> None:
    (item,) = [item for item in assessment("paper").gates if item.gate is gate]
    assert str(item.verdict) == "GO", [r.message for r in item.results if r.status is not Status.PASS]
    assert item.missing_captures == ()


@pytest.mark.parametrize("gate", list(Gate), ids=lambda gate: gate.word)
def test_strictly_only_unproven_layouts_are_undecided(gate: Gate) -> None:
    (item,) = [item for item in assessment("strict").gates if item.gate is gate]
    undecided = {result.rule for result in item.results if result.status is Status.INCONCLUSIVE and result.required}
    assert undecided <= WITHOUT_PROVEN_LAYOUT
    assert str(item.verdict) == ("INCONCLUSIVE" if undecided else "GO")


def test_no_rule_warns_fails_or_crashes() -> None:
    wrong = [r for r in assessment("strict").results if r.status in (Status.WARN, Status.FAIL, Status.ERROR)]
    assert [(r.rule, r.gate.word, r.message) for r in wrong] == []


def test_every_line_is_understood_and_every_block_is_whole() -> None:
    for read in collection().outputs:
        place = f"{read.capture.name}:{read.first_line}"
        assert read.reading.counts.unknown == 0, place
        assert read.status is not BlockStatus.PARTIAL and read.reading.whole, place
        assert read.reading.oddities == (), place
        assert read.node is not None or read.screen == "pair_file", place
        assert read.time is not None and read.gate is not None, place


def test_the_letters_luns_and_sizes_that_the_white_paper_lacks() -> None:
    frames = collection().frames
    assert set(frames["paths"]["interface"]) == {"FA 14cA", "FA 3cA", "FA 7eC", "FA 8eD"}
    assert set(frames["view_devices"]["host_lun"]) == {9, 10, 11, 31, 32}
    assert {wwpn for node in collection().manifest.nodes for wwpn in node.wwpns} == set(
        frames["view_initiators"]["wwn"]
    )
