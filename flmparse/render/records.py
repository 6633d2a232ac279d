"""JSON of an assessment: one document, or one record a line. Everything is in it; nothing is shortened.

Both are made piece by piece: the JSON of a large migration is never held as one text. `flmparse.render.schemas` says their shape.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flmparse.findings import Evidence, Finding, WaiverApplied
from flmparse.render.model import CaptureView, ResultView
from flmparse.render.report import GateView, Report

SCHEMA_VERSION = 1

AT_ONCE = 200
"""Findings that are written at once."""


def json_pieces(report: Report) -> Iterator[str]:
    """Yield the report as one JSON document (DESIGN.md section 7), some findings at a time, indented by two blanks a level."""
    yield to_json(_head(report), indent=2).removesuffix("\n}") + ',\n  "gates": ['
    for place, gate in enumerate(report.gates):
        opened = _indented(to_json(_gate(gate), indent=2), 4).removesuffix("\n    }")
        yield f"{',' if place else ''}\n    {opened},\n" + '      "results": ['
        for number, view in enumerate(gate.results):
            yield ",\n        " if number else "\n        "
            yield from _in_pieces(_result(view), 8)
        yield "\n      ]\n    }" if gate.results else "]\n    }"
    yield "\n  ]\n}\n" if report.gates else "]\n}\n"


def _indented(text: str, blanks: int) -> str:
    return text.replace("\n", "\n" + " " * blanks)


def json_line_pieces(report: Report) -> Iterator[str]:
    """Yield one JSON record a line: a ``gate`` with its verdict, then a ``result`` for every rule asked there."""
    for record in _line_records(report):
        yield from _in_pieces(record, None)
        yield "\n"


def _in_pieces(record: dict[str, Any], blanks: int | None) -> Iterator[str]:
    """Yield a record as JSON, indented below so many blanks or on one line; lists that are still to be made, its last values, item by item."""
    lists = {name: value for name, value in record.items() if isinstance(value, Iterator)}
    indent = None if blanks is None else 2
    margin = "" if blanks is None else "\n" + " " * blanks

    def written(value: object, deeper: int) -> str:
        return _indented(to_json(value, indent), (blanks or 0) + deeper)

    yield written({name: value for name, value in record.items() if name not in lists}, 0).removesuffix(margin + "}")
    between, inside, end = (", ", "", "") if blanks is None else (",", f"{margin}    ", f"{margin}  ")
    for name, items in lists.items():
        yield f',{margin}  "{name}": [' if margin else f', "{name}": ['
        some = False
        while many := list(islice(items, AT_ONCE)):
            yield (between if some else "") + between.join(inside + written(item, 4) for item in many)
            some = True
        yield f"{end if some else ''}]"
    yield f"{margin}}}"


def to_json(value: object, indent: int | None = None) -> str:
    """Return JSON in ASCII: the same bytes whatever the terminal's code page, and no captured character can act on it."""
    return json.dumps(value, indent=indent, ensure_ascii=True)


def _head(report: Report) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "flmparse", "version": report.version},
        "report": report.kind,
        "profile": report.profile,
        "verdict": str(report.verdict),
        "author": report.author or None,
        "organisation": report.organisation or None,
        "migration": dict(report.migration),
        "captures": [_capture(view) for view in report.captures],
        "refused": list(report.refused),
        "as_of": report.as_of or None,
        "waivers": [vars(view) for view in report.waivers],
        "rules": {
            "catalogue": report.catalogue_size,
            "asked": report.asked,
            "not_asked": [rule.id for rule in report.not_asked],
        },
    }


def _line_records(report: Report) -> Iterator[dict[str, Any]]:
    for gate in report.gates:
        yield {"schema_version": SCHEMA_VERSION, "type": "gate", **_gate(gate)}
        for view in gate.results:
            where = {"gate": gate.word, "profile": gate.profile}
            yield {"schema_version": SCHEMA_VERSION, "type": "result", **where, **_result(view)}


def _capture(view: CaptureView) -> dict[str, Any]:
    return {
        "name": view.name,
        "sha256": view.sha256,
        "encoding": view.encoding,
        "lines": view.lines,
        "unknown_lines": view.counts.unknown,
        "nodes": list(view.nodes),
        "gates": list(view.gates),
        "screens": list(view.screens),
        "problems": list(view.problems),
    }


def _gate(view: GateView) -> dict[str, Any]:
    return {
        "gate": view.word,
        "profile": view.profile,
        "verdict": str(view.verdict),
        "question": view.words.question,
        "next_step": view.words.next_step,
        "point_of_no_return": view.words.point_of_no_return,
        "reasons": [{"rule": reason.rule or None, "message": reason.text} for reason in view.reasons],
        "counts": {str(count.status): count.number for count in view.counts},
        "missing_captures": list(view.missing_captures),
        "carried": [result.rule for result in view.carried],
        "not_asked": list(view.left_out),
    }


def _result(view: ResultView) -> dict[str, Any]:
    result = view.result
    return {
        "rule": view.rule,
        "name": view.name,
        "controls": list(view.controls),
        "severity": str(result.severity),
        "required": result.required,
        "status": str(result.status),
        "waiver": _waiver(result.waiver),
        "message": result.message,
        "note": result.note,
        "remedy": result.remedy,
        "missing": list(result.missing),
        "findings": map(_finding, result.findings),
        "evidence": map(_evidence, result.evidence),
    }


def _waiver(waiver: WaiverApplied | None) -> dict[str, str] | None:
    if waiver is None:
        return None
    return {
        "reason": waiver.reason,
        "owner": waiver.owner,
        "approved_by": waiver.approved_by,
        "expires": waiver.expires,
        "ticket": waiver.ticket,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "subject": finding.subject,
        "status": str(finding.status),
        "message": finding.message,
        "fingerprint": finding.fingerprint,
        "evidence": [_evidence(item) for item in finding.evidence],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "capture": item.capture,
        "sha256": item.sha256,
        "line_start": item.line_start,
        "line_end": item.line_end,
        "text": item.text,
    }
