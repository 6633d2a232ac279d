"""MSK001 to MSK010: the masking view of the target, and who it lets in."""

from datetime import datetime
from typing import TYPE_CHECKING

from flmparse.columns.selection import drop_duplicates, dropna, isin, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before, newest
from flmparse.facts.clock import array_clock
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
    pairs, devices, shown = check.pairs(), check.require("view_devices"), check.require("masking_views")
    ours = where(devices, devices["symmetrix"].isna() | devices["symmetrix"].isin(pairs["target_symmetrix"].unique()))
    for row in each(pairs, ~isin(pairs["target_device"], ours["device"])):
        message = f"target {row.target_device} is in none of the captured views: {', '.join(shown['view'].dropna())}"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row, shown), absent_from="view_devices")
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
    pairs, mine = check.pairs(), views(check)
    known = {*pairs["target_device"].dropna(), *check.policy.extra_devices}
    for (view, device), rows in where(mine.devices, ~isin(mine.devices["device"], known)).groupby(
        ["view", "device"], observed=True
    ):
        check.fails(
            Subject.of_device(device),
            f"is in {view} and is no target of the pair file",
            [*check.cite(rows), *check.cite_first(pairs)],
        )
    check.passes(f"{mine.devices['device'].nunique()} devices in {mine.told}, all of them known")


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
    mine = views(check)
    ports = drop_duplicates(dropna(mine.ports[["view", "port"]]))
    for view in mine.names:
        if view not in set(ports["view"]):
            check.inconclusive(view, "names no port of its port group", table="view_ports")
    rows = drop_duplicates(dropna(mine.devices[["view", "device", "port"]]))
    expected = drop_duplicates(rows[["view", "device"]]).merge(ports, on="view")
    joined = expected.merge(rows, how="outer", on=["view", "device", "port"], indicator=True)
    for row in each(joined, joined["_merge"] == "left_only"):
        message = f"is not mapped on {row.port}, a port of {row.view}"
        check.fails(
            _subject(check, row.device),
            message,
            _of_device(check, mine, row.view, row.device),
            absent_from="view_devices",
        )
    for row in each(joined, joined["_merge"] == "right_only"):
        message = f"is mapped on {row.port}, which is no port of {row.view}"
        check.warns(_subject(check, row.device), message, _of_device(check, mine, row.view, row.device))
    check.passes(f"{len(expected)} rows: every device of {mine.told} on every port")


def _subject(check: Check, device: object) -> Subject:
    """Return a device of a view as a subject, with its pair where it is the target of one."""
    return Subject.of_device(device, pair=check.once(_pairs_by_target, check.pairs()).get(device, ""))


def _pairs_by_target(pairs: "pd.DataFrame") -> dict[object, object]:
    only = pairs[~pairs["target_device"].duplicated(keep=False)]
    return dict(zip(only["target_device"], only["pair"], strict=True))


def _of_device(check: Check, mine: "Views", view: str, device: str) -> list[Evidence]:
    """Cite a device's rows in a view and the view's ports."""
    devices, ports = mine.devices, mine.ports
    rows = where(devices, (devices["view"] == view) & (devices["device"] == device))
    return check.cite(rows, where(ports, ports["view"] == view))


@rule(
    "MSK004", "masking.host-luns-unambiguous", BLOCKER,
    gates="masked", required="masked", needs=_VIEW,
    reference="white paper figure 8: LUNs 1 to 4, the same on both ports",
)  # fmt: skip
def host_luns_unambiguous(check: Check) -> None:
    """Each device has one host LUN on all its ports, and no two devices share one on a port.

    Why: the host joins paths to one disk by what it reads behind a LUN; two numbers for one device, or one for two,
    invite the
    wrong disk.
    Passes when: in each view a device has the same LUN on all ports, and LUNs on a port are distinct.
    Fails when: a device has two LUNs, or two devices have the same LUN on a port.
    Inconclusive when: no masking view is captured, or a LUN was not read.
    Remedy: create the view again with -lun.
    """
    check.pairs()
    mine = views(check)
    rows = mine.devices
    for row in each(rows, rows["host_lun"].isna()):
        check.inconclusive(
            _subject(check, row.device), "its host LUN was not read", table="view_devices", evidence=check.cite(row)
        )
    counts = rows.groupby(["view", "device"])["host_lun"].transform("nunique")
    for (_, device), own in where(rows, counts > 1).groupby(["view", "device"], observed=True):
        luns = ", ".join(f"{int(row.host_lun):X} on {row.port}" for row in each(dropna(own, ["host_lun"])))
        check.fails(_subject(check, device), f"has several host LUNs (hex): {luns}", check.cite(own))
    place = ["view", "port", "host_lun"]
    known = drop_duplicates(dropna(rows, ["port", "host_lun"]), [*place, "device"])
    for (view, port, _), own in where(known, known.duplicated(place, keep=False)).groupby(place, observed=True):
        devices = ", ".join(own["device"].astype("str"))
        check.fails(
            devices, f"share host LUN {int(own['host_lun'].iloc[0]):X} (hex) on {port} in {view}", check.cite(own)
        )
    check.passes(f"{rows['device'].nunique()} devices, one host LUN each in {mine.told}")


@rule(
    "MSK005", "masking.every-node-in-view", BLOCKER,
    gates="masked ready copying cleaned", required="masked ready copying cleaned", needs=_VIEW, waivable=False,
    reference="white paper figure 8 (one initiator) against page 10 (2 nodes)",
)  # fmt: skip
def every_node_in_view(check: Check) -> None:
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
    pairs, mine = check.pairs(), views(check)
    expected = check.manifest.expected_nodes
    if expected is None:
        check.inconclusive(
            "cluster", "the manifest does not tell how many nodes there are", capture="[cluster] node_count"
        )
        return
    for names, targets in _targets_by_views(mine, pairs):
        initiators = dropna(where(mine.initiators, mine.initiators["view"].isin(names)), ["wwn"])
        shown = where(mine.views, mine.views["view"].isin(names))
        _nodes_in(check, " and ".join(names), set(initiators["wwn"]), check.cite(shown, initiators), expected)
        check.passes(f"{initiators['wwn'].nunique()} initiators see {targets} targets through {', '.join(names)}")


def _targets_by_views(mine: "Views", pairs: "pd.DataFrame") -> list[tuple[tuple[str, ...], int]]:
    """Return the sets of views that hold the same targets, with how many targets each holds."""
    held = where(mine.devices, isin(mine.devices["device"], pairs["target_device"]))
    if len(mine.names) == 1:
        return [(tuple(mine.names), held["device"].nunique())]
    each_once = drop_duplicates(held[["device", "view"]]).sort_values("view")
    together = each_once.groupby("device")["view"].agg(tuple)
    return [(tuple(map(str, names)), len(held)) for names, held in together.groupby(together)]


def _nodes_in(check: Check, view: str, wwns: set[str], evidence: list[Evidence], expected: int) -> None:
    if not wwns:
        check.inconclusive(view, "names no initiator that could be read", table="view_initiators", evidence=evidence)
        return
    stated = [node for node in check.manifest.nodes if node.wwpns]
    for node in stated:
        present = wwns & set(node.wwpns)
        if not present:
            message = f"none of its WWPNs ({', '.join(node.wwpns)}) is in {view}"
            check.fails(node.name, message, evidence, absent_from="view_initiators")
        elif len(present) == 1 < len(node.wwpns):
            check.warns(node.name, f"only {present.pop()} of its {len(node.wwpns)} WWPNs is in {view}", evidence)
    others = expected - len(stated)
    further = wwns - check.manifest.wwpns.keys()
    if len(further) < others:
        of_whom = f"{others} node{'s'[: others != 1]}" + (" whose WWPNs are not stated" if stated else "")
        told = f"{len(further)} initiator{'s'[: len(further) != 1]}"
        message = f"{told} ({', '.join(sorted(further)) or 'none'}) for {of_whom}: a node loses its disks at activation"
        check.fails(view, message, evidence, absent_from="view_initiators")


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
    mine, hosts = views(check), source_hosts(check)
    rows = hosts.rows
    seen = mine.access().rename(columns={"device": "target_device"})
    joined = rows.merge(seen, how="left", on=["target_device", "wwn"], indicator=True)
    lost = where(joined, joined["_merge"] == "left_only")
    for wwn, own in lost.groupby("wwn", observed=True):
        devices = sorted(own["device"].unique())
        told = ", ".join(devices[:8]) + (" ..." if len(devices) > 8 else "")
        message = f"sees source {told} and is not in {mine.told}: that host loses the disk"
        evidence = [*check.cite_first(own), *check.cite(mine.views), *check.cite_first(mine.initiators)]
        check.fails(str(wwn), message, evidence, absent_from="view_initiators")
    if not len(rows):
        check.inconclusive("", "no host is known that sees a source device", table="mask_assignments")
    check.passes(f"{rows['wwn'].nunique()} hosts of the sources are all in {mine.told}")


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
    mine, hosts = views(check), source_hosts(check)
    if not len(mine.initiators):
        check.inconclusive(mine.told, "names no initiator that could be read", table="view_initiators")
    if not len(hosts.rows):
        raise MissingEvidence(
            "no host is known that sees a source device", "symmaskdb -sid <source> list assignment -devs ..."
        )
    fresh = where(mine.initiators, ~mine.initiators["wwn"].isin(hosts.rows["wwn"].unique()))
    for wwn, own in fresh.groupby("wwn", observed=True):
        known = ", ".join(sorted(hosts.rows["wwn"].unique()))
        message = f"is in {', '.join(own['view'].unique())} and is not known on the source, which knows {known}"
        check.fails(
            str(wwn), message, [*check.cite(own), *check.cite_first(hosts.rows)], absent_from="mask_assignments"
        )
    check.passes(f"{mine.initiators['wwn'].nunique()} initiators, all masked to the source too")


@rule(
    "MSK008", "masking.no-foreign-initiator", BLOCKER,
    gates="masked ready", needs=(*_VIEW, "mask_assignments"),
    reference="practice: a cluster's disk is not shown to other servers",
)  # fmt: skip
def no_foreign_initiator(check: Check) -> None:
    """No initiator outside the cluster can see a target.

    Why: a server outside the cluster does not respect its reservations and may write on the disk.
    Passes when: every initiator of every captured view that holds a target is a node's WWPN of the manifest.
    Fails when: one is not, and the WWPNs of all nodes are stated.
    Inconclusive when: the manifest does not state the WWPNs of all nodes, or no masking view is captured.
    Remedy: remove it from the initiator group.
    """
    pairs, mine = check.pairs(), views(check)
    known, expected = check.manifest.wwpns, check.manifest.expected_nodes
    complete = expected is not None and sum(1 for node in check.manifest.nodes if node.wwpns) >= expected
    initiators = mine.initiators[["wwn", "view", "capture", "line"]]
    assigned = check.optional("mask_assignments")
    listed = where(assigned, assigned["symmetrix"].isin(pairs["target_symmetrix"].unique()))
    listed = where(listed, isin(listed["device"], pairs["target_device"]))
    array_ports = {wwn for wwn in listed["wwn"].dropna().unique() if is_array_port(wwn)}
    listed = where(listed, ~listed["wwn"].isin(array_ports)).assign(view="the assignment listing")
    seen = pd.concat([initiators, listed[list(initiators.columns)]])
    for wwn, own in where(seen, ~seen["wwn"].isin(known.keys())).groupby("wwn", observed=True):
        place = ", ".join(own["view"].unique())
        if complete:
            check.fails(str(wwn), f"is in {place} and is no WWPN of a node", check.cite_first(own))
        else:
            message = f"is in {place}; whether it is a node's is not told"
            check.inconclusive(
                str(wwn), message, capture="[[node]] wwpns of every node", evidence=check.cite_first(own)
            )
    if not len(initiators):
        check.inconclusive(mine.told, "names no initiator that could be read", table="view_initiators")
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
    mine = views(check)
    for view in mine.names:
        own = dropna(where(mine.ports, mine.ports["view"] == view), ["port"])
        ports = sorted(own["port"].unique())
        directors = {port.split(":")[0] for port in ports}
        if not ports:
            check.inconclusive(view, "names no port of its port group", table="view_ports")
        elif len(ports) < 2 or len(directors) < 2:
            told = "one port" if len(ports) < 2 else "one director"
            check.fails(view, f"all paths on {told}: {', '.join(ports)}", check.cite(own), absent_from="view_ports")
        else:
            check.passes(f"{view}: {', '.join(ports)}")


@rule(
    "MSK010", "masking.after-create", BLOCKER,
    gates="masked", needs=("masking_views", "view_devices", "operations"),
    reference="white paper page 13: the targets are masked after create; figure 8: Last updated at",
)  # fmt: skip
def after_create(check: Check) -> None:
    """The targets were masked to the hosts after create, when their identity was in place.

    Why: a host that finds the target under its own identity takes it for a new disk, and may write a signature on it.
    Passes when: the view was last changed at or after the time of create. The array's clock is taken as
    `policy.utc_offset`.
    Fails when: the view is older than create and a host was rescanned in between.
    Inconclusive when: create has no time, the view does not say when it was changed, or it is older and no rescan is
    known.
    Remedy: check the pseudo device of every target on each node; rescan.
    """
    check.pairs()
    mine = views(check)
    creates = newest(check.at_gate.step("create"))
    if not creates:
        raise MissingEvidence("not captured: the log of create", "symrcopy -f <pair file> create ...")
    for row in each(mine.views):
        changed = array_clock(row.last_updated, check.policy.utc_offset)
        for create in creates:
            evidence = check.cite(row, create)
            if create.time is None or changed is None:
                at = "create has no time" if create.time is None else "it does not tell when it was last changed"
                message = f"last updated at {row.last_updated}; {at}" if create.time is None else at
                check.inconclusive(str(row.view), message, capture="the time of create", evidence=evidence)
            elif changed >= create.time:
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
        told = f"{message}, and a host was rescanned in between: it may have seen the native identity"
        check.fails(view, told, [*evidence, *check.cite(*between)])
    else:
        check.inconclusive(view, f"{message}; nothing proves that no host looked in between", evidence=evidence)
