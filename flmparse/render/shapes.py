"""Shapes of what flmparse writes as JSON: the values that several documents share, and the rows of the smaller documents.

Code that writes JSON is checked against these types, and `flmparse schema` prints them (`flmparse.render.schemas`). The shapes of
reports are in `flmparse.render.records`. Every key is always written. Later versions may add keys and keep `SCHEMA_VERSION`; a key
that changes its meaning or goes raises it.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict  # before Python 3.12 pydantic reads no other

from flmparse.findings import Severity
from flmparse.manifest import PROFILES
from flmparse.procedure import Gate
from flmparse.screens import Status as BlockStatus
from flmparse.tables import all_tables

SCHEMA_VERSION: Literal[1] = 1


def one_of(words: Iterable[str]) -> WithJsonSchema:
    """Return what a schema says of a text that is one of these words."""
    return WithJsonSchema({"enum": list(words)})


Count = Annotated[int, Field(ge=0)]
Line = Annotated[int, Field(ge=1, description="line of the capture, counted from 1")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the capture's bytes")]
GateWord = Annotated[str, one_of(gate.word for gate in Gate)]
ProfileWord = Annotated[str, one_of(PROFILES)]
RuleId = Annotated[str, Field(description="id of a rule: MSK005")]


class MigrationRecord(TypedDict):
    """What is known of the migration as a whole."""

    name: str
    pair_file: str | None
    pairs: Count
    source_symmetrix: str | None
    target_symmetrix: str | None
    node_count: int | None
    nodes: list[str]
    os: str | None
    manifest: Annotated[bool, Field(description="whether the collection has a migration.toml")]


class LineKinds(TypedDict):
    """Lines of a block by what they are."""

    fact: Count
    noise: Count
    prompt: Count
    unknown: Count
    foreign: Count


class OddityRecord(TypedDict):
    """Something that makes a block partial."""

    line: Count
    text: str


class BlockRecord(TypedDict):
    """A command with its output, in a capture."""

    screen: str | None
    command: str | None
    node: str | None
    gate: GateWord | None
    time: str | None
    line_start: Line
    line_end: Count
    status: BlockStatus
    rows: Count
    lines: LineKinds
    tables: dict[str, Count]
    oddities: list[OddityRecord]


class CaptureBlocks(TypedDict):
    """A capture with its blocks."""

    name: str
    sha256: Sha256
    encoding: str
    size_bytes: Count
    lines: Count
    problems: list[str]
    blocks: list[BlockRecord]


class TablesDocument(TypedDict):
    """flmparse parse -f json; tables without rows are left out."""

    schema_version: Literal[1]
    captures: list[CaptureBlocks]
    tables: dict[str, list[dict[str, Any]]]


class UnknownRow(TypedDict):
    """A run of lines that was not understood."""

    capture: str
    line_start: Line
    line_end: Line
    column: Annotated[int, Field(ge=1, description="column of the first line at which reading stopped, counted from 1")]
    screen: str | None
    expected: str
    stop: Annotated[str | None, Field(description="what was read up to there; null where no screen was recognised")]
    text: str


class UnknownDocument(TablesDocument):
    """flmparse parse --unknown -f json."""

    unknown: list[UnknownRow]


class GapRow(TypedDict):
    """A capture that is still to be taken."""

    gate: GateWord
    required: Annotated[str, one_of(("yes", "no"))]
    on: str
    command: str
    rules: str


class _Gaps(TypedDict, total=False):
    gaps: list[GapRow]


class CapturesDocument(TypedDict):
    """flmparse captures -f json; gaps only with --gate."""

    schema_version: Literal[1]
    captures: list[CaptureBlocks]
    tables: _Gaps


class WaiverRow(TypedDict):
    """A waiver of the manifest and what became of it."""

    line: Annotated[int, Field(ge=1, description="line of the manifest")]
    rule: str
    subject: str
    gates: str
    state: Annotated[str, Field(description="a state of waivers; what else is to be said follows a semicolon")]
    covers: Count
    expires: str | None
    owner: str
    approved_by: str
    ticket: str | None
    reason: str


class _Waivers(TypedDict):
    waivers: list[WaiverRow]


class WaiversDocument(TypedDict):
    """flmparse waivers -f json."""

    schema_version: Literal[1]
    captures: list[CaptureBlocks]
    tables: _Waivers


class RuleRecord(TypedDict):
    """A rule of the catalogue with its page."""

    id: RuleId
    name: str
    title: str
    severity: Severity
    gates: list[GateWord]
    required: list[GateWord]
    tables: list[Annotated[str, one_of(all_tables())]]
    reference: str
    waivable: bool
    page: dict[str, str]


class RulesDocument(TypedDict):
    """flmparse rules -f json."""

    schema_version: Literal[1]
    rules: list[RuleRecord]
