"""MSK001 to MSK010: the masking view of the target, and who it lets in."""

from datetime import datetime
from typing import TYPE_CHECKING

from flmparse.columns.selection import drop_duplicates, dropna, group_rows, isin, merge, where
from flmparse.evidence.migration import Missing
from flmparse.evidence.timeline import before, newest, operations_of
from flmparse.findings import Evidence
from flmparse.rules.array_clock import array_clock
from flmparse.rules.displays import some
from flmparse.rules.hosts import source_hosts, views
from flmparse.rules.rule import BLOCKER, WARNING, Inquiry, each, rule
from flmparse.terms import is_array_port

if TYPE_CHECKING:
    import pandas as pd

    from flmparse.collection import ReadBlock
    from flmparse.rules.hosts import Views

_VIEW = ("pairs", "masking_views", "view_devices", "view_initiators", "view_ports")


@rule(
    "MSK001", "masking.every-target-in-view", BLOCKER,
    gates="masked ready", required="masked", needs=("pairs", "masking_views", "view_devices"),
    reference="white paper page 13, figure 8",
)  # fmt: skip
def every_target_in_view(ask: Inquiry) -> None:
    """Every target of the pair file is in a masking view.

    Why: a target that no host may see leaves its disk without a path when the source turns passive.
    Passes when: each target device has a row in a masking view of the target array.
    Fails when: one has none.
    Inconclusive when: no masking view is captured, or one is not whole.
    Remedy: add the device to the storage group; show the view again.
    """
    pairs, devices, shown = ask.pairs(), ask.need("view_devices"), ask.need("masking_views")
    ours = where(devices, devices["symmetrix"].isna() | devices["symmetrix"].isin(pairs["target_symmetrix"].unique()))
    for row in each(pairs, ~isin(pairs["target_device"], ours["device"])):
        message = f"target {row.target_device} is in none of the captured views: {', '.join(shown['view'].dropna())}"
        ask.fails(str(row.pair), message, ask.cite(row, shown), absent_from="view_devices")
    ask.holds(f"all {len(pairs)} targets are in {', '.join(sorted(ask.standing.view_names))}")


@rule(
    "MSK002", "masking.nothing-else-in-view", WARNING,
    gates="masked", needs=_VIEW,
    reference="practice; figure 8 holds the four targets and nothing else",
)  # fmt: skip
def nothing_else_in_view(ask: Inquiry) -> None:
    """The view holds the targets of the pair file and nothing else that was not declared.

    Why: a further device appears on the hosts at the rescan as a disk that nobody expects.
    Passes when: every device of the views that hold targets is a target or stands in `policy.extra_devices`.
    Fails when: a view holds another device (a warning).
    Inconclusive when: no masking view is captured.
    Remedy: take it out, or declare it in the manifest.
    """
    pairs, mine = ask.pairs(), views(ask)
    known = {*pairs["target_device"].dropna(), *ask.policy.extra_devices}
    for (view, device), rows in group_rows(
        where(mine.devices, ~isin(mine.devices["device"], known)), ["view", "device"]
    ):
        ask.fails(str(device), f"is in {view} and is no target of the pair file", [*ask.cite(rows), *some(ask, pairs)])
    ask.holds(f"{mine.devices['device'].nunique()} devices in {mine.told}, all of them known")


@rule(
    "MSK003", "masking.every-device-on-every-port", BLOCKER,
    gates="masked", required="masked", needs=_VIEW,
    reference="white paper figure 8: four devices on two ports each",
)  # fmt: skip
def every_device_on_every_port(ask: Inquiry) -> None:
    """Every device of the view is mapped on every port of its port group.

    Why: a device missing on a port has a path less than the others, which is noticed only when the other port fails.
    Passes when: each device has a row for each port of the port group.
    Fails when: a row is missing. A row on a port outside the group only warns: another view may map the device there.
    Inconclusive when: no masking view is captured, or it names no port.
    Remedy: map the device on that port.
    """
    ask.pairs()
    mine = views(ask)
    ports = drop_duplicates(dropna(mine.ports[["view", "port"]]))
    for view in mine.names:
        if view not in set(ports["view"]):
            ask.gap(view, "names no port of its port group", table="view_ports")
    rows = drop_duplicates(dropna(mine.devices[["view", "device", "port"]]))
    expected = merge(drop_duplicates(rows[["view", "device"]]), ports, on="view")
    joined = merge(expected, rows, how="outer", on=["view", "device", "port"], indicator=True)
    for row in each(joined, joined["_merge"] == "left_only"):
        message = f"is not mapped on {row.port}, a port of {row.view}"
        ask.fails(str(row.device), message, _of_device(ask, mine, row.view, row.device), absent_from="view_devices")
    for row in each(joined, joined["_merge"] == "right_only"):
        message = f"is mapped on {row.port}, which is no port of {row.view}"
        ask.warns(str(row.device), message, _of_device(ask, mine, row.view, row.device))
    ask.holds(f"{len(expected)} rows: every device of {mine.told} on every port")


def _of_device(ask: Inquiry, mine: "Views", view: str, device: str) -> list[Evidence]:
    """Cite a device's rows in a view and the view's ports."""
    devices, ports = mine.devices, mine.ports
    rows = where(devices, (devices["view"] == view) & (devices["device"] == device))
    return ask.cite(rows, where(ports, ports["view"] == view))


@rule(
    "MSK004", "masking.host-luns-unambiguous", BLOCKER,
    gates="masked", required="masked", needs=_VIEW,
    reference="white paper figure 8: LUNs 1 to 4, the same on both ports",
)  # fmt: skip
def host_luns_unambiguous(ask: Inquiry) -> None:
    """Each device has one host LUN on all its ports, and no two devices share one on a port.

    Why: the host joins paths to one disk by what it reads behind a LUN; two numbers for one device, or one for two,
    invite the
    wrong disk.
    Passes when: in each view a device has the same LUN on all ports, and LUNs on a port are distinct.
    Fails when: a device has two LUNs, or two devices have the same LUN on a port.
    Inconclusive when: no masking view is captured, or a LUN was not read.
    Remedy: create the view again with -lun.
    """
    ask.pairs()
    mine = views(ask)
    rows = mine.devices
    for row in each(rows, rows["host_lun"].isna()):
        ask.gap(str(row.device), "its host LUN was not read", table="view_devices", evidence=ask.cite(row))
    counts = rows.groupby(["view", "device"])["host_lun"].transform("nunique")
    for (_, device), own in group_rows(where(rows, counts > 1), ["view", "device"]):
        luns = ", ".join(f"{int(row.host_lun):X} on {row.port}" for row in each(dropna(own, ["host_lun"])))
        ask.fails(str(device), f"has several host LUNs (hex): {luns}", ask.cite(own))
    place = ["view", "port", "host_lun"]
    known = drop_duplicates(dropna(rows, ["port", "host_lun"]), [*place, "device"])
    for (view, port, _), own in group_rows(where(known, known.duplicated(place, keep=False)), place):
        devices = ", ".join(own["device"].astype("str"))
        ask.fails(devices, f"share host LUN {int(own['host_lun'].iloc[0]):X} (hex) on {port} in {view}", ask.cite(own))
    ask.holds(f"{rows['device'].nunique()} devices, one host LUN each in {mine.told}")


@rule(
    "MSK005", "masking.every-node-in-view", BLOCKER,
    gates="masked ready copying cleaned", required="masked ready copying cleaned", needs=_VIEW, waivable=False,
    reference="white paper figure 8 (one initiator) against page 10 (2 nodes)",
)  # fmt: skip
def every_node_in_view(ask: Inquiry) -> None:
    """Every node of the cluster has an initiator in the view of every target.

    Why: a node whose HBA is not in the view has no target path; at activation it loses its disks, and the cluster a
    node.
    Passes when: each node of known WWPNs has two of them (or its only one) in the view, and for the other nodes there
    are at
    least as many further initiators.
    Fails when: a node has none of its WWPNs in the view, or there are fewer initiators than nodes. One WWPN of several
    warns.
    Inconclusive when: no masking view is captured, it names no initiator, or the manifest tells neither nodes nor their
    number.
    Remedy: add the missing initiators to the initiator group; rescan; capture powermt on each node again.
    """
    pairs, mine = ask.pairs(), views(ask)
    expected = ask.manifest.expected_nodes
    if expected is None:
        ask.gap("cluster", "the manifest does not tell how many nodes there are", capture="[cluster] node_count")
        return
    for names, targets in _targets_by_views(mine, pairs):
        initiators = dropna(where(mine.initiators, mine.initiators["view"].isin(names)), ["wwn"])
        shown = where(mine.views, mine.views["view"].isin(names))
        _nodes_in(ask, " and ".join(names), set(initiators["wwn"]), ask.cite(shown, initiators), expected)
        ask.holds(f"{initiators['wwn'].nunique()} initiators see {targets} targets through {', '.join(names)}")


def _targets_by_views(mine: "Views", pairs: "pd.DataFrame") -> list[tuple[tuple[str, ...], int]]:
    """Return the sets of views that hold the same targets, with how many targets each holds."""
    held = where(mine.devices, isin(mine.devices["device"], pairs["target_device"]))
    if len(mine.names) == 1:
        return [(tuple(mine.names), held["device"].nunique())]
    each_once = drop_duplicates(held[["device", "view"]]).sort_values("view")
    together = each_once.groupby("device")["view"].agg(tuple)
    return [(tuple(map(str, names)), len(held)) for names, held in together.groupby(together)]


def _nodes_in(ask: Inquiry, view: str, wwns: set[str], evidence: list[Evidence], expected: int) -> None:
    if not wwns:
        ask.gap(view, "names no initiator that could be read", table="view_initiators", evidence=evidence)
        return
    stated = [node for node in ask.manifest.nodes if node.wwpns]
    for node in stated:
        present = wwns & set(node.wwpns)
        if not present:
            message = f"none of its WWPNs ({', '.join(node.wwpns)}) is in {view}"
            ask.fails(node.name, message, evidence, absent_from="view_initiators")
        elif len(present) == 1 < len(node.wwpns):
            ask.warns(node.name, f"only {present.pop()} of its {len(node.wwpns)} WWPNs is in {view}", evidence)
    others = expected - len(stated)
    further = wwns - ask.manifest.wwpns.keys()
    if len(further) < others:
        of_whom = f"{others} node{'s'[: others != 1]}" + (" whose WWPNs are not stated" if stated else "")
        told = f"{len(further)} initiator{'s'[: len(further) != 1]}"
        message = f"{told} ({', '.join(sorted(further)) or 'none'}) for {of_whom}: a node loses its disks at activation"
        ask.fails(view, message, evidence, absent_from="view_initiators")


@rule(
    "MSK006", "masking.every-source-host-in-view", BLOCKER,
    gates="masked ready unmasked cleaned", required="ready unmasked", waivable=False,
    needs=(*_VIEW, "mask_assignments", "mask_changes"),
    reference="white paper figure 17 (10000000c953f9f3) against figure 8 (210000e08b1e45f9)",
)  # fmt: skip
def every_source_host_in_view(ask: Inquiry) -> None:
    """Every host that sees a source device is in the view of its target.

    Why: a host that is let in on the old array only loses the disk at activation, or at the unmask at the latest.
    Passes when: each host WWN masked to a source device (ports of arrays aside) is an initiator of a view that holds
    its target.
    Fails when: one is not.
    Inconclusive when: the masking of the source was not captured, names no host for a pair, or no masking view is
    captured.
    Remedy: add it to the initiator group of the target, or prove that the host is retired.
    """
    mine, hosts = views(ask), source_hosts(ask)
    rows = hosts.rows
    seen = mine.access().rename(columns={"device": "target_device"})
    joined = merge(rows, seen, how="left", on=["target_device", "wwn"], indicator=True)
    lost = where(joined, joined["_merge"] == "left_only")
    for wwn, own in group_rows(lost, "wwn"):
        devices = sorted(own["device"].unique())
        told = ", ".join(devices[:8]) + (" ..." if len(devices) > 8 else "")
        message = f"sees source {told} and is not in {mine.told}: that host loses the disk"
        evidence = [*some(ask, own), *ask.cite(mine.views), *some(ask, mine.initiators)]
        ask.fails(str(wwn), message, evidence, absent_from="view_initiators")
    if not len(rows):
        ask.gap("", "no host is known that sees a source device", table="mask_assignments")
    ask.holds(f"{rows['wwn'].nunique()} hosts of the sources are all in {mine.told}")


@rule(
    "MSK007", "masking.every-initiator-known-on-source", WARNING,
    gates="masked ready unmasked", needs=(*_VIEW, "mask_assignments", "mask_changes"),
    reference="white paper figures 8, 17, 18; practice: the same hosts are let in on both arrays",
)  # fmt: skip
def every_initiator_known_on_source(ask: Inquiry) -> None:
    """Every initiator of the target's view was masked to the source.

    Why: an initiator that the old array did not know is a new host, a typing error, or a capture of another migration.
    Passes when: each initiator of the views is among the hosts masked to the source devices before the unmask.
    Fails when: one is not (a warning).
    Inconclusive when: the masking of the source was not captured, no masking view is, or it names no initiator.
    Remedy: find out who it is; remove it, or enter it as a node of the cluster.
    """
    mine, hosts = views(ask), source_hosts(ask)
    if not len(mine.initiators):
        ask.gap(mine.told, "names no initiator that could be read", table="view_initiators")
    if not len(hosts.rows):
        raise Missing("no host is known that sees a source device", "symmaskdb -sid <source> list assignment -devs ...")
    fresh = where(mine.initiators, ~mine.initiators["wwn"].isin(hosts.rows["wwn"].unique()))
    for wwn, own in group_rows(fresh, "wwn"):
        known = ", ".join(sorted(hosts.rows["wwn"].unique()))
        message = f"is in {', '.join(own['view'].unique())} and is not known on the source, which knows {known}"
        ask.fails(str(wwn), message, [*ask.cite(own), *some(ask, hosts.rows)], absent_from="mask_assignments")
    ask.holds(f"{mine.initiators['wwn'].nunique()} initiators, all masked to the source too")


@rule(
    "MSK008", "masking.no-foreign-initiator", BLOCKER,
    gates="masked ready", needs=(*_VIEW, "mask_assignments"),
    reference="practice: a cluster's disk is not shown to other servers",
)  # fmt: skip
def no_foreign_initiator(ask: Inquiry) -> None:
    """No initiator outside the cluster can see a target.

    Why: a server outside the cluster does not respect its reservations and may write on the disk.
    Passes when: every initiator of every captured view that holds a target is a node's WWPN of the manifest.
    Fails when: one is not, and the WWPNs of all nodes are stated.
    Inconclusive when: the manifest does not state the WWPNs of all nodes, or no masking view is captured.
    Remedy: remove it from the initiator group.
    """
    import pandas as pd

    pairs, mine = ask.pairs(), views(ask)
    known, expected = ask.manifest.wwpns, ask.manifest.expected_nodes
    complete = expected is not None and sum(1 for node in ask.manifest.nodes if node.wwpns) >= expected
    initiators = mine.initiators[["wwn", "view", "capture", "line"]]
    assigned = ask.have("mask_assignments")
    listed = where(assigned, assigned["symmetrix"].isin(pairs["target_symmetrix"].unique()))
    listed = where(listed, isin(listed["device"], pairs["target_device"]))
    array_ports = {wwn for wwn in listed["wwn"].dropna().unique() if is_array_port(wwn)}
    listed = where(listed, ~listed["wwn"].isin(array_ports)).assign(view="the assignment listing")
    seen = pd.concat([initiators, listed[list(initiators.columns)]])
    for wwn, own in group_rows(where(seen, ~seen["wwn"].isin(known.keys())), "wwn"):
        place = ", ".join(own["view"].unique())
        if complete:
            ask.fails(str(wwn), f"is in {place} and is no WWPN of a node", some(ask, own))
        else:
            message = f"is in {place}; whether it is a node's is not told"
            ask.gap(str(wwn), message, capture="[[node]] wwpns of every node", evidence=some(ask, own))
    if not len(initiators):
        ask.gap(mine.told, "names no initiator that could be read", table="view_initiators")
    if not complete:
        ask.gap(
            "cluster", "the manifest does not state the WWPNs of every node", capture="[[node]] wwpns of every node"
        )
    if not len(listed):
        ask.notes("only the captured views were looked at; other views of the targets were not listed")
    ask.holds(f"{initiators['wwn'].nunique()} initiators, all of them nodes")


@rule(
    "MSK009", "masking.two-ports-two-directors", WARNING,
    gates="masked", needs=_VIEW,
    reference="practice; figure 8: FA-7E:0 and FA-8E:0",
)  # fmt: skip
def two_ports_two_directors(ask: Inquiry) -> None:
    """The port group has at least two ports on at least two directors.

    Why: one port is one cable, one director one board; the disks would hang on it from activation on.
    Passes when: each view that holds targets has two ports on two directors.
    Fails when: it has one port, or all ports on one director (a warning).
    Inconclusive when: no masking view is captured, or it names no port.
    Remedy: add a port of another director.
    """
    ask.pairs()
    mine = views(ask)
    for view in mine.names:
        own = dropna(where(mine.ports, mine.ports["view"] == view), ["port"])
        ports = sorted(own["port"].unique())
        directors = {port.split(":")[0] for port in ports}
        if not ports:
            ask.gap(view, "names no port of its port group", table="view_ports")
        elif len(ports) < 2 or len(directors) < 2:
            told = "one port" if len(ports) < 2 else "one director"
            ask.fails(view, f"all paths on {told}: {', '.join(ports)}", ask.cite(own), absent_from="view_ports")
        else:
            ask.holds(f"{view}: {', '.join(ports)}")


@rule(
    "MSK010", "masking.after-create", BLOCKER,
    gates="masked", needs=("masking_views", "view_devices", "operations"),
    reference="white paper page 13: the targets are masked after create; figure 8: Last updated at",
)  # fmt: skip
def after_create(ask: Inquiry) -> None:
    """The targets were masked to the hosts after create, when their identity was in place.

    Why: a host that finds the target under its own identity takes it for a new disk, and may write a signature on it.
    Passes when: the view was last changed at or after the time of create. The array's clock is taken as
    `policy.utc_offset`.
    Fails when: the view is older than create and a host was rescanned in between.
    Inconclusive when: create has no time, the view does not say when it was changed, or it is older and no rescan is
    known.
    Remedy: check the pseudo device of every target on each node; rescan.
    """
    ask.pairs()
    mine = views(ask)
    creates = newest(ask.standing.step("create"))
    if not creates:
        raise Missing("not captured: the log of create", "symrcopy -f <pair file> create ...")
    for row in each(mine.views):
        changed = array_clock(row.last_updated, ask.policy.utc_offset)
        for create in creates:
            evidence = ask.cite(row, create)
            if create.time is None or changed is None:
                at = "create has no time" if create.time is None else "it does not tell when it was last changed"
                message = f"last updated at {row.last_updated}; {at}" if create.time is None else at
                ask.gap(str(row.view), message, capture="the time of create", evidence=evidence)
            elif changed >= create.time:
                ask.holds(
                    f"{row.view} was last changed {changed:%Y-%m-%d %H:%M}, after create {create.time:%Y-%m-%d %H:%M}"
                )
            else:
                _older(ask, str(row.view), changed, create, evidence)


def _older(ask: Inquiry, view: str, changed: datetime, create: "ReadBlock", evidence: list[Evidence]) -> None:
    """Judge a view that is older than create by the rescans of hosts in between."""
    message = f"dates from {changed:%Y-%m-%d %H:%M}, create from {create.time:%Y-%m-%d %H:%M}"
    scans = [read for read in ask.migration.steps if "rescan" in operations_of(read)]
    between = [
        read for read in scans if read.time is not None and changed <= read.time and before(read, create) is True
    ]
    if between:
        told = f"{message}, and a host was rescanned in between: it may have seen the native identity"
        ask.fails(view, told, [*evidence, *ask.cite(*between)])
    else:
        ask.gap(view, f"{message}; nothing proves that no host looked in between", evidence=evidence)
