"""CAP: no target is smaller than its source, and the figures of the captures agree with each other."""

from typing import TYPE_CHECKING, Any

from flmparse.columns.selection import drop_duplicates, dropna, is_true, where
from flmparse.evidence.lines import line_with_number
from flmparse.evidence.migration import MissingEvidence
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


def _cite_view(check: Check, view: Any) -> list[Evidence]:
    """Return the lines behind a record of `view_sums`: the view's total, its devices, their identities."""
    mapped = check.require("view_devices")
    mapped = where(mapped, (mapped["symmetrix"] == view.symmetrix) & (mapped["view"] == view.view))
    identities = _of_devices(check.optional("identities"), view.symmetrix, mapped["device"])
    return [*_cite_total(check, view), *check.cite(drop_duplicates(mapped, "device"), identities)]


def _cite_native(check: Check, view: Any, members: "pd.DataFrame") -> list[Evidence]:
    """Return the lines of a view's total and of its devices' native sizes."""
    sizes = _of_devices(smallest_native_sizes(check), view.symmetrix, members["device"])
    return [*_cite_total(check, view), *check.cite(sizes)]


def _of_devices(rows: "pd.DataFrame", symmetrix: str, devices: "pd.Series[str]") -> "pd.DataFrame":
    return where(rows, (rows["symmetrix"] == symmetrix) & rows["device"].isin(devices))


def _cite_total(check: Check, view: Any) -> list[Evidence]:
    total = line_with_number(check, check.output(view.block), int(view.last_row), view.total_capacity_mb)
    return total or check.cite(view)


def _comparable(check: Check, views: "pd.DataFrame") -> "pd.DataFrame":
    """Return the views whose total and devices' sizes are all known; what the others lack is a gap."""
    without_total = views["total_capacity_mb"].isna()
    for view in each(views, without_total):
        check.inconclusive(str(view.view), "its total capacity is not captured", table="masking_views")
    for view in each(views, ~without_total & (views["unlisted"] > 0)):
        check.inconclusive(str(view.view), f"{view.unlisted} of its devices show no captured size", table="identities")
    return where(views, ~without_total & (views["unlisted"] == 0))


def _targets_in_no_view(check: Check, members: "pd.DataFrame", table: str) -> None:
    """State a gap for each pair whose target is in no captured view."""
    pairs = check.pairs()
    for row in each(pairs, ~pairs["target_device"].isin(members["device"])):
        check.inconclusive(Subject.of_pair(row.pair), f"target {row.target_device} is in no captured view", table=table)


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
        _targets_in_no_view(check, members, "masking_views")
        views = _comparable(check, views)
        for view in each(views, views["total_capacity_mb"] < views["shown_mb"] - ROUNDING_MB * views["devices"]):
            message = f"holds {view.total_capacity_mb} MB natively, less than the {view.shown_mb} MB it shows"
            check.fails(str(view.view), message, _cite_view(check, view))
    if compared < pairs["pair"].nunique():
        if (
            check.gate > Gate.MASKED
        ):  # asked once more: that create accepted it does not take back what the sizes showed
            raise MissingEvidence(
                "the sizes of targets and sources are not captured again", "symdev show of both devices"
            )
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
        cited = check.cite(position(row, "_native"), position(row, "_session"), row)
        check.fails(Subject.of_pair(row.pair), message, cited)
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
    targets = target_identities(check)
    check.require("session_pairs")
    joined = targets.merge(sources_as_created(check), how="left", on="pair")
    for row in each(joined, joined["source_mb"].isna()):
        message = "its tracks while Created are not captured"
        check.inconclusive(Subject.of_pair(row.pair), message, table="session_pairs")
    for row in each(joined, joined["capacity_mb"].isna()):
        message = f"the capacity of target {row.target_device} is not captured"
        check.inconclusive(Subject.of_pair(row.pair), message, table="identities")
    both = dropna(joined, ["source_mb", "capacity_mb"])
    for row in each(both, (both["source_mb"] - both["capacity_mb"]).abs() >= ROUNDING_MB):
        message = f"{row.protected_tracks} tracks are {row.source_mb:.1f} MB, the identity shows {row.capacity_mb} MB"
        cited = check.cite(position(row, "_session"), position(row, "_shown"), row)
        check.fails(Subject.of_pair(row.pair), message, cited)
    check.passes(f"tracks and shown capacity of all {len(both)} pairs agree")


@rule(
    "CAP003", "capacity.totals-add-up", BLOCKER,
    gates="created..copied", required="created copying copied", needs=("session_pairs", "sessions"),
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
    incomplete = queries[["total_tracks", "total_mb", "rows"]].isna().any(axis=1)
    queries = queries.assign(incomplete=incomplete | (queries["rows"] != queries["counted"]))
    for query in each(queries):
        _check_query(check, query, rows)
    check.passes(f"rows and totals agree in {len(queries)} {'query' if len(queries) == 1 else 'queries'}")


def _check_query(check: Check, query: Any, rows: "pd.DataFrame") -> None:
    output = check.output(query.block)
    subject = f"{output.capture.name}:{output.first_line}"
    if query.incomplete or not output.status.usable:
        message = "a row or a total of this query is missing or was not understood"
        check.inconclusive(subject, message, table="sessions", evidence=check.cite(output))
        return
    cited = check.cite(where(rows, rows["block"] == query.block))
    cited += line_with_number(check, output, int(query.last_row), query.total_tracks)
    if query.total_tracks != query.tracks:
        check.fails(subject, f"the rows add up to {query.tracks} tracks, the total says {query.total_tracks}", cited)
    megabytes = tracks_to_mb(query.total_tracks)
    if abs(query.total_mb - megabytes) > TOTAL_ROUNDING_MB:
        message = f"{query.total_tracks} tracks of {TRACK_KB} KB are {megabytes} MB, the total says {query.total_mb}"
        check.fails(subject, message, [*cited, *check.cite(query)])


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
    _targets_in_no_view(check, members, "view_devices")
    for view in each(_comparable(check, views)):
        in_view = where(members, (members["symmetrix"] == view.symmetrix) & (members["view"] == view.view))
        _explain(check, view, in_view)


def _explain(check: Check, view: Any, members: "pd.DataFrame") -> None:
    """State what explains the difference between a view's total and what its devices show."""
    name, total, shown_mb = str(view.view), view.total_capacity_mb, view.shown_mb
    sizes = f"holds {total} MB, its {view.devices} devices show {shown_mb} MB"
    rounding = ROUNDING_MB * view.devices
    plain = where(members, ~is_true(members["geometry_set"]))
    greater = where(plain, plain["native_mb"] > plain["capacity_mb"] + ROUNDING_MB)
    native_mb, all_native = members["native_mb"].sum(), members["native_mb"].notna().all()
    if all_native and abs(total - native_mb) > rounding:
        message = f"holds {total} MB, natively its {view.devices} devices are {native_mb:g} MB"
        check.warns(name, message, _cite_native(check, view, members), absent_from="view_devices")
    if abs(total - shown_mb) <= rounding:
        check.passes(f"{name} {sizes}")
    elif total < shown_mb:
        check.fails(name, f"{sizes}: {shown_mb - total} MB too few", _cite_view(check, view))
    elif len(greater) or len(plain) == view.devices:
        devices = ", ".join((greater if len(greater) else plain)["device"].head(8))
        message = f"{sizes}; no user geometry (G = .) hides the rest on {devices}"
        check.fails(name, message, _cite_view(check, view), absent_from="view_devices identities")
    elif len(plain) and not all_native:
        message = f"{sizes}; flag G is mixed and native sizes are not captured"
        check.inconclusive(name, message, capture="symdev show of each target", evidence=_cite_view(check, view))
    else:
        message = f"{total - shown_mb} MB of native capacity are hidden by the geometry"
        check.note(f"{name} {sizes}: {message}", name, _cite_view(check, view))
