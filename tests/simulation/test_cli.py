"""``flmparse simulate``: what is written where, and what it refuses."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flmparse import cli, read
from flmparse.simulation import Shape, simulate

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    for name in [name for name in os.environ if name.startswith("FLMPARSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def main(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["simulate", *arguments])
        return int(left.value.code or 0), *capsys.readouterr()

    return main


def test_what_is_written_is_what_was_simulated(run: Run, tmp_path: Path) -> None:
    code, out, err = run("made", "--pairs", "4", "--nodes", "3", "--seed", "9", "--gate", "ready")
    assert (code, out) == (0, "")
    assert err.startswith("flmparse: wrote ") and "flmparse check made --gate ready" in err
    written = {
        path.relative_to(tmp_path / "made").as_posix(): path.read_bytes().decode()
        for path in (tmp_path / "made").rglob("*")
        if path.is_file()
    }
    whole = dict(simulate(Shape(pairs=4, nodes=3, seed=9)).captures())
    assert {name: text for name, text in whole.items() if name < "4" or name == "migration.toml"} == written
    assert read("made").manifest.node_count == 3


def test_a_folder_that_holds_something_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "notes.txt").write_text("mine")
    code, _, err = run("kept")
    assert code == 2 and "kept is not empty; --force writes into it" in err
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["notes.txt"]
    assert run("kept", "--pairs", "2", "--gate", "prepare", "--force")[0] == 0
    assert (tmp_path / "kept" / "notes.txt").read_text() == "mine"
    (tmp_path / "file").write_text("")
    assert "file is no folder" in run("file")[2]


def test_faults_are_listed_with_gate_rule_and_status(run: Run) -> None:
    code, out, _ = run("--list-faults")
    assert code == 0
    assert "F061  ready       PTH004 fail          A target path is dead before activation\n" in out
    assert len(out.splitlines()) > 100


def test_a_fault_is_in_what_is_written(run: Run, tmp_path: Path) -> None:
    assert run("broken", "--pairs", "3", "--fault", "F061", "--fault", "F121", "--gate", "ready")[0] == 0
    displays = [path.read_text() for path in (tmp_path / "broken" / "3-ready").glob("*01.txt")]
    assert sum(text.count("  dead ") for text in displays) == 1
    assert (tmp_path / "broken/0-prepare/se-host.txt").read_text().count("PHYSICALDRIVE") == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name a folder to write to, or ask for --list-faults"),
        (("made", "--pairs", "0"), "pairs is between 1 and 16384, not 0"),
        (("made", "--fault", "F0611"), "no fault 'F0611'; did you mean"),
        (("made", "--gate", "redy"), "no gate 'redy'; did you mean 'ready'?"),
        (("made", "--os", "Windows 95"), "no system 'Windows 95' (systems: Windows Server 2003,"),
        (("made", "--nodes", "1", "--fault", "F061"), "two nodes"),
    ],
)
def test_what_cannot_be_is_refused(run: Run, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err and err.startswith("flmparse: ")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("style", "prompt"),
    [
        ("cmd", "C:\\> symcfg list"),
        ("powershell", "PS C:\\> symcfg list"),
        ("putty", "[root@se-host ~]# symcfg list"),
        ("script", "root@se-host:~# symcfg list"),
    ],
)
def test_the_style_is_that_of_the_control_host(run: Run, tmp_path: Path, style: str, prompt: str) -> None:
    assert run(style, "--pairs", "2", "--gate", "prepare", "--style", style, "--layout", "hosts")[0] == 0
    log = (tmp_path / style / "se-host.txt").read_text()
    assert f"\n{prompt}\n" in log
    assert log.startswith("=~=~=~") == (style == "putty")
