"""Long tables are cut by words and whole lines; row by row, and without pyarrow, they give the same."""

from collections.abc import Iterator

import pandas as pd
import pytest

from flmparse.collection import parse_text
from flmparse.frames import vectors
from flmparse.screens import Reading, bulk, powermt_display, symrcopy_query

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
