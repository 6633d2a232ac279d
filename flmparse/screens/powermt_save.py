r"""``powermt save``: the paths of a node written down, so that removed ones do not come back as dead after a reboot.

    C:\> powermt save
    C:\> _

White paper page 20 (heading). Silent when it works: it counts as done only where nothing was printed and a prompt
follows.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, one_row
from flmparse.reading.screen import Screen
from flmparse.tables.operations import OPERATIONS


def silent_step(page: Page) -> dict[str, Rows]:
    """Return the operation of a powermt command that prints nothing when it works."""
    command = page.command
    if command is None:
        return {OPERATIONS.name: {"line": []}}
    done: bool | None = None
    if page.has("FAILURE"):
        done = False
    elif page.block.closed and not page.block.has_output and not command.piped_through:
        done = True
    line = page.block.prompt_lines[0] if page.block.prompt_lines else page.block.output_start
    return {OPERATIONS.name: one_row(line, operation=f"powermt {command.verb}", succeeded=done)}


SCREEN = Screen(
    name="powermt_save",
    tables=(OPERATIONS,),
    command=re.compile(r"powermt save\b"),
    opening=None,
    rows=silent_step,
    silent=True,
)
