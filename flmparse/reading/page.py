"""A block's output as a card sees it: its tokens and their fields, and a place to say what is doubtful about them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from flmparse.commands import Command
from flmparse.lazy import np
from flmparse.reading.grammar import Grammar, Scan
from flmparse.reading.result import Oddity, Rows, concat_rows
from flmparse.tables.table import Frames, Table
from flmparse.text.transcript import Block

if TYPE_CHECKING:
    from lark import Token
    from numpy.typing import NDArray

    Lines = NDArray[np.int64]


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

    def check_count(self, line: int, announced: int, listed: int, what: str) -> None:
        """Doubt the line that announces a number of things where another number is listed."""
        if announced != listed:
            self.doubt(line, f"{announced} {what} announced, {listed} listed")

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

    def __init__(
        self, block: Block, grammar: Grammar, scan: Scan, *, left_out: Sequence[int] = (), even: bool = False
    ) -> None:
        super().__init__(block)
        self.grammar, self.scan = grammar, scan
        self.even = even
        """Whether rows were recognised by their shape alone: the screen checks their columns, or raises UnevenError."""
        self.left_out = left_out
        """The capture's lines of dots, where somebody left lines out."""
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
        """Return rows with a column more: the field ``column`` of the last ``terminal`` above each row, null where there is none.

        Between that heading and the row no line may stand that could be a damaged heading; the first row of those
        that are cut off from their heading is doubted.
        """
        values = [self.fields(token).get(column) for token in self.all(terminal)]
        headings = np.array([self.line_of(token) for token in self.all(terminal)], dtype="int64")
        lines = np.asarray(rows.get("line", ()), dtype="int64")
        above = _last_above(headings, lines, self._possible_headings(headings, np.sort(lines)))
        cut_off = (above < 0) & (np.searchsorted(headings, lines) > 0)
        for line in lines[cut_off & ~np.concatenate(([False], cut_off[:-1]))].tolist() if cut_off.any() else ():
            self.doubt(
                line, f"stands below lines that were not understood: which {column.replace('_', ' ')} is not certain"
            )
        return {**rows, column: [None if position < 0 else values[position] for position in above.tolist()]}

    def ffill(self, columns: Sequence[str], rows: Rows, doubt: str, terminal: str = "TABLE") -> Rows:
        """Return the rows of the tokens of ``terminal`` with columns filled from above, where a row prints none of the first.

        A value is carried down from row to row only: whatever else stands between ends it, be it a heading or a line
        that was not understood. A row without one has null, and is doubted.
        """
        lines = np.asarray(rows.get("line", ()), dtype="int64")
        printed = np.fromiter(map(bool, rows.get(columns[0], ())), dtype=bool, count=len(lines))
        breaks = [self.line_of(token) for token in self.scan.tokens if token.type != terminal]
        breaks += [first for first, _ in self.gaps]
        sources = np.flatnonzero(printed)
        above = _last_above(lines[printed], lines, np.sort(np.array(breaks, dtype="int64")))
        for line in lines[above < 0].tolist():
            self.doubt(line, doubt)
        positions = np.where(above < 0, -1, sources[above] if len(sources) else -1).tolist()
        filled = {name: list(rows.get(name, ())) for name in columns}
        return {
            **rows,
            **{
                name: [None if position < 0 else values[position] or None for position in positions]
                for name, values in filled.items()
            },
        }

    @cached_property
    def gaps(self) -> list[tuple[int, int]]:
        """The first and last of the capture's lines of each run that was not understood or left out, in order."""
        offset = self.block.output_start - 1
        unknown = [(part.first_line + offset, part.last_line + offset) for part in self.scan.unknown]
        return sorted([*unknown, *((line, line) for line in self.left_out)])

    def _possible_headings(self, headings: "Lines", rows: "Lines") -> "Lines":
        """Return where gaps begin that may hold a heading of rows: no nearer to the next row than any heading is to its own."""
        if not self.gaps or not len(headings) or not len(rows):
            return np.empty(0, dtype="int64")
        begins, ends = np.array(self.gaps, dtype="int64").T
        marks = np.append(np.sort(np.concatenate([rows, begins])), np.iinfo("int64").max)
        nearest = (marks[np.searchsorted(marks, headings, "right")] - headings).min()
        below = np.append(rows, rows[-1] + nearest)[np.searchsorted(rows, ends, "right")]
        gaps: Lines = begins[below - begins >= nearest]
        return gaps

    def unknown_above(self, token: "Token", *, rows: bool = False) -> int:
        """Return how many lines between the last fact above a token and the token were not understood or left out.

        A card that remembers what stood above forgets it there. Damaged rows directly above a row count with ``rows`` only:
        lines that are fewer than any other fact takes to lead to such a token.
        """
        return self._unknown_above.get(int(token.line or 1), (0, 0))[rows]

    @cached_property
    def _unknown_above(self) -> dict[int, tuple[int, int]]:
        """Lines that were not understood above the line of a token: without damaged rows, and all of them."""
        offset = self.block.output_start - 1
        gaps = [(first - offset, last - offset) for first, last in self.gaps]
        if not gaps:
            return {}
        begins = [first for first, _ in gaps]
        leads: dict[str, int] = {}
        for above, token in pairwise(self.facts):
            if above.type != token.type:
                line = int(above.line or 1)
                following = [int(token.line or 1), *begins[bisect_right(begins, line) :][:1]]
                leads[token.type] = min(min(following) - line, leads.get(token.type, len(self.block.output)))
        counts: dict[int, tuple[int, int]] = {}
        count = every = position = 0
        for token in self.scan.tokens:
            line = int(token.line or 1)
            while position < len(gaps) and gaps[position][1] < line:
                first, last = gaps[position]
                length = last - first + 1
                damaged_rows = last + 1 == line and length < leads.get(token.type, 1)
                count += 0 if damaged_rows else length
                every += length
                position += 1
            counts[line] = count, every
            if not token.type.startswith("_"):
                count = every = 0
        return counts

    def lines_of_rows(self, terminal: str) -> Any:
        """Return the capture's line of every row of the tokens of ``terminal``, which hold one row a line."""
        parts = [np.arange(lines_in(token), dtype="int64") + self.line_of(token) for token in self.all(terminal)]
        return np.concatenate(parts)


def _last_above(known: "Lines", lines: "Lines", breaks: "Lines") -> "Lines":
    """Return for each line the number of the last known line at or above it, -1 where there is none or a break stands between."""
    above = np.searchsorted(known, lines, "right") - 1
    if len(known):
        above[np.searchsorted(breaks, known)[above] != np.searchsorted(breaks, lines)] = -1
    return above


def lines_in(token: "Token") -> int:
    """Return how many lines a token takes; the lexer has counted them."""
    end = getattr(token, "end_line", None)
    return token.count("\n") if end is None else int(end) - int(token.line or 1)
