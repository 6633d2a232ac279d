"""Faults of the masking views of the target."""

from flmparse.errors import UsageError
from flmparse.simulation.faults import changes
from flmparse.simulation.faults.pick import last_node, some_pair, some_view
from flmparse.simulation.model import Migration, megabytes

FOREIGN_WWPN = "10000000c9123456"


@changes("F038", rules="CAP004", gate="masked", also="CAP001")
def total(migration: Migration) -> None:
    """View: the total is less than the devices show."""
    view = some_view(migration)
    members = migration.in_view(some_pair(migration).view)
    view.total_error_mb = -sum(megabytes(pair.target_tracks) for pair in members) * 4 // 5


@changes("F040", rules="MSK001 EVD006", gate="masked", also="MSK006")
def missing(migration: Migration) -> None:
    """View: a target is missing."""
    some_view(migration).hidden.add(some_pair(migration).index)


@changes("F041", rules="MSK002", gate="masked", status="warn")
def further_device(migration: Migration) -> None:
    """View: an unrelated device."""
    lun = max(pair.host_lun for pair in migration.pairs) + 1
    some_view(migration).extra_devices.append((0x2F0, lun, 94))


@changes("F042", rules="MSK003", gate="masked")
def not_mapped(migration: Migration) -> None:
    """View: a target is not mapped on one port."""
    some_view(migration).unmapped.add((some_pair(migration).index, 0))


@changes("F043", rules="MSK004", gate="masked")
def two_luns(migration: Migration) -> None:
    """View: two LUNs of one target."""
    lun = max(pair.host_lun for pair in migration.pairs) + 1
    some_view(migration).luns[some_pair(migration).index, 0] = lun


@changes("F044", rules="MSK004", gate="masked")
def one_lun(migration: Migration) -> None:
    """View: one LUN of two targets."""
    number = next((n for n in range(len(migration.views)) if len(migration.in_view(n)) > 1), None)
    if number is None:
        raise UsageError("F044 needs two targets in one view")
    first, second = migration.in_view(number)[:2]
    for port_index in range(len(migration.target.used_ports)):
        migration.views[number].luns[second.index, port_index] = first.host_lun


@changes(
    "F046",
    rules="MSK006 MSK007",
    gate="ready",
    also="MSK005 MSK008 SAN004",
    moment="masked",
)
def initiator_replaced(migration: Migration) -> None:
    """View: an initiator replaced by another."""
    for view in migration.views:
        view.lost_initiators.add(last_node(migration).adapters[-1].wwpn)
        view.foreign_initiators.append(FOREIGN_WWPN)


def _foreign(migration: Migration) -> None:
    some_view(migration).foreign_initiators.append(FOREIGN_WWPN)


@changes("F047", rules="MSK008", gate="masked", also="MSK007 SAN004")
def foreign_initiator(migration: Migration) -> None:
    """View: a foreign initiator."""
    _foreign(migration)


@changes(
    "F135",
    rules="MSK007 MSK008 SAN004",
    gate="ready",
    status="warn",
    moment="masked",
)
def unknown_initiator(migration: Migration) -> None:
    """View: an initiator that the source never knew."""
    _foreign(migration)


@changes("F048", rules="MSK005", gate="masked", also="MSK006")
def node_missing(migration: Migration) -> None:
    """View: no initiator of one node."""
    some_view(migration).lost_initiators |= {adapter.wwpn for adapter in last_node(migration).adapters}


@changes("F049", rules="MSK009 SAN004", gate="masked", status="warn")
def one_port(migration: Migration) -> None:
    """View: a port group with one port."""
    some_view(migration).lost_ports |= set(range(1, len(migration.target.used_ports)))


@changes(
    "F050",
    rules="MSK010 SES019",
    gate="masked",
    moment="start",
)
def view_before_create(migration: Migration) -> None:
    """View older than create, and a host scanned in between."""
    migration.deviations.view_made_early = True
    migration.deviations.scan_before_create = migration.nodes[0].name


@changes("F127", rules="SAN004", gate="masked")
def not_logged_in(migration: Migration) -> None:
    """An initiator is not logged in."""
    adapter = last_node(migration).adapters[-1]
    ports = migration.target.used_ports
    port_index = next(port_index for port_index, port in enumerate(ports) if port.fabric == adapter.fabric)
    migration.logged_out.add((adapter.wwpn, port_index))
