"""Tables whose rows differ in their words: cut for a whole page, column by column, where all rows are of a few known layouts.

The expression of a row stays the measure: a page with a row of another layout is cut row by row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flmparse.columns import encoded as vectors
from flmparse.columns.encoded import Encoded, Vector, all_match, is_arrow, map_unique, repeat
from flmparse.lazy import np
from flmparse.reading.screen import lines_in, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flmparse.reading.screen import Page, Rows

    Positions = NDArray[np.int64]

Layout = Mapping[str, re.Pattern[str] | None]
"""The fields of a row in order, one word each, and what tells it from other layouts of as many words."""

FEW_CHARACTERS = 8_000
"""A shorter table is cut row by row: that takes less time than to prepare its columns."""

_JOINED = b"\x01"


def table(page: "Page", terminal: str, row: str, layouts: Sequence[Layout], *spaced: str) -> "Rows":
    """Return the rows of every token of ``terminal``, as `Page.table` does: cut by words where all rows are of these layouts.

    ``spaced`` names the columns in which ``Not Visible`` stands for one word. A field that a row lacks is empty.
    """
    tokens = page.all(terminal)
    if sum(map(len, tokens)) < FEW_CHARACTERS:
        return page.table(terminal, row)
    columns = cut("".join(tokens), layouts, *spaced)
    if columns is None:
        return page.table(terminal, row)
    return {**columns, "line": lines_of(page, terminal)}


def records(page: "Page", terminal: str, row: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of every token of ``terminal`` one by one: their fields, and the capture's ``line``."""
    tokens = page.all(terminal)
    if not tokens:
        return
    pattern = page.grammar.pattern(row)
    names = [*pattern.groupindex, "line"]
    for values, line in zip(pattern.findall("".join(tokens)), lines_of(page, terminal).tolist(), strict=True):
        yield dict(zip(names, (*values, line), strict=True))


def lines_of(page: "Page", terminal: str) -> Any:
    """Return the capture's line of every row of the tokens of ``terminal``, which hold one row a line."""
    tokens = [(page.line_of(token), lines_in(token)) for token in page.all(terminal)]
    return np.concatenate([np.arange(first, first + count, dtype="int64") for first, count in tokens])


def cut(rows: str, layouts: Sequence[Layout], *spaced: str) -> dict[str, Vector] | None:
    """Return the columns of rows of several layouts, a missing word empty; None where a row is of no layout."""
    data = rows.encode("utf-8", "surrogatepass")
    if not data.isascii() or _JOINED in data:
        return None
    together = data.count(b"Not Visible") if spaced else 0
    if together:
        data = data.replace(b"Not Visible", b"Not" + _JOINED + b"Visible")
    parts = []
    for places, words_of_rows in _by_width(data):
        layout = next((layout for layout in layouts if _fits(words_of_rows, layout)), None)
        if layout is None:
            return None
        parts.append((places, dict(zip(layout, words_of_rows, strict=True))))
    restored = 0
    for _, columns in parts:
        for name in spaced if together else ():
            restored += _occurrences(columns[name])
            columns[name] = _with_blanks(columns[name])
    if restored != together:
        return None
    names = {name: None for _, columns in parts for name in columns}
    if len(parts) == 1:
        return parts[0][1]
    order = np.argsort(np.concatenate([places for places, _ in parts]), kind="stable")
    return {name: _arranged([columns.get(name, len(places)) for places, columns in parts], order) for name in names}


def _by_width(data: bytes) -> "list[tuple[Positions, list[Vector]]]":
    """Return the numbers of the rows of each count of words, and their words column by column."""
    found: list[tuple[Any, list[Vector]]] = []
    pa = vectors.arrow()
    if pa is None:
        split = [line.split() for line in data.decode().split("\n")[:-1]]
        widths = np.fromiter(map(len, split), dtype="int64", count=len(split))
        for width in np.unique(widths).tolist():
            places = np.flatnonzero(widths == width)
            found.append((places, list(zip(*(split[place] for place in places.tolist()), strict=True))))
        return found
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    offsets = np.concatenate(([0], ends)).astype(np.int64)
    texts = pa.LargeStringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(data))
    parts = pa.compute.ascii_split_whitespace(pa.compute.ascii_trim_whitespace(texts))
    starts, flat = parts.offsets.to_numpy().astype("int64"), parts.values
    widths = np.diff(starts)
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        places = np.flatnonzero(widths == width)
        first = starts[places]
        found.append((places, [flat.take(pa.array(first + position)) for position in range(width)]))
    return found


def _fits(columns: Sequence[Vector], layout: Layout) -> bool:
    return len(columns) == len(layout) and all(
        usual is None or all_match(column, usual) for column, usual in zip(columns, layout.values(), strict=True)
    )


def _occurrences(column: Vector) -> int:
    pa = vectors.arrow()
    if pa is not None and is_arrow(column):
        return int(pa.compute.sum(pa.compute.count_substring(column, _JOINED)).as_py() or 0)
    return sum(value.count(_JOINED.decode()) for value in column)


def _with_blanks(column: Vector) -> Vector:
    return map_unique(column, lambda text: text.replace(_JOINED.decode(), " "))


def _arranged(parts: "list[Vector | int]", order: "Positions") -> Vector:
    """Return the parts of a column in the order of their rows; a number stands for as many empty words."""
    pa = vectors.arrow()
    parts = [part.written_out() if isinstance(part, Encoded) else part for part in parts]
    if pa is not None and not any(isinstance(part, list | tuple) for part in parts):
        empty = pa.array([""], pa.large_string())
        arrays = [empty.take(pa.array([0] * part)) if isinstance(part, int) else part for part in parts]
        return pa.concat_arrays(arrays).take(pa.array(order))
    values = [value for part in parts for value in ([""] * part if isinstance(part, int) else part)]
    return [values[place] for place in order.tolist()]


def from_above(values: Vector, runs: "Positions | None" = None) -> Vector:
    """Return a column in which an empty value is the last one above it, null where there is none in the same run.

    ``runs`` numbers the run of each row; a value is handed down within its run only.
    """
    pa = vectors.arrow()
    values = values.written_out() if isinstance(values, Encoded) else values
    if pa is not None and is_arrow(values):
        there = pa.compute.binary_length(values).to_numpy() > 0
    else:
        there = np.fromiter(map(bool, values), dtype=bool, count=len(values))
    above = np.maximum.accumulate(np.where(there, np.arange(len(there)), -1))
    if runs is not None:
        above = np.where(runs[above] == runs, above, -1)
    if pa is not None and is_arrow(values):
        taken: Vector = values.take(pa.array(above, mask=above < 0))
        return taken
    return [values[place] if place >= 0 else None for place in above.tolist()]


def headed(page: "Page", column: str, terminal: str, rows: "Rows") -> "Rows":
    """Return rows with a column more, as `spread` does: the field ``column`` of the last ``terminal`` above each row."""
    lines = rows.get("line", ())
    if isinstance(lines, list | range | tuple):
        return spread(page, column, page.all(terminal), rows)
    marks = [(page.line_of(token), page.fields(token).get(column)) for token in page.all(terminal)]
    return {**rows, column: under(marks, lines)}


def under(headings: Sequence[tuple[int, str | None]], lines: Sequence[int]) -> Vector:
    """Return, for rows at lines in order, the value of the last heading (line, value) above each; null above the first."""
    places = np.searchsorted(np.asarray(lines), [line for line, _ in headings], side="right")
    counts = np.diff(np.concatenate(([0], places, [len(lines)])))
    return repeat([None, *(value for _, value in headings)], counts.tolist())


def equals(values: Vector, text: str) -> Sequence[bool]:
    """Tell the values that are a text."""
    pa = vectors.arrow()
    if isinstance(values, Encoded):
        return np.array([*(known == text for known in values.texts), False])[values.codes]  # type: ignore[return-value]
    if pa is not None and is_arrow(values):
        return pa.compute.equal(values, text).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]
    return [value == text for value in values]


def without(values: Vector, nothing: Sequence[str]) -> Vector:
    """Return a column in which some words are null."""
    pa = vectors.arrow()
    if isinstance(values, Encoded):
        return values.translated(lambda text: None if text in nothing else text)
    if pa is not None and is_arrow(values):
        kind = values.type
        known = pa.compute.is_in(values, pa.array(nothing, kind))
        return pa.compute.if_else(known, pa.scalar(None, kind), values)
    return [None if value in nothing else value for value in values]


def whole_numbers(values: Vector, base: int) -> Vector:
    """Return numbers written to a base, null for an empty word; columns of Arrow as decimal digits where none is empty."""
    pa = vectors.arrow()
    if pa is not None and is_arrow(values):
        digits = values if base == 10 else map_unique(values, lambda text: str(int(text, base)) if text else "")
        there = without(digits, ("",))
        if isinstance(there, Encoded):
            return there
        return pa.compute.cast(there, pa.int64()).to_pylist() if nulls_in(there) else digits
    return [int(value, base) if value else None for value in values]


def nulls(values: Vector) -> list[int]:
    """Return the positions of null in a column."""
    if isinstance(values, Encoded):
        return np.flatnonzero(values.codes < 0).tolist()
    if is_arrow(values):
        values = values.to_pylist() if nulls_in(values) else ()
    return [place for place, value in enumerate(values) if value is None]


def nulls_in(values: Vector) -> int:
    """Return how many values of an Arrow array are null."""
    return int(values.null_count)
