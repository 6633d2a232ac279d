"""``symaccess list devinfo``: each initiator group with its initiators and the devices that it sees.

          WWN  : 10000000c953f9f3 [alias: node1/hba0]

The lines of initiators are proven, the table of devices is known from programs that read it: layout unproven. A group
without devices has no table, so the screen has no end of its own.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.tables.groups import INITIATOR_GROUP_DEVICES, INITIATOR_GROUP_MEMBERS


def _rows(page: Page) -> dict[str, Rows]:
    members: list[dict[str, Any]] = []
    devices: list[dict[str, Any]] = []
    group: dict[str, Any] = {"initiator_group": None}
    for token in page.facts:
        fields, line = page.fields(token, "DEVICE" if token.type == "TABLE" else None), page.line_of(token)
        if token.type == "INITIATOR_GROUP":
            group = fields
        if token.type in ("SYMMETRIX", "INITIATOR_GROUP"):
            continue
        if page.unknown_above(token):
            group = {"initiator_group": None}
        if not group["initiator_group"]:
            page.doubt(line, "stands above the name of its initiator group")
        if token.type in ("INITIATOR", "CHILD_GROUP"):
            members.append({**group, **fields, "line": line})
        elif token.type == "ALIAS" and members:
            members[-1]["alias"] = fields["alias"]
        elif token.type == "TABLE":
            devices += _devices(page, page.rows(token, "DEVICE"), group)
    return {
        INITIATOR_GROUP_MEMBERS.name: page.with_heading("symmetrix", from_records(members)),
        INITIATOR_GROUP_DEVICES.name: page.with_heading("symmetrix", from_records(devices)),
    }


def _devices(page: Page, rows: Rows, group: dict[str, Any]) -> list[dict[str, Any]]:
    records, device = [], ""
    for row in to_records(rows):
        record = {**group, **row}
        device = record["device"] or device
        if not device:
            page.doubt(record["line"], "a row of a further port without its device")
        record |= {"device": device or None, "host_lun": int(record["host_lun"], 16)}
        records.append(record | {"attribute": record["attribute"] or None, "capacity_mb": int(record["capacity_mb"])})
    return records


SCREEN = Screen(
    name="symaccess_list_devinfo",
    tables=(INITIATOR_GROUP_MEMBERS, INITIATOR_GROUP_DEVICES),
    command=re.compile(r"symaccess list devinfo\b"),
    opening=re.compile(
        r"^[ \t]*(?:Dev|Name)[ \t]+Dir:P[^\n]*Masking View|^[ \t]*WWN[ \t]*:[ \t]*[0-9a-f]{16} \[alias:[^\n]*\n\Z", re.M
    ),
    rows=_rows,
    promised=(("INITIATOR_GROUP",),),
)
