"""Values are written as TOML that reads back, and keys have the line on which they are written."""

import tomllib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from flmparse.toml import line_numbers, line_of, toml_value


@pytest.mark.parametrize(
    "value",
    ["", 'C:\\logs\\"a"\n\t', "\x7f\x00\x1b", "Zürich \N{SNOWMAN} \N{GRINNING FACE}", 7, 2.5, True, date(2012, 6, 30),
     datetime(2012, 5, 4, 12, 36, tzinfo=UTC), [], ["a", ["b"]], {}, {"5773": ["65924"], "a b": {"c": 1}}],
)  # fmt: skip
def test_a_value_reads_back(value: Any) -> None:
    assert tomllib.loads(f"key = {toml_value(value)}") == {"key": value}


def test_each_key_has_its_line() -> None:
    lines = line_numbers("a.b = 1\n[s]\n'x y' = 2\n\n[[n]]\nk = 1\n[[n]]\nk = 2\n[n.sub]\nk = 3\n")
    assert lines == {
        ("a", "b"): 1, ("s",): 2, ("s", "x y"): 3, ("n",): 5, ("n", 0): 5, ("n", 0, "k"): 6, ("n", 1): 7, ("n", 1, "k"): 8,
        ("n", 1, "sub"): 9, ("n", 1, "sub", "k"): 10,
    }  # fmt: skip
    assert [line_of(lines, path) for path in (("n", 1, "missing"), ("s", "x y", 3), ("other",))] == [7, 3, 1]
