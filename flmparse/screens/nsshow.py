"""``nsshow``, ``nscamshow``: who is logged in to a Brocade switch, and to the others of its fabric.

     N    020700;      3;10:00:00:00:c9:5a:11:08;20:00:00:00:c9:5a:11:08; na

``nsshow`` lists the switch's own ports and ends with a brace, ``nscamshow`` what it has heard of the others (layout of its headings unproven).
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import check_total, of_switch
from flmparse.tables.switches import FABRIC_LOGINS


def _rows(page: Page) -> dict[str, Rows]:
    remote = page.command.tool == "nscamshow" if page.command else not page.has("_OPEN")
    ports: list[dict[str, Any]] = []
    port: dict[str, Any] | None = None
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        if token.type == "PORT":
            port = {name: fields[name] for name in ("fcid", "wwn", "node_wwn")}
            port |= {"told_by": "nscamshow" if remote else "nsshow", "line": line}
            ports.append(port)
        elif token.type in ("SYMBOL", "DEVICE_TYPE"):
            if page.unknown_above(token, rows=True):
                port = None
            if port is None:
                page.doubt(line, "stands below no port")
            else:
                port |= fields
    check_total(page, "CLOSE", len(ports), "entries")
    return {FABRIC_LOGINS.name: of_switch(page, from_records(ports))}


def _end(page: Page) -> bool | None:
    return page.has("CLOSE") if page.has("_OPEN") else None


SCREEN = Screen(
    name="nsshow",
    tables=(FABRIC_LOGINS,),
    command=re.compile(r"(?:nsshow|nscamshow)\b"),
    opening=re.compile(
        r"^[ \t]*(?:N|NL|U)[ \t]+[0-9a-f]{6};[ \t]*[\d,]+;(?:[0-9A-Fa-f]{2}:){7}|^[ \t]*nscam show for remote switches:"
        r"|^[ \t]*Type Pid[ \t]+COS\b",
        re.M,
    ),
    rows=_rows,
    promised=(("PORT",),),
    end=_end,
    none="NO_ENTRY",
)
