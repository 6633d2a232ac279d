"""Texts that are let go come back as they were, or not at all; the lines of a long text are those of a short one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flmparse import assessment, assets, collection
from flmparse.errors import CaptureError
from flmparse.render import render
from flmparse.text import capture
from flmparse.text import lazy as texts
from flmparse.text.lazy import Text, TextLines, lines_of

PAPER = assets.folder("fixtures") / "migrations" / "whitepaper"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every collection for one that is too large to hold."""
    monkeypatch.setattr(capture, "HELD_BYTES", 0)
    monkeypatch.setattr(collection, "LARGE_FILE_BYTES", 0)
    monkeypatch.setattr(texts, "KEPT_CHARACTERS", 2000)
    monkeypatch.setattr(texts, "FEW_CHARACTERS", 100)
    monkeypatch.setattr(Text, "_read_again", [])


def held(found: collection.Collection) -> int:
    return sum(len(item.held._text or "") for item in found.captures)


def test_a_collection_whose_texts_are_let_go_gives_the_same_report(request: pytest.FixtureRequest) -> None:
    whole = assessment.assess(collection.read(str(PAPER)), gate="all")
    wanted = [render(whole, "compliance", name) for name in ("html", "json")]
    request.getfixturevalue("small")
    found = collection.read(str(PAPER))
    assert held(found) == 0, "nothing is held before somebody asks"
    light = assessment.assess(found, gate="all")
    assert [render(light, "compliance", name) for name in ("html", "json")] == wanted
    largest = max(item.size_bytes for item in found.captures)
    assert held(found) <= 2000 + largest, "the texts that came back last are kept, the others are not"


def test_an_archive_is_read_again_too(small: None, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.writestr("se-host.txt", "C:\\> symcfg list\n" + "x y z\n" * 50)
    found = collection.read(str(tmp_path / "logs.zip"))
    assert held(found) == 0
    assert found.captures[0].lines[0] == "C:\\> symcfg list" and len(found.captures[0].lines) == 51


def test_a_file_that_was_changed_is_not_quoted(small: None, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("C:\\> hostname\nNODE1\n")
    found = collection.read(str(path.parent))
    path.write_text("C:\\> hostname\nNODE2\n")
    with pytest.raises(CaptureError, match=r"^log\.txt: the file was changed while it was being read$"):
        found.captures[0].quote(1, 2)
    path.unlink()
    with pytest.raises(CaptureError, match=r"^log\.txt: cannot be read \(No such file or directory\)$"):
        found.captures[0].quote(1, 2)


def test_a_text_that_cannot_be_read_again_stays() -> None:
    text = Text("a\nb\n")
    text.let_go()
    assert text() == "a\nb\n"


@given(st.text("ab\n\u00e9\U0001f4be", min_size=1, max_size=60), st.data())
def test_lines_of_a_long_text_are_those_of_a_short_one(text: str, data: st.DataObject) -> None:
    listed = list(lines_of(Text(text)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "FEW_CHARACTERS", 7)
        long = TextLines(Text(text))
    assert list(long) == listed and len(long) == len(listed)
    first, after = data.draw(st.integers(-3, 40)), data.draw(st.integers(-3, 40))
    assert long[first:after] == listed[first:after]
    assert long[::-1] == listed[::-1]
    assert long[-1] == listed[-1]
    with pytest.raises(IndexError):
        long[len(listed)]
