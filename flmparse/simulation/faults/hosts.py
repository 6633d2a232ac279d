"""Faults of the nodes, the cluster and how people work on them."""

from dataclasses import replace
from datetime import timedelta

from flmparse.errors import UsageError
from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.pick import first_node, last_node, of_command, some_pair
from flmparse.simulation.model import Adapter, Migration
from flmparse.simulation.run_log import Entry

FINISHED = "DiskPart has finished scanning your configuration."


@changes("F052", rules="CLU009", gate="ready", status="inconclusive", moment="start")
def not_rescanned(migration: Migration) -> None:
    """No rescan of one node."""
    migration.deviations.not_rescanned.add(last_node(migration).name)


@spoils("F053", rules="CLU009 EVD001", gate="ready")
def unfinished_scan(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """DiskPart stops before it has finished."""
    host = first_node(migration).name
    return of_command("diskpart", lambda entry: entry.with_output(f"{FINISHED}\n", ""), host)(migration, entries)


@changes("F099", rules="PTH014 SES019", gate="cleaned", moment="start")
def check_in_place_of_remove(migration: Migration) -> None:
    """Powermt check in place of powermt remove."""
    migration.deviations.check_in_place_of_remove.add(first_node(migration).name)


@changes("F104", rules="PTH015", gate="cleaned", status="inconclusive", moment="start")
def not_saved(migration: Migration) -> None:
    """No powermt save."""
    migration.deviations.not_saved.add(first_node(migration).name)


@changes("F111", rules="ENV005", gate="ready", moment="masked")
def too_new(migration: Migration) -> None:
    """Windows Server 2012."""
    first_node(migration).windows = ("6.2.9200", "1999-2012")


@changes("F115", rules="CLU003", gate="ready", moment="created")
def reservation_disabled(migration: Migration) -> None:
    """Persistent reservation is disabled on a target."""
    some_pair(migration).target_reserve = False


@changes("F116", rules="CLU006", gate="copying", also="STA005")
def disk_failed(migration: Migration) -> None:
    """A cluster disk failed after activation."""
    some_pair(migration).disk_state = "Failed"


@changes("F117", rules="CLU007", gate="copying", status="warn")
def disk_event(migration: Migration) -> None:
    """An event of the disks after activation."""
    node = first_node(migration)
    # Some hours into the migration: after create, before the event log is captured.
    time = migration.start + timedelta(minutes=150)
    node.events.append((time, 1069, "Cluster resource 'Cluster Disk 2' in cl..."))


@changes("F118", rules="EVD003", gate="ready", status="warn", moment="start")
def too_old(migration: Migration) -> None:
    """A display older than the policy allows."""
    migration.policy["max_age_hours"] = 1
    migration.deviations.pause_before_activate_minutes = 120


@changes("F126", rules="ENV006", gate="prepare")
def boot_disk(migration: Migration) -> None:
    """A boot disk among the pairs."""
    some_pair(migration).boot_disk = True


@changes("F130", rules="CLU004", gate="ready", status="warn", moment="start")
def too_many_registrations(migration: Migration) -> None:
    """More registrations than an array keeps."""
    ports = range(len(migration.source.used_ports))
    fabrics = migration.fabrics
    wanted = 340 * fabrics // (len(migration.nodes) * len(ports)) + fabrics
    for node_index, node in enumerate(migration.nodes):
        for number in range(len(node.adapters), wanted):
            adapter = Adapter(f"10000000c9{node_index:02x}{number:04x}", 3 + number, number % fabrics)
            node.adapters.append(adapter)
            in_fabric = [index for index in ports if migration.source.used_ports[index].fabric == adapter.fabric]
            migration.masked |= {(adapter.wwpn, index) for index in in_fabric}


@changes("F131", rules="CLU005", gate="copying")
def registration_missing(migration: Migration) -> None:
    """A registration is missing on a target."""
    pair = some_pair(migration)
    node = next(node for node in reversed(migration.nodes) if node is not migration.owner(pair))
    migration.unregistered.add((pair.index, node.name))


def _validated(migration: Migration, fault: str) -> dict[str, str]:
    if not migration.has_cluster_powershell:
        raise UsageError(f"{fault} needs Windows Server 2008 R2, which has Test-Cluster")
    return migration.validations


@changes("F208", rules="CLU008", gate="prepare", status="warn")
def validation_failed(migration: Migration) -> None:
    """A storage test of Test-Cluster failed."""
    _validated(migration, "F208")["Validate SCSI-3 Persistent Reservation"] = "Failed"


@changes("F209", rules="CLU008", gate="prepare", status="inconclusive")
def disk_not_validated(migration: Migration) -> None:
    """Test-Cluster left out a disk that was online."""
    _validated(migration, "F209")
    migration.untested.add(some_pair(migration).index)


@changes("F210", rules="CLU008", gate="cleaned", status="warn")
def validation_canceled(migration: Migration) -> None:
    """Test-Cluster was canceled before its last storage test."""
    _validated(migration, "F210")["Validate Simultaneous Failover"] = "Not Run"


@spoils("F206", rules="CLU001", gate="ready", status="inconclusive")
def node_not_displayed(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """No display of one node."""
    return of_command("powermt display dev", lambda entry: None, host=last_node(migration).name)(migration, entries)


@spoils("F207", rules="EVD001", gate="ready", status="warn")
def display_cut(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """A display of one node is cut off in the middle of a path."""

    def cut(entry: Entry) -> Entry:
        return replace(entry, output=entry.output[: entry.output.rindex("active")])

    return of_command("powermt display dev", cut, host=last_node(migration).name)(migration, entries)
