"""ENV006: no pair is a disk that Windows runs from, nor a cluster shared volume."""

from flmparse.columns.selection import dropna, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.facts import disks as pair_disks
from flmparse.facts.captured import printed
from flmparse.facts.nodes import every_node
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, Check, rule

USES = {"is_boot": "boot", "is_system": "system", "is_pagefile": "pagefile"}
LABELS = {
    "is_boot": r"Boot Disk|IsBoot",
    "is_system": r"Volume \d.*\bSystem\b|IsSystem",
    "is_pagefile": r"Pagefile ?Disk",
}
"""How the line begins that tells it, in `detail disk` and in Get-Disk | Format-List."""

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
    it is no boot, system or pagefile disk, and Get-ClusterSharedVolume listed no volume, or none on a pair's disk. The
    second half does not apply to Windows Server 2003 and 2008.
    Fails when: a pair's disk is used for one of these.
    Inconclusive when: the display, the disk or the list of shared volumes of a node is not captured, or a shared volume
    can't be joined to a disk.
    Remedy: take the device out of the migration's scope.
    """
    numbered = pair_disks.disk_numbers(check)
    every_node(
        check, list(numbered["node"].astype("str").unique()), "powermt display", capture="powermt display dev=all"
    )
    details = pair_disks.disk_details(check)
    columns = ["computer", "disk", "disk_id", *USES, "capture", "line", "block"]
    joined = numbered.merge(details[columns], how="left", on=["computer", "disk"], suffixes=("_shown", ""))
    _uses(check, joined)
    if _before_shared_volumes(check):
        check.note("cluster shared volumes do not apply to this Windows")
    else:
        _shared_volumes(check, joined)
        _mounted(check, joined)
    check.passes(f"{len(numbered)} disks on {numbered['node'].nunique()} nodes: no boot, system or pagefile disk")


def _uses(check: Check, joined: "pd.DataFrame") -> None:
    """State which pair disks Windows uses, and of which that is not known."""
    key = ["pair", "node"]
    unused = ~joined[list(USES)].eq(True).fillna(False).astype(bool).any(axis=1)
    known = joined["is_boot"].notna() & (joined["is_system"].notna() | joined["is_pagefile"].notna())
    of_disks = joined[key].assign(unused=unused, known=known).groupby(key, observed=True)
    plain = of_disks["unused"].transform("all") & of_disks["known"].transform("any")
    for (pair, node), rows in where(joined, ~plain).groupby(key, observed=True):
        subject = Subject.of_pair(pair, node)
        number = rows["disk"].iloc[0]
        place = rows.rename(columns={"capture": "_", "line": "__", "capture_shown": "capture", "line_shown": "line"})
        used = [name for name in USES if rows[name].eq(True).fillna(False).any()]
        if used:
            names = " and ".join(USES[name] for name in used)
            cited = check.cite(place, rows)
            for row in each(rows):
                labels = [printed(check, "disks", row, LABELS[name]) for name in used]
                cited += [item for told in labels for item in told if item not in cited]
            check.fails(subject, f"disk {number} is a {names} disk", cited)
            continue
        message = f"whether disk {number} is a boot, system or pagefile disk is not captured"
        check.inconclusive(subject, message, table="disks", evidence=check.cite(place))


def _before_shared_volumes(check: Check) -> bool:
    """Whether the cluster is known to run Windows Server 2003 or 2008, before R2, and nothing says otherwise."""
    told = set()
    if check.manifest.os:
        os = check.manifest.os
        told.add("2003" in os or ("2008" in os and "R2" not in os.upper()))
    for name in ("diskpart_sessions", "windows_versions"):
        told |= {version.startswith(("5.2", "6.0")) for version in check.history(name)["version"].dropna()}
    return told == {True}


def _shared_volumes(check: Check, joined: "pd.DataFrame") -> None:
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
    whole = joined["disk_id"].notna().all()
    for volume in each(listed):
        identity = where(parameters, parameters["resource"] == volume.name)
        mine = where(joined, joined["disk_id"].isin(identity["disk_id"]))
        for pair, rows in mine.groupby("pair", observed=True):
            message = f"is the cluster shared volume {volume.name}"
            check.fails(Subject.of_pair(pair), message, check.cite(volume, identity, rows))
        if not len(mine) and not (len(identity) and whole):
            message = "no capture tells which disk this cluster shared volume is on"
            check.inconclusive(str(volume.name), message, capture=pair_disks.PARAMETERS, evidence=check.cite(volume))


def _mounted(check: Check, joined: "pd.DataFrame") -> None:
    """State which pair disks hold a volume of the shared volumes' file system."""
    volumes = dropna(check.optional("volumes"), ["disk"])
    at = volumes["mounted_at"].astype("str").str.contains("ClusterStorage", case=False, regex=False)
    volumes = where(volumes, volumes["file_system"].eq("CSVFS").fillna(False) | at)
    found = joined.merge(volumes[["block", "disk", "capture", "line"]], on=["block", "disk"], suffixes=("", "_volume"))
    for row in each(found):
        cited = [*check.cite(row), check.quote(str(row.capture_volume), int(row.line_volume), int(row.line_volume))]
        check.fails(Subject.of_pair(row.pair, row.node), f"disk {row.disk} holds a cluster shared volume", cited)
