"""CAP005: thin targets are bound to a pool that has room for what is still to be copied."""

import re
from typing import Any

from flmparse.columns.selection import drop_duplicates, dropna, where
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import MOST_LINES, each
from flmparse.evidence.timeline import before, newest
from flmparse.facts.sizes import largest_native_sizes
from flmparse.findings import Evidence, Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.tables import table_named
from flmparse.terms import tracks_to_mb

SHOW = "symdev -sid <target> show <device>"
_UNBOUND = re.compile(r"\s*Bound (?:Thin )?Pool Name\s*:\s*N/A\s*\Z")
_BOUND = re.compile(r"\s*Bound (?:Thin )?Pool Name\s*:")


@rule(
    "CAP005", "capacity.pool-takes-the-copy", BLOCKER,
    gates="prepare created copying",
    needs=("pairs", "pools", "device_details", "devices", "identities", "session_pairs", "san_luns"),
    reference="white paper page 4 (thick to thin), figure 5 (flag Z), figure 6 (TDEV)",
)  # fmt: skip
def pool_takes_the_copy(check: Check) -> None:
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
    thin = _thin_targets(check)
    bound = _bound(check, thin)
    pools = check.require("pools")
    pools = where(
        pools, (pools["symmetrix"] == check.migration.target_symmetrix) & pools["kind"].fillna("Thin").eq("Thin")
    )
    for name, members in bound.groupby("pool", observed=True):
        listed = where(pools, pools["pool"] == name)
        if len(listed) != 1:
            many = f"is listed {len(listed)} times" if len(listed) else "is not among the thin pools listed"
            check.inconclusive(f"pool {name}", many, table="pools", evidence=check.cite(listed))
        else:
            _check_pool(check, next(each(listed)), members)


def _thin_targets(check: Check) -> "pd.DataFrame":
    """Return the pairs whose target is a TDEV by any listing; one without a configuration is a gap. Leaves if none is."""
    pairs = check.pairs()
    told = [check.optional(name) for name in ("identities", "device_details", "devices")]
    configs = dropna(pd.concat([rows[["symmetrix", "device", "config"]] for rows in told]))
    if not len(configs):
        raise MissingEvidence("not captured: the configuration of the targets", SHOW)
    configs["thin"] = configs["config"].str.upper().str.contains("TDEV")
    kinds = configs.groupby(["symmetrix", "device"])["thin"].max().reset_index()
    joined = pairs.merge(
        kinds, how="left", left_on=["target_symmetrix", "target_device"], right_on=["symmetrix", "device"]
    )
    unknown = joined["thin"].isna()
    for row in each(joined, unknown):
        message = f"the configuration of target {row.target_device} is not captured"
        check.inconclusive(Subject.of_pair(row.pair), message, table="device_details", evidence=check.cite(row))
    thin = pairs[joined["thin"].eq(True).to_numpy()]
    if not len(thin) and not unknown.any():
        check.not_applicable("no target is thin (TDEV)")
    return thin


def _bound(check: Check, thin: "pd.DataFrame") -> "pd.DataFrame":
    """Return the thin pairs whose target's pool is known, with ``pool`` and where it is printed."""
    details = check.require("device_details")[["symmetrix", "device", "pool", "capture", "line", "block"]]
    joined = thin[["pair", "target_symmetrix", "target_device", "source_symmetrix", "source_device"]].merge(
        dropna(details, ["symmetrix", "device"]),
        how="left",
        left_on=["target_symmetrix", "target_device"],
        right_on=["symmetrix", "device"],
    )
    for row in each(joined, joined["pool"].isna()):
        printed = _pool_line(check, row, _UNBOUND) if row.line == row.line else []
        if printed:
            check.fails(Subject.of_pair(row.pair), f"thin target {row.target_device} is bound to no pool", printed)
        else:
            check.inconclusive(
                Subject.of_pair(row.pair), f"the pool of thin target {row.target_device} is not captured", capture=SHOW
            )
    known = drop_duplicates(dropna(joined, ["pool"]), ["pair", "pool"])
    twice = known.duplicated("pair", keep=False)
    for pair, rows in known[twice].groupby("pair", observed=True):
        names = " and ".join(rows["pool"])
        check.inconclusive(
            Subject.of_pair(pair),
            f"its target is said to be bound to {names}",
            table="device_details",
            evidence=check.cite(rows),
        )
    return where(known, ~twice)


def _pool_line(check: Check, row: Any, pattern: re.Pattern[str]) -> list[Evidence]:
    """Return the line of a device's paragraph in `symdev show` that names its pool, if it is as the pattern says."""
    output = check.output(row.block)
    for number in range(int(row.line), output.block.line_end + 1):
        line = output.capture.lines[number - 1]
        if number > row.line and "Device Physical Name" in line:
            break
        if _BOUND.match(line):
            return [check.quote(output.capture.name, number, number)] if pattern.match(line) else []
    return []


def _check_pool(check: Check, pool: Any, members: "pd.DataFrame") -> None:
    """Compare the free space of a pool with what its targets are still to receive."""
    subject = f"pool {pool.pool}"
    said = check.cite(pool)
    if pd.notna(pool.enabled) and not pool.enabled:
        check.fails(
            subject, f"is disabled, with {len(members)} targets bound to it", [*said, *_bindings(check, members)]
        )
        return
    free = pool.free_mb if pd.notna(pool.free_mb) else tracks_to_mb(1) * pool.free_tracks
    if pd.isna(free):
        check.inconclusive(subject, "its free space is not captured", table="pools", evidence=said)
        return
    if check.gate is Gate.COPYING:
        # The copy itself takes the space: what was free before it began tells nothing of now.
        stale = check.at_gate.stale(check.output(pool.block), table_named("pools"), frozenset({"activate", "failback"}))
        if stale:
            check.inconclusive(subject, f"its free space proves nothing: {stale}", table="pools", evidence=said)
            return
    wanted = _to_copy(check, members, int(pool.block))
    for row in each(wanted, wanted["least_mb"].isna()):
        what = "size of its source" if check.gate is Gate.PREPARE else "tracks still to be copied"
        check.inconclusive(Subject.of_pair(row.pair), f"the {what} is not captured", table=_AMOUNT[check.gate])
    if wanted["least_mb"].isna().any():
        return
    least, most = float(wanted["least_mb"].sum()), wanted["most_mb"].sum(skipna=False)
    zero = wanted["zero_detection"].eq("X")
    if pd.notna(most) and free >= most:
        check.passes(f"{subject} has {_mb(free)} MB free for {_mb(most)} MB of {len(members)} targets")
        full = int(wanted["zero_detection"].eq(".").sum())
        if full:
            check.note(
                f"{full} thin targets of {subject} are copied without zero detection and will be allocated in full"
            )
        return
    cited = [*said, *_bindings(check, members), *check.cite_first(wanted)]
    told = f"has {_mb(free)} MB free for {_mb(least)} MB of {len(members)} targets"
    if free >= least:
        check.inconclusive(
            subject, f"{told}, but more was left when the pool was listed", table="pools", evidence=cited
        )
    elif zero.any():
        message = f"{told}, less what zero detection leaves out of {int(zero.sum())} of them, which no capture tells"
        check.inconclusive(subject, message, evidence=cited)
    else:
        check.fails(subject, told, cited)


_AMOUNT = {Gate.PREPARE: "devices", Gate.CREATED: "session_pairs", Gate.COPYING: "session_pairs"}


def _bindings(check: Check, members: "pd.DataFrame") -> list[Evidence]:
    return [
        quoted for row in each(members.head(MOST_LINES)) for quoted in _pool_line(check, row, _BOUND) or check.cite(row)
    ]


def _mb(size: float) -> str:
    return f"{float(size):.1f}"


def _to_copy(check: Check, members: "pd.DataFrame", pool_block: int) -> "pd.DataFrame":
    """Return what the targets of a pool are still to receive, one row per pair.

    Added columns: ``least_mb`` = what is left by the standing query; ``most_mb`` = what may have been left when the
    pool was listed; ``zero_detection`` = flag Z; ``capture`` and ``line`` of the amount. Before create both amounts are
    the size of the source; before activate both are the whole session.
    """
    keys = ["pair", "target_symmetrix", "target_device", "source_symmetrix", "source_device"]
    if check.gate is Gate.PREPARE:
        return _source_sizes(check, members[keys])
    wanted = _largest(members[keys], check.require("session_pairs"))
    wanted["least_mb"] = wanted["most_mb"]
    if check.gate is Gate.COPYING:
        listed = check.output(pool_block)
        spec = table_named("session_pairs")
        queries = [
            output
            for output in check.at_gate.outputs
            if spec.name in output.reading.frames
            and not check.at_gate.stale(output, spec)
            and before(output, listed) is True
        ]
        history = check.history("session_pairs")
        last = where(history, history["block"].isin([output.index for output in newest(queries)]))
        began = where(history, history["status"] == "Created")
        most = _largest(members[keys], last if queries else began)
        wanted["most_mb"] = most["most_mb"].to_numpy()
    return wanted


def _largest(members: "pd.DataFrame", rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return each member with the most that these query rows leave to copy (``most_mb``), flag Z, and where it stands."""
    left = rows[["control_symmetrix", "control_device", "protected_tracks", "zero_detection", "capture", "line"]]
    left = left.sort_values("protected_tracks", ascending=False, kind="stable", na_position="last")
    left = drop_duplicates(left, ["control_symmetrix", "control_device"])
    joined = members.merge(
        left,
        how="left",
        left_on=["target_symmetrix", "target_device"],
        right_on=["control_symmetrix", "control_device"],
    )
    return joined.assign(most_mb=tracks_to_mb(1) * joined["protected_tracks"])


def _source_sizes(check: Check, members: "pd.DataFrame") -> "pd.DataFrame":
    """Return each member with the native size of its source."""
    sizes = largest_native_sizes(check)
    joined = members.merge(
        sizes, how="left", left_on=["source_symmetrix", "source_device"], right_on=["array", "number"]
    )
    size = joined["capacity_mb"].astype("Float64")
    return joined.assign(least_mb=size, most_mb=size, zero_detection=None)
