"""Each value of a sound migration flipped to another legal one: some gate says so, or docs/values.md says why none does."""

import os
import random
from pathlib import Path

import pytest

from flmparse.collection import read
from flmparse.simulation import Shape, simulate
from tests.docs import UNTOLD
from tests.simulation.flips import Flips

SAMPLE = int(os.environ.get("FLMPARSE_FLIPS", "40"))
"""How many flips are tried; there are about 4,000 of different tokens."""


@pytest.fixture(scope="module")
def flips(tmp_path_factory: pytest.TempPathFactory) -> Flips:
    folder = tmp_path_factory.mktemp("sound")
    for name, text in simulate(Shape(pairs=2, nodes=2, seed=7, unrelated=False)).captures():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return Flips(read(Path(folder)))


@pytest.mark.slow
def test_a_flipped_value_is_told_or_listed(flips: Flips) -> None:
    places = flips.places()
    random.Random("flips").shuffle(places)
    tried, unheard = 0, []
    for place in places:
        for flip in flips.at(place):
            tried += 1
            if not flip.told_by and not {f"{table}.{column}" for table, column in flip.columns} & UNTOLD:
                unheard.append(flip)
        if tried >= SAMPLE:
            break
    assert tried >= SAMPLE
    assert unheard == []
