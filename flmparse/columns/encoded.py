"""Columns as they come from a screen: lists for a few values; for many, Arrow arrays where pyarrow is installed.

A *vector* is a list, tuple, range, numpy array, Arrow array or `Encoded`. What is done here is done to whole columns: a Python step for
each row of a hundred megabytes is what makes a reader slow (docs/performance.md).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from itertools import chain
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from flmparse.lazy import np, pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Places = NDArray[np.int64]
    Characters = NDArray[np.uint8]

Kind = Literal["text", "choice", "whole", "decimal", "flag", "time"]
"""What a column holds."""

Vector = Any
"""A list, tuple, range, numpy array, Arrow array, pandas array or `Encoded`; no type that a checker knows has them all."""


@cache
def arrow() -> ModuleType | None:
    """Return pyarrow, or None where the extra ``arrow`` is not installed."""
    try:
        import_module("pyarrow.compute")
    except ImportError:
        return None
    return import_module("pyarrow")


def is_arrow(values: Vector) -> bool:
    """Whether a vector is an Arrow array."""
    return hasattr(values, "dictionary_encode")


class Encoded(Sequence[Any]):
    """A column of few different texts: each is kept once, and a code for every row; -1 is null."""

    def __init__(self, codes: "Codes", texts: Sequence[str]) -> None:
        self.codes, self.texts = codes, list(texts)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, position: Any) -> Any:
        if isinstance(position, slice):
            return Encoded(self.codes[position], self.texts)
        code = self.codes[position]
        return None if code < 0 else self.texts[code]

    def tolist(self) -> list[str | None]:
        """Return every row's text."""
        result: list[str | None] = np.array([*self.texts, None], dtype="object")[self.codes].tolist()
        return result

    def translated(self, spell: "Callable[[str], str | None]") -> "Encoded":
        """Return what a function makes of each text, asked once for each."""
        spelt = [spell(text) for text in self.texts]
        texts = [text for text in dict.fromkeys(spelt) if text is not None]
        if len(texts) == len(spelt):
            return Encoded(self.codes, texts)
        positions: dict[str | None, int] = {text: position for position, text in enumerate(texts)}
        codes = np.array([*(positions.get(text, -1) for text in spelt), -1], dtype=np.int32)
        return Encoded(codes[self.codes], texts)

    def written_out(self) -> Vector:
        """Return the text of every row: an Arrow array where pyarrow is installed, else a list."""
        pa = arrow()
        if pa is None:
            return self.tolist()
        codes = pa.array(self.codes, mask=self.codes < 0) if (self.codes < 0).any() else pa.array(self.codes)
        return pa.array(np.array(self.texts, dtype="object"), pa.large_string()).take(codes)


def one_text(text: str, rows: int) -> Encoded:
    """Return a column that holds the same text in every row."""
    return Encoded(np.zeros(rows, dtype=np.int32), [text])


def to_list(values: Vector) -> Any:
    """Return a vector as Python values, None for null."""
    if is_arrow(values):
        return (values).to_pylist()
    if hasattr(values, "isna"):
        nulls = values.isna()
        return [None if null else value for value, null in zip(values, nulls.tolist(), strict=True)]
    return (values).tolist() if hasattr(values, "tolist") else values


def concat(parts: Sequence[Vector]) -> Vector:
    """Return the vectors of one column, part by part, as one."""
    pa = arrow()
    if len(parts) == 1:
        return parts[0]
    if parts and all(isinstance(part, Encoded) for part in parts):
        return _joined_codes(parts)
    if parts and all(isinstance(part, np.ndarray) for part in parts):
        return np.concatenate(parts)
    if parts and all(hasattr(part, "isna") for part in parts):
        return _joined_arrays(parts)
    parts = [part.written_out() if isinstance(part, Encoded) else part for part in parts]
    if pa is not None and parts and all(map(is_arrow, parts)):
        return pa.concat_arrays(parts)
    return list(chain.from_iterable(map(to_list, parts)))


def _joined_arrays(parts: Sequence[Any]) -> Vector:
    return pd.concat([pd.Series(part, copy=False) for part in parts], ignore_index=True).array


def chunked(parts: Sequence[Vector]) -> Vector:
    """Return the vectors of one column as one, as `concat`; Arrow arrays stay where they are and are not copied."""
    pa = arrow()
    if pa is not None and len(parts) > 1 and all(map(is_arrow, parts)):
        return pa.chunked_array(parts)
    return concat(parts)


def is_chunked(values: Vector) -> bool:
    """Whether a vector is of several Arrow arrays."""
    return hasattr(values, "combine_chunks")


def _joined_codes(parts: Sequence[Encoded]) -> Encoded:
    positions: dict[str, int] = {}
    codes = []
    for part in parts:
        moved = [positions.setdefault(text, len(positions)) for text in part.texts]
        codes.append(np.array([*moved, -1], dtype=np.int32)[part.codes])
    return Encoded(np.concatenate(codes), list(positions))


def repeat(values: Sequence[Any], counts: Sequence[int]) -> Vector:
    """Return each value as often as its count says: a device's values for each of its paths."""
    pa = arrow()
    if pa is None or len(values) < 2:
        alike = np.empty(len(values), dtype="object")
        alike[:] = values
        return alike.repeat(counts).tolist()
    index = np.repeat(np.arange(len(values), dtype="int32"), counts)
    return pa.array(values, pa.large_string()).take(pa.array(index))


def encode(values: Vector) -> Encoded:
    """Return a column of texts as codes."""
    if isinstance(values, Encoded):
        return values
    if not is_arrow(values):
        codes, texts = pd.factorize(np.array(values, dtype="object"))
        return Encoded(codes.astype(np.int32), texts.tolist())
    encoded = values.combine_chunks().dictionary_encode() if is_chunked(values) else values.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Encoded(codes.astype(np.int32, copy=False), encoded.dictionary.to_pylist())


def map_unique(values: Vector, spell: "Callable[[str], str | None]") -> Vector:
    """Return what a function makes of each text, asked once for each that is different; null stays null."""
    if isinstance(values, Encoded):
        return values.translated(spell)
    if is_arrow(values):
        return encode(values).translated(spell)
    known: Mapping[Any, str | None] = {
        value: None if value is None else spell(value) for value in dict.fromkeys(values)
    }
    return [known[value] for value in values]


def all_match(values: Vector, pattern: re.Pattern[str]) -> bool:
    """Whether every value is text that a pattern matches whole. The pattern matches no line end."""
    pa = arrow()
    if isinstance(values, Encoded):
        return bool((values.codes >= 0).all()) and all_match(values.texts, pattern)
    if pa is not None and is_arrow(values):
        if values.null_count:
            return False
        if is_chunked(values):
            return all(all_match(chunk, pattern) for chunk in values.chunks)
        texts = _even(values)
        if texts is not None:
            return _even_match(texts, pattern)
        result = pa.compute.match_substring_regex(values, rf"^(?:{pattern.pattern})$")
        return bool(pa.compute.all(result).as_py() is not False)
    try:
        text = "\n".join([*values, ""])
    except TypeError:
        return False
    return _lines_of(pattern).fullmatch(text) is not None


def _even(values: Vector) -> "Characters | None":
    """Return the characters of Arrow texts of one length, a row each; None where their lengths differ."""
    if not len(values):
        return np.empty((0, 0), dtype=np.uint8)
    positions, data = _buffers(values)
    lengths = np.diff(positions)
    if not (lengths == lengths[0]).all():
        return None
    return np.frombuffer(data, np.uint8)[positions[0] : positions[-1]].reshape(len(values), lengths[0])


def _even_match(texts: "Characters", pattern: re.Pattern[str]) -> bool:
    if not len(texts):
        return True
    alphabets = _alphabets(pattern, texts.shape[1])
    if alphabets is not None:
        return all(known[texts[:, position]].all() for position, known in enumerate(alphabets))
    lines = np.column_stack([texts, np.full(len(texts), ord("\n"), dtype=np.uint8)]).tobytes()
    return _lines_of_bytes(pattern).fullmatch(lines) is not None


_OF_SETS = re.compile(r"(?:\[[0-9A-Za-z-]+\](?:\{\d+\})?|[0-9A-Za-z:])+")
_SET = re.compile(r"(\[[^\]]+\]|.)(?:\{(\d+)\})?")


@cache
def _alphabets(pattern: re.Pattern[str], length: int) -> "list[Any] | None":
    """Return which bytes a pattern of sets takes in each place of a text of some length; None where it does not say so plainly.

    ``[0-9A-F]{4}|[1-9A-F][0-9A-F]{4}`` takes one of sixteen bytes in each place of a text of four.
    """
    fitting = []
    if pattern.flags != re.UNICODE.value:
        return None
    for choice in pattern.pattern.split("|"):
        if not _OF_SETS.fullmatch(choice):
            return None
        sets = [taken for taken, many in _SET.findall(choice) for _ in range(int(many or 1))]
        if len(sets) == length:
            fitting.append(sets)
    if len(fitting) != 1:
        return None
    return [np.array([bool(re.fullmatch(taken, chr(code))) for code in range(256)]) for taken in fitting[0]]


def _buffers(values: Vector) -> tuple["Places", Any]:
    """Return where the texts of an Arrow array begin and end, and the bytes they stand in."""
    _, offsets, data = values.buffers()
    positions = (
        np.frombuffer(offsets, np.int64)[values.offset : values.offset + len(values) + 1]
        if len(values)
        else np.zeros(1, np.int64)
    )
    return positions, data if data is not None else b""


@cache
def _lines_of_bytes(pattern: re.Pattern[str]) -> re.Pattern[bytes]:
    return re.compile(_lines_of(pattern).pattern.encode())


@cache
def _lines_of(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{pattern.pattern})\n)*+")


def unique(values: Vector) -> list[Any]:
    """Return the different values of a column in the order in which they come, None for null."""
    if is_arrow(values):
        values = values.unique()
    if isinstance(values, Encoded):
        values = values[:0] if not len(values) else Encoded(pd.unique(values.codes), values.texts)
    return list(dict.fromkeys(to_list(values)))


def all_different(values: Vector) -> bool:
    """Whether no value is there twice, null or not; False where that would take a look at each of them."""
    pa = arrow()
    if isinstance(values, list):
        return len(set(values)) == len(values)
    if pa is None or not is_arrow(values) or values.null_count:
        return False
    positions, data = _buffers(values)
    lengths = np.diff(positions)
    if int(lengths.max(initial=0)) > 8:
        return bool(pa.compute.count_distinct(values).as_py() == len(values))
    return len(pd.unique(first_eight(bytes(data) + bytes(8), positions[:-1], lengths))) == len(values)


def first_eight(data: bytes, starts: "Places", lengths: "Places") -> "NDArray[np.uint64]":
    """Return the first eight bytes of texts as numbers: the first is the lowest byte, what is missing is zero.

    The data must go on for eight bytes behind the last text.
    """
    eight: NDArray[np.uint64] = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))
    kept = np.array([(1 << (8 * length)) - 1 for length in range(9)], dtype=np.uint64)
    result: NDArray[np.uint64] = eight[starts] & kept[np.minimum(lengths, 8)]
    return result
