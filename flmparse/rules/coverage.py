"""EVD: what the captures cover: every pair device in every list, every host capture its node."""

from flmparse.collection import SE_HOST, Output
from flmparse.columns.selection import where
from flmparse.evidence.answer import Answer, devices_in
from flmparse.evidence.computers import computer_of, names_its_computer, same_computer
from flmparse.evidence.lines import quote_run
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import newest
from flmparse.facts.captured import outputs_of_gate
from flmparse.facts.identities import with_source_device
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate, screens_of_step
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
        devices = with_source_device(check, pairs)
        _cover(check, "mask_changes", removed, devices, "source_device")
        _cover_assignments(check, devices)
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
    unlisted = where(pairs, ~pairs[column].isin(rows["device"].unique().tolist()))
    outputs = [check.output(index) for index in rows["block"].unique()]
    outputs = outputs or [
        output for output in check.at_gate.outputs if table in output.reading.frames and output.gate == check.gate
    ]
    files = ", ".join(dict.fromkeys(output.capture.name for output in outputs))
    are_whole = bool(outputs) and all(output.reading.whole for output in outputs)
    for row in each(unlisted):
        subject, message = Subject.of_pair(row.pair), f"{getattr(row, column)} is not in {files}"
        cited = check.cite(row, *outputs)
        if are_whole:
            check.fails(subject, message, cited, absent_from=table)
        else:
            check.inconclusive(subject, f"{message}, which nothing proves whole", table=table, evidence=cited)


def _cover_assignments(check: Check, pairs: "pd.DataFrame") -> None:
    """State the pairs about whose source symmaskdb was not asked; a device without any assignment has no row."""
    rows = check.require("mask_assignments")
    for index in rows["block"].unique():
        output = check.output(index)
        if not Answer(output).device_is_whole:
            message = f"{' '.join(Answer(output).narrowed_by)} leaves out ports or hosts of the devices"
            check.inconclusive(
                Subject.of_file(output.capture.name), message, table="mask_assignments", evidence=check.cite(output)
            )
    unlisted = where(pairs, ~pairs["source_device"].isin(rows["device"].unique().tolist()))
    if not len(unlisted):
        return
    listings = newest(output for output in check.at_gate.outputs if "mask_assignments" in output.reading.frames)
    asked: set[str] = set()
    for output in listings:
        named = output.command.option("-devs", "-dev") if output.command is not None else ""
        asked |= devices_in(named) if named else set(unlisted["source_device"] if output.command is not None else ())
    for row in each(unlisted):
        subject, cited = Subject.of_pair(row.pair), check.cite(row, *listings)
        if row.source_device not in asked:
            message = f"symmaskdb was not asked about {row.source_device}"
            check.fails(subject, message, cited, absent_from="mask_assignments")
        elif not all(output.reading.whole for output in listings):
            message = f"{row.source_device} is not listed, and nothing proves the list whole"
            check.inconclusive(subject, message, table="mask_assignments", evidence=cited)


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
    outputs = [output for output in outputs_of_gate(check) if _is_of_host(output)]
    captured = {output.screen for output in outputs}
    for kind in screens_of_step(check.gate):
        if kind in ("diskpart", "powermt_display", "powermt_remove") and kind not in captured:
            name = kind.replace("_", " ")
            check.inconclusive(check.gate.word, f"no {name} was captured", capture=name)
    nodes = [node.name for node in check.manifest.nodes]
    all_listed = bool(nodes) and check.manifest.expected_nodes == len(nodes)
    for output in outputs:
        file, prompt_host, node = Subject.of_file(output.capture.name), output.block.prompt_host, computer_of(output)
        if node is None:
            check.fails(file, f"line {output.first_line}: node unknown", check.cite(output))
        elif prompt_host and not same_computer(_short(prompt_host), _short(node)):
            check.fails(file, f"is filed for node {node}, its prompt is of {prompt_host}", check.cite(output))
        elif (all_listed or node == SE_HOST) and not any(same_computer(node, name) for name in nodes):
            check.fails(file, f"node {node} is none of {', '.join(nodes) or 'the nodes'}", check.cite(output))
    _contradicted_by_hostname(check, outputs)
    names = ", ".join(dict.fromkeys(filter(None, map(computer_of, outputs))))
    check.passes(f"{len(outputs)} host captures of {names}")


def _short(name: str) -> str:
    return name.split(".")[0]


def _is_of_host(output: Output) -> bool:
    tool = output.command.tool if output.command is not None else ""
    return tool in HOST_TOOLS or tool.startswith("get-") or (output.screen or "").startswith(("powermt", "diskpart"))


def _contradicted_by_hostname(check: Check, of_hosts: list[Output]) -> None:
    """State the computers that a log names itself, by hostname or by DiskPart, against where it is filed."""
    files = {output.capture.name for output in of_hosts}
    for output in check.migration.collection.outputs:
        if output.gate != check.gate or output.node is None or output.capture.name not in files:
            continue
        words = output.block.output.split() if names_its_computer(output) else []
        named = words[0] if len(words) == 1 else computer_of(output)
        if output.node == SE_HOST and not words:
            continue  # a rescan counts for the computer that it names, wherever it is filed
        if named is not None and not same_computer(_short(named), _short(output.node)):
            message = f"is filed for node {output.node} and names itself {named}"
            cited = [quote_run(check, output, output.first_line, output.block.line_end)]
            check.fails(Subject.of_file(output.capture.name), message, cited)
