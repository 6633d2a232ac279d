"""``symaccess show view``: who sees which devices of a VMAX through which ports.

    0328   08E:0   Not Visible                   1
           07E:0   Not Visible                   1

White paper figure 8. The host LUN is hexadecimal. The total is the sum of NATIVE sizes over distinct devices; it is the end of the screen.
"""

import re
from typing import Any

from flmparse.frames.masking import MASKING_VIEWS, VIEW_DEVICES, VIEW_INITIATORS, VIEW_PORTS
from flmparse.screens.screen import Page, Rows, Screen, stack

_OF_THE_VIEW = ("LAST_UPDATED", "INITIATOR_GROUP", "PORT_GROUP", "STORAGE_GROUP", "TOTAL")


def _rows(page: Page) -> dict[str, Rows]:
    views: list[dict[str, Any]] = []
    initiators: list[dict[str, Any]] = []
    ports: list[dict[str, Any]] = []
    devices: list[dict[str, Any]] = []
    symmetrix: str | None = None
    view: dict[str, Any] = {}
    for token in page.facts:
        line = page.line_of(token)
        said = page.fields(token, "DEVICE" if token.type == "TABLE" else None)
        here = {"symmetrix": symmetrix, "view": view.get("view"), "line": line}
        if token.type == "SYMMETRIX":
            symmetrix = said["symmetrix"]
            continue
        if token.type == "VIEW_NAME":
            view = {"symmetrix": symmetrix, **said, "line": line}
            views.append(view)
            continue
        if not view:
            page.doubt(line, "stands above the name of its view")
        if token.type in _OF_THE_VIEW:
            for name, value in said.items():
                if view.setdefault(name, value) != value:
                    page.doubt(line, f"a second {name.replace('_', ' ')} for one view")
        elif token.type == "INITIATOR":
            initiators.append({**here, **said})
        elif token.type == "ALIAS" and initiators:
            initiators[-1]["alias"] = said["alias"]
        elif token.type == "PORT":
            ports.append({**here, "port": f"{said['director']}:{said['port_number']}"})
        elif token.type == "TABLE":
            devices += _devices(page, page.rows(token, "DEVICE"), here, devices)
    return {
        MASKING_VIEWS.name: stack(views),
        VIEW_INITIATORS.name: stack(initiators),
        VIEW_PORTS.name: stack(ports),
        VIEW_DEVICES.name: stack(devices),
    }


def _devices(page: Page, rows: Rows, here: dict[str, Any], above: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the device rows, each continuation row with the device above it (of the same view)."""
    device = above[-1]["device"] if above and above[-1]["view"] == here["view"] else ""
    records = []
    for values in zip(*rows.values(), strict=True):
        record = {**here, **dict(zip(rows, values, strict=True))}
        device = record["device"] or device
        if not device:
            page.doubt(record["line"], "a row of a further port without its device")
        record |= {"device": device or None, "host_lun": int(record["host_lun"], 16)}
        record["capacity_mb"] = int(record["capacity_mb"]) if record["capacity_mb"] else None
        records.append(record)
    return records


SCREEN = Screen(
    name="symaccess_show_view",
    tables=(MASKING_VIEWS, VIEW_INITIATORS, VIEW_PORTS, VIEW_DEVICES),
    command=re.compile(r"symaccess (?:show view|list view\b.* -(?:v|detail))\b"),
    opening=re.compile(r"^[ \t]*Masking View Name[ \t]*:", re.M),
    rows=_rows,
    promised=(("SYMMETRIX",), ("VIEW_NAME",), ("INITIATOR_GROUP",), ("PORT_GROUP",), ("STORAGE_GROUP",)),
    end=lambda page: page.has("TOTAL"),
)
