"""Faults of what belongs to the migration and was not meant, or was meant and does not belong to it."""

import re
from dataclasses import replace

from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.pair_files import pair_lines
from flmparse.simulation.faults.pick import of_command, some_pair, some_view
from flmparse.simulation.faults.views import FOREIGN_WWPN
from flmparse.simulation.model import Array, Migration
from flmparse.simulation.run_log import Entry


@changes("F211", rules="SCO001", gate="prepare")
def forgotten(migration: Migration) -> None:
    """Pair file: a disk is forgotten."""
    lines = pair_lines(migration)
    del lines[some_pair(migration).index]
    migration.pair_lines = lines


@changes("F212", rules="SCO001", gate="ready", status="inconclusive", moment="start")
def of_unknown_size(migration: Migration) -> None:
    """The nodes see a disk of the source array that no listing shows."""
    for node in migration.nodes:
        node.forgotten.append(max(pair.source for pair in migration.pairs) + 7)


@changes("F213", rules="SCO002", gate="ready")
def unknown_node(migration: Migration) -> None:
    """The cluster lists a node that the manifest does not name."""
    migration.other_nodes.append(f"{migration.nodes[0].name[:-2]}99")


@changes("F214", rules="SCO003", gate="prepare")
def another_array(migration: Migration) -> None:
    """The manifest names another target array."""
    number = (int(migration.target.symmetrix) + 1) % 10**12
    migration.declared_target = f"{number:012d}"


OTHER_VIEW = ("BACKUP_MV", "BACKUP_IG", "BACKUP_PG")


@changes("F215", rules="SCO004", gate="masked")
def view_of_a_stranger(migration: Migration) -> None:
    """A host outside the cluster has a view on the storage group of the targets."""
    migration.other_views.append((*OTHER_VIEW, some_view(migration).storage_group))
    migration.shown_groups[OTHER_VIEW[1]] = [FOREIGN_WWPN]


@changes("F216", rules="SCO004", gate="ready", status="inconclusive", moment="masked")
def view_not_shown(migration: Migration) -> None:
    """Another view on the storage group of the targets is listed and not shown."""
    migration.other_views.append((*OTHER_VIEW, some_view(migration).storage_group))


@spoils("F217", rules="SCO005", gate="created", also="EVD006 PAR005")
def of_other_pairs(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """The session was created from another pair file of the same name."""

    def of_others(entry: Entry) -> Entry:
        return replace(entry, output=_shifted(migration.source, _shifted(migration.target, entry.output)))

    return of_command("query", of_others)(migration, entries)


def _shifted(array: Array, output: str) -> str:
    """Return an output with other devices of an array in place of those it names."""
    device = re.compile(rf"(?<={array.symmetrix}:)[0-9A-F]{{{array.digits}}}")
    return device.sub(lambda number: array.name(int(number[0], 16) + 0x4000), output)
