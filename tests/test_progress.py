"""How far the work is: told to a hook of the library, shown on a terminal after two seconds, and nowhere else."""

import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from flmparse import collection
from flmparse.assessment import assess
from flmparse.cli import main, output
from flmparse.collection import Progress, from_bundle
from flmparse.procedure import Gate
from flmparse.text.capture import Bundle, from_text

PAPER = str(Path(__file__).parents[1] / "fixtures" / "migrations" / "whitepaper")
TEXTS = {"a.txt": "one\n", "b.txt": "three lines\nof\ntext\n", "c.txt": "\n"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_reading_tells_files_and_bytes_before_each_capture(jobs: int) -> None:
    told: list[Progress] = []
    captures = tuple(from_text(name, text) for name, text in TEXTS.items())
    from_bundle(Bundle("captures", captures, None, ()), jobs, told.append)
    assert told == [
        Progress(0, 3, 0, 25, "a.txt"),
        Progress(1, 3, 4, 25, "b.txt"),
        Progress(2, 3, 24, 25, "c.txt"),
    ]


def test_the_rules_tell_their_gate_and_how_many_are_done() -> None:
    told: list[tuple[Gate, int, int]] = []
    found = collection.read(PAPER)
    answers = assess(found, "created,masked", progress=lambda *at: told.append(at))
    asked = {item.gate: len(item.results) for item in answers.gates}
    assert told == [(gate, number, many) for gate, many in asked.items() for number in range(many)]
    assert set(asked) == {Gate.CREATED, Gate.MASKED} and min(asked.values()) > 5


Shown = Callable[..., tuple[str, str]]


class Lingering(threading.Event):
    """Lets work that is done last until it has been shown, however fast it was."""

    def set(self) -> None:
        time.sleep(0.02)
        super().set()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shown:
    """Return what a command writes to stdout and stderr, stderr a terminal or not, and nobody patient."""
    monkeypatch.setattr(output, "SLOW_SECONDS", 0.0005)
    monkeypatch.setattr(output, "BETWEEN_SECONDS", 0.0005)
    monkeypatch.setattr(output, "_columns", lambda: 60)
    monkeypatch.setattr(output, "threading", SimpleNamespace(Thread=threading.Thread, Event=Lingering))

    def run(*arguments: str, terminal: bool = True) -> tuple[str, str]:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
        with pytest.raises(SystemExit):
            main(list(arguments))
        done = capsys.readouterr()
        return done.out, done.err

    return run


def test_a_terminal_sees_file_and_rule_on_one_line_that_goes_away(shown: Shown) -> None:
    out, err = shown("check", PAPER, "--gate", "ready", "-f", "json")
    assert re.search(r"\rreading file \d+ of 11, 0\.0 of 0\.0 MB: \d-", err)
    assert re.search(r"\rasking the rules: gate ready, rule \d+ of \d\d ", err)
    assert "\rwriting json ... 0 s" in err
    *_, blanks, rest = err.split("\r")
    assert rest == "" and blanks.isspace() and "\n" not in err
    assert max(map(len, err.split("\r"))) < 60
    assert (out, "") == shown("check", PAPER, "--gate", "ready", "-f", "json", terminal=False)


def test_quiet_says_nothing_but_warnings(shown: Shown, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    command = ("report", "readiness", PAPER, "-f", f"html={page}")
    assert shown("--quiet", *command) == ("", "")
    written = page.read_bytes()
    out, err = shown(*command, terminal=False)
    assert out == "" and err.startswith("flmparse: NO-GO; ") and err.count("\n") == 1
    assert page.read_bytes() == written
    _, err = shown("-q", "check", str(tmp_path / "nothing"))
    assert err.startswith("flmparse: ") and "nothing" in err


def test_a_name_of_a_file_cannot_act_on_the_terminal(shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J.txt").write_text("some line\n" * 20_000)
    _, err = shown("captures", str(tmp_path))
    assert "\x1b" not in err and "a\\x1b[2J.txt" in err
