"""CLU006 to CLU008: cluster disks, error events, validation reports."""

import pytest

from flmparse.collection import Collection
from flmparse.findings import Result, Status
from tests.editing import clean, status, whitepaper

COPYING, CLEANED = "4-copying/EXCH01.txt", "8-cleaned/EXCH01.txt"
NO_EVENTS = "Get-WinEvent : No events were found that match the specified selection criteria."


def with_edit(file: str, old: str, new: str) -> Collection:
    """Return the clean migration with one text replaced in one file."""
    return clean({file: lambda text: text.replace(old, new)})


def test_disks_that_are_as_they_were_pass() -> None:
    for gate in ("prepare", "copying", "cleaned"):
        result = status(clean(), "CLU006", gate)
        assert result.status is Status.PASS and "5 cluster disks of 5 pairs are online" in result.message


def test_a_disk_that_failed_fails() -> None:
    result = status(with_edit(COPYING, "Cluster Disk 2 Online ", "Cluster Disk 2 Failed "), "CLU006", "copying")
    assert result.status is Status.FAIL and result.message == "0513 <- 0A5C: Cluster Disk 2 is Failed"


def test_another_signature_fails_and_another_owner_warns() -> None:
    other = status(with_edit(CLEANED, "2654136098", "2654136099"), "CLU006", "cleaned")
    assert other.status is Status.FAIL
    assert "DiskSignature of Cluster Disk 3: 9E32E722 -> 9E32E723" in other.message
    assert len(other.findings[0].evidence) == 2
    moved = with_edit(COPYING, "Cluster Disk 1 Online        EXCH01", "Cluster Disk 1 Online        EXCH02")
    result = status(moved, "CLU006", "copying")
    assert result.status is Status.WARN and "moved from EXCH01 to EXCH02" in result.message


def test_disks_whose_state_or_identity_is_not_captured_are_inconclusive() -> None:
    unlisted = with_edit(COPYING, "Cluster Disk 5 Online        EXCH01    Mail Group 5\n", "")
    result = status(unlisted, "CLU006", "copying")
    assert result.status is Status.INCONCLUSIVE and "Cluster Disk 5 is not listed" in result.message
    unknown = with_edit("0-prepare/EXCH01.txt", "DiskSignature 2654136064", "DiskSignature 1654136064")
    assert status(unknown, "CLU006", "prepare").status is Status.INCONCLUSIVE
    for gate in ("prepare", "copying", "cleaned"):
        assert status(whitepaper(), "CLU006", gate).status is Status.INCONCLUSIVE


def events(time: str, number: int, source: str) -> Collection:
    """Return the clean migration with one event in the log of EXCH01 at copying."""
    event = f"TimeCreated      : {time}\nProviderName     : {source}\nId               : {number}\nMessage          : x"
    return with_edit(COPYING, NO_EVENTS, event)


def test_logs_without_errors_pass() -> None:
    for gate in ("copying", "cleaned"):
        result = status(clean(), "CLU007", gate)
        assert result.status is Status.PASS and "EXCH01, EXCH02" in result.message


def test_an_error_since_create_warns() -> None:
    result = status(events("5/14/2012 12:05:00 PM", 57, "Ntfs"), "CLU007", "copying")
    assert result.status is Status.WARN and result.message == "EXCH01: Ntfs 57 x 1"


BAD_EVENTS = [
    ("ClusDisk", [1034]),
    ("Microsoft-Windows-FailoverClustering", [1034, 1038, 1069, 1135]),
    ("ClusSvc", [1034, 1038, 1069, 1135]),
    ("Ntfs", [55, 57]),
    ("Disk", [11, 15, 153]),
    ("mpio", [16, 17]),
]


@pytest.mark.parametrize(("source", "number"), [(name, number) for name, numbers in BAD_EVENTS for number in numbers])
def test_each_event_of_a_disk_that_went_wrong_warns(source: str, number: int) -> None:
    assert status(events("5/14/2012 12:05:00 PM", number, source), "CLU007", "copying").status is Status.WARN


def test_errors_before_create_and_events_of_others_are_no_warning() -> None:
    assert status(events("5/14/2012 9:05:00 AM", 57, "Ntfs"), "CLU007", "copying").status is Status.PASS
    assert status(events("5/14/2012 12:05:00 PM", 16, "Service X"), "CLU007", "copying").status is Status.PASS


def test_logs_that_are_missing_narrowed_or_without_a_clock_are_inconclusive() -> None:
    undated = status(events("May 14 12:05", 1069, "Microsoft-Windows-FailoverClustering"), "CLU007", "copying")
    assert undated.status is Status.INCONCLUSIVE and "whether it came after create is not known" in undated.message
    narrowed = status(with_edit(COPYING, "Level=1,2,3", "Id=57"), "CLU007", "copying")
    assert narrowed.status is Status.INCONCLUSIVE and "narrowed" in narrowed.message
    errors_only = status(with_edit(COPYING, "Level=1,2,3", "Level=1,2"), "CLU007", "copying")
    assert errors_only.status is Status.INCONCLUSIVE
    one = status(clean(drop=["4-copying/EXCH02.txt"]), "CLU007", "copying")
    assert one.status is Status.INCONCLUSIVE and "missing EXCH02" in one.message
    for gate in ("copying", "cleaned"):
        assert status(whitepaper(), "CLU007", gate).status is Status.INCONCLUSIVE


def report(*disks: str, reservation: str = "Success") -> Result:
    """Return what CLU008 says of a report of Test-Cluster about these disks."""
    text = (
        "#flm node=EXCH01 time=2012-05-14T09:00:00Z\nPS C:\\> Test-Cluster\n\nFailover Cluster Validation Report\n\n"
        "Storage\nName                                          Result\n"
        "Validate Disk Arbitration                     Success\n"
        f"Validate SCSI-3 Persistent Reservation        {reservation}\n\n" + "\n".join(disks) + "\n\nPS C:\\>\n"
    )
    return status(clean(add={"0-prepare/report.txt": text}), "CLU008", "prepare")


TESTED = [f"Physical disk 9E32E7{digit}{digit} was tested successfully." for digit in range(5)]


def test_a_report_about_the_disks_of_every_pair_passes() -> None:
    result = report(*TESTED)
    assert result.status is Status.PASS, result.message


def test_a_storage_test_that_failed_warns() -> None:
    result = report(*TESTED, reservation="Failed")
    assert result.status is Status.WARN and "known false failures" in result.message


def test_disks_that_were_left_out_or_not_named_are_inconclusive() -> None:
    online = "Cluster Disk 1 is online, so the disk will not be tested."
    skipped = report(online, *TESTED[1:])
    assert skipped.status is Status.INCONCLUSIVE and "left out of the tests" in skipped.message
    assert report(*TESTED[:4]).status is Status.INCONCLUSIVE
    assert report(*TESTED, reservation="Warning").status is Status.INCONCLUSIVE
    for gate in ("prepare", "cleaned"):
        assert status(whitepaper(), "CLU008", gate).status is Status.INCONCLUSIVE
