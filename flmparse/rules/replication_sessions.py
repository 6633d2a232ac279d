"""REP002, REP003: the sessions of local and remote replication that the pair devices are in."""

from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, dropna, is_true, isin_rows, where
from flmparse.evidence.lines import labelled_lines
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before
from flmparse.facts.captured import newest_rows
from flmparse.facts.pair_devices import pair_devices
from flmparse.findings import Subject
from flmparse.lazy import np, pd
from flmparse.procedure import Gate
from flmparse.rules.rule import BLOCKER, WARNING, Check, rule

TOOLS = {"rdf": "symrdf", "clone": "symclone", "snap": "symsnap", "mirror": "symmir", "ors": "symrcopy"}
SCREENS = ("symrdf", "symclone", "symsnap", "symmir", "symrcopy_list")
KINDS = {
    "rdf": "SRDF", "clone": "TimeFinder/Clone", "snap": "TimeFinder/Snap", "mirror": "TimeFinder/Mirror",
    "ors": "Open Replicator",
}  # fmt: skip
NOT_COPYING = ("Split", "NeverEstab")
"""States of a TimeFinder/Mirror pair in which nothing writes to the BCV."""


def _known_devices(check: Check) -> "pd.DataFrame":
    """Return the sources and targets of the pairs (see `pair_devices`); a gap for each that is not known."""
    devices = pair_devices(check.pairs(), "source", "target")
    for row in each(devices, devices["number"].isna() | devices["symmetrix"].isna()):
        check.inconclusive(Subject.of_pair(row.pair), f"its {row.side} device is not known", table="pairs")
    return dropna(devices, ["number", "symmetrix"])


class Listings:
    """The listings of replication sessions that some outputs give, each with its array and kind."""

    def __init__(self, check: Check, outputs: list[Output]) -> None:
        self.check = check
        blocks = [output.index for output in outputs]
        listings = check.history("replication_listings")
        listings = where(listings, listings["block"].isin(blocks))
        array = listings["symmetrix"].astype("object")
        suffix = listings["symmetrix_suffix"]
        for symmetrix in filter(None, (check.migration.source_symmetrix, check.migration.target_symmetrix)):
            ends = [isinstance(text, str) and bool(text) and symmetrix.endswith(text) for text in suffix]
            array = array.where(array.notna() | ~pd.Series(ends, index=array.index, dtype=bool), symmetrix)
        self.listed = listings.assign(array=array)
        usable = [check.output(index).status.usable for index in self.listed["block"]]
        whole = self.listed["whole_array"].fillna(False) & self.listed["complete"].fillna(False)
        self.whole = where(self.listed, whole.to_numpy(dtype=bool) & np.array(usable, dtype=bool))
        sessions = check.history("replication_sessions")
        self.sessions = where(sessions, sessions["block"].isin(blocks))

    def of(self, array: str, kind: str) -> "pd.DataFrame":
        """Return the newest listing of a whole array for a kind of sessions; no row where there is none."""
        rows = where(self.whole, (self.whole["array"] == array) & (self.whole["kind"] == kind))
        return newest_rows(self.check, rows, "array", "kind")

    def of_devices(self, devices: "pd.DataFrame") -> "pd.DataFrame":
        """Return the sessions of devices (see `pair_devices`) that no later listing of the whole array contradicts."""
        joined = devices.merge(self.sessions, left_on=["symmetrix", "number"], right_on=["symmetrix", "device"])
        return where(joined, np.array([self._stands(row) for row in joined.itertuples()], dtype=bool))

    def _stands(self, row: Any) -> bool:
        later = [self.check.output(index) for index in self.of(row.symmetrix, row.kind)["block"]]
        output = self.check.output(row.block)
        return not later or any(before(output, other) is not True for other in later)


@rule(
    "REP002", "replication.nobodys-target", BLOCKER,
    gates="prepare", required="prepare",
    needs=("pairs", "device_details", "replication_listings", "replication_sessions"),
    reference="white paper page 5: neither may be the target of local or remote replication; page 6",
)  # fmt: skip
def nobodys_target(check: Check) -> None:
    """Neither source nor target is the target of local or remote replication or in another session.

    Why: what another replication writes to a device during the copy is lost, or overwrites what was migrated.
    Passes when: `symdev show` or `symdev list -v` of every pair device shows no R2 and no session that it is the target
    of, `symrdf list` of both arrays agrees, and so does every listing of TimeFinder and Open Replicator captured.
    Fails when: a device is an R2, a BCV that is not split, a target of a clone or snap, or in another Open Replicator
    session.
    Inconclusive when: a device is not captured whole, or `symrdf list` of one of the arrays is missing.
    Remedy: terminate the other session first.
    """
    devices = _known_devices(check)
    lists = Listings(check, check.outputs(*SCREENS))
    _by_listings(check, lists, devices)
    for array in sorted(devices["symmetrix"].unique()):
        if not len(lists.of(array, "rdf")):
            message = "no whole list of its RDF devices is captured"
            check.inconclusive(str(array), message, capture=f"symrdf -sid {array} list")
    _by_details(check, lists, devices)
    listed = ", ".join(KINDS[kind] for kind in KINDS if kind in set(lists.whole["kind"]))
    check.passes(f"{len(devices)} devices are the target of nothing; whole lists captured of {listed or 'no kind'}")


def _by_details(check: Check, lists: Listings, devices: "pd.DataFrame") -> None:
    """State what `symdev show` says of the devices."""
    details = dropna(check.require("device_details"), ["symmetrix", "device"])
    columns = [
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
    joined = devices.merge(
        details[columns], how="left", left_on=["symmetrix", "number"], right_on=["symmetrix", "device"]
    )
    joined["rdf_target"] = is_true(joined["is_rdf_target"].eq(True))
    config = joined["config"].str.upper()
    proved = {index: _is_proved(check.output(index)) for index in details["block"].unique()}
    plain = is_true(joined["block"].map(proved).eq(True)) & config.fillna("").ne("")
    plain &= ~joined["rdf_target"] & joined["copy_target_of"].isna()
    plain &= ~is_true(config.str.contains("VDEV|BCV"))
    for row in each(joined, ~plain):
        subject, name = Subject.of_pair(row.pair), f"{row.side} {row.number}"
        if pd.isna(row.device):
            message = f"{name} is not captured: whether it is the target of a replication"
            check.inconclusive(subject, message, capture=f"symdev -sid <{row.side}> show <device>")
            continue
        kind = str(row.config).upper() if isinstance(row.config, str) else ""
        if row.rdf_target:
            cited = labelled_lines(check, "device_details", row, "Device Configuration|RDF Type")
            check.fails(subject, f"{name} is the target of SRDF (R2)", cited)
        elif isinstance(row.copy_target_of, str):
            state = f", {row.copy_state}" if isinstance(row.copy_state, str) else ""
            cited = labelled_lines(check, "device_details", row, rf"Target.*: *0*{row.number.lstrip('0')}\b")
            message = f"{name} is the target of a copy session of {row.copy_target_of}{state}"
            check.fails(subject, message, cited)
        elif "VDEV" in kind:
            cited = labelled_lines(check, "device_details", row, "Device Configuration")
            check.fails(subject, f"{name} is a virtual device, the target of TimeFinder/Snap", cited)
        elif not kind:
            message = f"the configuration of {name} is not captured"
            check.inconclusive(subject, message, table="device_details", evidence=check.cite(row))
        elif not proved[row.block]:
            message = f"the capture of {name} may go on: a session that it does not show may be there"
            check.inconclusive(subject, message, table="device_details", evidence=check.cite(row))
        elif "BCV" in kind and not len(lists.of(row.symmetrix, "mirror")):
            message, capture = (
                f"{name} is a BCV; whether it is established is not captured",
                f"symmir -sid {row.symmetrix} list",
            )
            check.inconclusive(subject, message, capture=capture, evidence=check.cite(row))


def _is_proved(output: Output) -> bool:
    """Whether an output is complete, so that what it does not show is not there."""
    return output.status.usable and output.reading.whole


def _by_listings(check: Check, lists: Listings, devices: "pd.DataFrame") -> None:
    """State which devices are the target of a listed session."""
    for row in each(lists.of_devices(devices)):
        subject, cited = Subject.of_pair(row.pair), check.cite(row)
        name, kind = f"{row.side} {row.number}", KINDS.get(str(row.kind), str(row.kind))
        state = f", {row.state}" if isinstance(row.state, str) else ""
        other = f" with {row.partner_device}" if isinstance(row.partner_device, str) else ""
        if row.kind == "ors":
            if isinstance(row.partner, str) and row.partner_device == row.partner:
                check.note(f"{name} is in the migration's own session already", subject, cited)
            else:
                check.fails(subject, f"{name} is in another {kind} session{other}{state}", cited)
        elif row.role == "target" and row.kind == "mirror" and str(row.state).startswith(NOT_COPYING):
            check.note(f"{name} is a BCV that is split", subject, cited)
        elif row.role == "target":
            check.fails(subject, f"{name} is the target of a {kind} session{other}{state}", cited)
        elif row.role != "source":
            message = f"{name} is in a {kind} session{other}; on which side is not captured"
            check.inconclusive(subject, message, table="replication_sessions", evidence=cited)


NEEDED = ("rdf", "clone", "snap")
"""Sessions of a source that a migration does not take along (white paper page 6)."""


@rule(
    "REP003", "replication.sessions-listed", WARNING,
    gates="prepare cleaned", needs=("pairs", "replication_listings", "replication_sessions"),
    reference="white paper page 6: sessions of the donor are not migrated; new ones may be created after completion",
)  # fmt: skip
def sessions_listed(check: Check) -> None:
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
    devices = _known_devices(check)
    outputs = check.outputs(*SCREENS)
    limit = Gate.TERMINATED if check.gate >= Gate.TERMINATED else check.gate + 1
    earlier = Listings(check, [output for output in outputs if output.gate is not None and output.gate < limit])
    if not len(earlier.listed):
        commands = (f"{TOOLS[kind]} -sid <source> list" for kind in NEEDED)
        raise MissingEvidence("not captured: the replication sessions of the source array", *commands)
    donors = where(devices, devices["side"] == "source")
    for array in sorted(donors["symmetrix"].unique()):
        for kind in NEEDED:
            if not len(earlier.of(array, kind)):
                message = f"no whole list of its {KINDS[kind]} sessions from before terminate is captured"
                check.inconclusive(str(array), message, capture=f"{TOOLS[kind]} -sid {array} list")
    sessions = earlier.of_devices(donors)
    sessions = drop_duplicates(where(sessions, sessions["kind"] != "ors"), ["pair", "kind", "partner_device", "role"])
    if check.gate < Gate.TERMINATED:
        for row in each(sessions):
            other = f" with {row.partner_device}" if isinstance(row.partner_device, str) else ""
            message = f"the {KINDS[row.kind]} session of source {row.number}{other} is not migrated; "
            message += f"no such copy is made from target {row.partner}"
            check.fails(Subject.of_pair(row.pair), message, check.cite(row))
        check.passes(f"{len(donors)} sources take part in no replication")
        return
    later = Listings(
        check, [output for output in outputs if output.gate is not None and output.gate >= Gate.TERMINATED]
    )
    targets = where(devices, devices["side"] == "target")
    created = later.of_devices(targets)
    created = where(created, created["role"] == "source")
    lost = drop_duplicates(sessions, ["pair", "kind"])
    for row in each(lost, ~isin_rows(lost[["pair", "kind"]], created[["pair", "kind"]])):
        subject, kind = Subject.of_pair(row.pair), KINDS[row.kind]
        target = where(targets, targets["pair"] == row.pair)["symmetrix"]
        whole = later.of(str(target.iloc[0]), str(row.kind)) if len(target) else later.whole.iloc[:0]
        if len(whole):
            message = f"source {row.number} had a {kind} session, target {row.partner} has none"
            check.fails(subject, message, check.cite(row, whole), absent_from="replication_sessions")
        else:
            message = f"whether target {row.partner} has the {kind} session that its source had is not captured"
            capture = f"{TOOLS[row.kind]} -sid <target> list"
            check.inconclusive(subject, message, capture=capture, evidence=check.cite(row))
    message = f"{len(donors)} sources took part in no replication"
    if len(sessions):
        message = f"{sessions['pair'].nunique()} of {len(donors)} sources had sessions; their targets have new ones"
    check.passes(message)
