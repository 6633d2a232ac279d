"""Long tables are cut by words and whole lines; row by row, and without pyarrow, they give the same."""

import re
from collections.abc import Iterator

import pandas as pd
import pytest

from flmparse.collection import parse_text
from flmparse.frames import vectors
from flmparse.screens import Reading, bulk, powermt_display, symrcopy_query
from flmparse.screens.screen import Page
from flmparse.simulation import bulk as simulated

DISK = """Pseudo name=harddisk{number}
Symmetrix ID=000187490076
Logical device ID={device:04X}
state=alive; policy=SymmOpt; priority=0; queued-IOs=0
==============================================================================
---------------- Host ---------------   - Stor -   -- I/O Path -  -- Stats ---
###  HW Path                I/O Paths    Interf.   Mode    State  Q-IOs Errors
==============================================================================
   2 port2\\path0\\tgt0\\lun{number:x}   c2t0d{number} FA 14cA active  alive      0      0
   3 port3\\path0\\tgt1\\lun{number:x}   c3t1d{number} FA  7eC active  alive      0      {number}

"""
PAIR = "000194900275:{target:04X}      {tracks} 000187490076:{source:04X}           SD ...XXM. {status:10} {done:>12}\n"
QUERY = """Device File Name      : win_flm

       Control Device                  Remote Device              Flags      Status     Done
---------------------------- -------------------------------- --------- ------------- ----
"""


def disks(count: int) -> str:
    return "".join(DISK.format(number=number, device=0x100 + number) for number in range(1, count + 1))


def query(count: int) -> str:
    rows = "".join(
        PAIR.format(target=0x328 + n, source=0x720 + n, tracks=60000 + n, status="Created", done="N/A")
        for n in range(count)
    )
    return f"{QUERY}{rows}\nTotal              ---------\n  Track(s)         1\n  MB(s)              1.0\n"


@pytest.fixture(params=["with pyarrow", "without pyarrow"])
def installed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "without pyarrow":
        monkeypatch.setattr(vectors, "arrow", lambda: None)
        monkeypatch.setattr(bulk, "arrow", lambda: None)
    yield request.param


def row_by_row(text: str, monkeypatch: pytest.MonkeyPatch) -> Reading:
    with monkeypatch.context() as patch:
        patch.setattr(powermt_display, "words", lambda rows, width: None)
        patch.setattr(symrcopy_query, "words", lambda rows, width: None)
        return parse_text(text)


@pytest.mark.parametrize("count", [1, 3, 700])
@pytest.mark.parametrize("text_of", [disks, query])
def test_words_and_rows_give_the_same(installed: str, text_of, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of(count)
    by_words, by_rows = parse_text(text), row_by_row(text, monkeypatch)
    assert by_words.status == by_rows.status
    assert by_words.counts == by_rows.counts
    assert by_words.rows > count
    for name, frame in by_rows.frames.items():
        pd.testing.assert_frame_equal(by_words.frames[name], frame)


LONG_TABLES = (
    "symaccess_show_view", "symmaskdb_list_assignment", "symdev_list_identity", "symdev_list", "symcfg_list_fa",
)  # fmt: skip
UNCOMMON = {
    "none": lambda text: text,
    "a row that belongs to none": lambda text: re.sub(r"(?m)^(?:07|11)\w{2,3}  ?(?= )", "     ", text, count=1),
    "two arrays": lambda text: f"{text}\n{text.replace('Symmetrix ID', 'Symmetrix ID', 1).replace('0001', '0002')}",
    "a device name": lambda text: text.replace("Not Visible", "/dev/sdc   ", 3),
    "configurations of two words": lambda text: text.replace("TDEV    ", "RDF1+TDEV x", 3).replace("RDF1+TDEV x", "2-Way Mir"),
    "a foreign letter": lambda text: text.replace("Not Visible", "Not Visibl\u00e9", 1),
    "marks": lambda text: re.sub(r"(?m)(N/Grp'd)    (?= )", r"\1 (SV)", text, count=40),
    "capacities": lambda text: re.sub(r"(?m)(Not Visible +[0-9a-f]+)$", r"\1          77", text, count=9),
}  # fmt: skip


@pytest.mark.parametrize("change", UNCOMMON)
@pytest.mark.parametrize("screen", LONG_TABLES)
def test_long_tables_are_what_their_rows_are(
    installed: str, screen: str, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = UNCOMMON[change](simulated.output(screen, 540))
    by_words = parse_text(text)
    with monkeypatch.context() as patch:
        patch.setattr(bulk, "_fits", lambda columns, layout: False)
        by_rows = parse_text(text)
    assert (by_words.status, by_words.counts, by_words.unknown, by_words.oddities) == (
        by_rows.status, by_rows.counts, by_rows.unknown, by_rows.oddities,
    )  # fmt: skip
    assert by_words.rows > 500
    for name, frame in by_rows.frames.items():
        pd.testing.assert_frame_equal(by_words.frames[name], frame)


def test_long_tables_are_cut_by_words(installed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("row by row")

    monkeypatch.setattr(Page, "rows", refuse)
    for screen in LONG_TABLES:
        assert parse_text(simulated.output(screen, 540)).rows > 500, screen


def test_values_come_from_above_within_their_run(installed: str) -> None:
    import numpy as np

    column = (vectors.arrow() and vectors.arrow().array(["", "a", "", "", "b", ""])) or ["", "a", "", "", "b", ""]
    assert vectors.listed(bulk.from_above(column)) == [None, "a", "a", "a", "b", "b"]
    assert vectors.listed(bulk.from_above(column, np.array([0, 0, 0, 1, 1, 2]))) == [None, "a", "a", None, "b", None]


def test_each_path_has_its_device_and_line(installed: str) -> None:
    reading = parse_text(disks(700))
    paths, devices = reading.frames["paths"], reading.frames["powerpath_devices"]
    last = paths.iloc[-1]
    assert (len(devices), len(paths), reading.counts.unknown) == (700, 1400, 0)
    assert (last["device"], last["pseudo"], last["io_path"], last["port"], last["errors"]) == (
        "03BC",
        "harddisk700",
        "c3t1d700",
        "07E:2",
        700,
    )
    assert last["line"] == 700 * 11 - 1
    assert devices["line"].tolist() == list(range(1, 700 * 11, 11))
    assert (reading.counts.fact, reading.counts.noise) == (6 * 700, 5 * 700)


@pytest.mark.parametrize("status", ["Failed (*)", "Failed(*)  "])
def test_an_uncommon_row_is_cut_by_its_expression(installed: str, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = query(600).replace("Created   ", status, 1)
    reading = parse_text(text)
    assert reading.frames["session_pairs"]["can_reactivate"].tolist() == [True, *[False] * 599]
    pd.testing.assert_frame_equal(
        reading.frames["session_pairs"], row_by_row(text, monkeypatch).frames["session_pairs"]
    )


def test_rows_of_uneven_words_are_not_cut(installed: str) -> None:
    assert bulk.words(b"a b\nc\n", 2) is None
    assert [vectors.listed(column) for column in bulk.words(b" a  b\nc\td \n", 2) or []] == [["a", "c"], ["b", "d"]]


def test_lines_are_told_apart_by_their_first_character() -> None:
    lines = bulk.Lines("one\n  2\n\n \t\n3\n")
    digits = lines.begin_with("0123456789")
    assert digits.tolist() == [False, True, False, False, True]
    assert lines.begin_with("\n").tolist() == [False, False, True, True, False]
    assert lines.cut(digits) == b"  2\n3\n"
    assert [part.tolist() for part in lines.runs(digits)] == [[1, 4], [2, 5]]


def test_a_column_is_spelt_only_where_it_is_not_yet(installed: str) -> None:
    from flmparse.terms import device

    assert vectors.all_match(["0328", "10000", "ABCD"], device.as_it_is)
    for wrong in ("328", "00328", "abcd", "0328\n", "", None):
        assert not vectors.all_match(["0328", wrong], device.as_it_is)
