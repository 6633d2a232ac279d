"""Simulated migrations for tests: collections without a disk, answers by rule, random shapes by number.

Each test has its share of `SIMULATIONS`, so that one variable decides how much is tried: a few for every run, thousands where
there is time (FLMPARSE_SIMULATIONS=2000). The number of a migration is its whole cause: it draws shape and seed.
"""

import os
import random
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from flmparse import manifest as manifests
from flmparse.assessment import GateAssessment, assess
from flmparse.collection import Collection, Output, beside_each_other, read_capture
from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.simulation import SYSTEMS, Layout, Shape, Simulation, Style
from flmparse.simulation.files import MANIFEST
from flmparse.text.capture import from_bytes

SIMULATIONS = int(os.environ.get("FLMPARSE_SIMULATIONS", "3"))
"""How many random migrations each test tries."""

THOROUGH = SIMULATIONS >= 100
"""Whether there is time for every case rather than for a sample."""

BAD = (Status.WARN, Status.FAIL, Status.ERROR)


def shape_of(number: int) -> Shape:
    """Return the random shape of a number: small, since what differs by size has its own tests."""
    dice = random.Random(f"shape {number}")
    return Shape(
        pairs=dice.randrange(4, 9),
        nodes=dice.randrange(2, 4),
        hbas=dice.choice((2, 2, 3)),
        ports=dice.choice((2, 2, 3, 4)),
        seed=number,
        os=dice.choice(list(SYSTEMS)),
    )


def until(gate: Gate) -> Gate:
    """Return how far a migration goes that is judged at a gate: one further, since the next step tells how old things are."""
    return Gate(min(gate + 1, Gate.CLEANED))


def collection_of(simulation: Simulation, style: Style = "cmd", layout: Layout = "gates") -> Collection:
    """Return what is read from a simulation's captures."""
    return collection_from(simulation.captures(style, layout))


def collection_from(files: Iterable[tuple[str, str]]) -> Collection:
    """Return what is read from files; a file that was read before under the same manifest is not read again."""
    texts = dict(files)
    written = texts.pop(MANIFEST).encode()
    manifest = manifests.parse(written)
    blocks: list[Output] = []
    for name in sorted(texts):
        blocks += [
            replace(read, index=len(blocks) + place) for place, read in enumerate(_read(name, texts[name], written))
        ]
    captures = tuple(from_bytes(name, texts[name].encode()) for name in sorted(texts))
    return Collection("simulation", captures, manifest, beside_each_other(blocks, manifest), ())


@lru_cache(maxsize=256)
def _read(name: str, text: str, manifest: bytes) -> tuple[Output, ...]:
    return tuple(read_capture(from_bytes(name, text.encode()), manifests.parse(manifest), 0))


def forget() -> None:
    """Forget what was read: it may hold columns that another test keeps otherwise."""
    _read.cache_clear()


def judged(collection: Collection, gate: Gate) -> GateAssessment:
    """Return the assessment of one gate."""
    return assess(collection, gate, "paper").gates[0]


def answers(collection: Collection, gate: Gate) -> dict[str, Status]:
    """Return the status of every rule at a gate."""
    return {result.rule: result.status for result in judged(collection, gate).results}
