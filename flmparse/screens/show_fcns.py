"""``show fcns database``: the name server of a Cisco fabric, with ``detail`` a paragraph for each port (layout unproven).

    0x0a0200    N     50:00:09:72:c0:04:4d:18 (EMC)           scsi-fcp:both 253
                      [vmax_7e0]

Each VSAN has a heading and, in newer releases, its total. A row below a damaged heading has no VSAN.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import of_switch
from flmparse.tables.switches import FABRIC_LOGINS

_VALUES = {
    "node-wwn": "node_wwn",
    "fc4-types:fc4_features": "device_type",
    "symbolic-port-name": "symbol",
    "connected interface": "interface",
}


def _rows(page: Page) -> dict[str, Rows]:
    ports: list[dict[str, Any]] = []
    port: dict[str, Any] | None = None
    vsan: int | None = None
    since_total = 0
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        if page.unknown_above(token, rows=True):
            port = None
            if token.type == "ENTRY" and page.unknown_above(token) and vsan is not None:
                vsan = None
                page.doubt(line, "stands below lines that were not understood: which VSAN is not certain")
        if token.type == "VSAN":
            vsan, port, since_total = int(fields["vsan"] or 0), None, 0
        elif token.type in ("ENTRY", "PARAGRAPH"):
            port = {
                "told_by": "fcns",
                "line": line,
                "fcid": str(fields["fcid"]).lower().removeprefix("0x"),
                "vsan": vsan,
            }
            if token.type == "PARAGRAPH":
                port["vsan"] = int(fields["vsan"] or 0)
            else:
                port |= {name: fields[name] for name in ("wwn", "device_type")} | {"symbol": fields["vendor"]}
            ports.append(port)
            since_total += 1
        elif token.type == "TOTAL":
            page.check_count(line, int(fields["count"] or 0), since_total, "entries")
            since_total, port = 0, None
        elif port is None:
            if token.type != "NOTHING":
                page.doubt(line, "stands below no port")
        elif token.type == "VALUE":
            port.setdefault(_VALUES[str(fields["key"])], fields["value"] or None)
        elif token.type == "PORT_WWN":
            port |= {"wwn": fields["wwn"]}
        else:
            port.setdefault("alias", fields["alias"])
    return {FABRIC_LOGINS.name: of_switch(page, from_records(ports))}


SCREEN = Screen(
    name="show_fcns",
    tables=(FABRIC_LOGINS,),
    command=re.compile(r"sh(?:ow)? fcns d\w*"),
    opening=re.compile(r"^[ \t]*FCID[ \t]+TYPE[ \t]+PWWN\b|^[ \t]*VSAN:\d+[ \t]+FCID:0x[0-9a-f]{6}", re.M),
    rows=_rows,
    promised=(("ENTRY", "PARAGRAPH"),),
    end=lambda page: page.has("TOTAL") or None,
    none="NOTHING",
)
