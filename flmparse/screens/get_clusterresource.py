"""``Get-ClusterResource [| Get-ClusterParameter]``: resources of the cluster, and what names their disks.

    Cluster Disk 1      Online              Cluster Group       Physical Disk

The table of parameters: layout unproven. The screen has no end.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.disk_ids import disk_id
from flmparse.screens.shared.powershell import CUT, Record, first, records
from flmparse.tables.windows import CLUSTER_PARAMETERS, CLUSTER_RESOURCES


def _rows(page: Page) -> dict[str, Rows]:
    resources: list[Record] = []
    parameters: list[Record] = []
    for record in records(page, "RESOURCE", "PARAMETER"):
        if "value" in record:
            parameters.append(_parameter(record))
            if not parameters[-1]["resource"] or not parameters[-1]["parameter"]:
                page.doubt(record["line"], "a property without its resource or its name")
            continue
        name = str(record.get("name") or "")
        resource = {
            "name": name.removesuffix(CUT).rstrip() or None,
            "name_cut": name.endswith(CUT),
            "state": record.get("state"),
            "group": first(record, "ownergroup", "group"),
            "owner": first(record, "ownernode", "node"),
            "kind": record.get("resourcetype"),
            "resource_id": record.get("id"),
            "line": record["line"],
        }
        if not resource["name"] or not resource["state"]:
            page.doubt(record["line"], "a resource without its name or state")
        resources.append(resource)
    return {CLUSTER_RESOURCES.name: from_records(resources), CLUSTER_PARAMETERS.name: from_records(parameters)}


def _parameter(record: Record) -> Record:
    name, value = record.get("name"), record.get("value")
    return {
        "resource": first(record, "object", "clusterobject"),
        "parameter": name,
        "value": value,
        "disk_id": disk_id(value) if name in ("DiskSignature", "DiskIdGuid") else None,
        "kind": first(record, "type", "parametertype"),
        "line": record["line"],
    }


SCREEN = Screen(
    name="get_clusterresource",
    tables=(CLUSTER_RESOURCES, CLUSTER_PARAMETERS),
    command=re.compile(r"(?:get-cluster(?:resource|parameter|availabledisk)|add-clusterdisk)\b"),
    opening=re.compile(
        r"^[ \t]*Name[ \t]+State[ \t]+(?:Owner(?:Group|Node)|Group|ResourceType)\b"
        r"|^(?:IsCoreResource|ResourceType)[ \t]*:"
        r"|^[ \t]*Object[ \t]+Name[ \t]+Value\b|^ClusterObject[ \t]*:",
        re.M,
    ),
    rows=_rows,
    promised=(("HEAD", "PROPERTY"),),
)
