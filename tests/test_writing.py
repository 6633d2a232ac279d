"""Files are written whole or not at all, over nothing that was read, and nothing is left behind, whatever ends the run."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flmparse import assets, cli, workers
from flmparse.cli import output
from flmparse.errors import CaptureError, FlmparseError
from flmparse.render.tables import Listing, as_xlsx
from flmparse.simulation import bulk
from tests.test_cli import process

CLEAN = str(assets.folder("fixtures") / "migrations" / "clean")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="signals, /proc and /dev/full of Linux")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder of a file system of 256 KB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("form", ["html", "json", "sarif"])
def test_a_full_disk_leaves_the_old_report(small_disk: Path, form: str) -> None:
    report = small_disk / "report"
    report.write_bytes(b"old" * 50_000)
    done = process("check", CLEAN, "--gate", "ready", "-f", form, "-o", str(report))
    assert done.returncode == 2 and "cannot be written (No space left on device)" in done.stderr
    assert report.read_bytes() == b"old" * 50_000 and [*small_disk.iterdir()] == [report]


def test_a_full_temporary_folder_is_told_and_left_empty(small_disk: Path, tmp_path: Path) -> None:
    (small_disk / "full").write_bytes(b"x" * (200 << 10))
    environment = {"TMPDIR": str(small_disk)}
    done = process("check", CLEAN, "-f", "xlsx", "-o", str(tmp_path / "o.xlsx"), env=environment)
    assert done.returncode == 2 and "rows of the workbook cannot be kept in" in done.stderr
    assert [path.name for path in small_disk.iterdir()] == ["full"] and not (tmp_path / "o.xlsx").exists()


def test_a_full_disk_in_the_middle_of_pieces_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pieces() -> Iterator[str]:
        yield "new"
        raise OSError(28, "No space left on device")

    (tmp_path / "o").write_text("old")
    with pytest.raises(FlmparseError, match="No space left"):
        output.write(pieces(), str(tmp_path / "o"))
    assert (tmp_path / "o").read_text() == "old" and len([*tmp_path.iterdir()]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")
def test_the_mode_is_that_of_the_umask_or_of_the_old_file(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        output.write("x", str(tmp_path / "new"))
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    (tmp_path / "new").chmod(0o600)
    output.write("y", str(tmp_path / "new"))
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600


def test_nothing_is_written_over_what_was_read_by_a_link_either(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    shutil.copytree(CLEAN, folder)
    (tmp_path / "soft").symlink_to(folder / "migration.toml")
    os.link(folder / "3-ready" / "se-host.txt", tmp_path / "hard")
    for to in ("soft", "hard"):
        done = process("check", str(folder), "-f", "json", "-o", str(tmp_path / to))
        assert done.returncode == 2 and "one of the files that were read" in done.stderr


@on_linux
@pytest.mark.parametrize("form", ["text", "json", "html", "sarif"])
def test_an_answer_that_cannot_be_shown_is_one_line_and_exit_2(form: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "flmparse", "check", CLEAN, "--gate", "ready", "-f", form],
            stdout=full, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "flmparse: standard output: cannot be written (No space left on device)\n"


ROOT = Path(cli.__file__).parents[2]


def shell(command: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHON": sys.executable, "CLEAN": CLEAN}
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment)


@on_linux
def test_closed_streams() -> None:
    done = shell('"$PYTHON" -m flmparse check "$CLEAN" --gate ready >&-')
    assert done.returncode == 2 and done.stderr.startswith("flmparse: standard output: cannot be written")
    assert shell('"$PYTHON" -m flmparse check "$CLEAN" --gate ready 2>&-').returncode == 0
    done = shell('"$PYTHON" -m flmparse check - <&-')
    assert done.returncode == 2 and "standard input: cannot be read" in done.stderr


def test_an_eof_error_is_no_no_go(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def end(*_: object, **__: object) -> None:
        raise EOFError("marker data too short")

    monkeypatch.setattr("flmparse.collection.read", end)
    with pytest.raises(SystemExit) as left:
        cli.main(["check", CLEAN])
    assert left.value.code == 2 and "internal error: " in capsys.readouterr().err


def running(tmp_path: Path, jobs: int) -> "subprocess.Popen[str]":
    """Begin a check that takes long, and return when it reads, with processes of its own where several are to."""
    folder = tmp_path / "c"
    folder.mkdir()
    long = bulk.log("powermt_display", 6)
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(long)
    (tmp_path / "tmp").mkdir()
    # One process waits for standard input, which does not end: however fast the machine, it is reading.
    begun = subprocess.Popen(
        [sys.executable, "-m", "flmparse", "check", str(folder) if jobs > 1 else "-", "--jobs", str(jobs)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp")},
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    if jobs == 1:
        time.sleep(2)
    for _ in range(200 * (jobs - 1)):
        time.sleep(0.05)
        if len(children(begun.pid)) == jobs:
            break
    return begun


def children(process_id: int) -> list[int]:
    listed = Path(f"/proc/{process_id}/task/{process_id}/children")
    return [int(word) for word in listed.read_text().split()]


def ended(process_ids: list[int], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while any(Path(f"/proc/{number}/exe").exists() for number in process_ids):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@on_linux
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_run_that_is_ended_leaves_nothing(tmp_path: Path, number: signal.Signals, jobs: int) -> None:
    begun = running(tmp_path, jobs)
    workers_of = children(begun.pid)
    assert len(workers_of) == (2 if jobs == 2 else 0)
    begun.send_signal(number)
    at = time.monotonic()
    _, told = begun.communicate(timeout=10)
    if number != signal.SIGKILL:
        assert time.monotonic() - at < 2 and begun.returncode == 128 + number
    assert "Traceback" not in told
    assert ended(workers_of, 10)
    assert not [*(tmp_path / "tmp").iterdir()]


@on_linux
def test_without_a_temporary_folder_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(CaptureError, match=r"^no temporary file can be made: .*--jobs 1 reads with one process$"):
        list(workers.map_in_processes(["first", "second"], [1, 2], str.upper, 2))


def test_a_workbook_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert as_xlsx([Listing("t", ("a",), [("b",)])]).startswith(b"PK")
    assert not [*tmp_path.iterdir()]
