"""powermt display dev=all, powermt remove."""

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
from flmparse.simulation.printers.host_names import HostNames, Way, host_names
from flmparse.terms import DirectorPort

_RULER = "=" * 78
_HEADING = f"""{_RULER}
---------------- Host ---------------   - Stor -   -- I/O Path -  -- Stats ---
###  HW Path                I/O Paths    Interf.   Mode    State  Q-IOs Errors
{_RULER}
"""
HEALTHY = PathChange()
AS_USUAL = DiskChange()


def interface(at: DirectorPort) -> str:
    """Return a port as PowerPath prints it: ``14cA``."""
    return f"{at.director}{at.letter.lower()}{'ABCD'[at.port]}"


@dataclass(frozen=True)
class _Way:
    """A way from a node to its disks: adapter and port, and the port as it shows to hosts."""

    number: int
    adapter: Adapter
    side: str
    place: int
    scsi_target: int
    at: DirectorPort
    wwn: str

    def key(self, pair: Pair) -> PathKey:
        return pair.index, self.number, self.side, self.place

    def lun(self, pair: Pair) -> int:
        return pair.source_lun if self.side == SOURCE else pair.host_lun

    def seen_as(self, lun: Any, number: int = 0, scsi_target: int | None = None) -> Way:
        """Return what a system names the path of a disk after."""
        target = self.scsi_target if scsi_target is None else scsi_target
        return Way(self.adapter, target, self.wwn, lun, number)


def _row(names: HostNames, way: _Way, lun: Any, number: int = 0, change: PathChange = HEALTHY) -> str:
    lun = lun if change.lun is None else change.lun
    hardware = f"{way.adapter.number:>4} {names.hardware(way.seen_as(lun, number))}"
    native = names.native(way.seen_as(lun, number, change.scsi_target))
    shown = change.interface or interface(way.at)
    return (
        f"{hardware:<30} {native:<12} FA {shown:>4}   {change.mode:<7} {change.state:<5}   "
        f"{change.queued:>4}   {change.errors:>4}\n"
    )


def _ways(migration: Migration, node: Node) -> list[_Way]:
    """Return every way of a node within its fabrics, adapter by adapter, source before target."""
    ways = []
    for number, adapter in enumerate(node.adapters):
        for place, port in enumerate(migration.source.used_ports):
            if port.fabric == adapter.fabric:
                ways.append(_Way(number, adapter, SOURCE, place, port.scsi_target, port.at, port.wwn))
        for place, port in enumerate(migration.target.used_ports):
            if port.fabric == adapter.fabric:
                ways.append(_Way(number, adapter, TARGET, place, port.scsi_target, port.at.shown, _shown(port)))
    return ways


def _shown(port: Port) -> str:
    """Return the WWN that hosts see of a federated port: its last two bits are the port, two higher."""
    return f"{int(port.wwn, 16) + 2:016x}"


def _seen(node: Node, way: _Way) -> bool:
    return node.sees_source if way.side == SOURCE else node.sees_target


def display(migration: Migration, node: Node) -> str:
    """``powermt display dev=all``: every disk of a node with its paths, source and target under one identity."""
    ways = _ways(migration, node)
    seen = [way for way in ways if _seen(node, way)]
    source, names = migration.source, host_names(migration.os)
    changed = {key[0] for key in node.paths} | {key[0] for key in node.busy}
    forms: dict[tuple[int, int], str] = {}
    parts = []
    for pair in migration.pairs:
        disk = node.disks.get(pair.index)
        if disk is None and pair.index not in changed and migration.has_windows:
            luns = (len(str(pair.source_lun)), len(str(pair.host_lun)))
            form = forms.get(luns)
            if form is None:
                form = forms[luns] = _form(names, seen, *luns)
            rows = form.replace("\0", str(pair.source_lun)).replace("\1", str(pair.host_lun))
            parts.append(
                f"Pseudo name=harddisk{node.first_disk + pair.index}\nSymmetrix ID={source.symmetrix}\n"
                f"Logical device ID={source.name(pair.source)}\n"
                f"state=alive; policy=SymmOpt; priority=0; queued-IOs=0\n{_HEADING}{rows}"
            )
        elif disk is None or not disk.hidden:
            parts.append(_changed_disk(migration, node, pair, ways))
    parts += _others(names, node)
    return "\n".join(part for part in parts if part)


def _form(names: HostNames, ways: list[_Way], source_width: int, target_width: int) -> str:
    """Return the rows of a healthy disk with a place for each LUN: formatting once what thousands of disks share."""
    rows = []
    for way in ways:
        width, mark = (source_width, "\0") if way.side == SOURCE else (target_width, "\1")
        rows.append(_row(names, way, mark * width).replace(mark * width, mark))
    return "".join(rows)


def _changed_disk(migration: Migration, node: Node, pair: Pair, ways: list[_Way]) -> str:
    """Return a disk that differs from the others, or whose paths have names of their own; nothing, where no path is left of it."""
    names = host_names(migration.os)
    rows, queued = [], 0
    for way, path in zip(ways, _numbers(ways, pair), strict=True):
        change = node.paths.get(way.key(pair), HEALTHY)
        if change.missing or not (_seen(node, way) or way.key(pair) in node.busy):
            continue
        queued += change.queued
        rows.append(_row(names, way, way.lun(pair), path, change))
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


def _numbers(ways: list[_Way], pair: Pair) -> range:
    """Return the numbers of a disk's paths: systems that number them do so disk by disk."""
    return range(pair.index * len(ways), (pair.index + 1) * len(ways))


def _pseudo(names: HostNames, number: int) -> str:
    name = names.pseudo(number)
    return f"Pseudo name={name}\n" if name else ""


def _others(names: HostNames, node: Node) -> Iterator[str]:
    """Yield the disks of arrays that have nothing to do with the migration."""
    for place, (kind, array, device) in enumerate(node.other_devices):
        name = _pseudo(names, node.first_disk - len(node.other_devices) + place)
        seen = [
            Way(adapter, 40 + place, f"50060160c1e0123{place}", 0, -1 - place * len(node.adapters) - number)
            for number, adapter in enumerate(node.adapters)
        ]
        rows = "".join(
            f"{way.adapter.number:>4} {names.hardware(way):<25} {names.native(way):<12} "
            f"{'SP A0' if kind == 'VNX' else 'FA 16bA'}   active  alive      0      0\n"
            for way in seen
        )
        policy = "CLAROpt" if kind == "VNX" else "SymmOpt"
        label = " [LUN 7]" if kind == "VNX" else ""
        owner = "Owner: default=SP A, current=SP A       Array failover mode: 4\n" if kind == "VNX" else ""
        yield (
            f"{name}{kind} ID={array}\nLogical device ID={device}{label}\n"
            f"state=alive; policy={policy}; priority=0; queued-IOs=0\n{owner}{_HEADING}{rows}"
        )


def removed(migration: Migration, node: Node) -> str:
    """``powermt remove dev=all``: the paths that are still in use, and so stay."""
    ways, names = _ways(migration, node), host_names(migration.os)
    kept = [
        names.native(way.seen_as(way.lun(pair), _numbers(ways, pair)[place]))
        for place, way in enumerate(ways)
        for pair in migration.pairs
        if way.key(pair) in node.busy or (way.side == TARGET and not node.paths.get(way.key(pair), HEALTHY).missing)
    ]
    return "\n".join(f"Cannot remove device that is in use: {name}" for name in kept)
