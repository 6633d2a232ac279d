"""``symdev list``: the devices of an array, with their native capacity.

    0328 Not Visible            07E:0 NA:NA   TDEV          N/Grp'd      RW    8631

Layouts with device numbers of 3, 4 and 5 digits, with and without back-end directors, and with the physical name first (``sympd list``).
The status (Sts) is not the host access mode. A capture filtered by a search (grep) has no heading and proves no absence; the table has no end
of its own. Native capacity against what the hosts are shown: RULES.md I04 and CAP004.
"""

import re
from collections.abc import Sequence
from typing import Any

from flmparse.columns.encoded import map_unique, to_list
from flmparse.reading.layouts import Layout, headed, table
from flmparse.reading.screen import Page, Rows, Screen, stack
from flmparse.reading.words import two_words
from flmparse.reading.xml import LETTERS, DocumentPage, DocumentReading
from flmparse.reading.xml_tree import Document
from flmparse.tables.arrays import DEVICES

_META = {"(M)": "head", "(m)": "member"}
_PORT = re.compile(r"[0-9]{2}[A-Z]:\w{2,3}|NA:NA|\*{3}:\*{2,3}|\?{3}:\?{2,3}|N/A")
_CONFIG = re.compile("[A-Z0-9][0-9A-Za-z+/_-]*")
_ATTRIBUTE = re.compile("(?:N/)?(?:Grp'd|Asst'd)|N/A|-")
_MARK = re.compile(r"\((?:M|m|SV)\)|VCM|ACLX")


def _layouts(*first: str) -> tuple[Layout, ...]:
    """Return the layouts with the two columns that stand first: with and without back end, with and without a mark."""
    begin: Layout = {**dict.fromkeys(first), "sa_port": None}
    middle: Layout = {"config": _CONFIG, "attribute": _ATTRIBUTE}
    end: Layout = {"status": None, "capacity_mb": None}
    return tuple(
        {**begin, **back_end, **middle, **mark, **end}
        for back_end in ({"da": _PORT}, {})
        for mark in ({}, {"mark": _MARK})
    )


_DEVICE, _PHYSICAL = _layouts("device", "physical"), _layouts("physical", "device")


def _rows(page: Page) -> dict[str, Rows]:
    devices = _table(page, "TABLE", "DEVICE", _DEVICE)
    visible = _table(page, "PHYSICAL_TABLE", "PHYSICAL", _PHYSICAL)
    joined: Rows = devices
    if len(visible["line"]):
        records = [_records(part) for part in (devices, visible)]
        joined = stack(sorted((record for part in records for record in part), key=lambda record: int(record["line"])))
    return {DEVICES.name: joined}


def _table(page: Page, terminal: str, row: str, layouts: Sequence[Layout]) -> Rows:
    rows = dict(table(page, terminal, row, layouts, *(("physical",) if row == "DEVICE" else ())))
    marks = rows.pop("mark", None)
    if marks is not None:
        rows["attribute"] = map_unique(two_words(rows["attribute"], marks), str.rstrip)
        rows["meta"] = map_unique(marks, _META.get)
    rows["da"] = map_unique(rows.get("da", ()), lambda back_end: back_end or None)
    rows.setdefault("line", [])
    return headed(page, "symmetrix", "SYMMETRIX", rows)


def _records(rows: Rows) -> list[dict[str, Any]]:
    return [dict(zip(rows, values, strict=True)) for values in zip(*map(to_list, rows.values()), strict=True)]


def _of_document(page: DocumentPage) -> dict[str, Rows]:
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
        row |= {"symmetrix": symmetrix, "status": LETTERS.get(state or "", state)}
        row["sa_port"] = ports[0] if len(ports) == 1 else ("***:*" if ports else "???:?")
        names = [page.value(port, "pd_name") for port in device.each("Front_End", "Port")]
        row["physical"] = next(filter(None, names), None)
        row["meta"] = {"Head": "head", "Member": "member"}.get(page.value(device, "Flags/meta") or "")
        devices.append(row)
    return {DEVICES.name: stack(devices)}


def _shows(found: Document) -> bool:
    """Whether devices are listed in short; what ``symdev show`` tells besides is another answer."""
    long = ("Symmetrix/Device/Product", "Symmetrix/Device/Dev_Info/host_access_mode")
    return found.shows("Symmetrix/Device/Dev_Info") and not any(map(found.shows, long))


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
    none=re.compile(r"^[ \t]*No\b.*device", re.M | re.I),
    document=DocumentReading(
        tables=(DEVICES,),
        shows=_shows,
        rows=_of_document,
        known=frozenset({"Device", "Dev_Info", "Flags", "Capacity", "Front_End", "Port", "Back_End", "Disk"}),
    ),
)
