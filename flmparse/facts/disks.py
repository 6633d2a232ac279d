"""Which disk of PowerPath, of Windows and of the cluster a pair is.

Disk N of DiskPart or Get-Disk is ``harddiskN`` of that node's powermt (DESIGN.md section 10, item 4); a cluster
resource is the disk whose signature or GUID it keeps. Both are taken from gate prepare: later the numbers may change.
"""

from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.migration import Migration, MissingEvidence
from flmparse.evidence.reader import EvidenceReader, each, fact
from flmparse.facts import displays
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.terms import host_name

PARAMETERS = 'Get-ClusterResource "<disk>" | Get-ClusterParameter'
DETAIL = "diskpart: select disk <N>, then detail disk"


def at_prepare(evidence: EvidenceReader, table: str) -> "pd.DataFrame":
    """Return the newest rows of a table at gate prepare, counted as read; raises MissingEvidence where there are none."""
    try:
        return evidence.count_as_read(evidence.migration.at(Gate.PREPARE).newest(table))
    except MissingEvidence as missing:
        raise MissingEvidence(f"of gate {Gate.PREPARE.word}: {missing.message}", *missing.captures) from None


@fact
def disk_numbers(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return which disk of Windows each pair is on each node.

    Columns: ``pair``, ``node``, ``computer`` (the node's name for comparisons), ``disk``, ``capture``, ``line``, ``block``.
    What no display shows (no pseudo name, no node, no path) becomes a gap; raises MissingEvidence without any display.
    """
    shown_at_prepare = displays.standing_at(evidence, Gate.PREPARE, by_port=False)
    displays.every_pair(evidence, shown_at_prepare)
    heads = shown_at_prepare.devices.copy()
    heads["disk"] = pd.to_numeric(heads["pseudo"].astype("str").str.extract(r"^harddisk(\d{1,6})$")[0]).astype("Int64")
    for row in each(heads, heads["node"].isna()):
        message = "the display does not tell of which node it is"
        evidence.inconclusive(Subject.of_pair(row.pair), message, table="paths", evidence=evidence.cite(row))
    heads = dropna(heads, ["node"])
    for row in each(heads, heads["disk"].isna()):
        named = isinstance(row.pseudo, str)
        message = f"its pseudo device {row.pseudo} names no disk of Windows" if named else "it has no pseudo device"
        evidence.inconclusive(Subject.of_pair(row.pair, row.node), message, table="paths", evidence=evidence.cite(row))
    heads = dropna(heads, ["disk"])
    heads = heads.assign(computer=heads["node"].astype("str").map(host_name))
    return heads[["pair", "node", "computer", "disk", "capture", "line", "block"]].reset_index(drop=True)


@fact
def disk_details(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the disks that Get-Disk or `detail disk` described at prepare, with ``computer`` as in `disk_numbers`."""
    disks = at_prepare(evidence, "disks")
    disks = where(disks, disks["told_by"].isin(["detail disk", "Get-Disk"]) & disks["disk"].notna())
    names = disks["computer"].astype("object").where(disks["computer"].notna(), disks["node"].astype("object"))
    return disks.assign(computer=names.map(lambda name: host_name(name) if isinstance(name, str) else None))


@fact
def disk_resources(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the cluster resource of each pair: ``pair``, ``resource``, ``disk_id``; a gap for a pair without one."""
    numbers, details = disk_numbers(evidence), disk_details(evidence)
    disks = numbers.merge(dropna(details[["computer", "disk", "disk_id"]]), on=["computer", "disk"])
    parameters = drop_duplicates(dropna(at_prepare(evidence, "cluster_parameters")[["resource", "disk_id"]]))
    resources = drop_duplicates(disks[["pair", "disk_id"]]).merge(parameters, on="disk_id")
    resources = resources.assign(pair=resources["pair"].astype("str"))
    kinds = resources.groupby("pair", sort=False)[["disk_id", "resource"]].nunique().max(axis=1).to_dict()
    with_disk = set(disks["pair"].astype("str"))
    for pair in evidence.pairs()["pair"].tolist():
        if pair not in kinds:
            capture = PARAMETERS if pair in with_disk else DETAIL
            evidence.inconclusive(Subject.of_pair(pair), "no capture tells which cluster disk it is", capture=capture)
        elif kinds[pair] > 1:
            message = "captures contradict each other about which cluster disk it is"
            evidence.inconclusive(Subject.of_pair(pair), message, capture=DETAIL)
    return resources[["pair", "resource", "disk_id"]]


def disks_of_pairs(devices: "pd.DataFrame", pairs: "pd.DataFrame", side: str) -> "pd.DataFrame":
    """Return the PowerPath devices that show the identity of a pair's ``side`` (source or target), with ``pair``."""
    keys = [f"{side}_symmetrix", f"{side}_device"]
    wanted = dropna(pairs[["pair", *keys]])
    identified = dropna(devices.assign(symmetrix=devices["symmetrix"].astype("str")), ["symmetrix", "device"])
    return identified.merge(wanted, left_on=["symmetrix", "device"], right_on=keys, how="inner")


def pairs_not_in_display(
    evidence: EvidenceReader, devices: "pd.DataFrame", disks: "pd.DataFrame"
) -> "list[tuple[Output | None, Any]]":
    """Return each pair (a record of `pairs`) that a computer's displays lack, with the broadest of these displays or None."""
    if not len(devices):
        return [(None, row) for row in evidence.pairs().itertuples()]
    missing = evidence.once(_not_in_display, evidence.migration, evidence.pairs(), devices, disks)
    return [(evidence.output(row.broadest), row) for row in each(missing)]


def _not_in_display(
    migration: Migration, pairs: "pd.DataFrame", devices: "pd.DataFrame", disks: "pd.DataFrame"
) -> "pd.DataFrame":
    computers = drop_duplicates(devices[["block"]].assign(computer=migration.once(migration.computers, devices)))
    narrowed = [bool(Answer(migration.collection.outputs[int(index)]).narrowed_by) for index in computers["block"]]
    broadest = computers.assign(narrowed=narrowed).sort_values("narrowed", kind="stable").drop_duplicates("computer")
    broadest = broadest.sort_index()[["computer", "block"]].rename(columns={"block": "broadest"})
    listed = drop_duplicates(disks[["block", "pair"]].merge(computers, on="block")[["computer", "pair"]])
    if len(listed) == len(broadest) * len(pairs) and pairs["pair"].is_unique:
        return pairs.iloc[:0]
    joined = broadest.merge(pairs, how="cross").merge(listed, how="left", on=["computer", "pair"], indicator="listed")
    return where(joined, joined["listed"] == "left_only")
