"""``flmparse simulate``: what is written where, and what it refuses."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flmparse import cli, read
from flmparse.procedure import Gate
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
    assert dict(simulate(Shape(pairs=4, nodes=3, seed=9), gate=Gate.READY).captures()) == written
    assert read("made").manifest.node_count == 3


def test_a_folder_that_no_simulation_wrote_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "notes.txt").write_text("mine")
    for more in ((), ("--force",)):
        code, _, err = run("kept", *more)
        assert code == 2 and "kept holds files that no simulation wrote; name a new folder" in err
    (tmp_path / "kept" / "migration.toml").write_text("# file: notes.txt\n")
    assert run("kept", "--force")[0] == 2
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["migration.toml", "notes.txt"]
    (tmp_path / "file").write_text("")
    assert "file is no folder" in run("file")[2]


def test_force_replaces_the_earlier_simulation_and_nothing_else(run: Run, tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert run("made", "--pairs", "2", "--nodes", "3", "--gate", "created")[0] == 0
    (made / "notes.txt").write_text("mine")
    code, _, err = run("made", "--pairs", "2")
    assert code == 2 and "made is not empty; --force replaces the simulation in it" in err
    assert run("made", "--pairs", "2", "--gate", "prepare", "--force", "--layout", "hosts")[0] == 0
    kept = {path.relative_to(made).as_posix() for path in made.rglob("*")}
    fresh = set(dict(simulate(Shape(pairs=2), gate=Gate.PREPARE).captures(layout="hosts")))
    assert kept == fresh | {"notes.txt"}
    assert read("made").manifest.node_count == 2


def test_names_in_a_manifest_remove_nothing_outside(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")
    assert run("made", "--pairs", "2", "--gate", "prepare")[0] == 0
    (tmp_path / "made" / "link").symlink_to(tmp_path / "other")
    manifest = tmp_path / "made" / "migration.toml"
    names = ("../other/mine.txt", str(tmp_path / "other" / "mine.txt"), "link/mine.txt")
    manifest.write_text(manifest.read_text() + "".join(f"# file: {name}\n" for name in names))
    assert run("made", "--pairs", "2", "--gate", "prepare", "--force")[0] == 0
    assert (tmp_path / "other" / "mine.txt").read_text() == "mine"


def test_the_shape_can_be_told(run: Run, tmp_path: Path) -> None:
    told = ("--views", "3", "--thick", "1", "--metas", "0", "--equal-sizes", "1", "--digits", "5", "--fabrics", "2")
    more = ("--source-track-kb", "32", "--no-unrelated", "--ports", "4", "--pairs", "6", "--gate", "masked")
    assert run("made", *told, *more)[0] == 0
    frames = read("made").frames
    assert frames["masking_views"]["view"].nunique() == 3
    assert set(frames["identities"]["config"]) == {"RAID-5"}
    assert set(frames["view_devices"]["device"].str.len()) == {5}
    assert set(frames["paths"]["symmetrix"]) == set(frames["pairs"]["source_symmetrix"])
    ways = frames["san_ports"].groupby("port")["remote_port_wwn"].nunique()
    assert set(ways) == {2} and len(ways) == 4


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
        (("made", "--fabrics", "2", "--hbas", "1"), "two fabrics need two adapters and two ports"),
        (("made", "--fabrics", "3"), "there are 1 or 2 fabrics, not 3"),
        (("made", "--thick", "1.5"), "thick is a share between 0 and 1, not 1.5"),
        (("made", "--views", "9"), "views is between 1 and the 8 pairs, not 9"),
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
