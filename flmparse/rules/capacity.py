"""CAP: no target is smaller than its source, and the figures of the captures agree with each other."""

import re
from typing import TYPE_CHECKING, Any

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, where
from flmparse.evidence.reader import each, position
from flmparse.facts.identities import target_identities
from flmparse.facts.session import accepted_by_create
from flmparse.facts.sizes import (
    ROUNDING_MB,
    TOTAL_ROUNDING_MB,
    smallest_native_sizes,
    sources_as_created,
    view_members,
    view_sums,
)
from flmparse.findings import Evidence, Subject
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.terms import TRACK_KB, tracks_to_mb

if TYPE_CHECKING:
    import pandas as pd


def printed(check: Check, output: Output, after_line: int, number: object) -> list[Evidence]:
    """Return the first line of a block behind ``after_line`` that prints a number: a total stands below its rows."""
    told = re.compile(rf"(?<![\d.]){re.escape(str(number))}(?![\d.])")
    for line in range(after_line + 1, output.block.line_end + 1):
        if told.search(output.capture.lines[line - 1]):
            return [check.quote(output.capture.name, line, line)]
    return []


def cite_view(check: Check, view: Any) -> list[Evidence]:
    """Return the lines behind a record of `view_sums`: the view's total, its devices, their identities."""
    mapped = check.require("view_devices")
    mapped = where(mapped, (mapped["symmetrix"] == view.symmetrix) & (mapped["view"] == view.view))
    shown = check.optional("identities")
    shown = where(shown, (shown["symmetrix"] == view.symmetrix) & shown["device"].isin(mapped["device"]))
    total = printed(check, check.output(view.block), int(view.last_row), view.total_capacity_mb)
    return [*(total or check.cite(view)), *check.cite(drop_duplicates(mapped, "device"), shown)]


def cite_native(check: Check, view: Any, members: "pd.DataFrame") -> list[Evidence]:
    """Return the lines of a view's total and of its devices' native sizes."""
    sizes = smallest_native_sizes(check)
    sizes = where(sizes, (sizes["symmetrix"] == view.symmetrix) & sizes["device"].isin(members["device"]))
    total = printed(check, check.output(view.block), int(view.last_row), view.total_capacity_mb)
    return [*(total or check.cite(view)), *check.cite(sizes)]


def _comparable(check: Check, views: "pd.DataFrame") -> "pd.DataFrame":
    """Return the views whose total and devices' sizes are all known; of the others it is said what is missing."""
    untold = views["total_capacity_mb"].isna()
    for view in each(views, untold):
        check.inconclusive(str(view.view), "its total capacity is not captured", table="masking_views")
    for view in each(views, ~untold & (views["unlisted"] > 0)):
        check.inconclusive(str(view.view), f"{view.unlisted} of its devices show no captured size", table="identities")
    return where(views, ~untold & (views["unlisted"] == 0))


@rule(
    "CAP001", "capacity.target-large-enough", BLOCKER,
    gates="created masked", required="created",
    needs=("pairs", "operations", "session_pairs", "masking_views", "view_devices", "identities"),
    reference="white paper page 5: otherwise the operation is not allowed",
)  # fmt: skip
def target_is_large_enough(check: Check) -> None:
    """Each target is at least as large as its source.

    Why: a pull into a smaller device cannot be finished; the array refuses it at create.
    Passes when: each target's native size is not less than its source's; where native sizes are not captured, when
    create succeeded and, once masked, the view's total (of native sizes) is not less than the sum of the sizes that
    its devices show. The second is proof by the array's enforcement and is noted as such.
    Fails when: a target is natively smaller than its source, or the view's total is less than that sum.
    Inconclusive when: no successful create is captured or, once masked, a target is in no captured view.
    Remedy: choose a larger target; capture `symdev show` of both devices for a proof device by device.
    """
    pairs = check.pairs()
    compared = _smaller_targets(check, pairs)
    if check.gate >= Gate.MASKED:
        members = view_members(check)
        views = view_sums(check, members)
        for row in each(pairs, ~pairs["target_device"].isin(members["device"])):
            check.inconclusive(
                Subject.of_pair(row.pair), f"target {row.target_device} is in no captured view", table="masking_views"
            )
        view: Any
        for view in _comparable(check, views).itertuples():
            if view.total_capacity_mb < view.shown_mb - ROUNDING_MB * view.devices:
                message = f"holds {view.total_capacity_mb} MB natively, less than the {view.shown_mb} MB it shows"
                check.fails(str(view.view), message, cite_view(check, view))
    if compared < pairs["pair"].nunique():
        accepted_by_create(check)
        check.note("by array enforcement: create accepted every pair; native sizes are not captured")
    else:
        check.passes(f"all {len(pairs)} targets are natively as large as their sources")


def _smaller_targets(check: Check, pairs: "pd.DataFrame") -> int:
    """State which targets are natively smaller than their sources; return how many pairs could be compared."""
    sizes = smallest_native_sizes(check)
    both = sources_as_created(check).merge(pairs, on="pair")
    both = both.merge(
        sizes,
        left_on=["target_symmetrix", "target_device"],
        right_on=["symmetrix", "device"],
        suffixes=("", "_native"),
    )
    for row in each(both, both["native_mb"] <= both["source_mb"] - ROUNDING_MB):
        message = f"target {row.target_device} has {row.native_mb} MB, its source {row.source_mb:.1f} MB"
        check.fails(
            Subject.of_pair(row.pair), message, check.cite(position(row, "_native"), position(row, "_session"), row)
        )
    return both["pair"].nunique()


@rule(
    "CAP002", "capacity.tracks-are-the-identity's", BLOCKER,
    gates="created", required="created", needs=("pairs", "session_pairs", "identities"),
    reference="white paper figure 5 against figure 6; 64 KB tracks at 5771 to 5876",
)  # fmt: skip
def tracks_are_the_identitys(check: Check) -> None:
    """The tracks of each session are the capacity that its target shows.

    Why: both are the source's size, told by two commands; where they differ, the captures are of different sessions
    or devices.
    Passes when: tracks of 64 KB (the control array's) and the shown capacity differ by less than 1 MB, for every pair.
    Fails when: they differ by 1 MB or more.
    Inconclusive when: a pair is in one listing only, or its session is past Created and counts what is left to copy.
    Remedy: query and list again at one time; if they still differ, terminate and create again.
    """
    shown = target_identities(check)
    check.require("session_pairs")
    joined = shown.merge(sources_as_created(check), how="left", on="pair")
    unknown = joined["source_mb"].isna() | joined["capacity_mb"].isna()
    for row in each(joined, joined["source_mb"].isna()):
        check.inconclusive(
            Subject.of_pair(row.pair), "its tracks while Created are not captured", table="session_pairs"
        )
    for row in each(joined, joined["capacity_mb"].isna()):
        check.inconclusive(
            Subject.of_pair(row.pair), f"the capacity of target {row.target_device} is not captured", table="identities"
        )
    known = where(joined, ~unknown)
    for row in each(known, (known["source_mb"] - known["capacity_mb"]).abs() >= ROUNDING_MB):
        message = f"{row.protected_tracks} tracks are {row.source_mb:.1f} MB, the identity shows {row.capacity_mb} MB"
        check.fails(
            Subject.of_pair(row.pair), message, check.cite(position(row, "_session"), position(row, "_shown"), row)
        )
    check.passes(f"tracks and shown capacity of all {len(known)} pairs agree")


@rule(
    "CAP003", "capacity.totals-add-up", BLOCKER,
    gates="created copying", required="created copying", needs=("session_pairs", "sessions"),
    reference="white paper figures 5, 12 and 14: rows and totals",
)  # fmt: skip
def totals_add_up(check: Check) -> None:
    """The totals of every query are the sums of its rows.

    Why: a total that does not add up means that a row was lost or changed between the array and this collection.
    Passes when: in every query up to the gate the total of tracks is the sum of the rows, and the total in MB is that
    many tracks of 64 KB, within 0.05 MB.
    Fails when: either is another number.
    Inconclusive when: no query stands at the gate, a query has no totals, or one was not understood to the last line.
    Remedy: capture the query again, with the whole window.
    """
    standing = check.require("session_pairs")
    check.require("sessions")
    rows, totals = check.history("session_pairs"), check.history("sessions")
    sums = rows.groupby("block", sort=False, as_index=False).agg(
        rows=("line", "size"),
        counted=("protected_tracks", "count"),
        tracks=("protected_tracks", "sum"),
        last_row=("line", "max"),
    )
    queries = sums.merge(totals, how="outer", on="block")
    if not len(standing):
        check.inconclusive("query", "lists no pair at this gate", table="session_pairs")
    untold = queries["total_tracks"].isna() | queries["total_mb"].isna()
    queries = queries.assign(lacking=untold | (queries["rows"].isna()) | (queries["rows"] != queries["counted"]))
    for query in each(queries):
        _check_query(check, query, rows)
    check.passes(f"rows and totals agree in {len(queries)} {'query' if len(queries) == 1 else 'queries'}")


def _check_query(check: Check, query: Any, rows: "pd.DataFrame") -> None:
    output = check.output(query.block)
    subject = f"{output.capture.name}:{output.first_line}"
    if query.lacking or not output.status.usable:
        check.inconclusive(subject, "a row or a total of this query is missing or was not understood", table="sessions",
                evidence=check.cite(output))  # fmt: skip
        return
    told = check.cite(where(rows, rows["block"] == query.block))
    told += printed(check, output, int(query.last_row), query.total_tracks)
    if query.total_tracks != query.tracks:
        check.fails(subject, f"the rows add up to {query.tracks} tracks, the total says {query.total_tracks}", told)
    megabytes = tracks_to_mb(query.total_tracks)
    if abs(query.total_mb - megabytes) > TOTAL_ROUNDING_MB:
        message = f"{query.total_tracks} tracks of {TRACK_KB} KB are {megabytes} MB, the total says {query.total_mb}"
        check.fails(subject, message, [*told, *check.cite(query)])


# docs/decisions/14-open-questions-of-the-catalogue.md
@rule(
    "CAP004", "capacity.view-total-is-explained", BLOCKER,
    gates="masked", required="masked", needs=("pairs", "masking_views", "view_devices", "identities"),
    reference="white paper figure 8 (34524) against figure 6; 34524 = 4 x 8631",
)  # fmt: skip
def view_total_is_explained(check: Check) -> None:
    """The total capacity of the masking view is explained by the devices in it.

    Why: the view sums native sizes, the identity shows those of the sources; what is more is hidden by the geometry,
    what is less is missing.
    Passes when: both are equal within 1 MB per device, or the total is greater and every device that can be greater
    has flag G = X: the hidden capacity is then noted.
    Fails when: the total is less, or it is greater and a device without user geometry would have to be the greater one.
    Where the native sizes of all its devices are captured and add up to another total, a warning.
    Inconclusive when: a device of the view shows no captured size, or flags G are mixed and native sizes are not
    captured.
    Remedy: capture `symdev show` of each target; plan unspoof and extension if the space is wanted.
    """
    members = view_members(check)
    views = view_sums(check, members)
    for row in check.pairs()[lambda pairs: ~pairs["target_device"].isin(members["device"])].itertuples():
        check.inconclusive(
            Subject.of_pair(row.pair), f"target {row.target_device} is in no captured view", table="view_devices"
        )
    view: Any
    for view in _comparable(check, views).itertuples():
        subject, total, shown = str(view.view), view.total_capacity_mb, view.shown_mb
        told = f"holds {total} MB, its {view.devices} devices show {shown} MB"
        mine = where(members, (members["symmetrix"] == view.symmetrix) & (members["view"] == view.view))
        plain = where(mine, ~mine["geometry_set"].fillna(False).astype(bool))
        greater = where(plain, (plain["native_mb"] > plain["capacity_mb"] + ROUNDING_MB).fillna(False).astype(bool))
        native = mine["native_mb"].sum()
        if mine["native_mb"].notna().all() and abs(total - native) > ROUNDING_MB * view.devices:
            check.warns(
                subject,
                f"holds {total} MB, natively its {view.devices} devices are {native:g} MB",
                cite_native(check, view, mine),
            )
        if abs(total - shown) <= ROUNDING_MB * view.devices:
            check.passes(f"{subject} {told}")
        elif total < shown:
            check.fails(subject, f"{told}: {shown - total} MB too few", cite_view(check, view))
        elif len(greater) or len(plain) == view.devices:
            names = ", ".join((greater if len(greater) else plain)["device"].head(8))
            check.fails(subject, f"{told}; no user geometry (G = .) hides the rest on {names}", cite_view(check, view))
        elif len(plain) and mine["native_mb"].isna().any():
            message = f"{told}; flag G is mixed and native sizes are not captured"
            check.inconclusive(subject, message, capture="symdev show of each target", evidence=cite_view(check, view))
        else:
            message = f"{total - shown} MB of native capacity are hidden by the geometry"
            check.note(f"{subject} {told}: {message}", subject, cite_view(check, view))
