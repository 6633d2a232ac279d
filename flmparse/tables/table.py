"""What a table is: typed, documented columns, present even when there is no row.

Every row of every frame also carries where it comes from (`PROVENANCE`): the capture, its line, the command block, and the
node and gate of that block.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from flmparse.columns.arrays import array_of, category, packed
from flmparse.columns.encoded import (
    Kind,
    Vector,
    all_different,
    all_match,
    chunked,
    is_chunked,
    map_unique,
    to_list,
    unique,
)
from flmparse.errors import FrameError, MaskedError, TermError
from flmparse.lazy import np, pd
from flmparse.terms import Term

DTYPES: dict[Kind, str] = {
    "text": "str",
    "choice": "category",
    "whole": "Int64",
    "decimal": "Float64",
    "flag": "boolean",
    "time": "datetime64[us, UTC]",
}
"""Pandas dtype of each kind of column. ``choice`` is text of a closed vocabulary; it is text until a collection is joined."""

MOST_ROWS_KEPT_LOOSE = 500
"""Rows of a block above which lists of them are packed (`Part`)."""


@dataclass(frozen=True)
class States:
    """The words of a column that says in which state something is, in lower case; a word in no list is doubt."""

    good: frozenset[str]
    bad: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()


def states(good: str, bad: str = "", doubtful: str = "") -> States:
    """Return states of words separated by ``|``."""
    return States(*(frozenset(filter(None, words.split("|"))) for words in (good, bad, doubtful)))


@dataclass(frozen=True)
class Column:
    """One column: its name (with the unit where it has one), kind and meaning.

    ``term`` turns any spelling of a value into the one that is kept (`flmparse.terms`); a value that it refuses becomes null, one of
    which digits are masked stays as printed. Either makes its block partial.
    ``states``: what the words of a state mean (`flmparse.facts.states`).
    ``role``: ``key`` for what names the row or another thing, ``quote`` for what is printed again beside a finding.
    ``context``: why a change of it alone need change no verdict.
    """

    name: str
    kind: Kind
    meaning: str
    term: Callable[[str], object] | None = None
    states: States | None = None
    role: Literal["key", "quote", ""] = ""
    context: str = ""


PROVENANCE = (
    Column("capture", "choice", "file the row was read from, by its path in the collection"),
    Column("line", "whole", "line of the capture, counted from 1"),
    Column("block", "whole", "command block of the collection, counted from 0"),
    Column("node", "choice", "computer on which the command ran, where known"),
    Column("gate", "choice", "gate the capture belongs to, where known"),
)


@dataclass(frozen=True)
class Table:
    """A kind of fact.

    ``key``: columns that name a row within one command's output; a key that occurs twice there makes the block partial.
    ``scope``: columns that name what one output describes as a whole; a newer output replaces an older one of its scope.
    ``captured_by``: the command whose output fills it, for people who are told that it is missing.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    captured_by: str = ""

    def __reduce__(self) -> tuple[object, ...]:
        """Send a table to another process by its name: its terms are functions of this one."""
        return _called, (self.name,)

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, provenance last."""
        return [column.name for column in (*self.columns, *PROVENANCE)]

    def part(self, values: Mapping[str, Sequence[Any]], lines: Sequence[int]) -> "tuple[Part, list[str]]":
        """Return the rows of one block and what its terms refused.

        A column that the screen does not hand over is null in every row. Raises FrameError for a column the table lacks.
        """
        strange = set(values) - {column.name for column in self.columns}
        if strange:
            raise FrameError(f"{self.name}: no column {', '.join(sorted(strange))}")
        rows = len(lines)
        refused: list[str] = []
        spelt: dict[str, Sequence[Any]] = {}
        for column in self.columns:
            given = values.get(column.name)
            if given is None:
                continue
            if len(given) != rows:
                raise FrameError(f"{self.name}.{column.name}: {len(given)} values for {rows} rows")
            spelt[column.name] = _spelt(given, column, refused) if column.term is not None else given
        return Part(self, spelt, lines), refused

    def join(self, parts: "Sequence[Part]") -> "dict[str, Any]":
        """Return the rows of several blocks as one: an array for each column of the table, and for ``line``.

        Only here ``choice`` becomes a category: of all blocks at once.
        """
        arrays = {column.name: _joined(column, parts) for column in self.columns}
        arrays["line"] = _joined_lines(parts)
        return arrays

    def empty(self) -> "pd.DataFrame":
        """Return the frame without rows: columns and dtypes as documented."""
        dtypes = {column.name: DTYPES[column.kind] for column in (*self.columns, *PROVENANCE)}
        dtypes |= {"line": "int64", "block": "int64"}
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})


def _called(name: str) -> Table:
    from flmparse.tables import all_tables

    return all_tables()[name]


class Part:
    """The rows of one table that one block gave.

    Most outputs have a few rows, and a frame of a few rows costs as much as one of a thousand: their values are kept as they
    were read until somebody asks for the block's own ``frame``. Lists of many are packed at once, which takes less memory.
    """

    def __init__(self, table: Table, columns: Mapping[str, Sequence[Any]], lines: Sequence[int]) -> None:
        self.table, self.lines = table, lines
        self._columns = dict(columns)
        self._frame: pd.DataFrame | None = None
        if len(lines) > MOST_ROWS_KEPT_LOOSE:
            # A list of numbers would take a third of the memory of the text.
            counted = np.arange(lines.start, lines.stop, lines.step) if isinstance(lines, range) else lines
            self.lines = cast("Sequence[int]", np.asarray(counted, dtype="int64"))
            self._columns = {
                column.name: packed(columns[column.name], column.kind)
                for column in table.columns
                if column.name in columns
            }

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def frame(self) -> "pd.DataFrame":
        """Columns of the table and ``line``."""
        if self._frame is None:
            arrays = {column.name: array_of(self.vector(column.name), column.kind) for column in self.table.columns}
            arrays["line"] = np.asarray(self.lines, dtype="int64")
            self._frame = pd.DataFrame(arrays, copy=False)
        return self._frame

    def vector(self, name: str) -> Vector:
        """Return a column as it is kept; a column that the screen did not hand over is null in every row."""
        given = self._columns.get(name)
        return [None] * len(self.lines) if given is None else given

    def values(self, name: str) -> Sequence[Any]:
        """Return a column's values, None for null; text as it is spelt, other kinds as they were read."""
        values: Sequence[Any] = to_list(self.vector(name))
        return values

    def different(self, name: str) -> list[Any]:
        """Return the different values of a column in the order in which they come, None for null."""
        return unique(self.vector(name))

    def share(self, name: str, piece: Vector) -> None:
        """Keep a column as a piece of a longer one that holds the same values."""
        self._columns[name] = piece

    def repeated(self) -> list[int]:
        """Return the lines of rows whose key stood above them already."""
        key = self.table.key
        if not key or len(self) < 2 or any(all_different(self.vector(name)) for name in key):
            return []
        kinds = {column.name: column.kind for column in self.table.columns}
        if len(self) > MOST_ROWS_KEPT_LOOSE or any(kinds[name] not in ("text", "choice") for name in key):
            repeated = self.frame.duplicated(list(key))
            return [int(line) for line in self.frame["line"][repeated]] if repeated.any() else []
        keys: set[tuple[Any, ...]] = set()
        lines = []
        for line, values in zip(self.lines, zip(*(self.values(name) for name in key), strict=True), strict=True):
            if values in keys:
                lines.append(int(line))
            keys.add(values)
        return lines


def _joined(column: Column, parts: Sequence[Part]) -> Any:
    """Return one column of parts as one pandas array; each part then keeps its piece of that, not a second copy."""
    pieces = [part.vector(column.name) for part in parts]
    whole = chunked(pieces)
    if not isinstance(whole, list) and not is_chunked(whole):
        begin = 0
        for part, piece in zip(parts, pieces, strict=True):
            if not isinstance(piece, list | tuple):
                part.share(column.name, whole[begin : begin + len(piece)])
            begin += len(piece)
    return category(whole) if column.kind == "choice" else array_of(whole, column.kind)


def _joined_lines(parts: Sequence[Part]) -> Any:
    return np.concatenate([np.asarray(part.lines, dtype="int64") for part in parts])


class Frames(Mapping[str, "pd.DataFrame"]):
    """The tables that one block fills, as frames; a frame is made when it is first asked for."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self.parts = dict(parts)

    def __getitem__(self, name: str) -> "pd.DataFrame":
        return self.parts[name].frame

    def __contains__(self, name: object) -> bool:
        return name in self.parts

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def rows(self, name: str) -> int:
        """Return how many rows a table has, 0 for one that the block does not fill."""
        return len(self.parts[name]) if name in self.parts else 0

    def has(self, name: str, column: str) -> bool:
        """Whether the block fills a table that has a column of this name."""
        return name in self.parts and any(item.name == column for item in self.parts[name].table.columns)

    def column(self, name: str, column: str) -> Sequence[Any]:
        """Return a column's values, None for null, nothing for a table that the block does not fill."""
        return self.parts[name].values(column) if name in self.parts else ()


def _spelt(values: Vector, column: Column, refused: list[str]) -> Vector:
    """Spell each distinct value once: the same few ports, arrays and devices fill a long column."""
    term = column.term
    assert term is not None
    if isinstance(term, Term) and all_match(values, term.as_it_is):
        return values

    def spell(value: str) -> str | None:
        if value == "":
            return None
        try:
            return str(term(value))
        except MaskedError as error:
            refused.append(f"{column.name}: {error}")
            return value.strip()
        except TermError as error:
            refused.append(f"{column.name}: {error}")
            return None

    return map_unique(values, spell)
