"""Captured text that wants to be more than text stays text, in the bytes of every format."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl.utils.escape import unescape

import flmparse
from flmparse.render import render_report
from flmparse.render.formats import all_formats
from flmparse.render.junit import _legal
from flmparse.render.sarif import _plain
from flmparse.render.tables import Listing, as_csv, as_xlsx, neutral
from tests.formats.reports import EVERYTHING, HOSTILE, hostile_report

TEXT = [format.name for format in all_formats().values() if not format.binary]

ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"  # \n is the end of our own lines
)


@pytest.mark.parametrize("format", TEXT)
def test_no_character_acts_on_a_terminal_an_editor_or_a_page(format: str) -> None:
    shown = render_report(hostile_report(), format)
    assert isinstance(shown, str)
    found = ACTING.search(shown)
    assert found is None, shown[found.start() - 60 : found.end() + 20]
    assert shown.encode("utf-8")
    assert "owned" in shown and "gnp.exe" in shown  # what was captured is still there to be read


@pytest.mark.parametrize("format", ["json", "jsonl", "sarif"])
def test_json_is_ascii_and_closes_no_script_of_a_page(format: str) -> None:
    shown = str(render_report(hostile_report(), format))
    assert shown.isascii()
    if format == "json":
        lines = json.loads(shown)["gates"][0]["results"][0]["findings"]
        assert [finding["subject"] for finding in lines] == list(HOSTILE)  # nothing is lost or changed


@pytest.mark.parametrize("format", ["html", "junit"])
def test_markup_is_text(format: str) -> None:
    shown = str(render_report(hostile_report(), format))
    assert "<script>alert" not in shown and "&lt;script&gt;alert" in shown
    if format == "junit":
        root = ElementTree.fromstring(shown)
        tags = {element.tag for element in root.iter()}
        assert tags <= {
            "testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out"
        }  # fmt: skip
        assert '<script>alert("1")</script>' in "".join(root.itertext())


def test_csv_has_no_cell_that_a_spreadsheet_would_calculate() -> None:
    shown = str(render_report(hostile_report(), "csv"))
    cells = [cell for row in csv.reader(io.StringIO(shown, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.strip()[:1] in ("=", "+", "-", "@", "\uff1d")]
    for wanted in ("'=cmd|' /C calc'!A0", "'@SUM(1+1)", "'+1", "'-1", "'        =1+1", "' =1+1", "'\uff1d1+1"):
        assert wanted in cells, wanted


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "\u3000=1", "\uff1d1", "\uff20x"]
)
def test_text_that_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "0328 <- 0720", "a=1", "N/A", "07E:0"])
def test_other_text_is_left_alone(text: str) -> None:
    assert neutral(text) == text


def _inside(book: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_a_workbook_has_no_formula_no_link_and_nothing_outside_itself() -> None:
    written = render_report(hostile_report(), "xlsx")
    assert isinstance(written, bytes)
    for name, part in _inside(written).items():
        ElementTree.fromstring(part)
        assert "<f>" not in part and "<f " not in part and "<hyperlink" not in part and "ddeLink" not in part, name
        assert 'TargetMode="External"' not in part, name
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(written)) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "b"} and not any(
        cell.hyperlink for cell in cells
    )
    texts = {unescape(str(cell.value)) for cell in cells}  # openpyxl does that for shared texts only
    assert {"'=cmd|' /C calc'!A0", "'@SUM(1+1)", "'+1", "'-1", '<script>alert("1")</script>', "_x0041_"} <= texts
    assert not [text for text in texts if ACTING.search(text)]


def test_tables_of_parse_hold_any_character_in_a_workbook() -> None:
    table = Listing("t", ("text",), [(text,) for text in HOSTILE])
    (sheet,) = openpyxl.load_workbook(io.BytesIO(as_xlsx([table])))
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"} and len(cells) == len(HOSTILE)
    assert [str(cell.value) for cell in cells][13:15] == ["\\ud800 alone", "\\ufffe\\uffff"]
    assert len(list(csv.reader(io.StringIO(as_csv(table), newline="")))) == len(HOSTILE) + 1


def test_markdown_has_no_markup_of_captured_text() -> None:
    shown = str(render_report(hostile_report(), "md"))
    outside_code = re.sub(r"(`+)[^`].*?\1", "", re.sub(r"^ *```.*?^ *```$", "", shown, flags=re.S | re.M))
    assert not re.search(r"(?<!\\)<script", outside_code) and "\\<script" in outside_code


@pytest.mark.skipif(sys.platform == "win32", reason="a file name there is always text")
def test_a_file_name_that_is_no_text_is_read_and_written_in_every_format(tmp_path: Path) -> None:
    captures = tmp_path / "captures"
    captures.mkdir()
    (captures / "migration.toml").write_text("")
    name = b"=cmd \x1b[2J\xff\xe9.txt"
    (captures / os.fsdecode(name)).write_bytes(b"C:\\> powermt display dev=all\nno such output\n")
    wanted = [option for item in all_formats().values() for option in ("-f", f"{item.name}=out{item.suffix}")]
    done = subprocess.run(
        [sys.executable, "-m", "flmparse", "report", "compliance", "captures", *wanted],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(flmparse.__file__).parents[1]), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert b"\x1b" not in done.stderr
    for item in all_formats().values():
        assert (tmp_path / f"out{item.suffix}").stat().st_size > 500, item.name
    told = json.loads((tmp_path / "out.json").read_text())
    assert told["captures"][0]["name"] == "=cmd \x1b[2J\\udcff\\udce9.txt"  # bytes that are no text, written out
    sarif = json.loads((tmp_path / "out.sarif").read_text())
    assert "%1B%5B2J" in sarif["runs"][0]["artifacts"][0]["location"]["uri"]


ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Lone surrogates too: a file name may hold them."""


@given(ANY_TEXT)
def test_any_text_can_stand_in_xml_and_comes_out_as_it_is_shown(text: str) -> None:
    element = ElementTree.Element("testcase", name=_legal(text))
    element.text = _legal(text)
    read = etree.fromstring(ElementTree.tostring(element))
    assert read.get("name") == read.text or (not text and read.text is None)
    assert (read.text or "") == _legal(text)


@given(ANY_TEXT)
def test_no_text_is_a_formula(text: str) -> None:
    assert neutral(text).strip()[:1] not in ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    assert neutral(text).removeprefix("'") == text.removeprefix("'")


def test_every_hostile_text_is_there_to_be_tested() -> None:
    assert all(text in EVERYTHING for text in HOSTILE) and len(set(HOSTILE)) == len(HOSTILE)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[l](javascript:alert)", r"\[l\](javascript:alert)"),
        (r"\[l](x)", r"\\\[l\](x)"),
        ("{0} and C:\\x", "{{0}} and C:\\x"),
    ],
)
def test_a_message_of_sarif_holds_no_link_and_no_placeholder(text: str, written: str) -> None:
    assert _plain(text) == written


def test_no_message_of_sarif_can_be_a_link_or_a_placeholder() -> None:
    run = json.loads(str(render_report(hostile_report(), "sarif")))["runs"][0]
    messages = [item["message"]["text"] for item in run["results"]]
    messages += [item["message"]["text"] for item in run["invocations"][0]["toolExecutionNotifications"]]
    assert messages
    for message in messages:
        assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]]", message)
        assert not re.search(r"[{}]", message.replace("{{", "").replace("}}", ""))
