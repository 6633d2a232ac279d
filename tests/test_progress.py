"""How far the work is: told to a hook of the library, shown on a terminal after two seconds, and nowhere else."""

import re
import subprocess
import sys
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
    # An open fail of an earlier gate holds the later ones, so prepare is asked too.
    asked = {gate: many for gate, _, many in told}
    assert told == [(gate, number, many) for gate, many in asked.items() for number in range(many)]
    assert list(asked) == [Gate.PREPARE, Gate.CREATED, Gate.MASKED] and min(asked.values()) > 5
    assert {item.gate: len(item.results) for item in answers.gates}.items() <= asked.items()


Shown = Callable[..., tuple[str, str]]


class AtOnce:
    """A timer that does not wait."""

    def __init__(self, seconds: float, show: Callable[[], None]) -> None:
        assert seconds == output.SLOW_SECONDS == 2
        self.start = show

    def cancel(self) -> None:
        """Come too late."""

    def join(self) -> None:
        """Be done already."""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shown:
    """Return what a command writes to stdout and stderr, stderr a terminal of 60 columns or not, all work taken for slow."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(output, "threading", SimpleNamespace(Timer=AtOnce))

    def run(*arguments: str, terminal: bool = True) -> tuple[str, str]:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
        with pytest.raises(SystemExit):
            main(list(arguments))
        done = capsys.readouterr()
        return done.out, done.err

    return run


CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def lines(written: str) -> list[str]:
    """Return every state of the line on the terminal, orders to the terminal left out."""
    return [line.rstrip() for line in re.split(r"[\r\n]+", CONTROL.sub("", written))]


def test_a_terminal_sees_file_and_rule_on_one_line_that_goes_away(shown: Shown) -> None:
    out, err = shown("check", PAPER, "--gate", "ready", "-f", "json")
    states = lines(err)
    assert any(re.match(r"reading file 11 of 11, 0\.0 of 0\.0 MB: 8-\S+ +0:00:0\d$", line) for line in states), states
    assert any(re.match(r"asking the rules: gate ready, rule (\d\d) of \1 +0:00:\d\d$", line) for line in states), (
        states
    )
    assert any(re.match(r"writing json +0:00:\d\d$", line) for line in states), states
    assert max(map(len, states)) <= 60 and states[-1] == ""
    assert err.endswith("\x1b[2K") and err.count("\x1b[?25l") == err.count("\x1b[?25h") == 4
    assert (out, "") == shown("check", PAPER, "--gate", "ready", "-f", "json", terminal=False)


def test_no_color_takes_the_colour_away_and_a_dumb_terminal_sees_nothing(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    _, err = shown("captures", PAPER)
    assert "reading file" in err and not re.search(r"\x1b\[[0-9;]*3\dm", err)
    monkeypatch.setenv("TERM", "dumb")
    assert shown("captures", PAPER)[1].strip() == ""


def test_rich_is_loaded_when_work_has_taken_long_and_not_before() -> None:
    code = (
        "import sys, time; from flmparse.cli import output; sys.stderr.isatty = lambda: True\n"
        "output.SLOW_SECONDS = {seconds}\n"
        "with output.working('reading') as show: show('more'); time.sleep(0.1)\n"
        "print('rich' in sys.modules)"
    )
    for seconds, loaded in ((60, "False"), (0.01, "True")):
        done = subprocess.run([sys.executable, "-c", code.format(seconds=seconds)], capture_output=True, text=True)
        assert done.stdout.strip() == loaded, done.stderr


def test_quiet_says_nothing_but_warnings(shown: Shown, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    command = ("report", "readiness", PAPER, "-f", f"html={page}")
    assert shown("--quiet", *command) == ("", "")
    written = page.read_bytes()
    out, err = shown(*command, terminal=False)
    assert (
        out == ""
        and err.startswith("flmparse: At copied ")
        and "May we terminate? NO-GO" in err
        and err.count("\n") == 1
    )
    assert page.read_bytes() == written
    _, err = shown("-q", "check", str(tmp_path / "nothing"))
    assert err.startswith("flmparse: ") and "nothing" in err


def test_a_name_of_a_file_cannot_act_on_the_terminal(shown: Shown, tmp_path: Path) -> None:
    for name, on_the_line in (("a\x1b[2J.txt", "a\\x1b[2J.txt"), ("[bold]b.txt", "[bold]b.txt")):
        folder = tmp_path / name[0]
        folder.mkdir()
        (folder / name).write_text("some line\n")
        _, err = shown("captures", str(folder))
        assert "\x1b[2J" not in err and on_the_line in err
