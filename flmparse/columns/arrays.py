"""Columns as pandas arrays, by what they hold.

A column comes from a screen as a vector (`flmparse.columns.encoded`); in a frame it is text, a category, whole or decimal numbers, flags or times.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flmparse.columns.encoded import Encoded, Kind, Vector, all_match, arrow, encode, is_arrow, to_list
from flmparse.lazy import np, pd

if TYPE_CHECKING:
    import pandas as pd


def packed(values: Vector, kind: Kind) -> Vector:
    """Return a long column without a Python object for each row, where it is a list."""
    pa = arrow()
    if not isinstance(values, list | tuple | range):
        return values
    if kind in ("text", "choice"):
        return values if pa is None else (pa.array(values, pa.large_string()))
    return array_of(values, kind)


def array_of(values: Vector, kind: Kind) -> Any:
    """Return a column as a pandas array; ``choice`` as text, see `category`."""
    if kind in ("text", "choice"):
        return text_array(values)
    if isinstance(values, pd.api.extensions.ExtensionArray):
        return values
    if kind == "flag":
        return pd.array(values, dtype="boolean", copy=False)
    if kind == "time":
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True).astype("datetime64[us, UTC]").array
    return whole_array(values) if kind == "whole" else decimal_array(values)


def category(values: Vector) -> "pd.Categorical":
    """Return text as a category, its different texts in their order."""
    if is_arrow(values):
        values = encode(values)
    if not isinstance(values, Encoded):
        return pd.Categorical(text_array(values))
    used = np.bincount(values.codes + 1, minlength=len(values.texts) + 1)[1:]
    texts = sorted(text for text, count in zip(values.texts, used.tolist(), strict=True) if count)
    positions = {text: position for position, text in enumerate(texts)}
    moved = np.array([*(positions.get(text, -1) for text in values.texts), -1], dtype=np.int32)
    return pd.Categorical.from_codes(moved[values.codes], categories=pd.Index(texts, dtype="str"))


def text_array(values: Vector) -> Any:
    """Return text as a pandas array of dtype ``str``."""
    return pd.array(values.written_out() if isinstance(values, Encoded) else values, dtype="str", copy=False)


NOTHING = frozenset({"", "N/A", "-"})
"""Spellings of "no value" in numeric columns."""


def whole_array(values: Vector) -> Any:
    """Return whole numbers as a pandas array of dtype ``Int64``; what is no number is null."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "i":
        return pd.arrays.IntegerArray(values.astype("int64", copy=False), np.zeros(len(values), dtype=bool))
    if isinstance(values, Encoded):
        return whole_array([*values.texts, None])[values.codes]
    given = to_list(values)
    if all_match(given, _DIGITS):
        given = list(map(int, given))
    if all(value is None or type(value) is int for value in given):
        nulls = np.fromiter((value is None for value in given), dtype=bool, count=len(given))
        numbers = np.fromiter((value or 0 for value in given), dtype="int64", count=len(given))
        return pd.arrays.IntegerArray(numbers, nulls)
    return _numbers(given).astype("Int64").array


def decimal_array(values: Vector) -> Any:
    """Return numbers as a pandas array of dtype ``Float64``; what is no number is null."""
    return _numbers(to_list(values)).astype("Float64").array


_DIGITS = re.compile(r"\d{1,18}")


def _numbers(given: Sequence[Any]) -> "pd.Series[Any]":
    if any(isinstance(value, str) for value in given):
        given = [None if value is None or value in NOTHING else value for value in given]
    return pd.to_numeric(pd.Series(given, dtype="object"), errors="coerce")
