"""A clean migration of any shape is GO at every gate, without a warning; how it is logged makes no difference."""

import os
import subprocess
import sys

import pytest

from flmparse.findings import Status, Verdict
from flmparse.procedure import Gate
from flmparse.screens import Status as BlockStatus
from flmparse.simulation import STYLES, Shape, simulate
from tests.simulation.building import BAD, SIMULATIONS, collection_of, judged, shape_of, until

NOT_BEFORE_R2 = {"CLU008"}
"""Test-Cluster is PowerShell, which clusters have from 2008 R2 on."""


def quiet(shape: Shape, gate: Gate, **how: str) -> None:
    collection = collection_of(simulate(shape, gate=until(gate)), **how)  # type: ignore[arg-type]
    item = judged(collection, gate)
    told = [f"{r.rule} {r.status}: {r.message}" for r in item.results if r.status is not Status.PASS]
    assert item.verdict is Verdict.GO, (shape, gate, told)
    undecided = set() if shape.os.endswith("R2") else NOT_BEFORE_R2
    assert {r.rule for r in item.results if r.status in (*BAD, Status.INCONCLUSIVE)} <= undecided, (shape, told)


@pytest.mark.parametrize("number", range(SIMULATIONS))
def test_random_migrations_are_go(number: int) -> None:
    quiet(shape_of(number), Gate(number % len(Gate)))


@pytest.mark.parametrize("gate", list(Gate), ids=lambda gate: gate.word)
def test_an_odd_shape_is_go_at_every_gate(gate: Gate) -> None:
    quiet(
        Shape(pairs=6, nodes=3, ports=4, seed=11, views=3, thick=0.5, metas=0.5, equal_sizes=0.5, digits=5,
              source_track_kb=32, unrelated=True, fabrics=2),
        gate,
    )  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("layout", ["gates", "hosts"])
def test_every_style_reads_whole(style: str, layout: str) -> None:
    shape = Shape(pairs=2, seed=3)
    collection = collection_of(simulate(shape), style, layout)  # type: ignore[arg-type]
    for read in collection.outputs:
        place = f"{read.capture.name}:{read.first_line}"
        assert read.reading.counts.unknown == 0, place
        assert read.status is not BlockStatus.PARTIAL and read.reading.whole and read.reading.oddities == (), place
        # `date /t` above the first command tells the day alone; it is an answer of no screen.
        assert read.gate is not None and (read.time is not None or read.screen is None), place
        assert read.node is not None or read.screen == "pair_file", place


@pytest.mark.parametrize(("style", "layout"), [("putty", "hosts"), ("script", "gates")])
def test_other_styles_are_go(style: str, layout: str) -> None:
    quiet(Shape(pairs=4, seed=3), Gate.COPYING, style=style, layout=layout)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    shape = Shape(pairs=4, seed=3)
    assert dict(simulate(shape).captures()) == dict(simulate(shape).captures())
    assert dict(simulate(shape).captures()) != dict(simulate(Shape(pairs=4, seed=4)).captures())


def test_the_bytes_do_not_hang_on_the_order_of_hashes() -> None:
    code = (
        "import hashlib; from flmparse.simulation import Shape, simulate;"
        "files = dict(simulate(Shape(pairs=5, nodes=3, seed=8), ['F124', 'F135', 'F092']).captures());"
        "print(hashlib.sha256(repr(files).encode()).hexdigest())"
    )
    sums = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        sums.add(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment).stdout)
    assert len(sums) == 1


def test_a_migration_that_stops_leaves_the_captures_of_its_gates() -> None:
    stopped = dict(simulate(Shape(pairs=4, seed=3), gate=Gate.READY).captures())
    whole = dict(simulate(Shape(pairs=4, seed=3)).captures())
    assert {name.split("/")[0] for name in stopped} == {
        "0-prepare",
        "1-created",
        "2-masked",
        "3-ready",
        "migration.toml",
    }
    assert all(whole[name] == text for name, text in stopped.items() if name != "migration.toml")


def test_every_file_says_that_it_is_made_up() -> None:
    assert "made up" in dict(simulate(Shape(pairs=2, seed=0)).captures())["migration.toml"]
