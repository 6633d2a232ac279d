"""A block's output as a card sees it: its tokens and their fields, and a place to say what is doubtful about them."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flmparse.commands import Command
from flmparse.lazy import np
from flmparse.reading.grammar import Grammar, Scan
from flmparse.reading.result import Oddity, Rows, concat_rows
from flmparse.tables.table import Frames, Table
from flmparse.text.transcript import Block

if TYPE_CHECKING:
    from lark import Token


class UnevenError(Exception):
    """A row known by its shape alone is not what it should be: the output is to be read row by row."""


class BlockPage:
    """What a page of text and one of XML have in common: a block, and what is odd about it."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.oddities: list[Oddity] = []
        self.doubtful = False
        """Whether something reads well but cannot be trusted; the block is then partial."""

    @property
    def command(self) -> Command | None:
        """The command above the output, where there is one."""
        return self.block.command

    def doubt(self, line: int, text: str) -> None:
        """Say that a line reads well but cannot be trusted."""
        self.oddities.append(Oddity(line, text))
        self.doubtful = True

    def frames(self, rows: Mapping[str, Rows], tables: Sequence[Table]) -> Frames:
        """Return the tables that a screen fills; a value that a table refuses and a key that occurs twice are doubted."""
        parts = {}
        for table in tables:
            columns = dict(rows.get(table.name) or {})
            part, refused = table.part(columns, columns.pop("line", ()))
            parts[table.name] = part
            for text in refused:
                self.doubt(min(self.block.output_start, self.block.line_end), text)
            for line in part.repeated():
                self.doubt(line, f"a second row for the same {', '.join(table.key)}")
        return Frames(parts)


class Page(BlockPage):
    """A block's output as the screen's grammar sees it, handed to the screen that makes rows of it."""

    def __init__(self, block: Block, grammar: Grammar, scan: Scan, *, even: bool = False) -> None:
        super().__init__(block)
        self.grammar, self.scan = grammar, scan
        self.even = even
        """Whether rows were recognised by their shape alone: the screen checks their columns, or raises UnevenError."""
        self.noise_in_facts = 0
        """Lines inside facts that are noise all the same (rules, headings), as counted by the screen."""

    @cached_property
    def facts(self) -> "list[Token]":
        """The tokens that are not noise, in order."""
        return [token for token in self.scan.tokens if not token.type.startswith("_")]

    def line_of(self, token: "Token") -> int:
        """Return the capture's line on which a token begins."""
        return self.block.output_start - 1 + int(token.line or 1)

    @cached_property
    def _by_terminal(self) -> "dict[str, list[Token]]":
        tokens: dict[str, list[Token]] = {}
        for token in self.scan.tokens:
            tokens.setdefault(token.type, []).append(token)
        return tokens

    def has(self, *terminals: str) -> bool:
        """Whether one of these terminals occurs."""
        return any(terminal in self._by_terminal for terminal in terminals)

    def all(self, *terminals: str) -> "list[Token]":
        """Return the tokens of these terminals, in order."""
        if len(terminals) == 1:
            return self._by_terminal.get(terminals[0], [])
        return [token for token in self.scan.tokens if token.type in terminals] if self.has(*terminals) else []

    def fields(self, token: "Token", terminal: str | None = None) -> dict[str, str | None]:
        """Return the named fields of a token of one row."""
        match = self.grammar.pattern(terminal or token.type).match(token)
        return match.groupdict() if match else {}

    def rows(self, token: "Token", terminal: str) -> Rows:
        """Return the fields of every row of a token that holds nothing but rows of ``terminal``, column by column."""
        pattern = self.grammar.pattern(terminal)
        values = pattern.findall(token)
        names = sorted(pattern.groupindex, key=lambda name: pattern.groupindex[name])
        if len(names) == 1:
            values = [(value,) for value in values]
        columns: Rows = dict(zip(names, zip(*values, strict=True), strict=True)) if values else dict.fromkeys(names, ())
        first = self.line_of(token)
        columns["line"] = range(first, first + len(values))
        return columns

    def table(self, terminal: str, row: str) -> Rows:
        """Return the rows of every token of ``terminal``, joined column by column."""
        return concat_rows([self.rows(token, row) for token in self.all(terminal)])

    def with_heading(self, column: str, rows: Rows, terminal: str = "SYMMETRIX") -> Rows:
        """Return rows with a column more: the field ``column`` of the last ``terminal`` above each row, null above the first."""
        headings = [(self.line_of(token), self.fields(token).get(column)) for token in self.all(terminal)]
        lines = rows.get("line", ())
        if len(headings) == 1 and (not len(lines) or headings[0][0] < lines[0]):
            return {**rows, column: [headings[0][1]] * len(lines)}
        positions = np.searchsorted([line for line, _ in headings], list(lines))
        values = [None, *(value for _, value in headings)]
        return {**rows, column: [values[position] for position in positions.tolist()]}

    def ffill(self, column: str, rows: Rows, doubt: str) -> Rows:
        """Return rows with the empty values of a column filled from the row above; a row without one is doubted."""
        values: list[str | None] = []
        value: str | None = None
        for line, printed in zip(rows.get("line", ()), rows.get(column, ()), strict=True):
            value = printed or value
            if value is None:
                self.doubt(line, doubt)
            values.append(value)
        return {**rows, column: values}

    def lines_of_rows(self, terminal: str) -> Any:
        """Return the capture's line of every row of the tokens of ``terminal``, which hold one row a line."""
        parts = [np.arange(lines_in(token), dtype="int64") + self.line_of(token) for token in self.all(terminal)]
        return np.concatenate(parts)


def lines_in(token: "Token") -> int:
    """Return how many lines a token takes; the lexer has counted them."""
    end = getattr(token, "end_line", None)
    return token.count("\n") if end is None else int(end) - int(token.line or 1)
