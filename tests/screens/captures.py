"""Outputs for tests of screens: our own captures, edits of them, and the real ones where they are at hand."""

from pathlib import Path

import pandas as pd
import pytest

from flmparse import assets, screens
from flmparse.screens import Reading
from flmparse.text import transcript
from flmparse.text.capture import Capture, from_bytes, from_text

FIXTURES = assets.folder("fixtures") / "commands"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def read(capture: Capture) -> list[Reading]:
    """Read every block of a capture; no line is lost, and none is counted twice."""
    blocks = [(block, screens.read(block)) for block in transcript.split(capture)]
    for block, reading in blocks:
        counts = reading.counts
        assert counts.total == block.line_end - block.line_start + 1, "lines are lost"
        assert min(counts.fact, counts.noise, counts.prompt, counts.unknown) >= 0
    assert sum(reading.counts.total for _, reading in blocks) == len(capture.lines)
    return [reading for _, reading in blocks]


def of_text(text: str) -> Reading:
    """Read text that holds one output."""
    found = [reading for reading in read(from_text("text", text)) if reading.screen is not None]
    assert len(found) == 1
    return found[0]


def fixture_text(screen: str, case: str) -> str:
    return (FIXTURES / screen / f"{case}.txt").read_text("utf-8")


def fixture(screen: str, case: str) -> Reading:
    """Read one of our own captures."""
    reading = of_text(fixture_text(screen, case))
    assert reading.screen == screen
    return reading


def edited(screen: str, case: str, old: str, new: str) -> Reading:
    """Read one of our own captures with a piece of it replaced."""
    text = fixture_text(screen, case)
    assert old in text, "the edit changes nothing"
    return of_text(text.replace(old, new, 1))


def from_corpus(name: str) -> Reading:
    """Read a real capture; a capture of several commands gives its last output."""
    path = CORPUS / f"{name}.txt"
    if not path.exists():
        pytest.skip("the real captures are not beside the project")
    return read(from_bytes(path.name, path.read_bytes()))[-1]


def values(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Rows as tuples, null as None."""
    plain = frame[list(columns)].astype("object")
    return [tuple(row) for row in plain.where(plain.notna(), None).itertuples(index=False)]
