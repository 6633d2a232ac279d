"""MSK011 and MSK012: the sources taken away from the hosts after terminate."""

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, isin, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before
from flmparse.facts.paths import classified
from flmparse.facts.views import of_source, source_hosts
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.tables import table_named
from flmparse.terms import is_array_port

_REFRESH = "symmask -sid <source> refresh"
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
    nodes saw
    them, the hosts all that were masked to them, and a later refresh names the source array.
    Fails when: a source, port or host was left out, another device was removed, or no refresh of that array follows.
    Inconclusive when: the removals are not captured, nothing tells the ports of the sources, or the order to the
    refresh.
    Remedy: repeat for what was left out, then refresh; if a wrong device was unmasked, put it back first.
    """
    pairs = check.pairs()
    sources = dropna(pairs, ["source_device"])
    for row in each(pairs, pairs["source_device"].isna()):
        check.inconclusive(
            Subject.of_pair(row.pair), "its source device is not known", table="pairs", evidence=check.cite(row)
        )
    changes = of_source(check, check.history("mask_changes"))
    removed = where(changes, changes["action"] == "remove")
    if not len(removed):
        raise MissingEvidence(
            "not captured: the removal of the sources' masking", table_named("mask_changes").captured_by
        )
    for row in each(drop_duplicates(where(removed, removed[_TRIPLE].isna().any(axis=1)), "block")):
        check.inconclusive("symmask", "names no port or no initiator that could be read", evidence=check.cite(row))
    removed = dropna(removed, [*_TRIPLE, "device"])
    _devices_of_each(check, removed, sources)
    _every_port(check, removed)
    _every_host(check, removed)
    _refreshed(check, removed)
    triples = drop_duplicates(removed[_TRIPLE])
    check.passes(
        f"{removed['device'].nunique()} devices unmasked on {', '.join(sorted(triples['port'].unique()))}"
        f" from {', '.join(sorted(triples['wwn'].unique()))}, then refreshed"
    )


def _devices_of_each(check: Check, removed: "pd.DataFrame", sources: "pd.DataFrame") -> None:
    """Compare the devices removed for each port and host with the sources of the pair file."""
    wanted = set(sources["source_device"])
    for (port, wwn), rows in removed.groupby(_TRIPLE, observed=True):
        taken = set(rows["device"])
        if wanted - taken:
            left = where(sources, isin(sources["source_device"], wanted - taken))
            message = f"left out on {port} for {wwn}: {', '.join(sorted(wanted - taken)[:8])}"
            check.fails(
                f"{port} {wwn}", message, [*check.cite_first(left), *check.cite_first(rows)], absent_from="mask_changes"
            )
        if taken - wanted:
            other = where(rows, isin(rows["device"], taken - wanted))
            message = f"unmasked on {port} for {wwn} and not in the pair file: {', '.join(sorted(taken - wanted)[:8])}"
            check.fails(f"{port} {wwn}", message, [*check.cite_first(other), *check.cite_first(sources)])


def _every_port(check: Check, removed: "pd.DataFrame") -> None:
    """Compare the ports of the removals with those on which a node had source paths before the unmask."""
    standing = check.migration.at(Gate.TERMINATED)
    paths = classified(standing, standing.history("paths"))
    seen = where(paths, paths["path_class"] == "source")
    check.count_as_read(seen)
    for port, rows in seen.groupby("port", observed=True):
        if port not in set(removed["port"]):
            message = f"left out: port {port}, on which {rows['pair'].nunique()} sources were seen"
            evidence = [*check.cite_first(rows), *check.cite_first(removed)]
            check.fails(str(port), message, evidence, absent_from="mask_changes")
    if not len(seen):
        check.inconclusive("", "no display from before the unmask tells the ports of the sources", table="paths")


def _every_host(check: Check, removed: "pd.DataFrame") -> None:
    """Compare the removals with what a listing from before the unmask shows masked to hosts."""
    listed = source_hosts(check).before
    if listed is None:
        return
    key = [*_TRIPLE, "device"]
    joined = listed.merge(drop_duplicates(removed[key]), how="left", on=key, indicator=True)
    for (port, wwn), rows in where(joined, joined["_merge"] == "left_only").groupby(_TRIPLE, observed=True):
        devices = ", ".join(sorted(rows["device"].unique())[:8])
        message = f"left out: {wwn} was masked to {devices} on {port}"
        check.fails(
            f"{port} {wwn}", message, [*check.cite_first(rows), *check.cite_first(removed)], absent_from="mask_changes"
        )


def _refreshed(check: Check, removed: "pd.DataFrame") -> None:
    """Look for a refresh of the source array after every removal, each of which must have come back."""
    source = check.migration.source_symmetrix
    refreshes = check.history("mask_refreshes")
    mine = where(refreshes, refreshes["symmetrix"] == source)
    commands = [check.output(index) for index in removed["block"].unique()]
    outcome = check.history("operations").set_index("block")["succeeded"]
    for output in commands:
        if not bool(outcome.loc[[output.index]].fillna(False).all()):
            message = "nothing shows that the command came back"
            check.inconclusive("symmask", message, capture="the log to its next prompt", evidence=check.cite(output))
    orders = [_after_all(check.output(index), commands) for index in mine["block"].unique()]
    if True in orders:
        return
    asked = [
        output for output in check.outputs("symmask") if output.command is not None and output.command.verb == "refresh"
    ]
    unanswered = [output for output in asked if not len(output.reading.frames["mask_refreshes"])]
    if None in orders or any(_after_all(output, commands) is not False for output in unanswered):
        message = (
            "nothing tells that a refresh came after the last removal" if None in orders else "its answer is missing"
        )
        check.inconclusive("symmask refresh", message, capture=_REFRESH, evidence=check.cite(mine, *unanswered))
        return
    others = ", ".join(sorted(refreshes["symmetrix"].dropna().unique()))
    message = f"no refresh of {source} follows the removals" + (f"; captured is one of {others}" if others else "")
    check.fails("symmask refresh", message, check.cite(*commands, refreshes), absent_from="mask_refreshes")


def _after_all(output: Output, commands: list[Output]) -> bool | None:
    """Whether a block comes after all commands; None where that is not known of one."""
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
    mine = rows.merge(pairs[["pair", "source_device"]], left_on="device", right_on="source_device")
    for row in each(mine, mine["wwn"].isna()):
        check.inconclusive(Subject.of_pair(row.pair), "lists a WWN that could not be read", evidence=check.cite(row))
    named = dropna(mine, ["wwn"])
    array_ports = {wwn for wwn in named["wwn"].unique() if is_array_port(wwn)}
    for wwn, left in where(named, ~named["wwn"].isin(array_ports)).groupby("wwn", observed=True):
        devices = ", ".join(sorted(left["device"].unique())[:8])
        ports = ", ".join(sorted(left["port"].dropna().unique()))
        check.fails(str(wwn), f"still sees {devices} on {ports}", check.cite_first(left))
    covered = {*mine["device"], *cleared}
    for row in each(pairs, ~isin(pairs["source_device"], covered)):
        message = f"source {row.source_name} is not covered by the listing"
        check.inconclusive(Subject.of_pair(row.pair), message, table="mask_assignments", evidence=check.cite(row))
    ports = f"{len(array_ports)} array ports" if array_ports else "nothing"
    check.passes(f"{ports} left on {len(covered & set(pairs['source_device']))} sources, no host")


def _without_older(check: Check, rows: "pd.DataFrame") -> "tuple[pd.DataFrame, set[str]]":
    """Return rows without those that a later listing of the same device no longer has, and the devices listed as free.

    A listing that was asked for a device and is whole says by its silence that nothing is assigned any more.
    """
    cleared: set[str] = set()
    spec = table_named("mask_assignments")
    for output in check.at_gate.outputs:
        frame = output.reading.frames.get("mask_assignments")
        if frame is None or not output.reading.whole or not output.status.usable or check.at_gate.stale(output, spec):
            continue
        silent = Answer(output).devices_named(check.migration.source_symmetrix or "") - set(frame["device"])
        if not silent:
            continue
        check.outputs_read[output.index] = output
        older = [index for index in rows["block"].unique() if before(check.output(index), output) is True]
        rows = where(rows, ~(rows["block"].isin(older) & isin(rows["device"], silent)))
        cleared |= silent
    return rows, cleared
