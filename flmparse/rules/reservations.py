"""CLU003 to CLU005: SCSI-3 persistent reservations, by which the cluster decides who owns a disk."""

from flmparse.collection import Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before
from flmparse.facts import displays
from flmparse.facts.captured import newest_rows, printed
from flmparse.facts.nodes import contradicted, every_node
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.tables import table_named

MOST_REGISTRATIONS = 340
"""Registrations that the array keeps for one device; each initiator counts once on each port."""

WINDOWS_2003 = "5.2"
KEYS = "symdev -sid <sid> list -pgr"


def _windows_2003(check: Check) -> bool | None:
    """Whether the cluster runs Windows Server 2003, by the manifest and what the nodes said; None: not known."""
    told = set()
    if check.manifest.os:
        told.add("2003" in check.manifest.os)
    for name in ("diskpart_sessions", "windows_versions"):
        told |= {version.startswith(WINDOWS_2003) for version in check.at_gate.history(name)["version"].dropna()}
    return told.pop() if len(told) == 1 else None


def _leave_on_2003(check: Check) -> None:
    if _windows_2003(check):
        check.not_applicable("clusters of Windows Server 2003 reserve by SCSI-2: no persistent reservation")


def _sides(pairs: "pd.DataFrame") -> "pd.DataFrame":
    """Return a row for the target and one for the source of every pair: pair, side, symmetrix, number, name."""
    sides = [
        pairs[["pair", f"{side}_symmetrix", f"{side}_device", f"{side}_name"]]
        .set_axis(["pair", "symmetrix", "number", "name"], axis=1)
        .assign(side=side)
        for side in ("target", "source")
    ]
    return pd.concat(sides, ignore_index=True)


@rule(
    "CLU003", "cluster.persistent-reservation-enabled", BLOCKER,
    gates="prepare ready", needs=("pairs", "device_details", "diskpart_sessions", "windows_versions"),
    reference="white paper page 5; Windows Server 2008 clusters need SCSI-3 persistent reservation",
)  # fmt: skip
def persistent_reservation_enabled(check: Check) -> None:
    """SCSI-3 persistent reservation is enabled on the source and the target of every pair.

    Why: a cluster from Windows Server 2008 on owns its disks by persistent reservation; a target without it loses the
    disk at activate.
    Passes when: `symdev show` of every pair device says SCSI-3 Persistent Reserve: Enabled. Clusters of 2003 reserve by
    SCSI-2; to them the rule does not apply.
    Fails when: it is disabled on a source or target.
    Inconclusive when: a device is not captured, or it is disabled and nothing tells which Windows the cluster runs.
    Remedy: set the attribute SCSI3_persist_reserv on the device before it is masked.
    """
    _leave_on_2003(check)
    details = dropna(check.require("device_details"), ["symmetrix", "device"])
    joined = _sides(check.pairs()).merge(
        details[["symmetrix", "device", "scsi3_persistent_reserve", "capture", "line", "block"]],
        how="left",
        left_on=["symmetrix", "number"],
        right_on=["symmetrix", "device"],
    )
    enabled = joined["scsi3_persistent_reserve"]
    for row in each(joined, enabled.isna()):
        message = f"SCSI-3 Persistent Reserve of {row.side} {row.name} is not captured"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=f"symdev -sid <{row.side}> show <device>")
    for row in each(joined, enabled.eq(False).fillna(False).astype(bool)):
        cited = printed(check, "device_details", row, "SCSI-3 Persistent Reserve")
        message = f"SCSI-3 Persistent Reserve is disabled on {row.side} {row.number}"
        if _windows_2003(check) is None:
            message += ", which is right only on Windows Server 2003; which Windows the cluster runs is not known"
            check.inconclusive(Subject.of_pair(row.pair), message, capture="[cluster] os", evidence=cited)
        else:
            check.fails(Subject.of_pair(row.pair), message, cited)
    check.passes(f"SCSI-3 Persistent Reserve is enabled on {len(joined)} devices")


@rule(
    "CLU004", "cluster.registrations-below-limit", WARNING,
    gates="ready", needs=("pairs", "paths", "powerpath_devices", "persistent_reservations"),
    reference="practice: 340 registrations per device, one for each path",
)  # fmt: skip
def registrations_below_limit(check: Check) -> None:
    """No disk has more persistent-reservation registrations than an array keeps for one device.

    Why: a node whose registration is refused cannot take the disk over.
    Passes when: every node of the cluster was captured and each pair has at most 340 combinations of node, adapter and
    port in `powermt display` (both arrays count while both are presented), and at most 340 keys where they are listed.
    Fails when: a pair has more (a warning).
    Inconclusive when: the display of a node is missing, or the number of nodes is not known.
    Remedy: reduce the paths of each disk.
    """
    _leave_on_2003(check)
    shown = displays.now(check, by_port=False)
    reads = [output for mine in shown.outputs.values() for output in mine]
    nodes = [output.node for output in reads if not contradicted(check, output)]
    every_node(check, nodes, "powermt display", capture="powermt display dev=all")
    displays.every_pair(check, shown)
    paths = drop_duplicates(shown.paths, ["pair", "computer", "hba", "port"])
    counts = paths.groupby("pair", observed=True).size()
    paths_of = GroupIndex(paths, "pair")
    for pair, count in counts[counts > MOST_REGISTRATIONS].items():
        rows = paths_of(pair)
        message = f"{count} registrations by {rows['computer'].nunique()} nodes, more than {MOST_REGISTRATIONS}"
        check.fails(Subject.of_pair(pair), message, check.cite_first(rows))
    _listed_registrations(check)
    most = int(counts.max()) if len(counts) else 0
    check.passes(f"at most {most} registrations on a pair, {MOST_REGISTRATIONS} are allowed")


def _listed_registrations(check: Check) -> None:
    listed = check.optional("persistent_reservations")[["symmetrix", "device", "capture", "line"]]
    listed = dropna(listed, ["symmetrix", "device"])
    joined = _sides(check.pairs()).merge(listed, left_on=["symmetrix", "number"], right_on=["symmetrix", "device"])
    for side in ("target", "source"):
        mine = where(joined, joined["side"] == side)
        counts = mine.groupby("pair").size()
        listed_on = GroupIndex(mine, "pair")
        for pair, count in counts[counts > MOST_REGISTRATIONS].items():
            message = f"{count} registrations are listed on its {side}, more than {MOST_REGISTRATIONS}"
            check.fails(Subject.of_pair(pair), message, check.cite_first(listed_on(pair)))


@rule(
    "CLU005", "cluster.reservation-follows", BLOCKER,
    gates="copying", needs=("pairs", "persistent_reservations", "operations"),
    reference="white paper page 5: 5876 migrates the persistent reservation",
)  # fmt: skip
def reservation_follows(check: Check) -> None:
    """After activate the target holds the registrations of the cluster and one reservation.

    Why: a node whose key is missing on the target loses the disk at the next arbitration.
    Passes when: `symdev list -pgr` (layout unproven) shows on each target after activate the keys that its source held
    before it, no other one, and one holder of the reservation.
    Fails when: a key is missing or foreign, or several keys, or none, hold the reservation.
    Inconclusive when: the keys of the source before activate or of the target after it are not captured. To clusters of
    2003 the rule does not apply.
    Remedy: fail the group over in a window; Clear-ClusterDiskReservation is the last resort.
    """
    _leave_on_2003(check)
    pairs = check.pairs()
    after, lists = check.require("persistent_reservations"), _fresh_lists(check)
    held = _keys_of(pairs, "source", _before_activate(check))
    holds = _keys_of(pairs, "target", after)
    for index in sorted({*held["block"], *holds["block"]}):
        if not check.output(index).reading.whole:
            output = check.output(index)
            message = "nothing proves that no registration is missing at its end"
            check.inconclusive(
                f"{output.capture.name}:{output.first_line}", message, capture=KEYS, evidence=check.cite(output)
            )
    for row in each(pairs, ~pairs["pair"].isin(held["pair"])):
        message = f"no registration on source {row.source_name} from before activate is captured"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=KEYS.replace("<sid>", "<source>"))
    known = where(pairs, pairs["pair"].isin(held["pair"]))
    bare = where(known, ~known["pair"].isin(holds["pair"]))
    held_for = GroupIndex(held, "pair")
    for row in each(bare):
        whole = [output for output in lists if Answer(output).covers(str(row.target_symmetrix), str(row.target_device))]
        message = f"target {row.target_device} holds no registration, its source held {_keys(held_for(row.pair))}"
        if whole:
            cited = check.cite(*whole, held_for(row.pair))
            check.fails(Subject.of_pair(row.pair), message, cited, absent_from="persistent_reservations")
        else:
            check.inconclusive(
                Subject.of_pair(row.pair), f"no registration on target {row.target_device} is captured", capture=KEYS
            )
    both = known["pair"][~known["pair"].isin(bare["pair"])]
    held, holds = where(held, held["pair"].isin(both)), where(holds, holds["pair"].isin(both))
    _same_keys(check, held, holds)
    _one_holder(check, held, holds)
    check.passes(f"{len(both)} targets hold the keys of their sources and one reservation each")


def _fresh_lists(check: Check) -> list[Output]:
    """Return the listings of keys from after activate."""
    spec = table_named("persistent_reservations")
    lists = [output for output in check.at_gate.outputs if spec.name in output.reading.frames]
    return [output for output in lists if not check.at_gate.stale(output, spec)]


def _before_activate(check: Check) -> "pd.DataFrame":
    """Return the last registrations listed before the first activate; raises MissingEvidence without an activate."""
    steps = check.at_gate.step("activate")
    if not steps:
        raise MissingEvidence("not captured: the log of activate", "the log of symrcopy -f <pair file> activate")
    history = dropna(check.at_gate.history("persistent_reservations"), ["symmetrix", "device", "key"])
    earlier = [index for index in history["block"].unique() if before(check.output(index), steps[0]) is True]
    return check.count_as_read(
        newest_rows(check, where(history, history["block"].isin(earlier)), "symmetrix", "device")
    )


def _keys_of(pairs: "pd.DataFrame", side: str, rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return the registrations on one side of each pair: pair, number, key, holder, place."""
    named = pairs[["pair", f"{side}_symmetrix", f"{side}_device"]].set_axis(["pair", "symmetrix", "number"], axis=1)
    rows = dropna(rows, ["symmetrix", "device", "key"])
    joined = named.merge(rows, left_on=["symmetrix", "number"], right_on=["symmetrix", "device"])
    return joined[["pair", "number", "key", "holder", "capture", "line", "block"]]


def _keys(rows: "pd.DataFrame") -> str:
    return ", ".join(sorted(rows["key"].unique()))


def _same_keys(check: Check, held: "pd.DataFrame", holds: "pd.DataFrame") -> None:
    """State which keys of the sources are missing on the targets, and which keys there are foreign."""
    names = ["pair", "key"]
    joined = drop_duplicates(held[names]).merge(drop_duplicates(holds[names]), how="outer", indicator="found")
    held_for, holding = GroupIndex(held, "pair"), GroupIndex(holds, "pair")
    for pair, rows in where(joined, joined["found"] != "both").groupby("pair", observed=True):
        lost, foreign = (", ".join(rows["key"][rows["found"] == kind]) for kind in ("left_only", "right_only"))
        told = [f"lacks the keys {lost} of its source"] if lost else []
        told += [f"holds foreign keys {foreign}"] if foreign else []
        theirs, mine = held_for(pair), holding(pair)
        message = f"target {mine['number'].iloc[0]} {' and '.join(told)}"
        cited = check.cite(theirs, mine)
        if _whole(check, theirs, mine):
            check.fails(Subject.of_pair(pair), message, cited, absent_from="persistent_reservations")
        else:
            check.inconclusive(Subject.of_pair(pair), message, capture=KEYS, evidence=cited)


def _whole(check: Check, *rows: "pd.DataFrame") -> bool:
    """Whether the listings that hold these rows are whole."""
    return all(check.output(index).reading.whole for part in rows for index in part["block"].unique())


def _one_holder(check: Check, held: "pd.DataFrame", holds: "pd.DataFrame") -> None:
    """State which targets have not exactly one holder of the reservation."""
    owners = where(holds, holds["holder"].fillna(False).astype(bool)).groupby("pair")["key"].nunique()
    told = holds["holder"].notna().groupby(holds["pair"]).all()
    held_for, holding = GroupIndex(held, "pair"), GroupIndex(holds, "pair")
    for pair in told.index[~told.index.isin(owners.index[owners == 1])]:
        mine = holding(pair)
        count = int(owners.get(pair, 0))
        cited = check.cite(mine)
        if count > 1:
            check.fails(
                Subject.of_pair(pair), f"{count} keys hold the reservation of target {mine['number'].iloc[0]}", cited
            )
            continue
        theirs = held_for(pair)
        theirs = where(theirs, theirs["holder"].fillna(False).astype(bool))
        message = f"no key holds the reservation of target {mine['number'].iloc[0]}"
        if told[pair] and len(theirs) and _whole(check, mine):
            cited += check.cite(theirs)
            check.fails(
                Subject.of_pair(pair), f"{message}, on its source one did", cited, absent_from="persistent_reservations"
            )
        else:
            check.inconclusive(
                Subject.of_pair(pair), f"{message}, by a listing that may not tell", capture=KEYS, evidence=cited
            )
