"""MSK001 to MSK010: the masking view of the target, and who it lets in."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flmparse.columns.selection import drop_duplicates, dropna, isin, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before, newest
from flmparse.facts.clock import array_clock
from flmparse.facts.nodes import likely_node, node_count
from flmparse.facts.views import source_hosts, view_names, views
from flmparse.findings import Evidence, Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.terms import is_array_port

if TYPE_CHECKING:
    from flmparse.collection import Output
    from flmparse.facts.views import Views

_VIEW = ("pairs", "masking_views", "view_devices", "view_initiators", "view_ports")


@rule(
    "MSK001", "masking.every-target-in-view", BLOCKER,
    gates="masked ready", required="masked", needs=("pairs", "masking_views", "view_devices"),
    reference="white paper page 13, figure 8",
)  # fmt: skip
def every_target_in_view(check: Check) -> None:
    """Every target of the pair file is in a masking view.

    Why: a target that no host may see leaves its disk without a path when the source turns passive.
    Passes when: each target device has a row in a masking view of the target array.
    Fails when: one has none.
    Inconclusive when: no masking view is captured, or one is not whole.
    Remedy: add the device to the storage group; show the view again.
    """
    pairs, devices, masking_views = check.pairs(), check.require("view_devices"), check.require("masking_views")
    arrays = pairs["target_symmetrix"].unique()
    devices = where(devices, devices["symmetrix"].isna() | devices["symmetrix"].isin(arrays))
    names = ", ".join(masking_views["view"].dropna())
    for row in each(pairs, ~isin(pairs["target_device"], devices["device"])):
        message = f"target {row.target_device} is in none of the captured views: {names}"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row, masking_views), absent_from="view_devices")
    check.passes(f"all {len(pairs)} targets are in {', '.join(sorted(view_names(check.at_gate)))}")


@rule(
    "MSK002", "masking.nothing-else-in-view", WARNING,
    gates="masked", needs=_VIEW,
    reference="practice; figure 8 holds the four targets and nothing else",
)  # fmt: skip
def nothing_else_in_view(check: Check) -> None:
    """The view holds the targets of the pair file and nothing else that was not declared.

    Why: a further device appears on the hosts at the rescan as a disk that nobody expects.
    Passes when: every device of the views that hold targets is a target or stands in `policy.extra_devices`.
    Fails when: a view holds another device (a warning).
    Inconclusive when: no masking view is captured.
    Remedy: take it out, or declare it in the manifest.
    """
    pairs, target_views = check.pairs(), views(check)
    devices, declared = target_views.devices, {*pairs["target_device"].dropna(), *check.policy.extra_devices}
    others = where(devices, ~isin(devices["device"], declared))
    for (view, device), rows in others.groupby(["view", "device"], observed=True):
        message, cited = (
            f"is in {view} and is no target of the pair file",
            [*check.cite(rows), *check.cite_first(pairs)],
        )
        check.fails(Subject.of_device(device), message, cited, absent_from="pairs")
    check.passes(f"{devices['device'].nunique()} devices in {target_views.told}, all of them known")


@rule(
    "MSK003", "masking.every-device-on-every-port", BLOCKER,
    gates="masked", required="masked", needs=_VIEW,
    reference="white paper figure 8: four devices on two ports each",
)  # fmt: skip
def every_device_on_every_port(check: Check) -> None:
    """Every device of the view is mapped on every port of its port group.

    Why: a device missing on a port has a path less than the others, which is noticed only when the other port fails.
    Passes when: each device has a row for each port of the port group.
    Fails when: a row is missing. A row on a port outside the group only warns: another view may map the device there.
    Inconclusive when: no masking view is captured, or it names no port.
    Remedy: map the device on that port.
    """
    check.pairs()
    target_views = views(check)
    ports = drop_duplicates(dropna(target_views.ports[["view", "port"]]))
    for view in target_views.names:
        if view not in set(ports["view"]):
            check.inconclusive(view, "names no port of its port group", table="view_ports")
    rows = drop_duplicates(dropna(target_views.devices[["view", "device", "port"]]))
    expected = drop_duplicates(rows[["view", "device"]]).merge(ports, on="view")
    joined = expected.merge(rows, how="outer", on=["view", "device", "port"], indicator=True)
    for row in each(joined, joined["_merge"] == "left_only"):
        message, cited = f"is not mapped on {row.port}, a port of {row.view}", _cite_device(check, target_views, row)
        check.fails(Subject.of_device(row.device), message, cited, absent_from="view_devices")
    for row in each(joined, joined["_merge"] == "right_only"):
        message, cited = (
            f"is mapped on {row.port}, which is no port of {row.view}",
            _cite_device(check, target_views, row),
        )
        check.warns(Subject.of_device(row.device), message, cited, absent_from="view_ports")
    check.passes(f"{len(expected)} rows: every device of {target_views.told} on every port")


def _cite_device(check: Check, target_views: "Views", row: Any) -> list[Evidence]:
    """Cite the rows of a device (of a row with view and device) in the view, and the view's ports."""
    devices, ports = target_views.devices, target_views.ports
    rows = where(devices, (devices["view"] == row.view) & (devices["device"] == row.device))
    return check.cite(rows, where(ports, ports["view"] == row.view))


@rule(
    "MSK004", "masking.host-luns-unambiguous", BLOCKER,
    gates="masked", required="masked", needs=_VIEW,
    reference="white paper figure 8: LUNs 1 to 4, the same on both ports",
)  # fmt: skip
def host_luns_unambiguous(check: Check) -> None:
    """Each device has one host LUN on all its ports, and no two devices share one on a port.

    Why: the host joins paths to one disk by what it reads behind a LUN; two numbers for one device, or one for two,
    invite the wrong disk.
    Passes when: in each view a device has the same LUN on all ports, and LUNs on a port are distinct.
    Fails when: a device has two LUNs, or two devices have the same LUN on a port.
    Inconclusive when: no masking view is captured, or a LUN was not read.
    Remedy: create the view again with -lun.
    """
    check.pairs()
    target_views = views(check)
    mapped = target_views.devices
    for row in each(mapped, mapped["host_lun"].isna()):
        subject, cited = Subject.of_device(row.device), check.cite(row)
        check.inconclusive(subject, "its host LUN was not read", table="view_devices", evidence=cited)
    counts = mapped.groupby(["view", "device"])["host_lun"].transform("nunique")
    for (_, device), rows in where(mapped, counts > 1).groupby(["view", "device"], observed=True):
        luns = ", ".join(f"{int(row.host_lun):X} on {row.port}" for row in each(dropna(rows, ["host_lun"])))
        check.fails(Subject.of_device(device), f"has several host LUNs (hex): {luns}", check.cite(rows))
    address = ["view", "port", "host_lun"]
    numbered = drop_duplicates(dropna(mapped, ["port", "host_lun"]), [*address, "device"])
    shared = where(numbered, numbered.duplicated(address, keep=False))
    for (view, port, _), rows in shared.groupby(address, observed=True):
        devices = ", ".join(rows["device"].astype("str"))
        message = f"share host LUN {int(rows['host_lun'].iloc[0]):X} (hex) on {port} in {view}"
        check.fails(Subject.of_device(devices), message, check.cite(rows))
    check.passes(f"{mapped['device'].nunique()} devices, one host LUN each in {target_views.told}")


@rule(
    "MSK005", "masking.every-node-in-view", BLOCKER,
    gates="masked ready copying cleaned", required="masked ready copying cleaned", needs=_VIEW, waivable=False,
    reference="white paper figure 8 (one initiator) against page 10 (2 nodes)",
)  # fmt: skip
def every_node_in_view(check: Check) -> None:
    """Every node of the cluster has an initiator in the view of every target.

    Why: a node whose HBA is not in the view has no target path; at activation it loses its disks, and the cluster a node.
    Passes when: each node of known WWPNs has two of them (or its only one) in the view, and for the other nodes there
    are at least as many further initiators.
    Fails when: a node has none of its WWPNs in the view, or there are fewer initiators than nodes. One WWPN of several
    warns.
    Inconclusive when: no masking view is captured, it names no initiator, or the manifest tells neither nodes nor their
    number.
    Remedy: add the missing initiators to the initiator group; rescan; capture powermt on each node again.
    """
    pairs, target_views = check.pairs(), views(check)
    expected = node_count(check)
    if expected is None:
        return
    for names, targets in _targets_by_views(target_views, pairs):
        initiators = where(target_views.initiators, target_views.initiators["view"].isin(names))
        initiators = dropna(initiators, ["wwn"])
        heads = where(target_views.views, target_views.views["view"].isin(names))
        _nodes_in(check, " and ".join(names), set(initiators["wwn"]), check.cite(heads, initiators), expected)
        check.passes(f"{initiators['wwn'].nunique()} initiators see {targets} targets through {', '.join(names)}")


def _targets_by_views(target_views: "Views", pairs: "pd.DataFrame") -> list[tuple[tuple[str, ...], int]]:
    """Return the sets of views that hold the same targets, with how many targets each holds."""
    targets = where(target_views.devices, isin(target_views.devices["device"], pairs["target_device"]))
    if len(target_views.names) == 1:
        return [(tuple(target_views.names), targets["device"].nunique())]
    names_of = drop_duplicates(targets[["device", "view"]]).sort_values("view").groupby("device")["view"].agg(tuple)
    return [(tuple(map(str, names)), len(devices)) for names, devices in names_of.groupby(names_of)]


def _nodes_in(check: Check, view: str, wwns: set[str], evidence: list[Evidence], expected: int) -> None:
    if not wwns:
        check.inconclusive(view, "names no initiator that could be read", table="view_initiators", evidence=evidence)
        return
    stated = [node for node in check.manifest.nodes if node.wwpns]
    for node in stated:
        present = wwns & set(node.wwpns)
        if not present:
            message = f"none of its WWPNs ({', '.join(node.wwpns)}) is in {view}"
            check.fails(Subject.of_node(node.name), message, evidence, absent_from="view_initiators")
        elif len(present) == 1 < len(node.wwpns):
            message = f"only {present.pop()} of its {len(node.wwpns)} WWPNs is in {view}"
            check.warns(Subject.of_node(node.name), message, evidence, absent_from="view_initiators")
    others = expected - len(stated)
    further = wwns - check.manifest.wwpns.keys()
    if len(further) < others:
        initiators = f"{_number_of(len(further), 'initiator')} ({', '.join(sorted(further)) or 'none'})"
        nodes = _number_of(others, "node") + (" whose WWPNs are not stated" if stated else "")
        message = f"{initiators} for {nodes}: a node loses its disks at activation"
        check.fails(view, message, evidence, absent_from="view_initiators")


def _number_of(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


@rule(
    "MSK006", "masking.every-source-host-in-view", BLOCKER,
    gates="masked ready unmasked cleaned", required="ready unmasked", waivable=False,
    needs=(*_VIEW, "mask_assignments", "mask_changes"),
    reference="white paper figure 17 (10000000c953f9f3) against figure 8 (210000e08b1e45f9)",
)  # fmt: skip
def every_source_host_in_view(check: Check) -> None:
    """Every host that sees a source device is in the view of its target.

    Why: a host that is let in on the old array only loses the disk at activation, or at the unmask at the latest.
    Passes when: each host WWN masked to a source device (ports of arrays aside) is an initiator of a view that holds
    its target.
    Fails when: one is not.
    Inconclusive when: the masking of the source was not captured, names no host for a pair, or no masking view is
    captured.
    Remedy: add it to the initiator group of the target, or prove that the host is retired.
    """
    target_views, hosts = views(check), source_hosts(check).rows
    access = target_views.access().rename(columns={"device": "target_device"})
    joined = hosts.merge(access, how="left", on=["target_device", "wwn"], indicator=True)
    lost = where(joined, joined["_merge"] == "left_only")
    for wwn, rows in lost.groupby("wwn", observed=True):
        devices = sorted(rows["device"].unique())
        listed = ", ".join(devices[:8]) + (" ..." if len(devices) > 8 else "")
        message = f"sees source {listed} and is not in {target_views.told}: that host loses the disk"
        cited = [*check.cite_first(rows), *check.cite(target_views.views), *check.cite_first(target_views.initiators)]
        check.fails(Subject.of_port(wwn), message, cited, absent_from="view_initiators view_devices")
    if not len(hosts):
        check.inconclusive("", "no host is known that sees a source device", table="mask_assignments")
    check.passes(f"{hosts['wwn'].nunique()} hosts of the sources are all in {target_views.told}")


@rule(
    "MSK007", "masking.every-initiator-known-on-source", WARNING,
    gates="masked ready unmasked", needs=(*_VIEW, "mask_assignments", "mask_changes"),
    reference="white paper figures 8, 17, 18; practice: the same hosts are let in on both arrays",
)  # fmt: skip
def every_initiator_known_on_source(check: Check) -> None:
    """Every initiator of the target's view was masked to the source.

    Why: an initiator that the old array did not know is a new host, a typing error, or a capture of another migration.
    Passes when: each initiator of the views is among the hosts masked to the source devices before the unmask.
    Fails when: one is not (a warning).
    Inconclusive when: the masking of the source was not captured, no masking view is, or it names no initiator.
    Remedy: find out who it is; remove it, or enter it as a node of the cluster.
    """
    target_views, hosts = views(check), source_hosts(check).rows
    initiators = target_views.initiators
    if not len(initiators):
        check.inconclusive(target_views.told, "names no initiator that could be read", table="view_initiators")
    if not len(hosts):
        raise MissingEvidence(
            "no host is known that sees a source device", "symmaskdb -sid <source> list assignment -devs ..."
        )
    source_wwns = sorted(hosts["wwn"].unique())
    unmasked = where(initiators, ~initiators["wwn"].isin(source_wwns))
    for wwn, rows in unmasked.groupby("wwn", observed=True):
        names = ", ".join(rows["view"].unique())
        message = f"is in {names} and is not known on the source, which knows {', '.join(source_wwns)}"
        cited = [*check.cite(rows), *check.cite_first(hosts)]
        check.fails(Subject.of_port(wwn), message, cited, absent_from="mask_assignments mask_changes")
    check.passes(f"{initiators['wwn'].nunique()} initiators, all masked to the source too")


@rule(
    "MSK008", "masking.no-foreign-initiator", BLOCKER,
    gates="masked ready", needs=(*_VIEW, "mask_assignments"),
    reference="practice: a cluster's disk is not shown to other servers",
)  # fmt: skip
def no_foreign_initiator(check: Check) -> None:
    """No initiator outside the cluster can see a target.

    Why: a server outside the cluster does not respect its reservations and may write on the disk.
    Passes when: every initiator of every captured view that holds a target is a node's WWPN of the manifest.
    Fails when: one is not, and the WWPNs of all nodes are stated. One that differs in one or two digits from a node's, or
    whose alias names a node, is told as what it probably is: a typing error.
    Inconclusive when: the manifest does not state the WWPNs of all nodes, or no masking view is captured.
    Remedy: compare it with the WWPNs that the nodes print; correct migration.toml where they were mistyped. Only an
    initiator that is no node's for certain is removed from the initiator group: taking a node's away takes its disks.
    """
    pairs, target_views = check.pairs(), views(check)
    node_wwpns, expected = check.manifest.wwpns.keys(), check.manifest.expected_nodes
    complete = expected is not None and sum(1 for node in check.manifest.nodes if node.wwpns) >= expected
    initiators = target_views.initiators[["wwn", "alias", "view", "capture", "line"]]
    assigned = check.optional("mask_assignments")
    listed = where(assigned, assigned["symmetrix"].isin(pairs["target_symmetrix"].unique()))
    listed = where(listed, isin(listed["device"], pairs["target_device"]))
    array_ports = {wwn for wwn in listed["wwn"].dropna().unique() if is_array_port(wwn)}
    listed = where(listed, ~listed["wwn"].isin(array_ports)).assign(view="the assignment listing", alias=None)
    masked = pd.concat([initiators, listed[list(initiators.columns)]])
    for wwn, rows in where(masked, ~masked["wwn"].isin(node_wwpns)).groupby("wwn", observed=True):
        subject, names, cited = Subject.of_port(wwn), ", ".join(rows["view"].unique()), check.cite_first(rows)
        if complete:
            likely = likely_node(check.manifest, str(wwn), rows["alias"].dropna().unique())
            check.fails(subject, f"is in {names} and is no WWPN of a node{likely}", cited)
        else:
            message = f"is in {names}; it cannot be matched to a cluster node"
            capture = "[[node]] wwpns of every node"
            check.inconclusive(subject, message, capture=capture, evidence=cited, is_doubt=False)
    if not len(initiators):
        check.inconclusive(target_views.told, "names no initiator that could be read", table="view_initiators")
    if not complete:
        check.inconclusive(
            "cluster", "the manifest does not state the WWPNs of every node", capture="[[node]] wwpns of every node"
        )
    if not len(listed):
        check.note("only the captured views were looked at; other views of the targets were not listed")
    check.passes(f"{initiators['wwn'].nunique()} initiators, all of them nodes")


@rule(
    "MSK009", "masking.two-ports-two-directors", WARNING,
    gates="masked", needs=_VIEW,
    reference="practice; figure 8: FA-7E:0 and FA-8E:0",
)  # fmt: skip
def two_ports_two_directors(check: Check) -> None:
    """The port group has at least two ports on at least two directors.

    Why: one port is one cable, one director one board; the disks would hang on it from activation on.
    Passes when: each view that holds targets has two ports on two directors.
    Fails when: it has one port, or all ports on one director (a warning).
    Inconclusive when: no masking view is captured, or it names no port.
    Remedy: add a port of another director.
    """
    check.pairs()
    target_views = views(check)
    for view in target_views.names:
        rows = dropna(where(target_views.ports, target_views.ports["view"] == view), ["port"])
        ports = sorted(rows["port"].unique())
        directors = {port.split(":")[0] for port in ports}
        if not ports:
            check.inconclusive(view, "names no port of its port group", table="view_ports")
        elif len(ports) < 2 or len(directors) < 2:
            single = "one port" if len(ports) < 2 else "one director"
            check.fails(view, f"all paths on {single}: {', '.join(ports)}", check.cite(rows), absent_from="view_ports")
        else:
            check.passes(f"{view}: {', '.join(ports)}")


@rule(
    "MSK010", "masking.after-create", BLOCKER,
    gates="masked ready", needs=("masking_views", "view_devices", "operations"),
    harm_ends="copying",
    reference="white paper page 13: the targets are masked after create; figure 8: Last updated at",
)  # fmt: skip
def after_create(check: Check) -> None:
    """The targets were masked to the hosts after create, when their identity was in place.

    Why: a host that finds the target under its own identity takes it for a new disk, and may write a signature on it.
    Passes when: the view was last changed at or after the time of create. The array's clock is taken as
    `policy.time_zone`, else `policy.utc_offset`.
    Fails when: the view is older than create and a host was rescanned in between. Where no rescan is known a view that
    was changed before create warns, and so does one that says it was changed after the time at which it was captured:
    one of the two clocks is wrong.
    Inconclusive when: create has no time, or the view does not say when it was changed.
    Remedy: check the pseudo device of every target on each node; rescan. Correct the clock or the time of the capture.
    """
    check.pairs()
    target_views = views(check)
    creates = newest(check.at_gate.step("create"))
    if not creates:
        raise MissingEvidence("not captured: the log of create", "symrcopy -f <pair file> create ...")
    for row in each(target_views.views):
        changed = array_clock(row.last_updated, check.policy.zone)
        captured = check.output(row.block).time
        if changed is not None and captured is not None and changed - captured > check.policy.clock_tolerance:
            message = f"was last changed {changed:%Y-%m-%d %H:%M}, after its capture {captured:%Y-%m-%d %H:%M}"
            check.warns(str(row.view), f"{message}: one of the clocks is wrong", check.cite(row))
        for create in creates:
            evidence = check.cite(row, create)
            if create.time is None or changed is None:
                message = "it does not tell when it was last changed"
                if create.time is None:
                    changed_at = f"last updated at {row.last_updated}; " if isinstance(row.last_updated, str) else ""
                    message = f"{changed_at}create has no time"
                check.inconclusive(
                    str(row.view), message, capture="the time of create", evidence=evidence, is_doubt=False
                )
            elif changed >= create.time - check.policy.clock_tolerance:
                check.passes(
                    f"{row.view} was last changed {changed:%Y-%m-%d %H:%M}, after create {create.time:%Y-%m-%d %H:%M}"
                )
            else:
                _older(check, str(row.view), changed, create, evidence)


def _older(check: Check, view: str, changed: datetime, create: "Output", evidence: list[Evidence]) -> None:
    """Judge a view that is older than create by the rescans of hosts in between."""
    message = f"dates from {changed:%Y-%m-%d %H:%M}, create from {create.time:%Y-%m-%d %H:%M}"
    scans = [output for output in check.migration.steps if "rescan" in output.operations]
    between = [
        output
        for output in scans
        if output.time is not None and changed <= output.time and before(output, create) is True
    ]
    if between:
        message += ", and a host was rescanned in between: it may have seen the native identity"
        check.fails(view, message, [*evidence, *check.cite(*between)])
    else:
        check.warns(view, f"{message}; nothing proves that no host looked in between", evidence)
