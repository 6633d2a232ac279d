"""MSK011 and MSK012: the sources taken away from the hosts after terminate."""

from typing import TYPE_CHECKING

from flmparse.collection import ReadBlock
from flmparse.columns.selection import drop_duplicates, dropna, group_rows, isin, merge, where
from flmparse.evidence.migration import Missing
from flmparse.evidence.timeline import before
from flmparse.rules.displays import some
from flmparse.rules.hosts import of_source, source_hosts
from flmparse.rules.rule import BLOCKER, Inquiry, each, rule
from flmparse.tables import table_named
from flmparse.terms import Gate, is_array_port

if TYPE_CHECKING:
    import pandas as pd

_REFRESH = "symmask -sid <source> refresh"
_TRIPLE = ["port", "wwn"]


@rule(
    "MSK011", "unmasking.complete-and-refreshed", BLOCKER,
    gates="unmasked", required="unmasked",
    needs=("pairs", "mask_changes", "mask_refreshes", "mask_assignments", "paths", "operations"),
    reference="white paper page 19, figure 17",
)  # fmt: skip
def complete_and_refreshed(ask: Inquiry) -> None:
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
    pairs = ask.pairs()
    sources = dropna(pairs, ["source_device"])
    for row in each(pairs, pairs["source_device"].isna()):
        ask.gap(str(row.pair), "its source device is not known", table="pairs", evidence=ask.cite(row))
    changes = of_source(ask, ask.history("mask_changes"))
    removed = where(changes, changes["action"] == "remove")
    if not len(removed):
        raise Missing("not captured: the removal of the sources' masking", table_named("mask_changes").captured_by)
    for row in each(drop_duplicates(where(removed, removed[_TRIPLE].isna().any(axis=1)), "block")):
        ask.gap("symmask", "names no port or no initiator that could be read", evidence=ask.cite(row))
    removed = dropna(removed, [*_TRIPLE, "device"])
    _devices_of_each(ask, removed, sources)
    _every_port(ask, removed)
    _every_host(ask, removed)
    _refreshed(ask, removed)
    triples = drop_duplicates(removed[_TRIPLE])
    ask.holds(
        f"{removed['device'].nunique()} devices unmasked on {', '.join(sorted(triples['port'].unique()))}"
        f" from {', '.join(sorted(triples['wwn'].unique()))}, then refreshed"
    )


def _devices_of_each(ask: Inquiry, removed: "pd.DataFrame", sources: "pd.DataFrame") -> None:
    """Compare the devices removed for each port and host with the sources of the pair file."""
    wanted = set(sources["source_device"])
    for (port, wwn), rows in group_rows(removed, _TRIPLE):
        taken = set(rows["device"])
        if wanted - taken:
            left = where(sources, isin(sources["source_device"], wanted - taken))
            message = f"left out on {port} for {wwn}: {', '.join(sorted(wanted - taken)[:8])}"
            ask.fails(f"{port} {wwn}", message, [*some(ask, left), *some(ask, rows)], absent_from="mask_changes")
        if taken - wanted:
            other = where(rows, isin(rows["device"], taken - wanted))
            message = f"unmasked on {port} for {wwn} and not in the pair file: {', '.join(sorted(taken - wanted)[:8])}"
            ask.fails(f"{port} {wwn}", message, [*some(ask, other), *some(ask, sources)])


def _every_port(ask: Inquiry, removed: "pd.DataFrame") -> None:
    """Compare the ports of the removals with those on which a node had source paths before the unmask."""
    standing = ask.migration.at(Gate.TERMINATED)
    paths = standing.classified(standing.history("paths"))
    seen = where(paths, paths["path_class"] == "source")
    ask.read(seen)
    for port, rows in group_rows(seen, "port"):
        if port not in set(removed["port"]):
            message = f"left out: port {port}, on which {rows['pair'].nunique()} sources were seen"
            evidence = [*some(ask, rows), *some(ask, removed)]
            ask.fails(str(port), message, evidence, absent_from="mask_changes")
    if not len(seen):
        ask.gap("", "no display from before the unmask tells the ports of the sources", table="paths")


def _every_host(ask: Inquiry, removed: "pd.DataFrame") -> None:
    """Compare the removals with what a listing from before the unmask shows masked to hosts."""
    listed = source_hosts(ask).before
    if listed is None:
        return
    key = [*_TRIPLE, "device"]
    joined = merge(listed, drop_duplicates(removed[key]), how="left", on=key, indicator=True)
    for (port, wwn), rows in group_rows(where(joined, joined["_merge"] == "left_only"), _TRIPLE):
        devices = ", ".join(sorted(rows["device"].unique())[:8])
        message = f"left out: {wwn} was masked to {devices} on {port}"
        ask.fails(f"{port} {wwn}", message, [*some(ask, rows), *some(ask, removed)], absent_from="mask_changes")


def _refreshed(ask: Inquiry, removed: "pd.DataFrame") -> None:
    """Look for a refresh of the source array after every removal, each of which must have come back."""
    source = ask.migration.source_symmetrix
    refreshes = ask.history("mask_refreshes")
    mine = where(refreshes, refreshes["symmetrix"] == source)
    commands = [ask.block(index) for index in removed["block"].unique()]
    outcome = ask.history("operations").set_index("block")["succeeded"]
    for read in commands:
        if not bool(outcome.loc[[read.index]].fillna(False).all()):
            message = "nothing shows that the command came back"
            ask.gap("symmask", message, capture="the log to its next prompt", evidence=ask.cite(read))
    orders = [_after_all(ask.block(index), commands) for index in mine["block"].unique()]
    if True in orders:
        return
    asked = [read for read in ask.blocks("symmask") if read.command is not None and read.command.verb == "refresh"]
    unanswered = [read for read in asked if not len(read.reading.frames["mask_refreshes"])]
    if None in orders or any(_after_all(read, commands) is not False for read in unanswered):
        message = (
            "nothing tells that a refresh came after the last removal" if None in orders else "its answer is missing"
        )
        ask.gap("symmask refresh", message, capture=_REFRESH, evidence=ask.cite(mine, *unanswered))
        return
    others = ", ".join(sorted(refreshes["symmetrix"].dropna().unique()))
    message = f"no refresh of {source} follows the removals" + (f"; captured is one of {others}" if others else "")
    ask.fails("symmask refresh", message, ask.cite(*commands, refreshes), absent_from="mask_refreshes")


def _after_all(read: ReadBlock, commands: list[ReadBlock]) -> bool | None:
    """Whether a block comes after all commands; None where that is not known of one."""
    orders = [before(command, read) for command in commands]
    if False in orders:
        return False
    return None if None in orders else True


@rule(
    "MSK012", "unmasking.no-host-left", BLOCKER,
    gates="unmasked cleaned", required="unmasked cleaned", needs=("pairs", "mask_assignments"),
    reference="white paper page 19, figure 18: what remains are ports of the target array",
)  # fmt: skip
def no_host_left(ask: Inquiry) -> None:
    """After the unmask no host initiator remains on a source device.

    Why: a host that still sees a source sees a stale disk with the identity of production.
    Passes when: every WWN still listed for a source device is the port of an array (Open Replicator), or none is
    listed.
    Fails when: one is a host's.
    Inconclusive when: the listing is missing, older than the unmask, or does not cover every source device.
    Remedy: remove it, refresh, rescan; list the assignment again.
    """
    pairs = ask.pairs()
    rows = of_source(ask, ask.need("mask_assignments"))
    rows, cleared = _without_older(ask, rows)
    mine = merge(rows, pairs[["pair", "source_device"]], left_on="device", right_on="source_device")
    for row in each(mine, mine["wwn"].isna()):
        ask.gap(str(row.pair), "lists a WWN that could not be read", evidence=ask.cite(row))
    named = dropna(mine, ["wwn"])
    array_ports = {wwn for wwn in named["wwn"].unique() if is_array_port(wwn)}
    for wwn, left in group_rows(where(named, ~named["wwn"].isin(array_ports)), "wwn"):
        devices = ", ".join(sorted(left["device"].unique())[:8])
        ports = ", ".join(sorted(left["port"].dropna().unique()))
        ask.fails(str(wwn), f"still sees {devices} on {ports}", some(ask, left))
    covered = {*mine["device"], *cleared}
    for row in each(pairs, ~isin(pairs["source_device"], covered)):
        message = f"source {row.source_device} is not covered by the listing"
        ask.gap(str(row.pair), message, table="mask_assignments", evidence=ask.cite(row))
    ports = f"{len(array_ports)} array ports" if array_ports else "nothing"
    ask.holds(f"{ports} left on {len(covered & set(pairs['source_device']))} sources, no host")


def _without_older(ask: Inquiry, rows: "pd.DataFrame") -> "tuple[pd.DataFrame, set[str]]":
    """Return rows without those that a later listing of the same device no longer has, and the devices listed as free.

    A listing that was asked for a device and is whole says by its silence that nothing is assigned any more.
    """
    cleared: set[str] = set()
    spec = table_named("mask_assignments")
    for read in ask.standing.blocks:
        frame = read.reading.frames.get("mask_assignments")
        if frame is None or not read.reading.whole or not read.status.usable or ask.standing.stale(read, spec):
            continue
        silent = _asked(ask, read) - set(frame["device"])
        if not silent:
            continue
        ask.read_blocks[read.index] = read
        older = [index for index in rows["block"].unique() if before(ask.block(index), read) is True]
        rows = where(rows, ~(rows["block"].isin(older) & isin(rows["device"], silent)))
        cleared |= silent
    return rows, cleared


def _asked(ask: Inquiry, read: ReadBlock) -> set[str]:
    """Return the devices of the source array that a listing's command names."""
    command, source = read.command, ask.migration.source_symmetrix
    sid = command.option("-sid") if command is not None else None
    if command is None or source is None or not sid or not source.endswith(sid):
        return set()
    named: set[str] = set()
    for part in (command.option("-devs", "-dev") or "").split(","):
        first, _, last = part.partition(":")
        try:
            low, high = int(first, 16), int(last or first, 16)
        except ValueError:
            continue
        if high - low < 65536:
            named |= {f"{number:04X}" for number in range(low, high + 1)}
    return named
