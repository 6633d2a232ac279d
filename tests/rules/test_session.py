"""SES001 to SES009: the session as created, and its flags."""

import pytest

from flmparse.assessment import assess
from flmparse.findings import Result, Status
from tests.editing import clean, status, whitepaper

CREATED = "1-created/se-host.txt"
COPYING = "4-copying/se-host.txt"

MATRIX = {
    "SES001": {"created": "pass"},
    "SES002": {"created": "pass", "ready": "pass", "copying": "pass", "copied": "pass"},
    "SES003": {"created": "pass", "ready": "pass", "copying": "pass", "copied": "pass"},
    "SES004": {"created": "pass", "ready": "pass", "copying": "pass", "copied": "pass"},
    "SES005": {"created": "pass", "ready": "pass", "copying": "pass", "copied": "pass", "terminated": "pass"},
    "SES006": {"created": "pass", "ready": "pass"},
    "SES007": {"created": "pass", "ready": "pass", "copying": "pass"},
    "SES008": {"created": "pass", "copying": "pass"},
    "SES009": {"created": "pass", "masked": "pass", "ready": "pass"},
}


def replaced(old: str, new: str, count: int = -1):
    return lambda text: text.replace(old, new, count)


def first(result: Result) -> tuple[str, str]:
    """Subject and message of the finding that gave the status."""
    finding = next(f for f in result.findings if f.status is result.status)
    return finding.subject, finding.message


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize("rule", MATRIX)
def test_white_paper(rule, profile):
    results = assess(whitepaper(), "all", profile, select=[rule]).results
    assert {result.gate.word: str(result.status) for result in results} == MATRIX[rule]


def test_every_fail_cites_the_row_it_is_about():
    result = status(whitepaper({CREATED: replaced("SD ...XXM.", "SD ...XXS.", 1)}), "SES002", "created")
    (finding,) = [f for f in result.findings if f.status is Status.FAIL]
    assert [e.place for e in finding.evidence] == [f"{CREATED}:20"]
    assert "000194900275:0328" in finding.evidence[0].text


class TestSES001:
    def test_options_are_told(self):
        assert "-host_type windows -mp_type ppath" in status(whitepaper(), "SES001", "created").message

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("-migrate -host_type", "-host_type", "ran without -migrate"),
            ("-pull -migrate", "-push -migrate", "ran without -pull"),
            ("-pull -migrate", "-pull -cold -migrate", "ran with -cold"),
            ("-host_type windows", "-host_type hpux", "ran with -host_type hpux, not windows"),
            ("ppath  ", "vxdmp", "ran with -mp_type vxdmp; allowed: ppath"),
            ("-f win_flm create", "-f other create", "the command and its answer name different files"),
        ],
    )
    def test_wrong_options_fail(self, old, new, message):
        result = status(whitepaper({CREATED: replaced(old, new, 1)}), "SES001", "created")
        assert result.status is Status.FAIL
        assert first(result)[0] == "create"
        assert any(message in finding.message for finding in result.findings)

    def test_a_create_of_another_file_fails(self):
        result = status(
            whitepaper({CREATED: lambda t: t.replace("-f win_flm create", "-f b create").replace(" win_flm '", "b'")
                        .replace("' win_flm'", "'b'")}), "SES001", "created"
        )  # fmt: skip
        assert result.status is Status.FAIL
        assert "was run with b, not with win_flm" in result.message

    def test_a_refused_create_fails(self):
        command = "C:\\> symrcopy -f win_flm create -pull -migrate -host_type windows -mp_type ppath"
        text = f"{command}\n\nThe operation failed.\n"
        result = status(whitepaper({CREATED: lambda _: text}), "SES001", "created")
        assert result.status is Status.FAIL
        assert "reports that it failed" in result.message

    def test_without_sentence_of_success_nothing_is_known(self):
        cut = replaced(
            "'Create' operation successfully executed for the device list  \nin device file ' win_flm'.\n", ""
        )
        result = status(whitepaper({CREATED: cut}), "SES001", "created")
        assert result.status is Status.INCONCLUSIVE
        assert "does not say whether it succeeded" in result.message

    def test_without_command_the_options_are_not_known(self):
        cut = lambda text: text[text.index("'Create' operation execution") :]  # noqa: E731
        result = status(whitepaper({CREATED: cut}), "SES001", "created")
        assert result.status is Status.INCONCLUSIVE
        assert "the options are not known" in result.message

    def test_not_captured(self):
        result = status(whitepaper(drop=[CREATED]), "SES001", "created")
        assert result.status is Status.INCONCLUSIVE
        assert result.not_captured == ("create: no output of it was captured. Do not run it for the record.",)


FLAG_FAULTS = [
    ("SES002", "...XXR.", "is a RecoverPoint session"),
    ("SES002", "...XXS.", "is a standard ORS session: no identity, no cutover"),
    ("SES003", "..XXXM.", "pushes"),
    ("SES004", "....XM.", "is a cold session"),
    ("SES005", "...X.M.", "donor update is off"),
]


@pytest.mark.parametrize(("rule", "flags", "message"), FLAG_FAULTS)
def test_a_wrong_flag_fails_for_its_pair(rule, flags, message):
    result = status(whitepaper({CREATED: replaced("07E9      SD ...XXM.", f"07E9      SD {flags}")}), rule, "created")
    assert result.status is Status.FAIL
    assert first(result)[0] == "032B <- 07E9"
    assert message in result.message


@pytest.mark.parametrize("rule", ["SES002", "SES003", "SES004", "SES005", "SES006", "SES007", "SES008", "SES009"])
def test_a_pair_that_the_query_lacks_is_a_gap(rule):
    line = "000194900275:032B      15000      000187490076:07E9      SD ...XXM.      Created          N/A\n"
    result = status(whitepaper({CREATED: replaced(line, "")}), rule, "created")
    assert result.status is Status.INCONCLUSIVE
    assert "032B <- 07E9" in result.message or "not every pair" in result.message


@pytest.mark.parametrize("rule", ["SES002", "SES003", "SES004", "SES005", "SES006", "SES007", "SES008", "SES009"])
def test_without_query_nothing_is_known(rule):
    result = status(whitepaper(drop=[CREATED]), rule, "created")
    assert result.status is Status.INCONCLUSIVE
    assert result.missing


class TestSES005:
    def test_off_in_an_older_query_still_fails(self):
        fault = replaced("07E9\tSD X..XXM. CopyInProg\t19", "07E9\tSD X..X.M. CopyInProg\t19")
        result = status(whitepaper({COPYING: fault}), "SES005", "copied")
        assert result.status is Status.FAIL
        assert "a failback loses them" in result.message

    def test_terminate_is_noted(self):
        result = status(whitepaper(), "SES005", "terminated")
        assert result.note == "failback removed by terminate"

    def test_switched_off_by_command(self):
        off = (
            "C:\\> symrcopy -f win_flm set donor_update off\n\n"
            "'Set Donor Update Off' operation successfully executed for the device list\nin device file 'win_flm'.\n"
        )
        result = status(whitepaper({COPYING: lambda text: text + "\n" + off}), "SES005", "copying")
        assert result.status is Status.FAIL
        assert "was switched off between create and terminate" in result.message

    def test_terminate_not_captured(self):
        result = status(whitepaper(drop=["6-terminated/se-host.txt"]), "SES005", "terminated")
        assert result.status is Status.INCONCLUSIVE
        assert "terminate: no output of it was captured" in result.message


def test_ses006_differential_warns():
    result = status(
        whitepaper({CREATED: replaced("0720      SD ...XXM.", "0720      SD .X.XXM.")}), "SES006", "created"
    )
    assert (result.status, *first(result)) == (
        Status.WARN, "0328 <- 0720", "is a differential session (flags .X.XXM.)",
    )  # fmt: skip


class TestSES007:
    def test_no_background_copy_after_activation(self):
        fault = replaced("SD X..XXM.\tCopyInProg\t96", "SD ...XXM.\tCopyInProg\t96")
        result = status(whitepaper({COPYING: fault}), "SES007", "copying")
        assert result.status is Status.FAIL
        assert first(result)[0] == "032B <- 07E9"
        assert "copies on access only" in result.message

    def test_copy_on_access(self):
        fault = replaced("SD X..XXM.\tCopyInProg\t96", "SD ...XXM.\tCopyOnAcc\t96")
        result = status(whitepaper({COPYING: fault}), "SES007", "copying")
        assert result.status is Status.FAIL

    def test_set_before_activation_is_noted(self):
        result = status(whitepaper({CREATED: replaced("SD ...XXM.", "SD X..XXM.", 1)}), "SES007", "created")
        assert result.status is Status.PASS
        assert result.note == "0328 <- 0720: background copy is set before activation"

    def test_another_state_is_not_judged(self):
        fault = replaced("SD X..XXM.\tCopyInProg\t96", "SD X..XXM.\tRecreated\t96")
        result = status(whitepaper({COPYING: fault}), "SES007", "copying")
        assert result.status is Status.INCONCLUSIVE


class TestSES008:
    def test_one_pair_apart(self):
        result = status(
            whitepaper({CREATED: replaced("0720      SD ...XXM.", "0720      SD ...XXS.")}), "SES008", "created"
        )
        assert result.status is Status.WARN
        assert first(result) == ("0328 <- 0720", "has flags ...XXS. where the others have ...XXM.")

    def test_kind_of_remote_device(self):
        result = status(whitepaper({CREATED: replaced("0720      SD ", "0720      CW ")}), "SES008", "created")
        assert result.status is Status.WARN
        assert "R and I are CW, not SD" in result.message

    def test_change_in_another_flag_than_c(self):
        fault = lambda text: text.replace("X..XXM.", "X..XXMX")  # noqa: E731
        result = status(whitepaper({COPYING: fault}), "SES008", "copying")
        assert result.status is Status.WARN
        assert "changed flags between queries: ...XXM. and X..XXMX" in result.message
        assert len([f for f in result.findings if f.status is Status.WARN]) == 4


class TestSES009:
    def test_started(self):
        fault = replaced("Created          N/A", "CopyInProg         3", 1)
        result = status(whitepaper({CREATED: fault}), "SES009", "created")
        assert result.status is Status.FAIL
        assert first(result) == ("0328 <- 0720", "is CopyInProg, 60000 tracks left, Done 3")

    def test_tracks_missing(self):
        fault = lambda text: text.replace("0329      60000", "0329      59000")  # noqa: E731
        result = status(whitepaper({CREATED: fault}), "SES009", "created")
        assert result.status is Status.FAIL
        assert first(result) == ("0329 <- 075F", "59000 tracks left are 3687.5 MB, the device has 3750 MB")
        finding = next(f for f in result.findings if f.status is Status.FAIL)
        assert {e.line_start for e in finding.evidence} == {21, 66}

    def test_size_not_captured(self):
        cut = lambda text: text[: text.index("C:\\> symdev")]  # noqa: E731
        result = status(whitepaper({CREATED: cut}), "SES009", "created")
        assert result.status is Status.INCONCLUSIVE
        assert "how many tracks the whole device has is not known" in result.message

    def test_a_query_older_than_activation_proves_nothing_later(self):
        result = status(whitepaper(drop=[COPYING]), "SES002", "copied")
        assert result.status is Status.PASS, "no activation is known of: the Created query stands"
        gone = whitepaper({COPYING: lambda text: text[: text.index("C:\\> symrcopy -f win_flm query")]})
        assert status(gone, "SES002", "copied").status is Status.INCONCLUSIVE


@pytest.mark.parametrize(("rule", "flags"), [("SES003", "X.XXXM."), ("SES004", "X...XM.")])
def test_the_query_before_terminate_is_judged_too(rule, flags):
    """A session that turns out to push, or cold, when all is said to be Copied."""
    edits = {"5-copied/se-host.txt": replaced("SD X..XXM.", f"SD {flags}", 1)}
    assert status(clean(edits), rule, "copied").status is Status.FAIL
