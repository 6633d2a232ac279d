"""Long tables are cut by words and whole lines; row by row, and without pyarrow, they give the same."""

import random
import re
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import pandas as pd
import pytest

from benchmarks import captures
from flmparse.collection import from_bundle, parse_text
from flmparse.columns import arrays as columns
from flmparse.columns import encoded as vectors
from flmparse.reading import words as bulk
from flmparse.screens import Reading, read_as, screen_named
from flmparse.text.capture import Bundle, from_text
from flmparse.text.transcript import whole

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
    yield request.param


def row_by_row(text: str, monkeypatch: pytest.MonkeyPatch) -> Reading:
    with monkeypatch.context() as patch:
        patch.setattr(bulk.Words, "of", lambda rows, width: None)
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
    assert bulk.Words.of(b"a b\nc\n", 2) is None
    assert bulk.Words.of(b"a b c\nd\n", 2) is None, "as many words as two rows of two"
    assert bulk.Words.of(b"a b\n\nc d\n", 2) is None
    assert bulk.Words.of("\u00e9 b\n".encode(), 2) is None
    cut = bulk.Words.of(b" a  b\nc\td \n", 2)
    assert cut is not None
    assert [vectors.to_list(cut.text(word)) for word in (0, 1)] == [["a", "c"], ["b", "d"]]


def test_words_are_cut_by_what_they_hold(installed: str) -> None:
    cut = bulk.Words.of(
        b"7 CopyInProg 000187490076:0720\n12345 Copied 000187490076:00721\n7 CopyInProX 000187490076:0722\n", 3
    )
    assert cut is not None
    numbers = cut.whole(0)
    assert numbers is not None and numbers.tolist() == [7, 12345, 7]
    assert cut.whole(1) is None
    assert cut.coded(1).tolist() == ["CopyInProg", "Copied", "CopyInProX"]
    assert cut.coded(2, 0, 12).texts == ["000187490076"]
    assert vectors.to_list(cut.text(2, 13)) == ["0720", "00721", "0722"]
    assert vectors.to_list(cut.text(2, 0, 3)) == ["000"] * 3
    assert cut.all_in(2, "0123456789", 0, 12) and cut.all_in(2, "0127", 13)
    assert not cut.all_in(2, "0123456789", 0, 13) and not cut.all_in(2, "072", 13), "the second has a 1"
    assert not cut.all_in(0, "0123456789", 0, 2), "the first has one digit"
    assert bulk.two_words(cut.coded(1), cut.coded(0)).tolist() == ["CopyInProg 7", "Copied 12345", "CopyInProX 7"]


def test_words_longer_than_what_is_packed(installed: str) -> None:
    cut = bulk.Words.of(b"abcdefghijklmnopqrst 1\nabcdefghijklmnop 2\nabcdefghijklmnopqrst 3\n", 2)
    assert cut is not None
    assert cut.coded(0).tolist() == ["abcdefghijklmnopqrst", "abcdefghijklmnop", "abcdefghijklmnopqrst"]
    assert cut.coded(0).codes.tolist() == [0, 1, 0]


def test_long_tables_come_in_pieces_of_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PIECE_BYTES", 10)
    rows = b"".join(b"row %d\n" % number for number in range(30))
    cut = list(bulk.pieces(rows))
    assert b"".join(cut) == rows and all(piece.endswith(b"\n") for piece in cut)
    assert {len(piece) >= 10 for piece in cut[:-1]} == {True} and max(map(len, cut)) < 20
    assert list(bulk.pieces(b"")) == []


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


MUTATED = disks(450), query(720)


@pytest.mark.parametrize("text", MUTATED, ids=["powermt_display", "symrcopy_query"])
@pytest.mark.parametrize("number", range(60))
def test_columns_told_by_shape_are_those_told_row_by_row(text: str, number: int) -> None:
    dice = random.Random(number)
    place = dice.randrange(len(text))
    letter = dice.choice([*" \t\n#:(*).-=0123456789AFGXSDMNaefxz\u00e9", ""])
    damaged = text[:place] + letter + text[place + 1 :]
    block = whole(from_text("x", damaged))
    known = screen_named("powermt_display" if text is MUTATED[0] else "symrcopy_query")
    quickly = read_as(known, block)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("flmparse.reading.text"), "LONG", 1 << 60)
        slowly = read_as(known, block)
    assert (quickly.status, quickly.unknown, quickly.oddities, quickly.counts, quickly.whole) == (
        slowly.status, slowly.unknown, slowly.oddities, slowly.counts, slowly.whole,
    )  # fmt: skip
    for name, frame in slowly.frames.items():
        pd.testing.assert_frame_equal(quickly.frames[name], frame)


@pytest.mark.parametrize("text", MUTATED, ids=["powermt_display", "symrcopy_query"])
def test_long_outputs_are_read_by_shape(text: str) -> None:
    known = screen_named("powermt_display" if text is MUTATED[0] else "symrcopy_query")
    assert known.grammar.scan_even(text) is not None
    assert known.grammar.scan_even(text + "no such line\n") is None
    assert known.grammar.scan_even("") is not None
    assert screen_named("symdev_show").grammar.scan_even("") is None, "a grammar without such a rule"


needs_arrow = pytest.mark.skipif(not find_spec("pyarrow"), reason="pyarrow is not installed (extra arrow)")


@needs_arrow
@pytest.mark.parametrize(
    "pattern",
    ["[0-9A-F]{4}|[1-9A-F][0-9A-F]{4}", "[0-9]{2}[A-Z]:0", "[0-9a-f]{3}", "[a-c-]x|[0-9]y", r"\d{2}"],
)
def test_texts_of_one_length_match_as_each_alone_does(pattern: str) -> None:
    import pyarrow as pa

    texts = [
        "",
        *[
            "0328",
            "0F28",
            "032G",
            "10000",
            "01000",
            "ABCD",
            "04E:0",
            "04e:0",
            "0aé",
            "aé",
            "0af",
            "abc",
            "ax",
            "-x",
            "Ax",
            "1y",
            "12",
        ],
    ]
    compiled = re.compile(pattern)
    for first in texts:
        for second in texts:
            column = pa.array([first, second, first], pa.large_string())
            wanted = all(compiled.fullmatch(text) for text in (first, second))
            assert vectors.all_match(column, compiled) == wanted, (first, second)


KINDS = {
    "text": ["a", "", "bc"],
    "choice": ["b", "a", "b"],
    "whole": ["1", "22", "333"],
    "decimal": ["1.5", "22", "N/A"],
}


@needs_arrow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("more", [[], ["N/A"], ["-", "7"]])
def test_a_column_in_several_pieces_is_the_column_in_one(kind: vectors.Kind, more: list[str]) -> None:
    import pyarrow as pa

    values = [*KINDS[kind], *more]
    pieces = [pa.array(part, pa.large_string()) for part in (values[:2], values[2:])]
    whole_column = vectors.chunked(pieces)
    assert vectors.is_chunked(whole_column)
    make = columns.category if kind == "choice" else partial(columns.array_of, kind=kind)
    pd.testing.assert_extension_array_equal(make(whole_column), make(values))


@pytest.mark.parametrize("screen_name", sorted(captures.SCREENS))
def test_two_long_outputs_fill_one_table(screen_name: str) -> None:
    outputs = captures.data(screen_name, 0.3).decode()
    once = from_bundle(Bundle("x", (from_text("a.txt", outputs),), None, ()))
    twice = from_bundle(Bundle("x", tuple(from_text(f"{name}.txt", outputs) for name in "ab"), None, ()))
    table = captures.TABLES[screen_name]
    first, both = once.frames[table], twice.frames[table]
    pd.testing.assert_frame_equal(
        both.drop(columns=["capture", "block"]),
        pd.concat([first, first], ignore_index=True).drop(columns=["capture", "block"]),
        check_categorical=False,
    )
