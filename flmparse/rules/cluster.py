"""CLU001, CLU002, CLU009: that the evidence is of every node, and that all nodes see the same."""

from typing import TYPE_CHECKING

from flmparse.collection import SE_HOST, Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, where
from flmparse.evidence.changes import takes_from_arrays_alone
from flmparse.evidence.computers import computer_of
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before, newest
from flmparse.facts import displays
from flmparse.facts.nodes import contradicted, every_node
from flmparse.findings import UNNAMED_NODE, Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.tables import table_named
from flmparse.terms import host_name

if TYPE_CHECKING:
    import pandas as pd


@rule(
    "CLU001", "cluster.every-node-captured", BLOCKER,
    gates="ready copying cleaned", required="ready copying cleaned", needs=("paths", "powerpath_devices"),
    reference="white paper page 14, pages 20-21: on all nodes in the cluster",
)  # fmt: skip
def every_node_captured(check: Check) -> None:
    """There is a powermt display of the right moment from every node of the cluster.

    Why: the node that nobody looked at is the one that loses its disks when the group moves to it.
    Passes when: each node that the manifest lists or counts has a display of this gate, newer than its last change of
    paths.
    Fails when: never; a display that is missing proves nothing.
    Inconclusive when: a node has none, it is stale, it names no node, or two nodes have the same file.
    Remedy: run `powermt display dev=all` on each node and say in the log which node it is.
    """
    blocks = pd.concat([check.require("powerpath_devices")["block"], check.require("paths")["block"]]).unique()
    standing = [output for output in map(check.output, blocks) if output.gate == check.gate and output.node != SE_HOST]
    nodes: list[str | None] = []
    for output in standing:
        why = contradicted(check, output)
        if why:
            check.inconclusive(_node(output), why, table="paths", evidence=check.cite(output))
        else:
            nodes.append(output.node)
    for output in check.at_gate.outputs:
        of_gate = output.screen == "powermt_display" and output.gate == check.gate
        if of_gate and output.node not in nodes and output not in standing:
            why = check.at_gate.stale(output, table_named("paths"))
            if why:
                check.inconclusive(_node(output), f"its display does not count: {why}", evidence=check.cite(output))
    for output in check.migration.collection.outputs:
        if output.is_of_another_computer and output.screen == "powermt_display" and output.gate == check.gate:
            check.inconclusive(_node(output), contradicted(check, output), table="paths", evidence=check.cite(output))
    every_node(check, nodes, "powermt display", capture="powermt display dev=all")
    check.passes(f"powermt display of {', '.join(str(node or UNNAMED_NODE) for node in nodes)}")


def _node(output: Output) -> Subject:
    return Subject.of_node(output.node or UNNAMED_NODE)


@rule(
    "CLU002", "cluster.nodes-see-the-same", BLOCKER,
    gates="ready..cleaned", required="ready copying copied terminated cleaned",
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="practice; a cluster's disks must be seen by all its nodes",
)  # fmt: skip
def nodes_see_the_same(check: Check) -> None:
    """All nodes see every pair with the same LUNs, on enough target ports.

    Why: a disk that one node sees otherwise cannot fail over to it.
    Passes when: every node of the cluster sees each pair with the same LUN on each target port. Nodes may be zoned to
    different ports of the view, if each has `policy.min_target_paths` paths, and two directors where another has two. A
    different number of source paths warns.
    Fails when: a node lacks a device or has another LUN, has fewer paths or directors, or lacks a pair on a port on
    which it sees others.
    Inconclusive when: not every node was captured, or the nodes are not known. Between the unmask and the next display
    the rule does not apply.
    Remedy: correct zoning or masking of that node; rescan.
    """
    if displays.none_since_unmask(check):
        check.not_applicable(displays.NONE_SINCE_UNMASK)
    now = displays.now(check)
    nodes = [output.node for outputs in now.outputs.values() for output in outputs if not contradicted(check, output)]
    every_node(check, nodes, "powermt display", capture="powermt display dev=all")
    if len(now.computers) > 1:
        _same_targets(check, now)
        if check.gate is not Gate.UNMASKED:  # there they vanish, on one node after the other
            _same_count_of_sources(check, now)
    else:
        displays.every_pair(check, now)
    if not len(now.targets):
        check.inconclusive("cluster", "no target path to compare", table="paths")
    check.passes(f"{len(now.computers)} nodes see the {len(now.pairs)} pairs on the same ports and LUNs")


def _same_targets(check: Check, now: displays.Displays) -> None:
    """State which computers lack a port or LUN on which another sees a pair."""
    targets = now.targets
    key = ["pair", "port", "lun"]
    positions = drop_duplicates(targets[["computer", *key]])
    counts = positions.groupby(key, observed=True, dropna=False).size()
    incomplete = counts[counts < len(now.computers)].reset_index()[key]
    positions_of = GroupIndex(positions, "pair")
    targets_of = GroupIndex(targets[["pair", "computer", "capture", "line"]], "pair")
    for pair in incomplete["pair"].unique():
        of_pair = positions_of(pair)
        everywhere = set(zip(of_pair["port"], of_pair["lun"], strict=True))
        for computer in now.computers:
            own = where(of_pair, of_pair["computer"] == computer)
            lacking = everywhere - set(zip(own["port"], own["lun"], strict=True))
            if lacking and not _is_zoned_elsewhere(check, now, computer, of_pair, own, lacking):
                _lacks(check, now, targets_of(pair), str(pair), computer, lacking)
    for row in each(now.missing):
        if not len(targets_of(row.pair)):
            message = "no path of it is in the display"
            check.inconclusive(Subject.of_pair(row.pair, row.computer), message, table="paths")


def _is_zoned_elsewhere(
    check: Check,
    now: displays.Displays,
    computer: str,
    of_pair: "pd.DataFrame",
    own: "pd.DataFrame",
    lacking: "set[tuple[object, object]]",
) -> bool:
    """Whether a node lacks positions of a pair only because it is zoned to other ports, and has enough without them."""
    ports = {port for port, _ in lacking}
    of_node = now.targets["computer"] == computer
    if (of_node & now.targets["port"].isin(ports)).any():
        return False  # it uses these ports: with another LUN, or for other pairs only
    count = int((of_node & now.targets["pair"].isin(of_pair["pair"].unique())).sum())
    directors = {port: str(port).split(":")[0] for port in of_pair["port"].dropna().unique()}
    own_directors = {directors[port] for port in own["port"].dropna()}
    return count >= check.policy.min_target_paths and len(own_directors) >= min(2, len(set(directors.values())))


def _lacks(
    check: Check,
    now: displays.Displays,
    targets: "pd.DataFrame",
    pair: str,
    computer: str,
    lacking: "set[tuple[object, object]]",
) -> None:
    """State what a node lacks of a pair; a device that is not listed in a display without an end proves nothing."""
    others = where(targets, targets["computer"] != computer)
    own = now.of(computer, pair)
    names = ", ".join(f"{port} LUN {lun}" for port, lun in sorted(lacking, key=str))
    message = f"lacks {names}, which {', '.join(sorted(map(str, others['computer'].unique())))} sees"
    subject = Subject.of_pair(pair, computer, text=f"{pair} on {computer}")
    if len(own) or now.complete(computer):
        cited = [*check.cite_first(others, own), *check.cite(*now.outputs[computer])]
        check.fails(subject, message, cited, absent_from="paths")
    else:
        check.inconclusive(subject, f"{message}; the end of its display is not proved", table="paths")


def _same_count_of_sources(check: Check, now: displays.Displays) -> None:
    """State the pairs of which the computers see different numbers of source paths."""
    sources = where(now.paths[["pair", "computer"]], now.paths["path_class"] == "source")
    counts = sources.groupby(["pair", "computer"], observed=True).size().unstack(fill_value=0)
    uneven = counts[counts.max(axis=1) != counts.min(axis=1)] if len(counts) else counts
    if not len(uneven):
        return
    sources_of = GroupIndex(now.sources[["pair", "capture", "line"]], "pair")
    for pair in uneven.index:
        numbers = ", ".join(f"{computer} {count}" for computer, count in uneven.loc[pair].items())
        message = f"source paths differ: {numbers}"
        check.warns(Subject.of_pair(pair), message, check.cite_first(sources_of(pair)), absent_from="paths")


@rule(
    "CLU009", "cluster.rescanned-on-every-node", BLOCKER,
    gates="ready cleaned", required="ready cleaned", needs=("diskpart_sessions",),
    harm_ends="copying",
    reference="white paper page 13 (before activation), pages 20-21 (after the unmask): on all nodes",
)  # fmt: skip
def rescanned_on_every_node(check: Check) -> None:
    """Every node was rescanned in this phase: before activation, and again after the source was unmasked.

    Why: a node that was not rescanned does not know its target paths, or still keeps paths to the old array.
    Passes when: of every node there is a DiskPart log of this phase in which each rescan came to its end.
    Fails when: a node's last rescan was begun and did not finish, or the one that is filed here was run after the next step.
    Inconclusive when: a node has no rescan in this phase, a log names no computer, or the number of nodes is not known.
    The rule is about Windows and does not apply to nodes of other systems.
    Remedy: `diskpart`, `rescan` on that node, and wait for "DiskPart has finished scanning your configuration."
    """
    check.leave_other_systems()
    sessions = check.at_gate.history("diskpart_sessions")
    if not len(sessions):
        raise MissingEvidence("not captured: diskpart, then rescan", "diskpart, then rescan")
    outputs = [output for output in map(check.output, sessions["block"].unique()) if _in_phase(check, output)]
    started = sessions["rescans_started"] > 0
    scans = where(sessions, sessions["block"].isin([output.index for output in outputs]) & started)
    finished: set[str | None] = set()
    outputs = [check.output(index) for index in scans["block"]]
    for key in {_key(output): None for output in outputs}:
        last = newest(output for output in outputs if _key(output) == key)
        name = computer_of(last[0])
        for output in last:
            session = check.count_as_read(where(scans, scans["block"] == output.index))
            if (session["rescans_finished"] < session["rescans_started"]).any():
                # A log that simply ends shows the failure; of one with lines not understood the end may be among these.
                absent_from = "diskpart_sessions" if output.reading.unknown else ""
                subject, message = Subject.of_node(name or UNNAMED_NODE), "a rescan was begun and did not finish"
                check.fails(subject, message, check.cite(session, output), absent_from=absent_from)
            elif name != SE_HOST:
                finished.add(name)
    _rescanned_too_late(check, finished)
    every_node(check, finished, "rescan", capture="diskpart, then rescan")
    check.passes(f"rescanned: {', '.join(sorted(str(name or UNNAMED_NODE) for name in finished))}")


def _rescanned_too_late(check: Check, rescanned: set[str | None]) -> None:
    """State the nodes whose rescan is filed at this gate and was run only after the step that follows it."""
    in_time = {host_name(name) for name in rescanned if name is not None}
    for output in check.migration.steps:
        filed_here = check.gate in (output.gate, output.claimed_gate) and output not in check.at_gate.outputs
        name = computer_of(output)
        if filed_here and "rescan" in output.operations and name is not None and host_name(name) not in in_time:
            for gate, step in check.migration.opening_steps:
                if gate > check.gate and before(step, output) is True:
                    message = (
                        f"its rescan was run only after {step.operations[0]} ({step.capture.name}:{step.first_line})"
                    )
                    check.fails(Subject.of_node(name), message, check.cite(output, step))
                    break


def _key(output: Output) -> str | None:
    """Return what tells the computer of an output from others, None where it names none."""
    name = computer_of(output)
    return host_name(name) if name is not None else None


def _in_phase(check: Check, output: Output) -> bool:
    """Whether a rescan belongs to the gate: after the unmask where that is captured, else by its own gate."""
    if check.gate is Gate.CLEANED:
        removals = check.at_gate.step("symmask remove")
        unmasked = [step for step in removals if not takes_from_arrays_alone(step)]
        if unmasked:
            return all(before(step, output) is True for step in unmasked)
    return output.gate is check.gate
