r"""Plain ``powermt display``: the adapters of a node, with sums over their paths.

       5 port5\path0                   optimal       8      0       -     0      0

``powermt display dev=all`` is another screen, ``powermt_display``. The screen has no end.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.powerpath import HBAS, POWERPATH_CLASSES


def _rows(page: Page) -> dict[str, Rows]:
    classes = [{**page.fields(token), "line": page.line_of(token)} for token in page.all("CLASS")]
    return {HBAS.name: page.table("TABLE", "ADAPTER"), POWERPATH_CLASSES.name: from_records(classes)}


SCREEN = Screen(
    name="powermt_display_hba",
    tables=(HBAS, POWERPATH_CLASSES),
    command=re.compile(r"powermt (?:display|watch)(?: (?:every|class)=\S+)*\Z"),
    opening=re.compile(r"^[ \t]*-+ Host Bus Adapters -+[ \t]+-+ I/O Paths|^[ \t]*###[ \t]+HW Path[ \t]+Summary", re.M),
    rows=_rows,
    promised=(("CLASS",), ("TABLE",)),
)
