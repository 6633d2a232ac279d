"""Columns as they come from a screen: lists for a few values; for many, Arrow arrays where pyarrow is installed.

A *vector* is a list, tuple, range, numpy array or Arrow array. What is done here is done to whole columns: a Python step for
each row of a hundred megabytes is what makes a reader slow (docs/performance.md).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import pandas as pd

Vector = Sequence[Any]
"""A list, tuple, range, numpy array or Arrow array."""


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


def listed(values: Vector) -> Sequence[Any]:
    """Return a vector as Python values, None for null."""
    if is_arrow(values):
        return cast("Any", values).to_pylist()  # type: ignore[no-any-return]
    return cast("Any", values).tolist() if hasattr(values, "tolist") else values


def joined(parts: Sequence[Vector]) -> Vector:
    """Return the vectors of one column, part by part, as one."""
    pa = arrow()
    if len(parts) == 1:
        return parts[0]
    if pa is not None and parts and all(map(is_arrow, parts)):
        return pa.concat_arrays(parts)  # type: ignore[no-any-return]
    return [value for part in parts for value in listed(part)]


def repeated(values: Sequence[Any], counts: Sequence[int]) -> Vector:
    """Return each value as often as its count says: a device's values for each of its paths."""
    import numpy as np

    pa = arrow()
    if pa is None or len(values) < 2:
        return [value for value, count in zip(values, counts, strict=True) for _ in range(count)]
    index = np.repeat(np.arange(len(values), dtype="int32"), counts)
    return pa.array(values, pa.large_string()).take(pa.array(index))  # type: ignore[no-any-return]


def translated(values: Vector, spell: "Callable[[str], str | None]") -> Vector:
    """Return what a function makes of each text, asked once for each that is different; null stays null."""
    pa = arrow()
    if pa is not None and is_arrow(values):
        coded = values.dictionary_encode()  # type: ignore[attr-defined]
        words = pa.array([spell(text) for text in coded.dictionary.to_pylist()], pa.large_string())
        return words.take(coded.indices)  # type: ignore[no-any-return]
    known: Mapping[Any, str | None] = {
        value: None if value is None else spell(value) for value in dict.fromkeys(values)
    }
    return [known[value] for value in values]


def part(values: Vector, first: int, after: int | None) -> Vector:
    """Return the characters ``first`` up to ``after`` of every text."""
    pa = arrow()
    if pa is not None and is_arrow(values):
        return pa.compute.utf8_slice_codeunits(values, first, after)  # type: ignore[no-any-return]
    return [value[first:after] for value in values]


def all_match(values: Vector, pattern: re.Pattern[str]) -> bool:
    """Whether every value is text that a pattern matches whole. The pattern matches no line end."""
    pa = arrow()
    if pa is not None and is_arrow(values):
        if values.null_count:  # type: ignore[attr-defined]
            return False
        found = pa.compute.match_substring_regex(values, rf"^(?:{pattern.pattern})$")
        return bool(pa.compute.all(found).as_py() is not False)
    try:
        text = "\n".join([*values, ""])
    except TypeError:
        return False
    return _lines_of(pattern).fullmatch(text) is not None


@cache
def _lines_of(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{pattern.pattern})\n)*+")


def text_array(values: Vector) -> Any:
    """Return text as a pandas array of dtype ``str``."""
    import pandas as pd

    return pd.array(values, dtype="str")


NOTHING = frozenset({"", "N/A", "-"})
"""Spellings of "no value" in numeric columns."""


def whole_array(values: Vector) -> Any:
    """Return whole numbers as a pandas array of dtype ``Int64``; what is no number is null."""
    import numpy as np
    import pandas as pd

    pa = arrow()
    if pa is not None and is_arrow(values) and all_match(values, _DIGITS):
        return pd.array(pa.compute.cast(values, pa.int64()).to_numpy(), dtype="Int64")
    given = listed(values)
    if all(value is None or type(value) is int for value in given):
        nulls = np.fromiter((value is None for value in given), dtype=bool, count=len(given))
        numbers = np.fromiter((value or 0 for value in given), dtype="int64", count=len(given))
        return pd.arrays.IntegerArray(numbers, nulls)
    return _numbers(given).astype("Int64").array


def decimal_array(values: Vector) -> Any:
    """Return numbers as a pandas array of dtype ``Float64``; what is no number is null."""
    return _numbers(listed(values)).astype("Float64").array


_DIGITS = re.compile(r"\d{1,18}")


def _numbers(given: Sequence[Any]) -> "pd.Series[Any]":
    import pandas as pd

    if any(isinstance(value, str) for value in given):
        given = [None if value is None or value in NOTHING else value for value in given]
    return pd.to_numeric(pd.Series(given, dtype="object"), errors="coerce")
