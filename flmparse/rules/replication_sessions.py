"""REP002, REP003: the sessions of local and remote replication that the pair devices are in."""

from typing import TYPE_CHECKING, Any

from flmparse.collection import ReadBlock
from flmparse.columns.selection import drop_duplicates, dropna, merge, where
from flmparse.evidence.migration import Missing
from flmparse.evidence.timeline import before
from flmparse.rules.listings import newest_rows, printed
from flmparse.rules.rule import BLOCKER, WARNING, Inquiry, each, rule
from flmparse.terms import Gate

if TYPE_CHECKING:
    import pandas as pd

TOOLS = {"rdf": "symrdf", "clone": "symclone", "snap": "symsnap", "mirror": "symmir", "ors": "symrcopy"}
SCREENS = ("symrdf", "symclone", "symsnap", "symmir", "symrcopy_list")
KINDS = {
    "rdf": "SRDF", "clone": "TimeFinder/Clone", "snap": "TimeFinder/Snap", "mirror": "TimeFinder/Mirror",
    "ors": "Open Replicator",
}  # fmt: skip
NOT_COPYING = ("Split", "NeverEstab")
"""States of a TimeFinder/Mirror pair in which nothing writes to the BCV."""


def sides(ask: Inquiry, *wanted: str) -> "pd.DataFrame":
    """Return a row for each wanted side of every pair: pair, side, symmetrix, number, partner; a gap where unknown."""
    import pandas as pd

    pairs = ask.pairs()
    parts = []
    for side in wanted:
        other = "source" if side == "target" else "target"
        names = ["pair", f"{side}_symmetrix", f"{side}_device", f"{other}_device", "capture", "line"]
        part = pairs[names].set_axis(["pair", "symmetrix", "number", "partner", "pair_capture", "pair_line"], axis=1)
        parts.append(part.assign(side=side))
    found = pd.concat(parts, ignore_index=True)
    for row in each(found, found["number"].isna() | found["symmetrix"].isna()):
        ask.gap(str(row.pair), f"its {row.side} device is not known", table="pairs")
    return dropna(found, ["number", "symmetrix"])


class Listings:
    """The listings of replication sessions up to a gate, each told by its array and kind."""

    def __init__(self, ask: Inquiry, blocks: list[ReadBlock]) -> None:
        self.ask = ask
        indexes = [read.index for read in blocks]
        listed = ask.history("replication_listings")
        listed = where(listed, listed["block"].isin(indexes))
        arrays = [ask.migration.source_symmetrix, ask.migration.target_symmetrix]
        told = listed["symmetrix"].astype("object")
        for array in [array for array in arrays if array]:
            suffix = listed["symmetrix_suffix"].map(lambda text: isinstance(text, str) and bool(text))
            mine = [
                bool(asked) and array.endswith(str(text))
                for asked, text in zip(suffix, listed["symmetrix_suffix"], strict=True)
            ]
            told = told.where(told.notna() | ~_series(mine, told), array)
        self.listed = listed.assign(array=told)
        usable = [ask.block(index).status.usable for index in self.listed["block"]]
        whole = self.listed["whole_array"].fillna(False) & self.listed["complete"].fillna(False)
        self.whole = where(self.listed, whole.astype(bool) & _series(usable, self.listed["block"]))
        sessions = ask.history("replication_sessions")
        self.sessions = where(sessions, sessions["block"].isin(indexes))

    def of(self, array: str, kind: str) -> "pd.DataFrame":
        """Return the newest listing of a whole array for a kind of sessions; no row where there is none."""
        mine = where(self.whole, (self.whole["array"] == array) & (self.whole["kind"] == kind))
        return newest_rows(self.ask, mine, "array", "kind")

    def of_devices(self, devices: "pd.DataFrame") -> "pd.DataFrame":
        """Return the sessions of devices (see `sides`) that no later listing of the whole array has taken back."""
        joined = merge(devices, self.sessions, left_on=["symmetrix", "number"], right_on=["symmetrix", "device"])
        kept = [self._stands(row) for row in joined.itertuples()]
        return joined[_series(kept, joined["pair"])]

    def _stands(self, row: Any) -> bool:
        later = [self.ask.block(index) for index in self.of(row.symmetrix, row.kind)["block"]]
        here = self.ask.block(row.block)
        return not later or any(before(here, read) is not True for read in later)


def _series(values: list[bool], like: "pd.Series[Any]") -> "pd.Series[bool]":
    import pandas as pd

    return pd.Series(values, index=like.index, dtype=bool)


@rule(
    "REP002", "replication.nobodys-target", BLOCKER,
    gates="prepare", required="prepare",
    needs=("pairs", "device_details", "replication_listings", "replication_sessions"),
    reference="white paper page 5: neither may be the target of local or remote replication; page 6",
)  # fmt: skip
def nobodys_target(ask: Inquiry) -> None:
    """Neither source nor target is the target of local or remote replication or in another session.

    Why: what another replication writes to a device during the copy is lost, or overwrites what was migrated.
    Passes when: `symdev show` or `symdev list -v` of every pair device shows no R2 and no session that it is the target
    of, `symrdf list` of both arrays agrees, and so does every listing of TimeFinder and Open Replicator captured.
    Fails when: a device is an R2, a BCV that is not split, a target of a clone or snap, or in another Open Replicator
    session.
    Inconclusive when: a device is not captured whole, or `symrdf list` of one of the arrays is missing.
    Remedy: terminate the other session first.
    """
    devices = sides(ask, "source", "target")
    blocks = ask.blocks(*SCREENS)
    lists = Listings(ask, blocks)
    _by_listings(ask, lists, devices)
    for array in sorted(devices["symmetrix"].unique()):
        if not len(lists.of(array, "rdf")):
            ask.gap(str(array), "no whole list of its RDF devices is captured", capture=f"symrdf -sid {array} list")
    _by_details(ask, lists, devices)
    listed = ", ".join(KINDS[kind] for kind in KINDS if kind in set(lists.whole["kind"]))
    ask.holds(f"{len(devices)} devices are the target of nothing; whole lists captured of {listed or 'no kind'}")


def _by_details(ask: Inquiry, lists: Listings, devices: "pd.DataFrame") -> None:
    """State what `symdev show` says of the devices."""
    details = dropna(ask.need("device_details"), ["symmetrix", "device"])
    told = [
        "symmetrix",
        "device",
        "config",
        "is_rdf_target",
        "copy_target_of",
        "copy_state",
        "capture",
        "line",
        "block",
    ]
    joined = merge(
        devices, details[told], how="left", left_on=["symmetrix", "number"], right_on=["symmetrix", "device"]
    )
    joined["rdf_target"] = joined["is_rdf_target"].eq(True).fillna(False).astype(bool)
    config = joined["config"].str.upper()
    proved = {index: _is_proved(ask.block(index)) for index in details["block"].unique()}
    plain = joined["block"].map(proved).fillna(False).astype(bool) & config.fillna("").ne("")
    plain &= ~joined["rdf_target"] & joined["copy_target_of"].isna()
    plain &= ~config.str.contains("VDEV|BCV").fillna(False).astype(bool)
    for row in each(joined, ~plain):
        name = f"{row.side} {row.number}"
        if row.device != row.device:
            message = f"{name} is not captured: whether it is the target of a replication"
            ask.gap(str(row.pair), message, capture=f"symdev -sid <{row.side}> show <device>")
            continue
        kind = str(row.config).upper() if isinstance(row.config, str) else ""
        if row.rdf_target:
            cited = printed(ask, "device_details", row, "Device Configuration|RDF Type")
            ask.fails(str(row.pair), f"{name} is the target of SRDF (R2)", cited)
        elif isinstance(row.copy_target_of, str):
            state = f", {row.copy_state}" if isinstance(row.copy_state, str) else ""
            cited = printed(ask, "device_details", row, rf"Target.*: *0*{row.number.lstrip('0')}\b")
            message = f"{name} is the target of a copy session of {row.copy_target_of}{state}"
            ask.fails(str(row.pair), message, cited)
        elif "VDEV" in kind:
            cited = printed(ask, "device_details", row, "Device Configuration")
            ask.fails(str(row.pair), f"{name} is a virtual device, the target of TimeFinder/Snap", cited)
        elif not kind:
            ask.gap(str(row.pair), f"the configuration of {name} is not captured", table="device_details",
                    evidence=ask.cite(row))  # fmt: skip
        elif not proved[row.block]:
            message = f"the capture of {name} may go on: a session that it does not show may be there"
            ask.gap(str(row.pair), message, table="device_details", evidence=ask.cite(row))
        elif "BCV" in kind and not len(lists.of(row.symmetrix, "mirror")):
            message = f"{name} is a BCV; whether it is established is not captured"
            ask.gap(str(row.pair), message, capture=f"symmir -sid {row.symmetrix} list", evidence=ask.cite(row))


def _is_proved(read: ReadBlock) -> bool:
    """Whether what a capture does not show is not there."""
    return read.status.usable and read.reading.whole


def _by_listings(ask: Inquiry, lists: Listings, devices: "pd.DataFrame") -> None:
    """State which devices are the target of a listed session."""
    for row in each(lists.of_devices(devices)):
        name, kind = f"{row.side} {row.number}", KINDS.get(str(row.kind), str(row.kind))
        state = f", {row.state}" if isinstance(row.state, str) else ""
        other = f" with {row.partner_device}" if isinstance(row.partner_device, str) else ""
        if row.kind == "ors":
            if isinstance(row.partner, str) and row.partner_device == row.partner:
                ask.notes(f"{name} is in the migration's own session already", str(row.pair), ask.cite(row))
            else:
                ask.fails(str(row.pair), f"{name} is in another {kind} session{other}{state}", ask.cite(row))
        elif row.role == "target" and row.kind == "mirror" and str(row.state).startswith(NOT_COPYING):
            ask.notes(f"{name} is a BCV that is split", str(row.pair), ask.cite(row))
        elif row.role == "target":
            ask.fails(str(row.pair), f"{name} is the target of a {kind} session{other}{state}", ask.cite(row))
        elif row.role != "source":
            message = f"{name} is in a {kind} session{other}; on which side is not captured"
            ask.gap(str(row.pair), message, table="replication_sessions", evidence=ask.cite(row))


NEEDED = ("rdf", "clone", "snap")
"""Sessions of a source that a migration does not take along (white paper page 6)."""


@rule(
    "REP003", "replication.sessions-listed", WARNING,
    gates="prepare cleaned", needs=("pairs", "replication_listings", "replication_sessions"),
    reference="white paper page 6: sessions of the donor are not migrated; new ones may be created after completion",
)  # fmt: skip
def sessions_listed(ask: Inquiry) -> None:
    """No source takes part in a replication that would be lost, or its target has a new one at the end.

    Why: TimeFinder and SRDF sessions of the source stay with the source: from activate on nothing copies the data.
    Passes when: `symrdf`, `symclone` and `symsnap list` of the source array (and `symmir list` where captured) show no
    session of a source; at cleaned also when its target is the source of a new session of the same kind.
    Fails when: a source has a session (a warning, so that it is planned; a waiver records the plan), and at cleaned its
    target has none.
    Inconclusive when: one of the three lists of the source array from before terminate is missing or not whole, or at
    cleaned the list of the target array that would show the new session.
    Remedy: create the new TimeFinder or SRDF session of the target after the migration is closed.
    """
    devices = sides(ask, "source", "target")
    blocks = ask.blocks(*SCREENS)
    limit = Gate.TERMINATED if ask.gate >= Gate.TERMINATED else ask.gate + 1
    earlier = Listings(ask, [read for read in blocks if read.gate is not None and read.gate < limit])
    if not len(earlier.listed):
        raise Missing("not captured: the replication sessions of the source array", *_commands("<source>"))
    donors = where(devices, devices["side"] == "source")
    for array in sorted(donors["symmetrix"].unique()):
        for kind in NEEDED:
            if not len(earlier.of(array, kind)):
                message = f"no whole list of its {KINDS[kind]} sessions from before terminate is captured"
                ask.gap(str(array), message, capture=f"{TOOLS[kind]} -sid {array} list")
    sessions = earlier.of_devices(donors)
    sessions = drop_duplicates(where(sessions, sessions["kind"] != "ors"), ["pair", "kind", "partner_device", "role"])
    if ask.gate < Gate.TERMINATED:
        for row in each(sessions):
            other = f" with {row.partner_device}" if isinstance(row.partner_device, str) else ""
            message = f"the {KINDS[row.kind]} session of source {row.number}{other} is not migrated; "
            message += f"no such copy is made from target {row.partner}"
            ask.fails(str(row.pair), message, ask.cite(row))
        ask.holds(f"{len(donors)} sources take part in no replication")
        return
    later = Listings(ask, [read for read in blocks if read.gate is not None and read.gate >= Gate.TERMINATED])
    targets = where(devices, devices["side"] == "target")
    made = later.of_devices(targets)
    made = where(made, made["role"] == "source")
    for row in each(drop_duplicates(sessions, ["pair", "kind"])):
        mine = where(made, (made["pair"] == row.pair) & (made["kind"] == row.kind))
        if len(mine):
            continue
        target = where(targets, targets["pair"] == row.pair)["symmetrix"]
        whole = later.of(str(target.iloc[0]), str(row.kind)) if len(target) else later.whole.iloc[:0]
        message = f"source {row.number} had a {KINDS[row.kind]} session, target {row.partner} has none"
        if len(whole):
            ask.fails(str(row.pair), message, ask.cite(row, whole), absent_from="replication_sessions")
        else:
            message = (
                f"whether target {row.partner} has the {KINDS[row.kind]} session that its source had is not captured"
            )
            ask.gap(str(row.pair), message, capture=f"{TOOLS[row.kind]} -sid <target> list", evidence=ask.cite(row))
    ask.holds(f"{sessions['pair'].nunique()} of {len(donors)} sources had sessions; their targets have new ones"
              if len(sessions) else f"{len(donors)} sources took part in no replication")  # fmt: skip


def _commands(array: str) -> list[str]:
    return [f"{TOOLS[kind]} -sid {array} list" for kind in NEEDED]
