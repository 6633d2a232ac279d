"""SES010 to SES016: activation, progress, and the proof that all pairs are Copied."""

import pytest

from flmparse.assessment import assess
from flmparse.findings import Status
from tests.editing import status, whitepaper

CREATED, COPYING, COPIED = "1-created/se-host.txt", "4-copying/se-host.txt", "5-copied/se-host.txt"

MATRIX = {
    "SES010": {"copying": "pass"},
    "SES011": {"created": "pass", "ready": "pass", "copying": "pass", "copied": "pass"},
    "SES012": {"copying": "pass"},
    "SES013": {"copying": "pass"},
    "SES014": {"copying": "pass"},
    "SES015": {"copied": "inconclusive"},
    "SES016": {"copied": "inconclusive"},
}

SENTENCE = "All device(s) in the list are in 'Copied' state.\n"
VERIFY = f"C:\\> symrcopy -f win_flm verify -copied\n\n{SENTENCE}"
PAIRS = {"0328": "0720", "0329": "075F", "032A": "07B6", "032B": "07E9"}


def query(*, left: dict[str, int] | None = None, prompt: str = "C:\\> symrcopy -f win_flm query") -> str:
    """Return a query in which all pairs are Copied but those with tracks left, CopyInProg at 99 %."""
    left = left or {}
    rows = "".join(
        f"000194900275:{target} {left.get(target, 0):12} 000187490076:{source}  SD X..XXM. "
        + ("CopyInProg  99\n" if target in left else "Copied  100\n")
        for target, source in PAIRS.items()
    )
    total = sum(left.values())
    totals = f"Total\n  Track(s)  {total}\n  MB(s)  {total / 16:.1f}\n"
    return f"{prompt}\n\nDevice File Name      : win_flm\n\n{rows}\n{totals}\n"


def replaced(old: str, new: str, count: int = -1):
    return lambda text: text.replace(old, new, count)


def messages(result) -> list[tuple[str, str]]:
    return [(f.subject, f.message) for f in result.findings if f.status is result.status]


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize("rule", MATRIX)
def test_white_paper(rule, profile):
    results = assess(whitepaper(), "all", profile, select=[rule]).results
    assert {result.gate.word: str(result.status) for result in results} == MATRIX[rule]


class TestSES010:
    def test_a_pair_left_behind(self):
        result = status(whitepaper({COPYING: replaced("CopyInProg\t19", "Created\tN/A")}), "SES010", "copying")
        assert result.status is Status.FAIL
        assert messages(result) == [
            ("032B <- 07E9", "is Created after activate: its host access may be passive on both sides")
        ]

    def test_the_newest_query_counts(self):
        result = status(whitepaper({COPYING: replaced("CopyInProg\t96", "Failed\t96")}), "SES010", "copying")
        assert result.status is Status.FAIL

    def test_without_migrate(self):
        result = status(whitepaper({COPYING: replaced("activate -migrate", "activate")}), "SES010", "copying")
        assert result.status is Status.FAIL
        assert "ran without -migrate" in result.message

    def test_no_query_after_it(self):
        cut = lambda text: text[: text.index("C:\\> symrcopy -f win_flm query")]  # noqa: E731
        result = status(whitepaper({COPYING: cut}), "SES010", "copying")
        assert result.status is Status.INCONCLUSIVE
        assert "not captured: a query after activate" in result.message

    def test_activate_not_captured(self):
        cut = lambda text: text[text.index("C:\\> symrcopy -f win_flm query") :]  # noqa: E731
        result = status(whitepaper({COPYING: cut}), "SES010", "copying")
        assert result.status is Status.INCONCLUSIVE
        assert result.message == "activate: no output of it was captured. Do not run it for the record."


class TestSES011:
    @pytest.mark.parametrize(
        ("status_shown", "message"),
        [("Failed(*)", "is Failed (*): not expected of a pull; ask support"), ("Invalid", "is Invalid")],
    )
    def test_bad_states_fail(self, status_shown, message):
        fault = replaced("CopyInProg\t96", f"{status_shown}\t96")
        result = status(whitepaper({COPYING: fault}), "SES011", "copying")
        assert result.status is Status.FAIL
        assert messages(result) == [("032B <- 07E9", message)]

    def test_a_state_that_nobody_listed(self):
        result = status(whitepaper({COPYING: replaced("CopyInProg\t96", "SyncInProg\t96")}), "SES011", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "is SyncInProg, a state that neither list of the policy has" in result.message

    def test_the_policy_may_name_it(self):
        states = '\n[policy]\ngood_states = ["Created", "CopyInProg", "Copied", "SyncInProg"]\n'
        collection = whitepaper(
            {COPYING: replaced("CopyInProg\t96", "SyncInProg\t96")}, manifest=lambda text: text + states
        )
        assert status(collection, "SES011", "copying").status is Status.PASS


class TestSES012:
    @pytest.mark.parametrize("done", ["6", "4"])
    def test_done_is_cut_not_rounded(self, done):
        # 5.68 % is 5
        result = status(
            whitepaper({COPYING: replaced("CopyInProg\t5\n", f"CopyInProg\t{done}\n")}), "SES012", "copying"
        )
        assert result.status is Status.WARN
        assert messages(result) == [("032A <- 07B6", f"Done says {done} but 5.68 % of its 60000 tracks are copied")]
        finding = next(f for f in result.findings if f.status is Status.WARN)
        assert [e.capture for e in finding.evidence] == [COPYING, CREATED]

    def test_without_the_created_query(self):
        cut = lambda text: text[: text.index("C:\\> symrcopy -f win_flm query")]  # noqa: E731
        result = status(whitepaper({CREATED: cut}), "SES012", "copying")
        assert result.status is Status.INCONCLUSIVE
        assert "its whole number of tracks is not known" in result.message


class TestSES013:
    def test_more_left_than_before(self):
        result = status(whitepaper({COPYING: replaced("\t550\t", "\t12078\t")}), "SES013", "copying")
        assert result.status is Status.FAIL
        assert messages(result) == [("032B <- 07E9", "had 12077 tracks left, then 12078")]
        finding = next(f for f in result.findings if f.status is Status.FAIL)
        assert {e.line_start for e in finding.evidence} == {21, 37}

    def test_order_not_known(self):
        later = query(left={"0328": 5}, prompt="C:\\> symrcopy -f win_flm query")
        result = status(whitepaper(add={"4-copying/later.txt": later}), "SES013", "copying")
        assert result.status is Status.INCONCLUSIVE
        assert "nothing tells which of two queries came first" in result.message

    def test_times_give_the_order(self):
        later = "#flm time=2012-05-02T10:00:00Z\n" + query(left={"0328": 5})
        dated = {COPYING: lambda text: "#flm time=2012-05-01T10:00:00Z\n" + text}
        collection = whitepaper(dated, add={"4-copying/later.txt": later})
        assert status(collection, "SES013", "copying").status is Status.PASS

    def test_one_query(self):
        cut = lambda text: text[: text.index("C:\\> symrcopy -f win_flm query")]  # noqa: E731
        result = status(whitepaper({COPYING: cut, CREATED: cut}, add={"4-copying/q.txt": query()}), "SES013", "copying")
        assert result.status is Status.INCONCLUSIVE
        assert "no two queries list" in result.message


class TestSES014:
    def test_no_times_are_noted(self):
        assert status(whitepaper(), "SES014", "copying").note == "when it will end is not decidable: no times"

    def test_stalled(self):
        result = status(whitepaper({COPYING: replaced("\t45399\t", "\t57358\t")}), "SES014", "copying")
        assert result.status is Status.WARN
        assert messages(result) == [
            ("0329 <- 075F", "no progress between the last two queries, while others moved: 57358 tracks left")
        ]

    def test_slower_than_half_the_median(self):
        result = status(whitepaper({COPYING: replaced("\t45399\t", "\t57000\t")}), "SES014", "copying")
        assert result.status is Status.WARN
        assert messages(result)[0][1].startswith(
            "copied 358 tracks between the last two queries, the median pair 10926.5"
        )

    def test_slower_than_the_policy(self):
        def dated(text: str) -> str:
            first, second = "C:\\> symrcopy -f win_flm query\n\n\n", "C:\\> symrcopy -f win_flm query\n\nDevice\t"
            text = text.replace(first, "#flm time=2012-05-01T10:00:00Z\n" + first)
            return text.replace(second, "#flm time=2012-05-01T11:00:00Z\n" + second)

        # 45580 tracks left at 10672 an hour
        assert "needs 256 more minutes" in status(whitepaper({COPYING: dated}), "SES014", "copying").note
        policy = lambda text: text + "\n[policy]\nmin_tracks_per_minute = 190\n"  # noqa: E731
        result = status(whitepaper({COPYING: dated}, manifest=policy), "SES014", "copying")
        assert result.status is Status.WARN
        assert [subject for subject, _ in messages(result)] == ["0328 <- 0720", "032A <- 07B6"]
        assert "in 60 minutes" in result.message

    def test_one_query_since_activation(self):
        cut = lambda text: text[: text.rindex("C:\\> symrcopy -f win_flm query")]  # noqa: E731
        result = status(whitepaper({COPYING: cut}), "SES014", "copying")
        assert result.status is Status.INCONCLUSIVE
        assert "a second query after activate" in result.message

    def test_all_copied(self):
        result = status(whitepaper({COPYING: lambda text: text + query()}), "SES014", "copying")
        assert result.status is Status.PASS
        assert "every pair is Copied" in result.message


class TestSES015:
    def test_the_white_paper_proves_nothing(self):
        result = status(whitepaper(), "SES015", "copied")
        assert "4 of 4 pairs not Copied, 136940 tracks left" in result.message
        assert "stands under the command 'symrcopy -f win_flm query', not under a verify" in result.message
        (gap,) = result.findings
        assert {e.capture for e in gap.evidence} == {COPYING, COPIED}

    @pytest.mark.parametrize("text", [query() + VERIFY, VERIFY + query()])
    def test_query_and_verify_prove_it(self, text):
        result = status(whitepaper({COPIED: lambda _: text}), "SES015", "copied")
        assert result.status is Status.PASS

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (query(), "no verify of the session as it runs was captured"),
            (query() + VERIFY.replace("win_flm", "other_flm"), "no verify of the session as it runs was captured"),
            (VERIFY, "the last query shows 4 of 4 pairs not Copied, 136940 tracks left"),
        ],
    )
    def test_one_of_the_two_is_not_enough(self, text, message):
        result = status(whitepaper({COPIED: lambda _: text}), "SES015", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert message in result.message

    @pytest.mark.parametrize("text", ["", "C:\\> dir\n"])
    def test_tracks_left_and_nothing_else(self, text):
        result = status(whitepaper({COPIED: lambda _: text}), "SES015", "copied")
        assert result.status is Status.FAIL
        assert "136940 tracks left" in result.message

    def test_one_pair_at_99(self):
        result = status(whitepaper({COPIED: lambda _: query(left={"032B": 12})}), "SES015", "copied")
        assert result.status is Status.FAIL
        assert "1 of 4 pairs not Copied, 12 tracks left" in result.message

    def test_copied_with_tracks_left(self):
        text = query(left={"032B": 12}).replace("CopyInProg  99", "Copied  100")
        result = status(whitepaper({COPIED: lambda _: text}), "SES015", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "contradicts itself about 1 pairs" in result.message

    def test_a_query_after_the_verify_counts(self):
        result = status(whitepaper({COPIED: lambda _: VERIFY + query(left={"0328": 1})}), "SES015", "copied")
        assert result.status is Status.FAIL

    def test_a_verify_after_a_query_with_tracks_left_wants_another_query(self):
        result = status(whitepaper({COPIED: lambda _: query(left={"0328": 1}) + VERIFY}), "SES015", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "1 of 4 pairs not Copied, 1 tracks left: before terminate both have to say Copied" in result.message

    def test_order_of_the_two_not_known(self):
        added = {"5-copied/verify.txt": VERIFY}
        result = status(whitepaper({COPIED: lambda _: query(left={"0328": 1})}, add=added), "SES015", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "nothing tells which was the last" in result.message

    def test_a_verify_of_another_file_proves_nothing(self):
        other = VERIFY.replace("win_flm", "other_flm")
        result = status(whitepaper({COPIED: lambda _: other}), "SES015", "copied")
        assert result.status is Status.FAIL

    @pytest.mark.parametrize(
        "denial",
        [
            "Not all device(s) in the list are in 'Copied' state.\n",
            "None of the device(s) in the list are in 'Copied' state.\n",
            "All device(s) in the list are not in 'Copied' state.\n",
            "All device(s) in the list are in 'CopyInProg' state.\n",
        ],
    )
    def test_a_verify_that_says_no(self, denial):
        result = status(whitepaper({COPIED: lambda _: VERIFY.replace(SENTENCE, denial)}), "SES015", "copied")
        assert result.status is Status.FAIL

    def test_without_the_command_it_proves_nothing(self):
        result = status(whitepaper({COPIED: lambda _: SENTENCE}), "SES015", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "stands under no command" in result.message

    def test_a_copied_query_that_lacks_a_pair(self):
        row = next(line for line in query().splitlines(keepends=True) if "032B" in line)
        result = status(whitepaper({COPIED: lambda _: query().replace(row, "")}), "SES015", "copied")
        assert result.status is Status.INCONCLUSIVE

    def test_a_query_before_activation_is_none(self):
        cut = lambda text: text[: text.index("C:\\> symrcopy -f win_flm query")]  # noqa: E731
        result = status(whitepaper({COPYING: cut, COPIED: lambda _: "C:\\> dir\n"}), "SES015", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "neither a query nor a verify" in result.message


class TestSES016:
    def test_agreement(self):
        result = status(whitepaper({COPIED: lambda _: query() + VERIFY}), "SES016", "copied")
        assert result.status is Status.PASS
        assert "agree" in result.message

    def test_a_later_query_contradicts(self):
        result = status(whitepaper({COPIED: lambda _: VERIFY + query(left={"0328": 1})}), "SES016", "copied")
        assert result.status is Status.WARN
        assert "but later the last query shows 1 of 4 pairs not Copied" in result.message

    def test_they_differ_and_have_no_times(self):
        result = status(whitepaper({COPIED: lambda _: VERIFY}), "SES016", "copied")
        assert result.status is Status.INCONCLUSIVE
        assert "no times tell which holds" in result.message

    def test_they_differ_and_the_verify_is_later(self):
        dated = {
            COPYING: lambda text: "#flm time=2012-05-01T10:00:00Z\n" + text,
            COPIED: lambda _: "#flm time=2012-05-02T10:00:00Z\n" + VERIFY,
        }
        assert status(whitepaper(dated), "SES016", "copied").status is Status.PASS
