"""Long tables cut into columns by whole lines and words, without a Python step for each row.

The grammar has already said that every line is what it should be; what is left is to cut. `Lines` tells lines apart by their first
character, `Words` cuts rows of blank-separated words into columns. Where a table is not as even as they need it they say so,
and the screen cuts row by row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flmparse.frames.vectors import Coded, Vector, all_match, arrow, first_eight, is_arrow, repeated, translated
from flmparse.lines import Lines as Lines
from flmparse.screens.screen import spread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flmparse.screens.screen import Page, Rows

    Positions = NDArray[np.int64]
    Mask = NDArray[np.bool_]

PIECE_BYTES = 1 << 20
"""Bytes of a table that are cut at once: the places of all its words take more memory than the text."""

_MOST_PACKED = 16
"""Characters of the longest words that are told apart, or read, as numbers of eight characters each."""


def pieces(rows: bytes) -> Iterator[bytes]:
    """Yield a long table in pieces of whole lines."""
    begin = 0
    while len(rows) - begin > PIECE_BYTES:
        after = rows.index(b"\n", begin + PIECE_BYTES - 1) + 1
        yield rows[begin:after]
        begin = after
    if begin < len(rows):
        yield rows[begin:] if begin else rows


class Words:
    """Rows of equally many blank-separated words: ``starts`` and ``ends`` have a row for each of them, a column for each word."""

    def __init__(self, rows: bytes, starts: "Positions", ends: "Positions") -> None:
        import numpy as np

        # What is looked at behind the last word must be there.
        self.rows, self.starts, self.ends = rows + bytes(2 * _MOST_PACKED), starts, ends
        self.characters: NDArray[np.uint8] = np.frombuffer(self.rows, np.uint8)

    @classmethod
    def of(cls, rows: bytes, width: int) -> "Words | None":
        """Return the words of rows that hold ``width`` each, None where one does not or where the text is not ASCII."""
        import numpy as np

        if not rows.isascii():
            return None
        characters = np.frombuffer(rows, np.uint8)
        solid = characters > ord(" ")
        edges = np.flatnonzero(solid[1:] != solid[:-1]) + 1
        if len(rows) and solid[0]:
            edges = np.concatenate(([0], edges))
        ends = np.flatnonzero(characters == ord("\n"))
        if len(edges) != 2 * width * len(ends):
            return None
        bounds = edges.reshape(-1, 2 * width)
        if not ((bounds[:, -1] <= ends).all() and (bounds[1:, 0] > ends[:-1]).all()):
            return None
        return cls(rows, bounds[:, 0::2], bounds[:, 1::2])

    def __len__(self) -> int:
        return len(self.starts)

    def lengths(self, word: int) -> "Positions":
        """Return how many characters a column's words have."""
        found: Positions = self.ends[:, word] - self.starts[:, word]
        return found

    def text(self, word: int, first: int = 0, after: int | None = None) -> Vector:
        """Return a column as text, of each word the characters ``first`` up to ``after``; no word may be shorter."""
        import numpy as np

        starts = self.starts[:, word] + first
        ends = self.ends[:, word] if after is None else self.starts[:, word] + after
        pa = arrow()
        if pa is None:
            text = self.rows.decode("ascii")
            return [text[begin:end] for begin, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        count = len(starts)
        # Words and what is between them are the texts of one Arrow array over the same bytes; every other one is taken.
        places = np.empty(2 * count + 1, dtype=np.int64)
        places[0:-1:2], places[1::2] = starts, ends
        places[-1] = len(self.rows)
        both = pa.LargeStringArray.from_buffers(2 * count, pa.py_buffer(places), pa.py_buffer(self.rows))
        return both.take(pa.array(np.arange(0, 2 * count, 2)))

    def whole(self, word: int) -> "Positions | None":
        """Return a column of whole numbers, None where a word is none of at most 16 digits."""
        import numpy as np

        starts, lengths = np.ascontiguousarray(self.starts[:, word]), self.lengths(word)
        longest = int(lengths.max(initial=0))
        if longest > _MOST_PACKED:
            return None
        numbers = _eight_digits(first_eight(self.rows, starts, lengths), lengths)
        if longest <= 8 or numbers is None:
            return numbers
        behind = np.maximum(lengths - 8, 0)
        rest = _eight_digits(first_eight(self.rows, starts + 8, behind), behind)
        return None if rest is None else numbers * 10**behind + rest

    def all_in(self, word: int, alphabet: str, first: int = 0, after: int | None = None) -> bool:
        """Whether of each of a column's words the characters ``first`` up to ``after`` are there and of an alphabet."""
        import numpy as np

        starts, lengths = np.ascontiguousarray(self.starts[:, word]), self.lengths(word)
        shortest = int(lengths.min(initial=after or 0)) if len(lengths) else after or 0
        if after is not None and shortest < after:
            return False
        known = np.zeros(256, dtype=bool)
        known[[ord(character) for character in alphabet]] = True
        for place in range(first, int(lengths.max(initial=0)) if after is None else after):
            rows = slice(None) if place < shortest else np.flatnonzero(lengths > place)
            if not known[self.characters[starts[rows] + place]].all():
                return False
        return True

    def coded(self, word: int, first: int = 0, after: int | None = None) -> Coded:
        """Return a column of few different words as codes; of each word the characters ``first`` up to ``after``."""
        import numpy as np
        import pandas as pd

        starts = self.starts[:, word] + first
        lengths = (self.ends[:, word] if after is None else self.starts[:, word] + after) - starts
        longest = int(lengths.max(initial=0))
        if longest > _MOST_PACKED:
            codes, words = pd.factorize(np.array(self._listed(starts, lengths), dtype="object"))
            return Coded(codes.astype(np.int32), words.tolist())
        codes, texts = self._coded(starts, lengths)
        if longest > 8:
            rest, tails = self._coded(starts + 8, np.maximum(lengths - 8, 0))
            if len(texts) == 1:
                codes, texts = rest, [texts[0] + tail for tail in tails]
            elif len(tails) == 1:
                texts = [text + tails[0] for text in texts]
            else:
                codes, pairs = pd.factorize(codes.astype(np.int64) * len(tails) + rest)
                texts = [texts[pair // len(tails)] + tails[pair % len(tails)] for pair in pairs.tolist()]
        return Coded(codes.astype(np.int32, copy=False), texts)

    def _coded(self, starts: "Positions", lengths: "Positions") -> "tuple[NDArray[Any], list[str]]":
        """Return the first eight characters of texts as codes."""
        import numpy as np
        import pandas as pd

        packed = first_eight(self.rows, starts, lengths)
        codes: NDArray[Any] = np.zeros(len(packed), dtype=np.int32)
        different = packed[:1]
        if not (packed == different).all():
            codes, different = pd.factorize(packed)
        return codes, [text.decode("ascii") for text in different.astype("<u8").view("S8").tolist()]

    def _listed(self, starts: "Positions", lengths: "Positions") -> list[str]:
        text = self.rows.decode("ascii")
        return [text[place : place + length] for place, length in zip(starts.tolist(), lengths.tolist(), strict=True)]


def _eight_digits(packed: "NDArray[np.uint64]", lengths: "Positions") -> "Positions | None":
    """Return the numbers that texts of up to eight packed characters are; None where a character is no digit.

    All digits of a number are worked on at once: neighbours are put together to pairs, pairs to fours, fours to eights.
    """
    import numpy as np

    lengths = np.minimum(lengths, 8)
    zeros = np.array([0x3030303030303030 & (1 << (8 * length)) - 1 for length in range(9)], dtype=np.uint64)
    digits = packed ^ zeros[lengths]
    if (digits & 0xF0F0F0F0F0F0F0F0).any() or ((digits + 0x0606060606060606) & 0x1010101010101010).any():
        return None
    # The last digit goes to the highest byte; what is left below is zeros in front of the number.
    digits = np.where(lengths > 0, digits << ((8 - np.maximum(lengths, 1)) * 8).astype(np.uint64), 0)
    pairs = (digits * 2561 >> 8) & 0x00FF00FF00FF00FF
    fours = (pairs * 6553601 >> 16) & 0x0000FFFF0000FFFF
    found: Positions = (fours * 42949672960001 >> 32).astype(np.int64)
    return found


def two_words(first: Vector, second: Vector, between: str = " ") -> Vector:
    """Return two columns of words as one, with a blank between, or what else stands there."""
    import numpy as np
    import pandas as pd

    if isinstance(first, Coded) and isinstance(second, Coded):
        count = max(1, len(second.texts))
        codes, pairs = pd.factorize(first.codes.astype(np.int64) * count + second.codes)
        texts = [f"{first.texts[pair // count]}{between}{second.texts[pair % count]}" for pair in pairs.tolist()]
        return Coded(codes.astype(np.int32), texts)
    pa = arrow()
    if pa is not None and is_arrow(first):
        return pa.compute.binary_join_element_wise(first, second, pa.scalar(between, pa.large_string()))
    return [f"{one}{between}{other}" for one, other in zip(first, second, strict=True)]


# ------------------------------------------------------------------------------------ tables whose rows differ in their words

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
    import numpy as np

    tokens = [(page.line_of(token), token.count("\n")) for token in page.all(terminal)]
    return np.concatenate([np.arange(first, first + count, dtype="int64") for first, count in tokens])


def cut(rows: str, layouts: Sequence[Layout], *spaced: str) -> dict[str, Vector] | None:
    """Return the columns of rows of several layouts, a missing word empty; None where a row is of no layout."""
    import numpy as np

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
    import numpy as np

    found: list[tuple[Any, list[Vector]]] = []
    pa = arrow()
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
    pa = arrow()
    if pa is not None and is_arrow(column):
        return int(pa.compute.sum(pa.compute.count_substring(column, _JOINED)).as_py() or 0)
    return sum(value.count(_JOINED.decode()) for value in column)


def _with_blanks(column: Vector) -> Vector:
    return translated(column, lambda text: text.replace(_JOINED.decode(), " "))


def _arranged(parts: "list[Vector | int]", order: "Positions") -> Vector:
    """Return the parts of a column in the order of their rows; a number stands for as many empty words."""
    pa = arrow()
    parts = [part.written_out() if isinstance(part, Coded) else part for part in parts]
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
    import numpy as np

    pa = arrow()
    values = values.written_out() if isinstance(values, Coded) else values
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
    import numpy as np

    places = np.searchsorted(np.asarray(lines), [line for line, _ in headings], side="right")
    counts = np.diff(np.concatenate(([0], places, [len(lines)])))
    return repeated([None, *(value for _, value in headings)], counts.tolist())


def equals(values: Vector, text: str) -> Sequence[bool]:
    """Tell the values that are a text."""
    import numpy as np

    pa = arrow()
    if isinstance(values, Coded):
        return np.array([*(known == text for known in values.texts), False])[values.codes]  # type: ignore[return-value]
    if pa is not None and is_arrow(values):
        return pa.compute.equal(values, text).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]
    return [value == text for value in values]


def without(values: Vector, nothing: Sequence[str]) -> Vector:
    """Return a column in which some words are null."""
    pa = arrow()
    if isinstance(values, Coded):
        return values.translated(lambda text: None if text in nothing else text)
    if pa is not None and is_arrow(values):
        kind = values.type
        known = pa.compute.is_in(values, pa.array(nothing, kind))
        return pa.compute.if_else(known, pa.scalar(None, kind), values)
    return [None if value in nothing else value for value in values]


def whole_numbers(values: Vector, base: int) -> Vector:
    """Return numbers written to a base, null for an empty word; columns of Arrow as decimal digits where none is empty."""
    pa = arrow()
    if pa is not None and is_arrow(values):
        digits = values if base == 10 else translated(values, lambda text: str(int(text, base)) if text else "")
        there = without(digits, ("",))
        if isinstance(there, Coded):
            return there
        return pa.compute.cast(there, pa.int64()).to_pylist() if nulls_in(there) else digits
    return [int(value, base) if value else None for value in values]


def nulls(values: Vector) -> list[int]:
    """Return the positions of null in a column."""
    import numpy as np

    if isinstance(values, Coded):
        return np.flatnonzero(values.codes < 0).tolist()
    if is_arrow(values):
        values = values.to_pylist() if nulls_in(values) else ()
    return [place for place, value in enumerate(values) if value is None]


def nulls_in(values: Vector) -> int:
    """Return how many values of an Arrow array are null."""
    return int(values.null_count)
