"""Every column has a reader: what was read from a capture and that nobody weighs is a state that could say no unheard."""

import re
import tomllib
from pathlib import Path

import pytest

import flmparse
from flmparse.tables import all_tables

PACKAGE = Path(flmparse.__file__).parent
READERS = [path for folder in ("rules", "facts", "evidence") for path in (PACKAGE / folder).rglob("*.py")]
READERS += [PACKAGE / name for name in ("moments.py", "unplaced.py", "output.py", "collection.py")]

CONTEXT = tomllib.loads((Path(__file__).parent / "columns_of_context.toml").read_text("utf-8"))
"""Columns without a reader, by reason."""


def without_reader() -> set[str]:
    """Return the columns that are no identifier (key, scope, spelt by a term), have no vocabulary, and are named by no reader."""
    named = {word for path in READERS for word in re.findall(r"[\"'.]([a-z_0-9]+)\b", path.read_text("utf-8"))}
    return {
        f"{table.name}.{column.name}"
        for table in all_tables().values()
        for column in table.columns
        if not (column.states or column.term or column.name in {*table.key, *table.scope} or column.name in named)
    }


def test_every_table_with_a_vocabulary_is_read() -> None:
    text = "".join(path.read_text("utf-8") for path in READERS)
    with_states = [table.name for table in all_tables().values() if any(column.states for column in table.columns)]
    assert len(with_states) > 10
    assert [name for name in with_states if f'"{name}"' not in text] == []


def test_every_column_has_a_reader_or_a_reason() -> None:
    listed = [name for group in CONTEXT.values() for name in group["columns"]]
    assert len(listed) == len(set(listed))
    assert set(listed) == without_reader()


@pytest.mark.parametrize("group", CONTEXT)
def test_every_reason_is_a_sentence_of_its_own(group: str) -> None:
    assert len(CONTEXT[group]["reason"].split()) > 6 and CONTEXT[group]["columns"]
