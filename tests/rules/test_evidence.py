"""EVD001 to EVD007: whether the captures can be relied on."""

import pytest

from flmparse.assessment import assess
from flmparse.findings import Status
from tests.editing import clean, status, whitepaper
from tests.rules.test_progress import COPIED, COPYING, CREATED, SENTENCE, VERIFY, messages, replaced
from tests.rules.test_termination import CLEANED, MASKED, RESCAN, UNMASKED, dated

PATHS = "3-ready/figure-10.txt"
GATES = ["prepare", "created", "masked", "ready", "copying", "copied", "terminated", "unmasked", "cleaned"]

MATRIX = {
    "EVD001": {**dict.fromkeys(GATES, "pass"), "copying": "warn"},
    "EVD002": {**dict.fromkeys(GATES[1:], "pass"), "copied": "not_applicable", "terminated": "not_applicable"},
    "EVD003": {**dict.fromkeys(GATES[2:], "inconclusive"), "masked": "warn"},
    "EVD004": {**dict.fromkeys(GATES, "pass"), "prepare": "inconclusive", "copied": "warn"},
    "EVD005": {"created": "pass", "unmasked": "warn"},
    "EVD006": {"created": "pass", "copying": "pass", "unmasked": "pass"},
    "EVD007": {"ready": "warn", "copying": "warn", "cleaned": "warn"},
}


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize("rule", MATRIX)
def test_white_paper(rule, profile):
    results = assess(whitepaper(), "all", profile, select=[rule]).results
    assert {result.gate.word: str(result.status) for result in results} == MATRIX[rule]


@pytest.mark.parametrize("rule", ["EVD001", "EVD003", "EVD004"])
def test_a_gate_without_captures_is_no_pass(rule):
    result = status(whitepaper(drop=[COPIED]), rule, "copied")
    assert result.status is Status.INCONCLUSIVE
    assert "nothing was captured at this gate" in result.message


def without_line(number: int):
    def edit(text: str) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(lines[: number - 1] + lines[number:])

    return edit


@pytest.mark.parametrize(
    ("rule", "gate", "name", "line"),
    [
        ("EVD003", "masked", MASKED, 7),
        ("EVD004", "copied", COPIED, 1),
        ("EVD004", "copied", COPIED, 3),
        ("EVD005", "unmasked", UNMASKED, 2),
        ("EVD007", "ready", PATHS, 1),
        ("SES015", "copied", COPIED, 1),
        ("SES018", "terminated", COPIED, 1),
    ],
)
def test_a_lost_line_makes_no_pass(rule, gate, name, line):
    assert status(whitepaper({name: without_line(line)}), rule, gate).status is not Status.PASS


class TestEVD001:
    def test_a_missing_line_of_the_heading(self):
        result = status(whitepaper(), "EVD001", "copying")
        assert messages(result) == [
            (COPYING, "line 11: no line of the kind 'device file'"),
            (COPYING, "line 27: no line of the kind 'device file'"),
        ]

    def test_an_unknown_line(self):
        fault = replaced("\n0329 Not Visible", "\n@@@ garbled @@@\n0329 Not Visible")
        result = status(whitepaper({CREATED: fault}), "EVD001", "created")
        assert result.status is Status.WARN
        assert messages(result) == [(CREATED, "line 66 not understood by symdev_list_identity")]
        assert result.findings[0].evidence[0].text == "@@@ garbled @@@"

    def test_an_unknown_output(self):
        result = status(whitepaper(add={"1-created/notes.txt": "we had pizza\nand beer\n"}), "EVD001", "created")
        assert result.status is Status.WARN
        assert messages(result) == [("1-created/notes.txt", "lines 1 to 2 not understood: no screen known for it")]

    def test_a_cut_output(self):
        cut = lambda text: text[: text.index("\nTotal\n")]  # noqa: E731
        result = status(whitepaper({CREATED: cut}), "EVD001", "created")
        assert result.status is Status.WARN
        assert any("the output is cut off" in message for _, message in messages(result))

    def test_an_empty_output(self):
        result = status(whitepaper({COPIED: lambda _: "C:\\> symrcopy -f win_flm verify\n\n"}), "EVD001", "copied")
        assert result.status is Status.WARN
        assert "nothing was captured below the command" in result.message

    def test_a_log_cut_between_two_commands(self):
        cut = lambda text: text[: text.index("C:\\> symrcopy -f win_flm query")]  # noqa: E731
        result = status(whitepaper({COPYING: cut}), "EVD001", "copying")
        assert result.status is Status.INCONCLUSIVE
        assert "no symrcopy query was captured" in result.message

    def test_hostname_is_understood(self):
        named = lambda text: "C:\\> hostname\nMSTPM3032\n" + text  # noqa: E731
        assert status(whitepaper({PATHS: named}), "EVD001", "ready").status is Status.PASS

    def test_a_capture_without_gate_counts_everywhere(self):
        added = whitepaper(add={"elsewhere.txt": "pizza for 4\n"})
        assert status(added, "EVD001", "created").status is Status.WARN
        assert status(added, "EVD001", "cleaned").status is Status.WARN

    def test_a_bad_marker(self):
        result = status(whitepaper({COPIED: lambda text: "#flm gaet=copied\n" + text}), "EVD001", "copied")
        assert result.status is Status.WARN
        assert "'gaet=copied' is none of node=, gate=, time=" in result.message


class TestEVD002:
    @pytest.mark.parametrize(
        ("gate", "name", "old", "new", "message"),
        [
            ("created", CREATED, "Symmetrix ID: 000194900275", "Symmetrix ID: 000194900276",
             "the command asks for -sid 275, the output is from array 000194900276"),
            ("created", CREATED, "RW XX  000187490076  00720", "RW XX  000187490077  00720",
             "is from array 000187490077, not from"),
            ("created", CREATED, "-sid 275", "-sid 27", "-sid 27 is none of"),
            ("masked", MASKED, "-sid 275", "-sid 276", "-sid 276 is none of the pair file's arrays"),
            ("unmasked", UNMASKED, "Symmetrix ID : 000187490076", "Symmetrix ID : 000187490079",
             "the output is from array 000187490079"),
            ("unmasked", UNMASKED, "Database 000187490076", "Database 000187490079", "is from array 000187490079"),
            ("copying", "4-copying/figure-13.txt", "000187490076", "000187490079",
             "shows devices of 000187490079, none of"),
        ],
    )  # fmt: skip
    def test_another_array(self, gate, name, old, new, message):
        result = status(whitepaper({name: replaced(old, new)}), "EVD002", gate)
        assert result.status is Status.FAIL
        assert all(subject == name for subject, _ in messages(result))
        assert any(message in said for _, said in messages(result))

    def test_a_suffix_of_both(self):
        pair_file = replaced("000187490076", "000187490275")
        result = status(whitepaper({"0-prepare/win_flm.txt": pair_file}), "EVD002", "masked")
        assert result.status is Status.FAIL
        assert "-sid 275 fits 000187490275 and 000194900275" in result.message

    def test_no_heading(self):
        result = status(
            whitepaper({MASKED: replaced("Symmetrix ID           : 000194900275\n", "")}), "EVD002", "masked"
        )
        assert result.status is Status.INCONCLUSIVE
        assert "does not say which array it is from" in result.message

    def test_other_arrays_beside_them_are_no_matter(self):
        other = (
            "\nPseudo name=harddisk30\nSymmetrix ID=000187490099\nLogical device ID=0100\n"
            "state=alive; policy=SymmOpt; priority=0; queued-IOS=0\n=====\n"
            "----- Host ----- - Stor - -- I/O Path - -- Stats ---\n"
            "### HW Path          I/O Paths  Interf.  Mode   State  Q-IOS Errors\n=====\n"
            "    5 port5\\path0\\tgt9\\lun6  c5t9d6  FA 3cA  active  alive    0    0\n"
        )
        result = status(whitepaper({"4-copying/figure-13.txt": lambda text: text + other}), "EVD002", "copying")
        assert result.status is Status.PASS


class TestEVD003:
    def test_the_view_of_the_white_paper(self):
        result = status(whitepaper(), "EVD003", "masked")
        ((subject, message),) = messages(result)
        assert subject == "FLM_CLUSTER_MV"
        assert message.startswith("last updated 12:36:37 PM on Tue Jan 04,2011, before Enginuity 5876 was released")
        (finding,) = [f for f in result.findings if f.status is Status.WARN]
        assert finding.evidence[0].place == f"{MASKED}:7"

    def test_no_time(self):
        result = status(whitepaper(), "EVD003", "copied")
        assert result.message.startswith(f"{COPIED}: has no time")

    @staticmethod
    def view(date: str, **changed: str):
        edits = dated(**changed)
        mark = edits[MASKED]
        paths = {PATHS: lambda text: "#flm time=2012-05-01T10:30:00Z\n" + text}
        view = {MASKED: lambda text: mark(text.replace("Tue Jan 04,2011", date))}
        return whitepaper({**edits, **view, **paths})

    def test_dated_and_fresh(self):
        collection = self.view("Tue May 01,2012")
        assert status(collection, "EVD003", "ready").status is Status.PASS
        result = status(self.view("Mon Apr 30,2012"), "EVD003", "masked")
        assert result.status is Status.PASS

    def test_wrong_weekday(self):
        result = status(self.view("Wed May 01,2012"), "EVD003", "masked")
        assert result.status is Status.WARN
        assert "but that day was a Tue" in result.message

    def test_after_its_own_capture(self):
        result = status(self.view("Sat May 05,2012"), "EVD003", "masked")
        assert result.status is Status.WARN
        assert "after it was captured (2012-05-01T09:00:00+00:00)" in result.message

    def test_not_a_date(self):
        result = status(whitepaper({MASKED: replaced("Tue Jan 04,2011", "someday")}), "EVD003", "masked")
        assert result.status is Status.INCONCLUSIVE

    def test_too_old_for_the_next_step(self):
        old = {**dated(RESCAN="2012-04-27T10:00:00Z"), PATHS: lambda text: "#flm time=2012-04-28T10:00:00Z\n" + text}
        result = status(whitepaper(old), "EVD003", "ready")
        assert result.status is Status.WARN
        assert messages(result)[0] == (PATHS, "is 70.0 hours old when create was run; allowed: 24")

    def test_before_the_step_that_it_should_prove(self):
        early = {**dated(), "4-copying/figure-13.txt": lambda text: "#flm time=2012-05-01T10:59:00Z\n" + text}
        result = status(whitepaper(early), "EVD003", "copying")
        assert result.status is Status.WARN
        assert "predates activate: 2012-05-01T10:59:00+00:00, 2012-05-01T11:00:00+00:00" in result.message

    def test_windows_before_its_release(self):
        result = status(whitepaper(dated(RESCAN="2010-12-01T10:00:00Z")), "EVD003", "ready")
        assert result.status is Status.WARN
        assert "before Windows 6.1.7601 was released in February 2011" in result.message


class TestEVD004:
    def test_the_white_paper(self):
        result = status(whitepaper(), "EVD004", "copied")
        assert messages(result) == [(COPIED, "output of symrcopy_verify under the command 'symrcopy -f win_flm query'")]

    def test_the_right_command(self):
        assert status(whitepaper({COPIED: lambda _: VERIFY}), "EVD004", "copied").status is Status.PASS

    def test_no_command(self):
        result = status(whitepaper({COPIED: lambda _: SENTENCE}), "EVD004", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "no command above the output" in result.message

    def test_no_output(self):
        result = status(whitepaper({COPIED: lambda _: "C:\\> symrcopy -f win_flm verify\n\n"}), "EVD004", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "nothing known below" in result.message


class TestEVD005:
    def test_the_white_paper(self):
        result = status(whitepaper(), "EVD005", "unmasked")
        assert len(messages(result)) == 2
        assert messages(result)[0][1].startswith("symmask has no option -wnn; did you mean '-wwn'?")

    def test_right_options(self):
        assert status(whitepaper({UNMASKED: replaced("-wnn", "-wwn")}), "EVD005", "unmasked").status is Status.PASS

    def test_cut_in_the_command(self):
        cut = lambda text: text[: text.index(" -wnn")]  # noqa: E731
        result = status(whitepaper({UNMASKED: cut}), "EVD005", "unmasked")
        assert result.status is Status.INCONCLUSIVE
        assert "is not a whole command" in result.message

    def test_no_known_tool(self):
        result = status(whitepaper({UNMASKED: lambda _: "C:\\> dir -wnn\n"}), "EVD005", "unmasked")
        assert result.status is Status.INCONCLUSIVE
        assert "no command of a known tool" in result.message


class TestEVD006:
    @pytest.mark.parametrize(
        ("gate", "name", "line"),
        [
            ("created", CREATED, "032B Not Visible TDEV          RW XX  000187490076  007E9 76007E9000   938\n"),
            ("copying", MASKED, "032B   08E:0   Not Visible                   4\n"
             "       07E:0   Not Visible                   4\n"),
        ],
    )  # fmt: skip
    def test_a_list_without_a_pair(self, gate, name, line):
        result = status(whitepaper({name: replaced(line, "")}), "EVD006", gate)
        assert result.status is Status.FAIL
        assert messages(result) == [("032B <- 07E9", f"032B is not in {name}")]

    def test_removals_without_a_source(self):
        result = status(whitepaper({UNMASKED: replaced("07B6,07E9\n\nC", "07B6\n\nC")}), "EVD006", "unmasked")
        assert result.status is Status.FAIL
        assert messages(result)[0][0] == "032B <- 07E9"

    def test_symmaskdb_asked_about_fewer(self):
        def edit(text: str) -> str:
            head, tail = text.split("list assignment -devs ")
            rows = tail[: tail.index("07E9    5")].replace(",07E9", "")
            return head + "list assignment -devs " + rows + "\nC:\\>\n"

        result = status(whitepaper({UNMASKED: edit}), "EVD006", "unmasked")
        assert result.status is Status.FAIL
        assert "symmaskdb was not asked about 07E9" in result.message

    def test_asked_about_and_not_listed(self):
        def edit(text: str) -> str:
            return text[: text.index("07E9    5")]

        result = status(whitepaper({UNMASKED: edit}), "EVD006", "unmasked")
        assert result.status is Status.INCONCLUSIVE
        assert "nothing proves the list whole" in result.message
        closed = whitepaper({UNMASKED: lambda text: edit(text) + "\nC:\\>\n"})
        assert status(closed, "EVD006", "unmasked").status is Status.PASS, "a device without assignments has no row"

    def test_not_captured(self):
        cut = lambda text: text[: text.index("C:\\> symdev")]  # noqa: E731
        result = status(whitepaper({CREATED: cut}), "EVD006", "created")
        assert result.status is Status.INCONCLUSIVE
        assert result.missing == ("symdev -sid <target> list -identity",)


class TestEVD007:
    def test_the_white_paper(self):
        assert messages(status(whitepaper(), "EVD007", "ready")) == [(PATHS, "line 1: node unknown")]

    @staticmethod
    def filed(name: str, node: str) -> dict:
        return {name: lambda text: f"#flm node={node}\n{text}"}

    def test_named(self):
        result = status(whitepaper(self.filed(PATHS, "MSTPM3032")), "EVD007", "ready")
        assert result.status is Status.PASS
        assert "MSTPM3032" in result.message

    def test_not_in_the_manifest(self):
        whole = replaced("node_count = 2 ", "node_count = 1 ")
        result = status(whitepaper(self.filed(PATHS, "N9"), manifest=whole), "EVD007", "ready")
        assert result.status is Status.WARN
        assert messages(result) == [(PATHS, "node N9 is none of MSTPM3032")]
        assert status(whitepaper(self.filed(PATHS, "N9")), "EVD007", "ready").status is Status.PASS

    def test_the_log_names_another(self):
        named = {PATHS: lambda text: "#flm node=N2\nC:\\> hostname\nMSTPM3032\n\n" + text}
        result = status(whitepaper(named), "EVD007", "ready")
        assert result.status is Status.WARN
        assert any(message == "is filed for node N2 and names itself MSTPM3032" for _, message in messages(result))

    def test_no_display(self):
        result = status(whitepaper(drop=[PATHS]), "EVD007", "ready")
        assert result.status is Status.INCONCLUSIVE
        assert "no powermt display was captured" in result.message
        assert status(whitepaper(drop=[RESCAN, PATHS]), "EVD007", "ready").status is Status.INCONCLUSIVE
        assert (
            status(whitepaper({CLEANED: lambda _: "C:\\> hostname\nMSTPM3032\n"}), "EVD007", "cleaned").status
            is Status.INCONCLUSIVE
        )


def test_evd003_a_display_of_a_computer_that_is_no_node_is_nobodys() -> None:
    named = clean({"3-ready/EXCH01.txt": lambda text: text.replace("node=EXCH01", "node=~XCH01")})
    result = status(named, "EVD003", "ready")
    assert result.status is Status.INCONCLUSIVE
    assert "says that it is of ~XCH01, which is none of the cluster's nodes" in result.message
    assert status(clean(), "EVD003", "ready").status is Status.PASS
