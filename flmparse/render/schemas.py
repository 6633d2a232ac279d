"""JSON Schemas (draft 2020-12) of the manifest and of what flmparse writes as JSON, made from their types."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from flmparse.errors import UsageError, did_you_mean
from flmparse.manifest import Manifest
from flmparse.render.records import CheckDocument, FindingRecord, GateLine, ReportLine, ResultLine
from flmparse.render.shapes import (
    SCHEMA_VERSION,
    CapturesDocument,
    RulesDocument,
    TablesDocument,
    UnknownDocument,
    WaiversDocument,
)
from flmparse.tables import Column, all_tables
from flmparse.tables.table import PROVENANCE

Schema = dict[str, Any]

SCHEMAS: dict[str, tuple[str, Any]] = {
    "manifest": ("migration.toml; for editors, as is what docs/manifest.md explains", Manifest),
    "check": ("check -f json, report -f json", CheckDocument),
    "record": (
        "each line of check -f jsonl, report -f jsonl",
        Annotated[
            ReportLine | GateLine | ResultLine,
            Field(discriminator="type", description="each line of flmparse check -f jsonl"),
        ],
    ),
    "findings": ("the findings of a rule, in both", list[FindingRecord]),
    "parse": ("parse -f json: captures, blocks, and every table with its columns", TablesDocument),
    "unknown": ("parse --unknown -f json", UnknownDocument),
    "captures": ("captures -f json", CapturesDocument),
    "waivers": ("waivers -f json", WaiversDocument),
    "rules": ("rules -f json", RulesDocument),
}
"""Types by the name of their schema, each with what it describes."""

_KINDS = {
    "text": "string",
    "choice": "string",
    "whole": "integer",
    "decimal": "number",
    "flag": "boolean",
    "time": "string",
}


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out the title of each key, which would only repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema(name: str) -> Schema:
    """Return the schema called ``name``, or raise UsageError."""
    if name not in SCHEMAS:
        known = list(SCHEMAS)
        raise UsageError(f"no schema {name!r}{did_you_mean(name, known)} (schemas: {', '.join(known)})")
    made = TypeAdapter(SCHEMAS[name][1]).json_schema(schema_generator=_WithoutTitles)
    if name == "parse":
        made["properties"]["tables"] = {"type": "object", "properties": _tables()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:flmparse:schema:{name}:{SCHEMA_VERSION}",
        **made,
        "title": f"flmparse {name}, schema version {SCHEMA_VERSION}",
    }


def _tables() -> dict[str, Schema]:
    return {
        table.name: {
            "description": table.meaning,
            "type": "array",
            "items": {
                "type": "object",
                "required": [column.name for column in (*table.columns, *PROVENANCE)],
                "properties": {column.name: _column(column) for column in (*table.columns, *PROVENANCE)},
            },
        }
        for table in all_tables().values()
    }


def _column(column: Column) -> Schema:
    kinds = [_KINDS[column.kind]] + ([] if column.name in ("line", "block") else ["null"])
    described: Schema = {"type": kinds, "description": column.meaning}
    return described | ({"format": "date-time"} if column.kind == "time" else {})
