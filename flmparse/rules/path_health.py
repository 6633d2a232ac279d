"""PTH007 to PTH012, PTH017 and PTH018: how well the paths are, and what became of them since the capture before."""

from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, isin_rows, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before
from flmparse.facts import displays
from flmparse.facts.displays import by_node, every_pair
from flmparse.facts.paths import disk_name, every_value_read
from flmparse.findings import Evidence, Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import ADVICE, BLOCKER, WARNING, Check, rule

WAY = ["computer", "pair", "hba", "port"]
"""What a path is from one capture to the next; Windows may give it another target number after a rescan."""

_NEEDS = ("pairs", "paths", "powerpath_devices", "view_ports", "view_devices")


@rule(
    "PTH007", "paths.no-single-way", WARNING,
    gates="ready cleaned", needs=_NEEDS,
    reference="practice; figure 10 shows one HBA (5) for every path",
)  # fmt: skip
def no_single_way(check: Check) -> None:
    """No single HBA and no single target director carries all target paths of a disk.

    Why: one cable, one SFP or one mistake in zoning during the cutover is then an outage.
    Passes when: on every node every pair has target paths through two HBAs and to two directors at least. That all
    source paths go to one director is only noted.
    Fails when: all target paths of a disk go through one HBA, or to one director (a warning).
    Inconclusive when: there is no fresh display, no masking view, or a pair has no path in it.
    Remedy: use the second HBA or fabric, or have the risk accepted by name.
    """
    current = displays.now(check)
    every_pair(check, current)
    all_paths = current.paths[["computer", "pair", "hba", "port", "path_class", "capture", "line"]]
    for computer, paths in by_node(current, all_paths):
        node = Subject.of_node(computer)
        targets = where(paths, paths["path_class"] == "target")
        if not len(targets):
            check.inconclusive(node, "no target path", table="paths")
            continue
        for hba, rows in _alone(check, node, targets, "hba"):
            message = f"all {len(rows)} target paths{_of_some(rows, targets)} through HBA {hba}"
            check.fails(node, message, check.cite_first(rows), absent_from="paths view_ports")
        for director, rows in _alone(check, node, _with_director(targets), "director"):
            message = f"all {len(rows)} target paths{_of_some(rows, targets)} on director {director}"
            check.fails(node, message, check.cite_first(rows), absent_from="paths view_ports")
        sources = _with_director(where(paths, paths["path_class"] == "source"))
        if sources["director"].nunique() == 1:
            check.note(f"{computer}: all source paths on director {sources['director'].iloc[0]}")
    check.passes("every pair has target paths through two HBAs and to two directors at least")


def _of_some(rows: "pd.DataFrame", all_rows: "pd.DataFrame") -> str:
    """Name the pairs of rows where they are not all pairs."""
    pairs = list(rows["pair"].unique())
    if len(pairs) == all_rows["pair"].nunique():
        return ""
    return f" of {', '.join(pairs[:4])}{' and others' if len(pairs) > 4 else ''}"


def _with_director(paths: "pd.DataFrame") -> "pd.DataFrame":
    ports = paths["port"].astype("category")
    directors = {port: port.split(":")[0] for port in ports.cat.categories}
    return paths.assign(director=ports.map(directors).astype("category"))


def _alone(check: Check, node: Subject, rows: "pd.DataFrame", column: str) -> "list[tuple[Any, pd.DataFrame]]":
    """Return the values of a column that are the only one some pair has, each with the rows of those pairs."""
    unread = where(rows, rows[column].isna())
    if len(unread):
        message = f"{len(unread)} paths whose {column} was not read"
        check.inconclusive(node, message, evidence=check.cite_first(unread))
    kinds = rows.groupby("pair", observed=True)[column].nunique()
    single = where(rows, rows["pair"].isin(kinds.index[kinds == 1]))
    return list(single.groupby(column, observed=True))


@rule(
    "PTH017", "paths.both-adapters-reach-targets", BLOCKER,
    gates="ready..cleaned", required="ready copying", needs=_NEEDS,
    reference="practice; white paper figure 10: HBA 5 has paths to both arrays",
)  # fmt: skip
def both_adapters_reach_targets(check: Check) -> None:
    """Each adapter that carries source paths of a disk carries target paths to it.

    Why: an adapter whose zoning to the new array is missing shows in no path that is dead; from activation on every disk
    hangs on the other one.
    Passes when: on every node each HBA with a path to the source of a pair has one to its target. Once the sources are
    unmasked the source paths are those of the last display before.
    Fails when: one has none.
    Inconclusive when: there is no fresh display, no masking view, a pair is not in the display, or no display shows
    source paths. Between the unmask and the next display the rule does not apply.
    Remedy: zone and mask that adapter to the target; rescan.
    """
    if displays.none_since_unmask(check):
        check.not_applicable(displays.NONE_SINCE_UNMASK)
    current = displays.now(check)
    every_pair(check, current)
    before_unmask = displays.with_sources(check, current)
    if before_unmask is None:
        check.inconclusive("", "no display shows a source path, so nothing tells the adapters", table="paths")
        return
    adapter = ["computer", "pair", "hba"]
    sources = where(before_unmask.sources, before_unmask.sources["computer"].isin(current.computers))
    lacking = where(sources, sources["hba"].notna() & ~isin_rows(sources[adapter], current.targets[adapter]))
    for (computer, hba), rows in lacking.groupby(["computer", "hba"], observed=True):
        pairs = list(rows["pair"].unique())
        names = ", ".join(map(str, pairs[:4])) + (" and others" if len(pairs) > 4 else "")
        message = f"HBA {hba} has source paths and no target path of {len(pairs)} pairs ({names})"
        cited = [*check.cite_first(rows), *check.cite(*current.outputs[str(computer)])]
        check.fails(Subject.of_node(str(computer)), message, cited, absent_from="paths view_ports")
    check.passes("every adapter with source paths has target paths to the same pairs")


@rule(
    "PTH008", "paths.queues-add-up", WARNING,
    gates="ready copying copied cleaned", needs=_NEEDS,
    reference="white paper figure 10: harddisk17, queued-IOS=1 = 0+1+0+0",
)  # fmt: skip
def queues_add_up(check: Check) -> None:
    """Queue counters add up and are small, and nothing queues on a target path before activation.

    Why: a sum that is wrong shows a retyped capture; a long queue shows a path that does not answer.
    Passes when: each disk's queued-IOs is the sum of its paths' Q-IOs, none is above `policy.max_queue`, and before
    activation the target paths have none.
    Fails when: a sum differs, a queue is longer, or a target path queues before activation (a warning).
    Inconclusive when: there is no fresh display, no masking view, or a counter was not read.
    Remedy: capture again; wait until the queue has drained.
    """
    current = displays.now(check)
    every_pair(check, current)
    paths, longest = current.paths, check.policy.max_queue
    every_value_read(check, paths, "queued_ios", "{io_path} shows no Q-IOs")
    head = ["block", "pair", "pseudo"]
    summed = paths.groupby(head, dropna=False, observed=True)["queued_ios"].sum().rename("paths_queue").reset_index()
    compared = current.devices.merge(summed.astype({"pair": "str"}), on=head, how="left")
    compared["paths_queue"] = compared["paths_queue"].fillna(0)
    every_value_read(check, compared, "queued_ios", "the display gives no queued-IOs of the disk")
    differs = (compared["queued_ios"] != compared["paths_queue"]).fillna(False)
    for row in each(compared, differs):
        rows = current.of(row.computer, row.pair)
        message = f"{disk_name(row)} queues {row.queued_ios}, its paths together {row.paths_queue}"
        cited = check.cite(row, where(rows, rows["block"] == row.block))
        check.fails(Subject.of_pair(row.pair, row.computer), message, cited, absent_from="paths")
    for row in each(paths, (paths["queued_ios"] > longest).fillna(False)):
        message = f"{row.io_path} queues {row.queued_ios}, policy allows {longest}"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    if check.gate is Gate.READY:
        for row in each(current.targets, (current.targets["queued_ios"] > 0).fillna(False)):
            message = f"{row.io_path} is a target path and queues {row.queued_ios} before activation"
            check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    check.passes(f"{int(paths['queued_ios'].sum())} I/Os queued on {len(paths)} paths, as their disks say")


@rule(
    "PTH009", "paths.no-errors", WARNING,
    gates="ready copying copied cleaned", needs=("pairs", "paths", "powerpath_devices"),
    reference="white paper pages 20-21: all errors are resolved; figure 20 shows 1 on every path",
)  # fmt: skip
def no_errors(check: Check) -> None:
    """Error counters are zero, or a later capture shows that they stand still.

    Why: the last capture of the white paper itself shows an error on every path; whether that is one event or a failing
    path is told only by the next reading.
    Passes when: every path shows no error; at the end also when an earlier capture of the same gate shows the same
    counts.
    Fails when: a path shows errors (a warning): the same small number on every path is one common event, uneven or
    growing numbers are a path that fails.
    Inconclusive when: there is no fresh display, or a pair is not in it.
    Remedy: find the event; `powermt restore`; capture again twice.
    """
    current = displays.now(check, by_port=False)
    every_pair(check, current)
    every_value_read(check, current.paths, "errors", "{io_path} shows no error count")
    for computer, paths in by_node(current, current.paths):
        with_errors = where(paths, (paths["errors"] > 0).fillna(False))
        if not len(with_errors):
            continue
        earlier = _earlier_reading(check, current.outputs[computer])
        key = ["symmetrix", "device", "io_path"]
        previous = with_errors[key].merge(earlier, on=key) if earlier is not None else with_errors.iloc[:0]
        if check.gate is Gate.CLEANED and _stands_still(check, with_errors, previous, key):
            capture = f"{previous['capture'].iloc[0]}"
            check.note(f"{computer}: {int(with_errors['errors'].sum())} errors, as many as in {capture}: none since")
            continue
        # A path that the earlier display lacks may have had as many errors there.
        absent_from = "paths" if len(previous) < len(with_errors) else ""
        message, cited = _of_errors(paths, with_errors, previous), check.cite_first(with_errors, previous)
        check.fails(Subject.of_node(computer), message, cited, absent_from=absent_from)
    check.passes(f"no new error on {len(current.paths)} paths")


def _earlier_reading(check: Check, outputs: list[Output]) -> "pd.DataFrame | None":
    """Return the paths of the same node's display before the current one, or None."""
    of_node = [o for o in check.at_gate.outputs if o.screen == "powermt_display" and o.node == outputs[0].node]
    earlier = [output for output in of_node if all(before(output, later) is True for later in outputs)]
    if not earlier:
        return None
    history = check.at_gate.history("paths")
    rows = check.count_as_read(where(history, history["block"] == earlier[-1].index))
    return rows.assign(symmetrix=rows["symmetrix"].astype("str"))


def _stands_still(check: Check, now: "pd.DataFrame", previous: "pd.DataFrame", key: list[str]) -> bool:
    """Whether a capture of the same gate shows the same errors on each of the paths."""
    if len(previous) != len(now) or not (previous["gate"] == check.gate.word).all():
        return False
    both = now[[*key, "errors"]].merge(previous[[*key, "errors"]], on=key, suffixes=("", "_previous"))
    return len(both) == len(now) and bool((both["errors"] == both["errors_previous"]).fillna(False).all())


def _of_errors(paths: "pd.DataFrame", with_errors: "pd.DataFrame", previous: "pd.DataFrame") -> str:
    counts = sorted(int(count) for count in with_errors["errors"].unique())
    message = f"{int(with_errors['errors'].sum())} errors on {len(with_errors)} of {len(paths)} paths"
    since = "the start"
    if len(previous):
        since = str(previous["capture"].iloc[0])
        message += f", {int(previous['errors'].sum())} in the capture before ({since})"
    if len(counts) == 1 and len(with_errors) == len(paths) and (paths["state"] == "alive").all():
        return f"{message}: {counts[0]} on every path, one common event since {since}"
    uneven = ", ".join(map(str, counts))
    return f"{message}: uneven ({uneven}), a path may be failing"


@rule(
    "PTH010", "paths.sources-kept-until-terminate", WARNING,
    gates="copying copied", needs=_NEEDS,
    reference="white paper figure 13 against figure 10; practice: removed paths limit the way back",
)  # fmt: skip
def sources_kept_until_terminate(check: Check) -> None:
    """The source paths stay until the session is terminated.

    Why: failback needs them; a node that has lost them needs a rescan before it can go back.
    Passes when: every node shows the source paths that it had before activation, and nobody removed paths since.
    Fails when: one is gone, or `powermt remove` was run between activate and terminate (a warning).
    Inconclusive when: the display from before activation or a fresh one since is missing, or they are of different
    nodes.
    Remedy: do not clean up before terminate; rescan to get the paths back.
    """
    for step in check.at_gate.step("powermt remove"):
        if any(before(activated, step) is not False for activated in check.at_gate.step("activate")):
            subject = Subject.of_node(step.node) if step.node else Subject.of_file(step.capture.name)
            check.fails(subject, "powermt remove was run before terminate", check.cite(step))
    now, ready = displays.now(check), displays.standing_at(check, Gate.READY)
    every_pair(check, now)
    for row in each(_gone(check, ready, now, ready.sources)):
        cited = check.cite(row, *now.outputs[str(row.computer)])
        message = f"source path {row.io_path} on {row.interface} is gone: failback needs a rescan"
        check.fails(Subject.of_pair(row.pair, row.computer), message, cited, absent_from="paths")
    if not len(ready.sources):
        check.inconclusive("", "no source path was seen before activation", table="paths")
    check.passes(f"the {len(ready.sources)} source paths from before activation are there")


def _gone(check: Check, ready: displays.Displays, now: displays.Displays, paths: "pd.DataFrame") -> "pd.DataFrame":
    """Return the paths of gate ready that are not there now; a computer that was not captured again is a gap."""
    for computer in ready.computers:
        if computer not in now.outputs:
            check.inconclusive(
                Subject.of_node(computer), f"captured at gate ready, not at {check.gate.word}", table="paths"
            )
    paths = where(paths, paths["computer"].isin(now.computers))
    return where(paths, ~isin_rows(paths[WAY], now.paths[WAY]))


@rule(
    "PTH011", "paths.no-target-lost-since-ready", BLOCKER,
    gates="copying..cleaned", required="copying copied terminated cleaned", needs=_NEEDS, waivable=False,
    reference="practice; white paper figures 10, 13 and 20 show the same target paths",
)  # fmt: skip
def no_target_lost_since_ready(check: Check) -> None:
    """No target path was lost since the check before activation.

    Why: from activation on the target paths carry the disk; each one that goes is one less between it and an outage.
    Passes when: every target path that a node showed at gate ready is there and alive.
    Fails when: one is gone or dead.
    Inconclusive when: there is no display of gate ready or no fresh one, or they are of different nodes.
    Between the unmask and the next display the rule does not apply.
    Remedy: restore the path before going on.
    """
    if displays.none_since_unmask(check):
        check.not_applicable(displays.NONE_SINCE_UNMASK)
    now, ready = displays.now(check), displays.standing_at(check, Gate.READY)
    every_pair(check, now)
    for row in each(_gone(check, ready, now, ready.targets)):
        message = f"target path {row.io_path} on {row.interface} is gone"
        cited = check.cite(row, *now.outputs[str(row.computer)])
        check.fails(Subject.of_pair(row.pair, row.computer), message, cited, absent_from="paths")
    every_value_read(check, now.targets, "state", "target path {io_path} shows no state")
    for row in each(now.targets, now.targets["state"].notna() & (now.targets["state"] != "alive")):
        message = f"target path {row.io_path} is {row.state}"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    for row in each(ready.missing):
        message = "was not in the display of gate ready"
        check.inconclusive(Subject.of_pair(row.pair, row.computer), message, table="paths")
    if not len(ready.targets):
        check.inconclusive("", "no target path was seen at gate ready", table="paths")
    check.passes(f"the {len(ready.targets)} target paths of gate ready are there and alive")


@rule(
    "PTH012", "paths.powermt-is-no-proof", ADVICE,
    gates="copying", needs=_NEEDS,
    reference="white paper figure 13 against figure 10: the same but for one counter",
)  # fmt: skip
def powermt_is_no_proof(check: Check) -> None:
    """What powermt shows after activation is no proof that the cutover took place.

    Why: all paths stay alive and active on both arrays; only the session and the host access mode tell which array
    answers.
    Passes when: always, with a note of what differs between the displays from before and after activation, counters
    aside.
    Fails when: never.
    Inconclusive when: one of the two displays is missing.
    Remedy: capture the host access mode of source (passive) and target (active): `symdev show`.
    """
    now, ready = displays.now(check, by_port=False), displays.standing_at(check, Gate.READY, by_port=False)
    cited: list[Evidence] = []
    for computer, outputs in now.outputs.items():
        if computer not in ready.outputs:
            message = "no display of gate ready to compare with"
            check.inconclusive(Subject.of_node(computer), message, table="paths")
        cited += check.cite(*outputs, *ready.outputs.get(computer, []))
    columns = ["computer", "pair", "pseudo", "hba", "hw_path", "io_path", "interface", "mode", "state"]
    sides = [drop_duplicates(moment.paths[columns].astype("str")) for moment in (ready, now)]
    both = sides[0].merge(sides[1], how="outer", on=columns, indicator=True)
    only = [where(both, both["_merge"] == side) for side in ("left_only", "right_only")]
    if not len(only[0]) and not len(only[1]):
        message = "powermt before and after activation is the same but for counters: no evidence of the cutover in it"
    else:
        names = [", ".join(rows["io_path"].head(4)) or "none" for rows in only]
        message = f"powermt differs: before only {names[0]}; after only {names[1]}; still no evidence of the cutover"
    if not len(sides[0]) or not len(sides[1]):
        raise MissingEvidence("a display without paths of the pairs cannot be compared", "powermt display dev=all")
    check.note(message, "powermt", cited)


@rule(
    "PTH018", "paths.sources-alive", WARNING,
    gates="prepare ready..copied",
    needs=("pairs", "paths", "powerpath_devices", "mask_assignments", "mask_changes"),
    reference="practice; white paper page 18: examine the cause of any dead path that is not expected",
)  # fmt: skip
def sources_alive(check: Check) -> None:
    """No path to a source is dead or degraded before activation.

    Why: until activation the disk lives on its source paths. Dead ones are often the reason for migrating, and they limit
    the way back by failback.
    Passes when: every path to a source is alive. Once activated dead ones are only noted: the source is passive.
    Fails when: one is not alive before activation (a warning). Target paths are those of PTH004; nothing here
    excuses one.
    Inconclusive when: there is no fresh display, a pair is not in it, or a source path shows no state.
    Remedy: find the cause; then `powermt restore` and capture again, or have the risk accepted by name.
    """
    current = displays.now(check, by_port=False)
    every_pair(check, current)
    sources = current.sources
    every_value_read(check, sources, "state", "source path {io_path} shows no state")
    down = sources["state"].notna() & (sources["state"] != "alive") & (sources["mode"] != "unlic")
    if check.gate >= Gate.COPYING and down.any():
        check.note(f"{int(down.sum())} source paths are dead, as may be after activation")
        down &= False
    for row in each(sources, down):
        message = f"source path {row.io_path} on {row.interface} is {row.state}"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    check.passes(f"{len(sources)} source paths, alive where they should be")
