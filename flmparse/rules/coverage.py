"""EVD: what the captures cover: every pair device in every list, every host capture its node."""

from flmparse.collection import SE_HOST, Output
from flmparse.columns.selection import where
from flmparse.evidence.computers import computer_of, same_computer
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import newest
from flmparse.facts.captured import captured_here, first_lines, names_host
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import GATES, Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule

HOST_TOOLS = frozenset({"powermt", "diskpart", "mpclaim", "cluster", "emcpadm", "systeminfo"})
"""Tools of a cluster node; PowerShell's Get-... commands are the node's too."""


@rule(
    "EVD006", "evidence.lists-cover-all-pairs", BLOCKER,
    gates="created copying unmasked", required="created copying unmasked",
    needs=("pairs", "session_pairs", "identities", "view_devices", "mask_changes", "mask_assignments"),
    reference="white paper figures 5, 6, 8, 17, 18",
)  # fmt: skip
def lists_cover_all_pairs(check: Check) -> None:
    """Every list covers all pair devices.

    Why: a check of a list says nothing of the device that the list leaves out; -range and -devs leave out silently.
    Passes when: at created the query and the identity list hold every target, at copying the query (and the view, where
    one is captured), at unmasked the symmask removals name every source and symmaskdb was asked about every source.
    Fails when: a device of a pair is not in one of them.
    Inconclusive when: one of them was not captured, or nothing proves that it is whole.
    Remedy: capture again without the range.
    """
    pairs = check.pairs()
    if check.gate is Gate.UNMASKED:
        removed = check.history("mask_changes")
        removed = where(removed, removed["action"] == "remove")
        if not len(removed):
            raise MissingEvidence("not captured: symmask remove", "symmask -sid <source> ... remove devs <devices>")
        _cover(check, "mask_changes", removed, pairs, "source_device")
        _cover_assignments(check, pairs)
    else:
        queried = check.require("session_pairs").rename(columns={"control_device": "device"})
        _cover(check, "session_pairs", queried, pairs, "target_device")
        if check.gate is Gate.CREATED:
            _cover(check, "identities", check.require("identities"), pairs, "target_device")
        else:
            viewed = check.optional("view_devices")
            if len(viewed):
                _cover(check, "view_devices", viewed, pairs, "target_device")
    check.passes(f"all {len(pairs)} pairs are in every list")


def _cover(check: Check, table: str, rows: "pd.DataFrame", pairs: "pd.DataFrame", column: str) -> None:
    """State the pairs whose device is in no row of a list."""
    lacking = where(pairs, ~pairs[column].isin(rows["device"].unique().tolist()))
    blocks = [check.output(index) for index in rows["block"].unique()]
    blocks = blocks or [
        output for output in check.at_gate.outputs if table in output.reading.frames and output.gate == check.gate
    ]
    files = ", ".join(dict.fromkeys(output.capture.name for output in blocks))
    whole = bool(blocks) and all(output.reading.whole for output in blocks)
    for row in each(lacking):
        message = f"{getattr(row, column.replace('device', 'name'))} is not in {files}"
        if whole:
            check.fails(Subject.of_pair(row.pair), message, check.cite(row, *blocks), absent_from=table)
        else:
            check.inconclusive(
                Subject.of_pair(row.pair),
                f"{message}, which nothing proves whole",
                table=table,
                evidence=check.cite(row, *blocks),
            )


def _cover_assignments(check: Check, pairs: "pd.DataFrame") -> None:
    """State the pairs about whose source symmaskdb was not asked; a device without any assignment has no row."""
    rows = check.require("mask_assignments")
    lacking = where(pairs, ~pairs["source_device"].isin(rows["device"].unique().tolist()))
    if not len(lacking):
        return
    listings = [output for output in check.at_gate.outputs if "mask_assignments" in output.reading.frames]
    last = newest(listings)
    asked: set[str] = set()
    for output in last:
        named = output.command.option("-devs", "-dev") if output.command is not None else ""
        asked |= _devices(named) if named else set(lacking["source_device"] if output.command is not None else ())
    for row in each(lacking):
        if row.source_device not in asked:
            message = f"symmaskdb was not asked about {row.source_name}"
            check.fails(Subject.of_pair(row.pair), message, check.cite(row, *last), absent_from="mask_assignments")
        elif not all(output.reading.whole for output in last):
            check.inconclusive(Subject.of_pair(row.pair), f"{row.source_name} is not listed, and nothing proves the list whole",
                    table="mask_assignments", evidence=check.cite(row, *last))  # fmt: skip


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
def host_captures_name_their_node(check: Check) -> None:
    """Each host capture names its node.

    Why: the paths of one node shown twice are no proof for the other.
    Passes when: the node of every host capture of this gate is known, is the one that its own prompt or `hostname`
    names, and, where the manifest lists all nodes, is one of them.
    Fails when: it is unknown, another, or not in the manifest (a warning).
    Inconclusive when: no rescan (at ready) or no powermt display was captured at this gate.
    Remedy: run `hostname` in the same log, or say the node in the manifest.
    """
    hosts = [output for output in captured_here(check) if _is_of_host(output)]
    for kind in (screen for kinds in GATES[check.gate].captures if kinds.of_step for screen in kinds.screens):
        if kind in ("diskpart", "powermt_display", "powermt_remove") and kind not in {
            output.screen for output in hosts
        }:
            check.inconclusive(
                check.gate.word, f"no {kind.replace('_', ' ')} was captured", capture=kind.replace("_", " ")
            )
    nodes = [node.name for node in check.manifest.nodes]
    all_listed = bool(nodes) and check.manifest.expected_nodes == len(nodes)
    for output in hosts:
        told, node = output.block.prompt_host, computer_of(output)
        if node is None:
            check.fails(output.capture.name, f"line {output.first_line}: node unknown", check.cite(output))
        elif told and not same_computer(_short(told), _short(node)):
            check.fails(output.capture.name, f"is filed for node {node}, its prompt is of {told}", check.cite(output))
        elif (all_listed or node == SE_HOST) and not any(same_computer(node, name) for name in nodes):
            check.fails(
                output.capture.name, f"node {node} is none of {', '.join(nodes) or 'the nodes'}", check.cite(output)
            )
    _contradicted_by_hostname(check, hosts)
    check.passes(f"{len(hosts)} host captures of " + ", ".join(dict.fromkeys(filter(None, map(computer_of, hosts)))))


def _short(name: str) -> str:
    return name.split(".")[0]


def _is_of_host(output: Output) -> bool:
    tool = output.command.tool if output.command is not None else ""
    return tool in HOST_TOOLS or tool.startswith("get-") or (output.screen or "").startswith(("powermt", "diskpart"))


def _contradicted_by_hostname(check: Check, hosts: list[Output]) -> None:
    """State the computers that a log names itself, by hostname or by DiskPart, against where it is filed."""
    files = {output.capture.name for output in hosts}
    for output in check.migration.collection.outputs:
        if output.gate != check.gate or output.node is None or output.capture.name not in files:
            continue
        words = output.block.output.split() if names_host(output) else []
        named = words[0] if len(words) == 1 else computer_of(output)
        if output.node == SE_HOST and not words:
            continue  # a rescan counts for the computer that it names, wherever it is filed
        if named is not None and not same_computer(_short(named), _short(output.node)):
            check.fails(output.capture.name, f"is filed for node {output.node} and names itself {named}",
                      [first_lines(check, output, output.first_line, output.block.line_end)])  # fmt: skip
