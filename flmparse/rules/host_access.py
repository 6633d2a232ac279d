"""SES020: which array serves the hosts: the host access mode of both sides of every pair."""

from typing import Any

from flmparse.columns.selection import drop_duplicates, dropna
from flmparse.evidence.reader import each, position
from flmparse.facts.identities import source_name
from flmparse.findings import Subject
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, Check, rule

MODES = ("Active", "Passive")


@rule(
    "SES020", "session.host-access-on-one-side", BLOCKER,
    gates="created ready copying copied terminated", needs=("pairs", "device_access"),
    reference="white paper page 11: the target is host passive until activate, which exchanges both sides",
)  # fmt: skip
def host_access_on_one_side(check: Check) -> None:
    """Hosts are served by the source until activate and by the target from then on, never by both.

    Why: two arrays that both serve the hosts under one identity take different writes to one disk.
    Passes when: `symdev show` or `symdev list -v` of every pair device prints its Host Access Mode: until activate the
    targets Passive and the sources Active, from then on the reverse.
    Fails when: a device has the other mode.
    Inconclusive when: the mode of a device is not captured, or was captured before the last create, activate, terminate
    or failback. No figure of the white paper shows it.
    Remedy: stop, and let no host use the device before both modes are as they must be.
    """
    pairs = check.pairs()
    modes = dropna(check.require("device_access"), ["symmetrix", "device", "host_access_mode"])
    serving = "source" if check.gate < Gate.COPYING else "target"
    for side in ("target", "source"):
        expected = "Active" if side == serving else "Passive"
        keys = [f"{side}_symmetrix", f"{side}_device"]
        joined = pairs.merge(modes, how="left", left_on=keys, right_on=["symmetrix", "device"], suffixes=("", "_mode"))
        for row in each(joined, joined["host_access_mode"].isna()):
            message = f"the host access mode of {side} {_device(row, side)} is not captured"
            check.inconclusive(Subject.of_pair(row.pair), message, capture=f"symdev -sid <{side}> show <device>")
        captured = dropna(joined, ["host_access_mode"])
        kinds = drop_duplicates(captured[["pair", "host_access_mode"]])["pair"]
        doubtful = captured["pair"].isin(kinds[kinds.duplicated()]) | ~captured["host_access_mode"].isin(MODES)
        for row in each(captured, doubtful | (captured["host_access_mode"] != expected)):
            subject, cited = Subject.of_pair(row.pair), check.cite(position(row, "_mode"), row)
            if doubtful[row.Index]:
                message = f"is {row.host_access_mode}, which does not tell which side serves"
                check.inconclusive(
                    subject, f"{side} {_device(row, side)} {message}", table="device_access", evidence=cited
                )
            else:
                message = f"is host {row.host_access_mode.lower()}, not {expected.lower()}"
                check.fails(subject, f"{side} {_device(row, side)} {message}", cited)
    other = "sources" if serving == "target" else "targets"
    check.passes(f"all {len(pairs)} {serving}s are host active, their {other} host passive")


def _device(pair: Any, side: str) -> str:
    return source_name(pair, with_array=False) if side == "source" else str(pair.target_device)
