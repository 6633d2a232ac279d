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
    gates="prepare created copying", harm_ends="copied",
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
    on_target_array = pools["symmetrix"] == check.migration.target_symmetrix
    pools = where(pools, on_target_array & pools["kind"].fillna("Thin").eq("Thin"))
    for name, members in bound.groupby("pool", observed=True):
        rows = where(pools, pools["pool"] == name)
        if len(rows) == 1:
            _check_pool(check, next(each(rows)), members)
        else:
            message = f"is listed {len(rows)} times" if len(rows) else "is not among the thin pools listed"
            check.inconclusive(f"pool {name}", message, table="pools", evidence=check.cite(rows))


def _thin_targets(check: Check) -> "pd.DataFrame":
    """Return the pairs whose target is a TDEV by any listing; one without a configuration is a gap. Not applicable without any."""
    pairs = check.pairs()
    listings = [check.optional(name) for name in ("identities", "device_details", "devices")]
    configs = dropna(pd.concat([rows[["symmetrix", "device", "config"]] for rows in listings]))
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
    """Return the thin pairs whose target's pool is known, with ``pool`` and the position of its `symdev show`."""
    details = check.require("device_details")[["symmetrix", "device", "pool", "capture", "line", "block"]]
    joined = thin[["pair", "target_symmetrix", "target_device", "source_symmetrix", "source_device"]].merge(
        dropna(details, ["symmetrix", "device"]),
        how="left",
        left_on=["target_symmetrix", "target_device"],
        right_on=["symmetrix", "device"],
    )
    for row in each(joined, joined["pool"].isna()):
        subject = Subject.of_pair(row.pair)
        pool_line = _pool_line(check, row, _UNBOUND) if pd.notna(row.line) else []
        if pool_line:
            check.fails(subject, f"thin target {row.target_device} is bound to no pool", pool_line)
        else:
            message = f"the pool of thin target {row.target_device} is not captured"
            check.inconclusive(subject, message, capture=SHOW)
    bound = drop_duplicates(dropna(joined, ["pool"]), ["pair", "pool"])
    contradicted = bound.duplicated("pair", keep=False)
    for pair, rows in where(bound, contradicted).groupby("pair", observed=True):
        message, cited = f"its target is said to be bound to {' and '.join(rows['pool'])}", check.cite(rows)
        check.inconclusive(Subject.of_pair(pair), message, table="device_details", evidence=cited)
    return where(bound, ~contradicted)


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
    pool_row = check.cite(pool)
    if pd.notna(pool.enabled) and not pool.enabled:
        message = f"is disabled, with {len(members)} targets bound to it"
        check.fails(subject, message, [*pool_row, *_bindings(check, members)])
        return
    free = pool.free_mb if pd.notna(pool.free_mb) else tracks_to_mb(1) * pool.free_tracks
    if pd.isna(free):
        check.inconclusive(subject, "its free space is not captured", table="pools", evidence=pool_row)
        return
    if check.gate is Gate.COPYING:
        # The copy itself takes the space: what was free before it began proves nothing.
        steps = frozenset({"activate", "failback"})
        reason = check.at_gate.stale(check.output(pool.block), table_named("pools"), steps)
        if reason:
            check.inconclusive(subject, f"its free space proves nothing: {reason}", table="pools", evidence=pool_row)
            return
    wanted = _to_copy(check, members, int(pool.block))
    amount, table = "tracks still to be copied", "session_pairs"
    if check.gate is Gate.PREPARE:
        amount, table = "size of its source", "devices"
    for row in each(wanted, wanted["least_mb"].isna()):
        check.inconclusive(Subject.of_pair(row.pair), f"the {amount} is not captured", table=table)
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
    cited = [*pool_row, *_bindings(check, members), *check.cite_first(wanted)]
    message = f"has {_mb(free)} MB free for {_mb(least)} MB of {len(members)} targets"
    if free >= least:
        message += ", but more was left when the pool was listed"
        check.inconclusive(subject, message, table="pools", evidence=cited)
    elif zero.any():
        message += f", less what zero detection leaves out of {int(zero.sum())} of them, which no capture tells"
        check.inconclusive(subject, message, evidence=cited)
    else:
        check.fails(subject, message, cited)


def _bindings(check: Check, members: "pd.DataFrame") -> list[Evidence]:
    """Return the lines on which `symdev show` names the pool of the first of these targets."""
    rows = each(members.head(MOST_LINES))
    return [line for row in rows for line in _pool_line(check, row, _BOUND) or check.cite(row)]


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
        table = table_named("session_pairs")
        queries = [
            output
            for output in check.at_gate.outputs
            if table.name in output.reading.frames
            and not check.at_gate.stale(output, table)
            and before(output, listed) is True
        ]
        history = check.history("session_pairs")
        last = where(history, history["block"].isin([output.index for output in newest(queries)]))
        began = where(history, history["status"] == "Created")
        most = _largest(members[keys], last if queries else began)
        wanted["most_mb"] = most["most_mb"].to_numpy()
    return wanted


def _largest(members: "pd.DataFrame", rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return each member with the most that these query rows leave to copy (``most_mb``), flag Z, and its position."""
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
