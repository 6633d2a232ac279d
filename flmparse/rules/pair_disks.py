"""Which disk of Windows, and which resource of the cluster, a pair is. No rule stands here.

Disk N of DiskPart or Get-Disk is ``harddiskN`` of that node's powermt (DESIGN.md section 10, item 4); a cluster
resource is the disk whose signature or GUID it keeps. Both are taken from gate prepare: later the numbers may change.
"""

from typing import TYPE_CHECKING

from flmparse.columns.selection import drop_duplicates, dropna, merge, where
from flmparse.evidence.migration import Missing, host_name
from flmparse.rules import displays
from flmparse.rules.rule import Inquiry, each
from flmparse.terms import Gate

if TYPE_CHECKING:
    import pandas as pd

PARAMETERS = 'Get-ClusterResource "<disk>" | Get-ClusterParameter'
DETAIL = "diskpart: select disk <N>, then detail disk"


def at_prepare(ask: Inquiry, table: str) -> "pd.DataFrame":
    """Return the rows of a table that stood at gate prepare, counted as read; raises Missing where there are none."""
    try:
        return ask.read(ask.migration.at(Gate.PREPARE).newest(table))
    except Missing as missing:
        raise Missing(f"of gate {Gate.PREPARE.word}: {missing.message}", *missing.captures) from None


def numbered(ask: Inquiry) -> "pd.DataFrame":
    """Return the disk of each pair on each node: ``pair``, ``node``, ``computer`` (to compare by), ``disk``, place.

    What no display tells (no pseudo name, no node, no path) becomes a gap; raises Missing without any display.
    """
    import pandas as pd

    shown = displays.standing_at(ask, Gate.PREPARE, by_port=False)
    displays.every_pair(ask, shown)
    heads = shown.devices.copy()
    heads["disk"] = pd.to_numeric(heads["pseudo"].astype("str").str.extract(r"^harddisk(\d{1,6})$")[0]).astype("Int64")
    for row in each(heads, heads["node"].isna()):
        ask.gap(str(row.pair), "the display does not tell of which node it is", table="paths", evidence=ask.cite(row))
    heads = where(heads, heads["node"].notna())
    for row in each(heads, heads["disk"].isna()):
        message = f"its pseudo device {row.pseudo} names no disk of Windows"
        ask.gap(displays.subject(row.pair, row.node), message, table="paths", evidence=ask.cite(row))
    kept = dropna(heads, ["disk"])
    kept = kept.assign(computer=kept["node"].astype("str").map(host_name))
    return kept[["pair", "node", "computer", "disk", "capture", "line", "block"]].reset_index(drop=True)


def detailed(ask: Inquiry) -> "pd.DataFrame":
    """Return the disks that Get-Disk or `detail disk` told of at prepare, with ``computer`` to compare by."""
    disks = at_prepare(ask, "disks")
    disks = where(disks, disks["told_by"].isin(["detail disk", "Get-Disk"]) & disks["disk"].notna())
    named = disks["computer"].astype("object").where(disks["computer"].notna(), disks["node"].astype("object"))
    return disks.assign(computer=named.map(lambda name: host_name(name) if isinstance(name, str) else None))


def resources(ask: Inquiry) -> "pd.DataFrame":
    """Return the cluster resource of each pair: ``pair``, ``resource``, ``disk_id``; a gap for a pair without one."""
    disks = merge(numbered(ask),
        dropna(detailed(ask)[["computer", "disk", "disk_id"]]), on=["computer", "disk"]
    )  # fmt: skip
    kept = drop_duplicates(dropna(at_prepare(ask, "cluster_parameters")[["resource", "disk_id"]]))
    found = merge(drop_duplicates(disks[["pair", "disk_id"]]), kept, on="disk_id")
    found = found.assign(pair=found["pair"].astype("str"))
    kinds = found.groupby("pair", sort=False)[["disk_id", "resource"]].nunique().max(axis=1).to_dict()
    numbers = set(disks["pair"].astype("str"))
    for pair in ask.pairs()["pair"].tolist():
        if pair not in kinds:
            capture = DETAIL if pair not in numbers else PARAMETERS
            ask.gap(pair, "no capture tells which cluster disk it is", capture=capture)
        elif kinds[pair] > 1:
            ask.gap(pair, "captures contradict each other about which cluster disk it is", capture=DETAIL)
    return found[["pair", "resource", "disk_id"]]
