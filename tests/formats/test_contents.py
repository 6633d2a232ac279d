"""What stands in each format: nothing is lost between the assessment and what is written."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from typing import Any

import openpyxl
import pytest

import flmparse
from flmparse.errors import UsageError
from flmparse.findings import Evidence, Status, Verdict
from flmparse.render import limits, render_report
from flmparse.render.formats import all_formats, format_of
from flmparse.render.listings import _cited
from tests.formats.reports import paper, paper_report


def sarif() -> dict[str, Any]:
    (run,) = json.loads(render_report(paper_report(), "sarif"))["runs"]
    return run  # type: ignore[no-any-return]


def results_of(rule: str, gate: str) -> list[dict[str, Any]]:
    return [item for item in sarif()["results"] if item["ruleId"] == rule and item["properties"]["gate"] == gate]


def test_every_format_is_found_and_says_what_it_is() -> None:
    assert set(all_formats()) >= {"csv", "html", "json", "jsonl", "junit", "md", "sarif", "text", "xlsx"}
    assert len({format.suffix for format in all_formats().values()}) == len(all_formats())
    assert all(name == format.name and format.holds for name, format in all_formats().items())
    assert format_of("xlsx").binary and not format_of("csv").binary
    with pytest.raises(UsageError, match="did you mean 'sarif'"):
        format_of("sarf")


def test_the_api_gives_text_and_bytes() -> None:
    book = flmparse.render(paper(), "readiness", "xlsx")
    assert isinstance(book, bytes) and book.startswith(b"PK")
    text = flmparse.render(paper(), "readiness", "junit", author="A. Jones")
    assert isinstance(text, str) and 'name="author" value="A. Jones"' in text


def test_sarif_says_of_each_status_what_it_is() -> None:
    (fail,) = results_of("MSK005", "ready")
    assert (fail["kind"], fail["level"]) == ("fail", "error") and "suppressions" not in fail
    where = fail["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "2-masked/se-host.txt"
    assert where["region"] == {
        "startLine": 6,
        "endLine": 6,
        "snippet": {"text": "Masking View Name      : FLM_CLUSTER_MV"},
    }
    assert [place["physicalLocation"]["region"]["startLine"] for place in fail["relatedLocations"]] == [13]
    assert fail["properties"]["controls"] == ["ISO-A.8.9", "CB-17"]
    assert fail["partialFingerprints"]["flmparse/v1"].startswith("ready/MSK005/")
    (undecided,) = results_of("CLU001", "ready")
    assert (undecided["kind"], undecided["level"]) == ("review", "none")
    assert undecided["properties"]["required"] and undecided["properties"]["missing"] == ["powermt display dev=all"]
    (passed,) = results_of("SES001", "created")
    assert (passed["kind"], passed["level"]) == ("pass", "none") and passed["locations"]
    (warned,) = results_of("PTH007", "cleaned")
    assert (warned["kind"], warned["level"]) == ("fail", "warning") and "suppressions" not in warned


def test_sarif_keeps_what_is_waived_and_says_by_whom() -> None:
    (waived,) = results_of("PTH007", "ready")
    assert (waived["kind"], waived["level"]) == ("fail", "warning")
    assert waived["suppressions"] == [
        {
            "kind": "external",
            "justification": "second HBA arrives with the new blade "
            "(owner storage team, approved by change board, until 2012-06-30, CHG-1)",
        }
    ]


def test_sarif_names_every_capture_by_its_hash_and_every_rule_once() -> None:
    run = sarif()
    assert [(item["location"]["uri"], item["hashes"]["sha-256"]) for item in run["artifacts"]] == [
        (capture.name, capture.sha256) for capture in paper().collection.captures
    ]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert sorted(ids) == sorted({result.rule for result in paper().results})
    assert all(ids[item["ruleIndex"]] == item["ruleId"] for item in run["results"])
    prints = [item["partialFingerprints"]["flmparse/v1"] for item in run["results"]]
    assert len(prints) == len(set(prints))


def test_sarif_says_which_gates_are_not_go() -> None:
    run = sarif()
    assert run["properties"]["verdict"] == "NO-GO" and run["properties"]["gates"]["created"] == "GO"
    (invocation,) = run["invocations"]
    assert invocation["account"] == "A. Jones"
    told = [item["message"]["text"].split(".")[0] for item in invocation["toolExecutionNotifications"]]
    verdicts = [text for text in told if "NO-GO" in text or "INCONCLUSIVE" in text]
    assert verdicts == [
        f"gate {gate.word}: {gate.verdict_words}"
        for gate in paper_report().gates
        if gate.verdict in (Verdict.NO_GO, Verdict.INCONCLUSIVE)
    ]
    assert "gate copied: NO-GO, carried from copying: MSK005" in verdicts
    assert run["properties"]["basis"]["manifest_sha256"] == paper().collection.manifest.sha256


def suites() -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(str(render_report(paper_report(), "junit")))
    return {str(suite.get("name")): suite for suite in root}


def case(suite: str, beginning: str) -> ElementTree.Element:
    (found,) = [item for item in suites()[suite].findall("testcase") if str(item.get("name")).startswith(beginning)]
    return found


def test_junit_is_red_at_every_gate_that_is_not_go() -> None:
    for gate in paper().gates:
        verdict = case(f"G{int(gate.gate)} {gate.gate.word}", "verdict: ")
        failure = verdict.find("failure")
        if gate.verdict in (Verdict.NO_GO, Verdict.INCONCLUSIVE):
            assert failure is not None and failure.get("type") == str(gate.verdict)
        else:
            assert failure is None
    assert {gate.verdict for gate in paper().gates} >= {Verdict.NO_GO, Verdict.INCONCLUSIVE, Verdict.GO}


def test_junit_counts_what_is_in_it() -> None:
    for gate, suite in zip(paper().gates, suites().values(), strict=True):
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases) == len(gate.results) + 1
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute, "")) == sum(item.find(tag) is not None for item in cases)


def test_junit_shows_a_fail_with_its_lines_and_a_waived_one_as_skipped() -> None:
    failed = case("G3 ready", "MSK005")
    assert failed.get("name") == "MSK005 masking.every-node-in-view [ISO-A.8.9] [CB-17]"
    failure = failed.find("failure")
    assert failure is not None and "2-masked/se-host.txt:6: Masking View Name      : FLM_CLUSTER_MV" in str(
        failure.text
    )
    waived = case("G3 ready", "PTH007").find("skipped")
    assert waived is not None and waived.get("type") == "waived"
    assert str(waived.get("message")).startswith("waived until 2012-06-30 by change board: second HBA")
    undecided = case("G3 ready", "CLU001").find("skipped")
    assert undecided is not None and "inconclusive, required here" in str(undecided.get("message"))


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(render_report(paper_report(), "csv")), newline="")))


def test_csv_has_every_finding_of_every_rule() -> None:
    verdicts = [row for row in rows() if row["name"] == "verdict"]
    assert [row["gate"] for row in verdicts] == ["", *(gate.gate.word for gate in paper().gates)]
    assert [row["status"] for row in verdicts[1:]] == [str(gate.verdict) for gate in paper().gates]
    assert (
        "Manifest: migration.toml, sha256 " in verdicts[0]["message"]
        and "carried from copying" in verdicts[6]["message"]
    )
    wanted = sum(max(1, len(result.findings)) for result in paper().results)
    assert len(rows()) - len(verdicts) == wanted > len(paper().results)
    (fail,) = [row for row in rows() if row["rule"] == "MSK005" and row["gate"] == "ready"]
    assert fail["status"] == "fail" and fail["controls"] == "ISO-A.8.9, CB-17" and fail["waived_until"] == ""
    assert fail["places"] == "2-masked/se-host.txt:6; 2-masked/se-host.txt:13"
    assert fail["first_line"] == "Masking View Name      : FLM_CLUSTER_MV"
    assert fail["sha256"] == paper().collection.capture("2-masked/se-host.txt").sha256
    (waived,) = [row for row in rows() if row["rule"] == "PTH007" and row["gate"] == "ready"]
    assert (waived["status"], waived["waived_until"], waived["waiver_ticket"]) == ("warn", "2012-06-30", "CHG-1")
    assert {row["rule"] for row in rows()} - {""} == {result.rule for result in paper().results}


def test_a_cell_names_so_many_places_and_says_how_many_more() -> None:
    lines = [
        Evidence("a.txt", number, number, "0" * 64, f"line {number}") for number in range(1, limits.CITED_IN_A_CELL + 8)
    ]
    cited, first_line, _ = _cited(lines)
    assert cited is not None and cited.endswith(f"; a.txt:{limits.CITED_IN_A_CELL}; and 7 more, in the JSON report")
    assert first_line == "line 1" and _cited(lines[:2])[0] == "a.txt:1; a.txt:2"


def book() -> openpyxl.Workbook:
    written = render_report(paper_report(), "xlsx")
    assert isinstance(written, bytes)
    return openpyxl.load_workbook(io.BytesIO(written))


def test_the_workbook_has_its_sheets_frozen_and_with_filters() -> None:
    workbook = book()
    assert workbook.sheetnames == ["Summary", "Gates", "Findings", "Pairs", "Paths", "Captures", "Waivers"]
    for sheet in workbook:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref == sheet.dimensions, sheet.title
        assert all(8 <= column.width <= 61 for column in sheet.column_dimensions.values()), sheet.title


def test_the_workbook_holds_what_the_frames_and_the_csv_hold() -> None:
    workbook, frames = book(), paper().collection.frames
    findings = list(workbook["Findings"].iter_rows(min_row=2, values_only=True))
    assert [(row[0] or "", row[1] or "") for row in findings] == [(row["gate"], row["rule"]) for row in rows()]
    assert workbook["Paths"].max_row - 1 == len(frames["paths"])
    heads, *pairs = [list(row) for row in workbook["Pairs"].iter_rows(values_only=True)]
    first = dict(zip(heads, pairs[0], strict=True))
    assert len(pairs) == 4 and first["pair"] == "0328 <- 0720"
    assert (first["status at created"], first["tracks left at created"]) == ("Created", 60000)
    assert (first["status at copying"], first["tracks left at copying"]) == ("CopyInProg", 45580)
    captures = list(workbook["Captures"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[-1]) for row in captures] == [(item.name, item.sha256) for item in paper().collection.captures]
    (waiver,) = workbook["Waivers"].iter_rows(min_row=2, values_only=True)
    assert waiver[:5] == ("PTH007", "*", "ready", "in force", 1)
    summary = dict(row for row in workbook["Summary"].iter_rows(values_only=True))
    assert (summary["Verdict"], summary["Author"], summary["Organisation"]) == ("NO-GO", "A. Jones", "Example Bank")


def test_the_text_names_own_ids_and_does_not_repeat_itself() -> None:
    text = str(render_report(paper_report(), "text"))
    assert "fail          MSK005 [ISO-A.8.9] [CB-17] masking.every-node-in-view: " in text
    assert text.count("2-masked/se-host.txt:6: Masking View Name      : FLM_CLUSTER_MV") == 2  # MSK005 and MSK006
    assert text.count("the same as at gate masked, with its lines there") == 3
    assert text.splitlines()[-5].startswith("Up to cleaned. Was it done as prescribed? NO-GO")
    assert "  Organisation:  Example Bank\n" in text and "  Author:        A. Jones\n" in text


def test_a_pass_is_never_made_of_something_else() -> None:
    """Each format says pass as often as the assessment does, and never of a rule that did not."""
    passed = sorted((result.gate.word, result.rule) for result in paper().results if result.status is Status.PASS)
    assert sorted({(row["gate"], row["rule"]) for row in rows() if row["status"] == "pass"}) >= passed
    assert sorted(
        (item["properties"]["gate"], item["ruleId"]) for item in sarif()["results"] if item["kind"] == "pass"
    ) == sorted(passed)
    quiet = [
        (str(item.get("classname")).removeprefix("flmparse."), str(item.get("name")).split()[0])
        for suite in suites().values()
        for item in suite.findall("testcase")
        if not {"failure", "error", "skipped"} & {child.tag for child in item}
    ]
    warned = [(result.gate.word, result.rule) for result in paper().results if result.status is Status.WARN]
    waived = [(result.gate.word, result.rule) for result in paper().results if result.waiver is not None]
    expected = sorted([*passed, *(item for item in warned if item not in waived)])
    assert sorted(item for item in quiet if not item[1].startswith("verdict")) == expected
