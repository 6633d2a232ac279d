"""IDN: each target shows its source's identity, on the array and on every node."""

from typing import TYPE_CHECKING, Any

from flmparse.columns.selection import drop_duplicates, dropna, in_blocks, is_true, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.reader import each, position
from flmparse.evidence.timeline import before
from flmparse.facts.disks import disks_of_pairs, pairs_not_in_display
from flmparse.facts.displays import NONE_SINCE_UNMASK, none_since_unmask
from flmparse.facts.identities import source_is_no_device, source_name, target_identities, with_source_device
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.rules.rule import BLOCKER, Check, rule

if TYPE_CHECKING:
    import pandas as pd

SERIAL_TAIL = "000"
"""Last three digits of an external serial number (white paper figure 6); other digits are a director and port."""


@rule(
    "IDN001", "identity.target-is-federated", BLOCKER,
    gates="created..copied", required="created masked", needs=("pairs", "identities"), waivable=False,
    reference="white paper figure 6, pages 11 and 12",
)  # fmt: skip
def target_is_federated(check: Check) -> None:
    """Every target device carries a non-native external identity before a host can see it.

    Why: a target under its own identity is a NEW disk to the hosts; after the copy Windows sees two disks with one
    signature and rewrites one of them.
    Passes when: flag I of `symdev list -identity` is X for the target of every pair.
    Fails when: flag I of a target is a dot.
    Inconclusive when: a target is not listed, or the listing is older than the last create or terminate.
    Remedy: create the session of that pair again; do not mask the device.
    """
    pairs = target_identities(check)
    for row in each(pairs, pairs["identity_set"].isna()):
        check.inconclusive(
            Subject.of_pair(row.pair), f"flag I of target {row.target_device} was not captured", table="identities"
        )
    for row in each(pairs, pairs["native"]):
        message = f"target {row.target_device} still shows its own identity (I = .)"
        check.fails(Subject.of_pair(row.pair), message, check.cite(position(row, "_shown"), row))
    check.passes(f"all {len(pairs)} targets carry an external identity (I = X)")


@rule(
    "IDN002", "identity.target-shows-source", BLOCKER,
    gates="created..copied", required="created masked", needs=("pairs", "identities"), waivable=False,
    reference="white paper figure 6, page 12: all the fields must match the source device",
)  # fmt: skip
def target_shows_its_source(check: Check) -> None:
    """Every target shows the array and device number of the source it is paired with.

    Why: a target that shows another source's identity gives the host the wrong disk under a known name.
    Passes when: external array and external device number, compared as numbers, are those of the pair's source.
    Fails when: either differs, or a target shows no external identity.
    Inconclusive when: a target is not listed, its external identity cannot be read, or the pair's source is given as
    wwn=.
    Remedy: terminate, correct the pair file, create again.
    """
    pairs = with_source_device(check, target_identities(check))
    for row in each(pairs, _shows_another(pairs)):
        subject, cited = Subject.of_pair(row.pair), check.cite(position(row, "_shown"), row)
        source = source_name(row)
        if _both_read(row.external_symmetrix, row.external_device):
            identity = f"{row.external_symmetrix}:{row.external_device}"
            message = f"target {row.target_device} shows {identity} but is paired with {source}"
            check.fails(subject, message, cited)
        elif row.native:
            check.fails(subject, f"target {row.target_device} shows no external identity, not {source}", cited)
        else:
            message = f"the external identity of target {row.target_device} cannot be read"
            check.inconclusive(subject, message, table="identities", evidence=cited)
    check.passes(f"all {len(pairs)} targets show the array and number of their source")


def _shows_another(pairs: "pd.DataFrame") -> "pd.Series[bool]":
    """Tell which targets do not show the array and number of their source."""
    same_array = (pairs["external_symmetrix"] == pairs["source_symmetrix"]).astype(bool)
    same_number = (pairs["external_device"] == pairs["source_device"]).astype(bool)
    return ~(same_array & same_number)


def _both_read(*values: object) -> bool:
    return all(isinstance(value, str) for value in values)


@rule(
    "IDN003", "identity.serial-is-sources", BLOCKER,
    gates="created..copied", required="created", needs=("pairs", "identities"),
    reference="white paper figure 6 (lines 279-282 of the seed), page 12",
)  # fmt: skip
def serial_is_the_sources(check: Check) -> None:
    """Every target shows the serial number of its source.

    Why: multipathing and the cluster know a disk by its serial number; another one makes another disk.
    Passes when: the serial is the source's: the last two digits of its array, its device number in five digits, 000.
    Fails when: array or device in the serial are another's. Other last three digits only warn: they are director and
    port of the source where its common-serial flag is off.
    Inconclusive when: a target is not listed, its serial cannot be read, or the pair's source is given as wwn=.
    Remedy: create the session of that pair again; compare with syminq on a node.
    """
    pairs = with_source_device(check, target_identities(check))
    pairs = pairs.assign(expected=_composed_serials(pairs), serial=pairs["serial"].str.upper())
    for row in each(pairs, ~(pairs["serial"] == pairs["expected"]).astype(bool)):
        subject, cited = Subject.of_pair(row.pair), check.cite(position(row, "_shown"), row)
        serial, expected = row.serial, str(row.expected)
        if not isinstance(serial, str):
            if row.native:
                check.fails(subject, f"target {row.target_device} shows no external serial, not {expected}", cited)
            else:
                message = f"the serial of target {row.target_device} cannot be read"
                check.inconclusive(subject, message, table="identities")
        elif len(serial) == len(expected) and serial.startswith(expected.removesuffix(SERIAL_TAIL)):
            message = f"serial {serial} ends in {serial[-3:]}, not {SERIAL_TAIL}: director and port of the source?"
            check.warns(subject, message, cited)
        else:
            check.fails(subject, f"serial {serial} is not {expected}", cited)
    check.passes(f"all {len(pairs)} serials are composed of their source's array and number")


def _composed_serials(pairs: "pd.DataFrame") -> "pd.Series[str]":
    """Return each pair's expected serial: last two digits of the source array, its device in five digits, ``000``."""
    array, number = pairs["source_symmetrix"].str[-2:], pairs["source_device"].str.zfill(5)
    return (array + number + SERIAL_TAIL).str.upper()


@rule(
    "IDN004", "identity.shown-once", BLOCKER,
    gates="created masked", required="created", needs=("pairs", "identities"),
    reference="white paper page 12; practice",
)  # fmt: skip
def each_identity_shown_once(check: Check) -> None:
    """No two devices of the target array show the same identity.

    Why: a host merges the paths of two devices with one identity into one disk and writes to both.
    Passes when: over all devices listed, not only the targets, no shown array and device number occurs twice.
    Fails when: one does.
    Inconclusive when: a target is not listed.
    Remedy: find the device federated by an older session and clear it.
    """
    targets = target_identities(check)
    listed = dropna(check.require("identities"), ["symmetrix", "device"])
    listed = where(listed, listed["symmetrix"].isin(targets["target_symmetrix"]))
    federated = is_true(listed["identity_set"])
    listed = listed.assign(
        as_symmetrix=listed["external_symmetrix"].where(federated, listed["symmetrix"]),
        as_device=listed["external_device"].where(federated, listed["device"]),
    )
    of_devices = drop_duplicates(listed, ["symmetrix", "device", "as_symmetrix", "as_device"])
    unread = of_devices["as_symmetrix"].isna() | of_devices["as_device"].isna()
    for row in each(of_devices, unread):
        message = "its external identity cannot be read"
        check.inconclusive(Subject.of_device(row.device), message, table="identities", evidence=check.cite(row))
    of_devices = where(of_devices, ~unread)
    repeated = where(of_devices, of_devices.duplicated(["as_symmetrix", "as_device"], keep=False))
    for (symmetrix, device), rows in repeated.groupby(["as_symmetrix", "as_device"], sort=False, observed=True):
        message = f"devices {', '.join(rows['device'].unique())} all show this identity"
        check.fails(Subject.of_device(device, symmetrix), message, check.cite(rows))
    others = where(listed, federated & ~listed["device"].isin(targets["target_device"]))
    if len(others):
        names = ", ".join(others["device"].unique()[:8])
        check.note(f"{others['device'].nunique()} federated devices are not of this migration: {names}")
    check.passes(f"{listed['device'].nunique()} devices listed, each with an identity of its own")


def _together(*rows: "pd.DataFrame") -> "pd.DataFrame":
    return pd.concat(rows)


@rule(
    "IDN005", "identity.one-disk-per-pair", BLOCKER,
    gates="ready..cleaned", required="ready copying copied terminated cleaned", needs=("pairs", "powerpath_devices"),
    reference="white paper figures 10, 13, 20; pseudo devices are recommended on page 7",
)  # fmt: skip
def one_disk_per_pair(check: Check) -> None:
    """On each node every pair is one disk with the source's identity, under a name that never changes.

    Why: two pseudo devices for one disk mean that the paths of source and target were not merged; at activation the
    cluster loses the one it uses.
    Passes when: every `powermt display` lists the source identity of each pair exactly once, and no later capture of
    the same node gives it another pseudo name. Names may differ between nodes.
    Fails when: an identity is listed twice or is not on a node, or its pseudo name changed.
    Inconclusive when: a capture may not be whole, or names differ between captures of which the node is not known.
    Remedy: scan again; check IDN001 to IDN003, then `powermt check_registration` and the claim state.
    """
    if none_since_unmask(check):
        check.not_applicable(NONE_SINCE_UNMASK)
    pairs = check.pairs()
    devices = check.require("powerpath_devices")
    disks = check.once(disks_of_pairs, devices, pairs, "source")
    repeated = where(disks, disks.duplicated(["block", "pair"], keep=False))
    for (_block, pair), rows in repeated.groupby(["block", "pair"], sort=False, observed=True):
        first = next(rows.itertuples())
        names = ", ".join(rows["pseudo"].fillna("(no pseudo name)"))
        message = f"{_location(first)}: {first.symmetrix}:{first.device} is {len(rows)} disks: {names}"
        check.fails(Subject.of_pair(pair), message, check.cite(rows))
    for output, row in pairs_not_in_display(check, devices, disks):
        source = source_name(row)
        if not isinstance(row.source_device, str):
            source_is_no_device(check, row)
        elif output is not None and Answer(output).lists_everything:
            computer = output.node or output.capture.name
            check.fails(Subject.of_pair(row.pair), f"{computer}: no disk shows {source}", check.cite(output, row))
        else:
            location = f"in {output.capture.name}" if output is not None else "anywhere"
            check.inconclusive(
                Subject.of_pair(row.pair), f"{source} is not listed {location}", table="powerpath_devices"
            )
    _names_stay(check, check.once(disks_of_pairs, check.history("powerpath_devices"), pairs, "source"))
    nameless = int(disks["pseudo"].isna().sum())
    if nameless:
        check.note(f"{nameless} disks have no pseudo device name")
    check.passes(f"{len(pairs)} pairs, each one disk with the identity of its source and an unchanged name")


def _location(row: Any) -> str:
    """Name the computer of a row, else the file that it was captured in."""
    return row.node if isinstance(row.node, str) else str(row.capture)


def _names_stay(check: Check, disks: "pd.DataFrame") -> None:
    """State where the pseudo name of a pair's disk differs between captures of one node."""
    named = drop_duplicates(dropna(disks, ["pseudo"]), ["block", "pair"])
    named = named.assign(computer=named["node"].astype("object").fillna(""))
    names = named.groupby(["computer", "pair"], sort=False)["pseudo"].transform("nunique")
    changed = drop_duplicates(where(named, names > 1), ["computer", "pair", "pseudo"])
    for (computer, pair), rows in changed.groupby(["computer", "pair"], sort=False, observed=True):
        listed = ", ".join(f"{row.pseudo} ({row.capture}:{row.line})" for row in rows.itertuples())
        if computer or check.manifest.expected_nodes == 1:
            message = f"{computer or 'the node'}: the pseudo name changed: {listed}"
            check.fails(Subject.of_pair(pair), message, check.cite(rows))
        else:
            message = f"pseudo names differ and nothing tells whether it is one node: {listed}"
            check.inconclusive(Subject.of_pair(pair), message, table="powerpath_devices", evidence=check.cite(rows))


@rule(
    "IDN006", "identity.native-not-visible", BLOCKER,
    gates="ready..cleaned", required="ready copying copied terminated cleaned", needs=("pairs", "powerpath_devices"),
    reference="white paper page 14, figures 10, 13, 20", waivable=False,
)  # fmt: skip
def native_identity_not_visible(check: Check) -> None:
    """No node sees a target under its native identity.

    Why: the node has scanned the device before create or after an unspoof; it holds a second disk with the same data
    and may write to it.
    Passes when: no disk in any `powermt display` is the array and number of a target.
    Fails when: one is.
    Inconclusive when: a capture that does not list every pair may not be whole.
    Remedy: take the disk off the node, correct the masking, scan again.
    """
    if none_since_unmask(check):
        check.not_applicable(NONE_SINCE_UNMASK)
    pairs = check.pairs()
    devices = check.require("powerpath_devices")
    native = check.once(disks_of_pairs, devices, pairs, "target")
    paired = pairs.set_index("pair")
    for row in each(native):
        disk = row.pseudo if isinstance(row.pseudo, str) else "a disk"
        message = f"{_location(row)}: {disk} is {row.symmetrix}:{row.device}, the target's native identity"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row, paired.loc[[row.pair]]))
    disks = check.once(_together, check.once(disks_of_pairs, devices, pairs, "source"), native)
    for output, row in pairs_not_in_display(check, devices, disks):
        if output is None or not Answer(output).lists_everything:
            location = f"in {output.capture.name}" if output is not None else "anywhere"
            check.inconclusive(
                Subject.of_pair(row.pair), f"neither of its devices is listed {location}", table="powerpath_devices"
            )
    check.passes(f"{len(devices)} disks listed, none of them a target under its own identity")


@rule(
    "IDN007", "identity.federation-kept", BLOCKER,
    gates="terminated unmasked cleaned", needs=("pairs", "identities", "powerpath_devices", "operations"),
    reference="white paper page 6 (unspoof), page 19: the federated identity may remain",
)  # fmt: skip
def federation_kept(check: Check) -> None:
    """Every target keeps its source's identity until an unspoof that is planned with all nodes down.

    Why: an identity that vanishes under a running host takes the disk away from it; one that stays for ever must at
    least be on record.
    Passes when: after terminate every target still shows its source, by `symdev list -identity` or on a node; the
    devices that stay federated are noted.
    Fails when: after terminate a target shows another identity and no unspoof was captured.
    Inconclusive when: nothing captured after terminate shows the identity, or an unspoof was captured: that all nodes
    were down then is in no capture.
    Remedy: unspoof only with all nodes shut down and the source no longer presented; record the devices until then.
    """
    pairs = check.pairs()
    terminated = check.at_gate.step("terminate")
    if not terminated:
        check.inconclusive(
            "", "no terminate is captured, so nothing is known to be younger", capture="the log of terminate"
        )
        return

    def since_terminate(table: str) -> "pd.DataFrame":
        rows = check.optional(table)
        outputs = map(check.output, rows["block"].unique())
        later = (output.index for output in outputs if all(before(step, output) is True for step in terminated))
        return check.once(in_blocks, rows, frozenset(later))

    listed = check.once(_identities_of_targets, pairs, since_terminate("identities"))
    devices = since_terminate("powerpath_devices")
    native = check.once(_native_disks, devices, pairs)
    kept = check.once(disks_of_pairs, devices, pairs, "source")
    another = listed["source_device"].notna() & _shows_another(listed)
    lost = where(listed, ~is_true(listed["identity_set"]) | another)
    for row in (*each(lost), *each(native)):
        subject, cited = Subject.of_pair(row.pair), check.cite(position(row, "_shown"), row)
        if check.at_gate.step("unspoof"):
            message = f"target {row.target_device} was unspoofed; no capture shows that all nodes were down"
            check.inconclusive(subject, message, capture="the state of the nodes at the unspoof", evidence=cited)
        else:
            check.fails(subject, f"target {row.target_device} no longer shows {source_name(row)}", cited)
    lost_pairs = set(lost["pair"]) | set(native["pair"])
    for pair in pairs["pair"][~pairs["pair"].isin({*listed["pair"], *kept["pair"], *lost_pairs})]:
        message = "no capture younger than terminate shows the identity"
        check.inconclusive(Subject.of_pair(pair), message, table="identities")
    listed = listed[["pair", *_OF_IDENTITY]].rename(columns=_OF_IDENTITY)
    federated = pd.concat([listed, kept[["pair", "capture", "line"]]])
    federated = drop_duplicates(where(federated, ~federated["pair"].isin(lost_pairs)), "pair")
    if len(federated):
        message = f"{len(federated)} devices are still federated; record them until they are unspoofed"
        check.note(message, "federated devices", check.cite(federated))


def _identities_of_targets(pairs: "pd.DataFrame", identities: "pd.DataFrame") -> "pd.DataFrame":
    """Return the pairs with what their targets show; ``capture_shown`` and ``line_shown`` say where it is printed."""
    return pairs.merge(dropna(identities, ["symmetrix", "device"]),
        left_on=["target_symmetrix", "target_device"], right_on=["symmetrix", "device"], suffixes=("", "_shown"))  # fmt: skip


def _native_disks(devices: "pd.DataFrame", pairs: "pd.DataFrame") -> "pd.DataFrame":
    """Return the disks that show a target's own identity, with their pair."""
    return disks_of_pairs(devices, pairs, "target").merge(pairs, on="pair", suffixes=("_shown", ""))


_OF_IDENTITY = {"capture_shown": "capture", "line_shown": "line"}
