"""What a table is: typed, documented columns, present even when there is no row.

Every row of every frame also carries where it comes from (`PROVENANCE`): the capture, its line, the command block, and the
node and gate of that block.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from flmparse.errors import FrameError, MaskedError, TermError

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "choice", "whole", "decimal", "flag", "time"]

DTYPES: dict[Kind, str] = {
    "text": "str",
    "choice": "category",
    "whole": "Int64",
    "decimal": "Float64",
    "flag": "boolean",
    "time": "datetime64[us, UTC]",
}
"""Pandas dtype of each kind of column. ``choice`` is text of a closed vocabulary; it is text until a collection is joined."""

NOTHING = frozenset({"", "N/A", "-"})
"""Spellings of "no value" in numeric columns."""


@dataclass(frozen=True)
class Column:
    """One column: its name (with the unit where it has one), kind and meaning.

    ``term`` turns any spelling of a value into the one that is kept (`flmparse.terms`); a value that it refuses becomes null, one of
    which digits are masked stays as printed. Either makes its block partial.
    """

    name: str
    kind: Kind
    meaning: str
    term: Callable[[str], object] | None = None


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
    ``stale_after``: operations (see the table ``operations``) after which an older row proves nothing any more.
    ``captured_by``: the command whose output fills it, for people who are told that it is missing.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    stale_after: tuple[str, ...] = ()
    captured_by: str = ""

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, provenance last."""
        return [column.name for column in (*self.columns, *PROVENANCE)]

    def build(self, values: Mapping[str, Sequence[Any]], lines: Sequence[int]) -> "tuple[pd.DataFrame, list[str]]":
        """Return the frame of one block (columns of the table and ``line``) and what its terms refused.

        A column that the screen does not hand over is null in every row. Raises FrameError for a column the table lacks.
        """
        import pandas as pd

        strange = set(values) - {column.name for column in self.columns}
        if strange:
            raise FrameError(f"{self.name}: no column {', '.join(sorted(strange))}")
        rows = len(lines)
        refused: list[str] = []
        built = {}
        for column in self.columns:
            given = values.get(column.name)
            if given is None:
                given = [None] * rows
            elif len(given) != rows:
                raise FrameError(f"{self.name}.{column.name}: {len(given)} values for {rows} rows")
            built[column.name] = _series(column, given, refused)
        built["line"] = pd.Series(lines, dtype="int64")
        return pd.DataFrame(built), refused

    def empty(self) -> "pd.DataFrame":
        """Return the frame without rows: columns and dtypes as documented."""
        import pandas as pd

        dtypes = {column.name: DTYPES[column.kind] for column in (*self.columns, *PROVENANCE)}
        dtypes |= {"line": "int64", "block": "int64"}
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})


def _series(column: Column, values: Sequence[Any], refused: list[str]) -> "pd.Series[Any]":
    import pandas as pd

    if column.kind in ("text", "choice"):
        series = pd.Series(values, dtype="str")
        return _spelt(series, column, refused) if column.term else series
    if column.kind == "flag":
        return pd.Series(values, dtype="boolean")
    if column.kind == "time":
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True).astype("datetime64[us, UTC]")
    if len(values) and isinstance(values[0], str):
        values = [None if value is None or value in NOTHING else value for value in values]
    numbers = pd.to_numeric(pd.Series(values, dtype="object"), errors="coerce")
    return numbers.astype("Int64") if column.kind == "whole" else numbers.astype("Float64")


def _spelt(series: "pd.Series[Any]", column: Column, refused: list[str]) -> "pd.Series[Any]":
    """Spell each distinct value once: the same few ports, arrays and devices fill a long column."""
    assert column.term is not None
    spelling: dict[str, str | None] = {}
    for value in series.dropna().unique():
        if value == "":
            spelling[value] = None
            continue
        try:
            spelling[value] = str(column.term(value))
        except MaskedError as error:
            spelling[value] = value.strip()
            refused.append(f"{column.name}: {error}")
        except TermError as error:
            spelling[value] = None
            refused.append(f"{column.name}: {error}")
    return series.map(spelling).astype("str")
