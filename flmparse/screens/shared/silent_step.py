"""A command that prints nothing when it works: it is done only where nothing was printed and a prompt follows."""

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, one_row
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
