"""PTH013 to PTH015: what the clean-up on the nodes took away, what it left, and whether it will last."""

from typing import Any

from flmparse.collection import SE_HOST, Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, isin, isin_rows, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.computers import is_elsewhere
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before, newest
from flmparse.facts import displays
from flmparse.facts.displays import every_pair
from flmparse.facts.nodes import every_node
from flmparse.facts.paths import classified
from flmparse.findings import UNNAMED_NODE, Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.screens import Status
from flmparse.tables import table_named

_NEEDS = ("pairs", "paths", "powerpath_devices", "view_ports", "view_devices")


@rule(
    "PTH013", "cleanup.refused-are-the-targets", BLOCKER,
    gates="cleaned", required="cleaned", needs=("paths_in_use", *_NEEDS),
    reference="white paper page 20, figure 19: the refused paths are the eight target paths",
)  # fmt: skip
def refused_are_the_targets(check: Check) -> None:
    """The paths that powermt remove refused, and so kept, are exactly the target paths.

    Why: PowerPath keeps a path that Windows still has. A source path among them shows that the unmask or the rescan is
    incomplete; a target path that is not among them has been removed.
    Passes when: on each node the refused paths of the pairs are the target paths that were displayed before.
    Fails when: a source path was refused, or a target path was not.
    Inconclusive when: no powermt remove stands, or no display from before it tells which paths are target paths.
    Remedy: finish unmask, refresh and rescan; run `powermt remove` again; rescan for a lost target path.
    """
    check.require("paths_in_use")
    refusals = check.history("paths_in_use")
    kept = 0
    for step in _last_removals(check):
        node = Subject.of_node(step.node or UNNAMED_NODE)
        if Answer(step).narrowed_by:
            check.inconclusive(node, "powermt remove did not ask for dev=all", capture="powermt remove dev=all")
            continue
        try:
            before_it = displays.last_before(check, step)
        except MissingEvidence as missing:
            check.inconclusive(node, missing.message, capture="powermt display dev=all")
            continue
        every_pair(check, before_it)
        refused = where(refusals, refusals["block"] == step.index)
        refused_on = GroupIndex(refused, "io_path")
        every = _of_node(check.at_gate.history("paths"), step)
        displayed = drop_duplicates(pd.concat([before_it.paths, classified(check.at_gate, every)]), "io_path")
        refused_paths = isin(displayed["io_path"], refused["io_path"])
        for row in each(displayed, refused_paths & (displayed["path_class"] != "target")):
            message = f"{row.io_path} was refused and is a {row.path_class} path: still accessible, unmask incomplete"
            cited = check.cite(refused_on(row.io_path), row)
            check.fails(Subject.of_pair(row.pair, node), message, cited, absent_from=_no_target_without(row))
        targets = before_it.targets
        removed = where(targets, ~isin(targets["io_path"], refused["io_path"]))
        for row in each(removed):
            message = f"target path {row.io_path} was not refused: it was removed"
            check.fails(Subject.of_pair(row.pair, node), message, check.cite(row, step), absent_from="paths_in_use")
        if not len(targets):
            check.inconclusive(node, "no target path was displayed before", table="paths")
        kept += len(targets) - len(removed)
        for row in each(refused, ~isin(refused["io_path"], every["io_path"])):
            message = f"{row.io_path} was refused and is in no display"
            check.inconclusive(node, message, table="paths", evidence=check.cite(row))
    check.passes(f"{kept} paths refused, all of them target paths")


def _no_target_without(path: Any) -> str:
    """Name the table from which it follows that a path is none to the target: one of no known port may be a lost view port."""
    return "view_ports" if path.path_class == "unknown" else ""


def _of_node(paths: "pd.DataFrame", step: Output) -> "pd.DataFrame":
    """Return the paths that the node of a step displayed."""
    return where(paths, paths["node"].isna() if step.node is None else paths["node"] == step.node)


def _last_removals(check: Check) -> list[Output]:
    """Return the last powermt remove of each node that is not stale."""
    table = table_named("paths_in_use")
    fresh = [output for output in check.outputs("powermt_remove") if not check.at_gate.stale(output, table)]
    nodes = {output.node: None for output in fresh if output.node != SE_HOST}
    last: list[Output] = []
    for node in nodes:
        runs = newest(output for output in fresh if output.node == node)
        if len(runs) > 1 and node is not None:
            message = "nothing tells which powermt remove was the last"
            check.inconclusive(Subject.of_node(node), message, capture="powermt remove dev=all")
        last += runs
    if not last:
        raise MissingEvidence("no powermt remove of a cluster node stands", table.captured_by)
    return last


_CHANGES_NOTHING = frozenset({"display", "watch", "version", "help"})
"""Verbs of powermt that only show."""


@rule(
    "PTH014", "cleanup.only-targets-remain", BLOCKER,
    gates="cleaned", required="cleaned", needs=_NEEDS,
    reference="white paper pages 20-21, figure 20 against figure 13; page 20: powermt remove, not powermt check",
)  # fmt: skip
def only_targets_remain(check: Check) -> None:
    """After the clean-up only target paths remain, and only source paths went.

    Why: a source path left comes back as dead at every boot; a target path gone is redundancy lost; `powermt check` may
    take
    dead paths of either array.
    Passes when: every path of the pairs is a target path, all target paths of before are there, the source paths of
    before are
    gone, and powermt check was not used.
    Fails when: a path that is not a target path remains, a target path is gone, or powermt check was used.
    Inconclusive when: the display after the clean-up or one from before the unmask is missing, or a command of powermt that
    nobody knows was run.
    Remedy: repeat rescan and `powermt remove`; rescan for a lost target path.
    """
    _other_commands(check)
    now = displays.now(check)
    every_pair(check, now)
    for row in each(now.paths, now.paths["path_class"] != "target"):
        message = f"{row.io_path} on {row.interface} is left, a {row.path_class} path"
        subject = Subject.of_pair(row.pair, row.computer)
        check.fails(subject, message, check.cite(row), absent_from=_no_target_without(row))
    earlier = _before_unmask(check)
    removed = 0
    for computer in earlier.computers:
        if computer not in now.outputs:
            check.inconclusive(Subject.of_node(computer), "no display after the clean-up", table="paths")
            continue
        paths = where(earlier.paths, earlier.paths["computer"] == computer)
        left = where(now.paths, now.paths["computer"] == computer)
        sources = where(paths, paths["path_class"] == "source")
        if not len(sources):
            message = "no source path was displayed before the unmask"
            check.inconclusive(Subject.of_node(computer), message, table="paths")
        removed += len(sources)
        ends = ["pair", "hba", "port"]
        targets = where(paths, paths["path_class"] == "target")
        for row in each(targets, ~isin_rows(targets[ends], left[ends])):
            message = f"target path {row.io_path} on {row.interface} is gone"
            cited = check.cite(row, *now.outputs[computer])
            check.fails(Subject.of_pair(row.pair, computer), message, cited, absent_from="paths")
    for computer in now.computers:
        if computer not in earlier.outputs:
            check.inconclusive(Subject.of_node(computer), "no display from before the unmask", table="paths")
    check.passes(f"{len(now.paths)} paths remain, all target paths; {removed} source paths went")


def _other_commands(check: Check) -> None:
    """State the commands of powermt since ready that may have taken paths away otherwise than powermt remove."""
    for output in check.migration.collection.outputs:
        command = output.command
        late = output.gate is None or Gate.READY <= output.gate <= check.gate
        if not late or command is None or command.tool != "powermt":
            continue
        node = Subject.of_node(output.node or UNNAMED_NODE)
        if command.verb == "check":
            check.fails(node, "powermt check was used, not powermt remove", check.cite(output))
        elif output.screen is None and command.verb not in _CHANGES_NOTHING:
            message = f"what the command {command.text!r} did is not known"
            check.inconclusive(node, message, evidence=check.cite(output))


def _before_unmask(check: Check) -> displays.Displays:
    """Return the newest displays from before the sources were unmasked."""
    for gate in (Gate.TERMINATED, Gate.COPIED, Gate.COPYING):
        try:
            return displays.standing_at(check, gate)
        except MissingEvidence:
            continue
    return displays.standing_at(check, Gate.READY)


@rule(
    "PTH015", "cleanup.configuration-saved", BLOCKER,
    gates="cleaned", required="cleaned", needs=("operations",),
    reference="white paper page 20, heading: ... and save PowerPath configuration",
)  # fmt: skip
def configuration_saved(check: Check) -> None:
    """The PowerPath configuration was saved on every node after its last change of paths.

    Why: without powermt save the removed paths come back as dead ones at the next boot.
    Passes when: on every node of the cluster a powermt save succeeded after its last rescan and powermt remove. One with
    `file=` does not count: PowerPath does not load that file at boot.
    Fails when: a powermt save reports an error and none later succeeded.
    Inconclusive when: a node's powermt save is not captured or wrote another file, is older than its last change of paths,
    or names no node.
    Remedy: run `powermt save` on each node and keep the log.
    """
    saves = check.at_gate.step("powermt save")
    if not saves:
        raise MissingEvidence("not captured: powermt save", "powermt save")
    operations = check.history("operations")
    outcomes = where(operations, operations["operation"] == "powermt save").set_index("block")["succeeded"]
    saved: set[str | None] = set()
    for node in {output.node: None for output in saves}:
        subject = Subject.of_node(node or UNNAMED_NODE)
        of_node = [output for output in saves if output.node == node]
        loaded_at_boot = [output for output in of_node if not _file_saved(output)]
        if not loaded_at_boot:
            message = f"saved to {_file_saved(of_node[-1])}, which PowerPath does not load at boot"
            check.inconclusive(subject, message, capture="powermt save", evidence=check.cite(*of_node))
        for output in newest(loaded_at_boot):
            succeeded = outcomes.loc[[output.index]]
            change = _change_after(check, output)
            if output.status is Status.TOOL_ERROR or succeeded.eq(False).any():
                check.fails(subject, "powermt save did not succeed", check.cite(output))
            elif succeeded.isna().any():
                message = "the output does not tell that powermt save succeeded"
                check.inconclusive(subject, message, capture="powermt save", evidence=check.cite(output))
            elif change is not None:
                position = f"{change.capture.name}:{change.first_line}"
                message = f"paths changed after it, or nothing tells the order ({position})"
                check.inconclusive(subject, message, capture="powermt save", evidence=check.cite(output, change))
            else:
                saved.add(node)
    every_node(check, saved, "powermt save", capture="powermt save")
    check.passes(f"saved on {', '.join(sorted(str(node) for node in saved))}")


def _file_saved(save: Output) -> str:
    """Return the file that a powermt save names, which is then not the one that PowerPath loads at boot."""
    return " ".join(save.command.words[1:]) if save.command is not None else ""


def _change_after(check: Check, save: Output) -> Output | None:
    """Return a change of paths on the same node that is not known to come before the save."""
    for operation in ("rescan", "powermt remove"):
        for step in check.at_gate.step(operation):
            if not is_elsewhere(step, save) and step.index != save.index and before(step, save) is not True:
                return step
    return None
