"""Speed as ratios against a generous floor, and hostile input: time grows no faster than the text, and the place of an error stays exact.

Absolute times say nothing on a machine that does other things; processor time of runs beside each other does. What was
measured and how stands in docs/performance.md.
"""

import gc
import statistics
import time
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from flmparse import assets, screens
from flmparse.capture import from_text
from flmparse.screens import Reading
from flmparse.transcript import Block, whole

COMMANDS = assets.folder("fixtures") / "commands"
MEGABYTES = 2.0

needs_peers = pytest.mark.skipif(
    not (find_spec("textfsm") and find_spec("ttp")), reason="textfsm and ttp are not installed (group bench)"
)
needs_arrow = pytest.mark.skipif(not find_spec("pyarrow"), reason="pyarrow is not installed (extra arrow)")


def seconds(call: Callable[[], object]) -> float:
    gc.collect()
    begin = time.process_time()
    call()
    return time.process_time() - begin


def times_as_fast(screen: str, peer: str, rounds: int = 3) -> float:
    from benchmarks import captures, peers

    data = captures.data(screen, MEGABYTES)
    reader = peers.PEERS[screen][peer]
    peers.flmparse(screen, data)  # builds the grammar
    return statistics.median(
        seconds(lambda: reader(data)) / seconds(lambda: peers.flmparse(screen, data)) for _ in range(rounds)
    )


@needs_peers
@pytest.mark.parametrize("screen", ["powermt_display", "symrcopy_query"])
def test_all_readers_return_the_same_rows(screen: str) -> None:
    from benchmarks import captures, peers

    assert peers.assert_same(screen, captures.data(screen, 0.1)) > 500


FLOORS = [
    ("powermt_display", "TextFSM", 2.5),
    ("powermt_display", "TTP", 1.6),
    ("powermt_display", "loop", 0.4),
    ("symrcopy_query", "TextFSM", 1.4),
]
"""About half of what is measured at this size with pyarrow; a reader that goes row by row falls far below."""


@needs_peers
@needs_arrow
@pytest.mark.parametrize(("screen", "peer", "floor"), FLOORS)
def test_reading_is_faster_than_what_people_use_instead(screen: str, peer: str, floor: float) -> None:
    assert times_as_fast(screen, peer) >= floor


# ------------------------------------------------------------------------------------------------- hostile input

TEXT_SCREENS = sorted(name for name, screen in screens.all_screens().items() if screen.text)

MOST_GROWTH = 3.5
"""Twice the text may take this many times as long: 2 is linear, 4 quadratic."""

MEASURABLE_SECONDS = 0.03
"""Shorter times are noise; what reads its text in less is fast enough at any growth."""


@cache
def sample(screen: str) -> str:
    """Return the longest good capture of a screen that people wrote as its fixture."""
    texts = [path.read_text("utf-8", "replace") for path in sorted((COMMANDS / screen).glob("*.txt"))]
    return max(texts, key=len).replace("\r\n", "\n")


def good_row(screen: str) -> str:
    """Return the longest line of the fixture that the grammar takes as a fact, by what it reads alone."""
    grammar = screens.screen(screen).grammar
    lines = [line for line in dict.fromkeys(sample(screen).split("\n")) if line.strip() and len(line) < 200]
    facts = [
        line for line in lines[:60] if any(not token.type.startswith("_") for token in grammar.scan(f"{line}\n").tokens)
    ]
    return max(facts or lines, key=len)


def spoilt(line: str) -> str:
    """Return a row of which only the last character is not what it should be."""
    return line.rstrip()[:-1] + "\u00a7"


def one_line(screen: str, size: int) -> str:
    row = " ".join(good_row(screen).split())
    return (f"{row} " * (size // (len(row) + 1) + 1))[:size] + "\n"


def blanks(_screen: str, size: int) -> str:
    return " " * (size // 2) + "\n" + "   \n\n" * (size // 10)


def nearly_rows(screen: str, size: int) -> str:
    row = spoilt(good_row(screen)) + "\n"
    return row * (size // len(row) + 1)


def rows_with_a_bad_end(screen: str, size: int) -> str:
    row = good_row(screen) + "\n"
    return row * (size // len(row) + 1) + spoilt(good_row(screen)) + "\n"


def short_lines(_screen: str, size: int) -> str:
    return "a\n" * (size // 2)


def same_words(_screen: str, size: int) -> str:
    return ("FA 5 0 - " * (size // 9 + 1))[:size] + "\n"


HOSTILE: dict[str, tuple[Callable[[str, int], str], int]] = {
    "one_line": (one_line, 12_000),
    "blanks": (blanks, 12_000),
    "nearly_rows": (nearly_rows, 5_000),
    "rows_with_a_bad_end": (rows_with_a_bad_end, 12_000),
    "short_lines": (short_lines, 5_000),
    "same_words": (same_words, 12_000),
}
"""What is made, and the characters of the smaller text."""


def block_of(text: str) -> Block:
    return whole(from_text("hostile.txt", text))


def read(screen: str, text: str) -> Reading:
    return screens.screen(screen).read(block_of(text))


@pytest.mark.parametrize("screen", TEXT_SCREENS)
def test_time_grows_no_faster_than_the_text(screen: str) -> None:
    read(screen, sample(screen) + "\n")  # builds the grammar
    for name, (make, size) in HOSTILE.items():
        large = make(screen, 2 * size)
        taken = seconds(lambda text=large: read(screen, text))
        assert taken < 5, f"{name}: {taken:.1f} s for {len(large):,} characters"
        if taken < MEASURABLE_SECONDS:
            continue
        small = make(screen, size)
        growth = min(
            seconds(lambda text=large: read(screen, text)) / max(seconds(lambda text=small: read(screen, text)), 1e-4)
            for _ in range(3)
        )
        assert growth <= MOST_GROWTH, f"{name}: twice the text takes {growth:.1f} times as long"


@pytest.mark.parametrize(
    "screen", ["powermt_display", "symrcopy_query", "symdev_list_identity", "symmaskdb_list_assignment"]
)
def test_the_place_of_an_error_stays_exact_in_a_long_output(screen: str) -> None:
    from flmparse.simulation import bulk

    lines = bulk.output(screen, 600).rstrip("\n").split("\n")
    rows = [place for place, line in enumerate(lines) if line[:1].isalnum() or "port" in line]
    place = rows[len(rows) * 2 // 3]
    while not lines[place][-1].isalnum() or len(lines[place].split()) < 4:
        place += 1
    good = lines[place]
    lines[place] = f"{good[:2]}\u00a7{good[3:]}"
    reading = read(screen, "\n".join(lines) + "\n")
    assert [(part.first_line, part.last_line) for part in reading.unknown] == [(place + 1, place + 1)]
    line, stop = screens.stop(block_of("\n".join(lines) + "\n"), reading, reading.unknown[0])
    assert line == lines[place]
    if (
        screen != "powermt_display"
    ):  # there any text may be the beginning of "... not found", and the column is further right
        assert stop.column <= 3
    assert reading.counts.total == len(lines)


def test_the_benchmarks_are_not_in_the_wheel() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert not any(
        "benchmarks" in path for path in project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    )
