"""What a screen is: one command's output, from its recognition to its rows."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flmparse.columns.encoded import concat
from flmparse.commands import Command
from flmparse.reading import xml_tree as documents
from flmparse.reading.grammar import Grammar, Scan, UnknownLines, in_words
from flmparse.reading.openings import found
from flmparse.tables.table import Frames, Table
from flmparse.text.prompt_candidates import LONG
from flmparse.text.transcript import Block

if TYPE_CHECKING:
    from lark import Token

    from flmparse.reading.xml import DocumentPage, DocumentReading


class Status(StrEnum):
    """What became of a block."""

    PARSED = "parsed"
    PARTIAL = "partial"
    CUT = "cut"
    EMPTY = "empty"
    NONE = "none"
    TOOL_ERROR = "tool_error"
    UNRECOGNISED = "unrecognised"

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

    @property
    def total(self) -> int:
        """All lines of the block."""
        return self.fact + self.noise + self.prompt + self.unknown


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

    @property
    def rows(self) -> int:
        """Rows over all tables."""
        return sum(map(self.frames.rows, self.frames))


class UnevenError(Exception):
    """A row known by its shape alone is not what it should be: the output is to be read row by row."""


Rows = dict[str, Any]
"""Columns of a table by name, and ``line``: the capture's line of each row."""


class Page:
    """A block's output as the screen's grammar sees it, handed to the screen that makes rows of it."""

    def __init__(self, block: Block, grammar: Grammar, scan: Scan, *, even: bool = False) -> None:
        self.block, self.grammar, self.scan = block, grammar, scan
        self.even = even
        """Whether rows were told by their shape alone: the screen looks at their columns, or raises UnevenError."""
        self.oddities: list[Oddity] = []
        self.doubtful = False
        self.noise_in_facts = 0
        """Lines inside facts that are noise all the same (rules, headings), as counted by the screen."""

    def doubt(self, line: int, text: str) -> None:
        """Say that a line reads well but cannot be trusted; the block is then partial."""
        self.oddities.append(Oddity(line, text))
        self.doubtful = True

    @property
    def command(self) -> Command | None:
        """The command above the output, where there is one."""
        return self.block.command

    @cached_property
    def facts(self) -> "list[Token]":
        """The tokens that are not noise, in order."""
        return [token for token in self.scan.tokens if not token.type.startswith("_")]

    def line_of(self, token: "Token") -> int:
        """Return the capture's line on which a token begins."""
        return self.block.output_start - 1 + int(token.line or 1)

    @cached_property
    def _by_terminal(self) -> "dict[str, list[Token]]":
        found: dict[str, list[Token]] = {}
        for token in self.scan.tokens:
            found.setdefault(token.type, []).append(token)
        return found

    def has(self, *terminals: str) -> bool:
        """Whether one of these terminals occurs."""
        return any(terminal in self._by_terminal for terminal in terminals)

    def all(self, *terminals: str) -> "list[Token]":
        """Return the tokens of these terminals, in order."""
        found = [self._by_terminal[terminal] for terminal in terminals if terminal in self._by_terminal]
        if len(found) < 2:
            return list(found[0]) if found else []
        return [token for token in self.scan.tokens if token.type in terminals]

    def fields(self, token: "Token", terminal: str | None = None) -> dict[str, str | None]:
        """Return the named fields of a token of one row."""
        match = self.grammar.pattern(terminal or token.type).match(token)
        return match.groupdict() if match else {}

    def rows(self, token: "Token", terminal: str) -> Rows:
        """Return the fields of every row of a token that holds nothing but rows of ``terminal``, column by column."""
        pattern = self.grammar.pattern(terminal)
        found = pattern.findall(token)
        names = sorted(pattern.groupindex, key=lambda name: pattern.groupindex[name])
        if len(names) == 1:
            found = [(value,) for value in found]
        columns: Rows = dict(zip(names, zip(*found, strict=True), strict=True)) if found else dict.fromkeys(names, ())
        first = self.line_of(token)
        columns["line"] = range(first, first + len(found))
        return columns

    def table(self, terminal: str, row: str) -> Rows:
        """Return the rows of every token of ``terminal``, joined column by column."""
        return join([self.rows(token, row) for token in self.all(terminal)])


def join(parts: list[Rows]) -> Rows:
    """Return parts with the same columns as one."""
    if len(parts) == 1:
        return parts[0]
    return {name: concat([part[name] for part in parts]) for name in (parts[0] if parts else {})}


def row(line: int, **values: Any) -> Rows:
    """Return columns for a single row."""
    return {**{name: [value] for name, value in values.items()}, "line": [line]}


def stack(records: Sequence[Mapping[str, Any]]) -> Rows:
    """Return columns for records that carry their ``line``; a field that one lacks is null there."""
    names = {name: None for record in records for name in record}
    return {name: [record.get(name) for record in records] for name in names} or {"line": []}


def spread(page: Page, column: str, headings: "Sequence[Token]", rows: Rows) -> Rows:
    """Return rows with a column more: the field ``column`` of the last heading above each row, null above the first."""
    marks = [(page.line_of(token), page.fields(token).get(column)) for token in headings]
    lines = rows.get("line", ())
    if len(marks) == 1 and (not len(lines) or marks[0][0] < lines[0]):
        return {**rows, column: [marks[0][1]] * len(lines)}
    values, position = [], 0
    current: str | None = None
    for line in lines:
        while position < len(marks) and marks[position][0] < line:
            current = marks[position][1]
            position += 1
        values.append(current)
    return {**rows, column: values}


@dataclass(frozen=True)
class Screen:
    """One command's output.

    name: the command with underscores; also the grammar's file name.
    tables: the tables it fills; a table is present, perhaps empty, in every reading.
    command: matches ``tool verb words -options`` of a command whose output this is.
    opening: found in an output that is this screen, with or without a command above it.
    rows: makes columns per table name from a page.
    promised: terminals (or groups of which one is enough) that a capture of the whole window holds; one that is missing is an oddity.
    end: says whether the layout that the output began with is closed: True whole, False cut, None the layout has no end.
    silent: the command prints nothing when it works.
    none: found in an output that says there is nothing to list.
    within: lines inside a fact's terminal that are noise all the same (rules, headings).
    document: the reading of the same answer as XML, where one is known.
    text: whether the answer is known as text too; a screen without has no grammar.
    pieces: cuts a text into pieces that no terminal of the grammar looks beyond, for outputs that say the same over and over.
    """

    name: str
    tables: tuple[Table, ...]
    command: re.Pattern[str]
    opening: re.Pattern[str] | None
    rows: Callable[[Page], Mapping[str, Rows]]
    promised: tuple[tuple[str, ...], ...] = ()
    end: Callable[[Page], bool | None] = lambda _page: None
    silent: bool = False
    none: re.Pattern[str] | None = None
    within: re.Pattern[str] | None = None
    document: "DocumentReading | None" = None
    text: bool = True
    pieces: re.Pattern[str] | None = None

    @cached_property
    def grammar(self) -> Grammar:
        """The grammar of the same name."""
        return Grammar(self.name, self.pieces)

    def answers(self, command: Command | None) -> bool:
        """Whether this screen is the output of the command."""
        return command is not None and bool(self.command.match(command_line(command)))

    def shows_in(self, output: str) -> bool:
        """Whether the output holds this screen's own heading."""
        return self.opening is not None and found(self.opening, output)

    def read(self, block: Block) -> Reading:
        """Return the rows of a block, the lines that were not understood, and the ledger."""
        if self.document is not None and documents.is_document(block.output):
            return self.document.read(self, block)
        page, given = self._even(block) or self._row_by_row(block)
        scan = page.scan
        frames, doubtful = self.frames(page, given, self.tables)
        status, whole = self._status(page, frames, doubtful)
        for group in self.promised:
            if status not in (Status.EMPTY, Status.TOOL_ERROR, Status.NONE) and not page.has(*group):
                page.oddities.append(Oddity(block.line_start, f"no line of the kind {in_words(group[0])!r}"))
        offset = block.output_start - 1
        unknown = tuple(
            UnknownLines(part.first_line + offset, part.last_line + offset, part.expected) for part in scan.unknown
        )
        counts = self._counts(page)
        return Reading(self.name, status, frames, unknown, tuple(page.oddities), counts, whole)

    def _even(self, block: Block) -> tuple[Page, Mapping[str, Rows]] | None:
        """Return the rows of a long output by whole columns; None where one of them must be looked at by itself."""
        output = block.output
        scan = self.grammar.scan_even(output) if len(output) >= LONG and not elisions(block) else None
        if scan is None:
            return None
        page = Page(block, self.grammar, scan, even=True)
        try:
            return page, self.rows(page)
        except UnevenError:
            return None

    def _row_by_row(self, block: Block) -> tuple[Page, Mapping[str, Rows]]:
        output, left_out = block.output, elisions(block)
        scan = self.grammar.scan(_ELISION.sub("", output) if left_out else output) if output else Scan()
        page = Page(block, self.grammar, scan)
        for line in left_out:
            page.doubt(line, "lines were left out here")
        return page, self.rows(page)

    def frames(
        self, page: "Page | DocumentPage", given: Mapping[str, Rows], filled: Sequence[Table]
    ) -> tuple[Frames, bool]:
        """Return the tables that are filled, and whether something about them is doubtful."""
        parts, doubtful = {}, False
        for table in filled:
            columns = dict(given.get(table.name) or {})
            lines = columns.pop("line", ())
            part, refused = table.part(columns, lines)
            parts[table.name] = part
            line = min(page.block.output_start, page.block.line_end)
            page.oddities += [Oddity(line, text) for text in refused]
            again = part.repeated()
            page.oddities += [Oddity(line, f"a second row for the same {', '.join(table.key)}") for line in again]
            doubtful = doubtful or bool(refused) or bool(again) or page.doubtful
        return Frames(parts), doubtful

    def _status(self, page: Page, frames: Frames, doubtful: bool) -> tuple[Status, bool]:
        block, scan = page.block, page.scan
        if not block.has_output:
            silent = Status.PARTIAL if doubtful else Status.PARSED
            return (silent if self.silent else Status.EMPTY), block.closed
        if self._says_error(page):
            return Status.TOOL_ERROR, True
        if self.none is not None and not any(map(frames.rows, frames)) and self.none.search(block.output):
            if self._broken_off(page, None):
                return Status.CUT, False
            return (Status.PARTIAL if scan.unknown or doubtful else Status.NONE), True
        ended = self.end(page)
        if ended is False or scan.unmet or self._broken_off(page, ended):
            return Status.CUT, False
        whole = bool(ended) or block.closed
        if scan.unknown or doubtful:
            return Status.PARTIAL, whole
        return Status.PARSED, whole

    def _says_error(self, page: Page) -> bool:
        """Whether the tool says that it failed: in its first or last words, or in a line that the grammar does not know."""
        output = page.block.output
        if len(output) <= 2 * _ERROR_WITHIN:
            return _has_error(output)
        if _has_error(output[:_ERROR_WITHIN]) or _has_error(output[-_ERROR_WITHIN:]):
            return True
        if not page.scan.unknown:
            return False
        lines = output.split("\n")
        return any(_has_error("\n".join(lines[part.first_line - 1 : part.last_line])) for part in page.scan.unknown)

    def _broken_off(self, page: Page, ended: bool | None) -> bool:
        """Whether the capture ends in the middle of a line, so that the last value may lack its last digits."""
        block = page.block
        if not block.capture.breaks_off or block.closed or ended:
            return False
        return block.line_end == block.capture.line_count

    def _counts(self, page: Page) -> LineCounts:
        block = page.block
        fact = -page.noise_in_facts
        for token in page.facts:
            fact += lines_in(token)
            if self.within is not None:
                fact -= len(self.within.findall(token))
        unknown = sum(part.last_line - part.first_line + 1 for part in page.scan.unknown)
        prompted = sum(map(lines_in, page.all("PROMPT")))
        prompt = len(block.prompt_lines) + prompted
        fact -= prompted
        total = block.line_end - block.line_start + 1
        return LineCounts(fact, total - fact - unknown - prompt, prompt, unknown)


def lines_in(token: "Token") -> int:
    """Return how many lines a token takes; the lexer has counted them."""
    end = getattr(token, "end_line", None)
    return token.count("\n") if end is None else int(end) - int(token.line or 1)


_ELISION = re.compile(r"^[ \t]*+(?:\.{2,}|\u2026)[.\u2026 \t]*+$", re.M)
"""A line of dots where somebody left lines out."""

_DOTS_BEGIN_A_LINE = re.compile(r"\n[ \t]*+(?:\.\.|\u2026)")
"""Found much faster than the line itself, in outputs that have none: a literal character tells where to look."""


def elisions(block: Block) -> list[int]:
    """Return the capture's lines of dots in a block's output: they are no rows, and rows go on below them."""
    if not block.may_have_line(".."):
        return []
    output = block.output
    if not output.lstrip(" \t").startswith(("..", "\u2026")) and not _DOTS_BEGIN_A_LINE.search(output):
        return []
    return [block.output_start + output.count("\n", 0, match.start()) for match in _ELISION.finditer(output)]


def command_line(command: Command) -> str:
    """Return what a screen's ``command`` expression is held against: tool, words, then options, each after one blank."""
    return " ".join([command.tool, *(word.lower() for word in command.words), *command.options])


_ERROR_WITHIN = 16_384
"""Characters at the beginning and at the end of a long output that are searched for an error: its rows are no errors."""

_ERROR_WORDS = ("not recognized", "not found", "could not be found", "does not exist", "operation failed", "cannot proceed", "error: ",
                "error receiving", "initialization error", "bad dev", "no such file", "invalid ")  # fmt: skip


def _has_error(text: str) -> bool:
    """Whether a text holds an error of the tool; the words are looked for first, which is many times faster."""
    small = text.lower()
    return any(word in small for word in _ERROR_WORDS) and bool(_TOOL_ERROR.search(text))


_TOOL_ERROR = re.compile(
    r"is not recognized as an internal or external command|: command not found|not recognized as the name of a cmdlet"
    r"|^The operation failed|^Cannot proceed|^Error: |^error receiving packet|^Bad dev value|^Initialization error"
    r"|^Device\(s\) not found|No such file or directory|^A parameter was not recognized|^Invalid (?:option|argument|syntax)"
    r"|^The specified .{1,80} (?:was not found|could not be found|does not exist)",
    re.M | re.I,
)
