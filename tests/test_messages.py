"""What people are told when something is missing: what is captured and lacks a gate, which pair file is meant, what is still to do."""

import json
import re
from pathlib import Path

import pytest

from flmparse.assessment import assess
from flmparse.cli.captures import _fitting as fitting
from flmparse.cli.captures import _rows as rows_of
from flmparse.cli.captures import gaps
from flmparse.cli.output import STDOUT
from flmparse.collection import Collection, read
from flmparse.findings import Status
from flmparse.render.context import report_of
from flmparse.render.text import text
from flmparse.simulation import Shape, simulate
from tests.editing import clean, status
from tests.test_cli_more import run

MARKER = "#flm "


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a faultless night as one log for each host, without a time or a marker."""
    folder = tmp_path_factory.mktemp("flat")
    for name, content in simulate(Shape(pairs=4, nodes=2, seed=7)).captures("cmd", "hosts"):
        lines = [line for line in content.splitlines() if not line.startswith(MARKER)]
        content = "\n".join(lines).split("[[capture]]")[0]
        (folder / name).write_text(content + "\n", "utf-8")
    return folder


def node_log(folder: Path) -> str:
    return next(path.name for path in sorted(folder.glob("*01.txt")))


def test_what_is_captured_and_of_no_known_gate_is_said_once_with_its_lines(flat: Path) -> None:
    shown = text(report_of(assess(read(str(flat)), "ready")))
    sentence = f"captured ({node_log(flat)}:1"
    assert "gate unknown: put `gate=ready` above the line that is of it or in migration.toml" in shown
    assert shown.count(sentence) <= 6, "one line for each kind of evidence, not one for each rule"
    assert "powermt display (captured in " in shown and "not captured: powermt display dev=all" not in shown
    assert f"the gate of {node_log(flat)}, in a line #flm gate=... or in migration.toml" in shown


def test_a_pair_file_of_another_name_is_named_with_those_that_are_there(flat: Path) -> None:
    manifest = flat / "migration.toml"
    name = str(read(str(flat)).manifest.pair_file)
    written = manifest.read_text("utf-8")
    try:
        manifest.write_text(written.replace(f'pair_file = "{name}"', 'pair_file = "sap_fml"'), "utf-8")
        shown = text(report_of(assess(read(str(flat)), "created")))
    finally:
        manifest.write_text(written, "utf-8")
    sentence = (
        rf"sap_fml is named in migration\.toml:\d+, and no such pair file or command is captured; there is {name}"
    )
    assert re.search(sentence, shown)


def two_pair_files() -> Collection:
    pair_file = clean().capture("0-prepare/mail_flm.txt").text
    return clean(
        add={"0-prepare/other_flm.txt": pair_file}, manifest=lambda toml: toml.replace("pair_file =", "# pair_file =")
    )


def test_of_two_pair_files_the_manifest_has_to_name_one() -> None:
    result = status(two_pair_files(), "PAR001", "prepare")
    assert result.status is Status.INCONCLUSIVE
    assert (
        "which of the pair files mail_flm, other_flm is the migration's? State pair_file in migration.toml"
        in result.message
    )


def test_the_newest_stale_answer_is_the_one_that_is_named() -> None:
    collection = clean(drop=["4-copying/EXCH01.txt", "4-copying/EXCH02.txt"])
    assert status(collection, "PTH001", "copying").message == (
        "3-ready/EXCH02.txt:21: captured before activate (4-copying/se-host.txt:2)"
    )


def test_commands_are_filled_in_where_they_are_listed() -> None:
    collection = clean(drop=["1-created/se-host.txt"])
    assessment = assess(collection, "created")
    shown = text(report_of(assessment))
    assert "symrcopy -f mail_flm query" in shown and "<pair file>" not in shown and "-sid <target>" not in shown
    assert not [row["command"] for row in gaps(assessment) if "<pair file>" in row["command"]]


def test_no_captures_is_one_line_and_could_not_run(tmp_path: Path) -> None:
    for command in ("check", "captures", "parse"):
        done = run(command, str(tmp_path))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"flmparse: no captures found in {tmp_path}: nothing is there\n"
    (tmp_path / "migration.toml").write_text("", "utf-8")
    assert "nothing is there but migration.toml" in run("check", str(tmp_path)).stderr


@pytest.mark.parametrize("width", [80, 120])
def test_captures_fits_a_terminal(flat: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    lines = fitting(rows_of(read(str(flat)), in_short=True), STDOUT).splitlines()
    assert max(map(len, lines)) <= width
    assert any("powermt_display" in line or "screens" in line for line in lines[1:])


def test_captures_has_hashes_for_machines(flat: Path) -> None:
    assert "sha256" in run("captures", str(flat), "-f", "csv").stdout.splitlines()[0]
    assert json.loads(run("captures", str(flat), "-f", "json").stdout)["captures"][0]["sha256"]


def test_nothing_left_to_capture_is_said(tmp_path: Path) -> None:
    for name, content in simulate(Shape(pairs=2, nodes=2, seed=3)).captures():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    assert "Nothing left to capture for ready" in run("captures", str(tmp_path), "--gate", "ready").stdout
