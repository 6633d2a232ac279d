"""``symdev list``: the devices of an array, with their native capacity.

    0328 Not Visible            07E:0 NA:NA   TDEV          N/Grp'd      RW    8631

Layouts with device numbers of 3, 4 and 5 digits, with and without back-end directors, and with the physical name first (``sympd list``).
The status (Sts) is not the host access mode. A capture filtered by a search (grep) has no heading and proves no absence; the table has no end
of its own. Native capacity against what the hosts are shown: RULES.md I04 and CAP004.
"""

import re
from typing import Any

from flmparse.frames.arrays import DEVICES
from flmparse.screens.document import Document
from flmparse.screens.document_reading import LETTERS, DocumentPage, DocumentReading
from flmparse.screens.screen import Page, Rows, Screen, spread, stack

_META = {"(M)": "head", "(m)": "member"}


def _rows(page: Page) -> dict[str, Rows]:
    devices = _table(page, "TABLE", "DEVICE")
    visible = _table(page, "PHYSICAL_TABLE", "PHYSICAL")
    joined: Rows = devices
    if visible["line"]:
        records = [_records(part) for part in (devices, visible)]
        joined = stack(sorted((record for part in records for record in part), key=lambda record: int(record["line"])))
    return {DEVICES.name: joined}


def _table(page: Page, terminal: str, row: str) -> Rows:
    rows = dict(page.table(terminal, row))
    marks = rows.pop("mark", ())
    words = rows.get("attribute", ())
    rows["attribute"] = [f"{word} {mark}" if mark else word for word, mark in zip(words, marks, strict=True)]
    rows["meta"] = [_META.get(mark) for mark in marks]
    rows["da"] = [back_end or None for back_end in rows.get("da", ())]
    rows.setdefault("line", [])
    return spread(page, "symmetrix", page.all("SYMMETRIX"), rows)


def _records(rows: Rows) -> list[dict[str, Any]]:
    return [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]


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
