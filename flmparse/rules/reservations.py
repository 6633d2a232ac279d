"""CLU003 to CLU005: SCSI-3 persistent reservations, by which the cluster decides who owns a disk."""

from flmparse.collection import Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, is_true, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.lines import labelled_lines
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before
from flmparse.facts import displays
from flmparse.facts.captured import newest_rows
from flmparse.facts.nodes import contradicted, every_node
from flmparse.facts.pair_devices import pair_devices, source_name
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.tables import table_named

MOST_REGISTRATIONS = 340
"""Registrations that the array keeps for one device; each initiator counts once on each port."""

WINDOWS_2003 = "5.2"
KEYS = "symdev -sid <sid> list -pgr"


def _windows_2003(check: Check) -> bool | None:
    """Whether the cluster runs Windows Server 2003, by what was captured on the nodes, else the manifest; None: not known.

    The banners of the nodes outweigh what somebody typed.
    """
    answers = set()
    for name in ("diskpart_sessions", "windows_versions"):
        answers |= {version.startswith(WINDOWS_2003) for version in check.at_gate.history(name)["version"].dropna()}
    if not answers and check.manifest.os:
        answers.add("2003" in check.manifest.os)
    return answers.pop() if len(answers) == 1 else None


def _leave_on_2003(check: Check) -> None:
    if _windows_2003(check):
        check.not_applicable("clusters of Windows Server 2003 reserve by SCSI-2: no persistent reservation")


@rule(
    "CLU003", "cluster.persistent-reservation-enabled", BLOCKER,
    gates="prepare..cleaned", needs=("pairs", "device_details", "diskpart_sessions", "windows_versions"),
    reference="white paper page 5; Windows Server 2008 clusters need SCSI-3 persistent reservation",
)  # fmt: skip
def persistent_reservation_enabled(check: Check) -> None:
    """SCSI-3 persistent reservation is enabled on the source and the target of every pair.

    Why: a cluster from Windows Server 2008 on owns its disks by persistent reservation; a target without it loses the
    disk at activate.
    Passes when: `symdev show` of every pair device says SCSI-3 Persistent Reserve: Enabled; from terminated on of the
    targets alone, since nobody uses the sources any more. Clusters of 2003 reserve by
    SCSI-2; to them the rule does not apply.
    Fails when: it is disabled on a source or target.
    Inconclusive when: a device is not captured, or it is disabled and nothing tells which Windows the cluster runs.
    Remedy: set the attribute SCSI3_persist_reserv on the device before it is masked.
    """
    _leave_on_2003(check)
    details = dropna(check.require("device_details"), ["symmetrix", "device"])
    sides = ("target", "source") if check.gate < Gate.TERMINATED else ("target",)
    joined = pair_devices(check.pairs(), *sides).merge(
        details[["symmetrix", "device", "scsi3_persistent_reserve", "capture", "line", "block"]],
        how="left",
        left_on=["symmetrix", "number"],
        right_on=["symmetrix", "device"],
    )
    enabled = joined["scsi3_persistent_reserve"]
    for row in each(joined, enabled.isna()):
        message = f"SCSI-3 Persistent Reserve of {row.side} {row.name} is not captured"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=f"symdev -sid <{row.side}> show <device>")
    for row in each(joined, is_true(enabled.eq(False))):
        cited = labelled_lines(check, "device_details", row, "SCSI-3 Persistent Reserve")
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
    current = displays.now(check, by_port=False)
    outputs = [output for of_computer in current.outputs.values() for output in of_computer]
    nodes = [output.node for output in outputs if not contradicted(check, output)]
    every_node(check, nodes, "powermt display", capture="powermt display dev=all")
    displays.every_pair(check, current)
    paths = drop_duplicates(current.paths, ["pair", "computer", "hba", "port"])
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
    joined = pair_devices(check.pairs(), "target", "source").merge(
        listed, left_on=["symmetrix", "number"], right_on=["symmetrix", "device"]
    )
    for side in ("target", "source"):
        rows = where(joined, joined["side"] == side)
        counts = rows.groupby("pair").size()
        registrations_of = GroupIndex(rows, "pair")
        for pair, count in counts[counts > MOST_REGISTRATIONS].items():
            message = f"{count} registrations are listed on its {side}, more than {MOST_REGISTRATIONS}"
            check.fails(Subject.of_pair(pair), message, check.cite_first(registrations_of(pair)))


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
    before_activate = _keys_of(pairs, "source", _before_activate(check))
    on_targets = _keys_of(pairs, "target", after)
    for index in sorted({*before_activate["block"], *on_targets["block"]}):
        output = check.output(index)
        if not output.reading.whole:
            message = "nothing proves that no registration is missing at its end"
            subject = Subject.of_file(f"{output.capture.name}:{output.first_line}")
            check.inconclusive(subject, message, capture=KEYS, evidence=check.cite(output))
    for row in each(pairs, ~pairs["pair"].isin(before_activate["pair"])):
        message = f"no registration on source {source_name(row)} from before activate is captured"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=KEYS.replace("<sid>", "<source>"))
    registered = where(pairs, pairs["pair"].isin(before_activate["pair"]))
    bare = where(registered, ~registered["pair"].isin(on_targets["pair"]))
    source_keys = GroupIndex(before_activate, "pair")
    for row in each(bare):
        whole = [output for output in lists if Answer(output).covers(str(row.target_symmetrix), str(row.target_device))]
        if whole:
            keys = ", ".join(sorted(source_keys(row.pair)["key"].unique()))
            message = f"target {row.target_device} holds no registration, its source held {keys}"
            cited = check.cite(*whole, source_keys(row.pair))
            check.fails(Subject.of_pair(row.pair), message, cited, absent_from="persistent_reservations")
        else:
            message = f"no registration on target {row.target_device} is captured"
            check.inconclusive(Subject.of_pair(row.pair), message, capture=KEYS)
    both = registered["pair"][~registered["pair"].isin(bare["pair"])]
    before_activate = where(before_activate, before_activate["pair"].isin(both))
    on_targets = where(on_targets, on_targets["pair"].isin(both))
    _same_keys(check, before_activate, on_targets)
    _one_holder(check, before_activate, on_targets)
    check.passes(f"{len(both)} targets hold the keys of their sources and one reservation each")


def _fresh_lists(check: Check) -> list[Output]:
    """Return the listings of keys from after activate."""
    table = table_named("persistent_reservations")
    lists = [output for output in check.at_gate.outputs if table.name in output.reading.frames]
    return [output for output in lists if not check.at_gate.stale(output, table)]


def _before_activate(check: Check) -> "pd.DataFrame":
    """Return the last registrations listed before the first activate; raises MissingEvidence without an activate."""
    steps = check.at_gate.step("activate")
    if not steps:
        raise MissingEvidence("not captured: the log of activate", "the log of symrcopy -f <pair file> activate")
    history = dropna(check.at_gate.history("persistent_reservations"), ["symmetrix", "device", "key"])
    earlier = [index for index in history["block"].unique() if before(check.output(index), steps[0]) is True]
    rows = where(history, history["block"].isin(earlier))
    return check.count_as_read(newest_rows(check, rows, "symmetrix", "device"))


def _keys_of(pairs: "pd.DataFrame", side: str, rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return the registrations on one side of each pair, with ``pair``, ``number`` of the device, ``key`` and ``holder``."""
    rows = dropna(rows, ["symmetrix", "device", "key"])
    joined = pair_devices(pairs, side).merge(rows, left_on=["symmetrix", "number"], right_on=["symmetrix", "device"])
    return joined[["pair", "number", "key", "holder", "capture", "line", "block"]]


def _same_keys(check: Check, before_activate: "pd.DataFrame", on_targets: "pd.DataFrame") -> None:
    """State which keys of the sources are missing on the targets, and which keys there are foreign."""
    names = ["pair", "key"]
    joined = drop_duplicates(before_activate[names]).merge(
        drop_duplicates(on_targets[names]), how="outer", indicator="listed"
    )
    of_source, of_target = GroupIndex(before_activate, "pair"), GroupIndex(on_targets, "pair")
    for pair, rows in where(joined, joined["listed"] != "both").groupby("pair", observed=True):
        lost, foreign = (", ".join(rows["key"][rows["listed"] == side]) for side in ("left_only", "right_only"))
        differences = [f"lacks the keys {lost} of its source"] if lost else []
        differences += [f"holds foreign keys {foreign}"] if foreign else []
        message = f"target {of_target(pair)['number'].iloc[0]} {' and '.join(differences)}"
        cited = check.cite(of_source(pair), of_target(pair))
        if _whole(check, of_source(pair), of_target(pair)):
            check.fails(Subject.of_pair(pair), message, cited, absent_from="persistent_reservations")
        else:
            check.inconclusive(Subject.of_pair(pair), message, capture=KEYS, evidence=cited)


def _whole(check: Check, *rows: "pd.DataFrame") -> bool:
    """Whether the listings that hold these rows are whole."""
    return all(check.output(index).reading.whole for part in rows for index in part["block"].unique())


def _one_holder(check: Check, before_activate: "pd.DataFrame", on_targets: "pd.DataFrame") -> None:
    """State which targets have not exactly one holder of the reservation."""
    owners = _holders(on_targets).groupby("pair")["key"].nunique()
    all_read = on_targets["holder"].notna().groupby(on_targets["pair"]).all()
    of_source, of_target = GroupIndex(_holders(before_activate), "pair"), GroupIndex(on_targets, "pair")
    for pair in all_read.index[~all_read.index.isin(owners.index[owners == 1])]:
        rows, count = of_target(pair), int(owners.get(pair, 0))
        target, cited = rows["number"].iloc[0], check.cite(rows)
        if count > 1:
            message = f"{count} keys hold the reservation of target {target}"
            check.fails(Subject.of_pair(pair), message, cited)
            continue
        message = f"no key holds the reservation of target {target}"
        if all_read[pair] and len(of_source(pair)) and _whole(check, rows):
            message, cited = f"{message}, on its source one did", cited + check.cite(of_source(pair))
            check.fails(Subject.of_pair(pair), message, cited, absent_from="persistent_reservations")
        else:
            message = f"{message}, by a listing that may not tell"
            check.inconclusive(Subject.of_pair(pair), message, capture=KEYS, evidence=cited)


def _holders(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return the registrations that hold the reservation."""
    return where(rows, is_true(rows["holder"]))
