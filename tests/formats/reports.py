"""Reports that the tests of the formats share: the white paper with a waiver and own ids, and one that is hostile throughout."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from flmparse.assessment import Assessment, GateAssessment, assess
from flmparse.collection import Collection, from_bundle
from flmparse.findings import Evidence, Finding, Result, Severity, Status, Subject, WaiverApplied
from flmparse.manifest import Waiver
from flmparse.procedure import Gate
from flmparse.render.context import report_of
from flmparse.render.report import Report
from flmparse.rules import Check, Rule
from flmparse.text.capture import Bundle, from_bytes
from flmparse.waivers import WaiverState, WaiverUse
from tests.editing import whitepaper

MORE = """
[[waiver]]
rule = "PTH007"
subject = "*"
gates = ["ready"]
reason = "second HBA arrives with the new blade"
owner = "storage team"
approved_by = "change board"
expires = 2012-06-30
ticket = "CHG-1"

[report]
organisation = "Example Bank"

[controls]
MSK005 = ["ISO-A.8.9", "CB-17"]
PTH = "CB-20"
"""


def waiver_at_line(line: int, **keys: Any) -> Waiver:
    """Return a waiver as if it had been read at this line of a manifest; its texts may hold what no manifest can (surrogates)."""
    waiver = Waiver.model_construct(**keys)
    waiver._line = line
    return waiver


@cache
def paper() -> Assessment:
    return assess(whitepaper(manifest=lambda text: text + MORE), "all", "paper", as_of=datetime(2012, 6, 1, tzinfo=UTC))


@cache
def paper_report() -> Report:
    return report_of(paper(), "compliance", author="A. Jones")


HOSTILE = (
    '<script>alert("1")</script>',
    "\"'>&amp;]]>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1",
    "-1",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\uff1d1+1",
    "\x1b]0;owned\x07\x1b[2J",
    "a\u202egnp.exe",
    "nul\0 and \x08",
    "\ud800 alone",
    "\ufffe\uffff",
    "_x0041_",
    "http://example.org/",
    "{{ 7 * 7 }}",
    "| bar `tick` *star*",
    "two\nlines",
)

EVERYTHING = " ".join(HOSTILE)


def _page_of_a_rule(ask: Check) -> None:
    """Every node of the cluster is in the view."""


RULES = {
    id: Rule(id, f"test.{id.lower()}", severity, (Gate.READY,), (), (), "page 1", _page_of_a_rule)
    for id, severity in (
        ("AAA001", Severity.BLOCKER),
        ("AAA002", Severity.WARNING),
        ("AAA003", Severity.BLOCKER),
        ("AAA004", Severity.BLOCKER),
        ("AAA005", Severity.BLOCKER),
    )
}


def hostile_collection() -> Collection:
    name = f"3-ready/{EVERYTHING.replace('/', '_')}.txt"
    captures = (from_bytes(name, "\n".join(HOSTILE).encode("utf-8", errors="surrogatepass")),)
    quoted = ", ".join(_toml(text) for text in HOSTILE if "\ud800" not in text)
    manifest = f"""
[migration]
name = {_toml(EVERYTHING.replace(chr(0xD800), ""))}
[[node]]
name = {_toml("=HYPERLINK(1)")}
[report]
organisation = {_toml(HOSTILE[2])}
header = {_toml(HOSTILE[0])}
[controls]
AAA = [{quoted}]
"""
    return from_bundle(Bundle("/nowhere", captures, manifest.encode(), (f"{EVERYTHING}: locked",)))


def _toml(text: str) -> str:
    return '"' + "".join(f"\\u{ord(sign):04x}" for sign in text) + '"'


def hostile_report() -> Report:
    collection = hostile_collection()
    (capture,) = collection.captures
    lines = [
        Evidence(capture.name, number, number, capture.sha256, line)
        for number, line in enumerate([*HOSTILE[:-1], "two", "lines"], start=1)
    ]
    waiver = WaiverApplied(EVERYTHING, HOSTILE[2], HOSTILE[3], "2012-06-30", HOSTILE[4])

    def result(id: str, status: Status, text: str, count: int, *, waived: bool = False) -> Result:
        findings = tuple(Finding(id, Subject(word), status, word, tuple(lines[:count])) for word in HOSTILE)
        return Result(
            id,
            Gate.READY,
            RULES[id].severity,
            status is Status.INCONCLUSIVE,
            status,
            text,
            remedy=HOSTILE[2],
            note=HOSTILE[10],
            findings=findings,
            missing=HOSTILE if status is Status.INCONCLUSIVE else (),
            evidence=tuple(lines),
            waiver=waiver if waived else None,
        )

    results = (
        result("AAA001", Status.FAIL, EVERYTHING, 3),
        result("AAA002", Status.WARN, HOSTILE[2], len(lines)),
        result("AAA003", Status.INCONCLUSIVE, HOSTILE[0], 0),
        result("AAA004", Status.FAIL, HOSTILE[8], 1, waived=True),
        result("AAA005", Status.PASS, HOSTILE[13], 1),
    )
    accepted = waiver_at_line(
        7,
        rule="AAA004",
        reason=EVERYTHING,
        owner=HOSTILE[2],
        approved_by=HOSTILE[3],
        expires=date(2012, 6, 30),
        subject=HOSTILE[6],
    )
    assessment = Assessment(
        collection,
        "paper",
        (GateAssessment(Gate.READY, "paper", results),),
        (WaiverUse(accepted, WaiverState.IN_FORCE, 1),),
        datetime(2012, 6, 1, tzinfo=UTC),
    )
    return report_of(assessment, "check", RULES, author=EVERYTHING)
