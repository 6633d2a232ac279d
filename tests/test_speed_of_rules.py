"""The rules on estates: time beside the merges that their question needs, and growth with the number of pairs, with and without faults.

Processor time of runs beside each other; what is measured at full size stands in docs/performance.md.
"""

from functools import cache
from unittest.mock import patch

import pytest

from benchmarks import estate
from benchmarks.rules import check, merges
from flmparse.assessment import ask_rules
from flmparse.collection import Collection
from flmparse.evidence.migration import Migration
from flmparse.findings import Status, Verdict
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from tests.stopwatch import nothing_old_is_collected, seconds  # noqa: F401 (a fixture of this module)

PRINTED_PAIRS = 16
"""Pairs of the migration that is printed and read; an estate repeats them."""

MOST_GROWTH = 3.0
"""Twice the pairs may take this many times as long: 2 is linear, 4 quadratic."""


@cache
def printed(*faults: str) -> Collection:
    return estate.simulated(PRINTED_PAIRS, faults=faults)


def growth(*faults: str) -> float:
    """Return how many times as long the rules take on twice the pairs, the better of two against what else the machine does."""
    small, large = (estate.repeated(printed(*faults), times) for times in (100, 200))
    check(small)
    return min(seconds(lambda: check(large)) / seconds(lambda: check(small)) for _ in range(2))


def test_an_estate_is_a_consistent_migration() -> None:
    found = estate.repeated(printed(), 10)
    pairs, paths = found.frames["pairs"], found.frames["paths"]
    assert len(pairs) == 160 and pairs["target_device"].is_unique and pairs["source_device"].is_unique
    assert (paths["gate"] == "ready").sum() == 160 * 4 * 8
    answer = check(found)
    assert answer.verdict is Verdict.GO, [result.message for result in answer.results if result.status != "pass"]
    assert all(len(joined) >= 160 for joined in merges(found))


@pytest.mark.slow
def test_rules_of_one_gate_keep_near_the_merges_they_need() -> None:
    found = estate.repeated(printed(), 320)

    def ask_ready() -> None:
        with patch("flmparse.columns.selection.LIGHT", 0):
            assert list(ask_rules(Migration(found), Gate.READY, "paper", catalogue().values()))

    ask_ready()
    ratios = [seconds(ask_ready) / seconds(lambda: merges(found)) for _ in range(3)]
    # 29 to 38 at this size; a loop over the paths in one rule adds 45. What else the machine does only ever adds.
    assert min(ratios) < 50, ratios


@pytest.mark.slow
def test_time_grows_as_the_pairs_do() -> None:
    assert growth() < MOST_GROWTH


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["F055", "F062"])
def test_time_grows_as_the_findings_do(fault: str) -> None:
    assert growth(fault) < MOST_GROWTH


def test_a_fault_of_an_estate_is_found_in_every_repetition() -> None:
    few, many = (check(estate.repeated(printed("F062"), times)) for times in (1, 20))
    found = {result.rule: len(result.findings) for result in many.results if result.status is Status.FAIL}
    once = {result.rule: len(result.findings) for result in few.results if result.status is Status.FAIL}
    assert found.keys() == once.keys() and once
    assert all(found[rule] == 20 * count for rule, count in once.items())
