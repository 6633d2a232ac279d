"""``wevtutil qe``, ``Get-WinEvent`` and ``Get-EventLog``: events of a Windows log.

    Event[0]:
      Source: Ntfs
      Event ID: 57

Layout unproven: read as Microsoft documents the three of them. A message runs over any lines, so lines below an event
count as its text; text above the first event is doubted. "No events were found" and a ``wevtutil qe`` that printed
nothing before the next prompt are listings without events.
"""

import re
from typing import TYPE_CHECKING, Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, one_row
from flmparse.reading.screen import Screen
from flmparse.screens.shared.powershell import KEEPS_ALL
from flmparse.tables.windows import CLUSTER_EVENTS, EVENT_LISTINGS

if TYPE_CHECKING:
    from lark import Token

_FIELDS = {
    "Log Name": "log",
    "Source": "source",
    "Date": "time",
    "Event ID": "event_id",
    "Level": "level",
    "Computer": "computer",
}
_PROPERTIES = {
    "TimeCreated": "time",
    "TimeGenerated": "time",
    "ProviderName": "source",
    "Source": "source",
    "Id": "event_id",
    "EventID": "event_id",
    "InstanceId": "event_id",
    "LevelDisplayName": "level",
    "EntryType": "level",
    "Message": "text",
    "MachineName": "computer",
    "LogName": "log",
}
_ROW_FIELDS = ("time", "level", "source", "event_id", "text")


class _Log:
    """The events of one page; lines below an event are its text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.events: list[dict[str, Any]] = []
        self.seen: set[str] = set()
        self.provider: str | None = None
        self.tabular = False

    def take(self, token: "Token") -> None:
        """Take one token."""
        kind, line = token.type, self.page.line_of(token)
        if kind == "EVENT":
            self._begin(line)
        elif kind == "PROVIDER":
            self.provider = self.page.fields(token)["source"]
        elif kind == "_HEADING":
            self.tabular = True
        elif kind in ("WIN_EVENT", "LOG_EVENT"):
            fields = self.page.fields(token)
            self._begin(line)
            self.tabular = True
            self.events[-1] |= {name: fields[name] for name in _ROW_FIELDS}
            self.events[-1]["source"] = fields["source"] or self.provider
        elif kind == "FIELD":
            fields = self.page.fields(token)
            self._tell(str(fields["field"]), _FIELDS, fields["value"], line)
        elif kind == "PROPERTY":
            fields = self.page.fields(token)
            if not self.events or fields["property"] in self.seen:
                self._begin(line)
            self._tell(str(fields["property"]), _PROPERTIES, fields["value"], line)
        elif kind == "_TEXT":
            if self.tabular or not self.events:
                self.page.doubt(line, "neither an event nor the text of one")
            elif not self.events[-1].get("text"):
                self.events[-1]["text"] = token.strip()

    def _begin(self, line: int) -> None:
        self.events.append({"line": line})
        self.seen = set()

    def _tell(self, name: str, columns: dict[str, str], value: str | None, line: int) -> None:
        if not self.events:
            self.page.doubt(line, "stands above the event it belongs to")
            return
        if name in self.seen:
            self.page.doubt(line, f"a second {name} for one event")
        self.seen.add(name)
        column = columns.get(name)
        if column:
            self.events[-1].setdefault(column, value or None)


def _rows(page: Page) -> dict[str, Rows]:
    log = _Log(page)
    for token in page.scan.tokens:
        log.take(token)
    for event in log.events:
        number = str(event.get("event_id") or "")
        # Get-EventLog prints the instance: the event's id is its lower 16 bits.
        event["event_id"] = int(number) & 0xFFFF if number.isdigit() else None
        if event["event_id"] is None:
            page.doubt(event["line"], "an event without its id")
    command = page.command
    unfiltered = command is not None and bool(KEEPS_ALL.match(command.piped_through))
    silent = unfiltered and page.block.closed and not page.block.has_output
    line = page.block.prompt_lines[0] if page.block.prompt_lines else page.block.output_start
    fields = bool(log.events) or page.has("NO_EVENTS") or silent
    asked = command.text if command else None
    complete = (unfiltered and page.block.closed) or (page.has("NO_EVENTS") and not log.events)
    listing = one_row(line, asked=asked, events=len(log.events), complete=complete) if fields else {"line": []}
    return {CLUSTER_EVENTS.name: from_records(log.events), EVENT_LISTINGS.name: listing}


SCREEN = Screen(
    name="event_log",
    tables=(CLUSTER_EVENTS, EVENT_LISTINGS),
    command=re.compile(r"(?:wevtutil (?:qe|query-events)|get-winevent|get-eventlog)\b"),
    opening=re.compile(
        r"^Event\[\d+\]:?[ \t]*$|^[ \t]*TimeCreated[ \t]+(?:ProviderName[ \t]+)?Id[ \t]+LevelDisplayName"
        r"|^[ \t]*Index[ \t]+Time[ \t]+(?:Entry)?Type[ \t]+Source|^TimeCreated[ \t]*:|^(?:EventID|EntryType)[ \t]*:"
        r"|No events were found that match",
        re.M,
    ),
    rows=_rows,
    silent=True,
)
