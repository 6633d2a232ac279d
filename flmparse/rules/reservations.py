"""CLU003 to CLU005: SCSI-3 persistent reservations, by which the cluster decides who owns a disk."""

from typing import TYPE_CHECKING

from flmparse.collection import ReadBlock
from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, group_rows, merge, where
from flmparse.evidence.migration import Missing
from flmparse.evidence.timeline import before
from flmparse.rules import displays
from flmparse.rules.cluster import contradicted, every_node
from flmparse.rules.displays import some
from flmparse.rules.listings import covers, newest_rows, printed
from flmparse.rules.rule import BLOCKER, WARNING, Inquiry, each, rule
from flmparse.tables import table_named

if TYPE_CHECKING:
    import pandas as pd

MOST_REGISTRATIONS = 340
"""Registrations that the array keeps for one device; each initiator counts once on each port."""

WINDOWS_2003 = "5.2"
KEYS = "symdev -sid <sid> list -pgr"


def _windows_2003(ask: Inquiry) -> bool | None:
    """Whether the cluster runs Windows Server 2003, by the manifest and what the nodes said; None: not known."""
    told = set()
    if ask.manifest.os:
        told.add("2003" in ask.manifest.os)
    for name in ("diskpart_sessions", "windows_versions"):
        told |= {version.startswith(WINDOWS_2003) for version in ask.standing.history(name)["version"].dropna()}
    return told.pop() if len(told) == 1 else None


def _leave_on_2003(ask: Inquiry) -> None:
    if _windows_2003(ask):
        ask.not_applicable("clusters of Windows Server 2003 reserve by SCSI-2: no persistent reservation")


def _sides(pairs: "pd.DataFrame") -> "pd.DataFrame":
    """Return a row for the target and one for the source of every pair: pair, side, symmetrix, number."""
    import pandas as pd

    sides = [
        pairs[["pair", f"{side}_symmetrix", f"{side}_device"]]
        .set_axis(["pair", "symmetrix", "number"], axis=1)
        .assign(side=side)
        for side in ("target", "source")
    ]
    return pd.concat(sides, ignore_index=True)


@rule(
    "CLU003", "cluster.persistent-reservation-enabled", BLOCKER,
    gates="prepare ready", needs=("pairs", "device_details", "diskpart_sessions", "windows_versions"),
    reference="white paper page 5; Windows Server 2008 clusters need SCSI-3 persistent reservation",
)  # fmt: skip
def persistent_reservation_enabled(ask: Inquiry) -> None:
    """SCSI-3 persistent reservation is enabled on the source and the target of every pair.

    Why: a cluster from Windows Server 2008 on owns its disks by persistent reservation; a target without it loses the
    disk at activate.
    Passes when: `symdev show` of every pair device says SCSI-3 Persistent Reserve: Enabled. Clusters of 2003 reserve by
    SCSI-2; to them the rule does not apply.
    Fails when: it is disabled on a source or target.
    Inconclusive when: a device is not captured, or it is disabled and nothing tells which Windows the cluster runs.
    Remedy: set the attribute SCSI3_persist_reserv on the device before it is masked.
    """
    _leave_on_2003(ask)
    details = dropna(ask.need("device_details"), ["symmetrix", "device"])
    joined = merge(
        _sides(ask.pairs()),
        details[["symmetrix", "device", "scsi3_persistent_reserve", "capture", "line", "block"]],
        how="left",
        left_on=["symmetrix", "number"],
        right_on=["symmetrix", "device"],
    )
    enabled = joined["scsi3_persistent_reserve"]
    for row in each(joined, enabled.isna()):
        message = f"SCSI-3 Persistent Reserve of {row.side} {row.number} is not captured"
        ask.gap(str(row.pair), message, capture=f"symdev -sid <{row.side}> show <device>")
    for row in each(joined, enabled.eq(False).fillna(False).astype(bool)):
        cited = printed(ask, "device_details", row, "SCSI-3 Persistent Reserve")
        message = f"SCSI-3 Persistent Reserve is disabled on {row.side} {row.number}"
        if _windows_2003(ask) is None:
            message += ", which is right only on Windows Server 2003; which Windows the cluster runs is not known"
            ask.gap(str(row.pair), message, capture="[cluster] os", evidence=cited)
        else:
            ask.fails(str(row.pair), message, cited)
    ask.holds(f"SCSI-3 Persistent Reserve is enabled on {len(joined)} devices")


@rule(
    "CLU004", "cluster.registrations-below-limit", WARNING,
    gates="ready", needs=("pairs", "paths", "powerpath_devices", "persistent_reservations"),
    reference="practice: 340 registrations per device, one for each path",
)  # fmt: skip
def registrations_below_limit(ask: Inquiry) -> None:
    """No disk has more persistent-reservation registrations than an array keeps for one device.

    Why: a node whose registration is refused cannot take the disk over.
    Passes when: every node of the cluster was captured and each pair has at most 340 combinations of node, adapter and
    port in `powermt display` (both arrays count while both are presented), and at most 340 keys where they are listed.
    Fails when: a pair has more (a warning).
    Inconclusive when: the display of a node is missing, or the number of nodes is not known.
    Remedy: reduce the paths of each disk.
    """
    _leave_on_2003(ask)
    shown = displays.now(ask, by_port=False)
    reads = [read for mine in shown.blocks.values() for read in mine]
    nodes = [read.node for read in reads if not contradicted(ask, read)]
    every_node(ask, nodes, "powermt display", capture="powermt display dev=all")
    displays.every_pair(ask, shown)
    paths = drop_duplicates(shown.paths, ["pair", "computer", "hba", "port"])
    counts = paths.groupby("pair", observed=True).size()
    paths_of = GroupIndex(paths, "pair")
    for pair, count in counts[counts > MOST_REGISTRATIONS].items():
        rows = paths_of(pair)
        message = f"{count} registrations by {rows['computer'].nunique()} nodes, more than {MOST_REGISTRATIONS}"
        ask.fails(str(pair), message, some(ask, rows))
    _listed_registrations(ask)
    most = int(counts.max()) if len(counts) else 0
    ask.holds(f"at most {most} registrations on a pair, {MOST_REGISTRATIONS} are allowed")


def _listed_registrations(ask: Inquiry) -> None:
    listed = ask.have("persistent_reservations")[["symmetrix", "device", "capture", "line"]]
    listed = dropna(listed, ["symmetrix", "device"])
    joined = merge(_sides(ask.pairs()), listed, left_on=["symmetrix", "number"], right_on=["symmetrix", "device"])
    for side in ("target", "source"):
        mine = where(joined, joined["side"] == side)
        counts = mine.groupby("pair").size()
        listed_on = GroupIndex(mine, "pair")
        for pair, count in counts[counts > MOST_REGISTRATIONS].items():
            message = f"{count} registrations are listed on its {side}, more than {MOST_REGISTRATIONS}"
            ask.fails(str(pair), message, some(ask, listed_on(pair)))


@rule(
    "CLU005", "cluster.reservation-follows", BLOCKER,
    gates="copying", needs=("pairs", "persistent_reservations", "operations"),
    reference="white paper page 5: 5876 migrates the persistent reservation",
)  # fmt: skip
def reservation_follows(ask: Inquiry) -> None:
    """After activate the target holds the registrations of the cluster and one reservation.

    Why: a node whose key is missing on the target loses the disk at the next arbitration.
    Passes when: `symdev list -pgr` (layout unproven) shows on each target after activate the keys that its source held
    before it, no other one, and one holder of the reservation.
    Fails when: a key is missing or foreign, or several keys, or none, hold the reservation.
    Inconclusive when: the keys of the source before activate or of the target after it are not captured. To clusters of
    2003 the rule does not apply.
    Remedy: fail the group over in a window; Clear-ClusterDiskReservation is the last resort.
    """
    _leave_on_2003(ask)
    pairs = ask.pairs()
    after, lists = ask.need("persistent_reservations"), _fresh_lists(ask)
    held = _keys_of(pairs, "source", _before_activate(ask))
    holds = _keys_of(pairs, "target", after)
    for index in sorted({*held["block"], *holds["block"]}):
        if not ask.block(index).reading.whole:
            read = ask.block(index)
            message = "nothing proves that no registration is missing at its end"
            ask.gap(f"{read.capture.name}:{read.first_line}", message, capture=KEYS, evidence=ask.cite(read))
    for row in each(pairs, ~pairs["pair"].isin(held["pair"])):
        message = f"no registration on source {row.source_device} from before activate is captured"
        ask.gap(str(row.pair), message, capture=KEYS.replace("<sid>", "<source>"))
    known = where(pairs, pairs["pair"].isin(held["pair"]))
    bare = where(known, ~known["pair"].isin(holds["pair"]))
    held_for = GroupIndex(held, "pair")
    for row in each(bare):
        whole = [read for read in lists if covers(read, str(row.target_symmetrix), str(row.target_device))]
        message = f"target {row.target_device} holds no registration, its source held {_keys(held_for(row.pair))}"
        if whole:
            cited = ask.cite(*whole, held_for(row.pair))
            ask.fails(str(row.pair), message, cited, absent_from="persistent_reservations")
        else:
            ask.gap(str(row.pair), f"no registration on target {row.target_device} is captured", capture=KEYS)
    both = known["pair"][~known["pair"].isin(bare["pair"])]
    held, holds = where(held, held["pair"].isin(both)), where(holds, holds["pair"].isin(both))
    _same_keys(ask, held, holds)
    _one_holder(ask, held, holds)
    ask.holds(f"{len(both)} targets hold the keys of their sources and one reservation each")


def _fresh_lists(ask: Inquiry) -> list[ReadBlock]:
    """Return the listings of keys from after activate."""
    spec = table_named("persistent_reservations")
    lists = [read for read in ask.standing.blocks if spec.name in read.reading.frames]
    return [read for read in lists if not ask.standing.stale(read, spec)]


def _before_activate(ask: Inquiry) -> "pd.DataFrame":
    """Return the last registrations listed before the first activate; raises Missing without an activate."""
    steps = ask.standing.step("activate")
    if not steps:
        raise Missing("not captured: the log of activate", "the log of symrcopy -f <pair file> activate")
    history = dropna(ask.standing.history("persistent_reservations"), ["symmetrix", "device", "key"])
    earlier = [index for index in history["block"].unique() if before(ask.block(index), steps[0]) is True]
    return ask.read(newest_rows(ask, where(history, history["block"].isin(earlier)), "symmetrix", "device"))


def _keys_of(pairs: "pd.DataFrame", side: str, rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return the registrations on one side of each pair: pair, number, key, holder, place."""
    named = pairs[["pair", f"{side}_symmetrix", f"{side}_device"]].set_axis(["pair", "symmetrix", "number"], axis=1)
    rows = dropna(rows, ["symmetrix", "device", "key"])
    joined = merge(named, rows, left_on=["symmetrix", "number"], right_on=["symmetrix", "device"])
    return joined[["pair", "number", "key", "holder", "capture", "line", "block"]]


def _keys(rows: "pd.DataFrame") -> str:
    return ", ".join(sorted(rows["key"].unique()))


def _same_keys(ask: Inquiry, held: "pd.DataFrame", holds: "pd.DataFrame") -> None:
    """State which keys of the sources are missing on the targets, and which keys there are foreign."""
    names = ["pair", "key"]
    joined = merge(drop_duplicates(held[names]), drop_duplicates(holds[names]), how="outer", indicator="found")
    held_for, holding = GroupIndex(held, "pair"), GroupIndex(holds, "pair")
    for pair, rows in group_rows(where(joined, joined["found"] != "both"), "pair"):
        lost, foreign = (", ".join(rows["key"][rows["found"] == kind]) for kind in ("left_only", "right_only"))
        told = [f"lacks the keys {lost} of its source"] if lost else []
        told += [f"holds foreign keys {foreign}"] if foreign else []
        theirs, mine = held_for(pair), holding(pair)
        message = f"target {mine['number'].iloc[0]} {' and '.join(told)}"
        cited = ask.cite(theirs, mine)
        if _whole(ask, theirs, mine):
            ask.fails(str(pair), message, cited, absent_from="persistent_reservations")
        else:
            ask.gap(str(pair), message, capture=KEYS, evidence=cited)


def _whole(ask: Inquiry, *rows: "pd.DataFrame") -> bool:
    """Whether the listings that hold these rows are whole."""
    return all(ask.block(index).reading.whole for part in rows for index in part["block"].unique())


def _one_holder(ask: Inquiry, held: "pd.DataFrame", holds: "pd.DataFrame") -> None:
    """State which targets have not exactly one holder of the reservation."""
    owners = where(holds, holds["holder"].fillna(False).astype(bool)).groupby("pair")["key"].nunique()
    told = holds["holder"].notna().groupby(holds["pair"]).all()
    held_for, holding = GroupIndex(held, "pair"), GroupIndex(holds, "pair")
    for pair in told.index[~told.index.isin(owners.index[owners == 1])]:
        mine = holding(pair)
        count = int(owners.get(pair, 0))
        cited = ask.cite(mine)
        if count > 1:
            ask.fails(str(pair), f"{count} keys hold the reservation of target {mine['number'].iloc[0]}", cited)
            continue
        theirs = held_for(pair)
        theirs = where(theirs, theirs["holder"].fillna(False).astype(bool))
        message = f"no key holds the reservation of target {mine['number'].iloc[0]}"
        if told[pair] and len(theirs) and _whole(ask, mine):
            cited += ask.cite(theirs)
            ask.fails(str(pair), f"{message}, on its source one did", cited, absent_from="persistent_reservations")
        else:
            ask.gap(str(pair), f"{message}, by a listing that may not tell", capture=KEYS, evidence=cited)
