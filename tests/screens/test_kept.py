"""A grammar taken from disk reads as one that was built, and whatever stands on the disk cannot make it read otherwise."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flmparse import assets
from flmparse.reading import kept
from flmparse.reading.grammar import Grammar
from flmparse.screens import all_screens

FIXTURES = assets.folder("fixtures") / "commands"
TEXT_SCREENS = sorted(name for name, screen in all_screens().items() if screen.text)
SHORTEST = {
    name: min((FIXTURES / name).glob("*.txt"), key=lambda path: (path.stat().st_size, path.name), default=None)
    for name in TEXT_SCREENS
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("FLMPARSE_CACHE", str(tmp_path))
    kept.folder.cache_clear()
    yield tmp_path
    kept.folder.cache_clear()


@pytest.mark.parametrize("name", TEXT_SCREENS)
def test_a_grammar_from_disk_reads_what_the_built_one_reads(name: str, place: Path) -> None:
    text = SHORTEST[name].read_text("utf-8", "replace") if SHORTEST[name] else ""
    text = text.replace("\r", "") + "a line that nobody prints\n" + text.replace("0", "O").replace("\r", "")
    built, loaded = Grammar(name), Grammar(name)
    first = built.scan(text)
    assert (place / f"{name}.json").is_file()
    assert kept.load(name, kept.digest_of(name)) is not None
    second = loaded.scan(text)
    assert [(token.type, token.line, str(token)) for token in first.tokens] == [
        (token.type, token.line, str(token)) for token in second.tokens
    ]
    assert (first.unknown, first.unmet) == (second.unknown, second.unmet)
    terminals = [terminal.name for terminal in built._lark.terminals]
    assert [built.expression(terminal) for terminal in terminals] == [
        loaded.expression(terminal) for terminal in terminals
    ]
    assert built._anything.pattern == loaded._anything.pattern


def spoil(path: Path, how: str) -> None:
    held = path.read_text("utf-8")
    if how == "cut":
        path.write_text(held[: len(held) // 2], "utf-8")
    elif how == "empty":
        path.write_text("", "utf-8")
    elif how == "a letter changed":
        path.write_text(held.replace("Track", "Trick"), "utf-8")
    elif how == "of another grammar":
        path.write_text("0" * 64 + held[64:], "utf-8")
    else:
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize("how", ["cut", "empty", "a letter changed", "of another grammar", "a folder"])
def test_what_does_not_read_is_built_anew(how: str, place: Path) -> None:
    name = "symrcopy_query"
    expected = [terminal.pattern.value for terminal in Grammar(name)._lark.terminals]
    spoil(place / f"{name}.json", how)
    assert kept.load(name, kept.digest_of(name)) is None
    assert [terminal.pattern.value for terminal in Grammar(name)._lark.terminals] == expected
    assert [path.name for path in place.iterdir()] == [f"{name}.json"]  # nothing half is left


def test_a_grammar_is_known_by_what_it_imports_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "child.lark").write_text("%import .parent (ROW)\n")
    parent = tmp_path / "parent.lark"
    parent.write_text("ROW: /a\\n/\n")
    monkeypatch.setattr(assets, "grammar", lambda name: tmp_path / f"{name}.lark")
    before = kept.digest_of("child")
    assert kept.digest_of("child") == before
    parent.write_text("ROW: /b\\n/\n")
    assert kept.digest_of("child") != before


def test_a_folder_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setattr(kept, "folder", lambda: blocked / "below")
    assert Grammar("pair_file").scan("").tokens == []
    assert blocked.read_text() == "in the way"


def test_off_keeps_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code = "from flmparse.reading.grammar import Grammar; Grammar('pair_file').scan('')"
    for value, files in (("off", []), ("", [tmp_path / "flmparse" / "pair_file.json"])):
        monkeypatch.setenv("FLMPARSE_CACHE", value)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
        subprocess.run([sys.executable, "-c", code], check=True)
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == files
