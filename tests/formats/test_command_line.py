"""Formats and the author on the command line."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import flmparse
from flmparse import assets, cli
from flmparse.render.formats import all_formats

PAPER = str(assets.folder("fixtures") / "migrations" / "whitepaper")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(list(arguments))
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.mark.parametrize("command", ["check", "report"])
def test_the_help_names_every_format_and_what_it_is_for(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    shown = capsys.readouterr().out
    for format in all_formats().values():
        assert f"    {format.name} " in shown and format.holds in shown, format.name


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", PAPER, "-f", "junti"), "no format 'junti'; did you mean 'junit'?"),
        (("report", "readiness", PAPER, "-f", "xslx=a"), "no format 'xslx'; did you mean 'xlsx'?"),
        (("report", "readiness", PAPER, "-f", "junit=a", "-f", "sarif=a"), "two formats cannot both be written to a"),
    ],
)
def test_a_format_that_cannot_be_is_said_before_anything_is_read(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flmparse.collection.read", lambda *_: pytest.fail("was read"))
    assert run(*arguments) == 2
    assert told in capsys.readouterr().err


def test_several_formats_one_of_them_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {name: tmp_path / f"out.{name}" for name in ("junit", "csv", "xlsx")}
    wanted = [word for name, file in files.items() for word in ("-f", f"{name}={file}")]
    assert run("report", "readiness", PAPER, *wanted, "-f", "sarif=-", "--author", "A. Jones") == 1
    shown = capsys.readouterr()
    assert shown.out.startswith('{\n "$schema"') and '"account": "A. Jones"' in shown.out
    assert (
        f"May we terminate? NO-GO, carried from copying: MSK005; readiness report written to {files['junit']}"
        in shown.err
    )
    assert files["xlsx"].read_bytes().startswith(b"PK")
    assert '<property name="author" value="A. Jones" />' in files["junit"].read_text("utf-8")


def test_check_writes_every_format_to_a_file(tmp_path: Path) -> None:
    to = tmp_path / "ready.xml"
    code = run("check", PAPER, "--gate", "created", "-f", "junit", "-o", str(to), "--author", "A. Jones")
    assert code == 0
    assert to.read_text("utf-8").count("<testsuite ") == 1 and 'value="A. Jones"' in to.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal there")
@pytest.mark.parametrize("arguments", [("check", PAPER, "-f", "xlsx"), ("report", "readiness", PAPER, "-f", "xlsx")])
def test_a_workbook_is_not_written_to_a_terminal(arguments: tuple[str, ...]) -> None:
    main, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "flmparse", *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(flmparse.__file__).parents[1])},
        stdout=terminal,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(terminal)
    os.close(main)
    assert done.returncode == 2
    assert done.stderr == (
        "flmparse: xlsx is not for a terminal; name a file: check -f xlsx -o report.xlsx, report -f xlsx=report.xlsx\n"
    )


def test_naming_the_formats_loads_nothing_that_writes_them() -> None:
    code = (
        "import sys; from flmparse.render.formats import all_formats; all_formats();"
        "print({'pandas', 'lark', 'jinja2', 'xlsxwriter', 'xml.etree.ElementTree', 'json'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(flmparse.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
