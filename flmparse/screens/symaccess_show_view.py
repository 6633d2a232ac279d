"""``symaccess show view``: who sees which devices of a VMAX through which ports.

    0328   08E:0   Not Visible                   1
           07E:0   Not Visible                   1

White paper figure 8. The host LUN is hexadecimal. The total is the sum of NATIVE sizes over distinct devices; it is the end of the screen.
"""

import re
from typing import Any

from flmparse.columns.encoded import repeat
from flmparse.reading.page import Page, lines_in
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage, runs
from flmparse.reading.xml_tree import Element
from flmparse.screens.shared.sizes import sizes_in_mb
from flmparse.tables.masking import MASKING_VIEWS, VIEW_DEVICES, VIEW_INITIATORS, VIEW_PORTS

_OF_THE_VIEW = ("LAST_UPDATED", "INITIATOR_GROUP", "PORT_GROUP", "STORAGE_GROUP", "TOTAL")


def _rows(page: Page) -> dict[str, Rows]:
    views: list[dict[str, Any]] = []
    initiators: list[dict[str, Any]] = []
    ports: list[dict[str, Any]] = []
    tables: list[tuple[dict[str, Any], int]] = []
    symmetrix: str | None = None
    view: dict[str, Any] = {}
    for token in page.facts:
        line = page.line_of(token)
        if page.unknown_above(token) and "total_capacity_mb" in view:
            symmetrix, view = None, {}  # the name of the next view may be among those lines
        fields = page.fields(token) if token.type != "TABLE" else {}
        view_columns = {"symmetrix": symmetrix, "view": view.get("view"), "line": line}
        if token.type == "SYMMETRIX":
            symmetrix = fields["symmetrix"]
            continue
        if token.type == "VIEW_NAME":
            view = {"symmetrix": symmetrix, **fields, "line": line}
            views.append(view)
            continue
        if not view:
            page.doubt(line, "stands above the name of its view")
        if token.type in _OF_THE_VIEW:
            for name, value in fields.items():
                if view.setdefault(name, value) != value:
                    page.doubt(line, f"a second {name.replace('_', ' ')} for one view")
        elif token.type == "INITIATOR":
            initiators.append({**view_columns, **fields})
        elif token.type == "ALIAS" and initiators:
            initiators[-1]["alias"] = fields["alias"]
        elif token.type == "PORT":
            ports.append({**view_columns, "port": f"{fields['director']}:{fields['port_number']}"})
        elif token.type == "TABLE":
            tables.append((view_columns, lines_in(token)))
    return {
        MASKING_VIEWS.name: from_records(views),
        VIEW_INITIATORS.name: from_records(initiators),
        VIEW_PORTS.name: from_records(ports),
        VIEW_DEVICES.name: _devices(page, tables),
    }


def _devices(page: Page, tables: list[tuple[dict[str, Any], int]]) -> Rows:
    """Return the device rows, each of a further port with the device above it (of the same view)."""
    if not tables:
        return {"line": []}
    rows = dict(page.table("TABLE", "DEVICE"))
    counts = [count for _, count in tables]
    for name in ("symmetrix", "view"):
        rows[name] = repeat([view_columns[name] for view_columns, _ in tables], counts)
    rows["host_lun"] = [int(number, 16) for number in rows["host_lun"]]
    sizes = [int(number) if number else None for number in rows["capacity_mb"]]
    rows["capacity_mb"] = sizes_in_mb(page, sizes, "_DEVICE_HEADING")
    return page.ffill(["device"], rows, "a row of a further port without its device")


_VIEW_ELEMENTS = {
    "initiator_group": "init_grpname",
    "port_group": "port_grpname",
    "storage_group": "stor_grpname",
    "total_capacity_mb": "Totals/total_dev_cap_mb",
}
_ROW_ELEMENTS = {"director": "director", "number": "port", "host_lun": "host_lun"}


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    views, initiators, ports, devices = [], [], [], []
    for symmetrix, view in page.of_arrays("Masking_View/View_Info"):
        fields = page.values(view, {"view": "view_name", **_VIEW_ELEMENTS}, {"last_updated": "last_updated"})
        views.append({**fields, "symmetrix": symmetrix})
        view_columns = {"symmetrix": symmetrix, "view": fields["view"]}
        # What is told twice, once in elements of its own, is read there; Solutions Enabler 7 told it in bare rows only.
        bare = [run for elements in view.each("Initiators") for run in runs(elements, "wwn")]
        for initiator in _listed_twice(page, view, list(view.each("Initiator_List", "Initiator")), bare, ("wwn",)):
            row = page.values(initiator, {"wwn": "wwn"}, {"node": "user_node_name", "port": "user_port_name"})
            names = [row.pop("node"), row.pop("port")]
            initiators.append({**view_columns, **row, "alias": "/".join(filter(None, names)) or None})
        for port in view.each("port_info", "Director_Identification"):
            row = page.values(port, {"director": "dir", "number": "port"}, {})
            ports.append({**view_columns, "port": f"{row['director']}:{row['number']}", "line": row["line"]})
        for device in view.each("Device"):
            elements = list(device.each("dev_port_info"))
            rows = _listed_twice(page, device, elements, runs(device, "director"), ("director", "port", "host_lun"))
            number = page.value(device, "dev_name", needed=True)
            devices += [{**view_columns, "device": number, **_mapping(page, row)} for row in rows]
    _check_totals(page, views, devices)
    return {
        MASKING_VIEWS.name: from_records(views),
        VIEW_INITIATORS.name: from_records(initiators),
        VIEW_PORTS.name: from_records(ports),
        VIEW_DEVICES.name: from_records(devices),
    }


def _listed_twice(
    page: XmlPage, parent: Element, elements: list[Element], bare: list[Element], names: tuple[str, ...]
) -> list[Element]:
    first, second = ([[page.value(row, name) for name in names] for row in rows] for rows in (elements, bare))
    if elements and bare and first != second:
        page.doubt_element(parent, f"{parent.name} tells its rows twice, and not alike")
    return elements or bare


def _mapping(page: XmlPage, element: Element) -> dict[str, Any]:
    row = page.values(element, _ROW_ELEMENTS, {"physical": "pd_name", "attribute": "attr", "capacity_mb": "capacity"})
    lun = row["host_lun"]
    if lun is not None and not re.fullmatch(r"[0-9A-Fa-f]{1,4}", lun):
        page.doubt_element(element, f"the host LUN {lun!r} is no hexadecimal number")
        lun = None
    row |= {"port": f"{row.pop('director')}:{row.pop('number')}", "host_lun": int(lun, 16) if lun else None}
    return row


def _check_totals(page: XmlPage, views: list[dict[str, Any]], devices: list[dict[str, Any]]) -> None:
    """Doubt a view whose devices do not add up to its total (within the rounding of each)."""
    for view, element in zip(views, (e for _, e in page.of_arrays("Masking_View/View_Info")), strict=True):
        sizes_by_device = {row["device"]: row["capacity_mb"] for row in devices if row["view"] == view["view"]}
        total, sizes = view["total_capacity_mb"], list(sizes_by_device.values())
        if total is None or not total.isdigit() or not all(size and size.isdigit() for size in sizes):
            continue
        if abs(int(total) - sum(map(int, sizes))) > len(sizes):
            page.doubt_element(element, f"the devices add up to {sum(map(int, sizes))} MB, the total says {total}")


SCREEN = Screen(
    name="symaccess_show_view",
    tables=(MASKING_VIEWS, VIEW_INITIATORS, VIEW_PORTS, VIEW_DEVICES),
    command=re.compile(r"symaccess (?:show view|list view\b.* -(?:v|detail))\b"),
    opening=re.compile(r"^[ \t]*Masking View Name[ \t]*:", re.M),
    rows=_rows,
    promised=(("SYMMETRIX",), ("VIEW_NAME",), ("INITIATOR_GROUP",), ("PORT_GROUP",), ("STORAGE_GROUP",)),
    end=lambda page: page.has("TOTAL"),
    xml=XmlCard(
        tables=(MASKING_VIEWS, VIEW_INITIATORS, VIEW_PORTS, VIEW_DEVICES),
        shows=lambda document: any(
            document.shows(f"Symmetrix/Masking_View/View_Info/{name}") for name in ("Device", "port_info")
        ),
        rows=_of_xml,
        known=frozenset(
            {"Masking_View", "View_Info", "Initiators", "Initiator_List", "Initiator", "port_info"}
            | {"Director_Identification", "SG_Child_info", "SG", "Device", "dev_port_info", "Totals"}
        ),
    ),
)
