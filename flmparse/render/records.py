"""JSON of an assessment: one document, or one record a line. Everything is in it; nothing is shortened.

The types are the shape of both and what `flmparse schema check` and `schema record` print. The text is made piece by piece: the
JSON of a large migration is never in memory as a whole.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from flmparse.findings import Evidence, Finding, Severity, Status, Verdict, WaiverApplied
from flmparse.render.model import ResultView
from flmparse.render.report import GateView, Report, WaiverView
from flmparse.render.shapes import (
    SCHEMA_VERSION,
    Count,
    GateWord,
    Line,
    MigrationRecord,
    ProfileWord,
    RuleId,
    Sha256,
    one_of,
)
from flmparse.render.wording import REPORT_TITLES

TOKENS_AT_ONCE = 5_000
"""Pieces of JSON (a bracket, a key, a value) that are joined before they are written."""


class EvidenceRecord(TypedDict):
    """Lines of a capture that a statement rests on."""

    capture: str
    sha256: Sha256
    line_start: Line
    line_end: Line
    text: str


class FindingRecord(TypedDict):
    """One statement about one subject."""

    subject: Annotated[str, Field(description="pair, device, node or path")]
    status: Status
    message: str
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    evidence: list[EvidenceRecord]


class ResultRecord(TypedDict):
    """A rule's answer at a gate."""

    rule: RuleId
    name: str
    controls: Annotated[list[str], Field(description="the organisation's own ids of the rule, from the manifest")]
    severity: Severity
    required: bool
    status: Status
    waiver: Annotated[WaiverApplied | None, Field(description="is beside the status and never replaces it")]
    message: str
    note: str
    remedy: str
    missing: Annotated[list[str], Field(description="commands still to be captured; they only look")]
    not_captured: Annotated[
        list[str], Field(description="steps of which no output is there; not to be run for the record")
    ]
    findings: list[FindingRecord]
    evidence: Annotated[list[EvidenceRecord], Field(description="what the rule read")]


class ReasonRecord(TypedDict):
    """Why a verdict is what it is."""

    rule: str | None
    message: str


_StatusCounts = Annotated[
    dict[str, int],
    WithJsonSchema(
        {
            "type": "object",
            "required": [str(status) for status in Status],
            "properties": {str(status): {"type": "integer", "minimum": 0} for status in Status},
        }
    ),
]


class CarriedRecord(TypedDict):
    """A fail of an earlier gate."""

    rule: RuleId
    gate: GateWord
    message: str
    closed_by: Annotated[str, Field(description="what closes it; empty where its harm is past")]
    taken: Annotated[
        str, Field(description="the step that was taken in spite of it, where its harm is past: activated")
    ]


class PolicyRecord(TypedDict):
    """A key of the policy that differs from the default, both values as TOML."""

    key: str
    value: str
    default: str


class BasisRecord(TypedDict):
    """What was judged by: policy, manifest, rules, grammars, and the span of the evidence. Hashes are SHA-256."""

    version: str
    profile: ProfileWord
    policy: list[PolicyRecord]
    manifest_sha256: Annotated[str, Field(description="of migration.toml; empty without one")]
    rules_sha256: Sha256
    grammars_sha256: Sha256
    evidence_from: str | None
    evidence_to: str | None
    as_of: Annotated[str | None, Field(description="moment at which waivers are judged")]


class HeadlineRecord(TypedDict):
    """The answer to the question at hand: the last gate that the evidence reaches, or all gates of a compliance report."""

    asks: str
    verdict: Verdict
    words: Annotated[str, Field(description="the verdict with what is carried from earlier gates")]
    sentence: str
    beside: Annotated[
        list[str], Field(description="what else is to be known: the other gates, a policy that is not the default")
    ]


class GateRecord(TypedDict):
    """A gate with its verdict."""

    gate: GateWord
    profile: ProfileWord
    verdict: Verdict
    question: str
    next_step: Annotated[str, Field(description="what a GO allows")]
    point_of_no_return: bool
    reasons: list[ReasonRecord]
    counts: _StatusCounts
    missing_captures: list[str]
    reached: Annotated[bool, Field(description="whether the evidence goes as far; if not, no rule was asked")]
    verdict_words: Annotated[
        str, Field(description="the verdict with what is carried: NO-GO, carried from prepare: ENV006")
    ]
    asks: Annotated[str, Field(description="the question, with that of a failback where it arises")]
    carried: Annotated[list[CarriedRecord], Field(description="open fails of earlier gates that hold this one")]
    of_the_record: Annotated[list[CarriedRecord], Field(description="fails of earlier gates whose harm is past")]
    open_before: Annotated[str, Field(description="required evidence that earlier gates miss")]
    not_captured: Annotated[
        list[str], Field(description="steps of which no output is there; not to be run for the record")
    ]
    not_asked: Annotated[list[RuleId], Field(description="rules of this gate left out by choice")]


class GateWithResults(GateRecord):
    """A gate with the answer of every rule."""

    results: list[ResultRecord]


class GateLine(GateRecord):
    """A gate, on a line of its own."""

    schema_version: Literal[1]
    type: Literal["gate"]


class ReportLine(TypedDict):
    """What was judged by, on the first line."""

    schema_version: Literal[1]
    type: Literal["report"]
    report: Annotated[str, one_of(REPORT_TITLES)]
    verdict: Verdict
    headline: HeadlineRecord
    basis: BasisRecord


class ResultLine(ResultRecord):
    """A rule's answer, on a line of its own."""

    schema_version: Literal[1]
    type: Literal["result"]
    gate: GateWord
    profile: ProfileWord


class CaptureRecord(TypedDict):
    """A capture of the collection."""

    name: str
    sha256: Sha256
    encoding: str
    lines: Count
    unknown_lines: Count
    nodes: list[str]
    gates: list[GateWord]
    screens: list[str]
    problems: list[str]


class ToolRecord(TypedDict):
    """What wrote the document."""

    name: Literal["flmparse"]
    version: str


class CatalogueRecord(TypedDict):
    """How many rules there are, and which were not asked."""

    catalogue: Count
    asked: Count
    not_asked: list[RuleId]


class CheckDocument(TypedDict):
    """flmparse check -f json, flmparse report -f json."""

    schema_version: Literal[1]
    tool: ToolRecord
    report: Annotated[str, one_of(REPORT_TITLES)]
    profile: ProfileWord
    verdict: Annotated[Verdict, Field(description="the worst over the gates that are reached")]
    headline: HeadlineRecord
    basis: BasisRecord
    author: str | None
    organisation: str | None
    migration: MigrationRecord
    captures: list[CaptureRecord]
    refused: Annotated[list[str], Field(description="what could not be read, and why")]
    as_of: Annotated[str | None, Field(description="moment at which waivers are judged")]
    waivers: list[WaiverView]
    rules: CatalogueRecord
    gates: list[GateWithResults]


Record = TypeVar("Record")


class _MadeWhenWritten(list[Record]):
    """A list whose items are made one by one while it is written: a rule may have very many findings."""

    def __init__(self, make: Callable[[Any], Record], items: Sequence[Any]) -> None:
        super().__init__()
        self._make, self._items = make, items

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Record]:
        return map(self._make, self._items)


def to_json(value: object, indent: int | None = None) -> str:
    """Return JSON in ASCII: the same bytes whatever the terminal's code page, and no captured character can act on it."""
    return json.dumps(value, indent=indent, ensure_ascii=True, default=_plain)


def _plain(value: Any) -> object:
    """Return what JSON does not know as what it knows: numbers of numpy, times, records."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else vars(value)


def json_pieces(report: Report) -> Iterator[str]:
    """Yield the report as one JSON document (DESIGN.md section 7), indented by two blanks a level."""
    yield from _pieces(_document(report), indent=2)


def json_line_pieces(report: Report) -> Iterator[str]:
    """Yield one JSON record a line: the ``report``, then each ``gate`` with its verdict and a ``result`` for every rule asked there."""
    first: ReportLine = {
        "schema_version": SCHEMA_VERSION,
        "type": "report",
        "report": report.kind,
        "verdict": report.verdict,
        "headline": record_of(HeadlineRecord, report.headline),
        "basis": record_of(BasisRecord, report.basis),
    }
    yield from _pieces(first)
    for gate in report.gates:
        gate_line: GateLine = {"schema_version": SCHEMA_VERSION, "type": "gate", **_gate(gate)}
        yield from _pieces(gate_line)
        for view in gate.results:
            at_gate = {"gate": gate.word, "profile": gate.profile}
            yield from _pieces({"schema_version": SCHEMA_VERSION, "type": "result", **at_gate, **_result(view)})


def _pieces(value: object, indent: int | None = None) -> Iterator[str]:
    tokens = json.JSONEncoder(indent=indent, ensure_ascii=True, default=_plain).iterencode(value)
    while piece := "".join(islice(tokens, TOKENS_AT_ONCE)):
        yield piece
    yield "\n"


def _document(report: Report) -> CheckDocument:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "flmparse", "version": report.version},
        "report": report.kind,
        "profile": report.profile,
        "verdict": report.verdict,
        "headline": record_of(HeadlineRecord, report.headline),
        "basis": record_of(BasisRecord, report.basis),
        "author": report.author or None,
        "organisation": report.organisation or None,
        "migration": report.migration,
        "captures": [record_of(CaptureRecord, view, unknown_lines=view.counts.unknown) for view in report.captures],
        "refused": list(report.refused),
        "as_of": report.as_of or None,
        "waivers": list(report.waivers),
        "rules": {
            "catalogue": report.catalogue_size,
            "asked": report.asked,
            "not_asked": [rule.id for rule in report.not_asked],
        },
        "gates": [{**_gate(gate), "results": [_result(view) for view in gate.results]} for gate in report.gates],
    }


def record_of(shape: type[Record], source: object, **values: object) -> Record:
    """Return a record of this shape: each key with the value that is given, else with the attribute of that name."""
    keys = shape.__annotations__
    return cast("Record", {key: values[key] if key in values else getattr(source, key) for key in keys})


def _gate(view: GateView) -> GateRecord:
    return record_of(
        GateRecord,
        view,
        gate=view.word,
        question=view.words.question,
        next_step=view.words.next_step,
        point_of_no_return=view.words.point_of_no_return,
        reasons=[{"rule": reason.rule or None, "message": reason.text} for reason in view.reasons],
        counts={str(count.status): count.number for count in view.counts},
        carried=[record_of(CarriedRecord, item) for item in view.carried],
        of_the_record=[record_of(CarriedRecord, item) for item in view.of_the_record],
        not_asked=view.left_out,
    )


def _result(view: ResultView) -> ResultRecord:
    return record_of(
        ResultRecord,
        view.result,
        rule=view.rule,
        name=view.name,
        controls=view.controls,
        findings=_MadeWhenWritten(_finding, view.result.findings),
        evidence=_MadeWhenWritten(_evidence, view.result.evidence),
    )


def _finding(finding: Finding) -> FindingRecord:
    return record_of(FindingRecord, finding, evidence=[_evidence(item) for item in finding.evidence])


def _evidence(item: Evidence) -> EvidenceRecord:
    return record_of(EvidenceRecord, item)
