"""EVD: what the captures cover: every pair device in every list, every host capture its node."""

from typing import TYPE_CHECKING

from flmparse.collection import SE_HOST, ReadBlock
from flmparse.columns.selection import where
from flmparse.evidence.migration import Missing, computer_of, same_computer
from flmparse.evidence.timeline import newest
from flmparse.rules.evidence import KINDS, captured_here, first_lines, names_host
from flmparse.rules.rule import BLOCKER, WARNING, Inquiry, each, rule
from flmparse.terms import Gate

if TYPE_CHECKING:
    import pandas as pd

HOST_TOOLS = frozenset({"powermt", "diskpart", "mpclaim", "cluster", "emcpadm", "systeminfo"})
"""Tools of a cluster node; PowerShell's Get-... commands are the node's too."""


@rule(
    "EVD006", "evidence.lists-cover-all-pairs", BLOCKER,
    gates="created copying unmasked", required="created copying unmasked",
    needs=("pairs", "session_pairs", "identities", "view_devices", "mask_changes", "mask_assignments"),
    reference="white paper figures 5, 6, 8, 17, 18",
)  # fmt: skip
def lists_cover_all_pairs(ask: Inquiry) -> None:
    """Every list covers all pair devices.

    Why: a check of a list says nothing of the device that the list leaves out; -range and -devs leave out silently.
    Passes when: at created the query and the identity list hold every target, at copying the query (and the view, where
    one is captured), at unmasked the symmask removals name every source and symmaskdb was asked about every source.
    Fails when: a device of a pair is not in one of them.
    Inconclusive when: one of them was not captured, or nothing proves that it is whole.
    Remedy: capture again without the range.
    """
    pairs = ask.pairs()
    if ask.gate is Gate.UNMASKED:
        removed = ask.history("mask_changes")
        removed = where(removed, removed["action"] == "remove")
        if not len(removed):
            raise Missing("not captured: symmask remove", "symmask -sid <source> ... remove devs <devices>")
        _cover(ask, "mask_changes", removed, pairs, "source_device")
        _cover_assignments(ask, pairs)
    else:
        queried = ask.need("session_pairs").rename(columns={"control_device": "device"})
        _cover(ask, "session_pairs", queried, pairs, "target_device")
        if ask.gate is Gate.CREATED:
            _cover(ask, "identities", ask.need("identities"), pairs, "target_device")
        else:
            viewed = ask.have("view_devices")
            if len(viewed):
                _cover(ask, "view_devices", viewed, pairs, "target_device")
    ask.holds(f"all {len(pairs)} pairs are in every list")


def _cover(ask: Inquiry, table: str, rows: "pd.DataFrame", pairs: "pd.DataFrame", column: str) -> None:
    """State the pairs whose device is in no row of a list."""
    lacking = where(pairs, ~pairs[column].isin(rows["device"].unique().tolist()))
    blocks = [ask.block(index) for index in rows["block"].unique()]
    blocks = blocks or [read for read in ask.standing.blocks if table in read.reading.frames and read.gate == ask.gate]
    files = ", ".join(dict.fromkeys(read.capture.name for read in blocks))
    whole = bool(blocks) and all(read.reading.whole for read in blocks)
    for row in each(lacking):
        message = f"{getattr(row, column)!s} is not in {files}"
        if whole:
            ask.fails(str(row.pair), message, ask.cite(row, *blocks), absent_from=table)
        else:
            ask.gap(
                str(row.pair), f"{message}, which nothing proves whole", table=table, evidence=ask.cite(row, *blocks)
            )


def _cover_assignments(ask: Inquiry, pairs: "pd.DataFrame") -> None:
    """State the pairs about whose source symmaskdb was not asked; a device without any assignment has no row."""
    rows = ask.need("mask_assignments")
    lacking = where(pairs, ~pairs["source_device"].isin(rows["device"].unique().tolist()))
    if not len(lacking):
        return
    listings = [read for read in ask.standing.blocks if "mask_assignments" in read.reading.frames]
    last = newest(listings)
    asked: set[str] = set()
    for read in last:
        named = read.command.option("-devs", "-dev") if read.command is not None else ""
        asked |= _devices(named) if named else set(lacking["source_device"] if read.command is not None else ())
    for row in each(lacking):
        if row.source_device not in asked:
            message = "symmaskdb was not asked about " + str(row.source_device)
            ask.fails(str(row.pair), message, ask.cite(row, *last), absent_from="mask_assignments")
        elif not all(read.reading.whole for read in last):
            ask.gap(str(row.pair), str(row.source_device) + " is not listed, and nothing proves the list whole",
                    table="mask_assignments", evidence=ask.cite(row, *last))  # fmt: skip


def _devices(text: str) -> set[str]:
    """Expand the devices of an option: ``0720,075F,07B6:07B8``."""
    found: set[str] = set()
    for part in text.split(","):
        first, _, last = part.partition(":")
        try:
            numbers = range(int(first, 16), int(last or first, 16) + 1)
        except ValueError:
            continue
        if len(numbers) <= 65536:
            found.update(f"{number:04X}" for number in numbers)
    return found


@rule(
    "EVD007", "evidence.host-captures-name-their-node", WARNING,
    gates="ready copying cleaned", reference="white paper figure 9 names its computer; figures 10, 13, 20 name none",
)  # fmt: skip
def host_captures_name_their_node(ask: Inquiry) -> None:
    """Each host capture names its node.

    Why: the paths of one node shown twice are no proof for the other.
    Passes when: the node of every host capture of this gate is known, is the one that its own prompt or `hostname`
    names, and, where the manifest lists all nodes, is one of them.
    Fails when: it is unknown, another, or not in the manifest (a warning).
    Inconclusive when: no rescan (at ready) or no powermt display was captured at this gate.
    Remedy: run `hostname` in the same log, or say the node in the manifest.
    """
    hosts = [read for read in captured_here(ask) if _is_of_host(read)]
    for kind in KINDS[ask.gate]:
        if kind in ("diskpart", "powermt_display", "powermt_remove") and kind not in {read.screen for read in hosts}:
            ask.gap(ask.gate.word, f"no {kind.replace('_', ' ')} was captured", capture=kind.replace("_", " "))
    nodes = [node.name for node in ask.manifest.nodes]
    all_listed = bool(nodes) and ask.manifest.expected_nodes == len(nodes)
    for read in hosts:
        told, node = read.block.prompt_host, computer_of(read)
        if node is None:
            ask.fails(read.capture.name, f"line {read.first_line}: node unknown", ask.cite(read))
        elif told and not same_computer(_short(told), _short(node)):
            ask.fails(read.capture.name, f"is filed for node {node}, its prompt is of {told}", ask.cite(read))
        elif (all_listed or node == SE_HOST) and not any(same_computer(node, name) for name in nodes):
            ask.fails(read.capture.name, f"node {node} is none of {', '.join(nodes) or 'the nodes'}", ask.cite(read))
    _contradicted_by_hostname(ask, hosts)
    ask.holds(f"{len(hosts)} host captures of " + ", ".join(dict.fromkeys(filter(None, map(computer_of, hosts)))))


def _short(name: str) -> str:
    return name.split(".")[0]


def _is_of_host(read: ReadBlock) -> bool:
    tool = read.command.tool if read.command is not None else ""
    return tool in HOST_TOOLS or tool.startswith("get-") or (read.screen or "").startswith(("powermt", "diskpart"))


def _contradicted_by_hostname(ask: Inquiry, hosts: list[ReadBlock]) -> None:
    """State the computers that a log names itself, by hostname or by DiskPart, against where it is filed."""
    files = {read.capture.name for read in hosts}
    for read in ask.migration.collection.blocks:
        if read.gate != ask.gate or read.node is None or read.capture.name not in files:
            continue
        words = read.block.output.split() if names_host(read) else []
        named = words[0] if len(words) == 1 else computer_of(read)
        if read.node == SE_HOST and not words:
            continue  # a rescan counts for the computer that it names, wherever it is filed
        if named is not None and not same_computer(_short(named), _short(read.node)):
            ask.fails(read.capture.name, f"is filed for node {read.node} and names itself {named}",
                      [first_lines(ask, read, read.first_line, read.block.line_end)])  # fmt: skip
