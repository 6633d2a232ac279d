"""``hostname``: the name of the computer that a log was taken on.

    MSTPM3032

It names the node of what follows in the same log. Known by its command alone: a single word proves nothing of itself.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.windows import COMPUTERS


def _rows(page: Page) -> dict[str, Rows]:
    named = page.all("COMPUTER")
    for token in named[1:]:
        page.doubt(page.line_of(token), "a second name")
    return {COMPUTERS.name: from_records([{**page.fields(token), "line": page.line_of(token)} for token in named])}


SCREEN = Screen(
    name="hostname",
    tables=(COMPUTERS,),
    command=re.compile(r"hostname\Z"),
    opening=None,
    rows=_rows,
)
