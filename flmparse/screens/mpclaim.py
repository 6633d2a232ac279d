"""``mpclaim -s -d [n]``: what Microsoft MPIO has claimed.

    MPIO Disk3   Disk 3       RR           Microsoft DSM

A disk announces the number of its paths; other counts than the rows make the block partial, except none at all: the
DSMs of vendors list no path.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.tables.windows import MPIO_DISKS, MPIO_PATHS


def _rows(page: Page) -> dict[str, Rows]:
    disks = list(to_records(page.table("TABLE", "LISTED")))
    paths: list[dict[str, Any]] = []
    disk: dict[str, Any] | None = None
    for token in page.all("DISK", "DSM", "SERIAL", "PATH", "GROUP"):
        fields, line = page.fields(token), page.line_of(token)
        if token.type == "DISK":
            disk = {**fields, "line": line}
            disks.append(disk)
        elif disk is None:
            page.doubt(line, "stands above the disk it belongs to")
        elif token.type == "PATH":
            paths.append({"mpio_disk": disk["mpio_disk"], **fields, "line": line})
        elif token.type == "GROUP":
            if not paths or "tpg_id" in paths[-1]:
                page.doubt(line, "a target port group without its path")
            else:
                paths[-1] |= fields
        else:
            disk |= fields
    for one in disks:
        listed = sum(path["mpio_disk"] == one["mpio_disk"] for path in paths)
        if listed and one.get("path_count") is not None:
            page.check_count(one["line"], int(one["path_count"]), listed, "paths")
    return {MPIO_DISKS.name: from_records(disks), MPIO_PATHS.name: from_records(paths)}


SCREEN = Screen(
    name="mpclaim",
    tables=(MPIO_DISKS, MPIO_PATHS),
    command=re.compile(r"mpclaim\b.* -s\b"),
    opening=re.compile(
        r"^[ \t]*MPIO Disk[ \t]+System Disk|^[ \t]*MPIO Disk\d+: \d+ Path|^[ \t]*No MPIO disks are present", re.M
    ),
    rows=_rows,
    none="NO_DISKS",
    promised=(("TABLE", "DISK"),),
)
