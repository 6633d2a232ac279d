"""What the screens of fibre channel switches share: which switch it is, and numbers announced and listed."""

from flmparse.reading.page import Page
from flmparse.reading.result import Rows

WWN = r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){7}"
"""A WWN as switches print it; whether it is one is decided by `terms.wwn`."""


def of_switch(page: Page, rows: Rows, switch: str | None = None) -> Rows:
    """Return rows with the switch that was asked: by its prompt, else the one that the output names."""
    rows = {"line": [], **rows}
    return {**rows, "switch": [page.block.switch or switch] * len(rows["line"])}


def check_total(page: Page, terminal: str, listed: int, what: str) -> None:
    """Doubt a total that is not the number of the rows above it."""
    for token in page.all(terminal)[-1:]:
        count = page.fields(token)["count"]
        if count is not None:
            page.check_count(page.line_of(token), int(count), listed, what)
