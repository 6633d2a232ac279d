"""Faults of the arrays, the SAN and the masking of the sources."""

from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.victims import of_command, some_pair
from flmparse.simulation.faults.views import FOREIGN_WWPN
from flmparse.simulation.journal import Entry
from flmparse.simulation.model import Migration


@changes("F107", "target at 5875", rules="ENV001", gate="prepare", also="PAR006")
def target_level(migration: Migration) -> None:
    migration.target.microcode = "5875"


@changes("F108", "Solutions Enabler 7.3", rules="ENV003", gate="prepare")
def old_solutions_enabler(migration: Migration) -> None:
    migration.solutions_enabler = "7.3.1.0"


@changes("F109", "Access Logix is off on a control port", rules="ENV004", gate="prepare")
def access_logix_off(migration: Migration) -> None:
    migration.target.used_ports[-1].access_logix = False


@changes("F110", "source without a fix", rules="ENV002", gate="prepare")
def fix_missing(migration: Migration) -> None:
    migration.source.patches.pop()


@changes("F112", "a source is an R2", rules="REP002", gate="prepare")
def source_mirrored(migration: Migration) -> None:
    some_pair(migration).source_config = "RDF2+Mir"


@changes("F113", "a control port sees no source port", rules="SAN001", gate="prepare", also="SAN002")
def blind_port(migration: Migration) -> None:
    last = len(migration.target.used_ports) - 1
    migration.unzoned |= {(last, place) for place in range(len(migration.source.used_ports))}


@changes("F125", "a control port sees one source port", rules="SAN002", gate="prepare", status="warn")
def one_way(migration: Migration) -> None:
    migration.unzoned |= {(0, place) for place in range(1, len(migration.source.used_ports))}


@changes("F114", "a control port on a loop", rules="SAN003", gate="prepare")
def loop(migration: Migration) -> None:
    migration.target.used_ports[-1].switched = False


@changes("F120", "a port flag differs", rules="ENV008", gate="prepare")
def flag_differs(migration: Migration) -> None:
    migration.target.used_ports[-1].flags["SCSI_Support1(OS2007)"] = False


@changes("F121", "three gatekeepers", rules="ENV007", gate="prepare", status="warn")
def few_gatekeepers(migration: Migration) -> None:
    migration.gatekeepers = 3


@changes("F123", "the pool is too small", rules="CAP005", gate="prepare")
def small_pool(migration: Migration) -> None:
    migration.pools = {name: (used + 3000, used) for name, (_, used) in migration.pools.items()}


@changes("F124", "a host outside the cluster can write a source", rules="REP004", gate="prepare")
def foreign_host(migration: Migration) -> None:
    migration.masked_besides[some_pair(migration).index] = [(FOREIGN_WWPN, 0)]


@changes("F129", "a clone session of a source has no successor", rules="REP003", gate="prepare", status="warn")
def cloned(migration: Migration) -> None:
    migration.clones.append((some_pair(migration).source, 0x0D10))


@changes("F092", "symmask leaves a device out", rules="MSK011", gate="unmasked", also="EVD006 MSK012", moment="start")
def device_left_out(migration: Migration) -> None:
    migration.conduct.unmask_skips_devices.add(some_pair(migration).index)


@changes(
    "F136", "the devices of symmask are not those of the pair file", rules="EVD006 MSK011", gate="unmasked",
    also="MSK012", moment="start",
)  # fmt: skip
def other_list(migration: Migration) -> None:
    migration.conduct.unmask_skips_devices.add(some_pair(migration).index)


@changes("F094", "symmask for all ports but one", rules="MSK011 MSK012", gate="unmasked", moment="start")
def port_left_out(migration: Migration) -> None:
    migration.conduct.unmask_skips_ports.add(len(migration.source.used_ports) - 1)


@changes("F095", "no refresh after symmask", rules="MSK011", gate="unmasked", moment="start")
def not_refreshed(migration: Migration) -> None:
    migration.conduct.refresh = False


@changes("F096", "a host WWPN is left on a source", rules="MSK012", gate="unmasked")
def host_left(migration: Migration) -> None:
    migration.masked_besides[some_pair(migration).index] = [(migration.nodes[0].adapters[0].wwpn, 0)]


@spoils("F097", "symmaskdb of another array", rules="EVD002", gate="unmasked")
def other_array(migration: Migration, entries: list[Entry]) -> list[Entry]:
    own = f"Symmetrix ID : {migration.source.symmetrix}"
    return of_command("symmaskdb", lambda entry: entry.with_output(own, "Symmetrix ID : 000187490999"))(
        migration, entries
    )


@changes("F098", "symmask before terminate", rules="SES019", gate="unmasked", moment="start")
def unmasked_early(migration: Migration) -> None:
    migration.conduct.unmask_early = True


@changes("F122", "symmask with -wnn", rules="EVD005", gate="unmasked", status="warn", moment="start")
def misspelt(migration: Migration) -> None:
    migration.conduct.wwn_option = "-wnn"


@changes("F128", "array ports are left on the sources", rules="SAN005", gate="cleaned", status="warn", moment="start")
def array_ports_left(migration: Migration) -> None:
    migration.conduct.array_ports_stay = True


@spoils("F119", "the legend of a query is cut off", rules="EVD001", gate="created", status="warn")
def legend_cut(migration: Migration, entries: list[Entry]) -> list[Entry]:
    def cut(entry: Entry) -> Entry:
        kept = entry.output[: entry.output.index("(*): The failed")]
        return entry.with_output(entry.output, kept.rstrip("\n").rsplit("\n", 1)[0])

    return of_command("query", cut)(migration, entries)
