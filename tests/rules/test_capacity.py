"""CAP: sizes, tracks and totals."""

import pytest

from flmparse.findings import Status
from tests.editing import Edit, status, whitepaper

CREATED = "1-created/se-host.txt"
MASKED = "2-masked/se-host.txt"
COPYING = "4-copying/se-host.txt"


def replacing(old: str, new: str, count: int = -1) -> Edit:
    return lambda text: text.replace(old, new, count)


def without(*beginnings: str) -> Edit:
    def edit(text: str) -> str:
        return "".join(line for line in text.splitlines(True) if not line.startswith(beginnings))

    return edit


def with_native_sizes(*sizes_mb: int) -> Edit:
    """Give the view the columns Attr and Cap(MB) of other layouts: one native size per device."""

    def edit(text: str) -> str:
        head, tail = text.split("Sym Dev\n")
        rows = "Sym                                     Host\n"
        rows += "Dev    Dir:Port  Physical Device Name   Lun   Attr   Cap(MB)\n"
        rows += "------ -------- ---------------------- ----- ------ --------\n"
        for number, size_mb in enumerate(sizes_mb):
            rows += f"{0x328 + number:04X}   07E:0    Not Visible               {number + 1}         {size_mb:8}\n"
            rows += f"       08E:0    Not Visible               {number + 1}\n"
        assert "Total Capacity" in tail
        return f"{head}{rows}\nTotal Capacity          {sum(sizes_mb)}\n"

    return edit


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize(
    ("rule", "gates", "expected"),
    [
        ("CAP001", "created masked", "pass pass"),
        ("CAP002", "created", "pass"),
        ("CAP003", "created copying", "pass pass"),
        ("CAP004", "masked", "pass"),
    ],
)
def test_the_white_paper(rule: str, gates: str, expected: str, profile: str) -> None:
    paper = whitepaper()
    assert [status(paper, rule, gate, profile).status for gate in gates.split()] == expected.split()


def test_cap001_enforcement_is_noted() -> None:
    assert "by array enforcement" in status(whitepaper(), "CAP001", "created").note


def test_cap001_a_create_that_did_not_succeed_proves_nothing() -> None:
    edit = without("'Create' operation successfully", "in device file")
    assert status(whitepaper({CREATED: edit}), "CAP001", "created").status is Status.INCONCLUSIVE


def test_cap001_a_create_that_does_not_say_whether_it_worked_proves_nothing() -> None:
    edit = without("'Create' operation successfully", "in device file ' win_flm'.")
    result = status(whitepaper({CREATED: edit}), "CAP001", "created")
    assert result.status is Status.INCONCLUSIVE
    assert "create: does not report success: the array has accepted nothing" in [
        f"{finding.subject}: {finding.message}" for finding in result.findings
    ]


def test_cap001_without_create() -> None:
    paper = whitepaper({CREATED: lambda text: text[text.index("C:\\> symrcopy -f win_flm query") :]})
    result = status(paper, "CAP001", "created")
    assert result.status is Status.INCONCLUSIVE
    assert result.message == "create: no output of it was captured. Do not run it for the record."


def test_cap001_a_view_smaller_than_its_devices_fails() -> None:
    result = status(whitepaper({MASKED: replacing("34524", "11000")}), "CAP001", "masked")
    assert result.status is Status.FAIL
    (finding,) = result.findings
    assert finding.subject == "FLM_CLUSTER_MV"
    assert "holds 11000 MB natively, less than the 12188 MB" in finding.message
    assert any("Total Capacity" in evidence.text for evidence in finding.evidence)


@pytest.mark.parametrize("rule", ["CAP001", "CAP004"])
def test_another_view_is_not_cited(rule: str) -> None:
    def edit(text: str) -> str:
        head, view = text.split("Masking View Name")
        other = f"Masking View Name{view.replace('FLM_CLUSTER_MV', 'OTHER_MV')}".rstrip()
        return f"{head}{other}\n\nMasking View Name{view.replace('34524', '11000')}"

    paper = whitepaper({MASKED: edit})
    result = status(paper, rule, "masked")
    (finding,) = [finding for finding in result.findings if finding.status is Status.FAIL]
    cited = [evidence.line_start for evidence in finding.evidence if evidence.capture == MASKED]
    lines = next(capture.lines for capture in paper.captures if capture.name == MASKED)
    assert finding.subject == "FLM_CLUSTER_MV"
    assert min(cited) > max(number for number, line in enumerate(lines, 1) if "Masking View Name" in line)


def test_cap001_a_target_in_no_view_is_no_pass() -> None:
    def edit(text: str) -> str:
        return text.replace(
            "032B   08E:0   Not Visible                   4\n       07E:0   Not Visible                   4\n", ""
        )

    result = status(whitepaper({MASKED: edit}), "CAP001", "masked")
    assert result.status is Status.INCONCLUSIVE
    assert "target 032B is in no captured view" in result.message


def test_cap001_native_sizes_are_compared_where_the_view_prints_them() -> None:
    enough = status(whitepaper({MASKED: with_native_sizes(8631, 8631, 3750, 938)}), "CAP001", "masked")
    assert (enough.status, enough.note) == (Status.PASS, "")
    short = status(whitepaper({MASKED: with_native_sizes(8631, 3000, 8631, 8631)}), "CAP001", "masked")
    assert short.status is Status.FAIL
    assert "target 0329 has 3000 MB, its source 3750.0 MB" in short.message
    assert [evidence.capture for evidence in short.findings[0].evidence] == [MASKED, CREATED, "0-prepare/win_flm.txt"]


def test_cap002_a_capacity_that_is_not_the_tracks_fails() -> None:
    result = status(whitepaper({CREATED: replacing("76007E9000   938", "76007E9000  3750")}), "CAP002", "created")
    assert result.status is Status.FAIL
    (finding,) = result.findings
    assert finding.subject == "032B <- 07E9"
    assert "15000 tracks are 937.5 MB, the identity shows 3750 MB" in finding.message
    assert len(finding.evidence) == 3


def test_cap002_half_a_megabyte_is_rounding() -> None:
    assert "agree" in status(whitepaper(), "CAP002", "created").message
    edit = replacing("76007E9000   938", "76007E9000   937")
    assert status(whitepaper({CREATED: edit}), "CAP002", "created").status is Status.PASS
    edit = replacing("76007E9000   938", "76007E9000   939")
    assert status(whitepaper({CREATED: edit}), "CAP002", "created").status is Status.FAIL


@pytest.mark.parametrize("gone", ["000194900275:032A", "032A Not"])
def test_cap002_a_pair_in_one_listing_only_is_no_pass(gone: str) -> None:
    result = status(whitepaper({CREATED: without(gone)}), "CAP002", "created")
    assert result.status is Status.INCONCLUSIVE
    assert result.findings[0].subject == "032A <- 07B6"


def test_cap002_tracks_that_are_left_are_no_size() -> None:
    edit = replacing("...XXM.      Created          N/A", "X..XXM.      CopyInProg       0")
    assert status(whitepaper({CREATED: edit}), "CAP002", "created").status is Status.INCONCLUSIVE


def test_cap003_a_total_that_is_no_sum_fails() -> None:
    result = status(whitepaper({CREATED: replacing("195000", "195001")}), "CAP003", "created")
    assert result.status is Status.FAIL
    assert "the rows add up to 195000 tracks, the total says 195001" in result.message
    cited = [evidence.text for evidence in result.findings[0].evidence]
    assert len(cited) == 5
    assert "195001" in cited[-1]


def test_cap003_megabytes_are_tracks_of_64_kb() -> None:
    result = status(whitepaper({CREATED: replacing("12187.5", "12187.6")}), "CAP003", "created")
    assert result.status is Status.FAIL
    assert "195000 tracks of 64 KB are 12187.5 MB, the total says 12187.6" in result.message


def test_cap003_every_query_up_to_the_gate_counts() -> None:
    early = whitepaper({CREATED: replacing("195000", "195001")})
    assert status(early, "CAP003", "copying").status is Status.FAIL
    late = whitepaper({COPYING: replacing("45411", "45412")})
    assert status(late, "CAP003", "created").status is Status.PASS
    result = status(late, "CAP003", "copying")
    assert result.status is Status.FAIL
    assert result.findings[0].subject.startswith(COPYING)


@pytest.mark.parametrize("gone", ["Track(s)", "MB(s)"])
def test_cap003_without_totals(gone: str) -> None:
    assert status(whitepaper({CREATED: without(gone)}), "CAP003", "created").status is Status.INCONCLUSIVE


def test_cap003_needs_a_query_that_stands_at_the_gate() -> None:
    paper = whitepaper({COPYING: lambda text: text[: text.index("C:\\> symrcopy -f win_flm query")]})
    result = status(paper, "CAP003", "copying")
    assert result.status is Status.INCONCLUSIVE
    assert "captured before activate" in result.message


def test_cap004_hidden_capacity_is_noted() -> None:
    result = status(whitepaper(), "CAP004", "masked")
    assert result.status is Status.PASS
    assert "22336 MB of native capacity are hidden" in result.note
    assert any("34524" in evidence.text for evidence in result.findings[0].evidence)


def test_cap004_equal_sizes_pass_without_a_note() -> None:
    result = status(whitepaper({MASKED: replacing("34524", "12187")}), "CAP004", "masked")
    assert (result.status, result.note) == (Status.PASS, "")


def test_cap004_a_smaller_total_fails() -> None:
    result = status(whitepaper({MASKED: replacing("34524", "11000")}), "CAP004", "masked")
    assert result.status is Status.FAIL
    assert result.findings[0].subject == "FLM_CLUSTER_MV"
    assert "1188 MB too few" in result.message


def test_cap004_a_greater_total_without_user_geometry_fails() -> None:
    result = status(whitepaper({CREATED: replacing("RW XX", "RW X.")}), "CAP004", "masked")
    assert result.status is Status.FAIL
    assert "no user geometry (G = .) hides the rest on 0328, 0329, 032A, 032B" in result.message


def test_cap004_mixed_flags_are_decided_by_native_sizes() -> None:
    mixed = replacing("RW XX  000187490076  00720", "RW X.  000187490076  00720")
    assert status(whitepaper({CREATED: mixed}), "CAP004", "masked").status is Status.INCONCLUSIVE
    greater = whitepaper({CREATED: mixed, MASKED: with_native_sizes(8631, 8631, 8631, 8631)})
    result = status(greater, "CAP004", "masked")
    assert result.status is Status.FAIL
    assert "hides the rest on 0328" in result.message
    equal = whitepaper({CREATED: mixed, MASKED: with_native_sizes(3750, 8631, 8631, 8631)})
    assert status(equal, "CAP004", "masked").status is Status.PASS


@pytest.mark.parametrize(
    "edits",
    [{CREATED: without("032A Not")}, {MASKED: without("Total Capacity")}, {MASKED: lambda text: text[:200]}],
    ids=["device without identity", "no total", "cut"],
)
def test_cap004_what_is_missing_is_no_pass(edits: dict[str, Edit]) -> None:
    assert status(whitepaper(edits), "CAP004", "masked").status is Status.INCONCLUSIVE


def test_cap004_the_total_is_the_sum_of_native_sizes_where_these_are_captured() -> None:
    alike = status(whitepaper({MASKED: with_native_sizes(8631, 8631, 8631, 8631)}), "CAP004", "masked")
    assert alike.status is Status.PASS
    printed = with_native_sizes(8631, 8631, 8631, 8700)
    other = status(whitepaper({MASKED: lambda text: printed(text).replace("34593", "34524")}), "CAP004", "masked")
    assert other.status is Status.WARN
    (finding,) = [finding for finding in other.findings if finding.status is Status.WARN]
    assert finding.message == "holds 34524 MB, natively its 4 devices are 34593 MB"
    lines = "\n".join(line.text for line in finding.evidence)
    assert "34524" in lines and "8700" in lines
