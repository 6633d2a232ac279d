"""Faults that show in a state which a capture prints, and steps outside the procedure."""

from dataclasses import replace
from datetime import timedelta

from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.pick import every_path, first_node, last_node, some_pair, some_view, source_path
from flmparse.simulation.model import TARGET, Migration
from flmparse.simulation.printers import sessions
from flmparse.simulation.run_log import Entry


@changes("F218", rules="STA001", gate="ready")
def adapter_failed(migration: Migration) -> None:
    """An adapter failed between the two displays of its node."""
    last_node(migration).adapters[-1].failed = True


@changes("F219", rules="STA002", gate="ready")
def node_down(migration: Migration) -> None:
    """A node of the cluster is down."""
    last_node(migration).state = "Down"


@changes("F220", rules="STA002", gate="copied", status="warn")
def node_paused(migration: Migration) -> None:
    """A node of the cluster is paused."""
    last_node(migration).state = "Paused"


@changes("F221", rules="STA003", gate="ready")
def port_offline(migration: Migration) -> None:
    """A port of the view is offline."""
    migration.target.used_ports[-1].status = "Offline"


@changes("F222", rules="STA004", gate="created")
def source_not_ready(migration: Migration) -> None:
    """A source is not ready."""
    some_pair(migration).source_status = "Not Ready       (NR)"


@changes("F223", rules="STA004", gate="copying")
def source_degraded(migration: Migration) -> None:
    """A source is degraded while it is copied."""
    some_pair(migration).source_state = "Degraded"


@changes("F224", rules="STA005", gate="copied")
def other_disk_failed(migration: Migration) -> None:
    """A cluster disk that is in no pair failed."""
    migration.other_disks["Cluster Disk 99"] = "Failed"


@changes("F225", rules="STA006", gate="prepare")
def raw(migration: Migration) -> None:
    """The volume of a source is RAW."""
    some_pair(migration).file_system = "RAW"


@changes("F226", rules="STA007", gate="prepare")
def unregistered(migration: Migration) -> None:
    """PowerPath is not registered on a node."""
    last_node(migration).licence_key = ""


@changes("F227", rules="STA007", gate="prepare", status="warn")
def versions_differ(migration: Migration) -> None:
    """A node has an older PowerPath."""
    node = last_node(migration)
    node.powerpath = node.powerpath.replace("Version 5.5 SP1 (build 289)", "Version 5.3 (build 310)")


@spoils("F228", rules="STA008", gate="masked", also="EVD001")
def view_deleted(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """A masking view is deleted after it was shown."""
    name = some_view(migration).name
    return [
        *entries,
        _later(entries[-1], f"symaccess -sid {migration.target.short} delete view -name {name} -noprompt"),
    ]


@spoils("F229", rules="STA008", gate="copying")
def failed_back(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """A failback after the last query."""
    of_session = [entry for entry in entries if entry.command is not None and "query" in entry.command]
    command = f"symrcopy -f {migration.pair_file} failback -migrate -noprompt"
    return [*entries, _later(of_session[-1], command, sessions.operation(migration, "Failback"))]


@spoils("F230", rules="STA008", gate="ready", status="inconclusive")
def unmanaged(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """A node's paths are changed after they were displayed."""
    displays = [entry for entry in entries if entry.host == first_node(migration).name]
    return [*entries, _later(displays[-1], "powermt unmanage class=vnx")]


def _later(entry: Entry, command: str, output: str = "") -> Entry:
    """Return a command on the host of an entry, a minute after it."""
    return replace(entry, command=command, output=output, time=entry.time + timedelta(minutes=1), powershell=False)


@changes("F231", rules="PTH017", gate="ready", also="PTH007")
def adapter_not_zoned(migration: Migration) -> None:
    """An adapter of a node has no path to the targets."""
    node = first_node(migration)
    for key in every_path(migration, node, TARGET):
        if key[1] == len(node.adapters) - 1:
            node.path(key).missing = True


@changes("F232", rules="PTH018", gate="ready", status="warn", also="STA001")
def dead_source_path(migration: Migration) -> None:
    """A source path is dead before activation."""
    first_node(migration).path(source_path(migration)).state = "dead"
