"""Large reports: written piece by piece, cut where people read them, and what is cut is counted."""

import json
import re
from dataclasses import replace

import pytest

from flmparse.assessment import assess
from flmparse.collection import Collection, from_bundle
from flmparse.render import captures, limits, listings, pieces, records, render_report, tables
from flmparse.render.context import report_of
from flmparse.render.model import Cut
from flmparse.render.report import Report
from flmparse.text.capture import Bundle, from_text
from tests.formats.reports import paper_report


@pytest.mark.parametrize("at_once", [1, 2, 5_000])
def test_json_in_pieces_is_json_in_one_piece(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "TOKENS_AT_ONCE", at_once)
    report = paper_report()
    document = "".join(records.json_pieces(report))
    assert document == json.dumps(json.loads(document), indent=2) + "\n"
    assert any(result["findings"] for gate in json.loads(document)["gates"] for result in gate["results"])
    lines = "".join(records.json_line_pieces(report)).splitlines()
    assert lines == [json.dumps(json.loads(line)) for line in lines]
    of_rules = [record for record in map(json.loads, lines) if record["type"] == "result"]
    told = [result for gate in json.loads(document)["gates"] for result in gate["results"]]
    assert [record["findings"] for record in of_rules] == [result["findings"] for result in told]


def test_no_piece_of_json_or_csv_grows_with_the_number_of_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "TOKENS_AT_ONCE", 2)
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 2)
    report = paper_report()
    gate = next(gate for gate in report.gates if any(view.result.findings for view in gate.results))
    view = next(view for view in gate.results if view.result.findings)
    longest = {}
    for times in (4, 40):
        many = replace(view, result=replace(view.result, findings=view.result.findings * times))
        large = replace(report, gates=(replace(gate, results=(many,)),))
        for format in ("json", "jsonl", "csv"):
            parts = list(pieces(large, format))
            assert "".join(parts).count(view.result.findings[0].fingerprint) == times
            longest.setdefault(format, []).append(max(map(len, parts)))
    assert all(many <= few for few, many in longest.values()), longest


def test_a_sheet_that_is_cut_says_where_the_rest_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SHEET_ROWS", 3)
    summary, *sheets = listings.sheets(paper_report())
    said = [row[1] for row in summary.rows if row[0] == "Cut"]
    assert any(text.startswith("Findings: the first 3 of ") and text.endswith("report -f csv has all") for text in said)
    assert all(len(sheet.rows) <= 3 for sheet in sheets)


def foreign(many: int) -> Collection:
    """Return captures of which one is understood, the last but one is empty and the others are nothing flmparse knows."""
    texts = {f"{number:04d}.txt": "who wrote line 7?\n" * 2 for number in range(many)}
    texts["0000.txt"] = "C:\\>hostname\nse01\nC:\\>\n"
    texts[f"{many - 2:04d}.txt"] = "\n"
    return from_bundle(Bundle("captures", tuple(from_text(name, text) for name, text in texts.items()), None, ()))


def report_on(found: Collection) -> Report:
    return report_of(assess(found, "ready"))


def test_captures_beyond_the_limit_are_counted_by_what_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CAPTURES", 5)
    report = report_on(foreign(9))
    listing = report.listed_captures
    # Lines of no known tool are no doubt on anything, and no rule cites them: what was understood comes first.
    assert [view.name for _, view in listing.rows] == [f"000{number}.txt" for number in range(5)]
    assert [number for number, _ in listing.rows] == [1, 2, 3, 4, 5]
    assert listing.rows.more == 4 and sum(number for _, number in listing.rest) == 4
    assert dict(listing.rest) == {"not recognised": 3, "nothing": 1}
    assert report.anchor_of("0001.txt") == "capture-2" and report.anchor_of("0006.txt") == ""
    page, text = str(render_report(report, "html")), str(render_report(report, "md"))
    for written in (page, text):
        assert "5 of 9 captures are listed" in written and "3 with not recognised" in written
    assert set(re.findall(r'href="#(capture-\d+)"', page)) <= set(re.findall(r'id="(capture-\d+)"', page))
    assert set(re.findall(r'id="(capture-\d+)-text"', page)) <= {f"capture-{number}" for number in range(1, 6)}
    assert len(json.loads(str(render_report(report, "json")))["captures"]) == 9


def test_few_captures_are_all_listed_and_nothing_is_said_about_a_rest() -> None:
    report = report_on(foreign(9))
    assert len(report.listed_captures.rows) == 9 and not report.listed_captures.rows.more
    assert "captures are listed" not in str(render_report(report, "html"))


def test_what_could_not_be_read_is_named_up_to_a_limit() -> None:
    refused = tuple(f"{number}.bin: no text" for number in range(60))
    report = report_on(replace(foreign(3), refused=refused))
    for format in ("html", "md"):
        page = str(render_report(report, format))
        assert page.count("Not read: ") == 50 and "and 10 more, in the JSON report" in page
    assert json.loads(str(render_report(report, "json")))["refused"] == list(refused)


def test_problems_of_one_capture_are_named_up_to_a_limit() -> None:
    report = report_on(foreign(3))
    (number, view), *rest = report.listed_captures.rows
    odd = replace(view, problems=Cut((f"line {line}: odd" for line in range(1, 9)), limits.PROBLEMS))
    report = replace(report, listed_captures=replace(report.listed_captures, rows=Cut([(number, odd), *rest])))
    page = str(render_report(report, "html"))
    assert "line 5: odd" in page and "line 6: odd" not in page and "and 3 more" in page


def test_markdown_names_the_lines_that_findings_cite() -> None:
    page = str(render_report(paper_report(), "md"))
    (below,) = re.findall(r"<details><summary>Lines that findings cite.*?</details>", page, re.S)
    assert "- `1-created/se-host.txt`: 1 MSK010 masked; 65-68 CAP004 masked\n" in below
    listed = re.findall(r"^- `(.*?)`:", below, re.M)
    assert listed == [item.name for item in paper_report().annotated if any(line.marks for run in item.runs for line in run.lines)]  # fmt: skip
    assert len(listed) >= 6


def test_captures_that_findings_cite_are_listed_before_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    views = report_on(foreign(6)).captures
    monkeypatch.setattr(limits, "CAPTURES", 2)
    read = replace(views[3], screens=("symcfg_list",), counts=replace(views[3].counts, unknown=0))
    partly = replace(views[5], screens=("symcfg_list", "not recognised"))
    views = (*views[:3], read, views[4], partly)
    assert [number for number, _ in captures.listed(views, {"0001.txt"}).rows] == [2, 6]
    assert [number for number, _ in captures.listed(views, set()).rows] == [1, 6]
