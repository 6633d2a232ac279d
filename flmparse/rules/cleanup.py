"""PTH013 to PTH015: what the clean-up on the nodes took away, what it left, and whether it will last."""

from flmparse.collection import SE_HOST, Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, isin, isin_rows, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.computers import computer_of, same_computer
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
    refused = check.history("paths_in_use")
    kept = 0
    for step in _last_removals(check):
        named = step.node or UNNAMED_NODE
        if Answer(step).narrowed_by:
            check.inconclusive(named, "powermt remove did not ask for dev=all", capture="powermt remove dev=all")
            continue
        try:
            then = displays.last_before(check, step)
        except MissingEvidence as missing:
            check.inconclusive(named, missing.message, capture="powermt display dev=all")
            continue
        every_pair(check, then)
        mine = where(refused, refused["block"] == step.index)
        known = _ever_displayed(check, step, then)
        refused_on = GroupIndex(mine, "io_path")
        for row in each(known, isin(known["io_path"], mine["io_path"]) & (known["path_class"] != "target")):
            message = f"{row.io_path} was refused and is a {row.path_class} path: still accessible, unmask incomplete"
            check.fails(Subject.of_pair(row.pair, named), message, check.cite(refused_on(row.io_path), row))
        lost = where(then.targets, ~isin(then.targets["io_path"], mine["io_path"]))
        for row in each(lost):
            message = f"target path {row.io_path} was not refused: it was removed"
            check.fails(Subject.of_pair(row.pair, named), message, check.cite(row, step), absent_from="paths_in_use")
        if not len(then.targets):
            check.inconclusive(named, "no target path was displayed before", table="paths")
        kept += len(then.targets) - len(lost)
        every = check.at_gate.history("paths")
        every = every[every["node"].isna() if step.node is None else every["node"] == step.node]
        for row in each(mine, ~isin(mine["io_path"], every["io_path"])):
            check.inconclusive(
                named, f"{row.io_path} was refused and is in no display", table="paths", evidence=check.cite(row)
            )
    check.passes(f"{kept} paths refused, all of them target paths")


def _last_removals(check: Check) -> list[Output]:
    """Return the last powermt remove of each node that stands."""
    spec = table_named("paths_in_use")
    fresh = [output for output in check.outputs("powermt_remove") if not check.at_gate.stale(output, spec)]
    nodes = {output.node: None for output in fresh if output.node != SE_HOST}
    last: list[Output] = []
    for node in nodes:
        runs = newest(output for output in fresh if output.node == node)
        if len(runs) > 1 and node is not None:
            check.inconclusive(
                node, "nothing tells which powermt remove was the last", capture="powermt remove dev=all"
            )
        last += runs
    if not last:
        raise MissingEvidence("no powermt remove of a cluster node stands", spec.captured_by)
    return last


def _ever_displayed(check: Check, step: Output, then: displays.Displays) -> "pd.DataFrame":
    """Return each path of the pairs that the node displayed at any time, as the last display before the step has it."""
    every = check.at_gate.history("paths")
    mine = every[every["node"].isna() if step.node is None else every["node"] == step.node]
    return drop_duplicates(pd.concat([then.paths, classified(check.at_gate, mine)]), "io_path")


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
    for output in check.migration.collection.outputs:
        command = output.command
        late = output.gate is None or Gate.READY <= output.gate <= check.gate
        if not late or command is None or command.tool != "powermt":
            continue
        if command.verb == "check":
            check.fails(output.node or UNNAMED_NODE, "powermt check was used, not powermt remove", check.cite(output))
        elif output.screen is None and command.verb not in _CHANGES_NOTHING:
            message = f"what the command {command.text!r} did is not known"
            check.inconclusive(output.node or UNNAMED_NODE, message, evidence=check.cite(output))
    now = displays.now(check)
    every_pair(check, now)
    for row in each(now.paths, now.paths["path_class"] != "target"):
        message = f"{row.io_path} on {row.interface} is left, a {row.path_class} path"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    then = _before_unmask(check)
    went = 0
    for computer in then.computers:
        if computer not in now.outputs:
            check.inconclusive(computer, "no display after the clean-up", table="paths")
            continue
        had = where(then.paths, then.paths["computer"] == computer)
        has = where(now.paths, now.paths["computer"] == computer)
        sources = where(had, had["path_class"] == "source")
        if not len(sources):
            check.inconclusive(computer, "no source path was displayed before the unmask", table="paths")
        went += len(sources)
        way = ["pair", "hba", "port"]
        targets = where(had, had["path_class"] == "target")
        for row in each(targets, ~isin_rows(targets[way], has[way])):
            message = f"target path {row.io_path} on {row.interface} is gone"
            check.fails(
                Subject.of_pair(row.pair, computer),
                message,
                check.cite(row, *now.outputs[computer]),
                absent_from="paths",
            )
    for computer in now.computers:
        if computer not in then.outputs:
            check.inconclusive(computer, "no display from before the unmask", table="paths")
    check.passes(f"{len(now.paths)} paths remain, all target paths; {went} source paths went")


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
    Passes when: on every node of the cluster a powermt save succeeded after its last rescan and powermt remove.
    Fails when: a powermt save reports an error and none later succeeded.
    Inconclusive when: a node's powermt save is not captured, is older than its last change of paths, or names no node.
    Remedy: run `powermt save` on each node and keep the log.
    """
    saves = check.at_gate.step("powermt save")
    if not saves:
        raise MissingEvidence("not captured: powermt save", "powermt save")
    operations = check.history("operations")
    said = where(operations, operations["operation"] == "powermt save").set_index("block")["succeeded"]
    saved: set[str | None] = set()
    for node in {output.node: None for output in saves}:
        last = newest(output for output in saves if output.node == node)
        named = node or UNNAMED_NODE
        for output in last:
            outcome = said.loc[[output.index]]
            changed = _change_after(check, output)
            if output.status is Status.TOOL_ERROR or not bool(outcome.fillna(True).all()):
                check.fails(named, "powermt save did not succeed", check.cite(output))
            elif outcome.isna().any():
                check.inconclusive(
                    named, "the output does not tell that powermt save succeeded", capture="powermt save"
                )
            elif changed is not None:
                place = f"{changed.capture.name}:{changed.first_line}"
                check.inconclusive(
                    named, f"paths changed after it, or nothing tells the order ({place})", capture="powermt save"
                )
            else:
                saved.add(node)
    every_node(check, saved, "powermt save", capture="powermt save")
    check.passes(f"saved on {', '.join(sorted(str(node) for node in saved))}")


def _change_after(check: Check, save: Output) -> Output | None:
    """Return a change of paths on the same node that is not known to come before the save."""
    for operation in ("rescan", "powermt remove"):
        for step in check.at_gate.step(operation):
            there = computer_of(step)
            elsewhere = None not in (there, save.node) and not same_computer(there, save.node)
            if not elsewhere and step.index != save.index and before(step, save) is not True:
                return step
    return None
