"""SARIF 2.1.0: the findings at their lines, for viewers of code scanning and editors.

One run; a result for each finding, and one for a rule that passed or does not apply. A rule that cannot be decided is kind
``review``; a waiver is a suppression and the result stays; the verdicts stand in the properties of the run and, where a gate
is not GO, as notifications of the invocation, because a viewer counts results and not what is missing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from flmparse.findings import Evidence, Status
from flmparse.render import limits
from flmparse.render.model import CaptureView, ResultView
from flmparse.render.records import BasisRecord, record_of, to_json
from flmparse.render.report import GateView, Report, answers
from flmparse.render.wording import visible

# docs/decisions/20-sarif.md
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

BASE = "COLLECTION"
"""What paths are relative to. Where the collection's folder lies is nobody's business."""

Statement = tuple[Status, str, str, Iterable[Evidence], str]
"""Status, subject, message, evidence and fingerprint."""


def sarif_pieces(report: Report) -> Iterator[str]:
    """Yield the log, each result on a line of its own: there may be very many."""
    rules: dict[str, int] = {}
    described = []
    for _, view in answers(report.gates):
        if view.rule not in rules:
            rules[view.rule] = len(rules)
            described.append(_rule(view))
    captures = {view.name: index for index, view in enumerate(report.captures)}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, described)]}
    yield to_json(log, indent=1).removesuffix("\n  }\n ]\n}") + ',\n   "results": ['
    results = (
        _result(gate, view, rules[view.rule], captures, statement)
        for gate, view in answers(report.gates)
        for statement in _statements(view)
    )
    for number, result in enumerate(results):
        yield f"{',' if number else ''}\n    {to_json(result)}"
    yield "\n   ]\n  }\n ]\n}\n"


def _run(report: Report, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "tool": {"driver": {"name": "flmparse", "version": report.version, "rules": rules}},
        "automationDetails": {"id": f"flmparse/{report.kind}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE: {"description": {"text": "The folder of the collection."}}},
        "invocations": [_invocation(report)],
        "artifacts": [_artifact(view) for view in report.captures],
        "properties": {
            "report": report.kind,
            "migration": report.migration_name,
            "profile": report.profile,
            "verdict": str(report.verdict),
            "gates": {gate.word: str(gate.verdict) for gate in report.gates},
            "headline": report.headline.sentence,
            "basis": record_of(BasisRecord, report.basis),
            "as_of": report.as_of or None,
            "organisation": report.organisation or None,
        },
    }


def _rule(view: ResultView) -> dict[str, Any]:
    levels = {"blocker": "error", "warning": "warning", "advice": "note"}
    properties: dict[str, Any] = {"reference": view.reference, "controls": list(view.controls)}
    return {
        "id": view.rule,
        "name": view.name or view.rule,
        "shortDescription": {"text": view.title or view.name or view.rule},
        "defaultConfiguration": {"level": levels[str(view.result.severity)]},
        "properties": properties | ({"tags": list(view.controls)} if view.controls else {}),
    }


def _invocation(report: Report) -> dict[str, Any]:
    levels = {"nogo": "error", "inconclusive": "warning", "notreached": "note"}
    notifications = [
        _notification(levels[gate.slug], f"gate {gate.word}: {gate.verdict_words}. {gate.meaning}")
        for gate in report.gates
        if gate.slug in levels
    ]
    for gate in report.gates:
        told = [f"{item.rule} {item.sentence}" for item in (*gate.carried, *gate.of_the_record)]
        told += [text for text in (gate.open_before, *gate.not_captured) if text]
        if gate.left_out:
            told.append(f"{gate.summary.partition(':')[0]}, the others left out by choice")
        notifications += [_notification("warning", f"gate {gate.word}: {text}") for text in told]
    notifications += [_notification("warning", f"not read: {refusal}") for refusal in report.refused]
    invocation: dict[str, Any] = {"executionSuccessful": True, "toolExecutionNotifications": notifications}
    return invocation | ({"account": report.author} if report.author else {})


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _plain(text)}}


_BRACKET = re.compile(r"(\\*)([\[\]])")


def _plain(text: str) -> str:
    r"""Return a message in which nothing is a link or a placeholder: ``\[`` and ``{{`` (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return _BRACKET.sub(r"\1\1\\\2", text).replace("{", "{{").replace("}", "}}")


def _artifact(view: CaptureView) -> dict[str, Any]:
    return {
        "location": {"uri": _uri(view.name), "uriBaseId": BASE},
        "length": view.size_bytes,
        "hashes": {"sha-256": view.sha256},
        "properties": {"encoding": view.encoding, "lines": view.lines, "unknown_lines": view.counts.unknown},
    }


def _statements(view: ResultView) -> Iterator[Statement]:
    """Yield what a rule says: its findings, else its answer."""
    result = view.result
    if result.findings and result.status not in (Status.PASS, Status.NOT_APPLICABLE):
        for finding in result.findings:
            yield finding.status, finding.subject, finding.message, finding.evidence, finding.fingerprint
    else:
        yield result.status, "", result.message, result.evidence[: limits.SARIF_LOCATIONS], ""


def _result(
    gate: GateView, view: ResultView, rule_index: int, captures: dict[str, int], statement: Statement
) -> dict[str, Any]:
    status, subject, message, evidence, fingerprint = statement
    result = view.result
    kind, level = _KINDS[str(status)]
    sentence = f"{subject}: {message}" if subject and not message.startswith(subject) else message
    locations = list(_locations(evidence, captures))
    properties = {
        "gate": gate.word,
        "gate_verdict": str(gate.verdict),
        "severity": str(result.severity),
        "required": result.required,
        "subject": visible(subject),
        "controls": list(view.controls),
        "remedy": view.remedy,
        "missing": list(view.missing),
    }
    written: dict[str, Any] = {
        "ruleId": view.rule,
        "ruleIndex": rule_index,
        "kind": kind,
        "level": level,
        "message": {"text": _plain(visible(sentence)) or view.word},
        "locations": locations[:1],
        "partialFingerprints": {"flmparse/v1": "/".join(part for part in (gate.word, view.rule, fingerprint) if part)},
        "properties": properties,
    }
    if locations[1:]:
        written["relatedLocations"] = locations[1:]
    if view.waiver is not None and status is result.status:
        written["suppressions"] = [{"kind": "external", "justification": _justification(view)}]
    return written


_KINDS = {
    "pass": ("pass", "none"),
    "fail": ("fail", "error"),
    "error": ("fail", "error"),
    "warn": ("fail", "warning"),
    "inconclusive": ("review", "none"),
    "not_applicable": ("notApplicable", "none"),
}
"""Kind and level of each status; every kind but ``fail`` has the level ``none``."""


def _justification(view: ResultView) -> str:
    waiver = view.waiver
    assert waiver is not None
    why = f"{waiver.reason} (owner {waiver.owner}, approved by {waiver.approved_by}, until {waiver.expires}"
    return why + (f", {waiver.ticket})" if waiver.ticket else ")")


def _locations(evidence: Iterable[Evidence], captures: dict[str, int]) -> Iterator[dict[str, Any]]:
    for item in dict.fromkeys(evidence):
        artifact: dict[str, Any] = {"uri": _uri(item.capture), "uriBaseId": BASE}
        if item.capture in captures:
            artifact["index"] = captures[item.capture]
        region: dict[str, Any] = {"startLine": item.line_start, "endLine": item.line_end}
        if item.text:
            region["snippet"] = {"text": "\n".join(visible(line) for line in item.text.split("\n"))}
        yield {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _uri(name: str) -> str:
    # A name on disk may be no text at all: its bytes then stand in the name as lone surrogates.
    return quote(name.encode("utf-8", errors="surrogatepass"), safe="/")
