"""The vocabulary of the rules gives what pandas gives, for a few rows and for many."""

from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

from flmparse.columns import selection as rows

TEXT = st.sampled_from(["0328", "0720", "", None])
NUMBER = st.sampled_from([0, 1, 7, None])
FEW = settings(max_examples=60, deadline=None)


@st.composite
def frames(draw: st.DrawFn, name: str = "device") -> pd.DataFrame:
    """Rows with every kind of column that a table has: text, choice, whole, flag, and a line without nulls."""
    size = draw(st.integers(0, 6))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=size, max_size=size))

    return pd.DataFrame(
        {
            name: pd.array(column(TEXT), dtype="str"),
            "view": pd.array(column(TEXT), dtype="str"),
            "lun": pd.array(column(NUMBER), dtype="Int64"),
            "state": pd.Categorical(column(st.sampled_from(["alive", "dead", None])), categories=["alive", "dead"]),
            "alive": pd.array(column(st.sampled_from([True, False, None])), dtype="boolean"),
            "line": pd.array(column(st.integers(1, 3)), dtype="int64").to_numpy(),
        }
    )


@FEW
@given(frames())
def test_rows_of_a_mask(found: pd.DataFrame) -> None:
    found = found.sort_values("line", kind="stable")
    for mask in (found["device"] == "0328", found["lun"] > 0, found["alive"], found["line"] > 0, found["line"] > 9):
        assert_frame_equal(rows.where(found, mask), found[mask.fillna(False).astype(bool)])


@FEW
@given(frames())
def test_rows_without_nulls(found: pd.DataFrame) -> None:
    for columns in (["device"], ["device", "lun"], ["state", "alive", "line"]):
        assert_frame_equal(rows.dropna(found, columns), found.dropna(subset=columns))
    assert_frame_equal(rows.dropna(found), found.dropna())


@FEW
@given(frames(), st.sampled_from([0, 1000]))
def test_the_first_of_each(found: pd.DataFrame, few: int) -> None:
    with patch.object(rows, "FEW", few):
        for columns in (["device"], ["lun", "line"], ["state", "alive"]):
            assert_frame_equal(rows.drop_duplicates(found, columns), found.drop_duplicates(columns))
        assert_frame_equal(rows.drop_duplicates(found, "view"), found.drop_duplicates("view"))
        assert_frame_equal(rows.drop_duplicates(found), found.drop_duplicates())


@pytest.mark.parametrize("size", [10, 100_000])
def test_text_is_light_in_few_rows_only(size: int) -> None:
    with rows.python_strings(size):
        storage = pd.array(["0328"], dtype="str").dtype.storage
    usual = pd.array(["0328"], dtype="str").dtype.storage
    assert storage == ("python" if size == 10 else usual)


@FEW
@given(frames(), frames("number"), st.sampled_from([0, 1000]))
def test_rows_that_are_among_others(found: pd.DataFrame, others: pd.DataFrame, few: int) -> None:
    with patch.object(rows, "FEW", few):
        for mine, theirs in (["device"], ["number"]), (["device", "lun"], ["number", "line"]), (["state"], ["state"]):
            listed = {tuple(map(str, record)) for record in others[theirs].itertuples(index=False)}
            expected = [tuple(map(str, record)) in listed for record in found[mine].itertuples(index=False)]
            assert rows.isin_rows(found[mine], others[theirs]).tolist() == expected


@FEW
@given(frames())
def test_rows_that_are_looked_up(found: pd.DataFrame) -> None:
    by_device, by_both = rows.GroupIndex(found, "device"), rows.GroupIndex(found, "state", "line")
    for device in ("0328", "0720", "FFFF", None):
        assert_frame_equal(by_device(device), found[found["device"] == device])
    assert_frame_equal(by_both("alive", 2), found[(found["state"] == "alive") & (found["line"] == 2)])


@FEW
@given(frames(), st.sampled_from([0, 1000]))
def test_of_each_thing_the_last_block_stands(found: pd.DataFrame, few: int) -> None:
    found = found.rename(columns={"line": "block"})
    asked: list[tuple[int, ...]] = []

    def last(blocks: tuple[int, ...]) -> list[int]:
        asked.append(blocks)
        return [blocks[-1]]

    with patch.object(rows, "FEW", few):
        stands = rows.in_newest_blocks(found, ["device", "view"], last)
    newest = found.groupby(["device", "view"], dropna=False)["block"].transform("max")
    assert_frame_equal(stands, found[found["block"] == newest])
    assert len(asked) == len(set(asked)), "the same blocks are asked about once"
    assert all(len(blocks) > 1 and list(blocks) == sorted(blocks) for blocks in asked)


@FEW
@given(frames())
def test_what_is_worked_out_of_different_values(found: pd.DataFrame) -> None:
    seen: list[int] = []

    def shortened(told: "pd.Series[str]") -> "pd.Series[str]":
        seen.append(len(told))
        return told.str.replace("0", "", regex=False)

    made = rows.map_unique(found["device"], shortened)
    assert_series_equal(made, found["device"].str.replace("0", "", regex=False), check_names=False)
    assert seen == [found["device"].nunique()]
