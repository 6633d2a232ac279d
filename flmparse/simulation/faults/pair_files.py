"""Faults of the pair file."""

from flmparse.simulation.faults import changes
from flmparse.simulation.faults.victims import some_pair
from flmparse.simulation.model import Array, Migration, Pair


def _lines(migration: Migration) -> list[str]:
    return [_line(migration.target, pair.target, migration.source, pair.source) for pair in migration.pairs]


def _line(first: Array, one: int, second: Array, other: int) -> str:
    return f"symdev={first.symmetrix}:{first.name(one)} symdev={second.symmetrix}:{second.name(other)}"


def _another(symmetrix: str) -> str:
    return f"{symmetrix[:-2]}{(int(symmetrix[-2:]) + 1) % 100:02d}"


@changes("F001", "pair file: the source of a line is missing", rules="PAR001", gate="prepare", also="EVD001")
def source_missing(migration: Migration) -> None:
    lines = _lines(migration)
    victim = some_pair(migration).index
    lines[victim] = lines[victim].split(" ")[0]
    migration.pair_lines = lines


@changes(
    "F002", "pair file: one target of another array", rules="PAR002", gate="prepare", also="REP004 SAN001 SAN002"
)  # fmt: skip
def foreign_target(migration: Migration) -> None:
    lines = _lines(migration)
    victim = some_pair(migration).index
    lines[victim] = lines[victim].replace(migration.target.symmetrix, _another(migration.target.symmetrix))
    migration.pair_lines = lines


@changes("F003", "pair file: source and target on one array", rules="PAR002", gate="prepare", also="SAN001 SAN002")
def one_array(migration: Migration) -> None:
    migration.pair_lines = [
        line.replace(migration.source.symmetrix, migration.target.symmetrix) for line in _lines(migration)
    ]


@changes("F004", "pair file: a target on two lines", rules="PAR003", gate="prepare")
def target_twice(migration: Migration) -> None:
    lines = _lines(migration)
    first, second = migration.pairs[0], migration.pairs[1]
    lines[1] = _line(migration.target, first.target, migration.source, second.source)
    migration.pair_lines = lines


@changes("F005", "pair file: columns swapped", rules="PAR004", gate="prepare", also="ENV001")
def columns_swapped(migration: Migration) -> None:
    migration.pair_lines = [" ".join(line.split(" ")[::-1]) for line in _lines(migration)]


@changes("F007", "pair file: source declared at 5568", rules="PAR006", gate="prepare", status="warn")
def declared_level(migration: Migration) -> None:
    migration.declared_source_microcode = "5568"


@changes(
    "F008", "pair file: two sources exchanged after create", rules="PAR005 IDN002", gate="created", also="IDN003",
    moment="start",
)  # fmt: skip
def sources_exchanged(migration: Migration) -> None:
    lines = _lines(migration)
    first, second = migration.pairs[0], migration.pairs[1]

    def line(pair: Pair, source: Pair) -> str:
        return _line(migration.target, pair.target, migration.source, source.source)

    lines[0], lines[1] = line(first, second), line(second, first)
    migration.pair_lines = lines
