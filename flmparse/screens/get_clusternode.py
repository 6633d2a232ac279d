"""``Get-ClusterNode``: the nodes of the cluster and whether they are up.

    node1           1     Up

Table and list (Format-List) are read. The screen has no end.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.powershell import first, records
from flmparse.tables.windows import CLUSTER_NODES


def _rows(page: Page) -> dict[str, Rows]:
    nodes = []
    for record in records(page, "NODE"):
        name = first(record, "name", "nodename")
        nodes.append({"name": name, "node_id": record.get("id"), "state": record.get("state"), "line": record["line"]})
        if not name or not record.get("state"):
            page.doubt(record["line"], "a node without its name or state")
    return {CLUSTER_NODES.name: from_records(nodes)}


SCREEN = Screen(
    name="get_clusternode",
    tables=(CLUSTER_NODES,),
    command=re.compile(r"get-clusternode\b"),
    opening=re.compile(
        r"^[ \t]*Name[ \t]+(?:(?:ID|Id)[ \t]+)?State(?:[ \t]+Type)?[ \t]*$"
        r"|^(?:NodeName|NodeWeight|NodeHighestVersion)[ \t]*:",
        re.M,
    ),
    rows=_rows,
    promised=(("HEAD", "PROPERTY"),),
)
