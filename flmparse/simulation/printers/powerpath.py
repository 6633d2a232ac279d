"""powermt display dev=all, powermt remove."""

from collections.abc import Iterator
from dataclasses import dataclass

from flmparse.simulation.model import SOURCE, TARGET, Adapter, DiskChange, Migration, Node, Pair, PathChange, PathKey
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


def _row(adapter: Adapter, scsi_target: int, lun: object, at: DirectorPort, change: PathChange = HEALTHY) -> str:
    lun = lun if change.lun is None else change.lun
    native = scsi_target if change.scsi_target is None else change.scsi_target
    hardware = f"   {adapter.number} port{adapter.number}\\path0\\tgt{scsi_target}\\lun{lun}"
    shown = change.interface or interface(at)
    return (
        f"{hardware:<31}{f'c{adapter.number}t{native}d{lun}':<12} FA {shown:>4}   {change.mode:<7} {change.state:<5}   "
        f"{change.queued:>4}   {change.errors:>4}\n"
    )


@dataclass(frozen=True)
class _Way:
    """A way from a node to its disks: adapter and port, and the port as it shows to hosts."""

    number: int
    adapter: Adapter
    side: str
    place: int
    scsi_target: int
    at: DirectorPort

    def key(self, pair: Pair) -> PathKey:
        return pair.index, self.number, self.side, self.place

    def lun(self, pair: Pair) -> int:
        return pair.source_lun if self.side == SOURCE else pair.host_lun


def _ways(migration: Migration, node: Node) -> list[_Way]:
    """Return every way of a node within its fabrics, adapter by adapter, source before target."""
    ways = []
    for number, adapter in enumerate(node.adapters):
        for place, port in enumerate(migration.source.used_ports):
            if port.fabric == adapter.fabric:
                ways.append(_Way(number, adapter, SOURCE, place, port.scsi_target, port.at))
        for place, port in enumerate(migration.target.used_ports):
            if port.fabric == adapter.fabric:
                ways.append(_Way(number, adapter, TARGET, place, port.scsi_target, port.at.shown))
    return ways


def _seen(node: Node, way: _Way) -> bool:
    return node.sees_source if way.side == SOURCE else node.sees_target


def display(migration: Migration, node: Node) -> str:
    """``powermt display dev=all``: every disk of a node with its paths, source and target under one identity."""
    ways = _ways(migration, node)
    seen = [way for way in ways if _seen(node, way)]
    source = migration.source
    changed = {key[0] for key in node.paths} | {key[0] for key in node.busy}
    forms: dict[tuple[int, int], str] = {}
    parts = []
    for pair in migration.pairs:
        disk = node.disks.get(pair.index)
        if disk is None and pair.index not in changed:
            luns = (len(str(pair.source_lun)), len(str(pair.host_lun)))
            form = forms.get(luns)
            if form is None:
                form = forms[luns] = _form(seen, *luns)
            rows = form.replace("\0", str(pair.source_lun)).replace("\1", str(pair.host_lun))
            parts.append(
                f"Pseudo name=harddisk{node.first_disk + pair.index}\nSymmetrix ID={source.symmetrix}\n"
                f"Logical device ID={source.name(pair.source)}\n"
                f"state=alive; policy=SymmOpt; priority=0; queued-IOs=0\n{_HEADING}{rows}"
            )
        elif disk is None or not disk.hidden:
            parts.append(_changed_disk(migration, node, pair, ways))
    parts += _others(node)
    return "\n".join(part for part in parts if part)


def _form(ways: list[_Way], source_width: int, target_width: int) -> str:
    """Return the rows of a healthy disk with a place for each LUN: formatting once what thousands of disks share."""
    rows = []
    for way in ways:
        width, mark = (source_width, "\0") if way.side == SOURCE else (target_width, "\1")
        rows.append(_row(way.adapter, way.scsi_target, mark * width, way.at).replace(mark * width, mark))
    return "".join(rows)


def _changed_disk(migration: Migration, node: Node, pair: Pair, ways: list[_Way]) -> str:
    """Return a disk that differs from the others; nothing, where no path is left of it."""
    rows, queued = [], 0
    for way in ways:
        change = node.paths.get(way.key(pair), HEALTHY)
        if change.missing or not (_seen(node, way) or way.key(pair) in node.busy):
            continue
        queued += change.queued
        rows.append(_row(way.adapter, way.scsi_target, way.lun(pair), way.at, change))
    if not rows:
        return ""
    disk = node.disks.get(pair.index, AS_USUAL)
    number = disk.number if disk.number is not None else node.first_disk + pair.index
    return (
        f"Pseudo name=harddisk{number}\nSymmetrix ID={disk.symmetrix or migration.source.symmetrix}\n"
        f"Logical device ID={disk.device or migration.source.name(pair.source)}\n"
        f"state={disk.state}; policy={disk.policy}; priority=0; "
        f"queued-IOs={queued if disk.queued is None else disk.queued}\n{_HEADING}{''.join(rows)}"
    )


def _others(node: Node) -> Iterator[str]:
    """Yield the disks of arrays that have nothing to do with the migration."""
    for place, (kind, array, device) in enumerate(node.other_devices):
        name = f"Pseudo name=harddisk{node.first_disk - len(node.other_devices) + place}\n"
        rows = "".join(
            f"   {adapter.number} port{adapter.number}\\path0\\tgt{40 + place}\\lun0   "
            f"c{adapter.number}t{40 + place}d0      "
            f"{' SP A0' if kind == 'VNX' else 'FA 16bA'}   active  alive      0      0\n"
            for adapter in node.adapters
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
    return "\n".join(
        f"Cannot remove device that is in use: c{way.adapter.number}t{way.scsi_target}d{way.lun(pair)}"
        for way in _ways(migration, node)
        for pair in migration.pairs
        if way.key(pair) in node.busy or (way.side == TARGET and not node.paths.get(way.key(pair), HEALTHY).missing)
    )
