"""SES: activation, progress of the copy, and the proof that it is complete."""

from typing import TYPE_CHECKING

from flmparse.collection import ReadBlock
from flmparse.columns.selection import drop_duplicates, group_rows, merge, where
from flmparse.evidence.migration import Missing
from flmparse.evidence.timeline import before, newest, ordered
from flmparse.findings import Evidence
from flmparse.rules.copied import QUERY, VERIFY, Outcome, proof_of_copied, statements
from flmparse.rules.identity import place
from flmparse.rules.rule import BLOCKER, WARNING, Inquiry, each, rule
from flmparse.rules.session import (
    done_steps,
    pairs_without,
    queries_of_session,
    rows_of,
    session_rows,
    step_ran,
    with_pair_names,
)

if TYPE_CHECKING:
    import pandas as pd

SLOW_SHARE = 0.5
"""A pair that copies less than this share of the median pair is told of."""

PAIR = ["control_symmetrix", "control_device"]


def _lacking(ask: Inquiry, rows: "pd.DataFrame", origin: str) -> None:
    lacking = pairs_without(ask, rows)
    if len(lacking):
        names = ", ".join(lacking["pair"].head(5))
        ask.gap("session", f"{len(lacking)} pairs are not in {origin}: {names}", table="session_pairs")


def _since_activation(ask: Inquiry) -> list[ReadBlock]:
    """Return the queries known to be after the last activate, in order; raises Missing where there are none."""
    activated = newest(done_steps(ask, "activate"))
    if not activated:
        raise Missing("not captured: symrcopy activate", "symrcopy -f <pair file> activate -migrate")
    after = [q for q in queries_of_session(ask) if all(before(step, q) is True for step in activated)]
    if not after:
        raise Missing("not captured: a query after activate", QUERY)
    return ordered(after)


@rule(
    "SES010", "session.activation-took-effect", BLOCKER,
    gates="copying", required="copying", needs=("pairs", "operations", "session_pairs"),
    reference="white paper pages 15 and 16, figures 11 and 12",
)  # fmt: skip
def activation_took_effect(ask: Inquiry) -> None:
    """Activation succeeded, and every pair is copying or copied.

    Why: a pair that stayed behind may be passive on both arrays: its disk has no owner.
    Passes when: activate -migrate reports success for the pair file, and in the first query after it every pair is
    CopyInProg or Copied.
    Fails when: activate failed or ran without -migrate, or a pair is in another state in that query.
    Inconclusive when: activate or a query after it was not captured, or a pair is missing in it.
    Remedy: stop; check the host access modes of both devices; symrcopy failback or support before anything else.
    """
    step_ran(ask, "activate", ("-migrate",))
    after = _since_activation(ask)
    first = [q for q in after if not any(before(other, q) is True for other in after)]
    rows = with_pair_names(rows_of(ask, "session_pairs", first))
    _lacking(ask, rows, "the first query after activate")
    for row in each(rows, ~rows["status"].isin(("CopyInProg", "Copied"))):
        if len(first) > 1:
            ask.gap(str(row.pair), f"is {row.status} in one of {len(first)} queries whose order is not known",
                    evidence=ask.cite(row))  # fmt: skip
            continue
        message = f"is {row.status} after activate: its host access may be passive on both sides"
        ask.fails(str(row.pair), message, ask.cite(row, *done_steps(ask, "activate")))
    ask.holds(f"activated; the first query after it shows all {len(rows)} pairs CopyInProg or Copied")


@rule(
    "SES011", "session.no-pair-failed", BLOCKER,
    gates="created ready copying copied", required="copying copied", needs=("pairs", "session_pairs"),
    reference="white paper figure 5, legend (*); the words of `policy.good_states` and `policy.bad_states`",
)  # fmt: skip
def no_pair_failed(ask: Inquiry) -> None:
    """No pair is failed or in a state that nobody knows.

    Why: errors fail or stall a session; what it has not copied is missing on the target.
    Passes when: every state in the newest query is one of `policy.good_states` and carries no mark (*).
    Fails when: a state is one of `policy.bad_states`, or a pair carries the mark (*) of a failed session.
    Inconclusive when: a state is in neither list, no query stands, or a pair is missing in it.
    Remedy: read the session's detail; a failed session that is marked (*) can be activated again.
    """
    rows = session_rows(ask)
    rows = rows.assign(can_reactivate=rows["can_reactivate"].fillna(False).astype(bool))
    bad = rows["can_reactivate"] | rows["status"].isin(ask.policy.bad_states)
    for row in each(rows, bad):
        mark = " (*): it can be activated again" if bool(row.can_reactivate) else ""
        ask.fails(str(row.pair), f"is {row.status}{mark}", ask.cite(row))
    for row in each(rows, ~bad & ~rows["status"].isin(ask.policy.good_states)):
        ask.gap(str(row.pair), f"is {row.status}, a state that neither list of the policy has", evidence=ask.cite(row))
    ask.holds(f"{len(rows)} pairs: " + ", ".join(sorted(set(rows["status"].dropna()))))


@rule(
    "SES012", "session.done-agrees-with-tracks", WARNING,
    gates="copying", needs=("pairs", "session_pairs"),
    reference="white paper figures 5, 12, 14: 5.68 % is shown as 5, 19.49 % as 19",
)  # fmt: skip
def done_agrees_with_tracks(ask: Inquiry) -> None:
    """Done agrees with the tracks that are left.

    Why: if the two disagree, the capture was edited or holds rows of two moments.
    Passes when: in every query Done is the copied share of the tracks of the Created query, cut to whole percent.
    Fails when: it is another number (a warning).
    Inconclusive when: no query of the Created session, which tells the whole number of tracks, or none since activation
    was captured.
    Remedy: query again; look for the hand that edited the log.
    """
    session_rows(ask)
    rows = with_pair_names(rows_of(ask, "session_pairs", queries_of_session(ask)))
    created = where(rows, (rows["status"] == "Created") & rows["done_percent"].isna())
    full = drop_duplicates(created, [*PAIR, "protected_tracks"]).rename(columns={"protected_tracks": "full_tracks"})
    for pair, rival in group_rows(where(full, full.duplicated(PAIR, keep=False)), "pair"):
        ask.gap(str(pair), "two Created queries give it different sizes", evidence=ask.cite(rival))
    full = full.drop_duplicates(PAIR, keep=False)
    moving = where(rows, rows["status"] != "Created")
    if not len(moving):
        raise Missing("not captured: a query after activate", QUERY)
    shown = merge(moving, full[[*PAIR, "full_tracks", "capture", "line"]], how="left", on=PAIR, suffixes=("", "_full"))
    known = shown["full_tracks"].gt(0).fillna(False) & shown["done_percent"].notna() & shown["protected_tracks"].notna()
    for row in drop_duplicates(where(shown, ~known.astype(bool)), "pair").itertuples():
        ask.gap(str(row.pair), "its Done or its whole number of tracks is not known", capture=QUERY,
                evidence=ask.cite(row))  # fmt: skip
    judged = where(shown, known.astype(bool))
    copied = judged["full_tracks"] - judged["protected_tracks"]
    judged = judged.assign(expected=(100 * copied) // judged["full_tracks"], exact=100 * copied / judged["full_tracks"])
    for row in each(judged, judged["expected"] != judged["done_percent"]):
        message = f"Done says {row.done_percent} but {row.exact:.2f} % of its {row.full_tracks} tracks are copied"
        ask.fails(str(row.pair), message, ask.cite(row, place(row, "_full")))
    ask.holds(f"Done is the share of copied tracks in all {len(judged)} rows")


def _steps_between(ask: Inquiry, queries: list[ReadBlock]) -> "pd.DataFrame":
    """Return each pair's tracks in each query beside those in the query before it.

    Columns: those of the query, ``pair``, ``order`` (0 for the first query), ``tracks_before``, ``capture_before``,
    ``line_before`` and ``order_before`` (null where no query before lists the pair).
    """
    place = {read.index: number for number, read in enumerate(queries)}
    rows = with_pair_names(rows_of(ask, "session_pairs", queries))
    rows = rows.assign(order=rows["block"].map(place)).sort_values("order", kind="stable")
    earlier = rows.groupby(PAIR, observed=True, sort=False)
    shifted = {"tracks_before": "protected_tracks", "line_before": "line", "order_before": "order"}
    rows = rows.assign(**{name: earlier[column].shift() for name, column in shifted.items()})
    return rows.assign(capture_before=earlier["capture"].shift())


def _cite_both(ask: Inquiry, row: "pd.Series") -> list[Evidence]:
    return [
        ask.quote(str(row["capture_before"]), int(row["line_before"]), int(row["line_before"])),
        *ask.cite(row),
    ]


@rule(
    "SES013", "session.never-goes-backwards", BLOCKER,
    gates="copying", required="copying", needs=("pairs", "session_pairs"),
    reference="white paper figures 5, 12, 14: 60000, 56252, 45580 tracks left",
)  # fmt: skip
def never_goes_backwards(ask: Inquiry) -> None:
    """The tracks left never grow while the session is the same.

    Why: a session that has more to copy than before was created anew, or the captures are out of order.
    Passes when: over the queries in order, from the Created one on, no pair has more tracks left than before.
    Fails when: a pair has.
    Inconclusive when: fewer than two queries list a pair, or nothing tells which of two queries came first.
    Remedy: put the captures in order; find out whether the session was created again.
    """
    session_rows(ask)
    queries = ordered(queries_of_session(ask))
    rows = _steps_between(ask, queries)
    follow = where(rows, rows["tracks_before"].notna() & rows["protected_tracks"].notna())
    seen_once = pairs_without(ask, follow)
    if len(seen_once):
        names = ", ".join(seen_once["pair"].head(5))
        ask.gap("session", f"no two queries list {names}", capture=QUERY)
    unsure = [number for number in range(1, len(queries)) if before(queries[number - 1], queries[number]) is not True]
    for number in unsure:
        moved = where(follow, (follow["order"] == number) & (follow["protected_tracks"] != follow["tracks_before"]))
        if len(moved):
            ask.gap("session", "nothing tells which of two queries came first",
                    evidence=ask.cite(queries[number - 1], queries[number]))  # fmt: skip
    grown = where(follow, (follow["protected_tracks"] > follow["tracks_before"]) & ~follow["order"].isin(unsure))
    for _, row in grown.iterrows():
        message = f"had {int(row['tracks_before'])} tracks left, then {row['protected_tracks']}"
        ask.fails(str(row["pair"]), message, _cite_both(ask, row))
    ask.holds(f"{len(queries)} queries, tracks left only fall")


@rule(
    "SES014", "session.no-pair-is-stalled", WARNING,
    gates="copying", needs=("pairs", "session_pairs"),
    reference="white paper figures 12 and 14; practice",
)  # fmt: skip
def no_pair_is_stalled(ask: Inquiry) -> None:
    """No pair is stalled or much slower than the others.

    Why: a stalled pair keeps the session, and with it failback and the old array, open without end.
    Passes when: between the last two queries since activation every pair that is not Copied has come down, none by less
    than half of what the median pair did; with times, none slower than `policy.min_tracks_per_minute`.
    Fails when: a pair has not come down or is slower (a warning).
    Inconclusive when: there are fewer than two queries since activation, or nothing tells which came first.
    Remedy: check pace and ceiling of the session, load of the front-end ports, paths between the arrays.
    """
    queries = _since_activation(ask)
    rows = _steps_between(ask, queries[-2:])
    last = where(rows, rows["order"] == rows["order"].max())
    _lacking(ask, last, "the last query")
    left = where(last, (last["status"] != "Copied") & (last["protected_tracks"].fillna(1) > 0))
    if not len(left):
        ask.holds("every pair is Copied: nothing is left to stall")
        return
    if len(queries) < 2:
        raise Missing("not captured: a second query after activate", QUERY)
    if before(queries[-2], queries[-1]) is not True:
        raise Missing("nothing tells which of the last two queries came first", QUERY)
    for row in each(left, left["tracks_before"].isna()):
        ask.gap(str(row.pair), "is not in the query before the last", evidence=ask.cite(row))
    left = where(left, left["tracks_before"].notna())
    first_time, last_time = queries[-2].time, queries[-1].time
    minutes = (last_time - first_time).total_seconds() / 60 if first_time and last_time else 0.0
    left = left.assign(copied=(left["tracks_before"] - left["protected_tracks"]).astype("float64"))
    median = float(left["copied"].median())
    lowest = max(SLOW_SHARE * median, ask.policy.min_tracks_per_minute * minutes)
    span = f"in {minutes:g} minutes" if minutes else "between the last two queries"
    for _, row in where(left, (left["copied"] <= 0) | (left["copied"] < lowest)).iterrows():
        message = f"copied {int(row['copied'])} tracks {span}, the median pair {median:g}"
        if row["copied"] <= 0:
            message = f"no progress {span}: {row['protected_tracks']} tracks left"
        ask.fails(str(row["pair"]), message, _cite_both(ask, row))
    ask.holds(f"all {len(left)} pairs that are not Copied came down {span}")
    if minutes:
        slowest = (left["protected_tracks"] * minutes / left["copied"].clip(lower=1e-9)).max()
        ask.notes(f"at this rate the last pair needs {slowest:.0f} more minutes")
    else:
        ask.notes("when it will end is not decidable: no times")


@rule(
    "SES015", "session.all-pairs-proved-copied", BLOCKER,
    gates="copied", required="copied", needs=("pairs", "session_pairs", "session_verdicts"), waivable=False,
    reference="white paper page 18, figure 15; figure 14 leaves 136940 tracks",
)  # fmt: skip
def all_pairs_proved_copied(ask: Inquiry) -> None:
    """All pairs are proved Copied.

    Why: terminate ends the copy and the way back; what is not copied by then is lost.
    Passes when: the last query shows every pair Copied, 0 tracks left and Done 100, or `symrcopy verify` of this pair
    file, later than the last query that says otherwise, says that all devices are in 'Copied' state.
    Fails when: the last query shows a pair that is not Copied, or a later verify says so.
    Inconclusive when: after that query the sentence stands under another command than verify (or under none), the order
    is not known, or neither was captured. A verify of another pair file proves nothing.
    Remedy: run `symrcopy -f <pair file> verify -copied` and `symrcopy -f <pair file> query`, and keep both.
    """
    said, loose = statements(ask, ask.standing.blocks)
    proof = proof_of_copied(said, loose)
    if proof.outcome is Outcome.REFUTED:
        ask.fails("session", proof.message, list(proof.evidence))
    elif proof.outcome is Outcome.UNPROVED:
        ask.gap("session", proof.message, capture=f"{VERIFY}; {QUERY}", evidence=list(proof.evidence))
    else:
        ask.holds(proof.message)


@rule(
    "SES016", "session.query-and-verify-agree", WARNING,
    gates="copied", needs=("pairs", "session_pairs", "session_verdicts"),
    reference="white paper figures 14 and 15: 70 % left, then Copied",
)  # fmt: skip
def query_and_verify_agree(ask: Inquiry) -> None:
    """The last query and the last verify do not contradict each other.

    Why: one of two that disagree belongs to another session or another moment, and either may be the one relied on.
    Passes when: both say Copied (or both say not), or what differs was captured first and both are dated.
    Fails when: a query after the verify shows a pair that is not Copied, or a verify denies what a query before it
    showed (a warning).
    Inconclusive when: one of the two is missing or they differ and have no times. A sentence that does not stand under
    `verify` is no verify.
    Remedy: capture both again, the query last.
    """
    said, loose = statements(ask, ask.standing.blocks)
    queries = [item for item in said if item.read.screen == "symrcopy_query" and item.copied is not None]
    verifies = [item for item in said if item.read.screen == "symrcopy_verify"]
    if not verifies:
        claim = f"; {loose[0].message}" if loose else ""
        ask.gap("session", f"no verify of this pair file was captured{claim}", capture=VERIFY,
                evidence=[line for item in loose for line in item.evidence])  # fmt: skip
    if not queries:
        ask.gap("session", "no query since activation shows all pairs", capture=QUERY)
    last_queries = newest(item.read for item in queries)
    last_verifies = newest(item.read for item in verifies)
    for query in (item for item in queries if item.read in last_queries):
        for verify in (item for item in verifies if item.read in last_verifies):
            if query.copied == verify.copied:
                ask.holds("the last query and the last verify agree")
                continue
            later, earlier = (query, verify) if before(verify.read, query.read) else (verify, query)
            evidence = [*earlier.evidence, *later.evidence]
            if before(earlier.read, later.read) is True and not later.copied:
                ask.fails("session", f"{earlier.message}, but later {later.message}", evidence)
            elif before(earlier.read, later.read) is True and None not in (earlier.read.time, later.read.time):
                ask.holds(f"{earlier.message}; later {later.message}")
            else:
                ask.gap("session", f"{earlier.message}; {later.message}; no times tell which holds", evidence=evidence)
