"""SCO: that nothing of the migration lies outside what was checked: disks, nodes, arrays, views, the pair file."""

from typing import Any

from flmparse.columns.selection import drop_duplicates, dropna, is_true, isin, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.facts.views import view_names, view_ports
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.terms import director_port, host_name, is_array_port

GATEKEEPER_MB = 16
"""A device of at most this size holds no data: gatekeepers have a few cylinders."""


@rule(
    "SCO001", "scope.every-source-disk-in-pair-file", BLOCKER,
    gates="prepare..cleaned", needs=("pairs", "powerpath_devices", "paths", "devices", "device_details", "mask_assignments"),
    reference="white paper page 8: the pair file names every device that is to be migrated",
)  # fmt: skip
def every_source_disk_in_pair_file(check: Check) -> None:
    """Every disk of the source array that the nodes see is in the pair file, or known to hold no data.

    Why: a disk that was forgotten stays on the old array, and is gone when that is switched off; after the unmask of a whole
    port it is gone at once.
    Passes when: every device of the source array that a node's display shows, or that is masked to an initiator of the
    nodes, is the source of a pair, is one of another pair file of the collection, was migrated earlier (its paths lead to
    the target alone), is excluded in the manifest (`[[exclude]]`), is a gatekeeper by its size, or is seen on fewer ports
    than the disks of the pairs, as gatekeepers are.
    Fails when: a larger device is in no pair, or one that the manifest excludes is in the pair file.
    Inconclusive when: no display is captured, or a device that is seen like the disks of the pairs is in no pair and nothing
    tells its size: that holds back a GO.
    Remedy: add the device to the pair file and create its session, show by `symdev show` that it is a gatekeeper, or state
    in migration.toml why it stays.
    """
    pairs, devices = check.pairs(), _disks_seen(check)
    # Targets show the identities of their sources, so every pair's disk is a source of a pair here.
    of_source = pd.concat([_of_source(check, devices)[_PLACE], _masked_to_nodes(check)])
    sizes_mb, ports, migrated = _sizes(check), *_ports_by_device(check)
    fewest = min((len(ports.get(device, ())) for device in pairs["source_device"].dropna()), default=0)
    for row in each(where(pairs, pairs["source_device"].notna())):
        if reason := check.manifest.device_excluded(str(row.source_symmetrix), str(row.source_device)):
            check.fails(Subject.of_pair(row.pair), f"is in the pair file, and excluded: {reason}", check.cite(row))
    others = dropna(where(of_source, ~isin(of_source["device"], pairs["source_device"])), ["device"])
    of_other_files = set(_sources_of_other_pair_files(check))
    for row in each(drop_duplicates(others, "device")):
        device = str(row.device)
        if reason := check.manifest.device_excluded(str(row.symmetrix), device):
            check.note(f"{device} is left out: {reason}")
            continue
        if device in of_other_files:
            check.note(f"{device} is in another pair file")
            continue
        if device in migrated:
            continue
        size_mb = sizes_mb.get(device)
        subject = Subject.of_device(row.device, row.symmetrix)
        if size_mb is not None and size_mb > GATEKEEPER_MB:
            message = f"a disk of {size_mb:g} MB that the nodes see and the pair file does not name"
            check.fails(subject, message, check.cite(row), absent_from="pairs")
        elif size_mb is None and len(ports.get(device, ())) >= max(fewest, 1):
            message = "the nodes see it like the disks of the pairs, the pair file does not name it, and nothing tells its size"
            check.inconclusive(subject, message, table="device_details", evidence=check.cite(row), holds_back=True)
    check.passes(f"{of_source['device'].nunique()} disks of the source array seen, none of them forgotten")


_PLACE = ["symmetrix", "device", "capture", "line", "block"]


def _disks_seen(check: Check) -> "pd.DataFrame":
    """Return the disks of the newest displays; where a step has made them all stale, of every display before it."""
    try:
        return check.require("powerpath_devices")
    except MissingEvidence:
        # A step that moves paths brings no disk into the pair file.
        devices = check.history("powerpath_devices")
        if not len(devices):
            raise
        return devices


def _masked_to_nodes(check: Check) -> "pd.DataFrame":
    """Return the devices of the source array that were ever masked to an initiator of the nodes."""
    rows = _of_source(check, dropna(check.history("mask_assignments"), ["device", "wwn"]))
    of_pairs = where(rows, isin(rows["device"], check.pairs()["source_device"].dropna()))
    initiators = {*check.manifest.wwpns, *(str(wwn) for wwn in of_pairs["wwn"].unique() if not is_array_port(str(wwn)))}
    return where(rows, rows["wwn"].isin(initiators))[_PLACE]


def _sources_of_other_pair_files(check: Check) -> "pd.Series[Any]":
    """Return the sources of every pair file captured: what is in one of them is not forgotten."""
    return _of_source(check, check.history("pairs"), "source_symmetrix")["source_device"].dropna()


def _of_source(check: Check, rows: "pd.DataFrame", column: str = "symmetrix") -> "pd.DataFrame":
    """Return the rows of the source array; none where that is not known."""
    return where(rows, is_true(rows[column].eq(check.migration.source_symmetrix or "")))


def _sizes(check: Check) -> dict[str, float]:
    """Return the largest captured size of each device of the source array, in MB."""
    sizes: dict[str, float] = {}
    for table in ("devices", "device_details"):
        rows = _of_source(check, dropna(check.history(table), ["device", "capacity_mb"]))
        for device, size in zip(rows["device"], rows["capacity_mb"], strict=True):
            sizes[str(device)] = max(sizes.get(str(device), 0.0), float(size))
    return sizes


def _ports_by_device(check: Check) -> tuple[dict[str, set[str]], set[str]]:
    """Return the ports on which each device of the source array was ever seen or masked, and the devices seen on the target's alone.

    Ports of the view are left out: what is seen there alone was migrated earlier.
    """
    paths = _of_source(check, dropna(check.history("paths"), ["device", "port"]))
    targets = {str(director_port(port).federated) for port in view_ports(check.at_gate)}
    of_target = paths["port"].isin(targets)
    masked = _of_source(check, dropna(check.history("mask_assignments"), ["device", "port"]))
    seen = drop_duplicates(pd.concat([where(paths, ~of_target)[["device", "port"]], masked[["device", "port"]]]))
    ports: dict[str, set[str]] = {}
    for device, port in zip(seen["device"], seen["port"].astype("str"), strict=True):
        ports.setdefault(str(device), set()).add(port)
    return ports, {str(device) for device in where(paths, of_target)["device"].unique()} - ports.keys()


@rule(
    "SCO002", "scope.nodes-match", BLOCKER,
    gates="prepare..cleaned", needs=("cluster_nodes", "cluster_resources", "view_initiators"),
    reference="white paper pages 8 and 12: every node of the cluster must see the targets before activate",
)  # fmt: skip
def nodes_match(check: Check) -> None:
    """The nodes that captures show are those that the manifest states.

    Why: a node that nobody counted is a node that nobody rescanned; it loses its disks at activation.
    Passes when: the nodes that the cluster lists, the owners of its resources and the computers of the captures are no more
    than the manifest states, by name or by number.
    Fails when: the manifest names every node, and the cluster lists another one.
    Inconclusive when: the manifest states no nodes, or captures name more nodes than it counts: that holds back a GO.
    Remedy: state every node of the cluster in migration.toml, and capture what is missing of it.
    """
    listed = _nodes_shown(check)
    stated = {host_name(node.name): node.name for node in check.manifest.nodes}
    expected = check.manifest.expected_nodes
    if not listed:
        check.not_applicable("no capture names a node of the cluster")
    strangers = {name: rows for name, rows in listed.items() if name not in stated}
    if stated and strangers and (expected is None or len(stated) >= expected):
        for printed, row in strangers.values():
            check.fails(Subject.of_node(printed), "is a node of the cluster, and not in the manifest", check.cite(row))
    elif expected is not None and len({*listed, *stated}) > expected:
        names = ", ".join(sorted(printed for printed, _ in listed.values()))
        message = f"captures show {len({*listed, *stated})} nodes ({names}), the manifest counts {expected}"
        rows = [row for _, row in listed.values()]
        check.inconclusive(
            "nodes", message, capture="the nodes, in migration.toml", evidence=check.cite(*rows), holds_back=True
        )
    check.passes(f"{len(listed)} nodes shown, {expected if expected is not None else 'none'} stated")


def _nodes_shown(check: Check) -> dict[str, tuple[str, Any]]:
    """Return the nodes that the cluster's own lists name, as compared and as printed, each with the row that shows it."""
    nodes: dict[str, tuple[str, Any]] = {}
    for table, column in (("cluster_nodes", "name"), ("cluster_resources", "owner")):
        for row in each(dropna(check.history(table), [column])):
            nodes.setdefault(host_name(str(getattr(row, column))), (str(getattr(row, column)), row))
    return nodes


@rule(
    "SCO003", "scope.arrays-match-manifest", BLOCKER,
    gates="prepare..cleaned", needs=("pairs",),
    reference="practice: the manifest is the only statement of what was meant",
)  # fmt: skip
def arrays_match_manifest(check: Check) -> None:
    """The arrays of the pair file are those that the manifest names.

    Why: a pair file of another migration is a correct one, and everything agrees with it.
    Passes when: source and target of the pair file are those of the manifest.
    Fails when: one is another array.
    Inconclusive when: no pair file is captured.
    Remedy: find out which of the two is meant before anything else.
    """
    pairs = check.pairs()
    stated = {"source": check.manifest.source_symmetrix, "target": check.manifest.target_symmetrix}
    if not any(stated.values()):
        check.not_applicable("the manifest names no array")
    for side, array in stated.items():
        other = where(pairs, pairs[f"{side}_symmetrix"].notna() & pairs[f"{side}_symmetrix"].ne(array or ""))
        for row in each(drop_duplicates(other, f"{side}_symmetrix")) if array else ():
            message = f"the pair file names {getattr(row, f'{side}_symmetrix')}, the manifest {array}"
            check.fails(Subject(f"{side} array"), message, check.cite(row))
    check.passes("the pair file names the arrays of the manifest")


@rule(
    "SCO004", "scope.no-other-view", BLOCKER,
    gates="masked..cleaned", needs=("view_list", "masking_views", "initiator_group_members", "pairs"),
    reference="white paper page 12: only the hosts of the cluster may see the targets",
)  # fmt: skip
def no_other_view(check: Check) -> None:
    """No view of another host shows the targets.

    Why: a host outside the cluster that sees the targets can write to them, and knows nothing of the reservations.
    Passes when: every view that is listed on the storage group of the targets was shown, so that MSK008 looks at its
    initiators, or its initiator group was shown and holds only initiators of the nodes.
    Fails when: a view on that storage group was not shown, and its initiator group holds an initiator that is no node's.
    Inconclusive when: neither a view on that storage group nor its initiator group was shown: that holds back a GO.
    Remedy: show that view; delete it if its hosts are not nodes of the cluster.
    """
    names = view_names(check.at_gate)
    views = check.optional("masking_views")
    groups = {*views["storage_group"][views["view"].isin(names)].dropna()}
    shown = {*views["view"].dropna()}
    listing, members = check.optional("view_list"), check.optional("initiator_group_members")
    for row in each(listing, listing["storage_group"].isin(groups) & ~listing["view"].isin(shown)):
        subject = Subject(str(row.view))
        message = f"is on storage group {row.storage_group} of the targets for {row.initiator_group}"
        of_group = where(members, is_true(members["initiator_group"].eq(row.initiator_group)))
        foreign = where(of_group, of_group["wwn"].notna() & ~of_group["wwn"].isin(check.manifest.wwpns.keys()))
        if len(foreign):
            wwns = ", ".join(map(str, foreign["wwn"]))
            check.fails(subject, f"{message}, which holds {wwns}: no node's", check.cite(row, foreign))
        elif not len(of_group) or of_group["wwn"].isna().any():
            check.inconclusive(
                subject,
                f"{message}, and was not shown",
                table="masking_views",
                evidence=check.cite(row),
                holds_back=True,
            )
    check.passes(f"{len(names)} views hold the targets; {len(listing)} views listed")


@rule(
    "SCO005", "scope.pair-file-unchanged", BLOCKER,
    gates="created..cleaned", needs=("pairs", "session_pairs"),
    reference="white paper page 10: create -f; every later step names the same file",
)  # fmt: skip
def pair_file_unchanged(check: Check) -> None:
    """The pair file that was captured is the one that the session was created from.

    Why: every check of a device rests on the pair file; with another one all of them are about devices that nobody moved.
    Passes when: some query of the session lists a target of the pair file. Without a query the rule does not apply.
    Fails when: queries are captured and none lists a single target of it.
    Inconclusive when: no pair file is captured.
    Remedy: capture the pair file that create used; do not go on with this one.
    """
    pairs = check.pairs()
    rows = check.history("session_pairs")
    if not len(rows):
        check.not_applicable("no query of the session is captured")
    ours = rows["control_symmetrix"].isin(pairs["target_symmetrix"]) & isin(
        rows["control_device"], pairs["target_device"]
    )
    if not ours.any():
        message = f"none of its {len(pairs)} pairs is in a query of the session"
        check.fails(
            Subject.of_file(check.migration.pair_file_name or "pair file"),
            message,
            check.cite(pairs.head(1), rows.head(1)),
        )
    check.passes(f"queries of the session list the pairs of {check.migration.pair_file_name}")
