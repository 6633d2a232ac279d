"""Faults of what PowerPath shows on the nodes."""

from dataclasses import replace

from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.victims import (
    every_path,
    first_node,
    gone,
    last_node,
    of_command,
    some_pair,
    source_path,
    target_path,
)
from flmparse.simulation.journal import Entry
from flmparse.simulation.model import SOURCE, TARGET, DiskChange, Migration, PathChange

DISPLAY = "powermt display"


@changes("F055", "one target port of a device is missing", rules="PTH002 PTH006", gate="ready", also="CLU002 PTH007")
def port_missing(migration: Migration) -> None:
    node = first_node(migration)
    pair, _, side, port = target_path(migration)
    for adapter in range(len(node.adapters)):
        node.paths[pair, adapter, side, port] = gone()


@changes("F056", "all target paths of a device are missing", rules="PTH001", gate="ready", also="CLU002 PTH002 PTH006")
def no_target_path(migration: Migration) -> None:
    node = first_node(migration)
    for key in every_path(migration, node, TARGET):
        if key[0] == some_pair(migration).index:
            node.paths[key] = gone()


@changes("F058", "a target path on another port", rules="PTH002", gate="ready", also="PTH006 PTH016")
def other_port(migration: Migration) -> None:
    first_node(migration).paths[target_path(migration)] = PathChange(interface="15hC")


@changes("F059", "another LUN on the paths of a device", rules="PTH003 PTH016", gate="ready", also="CLU002")
def other_lun(migration: Migration) -> None:
    node = first_node(migration)
    lun = max(pair.host_lun for pair in migration.pairs) + 5
    for key in every_path(migration, node, TARGET):
        if key[0] == some_pair(migration).index:
            node.paths[key] = PathChange(lun=lun)


@changes("F061", "a target path is dead before activation", rules="PTH004", gate="ready")
def dead(migration: Migration) -> None:
    first_node(migration).paths[target_path(migration)] = PathChange(state="dead")


@changes("F062", "a device is degraded", rules="PTH004", gate="ready")
def degraded(migration: Migration) -> None:
    first_node(migration).disks[some_pair(migration).index] = DiskChange(state="degraded")


@changes("F064", "a path in mode asb:iopf", rules="PTH005", gate="ready", status="warn")
def standby(migration: Migration) -> None:
    first_node(migration).paths[source_path(migration)] = PathChange(mode="asb:iopf")


@changes("F065", "another policy on one device", rules="PTH005", gate="ready", status="warn")
def policy(migration: Migration) -> None:
    first_node(migration).disks[some_pair(migration).index] = DiskChange(policy="BasicFailover")


@changes("F066", "the queue of a device is not the sum of its paths", rules="PTH008", gate="ready", status="warn")
def queue(migration: Migration) -> None:
    first_node(migration).disks[some_pair(migration).index] = DiskChange(queued=4)


@changes("F067", "errors on one target path", rules="PTH009", gate="ready", status="warn")
def errors(migration: Migration) -> None:
    first_node(migration).paths[target_path(migration)] = PathChange(errors=3)


@changes(
    "F068", "one target number in the hardware path, another in the name", rules="PTH016", gate="ready", status="warn"
)
def other_target_number(migration: Migration) -> None:
    first_node(migration).paths[target_path(migration)] = PathChange(scsi_target=90)


@changes("F070", "one source on two disks", rules="IDN005", gate="ready", also="CLU002 PTH001 PTH003")
def two_disks(migration: Migration) -> None:
    first, second = migration.pairs[:2]
    first_node(migration).disks[second.index] = DiskChange(device=migration.source.name(first.source))


@changes("F071", "a node lacks a device", rules="CLU002", gate="ready", also="IDN005 PTH001")
def device_hidden(migration: Migration) -> None:
    last_node(migration).disks[some_pair(migration).index] = DiskChange(hidden=True)


@changes(
    "F072", "the native identity of a target is visible", rules="IDN006", gate="ready", also="CLU002 IDN005 PTH001"
)
def native_identity(migration: Migration) -> None:
    pair, target = some_pair(migration), migration.target
    first_node(migration).disks[pair.index] = DiskChange(symmetrix=target.symmetrix, device=target.name(pair.target))


@spoils(
    "F073", "the output of one node names another", rules="CLU001 EVD007", gate="ready", status="inconclusive",
    also="IDN005",
)  # fmt: skip
def names_another(migration: Migration, entries: list[Entry]) -> list[Entry]:
    first, last = first_node(migration).name, last_node(migration).name
    return of_command(DISPLAY, lambda entry: replace(entry, host=first), host=last)(migration, entries)


@changes("F074", "all paths of a node through one adapter", rules="PTH007", gate="ready", status="warn", also="CLU002")
def one_adapter(migration: Migration) -> None:
    node = first_node(migration)
    for side in (SOURCE, TARGET):
        for key in every_path(migration, node, side):
            if key[1] != 0:
                node.paths[key] = gone()


@changes("F083", "a target path is dead after activation", rules="PTH004 PTH011", gate="copying")
def dead_after_activation(migration: Migration) -> None:
    first_node(migration).paths[target_path(migration)] = PathChange(state="dead")


def _lost(migration: Migration) -> None:
    first_node(migration).paths[target_path(migration)] = gone()


@changes("F084", "a target path is lost after activation", rules="PTH011", gate="copying", also="PTH006")
def lost_after_activation(migration: Migration) -> None:
    _lost(migration)


@changes("F134", "a disk has fewer paths than the others", rules="PTH006 PTH011", gate="copying", status="warn")
def fewer_paths(migration: Migration) -> None:
    _lost(migration)


@changes("F085", "the source paths are gone after activation", rules="PTH010", gate="copying", status="warn")
def source_paths_gone(migration: Migration) -> None:
    node = first_node(migration)
    node.paths |= {key: gone() for key in every_path(migration, node, SOURCE)}


@changes("F086", "a disk has another name", rules="IDN005", gate="copying")
def renamed(migration: Migration) -> None:
    node = first_node(migration)
    number = node.first_disk + len(migration.pairs) + 3
    node.disks[some_pair(migration).index] = DiskChange(number=number)


@changes("F100", "a source path is in use", rules="PTH013 PTH014", gate="cleaned", also="PTH006", moment="removing")
def in_use(migration: Migration) -> None:
    first_node(migration).busy.add(source_path(migration))


@changes(
    "F101", "a target path was removed", rules="PTH013", gate="cleaned", also="PTH006 PTH011 PTH014", moment="removing"
)
def target_path_removed(migration: Migration) -> None:
    _lost(migration)


@changes("F103", "uneven errors in the final display", rules="PTH009", gate="cleaned", status="warn")
def uneven_errors(migration: Migration) -> None:
    pair, _, side, port = target_path(migration)
    for adapter, count in ((0, 7), (1, 1)):
        first_node(migration).paths[pair, adapter, side, port] = PathChange(errors=count)


@changes("F204", "a path is unlicensed", rules="PTH004", gate="ready", also="PTH005")
def unlicensed(migration: Migration) -> None:
    first_node(migration).paths[target_path(migration)] = PathChange(mode="unlic")


@changes("F205", "a node sees the targets no more after the clean-up", rules="PTH001", gate="cleaned",
         also="CLU002 PTH011 PTH013 PTH014", moment="removing")  # fmt: skip
def no_path_at_the_end(migration: Migration) -> None:
    node = last_node(migration)
    for key in every_path(migration, node, TARGET):
        if key[0] == some_pair(migration).index:
            node.paths[key] = gone()
