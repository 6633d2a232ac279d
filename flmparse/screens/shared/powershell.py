"""PowerShell's tables and lists, as the Get- commands print them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flmparse.reading.page import Page

if TYPE_CHECKING:
    from lark import Token

CUT = "..."
"""What PowerShell puts in place of the rest of a value."""

KEEPS_ALL = re.compile(r"(?:\Z|(?:format-\w+|f[lt]|select(?:-object)?|out-host)\b)", re.I)
"""What may stand behind a pipe without hiding a row; ``> file`` and ``where`` may not."""

Record = dict[str, Any]

_LEAST_HEADING_LINES = 2
"""Names and dashes: so many unknown lines may be the heading of another table."""


class Heading:
    """The heading of a PowerShell table: where its columns are and what they are called (lower case, no blanks)."""

    def __init__(self, token: "Token") -> None:
        lines = str(token).rstrip("\n").split("\n")
        self.spans = [(match.start(), match.end()) for match in re.finditer("-+", lines[-1])]
        words = [self.cut(line) or [""] * len(self.spans) for line in lines[:-1]]
        self.names = ["".join("".join(parts).split()).lower() for parts in zip(*words, strict=True)]

    def cut(self, line: str) -> list[str] | None:
        """Return the cells of a row, or None where no blank stands between two of its columns."""
        line = line.rstrip()
        cells, start = [], 0
        for (_, end), (following, _) in zip(self.spans, self.spans[1:], strict=False):
            # Left-aligned values begin at their dashes; a longer right-aligned one begins before them.
            blank = line.rfind(" ", end, following) if following <= len(line) else following - 1
            if blank < 0:
                return None
            cells.append(line[start:blank].strip())
            start = blank + 1
        return [*cells, line[start:].strip()]


def records(page: Page, *rows: str) -> Iterator[Record]:
    """Yield rows of tables and lists: values by column name (lower case), ``line``, ``form`` (row terminal, or list).

    ``rows`` are the terminals of table rows. A property that comes a second time begins a new record of a list.
    """
    heading: Heading | None = None
    listed: Record = {}
    last = ""
    for token in page.scan.tokens:
        line = page.line_of(token)
        if page.unknown_above(token) >= _LEAST_HEADING_LINES:
            heading, last = None, ""
        if token.type == "PROPERTY":
            fields = page.fields(token)
            last = str(fields["property"]).lower()
            if last in listed:
                yield listed
                listed = {}
            listed.setdefault("line", line)
            listed |= {last: fields["value"] or None, "form": "list"}
        elif token.type == "CONTINUED":
            if last and isinstance(listed.get(last), str):
                listed[last] += str(page.fields(token)["rest"])
            else:
                page.doubt(line, "the rest of a value without its beginning")
        elif token.type == "HEAD":
            heading = Heading(token)
        elif token.type in rows:
            cells = heading.cut(token) if heading else None
            if heading is None or cells is None or len(heading.names) != len(cells):
                page.doubt(line, "a row that does not stand under the columns of its heading")
                continue
            named = {name: cell or None for name, cell in zip(heading.names, cells, strict=True)}
            yield {**named, "line": line, "form": token.type}
    if listed:
        yield listed


def first(record: Record, *names: str) -> Any:
    """Return the first of these values that the record has."""
    return next((record[name] for name in names if record.get(name) is not None), None)
