"""MSK011 and MSK012: the sources taken away from the hosts after terminate."""

import re

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, isin, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before
from flmparse.facts.pair_devices import source_name
from flmparse.facts.paths import classified
from flmparse.facts.views import of_source, source_hosts
from flmparse.findings import Evidence, Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.screens import Status
from flmparse.tables import table_named
from flmparse.terms import is_array_port

_REFRESH = "symmask -sid <source> refresh"
_REMOVAL = re.compile(r"\bsymmask\b.* -wwn |\bremove devs?\b")

_TRIPLE = ["port", "wwn"]


@rule(
    "MSK011", "unmasking.complete-and-refreshed", BLOCKER,
    gates="unmasked", required="unmasked",
    needs=("pairs", "mask_changes", "mask_refreshes", "mask_assignments", "paths", "operations"),
    reference="white paper page 19, figure 17",
)  # fmt: skip
def complete_and_refreshed(check: Check) -> None:
    """The sources, and nothing else, were unmasked on every port from every host, and the directors were refreshed.

    Why: a source that a host still sees is a second disk with the identity of production; a device too many is somebody
    else's.
    Passes when: for each port and host the devices removed are the sources of the pair file, the ports are all on which
    nodes saw them, the hosts all that were masked to them, and a later refresh names the source array.
    Fails when: a source, port or host was left out, another device was removed, or no refresh of that array follows.
    Inconclusive when: the removals are not captured, nothing tells the ports of the sources, or the order to the
    refresh.
    Remedy: repeat for what was left out, then refresh; if a wrong device was unmasked, put it back first.
    """
    pairs = check.pairs()
    sources = dropna(pairs, ["source_device"])
    for row in each(pairs, pairs["source_device"].isna()):
        message = "its source device is not known"
        check.inconclusive(Subject.of_pair(row.pair), message, table="pairs", evidence=check.cite(row))
    changes = of_source(check, check.history("mask_changes"))
    removed = where(changes, changes["action"] == "remove")
    if not len(removed):
        raise MissingEvidence(
            "not captured: the removal of the sources' masking", table_named("mask_changes").captured_by
        )
    unclear = _unclear_commands(check, removed)
    removed = dropna(removed, [*_TRIPLE, "device"])
    _devices_of_each(check, removed, sources, unclear)
    _every_port(check, removed, unclear)
    _every_host(check, removed, unclear)
    _refreshed(check, removed)
    triples = drop_duplicates(removed[_TRIPLE])
    check.passes(
        f"{removed['device'].nunique()} devices unmasked on {', '.join(sorted(triples['port'].unique()))}"
        f" from {', '.join(sorted(triples['wwn'].unique()))}, then refreshed"
    )


def _devices_of_each(check: Check, removed: "pd.DataFrame", sources: "pd.DataFrame", unclear: list[Evidence]) -> None:
    """Compare the devices removed for each port and host with the sources of the pair file."""
    wanted = set(sources["source_device"])
    for (port, wwn), rows in removed.groupby(_TRIPLE, observed=True):
        taken = set(rows["device"])
        if wanted - taken:
            left = where(sources, isin(sources["source_device"], wanted - taken))
            message = f"left out on {port} for {wwn}: {', '.join(sorted(wanted - taken)[:8])}"
            _left_out(check, f"{port} {wwn}", message, [*check.cite_first(left), *check.cite_first(rows)], unclear)
        if taken - wanted:
            others = where(rows, isin(rows["device"], taken - wanted))
            message = f"unmasked on {port} for {wwn} and not in the pair file: {', '.join(sorted(taken - wanted)[:8])}"
            cited = [*check.cite_first(others), *check.cite_first(sources)]
            check.fails(f"{port} {wwn}", message, cited, absent_from="pairs")


def _unclear_commands(check: Check, removed: "pd.DataFrame") -> list[Evidence]:
    """Return the lines of symmask commands that may remove more than is known: not understood, or without port or initiator.

    A command that was not understood printed nothing, as a removal does.
    """
    unread = drop_duplicates(where(removed, removed[_TRIPLE].isna().any(axis=1)), "block")
    for row in each(unread):
        check.inconclusive("symmask", "names no port or no initiator that could be read", evidence=check.cite(row))
    outputs = [output for output in check.migration.collection.outputs if output.gate in (None, check.gate)]
    return check.cite(unread, *(output for output in outputs if _may_remove(output)))


def _may_remove(output: Output) -> bool:
    """Whether an output that no screen reads is of a removal of which the prompt, the tool or the verb was not understood."""
    if output.screen is not None or output.status not in (Status.EMPTY, Status.UNRECOGNISED, Status.FOREIGN):
        return False
    if output.command is None:
        return _REMOVAL.search(output.block.output) is not None
    silent = output.command.tool == "symmask" and output.status is Status.EMPTY
    return silent or _REMOVAL.search(output.command.text) is not None


def _left_out(check: Check, subject: str, message: str, cited: list[Evidence], unclear: list[Evidence]) -> None:
    """State that the removals captured leave something out; inconclusive where another command may have removed it."""
    if unclear:
        message = f"{message}; but {unclear[0].place} was not understood"
        check.inconclusive(subject, message, table="mask_changes", evidence=[*cited, *unclear])
    else:
        check.fails(subject, message, cited, absent_from="mask_changes")


def _every_port(check: Check, removed: "pd.DataFrame", unclear: list[Evidence]) -> None:
    """Compare the ports of the removals with those on which a node had source paths before the unmask."""
    before_unmask = check.migration.at(Gate.TERMINATED)
    paths = classified(before_unmask, before_unmask.history("paths"))
    source_paths = check.count_as_read(where(paths, paths["path_class"] == "source"))
    for port, rows in source_paths.groupby("port", observed=True):
        if port not in set(removed["port"]):
            message = f"left out: port {port}, on which {rows['pair'].nunique()} sources were seen"
            cited = [*check.cite_first(rows), *check.cite_first(removed)]
            _left_out(check, Subject.of_port(port), message, cited, unclear)
    if not len(source_paths):
        check.inconclusive("", "no display from before the unmask tells the ports of the sources", table="paths")


def _every_host(check: Check, removed: "pd.DataFrame", unclear: list[Evidence]) -> None:
    """Compare the removals with what a listing from before the unmask shows masked to hosts."""
    listed = source_hosts(check).before
    if listed is None:
        return
    key = [*_TRIPLE, "device"]
    joined = listed.merge(drop_duplicates(removed[key]), how="left", on=key, indicator=True)
    for (port, wwn), rows in where(joined, joined["_merge"] == "left_only").groupby(_TRIPLE, observed=True):
        devices = ", ".join(sorted(rows["device"].unique())[:8])
        message = f"left out: {wwn} was masked to {devices} on {port}"
        _left_out(check, f"{port} {wwn}", message, [*check.cite_first(rows), *check.cite_first(removed)], unclear)


def _refreshed(check: Check, removed: "pd.DataFrame") -> None:
    """Look for a refresh of the source array after every removal, each of which must have come back."""
    source = check.migration.source_symmetrix
    refreshes = check.history("mask_refreshes")
    of_source_array = where(refreshes, refreshes["symmetrix"] == source)
    commands = [check.output(index) for index in removed["block"].unique()]
    outcome = check.history("operations").set_index("block")["succeeded"]
    for output in commands:
        if not bool(outcome.loc[[output.index]].fillna(False).all()):
            message = "nothing shows that the command came back"
            check.inconclusive("symmask", message, capture="the log to its next prompt", evidence=check.cite(output))
    orders = [_after_all(check.output(index), commands) for index in of_source_array["block"].unique()]
    if True in orders:
        return
    unanswered = [
        output
        for output in check.outputs("symmask")
        if output.command is not None
        and output.command.verb == "refresh"
        and not len(output.reading.frames["mask_refreshes"])
    ]
    if None in orders or any(_after_all(output, commands) is not False for output in unanswered):
        message = "its answer is missing"
        if None in orders:
            message = "nothing tells that a refresh came after the last removal"
        cited = check.cite(of_source_array, *unanswered)
        check.inconclusive("symmask refresh", message, capture=_REFRESH, evidence=cited)
        return
    others = ", ".join(sorted(refreshes["symmetrix"].dropna().unique()))
    message = f"no refresh of {source} follows the removals" + (f"; captured is one of {others}" if others else "")
    check.fails("symmask refresh", message, check.cite(*commands, refreshes), absent_from="mask_refreshes")


def _after_all(output: Output, commands: list[Output]) -> bool | None:
    """Whether an output comes after all commands; None where the order to one of them is unknown."""
    orders = [before(command, output) for command in commands]
    if False in orders:
        return False
    return None if None in orders else True


@rule(
    "MSK012", "unmasking.no-host-left", BLOCKER,
    gates="unmasked cleaned", required="unmasked cleaned", needs=("pairs", "mask_assignments"),
    reference="white paper page 19, figure 18: what remains are ports of the target array",
)  # fmt: skip
def no_host_left(check: Check) -> None:
    """After the unmask no host initiator remains on a source device.

    Why: a host that still sees a source sees a stale disk with the identity of production.
    Passes when: every WWN still listed for a source device is the port of an array (Open Replicator), or none is
    listed.
    Fails when: one is a host's.
    Inconclusive when: the listing is missing, older than the unmask, or does not cover every source device.
    Remedy: remove it, refresh, rescan; list the assignment again.
    """
    pairs = check.pairs()
    rows = of_source(check, check.require("mask_assignments"))
    rows, cleared = _without_older(check, rows)
    of_pairs = rows.merge(pairs[["pair", "source_device"]], left_on="device", right_on="source_device")
    for row in each(of_pairs, of_pairs["wwn"].isna()):
        check.inconclusive(Subject.of_pair(row.pair), "lists a WWN that could not be read", evidence=check.cite(row))
    initiators = dropna(of_pairs, ["wwn"])
    array_ports = {wwn for wwn in initiators["wwn"].unique() if is_array_port(wwn)}
    for wwn, left in where(initiators, ~initiators["wwn"].isin(array_ports)).groupby("wwn", observed=True):
        devices = ", ".join(sorted(left["device"].unique())[:8])
        ports = ", ".join(sorted(left["port"].dropna().unique()))
        check.fails(Subject.of_port(wwn), f"still sees {devices} on {ports}", check.cite_first(left))
    in_part = [index for index in of_pairs["block"].unique() if not Answer(check.output(index)).device_is_whole]
    for row in each(drop_duplicates(where(of_pairs, of_pairs["block"].isin(in_part)), "device")):
        message = f"the listing of source {row.device} leaves out ports or hosts, so it proves none unmasked"
        check.inconclusive(Subject.of_pair(row.pair), message, table="mask_assignments", evidence=check.cite(row))
    covered = {*of_pairs["device"], *cleared}
    for row in each(pairs, ~isin(pairs["source_device"], covered)):
        message = f"source {source_name(row)} is not covered by the listing"
        check.inconclusive(Subject.of_pair(row.pair), message, table="mask_assignments", evidence=check.cite(row))
    ports = f"{len(array_ports)} array ports" if array_ports else "nothing"
    check.passes(f"{ports} left on {len(covered & set(pairs['source_device']))} sources, no host")


def _without_older(check: Check, rows: "pd.DataFrame") -> "tuple[pd.DataFrame, set[str]]":
    """Return rows without those that a later listing of the same device no longer has, and the devices that it shows as unassigned.

    A complete listing that was asked for a device and has no row of it shows that nothing is assigned any more.
    """
    cleared: set[str] = set()
    table = table_named("mask_assignments")
    for output in check.at_gate.outputs:
        frame = output.reading.frames.get("mask_assignments")
        if frame is None or not output.reading.whole or not output.status.usable or check.at_gate.stale(output, table):
            continue
        silent = Answer(output).devices_named(check.migration.source_symmetrix or "") - set(frame["device"])
        if not silent:
            continue
        check.outputs_read[output.index] = output
        older = [index for index in rows["block"].unique() if before(check.output(index), output) is True]
        rows = where(rows, ~(rows["block"].isin(older) & isin(rows["device"], silent)))
        cleared |= silent
    return rows, cleared
