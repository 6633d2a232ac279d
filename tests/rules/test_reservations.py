"""CLU003 to CLU005: persistent reservations before, at and after activate."""

from flmparse.collection import Collection
from flmparse.findings import Status
from tests.editing import Edit, status, whitepaper, whitepaper_bundle

PAIRS = {"0328": "0720", "0329": "075F", "032A": "07B6", "032B": "07E9"}
KEYS = {"8bc3a5d100000001": "210000e08b1e45f9", "8bc3a5d100000002": "210100e08b3e45f9"}
FIRST, SECOND = KEYS


def shown(sid: str, devices: list[str], disabled: tuple[str, ...] = ()) -> str:
    """Return `symdev list -v` of devices with their SCSI-3 Persistent Reserve."""
    text = f"C:\\> symdev -sid {sid[-3:]} list -v -range {devices[0]}:{devices[-1]}\n\nSymmetrix ID: {sid}\n\n"
    for device in devices:
        text += (
            "    Device Physical Name     : Not Visible\n"
            f"    Device Symmetrix Name    : {device}\n"
            "    Device Configuration     : TDEV\n"
            f"    SCSI-3 Persistent Reserve: {'Disabled' if device in disabled else 'Enabled'}\n"
            "    Device Status            : Ready           (RW)\n\n"
        )
    return f"{text}C:\\>\n"


def both(disabled: tuple[str, ...] = (), manifest: Edit | None = None) -> Collection:
    """Return the white paper with `symdev list -v` of both arrays at ready."""
    return whitepaper(
        add={
            "3-ready/targets.txt": shown("000194900275", list(PAIRS), disabled),
            "3-ready/sources.txt": shown("000187490076", list(PAIRS.values()), disabled),
        },
        manifest=manifest,
    )


def test_reservation_must_be_enabled_on_both_sides() -> None:
    assert status(both(), "CLU003", "ready").status is Status.PASS
    result = status(both(("032A", "07E9")), "CLU003", "ready")
    assert result.status is Status.FAIL
    assert [finding.subject for finding in result.findings] == ["032A <- 07B6", "032B <- 07E9"]
    assert "disabled on target 032A" in result.message
    assert any("Reserve: Disabled" in evidence.text for evidence in result.findings[0].evidence)


def test_a_side_that_is_not_captured_is_inconclusive() -> None:
    collection = whitepaper(add={"0-prepare/targets.txt": shown("000194900275", list(PAIRS))})
    result = status(collection, "CLU003", "prepare")
    assert result.status is Status.INCONCLUSIVE
    assert "SCSI-3 Persistent Reserve of source 0720 is not captured" in result.message


def test_clusters_of_2003_use_no_persistent_reservation() -> None:
    old: Edit = lambda text: text.replace("Windows Server 2008 R2", "Windows Server 2003")  # noqa: E731
    collection = both(("0328",), manifest=old)
    assert status(collection, "CLU003", "prepare").status is Status.NOT_APPLICABLE
    # At ready DiskPart of the same cluster says 6.1, and the banner of a node outweighs the manifest.
    refuted = status(collection, "CLU003", "ready")
    assert refuted.status is Status.FAIL and "SCSI-3 Persistent Reserve is disabled on" in refuted.message


def nodes(paths_of_a_device: int) -> Collection:
    """Return the white paper with two nodes, each with so many paths to the first device."""
    display = next(c for c in whitepaper_bundle().captures if c.name == "3-ready/figure-10.txt").text
    row = "    5 port5\\path0\\tgt4\\lun1   c5t4d1   FA 7eC   active  alive    0    0\n"
    assert row in display
    more = "".join(
        f"   {number} port{number}\\path0\\tgt4\\lun1  c{number}t4d1  FA 7eC   active  alive    0    0\n"
        for number in range(10, 10 + paths_of_a_device - 4)
    )
    display = display.replace(row, row + more)
    return whitepaper(
        drop=["3-ready/figure-10.txt"],
        add={"3-ready/MSTPM3032.txt": display, "3-ready/MSTPM3033.txt": display.replace("harddisk14", "harddisk24")},
        manifest=lambda text: text + '\n[[node]]\nname = "MSTPM3033"\n',
    )


def test_registrations_are_counted_over_all_nodes() -> None:
    few = status(nodes(170), "CLU004", "ready")
    assert few.status is Status.PASS and "at most 340 registrations" in few.message
    many = status(nodes(171), "CLU004", "ready")
    assert many.status is Status.WARN
    assert many.findings[0].subject == "0328 <- 0720" and "342 registrations by 2 nodes" in many.message
    one = status(whitepaper(), "CLU004", "ready")
    assert one.status is Status.INCONCLUSIVE and "0 of 2 known nodes" in one.message


def registrations(sid: str, devices: list[str], keys: dict[str, str], port: str, holder: str = FIRST) -> str:
    """Return `symdev list -pgr`: each key on each device, one of them the holder."""
    rows = "".join(
        f"{device if not number else '':6} {key}  {initiator}  {port}   {'X' if key == holder else '.'}\n"
        for device in devices
        for number, (key, initiator) in enumerate(keys.items())
    )
    return (
        f"C:\\> symdev -sid {sid[-3:]} list -pgr -range {min(PAIRS)}:{max(PAIRS.values())}\n\nSymmetrix ID: {sid}\n\n"
        "Sym    Reservation Key   Initiator WWN     Dir:P   Holder\n"
        "-----  ----------------  ----------------  ------  ------\n"
        f"{rows}\nC:\\>\n"
    )


BEFORE = registrations("000187490076", list(PAIRS.values()), KEYS, "14C:0")
AFTER = registrations("000194900275", list(PAIRS), KEYS, "07E:0")


def follows(after: str, before: str = BEFORE) -> Collection:
    """Return the white paper with the keys of the sources before activate and of the targets after it."""
    captures = {"3-ready/keys.txt": before, "4-copying/keys.txt": after}
    return whitepaper(add={name: text for name, text in captures.items() if text})


def test_the_targets_hold_the_keys_of_their_sources() -> None:
    result = status(follows(AFTER), "CLU005", "copying")
    assert result.status is Status.PASS and "4 targets hold the keys" in result.message


def test_a_key_that_is_missing_or_foreign_fails() -> None:
    without = AFTER.replace(f"       {SECOND}  210100e08b3e45f9  07E:0   .\n", "", 1)
    result = status(follows(without), "CLU005", "copying")
    assert result.status is Status.FAIL
    assert f"0328 <- 0720: target 0328 lacks the keys {SECOND} of its source" in result.message
    foreign = status(follows(AFTER.replace(SECOND, "8bc3a5d100000009", 1)), "CLU005", "copying")
    assert foreign.status is Status.FAIL and "holds foreign keys 8bc3a5d100000009" in foreign.message


def test_a_target_without_any_key_fails_where_it_was_asked_for() -> None:
    three = registrations("000194900275", list(PAIRS)[:3], KEYS, "07E:0")
    result = status(follows(three), "CLU005", "copying")
    assert result.status is Status.FAIL and "target 032B holds no registration" in result.message
    narrow = three.replace(" -range 0328:07E9", " -range 0328:032A")
    assert status(follows(narrow), "CLU005", "copying").status is Status.INCONCLUSIVE


def test_the_reservation_has_one_holder() -> None:
    two = status(follows(AFTER.replace("07E:0   .", "07E:0   X", 1)), "CLU005", "copying")
    assert two.status is Status.FAIL and "2 keys hold the reservation of target 0328" in two.message
    none = status(follows(AFTER.replace("07E:0   X", "07E:0   .", 1)), "CLU005", "copying")
    assert none.status is Status.FAIL and "no key holds the reservation of target 0328" in none.message


def test_keys_of_one_side_or_of_a_listing_that_may_go_on_are_inconclusive() -> None:
    assert status(follows(AFTER, ""), "CLU005", "copying").status is Status.INCONCLUSIVE
    assert status(follows("", BEFORE), "CLU005", "copying").status is Status.INCONCLUSIVE
    open_end = AFTER.replace("\nC:\\>\n", "")
    result = status(follows(open_end), "CLU005", "copying")
    assert result.status is Status.INCONCLUSIVE and "no registration is missing at its end" in result.message
