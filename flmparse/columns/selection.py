"""What rules ask of rows, at the speed that the number of rows allows.

Most collections have a few rows a table, and there a step of pandas costs a thousand times what it looks at; an estate has millions, and there
a step of Python for each row costs minutes. So a few rows are compared as Python values, many as whole columns, and rows of which none
is left out are handed back as they are. The answer is that of the pandas method in every case (tests/test_rows.py). Nobody may change it in place.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import Any

from flmparse.lazy import np, pd

# docs/decisions/12-row-selection.md
FEW = 1000
"""Rows up to which Python values are faster than whole columns."""

LIGHT = 50_000
"""Rows of a whole collection up to which its text is better kept as Python's."""


@contextmanager
def python_strings(rows: int) -> "Iterator[None]":
    """Let text columns that are made inside be Python's where there are few rows in all: a step costs less there than with Arrow."""
    with pd.option_context("mode.string_storage", "python") if rows <= LIGHT else nullcontext():
        yield


def isin(column: "pd.Series[Any]", values: "Iterable[Any]") -> "pd.Series[bool]":
    """Tell which values of a text column are among others. As `isin`, which takes twenty times as long on Arrow text."""
    listed = values.astype("object").to_numpy() if isinstance(values, pd.Series) else list(values)
    return column.astype("object").isin(listed)


def isin_rows(rows: "pd.DataFrame", others: "pd.DataFrame") -> "np.ndarray[Any, Any]":
    """Tell which rows are among others, column by column in their order; nulls are equal.

    As a merge with an indicator, but columns of another dtype and the same values are compared too.
    """
    if len(rows) <= FEW and len(others) <= FEW:
        listed = set(_records(others, others.columns.tolist()))
        result = (record in listed for record in _records(rows, rows.columns.tolist()))
        return np.fromiter(result, dtype=bool, count=len(rows))
    number = np.zeros(len(rows) + len(others), dtype="int64")
    for name, other in zip(rows, others, strict=True):
        both = pd.concat([rows[name].astype("object"), others[other].astype("object")])
        codes, values = pd.factorize(both.where(both.notna(), None), use_na_sentinel=False)
        number = np.unique(number * len(values) + codes, return_inverse=True)[1]
    return np.isin(number[: len(rows)], number[len(rows) :])


def in_blocks(rows: "pd.DataFrame", blocks: frozenset[int]) -> "pd.DataFrame":
    """Return the rows of some command blocks."""
    return _at(rows, np.flatnonzero(np.isin(rows["block"].to_numpy(), list(blocks))))


def where(rows: "pd.DataFrame", mask: "pd.Series[Any] | np.ndarray[Any, Any]") -> "pd.DataFrame":
    """Return the rows of a mask, in which null is no: ``rows[mask]``."""
    if isinstance(mask, pd.Series):
        if not rows.index.equals(mask.index):
            return rows[mask]
        mask = mask.to_numpy(dtype=bool, na_value=False) if mask.dtype != bool else mask.to_numpy()
    at = np.flatnonzero(mask)
    return _at(rows, at)


def _at(rows: "pd.DataFrame", at: "np.ndarray[Any, Any]") -> "pd.DataFrame":
    if len(at) == len(rows):
        return rows
    if not len(at):
        return rows.iloc[:0]
    # Rows of one output stand together, and a slice copies nothing and takes a fifth of the time.
    together = at[-1] - at[0] == len(at) - 1 and bool((np.diff(at) == 1).all())
    return rows.iloc[at[0] : at[-1] + 1] if together else rows.take(at)


def factorize(column: "pd.Series[Any]") -> "tuple[np.ndarray[Any, Any], pd.Series[Any]]":
    """Return of each row the place of its value among the values that are different, and those values; the place of null is -1.

    What is worked out of a few thousand ports or disks need not be worked out for each of a million paths.
    """
    positions, values = pd.factorize(column)
    return positions, pd.Series(values)


def map_unique(column: "pd.Series[str]", work: "Callable[[pd.Series[str]], pd.Series[str]]") -> "pd.Series[str]":
    """Return what a step on whole columns makes of a text column, worked out of the values that are different."""
    positions, values = factorize(column)
    return pd.Series(work(values.astype("str")).array.take(positions, allow_fill=True), index=column.index)


def dropna(rows: "pd.DataFrame", columns: Sequence[str] = ()) -> "pd.DataFrame":
    """Return the rows that have no null in these columns (in any, where none is named): ``rows.dropna(subset=columns)``."""
    known = np.ones(len(rows), dtype=bool)
    for name in columns or rows.columns:
        known &= ~nulls(rows[name])
    return _at(rows, np.flatnonzero(known))


def nulls(column: "pd.Series[Any]") -> "np.ndarray[Any, Any]":
    """Tell which values of a column are null."""
    return np.asarray(column.array.isna(), dtype=bool)


def is_true(column: "pd.Series[Any]") -> "pd.Series[bool]":
    """Tell which values of a column of flags or of a comparison are true; a null is not."""
    return column.fillna(False).astype(bool)


def drop_duplicates(rows: "pd.DataFrame", columns: "Sequence[str] | str" = ()) -> "pd.DataFrame":
    """Return the first row of each that are equal in these columns (in all, where none is named): ``rows.drop_duplicates(columns)``."""
    names = _names(columns or rows.columns.tolist())
    if len(rows) > FEW:
        return _at(rows, np.flatnonzero(~rows.duplicated(names).to_numpy()))
    first: dict[tuple[Any, ...], int] = {}
    for at, record in enumerate(_records(rows, names)):
        first.setdefault(record, at)
    return _at(rows, np.fromiter(first.values(), dtype="int64", count=len(first)))


def in_newest_blocks(
    rows: "pd.DataFrame", columns: Sequence[str], choose: "Callable[[tuple[int, ...]], Iterable[int]]"
) -> "pd.DataFrame":
    """Return of each combination of values in these columns the rows of chosen blocks.

    ``choose`` gets the blocks that tell of it, in their order, and is asked once for all that the same blocks tell of:
    a hundred thousand devices in three listings are one question.
    """
    thing = _numbers(rows, columns)
    blocks, block = np.unique(rows["block"].to_numpy(), return_inverse=True)
    things, told_in = np.divmod(np.unique(thing * len(blocks) + block), len(blocks))
    count = np.bincount(things)
    if count.max(initial=0) <= 1:
        return rows
    first = np.cumsum(count) - count
    company = np.zeros(len(count), dtype="int64")
    for depth in range(count.max()):
        deep = np.flatnonzero(count > depth)
        pairs = company[deep] * len(blocks) + told_in[first[deep] + depth]
        # What ends at a lower depth keeps its number, so numbers go on from there.
        company[deep] = np.unique(pairs, return_inverse=True)[1] + company.max() + 1
    chosen: list[int] = []
    for number, example in zip(*np.unique(company, return_index=True), strict=True):
        members = told_in[first[example] : first[example] + count[example]]
        kept = set(choose(tuple(blocks[members].tolist()))) if len(members) > 1 else set(blocks[members].tolist())
        chosen += [int(number) * len(blocks) + int(at) for at in members if int(blocks[at]) in kept]
    return _at(rows, np.flatnonzero(np.isin(company[thing] * len(blocks) + block, chosen)))


def _numbers(rows: "pd.DataFrame", columns: Sequence[str]) -> "np.ndarray[Any, Any]":
    """Return a number for each combination of values, counted from 0 in the order in which they come; nulls are equal."""
    if len(rows) > FEW:
        return rows.groupby(list(columns), dropna=False, observed=True, sort=False).ngroup().to_numpy()
    known: dict[tuple[Any, ...], int] = {}
    numbers = (known.setdefault(record, len(known)) for record in _records(rows, columns))
    return np.fromiter(numbers, dtype="int64", count=len(rows))


class GroupIndex:
    """The rows of each value of some columns, for findings that ask for one after the other: found, not searched for.

    A null finds nothing. It costs nothing before the first is asked for: mostly nothing is wrong.
    """

    def __init__(self, rows: "pd.DataFrame", *columns: str) -> None:
        self.rows, self.columns = rows, columns

    @cached_property
    def _places(self) -> "dict[Any, np.ndarray[Any, Any]]":
        by = self.columns[0] if len(self.columns) == 1 else list(self.columns)
        return self.rows.groupby(by, sort=False, observed=True).indices  # type: ignore[return-value]

    def __call__(self, *values: Any) -> "pd.DataFrame":
        """Return the rows that have these values, in their order."""
        at = self._places.get(values[0] if len(values) == 1 else values)
        return self.rows.iloc[:0] if at is None else _at(self.rows, at)


def _names(columns: "Sequence[str] | str") -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns)


def _records(rows: "pd.DataFrame", names: Sequence[str]) -> "Iterable[tuple[Any, ...]]":
    """Return the values of each row as a tuple, None for null."""
    columns = []
    for name in names:
        column = rows[name]
        values, null = column.tolist(), nulls(column)
        columns.append(
            [None if no else value for value, no in zip(values, null, strict=True)] if null.any() else values
        )
    return zip(*columns, strict=True)
