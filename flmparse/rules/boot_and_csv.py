"""ENV006: no pair is a disk that Windows runs from, nor a cluster shared volume."""

from flmparse.columns.selection import dropna, is_true, where
from flmparse.evidence.lines import labelled_lines
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each, position
from flmparse.facts.disks import PARAMETERS, disk_details, disk_numbers
from flmparse.facts.nodes import every_node
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, Check, rule

USES = {"is_boot": "boot", "is_system": "system", "is_pagefile": "pagefile", "is_crashdump": "crash dump"}
LABELS = {
    "is_boot": r"Boot Disk|IsBoot",
    "is_system": r"Volume \d.*\bSystem\b|IsSystem",
    "is_pagefile": r"Pagefile ?Disk",
    "is_crashdump": r"Crashdump ?Disk",
}
"""How the line that says so begins, in `detail disk` and in Get-Disk | Format-List."""

SHARED_VOLUMES = "Get-ClusterSharedVolume"


@rule(
    "ENV006", "environment.no-boot-disk-no-shared-volume", BLOCKER,
    gates="prepare", required="prepare",
    needs=("pairs", "powerpath_devices", "paths", "disks", "shared_volume_listings", "cluster_shared_volumes"),
    reference="white paper page 6: no boot devices, no cluster shared volumes",
)  # fmt: skip
def no_boot_disk_no_shared_volume(check: Check) -> None:
    """No pair device is a boot disk or a cluster shared volume.

    Why: the path redirection of a migration is not supported for either.
    Passes when: on every node `detail disk` or Get-Disk of each pair's disk (harddiskN of powermt is disk N) says that
    it is no boot, system, pagefile or crash dump disk, and Get-ClusterSharedVolume listed no volume, or none on a pair's disk. The
    second half does not apply to Windows Server 2003 and 2008.
    Fails when: a pair's disk is used for one of these.
    Inconclusive when: the display, the disk or the list of shared volumes of a node is not captured, or a shared volume
    can't be joined to a disk.
    Remedy: take the device out of the migration's scope.
    """
    numbers = disk_numbers(check)
    nodes = list(numbers["node"].astype("str").unique())
    every_node(check, nodes, "powermt display", capture="powermt display dev=all")
    columns = ["computer", "disk", "disk_id", *USES, "capture", "line", "block"]
    details = disk_details(check)[columns]
    disks = numbers.merge(details, how="left", on=["computer", "disk"], suffixes=("_shown", ""))
    _uses(check, disks)
    if _before_shared_volumes(check):
        check.note("cluster shared volumes do not apply to this Windows")
    else:
        _shared_volumes(check, disks)
        _mounted(check, disks)
    check.passes(f"{len(numbers)} disks on {len(nodes)} nodes: no boot, system, pagefile or crash dump disk")


def _uses(check: Check, disks: "pd.DataFrame") -> None:
    """State which pair disks Windows uses, and of which that is not known."""
    key = ["pair", "node"]
    unused = ~disks[list(USES)].eq(True).fillna(False).astype(bool).any(axis=1)
    stated = disks["is_boot"].notna() & (disks["is_system"].notna() | disks["is_pagefile"].notna())
    of_disks = disks[key].assign(unused=unused, stated=stated).groupby(key, observed=True)
    plain = of_disks["unused"].transform("all") & of_disks["stated"].transform("any")
    for (pair, node), rows in where(disks, ~plain).groupby(key, observed=True):
        subject, number = Subject.of_pair(pair, node), rows["disk"].iloc[0]
        displayed = [position(row, "_shown") for row in each(rows)]
        uses = [name for name in USES if is_true(rows[name].eq(True)).any()]
        if uses:
            cited = check.cite(*displayed, rows)
            for row in each(rows):
                labelled = (labelled_lines(check, "disks", row, LABELS[name]) for name in uses)
                cited += [line for lines in labelled for line in lines if line not in cited]
            names = " and ".join(USES[name] for name in uses)
            check.fails(subject, f"disk {number} is a {names} disk", cited)
        else:
            message = f"whether disk {number} is a boot, system or pagefile disk is not captured"
            check.inconclusive(subject, message, table="disks", evidence=check.cite(*displayed))


def _before_shared_volumes(check: Check) -> bool:
    """Whether the cluster is known to run Windows Server 2003 or 2008, before R2, and nothing says otherwise."""
    before = set()
    if check.manifest.os:
        os = check.manifest.os
        before.add("2003" in os or ("2008" in os and "R2" not in os.upper()))
    for table in ("diskpart_sessions", "windows_versions"):
        before |= {version.startswith(("5.2", "6.0")) for version in check.history(table)["version"].dropna()}
    return before == {True}


def _shared_volumes(check: Check, disks: "pd.DataFrame") -> None:
    """State which pairs are among the listed cluster shared volumes."""
    try:
        listings = check.require("shared_volume_listings")
    except MissingEvidence as missing:
        check.inconclusive("cluster", missing.message, capture=SHARED_VOLUMES)
        return
    if not listings["complete"].fillna(False).all():
        message = "nothing proves that all cluster shared volumes are listed"
        check.inconclusive("cluster", message, capture=SHARED_VOLUMES, evidence=check.cite(listings))
    listed = check.history("cluster_shared_volumes")
    listed = where(listed, listed["block"].isin(listings["block"]))
    if not len(listed):
        if listings["volumes"].eq(0).all():
            check.note("no cluster shared volume is listed")
        return
    parameters = dropna(check.optional("cluster_parameters"), ["disk_id"])
    all_identified = disks["disk_id"].notna().all()
    for volume in each(listed):
        identity = where(parameters, parameters["resource"] == volume.name)
        on_volume = where(disks, disks["disk_id"].isin(identity["disk_id"]))
        for pair, rows in on_volume.groupby("pair", observed=True):
            message = f"is the cluster shared volume {volume.name}"
            check.fails(Subject.of_pair(pair), message, check.cite(volume, identity, rows))
        if not len(on_volume) and not (len(identity) and all_identified):
            message = "no capture tells which disk this cluster shared volume is on"
            check.inconclusive(str(volume.name), message, capture=PARAMETERS, evidence=check.cite(volume))


def _mounted(check: Check, disks: "pd.DataFrame") -> None:
    """State which pair disks hold a volume of the shared volumes' file system."""
    volumes = dropna(check.optional("volumes"), ["disk"])
    mounted = volumes["mounted_at"].astype("str").str.contains("ClusterStorage", case=False, regex=False)
    volumes = where(volumes, volumes["file_system"].eq("CSVFS").fillna(False) | mounted)
    on_disk = disks.merge(volumes[["block", "disk", "capture", "line"]], on=["block", "disk"], suffixes=("", "_volume"))
    for row in each(on_disk):
        message = f"disk {row.disk} holds a cluster shared volume"
        check.fails(Subject.of_pair(row.pair, row.node), message, check.cite(row, position(row, "_volume")))
