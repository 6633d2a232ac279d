"""Faults of the arrays, the SAN and the masking of the sources."""

from flmparse.errors import UsageError
from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.pick import of_command, some_pair
from flmparse.simulation.faults.views import FOREIGN_WWPN
from flmparse.simulation.model import Migration
from flmparse.simulation.run_log import Entry


@changes("F107", rules="ENV001", gate="prepare", also="PAR006")
def target_level(migration: Migration) -> None:
    """Target at 5875."""
    migration.target.microcode = "5875"


@changes("F108", rules="ENV003", gate="prepare")
def old_solutions_enabler(migration: Migration) -> None:
    """Solutions Enabler 7.3."""
    migration.solutions_enabler = "7.3.1.0"


@changes("F109", rules="ENV004", gate="prepare")
def access_logix_off(migration: Migration) -> None:
    """Access Logix is off on a control port."""
    migration.target.used_ports[-1].access_logix = False


@changes("F110", rules="ENV002", gate="prepare")
def fix_missing(migration: Migration) -> None:
    """Source without a fix."""
    migration.source.patches.pop()


@changes("F112", rules="REP002", gate="prepare")
def source_mirrored(migration: Migration) -> None:
    """A source is an R2."""
    some_pair(migration).source_config = "RDF2+Mir"


@changes("F113", rules="SAN001", gate="prepare", also="SAN002")
def blind_port(migration: Migration) -> None:
    """A control port sees no source port."""
    last = len(migration.target.used_ports) - 1
    migration.unzoned |= {(last, port_index) for port_index in range(len(migration.source.used_ports))}


@changes("F125", rules="SAN002", gate="prepare", status="warn")
def one_way(migration: Migration) -> None:
    """A control port sees one source port."""
    migration.unzoned |= {(0, port_index) for port_index in range(1, len(migration.source.used_ports))}


@changes("F114", rules="SAN003", gate="prepare")
def loop(migration: Migration) -> None:
    """A control port on a loop."""
    migration.target.used_ports[-1].switched = False


@changes("F120", rules="ENV008", gate="prepare")
def flag_differs(migration: Migration) -> None:
    """A port flag differs."""
    migration.target.used_ports[-1].flags["SCSI_Support1(OS2007)"] = False


@changes("F121", rules="ENV007", gate="prepare", status="warn")
def few_gatekeepers(migration: Migration) -> None:
    """Three gatekeepers."""
    migration.gatekeepers = 3


@changes("F123", rules="CAP005", gate="prepare")
def small_pool(migration: Migration) -> None:
    """The pool is too small."""
    if not any(pair.thin for pair in migration.pairs):
        raise UsageError("F123 needs a thin target")
    migration.pools = {name: (used + 3000, used) for name, (_, used) in migration.pools.items()}


@changes("F124", rules="REP004", gate="prepare")
def foreign_host(migration: Migration) -> None:
    """A host outside the cluster can write a source."""
    migration.masked_besides[some_pair(migration).index] = [(FOREIGN_WWPN, 0)]


@changes("F129", rules="REP003", gate="prepare", status="warn")
def cloned(migration: Migration) -> None:
    """A clone session of a source has no successor."""
    migration.clones.append((some_pair(migration).source, 0x0D10))


@changes("F092", rules="MSK011", gate="unmasked", also="EVD006 MSK012", moment="start")
def device_left_out(migration: Migration) -> None:
    """Symmask leaves a device out."""
    migration.deviations.unmask_skips_devices.add(some_pair(migration).index)


@changes(
    "F136",
    rules="EVD006 MSK011",
    gate="unmasked",
    also="MSK012",
    moment="start",
)
def other_list(migration: Migration) -> None:
    """The devices of symmask are not those of the pair file."""
    migration.deviations.unmask_skips_devices.add(some_pair(migration).index)


@changes("F094", rules="MSK011 MSK012", gate="unmasked", moment="start")
def port_left_out(migration: Migration) -> None:
    """Symmask for all ports but one."""
    migration.deviations.unmask_skips_ports.add(len(migration.source.used_ports) - 1)


@changes("F095", rules="MSK011", gate="unmasked", moment="start")
def not_refreshed(migration: Migration) -> None:
    """No refresh after symmask."""
    migration.deviations.refresh = False


@changes("F096", rules="MSK012", gate="unmasked")
def host_left(migration: Migration) -> None:
    """A host WWPN is left on a source."""
    migration.masked_besides[some_pair(migration).index] = [(migration.nodes[0].adapters[0].wwpn, 0)]


@spoils("F097", rules="EVD002", gate="unmasked")
def other_array(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """Symmaskdb of another array."""
    own = f"Symmetrix ID : {migration.source.symmetrix}"
    return of_command("symmaskdb", lambda entry: entry.with_output(own, "Symmetrix ID : 000187490999"))(
        migration, entries
    )


@changes("F098", rules="SES019", gate="unmasked", moment="start")
def unmasked_early(migration: Migration) -> None:
    """Symmask before terminate."""
    migration.deviations.unmask_early = True


@changes("F122", rules="EVD005", gate="unmasked", status="warn", moment="start")
def misspelt(migration: Migration) -> None:
    """Symmask with -wnn."""
    migration.deviations.wwn_option = "-wnn"


@changes("F128", rules="SAN005", gate="cleaned", status="warn", moment="start")
def array_ports_left(migration: Migration) -> None:
    """Array ports are left on the sources."""
    migration.deviations.array_ports_stay = True


@spoils("F119", rules="EVD001", gate="created", status="warn")
def legend_cut(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """The legend of a query is cut off."""

    def cut(entry: Entry) -> Entry:
        beginning = entry.output[: entry.output.index("(*): The failed")]
        return entry.with_output(entry.output, beginning.rstrip("\n").rsplit("\n", 1)[0])

    return of_command("query", cut)(migration, entries)
