"""GEO: the geometry that the targets show is the sources'."""

from flmparse.columns.selection import is_true, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each, position
from flmparse.facts.identities import target_identities
from flmparse.facts.sizes import ROUNDING_MB, smallest_native_sizes, sources_as_created, view_members, view_sums
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import ADVICE, BLOCKER, Check, rule

NATIVE_SIZE = "symdev show of each target"
# docs/decisions/14-open-questions-of-the-catalogue.md
MICROCODE = "symcfg list"


@rule(
    "GEO001", "geometry.federated-where-needed", BLOCKER,
    gates="created..copied", required="created", needs=("pairs", "identities", "session_pairs"),
    reference="white paper page 11 (if necessary), figure 6; 64 blocks per track up to 5671, 128 from 5771",
)  # fmt: skip
def geometry_federated_where_needed(check: Check) -> None:
    """The geometry is federated wherever source and target differ in size or track format.

    Why: a target under its own geometry changes the size or the cylinders of a disk that the host has open.
    Passes when: flag G of `symdev list -identity` is X for every target: that satisfies any need.
    Fails when: a target shows G = . and its own size is not its source's.
    Inconclusive when: a target is not listed, or it shows G = . at its source's size or at one that cannot be
    compared: whether their track formats differ is told by the microcode of the source, and a comment of the pair
    file does not prove it.
    Remedy: create the session of that pair again; check that create took the geometry.
    """
    targets = target_identities(check)
    plain = where(targets, ~is_true(targets["geometry_set"]))
    if len(plain):
        sized = plain.merge(sources_as_created(check), how="left", on="pair")
        own = smallest_native_sizes(check).rename(columns={"capture": "capture_native", "line": "line_native"})
        sized = sized.drop(columns=["symmetrix", "device"]).merge(
            own, how="left", left_on=["target_symmetrix", "target_device"], right_on=["symmetrix", "device"]
        )
        _judge(check, sized, mixed=len(plain) < len(targets))
    check.passes(f"all {len(targets)} targets have a user-defined geometry (G = X)")


def _judge(check: Check, plain: "pd.DataFrame", *, mixed: bool) -> None:
    """Judge the targets without user geometry: what such a device shows is its own size."""
    plain = plain.assign(own_mb=plain["native_mb"].fillna(plain["capacity_mb"]))
    unsized = plain["own_mb"].isna() | plain["source_mb"].isna()
    differs = ~unsized & is_true((plain["own_mb"] - plain["source_mb"]).abs() >= ROUNDING_MB)
    for row in each(plain, differs):
        message = f"target {row.target_device} ({row.own_mb} MB) shows G = . for a source of {row.source_mb:.1f} MB"
        cited = check.cite(position(row, "_shown"), position(row, "_session"), position(row, "_native"), row)
        check.fails(Subject.of_pair(row.pair), message, cited)
    others = "; other targets show G = X" if mixed else ""
    for row in each(plain, ~differs):
        track_format = "whether its source has the same track format is not captured"
        message = f"target {row.target_device} shows G = .; {track_format}{others}"
        cited = check.cite(position(row, "_shown"))
        check.inconclusive(Subject.of_pair(row.pair), message, capture=MICROCODE, evidence=cited)
    if unsized.any():
        check.inconclusive("", f"{int(unsized.sum())} sizes cannot be compared with the source's", capture=NATIVE_SIZE)


@rule(
    "GEO002", "geometry.not-without-need", ADVICE,
    gates="created masked", needs=("pairs", "identities", "masking_views", "view_devices"),
    reference="white paper page 11 (if necessary); a 5671 source needs it at equal size",
)  # fmt: skip
def geometry_not_without_need(check: Check) -> None:
    """The geometry is federated only where sizes or track formats differ.

    Why: a user geometry at equal size is no defect (a source at 5671 needs it), but after an unspoof it explains
    nothing.
    Passes when: the native size of every target with flag G = X is greater than the one it shows: by its own native
    size, else by the total of a view that is greater than what its devices show. At equal size it passes with a note.
    Fails when: never; this is advice.
    Inconclusive when: native sizes are not captured.
    Remedy: none; record the device.
    """
    targets = target_identities(check)
    marked = where(targets, is_true(targets["geometry_set"])).drop(columns=["symmetrix", "device"])
    target, device = ["target_symmetrix", "target_device"], ["symmetrix", "device"]
    native = smallest_native_sizes(check)[["symmetrix", "device", "native_mb"]]
    sized = marked.merge(native, how="left", left_on=target, right_on=device).drop(columns=["symmetrix", "device"])
    by_own_size = sized["native_mb"].notna() & sized["capacity_mb"].notna()
    differs = is_true((sized["native_mb"] - sized["capacity_mb"]).abs() >= ROUNDING_MB)
    sized = sized.merge(_by_view(check), how="left", left_on=target, right_on=device)
    larger = differs.where(by_own_size, is_true(sized["larger"]))
    comparable = by_own_size | is_true(sized["comparable"])
    for row in each(sized, ~comparable):
        message = f"the native size of target {row.target_device} is not captured"
        check.inconclusive(Subject.of_pair(row.pair), message, capture=NATIVE_SIZE)
    equal = where(sized, comparable & ~larger)
    if len(equal):
        devices = ", ".join(equal["target_device"].head(8))
        cited = [position(row, "_shown") for row in equal.itertuples()]
        message = f"user geometry at equal size on {len(equal)} targets: {devices}"
        check.note(message, "targets of equal size", check.cite(*cited))
    if not len(sized):
        check.passes("no target has a user-defined geometry")
        return
    check.passes(f"{len(sized) - len(equal)} targets with user geometry are natively larger than they show")


def _by_view(check: Check) -> "pd.DataFrame":
    """Return the devices of the views that hold a target, and what the totals of those views say about their sizes.

    Columns: ``symmetrix``, ``device``, ``comparable`` (the total can be compared with what the devices show), ``larger``
    (it is greater). Without a view the frame is empty.
    """
    names = ["symmetrix", "device", "comparable", "larger"]
    try:
        members = view_members(check)
        views = view_sums(check, members)
    except MissingEvidence:
        return pd.DataFrame({name: pd.Series(dtype="str" if name in names[:2] else "bool") for name in names})
    rounding = ROUNDING_MB * views["devices"]
    surplus = views["total_capacity_mb"] - views["shown_mb"]
    comparable = views["total_capacity_mb"].notna() & (views["unlisted"] == 0) & is_true(surplus >= -rounding)
    views = views.assign(comparable=comparable, larger=is_true(surplus > rounding))
    members = members.merge(views[["symmetrix", "view", "comparable", "larger"]], on=["symmetrix", "view"])
    return members.sort_values("comparable").drop_duplicates(["symmetrix", "device"], keep="last")[names]
