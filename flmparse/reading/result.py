"""What reading a block gives: its rows, the lines that were not understood, and the ledger of all of its lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from enum import StrEnum
from typing import Any

from flmparse.columns.encoded import concat
from flmparse.tables.table import Frames


class Status(StrEnum):
    """What became of a block."""

    PARSED = "parsed"
    PARTIAL = "partial"
    CUT = "cut"
    EMPTY = "empty"
    NONE = "none"
    TOOL_ERROR = "tool_error"
    UNRECOGNISED = "unrecognised"
    FOREIGN = "foreign"

    @property
    def usable(self) -> bool:
        """Whether a pass may rest on a block of this status."""
        return self in (Status.PARSED, Status.NONE)


@dataclass(frozen=True)
class LineCounts:
    """The ledger of a block: every line is exactly one of these."""

    fact: int = 0
    noise: int = 0
    prompt: int = 0
    unknown: int = 0
    foreign: int = 0

    @classmethod
    def sum(cls, ledgers: "Iterable[LineCounts]") -> "LineCounts":
        """Return the ledger of several blocks."""
        return cls(*map(sum, zip(*map(astuple, ledgers), strict=True)))

    @property
    def total(self) -> int:
        """All lines of the block."""
        return self.fact + self.noise + self.prompt + self.unknown + self.foreign


@dataclass(frozen=True)
class UnknownLines:
    """Consecutive lines that were not understood, and what would have been taken in their place."""

    first_line: int
    last_line: int
    expected: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many lines they are."""
        return self.last_line - self.first_line + 1


def runs_of(lines: Iterable[int], expected: tuple[str, ...]) -> tuple[UnknownLines, ...]:
    """Return unknown lines, given in order, as runs of consecutive ones."""
    runs: list[UnknownLines] = []
    for line in lines:
        if runs and runs[-1].last_line == line - 1:
            runs[-1] = replace(runs[-1], last_line=line)
        else:
            runs.append(UnknownLines(line, line, expected))
    return tuple(runs)


@dataclass(frozen=True)
class Oddity:
    """Something about a block that a reader should know although its facts are whole: a line and a sentence.

    ``kind`` is ``mismatch`` where the output is not that of the command above it, else empty.
    """

    line: int
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Reading:
    """What a screen made of a block. Line numbers are the capture's."""

    screen: str | None
    status: Status
    frames: Frames = field(default_factory=lambda: Frames({}))
    unknown: tuple[UnknownLines, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    counts: LineCounts = LineCounts()
    whole: bool = False
    """Whether an end of the layout or a following prompt proves that nothing is missing."""
    none_line: int | None = None
    """The line of the sentence (in XML: of the empty list) that says there is nothing to list."""

    @property
    def rows(self) -> int:
        """Rows over all tables."""
        return sum(map(self.frames.rows, self.frames))


Rows = dict[str, Any]
"""Columns of a table by name, and ``line``: the capture's line of each row."""


def concat_rows(parts: Sequence[Rows]) -> Rows:
    """Return parts with the same columns as one."""
    if len(parts) == 1:
        return parts[0]
    return {name: concat([part[name] for part in parts]) for name in (parts[0] if parts else {})}


def one_row(line: int, **values: Any) -> Rows:
    """Return columns for a single row."""
    return {**{name: [value] for name, value in values.items()}, "line": [line]}


def from_records(records: Sequence[Mapping[str, Any]]) -> Rows:
    """Return columns for records that carry their ``line``; a field that one lacks is null there."""
    names = {name: None for record in records for name in record}
    return {name: [record.get(name) for record in records] for name in names} or {"line": []}


def to_records(rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield the rows one by one."""
    for values in zip(*rows.values(), strict=True):
        yield dict(zip(rows, values, strict=True))
