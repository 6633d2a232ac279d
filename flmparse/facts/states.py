"""States of things: what each word that a column can hold means, by the vocabulary that its table declares."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flmparse.lazy import pd
from flmparse.tables import table_named
from flmparse.tables.table import States

if TYPE_CHECKING:
    from pandas import Series


class Weight(StrEnum):
    """What a state means for the migration."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"
    UNKNOWN = "unknown"


def weight_of(states: States, word: str) -> Weight:
    """Return what a word means; one that stands in no list is unknown."""
    lists = ((Weight.GOOD, states.good), (Weight.DOUBTFUL, states.doubtful), (Weight.BAD, states.bad))
    lower = word.lower()
    return next((weight for weight, words in lists if lower in words), Weight.UNKNOWN)


def weigh(table: str, column: str, values: "Series[Any]") -> "Series[Any]":
    """Return what each value of a column means, null where it is null."""
    states = next(item.states for item in table_named(table).columns if item.name == column)
    assert states is not None, f"{table}.{column} declares no states"
    texts = values.astype("object")
    words = {word: weight_of(states, str(word)) for word in texts.dropna().unique()}
    return pd.Series(texts.map(words), index=values.index, dtype="object")
