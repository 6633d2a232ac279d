"""``cluster.log``: what the cluster service wrote about physical disks and their reservations.

    00002904.00001040::2012/05/26-09:05:07.123 WARN  [RES] Physical Disk <Cluster Disk 1>: Failed to preempt reservation, status 170

Lines of other resources and components are noise.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.multipath import CLUSTER_LOG


def _rows(page: Page) -> dict[str, Rows]:
    lines = [{**page.fields(token), "line": page.line_of(token)} for token in page.all("DISK")]
    return {CLUSTER_LOG.name: from_records(lines)}


SCREEN = Screen(
    name="cluster_log",
    tables=(CLUSTER_LOG,),
    command=re.compile(r"get-clusterlog\b"),
    opening=re.compile(r"^[ \t]*(?:\[[A-Za-z]+\][ ])?[0-9a-f]{8}\.[0-9a-f]{8}::[ ]?[\dY]{4}/", re.M),
    rows=_rows,
    promised=(("DISK",),),
)
