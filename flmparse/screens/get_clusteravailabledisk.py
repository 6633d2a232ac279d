"""``Get-ClusterAvailableDisk``: disks that the cluster could take.

    Id          : 2654136007
    Number      : 7

Prints nothing where there is none.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.disk_ids import disk_id
from flmparse.screens.shared.powershell import records
from flmparse.tables.windows import CLUSTER_AVAILABLE_DISKS


def _rows(page: Page) -> dict[str, Rows]:
    disks = []
    for record in records(page):
        number, size = record.get("number"), record.get("size")
        disks.append(
            {
                "cluster": record.get("cluster"),
                "name": record.get("name"),
                "disk": int(number) if number and number.isdigit() else None,
                "disk_id": disk_id(record.get("id")),
                "size_bytes": int(size) if size and size.isdigit() else None,
                "scsi_address": record.get("scsiaddress"),
                "line": record["line"],
            }
        )
        if not record.get("name") or disks[-1]["disk_id"] is None:
            page.doubt(record["line"], "a disk without its name or id")
    return {CLUSTER_AVAILABLE_DISKS.name: from_records(disks)}


SCREEN = Screen(
    name="get_clusteravailabledisk",
    tables=(CLUSTER_AVAILABLE_DISKS,),
    command=re.compile(r"get-clusteravailabledisk\b"),
    opening=re.compile(r"^(?:ScsiAddress|Partitions)[ \t]*:", re.M),
    rows=_rows,
    silent=True,
)
