"""``symdev list``: the devices of an array, with their native capacity.

    0328 Not Visible            07E:0 NA:NA   TDEV          N/Grp'd      RW    8631

Layouts with device numbers of 3, 4 and 5 digits, with and without back-end directors, and with the physical name first (``sympd list``).
The status (Sts) is not the host access mode. A capture filtered by a search (grep) has no heading and proves no absence; the table has no end
of its own. Native capacity against what the hosts are shown: RULES.md I04 and CAP004.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, concat_rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.reading.xml_tree import Document
from flmparse.screens.shared.sizes import sizes_in_mb
from flmparse.screens.shared.words import STATE_LETTERS
from flmparse.tables.arrays import DEVICES

_META = {"(M)": "head", "(m)": "member"}


def _rows(page: Page) -> dict[str, Rows]:
    tables = [_table(page, "TABLE", "DEVICE"), _table(page, "PHYSICAL_TABLE", "PHYSICAL")]
    rows = concat_rows([table for table in tables if table["line"]])
    if all(table["line"] for table in tables):
        order = sorted(range(len(rows["line"])), key=rows["line"].__getitem__)
        rows = {name: [values[position] for position in order] for name, values in rows.items()}
    rows["capacity_mb"] = sizes_in_mb(page, rows.get("capacity_mb", ()), "_HEADING")
    return {DEVICES.name: page.with_heading("symmetrix", rows)}


def _table(page: Page, terminal: str, row: str) -> Rows:
    rows = {"line": (), **page.table(terminal, row)}
    marks = rows.pop("mark", ())
    attributes = zip(rows.get("attribute", ()), marks, strict=True)
    rows["attribute"] = [f"{attribute} {mark}".rstrip() for attribute, mark in attributes]
    rows["meta"] = [_META.get(mark) for mark in marks]
    rows["da"] = [back_end or None for back_end in rows.get("da", ())]
    return rows


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    devices = []
    for symmetrix, device in page.of_arrays("Device"):
        row = page.values(
            device,
            {"device": "Dev_Info/dev_name", "config": "Dev_Info/configuration", "capacity_mb": "Capacity/megabytes"},
            {"attribute": "Dev_Info/attribute"},
        )
        state = page.value(device, "Dev_Info/status", needed=True)
        ports = [
            f"{page.value(port, 'director')}:{page.value(port, 'port')}" for port in device.each("Front_End", "Port")
        ]
        ports = [port for port in ports if "None" not in port]
        row |= {"symmetrix": symmetrix, "status": STATE_LETTERS.get(state or "", state)}
        row["sa_port"] = ports[0] if len(ports) == 1 else ("***:*" if ports else "???:?")
        names = [page.value(port, "pd_name") for port in device.each("Front_End", "Port")]
        row["physical"] = next(filter(None, names), None)
        row["meta"] = {"Head": "head", "Member": "member"}.get(page.value(device, "Flags/meta") or "")
        devices.append(row)
    return {DEVICES.name: from_records(devices)}


def _shows(document: Document) -> bool:
    """Whether devices are listed in short; what ``symdev show`` tells besides is another answer."""
    long = ("Symmetrix/Device/Product", "Symmetrix/Device/Dev_Info/host_access_mode")
    return document.shows("Symmetrix/Device/Dev_Info") and not any(map(document.shows, long))


SCREEN = Screen(
    name="symdev_list",
    tables=(DEVICES,),
    command=re.compile(r"(?:symdev|sympd) list\b(?!.* -(?:identity|v|wwn|inventory|pgr)\b)(?! pgr\b)"),
    opening=re.compile(
        r"^[ \t]*(?:Sym[ \t]+Physical|Physical[ \t]+Sym)[ \t]+SA :P\b"
        r"|^[ \t]*[0-9A-F]{3,5}[ \t]+(?:Not Visible|\S+)[ \t]+(?:\d{2}[A-Z]:\w+|\*{3}:\*+|\?{3}:\?+)[ \t][^\n]*"
        r"[ \t](?:RW|WD|NR|\?\?)[ \t]+\d+[ \t]*$",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("_HEADING",)),
    none="NO_DEVICES",
    xml=XmlCard(
        tables=(DEVICES,),
        shows=_shows,
        rows=_of_xml,
        known=frozenset({"Device", "Dev_Info", "Flags", "Capacity", "Front_End", "Port", "Back_End", "Disk"}),
    ),
)
