"""SES: activation, progress of the copy, and the proof that it is complete."""

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, is_true, isin_rows, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each, position
from flmparse.evidence.timeline import before, newest, ordered
from flmparse.facts.copied import QUERY, VERIFY, Outcome, proof_of_copied, statements
from flmparse.facts.session import (
    contradict_themselves,
    done_steps,
    every_pair_listed,
    last_run,
    pairs_without,
    queries_of_session,
    rows_of_queries,
    session_rows,
    state_of,
)
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule

SLOW_SHARE = 0.5
"""A pair that copies less than this share of what the median pair does is slow."""

PAIR = ["control_symmetrix", "control_device"]


def _since_activation(check: Check) -> list[Output]:
    """Return the queries known to be after the last activate, in order; raises MissingEvidence where there are none."""
    activated = newest(done_steps(check, "activate"))
    if not activated:
        raise MissingEvidence("not captured: symrcopy activate", "symrcopy -f <pair file> activate -migrate")
    after = [query for query in queries_of_session(check) if all(before(step, query) is True for step in activated)]
    if not after:
        raise MissingEvidence("not captured: a query after activate", QUERY)
    return ordered(after)


@rule(
    "SES010", "session.activation-took-effect", BLOCKER,
    gates="copying", required="copying", needs=("pairs", "operations", "session_pairs"),
    reference="white paper pages 15 and 16, figures 11 and 12",
)  # fmt: skip
def activation_took_effect(check: Check) -> None:
    """Activation succeeded, and every pair is copying or copied.

    Why: a pair that stayed behind may be passive on both arrays: its disk has no owner.
    Passes when: activate -migrate reports success for the pair file, and in the newest query since every pair is
    CopyInProg or Copied, and was never Created again in one before.
    Fails when: activate failed or ran without -migrate, or a pair is in another state in that query or was Created in any since.
    Inconclusive when: activate or a query after it was not captured, or a pair is missing in it.
    Remedy: stop; check the host access modes of both devices; symrcopy failback or support before anything else.
    """
    for problem, cited in last_run(check, "activate", ("-migrate",)).problems:
        check.fails("activate", problem, cited)
    after = _since_activation(check)
    last = newest(after)
    rows = rows_of_queries(check, last)
    every_pair_listed(check, rows, "the last query after activate")
    for row in each(rows, ~rows["status"].isin(("CopyInProg", "Copied"))):
        if len(last) > 1 and row.status != "Created":
            message = f"is {state_of(row)} in one of {len(last)} queries whose order is not known"
            check.inconclusive(Subject.of_pair(row.pair), message, evidence=check.cite(row))
        elif pd.isna(row.status):
            message = f"is {state_of(row)} after activate"
            check.inconclusive(Subject.of_pair(row.pair), message, evidence=check.cite(row))
        else:
            message = f"is {row.status} after activate: its host access may be passive on both sides"
            check.fails(Subject.of_pair(row.pair), message, check.cite(row, *done_steps(check, "activate")))
    earlier = [query for query in after if query not in last]
    rows_before = rows_of_queries(check, earlier)
    for row in each(drop_duplicates(where(rows_before, rows_before["status"] == "Created"), "pair")):
        message = "is Created after activate: its host access may be passive on both sides"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row, *done_steps(check, "activate")))
    check.passes(f"activated; the last query after it shows all {len(rows)} pairs CopyInProg or Copied")


@rule(
    "SES011", "session.no-pair-failed", BLOCKER,
    gates="created ready copying copied", required="copying copied", needs=("pairs", "session_pairs"),
    reference="white paper figure 5, legend (*); the words of `policy.good_states` and `policy.bad_states`",
)  # fmt: skip
def no_pair_failed(check: Check) -> None:
    """No pair is failed or in a state that nobody knows.

    Why: errors fail or stall a session; what it has not copied is missing on the target.
    Passes when: every state in the newest query is one of `policy.good_states` and carries no mark (*).
    Fails when: a state is one of `policy.bad_states`, or a pair carries the mark (*) of a failed session.
    Inconclusive when: a state is in neither list or contradicts the tracks left and Done beside it (Copied with tracks
    left, Created with 100 %), no query stands, or a pair is missing in it.
    Remedy: read the session's detail; the mark (*), that it can be reactivated, is not expected of a pull: ask support.
    """
    rows = session_rows(check)
    rows = rows.assign(can_reactivate=is_true(rows["can_reactivate"]))
    bad = rows["can_reactivate"] | rows["status"].isin(check.policy.bad_states)
    for row in each(rows, bad):
        mark = " (*): not expected of a pull; ask support" if bool(row.can_reactivate) else ""
        check.fails(Subject.of_pair(row.pair), f"is {state_of(row)}{mark}", check.cite(row))
    for row in each(rows, ~bad & ~rows["status"].isin(check.policy.good_states)):
        message = f"is {state_of(row)}"
        if pd.notna(row.status):
            message += ", a state that neither list of the policy has"
        check.inconclusive(Subject.of_pair(row.pair), message, evidence=check.cite(row))
    for row in each(rows, contradict_themselves(rows)):
        done = "N/A" if pd.isna(row.done_percent) else f"{row.done_percent} %"
        message = f"contradicts itself: {state_of(row)}, {row.protected_tracks} tracks left, Done {done}"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=QUERY, evidence=check.cite(row))
    check.passes(f"{len(rows)} pairs: " + ", ".join(sorted(set(rows["status"].dropna()))))


@rule(
    "SES012", "session.done-agrees-with-tracks", WARNING,
    gates="copying", needs=("pairs", "session_pairs"),
    reference="white paper figures 5, 12, 14: 5.68 % is shown as 5, 19.49 % as 19",
)  # fmt: skip
def done_agrees_with_tracks(check: Check) -> None:
    """Done agrees with the tracks that are left.

    Why: if the two disagree, the capture was edited or holds rows of two moments.
    Passes when: in every query Done is the copied share of the tracks of the Created query, cut to whole percent.
    Fails when: it is another number (a warning).
    Inconclusive when: no query of the Created session, which tells the whole number of tracks, or none since activation
    was captured.
    Remedy: query again; look for the hand that edited the log.
    """
    session_rows(check)
    rows = rows_of_queries(check, queries_of_session(check))
    created = where(rows, (rows["status"] == "Created") & rows["done_percent"].isna())
    full = drop_duplicates(created, [*PAIR, "protected_tracks"]).rename(columns={"protected_tracks": "full_tracks"})
    for pair, sizes in where(full, full.duplicated(PAIR, keep=False)).groupby("pair", observed=True):
        message = "two Created queries give it different sizes"
        check.inconclusive(Subject.of_pair(pair), message, evidence=check.cite(sizes))
    full = full.drop_duplicates(PAIR, keep=False)
    moving = where(rows, rows["status"] != "Created")
    if not len(moving):
        raise MissingEvidence("not captured: a query after activate", QUERY)
    rows = moving.merge(full[[*PAIR, "full_tracks", "capture", "line"]], how="left", on=PAIR, suffixes=("", "_full"))
    complete = is_true(rows["full_tracks"].gt(0))
    complete &= rows["done_percent"].notna() & rows["protected_tracks"].notna()
    for row in each(drop_duplicates(where(rows, ~complete), "pair")):
        message = "its Done or its whole number of tracks is not known"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=QUERY, evidence=check.cite(row))
    judged = where(rows, complete)
    copied = judged["full_tracks"] - judged["protected_tracks"]
    judged = judged.assign(expected=(100 * copied) // judged["full_tracks"], exact=100 * copied / judged["full_tracks"])
    for row in each(judged, judged["expected"] != judged["done_percent"]):
        message = f"Done says {row.done_percent} but {row.exact:.2f} % of its {row.full_tracks} tracks are copied"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row, position(row, "_full")))
    check.passes(f"Done is the share of copied tracks in all {len(judged)} rows")


def _steps_between(check: Check, queries: list[Output]) -> "pd.DataFrame":
    """Return each pair's tracks in each query beside those in the query before it.

    Columns: those of the query, ``pair``, ``order`` (0 for the first query), ``tracks_before``, ``capture_before``,
    ``line_before`` and ``order_before`` (null where no query before lists the pair).
    """
    numbers = {output.index: number for number, output in enumerate(queries)}
    rows = rows_of_queries(check, queries)
    rows = rows.assign(order=rows["block"].map(numbers)).sort_values("order", kind="stable")
    earlier = rows.groupby(PAIR, observed=True, sort=False)
    shifted = {"tracks_before": "protected_tracks", "line_before": "line", "order_before": "order"}
    rows = rows.assign(**{name: earlier[column].shift() for name, column in shifted.items()})
    return rows.assign(capture_before=earlier["capture"].shift())


@rule(
    "SES013", "session.never-goes-backwards", BLOCKER,
    gates="copying", required="copying", needs=("pairs", "session_pairs"),
    reference="white paper figures 5, 12, 14: 60000, 56252, 45580 tracks left",
)  # fmt: skip
def never_goes_backwards(check: Check) -> None:
    """The tracks left never grow while the session is the same.

    Why: a session that has more to copy than before was created anew, or the captures are out of order.
    Passes when: over the queries in order, from the Created one on, no pair has more tracks left than before.
    Fails when: a pair has.
    Inconclusive when: fewer than two queries list a pair, or nothing tells which of two queries came first.
    Remedy: put the captures in order; find out whether the session was created again.
    """
    session_rows(check)
    queries = ordered(queries_of_session(check))
    rows = _steps_between(check, queries)
    follow = where(rows, rows["tracks_before"].notna() & rows["protected_tracks"].notna())
    listed_once = pairs_without(check, follow)
    if len(listed_once):
        names = ", ".join(listed_once["pair"].head(5))
        check.inconclusive("session", f"no two queries list {names}", capture=QUERY)
    unordered = [
        number for number in range(1, len(queries)) if before(queries[number - 1], queries[number]) is not True
    ]
    for number in unordered:
        moved = where(follow, (follow["order"] == number) & (follow["protected_tracks"] != follow["tracks_before"]))
        if len(moved):
            message, cited = (
                "nothing tells which of two queries came first",
                check.cite(*queries[number - 1 : number + 1]),
            )
            check.inconclusive("session", message, evidence=cited)
    grown = where(follow, (follow["protected_tracks"] > follow["tracks_before"]) & ~follow["order"].isin(unordered))
    for row in each(grown):
        message = f"had {int(row.tracks_before)} tracks left, then {row.protected_tracks}"
        check.fails(Subject.of_pair(row.pair), message, check.cite(position(row, "_before"), row))
    check.passes(f"{len(queries)} queries, tracks left only fall")


@rule(
    "SES014", "session.no-pair-is-stalled", BLOCKER,
    gates="copying", needs=("pairs", "session_pairs"),
    reference="white paper figures 12 and 14; Open Replicator considerations: errors stall a pull, they do not fail it",
)  # fmt: skip
def no_pair_is_stalled(check: Check) -> None:
    """No pair is stalled or much slower than the others.

    Why: I/O errors do not fail a hot pull, they stall it; that nothing moves is the only sign of them. A stalled pair
    keeps the session, and with it failback and the old array, open without end.
    Passes when: between the last two queries since activation every pair that is not Copied has come down, none by less
    than half of what the median pair did; with times, none slower than `policy.min_tracks_per_minute`.
    Fails when: none of the pairs that are not Copied has come down for `policy.stall_minutes`. One that has not come
    down while others have, or is slower, warns, and so does a standstill of fewer minutes.
    Inconclusive when: there are fewer than two queries since activation, nothing tells which came first, or nothing has
    moved and the queries have no times.
    Remedy: look for I/O errors on the ports between the arrays; check pace and ceiling of the session, load of the
    front-end ports, paths between the arrays.
    """
    queries = _since_activation(check)
    rows = _steps_between(check, queries[-2:])
    last = where(rows, rows["order"] == rows["order"].max())
    every_pair_listed(check, last, "the last query")
    left = where(last, (last["status"] != "Copied") & (last["protected_tracks"].fillna(1) > 0))
    if not len(left):
        check.passes("every pair is Copied: nothing is left to stall")
        return
    if len(queries) < 2:
        raise MissingEvidence("not captured: a second query after activate", QUERY)
    if before(queries[-2], queries[-1]) is not True:
        raise MissingEvidence("nothing tells which of the last two queries came first", QUERY)
    for row in each(left, left["tracks_before"].isna() | left["protected_tracks"].isna()):
        message = "how many tracks it had left is not in both of the last two queries"
        check.inconclusive(Subject.of_pair(row.pair), message, evidence=check.cite(row))
    left = dropna(left, ["tracks_before", "protected_tracks"])
    if not len(left):
        return
    first_time, last_time = queries[-2].time, queries[-1].time
    minutes = (last_time - first_time).total_seconds() / 60 if first_time and last_time else 0.0
    span = f"in {minutes:g} minutes" if minutes else "between the last two queries"
    left = left.assign(copied=(left["tracks_before"] - left["protected_tracks"]).astype("float64"))
    if (left["copied"] <= 0).all():
        _stand_still(check, queries, left)
        return
    median = float(left["copied"].median())
    lowest = max(SLOW_SHARE * median, check.policy.min_tracks_per_minute * minutes)
    for row in each(left, (left["copied"] <= 0) | (left["copied"] < lowest)):
        message = f"copied {int(row.copied)} tracks {span}, the median pair {median:g}"
        if row.copied <= 0:
            message = f"no progress {span}, while others moved: {row.protected_tracks} tracks left"
        check.warns(Subject.of_pair(row.pair), message, check.cite(position(row, "_before"), row))
    check.passes(f"all {len(left)} pairs that are not Copied came down {span}")
    if minutes:
        slowest = (left["protected_tracks"] * minutes / left["copied"].clip(lower=1e-9)).max()
        check.note(f"at this rate the last pair needs {slowest:.0f} more minutes")
    else:
        check.note("when it will end is not decidable: no times")


def _stand_still(check: Check, queries: list[Output], left: "pd.DataFrame") -> None:
    """State that none of the pairs left has come down, and for how long: since the first query from which on none did."""
    rows = _steps_between(check, queries)
    rows = where(rows, isin_rows(rows[PAIR], left[PAIR]))
    fewest = rows.groupby("order")["protected_tracks"].sum()
    since = next(number for number in range(len(queries)) if (fewest.loc[number:] <= fewest.iloc[-1]).all())
    cited = check.cite(where(rows, rows["order"] == since), left)
    started, ended = queries[since].time, queries[-1].time
    tracks, subject = int(left["protected_tracks"].sum()), "session"
    if started is None or ended is None or started >= ended:
        message = f"no pair moved between the queries ({tracks} tracks left), and no times tell for how long"
        check.inconclusive(subject, message, capture=QUERY, evidence=cited)
        return
    minutes = (ended - started).total_seconds() / 60
    message = f"no progress of any of {len(left)} pairs in {minutes:g} minutes, {tracks} tracks left"
    if minutes >= check.policy.stall_minutes:
        check.fails(subject, f"{message}: a pull that meets I/O errors stalls", cited)
    else:
        check.warns(subject, message, cited)


@rule(
    "SES015", "session.all-pairs-proved-copied", BLOCKER,
    gates="copied", required="copied", needs=("pairs", "session_pairs", "session_verdicts"), waivable=False,
    reference="white paper page 18, figure 15; figure 14 leaves 136940 tracks",
)  # fmt: skip
def all_pairs_proved_copied(check: Check) -> None:
    """All pairs are proved Copied.

    Why: terminate ends the copy and the way back; what is not copied by then is lost.
    Passes when: both say so since the last change of the session: the last query shows every pair Copied, 0 tracks left
    and Done 100, and `symrcopy verify` of this pair file says that all devices are in 'Copied' state.
    Fails when: the last query shows a pair that is not Copied, or a later verify says so.
    Inconclusive when: one of the two is not captured, the last query is older than the verify and shows something left,
    the sentence stands under another command than verify (or under none), or the order is not known. A verify of another
    pair file proves nothing.
    Remedy: run `symrcopy -f <pair file> verify -copied` and `symrcopy -f <pair file> query`, and keep both.
    """
    proving, loose = statements(check, check.at_gate.outputs)
    proof = proof_of_copied(proving, loose)
    if proof.outcome is Outcome.REFUTED:
        check.fails("session", proof.message, proof.evidence)
        return
    if proof.outcome is Outcome.UNPROVED:
        check.inconclusive("session", proof.message, capture=f"{VERIFY}; {QUERY}", evidence=list(proof.evidence))
        return
    for screen, capture, name in (("symrcopy_query", QUERY, "query"), ("symrcopy_verify", VERIFY, "verify")):
        of_kind = proof_of_copied([item for item in proving if item.output.screen == screen], [])
        if of_kind.outcome is not Outcome.PROVED:
            shown = of_kind.message if of_kind.evidence else f"no {name} of the session as it runs was captured"
            message = f"{proof.message}; but {shown}: before terminate both have to say Copied"
            check.inconclusive("session", message, capture=capture, evidence=(*proof.evidence, *of_kind.evidence))
    check.passes(proof.message)


@rule(
    "SES016", "session.query-and-verify-agree", WARNING,
    gates="copied", needs=("pairs", "session_pairs", "session_verdicts"),
    reference="white paper figures 14 and 15: 70 % left, then Copied",
)  # fmt: skip
def query_and_verify_agree(check: Check) -> None:
    """The last query and the last verify do not contradict each other.

    Why: one of two that disagree belongs to another session or another moment, and either may be the one relied on.
    Passes when: both say Copied (or both say not), or what differs was captured first and both are dated.
    Fails when: a query after the verify shows a pair that is not Copied, or a verify denies what a query before it
    showed (a warning).
    Inconclusive when: one of the two is missing or they differ and have no times. A sentence that does not stand under
    `verify` is no verify.
    Remedy: capture both again, the query last.
    """
    proving, claims = statements(check, check.at_gate.outputs)
    queries = [item for item in proving if item.output.screen == "symrcopy_query" and item.copied is not None]
    verifies = [item for item in proving if item.output.screen == "symrcopy_verify"]
    if not verifies:
        message = "no verify of this pair file was captured" + (f"; {claims[0].message}" if claims else "")
        cited = [line for item in claims for line in item.evidence]
        check.inconclusive("session", message, capture=VERIFY, evidence=cited)
    if not queries:
        check.inconclusive("session", "no query since activation shows all pairs", capture=QUERY)
    last_queries = newest(item.output for item in queries)
    last_verifies = newest(item.output for item in verifies)
    for query in (item for item in queries if item.output in last_queries):
        for verify in (item for item in verifies if item.output in last_verifies):
            if query.copied == verify.copied:
                check.passes("the last query and the last verify agree")
                continue
            later, earlier = (query, verify) if before(verify.output, query.output) else (verify, query)
            evidence = [*earlier.evidence, *later.evidence]
            if before(earlier.output, later.output) is True and not later.copied:
                check.fails("session", f"{earlier.message}, but later {later.message}", evidence)
            elif before(earlier.output, later.output) is True and None not in (earlier.output.time, later.output.time):
                check.passes(f"{earlier.message}; later {later.message}")
            else:
                message = f"{earlier.message}; {later.message}; no times tell which holds"
                check.inconclusive("session", message, evidence=evidence)
