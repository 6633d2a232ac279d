"""powermt display dev=all, powermt remove."""

from collections.abc import Iterator

from flmparse.simulation.model import Adapter, Migration, Node, Pair, PathChange, Port
from flmparse.terms import DirectorPort

_RULER = "=" * 78
_HEADING = f"""{_RULER}
---------------- Host ---------------   - Stor -   -- I/O Path -  -- Stats ---
###  HW Path                I/O Paths    Interf.   Mode    State  Q-IOs Errors
{_RULER}
"""
HEALTHY = PathChange()


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


def _ways(migration: Migration, node: Node) -> list[tuple[int, Adapter, str, int, Port, DirectorPort]]:
    """Return the ways from a node to its disks: adapter, side and port, and the port as it shows to hosts."""
    ways = []
    for number, adapter in enumerate(node.adapters):
        if node.sees_source:
            ways += [
                (number, adapter, "source", place, port, port.at)
                for place, port in enumerate(migration.source.used_ports)
            ]
        if node.sees_target:
            ways += [
                (number, adapter, "target", place, port, port.at.shown)
                for place, port in enumerate(migration.target.used_ports)
            ]
    return ways


def display(migration: Migration, node: Node) -> str:
    """``powermt display dev=all``: every disk of a node with its paths, source and target under one identity."""
    ways = _ways(migration, node)
    source = migration.source
    changed = {key[0] for key in node.paths}
    forms: dict[tuple[int, int], str] = {}
    parts = []
    for pair in migration.pairs:
        disk = node.disks.get(pair.index)
        if disk is None and pair.index not in changed:
            luns = (len(str(pair.source_lun)), len(str(pair.host_lun)))
            form = forms.get(luns)
            if form is None:
                form = forms[luns] = _form(ways, *luns)
            rows = form.replace("\0", str(pair.source_lun)).replace("\1", str(pair.host_lun))
            parts.append(
                f"Pseudo name=harddisk{node.first_disk + pair.index}\nSymmetrix ID={source.symmetrix}\n"
                f"Logical device ID={source.name(pair.source)}\n"
                f"state=alive; policy=SymmOpt; priority=0; queued-IOs=0\n{_HEADING}{rows}"
            )
        elif disk is None or not disk.hidden:
            parts.append(_changed_disk(migration, node, pair, ways))
    parts += _others(node)
    return "\n".join(parts)


def _form(ways: list[tuple[int, Adapter, str, int, Port, DirectorPort]], source_width: int, target_width: int) -> str:
    """Return the rows of a healthy disk with a place for each LUN: formatting once what thousands of disks share."""
    rows = []
    for _, adapter, side, _, port, at in ways:
        width, mark = (source_width, "\0") if side == "source" else (target_width, "\1")
        rows.append(_row(adapter, port.scsi_target, mark * width, at).replace(mark * width, mark))
    return "".join(rows)


def _changed_disk(
    migration: Migration, node: Node, pair: Pair, ways: list[tuple[int, Adapter, str, int, Port, DirectorPort]]
) -> str:
    rows, queued = [], 0
    for number, adapter, side, place, port, at in ways:
        change = node.paths.get((pair.index, number, side, place), HEALTHY)
        if change.missing:
            continue
        queued += change.queued
        lun = pair.source_lun if side == "source" else pair.host_lun
        rows.append(_row(adapter, port.scsi_target, lun, at, change))
    disk = node.disks.get(pair.index)
    number = node.first_disk + pair.index
    symmetrix, device, state, policy = (
        migration.source.symmetrix,
        migration.source.name(pair.source),
        "alive",
        "SymmOpt",
    )
    if disk is not None:
        number = disk.number if disk.number is not None else number
        symmetrix, device = disk.symmetrix or symmetrix, disk.device or device
        state, policy = disk.state, disk.policy
        queued = queued if disk.queued is None else disk.queued
    return (
        f"Pseudo name=harddisk{number}\nSymmetrix ID={symmetrix}\nLogical device ID={device}\n"
        f"state={state}; policy={policy}; priority=0; queued-IOs={queued}\n{_HEADING}{''.join(rows)}"
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
        f"Cannot remove device that is in use: c{adapter.number}t{port.scsi_target}d{pair.host_lun}"
        for adapter in node.adapters
        for port in migration.target.used_ports
        for pair in migration.pairs
    )
