"""Templates of a user's own: taken first, run in a sandbox, and told with file and line where they are wrong."""

from pathlib import Path

import pytest

from flmparse import assets, cli
from tests.page.pages import compliance

WHITEPAPER = str(assets.folder("fixtures") / "migrations" / "whitepaper")


def write(folder: Path, name: str, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return str(folder)


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        cli.main(["report", "compliance", WHITEPAPER, *arguments])
    assert isinstance(left.value.code, int)
    told = capsys.readouterr()
    return left.value.code, told.out, told.err


def test_a_part_is_replaced_and_the_rest_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(
        tmp_path / "own",
        "_board.html.j2",
        "<p id='board'>{{ report.verdict }} of {{ report.migration_name }} {{ '<b>' }}</p>",
    )
    code, out, _ = report(capsys, "-f", "html=-", "--template", folder)
    assert code == 1
    assert "<p id='board'>NO-GO of Federated Live Migration" in out and "&lt;b&gt;</p>" in out
    assert 'id="gate-ready"' in out and 'class="sign"' not in out


def test_own_markdown_and_style(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(
        tmp_path / "own", "report.md.j2", "{{ report.verdict }}: {{ report.migration.pairs }} pairs, {{ '*' }}\n"
    )
    assert report(capsys, "-f", "md=-", "--template", folder)[:2] == (1, "NO-GO: 4 pairs, \\*\n")
    write(tmp_path / "own", "report.css", "body { color: teal }")
    assert "<style>\nbody { color: teal }\n</style>" in report(capsys, "-f", "html=-", "--template", folder)[1]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("report.html.j2", "ok\n{% if %}\n", "report.html.j2:2: Expected an expression"),
        ("report.html.j2", "ok\n\n{{ report.verdikt }}", "report.html.j2:3: "),
        ("_board.html.j2", "ok\n{% include 'mine.j2' %}", "_board.html.j2:2: no template 'mine.j2'"),
        ("report.html.j2", "{{ report.migration_read.collection }}", "report.html.j2:1: "),
        ("report.html.j2", "{{ ''.__class__.__mro__ }}", "report.html.j2:1: "),
        ("report.html.j2", "{{ 1 / 0 }}", "report.html.j2:1: division by zero"),
        ("report.md.j2", "\n{% endfor %}", "report.md.j2:2: "),
        ("mine.txt", "", "holds none of the files that it could replace: "),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, told: str
) -> None:
    folder = write(tmp_path / "own", name, text)
    code, out, err = report(capsys, "-f", "html=-", "--template", folder)
    assert (code, out) == (2, "") and told in err and "Traceback" not in err


def test_a_folder_that_is_not_there_and_a_format_without_templates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = report(capsys, "-f", "html=-", "--template", str(tmp_path / "none"))
    assert code == 2 and "no such folder" in err
    code, _, err = report(capsys, "-f", "json=-", "--template", str(tmp_path))
    assert code == 2 and "only html and md are made from templates" in err


def test_the_folder_is_not_in_the_report() -> None:
    assert compliance().templates == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [("pw.j2", "{% include 'pw.j2' %}"), ("report.css", "{{ style }}"), ("in/pw.j2", "{% include 'in/pw.j2' %}")],
)
def test_a_link_does_not_lead_out_of_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    (tmp_path / "secret").mkdir()
    for secret in ("pw.j2", "report.css"):
        (tmp_path / "secret" / secret).write_text("SECRET")
    folder = write(tmp_path / "own", "report.html.j2", text)
    if "/" in name:
        (tmp_path / "own" / "in").symlink_to(tmp_path / "secret")
    else:
        (tmp_path / "own" / name).symlink_to(tmp_path / "secret" / name)
    code, out, err = report(capsys, "-f", "html=-", "--template", folder)
    assert code == 2 and "SECRET" not in out
    assert "a link may not lead out of it" in err


def test_the_sandbox_is_one_that_holds() -> None:
    assert '"jinja2>=3.1.6,' in (Path(assets.__file__).parents[1] / "pyproject.toml").read_text("utf-8")
