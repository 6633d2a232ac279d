"""SES017 to SES019: terminate, and the order of all steps."""

import pytest

from flmparse.assessment import assess
from flmparse.findings import Status
from tests.editing import status, whitepaper
from tests.rules.test_progress import COPIED, COPYING, CREATED, VERIFY, messages, query, replaced

TERMINATED, UNMASKED, CLEANED = "6-terminated/se-host.txt", "7-unmasked/se-host.txt", "8-cleaned/figures-19-20.txt"
MASKED, RESCAN = "2-masked/se-host.txt", "3-ready/figure-09.txt"
GATES = ["ready", "copying", "copied", "terminated", "unmasked", "cleaned"]

MATRIX = {
    "SES017": {"terminated": "pass", "unmasked": "pass", "cleaned": "pass"},
    "SES018": {"terminated": "inconclusive"},
    "SES019": dict.fromkeys(GATES, "pass"),
}

ALL = {
    CREATED: "2012-05-01T08:00:00Z",
    MASKED: "2012-05-01T09:00:00Z",
    RESCAN: "2012-05-01T10:00:00Z",
    COPYING: "2012-05-01T11:00:00Z",
    COPIED: "2012-05-02T11:00:00Z",
    TERMINATED: "2012-05-02T12:00:00Z",
    UNMASKED: "2012-05-02T13:00:00Z",
    CLEANED: "2012-05-02T14:00:00Z",
}


def dated(**changed: str):
    """Return edits that date every capture, in lawful order but for those named."""
    times = {**ALL, **{globals()[name]: time for name, time in changed.items()}}

    def mark(time: str):
        return lambda text: f"#flm time={time}\n{text}"

    return {name: mark(time) for name, time in times.items()}


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize("rule", MATRIX)
def test_white_paper(rule, profile):
    results = assess(whitepaper(), "all", profile, select=[rule]).results
    assert {result.gate.word: str(result.status) for result in results} == MATRIX[rule]


class TestSES017:
    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (" -symforce", "", "ran without -symforce"),
            (" -force", "", "ran without -force"),
            (" -migrate", "", "ran without -migrate"),
            ("-f win_flm", "-f other", "name different files"),
        ],
    )
    def test_options(self, old, new, message):
        result = status(whitepaper({TERMINATED: replaced(old, new, 1)}), "SES017", "terminated")
        assert result.status is Status.FAIL
        assert message in result.message

    def test_a_session_that_is_still_there(self):
        result = status(whitepaper({TERMINATED: lambda text: text + query()}), "SES017", "terminated")
        assert result.status is Status.FAIL
        assert messages(result)[0] == ("0328 <- 0720", "is still in the session (Copied) after terminate")
        assert len(messages(result)) == 4

    def test_a_query_that_lists_nothing(self):
        gone = "C:\\> symrcopy -f win_flm query\n\nNo sessions exist for the device list.\n"
        result = status(whitepaper({TERMINATED: lambda text: text + gone}), "SES017", "terminated")
        assert result.status is Status.PASS
        assert "1 queries after it list no pair" in result.message

    def test_not_captured(self):
        result = status(whitepaper(drop=[TERMINATED]), "SES017", "terminated")
        assert result.status is Status.INCONCLUSIVE
        assert result.message == "terminate: no output of it was captured. Do not run it for the record."

    def test_cut_before_the_sentence_of_success(self):
        cut = lambda text: text[: text.index("'Terminate' operation successfully")]  # noqa: E731
        assert status(whitepaper({TERMINATED: cut}), "SES017", "terminated").status is Status.INCONCLUSIVE


class TestSES018:
    def test_the_white_paper(self):
        result = status(whitepaper(), "SES018", "terminated")
        assert "not proved Copied before that" in result.message
        assert "136940 tracks left" in result.message

    def test_proved_before(self):
        result = status(whitepaper({COPIED: lambda _: VERIFY}), "SES018", "terminated")
        assert result.status is Status.PASS

    def test_tracks_left(self):
        result = status(whitepaper({COPIED: lambda _: query(left={"032B": 12})}), "SES018", "terminated")
        assert result.status is Status.FAIL
        assert "terminated although the last query shows 1 of 4 pairs not Copied, 12 tracks left" in result.message
        finding = next(f for f in result.findings if f.status is Status.FAIL)
        assert {e.capture for e in finding.evidence} == {TERMINATED, COPIED}

    def test_the_proof_is_later(self):
        late = {**dated(TERMINATED="2012-05-02T10:00:00Z"), COPIED: lambda _: f"#flm time={ALL[COPIED]}\n{VERIFY}"}
        result = status(whitepaper(late), "SES018", "terminated")
        assert result.status is Status.FAIL
        assert any("was terminated before what says Copied" in message for _, message in messages(result))

    def test_a_late_verify_beside_an_early_query(self):
        early = "#flm time=2012-05-02T09:00:00Z\n" + query() + f"#flm time={ALL[COPIED]}\n{VERIFY}"
        late = {**dated(TERMINATED="2012-05-02T10:00:00Z"), COPIED: lambda _: early}
        assert status(whitepaper(late), "SES018", "terminated").status is Status.FAIL

    def test_terminate_not_captured(self):
        assert status(whitepaper(drop=[TERMINATED]), "SES018", "terminated").status is Status.INCONCLUSIVE


class TestSES019:
    def test_by_place_only(self):
        result = status(whitepaper(), "SES019", "cleaned")
        assert result.note == "order by place in the collection only: no capture has a time"
        assert "create < mask < rescan < activate < terminate < symmask remove < powermt remove" in result.message

    def test_by_time(self):
        for gate in GATES:
            result = status(whitepaper(dated()), "SES019", gate)
            assert (result.status, result.note) == (Status.PASS, ""), gate

    @pytest.mark.parametrize(
        ("gate", "name", "time", "subject", "message"),
        [
            ("ready", "CREATED", "2012-05-01T09:30:00Z", "mask", "before create"),
            ("copying", "RESCAN", "2012-05-01T11:30:00Z", "rescan", "the hosts were rescanned only after activate"),
            ("terminated", "TERMINATED", "2012-05-01T10:30:00Z", "terminate", "before activate"),
            ("terminated", "COPIED", "2012-05-02T12:30:00Z", "terminate", "before verify"),
            ("unmasked", "UNMASKED", "2012-05-02T11:30:00Z", "symmask remove", "before terminate"),
            ("cleaned", "CLEANED", "2012-05-02T12:30:00Z", "powermt remove", "before symmask remove"),
        ],
    )
    def test_times_that_contradict(self, gate, name, time, subject, message):
        result = status(whitepaper(dated(**{name: time})), "SES019", gate)
        assert result.status is Status.FAIL
        assert any(s == subject and message in m for s, m in messages(result))
        for finding in result.findings:
            assert len({e.capture for e in finding.evidence}) == 2

    def test_a_rescan_before_masking_is_not_enough(self):
        result = status(whitepaper(dated(RESCAN="2012-05-01T08:30:00Z")), "SES019", "ready")
        assert result.status is Status.INCONCLUSIVE
        assert "nothing tells that one on MSTPM3032 came after masking" in result.message

    @pytest.mark.parametrize(
        ("gate", "name", "step"),
        [
            ("ready", RESCAN, "rescan"),
            ("ready", MASKED, "mask"),
            ("copying", COPYING, "activate"),
            ("copied", COPYING, "activate"),
            ("terminated", TERMINATED, "terminate"),
            ("unmasked", UNMASKED, "symmask remove"),
            ("cleaned", CLEANED, "powermt remove"),
        ],
    )
    def test_the_step_that_leads_to_the_gate_is_missing(self, gate, name, step):
        # The last gate is reached by nothing else: its log stays, without the step.
        edits = {name: lambda _: "C:\\> hostname\nMSTPM3032\n"} if gate == "cleaned" else {}
        result = status(whitepaper(edits, drop=[] if edits else [name]), "SES019", gate)
        assert result.status is Status.INCONCLUSIVE
        assert result.message == f"{step}: was not captured"

    def test_powermt_check(self):
        result = status(
            whitepaper({CLEANED: lambda text: text + "\nC:\\> powermt check\n\nC:\\>\n"}), "SES019", "cleaned"
        )
        assert result.status is Status.FAIL
        assert "powermt check was used" in result.message

    def test_a_restart_while_the_session_runs(self):
        log = "C:\\> shutdown /r /t 0\n\nC:\\>\n"
        result = status(whitepaper(add={"5-copied/MSTPM3032.txt": log}), "SES019", "copied")
        assert result.status is Status.FAIL
        assert messages(result)[0][0] == "MSTPM3032"
        assert "restarted between activate and terminate" in result.message

    def test_removals_of_array_ports_are_not_ordered(self):
        early = "C:\\> symmask -sid 076 -dir 14c -p 0 -wwn 50000972c0044d18 remove devs 0720\n\nC:\\>\n"
        result = status(whitepaper(add={"5-copied/ors.txt": early}), "SES019", "unmasked")
        assert result.status is Status.PASS

    def test_powermt_remove_before_the_rescan(self):
        rescan = (
            "C:\\>diskpart\n\nMicrosoft DiskPart version 6.1.7601\nOn computer: MSTPM3032\n\nDISKPART> rescan\n\n"
            "Please wait while DiskPart scans your configuration...\n\n"
            "DiskPart has finished scanning your configuration.\n\nDISKPART> exit\n\nC:\\>\n"
        )
        result = status(whitepaper({CLEANED: lambda text: text + "\n" + rescan}), "SES019", "cleaned")
        assert result.status is Status.FAIL
        assert "before rescan" in result.message
        result = status(whitepaper({CLEANED: lambda text: rescan + text}), "SES019", "cleaned")
        assert result.status is Status.PASS
