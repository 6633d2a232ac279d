"""Faults of the pair file."""

from flmparse.simulation.faults import changes
from flmparse.simulation.faults.pick import some_pair
from flmparse.simulation.model import Array, Migration


def pair_lines(migration: Migration) -> list[str]:
    """Return the lines of the pair file, with the changes of earlier faults."""
    if migration.pair_lines is not None:
        return migration.pair_lines
    return [_line(migration.target, pair.target, migration.source, pair.source) for pair in migration.pairs]


def _line(first: Array, one: int, second: Array, other: int) -> str:
    return f"symdev={first.symmetrix}:{first.name(one)} symdev={second.symmetrix}:{second.name(other)}"


def _another(symmetrix: str) -> str:
    return f"{symmetrix[:-2]}{(int(symmetrix[-2:]) + 1) % 100:02d}"


@changes("F001", rules="PAR001", gate="prepare", also="EVD001")
def source_missing(migration: Migration) -> None:
    """Pair file: the source of a line is missing."""
    lines = pair_lines(migration)
    index = some_pair(migration).index
    lines[index] = lines[index].split(" ")[0]
    migration.pair_lines = lines


@changes("F002", rules="PAR002", gate="prepare", also="REP004 SAN001 SAN002 SCO003")
def foreign_target(migration: Migration) -> None:
    """Pair file: one target of another array."""
    lines = pair_lines(migration)
    index = some_pair(migration).index
    lines[index] = lines[index].replace(migration.target.symmetrix, _another(migration.target.symmetrix))
    migration.pair_lines = lines


@changes("F003", rules="PAR002 ENV002", gate="prepare", also="SAN001 SAN002 SCO003")
def one_array(migration: Migration) -> None:
    """Pair file: source and target on one array."""
    migration.pair_lines = [
        line.replace(migration.source.symmetrix, migration.target.symmetrix) for line in pair_lines(migration)
    ]


@changes("F004", rules="PAR003", gate="prepare")
def target_twice(migration: Migration) -> None:
    """Pair file: a target on two lines."""
    lines = pair_lines(migration)
    lines[1] = " ".join([lines[0].split(" ")[0], *lines[1].split(" ")[1:]])
    migration.pair_lines = lines


@changes("F005", rules="PAR004 ENV002", gate="prepare", also="ENV001 SCO003")
def columns_swapped(migration: Migration) -> None:
    """Pair file: columns swapped."""
    migration.pair_lines = [" ".join(line.split(" ")[::-1]) for line in pair_lines(migration)]


@changes("F007", rules="PAR006", gate="prepare", status="warn")
def declared_level(migration: Migration) -> None:
    """Pair file: source declared at 5568."""
    migration.declared_source_microcode = "5568"


@changes(
    "F008",
    rules="PAR005 IDN002",
    gate="created",
    also="IDN003",
    moment="start",
)
def sources_exchanged(migration: Migration) -> None:
    """Pair file: two sources exchanged after create."""
    lines = pair_lines(migration)
    (one, *first), (other, *second) = lines[0].split(" "), lines[1].split(" ")
    lines[:2] = [" ".join([one, *second]), " ".join([other, *first])]
    migration.pair_lines = lines
