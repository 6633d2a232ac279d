"""Tables whose values are single words below a heading that names them: what a row means is known from its heading only."""

from collections.abc import Mapping
from typing import Any

from flmparse.reading.page import Page

NONE = ("-", "")


def headed_rows(page: Page, columns: Mapping[str, str], *, open_end: bool = False) -> list[dict[str, Any]]:
    """Return the rows (terminal TABLE) below each heading (terminal HEADING), by the names that ``columns`` gives the heading's words.

    A value ``-`` is null; with ``open_end`` the last column takes all that is left of its line. A row below a line that could be another heading,
    or with another number of words, is doubted and left out.
    """
    records: list[dict[str, Any]] = []
    heading: list[str] = []
    for token in page.all("HEADING", "TABLE"):
        line = page.line_of(token)
        if token.type == "HEADING":
            heading = token.split()
            continue
        if page.unknown_above(token):
            heading = []
        for number, text in enumerate(token.splitlines(), start=line):
            words = text.split(maxsplit=len(heading) - 1 if open_end and heading else -1)
            if len(words) != len(heading):
                what = f"{len(words)} words below {len(heading)} columns" if heading else "stands below no heading"
                page.doubt(number, what)
                continue
            named = zip(heading, words, strict=True)
            values = {columns[name]: None if word in NONE else word.strip() for name, word in named if name in columns}
            records.append(values | {"line": number})
    return records
