"""PTH001 to PTH006 and PTH016: which paths each node has to the disks of the pairs."""

from typing import Any

from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, is_true, isin_rows, map_unique, where
from flmparse.evidence.reader import MOST_LINES, each
from flmparse.facts import displays
from flmparse.facts.displays import by_node, every_pair
from flmparse.facts.paths import disk_name, every_value_read
from flmparse.facts.views import SOURCE_PORT_TABLES, view_mapping, view_names
from flmparse.facts.views import view_ports as view_ports_of
from flmparse.findings import Evidence, Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.terms import director_port


@rule(
    "PTH001", "paths.targets-are-seen", BLOCKER,
    gates="ready..cleaned", required="ready copying copied terminated cleaned", waivable=False,
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="white paper page 14, figure 10: the target paths are alternate paths of the source devices",
)  # fmt: skip
def targets_are_seen(check: Check) -> None:
    """Each node has target paths to the disk of every pair.

    Why: when the source turns passive, the target paths are the only ones left; a disk without them is lost.
    Passes when: every node captured shows at least `policy.min_target_paths` target paths for every pair.
    Fails when: a node shows none for a pair, or not the disk at all; with some but too few it warns.
    Inconclusive when: there is no fresh display, no masking view to tell target paths by, or a display may be cut
    short. Between the unmask and the next display the rule does not apply.
    Remedy: rescan; check zoning and masking of that node.
    """
    if displays.none_since_unmask(check):
        check.not_applicable(displays.NONE_SINCE_UNMASK)
    current = displays.now(check)
    for output in displays.empty_displays(check):
        subject = Subject.of_node(output.node) if output.node else Subject.of_file(output.capture.name)
        check.fails(subject, "powermt shows no device at all", check.cite(output), absent_from="paths")
    for row in each(current.missing):
        subject, cited = Subject.of_pair(row.pair, row.computer), check.cite(row, *current.outputs[str(row.computer)])
        message = f"source device {row.source_device} is not in the display"
        if current.complete(str(row.computer)):
            check.fails(subject, message, cited, absent_from="paths")
        else:
            check.inconclusive(subject, f"{message}, whose end is not proved", table="paths", evidence=cited)
    targets = current.targets
    counts = targets.groupby(["computer", "pair"], observed=True)["port"].size().rename("paths").reset_index()
    present = drop_duplicates(current.paths[["computer", "pair"]])
    counted = present.merge(counts, how="left", on=["computer", "pair"])
    counted["paths"] = counted["paths"].fillna(0).astype(int)
    fewest = check.policy.min_target_paths
    for row in each(counted, counted["paths"] < fewest):
        subject, cited = _with_paths(check, current, row)
        if row.paths == 0:
            check.fails(subject, "no target path", cited, absent_from="paths view_ports")
        else:
            message = f"{row.paths} target path, policy asks for {fewest}"
            check.warns(subject, message, cited, absent_from="paths view_ports")
    check.passes(f"{len(targets)} target paths to {len(current.pairs)} pairs, at least {fewest} each")


def _with_paths(check: Check, current: displays.Displays, row: Any) -> tuple[Subject, list[Evidence]]:
    """Return the pair and computer of a row as a subject, and the lines of their paths."""
    return Subject.of_pair(row.pair, row.computer), check.cite(current.of(str(row.computer), str(row.pair)))


@rule(
    "PTH002", "paths.targets-on-shifted-view-ports", BLOCKER,
    gates="ready copying cleaned", required="ready copying cleaned", waivable=False,
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="white paper page 11 (offset of 2), pages 14 and 18, figures 8 and 10",
)  # fmt: skip
def targets_on_shifted_view_ports(check: Check) -> None:
    """Target paths appear on the view's ports plus two (A as C, B as D), and nowhere else.

    Why: a target shows two ports higher while it wears the source's identity; a path elsewhere is another device's, or
    the identity is not there.
    Passes when: the target paths of every pair on every node use ports of a masking view of its target, shifted by two,
    and no other.
    A node need not use every port: `policy.min_target_paths` paths, on two directors where the view has two, are
    enough, as long as every port is used by some node.
    Fails when: a node has fewer, a path is on a port of neither array, or a target shows on the view's port itself:
    its identity is not federated. A port that no node uses warns.
    Inconclusive when: there is no masking view, no fresh display, or a pair is not in the display.
    Remedy: check create; check the node's zoning to the ports of the view.
    """
    current = displays.now(check)
    every_pair(check, current)
    view_ports = check.require("view_ports")
    view_ports = where(view_ports, view_ports["view"].isin(view_names(check.at_gate)))
    every_value_read(check, current.paths, "interface", "the interface of {io_path} was not read")
    wrong = current.paths["path_class"].isin(["unshifted", "unknown"]) & current.paths["interface"].notna()
    for row in each(current.paths, wrong):
        subject, cited = Subject.of_pair(row.pair, row.computer), check.cite(row, view_ports)
        if row.path_class == "unshifted":
            message = f"{row.io_path} is on {row.interface}, the view's port itself: identity not federated"
            check.fails(subject, message, cited, absent_from=SOURCE_PORT_TABLES)
        else:
            message = f"{row.io_path} is on {row.interface}, a port of neither the view nor the source"
            check.fails(subject, message, cited, absent_from=f"view_ports {SOURCE_PORT_TABLES}")
    mapping = view_mapping(check)
    group = _directors(mapping, ["view", "device"]).rename(columns={"directors": "mapped"})
    used = current.targets[["computer", "pair", "target_device", "view_port"]]
    used = drop_duplicates(used, ["computer", "pair", "view_port"])
    hits = used.merge(
        mapping[["device", "port", "view"]],
        left_on=["target_device", "view_port"],
        right_on=["device", "port"],
        how="left",
        suffixes=("", "_view"),
    )
    enough = _enough_ports(check, current, hits, group)
    present = drop_duplicates(current.paths[["computer", "pair", "target_device"]], ["computer", "pair"])
    judged = present.merge(enough.astype("str"), how="left", on=["computer", "pair"], indicator=True)
    mapped = GroupIndex(mapping, "device")
    for row in each(judged, judged["_merge"] == "left_only"):
        subject, rows = Subject.of_pair(row.pair, row.computer), mapped(row.target_device)
        if not len(rows):
            message = f"the view maps target {row.target_device} on none of its ports"
            check.inconclusive(subject, message, table="view_devices")
            continue
        paths = current.of(str(row.computer), str(row.pair))
        target_ports = where(paths, paths["path_class"] == "target")["port"].dropna()
        message = f"expected {_shifted(rows['port'])}, seen {_ports(target_ports)}"
        check.fails(subject, message, check.cite(paths, rows, view_ports), absent_from="paths view_ports")
    _unused_ports(check, current, mapping, enough)
    for row in each(hits, hits["view"].isna()):
        paths = current.of(str(row.computer), str(row.pair))
        message = f"a target path on {row.view_port} plus 2, where the view does not map {row.target_device}"
        cited = check.cite(paths, mapped(row.target_device), view_ports)
        check.fails(Subject.of_pair(row.pair, row.computer), message, cited, absent_from="view_devices")
    ports = ", ".join(sorted(view_ports_of(check.at_gate)))
    check.passes(f"target paths on {_ports(current.targets['port'].dropna())}, the view's {ports} plus two")


def _enough_ports(
    check: Check, current: displays.Displays, hits: "pd.DataFrame", group: "pd.DataFrame"
) -> "pd.DataFrame":
    """Return the computers and pairs with enough target paths, on two directors where a view of the target has two."""
    directors = _directors(
        hits.rename(columns={"view_port": "port", "port": "mapped_port"}), ["computer", "pair", "view"]
    )
    covered = directors.merge(current.pairs[["pair", "target_device"]], on="pair")
    covered = covered.merge(group, left_on=["view", "target_device"], right_on=["view", "device"])
    covered = where(covered, covered["directors"] >= covered["mapped"].clip(upper=2))
    counts = current.targets.groupby(["computer", "pair"], observed=True).size().rename("paths").reset_index()
    counts = where(counts, counts["paths"] >= check.policy.min_target_paths)
    return drop_duplicates(where(covered, isin_rows(covered[_OF_NODE], counts[_OF_NODE]))[_OF_NODE])


_OF_NODE = ["computer", "pair"]


def _directors(ports: "pd.DataFrame", keys: list[str]) -> "pd.DataFrame":
    """Return the keys with the number of directors of their ports (``directors``)."""
    named = drop_duplicates(ports[[*keys, "port"]])
    named = named.assign(director=named["port"].astype("str").str.split(":").str[0])
    return named.groupby(keys, observed=True)["director"].nunique().rename("directors").reset_index()


def _unused_ports(check: Check, current: displays.Displays, mapping: "pd.DataFrame", enough: "pd.DataFrame") -> None:
    """State the ports of the views on which no node sees a pair, where every node sees enough of it."""
    used = drop_duplicates(current.targets[["pair", "view_port"]].astype("str"))
    wanted = current.pairs[["pair", "target_device"]].merge(
        drop_duplicates(mapping, ["device", "port", "view"]), left_on="target_device", right_on="device"
    )
    # A view of which no node uses any port is another's.
    in_use = where(wanted, isin_rows(wanted[["pair", "port"]].astype("str"), used))
    wanted = where(wanted, isin_rows(wanted[["pair", "view"]], in_use[["pair", "view"]]))
    sufficient = enough.groupby("pair", observed=True).size()
    sufficient = sufficient[sufficient == len(current.computers)]
    unused = ~isin_rows(wanted[["pair", "port"]].astype("str"), used) & wanted["pair"].isin(
        sufficient.index.astype("str")
    )
    for port, rows in where(wanted, unused).groupby("port", observed=True):
        pairs = ", ".join(rows["pair"].head(4)) + (" and others" if len(rows) > 4 else "")
        message = f"no node uses this port of the view for {pairs}"
        check.warns(Subject.of_port(port), message, check.cite_first(rows), absent_from="paths")


def _shifted(ports: "pd.Series[Any]") -> str:
    return _braced({director_port(str(port)).federated.powerpath for port in ports.unique()})


def _ports(ports: "pd.Series[Any]") -> str:
    return _braced({director_port(str(port)).powerpath for port in ports.unique()})


def _braced(names: set[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"


@rule(
    "PTH003", "paths.luns-are-the-views", BLOCKER,
    gates="ready cleaned", required="ready",
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="white paper figure 8 (LUNs 1 to 4) against figure 10",
)  # fmt: skip
def luns_are_the_views(check: Check) -> None:
    """The LUN in each target path is the view's host LUN of the paired target.

    Why: the identity on the path is borrowed; the LUN is what tells which device of the target array really answers.
    Passes when: every target path of every pair ends in the LUN (decimal) that the view gives its target on that port
    (hexadecimal).
    Fails when: the numbers differ: the path may lead to another pair's target.
    Inconclusive when: a path names no LUN, a pair has no target path, or the view is not captured.
    Remedy: rescan; check the pairing.
    """
    current = displays.now(check)
    every_pair(check, current)
    targets = current.targets
    mapping = view_mapping(check)[["device", "port", "host_lun", "capture", "line"]]
    columns = ["computer", "pair", "target_device", "view_port", "io_path", "lun", "capture", "line", "block"]
    joined = targets[columns].merge(
        mapping, how="left", left_on=["target_device", "view_port"], right_on=["device", "port"], suffixes=("", "_view")
    )
    joined["same"] = is_true(joined["lun"] == joined["host_lun"])
    agreed = joined.groupby(["block", "line"], sort=False)["same"].transform("any")
    mapped = GroupIndex(mapping, "device", "port")
    for row in each(drop_duplicates(where(joined, ~agreed), ["block", "line"])):
        subject = Subject.of_pair(row.pair, row.computer)
        cited = check.cite(row, mapped(row.target_device, row.view_port))
        if pd.isna(row.lun):
            check.inconclusive(subject, f"{row.io_path} names no LUN", evidence=cited)
        elif pd.isna(row.host_lun):
            check.inconclusive(subject, f"the view gives no LUN on {row.view_port}", evidence=cited)
        else:
            lun = f"{int(row.host_lun):X} (hex)"
            message = f"{row.io_path} is LUN {row.lun}, the view gives {row.target_device} LUN {lun}"
            check.fails(subject, message, cited)
    if not len(targets):
        check.inconclusive("", "no target path whose LUN could be compared", table="paths")
    luns = ", ".join(str(lun) for lun in sorted(targets["lun"].dropna().unique())[:8])
    check.passes(f"{len(targets)} target paths, LUNs as in the view ({luns})")


@rule(
    "PTH004", "paths.alive", BLOCKER,
    gates="ready..cleaned", required="ready copying copied terminated cleaned", waivable=False,
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="white paper page 18: examine the cause of any dead path that is not expected; figures 10, 13, 20",
)  # fmt: skip
def paths_alive(check: Check) -> None:
    """No target path is dead or degraded, no disk is down, and no path is unlicensed.

    Why: a dead target path is redundancy, or the disk itself, that is missing at the moment when the source goes.
    Passes when: every disk of the pairs and every path that is not one to its source is alive. Source paths are those of
    PTH018.
    Fails when: such a disk or path is not alive, or any path is unlicensed. A disk that is degraded only because of
    source paths is not counted.
    Inconclusive when: there is no fresh display, a pair is not in it, or after activation no masking view tells which
    array a dead path leads to. Between the unmask and the next display the rule does not apply.
    Remedy: find the cause; then `powermt restore` and capture again.
    """
    if displays.none_since_unmask(check):
        check.not_applicable(displays.NONE_SINCE_UNMASK)
    current = displays.now(check, by_port=False)
    every_pair(check, current)
    devices, paths = current.devices, current.paths
    every_value_read(check, devices, "state", "the display gives no state of the disk")
    every_value_read(check, paths, "state", "{io_path} shows no state")
    unlicensed = paths["mode"] == "unlic"
    down = where(paths, paths["state"].notna() & (paths["state"] != "alive") & ~unlicensed)
    to_source = down["path_class"] == "source"
    of_disk = ["computer", "pair"]
    by_sources = isin_rows(devices[of_disk], where(down, to_source)[of_disk])
    by_sources &= ~isin_rows(devices[of_disk], where(down, ~to_source)[of_disk])
    explained = (devices["state"] == "degraded") & by_sources
    for row in each(devices, devices["state"].notna() & (devices["state"] != "alive") & ~explained):
        message = f"{disk_name(row)} is {row.state}"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    for row in each(paths, unlicensed):
        message = f"{row.io_path} on {row.interface} is unlicensed"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    activated = check.gate >= Gate.COPYING
    for row in each(down, ~to_source):
        subject, cited = Subject.of_pair(row.pair, row.computer), check.cite(row)
        if activated and not view_ports_of(check.at_gate):
            message = f"{row.io_path} is {row.state}, and without a masking view nothing tells which array it leads to"
            check.inconclusive(subject, message, table="view_ports", evidence=cited)
        else:
            message = f"{row.io_path} on {row.interface}, a {row.path_class} path, is {row.state}"
            # A path of no known class may lead to a port of the source that the damaged masking lacks.
            absent_from = SOURCE_PORT_TABLES if row.path_class != "target" else ""
            check.fails(subject, message, cited, absent_from=absent_from)
    check.passes(f"{len(paths) - len(down)} of {len(paths)} paths alive, none dead but to a source")


@rule(
    "PTH005", "paths.mode-and-policy-uniform", WARNING,
    gates="ready copying copied cleaned", needs=("pairs", "paths", "powerpath_devices"),
    reference="white paper figure 10: mode active, policy SymmOpt",
)  # fmt: skip
def mode_and_policy_uniform(check: Check) -> None:
    """Every path is in mode active and every disk has the policy asked for.

    Why: a standby path carries nothing when it is needed. The mode is PowerPath's own and says nothing of the host
    access mode.
    Passes when: all paths of the pairs are active and all their disks have `policy.path_policy`.
    Fails when: a path has another mode or a disk another policy (a warning).
    Inconclusive when: there is no fresh display, or a pair is not in it.
    Remedy: `powermt set mode=active`, `powermt set policy=so`; find out who changed it.
    """
    current = displays.now(check, by_port=False)
    every_pair(check, current)
    devices, paths = current.devices, current.paths
    every_value_read(check, paths, "mode", "{io_path} shows no mode")
    for row in each(paths, paths["mode"].notna() & (paths["mode"] != "active")):
        check.fails(Subject.of_pair(row.pair, row.computer), f"{row.io_path} is in mode {row.mode}", check.cite(row))
    wanted = check.policy.path_policy
    every_value_read(check, devices, "policy", "the display gives no policy of the disk")
    for row in each(devices, devices["policy"].notna() & (devices["policy"].str.lower() != wanted.lower())):
        message = f"{disk_name(row)} has policy {row.policy}, asked for is {wanted}"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    check.passes(f"{len(paths)} paths active, {len(devices)} disks with {wanted}")


@rule(
    "PTH006", "paths.same-pattern-for-all-pairs", WARNING,
    gates="ready copying cleaned", needs=("pairs", "paths", "powerpath_devices"),
    reference="practice; figures 10, 13 and 20 show the same interfaces for every disk",
)  # fmt: skip
def same_pattern_for_all_pairs(check: Check) -> None:
    """All disks of the pairs have the same paths on a node.

    Why: disks of one migration are masked alike; one that lacks an interface was forgotten somewhere.
    Passes when: on each node every pair has a path through every adapter and interface that any pair has.
    Fails when: a pair lacks one (a warning).
    Inconclusive when: there is no fresh display, or a pair is not in it.
    Remedy: correct mapping or zoning of that disk; rescan.
    """
    current = displays.now(check, by_port=False)
    every_pair(check, current)
    patterns = []
    for computer, node_paths in by_node(current, current.paths):
        paths = node_paths[["pair", "hba", "interface", "capture", "line"]]
        pattern = drop_duplicates(paths, ["hba", "interface"])
        patterns.append(len(pattern))
        counts = drop_duplicates(paths[["pair", "hba", "interface"]]).groupby("pair", observed=True).size()
        paths_of = GroupIndex(paths, "pair")
        for pair in counts.index[counts < len(pattern)]:
            rows = paths_of(pair)
            lacked = where(pattern, ~isin_rows(pattern[["hba", "interface"]], rows[["hba", "interface"]]))
            names = ", ".join(f"{row.interface} through HBA {row.hba}" for row in each(lacked))
            subject = Subject.of_pair(pair, computer)
            check.fails(subject, f"lacks {names}", check.cite(rows, lacked), absent_from="paths")
    check.passes(f"every pair has the same {' and '.join(map(str, sorted(set(patterns))))} interfaces")


_HARDWARE_PATH = r"^port(\d+)\\path\d+\\tgt(\d+)\\lun(\d+)$"
_NATIVE_NAME = r"^c\d+t(\d+)d\d+$"


@rule(
    "PTH016", "paths.addresses-agree", WARNING,
    gates="ready copying cleaned", needs=("pairs", "paths", "powerpath_devices"),
    reference="white paper figures 10, 13, 20: port5, tgt10, lun6 and c5t10d6",
)  # fmt: skip
def addresses_agree(check: Check) -> None:
    """Each path's adapter, hardware path, native name and interface tell the same address.

    Why: a row that contradicts itself was typed over or belongs to two captures; nothing concluded from it holds.
    Passes when: port, target and LUN of the hardware path are those of the native name and the HBA's, and on each node
    and adapter one interface stands for one target number.
    Fails when: they differ (a warning).
    Inconclusive when: there is no fresh display, or a pair is not in it.
    Remedy: capture again, from the command itself.
    """
    current = displays.now(check, by_port=False)
    paths = current.paths
    hardware = map_unique(paths["hw_path"], lambda names: names.str.replace(_HARDWARE_PATH, r"c\1t\2d\3", regex=True))
    native = map_unique(paths["io_path"], lambda names: names.str.replace(_NATIVE_NAME, r"\1", regex=True))
    either = (hardware != paths["hw_path"]) | ((native != paths["io_path"]) & paths["io_path"].notna())
    windows = paths["hw_path"].str.startswith("port") & either
    if len(paths) and not windows.any():
        check.not_applicable("no path has the form port5\\path0\\tgt10\\lun6 and c5t10d6 that Windows gives")
    every_pair(check, current)
    agree = hardware == paths["io_path"]
    for hba in paths["hba"].dropna().unique():
        agree &= (paths["hba"] != hba).fillna(True) | hardware.str.startswith(f"c{hba}t")
    for row in each(paths, windows & ~agree):
        message = f"HBA {row.hba}, {row.hw_path} and {row.io_path} tell different addresses"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    for computer, rows in by_node(current, where(paths, ~windows)):
        if windows[paths["computer"] == computer].any():
            message, cited = f"{len(rows)} paths have no address of the usual form", check.cite_first(rows)
            check.inconclusive(Subject.of_node(computer), message, evidence=cited)
    agreeing = where(paths.assign(target=native), windows & agree)
    addresses = drop_duplicates(dropna(agreeing[["computer", "hba", "interface", "target"]]))
    for first, second, plural in (("interface", "target", "targets"), ("target", "interface", "interfaces")):
        key = ["computer", "hba", first]
        paths_of = GroupIndex(agreeing, *key)
        for row in each(drop_duplicates(where(addresses, addresses.duplicated(key, keep=False)), key)):
            rows = drop_duplicates(paths_of(row.computer, row.hba, getattr(row, first)), second)
            names = ", ".join(f"{path.io_path} on {path.interface}" for path in each(rows.head(MOST_LINES)))
            message = f"one {first} of HBA {row.hba} stands for several {plural}: {names}"
            check.fails(Subject.of_node(row.computer), message, check.cite_first(rows))
    check.passes(f"{int(agree.sum())} paths, each address told alike")
