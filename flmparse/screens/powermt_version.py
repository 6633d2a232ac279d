"""``powermt version``: the release of PowerPath on a node.

EMC powermt for PowerPath (c) Version 5.5.1 (build 289)
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.powerpath import POWERPATH_VERSION


def _rows(page: Page) -> dict[str, Rows]:
    versions = [{**page.fields(token), "line": page.line_of(token)} for token in page.all("VERSION")]
    return {POWERPATH_VERSION.name: from_records(versions)}


SCREEN = Screen(
    name="powermt_version",
    tables=(POWERPATH_VERSION,),
    command=re.compile(r"powermt version\b"),
    opening=re.compile(r"^[ \t]*(?:Dell )?EMC powermt for PowerPath\b.* Version ", re.M),
    rows=_rows,
    promised=(("VERSION",),),
    end=lambda page: True if page.has("VERSION") else None,
)
