"""PTH001 to PTH006 and PTH016: which paths each node has to the disks of the pairs."""

from typing import TYPE_CHECKING, Any

from flmparse.columns.selection import GroupIndex, drop_duplicates, map_unique, where
from flmparse.evidence.reader import MOST_LINES, each
from flmparse.facts import displays
from flmparse.facts.displays import by_node, every_pair
from flmparse.facts.views import view_mapping, view_names
from flmparse.facts.views import view_ports as view_ports_of
from flmparse.findings import Subject
from flmparse.lazy import np, pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.terms import director_port

if TYPE_CHECKING:
    import pandas as pd


@rule(
    "PTH001", "paths.targets-are-seen", BLOCKER,
    gates="ready copying cleaned", required="ready copying cleaned", waivable=False,
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="white paper page 14, figure 10: the target paths are alternate paths of the source devices",
)  # fmt: skip
def targets_are_seen(check: Check) -> None:
    """Each node has target paths to the disk of every pair.

    Why: when the source turns passive, the target paths are the only ones left; a disk without them is lost.
    Passes when: every node captured shows at least `policy.min_target_paths` target paths for every pair.
    Fails when: a node shows none for a pair, or not the disk at all; with some but too few it warns.
    Inconclusive when: there is no fresh display, no masking view to tell target paths by, or a display may be cut
    short.
    Remedy: rescan; check zoning and masking of that node.
    """
    shown = displays.now(check)
    for output in displays.empty_displays(check):
        check.fails(
            output.node or output.capture.name,
            "powermt shows no device at all",
            check.cite(output),
            absent_from="paths",
        )
    absent = shown.missing
    for row in each(absent):
        heads = shown.outputs[str(row.computer)]
        named, evidence = Subject.of_pair(row.pair, row.computer), check.cite(row, *heads)
        if shown.complete(str(row.computer)):
            check.fails(
                named, f"source device {row.source_device} is not in the display", evidence, absent_from="paths"
            )
        else:
            message = f"source device {row.source_device} is not in the display, whose end is not proved"
            check.inconclusive(named, message, table="paths", evidence=evidence)
    targets = shown.targets
    counts = targets.groupby(["computer", "pair"], observed=True)["port"].size()
    present = drop_duplicates(shown.paths[["computer", "pair"]])
    counted = present.merge(counts.rename("seen").reset_index(), how="left", on=["computer", "pair"])
    counted["seen"] = counted["seen"].fillna(0).astype(int)
    fewest = check.policy.min_target_paths
    for row in each(counted, counted["seen"] < fewest):
        named, evidence = (
            Subject.of_pair(row.pair, row.computer),
            check.cite(shown.of(str(row.computer), str(row.pair))),
        )
        if row.seen == 0:
            check.fails(named, "no target path", evidence, absent_from="paths")
        else:
            check.warns(named, f"{row.seen} target path, policy asks for {fewest}", evidence)
    check.passes(f"{len(targets)} target paths to {len(shown.pairs)} pairs, at least {fewest} each")


@rule(
    "PTH002", "paths.targets-on-shifted-view-ports", BLOCKER,
    gates="ready copying cleaned", required="ready copying cleaned", waivable=False,
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="white paper page 11 (offset of 2), pages 14 and 18, figures 8 and 10",
)  # fmt: skip
def targets_on_shifted_view_ports(check: Check) -> None:
    """Target paths appear on exactly the view's ports plus two (A as C, B as D).

    Why: a target shows two ports higher while it wears the source's identity; a path elsewhere is another device's, or
    the identity is not there.
    Passes when: the target paths of every pair on every node use all ports of a masking view of its target, shifted by
    two, and no other.
    Fails when: a port is missing, a path is on a port of neither array, or a target shows on the view's port itself:
    its identity is not federated.
    Inconclusive when: there is no masking view, no fresh display, or a pair is not in the display.
    Remedy: check create; check that the node is zoned to every port of the view.
    """
    shown = displays.now(check)
    every_pair(check, shown)
    wrong = where(shown.paths, shown.paths["path_class"].isin(["unshifted", "unknown"]))
    view_ports = check.require("view_ports")
    view_ports = where(view_ports, view_ports["view"].isin(view_names(check.at_gate)))
    for row in each(wrong):
        if row.path_class == "unshifted":
            message = f"{row.io_path} is on {row.interface}, the view's port itself: identity not federated"
        else:
            message = f"{row.io_path} is on {row.interface}, a port of neither the view nor the source"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row, view_ports))
    mapping = view_mapping(check)
    group = mapping.groupby(["view", "device"])["port"].nunique().rename("expected").reset_index()
    seen = shown.targets[["computer", "pair", "target_device", "view_port"]]
    seen = drop_duplicates(seen, ["computer", "pair", "view_port"])
    hits = seen.merge(
        mapping[["device", "port", "view"]],
        left_on=["target_device", "view_port"],
        right_on=["device", "port"],
        how="left",
        suffixes=("", "_view"),
    )
    covered = (
        hits.groupby(["computer", "pair", "view"], observed=True)["view_port"].nunique().rename("found").reset_index()
    )
    covered = covered.merge(shown.pairs[["pair", "target_device"]], on="pair")
    covered = covered.merge(group, left_on=["view", "target_device"], right_on=["view", "device"])
    whole = drop_duplicates(where(covered, covered["found"] == covered["expected"])[["computer", "pair"]])
    present = drop_duplicates(shown.paths[["computer", "pair", "target_device"]], ["computer", "pair"])
    judged = present.merge(whole.astype("str"), how="left", on=["computer", "pair"], indicator=True)
    mapped = GroupIndex(mapping, "device")
    for row in each(judged, judged["_merge"] == "left_only"):
        rows = mapped(row.target_device)
        mine = shown.of(str(row.computer), str(row.pair))
        if not len(rows):
            message = f"the view maps target {row.target_device} on none of its ports"
            check.inconclusive(Subject.of_pair(row.pair, row.computer), message, table="view_devices")
            continue
        found = where(mine, mine["path_class"] == "target")["port"].dropna()
        message = f"expected {_shifted(rows['port'])}, seen {_ports(found)}"
        check.fails(
            Subject.of_pair(row.pair, row.computer), message, check.cite(mine, rows, view_ports), absent_from="paths"
        )
    for row in each(hits, hits["view"].isna()):
        mine = shown.of(str(row.computer), str(row.pair))
        rows = mapped(row.target_device)
        message = f"a target path on {row.view_port} plus 2, where the view does not map {row.target_device}"
        check.fails(
            Subject.of_pair(row.pair, row.computer),
            message,
            check.cite(mine, rows, view_ports),
            absent_from="view_devices",
        )
    ports = ", ".join(sorted(view_ports_of(check.at_gate)))
    check.passes(f"target paths on {_ports(shown.targets['port'].dropna())}, the view's {ports} plus two")


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
    shown = displays.now(check)
    every_pair(check, shown)
    targets = shown.targets
    mapping = view_mapping(check)[["device", "port", "host_lun", "capture", "line"]]
    told = ["computer", "pair", "target_device", "view_port", "io_path", "lun", "capture", "line", "block"]
    joined = targets[told].merge(
        mapping, how="left", left_on=["target_device", "view_port"], right_on=["device", "port"], suffixes=("", "_view")
    )
    joined["same"] = (joined["lun"] == joined["host_lun"]).fillna(False).astype(bool)
    agreed = joined.groupby(["block", "line"], sort=False)["same"].transform("any")
    mapped = GroupIndex(mapping, "device", "port")
    for row in each(drop_duplicates(where(joined, ~agreed), ["block", "line"])):
        named = Subject.of_pair(row.pair, row.computer)
        lines = mapped(row.target_device, row.view_port)
        if pd.isna(row.lun) or pd.isna(row.host_lun):
            what = f"{row.io_path} names no LUN" if pd.isna(row.lun) else f"the view gives no LUN on {row.view_port}"
            check.inconclusive(named, what, evidence=check.cite(row, lines))
            continue
        message = f"{row.io_path} is LUN {row.lun}, the view gives {row.target_device} LUN {int(row.host_lun):X} (hex)"
        check.fails(named, message, check.cite(row, lines))
    if not len(targets):
        check.inconclusive("", "no target path whose LUN could be compared", table="paths")
    luns = ", ".join(str(lun) for lun in sorted(targets["lun"].dropna().unique())[:8])
    check.passes(f"{len(targets)} target paths, LUNs as in the view ({luns})")


@rule(
    "PTH004", "paths.alive", BLOCKER,
    gates="ready copying cleaned", required="ready copying cleaned",
    needs=("pairs", "paths", "powerpath_devices", "view_ports", "view_devices"),
    reference="white paper page 18: examine the cause of any dead path that is not expected; figures 10, 13, 20",
)  # fmt: skip
def paths_alive(check: Check) -> None:
    """No path is dead, degraded or unlicensed where it should be alive.

    Why: a dead target path is redundancy, or the disk itself, that is missing at the moment when the source goes.
    Passes when: every disk and path of the pairs is alive; once activated a dead source path is only noted.
    Fails when: a disk is not alive, a path is unlicensed, or a path is dead that is not a source path after activation.
    Inconclusive when: there is no fresh display, or a pair is not in it.
    Remedy: find the cause; then `powermt restore` and capture again.
    """
    shown = displays.now(check, by_port=False)
    every_pair(check, shown)
    devices, paths = shown.devices, shown.paths
    for row in each(devices, devices["state"].isna()):
        check.inconclusive(
            Subject.of_pair(row.pair, row.computer), "the display gives no state of the disk", evidence=check.cite(row)
        )
    for row in each(devices, devices["state"].notna() & (devices["state"] != "alive")):
        check.fails(
            Subject.of_pair(row.pair, row.computer), f"{row.pseudo or row.device} is {row.state}", check.cite(row)
        )
    unlicensed = paths["mode"] == "unlic"
    for row in each(paths, unlicensed):
        check.fails(
            Subject.of_pair(row.pair, row.computer), f"{row.io_path} on {row.interface} is unlicensed", check.cite(row)
        )
    down = where(paths, (paths["state"] != "alive") & ~unlicensed)
    expected = down["path_class"] == "source" if check.gate is Gate.COPYING else down["path_class"] == ""
    for row in each(down, ~expected):
        named = Subject.of_pair(row.pair, row.computer)
        if check.gate is Gate.COPYING and not view_ports_of(check.at_gate):
            message = f"{row.io_path} is {row.state}, and without a masking view nothing tells which array it leads to"
            check.inconclusive(named, message, table="view_ports", evidence=check.cite(row))
        else:
            check.fails(
                named, f"{row.io_path} on {row.interface}, a {row.path_class} path, is {row.state}", check.cite(row)
            )
    if expected.any():
        check.note(f"{int(expected.sum())} source paths are dead, as may be after activation")
    check.passes(f"{len(paths) - len(down)} of {len(paths)} paths alive")


@rule(
    "PTH005", "paths.mode-and-policy-uniform", WARNING,
    gates="ready copying cleaned", needs=("pairs", "paths", "powerpath_devices"),
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
    shown = displays.now(check, by_port=False)
    every_pair(check, shown)
    for row in each(shown.paths, shown.paths["mode"] != "active"):
        check.fails(Subject.of_pair(row.pair, row.computer), f"{row.io_path} is in mode {row.mode}", check.cite(row))
    wanted = check.policy.path_policy
    for row in each(shown.devices, shown.devices["policy"].isna()):
        check.inconclusive(
            Subject.of_pair(row.pair, row.computer), "the display gives no policy of the disk", evidence=check.cite(row)
        )
    other = shown.devices["policy"].notna() & (shown.devices["policy"].str.lower() != wanted.lower())
    for row in each(shown.devices, other):
        message = f"{row.pseudo or row.device} has policy {row.policy}, asked for is {wanted}"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    check.passes(f"{len(shown.paths)} paths active, {len(shown.devices)} disks with {wanted}")


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
    shown = displays.now(check, by_port=False)
    every_pair(check, shown)
    patterns = []
    for computer, mine in by_node(shown, shown.paths):
        ways = drop_duplicates(mine[["pair", "hba", "interface"]])
        mine = mine[["pair", "hba", "interface", "capture", "line"]]
        pattern = drop_duplicates(mine, ["hba", "interface"])
        patterns.append(len(pattern))
        counts = ways.groupby("pair", observed=True).size()
        paths_of = GroupIndex(mine, "pair")
        for pair in counts.index[counts < len(pattern)]:
            rows = paths_of(pair)
            own = set(zip(rows["hba"], rows["interface"], strict=True))
            left = [(hba, way) not in own for hba, way in zip(pattern["hba"], pattern["interface"], strict=True)]
            having = where(pattern, np.array(left))
            lacks = ", ".join(f"{way.interface} through HBA {way.hba}" for way in each(having))
            check.fails(
                Subject.of_pair(pair, computer), f"lacks {lacks}", check.cite(rows, having), absent_from="paths"
            )
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
    shown = displays.now(check, by_port=False)
    paths = shown.paths
    hardware = map_unique(paths["hw_path"], lambda told: told.str.replace(_HARDWARE_PATH, r"c\1t\2d\3", regex=True))
    native = map_unique(paths["io_path"], lambda told: told.str.replace(_NATIVE_NAME, r"\1", regex=True))
    either = (hardware != paths["hw_path"]) | ((native != paths["io_path"]) & paths["io_path"].notna())
    windows = paths["hw_path"].str.startswith("port") & either
    if len(paths) and not windows.any():
        check.not_applicable("no path has the form port5\\path0\\tgt10\\lun6 and c5t10d6 that Windows gives")
    every_pair(check, shown)
    agree = hardware == paths["io_path"]
    for hba in paths["hba"].dropna().unique():
        agree &= (paths["hba"] != hba).fillna(True) | hardware.str.startswith(f"c{hba}t")
    for row in each(paths, windows & ~agree):
        message = f"HBA {row.hba}, {row.hw_path} and {row.io_path} tell different addresses"
        check.fails(Subject.of_pair(row.pair, row.computer), message, check.cite(row))
    for computer, mine in by_node(shown, where(paths, ~windows)):
        if windows[paths["computer"] == computer].any():
            check.inconclusive(
                computer, f"{len(mine)} paths have no address of the usual form", evidence=check.cite_first(mine)
            )
    good = where(paths.assign(target=native), windows & agree)
    ways = drop_duplicates(good[["computer", "hba", "interface", "target"]])
    for first, second, plural in (("interface", "target", "targets"), ("target", "interface", "interfaces")):
        place = ["computer", "hba", first]
        for row in each(drop_duplicates(where(ways, ways.duplicated(place, keep=False)), place)):
            here = (good["computer"] == row.computer) & (good["hba"] == row.hba) & (good[first] == getattr(row, first))
            others = drop_duplicates(good[here], second)
            told = ", ".join(f"{path.io_path} on {path.interface}" for path in each(others.head(MOST_LINES)))
            message = f"one {first} of HBA {row.hba} stands for several {plural}: {told}"
            check.fails(str(row.computer), message, check.cite_first(others))
    check.passes(f"{int(agree.sum())} paths, each address told alike")
