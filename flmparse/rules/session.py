"""SES: the session as it was created, and its flags. Activation and copy: `progress`; the end of it: `termination`."""

from flmparse.columns.selection import drop_duplicates, dropna, is_true, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each, position
from flmparse.evidence.timeline import before, newest
from flmparse.facts.session import (
    done_steps,
    last_run,
    pairs_without,
    queries_of_session,
    rows_of_queries,
    session_rows,
    state_of,
)
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule
from flmparse.terms import tracks_to_mb

SIZE_TOLERANCE_MB = 1.0
"""A capacity is printed in whole MB: 15000 tracks are 937.5 MB and stand as 938 (white paper figures 5 and 6)."""

_ACTIVE_STATES = ("CopyInProg", "Copied")


def _expect_flag(check: Check, rows: "pd.DataFrame", column: str, right: str, words: dict[str, str]) -> None:
    """State the rows whose flag is not ``right``; ``words`` says what another letter means, under ``""`` any other."""
    if (rows[column] == right).all():
        return
    for row in each(rows, rows[column].isna()):
        flags = row.flags if isinstance(row.flags, str) else "that were not read"
        message = f"the flags {flags} have no letter for {column.replace('_', ' ')}"
        check.inconclusive(Subject.of_pair(row.pair), message, table="session_pairs", evidence=check.cite(row))
    for row in each(rows, rows[column].notna() & (rows[column] != right)):
        message = f"{words.get(str(getattr(row, column)), words[''])} (flags {row.flags})"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row))


@rule(
    "SES001", "session.created-for-windows", BLOCKER,
    gates="created", required="created", needs=("operations",),
    reference="white paper page 10: create -pull -migrate -host_type windows -mp_type ppath",
)  # fmt: skip
def created_for_windows(check: Check) -> None:
    """The session was created successfully, with the options that FLM on a Windows cluster needs.

    Why: without -migrate there is no identity and no cutover; without -mp_type the host's paths are not handed over.
    Passes when: create reports success for the pair file and ran with -pull, -migrate, -host_type windows and an
    -mp_type of `policy.multipath`, without -push and -cold.
    Fails when: create reports a failure, an option is missing or wrong, or it names another file.
    Inconclusive when: the log of create, its command line or its sentence of success was not captured, or the manifest says
    that the nodes do not run Windows: the white paper shows no other host type.
    Remedy: on a Windows cluster terminate the session and create it again with these options.
    """
    run = last_run(check, "create", ("-pull", "-migrate", "-host_type", "-mp_type"), ("-push", "-cold"))
    for problem, cited in run.problems:
        check.fails("create", problem, cited)
    output = run.output
    if output is None or output.command is None or not output.command.has_words("create"):
        return
    options = output.command.options
    host, multipath = options.get("-host_type"), options.get("-mp_type")
    system = (check.manifest.os or "windows").lower()
    if host is not None and "windows" not in system:
        message = (
            f"ran with -host_type {host or '(no value)'}; which one nodes with {check.manifest.os} need is not known"
        )
        check.inconclusive("create", message, evidence=check.cite(output))
    elif host is not None and host.lower() != "windows":
        check.fails("create", f"ran with -host_type {host or '(no value)'}, not windows", check.cite(output))
    if multipath is not None and multipath.lower() not in [name.lower() for name in check.policy.multipath]:
        allowed = ", ".join(check.policy.multipath)
        check.fails("create", f"ran with -mp_type {multipath or '(no value)'}; allowed: {allowed}", check.cite(output))
    check.passes(f"created with -pull -migrate -host_type {host} -mp_type {multipath}")


@rule(
    "SES002", "session.is-a-migration", BLOCKER,
    gates="created ready copying copied", required="created copying", needs=("pairs", "session_pairs"),
    reference="white paper page 11, figure 5: flag T and its legend",
)  # fmt: skip
def is_a_migration(check: Check) -> None:
    """Every session is a migration: not RecoverPoint, not standard Open Replicator.

    Why: a standard session copies data but gives the target no identity, so there is no cutover.
    Passes when: flag T is M for all pairs of the newest query.
    Fails when: it is R (RecoverPoint), S (standard) or anything else.
    Inconclusive when: no query stands, a pair is missing in it, or its flags have no T.
    Remedy: terminate and create with -migrate; remove RecoverPoint first.
    """
    rows = session_rows(check)
    words = {"R": "is a RecoverPoint session", "S": "is a standard ORS session: no identity, no cutover"}
    _expect_flag(check, rows, "session_type", "M", {**words, "": "is no migration session"})
    check.passes(f"T is M for all {len(rows)} pairs")


@rule(
    "SES003", "session.pulls", BLOCKER,
    gates="created ready copying copied", required="created", needs=("pairs", "session_pairs"), waivable=False,
    reference="white paper figure 5: flag S and its legend; create -pull, page 10",
)  # fmt: skip
def pulls(check: Check) -> None:
    """Every session pulls data to the target.

    Why: a push would overwrite the production array from the empty one.
    Passes when: flag S is a dot for all pairs of the newest query.
    Fails when: it is X for a pair.
    Inconclusive when: no query stands or a pair is missing in it.
    Remedy: terminate at once; check the columns of the pair file.
    """
    rows = session_rows(check)
    _expect_flag(check, rows, "push", ".", {"": "pushes: the source would be overwritten from the target"})
    check.passes(f"all {len(rows)} pairs pull")


@rule(
    "SES004", "session.is-hot", BLOCKER,
    gates="created ready copying copied", required="created", needs=("pairs", "session_pairs"),
    harm_ends="terminated",
    reference="white paper figure 5: flag H and its legend; page 18: ORS hot pull",
)  # fmt: skip
def is_hot(check: Check) -> None:
    """Every session is hot: hosts use the devices while they are copied.

    Why: a cold session denies the hosts writing to the control device during the copy.
    Passes when: flag H is X for all pairs of the newest query.
    Fails when: it is a dot for a pair.
    Inconclusive when: no query stands or a pair is missing in it.
    Remedy: terminate and create with -migrate.
    """
    rows = session_rows(check)
    _expect_flag(check, rows, "hot", "X", {"": "is a cold session: hosts cannot write during the copy"})
    check.passes(f"all {len(rows)} pairs are hot")


def _donor_update_off(check: Check) -> None:
    """State a `set donor_update off` of this session."""
    created, ended = newest(done_steps(check, "create")), newest(done_steps(check, "terminate"))
    for output in check.outputs("symrcopy_operation"):
        steps = output.reading.frames["operations"]
        words = [*steps["operation"].fillna(""), " ".join(output.command.words).lower() if output.command else ""]
        if not any("donor" in word and "update" in word for word in words):
            continue
        if any(before(output, start) is True for start in created) or any(before(end, output) is True for end in ended):
            continue
        if len(steps) and not steps["succeeded"].fillna(True).any():
            continue  # it was tried, and failed
        if any(word.split()[-1:] == ["off"] for word in words) and steps["succeeded"].fillna(False).any():
            check.fails("session", "donor update was switched off between create and terminate", check.cite(output))
        elif not any(word.split()[-1:] == ["on"] for word in words):
            message = "donor update was changed; to what, or whether it worked, is not told"
            check.inconclusive("session", message, evidence=check.cite(output))


@rule(
    "SES005", "session.donor-update-stays-on", BLOCKER,
    gates="created ready copying copied terminated", required="created ready copying copied",
    needs=("pairs", "session_pairs", "operations"),
    harm_ends="unmasked",
    reference="white paper page 18: terminate removes the ability to fail back; figure 5: flag U",
)  # fmt: skip
def donor_update_stays_on(check: Check) -> None:
    """Donor update is on from create until terminate.

    Why: without it, what was written since activation exists on the new array only, and a failback loses it.
    Passes when: flag U is X for all pairs in every query before terminate, and nobody switched donor update off; after
    terminate the pass notes that failback is gone.
    Fails when: a query shows U off for a pair, or `set donor_update off` succeeded.
    Inconclusive when: no query stands, a pair is missing in it, or (at terminated) terminate was not captured.
    Remedy: before activation create the session again; after it, count a failback as loss of data and have that signed.
    """
    _donor_update_off(check)
    if check.gate < Gate.TERMINATED:
        session_rows(check)
    queries = queries_of_session(check)
    rows = rows_of_queries(check, queries)
    if not len(rows):
        raise MissingEvidence("not captured: a query of the session before terminate", "symrcopy -f <pair file> query")
    if len(pairs_without(check, rows)):
        check.inconclusive("session", "not every pair is in a query", table="session_pairs")
    off = "donor update is off: writes since activation exist only on the new array, a failback loses them"
    if check.gate < Gate.COPYING:
        off = "donor update is off: after activation a failback would lose what was written"
    _expect_flag(check, rows, "donor_update", "X", {"": off})
    if check.gate >= Gate.TERMINATED:
        ended = newest(done_steps(check, "terminate"))
        if not ended:
            raise MissingEvidence("not captured: symrcopy terminate", "symrcopy -f <pair file> terminate -migrate")
        when = f" at {ended[0].time.isoformat()}" if ended[0].time else ""
        check.note(f"failback removed{when} by terminate", "session", check.cite(*ended))
    check.passes(f"U is X in {len(queries)} queries")


@rule(
    "SES006", "session.is-not-differential", WARNING,
    gates="created ready", needs=("pairs", "session_pairs"),
    reference="white paper figure 5: flag D and its legend",
)  # fmt: skip
def is_not_differential(check: Check) -> None:
    """No session is differential.

    Why: a migration copies once; a differential session keeps a second relation that nobody planned.
    Passes when: flag D is a dot for all pairs of the newest query.
    Fails when: it is X for a pair (a warning).
    Inconclusive when: no query stands or a pair is missing in it.
    Remedy: create again without -differential.
    """
    rows = session_rows(check)
    _expect_flag(check, rows, "differential", ".", {"": "is a differential session"})
    check.passes(f"none of {len(rows)} pairs is differential")


@rule(
    "SES007", "session.copies-in-background", BLOCKER,
    gates="created ready copying", required="copying", needs=("pairs", "session_pairs"),
    harm_ends="copied",
    reference="white paper page 15: the session is set to copy mode; figures 5 and 12: flag C",
)  # fmt: skip
def copies_in_background(check: Check) -> None:
    """The background copy is off while a session is only created, and on once it is activated.

    Why: without it only those tracks move that a host touches, and the session never comes to an end by itself.
    Passes when: flag C is a dot for every pair that is Created (X is noted) and X for every pair that is copying or
    Copied.
    Fails when: C is a dot for a pair that is activated.
    Inconclusive when: no query stands, a pair is missing in it, or its state says neither.
    Remedy: symrcopy set mode copy.
    """
    rows = session_rows(check)
    status = rows["status"].fillna("")
    other = ~status.isin(("Created", *_ACTIVE_STATES))
    activated = bool(done_steps(check, "activate"))
    created = (status == "Created") & (not activated)
    on_access = other & status.str.lower().str.startswith("copyonacc")
    for row in each(rows, created & (rows["background_copy"] == "X")):
        message = f"{row.pair}: background copy is set before activation"
        check.note(message, Subject.of_pair(row.pair), check.cite(row))
    active = status.isin(_ACTIVE_STATES) | on_access | ((status == "Created") & activated)
    words = {"": "copies on access only: the session will never finish by itself"}
    _expect_flag(check, rows[active], "background_copy", "X", words)
    _expect_flag(check, where(rows, created & rows["background_copy"].isna()), "background_copy", ".", words)
    for row in each(rows, other & ~on_access):
        message = f"is {state_of(row)}: whether it should copy is not known"
        check.inconclusive(Subject.of_pair(row.pair), message, evidence=check.cite(row))
    check.passes(f"C is off for {int(created.sum())} Created pairs, on for {int(active.sum())} activated ones")


@rule(
    "SES008", "session.flags-are-uniform", WARNING,
    gates="created copying", needs=("pairs", "session_pairs"),
    reference="white paper figures 5, 12, 14: ...XXM. becomes X..XXM. and stays",
)  # fmt: skip
def flags_are_uniform(check: Check) -> None:
    """All pairs have the same flags, which change in C only.

    Why: a pair with other flags was created in another session, or by another hand.
    Passes when: within each query all pairs have one string of flags and R and I are S and D, and a pair's flags differ
    between queries in C alone.
    Fails when: a pair differs (a warning).
    Inconclusive when: no query stands or a pair is missing in it.
    Remedy: find out in which session that pair was created.
    """
    session_rows(check)
    rows = rows_of_queries(check, queries_of_session(check))
    for row in each(rows, rows["flags"].isna() | rows["remote_kind"].isna()):
        message = "its flags were not captured"
        check.inconclusive(Subject.of_pair(row.pair), message, table="session_pairs", evidence=check.cite(row))
    rows = dropna(rows, ["flags", "remote_kind"])
    for _, query in rows.groupby("block", observed=True):
        common = str(query["flags"].mode().iloc[0])
        alike = where(query, query["flags"] == common).head(1)
        for row in each(query, query["flags"] != common):
            message = f"has flags {row.flags} where the others have {common}"
            check.fails(Subject.of_pair(row.pair), message, check.cite(row, alike))
    for row in each(rows, rows["remote_kind"] != "SD"):
        message = f"R and I are {row.remote_kind}, not SD (a Symmetrix device by name)"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row))
    steady = rows.assign(steady=rows["flags"].str.slice(1))
    changed = steady.groupby("pair")["steady"].transform("nunique") > 1
    for pair, of_pair in steady[changed].groupby("pair", sort=False, observed=True):
        different = drop_duplicates(of_pair, "steady")
        message = f"changed flags between queries: {' and '.join(different['flags'])}"
        check.fails(Subject.of_pair(pair), message, check.cite(different))
    check.passes("flags: " + ", ".join(dict.fromkeys(rows["flags"])))


@rule(
    "SES009", "session.is-untouched-before-activation", BLOCKER,
    gates="created masked ready", required="created ready", needs=("pairs", "session_pairs", "identities"),
    reference="white paper page 11, figure 5; figure 6 for the sizes",
)  # fmt: skip
def is_untouched_before_activation(check: Check) -> None:
    """Before activation all pairs are Created, with nothing copied.

    Why: a pair that has moved tracks was activated by somebody, with the hosts not yet prepared.
    Passes when: in the last query every pair is Created, Done is N/A, and the protected tracks are the whole device as
    the identity shows it (64 KB a track, to less than 1 MB).
    Fails when: a pair is in another state, Done has a number, or tracks are missing.
    Inconclusive when: no query stands, a pair is missing in it, or no capture shows how large the device is.
    Remedy: find out who activated it; do not go on.
    """
    rows = session_rows(check)
    untouched = (rows["status"] == "Created") & rows["done_percent"].isna()
    for row in each(rows, ~untouched):
        tracks = "an unread number of" if pd.isna(row.protected_tracks) else row.protected_tracks
        done = "N/A" if pd.isna(row.done_percent) else row.done_percent
        message, cited = f"is {state_of(row)}, {tracks} tracks left, Done {done}", check.cite(row)
        if isinstance(row.status, str):
            check.fails(Subject.of_pair(row.pair), message, cited)
        else:
            check.inconclusive(Subject.of_pair(row.pair), message, table="session_pairs", evidence=cited)
    identities = check.optional("identities")[["symmetrix", "device", "capacity_mb", "capture", "line"]]
    keys = ["control_symmetrix", "control_device"]
    identities = identities.rename(columns=dict(zip(["symmetrix", "device"], keys, strict=True)))
    sized = rows[untouched].merge(identities, how="left", on=keys, suffixes=("", "_identity"))
    unknown = sized["capacity_mb"].isna() | sized["protected_tracks"].isna()
    if unknown.any():
        names = ", ".join(sized["pair"][unknown].head(5))
        message = f"how many tracks the whole device has is not known for {names}"
        check.inconclusive("session", message, table="identities")
    sized["left_mb"] = tracks_to_mb(1) * sized["protected_tracks"]
    apart = (sized["left_mb"] - sized["capacity_mb"]).abs() >= SIZE_TOLERANCE_MB
    for row in each(sized, is_true(apart)):
        message = f"{row.protected_tracks} tracks left are {row.left_mb} MB, the device has {row.capacity_mb} MB"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row, position(row, "_identity")))
    check.passes(f"{len(rows)} pairs Created, {int(rows['protected_tracks'].sum())} tracks, nothing copied")
