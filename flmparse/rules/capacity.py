"""CAP: no target is smaller than its source, and the figures of the captures agree with each other."""

import re
from typing import TYPE_CHECKING, Any

from flmparse.collection import ReadBlock
from flmparse.columns.selection import drop_duplicates, dropna, merge, where
from flmparse.evidence.migration import Missing
from flmparse.evidence.timeline import newest
from flmparse.findings import Evidence
from flmparse.rules.identity import place, target_identities
from flmparse.rules.rule import BLOCKER, Inquiry, each, rule
from flmparse.terms import TRACK_KB, Gate, tracks_to_mb

if TYPE_CHECKING:
    import pandas as pd

ROUNDING_MB = 1.0
"""Sizes are printed in whole MB (937.5 as 938): two prints of one size differ by less than this."""

TOTAL_ROUNDING_MB = 0.05 + 1e-6
"""A total is printed with one decimal; the rest is room for binary fractions."""


def accepted_by_create(ask: Inquiry) -> bool:
    """Whether the newest create reports success; what it lacks becomes a gap. Raises Missing where none is captured.

    The array itself refuses a target that is smaller than its source or a control port that does not see it, so its
    yes is evidence for every pair of the file.
    """
    wanted = "the log of symrcopy -f <pair file> create -pull -migrate"
    created = newest(ask.standing.step("create"))
    if not created:
        raise Missing(f"not captured: {wanted}", wanted)
    steps = ask.history("operations")
    steps = where(steps, (steps["operation"] == "create") & steps["block"].isin([read.index for read in created]))
    unsure = where(steps, ~steps["succeeded"].fillna(False).astype(bool))
    for row in each(unsure):
        ask.gap("create", "does not report success: the array has accepted nothing", capture=wanted,
                evidence=ask.cite(row))  # fmt: skip
    return not len(unsure)


def sources_as_created(ask: Inquiry) -> "pd.DataFrame":
    """Return the pairs whose session is Created, each with ``source_mb``: its source's size as the session counts it.

    The tracks of a session that is only created are those of the whole source, in the control array's track size (64
    KB).
    Columns: ``pair``, ``source_mb``, ``protected_tracks``, ``capture_session``, ``line_session``. Empty where no
    query stands.
    """
    session = ask.have("session_pairs")
    created = where(session, (session["status"] == "Created") & session["protected_tracks"].notna())
    created = dropna(created, ["control_symmetrix", "control_device"])
    joined = merge(
        ask.pairs(),
        created,
        left_on=["target_symmetrix", "target_device"],
        right_on=["control_symmetrix", "control_device"],
        suffixes=("", "_session"),
    )
    sized = joined.assign(source_mb=tracks_to_mb(1) * joined["protected_tracks"])
    return sized[["pair", "source_mb", "protected_tracks", "capture_session", "line_session"]]


def smallest_native_sizes(ask: Inquiry) -> "pd.DataFrame":
    """Return native sizes of target devices: ``symmetrix``, ``device``, ``native_mb``, ``capture``, ``line``.

    Known from `symdev show`, `symdev list` and the column Cap(MB) of `symaccess show view` where its layout has one (the
    white paper's has none); its total sums the same sizes, which are native and not those of the identity. Where they
    differ the smallest counts. The one place to join further screens in.
    """
    return ask.once(_smallest, *(ask.have(table) for table in ("view_devices", "device_details", "devices")))


def _smallest(*listings: "pd.DataFrame") -> "pd.DataFrame":
    import pandas as pd

    names = ["symmetrix", "device", "native_mb", "capture", "line"]
    listed = [rows.rename(columns={"capacity_mb": "native_mb"})[names] for rows in listings]
    sizes = dropna(pd.concat(listed), ["symmetrix", "device", "native_mb"])
    sizes = sizes.sort_values("native_mb", kind="stable")
    return drop_duplicates(sizes, ["symmetrix", "device"])


def view_members(ask: Inquiry) -> "pd.DataFrame":
    """Return each device of each masking view that holds a target, with the size and flag G that it shows.

    Columns: ``symmetrix``, ``view``, ``device``, ``last_row`` (line of its last row), ``capacity_mb`` and
    ``geometry_set`` of its identity (null where none or contradicting ones are captured), ``native_mb`` where known.
    Raises Missing without a view.
    """
    mapped, shown = ask.need("view_devices"), ask.have("identities")
    return ask.once(_members, ask.pairs(), mapped, shown, smallest_native_sizes(ask))


def _members(
    pairs: "pd.DataFrame", mapped: "pd.DataFrame", shown: "pd.DataFrame", sizes: "pd.DataFrame"
) -> "pd.DataFrame":
    mapped = dropna(mapped, ["symmetrix", "view", "device"])
    devices = mapped.groupby(["symmetrix", "view", "device"], sort=False, as_index=False).agg(last_row=("line", "max"))
    targets = drop_duplicates(pairs[["target_symmetrix", "target_device"]])
    held = merge(devices, targets, left_on=["symmetrix", "device"], right_on=["target_symmetrix", "target_device"])
    shown = dropna(shown, ["symmetrix", "device"])
    shown = drop_duplicates(shown[["symmetrix", "device", "capacity_mb", "geometry_set"]])
    shown = where(shown, ~shown.duplicated(["symmetrix", "device"], keep=False))
    sizes = sizes[["symmetrix", "device", "native_mb"]]
    members = merge(devices, drop_duplicates(held[["symmetrix", "view"]]))
    return merge(merge(members, shown, how="left"), sizes, how="left")


def view_sums(ask: Inquiry, members: "pd.DataFrame") -> "pd.DataFrame":
    """Return the masking views of `view_members`, each with its printed total beside what its devices show.

    ``total_capacity_mb`` sums native sizes, ``shown_mb`` the sizes of `identities`, over the ``devices`` of the view;
    ``unlisted`` of them have no captured identity.
    """
    return ask.once(_sums, ask.need("masking_views"), members)


def _sums(views: "pd.DataFrame", members: "pd.DataFrame") -> "pd.DataFrame":
    views = dropna(views, ["symmetrix", "view"])
    sums = members.groupby(["symmetrix", "view"], sort=False, as_index=False).agg(
        devices=("device", "size"),
        shown_mb=("capacity_mb", "sum"),
        sized=("capacity_mb", "count"),
        last_row=("last_row", "max"),
    )
    sums["unlisted"] = sums["devices"] - sums["sized"]
    return merge(views, sums, on=["symmetrix", "view"])


def printed(ask: Inquiry, read: ReadBlock, after_line: int, number: object) -> list[Evidence]:
    """Return the first line of a block behind ``after_line`` that prints a number: a total stands below its rows."""
    told = re.compile(rf"(?<![\d.]){re.escape(str(number))}(?![\d.])")
    for line in range(after_line + 1, read.block.line_end + 1):
        if told.search(read.capture.lines[line - 1]):
            return [ask.quote(read.capture.name, line, line)]
    return []


def cite_view(ask: Inquiry, view: Any) -> list[Evidence]:
    """Return the lines behind a record of `view_sums`: the view's total, its devices, their identities."""
    mapped = ask.need("view_devices")
    mapped = where(mapped, (mapped["symmetrix"] == view.symmetrix) & (mapped["view"] == view.view))
    shown = ask.have("identities")
    shown = where(shown, (shown["symmetrix"] == view.symmetrix) & shown["device"].isin(mapped["device"]))
    total = printed(ask, ask.block(view.block), int(view.last_row), view.total_capacity_mb)
    return [*(total or ask.cite(view)), *ask.cite(drop_duplicates(mapped, "device"), shown)]


def cite_native(ask: Inquiry, view: Any, members: "pd.DataFrame") -> list[Evidence]:
    """Return the lines of a view's total and of its devices' native sizes."""
    sizes = smallest_native_sizes(ask)
    sizes = where(sizes, (sizes["symmetrix"] == view.symmetrix) & sizes["device"].isin(members["device"]))
    total = printed(ask, ask.block(view.block), int(view.last_row), view.total_capacity_mb)
    return [*(total or ask.cite(view)), *ask.cite(sizes)]


def _comparable(ask: Inquiry, views: "pd.DataFrame") -> "pd.DataFrame":
    """Return the views whose total and devices' sizes are all known; of the others it is said what is missing."""
    untold = views["total_capacity_mb"].isna()
    for view in each(views, untold):
        ask.gap(str(view.view), "its total capacity is not captured", table="masking_views")
    for view in each(views, ~untold & (views["unlisted"] > 0)):
        ask.gap(str(view.view), f"{view.unlisted} of its devices show no captured size", table="identities")
    return where(views, ~untold & (views["unlisted"] == 0))


@rule(
    "CAP001", "capacity.target-large-enough", BLOCKER,
    gates="created masked", required="created",
    needs=("pairs", "operations", "session_pairs", "masking_views", "view_devices", "identities"),
    reference="white paper page 5: otherwise the operation is not allowed",
)  # fmt: skip
def target_is_large_enough(ask: Inquiry) -> None:
    """Each target is at least as large as its source.

    Why: a pull into a smaller device cannot be finished; the array refuses it at create.
    Passes when: each target's native size is not less than its source's; where native sizes are not captured, when
    create succeeded and, once masked, the view's total (of native sizes) is not less than the sum of the sizes that
    its devices show. The second is proof by the array's enforcement and is noted as such.
    Fails when: a target is natively smaller than its source, or the view's total is less than that sum.
    Inconclusive when: no successful create is captured or, once masked, a target is in no captured view.
    Remedy: choose a larger target; capture `symdev show` of both devices for a proof device by device.
    """
    pairs = ask.pairs()
    compared = _smaller_targets(ask, pairs)
    if ask.gate >= Gate.MASKED:
        members = view_members(ask)
        views = view_sums(ask, members)
        for row in each(pairs, ~pairs["target_device"].isin(members["device"])):
            ask.gap(str(row.pair), f"target {row.target_device} is in no captured view", table="masking_views")
        view: Any
        for view in _comparable(ask, views).itertuples():
            if view.total_capacity_mb < view.shown_mb - ROUNDING_MB * view.devices:
                message = f"holds {view.total_capacity_mb} MB natively, less than the {view.shown_mb} MB it shows"
                ask.fails(str(view.view), message, cite_view(ask, view))
    if compared < pairs["pair"].nunique():
        accepted_by_create(ask)
        ask.notes("by array enforcement: create accepted every pair; native sizes are not captured")
    else:
        ask.holds(f"all {len(pairs)} targets are natively as large as their sources")


def _smaller_targets(ask: Inquiry, pairs: "pd.DataFrame") -> int:
    """State which targets are natively smaller than their sources; return how many pairs could be compared."""
    sizes = smallest_native_sizes(ask)
    both = merge(merge(sources_as_created(ask), pairs, on="pair"),
        sizes, left_on=["target_symmetrix", "target_device"], right_on=["symmetrix", "device"], suffixes=("", "_native")
    )  # fmt: skip
    for row in each(both, both["native_mb"] <= both["source_mb"] - ROUNDING_MB):
        message = f"target {row.target_device} has {row.native_mb} MB, its source {row.source_mb:.1f} MB"
        ask.fails(str(row.pair), message, ask.cite(place(row, "_native"), place(row, "_session"), row))
    return both["pair"].nunique()


@rule(
    "CAP002", "capacity.tracks-are-the-identity's", BLOCKER,
    gates="created", required="created", needs=("pairs", "session_pairs", "identities"),
    reference="white paper figure 5 against figure 6; 64 KB tracks at 5771 to 5876",
)  # fmt: skip
def tracks_are_the_identitys(ask: Inquiry) -> None:
    """The tracks of each session are the capacity that its target shows.

    Why: both are the source's size, told by two commands; where they differ, the captures are of different sessions
    or devices.
    Passes when: tracks of 64 KB (the control array's) and the shown capacity differ by less than 1 MB, for every pair.
    Fails when: they differ by 1 MB or more.
    Inconclusive when: a pair is in one listing only, or its session is past Created and counts what is left to copy.
    Remedy: query and list again at one time; if they still differ, terminate and create again.
    """
    shown = target_identities(ask)
    ask.need("session_pairs")
    joined = merge(shown, sources_as_created(ask), how="left", on="pair")
    unknown = joined["source_mb"].isna() | joined["capacity_mb"].isna()
    for row in each(joined, joined["source_mb"].isna()):
        ask.gap(str(row.pair), "its tracks while Created are not captured", table="session_pairs")
    for row in each(joined, joined["capacity_mb"].isna()):
        ask.gap(str(row.pair), f"the capacity of target {row.target_device} is not captured", table="identities")
    known = where(joined, ~unknown)
    for row in each(known, (known["source_mb"] - known["capacity_mb"]).abs() >= ROUNDING_MB):
        message = f"{row.protected_tracks} tracks are {row.source_mb:.1f} MB, the identity shows {row.capacity_mb} MB"
        ask.fails(str(row.pair), message, ask.cite(place(row, "_session"), place(row, "_shown"), row))
    ask.holds(f"tracks and shown capacity of all {len(known)} pairs agree")


@rule(
    "CAP003", "capacity.totals-add-up", BLOCKER,
    gates="created copying", required="created copying", needs=("session_pairs", "sessions"),
    reference="white paper figures 5, 12 and 14: rows and totals",
)  # fmt: skip
def totals_add_up(ask: Inquiry) -> None:
    """The totals of every query are the sums of its rows.

    Why: a total that does not add up means that a row was lost or changed between the array and this collection.
    Passes when: in every query up to the gate the total of tracks is the sum of the rows, and the total in MB is that
    many tracks of 64 KB, within 0.05 MB.
    Fails when: either is another number.
    Inconclusive when: no query stands at the gate, a query has no totals, or one was not understood to the last line.
    Remedy: capture the query again, with the whole window.
    """
    standing = ask.need("session_pairs")
    ask.need("sessions")
    rows, totals = ask.history("session_pairs"), ask.history("sessions")
    sums = rows.groupby("block", sort=False, as_index=False).agg(
        rows=("line", "size"),
        counted=("protected_tracks", "count"),
        tracks=("protected_tracks", "sum"),
        last_row=("line", "max"),
    )
    queries = merge(sums, totals, how="outer", on="block")
    if not len(standing):
        ask.gap("query", "lists no pair at this gate", table="session_pairs")
    untold = queries["total_tracks"].isna() | queries["total_mb"].isna()
    queries = queries.assign(lacking=untold | (queries["rows"].isna()) | (queries["rows"] != queries["counted"]))
    for query in each(queries):
        _check_query(ask, query, rows)
    ask.holds(f"rows and totals agree in {len(queries)} {'query' if len(queries) == 1 else 'queries'}")


def _check_query(ask: Inquiry, query: Any, rows: "pd.DataFrame") -> None:
    read = ask.block(query.block)
    subject = f"{read.capture.name}:{read.first_line}"
    if query.lacking or not read.status.usable:
        ask.gap(subject, "a row or a total of this query is missing or was not understood", table="sessions",
                evidence=ask.cite(read))  # fmt: skip
        return
    told = ask.cite(where(rows, rows["block"] == query.block))
    told += printed(ask, read, int(query.last_row), query.total_tracks)
    if query.total_tracks != query.tracks:
        ask.fails(subject, f"the rows add up to {query.tracks} tracks, the total says {query.total_tracks}", told)
    megabytes = tracks_to_mb(query.total_tracks)
    if abs(query.total_mb - megabytes) > TOTAL_ROUNDING_MB:
        message = f"{query.total_tracks} tracks of {TRACK_KB} KB are {megabytes} MB, the total says {query.total_mb}"
        ask.fails(subject, message, [*told, *ask.cite(query)])


@rule(
    "CAP004", "capacity.view-total-is-explained", BLOCKER,
    gates="masked", required="masked", needs=("pairs", "masking_views", "view_devices", "identities"),
    reference="white paper figure 8 (34524) against figure 6; 34524 = 4 x 8631",
)  # fmt: skip
def view_total_is_explained(ask: Inquiry) -> None:
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
    members = view_members(ask)
    views = view_sums(ask, members)
    for row in ask.pairs()[lambda pairs: ~pairs["target_device"].isin(members["device"])].itertuples():
        ask.gap(str(row.pair), f"target {row.target_device} is in no captured view", table="view_devices")
    view: Any
    for view in _comparable(ask, views).itertuples():
        subject, total, shown = str(view.view), view.total_capacity_mb, view.shown_mb
        told = f"holds {total} MB, its {view.devices} devices show {shown} MB"
        mine = where(members, (members["symmetrix"] == view.symmetrix) & (members["view"] == view.view))
        plain = where(mine, ~mine["geometry_set"].fillna(False).astype(bool))
        greater = where(plain, (plain["native_mb"] > plain["capacity_mb"] + ROUNDING_MB).fillna(False).astype(bool))
        native = mine["native_mb"].sum()
        if mine["native_mb"].notna().all() and abs(total - native) > ROUNDING_MB * view.devices:
            ask.warns(
                subject,
                f"holds {total} MB, natively its {view.devices} devices are {native:g} MB",
                cite_native(ask, view, mine),
            )
        if abs(total - shown) <= ROUNDING_MB * view.devices:
            ask.holds(f"{subject} {told}")
        elif total < shown:
            ask.fails(subject, f"{told}: {shown - total} MB too few", cite_view(ask, view))
        elif len(greater) or len(plain) == view.devices:
            names = ", ".join((greater if len(greater) else plain)["device"].head(8))
            ask.fails(subject, f"{told}; no user geometry (G = .) hides the rest on {names}", cite_view(ask, view))
        elif len(plain) and mine["native_mb"].isna().any():
            message = f"{told}; flag G is mixed and native sizes are not captured"
            ask.gap(subject, message, capture="symdev show of each target", evidence=cite_view(ask, view))
        else:
            message = f"{total - shown} MB of native capacity are hidden by the geometry"
            ask.notes(f"{subject} {told}: {message}", subject, cite_view(ask, view))
