"""Every capture of fixtures/commands through what terminals, pagers and mail do to text: the same rows, or no proof."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from flmparse.screens import Reading
from flmparse.text.capture import from_bytes, from_text
from tests.screens.captures import FIXTURES, read

CASES = sorted(FIXTURES.glob("*/*.txt"))
GOOD = [path for path in CASES if not path.stem.startswith("bad-")]


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def rows_of(readings: list[Reading]) -> list[tuple[str, str]]:
    """The tables without their lines, which may move."""
    return [
        (name, frame.drop(columns="line").to_csv(index=False))
        for reading in readings
        for name, frame in reading.frames.items()
        if len(frame)
    ]


HARMLESS: dict[str, Callable[[str], str]] = {
    "no-break blanks": lambda text: text.replace(" ", "\u00a0"),
    "blanks at line ends": lambda text: text.replace("\n", "   \n"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "line ends of old": lambda text: text.replace("\n", "\r"),
    "no empty lines": lambda text: re.sub(r"\n\n+", "\n", text),
    "colours": lambda text: re.sub(r"(?m)^(?=[^\n])", "\x1b[0m\x1b[32m", text),
    "retyped": lambda text: re.sub(r"(?m)(?<=\w)$", "q\x08", text),
}
HARMFUL: dict[str, Callable[[str], str]] = {
    "blanks collapsed": lambda text: re.sub(r"(?<=\S) {2,}(?=\S)", " ", text),
    "tabs for blanks": lambda text: re.sub(r"(?<=\S) {2,}(?=\S)", "\t", text),
    "no indentation": lambda text: re.sub(r"(?m)^[ \t]+", "", text),
}
LESS_TOLD = {
    "diskpart-verbs-without-prompts",  # marks without a column tell nothing, the name keeps one blank
    "test_cluster-report",  # a sentence is kept with the blanks it has
}


@pytest.mark.parametrize("path", GOOD, ids=name_of)
def test_what_a_terminal_does_to_text_changes_no_row(path: Path) -> None:
    text = path.read_text("utf-8")
    whole = rows_of(read(from_bytes(path.name, path.read_bytes())))
    for what, change in HARMLESS.items():
        assert rows_of(read(from_text(path.name, change(text)))) == whole, what


@pytest.mark.parametrize("path", GOOD, ids=name_of)
def test_a_lost_layout_gives_the_same_rows_or_proves_nothing(path: Path) -> None:
    text = path.read_text("utf-8")
    whole = rows_of(read(from_bytes(path.name, path.read_bytes())))
    for what, change in HARMFUL.items():
        readings = read(from_text(path.name, change(text)))
        if rows_of(readings) != whole and name_of(path) not in LESS_TOLD:
            assert not all(reading.status.usable for reading in readings), what


@pytest.mark.parametrize("path", CASES, ids=name_of)
def test_cut_anywhere_or_without_a_line_nothing_is_lost(path: Path) -> None:
    text = path.read_text("utf-8")
    for place in range(0, len(text), max(7, len(text) // 5)):
        read(from_text("cut", text[:place]))
        read(from_text("begun late", text[place:]))
    lines = text.splitlines(keepends=True)
    for number in range(0, len(lines), max(1, len(lines) // 5)):
        read(from_text("short", "".join(lines[:number] + lines[number + 1 :])))
