"""The white paper's own captures: what every rule finds at every gate, and the numbers that can be counted by hand.

tests/whitepaper_matrix.csv is the walk of the rule catalogue: P pass, I pass with a note, W warn, F fail, ? inconclusive, n not applicable, - not asked.
"""

import csv
from functools import cache
from pathlib import Path

import pytest

from flmparse.assessment import Assessment, assess
from flmparse.collection import Collection
from flmparse.findings import Result, Status, Verdict
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from tests.editing import whitepaper

LETTERS = {
    Status.PASS: "P",
    Status.WARN: "W",
    Status.FAIL: "F",
    Status.INCONCLUSIVE: "?",
    Status.ERROR: "!",
    Status.NOT_APPLICABLE: "n",
}

ROLL_UP = {
    "prepare": ("INCONCLUSIVE", "INCONCLUSIVE"),
    "created": ("GO", "INCONCLUSIVE"),
    "masked": ("NO-GO", "NO-GO"),
    "ready": ("NO-GO", "NO-GO"),
    "copying": ("NO-GO", "NO-GO"),
    "copied": ("NO-GO", "NO-GO"),
    "terminated": ("NO-GO", "NO-GO"),
    "unmasked": ("NO-GO", "NO-GO"),
    "cleaned": ("NO-GO", "NO-GO"),
}


@cache
def collection() -> Collection:
    return whitepaper()


@cache
def assessment(profile: str) -> Assessment:
    return assess(collection(), "all", profile)


def letter(result: Result) -> str:
    return (
        "I"
        if result.status is Status.PASS and result.note and result.rule in INFOS[result.gate]
        else LETTERS[result.status]
    )


MATRIX = list(csv.DictReader(Path(__file__).with_name("whitepaper_matrix.csv").read_text().splitlines()))
INFOS = {gate: {row["rule"] for row in MATRIX if row[f"G{int(gate)}"] == "I"} for gate in Gate}
IMPLEMENTED = [row for row in MATRIX if row["rule"] in catalogue()]


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize("row", IMPLEMENTED, ids=lambda row: row["rule"])
def test_every_rule_finds_what_the_walk_says(row: dict[str, str], profile: str) -> None:
    results = {result.gate: result for result in assessment(profile).results if result.rule == row["rule"]}
    found = {f"G{int(gate)}": letter(results[gate]) if gate in results else "-" for gate in Gate}
    expected = {column: row[column] for column in found}
    assert found == expected, {gate.word: result.message for gate, result in results.items()}


def test_the_catalogue_is_whole() -> None:
    """The walk's hundred rules, and later ones: SES020, whose evidence (host access mode) no figure of the paper shows."""
    assert set(catalogue()) >= {row["rule"] for row in MATRIX} | {"SES020"}
    for profile in ("paper", "strict"):
        answers = [result for result in assessment(profile).results if result.rule == "SES020"]
        assert {result.status for result in answers} == {Status.INCONCLUSIVE}
        assert {result.required for result in answers} == {profile == "strict"}


def test_severities_are_the_catalogues() -> None:
    for row in IMPLEMENTED:
        assert catalogue()[row["rule"]].severity.value[0].upper() == row["sev"], row["rule"]


@pytest.mark.parametrize("position, profile", list(enumerate(["paper", "strict"])))
def test_verdicts_of_the_nine_gates(position: int, profile: str) -> None:
    verdicts = {item.gate.word: str(item.verdict) for item in assessment(profile).gates}
    assert verdicts == {gate: both[position] for gate, both in ROLL_UP.items()}
    assert assessment(profile).verdict is Verdict.NO_GO


@pytest.mark.parametrize("profile", ["paper", "strict"])
def test_the_view_that_lacks_a_node_is_carried_to_where_the_rule_is_not_asked(profile: str) -> None:
    carried = {item.gate.word: [r.rule for r in item.carried] for item in assessment(profile).gates if item.carried}
    assert carried == {"copied": ["MSK005"], "terminated": ["MSK005"], "unmasked": ["MSK005"]}


def test_no_rule_crashes() -> None:
    assert [r for profile in ("paper", "strict") for r in assessment(profile).results if r.status is Status.ERROR] == []


def test_every_fail_and_warn_quotes_lines_of_the_captures() -> None:
    for finding in assessment("strict").findings:
        for evidence in finding.evidence:
            capture = collection().capture(evidence.capture)
            assert evidence.sha256 == capture.sha256
            assert evidence.text == capture.quote(evidence.line_start, evidence.line_end)
        if finding.status in (Status.FAIL, Status.WARN):
            assert finding.evidence


def test_counts_and_totals_of_the_figures() -> None:
    frames = collection().frames
    assert len(frames["pairs"]) == 4
    assert frames["session_pairs"].groupby("block").size().tolist() == [4, 4, 4]
    assert frames["sessions"]["total_tracks"].tolist() == [195000, 182279, 136940]
    assert frames["sessions"]["total_mb"].tolist() == [12187.5, 11392.4, 8558.8]
    assert frames["identities"]["capacity_mb"].tolist() == [3750, 3750, 3750, 938]
    assert len(frames["view_devices"]) == 8
    assert frames["masking_views"]["total_capacity_mb"].tolist() == [34524]
    assert len(frames["view_initiators"]) == 1
    assert frames["view_ports"]["port"].tolist() == ["07E:0", "08E:0"]
    assert frames["powerpath_devices"].groupby("gate", observed=True).size().to_dict() == {
        "ready": 4, "copying": 4, "cleaned": 4,
    }  # fmt: skip
    assert frames["paths"].groupby("gate", observed=True).size().to_dict() == {"ready": 16, "copying": 16, "cleaned": 8}
    assert frames["paths"].groupby("gate", observed=True)["errors"].sum().to_dict() == {
        "ready": 0, "copying": 0, "cleaned": 8,
    }  # fmt: skip
    queued = frames["powerpath_devices"].groupby("gate", observed=True)["queued_ios"].sum().to_dict()
    assert queued == {"ready": 1, "copying": 0, "cleaned": 0}
    assert len(frames["paths_in_use"]) == 8
    assert len(frames["mask_assignments"]) == 8
    assert frames["mask_changes"].groupby("block").size().tolist() == [4, 4]


def test_path_classes_of_the_three_displays() -> None:
    from flmparse.evidence.migration import Migration
    from flmparse.facts.paths import classified

    migration = Migration(collection())
    counted = {}
    for gate in (Gate.READY, Gate.COPYING, Gate.CLEANED):
        standing = migration.at(gate)
        classes = classified(standing, standing.newest("paths"))["path_class"].value_counts().to_dict()
        counted[gate.word] = classes
    assert counted == {
        "ready": {"source": 8, "target": 8},
        "copying": {"source": 8, "target": 8},
        "cleaned": {"target": 8},
    }


def test_every_line_is_accounted_for() -> None:
    for capture in collection().captures:
        counts = collection().counts(capture)
        assert counts.total == len(capture.lines), capture.name
        assert counts.unknown == 0, capture.name
