"""JSON Schemas (draft 2020-12) of what flmparse writes as JSON, made from the same enumerations and tables as the output.

Every field shown is always there. Later versions may add fields and keep ``schema_version``; a field that changes or goes raises it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flmparse.errors import UsageError, did_you_mean
from flmparse.findings import Severity, Status, Verdict
from flmparse.manifest import PROFILES
from flmparse.procedure import Gate
from flmparse.render.records import SCHEMA_VERSION
from flmparse.screens import Status as BlockStatus
from flmparse.tables import Column, all_tables
from flmparse.tables.table import PROVENANCE
from flmparse.waivers import WaiverState

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_LINE: Schema = {"type": "integer", "minimum": 1, "description": "line of the capture, counted from 1"}
_SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the capture's bytes"}
_KINDS = {
    "text": "string",
    "choice": "string",
    "whole": "integer",
    "decimal": "number",
    "flag": "boolean",
    "time": "string",
}


def schema(name: str) -> Schema:
    """Return the schema called ``name``, or raise UsageError."""
    if name not in SCHEMAS:
        known = list(SCHEMAS)
        raise UsageError(f"no schema {name!r}{did_you_mean(name, known)} (schemas: {', '.join(known)})")
    _, make = SCHEMAS[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:flmparse:schema:{name}:{SCHEMA_VERSION}",
        "title": f"flmparse {name}, schema version {SCHEMA_VERSION}",
        **make(),
        "$defs": _definitions(),
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(words: Iterable[object]) -> Schema:
    return {"enum": [str(word) for word in words]}


def _defined(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_VERSION: Schema = {"const": SCHEMA_VERSION}
_GATE = _one_of(gate.word for gate in Gate)
_RULE: Schema = {"type": "string", "description": "id of a rule: MSK005"}


def _gate_fields() -> dict[str, Schema]:
    return {
        "gate": _GATE,
        "profile": _one_of(PROFILES),
        "verdict": _one_of(Verdict),
        "question": _TEXT,
        "next_step": {"type": "string", "description": "what a GO allows"},
        "point_of_no_return": _FLAG,
        "reasons": _list(_object(rule=_TEXT_OR_NULL, message=_TEXT)),
        "counts": _object(**{str(status): _COUNT for status in Status}),
        "missing_captures": _list(_TEXT),
        "carried": _list(_RULE) | {"description": "rules that block an earlier gate and are not asked again here"},
        "not_asked": _list(_RULE) | {"description": "rules of this gate left out by choice"},
    }


def _result_fields() -> dict[str, Schema]:
    return {
        "rule": _RULE,
        "name": _TEXT,
        "controls": _list(_TEXT) | {"description": "the organisation's own ids of the rule, from the manifest"},
        "severity": _one_of(Severity),
        "required": _FLAG,
        "status": _one_of(Status),
        "waiver": _nullable(_defined("waiver")) | {"description": "stands beside the status and never replaces it"},
        "message": _TEXT,
        "note": _TEXT,
        "remedy": _TEXT,
        "missing": _list(_TEXT) | {"description": "commands still to be captured"},
        "findings": _list(_defined("finding")),
        "evidence": _list(_defined("evidence")) | {"description": "what the rule read"},
    }


def _definitions() -> dict[str, Schema]:
    return {
        "evidence": _object(capture=_TEXT, sha256=_SHA256, line_start=_LINE, line_end=_LINE, text=_TEXT),
        "waiver": _object(reason=_TEXT, owner=_TEXT, approved_by=_TEXT, expires=_TEXT, ticket=_TEXT),
        "finding": _object(
            subject={"type": "string", "description": "pair, device, node or path"},
            status=_one_of(Status),
            message=_TEXT,
            fingerprint={"type": "string", "pattern": "^[0-9a-f]{12}$"},
            evidence=_list(_defined("evidence")),
        ),
        "result": _object(**_result_fields()),
        "gate": _object(**_gate_fields(), results=_list(_defined("result"))),
        "capture": _object(
            name=_TEXT,
            sha256=_SHA256,
            encoding=_TEXT,
            size_bytes=_COUNT,
            lines=_COUNT,
            problems=_list(_TEXT),
            blocks=_list(_defined("block")),
        ),
        "block": _object(
            screen=_TEXT_OR_NULL,
            command=_TEXT_OR_NULL,
            node=_TEXT_OR_NULL,
            gate=_nullable(_GATE),
            time=_TEXT_OR_NULL,
            line_start=_LINE,
            line_end=_COUNT,
            status=_one_of(BlockStatus),
            rows=_COUNT,
            lines=_object(fact=_COUNT, noise=_COUNT, prompt=_COUNT, unknown=_COUNT),
            tables={"type": "object", "additionalProperties": _COUNT},
            oddities=_list(_object(line=_COUNT, text=_TEXT)),
        ),
    }


def _check() -> Schema:
    return {"description": "flmparse check -f json, flmparse report -f json"} | _object(
        schema_version=_VERSION,
        tool=_object(name={"const": "flmparse"}, version=_TEXT),
        report=_one_of(("check", "readiness", "compliance")),
        profile=_one_of(PROFILES),
        verdict=_one_of(Verdict),
        author=_TEXT_OR_NULL,
        organisation=_TEXT_OR_NULL,
        migration=_object(
            name=_TEXT,
            pair_file=_TEXT_OR_NULL,
            pairs=_COUNT,
            source_symmetrix=_TEXT_OR_NULL,
            target_symmetrix=_TEXT_OR_NULL,
            node_count={"type": ["integer", "null"]},
            nodes=_list(_TEXT),
            os=_TEXT_OR_NULL,
            manifest=_FLAG | {"description": "whether the collection has a migration.toml"},
        ),
        captures=_list(
            _object(
                name=_TEXT,
                sha256=_SHA256,
                encoding=_TEXT,
                lines=_COUNT,
                unknown_lines=_COUNT,
                nodes=_list(_TEXT),
                gates=_list(_GATE),
                screens=_list(_TEXT),
                problems=_list(_TEXT),
            )
        ),
        refused=_list(_TEXT) | {"description": "what could not be read, and why"},
        as_of=_TEXT_OR_NULL | {"description": "moment at which waivers are judged"},
        waivers=_list(
            _object(
                rule=_TEXT,
                subject=_TEXT,
                gates=_TEXT,
                state=_TEXT,
                holds=_FLAG,
                covered=_COUNT,
                expires=_TEXT,
                approved_by=_TEXT,
                owner=_TEXT,
                reason=_TEXT,
                ticket=_TEXT,
                place=_TEXT,
            )
        ),
        rules=_object(catalogue=_COUNT, asked=_COUNT, not_asked=_list(_RULE)),
        gates=_list(_defined("gate")),
    )


def _record() -> Schema:
    gate = _object(schema_version=_VERSION, type={"const": "gate"}, **_gate_fields())
    where = {"schema_version": _VERSION, "type": {"const": "result"}, "gate": _GATE, "profile": _one_of(PROFILES)}
    return {
        "description": "each line of flmparse check -f jsonl, flmparse report -f jsonl",
        "oneOf": [gate, _object(**where, **_result_fields())],
    }


def _findings() -> Schema:
    return {"description": "findings of a rule, as they stand in check and record"} | _list(_defined("finding"))


def _column(column: Column) -> Schema:
    kinds = [_KINDS[column.kind]] + ([] if column.name in ("line", "block") else ["null"])
    told: Schema = {"type": kinds, "description": column.meaning}
    return told | ({"format": "date-time"} if column.kind == "time" else {})


def _parse() -> Schema:
    rows = {
        table.name: {"description": table.meaning}
        | _list(_object(**{column.name: _column(column) for column in (*table.columns, *PROVENANCE)}))
        for table in all_tables().values()
    }
    return {"description": "flmparse parse -f json; tables without rows are left out"} | _document(rows)


def _document(rows: dict[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    found: Schema = {"type": "object", "required": list(required), "properties": rows}
    return _object(schema_version=_VERSION, captures=_list(_defined("capture")), tables=found)


def _unknown() -> Schema:
    row = _object(
        capture=_TEXT, line_start=_LINE, line_end=_LINE, screen=_TEXT_OR_NULL, expected=_TEXT, text=_TEXT
    )  # fmt: skip
    document = _document({})
    document["required"].append("unknown")
    document["properties"]["unknown"] = _list(row)
    return {"description": "flmparse parse --unknown -f json"} | document


def _captures() -> Schema:
    gaps = _object(gate=_GATE, required=_one_of(("yes", "no")), on=_TEXT, command=_TEXT, rules=_TEXT)
    return {"description": "flmparse captures -f json; gaps only with --gate"} | _document({"gaps": _list(gaps)})


def _waivers() -> Schema:
    row = _object(
        line=_LINE,
        rule=_TEXT,
        subject=_TEXT,
        gates=_TEXT,
        state={"type": "string", "description": f"one of {', '.join(WaiverState)}; what else is to be said after ;"},
        covers=_COUNT,
        expires=_TEXT_OR_NULL,
        owner=_TEXT,
        approved_by=_TEXT,
        ticket=_TEXT_OR_NULL,
        reason=_TEXT,
    )
    return {"description": "flmparse waivers -f json"} | _document({"waivers": _list(row)}, ("waivers",))


def _rules() -> Schema:
    rule = _object(
        id=_RULE,
        name=_TEXT,
        title=_TEXT,
        severity=_one_of(Severity),
        gates=_list(_GATE),
        required=_list(_GATE),
        tables=_list(_one_of(all_tables())),
        reference=_TEXT,
        waivable=_FLAG,
        page={"type": "object", "additionalProperties": _TEXT},
    )
    return {"description": "flmparse rules -f json"} | _object(schema_version=_VERSION, rules=_list(rule))


SCHEMAS: dict[str, tuple[str, Callable[[], Schema]]] = {
    "check": ("check -f json, report -f json", _check),
    "record": ("each line of check -f jsonl, report -f jsonl", _record),
    "findings": ("the findings of a rule, in both", _findings),
    "parse": ("parse -f json: captures, blocks, and every table with its columns", _parse),
    "unknown": ("parse --unknown -f json", _unknown),
    "captures": ("captures -f json", _captures),
    "waivers": ("waivers -f json", _waivers),
    "rules": ("rules -f json", _rules),
}
"""Schemas by name, each with what it describes."""
