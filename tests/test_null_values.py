"""A value that is not known is named or called unknown: no message shows how a program spells nothing."""

import re
from collections.abc import Callable

import pytest

from flmparse.assessment import assess
from flmparse.findings import Status
from flmparse.render import render_report
from flmparse.render.context import report_of
from flmparse.render.listings import sheets
from tests.editing import bundle_of, edited

NOTHING = re.compile(r"(?<![\w.-])(nan|NaN|None|NaT|<NA>)(?![\w.-])")

WWN = "wwn=60060160123456789012345678901234"


def _source(line: str, source: str) -> str:
    return f"{line.split()[0]} {source}"


EDITS: dict[str, Callable[[str], str]] = {
    "source by WWN": lambda line: _source(line, WWN),
    "source of another make": lambda line: _source(line, "clardev=APM00012345678:0012"),
    "masked target array": lambda line: re.sub(r"^(\S{12})\d{5}", r"\1xxxxx", line),
    "masked source array": lambda line: re.sub(r"( \S{12})\d{5}", r"\1xxxxx", line),
    "damaged target": lambda line: line.replace(":", ":?", 1),
}


@pytest.mark.parametrize("migration", ["whitepaper", "clean"])
@pytest.mark.parametrize("lines", ["first", "all"])
@pytest.mark.parametrize("edit", EDITS)
def test_no_message_shows_how_a_program_spells_nothing(migration: str, lines: str, edit: str) -> None:
    (pair_file,) = (capture.name for capture in bundle_of(migration).captures if capture.name.endswith("_flm.txt"))

    def changed(text: str) -> str:
        return re.sub(r"(?im)^symdev=.*$", lambda m: EDITS[edit](m[0]), text, count=1 if lines == "first" else 0)

    assessment = assess(edited(migration, {pair_file: changed}), "all")
    messages = [
        text
        for result in assessment.results
        for text in (result.message, result.note, *result.missing)
    ] + [f"{finding.subject}: {finding.message}" for finding in assessment.findings]  # fmt: skip
    assert [text for text in messages if NOTHING.search(text)] == []
    assert [result.message for result in assessment.results if result.status is Status.ERROR] == []
    report = report_of(assessment, "compliance")
    assert [line for line in str(render_report(report, "text")).split("\n") if NOTHING.search(line)] == []
    cells = [cell for sheet in sheets(report) for row in sheet.rows for cell in row if isinstance(cell, str)]
    assert [cell for cell in cells if NOTHING.search(cell)] == []
