"""powermt display dev=all, powermt display, powermt check_registration, powermt remove."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flmparse.simulation.model import (
    SOURCE,
    TARGET,
    Adapter,
    DiskChange,
    Migration,
    Node,
    Pair,
    PathChange,
    PathKey,
    Port,
)
from flmparse.simulation.printers.host_names import HostNames, PathToName, host_names
from flmparse.terms import DirectorPort

_RULER = "=" * 78
_HEADING = f"""{_RULER}
---------------- Host ---------------   - Stor -   -- I/O Path -  -- Stats ---
###  HW Path                I/O Paths    Interf.   Mode    State  Q-IOs Errors
{_RULER}
"""
_ADAPTERS = f"""{_RULER}
----- Host Bus Adapters ---------  ------ I/O Paths -----  ------ Stats ------
###  HW Path                       Summary   Total   Dead  IO/Sec Q-IOs Errors
{_RULER}
"""
HEALTHY = PathChange()
AS_USUAL = DiskChange()


def interface(at: DirectorPort) -> str:
    """Return a port as PowerPath prints it: ``14cA``."""
    return f"{at.director}{at.letter.lower()}{'ABCD'[at.port]}"


@dataclass(frozen=True)
class _Route:
    """An adapter of a node and a port that it reaches; the port as hosts see it."""

    number: int
    adapter: Adapter
    side: str
    port_index: int
    scsi_target: int
    at: DirectorPort
    wwn: str

    def key(self, pair: Pair) -> PathKey:
        return pair.index, self.number, self.side, self.port_index

    def lun(self, pair: Pair) -> int:
        return pair.source_lun if self.side == SOURCE else pair.host_lun

    def path_to_name(self, lun: Any, number: int = 0, scsi_target: int | None = None) -> PathToName:
        """Return what the name of a path is made of."""
        target = self.scsi_target if scsi_target is None else scsi_target
        return PathToName(self.adapter, target, self.wwn, lun, number)


def _row(names: HostNames, route: _Route, lun: Any, number: int = 0, change: PathChange = HEALTHY) -> str:
    lun = lun if change.lun is None else change.lun
    hardware = f"{route.adapter.number:>4} {names.hardware(route.path_to_name(lun, number))}"
    native = names.native(route.path_to_name(lun, number, change.scsi_target))
    port = change.interface or interface(route.at)
    return (
        f"{hardware:<30} {native:<12} FA {port:>4}   {change.mode:<7} {change.state:<5}   "
        f"{change.queued:>4}   {change.errors:>4}\n"
    )


def _routes(migration: Migration, node: Node) -> list[_Route]:
    """Return every route of a node within its fabrics, adapter by adapter, source before target."""
    routes = []
    for number, adapter in enumerate(node.adapters):
        for index, port in enumerate(migration.source.used_ports):
            if port.fabric == adapter.fabric:
                routes.append(_Route(number, adapter, SOURCE, index, port.scsi_target, port.at, port.wwn))
        for index, port in enumerate(migration.target.used_ports):
            if port.fabric == adapter.fabric:
                routes.append(
                    _Route(number, adapter, TARGET, index, port.scsi_target, port.at.federated, _federated_wwn(port))
                )
    return routes


def _federated_wwn(port: Port) -> str:
    """Return the WWN that hosts see of a federated port: its last two bits are the port, two higher."""
    return f"{int(port.wwn, 16) + 2:016x}"


def _is_visible(node: Node, route: _Route) -> bool:
    return node.sees_source if route.side == SOURCE else node.sees_target


def display(migration: Migration, node: Node) -> str:
    """``powermt display dev=all``: every disk of a node with its paths, source and target under one identity."""
    routes = _routes(migration, node)
    visible = [route for route in routes if _is_visible(node, route)]
    source, names = migration.source, host_names(migration.os)
    changed = {key[0] for key in node.paths} | {key[0] for key in node.busy}
    templates: dict[tuple[int, int], str] = {}
    parts = []
    for pair in migration.pairs:
        disk = node.disks.get(pair.index)
        if disk is None and pair.index not in changed and migration.has_windows:
            luns = (len(str(pair.source_lun)), len(str(pair.host_lun)))
            template = templates.get(luns)
            if template is None:
                template = templates[luns] = _template(names, visible, *luns)
            rows = template.replace("\0", str(pair.source_lun)).replace("\1", str(pair.host_lun))
            parts.append(
                f"Pseudo name=harddisk{node.first_disk + pair.index}\nSymmetrix ID={source.symmetrix}\n"
                f"Logical device ID={source.name(pair.source)}\n"
                f"state=alive; policy=SymmOpt; priority=0; queued-IOs=0\n{_HEADING}{rows}"
            )
        elif disk is None or not disk.hidden:
            parts.append(_changed_disk(migration, node, pair, routes))
    parts += _forgotten(migration, names, node)
    parts += _others(names, node)
    return "\n".join(part for part in parts if part)


def _template(names: HostNames, routes: list[_Route], source_width: int, target_width: int) -> str:
    """Return the rows of a healthy disk with marks for its LUNs: thousands of disks share one formatting."""
    rows = []
    for route in routes:
        width, mark = (source_width, "\0") if route.side == SOURCE else (target_width, "\1")
        rows.append(_row(names, route, mark * width).replace(mark * width, mark))
    return "".join(rows)


def _changed_disk(migration: Migration, node: Node, pair: Pair, routes: list[_Route]) -> str:
    """Return a disk that differs from the others or whose path names are its own; an empty text where it has no path left."""
    names = host_names(migration.os)
    rows, queued = [], 0
    for route, path in zip(routes, _numbers(routes, pair), strict=True):
        change = node.paths.get(route.key(pair), HEALTHY)
        if change.missing or not (_is_visible(node, route) or route.key(pair) in node.busy):
            continue
        queued += change.queued
        rows.append(_row(names, route, route.lun(pair), path, change))
    if not rows:
        return ""
    disk = node.disks.get(pair.index, AS_USUAL)
    number = disk.number if disk.number is not None else node.first_disk + pair.index
    return (
        f"{_pseudo(names, number)}Symmetrix ID={disk.symmetrix or migration.source.symmetrix}\n"
        f"Logical device ID={disk.device or migration.source.name(pair.source)}\n"
        f"state={disk.state}; policy={disk.policy}; priority=0; "
        f"queued-IOs={queued if disk.queued is None else disk.queued}\n{_HEADING}{''.join(rows)}"
    )


def _numbers(routes: list[_Route], pair: Pair) -> range:
    """Return the numbers of a disk's paths: systems that number paths do so disk by disk."""
    return range(pair.index * len(routes), (pair.index + 1) * len(routes))


def _pseudo(names: HostNames, number: int) -> str:
    name = names.pseudo(number)
    return f"Pseudo name={name}\n" if name else ""


def _forgotten(migration: Migration, names: HostNames, node: Node) -> Iterator[str]:
    """Yield the disks of the source array that are in no pair."""
    routes = [route for route in _routes(migration, node) if route.side == SOURCE]
    for index, device in enumerate(node.forgotten):
        rows = "".join(_row(names, route, 200 + index) for route in routes)
        yield (
            f"{_pseudo(names, node.first_disk + len(migration.pairs) + index)}Symmetrix ID={migration.source.symmetrix}\n"
            f"Logical device ID={migration.source.name(device)}\n"
            f"state=alive; policy=SymmOpt; priority=0; queued-IOs=0\n{_HEADING}{rows}"
        )


def _others(names: HostNames, node: Node) -> Iterator[str]:
    """Yield the disks of arrays that have nothing to do with the migration."""
    for index, (kind, array, device) in enumerate(node.other_devices):
        name = _pseudo(names, node.first_disk - len(node.other_devices) + index)
        paths = [
            PathToName(adapter, 40 + index, f"50060160c1e0123{index}", 0, -1 - index * len(node.adapters) - number)
            for number, adapter in enumerate(node.adapters)
        ]
        rows = "".join(
            f"{path.adapter.number:>4} {names.hardware(path):<25} {names.native(path):<12} "
            f"{'SP A0' if kind == 'VNX' else 'FA 16bA'}   active  alive      0      0\n"
            for path in paths
        )
        policy = "CLAROpt" if kind == "VNX" else "SymmOpt"
        label = " [LUN 7]" if kind == "VNX" else ""
        owner = "Owner: default=SP A, current=SP A       Array failover mode: 4\n" if kind == "VNX" else ""
        yield (
            f"{name}{kind} ID={array}\nLogical device ID={device}{label}\n"
            f"state=alive; policy={policy}; priority=0; queued-IOs=0\n{owner}{_HEADING}{rows}"
        )


def adapters(migration: Migration, node: Node) -> str:
    """``powermt display``: the adapters of a node of Windows with the number of their paths, and how many are dead."""
    visible = [route for route in _routes(migration, node) if _is_visible(node, route)]
    disks = [pair for pair in migration.pairs if not node.disks.get(pair.index, AS_USUAL).hidden]
    usual = len(node.other_devices) + len(node.forgotten) * len(migration.source.used_ports)
    rows = []
    for number, adapter in enumerate(node.adapters):
        of_adapter = [route for route in visible if route.number == number]
        changes = [(route, node.paths.get(route.key(pair), HEALTHY)) for route in of_adapter for pair in disks]
        present = [(route, change) for route, change in changes if not change.missing]
        dead = sum(change.state == "dead" or _is_unmasked(migration, route) for route, change in present)
        total = usual + len(present)
        dead = total if adapter.failed else dead
        summary = "failed" if adapter.failed else "degraded" if dead else "optimal"
        hardware = f"port{adapter.number}\\path0"
        rows.append(f"{adapter.number:>4} {hardware:<29} {summary:<8}  {total:>6} {dead:>6}       -     0      0\n")
    kinds = f"Symmetrix logical device count={len(disks) + len(node.forgotten)}\n"
    return f"{kinds}{_ADAPTERS}{''.join(rows)}"


def _is_unmasked(migration: Migration, route: _Route) -> bool:
    """Whether the sources are no longer masked to an adapter on the port of a route."""
    return route.side == SOURCE and (route.adapter.wwpn, route.port_index) not in migration.masked


def registration(node: Node) -> str:
    """``powermt check_registration``: the licence of PowerPath."""
    if not node.licence_key:
        return "\nThere are no license keys now registered."
    return f"\nKey {node.licence_key}\n  Product: PowerPath\n  Capabilities: All"


def removed(migration: Migration, node: Node) -> str:
    """``powermt remove dev=all``: the paths that are still in use and were not removed."""
    routes, names = _routes(migration, node), host_names(migration.os)
    in_use = [
        names.native(route.path_to_name(route.lun(pair), _numbers(routes, pair)[index]))
        for index, route in enumerate(routes)
        for pair in migration.pairs
        if route.key(pair) in node.busy
        or (route.side == TARGET and not node.paths.get(route.key(pair), HEALTHY).missing)
    ]
    return "\n".join(f"Cannot remove device that is in use: {name}" for name in in_use)
