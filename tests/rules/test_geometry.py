"""GEO: flag G of the targets."""

import pytest

from flmparse.findings import Status
from tests.editing import Edit, status, whitepaper
from tests.rules.test_capacity import CREATED, MASKED, replacing, with_native_sizes, without


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize(
    ("rule", "gates", "expected"),
    [("GEO001", "created masked ready", "pass pass pass"), ("GEO002", "created masked", "inconclusive pass")],
)
def test_the_white_paper(rule: str, gates: str, expected: str, profile: str) -> None:
    paper = whitepaper()
    assert [status(paper, rule, gate, profile).status for gate in gates.split()] == expected.split()


def plain(device: str, capacity_mb: str) -> Edit:
    """Take flag G off a target and let it show another size."""

    def edit(text: str) -> str:
        lines = text.splitlines(True)
        changed = [
            line.replace("RW XX", "RW X.").replace("3750", capacity_mb) if line.startswith(f"{device} Not") else line
            for line in lines
        ]
        return "".join(changed)

    return edit


@pytest.mark.parametrize("gate", ["created", "masked", "ready"])
def test_geo001_another_size_without_geometry_fails(gate: str) -> None:
    result = status(whitepaper({CREATED: plain("0329", "8631")}), "GEO001", gate)
    assert result.status is Status.FAIL
    (finding,) = [finding for finding in result.findings if finding.status is Status.FAIL]
    assert finding.subject == "0329 <- 075F"
    assert "target 0329 (8631 MB) shows G = . for a source of 3750.0 MB" in finding.message
    assert [evidence.text[:4] for evidence in finding.evidence] == ["0329", "0001", "symd"]


def test_geo001_the_native_size_counts_where_it_is_captured() -> None:
    paper = whitepaper({CREATED: plain("0329", "3750"), MASKED: with_native_sizes(8631, 8631, 8631, 8631)})
    assert status(paper, "GEO001", "created").status is Status.INCONCLUSIVE
    assert status(paper, "GEO001", "masked").status is Status.FAIL


def test_geo001_an_equal_size_does_not_tell_the_track_format() -> None:
    result = status(whitepaper({CREATED: plain("0329", "3750")}), "GEO001", "created")
    assert result.status is Status.INCONCLUSIVE
    assert "same track format is not captured; other targets show G = X" in result.message
    assert "symcfg list" in result.missing


def test_geo001_a_target_that_is_not_listed_is_no_pass() -> None:
    assert status(whitepaper({CREATED: without("0329 Not")}), "GEO001", "created").status is Status.INCONCLUSIVE


def test_geo002_at_equal_size_it_is_only_noted() -> None:
    result = status(whitepaper({MASKED: replacing("34524", "12188")}), "GEO002", "masked")
    assert result.status is Status.PASS
    assert "user geometry at equal size on 4 targets: 0328, 0329, 032A, 032B" in result.note


def test_geo002_native_sizes_tell_each_device() -> None:
    result = status(whitepaper({MASKED: with_native_sizes(3750, 8631, 8631, 8631)}), "GEO002", "masked")
    assert result.status is Status.PASS
    assert "equal size on 1 targets: 0328" in result.note


def test_geo002_no_geometry_no_question() -> None:
    result = status(whitepaper({CREATED: replacing("RW XX", "RW X.")}), "GEO002", "created")
    assert result.status is Status.PASS
    assert "no target has a user-defined geometry" in result.message


@pytest.mark.parametrize("gone", ["0328 Not", "032B Not", "Symmetrix ID:"])
def test_geo002_never_passes_before_native_sizes_are_known(gone: str) -> None:
    assert status(whitepaper({CREATED: without(gone)}), "GEO002", "created").status is Status.INCONCLUSIVE


def test_geo002_a_view_with_an_unlisted_device_tells_nothing() -> None:
    extra = "0400   08E:0   Not Visible                   5\n\nTotal Capacity"
    result = status(whitepaper({MASKED: replacing("\nTotal Capacity", extra)}), "GEO002", "masked")
    assert result.status is Status.INCONCLUSIVE
    assert "native size of target 0328 is not captured" in result.message
