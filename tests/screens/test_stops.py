"""`flmparse parse --unknown`: the column at which reading a line stopped, and what the line reads as up to there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flmparse import screens
from flmparse.collection import from_bundle
from flmparse.reading.diagnose import stop
from flmparse.render.captures import unknown_report
from flmparse.text import transcript
from flmparse.text.capture import Bundle, from_bytes, from_text
from tests.screens.captures import FIXTURES


def stops_of(path: Path) -> list[tuple[int, int, str]]:
    told = []
    for block in transcript.split(from_bytes(path.name, path.read_bytes())):
        reading = screens.read(block)
        for part in reading.unknown:
            found = screens.stop(block, reading, part)[1]
            told.append((part.first_line, found.column, found.sentence))
    return told


@pytest.mark.parametrize(
    "case, expected",
    [
        ("symdev_list/bad-row-broken", [(12, 41, "reads as table up to here, after sa port '14C:0'")]),
        ("powermt_display/bad-row-without-errors", [(12, 76, "reads as table up to here, after state 'alive'")]),
        ("symrcopy_query/bad-row-damaged", [(11, 26, "reads as table up to here, after control device '0A11'")]),
        ("symdev_show/bad-mode-damaged", [(8, 35, "reads as access up to here")]),
        ("symcfg_list/bad-xml-junk", [(1, 1, "nothing that stands here begins so"),
                                      (4, 3, "nothing that stands here begins so")]),
    ],
)  # fmt: skip
def test_the_column_is_the_first_character_that_does_not_fit(case: str, expected: list[tuple[int, int, str]]) -> None:
    assert stops_of(FIXTURES / f"{case}.txt") == expected


ROW = "0328 Not Visible            07E:0 NA:NA   TDEV          N/Grp'd      RW    8631"


STRICT = [
    place for field in ("0328", "07E:0", "8631") for place in range(ROW.index(field), ROW.index(field) + len(field))
]
"""Places in fields that take only certain characters (a configuration takes any)."""


@given(st.sampled_from(STRICT))
def test_a_foreign_character_in_a_row_is_where_reading_stops(place: int) -> None:
    grammar = screens.screen_named("symdev_list").grammar
    assert stop(grammar, ["TABLE"], f"{ROW[:place]}\x7f{ROW[place + 1 :]}\n").column == place + 1


def test_people_see_the_line_a_caret_and_a_summary() -> None:
    text = (FIXTURES / "symdev_list" / "bad-row-broken.txt").read_text()
    found = from_bundle(Bundle("x", (from_text("a\x1b.txt", text.replace("0721 ", "\t0721 ")),), None, ()))
    report = unknown_report(found)
    lines = report.splitlines()
    assert lines[0] == "a\\x1b.txt:12:42: symdev_list"
    row, caret = lines[1], lines[2]
    # The tab stands for blanks; the caret stands below the first character that does not fit.
    assert row.startswith("            0721 Not Visible") and row[caret.index("^") :].strip() == ""
    assert "1 line of 1 capture not understood, flmparse " in report
    assert f"  sha256 {found.captures[0].sha256}  a\\x1b.txt, 16 lines, utf-8" in lines


def test_a_line_without_end_costs_little() -> None:
    text = "Sym  Physical               SA :P DA :IT\n" + "0328 " * 200_000 + "\n"
    found = from_bundle(Bundle("x", (from_text("a.txt", text),), None, ()))
    assert len(unknown_report(found)) < 5_000
