"""The renderers, on a small assessment built by hand: what they show does not depend on which rules there are."""

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from html.parser import HTMLParser

import pandas as pd
import pytest
from syrupy.assertion import SnapshotAssertion

import flmparse
from flmparse import assets, render
from flmparse.assessment import Assessment, GateAssessment
from flmparse.collection import Collection, from_bundle
from flmparse.errors import UsageError
from flmparse.findings import Evidence, Finding, Result, Severity, Status, Subject, WaiverApplied
from flmparse.procedure import GATES, Gate
from flmparse.render import limits, tables
from flmparse.render.context import report_of
from flmparse.render.excerpts import excerpts
from flmparse.render.formats import all_formats
from flmparse.render.report import Report
from flmparse.render.text import text
from flmparse.render.wording import visible
from flmparse.rules import Check, Rule
from flmparse.text.capture import Bundle, from_bytes
from flmparse.waivers import WaiverState, WaiverUse
from tests.formats.reports import waiver_at_line

HOSTILE = '<script>alert("x")</script> | `tick` *star* [a](javascript:b) \x1b[31mred\x1b[0m \u202egnp.exe {{ 7 * 1191 }} &amp;'

MANIFEST = b"""\
[migration]
name = "Rack 7, DMX 411 to VMAX 822"
[source]
symmetrix = "000190100411"
[target]
symmetrix = "000192600822"
[cluster]
node_count = 2
[[node]]
name = "PAYROLL1"
"""


def _page_of_a_rule(ask: Check) -> None:
    """Every node of the cluster is in the view."""


def make_rule(id: str, severity: Severity, *gates: Gate) -> Rule:
    return Rule(id, f"test.{id.lower()}", severity, gates, gates[:1], (), "white paper page 1", _page_of_a_rule)


RULES = {
    rule.id: rule
    for rule in (
        make_rule("AAA001", Severity.BLOCKER, Gate.MASKED, Gate.READY),
        make_rule("AAA002", Severity.BLOCKER, Gate.READY),
        make_rule("AAA003", Severity.WARNING, Gate.READY),
        make_rule("AAA004", Severity.BLOCKER, Gate.READY),
        make_rule("AAA005", Severity.ADVICE, Gate.READY),
        make_rule("AAA006", Severity.BLOCKER, Gate.MASKED),
        make_rule("AAA007", Severity.BLOCKER, Gate.READY),
        make_rule("AAA008", Severity.BLOCKER, Gate.CLEANED),
        make_rule("AAA009", Severity.BLOCKER, Gate.READY),
    )
}
"""The last one is never asked."""


def collection() -> Collection:
    captures = (
        from_bytes(
            "2-masked/view.txt", b"Masking View Name : PAYROLL_MV\nWWN : 21000024ff5a0001\nWWN : 21000024ff5a0002\n"
        ),
        from_bytes("3-ready/odd \x1b[2J name.txt", f"{HOSTILE}\nsecond line\n".encode()),
    )
    return from_bundle(Bundle("/nowhere/in/particular", captures, MANIFEST, ("locked.txt: cannot be read (locked)",)))


def quoted(found: Collection, capture: int, first: int, last: int) -> Evidence:
    file = found.captures[capture]
    return Evidence(file.name, first, last, file.sha256, file.quote(first, last))


def assessment() -> Assessment:
    found = collection()
    view, odd = quoted(found, 0, 1, 1), quoted(found, 1, 1, 2)

    def result(id: str, gate: Gate, status: Status, message: str, *findings: Finding, **more: object) -> Result:
        given: dict[str, object] = {"required": False, "findings": findings, "evidence": (view,)} | more
        return Result(id, gate, RULES[id].severity, status=status, message=message, **given)  # type: ignore[arg-type]

    one_initiator = Finding(
        "AAA006", Subject("PAYROLL_MV"), Status.FAIL, "1 initiator for 2 nodes", (view, quoted(found, 0, 3, 3))
    )
    hostile = Finding("AAA003", Subject(HOSTILE), Status.WARN, HOSTILE, (odd,))
    unknown = Finding("AAA002", Subject("PAYROLL2"), Status.INCONCLUSIVE, "not captured: powermt display dev=all")
    waived = Finding("AAA004", Subject("PAYROLL1"), Status.FAIL, "3 paths, 4 wanted", (view,))
    waiver = WaiverApplied("second HBA comes with the new blade", "storage team", "change board", "2012-06-30", "CHG-1")
    masked = (
        result("AAA001", Gate.MASKED, Status.PASS, "2 initiators", required=True),
        result(
            "AAA006",
            Gate.MASKED,
            Status.FAIL,
            "PAYROLL_MV: 1 initiator for 2 nodes",
            one_initiator,
            remedy="add the other.",
        ),
    )
    ready = (
        result("AAA001", Gate.READY, Status.PASS, "2 initiators", required=True, note="seen twice"),
        result(
            "AAA002",
            Gate.READY,
            Status.INCONCLUSIVE,
            "PAYROLL2: not captured",
            unknown,
            required=True,
            missing=("powermt display dev=all",),
        ),
        result("AAA003", Gate.READY, Status.WARN, f"{HOSTILE}: {HOSTILE}", hostile),
        result("AAA004", Gate.READY, Status.FAIL, "PAYROLL1: 3 paths, 4 wanted", waived, waiver=waiver, required=True),
        result(
            "AAA005", Gate.READY, Status.INCONCLUSIVE, "no sizes", missing=("powermt display dev=all", "symdev list")
        ),
        result("AAA007", Gate.READY, Status.NOT_APPLICABLE, "no cluster shared volume"),
    )
    gates = (
        GateAssessment(Gate.MASKED, "paper", masked),
        GateAssessment(Gate.READY, "paper", ready, ("symrcopy_query",), carried=(masked[1],)),
        GateAssessment(Gate.CLEANED, "paper", (), reached=False, asked_by_name=False),
    )
    accepted = waiver_at_line(
        12,
        rule="AAA004",
        reason=waiver.reason,
        owner=waiver.owner,
        approved_by=waiver.approved_by,
        expires=date(2012, 6, 30),
        subject="PAYROLL1",
        ticket="CHG-1",
    )
    undated = waiver_at_line(
        19, rule="AAA9*", reason=HOSTILE, owner="x", approved_by="y", expires=None, gates=(Gate.READY,)
    )
    uses = (
        WaiverUse(accepted, WaiverState.IN_FORCE, 1),
        WaiverUse(undated, WaiverState.UNREADABLE),
    )
    return Assessment(found, "paper", gates, uses, datetime(2012, 6, 1, tzinfo=UTC), Gate.READY)


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setattr(assets, "digest", lambda *names: f"{len(names):064x}")
    return report_of(assessment(), "compliance", RULES)


TEXT_FORMATS = [format.name for format in all_formats().values() if not format.binary]

FORMATS: dict[str, Callable[[Report], str]] = {
    name: partial(render.render_report, format=name) for name in TEXT_FORMATS
}


@pytest.mark.parametrize("format", ["csv", "md", "json", "jsonl", "junit", "sarif", "text"])
def test_what_a_report_looks_like(report: Report, format: str, snapshot: SnapshotAssertion) -> None:
    assert FORMATS[format](report) == snapshot


def test_what_the_page_looks_like(report: Report, snapshot: SnapshotAssertion) -> None:
    assert re.sub(r"<(style|script)>.*?</\1>|sha256-[^']*", r"<\1>", FORMATS["html"](report), flags=re.S) == snapshot


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_assessment_gives_the_same_bytes_and_no_path_of_this_machine(format: str) -> None:
    first, second = (FORMATS[format](report_of(assessment(), "compliance", RULES)) for _ in range(2))
    assert first == second
    assert "/nowhere" not in first


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_captured_acts_on_a_terminal_or_a_page(report: Report, format: str) -> None:
    shown = FORMATS[format](report)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    if format == "html":
        assert shown.count("<script") == 1 and "<script>alert" not in shown and "&lt;script&gt;" in shown
    if format == "md":
        outside_code = re.sub(r"(`{2,}).*?\1", "", shown, flags=re.S)
        assert not re.search(r"(?<!\\)<script", outside_code) and "\\<script" in outside_code
    assert "8337" not in re.sub(r"[0-9a-f]{12,}", "", shown)  # {{ 7 * 1191 }} stays what it is


def test_markdown_quotes_a_fence_inside_a_longer_fence() -> None:
    from flmparse.render.templates import _fenced

    assert _fenced(((1, "``` end"), (10, "x"))).split("\n") == ["````text", " 1 | ``` end", "10 | x", "````"]


class Page(HTMLParser):
    """What a page loads, links to and nests."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr", "path", "circle", "use"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(name)) is not None]


def test_the_page_is_whole_runs_its_own_script_alone_and_loads_nothing(report: Report) -> None:
    written = FORMATS["html"](report)
    page = Page(written)
    assert not {"link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    (script,) = re.findall(r"<script>(.*?)</script>", written, re.S)
    told = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{told}'" in page.values("content")[1] and written.count("<script") == 1
    assert not page.values("src") and not [
        name for _, attributes in page.tags for name in attributes if name.startswith("on")
    ]
    assert all(target.startswith("#") for target in page.values("href"))
    assert (
        "url(" not in (assets.folder("reports") / "report.css").read_text()
        and "default-src 'none'" in page.values("content")[1]
    )


def test_every_link_of_the_page_leads_somewhere(report: Report) -> None:
    page = Page(FORMATS["html"](report))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {target.removeprefix("#") for target in page.values("href")} <= set(ids)
    assert {name for names in page.values("aria-labelledby") for name in names.split()} <= set(ids)


def test_a_verdict_is_told_by_word_and_shape(report: Report) -> None:
    html = FORMATS["html"](report)
    for gate in report.gates:
        assert re.search(
            rf'id="gate-{gate.word}".*?#shape-{gate.slug}"/>.*?class="gate-verdict">{gate.verdict_words}<', html, re.S
        )


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_contrasts_as_wcag_aa_asks(scheme: int) -> None:
    style = (assets.folder("reports") / "report.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", re.findall(r":root \{(.*?)\}", style, re.S)[scheme]))
    grounds = [name for name in colours if name in ("ground", "paper", "sunk") or name.endswith("-tint")]
    assert len(grounds) == 8
    for text_colour in ("ink", "muted", "link"):
        for ground in grounds:
            assert _contrast(colours[text_colour], colours[ground]) >= 4.5, (text_colour, ground)
    for word in ("nogo", "warnings", "inconclusive", "go", "none"):
        for ground in ("ground", "paper", f"{word}-tint"):
            assert _contrast(colours[word], colours[ground]) >= 4.5, (word, ground)
        assert _contrast(colours["mark"], colours[word]) >= 3, word


def test_a_misspelt_name_in_a_template_is_an_error(report: Report) -> None:
    from jinja2 import UndefinedError

    from flmparse.render.templates import _html_environment, _markdown_environment

    for environment in (_html_environment(), _markdown_environment()):
        with pytest.raises(UndefinedError):
            environment.from_string("{{ report.verdikt }}").render(report=report)


def test_counts_add_up(report: Report) -> None:
    for gate in report.gates:
        assert sum(count.number for count in gate.counts) == gate.asked == len(gate.results)
        grouped = [view.rule for group in gate.groups for view in group.results]
        quiet = [view.rule for view in gate.results if view.status in (Status.PASS, Status.NOT_APPLICABLE)]
        assert sorted(grouped + quiet) == sorted(view.rule for view in gate.results)
    assert report.asked + len(report.not_asked) == report.catalogue_size


def test_what_blocked_an_earlier_gate_holds_the_later_ones_by_name(report: Report) -> None:
    masked, ready, cleaned = report.gates
    assert [str(gate.verdict) for gate in report.gates] == ["NO-GO", "NO-GO", "NOT REACHED"]
    assert ready.verdict_words == "NO-GO, carried from masked: AAA006" and masked.verdict_words == "NO-GO"
    assert ready.reasons[0].sentence == (
        "AAA006 carried from masked: PAYROLL_MV: 1 initiator for 2 nodes. Closed by a pass of AAA006 on newer evidence."
    )
    assert ready.reasons[0].anchor == "masked-AAA006"
    assert cleaned.left_out == () and not cleaned.reached


def test_why_says_the_worst_first_and_what_else_is_open(report: Report) -> None:
    assert [reason.rule for reason in report.reasons] == ["AAA006", ""]
    assert report.reasons[1].text == "Not evaluated, by choice: AAA009 (at ready)"
    assert report.reasons[0].place == "2-masked/view.txt:1"
    assert report.headline.sentence == "Up to ready. Was it done as prescribed? NO-GO"
    assert report.headline.beside == ("At ready. May we activate? NO-GO, carried from masked: AAA006",)


def test_readiness_leaves_out_the_gates_after_activate_but_copied() -> None:
    short = report_of(assessment(), "readiness", RULES)
    assert [gate.word for gate in short.gates] == ["masked", "ready"]
    with pytest.raises(UsageError, match="none of them was asked"):
        report_of(Assessment(collection(), "paper", ()), "readiness", RULES)


def test_every_gate_has_its_words_and_the_two_points_of_no_return_are_among_them() -> None:
    assert set(GATES) == set(Gate)
    assert {Gate.READY, Gate.COPIED} <= {gate for gate, words in GATES.items() if words.point_of_no_return}


def test_json_holds_what_a_page_leaves_out() -> None:
    found = collection()
    evidence = tuple(Evidence("2-masked/view.txt", number, number, "", f"line {number}") for number in range(1, 101))
    findings = tuple(
        Finding("AAA001", Subject(f"{number:04X}"), Status.FAIL, "gone", evidence)
        for number in range(limits.FINDINGS_OF_A_RULE + 7)
    )
    result = Result("AAA001", Gate.READY, Severity.BLOCKER, True, Status.FAIL, "gone", findings=findings)
    whole = Assessment(found, "paper", (GateAssessment(Gate.READY, "paper", (result,)),))
    report = report_of(whole, "check", RULES)
    told = json.loads(FORMATS["json"](report))["gates"][0]["results"][0]["findings"]
    assert len(told) == limits.FINDINGS_OF_A_RULE + 7 and len(told[0]["evidence"]) == 100
    html = FORMATS["html"](report)
    assert "and 7 more findings" in html and f"and {100 - limits.QUOTED_LINES} more lines of evidence" in html
    quoted = html.split('id="annotated"')[0]
    assert len(re.findall(r'<(?:a|span) class="n"', quoted)) == limits.FINDINGS_OF_A_RULE * limits.QUOTED_LINES


def test_excerpts_keep_every_line_once_and_name_the_place() -> None:
    cited = [
        Evidence("b.txt", 3, 3, "", "three"),
        Evidence("a.txt", 9, 9, "", "nine"),
        Evidence("b.txt", 1, 3, "", "one\ntwo\nthree"),
    ]
    shown, left_out = excerpts(cited)
    assert [(item.place, item.lines) for item in shown] == [
        ("b.txt:1-3", ((1, "one"), (2, "two"), (3, "three"))),
        ("a.txt:9", ((9, "nine"),)),
    ]
    assert left_out == 0
    assert excerpts(cited, most_lines=2)[1] == 2


def test_text_paints_words_only_when_asked(report: Report) -> None:
    painted = text(report, lambda kind, word: f"<{kind}>{word}</>")
    assert "<NO-GO>NO-GO</>" in painted and "\x1b" not in painted
    assert "<fail>fail" in painted


def test_flmparse_render_is_a_function_and_a_package() -> None:
    done = flmparse.render(flmparse.assess(collection(), "masked"), "check", "md")
    assert done.startswith("# Check: Rack 7")
    with pytest.raises(UsageError, match="did you mean 'readiness'"):
        flmparse.render(assessment(), "readyness")
    with pytest.raises(UsageError, match="formats: csv, html"):
        flmparse.render(assessment(), "compliance", "docx")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb", "a\\u202eb"),
        ("a\tb", "a       b"),
        ("two\nlines", "two\\nlines"),
        ("\U000e0041", "\\U000e0041"),
        ("Größe", "Größe"),
    ],
)
def test_what_cannot_be_seen_is_written_out(raw: str, shown: str) -> None:
    assert visible(raw) == shown


FRAME = pd.DataFrame(
    {
        "text": pd.Series(["=1+1", "+1", "-1", "@x", "\tx", "\rx", "plain", None], dtype="str"),
        "whole": pd.Series([-1, 2, 3, 4, 5, 6, 7, None], dtype="Int64"),
        "decimal": pd.Series([-1.5, 2, 3, 4, 5, 6, 7, None], dtype="Float64"),
        "flag": pd.Series([True, False, None, None, None, None, None, None], dtype="boolean"),
        "time": pd.to_datetime(pd.Series(["2011-01-04T12:36:37Z"] + [None] * 7), utc=True),
    }
)


def test_csv_holds_no_formula_and_leaves_numbers_alone() -> None:
    rows = list(csv.DictReader(io.StringIO(tables.as_csv(tables.listing("t", FRAME)), newline="")))
    assert [row["text"] for row in rows] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "plain", ""]
    assert [rows[0][name] for name in ("whole", "decimal", "flag", "time")] == [
        "-1",
        "-1.5",
        "True",
        "2011-01-04T12:36:37+00:00",
    ]


def test_xlsx_holds_no_formula_no_link_and_the_same_bytes_each_time() -> None:
    frame = FRAME.assign(text=FRAME["text"].replace("plain", "http://example.org"))
    first, second = (tables.as_xlsx([tables.listing("paths", frame)]) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert "'=1+1" in sheet and "'-1" in sheet
    assert "<v>-1.5</v>" in sheet


def test_json_of_a_table_keeps_types_and_null() -> None:
    (rows,) = json.loads(tables.as_json([], [tables.listing("t", FRAME)]))["tables"].values()
    assert rows[0] == {"text": "=1+1", "whole": -1, "decimal": -1.5, "flag": True, "time": "2011-01-04T12:36:37+00:00"}
    assert rows[-1] == dict.fromkeys(FRAME.columns)


def test_aligned_text_names_the_columns_that_it_leaves_out() -> None:
    listing = tables.Listing("t", ("name", "empty", "number"), [("a\x1b[2J", None, 1), ("b", None, 12)])
    assert tables.aligned(listing).splitlines() == [
        "name      number",
        "a\\x1b[2J       1",
        "b             12",
        "(no value in any row: empty)",
    ]
    assert tables.aligned(tables.Listing("t", ("name",), [])) == "t: no rows\n"
