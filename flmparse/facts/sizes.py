"""Sizes of sources and targets, as created, native and in the masking view."""

from flmparse.columns.selection import drop_duplicates, dropna, where
from flmparse.evidence.reader import EvidenceReader, fact
from flmparse.lazy import pd
from flmparse.terms import tracks_to_mb

ROUNDING_MB = 1.0
"""Sizes are printed in whole MB (937.5 as 938): two prints of one size differ by less than this."""

TOTAL_ROUNDING_MB = 0.05 + 1e-6
"""A total is printed with one decimal; the rest is room for binary fractions."""


@fact
def sources_as_created(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the pairs whose session is Created, each with ``source_mb``: its source's size as the session counts it.

    The tracks of a session that is only created are those of the whole source, in the control array's track size (64 KB).
    Columns: ``pair``, ``source_mb``, ``protected_tracks``, ``capture_session``, ``line_session``. Empty where no
    query stands.
    """
    session = evidence.optional("session_pairs")
    created = where(session, (session["status"] == "Created") & session["protected_tracks"].notna())
    created = dropna(created, ["control_symmetrix", "control_device"])
    joined = evidence.pairs().merge(
        created,
        left_on=["target_symmetrix", "target_device"],
        right_on=["control_symmetrix", "control_device"],
        suffixes=("", "_session"),
    )
    sized = joined.assign(source_mb=tracks_to_mb(1) * joined["protected_tracks"])
    return sized[["pair", "source_mb", "protected_tracks", "capture_session", "line_session"]]


@fact
def smallest_native_sizes(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return native sizes of target devices: ``symmetrix``, ``device``, ``native_mb``, ``capture``, ``line``.

    They are printed by `symdev show`, `symdev list` and, where its layout has the column Cap(MB), `symaccess show view` (the
    white paper's has none). The view's total sums the same sizes, which are native and not those of the identity. Where
    they differ the smallest counts.
    """
    listings = (evidence.optional(table) for table in ("view_devices", "device_details", "devices"))
    return evidence.once(_smallest, *listings)


# docs/decisions/13-native-sizes.md
def _smallest(*listings: "pd.DataFrame") -> "pd.DataFrame":
    names = ["symmetrix", "device", "native_mb", "capture", "line"]
    sizes = pd.concat([rows.rename(columns={"capacity_mb": "native_mb"})[names] for rows in listings])
    sizes = dropna(sizes, ["symmetrix", "device", "native_mb"]).sort_values("native_mb", kind="stable")
    return drop_duplicates(sizes, ["symmetrix", "device"])


@fact
def view_members(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return each device of each masking view that holds a target, with the size and flag G that it shows.

    Columns: ``symmetrix``, ``view``, ``device``, ``last_row`` (line of its last row), ``capacity_mb`` and
    ``geometry_set`` of its identity (null where none or contradicting ones are captured), ``native_mb`` where known.
    Raises MissingEvidence without a view.
    """
    mapped, identities = evidence.require("view_devices"), evidence.optional("identities")
    return evidence.once(_members, evidence.pairs(), mapped, identities, smallest_native_sizes(evidence))


def _members(
    pairs: "pd.DataFrame", mapped: "pd.DataFrame", identities: "pd.DataFrame", sizes: "pd.DataFrame"
) -> "pd.DataFrame":
    mapped = dropna(mapped, ["symmetrix", "view", "device"])
    devices = mapped.groupby(["symmetrix", "view", "device"], sort=False, as_index=False).agg(last_row=("line", "max"))
    targets = drop_duplicates(pairs[["target_symmetrix", "target_device"]])
    mapped_targets = devices.merge(
        targets, left_on=["symmetrix", "device"], right_on=["target_symmetrix", "target_device"]
    )
    identities = dropna(identities, ["symmetrix", "device"])
    identities = drop_duplicates(identities[["symmetrix", "device", "capacity_mb", "geometry_set"]])
    identities = where(identities, ~identities.duplicated(["symmetrix", "device"], keep=False))
    sizes = sizes[["symmetrix", "device", "native_mb"]]
    members = devices.merge(drop_duplicates(mapped_targets[["symmetrix", "view"]]))
    return members.merge(identities, how="left").merge(sizes, how="left")


def view_sums(evidence: EvidenceReader, members: "pd.DataFrame") -> "pd.DataFrame":
    """Return the masking views of `view_members`, each with its printed total beside what its devices show.

    ``total_capacity_mb`` sums native sizes, ``shown_mb`` the sizes of `identities`, over the ``devices`` of the view;
    ``unlisted`` of them have no captured identity.
    """
    return evidence.once(_sums, evidence.require("masking_views"), members)


def _sums(views: "pd.DataFrame", members: "pd.DataFrame") -> "pd.DataFrame":
    views = dropna(views, ["symmetrix", "view"])
    sums = members.groupby(["symmetrix", "view"], sort=False, as_index=False).agg(
        devices=("device", "size"),
        shown_mb=("capacity_mb", "sum"),
        sized=("capacity_mb", "count"),
        last_row=("last_row", "max"),
    )
    sums["unlisted"] = sums["devices"] - sums["sized"]
    return views.merge(sums, on=["symmetrix", "view"])


# docs/decisions/13-native-sizes.md
_SIZES = (
    ("device_details", "symmetrix", "device"),
    ("devices", "symmetrix", "device"),
    ("san_luns", "remote_symmetrix", "remote_device"),
)
"""Tables that hold the native size of a device, with the columns that name it."""


@fact
def largest_native_sizes(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the native size of every device that a listing gives one for, the largest where several do.

    Columns: ``array``, ``number``, ``capacity_mb``, ``capture``, ``line``.
    """
    names = ["array", "number", "capacity_mb", "capture", "line"]
    parts = [
        evidence.optional(name)[[array, device, "capacity_mb", "capture", "line"]].set_axis(names, axis=1)
        for name, array, device in _SIZES
    ]
    sizes = dropna(pd.concat(parts), ["array", "number", "capacity_mb"])
    return drop_duplicates(sizes.sort_values("capacity_mb", ascending=False, kind="stable"), ["array", "number"])
