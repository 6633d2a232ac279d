"""STA: the states that captures show, weighed at every gate: adapters, nodes, ports, devices, cluster disks, volumes, licences."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, is_true, where
from flmparse.evidence.computers import computer_of, same_computer
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import EvidenceReader, each
from flmparse.evidence.timeline import before, newest
from flmparse.facts import disks as pair_disks
from flmparse.facts.states import Weight, weigh
from flmparse.facts.views import source_ports, view_ports
from flmparse.findings import UNNAMED_NODE, Subject
from flmparse.lazy import np
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.screens import Status
from flmparse.terms import host_name

if TYPE_CHECKING:
    import pandas as pd


def _judge(
    check: Check, rows: "pd.DataFrame", table: str, column: str, subject: "Callable[[Any], Subject]", what: str
) -> None:
    """State the rows whose word is bad (fail), doubtful (warn) or in no list of known words (inconclusive)."""
    weights = weigh(table, column, rows[column])
    for row in each(rows, weights == Weight.BAD):
        check.fails(subject(row), f"{what} {getattr(row, column)}", check.cite(row))
    for row in each(rows, weights == Weight.DOUBTFUL):
        check.warns(subject(row), f"{what} {getattr(row, column)}", check.cite(row))
    for row in each(rows, weights == Weight.UNKNOWN):
        message = f"{what} {getattr(row, column)!r}, a word whose meaning is not known"
        check.inconclusive(subject(row), message, table=table, evidence=check.cite(row), holds_back=True)


def _node(row: Any) -> str:
    return str(row.node) if isinstance(row.node, str) else UNNAMED_NODE


@rule(
    "STA001", "state.adapters-alive", BLOCKER,
    gates="prepare..cleaned", needs=("hbas",),
    reference="white paper pages 7 and 14: redundant paths from every node; PowerPath's summary of its adapters",
)  # fmt: skip
def adapters_alive(check: Check) -> None:
    """Every host bus adapter that PowerPath shows is in order.

    Why: an adapter that has failed takes half of the paths with it, and the next fault takes the disks.
    Passes when: `powermt display` calls every adapter of every node optimal and counts no dead path. Between the unmask
    and `powermt remove`, dead paths are what one expects.
    Fails when: an adapter has failed or is degraded, or has dead paths.
    Inconclusive when: no `powermt display` stands, or it calls an adapter by a word whose meaning is not known.
    Remedy: repair the adapter, its port or its zoning; then capture `powermt display` again.
    """
    adapters = check.require("hbas")
    expected = [index for index in adapters["block"].unique() if _expects_dead_paths(check, check.output(index))]
    adapters = where(adapters, ~adapters["block"].isin(expected))
    _judge(check, adapters, "hbas", "summary", _adapter, "is")
    optimal = is_true(adapters["summary"].str.lower().eq("optimal"))
    for row in each(adapters, optimal & is_true(adapters["dead_paths"].gt(0))):
        check.fails(_adapter(row), f"has {row.dead_paths} dead paths of {row.total_paths}", check.cite(row))
    check.passes(f"{len(adapters)} adapters in order")


def _expects_dead_paths(check: Check, output: Output) -> bool:
    """Whether an output shows a node from whose disks the sources were unmasked and the dead paths not yet removed."""
    unmasked = any(before(step, output) is not False for step in check.at_gate.step("symmask remove"))
    removals = [step for step in check.at_gate.step("powermt remove") if same_computer(computer_of(step), output.node)]
    return unmasked and not any(before(step, output) is True for step in removals)


def _adapter(row: Any) -> Subject:
    return Subject(f"adapter {row.hba} of {_node(row)}", node=_node(row))


@rule(
    "STA002", "state.nodes-up", BLOCKER,
    gates="prepare..cleaned", needs=("cluster_nodes",),
    reference="white paper page 4: the cluster stays in operation on all of its nodes",
)  # fmt: skip
def nodes_up(check: Check) -> None:
    """Every node of the cluster is up.

    Why: a node that is down cannot be rescanned and cannot take over; it meets the changed paths when it comes back.
    Passes when: the newest list of the cluster's nodes says Up for each.
    Fails when: a node is Down. Paused and Joining warn.
    Inconclusive when: no list of the nodes stands, or it has a word for a node's state whose meaning is not known.
    Remedy: bring the node back into the cluster, rescan it, and capture Get-ClusterNode again.
    """
    nodes = check.require("cluster_nodes")
    _judge(check, nodes, "cluster_nodes", "state", lambda row: Subject.of_node(row.name), "is")
    check.passes(f"{len(nodes)} nodes up")


@rule(
    "STA003", "state.ports-online", BLOCKER,
    gates="prepare..cleaned", needs=("front_end_ports", "directors", "view_ports", "mask_assignments"),
    reference="white paper pages 6 and 8: all paths between the arrays and to the hosts must be there",
)  # fmt: skip
def ports_online(check: Check) -> None:
    """The directors and ports that the migration uses are online.

    Why: a port that is offline carries neither the copy nor the hosts' I/O, whatever zoning and masking say.
    Passes when: every director and port in use is Online: of the target those of the view and those that symsan was asked
    about, of the source those of its masking. While none of them is known, all of both arrays.
    Fails when: one is not.
    Inconclusive when: no listing of directors and ports stands, or a state has a word whose meaning is not known.
    Remedy: bring the port online, or take it out of the port group; then capture `symcfg list -fa all -v` again.
    """
    ports, directors = check.optional("front_end_ports"), check.optional("directors")
    captured_by = "symcfg -sid <target> list -fa all -v"
    if not len(ports) and not len(directors):
        raise MissingEvidence(f"not captured: {captured_by}", captured_by)
    judged = 0
    for array, used in _ports_in_use(check).items():
        names = {port.split(":")[0] for port in used}
        rows = where(ports, is_true(ports["symmetrix"].eq(array)))
        heads = where(directors, is_true(directors["symmetrix"].eq(array)))
        if used:
            rows = where(rows, rows["port"].isin(used) | (rows["port"].isna() & rows["director"].isin(names)))
            heads = where(heads, heads["director"].isin(names))
        # A listing that prints states, and none that could be read of this port.
        with_states = rows["block"].isin(dropna(rows, ["status"])["block"])
        for row in each(rows, with_states & rows["status"].isna() & rows["port"].notna()):
            message = f"of {array}: its state could not be read"
            check.inconclusive(_port(row), message, capture=captured_by, evidence=check.cite(row), holds_back=True)
        rows, heads = dropna(rows, ["status"]), dropna(heads, ["status"])
        _judge(check, rows, "front_end_ports", "status", lambda row: _port(row), f"of {array} is")
        _judge(check, heads, "directors", "status", lambda row: Subject.of_port(row.identifier), f"of {array} is")
        judged += len(rows) + len(heads)
    if not judged:
        check.inconclusive("", "no listing says in which state the ports in use are", capture=captured_by)
    check.passes(f"{judged} directors and ports online")


def _port(row: Any) -> Subject:
    return Subject.of_port(row.port if isinstance(row.port, str) else f"director {row.director}")


def _ports_in_use(check: Check) -> dict[str, set[str]]:
    """Return of each array the ports that the migration uses, as far as captures tell; none known means all."""
    migration = check.migration
    ports: dict[str, set[str]] = {}
    if migration.target_symmetrix:
        scans = check.history("san_scans")
        asked = where(scans, is_true(scans["symmetrix"].eq(migration.target_symmetrix)))
        ports[migration.target_symmetrix] = {*view_ports(check.at_gate)} or {*map(str, asked["port"].dropna().unique())}
    # Once the sources are unmasked their ports carry nothing of this migration any more.
    if migration.source_symmetrix and check.gate < Gate.UNMASKED:
        ports[migration.source_symmetrix] = {*source_ports(check.at_gate)}
    return ports


@rule(
    "STA004", "state.devices-ready", BLOCKER,
    gates="prepare..cleaned", needs=("pairs", "devices", "device_details", "identities"),
    reference="white paper pages 5 and 6: the devices of a pair; symdev show",
)  # fmt: skip
def devices_ready(check: Check) -> None:
    """The devices of every pair are ready, not degraded, and no larger than at prepare.

    Why: a device that is not ready or degraded fails the copy or the hosts, and a source that grew after its target was
    made does not fit into it.
    Passes when: `symdev list` (with -identity too) and `symdev show` say RW and Normal of every pair device they show, none
    is encapsulated, and no source has another size than at prepare.
    Fails when: one is Not Ready, Write Disabled, Degraded, Failed or encapsulated, or a source has another size.
    Inconclusive when: no listing shows a pair device, or it has a word whose meaning is not known.
    Remedy: repair the device; for a source that grew, terminate before activate and make a target of its new size.
    """
    pairs = check.pairs()
    judged = 0
    states = {"devices": ("status",), "identities": ("status",), "device_details": ("status", "service_state")}
    for table, columns in states.items():
        rows = check.optional(table)
        for side in ("source", "target"):
            keys = [f"{side}_symmetrix", f"{side}_device"]
            of_pairs = dropna(pairs[["pair", *keys]]).merge(rows, left_on=keys, right_on=["symmetrix", "device"])
            if side == "source" and check.gate >= Gate.TERMINATED:
                continue  # nobody uses the sources any more
            for column in columns:
                known = dropna(of_pairs, [column])
                _judge(
                    check,
                    known,
                    table,
                    column,
                    lambda row: Subject.of_pair(row.pair),
                    f"{side} {column.replace('_', ' ')} is",
                )
            if table == "device_details":
                for row in each(of_pairs, is_true(of_pairs["encapsulated"])):
                    message = f"{side} {row.device} is an encapsulated device"
                    check.fails(Subject.of_pair(row.pair), message, check.cite(row))
            if table != "identities":  # which tells of the targets alone, and not whether they are degraded
                judged += len(of_pairs)
    _sizes_stay(check, pairs)
    if not judged:
        raise MissingEvidence(
            "not captured: symdev list or symdev show of the pair devices", "symdev -sid <sid> show <device>"
        )
    check.passes(f"{judged} states of pair devices, all ready")


def _sizes_stay(check: Check, pairs: "pd.DataFrame") -> None:
    """State the sources that were shown with different sizes since prepare."""
    if check.gate >= Gate.TERMINATED:
        return
    keys = ["source_symmetrix", "source_device"]
    for table in ("devices", "device_details"):
        rows = dropna(check.history(table), ["symmetrix", "device", "capacity_mb"])
        sizes = dropna(pairs[["pair", *keys]]).merge(rows, left_on=keys, right_on=["symmetrix", "device"])
        sizes = drop_duplicates(sizes, ["pair", "capacity_mb"])
        changed = where(sizes, sizes.duplicated("pair", keep=False))
        for pair, several in changed.groupby("pair", sort=False, observed=True):
            sizes_mb = ", ".join(f"{size} MB" for size in several["capacity_mb"])
            device = several["source_device"].iloc[0]
            message = f"source {device} was shown with different sizes: {sizes_mb}"
            check.fails(Subject.of_pair(pair), message, check.cite(several))


@rule(
    "STA005", "state.cluster-disks-online", BLOCKER,
    gates="prepare..cleaned", needs=("cluster_resources", "cluster_groups"),
    reference="white paper page 4: applications are not disrupted",
)  # fmt: skip
def cluster_disks_online(check: Check) -> None:
    """No physical disk of the cluster has failed or is offline, and no group with one.

    Why: a disk resource that has failed is an application that stands still, whether or not a pair could be joined to it.
    Passes when: the newest list that names it says Online of every physical disk; where the groups were listed too, no group
    is Failed, and those with a physical disk and the cluster's own are Online. Others, as Available Storage, may be Offline.
    Fails when: a disk or such a group is Failed or Offline, or any group Failed. A pending or partial state warns.
    Inconclusive when: no list of the resources stands, it names no physical disk, a state has a word whose meaning is not
    known, or what is not Online may be a disk.
    Remedy: find out why the disk went offline before the next step; bring it online, capture Get-ClusterResource again.
    """
    _groups_online(check)
    resources = check.require("cluster_resources")
    are_disks = _is_disk(check, resources)
    disks = where(resources, are_disks)
    if not len(disks):
        check.inconclusive("", "none of the resources listed is known to be a physical disk", table="cluster_resources")
    _judge(check, disks, "cluster_resources", "state", lambda row: Subject(str(row.name)), "is")
    others = where(resources, resources["kind"].isna() & ~are_disks)
    weights = weigh("cluster_resources", "state", others["state"])
    for row in each(others, weights.notna() & (weights != Weight.GOOD)):
        message = f"is {row.state}, and nothing tells whether it is a disk"
        check.inconclusive(Subject(str(row.name)), message, table="cluster_resources", evidence=check.cite(row))
    check.passes(f"{len(disks)} cluster disks online")


OWN_GROUP = "cluster group"
"""The group that holds the quorum of a cluster."""


def _groups_online(check: Check) -> None:
    """Judge the groups: any that failed, and by their other words those with a physical disk and the cluster's own."""
    groups, resources = check.optional("cluster_groups"), check.optional("cluster_resources")
    holding = where(resources, _is_disk(check, resources))["group"].dropna().astype("str").str.lower()
    must_be_online = groups["name"].str.lower().isin({OWN_GROUP, *holding} - {"available storage"})
    failed = groups["state"].str.lower().eq("failed")
    unknown = weigh("cluster_groups", "state", groups["state"]) == Weight.UNKNOWN
    judged = where(groups, must_be_online | is_true(failed) | unknown)
    _judge(check, judged, "cluster_groups", "state", lambda row: Subject(str(row.name)), "is a group that is")


def _is_disk(check: Check, resources: "pd.DataFrame") -> "pd.Series[bool]":
    """Tell the physical disks: by their type; where a layout prints none, by their parameters or their usual names."""
    with_parameters = {*check.history("cluster_parameters")["resource"].dropna()}
    named = resources["name"].str.contains(r"(?i)^(?:cluster disk|disk [a-z0-9]+:?$|physical disk|quorum)", regex=True)
    by_type = resources["kind"].str.lower().eq("physical disk")
    by_name = resources["name"].isin(with_parameters) | is_true(named)
    return is_true(by_type.where(resources["kind"].notna(), by_name))


@rule(
    "STA006", "state.volumes-healthy", BLOCKER,
    gates="prepare..cleaned", needs=("volumes", "disks", "pairs", "powerpath_devices"),
    reference="white paper figure 9 and page 4: the volumes of the cluster disks",
)  # fmt: skip
def volumes_healthy(check: Check) -> None:
    """The volumes of the pairs' disks are healthy and have a file system.

    Why: RAW where there was NTFS means that Windows no longer reads what is on the disk.
    Passes when: DiskPart shows every volume of a pair's disk as Healthy and with a file system, and no such disk
    as Read-only, on the node that owns the disk (on every node where no capture tells the owner).
    Fails when: a volume is RAW or not Healthy, or a disk is RAW or has the attribute Read-only.
    Inconclusive when: no volumes are captured, nothing tells which disk a pair is, or a status has a word whose meaning is
    not known.
    Remedy: change nothing on the disk; compare its signature and its paths with those of before, and call support.
    """
    volumes, owners = dropna(check.require("volumes"), ["disk"]), _owners(check)
    rows = _on_owners(check, volumes, owners)
    _judge(check, dropna(rows, ["status"]), "volumes", "status", _volume, "is")
    for row in each(rows, is_true(rows["file_system"].str.upper().eq("RAW"))):
        check.fails(_volume(row), f"on disk {row.disk} of {row.computer} is RAW", check.cite(row))
    # What DiskPart calls the current state is yes of every disk that another node has reserved, and means nothing.
    disks = _on_owners(check, dropna(check.optional("disks"), ["disk"]), owners)
    for mask, message in (
        (disks["is_read_only"], "has the attribute Read-only"),
        (disks["partition_style"].str.upper().eq("RAW"), "has no partition table (RAW)"),
    ):
        for row in each(disks, is_true(mask)):
            subject = Subject.of_pair(row.pair, text=f"{row.pair}: disk {row.disk} of {row.computer}")
            check.fails(subject, message, check.cite(row))
    check.passes(f"{len(rows)} volumes of the pairs' disks healthy")


def _on_owners(check: Check, rows: "pd.DataFrame", owners: Mapping[str, str]) -> "pd.DataFrame":
    """Return the rows of the pairs' disks, each with its pair, on the node that owns the disk, or on all where none is known."""
    numbers = pair_disks.disk_numbers(check)[["pair", "computer", "disk"]]
    rows = numbers.merge(rows.assign(computer=_computers(rows)), on=["computer", "disk"])
    on_owner = [
        owners.get(str(pair), computer) == computer
        for pair, computer in zip(rows["pair"], rows["computer"], strict=True)
    ]
    return where(rows, np.array(on_owner, dtype=bool))


def _owners(check: Check) -> dict[str, str]:
    """Return the node that owns each pair's cluster disk, as far as captures tell."""
    quiet = EvidenceReader(check.at_gate)  # what it cannot tell leaves every node's volumes to be judged
    try:
        joined = pair_disks.disk_resources(quiet)
        owners = dropna(quiet.require("cluster_resources"), ["name", "owner"])[["name", "owner"]]
    except MissingEvidence:
        return {}
    if owners["name"].duplicated().any():
        return {}
    named = joined[["pair", "resource"]].merge(owners, left_on="resource", right_on="name")
    return dict(zip(named["pair"].astype("str"), map(host_name, named["owner"].astype("str")), strict=True))


def _computers(rows: "pd.DataFrame") -> "pd.Series[Any]":
    """Return the name by which the computer of each row is compared."""
    names = rows["computer"].astype("object").where(rows["computer"].notna(), rows["node"].astype("object"))
    return names.map(lambda name: host_name(name) if isinstance(name, str) else None)


def _volume(row: Any) -> Subject:
    return Subject.of_pair(row.pair, text=f"{row.pair}: volume {row.volume}")


@rule(
    "STA007", "state.powerpath-licensed", BLOCKER,
    gates="prepare..cleaned", needs=("powerpath_version", "powerpath_licences"),
    reference="white paper pages 3 and 7: PowerPath manages the paths of every node",
)  # fmt: skip
def powerpath_licensed(check: Check) -> None:
    """PowerPath is registered on every node that shows its licence, in one version.

    Why: without a licence PowerPath uses one path of each disk, and does not follow the move to the target's paths.
    Passes when: every node that was asked has a registration key, and all nodes name the same version.
    Fails when: a node says that it has none. Different versions warn.
    Inconclusive when: neither a registration nor a version is captured.
    Remedy: register PowerPath (`emcpreg`); bring all nodes to one version before the migration.
    """
    versions, licences = check.optional("powerpath_version"), check.optional("powerpath_licences")
    if not len(versions) and not len(licences):
        raise MissingEvidence("not captured: powermt check_registration", "powermt check_registration")
    _registered(check, licences)
    named = dropna(versions, ["version"])
    if named["version"].nunique() > 1:
        by_node = ", ".join(f"{_node(row)} {row.version}" for row in each(named))
        check.warns("PowerPath", f"has different versions: {by_node}", check.cite(named))
    check.passes(f"{len(versions)} versions and {len(licences)} registrations looked at")


def _registered(check: Check, licences: "pd.DataFrame") -> None:
    """State the nodes whose newest answer about the registration is that there is none, or that it has expired."""
    answers = check.outputs("powermt_check_registration")
    for node in dict.fromkeys(output.node for output in answers):
        for output in newest(answer for answer in answers if answer.node == node):
            if output.status is Status.NONE:
                check.fails(Subject.of_node(node or UNNAMED_NODE), "PowerPath is not registered", check.cite(output))
    for row in each(licences, is_true(licences["expired"])):
        check.fails(Subject.of_node(_node(row)), f"its key ending in {row.key_ending} has expired", check.cite(row))
