"""Speed as ratios against a generous floor, and hostile input: time grows no faster than the text, and the place of an error stays exact.

Absolute times say nothing on a machine that does other things; processor time of runs beside each other does. What was
measured and how stands in docs/performance.md.
"""

import re
import statistics
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from flmparse import assets, screens
from flmparse.screens import Reading
from flmparse.text.capture import from_text
from flmparse.text.transcript import Block, whole
from tests.stopwatch import nothing_old_is_collected, seconds  # noqa: F401 (a fixture of this module)

COMMANDS = assets.folder("fixtures") / "commands"
MEGABYTES = 2.0

needs_peers = pytest.mark.skipif(
    not (find_spec("textfsm") and find_spec("ttp")), reason="textfsm and ttp are not installed (group bench)"
)
needs_arrow = pytest.mark.skipif(not find_spec("pyarrow"), reason="pyarrow is not installed (extra arrow)")


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
    ("powermt_display", "TextFSM", 5.0),
    ("powermt_display", "TTP", 4.0),
    ("powermt_display", "loop", 1.0),
    ("symrcopy_query", "TextFSM", 4.5),
]
"""About half of what is measured at this size with pyarrow; a reader that goes row by row falls far below."""


@needs_peers
@needs_arrow
@pytest.mark.parametrize(("screen", "peer", "floor"), FLOORS)
def test_reading_is_faster_than_what_people_use_instead(screen: str, peer: str, floor: float) -> None:
    assert times_as_fast(screen, peer) >= floor


# ------------------------------------------------------------------------------------------------- hostile input

TEXT_SCREENS = sorted(name for name, screen in screens.all_screens().items() if screen.text)

SIZE = 200_000
"""Characters of each hostile text; where reading it is slow, the half is read too."""

LONG_SIZE = 10_000_000
"""Characters for the outputs that are long in a real migration, in the slow test."""

MOST_GROWTH = 3.5
"""Twice the text may take this many times as long: 2 is linear, 4 quadratic."""

LEAST_SPEED = 1e6
"""Characters a second; what reads its text faster is fast enough at any growth."""


@cache
def sample(screen: str) -> str:
    """Return the longest good capture of a screen that people wrote as its fixture."""
    texts = [path.read_text("utf-8", "replace") for path in sorted((COMMANDS / screen).glob("*.txt"))]
    return max(texts, key=len).replace("\r\n", "\n")


def good_row(screen: str) -> str:
    """Return the longest line of the fixture that the grammar takes as a fact, by what it reads alone."""
    grammar = screens.screen_named(screen).grammar
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


FOREIGN_BLANK = " \u2003\n"
"""Ends a line with a blank that is neither one of a table nor a character: what was read up to there has to be given back."""


def kinds_of_lines(screen: str) -> list[str]:
    """Return a line of each kind in the fixture, told apart by how they begin."""
    lines = {line.split(":")[0][:12]: line for line in sample(screen).split("\n") if line.strip()}
    return list(lines.values())[:25]


def blanks_behind(screen: str, size: int) -> str:
    lines = kinds_of_lines(screen)
    return "".join(line + " " * (size // len(lines)) + FOREIGN_BLANK for line in lines)


def words_behind(screen: str, size: int) -> str:
    lines = kinds_of_lines(screen)
    return "".join(f"{line} {'b: ' * (size // len(lines) // 3)}{FOREIGN_BLANK}" for line in lines)


def row_behind_row(screen: str, size: int) -> str:
    return one_line(screen, size).rstrip() + FOREIGN_BLANK


def outputs_behind_outputs(screen: str, size: int) -> str:
    output = sample(screen).rstrip("\n") + "\n"
    return output * (size // len(output) + 1)


def good_and_bad_rows(screen: str, size: int) -> str:
    rows = f"{good_row(screen)}\n{spoilt(good_row(screen))}\n\n"
    return rows * (size // len(rows) + 1)


HOSTILE: dict[str, Callable[[str, int], str]] = {
    make.__name__: make
    for make in (
        one_line, blanks, nearly_rows, rows_with_a_bad_end, short_lines, same_words, blanks_behind, words_behind,
        row_behind_row, outputs_behind_outputs, good_and_bad_rows,
    )
}  # fmt: skip


def block_of(text: str) -> Block:
    return whole(from_text("hostile.txt", text))


def read(screen: str, text: str) -> Reading:
    return screens.read_as(screens.screen_named(screen), block_of(text))


def assert_linear(screen: str, name: str, size: int) -> None:
    """Read twice the size; where that is slow, compare with reading the size itself."""
    make = HOSTILE[name]
    assert seconds(lambda: read(screen, make(screen, 10_000)), collected=False) < 2, (
        f"{name}: 10,000 characters take seconds"
    )
    large = make(screen, 2 * size)
    taken = seconds(lambda: read(screen, large), collected=False)
    if taken < len(large) / LEAST_SPEED:
        return
    small = make(screen, size)
    growths: list[float] = []
    while len(growths) < 3 and (not growths or growths[-1] > MOST_GROWTH):
        growths.append(taken / max(seconds(lambda: read(screen, small)), 1e-4))
        taken = seconds(lambda: read(screen, large)) if growths[-1] > MOST_GROWTH else taken
    assert min(growths) <= MOST_GROWTH, f"{name}: twice the text takes {min(growths):.1f} times as long"


@pytest.mark.parametrize("screen", TEXT_SCREENS)
def test_time_grows_no_faster_than_the_text(screen: str) -> None:
    read(screen, sample(screen) + "\n")  # builds the grammar
    for name in HOSTILE:
        assert_linear(screen, name, SIZE // 2)


LONG_SCREENS = ("powermt_display", "symrcopy_query", "symaccess_show_view", "symdev_list", "symdev_show", "diskpart")


@pytest.mark.slow
@pytest.mark.parametrize("screen", LONG_SCREENS)
def test_time_grows_no_faster_than_ten_megabytes(screen: str) -> None:
    for name in ("one_line", "blanks", "nearly_rows"):
        assert_linear(screen, name, LONG_SIZE // 2)
    assert_linear(screen, "short_lines", 1_000_000)


STRICT: dict[str, str] = {
    "powermt_display": r"\d+$",
    "symaccess_show_view": r"\d\d[A-Z]:\d(?= )",
    "symcfg_list_fa": r"[0-9A-F]{16}",
    "symdev_list": r"(?:RW|WD|NR) +\d+$",
    "symdev_list_identity": r"\d{12} ",
    "symdev_show": r"(?<=Host Access Mode         : )(?:Active|Passive)",
    "symmaskdb_list_assignment": r"[0-9a-f]{16}",
    "symrcopy_query": r"^\d{12}:[0-9A-F]+ +\d+",
}
"""A piece of a row that takes certain characters only: a foreign one is where reading stops."""


@pytest.mark.parametrize("screen", STRICT)
def test_the_place_of_an_error_stays_exact_in_a_long_output(screen: str) -> None:
    from flmparse.simulation import bulk

    lines = bulk.output(screen, 600).rstrip("\n").split("\n")
    matches = [(number, match) for number, line in enumerate(lines) if (match := re.search(STRICT[screen], line))]
    number, match = matches[len(matches) * 2 // 3]
    good = lines[number]
    places = [place for place in range(match.start(), match.end()) if not good[place].isspace()]
    for place in places[:: max(1, len(places) // 8)]:
        damaged = [*lines[:number], f"{good[:place]}\u00a7{good[place + 1 :]}", *lines[number + 1 :]]
        text = "\n".join(damaged) + "\n"
        reading = read(screen, text)
        assert [(part.first_line, part.last_line) for part in reading.unknown] == [(number + 1, number + 1)]
        assert reading.counts.total == len(lines)
        line, stop = screens.stop(block_of(text), reading, reading.unknown[0])
        assert (line, stop.column) == (damaged[number], place + 1)
        assert stop.kinds or not good[:place].strip()


def test_the_benchmarks_are_not_in_the_wheel() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert not any(
        "benchmarks" in path for path in project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    )
