"""``cluster res``, ``cluster group`` and ``cluster node``: resources, groups and nodes of a cluster of Windows 2003 or 2008.

    Disks K:             Disk Group           NODE1           Online

A column is as wide as its dashes; a longer name of a resource pushes the rest to the right. ``/priv`` (private
properties): layout unproven. The screen has no end.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.disk_ids import disk_id
from flmparse.tables.windows import CLUSTER_GROUPS, CLUSTER_NODES, CLUSTER_PARAMETERS, CLUSTER_RESOURCES


def _records(page: Page, tables: str, row: str) -> list[dict[str, Any]]:
    return [
        {name: value.strip() or None if isinstance(value, str) else value for name, value in record.items()}
        for record in to_records(page.table(tables, row))
    ]


def _rows(page: Page) -> dict[str, Rows]:
    resources = [{**fields, "name_cut": False} for fields in _records(page, "RESOURCES", "RESOURCE")]
    parameters = _records(page, "PROPERTIES", "PROPERTY")
    for fields in parameters:
        named = fields["parameter"] in ("DiskSignature", "DiskIdGuid")
        fields["disk_id"] = disk_id(fields["value"]) if named else None
    return {
        CLUSTER_RESOURCES.name: from_records(resources),
        CLUSTER_GROUPS.name: from_records(_records(page, "GROUPS", "GROUP")),
        CLUSTER_NODES.name: from_records(_records(page, "NODES", "NODE")),
        CLUSTER_PARAMETERS.name: from_records(parameters),
    }


SCREEN = Screen(
    name="cluster_exe",
    tables=(CLUSTER_RESOURCES, CLUSTER_GROUPS, CLUSTER_NODES, CLUSTER_PARAMETERS),
    command=re.compile(r"cluster\b.* (?:res|resource|group|node)\b"),
    opening=re.compile(
        r"^Listing (?:status for all available (?:resources|resource groups|nodes)|(?:private )?properties for)\b"
        r"|^Resource[ \t]+Group[ \t]+Node[ \t]+Status|^Group[ \t]+Node[ \t]+Status|^Node[ \t]+Node ID[ \t]+Status",
        re.M,
    ),
    rows=_rows,
    promised=(("_HEADING", "NO_SUCH"),),
)
