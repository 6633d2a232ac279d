"""``vxdisk path``, ``vxdisk list``: disks and paths as Veritas VxVM knows them, of one disk (layout unproven) or of all.

c11t514F0C5000022103d0s2    disk_1               xiodisk_1    xio_dg       ENABLED
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.tables.multipath import DMP_PATHS, VX_DISKS


def _rows(page: Page) -> dict[str, Rows]:
    paths: list[dict[str, Any]] = list(to_records(page.table("PATHS", "PATH")))
    disks = list(to_records(page.table("DISKS", "DISK")))
    for row in (*paths, *disks):
        row |= {name: None for name in ("disk_group", "medium") if row.get(name) == "-"}
    device: str | None = None
    announced, listed, count_line = 0, 0, 0
    for token in page.all("DEVICE", "COUNT", "DEVICE_PATH"):
        fields, line = page.fields(token), page.line_of(token)
        if token.type == "DEVICE":
            device = fields["dmp_node"]
        elif token.type == "COUNT":
            announced, count_line = announced + int(fields["count"] or 0), line
        else:
            if device is None:
                page.doubt(line, "a path of no disk")
            listed += 1
            paths.append({**fields, "state": str(fields["state"]).upper(), "dmp_node": device, "line": line})
    page.check_count(count_line or page.block.output_start, announced, listed, "paths")
    return {DMP_PATHS.name: from_records(paths), VX_DISKS.name: from_records(disks)}


SCREEN = Screen(
    name="vxdisk",
    tables=(DMP_PATHS, VX_DISKS),
    command=re.compile(r"vxdisk (?:path|list)\b"),
    opening=re.compile(
        r"^[ \t]*SUBPATH[ \t]+DANAME\b|^[ \t]*DEVICE[ \t]+TYPE[ \t]+DISK[ \t]+GROUP[ \t]+STATUS\b|^[ \t]*devicetag:[ \t]",
        re.M,
    ),
    rows=_rows,
    promised=(("PATH_HEADING", "LIST_HEADING", "DEVICE"), ("PATHS", "DISKS", "DEVICE_PATH")),
)
