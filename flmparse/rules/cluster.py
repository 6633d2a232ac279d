"""CLU001, CLU002, CLU009: that the evidence is of every node, and that all nodes see the same."""

from typing import TYPE_CHECKING, Any

from flmparse.collection import SE_HOST, Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, where
from flmparse.evidence.computers import computer_of, host_name
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
    standing = pd.concat([check.require("powerpath_devices")["block"], check.require("paths")["block"]])
    fresh = [check.output(index) for index in standing.unique()]
    here = [output for output in fresh if output.gate == check.gate and output.node != SE_HOST]
    found: list[str | None] = []
    for output in here:
        why = contradicted(check, output)
        if why:
            check.inconclusive(output.node or UNNAMED_NODE, why, table="paths", evidence=check.cite(output))
        else:
            found.append(output.node)
    stale = [
        output for output in check.at_gate.outputs if output.screen == "powermt_display" and output.gate == check.gate
    ]
    for output in stale:
        if output.node not in found and output not in here:
            why = check.at_gate.stale(output, table_named("paths"))
            if why:
                check.inconclusive(
                    output.node or UNNAMED_NODE, f"its display does not count: {why}", evidence=check.cite(output)
                )
    every_node(check, found, "powermt display", capture="powermt display dev=all")
    check.passes(f"powermt display of {', '.join(str(node or UNNAMED_NODE) for node in found)}")


@rule(
    "CLU002", "cluster.nodes-see-the-same", BLOCKER,
    gates="ready copying cleaned", required="ready copying cleaned",
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="practice; a cluster's disks must be seen by all its nodes",
)  # fmt: skip
def nodes_see_the_same(check: Check) -> None:
    """All nodes see every pair on the same target ports with the same LUNs.

    Why: a disk that one node sees otherwise cannot fail over to it.
    Passes when: on every node of the cluster each source device has the same target ports and LUNs. A different number
    of
    source paths warns.
    Fails when: a node lacks a device, port or LUN that another node sees.
    Inconclusive when: not every node was captured, or the nodes are not known.
    Remedy: correct zoning or masking of that node; rescan.
    """
    shown = displays.now(check)
    nodes = [output.node for reads in shown.outputs.values() for output in reads if not contradicted(check, output)]
    every_node(check, nodes, "powermt display", capture="powermt display dev=all")
    if len(shown.computers) > 1:
        _same_targets(check, shown)
        _same_count_of_sources(check, shown)
    else:
        displays.every_pair(check, shown)
    if not len(shown.targets):
        check.inconclusive("cluster", "no target path to compare", table="paths")
    check.passes(f"{len(shown.computers)} nodes see the {len(shown.pairs)} pairs on the same ports and LUNs")


def _same_targets(check: Check, shown: displays.Displays) -> None:
    targets = shown.targets
    key = ["pair", "port", "lun"]
    sights = drop_duplicates(targets[["computer", *key]])
    counts = sights.groupby(key, observed=True, dropna=False).size()
    partly = counts[counts < len(shown.computers)].reset_index()[key]
    sights_of = GroupIndex(sights, "pair")
    targets_of = GroupIndex(targets[["pair", "computer", "capture", "line"]], "pair")
    for pair in partly["pair"].unique():
        seen = sights_of(pair)
        union = set(zip(seen["port"], seen["lun"], strict=True))
        for computer in shown.computers:
            own = where(seen, seen["computer"] == computer)
            lacks = union - set(zip(own["port"], own["lun"], strict=True))
            if lacks:
                _lacks(check, shown, targets_of(pair), str(pair), computer, lacks)
    for row in each(shown.missing):
        if not len(targets_of(row.pair)):
            check.inconclusive(
                Subject.of_pair(row.pair, row.computer), "no path of it is in the display", table="paths"
            )


def _lacks(
    check: Check,
    shown: displays.Displays,
    targets: "pd.DataFrame",
    pair: str,
    computer: str,
    lacks: "set[tuple[object, Any]]",
) -> None:
    """State what a node lacks of a pair; a device that is not listed in a display without an end proves nothing."""
    others = where(targets, targets["computer"] != computer)
    own = shown.of(computer, pair)
    told = ", ".join(f"{port} LUN {'?' if pd.isna(lun) else lun}" for port, lun in sorted(lacks, key=str))
    evidence = [*check.cite_first(others, own), *check.cite(*shown.outputs[computer])]
    message = f"lacks {told}, which {', '.join(sorted(map(str, others['computer'].unique())))} sees"
    if len(own) or shown.complete(computer):
        check.fails(Subject.of_pair(pair, computer), message, evidence, absent_from="paths")
    else:
        check.inconclusive(
            Subject.of_pair(pair, computer), f"{message}; the end of its display is not proved", table="paths"
        )


def _same_count_of_sources(check: Check, shown: displays.Displays) -> None:
    places = shown.paths[["pair", "computer"]]
    sources = where(places, shown.paths["path_class"] == "source")
    counts = sources.groupby(["pair", "computer"], observed=True).size().unstack(fill_value=0)
    uneven = counts[counts.max(axis=1) != counts.min(axis=1)] if len(counts) else counts
    if len(uneven):
        _uneven(check, shown, uneven)


def _uneven(check: Check, shown: displays.Displays, counts: "pd.DataFrame") -> None:
    sources_of = GroupIndex(shown.sources[["pair", "capture", "line"]], "pair")
    for pair in counts.index:
        told = ", ".join(f"{computer} {count}" for computer, count in counts.loc[pair].items())
        check.warns(Subject.of_pair(pair), f"source paths differ: {told}", check.cite_first(sources_of(pair)))


@rule(
    "CLU009", "cluster.rescanned-on-every-node", BLOCKER,
    gates="ready cleaned", required="ready cleaned", needs=("diskpart_sessions",),
    reference="white paper page 13 (before activation), pages 20-21 (after the unmask): on all nodes",
)  # fmt: skip
def rescanned_on_every_node(check: Check) -> None:
    """Every node was rescanned in this phase: before activation, and again after the source was unmasked.

    Why: a node that was not rescanned does not know its target paths, or still keeps paths to the old array.
    Passes when: of every node there is a DiskPart log of this phase in which each rescan came to its end.
    Fails when: a node's last rescan was begun and did not finish.
    Inconclusive when: a node has no rescan in this phase, a log names no computer, or the number of nodes is not known.
    Remedy: `diskpart`, `rescan` on that node, and wait for "DiskPart has finished scanning your configuration."
    """
    sessions = check.at_gate.history("diskpart_sessions")
    if not len(sessions):
        raise MissingEvidence("not captured: diskpart, then rescan", "diskpart, then rescan")
    of_phase = [check.output(index) for index in sessions["block"].unique() if _in_phase(check, check.output(index))]
    scans = where(
        sessions, sessions["block"].isin([output.index for output in of_phase]) & (sessions["rescans_started"] > 0)
    )
    finished: set[str | None] = set()
    known = [check.output(index) for index in scans["block"]]
    for computer in {_folded(computer_of(output)): None for output in known}:
        last = newest(output for output in known if _folded(computer_of(output)) == computer)
        named = computer_of(last[0])
        for output in last:
            session = check.count_as_read(where(scans, scans["block"] == output.index))
            if (session["rescans_finished"] < session["rescans_started"]).any():
                check.fails(named or UNNAMED_NODE, "a rescan was begun and did not finish", check.cite(session, output))
            elif named != SE_HOST:
                finished.add(named)
    every_node(check, finished, "rescan", capture="diskpart, then rescan")
    check.passes(f"rescanned: {', '.join(sorted(str(name or UNNAMED_NODE) for name in finished))}")


def _folded(name: str | None) -> str | None:
    return host_name(name) if name is not None else None


def _in_phase(check: Check, output: Output) -> bool:
    """Whether a rescan belongs to the gate: after the unmask where that is captured, else by its own gate."""
    if check.gate is Gate.CLEANED:
        unmasked = check.at_gate.step("symmask remove")
        if unmasked:
            return all(before(step, output) is True for step in unmasked)
    return output.gate is check.gate
