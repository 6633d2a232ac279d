"""Faults of the Open Replicator sessions, from create to terminate."""

from copy import deepcopy
from dataclasses import replace

from flmparse.simulation.faults import changes, spoils
from flmparse.simulation.faults.victims import largest, of_command, sessions, some_pair, some_session
from flmparse.simulation.journal import Entry
from flmparse.simulation.model import Migration, Session


@changes("F010", "query: a pair that the pair file lacks", rules="PAR005", gate="created")
def further_pair(migration: Migration) -> None:
    pair = deepcopy(migration.pairs[-1])
    pair.index, pair.target, pair.source = pair.index + 1, pair.target + 1, pair.source + 0x100
    pair.identity.device = pair.source
    pair.identity.serial = f"{migration.source.symmetrix[-2:]}{pair.source:05X}000"
    migration.pairs.append(pair)


@changes("F011", "query: another device file", rules="PAR005", gate="created")
def other_file(migration: Migration) -> None:
    migration.conduct.device_file = f"{migration.pair_file}_old"


@changes("F013", "create without -migrate", rules="SES001", gate="created", moment="start")
def without_migrate(migration: Migration) -> None:
    migration.conduct.create_options.remove("-migrate")


@changes("F014", "create with -push", rules="SES001", gate="created", moment="start")
def with_push(migration: Migration) -> None:
    migration.conduct.create_options[0] = "-push"


@changes("F016", "query: T = S on one row", rules="SES002 SES008", gate="created")
def one_standard(migration: Migration) -> None:
    some_session(migration).kind = "S"


@changes("F017", "query: T = R on all rows", rules="SES002", gate="created")
def all_recoverpoint(migration: Migration) -> None:
    for session in sessions(migration):
        session.kind = "R"


@changes("F018", "query: S = X, the session pushes", rules="SES003", gate="created")
def pushes(migration: Migration) -> None:
    for session in sessions(migration):
        session.push = True


@changes("F019", "query: H = . on one row", rules="SES004", gate="created", also="SES008")
def one_cold(migration: Migration) -> None:
    some_session(migration).hot = False


@changes("F020", "query: U = . on one row", rules="SES005", gate="created", also="SES008")
def no_donor_update(migration: Migration) -> None:
    some_session(migration).donor_update = False


@changes("F022", "query: D = X on all rows", rules="SES006", gate="created", status="warn")
def differential(migration: Migration) -> None:
    for session in sessions(migration):
        session.differential = True


@changes("F023", "query: RI = CW on one row", rules="SES008", gate="created", status="warn")
def other_vendor(migration: Migration) -> None:
    some_session(migration).remote_kind = "CW"


@changes("F025", "query: fewer tracks than the pair has, at Created", rules="SES009 CAP002", gate="created")
def begun_before_time(migration: Migration) -> None:
    some_session(migration).tracks_left -= 1225


@spoils("F026", "query: the total is one track too many", rules="CAP003", gate="created")
def wrong_total(migration: Migration, entries: list[Entry]) -> list[Entry]:
    total = sum(session.tracks_left for session in _created(migration))
    old, new = f"  Track(s)         {total:>9}", f"  Track(s)         {total + 1:>9}"
    return of_command("query", lambda entry: entry.with_output(old, new))(migration, entries)


def _created(migration: Migration) -> list[Session]:
    return [Session(tracks_left=pair.tracks) for pair in migration.pairs]


@changes("F076", "a pair is still Created after activate", rules="SES010", gate="copying", also="SES008 SES014")
def still_created(migration: Migration) -> None:
    pair, session = some_pair(migration), some_session(migration)
    session.status, session.background_copy, session.tracks_left = "Created", False, pair.tracks


@changes(
    "F077", "a pair is Failed(*)", rules="SES011", gate="copying", moment="an hour later"
)  # fmt: skip
def failed(migration: Migration) -> None:
    session = largest(migration).session
    assert session is not None
    session.status, session.reactivatable = "Failed", True


@changes("F079", "no background copy", rules="SES007", gate="copying", also="SES008", moment="an hour later")
def no_background_copy(migration: Migration) -> None:
    session = largest(migration).session
    assert session is not None
    session.background_copy = False


@changes("F080", "Done is one more than copied", rules="SES012", gate="copying", status="warn")
def wrong_done(migration: Migration) -> None:
    some_session(migration).done_error = 1


@changes("F081", "more tracks left than before", rules="SES013", gate="copying", also="SES014", moment="an hour later")
def grows(migration: Migration) -> None:
    pair = largest(migration)
    assert pair.session is not None
    pair.session.tracks_left = pair.tracks


@changes("F082", "a pair stands still for an hour", rules="SES014", gate="copying", status="warn")
def stalled(migration: Migration) -> None:
    session = largest(migration).session
    assert session is not None
    session.tracks_per_minute = 0.0


def _unfinished(migration: Migration) -> None:
    session = some_session(migration)
    session.status, session.tracks_left, session.tracks_per_minute = "CopyInProg", 12, 0.0


@changes("F088", "the last query shows a pair at 99 %, and there is no verify", rules="SES015", gate="copied")
def not_copied(migration: Migration) -> None:
    _unfinished(migration)
    migration.conduct.verify = False


@changes(
    "F133", "verify says Copied, a later query does not", rules="SES016 SES015", gate="copied", status="warn",
    moment="verified",
)  # fmt: skip
def copied_and_not(migration: Migration) -> None:
    _unfinished(migration)


@spoils("F132", "the answer of verify under another command", rules="EVD004", gate="copied", status="warn")
def verify_under_query(migration: Migration, entries: list[Entry]) -> list[Entry]:
    def typed(entry: Entry) -> Entry:
        return replace(entry, command=(entry.command or "").replace("verify -copied", "query"))

    return of_command("verify", typed)(migration, entries)


@changes(
    "F089", "terminated before the copy was proved", rules="SES018 SES019", gate="terminated", also="SES017",
    moment="start",
)  # fmt: skip
def terminated_early(migration: Migration) -> None:
    migration.conduct.terminate_early = True


@changes("F090", "terminate without -symforce", rules="SES017", gate="terminated", moment="start")
def without_symforce(migration: Migration) -> None:
    migration.conduct.terminate_options.remove("-symforce")


@changes("F091", "a query after terminate still shows a pair", rules="SES017", gate="terminated")
def session_left(migration: Migration) -> None:
    some_pair(migration).session = Session(tracks_left=0, background_copy=True, status="Copied")


@changes("F087", "a source is still host active after activate", rules="SES020", gate="copying")
def source_active(migration: Migration) -> None:
    some_pair(migration).source_access = "Active"


@changes("F201", "a target answers hosts before activate", rules="SES020", gate="created")
def target_active(migration: Migration) -> None:
    some_pair(migration).target_access = "Active"


@changes("F202", "activate without -migrate", rules="SES010", gate="copying", moment="start")
def activated_as_copy(migration: Migration) -> None:
    migration.conduct.activate_options.remove("-migrate")


@changes("F203", "donor update is lost while copying", rules="SES005", gate="copying", also="SES008")
def donor_update_lost(migration: Migration) -> None:
    some_session(migration).donor_update = False
