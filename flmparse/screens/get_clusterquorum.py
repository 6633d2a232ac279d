"""``Get-ClusterQuorum``: the quorum of the cluster and the resource that is its witness.

cluster1                   Cluster Disk 1                   NodeAndDiskMajority
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.powershell import records
from flmparse.tables.windows import CLUSTER_QUORUMS


def _rows(page: Page) -> dict[str, Rows]:
    quorums = []
    for record in records(page, "QUORUM"):
        quorum = {"cluster": record.get("cluster"), "resource": record.get("quorumresource")}
        quorums.append(quorum | {"quorum_type": record.get("quorumtype"), "line": record["line"]})
        if not quorum["cluster"]:
            page.doubt(record["line"], "a quorum without its cluster")
    return {CLUSTER_QUORUMS.name: from_records(quorums)}


SCREEN = Screen(
    name="get_clusterquorum",
    tables=(CLUSTER_QUORUMS,),
    command=re.compile(r"get-clusterquorum\b"),
    opening=re.compile(r"^[ \t]*Cluster[ \t]+QuorumResource\b|^QuorumResource[ \t]*:", re.M),
    rows=_rows,
    promised=(("HEAD", "PROPERTY"),),
)
