"""``powermt remove``: what PowerPath refused to remove.

    Cannot remove device that is in use: c5t4d1

White paper figure 19: after a migration the refused paths are exactly the target paths; the removed ones leave no line. Silence means
that nothing was refused.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, one_row
from flmparse.reading.screen import Screen
from flmparse.tables.operations import OPERATIONS
from flmparse.tables.powerpath import PATHS_IN_USE


def _rows(page: Page) -> dict[str, Rows]:
    refused = page.table("TABLE", "IN_USE")
    asked = page.command is not None and page.command.verb == "remove"
    line = page.block.echo_line or page.block.output_start
    done = one_row(line, operation="powermt remove", succeeded=True) if asked or page.has("TABLE") else {"line": []}
    return {PATHS_IN_USE.name: refused, OPERATIONS.name: done}


SCREEN = Screen(
    name="powermt_remove",
    tables=(PATHS_IN_USE, OPERATIONS),
    command=re.compile(r"powermt remove\b"),
    opening=re.compile(r"^[ \t]*Cannot remove device that is in use:", re.M),
    rows=_rows,
    silent=True,
)
