"""``Get-Disk``: the disks of a node.

    3      EMC SYMMETRIX           Online                3.66 GB MBR

The table says nothing of boot, system and clustered disks; ``Get-Disk | Format-List *`` and ``Select`` do. The list
form: layout unproven.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.disk_ids import disk_id
from flmparse.screens.shared.powershell import first, records
from flmparse.tables.windows import DISKS

_FLAGS = {"isboot": "is_boot", "issystem": "is_system", "isclustered": "is_clustered", "isreadonly": "is_read_only"}
_ANSWERS = {"True": True, "False": False}
_TOLD = {"bustype": "bus", "uniqueid": "unique_id", "serialnumber": "serial", "location": "location_path"}


def _rows(page: Page) -> dict[str, Rows]:
    return {DISKS.name: from_records([_disk(page, record) for record in records(page, "DISK")])}


def _disk(page: Page, record: dict[str, Any]) -> dict[str, Any]:
    number, size = first(record, "number", "disknumber"), first(record, "size", "totalsize") or ""
    if not str(number or "").isdigit():
        page.doubt(record["line"], "a disk without its number")
        number = None
    disk = {
        "disk": int(number) if number else None,
        "told_by": "Get-Disk",
        "name": record.get("friendlyname"),
        "status": record.get("operationalstatus"),
        "size": None if size.isdigit() else size or None,
        "size_bytes": int(size) if size.isdigit() else None,
        "partition_style": record.get("partitionstyle"),
        "disk_id": disk_id(record.get("guid")) or disk_id(record.get("signature")),
        "line": record["line"],
    }
    for name, column in _FLAGS.items():
        value = record.get(name)
        disk[column] = _ANSWERS.get(value) if value else None
        if value and value not in _ANSWERS:
            page.doubt(record["line"], f"{name} is neither True nor False: {value!r}")
    return disk | {column: record.get(name) for name, column in _TOLD.items()}


SCREEN = Screen(
    name="get_disk",
    tables=(DISKS,),
    command=re.compile(r"get-disk\b"),
    opening=re.compile(
        r"^[ \t]*Number[ \t]+(?:Friendly ?Name|Is\w+|OperationalStatus)\b"
        r"|^(?:PartitionStyle|NumberOfPartitions)[ \t]*:",
        re.M | re.I,
    ),
    rows=_rows,
    promised=(("HEAD", "PROPERTY"),),
)
