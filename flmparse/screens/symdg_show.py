"""``symdg show``: a device group with its devices and its SRDF state.

            DEV001                N/A                     0120 RAID-5             RW      2063

A heading says how many devices follow; other counts than the rows make the block partial. The screen ends with its
last closing brace.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.screens.shared.words import STATE_LETTERS
from flmparse.tables.replication import DEVICE_GROUP_DEVICES, DEVICE_GROUP_PROPERTIES, DEVICE_GROUPS

_OF_THE_GROUP = {
    "Group Type": "kind",
    "Valid": "valid",
    "Symmetrix ID": "symmetrix",
    "Number of STD Devices in Group": "device_count",
    "Number of Associated GK's": "gatekeeper_count",
    "Number of Locally-associated BCV's": "bcv_count",
    "Number of Locally-associated VDEV's": "vdev_count",
}


def _rows(page: Page) -> dict[str, Rows]:
    groups: list[dict[str, Any]] = []
    devices: list[dict[str, Any]] = []
    properties: list[dict[str, Any]] = []
    sections: list[str] = []
    heading, announced, counted = "", None, 0
    for token in page.scan.tokens:
        line = page.line_of(token)
        fields = page.fields(token) if token.type not in ("TABLE", "PROMPT") else {}
        if token.type == "GROUP_NAME":
            groups.append({"device_group": fields["device_group"], "line": line})
            sections = []
        elif token.type == "SECTION":
            heading = " ".join(str(fields["section"]).split())
            announced, counted = fields["announced"], 0
            sections.append(heading)
        elif token.type == "_OPEN":
            page.doubt(line, "a brace without the heading that it belongs to")
            sections.append("")
        elif token.type == "_CLOSE":
            sections = sections[:-1]
            if announced is not None and int(announced) != counted:
                page.doubt(line, f"{heading}: {announced} announced, {counted} listed")
            announced = None
        elif token.type in ("TABLE", "PROPERTY"):
            if not groups:
                page.doubt(line, "stands above the name of its group")
            group_columns = {"device_group": groups[-1]["device_group"] if groups else None}
            group_columns["section"] = sections[-1] if sections else None
            if token.type == "TABLE":
                columns = page.rows(token, "DEVICE")
                counted += len(columns["line"])
                devices += [{**group_columns, **row} for row in to_records(columns)]
            else:
                name = " ".join(str(fields["property"]).split())
                value = " ".join((fields["value"] or "").split())
                properties.append({**group_columns, "property": name, "value": value or None, "line": line})
                if not sections and groups:
                    groups[-1] |= _of_the_group(name, value)
    arrays = {group["device_group"]: group.get("symmetrix") for group in groups}
    for device in devices:
        physical = device["physical"] if device["physical"] != "N/A" else None
        device |= {"symmetrix": arrays.get(device["device_group"]), "physical": physical}
        device |= {name: device[name] or None for name in ("config", "attribute")}
    return {
        DEVICE_GROUPS.name: from_records(groups),
        DEVICE_GROUP_DEVICES.name: from_records(devices),
        DEVICE_GROUP_PROPERTIES.name: from_records(properties),
    }


def _of_the_group(name: str, value: str) -> dict[str, Any]:
    column = _OF_THE_GROUP.get(name)
    if column is None:
        return {}
    if column == "valid":
        return {column: value == "Yes"}
    if column.endswith("_count"):
        return {column: int(value) if value.isdigit() else None}
    return {column: value.split()[0] if value else None}


def _end(page: Page) -> bool:
    kinds = [token.type for token in page.scan.tokens]
    return "SECTION" in kinds and kinds.count("SECTION") + kinds.count("_OPEN") <= kinds.count("_CLOSE")


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    devices = []
    command = page.block.command
    for group in page.each("DG"):
        name = page.value(group, "DG_Info/name") or (command.option("-g") if command else None)
        symmetrix = page.value(group, "DG_Info/symid")
        for device in group.each("Device"):
            row = page.values(
                device,
                {"device": "Dev_Info/dev_name", "config": "Dev_Info/configuration"},
                {"logical_name": "Dev_Info/ld_name", "capacity_mb": "Capacity/megabytes"},
            )
            state = page.value(device, "Dev_Info/status", needed=True)
            names = [page.value(port, "pd_name") for port in device.each("Front_End", "Port")]
            row |= {"device_group": name, "symmetrix": symmetrix, "status": STATE_LETTERS.get(state or "", state)}
            devices.append(row | {"physical": next(filter(None, names), None)})
    return {DEVICE_GROUP_DEVICES.name: from_records(devices)}


SCREEN = Screen(
    name="symdg_show",
    tables=(DEVICE_GROUPS, DEVICE_GROUP_DEVICES, DEVICE_GROUP_PROPERTIES),
    command=re.compile(r"symdg show\b|symdg list (?:ld|pd)\b.* -output\b"),
    opening=re.compile(r"^[ \t]*Group Name:[ \t]*\S|^[ \t]*LdevName[ \t]+PdevName", re.M),
    rows=_rows,
    promised=(("GROUP_NAME",), ("TABLE",)),
    end=_end,
    within=re.compile(r"^[ \t]*[{][ \t]*\n", re.M),
    xml=XmlCard(
        tables=(DEVICE_GROUP_DEVICES,),
        shows=lambda document: document.shows("DG/Device/Dev_Info"),
        rows=_of_xml,
        known=frozenset({"DG", "DG_Info", "Device", "Dev_Info", "Front_End", "Port", "Capacity", "Flags"}),
    ),
)
