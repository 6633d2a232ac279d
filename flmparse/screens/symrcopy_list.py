"""``symrcopy list``: every Open Replicator session that an array controls, those of other pair files too.

    000194900275:0330      60000 000187490076:0731                SD ...XXM. Created         N/A

Layout unproven: read with the rows of ``symrcopy query``. On a pull the control device is the target, on a push the
source.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.screens.shared.copy_sessions import whole_array
from flmparse.screens.shared.copy_sessions_xml import SESSION_ELEMENTS, sessions_of
from flmparse.tables.replication import REPLICATION_LISTINGS, REPLICATION_SESSIONS

_PUSH = 2
"""Place of the letter S (push) among the flags CDSHUTZ."""


def _rows(page: Page) -> dict[str, Rows]:
    pairs = page.table("TABLE", "PAIR")
    names = ("control_symmetrix", "control_device", "remote_symmetrix", "remote_device")
    sessions: list[dict[str, Any]] = []
    for position, line in enumerate(pairs.get("line", ())):
        control, device, remote, remote_device = (pairs[name][position] or None for name in names)
        pushes = pairs["flags"][position][_PUSH] == "X"
        shared = {"kind": "ors", "scope": "array", "state": pairs["status"][position], "line": line}
        columns = {"symmetrix": control, "device": device, "role": "source" if pushes else "target"}
        sessions.append({**shared, **columns, "partner_symmetrix": remote, "partner_device": remote_device})
        if remote_device:
            there = {"symmetrix": remote, "device": remote_device, "role": "target" if pushes else "source"}
            sessions.append({**shared, **there, "partner_symmetrix": control, "partner_device": device})
    return {REPLICATION_SESSIONS.name: from_records(sessions), REPLICATION_LISTINGS.name: _listing(page, pairs)}


def _listing(page: Page, pairs: Rows) -> Rows:
    if not page.has("_HEADING", "TABLE", "NO_SESSION"):
        return {"line": []}
    tracks = sum(int(value) for value in pairs.get("protected_tracks", ()))
    for token in page.all("TOTAL_TRACKS"):
        if int(page.fields(token)["total_tracks"] or 0) != tracks:
            page.doubt(page.line_of(token), f"the rows add up to {tracks} tracks")
    arrays = {page.fields(token)["symmetrix"] for token in page.all("SYMMETRIX")} | set(
        pairs.get("control_symmetrix", ())
    )
    listing = {
        "symmetrix": next(iter(arrays)) if len(arrays) == 1 else None,
        "symmetrix_suffix": page.command.option("-sid") if page.command else None,
        "kind": "ors",
        "scope": "array",
        "whole_array": whole_array(page.command),
        "sessions": len(pairs.get("line", ())),
        "complete": page.block.closed or page.has("TOTAL_TRACKS", "NO_SESSION"),
        "line": page.line_of((page.all("NO_SESSION") or page.scan.tokens)[0]),
    }
    return from_records([listing])


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    rows: list[dict[str, Any]] = [
        {"symmetrix": session.control_symmetrix, "device": session.control_device, "kind": "ors", "scope": "array"}
        | {"partner_symmetrix": session.remote_symmetrix, "partner_device": session.remote_device}
        | {"state": session.state, "line": session.line}
        for session in sessions_of(page)
    ]
    arrays = {page.value(array, "Symm_Info/symid") for array in page.each("Symmetrix")}
    listing: dict[str, Any] = {
        "symmetrix": next(iter(arrays)) if len(arrays) == 1 else None,
        "symmetrix_suffix": page.command.option("-sid") if page.command else None,
        "kind": "ors",
        "scope": "array",
        "whole_array": whole_array(page.command),
        "sessions": len(rows),
        "complete": False,
        "line": page.block.output_start,
    }
    return {REPLICATION_SESSIONS.name: from_records(rows), REPLICATION_LISTINGS.name: from_records([listing])}


def _end(page: Page) -> bool | None:
    if page.has("NO_SESSION"):
        return True
    # docs/decisions/05-legends.md
    if page.has("_LEGEND") and not page.has("LEGEND_END"):
        return False
    return page.has("TOTAL_TRACKS") and page.has("TOTAL_MB") if page.has("_TOTAL") else None


SCREEN = Screen(
    name="symrcopy_list",
    tables=(REPLICATION_SESSIONS, REPLICATION_LISTINGS),
    command=re.compile(r"symrcopy list\b"),
    opening=None,
    rows=_rows,
    promised=(("_HEADING", "NO_SESSION"),),
    end=_end,
    xml=XmlCard(
        (REPLICATION_SESSIONS, REPLICATION_LISTINGS),
        lambda _found: False,
        _of_xml,
        SESSION_ELEMENTS,
        empty_is_none=False,
    ),
)
