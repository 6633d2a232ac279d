"""CAP005: thin targets are bound to a pool that has room for what is still to be copied."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flmparse.columns.selection import drop_duplicates, dropna, group_rows, merge, where
from flmparse.evidence.migration import Missing
from flmparse.evidence.timeline import before, newest
from flmparse.findings import Evidence
from flmparse.rules.displays import MOST_LINES, some
from flmparse.rules.listings import largest_native_sizes
from flmparse.rules.rule import BLOCKER, Inquiry, each, rule
from flmparse.tables import table_named
from flmparse.terms import Gate, tracks_to_mb

if TYPE_CHECKING:
    import pandas as pd

SHOW = "symdev -sid <target> show <device>"
_UNBOUND = re.compile(r"\s*Bound (?:Thin )?Pool Name\s*:\s*N/A\s*\Z")
_BOUND = re.compile(r"\s*Bound (?:Thin )?Pool Name\s*:")


@rule(
    "CAP005", "capacity.pool-takes-the-copy", BLOCKER,
    gates="prepare created copying",
    needs=("pairs", "pools", "device_details", "devices", "identities", "session_pairs", "san_luns"),
    reference="white paper page 4 (thick to thin), figure 5 (flag Z), figure 6 (TDEV)",
)  # fmt: skip
def pool_takes_the_copy(ask: Inquiry) -> None:
    """Every thin target is bound to a pool with room for all that is still to be copied.

    Why: a pull into a pool that is full fails the session, and with it the writes of the hosts.
    Passes when: the configuration of a target is no TDEV, or `symdev show` names its pool and the free space of that
    pool is not less than the sum of what its targets are still to receive. Without zero detection (flag Z) a thin
    target is allocated in full, which is noted. The layout of the pool keys in `symdev show` is unproven.
    Fails when: a thin target is bound to no pool, its pool is disabled, or the pool has less free space than is to be
    copied.
    Inconclusive when: configuration, pool, free space or the amount to be copied of a target is not captured; once
    copying, when the pools are listed from before activate; with zero detection, when the room suffices only if enough
    of the sources is zero.
    Remedy: bind the target, add data devices to the pool, or create the session with -frontend_zero.
    """
    thin = _thin_targets(ask)
    bound = _bound(ask, thin)
    pools = ask.need("pools")
    pools = where(
        pools, (pools["symmetrix"] == ask.migration.target_symmetrix) & pools["kind"].fillna("Thin").eq("Thin")
    )
    for name, members in group_rows(bound, "pool"):
        listed = where(pools, pools["pool"] == name)
        if len(listed) != 1:
            many = f"is listed {len(listed)} times" if len(listed) else "is not among the thin pools listed"
            ask.gap(f"pool {name}", many, table="pools", evidence=ask.cite(listed))
        else:
            _check_pool(ask, next(each(listed)), members)


def _thin_targets(ask: Inquiry) -> "pd.DataFrame":
    """Return the pairs whose target is a TDEV by any listing; one without a configuration is a gap. Leaves if none is."""
    import pandas as pd

    pairs = ask.pairs()
    told = [ask.have(name) for name in ("identities", "device_details", "devices")]
    configs = dropna(pd.concat([rows[["symmetrix", "device", "config"]] for rows in told]))
    if not len(configs):
        raise Missing("not captured: the configuration of the targets", SHOW)
    configs["thin"] = configs["config"].str.upper().str.contains("TDEV")
    kinds = configs.groupby(["symmetrix", "device"])["thin"].max().reset_index()
    joined = merge(
        pairs,
        kinds,
        how="left",
        left_on=["target_symmetrix", "target_device"],
        right_on=["symmetrix", "device"],
    )
    unknown = joined["thin"].isna()
    for row in each(joined, unknown):
        message = f"the configuration of target {row.target_device} is not captured"
        ask.gap(str(row.pair), message, table="device_details", evidence=ask.cite(row))
    thin = pairs[joined["thin"].eq(True).to_numpy()]
    if not len(thin) and not unknown.any():
        ask.not_applicable("no target is thin (TDEV)")
    return thin


def _bound(ask: Inquiry, thin: "pd.DataFrame") -> "pd.DataFrame":
    """Return the thin pairs whose target's pool is known, with ``pool`` and where it is printed."""
    details = ask.need("device_details")[["symmetrix", "device", "pool", "capture", "line", "block"]]
    joined = merge(
        thin[["pair", "target_symmetrix", "target_device", "source_symmetrix", "source_device"]],
        dropna(details, ["symmetrix", "device"]),
        how="left",
        left_on=["target_symmetrix", "target_device"],
        right_on=["symmetrix", "device"],
    )
    for row in each(joined, joined["pool"].isna()):
        printed = _pool_line(ask, row, _UNBOUND) if row.line == row.line else []
        if printed:
            ask.fails(str(row.pair), f"thin target {row.target_device} is bound to no pool", printed)
        else:
            ask.gap(str(row.pair), f"the pool of thin target {row.target_device} is not captured", capture=SHOW)
    known = drop_duplicates(dropna(joined, ["pool"]), ["pair", "pool"])
    twice = known.duplicated("pair", keep=False)
    for pair, rows in group_rows(known[twice], "pair"):
        names = " and ".join(rows["pool"])
        ask.gap(
            str(pair), f"its target is said to be bound to {names}", table="device_details", evidence=ask.cite(rows)
        )
    return where(known, ~twice)


def _pool_line(ask: Inquiry, row: Any, pattern: re.Pattern[str]) -> list[Evidence]:
    """Return the line of a device's paragraph in `symdev show` that names its pool, if it is as the pattern says."""
    read = ask.block(row.block)
    for number in range(int(row.line), read.block.line_end + 1):
        line = read.capture.lines[number - 1]
        if number > row.line and "Device Physical Name" in line:
            break
        if _BOUND.match(line):
            return [ask.quote(read.capture.name, number, number)] if pattern.match(line) else []
    return []


def _check_pool(ask: Inquiry, pool: Any, members: "pd.DataFrame") -> None:
    """Compare the free space of a pool with what its targets are still to receive."""
    import pandas as pd

    subject = f"pool {pool.pool}"
    said = ask.cite(pool)
    if pd.notna(pool.enabled) and not pool.enabled:
        ask.fails(subject, f"is disabled, with {len(members)} targets bound to it", [*said, *_bindings(ask, members)])
        return
    free = pool.free_mb if pd.notna(pool.free_mb) else tracks_to_mb(1) * pool.free_tracks
    if pd.isna(free):
        ask.gap(subject, "its free space is not captured", table="pools", evidence=said)
        return
    if ask.gate is Gate.COPYING:
        # The copy itself takes the space: what was free before it began tells nothing of now.
        stale = ask.standing.stale(
            ask.block(pool.block), replace(table_named("pools"), stale_after=("activate", "failback"))
        )
        if stale:
            ask.gap(subject, f"its free space proves nothing: {stale}", table="pools", evidence=said)
            return
    wanted = _to_copy(ask, members, int(pool.block))
    for row in each(wanted, wanted["least_mb"].isna()):
        what = "size of its source" if ask.gate is Gate.PREPARE else "tracks still to be copied"
        ask.gap(str(row.pair), f"the {what} is not captured", table=_AMOUNT[ask.gate])
    if wanted["least_mb"].isna().any():
        return
    least, most = float(wanted["least_mb"].sum()), wanted["most_mb"].sum(skipna=False)
    zero = wanted["zero_detection"].eq("X")
    if pd.notna(most) and free >= most:
        ask.holds(f"{subject} has {_mb(free)} MB free for {_mb(most)} MB of {len(members)} targets")
        full = int(wanted["zero_detection"].eq(".").sum())
        if full:
            ask.notes(
                f"{full} thin targets of {subject} are copied without zero detection and will be allocated in full"
            )
        return
    cited = [*said, *_bindings(ask, members), *some(ask, wanted)]
    told = f"has {_mb(free)} MB free for {_mb(least)} MB of {len(members)} targets"
    if free >= least:
        ask.gap(subject, f"{told}, but more was left when the pool was listed", table="pools", evidence=cited)
    elif zero.any():
        message = f"{told}, less what zero detection leaves out of {int(zero.sum())} of them, which no capture tells"
        ask.gap(subject, message, evidence=cited)
    else:
        ask.fails(subject, told, cited)


_AMOUNT = {Gate.PREPARE: "devices", Gate.CREATED: "session_pairs", Gate.COPYING: "session_pairs"}


def _bindings(ask: Inquiry, members: "pd.DataFrame") -> list[Evidence]:
    return [
        quoted for row in each(members.head(MOST_LINES)) for quoted in _pool_line(ask, row, _BOUND) or ask.cite(row)
    ]


def _mb(size: float) -> str:
    return f"{float(size):.1f}"


def _to_copy(ask: Inquiry, members: "pd.DataFrame", pool_block: int) -> "pd.DataFrame":
    """Return what the targets of a pool are still to receive, one row per pair.

    Added columns: ``least_mb`` = what is left by the standing query; ``most_mb`` = what may have been left when the
    pool was listed; ``zero_detection`` = flag Z; ``capture`` and ``line`` of the amount. Before create both amounts are
    the size of the source; before activate both are the whole session.
    """
    keys = ["pair", "target_symmetrix", "target_device", "source_symmetrix", "source_device"]
    if ask.gate is Gate.PREPARE:
        return _source_sizes(ask, members[keys])
    wanted = _largest(members[keys], ask.need("session_pairs"))
    wanted["least_mb"] = wanted["most_mb"]
    if ask.gate is Gate.COPYING:
        listed = ask.block(pool_block)
        spec = table_named("session_pairs")
        queries = [
            read
            for read in ask.standing.blocks
            if spec.name in read.reading.frames and not ask.standing.stale(read, spec) and before(read, listed) is True
        ]
        history = ask.history("session_pairs")
        last = where(history, history["block"].isin([read.index for read in newest(queries)]))
        began = where(history, history["status"] == "Created")
        most = _largest(members[keys], last if queries else began)
        wanted["most_mb"] = most["most_mb"].to_numpy()
    return wanted


def _largest(members: "pd.DataFrame", rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return each member with the most that these query rows leave to copy (``most_mb``), flag Z, and where it stands."""
    left = rows[["control_symmetrix", "control_device", "protected_tracks", "zero_detection", "capture", "line"]]
    left = left.sort_values("protected_tracks", ascending=False, kind="stable", na_position="last")
    left = drop_duplicates(left, ["control_symmetrix", "control_device"])
    joined = merge(
        members,
        left,
        how="left",
        left_on=["target_symmetrix", "target_device"],
        right_on=["control_symmetrix", "control_device"],
    )
    return joined.assign(most_mb=tracks_to_mb(1) * joined["protected_tracks"])


def _source_sizes(ask: Inquiry, members: "pd.DataFrame") -> "pd.DataFrame":
    """Return each member with the native size of its source."""
    sizes = largest_native_sizes(ask)
    joined = merge(
        members, sizes, how="left", left_on=["source_symmetrix", "source_device"], right_on=["array", "number"]
    )
    size = joined["capacity_mb"].astype("Float64")
    return joined.assign(least_mb=size, most_mb=size, zero_detection=None)
