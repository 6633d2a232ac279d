"""Faults of the Open Replicator sessions, from create to terminate."""

import re
from copy import deepcopy
from dataclasses import replace

from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.pick import largest, of_command, session_of, sessions, some_pair, some_session
from flmparse.simulation.model import Migration, Session
from flmparse.simulation.run_log import Entry


@changes("F010", rules="PAR005", gate="created")
def further_pair(migration: Migration) -> None:
    """Query: a pair that the pair file lacks."""
    pair = deepcopy(migration.pairs[-1])
    pair.index, pair.target, pair.source = pair.index + 1, pair.target + 1, pair.source + 0x100
    pair.identity.device = pair.source
    pair.identity.serial = f"{migration.source.symmetrix[-2:]}{pair.source:05X}000"
    migration.pairs.append(pair)


@changes("F011", rules="PAR005", gate="created")
def other_file(migration: Migration) -> None:
    """Query: another device file."""
    migration.deviations.device_file = f"{migration.pair_file}_old"


@changes("F013", rules="SES001", gate="created", moment="start")
def without_migrate(migration: Migration) -> None:
    """Create without -migrate."""
    migration.deviations.create_options.remove("-migrate")


@changes("F014", rules="SES001", gate="created", moment="start")
def with_push(migration: Migration) -> None:
    """Create with -push."""
    migration.deviations.create_options[0] = "-push"


@changes("F016", rules="SES002 SES008", gate="created")
def one_standard(migration: Migration) -> None:
    """Query: T = S on one row."""
    some_session(migration).kind = "S"


@changes("F017", rules="SES002", gate="created")
def all_recoverpoint(migration: Migration) -> None:
    """Query: T = R on all rows."""
    for session in sessions(migration):
        session.kind = "R"


@changes("F018", rules="SES003", gate="created")
def pushes(migration: Migration) -> None:
    """Query: S = X, the session pushes."""
    for session in sessions(migration):
        session.push = True


@changes("F019", rules="SES004", gate="created", also="SES008")
def one_cold(migration: Migration) -> None:
    """Query: H = . on one row."""
    some_session(migration).hot = False


@changes("F020", rules="SES005", gate="created", also="SES008")
def no_donor_update(migration: Migration) -> None:
    """Query: U = . on one row."""
    some_session(migration).donor_update = False


@changes("F022", rules="SES006", gate="created", status="warn")
def differential(migration: Migration) -> None:
    """Query: D = X on all rows."""
    for session in sessions(migration):
        session.differential = True


@changes("F023", rules="SES008", gate="created", status="warn")
def other_vendor(migration: Migration) -> None:
    """Query: RI = CW on one row."""
    some_session(migration).remote_kind = "CW"


@changes("F025", rules="SES009 CAP002", gate="created")
def begun_before_time(migration: Migration) -> None:
    """Query: fewer tracks than the pair has, at Created."""
    some_session(migration).tracks_left -= 1225


@spoils("F026", rules="CAP003", gate="created")
def wrong_total(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """Query: the total is one track too many."""

    def one_more(entry: Entry) -> Entry:
        return replace(entry, output=re.sub(r"Track\(s\) +\d+", _one_more, entry.output))

    return of_command("query", one_more)(migration, entries)


def _one_more(match: re.Match[str]) -> str:
    name, total = match[0].split()
    return f"{name}{int(total) + 1:>{len(match[0]) - len(name)}}"


@changes("F076", rules="SES010", gate="copying", also="SES007 SES008 SES014")
def still_created(migration: Migration) -> None:
    """A pair is still Created after activate."""
    pair, session = some_pair(migration), some_session(migration)
    session.status, session.background_copy, session.tracks_left = "Created", False, pair.tracks


@changes("F077", rules="SES011", gate="copying", also="SES010", moment="an hour later")
def failed(migration: Migration) -> None:
    """A pair is Failed(*)."""
    session = session_of(largest(migration))
    session.status, session.reactivatable = "Failed", True


@changes("F079", rules="SES007", gate="copying", also="SES008", moment="an hour later")
def no_background_copy(migration: Migration) -> None:
    """No background copy."""
    session = session_of(largest(migration))
    session.background_copy = False


@changes("F080", rules="SES012", gate="copying", status="warn")
def wrong_done(migration: Migration) -> None:
    """Done is one more than copied."""
    some_session(migration).done_error = 1


@changes("F081", rules="SES013", gate="copying", also="SES014", moment="an hour later")
def grows(migration: Migration) -> None:
    """More tracks left than before."""
    pair = largest(migration)
    session_of(pair).tracks_left = pair.tracks


@changes("F082", rules="SES014", gate="copying", status="warn")
def stalled(migration: Migration) -> None:
    """A pair stands still for an hour."""
    session = session_of(largest(migration))
    session.tracks_per_minute = 0.0


def _unfinished(migration: Migration) -> None:
    session = some_session(migration)
    session.status, session.tracks_left, session.tracks_per_minute = "CopyInProg", 12, 0.0


@changes("F088", rules="SES015", gate="copied")
def not_copied(migration: Migration) -> None:
    """The last query shows a pair at 99 %, and there is no verify."""
    _unfinished(migration)
    migration.deviations.verify = False


@changes(
    "F133",
    rules="SES016 SES015",
    gate="copied",
    status="warn",
    moment="verified",
)
def copied_and_not(migration: Migration) -> None:
    """Verify says Copied, a later query does not."""
    _unfinished(migration)


@spoils("F132", rules="EVD004", gate="copied", status="warn")
def verify_under_query(migration: Migration, entries: list[Entry]) -> list[Entry]:
    """The answer of verify under another command."""

    def typed(entry: Entry) -> Entry:
        return replace(entry, command=(entry.command or "").replace("verify -copied", "query"))

    return of_command("verify", typed)(migration, entries)


@changes(
    "F089",
    rules="SES018 SES019",
    gate="terminated",
    also="SES017",
    moment="start",
)
def terminated_early(migration: Migration) -> None:
    """Terminated before the copy was proved."""
    migration.deviations.terminate_early = True


@changes("F090", rules="SES017", gate="terminated", moment="start")
def without_symforce(migration: Migration) -> None:
    """Terminate without -symforce."""
    migration.deviations.terminate_options.remove("-symforce")


@changes("F091", rules="SES017", gate="terminated")
def session_left(migration: Migration) -> None:
    """A query after terminate still shows a pair."""
    some_pair(migration).session = Session(tracks_left=0, background_copy=True, status="Copied")


@changes("F087", rules="SES020", gate="copying")
def source_active(migration: Migration) -> None:
    """A source is still host active after activate."""
    some_pair(migration).source_access = "Active"


@changes("F201", rules="SES020", gate="created")
def target_active(migration: Migration) -> None:
    """A target answers hosts before activate."""
    some_pair(migration).target_access = "Active"


@changes("F202", rules="SES010", gate="copying", moment="start")
def activated_as_copy(migration: Migration) -> None:
    """Activate without -migrate."""
    migration.deviations.activate_options.remove("-migrate")


@changes("F203", rules="SES005", gate="copying", also="SES008")
def donor_update_lost(migration: Migration) -> None:
    """Donor update is lost while copying."""
    some_session(migration).donor_update = False
