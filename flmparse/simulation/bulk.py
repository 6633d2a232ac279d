"""One kind of output at any size, for benchmarks: what a single command prints of thousands of devices.

log = bulk.log("powermt_display", megabytes=10)      # command blocks with prompts, at least 10 MB
text = bulk.output("symrcopy_query", devices=4096)   # one output without prompt
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from flmparse.errors import UsageError, did_you_mean
from flmparse.simulation import machine
from flmparse.simulation.drawing import Shape, draw
from flmparse.simulation.model import TARGET, Migration, Port
from flmparse.simulation.printers import arrays, devices, masking, powerpath, sessions
from flmparse.terms import DirectorPort

Printer = Callable[[Migration], str]

DEVICES_PER_BLOCK = 4096
"""Devices of one command in a log: about 6 MB of powermt display."""


def _view(migration: Migration) -> str:
    migration.views[0].updated = migration.start
    return masking.view(migration, migration.views[0], 0)


def _display(migration: Migration) -> str:
    return powerpath.display(migration, migration.nodes[0])


PORTS_OF_ALL_DIRECTORS = 99 * 8 * 2
"""How many ports can have different names."""


def _ports(migration: Migration) -> str:
    """Print about as many ports as the migration has pairs; an array has few, so director numbers go on past 16."""
    port = migration.target.ports[0]
    ports: list[Port] = [
        replace(port, at=DirectorPort(number // 16 % 99 + 1, "ABCDEFGH"[number // 2 % 8], number % 2))
        for number in range(min(len(migration.pairs), PORTS_OF_ALL_DIRECTORS))
    ]
    return arrays.ports(replace(migration.target, ports=ports))


_PRINTERS: dict[str, tuple[str, Printer]] = {
    "powermt_display": ("powermt display dev=all", _display),
    "symaccess_show_view": ("symaccess -sid {target} show view {view}", _view),
    "symcfg_list_fa": ("symcfg -sid {target} list -fa all -port", _ports),
    "symdev_list": ("symdev -sid {target} list", lambda m: devices.listing(m.target, m.pairs, TARGET)),
    "symdev_list_identity": ("symdev -sid {target} list -identity", lambda m: devices.identities(m.target, m.pairs)),
    "symdev_show": ("symdev -sid {target} list -v", lambda m: devices.details(m.target, m.pairs, TARGET)),
    "symmaskdb_list_assignment": ("symmaskdb -sid {source} list assignment", masking.assignments),
    "symrcopy_query": ("symrcopy -f {file} query", sessions.query),
}

NAMES = tuple(_PRINTERS)


def _printer(screen: str) -> tuple[str, Printer]:
    if screen not in _PRINTERS:
        raise UsageError(f"no bulk output {screen!r}{did_you_mean(screen, list(NAMES))} ({', '.join(NAMES)})")
    return _PRINTERS[screen]


@lru_cache(maxsize=16)
def _migration(pairs: int, seed: int) -> Migration:
    migration = draw(Shape(pairs=pairs, nodes=2, hbas=2, ports=4, seed=seed, views=1, digits=5, fabrics=1))
    machine.create(migration)
    machine.activate(migration, 200)
    machine.copy(migration, 50)
    for node in migration.nodes:
        machine.rescan(node)
    return migration


def output(screen: str, devices: int = DEVICES_PER_BLOCK, seed: int = 0) -> str:
    """Return one output of a screen that lists this many devices (16384 at most)."""
    return _printer(screen)[1](_migration(devices, seed))


def log(screen: str, megabytes: float, seed: int = 0) -> str:
    """Return a log of command blocks with prompts, of at least this size in MB (10^6 bytes)."""
    command, printer = _printer(screen)
    wanted_characters = megabytes * 1e6
    of_16_devices = len(output(screen, 16, seed))
    per_device = max(1.0, (len(output(screen, 80, seed)) - of_16_devices) / 64)
    parts: list[str] = []
    size = 0.0
    while size < wanted_characters:
        count = min(DEVICES_PER_BLOCK, max(16, int((wanted_characters - size) / per_device) + 1))
        migration = _migration(count, seed + len(parts))
        typed = command.format(
            target=migration.target.short,
            source=migration.source.short,
            view=migration.views[0].name,
            file=migration.pair_file,
        )
        part = f"C:\\> {typed}\n\n{printer(migration).rstrip()}\n\nC:\\>\n"
        parts.append(part)
        size += len(part)
    return "".join(parts)
