"""Faults of what PowerPath shows on the nodes."""

from dataclasses import replace

from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.pick import (
    every_path,
    first_node,
    last_node,
    of_command,
    some_pair,
    source_path,
    target_path,
)
from flmparse.simulation.model import SOURCE, TARGET, Migration
from flmparse.simulation.run_log import Entry

DISPLAY = "powermt display"


@changes("F055", rules="PTH002 PTH006", gate="ready", also="CLU002 PTH007")
def port_missing(migration: Migration) -> None:
    """One target port of a device is missing."""
    node = first_node(migration)
    pair, _, side, port = target_path(migration)
    for adapter in range(len(node.adapters)):
        node.path((pair, adapter, side, port)).missing = True


@changes("F056", rules="PTH001", gate="ready", also="CLU002 PTH002 PTH006 PTH017")
def no_target_path(migration: Migration) -> None:
    """All target paths of a device are missing."""
    node = first_node(migration)
    for key in every_path(migration, node, TARGET):
        if key[0] == some_pair(migration).index:
            node.path(key).missing = True


@changes("F058", rules="PTH002 CLU002", gate="ready", also="PTH006 PTH016")
def other_port(migration: Migration) -> None:
    """A target path on another port."""
    first_node(migration).path(target_path(migration)).interface = "15hC"


@changes("F059", rules="PTH003 PTH016", gate="ready", also="CLU002")
def other_lun(migration: Migration) -> None:
    """Another LUN on the paths of a device."""
    node = first_node(migration)
    lun = max(pair.host_lun for pair in migration.pairs) + 5
    for key in every_path(migration, node, TARGET):
        if key[0] == some_pair(migration).index:
            node.path(key).lun = lun


@changes("F061", rules="PTH004", gate="ready", also="STA001")
def dead(migration: Migration) -> None:
    """A target path is dead before activation."""
    first_node(migration).path(target_path(migration)).state = "dead"


@changes("F062", rules="PTH004", gate="ready")
def degraded(migration: Migration) -> None:
    """A device is degraded."""
    first_node(migration).disk(some_pair(migration).index).state = "degraded"


@changes("F064", rules="PTH005", gate="ready", status="warn")
def standby(migration: Migration) -> None:
    """A path in mode asb:iopf."""
    first_node(migration).path(source_path(migration)).mode = "asb:iopf"


@changes("F065", rules="PTH005", gate="ready", status="warn")
def policy(migration: Migration) -> None:
    """Another policy on one device."""
    first_node(migration).disk(some_pair(migration).index).policy = "BasicFailover"


@changes("F066", rules="PTH008", gate="ready", status="warn")
def queue(migration: Migration) -> None:
    """The queue of a device is not the sum of its paths."""
    first_node(migration).disk(some_pair(migration).index).queued = 4


@changes("F067", rules="PTH009", gate="ready", status="warn")
def errors(migration: Migration) -> None:
    """Errors on one target path."""
    first_node(migration).path(target_path(migration)).errors = 3


@changes("F068", rules="PTH016", gate="ready", status="warn")
def other_target_number(migration: Migration) -> None:
    """One target number in the hardware path, another in the name."""
    first_node(migration).path(target_path(migration)).scsi_target = 90


@changes("F070", rules="IDN005", gate="ready", also="CLU002 PTH001 PTH003")
def two_disks(migration: Migration) -> None:
    """One source on two disks."""
    first, second = migration.pairs[:2]
    first_node(migration).disk(second.index).device = migration.source.name(first.source)


@changes("F071", rules="CLU002", gate="ready", also="IDN005 PTH001")
def device_hidden(migration: Migration) -> None:
    """A node lacks a device."""
    last_node(migration).disk(some_pair(migration).index).hidden = True


@changes("F072", rules="IDN006", gate="ready", also="CLU002 IDN005 PTH001")
def native_identity(migration: Migration) -> None:
    """The native identity of a target is visible."""
    pair, target = some_pair(migration), migration.target
    disk = first_node(migration).disk(pair.index)
    disk.symmetrix, disk.device = target.symmetrix, target.name(pair.target)


@spoils(
    "F073",
    rules="CLU001 EVD007",
    gate="ready",
    status="inconclusive",
    also="IDN005",
)
def names_another(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """The output of one node names another."""
    first, last = first_node(migration).name, last_node(migration).name
    return of_command(DISPLAY, lambda entry: replace(entry, host=first), host=last)(migration, entries)


@changes("F074", rules="PTH007 PTH002 PTH006", gate="ready", status="warn", also="CLU002")
def one_adapter(migration: Migration) -> None:
    """All paths of a node through one adapter."""
    node = first_node(migration)
    for side in (SOURCE, TARGET):
        for key in every_path(migration, node, side):
            if key[1] != 0:
                node.path(key).missing = True


@changes("F083", rules="PTH004 PTH011", gate="copying", also="STA001")
def dead_after_activation(migration: Migration) -> None:
    """A target path is dead after activation."""
    first_node(migration).path(target_path(migration)).state = "dead"


def _lost(migration: Migration) -> None:
    first_node(migration).path(target_path(migration)).missing = True


@changes("F084", rules="PTH011 PTH002 CLU002", gate="copying", also="PTH006")
def lost_after_activation(migration: Migration) -> None:
    """A target path is lost after activation."""
    _lost(migration)


@changes("F134", rules="PTH006 PTH011 PTH002 CLU002", gate="copying", status="warn")
def fewer_paths(migration: Migration) -> None:
    """A disk has fewer paths than the others."""
    _lost(migration)


@changes("F085", rules="PTH010", gate="copying", status="warn")
def source_paths_gone(migration: Migration) -> None:
    """The source paths are gone after activation."""
    node = first_node(migration)
    for key in every_path(migration, node, SOURCE):
        node.path(key).missing = True


@changes("F086", rules="IDN005", gate="copying")
def renamed(migration: Migration) -> None:
    """A disk has another name."""
    node = first_node(migration)
    number = node.first_disk + len(migration.pairs) + 3
    node.disk(some_pair(migration).index).number = number


@changes("F100", rules="PTH013 PTH014", gate="cleaned", also="PTH006", moment="removing")
def in_use(migration: Migration) -> None:
    """A source path is in use."""
    first_node(migration).busy.add(source_path(migration))


@changes("F101", rules="PTH013 PTH002 CLU002", gate="cleaned", also="PTH006 PTH011 PTH014", moment="removing")
def target_path_removed(migration: Migration) -> None:
    """A target path was removed."""
    _lost(migration)


@changes("F103", rules="PTH009", gate="cleaned", status="warn")
def uneven_errors(migration: Migration) -> None:
    """Uneven errors in the final display."""
    node, pair = first_node(migration), some_pair(migration)
    keys = [key for key in every_path(migration, node, TARGET) if key[0] == pair.index]
    for key, count in ((keys[-1], 7), (keys[0], 1)):
        node.path(key).errors = count


@changes("F204", rules="PTH004", gate="ready", also="PTH005")
def unlicensed(migration: Migration) -> None:
    """A path is unlicensed."""
    first_node(migration).path(target_path(migration)).mode = "unlic"


@changes("F205", rules="PTH001", gate="cleaned", also="CLU002 IDN005 PTH011 PTH013 PTH014 PTH017", moment="removing")
def no_path_at_the_end(migration: Migration) -> None:
    """A node sees the targets no more after the clean-up."""
    node = last_node(migration)
    for key in every_path(migration, node, TARGET):
        if key[0] == some_pair(migration).index:
            node.path(key).missing = True
