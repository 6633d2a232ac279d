"""CLU001, CLU002, CLU009: that the evidence is of every node, and that all nodes see the same."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flmparse.collection import SE_HOST, ReadBlock
from flmparse.columns.selection import GroupIndex, drop_duplicates, where
from flmparse.evidence.migration import UNNAMED_NODE, Missing, computer_of, host_name, same_computer
from flmparse.evidence.timeline import before, newest
from flmparse.rules import displays
from flmparse.rules.displays import some, subject
from flmparse.rules.rule import BLOCKER, Inquiry, each, rule
from flmparse.tables import table_named
from flmparse.terms import Gate

if TYPE_CHECKING:
    import pandas as pd


def every_node(ask: Inquiry, found: Iterable[str | None], what: str, *, capture: str) -> bool:
    """State a gap unless ``found`` (None: an unnamed node) are all nodes of the cluster; a node counts once.

    An unnamed output can be of any node; it stands for the node only in a cluster of one.
    """
    expected = ask.manifest.expected_nodes
    if expected is None:
        ask.gap("cluster", "the manifest does not tell how many nodes there are", capture="[cluster] node_count")
        return False
    listed = {host_name(node.name): node.name for node in ask.manifest.nodes}
    names = set(found)
    seen = {host_name(name): name for name in names if name is not None}
    if len(listed) == expected:
        seen = {key: name for key, name in seen.items() if key in listed}
    if len(seen) >= expected or (expected == 1 and names == {None}):
        return True
    told = [*sorted(seen.values()), *(["one of no known node"] if None in names else [])]
    absent = [name for key, name in listed.items() if key not in seen]
    message = f"{what} of {len(seen)} of {expected} known nodes ({', '.join(told) or 'none'})"
    if absent and seen:
        message += f"; missing {', '.join(absent)}"
    ask.gap("cluster", message, capture=capture)
    return False


def contradicted(ask: Inquiry, read: ReadBlock) -> str:
    """Say why a capture cannot be of the node it is filed under, or return an empty string."""
    if read.node is None:
        return ""
    named = _computers_named(ask, read)
    if named and not any(same_computer(name, read.node) for name in named):
        return f"filed under {read.node}, but the log itself names {', '.join(sorted(named))}"
    for other in ask.standing.blocks:
        copied = other.capture.sha256 == read.capture.sha256 and other.capture is not read.capture
        if copied and other.node is not None and not same_computer(other.node, read.node):
            return f"{read.capture.name} and {other.capture.name} are the same file, of different nodes"
    return ""


def _computers_named(ask: Inquiry, read: ReadBlock) -> set[str]:
    """Return the computers that prompts, `hostname` and DiskPart name in the same capture."""
    named: set[str] = set()
    for other in ask.migration.collection.blocks:
        if other.capture is not read.capture:
            continue
        sessions = other.reading.frames.get("diskpart_sessions")
        if sessions is not None:
            named |= set(sessions["computer"].dropna())
        if other.block.prompt_host:
            named.add(other.block.prompt_host)
        command = other.command
        if command is not None and command.tool == "hostname" and not command.words:
            words = other.block.output.split()
            named |= set(words) if len(words) == 1 else set()
    return named


@rule(
    "CLU001", "cluster.every-node-captured", BLOCKER,
    gates="ready copying cleaned", required="ready copying cleaned", needs=("paths", "powerpath_devices"),
    reference="white paper page 14, pages 20-21: on all nodes in the cluster",
)  # fmt: skip
def every_node_captured(ask: Inquiry) -> None:
    """There is a powermt display of the right moment from every node of the cluster.

    Why: the node that nobody looked at is the one that loses its disks when the group moves to it.
    Passes when: each node that the manifest lists or counts has a display of this gate, newer than its last change of
    paths.
    Fails when: never; a display that is missing proves nothing.
    Inconclusive when: a node has none, it is stale, it names no node, or two nodes have the same file.
    Remedy: run `powermt display dev=all` on each node and say in the log which node it is.
    """
    import pandas as pd

    standing = pd.concat([ask.need("powerpath_devices")["block"], ask.need("paths")["block"]])
    fresh = [ask.block(index) for index in standing.unique()]
    here = [read for read in fresh if read.gate == ask.gate and read.node != SE_HOST]
    found: list[str | None] = []
    for read in here:
        why = contradicted(ask, read)
        if why:
            ask.gap(read.node or UNNAMED_NODE, why, table="paths", evidence=ask.cite(read))
        else:
            found.append(read.node)
    stale = [read for read in ask.standing.blocks if read.screen == "powermt_display" and read.gate == ask.gate]
    for read in stale:
        if read.node not in found and read not in here:
            why = ask.standing.stale(read, table_named("paths"))
            if why:
                ask.gap(read.node or UNNAMED_NODE, f"its display does not count: {why}", evidence=ask.cite(read))
    every_node(ask, found, "powermt display", capture="powermt display dev=all")
    ask.holds(f"powermt display of {', '.join(str(node or UNNAMED_NODE) for node in found)}")


@rule(
    "CLU002", "cluster.nodes-see-the-same", BLOCKER,
    gates="ready copying cleaned", required="ready copying cleaned",
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="practice; a cluster's disks must be seen by all its nodes",
)  # fmt: skip
def nodes_see_the_same(ask: Inquiry) -> None:
    """All nodes see every pair on the same target ports with the same LUNs.

    Why: a disk that one node sees otherwise cannot fail over to it.
    Passes when: on every node of the cluster each source device has the same target ports and LUNs. A different number
    of
    source paths warns.
    Fails when: a node lacks a device, port or LUN that another node sees.
    Inconclusive when: not every node was captured, or the nodes are not known.
    Remedy: correct zoning or masking of that node; rescan.
    """
    shown = displays.now(ask)
    nodes = [read.node for reads in shown.blocks.values() for read in reads if not contradicted(ask, read)]
    every_node(ask, nodes, "powermt display", capture="powermt display dev=all")
    if len(shown.computers) > 1:
        _same_targets(ask, shown)
        _same_count_of_sources(ask, shown)
    else:
        displays.every_pair(ask, shown)
    if not len(shown.targets):
        ask.gap("cluster", "no target path to compare", table="paths")
    ask.holds(f"{len(shown.computers)} nodes see the {len(shown.pairs)} pairs on the same ports and LUNs")


def _same_targets(ask: Inquiry, shown: displays.Displays) -> None:
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
                _lacks(ask, shown, targets_of(pair), str(pair), computer, lacks)
    for row in each(shown.missing):
        if not len(targets_of(row.pair)):
            ask.gap(subject(row.pair, row.computer), "no path of it is in the display", table="paths")


def _lacks(
    ask: Inquiry,
    shown: displays.Displays,
    targets: "pd.DataFrame",
    pair: str,
    computer: str,
    lacks: "set[tuple[object, object]]",
) -> None:
    """State what a node lacks of a pair; a device that is not listed in a display without an end proves nothing."""
    others = where(targets, targets["computer"] != computer)
    own = shown.of(computer, pair)
    told = ", ".join(f"{port} LUN {lun}" for port, lun in sorted(lacks, key=str))
    evidence = [*some(ask, others, own), *ask.cite(*shown.blocks[computer])]
    message = f"lacks {told}, which {', '.join(sorted(map(str, others['computer'].unique())))} sees"
    if len(own) or shown.complete(computer):
        ask.fails(f"{pair} on {computer}", message, evidence, absent_from="paths")
    else:
        ask.gap(f"{pair} on {computer}", f"{message}; the end of its display is not proved", table="paths")


def _same_count_of_sources(ask: Inquiry, shown: displays.Displays) -> None:
    places = shown.paths[["pair", "computer"]]
    sources = where(places, shown.paths["path_class"] == "source")
    counts = sources.groupby(["pair", "computer"], observed=True).size().unstack(fill_value=0)
    uneven = counts[counts.max(axis=1) != counts.min(axis=1)] if len(counts) else counts
    if len(uneven):
        _uneven(ask, shown, uneven)


def _uneven(ask: Inquiry, shown: displays.Displays, counts: "pd.DataFrame") -> None:
    sources_of = GroupIndex(shown.sources[["pair", "capture", "line"]], "pair")
    for pair in counts.index:
        told = ", ".join(f"{computer} {count}" for computer, count in counts.loc[pair].items())
        ask.warns(str(pair), f"source paths differ: {told}", some(ask, sources_of(pair)))


@rule(
    "CLU009", "cluster.rescanned-on-every-node", BLOCKER,
    gates="ready cleaned", required="ready cleaned", needs=("diskpart_sessions",),
    reference="white paper page 13 (before activation), pages 20-21 (after the unmask): on all nodes",
)  # fmt: skip
def rescanned_on_every_node(ask: Inquiry) -> None:
    """Every node was rescanned in this phase: before activation, and again after the source was unmasked.

    Why: a node that was not rescanned does not know its target paths, or still keeps paths to the old array.
    Passes when: of every node there is a DiskPart log of this phase in which each rescan came to its end.
    Fails when: a node's last rescan was begun and did not finish.
    Inconclusive when: a node has no rescan in this phase, a log names no computer, or the number of nodes is not known.
    Remedy: `diskpart`, `rescan` on that node, and wait for "DiskPart has finished scanning your configuration."
    """
    sessions = ask.standing.history("diskpart_sessions")
    if not len(sessions):
        raise Missing("not captured: diskpart, then rescan", "diskpart, then rescan")
    of_phase = [ask.block(index) for index in sessions["block"].unique() if _in_phase(ask, ask.block(index))]
    scans = where(
        sessions, sessions["block"].isin([read.index for read in of_phase]) & (sessions["rescans_started"] > 0)
    )
    finished: set[str | None] = set()
    known = [ask.block(index) for index in scans["block"]]
    for computer in {_folded(computer_of(read)): None for read in known}:
        last = newest(read for read in known if _folded(computer_of(read)) == computer)
        named = computer_of(last[0])
        for read in last:
            session = ask.read(where(scans, scans["block"] == read.index))
            if (session["rescans_finished"] < session["rescans_started"]).any():
                ask.fails(named or UNNAMED_NODE, "a rescan was begun and did not finish", ask.cite(session, read))
            elif named != SE_HOST:
                finished.add(named)
    every_node(ask, finished, "rescan", capture="diskpart, then rescan")
    ask.holds(f"rescanned: {', '.join(sorted(str(name or UNNAMED_NODE) for name in finished))}")


def _folded(name: str | None) -> str | None:
    return host_name(name) if name is not None else None


def _in_phase(ask: Inquiry, read: ReadBlock) -> bool:
    """Whether a rescan belongs to the gate: after the unmask where that is captured, else by its own gate."""
    if ask.gate is Gate.CLEANED:
        unmasked = ask.standing.step("symmask remove")
        if unmasked:
            return all(before(step, read) is True for step in unmasked)
    return read.gate is ask.gate
