"""``switchshow``: a Brocade switch, and what is connected to its ports.

      7   7   020700   id    N8   Online      FC  F-Port  10:00:00:00:c9:5a:11:08

With virtual fabrics the answer is of one logical switch (FID). An F-Port behind which several ports are logged in (NPIV) prints their
number instead of a WWN: who they are is known from the name server only.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, one_row
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import of_switch
from flmparse.tables.switches import SWITCH_PORTS, SWITCHES

_ZONING = re.compile(r"(?P<zoning>ON|OFF)(?:[ \t]+\((?P<zone_set>[^)]+)\))?\Z")
_FABRIC = re.compile(r"\[FID: (\d+)")


def _rows(page: Page) -> dict[str, Rows]:
    told: dict[str, str] = {}
    for token in page.all("KEY"):
        key, value = page.fields(token)["key"] or "", page.fields(token)["value"] or ""
        if told.setdefault(key, value) != value:
            page.doubt(page.line_of(token), f"a second {key}: {value}")
    ports = dict(page.table("TABLE", "PORT"))
    slots = ports.pop("slot", ())
    ports["port"] = [
        f"{slot}/{port}" if slot else port for slot, port in zip(slots, ports.get("port", ()), strict=True)
    ]
    ports["address"] = [address if address.strip("-") else None for address in ports.get("address", ())]
    for name in ("kind", "login_wwn", "comment"):
        ports[name] = [value or None for value in ports.get(name, ())]
    switch = told.get("switchName")
    heading: Rows = {"line": []}
    if told:
        zoning = _ZONING.match(told.get("zoning", ""))
        fabric = _FABRIC.match(told.get("LS Attributes", ""))
        domain = told.get("switchDomain", "")
        heading = one_row(
            page.line_of(page.all("KEY")[0]),
            state=told.get("switchState"),
            role=told.get("switchRole"),
            domain=int(domain) if domain.isdigit() else None,
            switch_wwn=told.get("switchWwn"),
            fabric_id=int(fabric[1]) if fabric else None,
            zoning=zoning["zoning"] == "ON" if zoning else None,
            zone_set=zoning["zone_set"] if zoning else None,
        )
    return {SWITCHES.name: of_switch(page, heading, switch), SWITCH_PORTS.name: of_switch(page, ports, switch)}


SCREEN = Screen(
    name="switchshow",
    tables=(SWITCHES, SWITCH_PORTS),
    command=re.compile(r"switchshow\b"),
    opening=re.compile(
        r"^[ \t]*switchName:[ \t]*\S|^[ \t]*(?:Index|Area)[ \t]+(?:Slot[ \t]+)?Port[ \t]+(?:Address[ \t]+)?Media[ \t]+Speed[ \t]+State\b",
        re.M,
    ),
    rows=_rows,
    promised=(("KEY",), ("_HEADING",), ("TABLE",)),
)
