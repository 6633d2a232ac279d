"""``Get-ClusterGroup``: the groups of the cluster, with owner and state.

    Cluster Group     node1     Online

Table and list (Format-List) are read. The screen has no end.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.powershell import first, records
from flmparse.tables.windows import CLUSTER_GROUPS


def _rows(page: Page) -> dict[str, Rows]:
    groups = []
    for record in records(page, "GROUP"):
        name, owner = record.get("name"), first(record, "ownernode", "node")
        groups.append({"name": name, "owner": owner, "state": record.get("state"), "line": record["line"]})
        if not name or not record.get("state"):
            page.doubt(record["line"], "a group without its name or state")
    return {CLUSTER_GROUPS.name: from_records(groups)}


SCREEN = Screen(
    name="get_clustergroup",
    tables=(CLUSTER_GROUPS,),
    command=re.compile(r"get-clustergroup\b"),
    opening=re.compile(r"^[ \t]*Name[ \t]+OwnerNode[ \t]+State[ \t]*$|^(?:GroupType|IsCoreGroup)[ \t]*:", re.M),
    rows=_rows,
    promised=(("HEAD", "PROPERTY"),),
)
