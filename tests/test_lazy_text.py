"""A released text is read again as it was, or not at all; the lines of a long text are those of a short one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flmparse import assessment, assets, collection
from flmparse.errors import CaptureError
from flmparse.render import render
from flmparse.text import archives, capture, lazy, members
from flmparse.text.lazy import LazyLines, LazyText, lines_of

PAPER = assets.folder("fixtures") / "migrations" / "whitepaper"


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat every collection as too large for the memory."""
    for module in (archives, capture, members):
        monkeypatch.setattr(module, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(collection, "LARGE_FILE_BYTES", 0)
    monkeypatch.setattr(lazy, "CACHED_CHARACTERS", 2000)
    monkeypatch.setattr(lazy, "SHORT_CHARACTERS", 100)
    monkeypatch.setattr(LazyText, "_cached", [])


def characters_in_memory(loaded: collection.Collection) -> int:
    texts = [text for item in loaded.captures for text in (item.lazy_text, item.clean_text)]
    return sum(len(text._text or "") for text in texts)


def test_a_collection_whose_texts_are_released_gives_the_same_report(request: pytest.FixtureRequest) -> None:
    whole = assessment.assess(collection.read(str(PAPER)), gate="all")
    wanted = [render(whole, "compliance", name) for name in ("html", "json")]
    request.getfixturevalue("little_memory")
    loaded = collection.read(str(PAPER))
    assert characters_in_memory(loaded) == 0, "no text is in memory before it is used"
    light = assessment.assess(loaded, gate="all")
    assert [render(light, "compliance", name) for name in ("html", "json")] == wanted
    largest = max(item.size_bytes for item in loaded.captures)
    assert characters_in_memory(loaded) <= 2000 + largest, "only the texts that were read again last are in memory"


def test_an_archive_is_read_again_too(little_memory: None, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.writestr("se-host.txt", "C:\\> symcfg list\n" + "x y z\n" * 50)
    loaded = collection.read(str(tmp_path / "logs.zip"))
    assert characters_in_memory(loaded) == 0
    assert loaded.captures[0].lines[0] == "C:\\> symcfg list" and len(loaded.captures[0].lines) == 51


def test_a_file_that_was_changed_is_not_quoted(little_memory: None, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("C:\\> hostname\nNODE1\n")
    loaded = collection.read(str(path.parent))
    path.write_text("C:\\> hostname\nNODE2\n")
    with pytest.raises(CaptureError, match=r"^log\.txt: the file was changed while it was being read$"):
        loaded.captures[0].quote(1, 2)
    path.unlink()
    with pytest.raises(CaptureError, match=r"^log\.txt: cannot be read \(No such file or directory\)$"):
        loaded.captures[0].quote(1, 2)


def test_a_text_that_cannot_be_read_again_is_not_released() -> None:
    text = LazyText("a\nb\n")
    text.release()
    assert text() == "a\nb\n"


@given(st.text("ab\n\u00e9\U0001f4be", min_size=1, max_size=60), st.data())
def test_lines_of_a_long_text_are_those_of_a_short_one(text: str, data: st.DataObject) -> None:
    listed = list(lines_of(LazyText(text)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lazy, "SHORT_CHARACTERS", 7)
        long = LazyLines(LazyText(text))
    assert list(long) == listed and len(long) == len(listed)
    first, after = data.draw(st.integers(-3, 40)), data.draw(st.integers(-3, 40))
    assert long[first:after] == listed[first:after]
    assert long[::-1] == listed[::-1]
    assert long[-1] == listed[-1]
    with pytest.raises(IndexError):
        long[len(listed)]
