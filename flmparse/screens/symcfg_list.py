"""``symcfg list`` and ``symcfg list -v``: the arrays, their models and microcode levels.

    000194900275 Local       VMAX-1SE  5876       28672         6      2908

White paper pages 5 and 6 ask for Enginuity 5876 on the target. ``-v`` prints a paragraph of keys for each array, beginning with its
``Symmetrix ID``; the keys read here are those that programs look for, the rest of the paragraph is LAYOUT UNPROVEN and left unread.
A masked serial number (000xxxxxx275) is kept as printed: it never equals an array's.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard
from flmparse.screens.shared.array_xml import ARRAY_ELEMENTS, rows_of_xml
from flmparse.tables.arrays import ARRAYS
from flmparse.tables.environment import SOLUTIONS_ENABLER

_KEYS = ("MODEL", "MICROCODE", "PATCH_LEVEL", "BUILD", "CACHE", "SYMCLI")


def _rows(page: Page) -> dict[str, Rows]:
    arrays: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    paragraph: dict[str, Any] = {}
    for token in page.facts:
        line = page.line_of(token)
        if token.type == "TABLE":
            arrays += to_records(page.rows(token, "ROW"))
        elif token.type == "ARRAY":
            fields = page.fields(token)
            if paragraph and fields["symmetrix"] == paragraph["symmetrix"] and fields["attachment"] is None:
                continue  # the paragraph repeats its array as a key
            paragraph = {**fields, "line": line}
        elif token.type in _KEYS:
            fields = page.fields(token)
            if token.type == "SYMCLI":
                versions.append({**fields, "line": line})
            elif not paragraph:
                page.doubt(line, "stands above the Symmetrix ID of its array")
            else:
                _note(page, paragraph, fields, line)
                if paragraph not in arrays:
                    arrays.append(paragraph)
    # One version serves all paragraphs of a listing.
    distinct = {(version["version"], version["edit_level"]): version for version in reversed(versions)}
    return {ARRAYS.name: from_records(arrays), SOLUTIONS_ENABLER.name: from_records(list(reversed(distinct.values())))}


def _note(page: Page, paragraph: dict[str, Any], fields: dict[str, str | None], line: int) -> None:
    for name, value in fields.items():
        if paragraph.setdefault(name, value) != value:
            page.doubt(line, f"a second {name.replace('_', ' ')} for array {paragraph['symmetrix']}: {value}")
    level, build = paragraph.get("microcode"), paragraph.get("microcode_version")
    if level and build and not build.startswith(level):
        page.doubt(line, f"microcode {level} and Enginuity build {build} of array {paragraph['symmetrix']} disagree")


SCREEN = Screen(
    name="symcfg_list",
    tables=(ARRAYS, SOLUTIONS_ENABLER),
    command=re.compile(r"symcfg list(?: -(?:sid|v|i|c|local|remote|offline|output))*\Z"),
    opening=re.compile(
        r"^[ \t]*SymmID[ \t]+Attachment[ \t]+Model\b|^[ \t]*Microcode Version \(Number\)[ \t]*:"
        r"|^[ \t]*[0-9xX]{12}[ \t]+(?:Local|Remote)[ \t]+\S+[ \t]+\d{4}[ \t]+\d+[ \t]+\d+[ \t]+\d+[ \t]*$",
        re.M,
    ),
    rows=_rows,
    promised=(("_HEADING", "ARRAY"),),
    none="NO_ARRAYS",
    xml=XmlCard(
        tables=(ARRAYS, SOLUTIONS_ENABLER),
        shows=lambda document: (
            any(
                map(
                    document.shows,
                    ("Symmetrix/Symm_Info/model", "Symmetrix/Symm_Info/attachment", "Symmetrix/Microcode"),
                )
            )
            and not document.shows("Symmetrix/Director")
        ),
        rows=rows_of_xml,
        known=ARRAY_ELEMENTS,
    ),
)
