"""The command line: exit codes, streams, shapes of what it writes. What the rules say is tested elsewhere."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

import flmparse
from flmparse import assessment, assets, cli
from flmparse.cli.asking import exit_code, rule_words
from flmparse.cli.report import destinations
from flmparse.errors import UsageError
from flmparse.findings import Evidence, Finding, Result, Severity, Status, Subject, Verdict
from flmparse.procedure import Gate
from flmparse.rules import catalogue

PAPER = str(assets.folder("fixtures") / "migrations" / "whitepaper")
POWERMT = f"{PAPER}/3-ready/figure-10.txt"
COMMANDS = ("demo", "parse", "check", "report", "captures", "rules")


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    def json(self) -> dict[str, object]:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    for name in [name for name in os.environ if name.startswith("FLMPARSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def main(*arguments: str) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(list(arguments))
        code = left.value.code
        assert isinstance(code, int)
        return Done(code, *capsys.readouterr())

    return main


def process(
    *arguments: str, env: Mapping[str, str] | None = None, **more: object
) -> "subprocess.CompletedProcess[str]":
    """Run flmparse as a process of its own, from this checkout."""
    root = str(Path(cli.__file__).parents[2])
    given = {**os.environ, "PYTHONPATH": root, **(env or {})}
    return subprocess.run(
        [sys.executable, "-m", "flmparse", *arguments], env=given, capture_output=True, text=True, **more
    )  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def whatever_the_rules_say(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the rules' answers: (gate, status, severity) for each gate that is asked."""

    def answer(*given: Status) -> None:
        def gate_of(migration: object, gate: Gate, profile: str, *_: object) -> assessment.GateAssessment:
            status = given[min(int(gate), len(given) - 1)]
            lines = (Evidence("a.txt", 1, 1, "", "x"),)
            findings = (Finding("PAR001", Subject("x"), status, "said so", lines),)
            result = Result("PAR001", gate, Severity.BLOCKER, True, status, "said so", findings=findings)
            return assessment.GateAssessment(
                gate, profile, (result,) if status is Status.PASS else (result, _passed(gate))
            )

        monkeypatch.setattr(assessment, "_gate", gate_of)

    return answer


def _passed(gate: Gate) -> Result:
    return Result("PAR002", gate, Severity.BLOCKER, True, Status.PASS, "as it should be")


# -- exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "fail_on", "code"),
    [
        (Verdict.GO, (), 0),
        (Verdict.GO_WITH_WARNINGS, (), 0),
        (Verdict.NO_GO, (), 1),
        (Verdict.INCONCLUSIVE, (), 3),
        (Verdict.GO, ("warn", "inconclusive"), 0),
        (Verdict.GO_WITH_WARNINGS, ("fail",), 0),
        (Verdict.GO_WITH_WARNINGS, ("warn",), 1),
        (Verdict.GO_WITH_WARNINGS, ("inconclusive",), 0),
        (Verdict.NO_GO, ("warn",), 1),
        (Verdict.INCONCLUSIVE, ("warn",), 3),
        (Verdict.INCONCLUSIVE, ("inconclusive",), 1),
    ],
)
def test_the_exit_code_of_a_verdict(verdict: Verdict, fail_on: tuple[str, ...], code: int) -> None:
    assert exit_code([verdict], fail_on) == code


def test_over_several_gates_the_worst_counts_and_nothing_asked_is_inconclusive() -> None:
    assert exit_code([Verdict.GO, Verdict.INCONCLUSIVE, Verdict.NO_GO]) == 1
    assert exit_code([Verdict.GO_WITH_WARNINGS, Verdict.INCONCLUSIVE]) == 3
    assert exit_code([Verdict.GO, Verdict.GO_WITH_WARNINGS]) == 0
    assert exit_code([]) == 3


@pytest.mark.parametrize(
    ("status", "verdict", "code"),
    [
        (Status.PASS, "GO", 0),
        (Status.WARN, "GO WITH WARNINGS", 0),
        (Status.FAIL, "NO-GO", 1),
        (Status.INCONCLUSIVE, "INCONCLUSIVE", 3),
        (Status.ERROR, "NO-GO", 1),
    ],
)
def test_check_exits_with_the_verdict(
    run: Run, whatever_the_rules_say: Callable[..., None], status: Status, verdict: str, code: int
) -> None:
    whatever_the_rules_say(status)
    done = run("check", PAPER, "--gate", "ready")
    assert done.code == code
    assert done.out.splitlines()[-1] == f"At ready (the evidence goes on to cleaned). May we activate? {verdict}"
    assert done.err == ""


def test_check_over_all_gates_exits_with_the_worst(run: Run, whatever_the_rules_say: Callable[..., None]) -> None:
    whatever_the_rules_say(Status.PASS, Status.INCONCLUSIVE, Status.FAIL, Status.PASS)
    assert run("check", PAPER).code == 1
    assert run("check", PAPER, "--gate", "prepare,created").code == 3
    assert run("check", PAPER, "--gate", "prepare,ready").code == 0
    whatever_the_rules_say(Status.WARN)
    assert run("check", PAPER, "--fail-on", "warn").code == 1
    assert run("report", "readiness", PAPER, "-f", "text", "--fail-on", "warn").code == 1
    assert run("report", "readiness", PAPER, "-f", "text").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("chekc", "."),
        ("check",),
        ("check", "nothing-of-this-name"),
        ("check", PAPER, "--gate", "reddy"),
        ("check", PAPER, "--profile", "lax"),
        ("check", PAPER, "--format", "sariff"),
        ("check", PAPER, "--select", "MKS005"),
        ("check", PAPER, "--ignore", "XYZ"),
        ("check", PAPER, "--code-page", "cp9999"),
        ("check", PAPER, "--as-of", "tomorrow"),
        ("check", PAPER, "--gate", "ready", "-o", "no/such/folder/x.txt"),
        ("report", "readyness", PAPER),
        ("report", "readiness", PAPER, "-f", "pdf=x.pdf"),
        ("report", "readiness", PAPER, "-f", "md", "-f", "json=-"),
        ("parse", PAPER, "--table", "path"),
        ("parse", PAPER, "--format", "csv"),
        ("parse", PAPER, "--table", "paths", "--unknown"),
        ("rules", "MSK999"),
        ("rules", "show"),
        ("demo", "-o", "no/such/folder"),
        ("captures", "nothing-of-this-name"),
    ],
)
def test_what_cannot_run_exits_with_2_and_says_why_on_stderr(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert done.out == "" and done.err
    assert len(done.err.splitlines()) <= 5


def test_without_a_command_the_help_is_shown_and_nothing_was_run(run: Run) -> None:
    done = run()
    assert done.code == 2 and "Commands:" in done.err


def test_a_mistake_of_the_user_is_one_line_that_names_the_nearest_word(run: Run) -> None:
    assert run("check", PAPER, "--gate", "reddy").err.startswith("flmparse: no gate 'reddy'; did you mean 'ready'?")
    assert "did you mean 'paths'?" in run("parse", PAPER, "--table", "path").err
    assert "did you mean 'MSK005'?" in run("rules", "MKS005").err


def test_a_manifest_with_mistakes_is_told_line_by_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "migration.toml").write_text("[migration]\nnaem = 'x'\n[polcy]\n")
    done = run("check", str(tmp_path))
    assert done.code == 2
    assert done.err.splitlines() == [
        "flmparse: migration.toml:2: migration.naem: no such key; did you mean 'name'?",
        "flmparse: migration.toml:3: polcy: no such section; did you mean 'policy'?",
    ]


def test_an_empty_collection_could_not_be_checked(run: Run, tmp_path: Path) -> None:
    done = run("check", str(tmp_path), "--gate", "ready")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"flmparse: no captures found in {tmp_path}: nothing is there\n"


def test_a_collection_of_which_nothing_can_be_read_could_not_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to(POWERMT)
    done = run("check", str(tmp_path))
    assert done.code == 2
    assert done.err.splitlines()[0] == "flmparse: not read: link.txt: a link; links are not followed"


def test_an_internal_error_is_one_line_and_a_traceback_only_on_demand(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flmparse import collection

    def broken(*_: object) -> None:
        raise KeyError("lost\nits way")

    monkeypatch.setattr(collection, "read", broken)
    done = run("check", PAPER)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("flmparse: internal error: KeyError: ") and line.endswith("please report it")
    assert "in flmparse.cli.asking, line " in line
    told = run("--debug", "check", PAPER)
    assert told.code == 2 and "Traceback" in told.err
    assert "Traceback" not in run("check", PAPER).err


# -- demo and check ---------------------------------------------------------------------------------------------------


def test_the_demo_does_its_work_and_exits_with_0(run: Run, tmp_path: Path) -> None:
    done = run("demo")
    assert done.code == 0, done.err
    for gate in Gate:
        assert f"\nG{int(gate)} {gate.word} " in done.out
    assert "Over all gates: NO-GO." in done.out and "exits with 0" in done.out
    page = (tmp_path / "flmparse-demo.html").read_text()
    assert page.startswith("<!doctype html>") and "NO-GO" in page and "2-masked/se-host.txt" in page
    assert str(tmp_path) not in page


def test_the_demo_writes_where_it_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert run("demo", "-o", "out").code == 0
    assert (tmp_path / "out" / "flmparse-demo.html").stat().st_size > 10_000


def test_the_white_paper_is_a_no_go_for_its_one_initiator(run: Run) -> None:
    done = run("check", PAPER, "--gate", "masked")
    assert done.code == 1
    assert "MSK005" in done.out and "2-masked/se-host.txt:13: " in done.out


def test_json_of_check_has_the_shape_that_is_promised(run: Run) -> None:
    done = run("check", PAPER, "--gate", "masked", "--format", "json")
    assert done.code == 1
    told = json.loads(done.out)
    assert told["schema_version"] == 1
    assert told["tool"] == {"name": "flmparse", "version": flmparse.__version__}
    assert told["migration"]["target_symmetrix"] == "000194900275"
    assert {"name", "sha256", "lines", "unknown_lines"} <= set(told["captures"][0])
    (gate,) = told["gates"]
    assert (gate["gate"], gate["profile"], gate["verdict"]) == ("masked", "paper", "NO-GO")
    wanted = {"rule", "name", "severity", "required", "status", "waiver", "message", "remedy", "missing", "findings"}
    assert all(wanted <= set(result) for result in gate["results"])
    assert {result["rule"] for result in gate["results"]} == {
        r.id for r in catalogue().values() if Gate.MASKED in r.gates
    }
    (fail,) = [result for result in gate["results"] if result["rule"] == "MSK005"]
    assert fail["status"] == "fail" and fail["waiver"] is None and fail["remedy"]
    (finding,) = fail["findings"]
    assert {"subject", "status", "message", "fingerprint", "evidence"} == set(finding)
    assert {"capture", "sha256", "line_start", "line_end", "text"} == set(finding["evidence"][0])


def test_json_lines_of_check_are_one_record_each(run: Run) -> None:
    records = [
        json.loads(line) for line in run("check", PAPER, "--gate", "masked,ready", "--format", "jsonl").out.splitlines()
    ]
    assert [r["gate"] for r in records if r["type"] == "gate"] == ["masked", "ready"]
    assert all({"gate", "profile", "rule", "status"} <= set(r) for r in records if r["type"] == "result")


def test_select_and_ignore_are_said(run: Run) -> None:
    only = json.loads(run("check", PAPER, "--gate", "masked", "--select", "msk005,PAR", "--format", "json").out)
    assert [result["rule"] for result in only["gates"][0]["results"]] == ["MSK005", "PAR005"]
    without = run("check", PAPER, "--gate", "masked", "--ignore", "MSK005", "--format", "json")
    masked = json.loads(without.out)["gates"][0]
    assert "MSK005" in masked["not_asked"]
    asked = len(masked["results"])
    told = run("check", PAPER, "--gate", "masked", "--ignore", "MSK005")
    sentence = f"{asked} of {asked + 1} checks evaluated, the others left out by choice"
    assert (told.code, sentence in told.out) == (3, True)
    assert rule_words(["msk, PAR001", "IDN"]) == ("MSK", "PAR001", "IDN")
    with pytest.raises(UsageError):
        rule_words(["MKS"])


def test_waivers_are_judged_as_of_the_day_that_is_given(run: Run, tmp_path: Path) -> None:
    for folder in ("2-masked", "7-unmasked"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "se-host.txt").write_text(Path(PAPER, folder, "se-host.txt").read_text())
    (tmp_path / "migration.toml").write_text(
        "[[waiver]]\nrule = 'EVD005'\nreason = 'retyped'\nowner = 'storage'\napproved_by = 'board'\nexpires = 2012-06-30\n"
    )

    def told(*more: str) -> tuple[object, object]:
        done = run("check", str(tmp_path), "--gate", "unmasked", "--format", "json", *more)
        document = json.loads(done.out)
        (result,) = [result for result in document["gates"][0]["results"] if result["rule"] == "EVD005"]
        assert result["status"] == "warn"
        return document["waivers"][0]["holds"], result["waiver"] and result["waiver"]["approved_by"]

    assert told("--as-of", "2012-06-30") == (True, "board")
    assert told("--as-of", "2012-07-01") == (False, None)
    assert told() == (False, None)
    assert (
        "waiver of EVD005 for * until 2012-06-30: expired" in run("check", str(tmp_path), "--as-of", "2013-01-01").out
    )


def test_profile_comes_from_option_environment_manifest_in_this_order(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def profile(*more: str) -> str:
        return str(json.loads(run("check", str(tmp_path), "--gate", "ready", "--format", "json", *more).out)["profile"])

    (tmp_path / "3-ready").mkdir()
    (tmp_path / "3-ready" / "node.txt").write_text("C:\\>hostname\nse01\nC:\\>\n")
    assert profile() == "paper"
    (tmp_path / "migration.toml").write_text('[policy]\nprofile = "strict"\n')
    assert profile() == "strict"
    monkeypatch.setenv("FLMPARSE_PROFILE", "paper")
    assert profile() == "paper"
    assert profile("--profile", "strict") == "strict"


def test_every_option_has_an_environment_variable(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLMPARSE_CHECK_GATE", "prepare")
    monkeypatch.setenv("FLMPARSE_CHECK_FORMAT", "json")
    told = json.loads(run("check", PAPER).out)
    assert [gate["gate"] for gate in told["gates"]] == ["prepare"]
    monkeypatch.setenv("FLMPARSE_CHECK_GATE", "reddy")
    assert run("check", PAPER).code == 2


# -- report -----------------------------------------------------------------------------------------------------------


def test_report_writes_several_formats_at_once(run: Run, tmp_path: Path) -> None:
    done = run("report", "compliance", PAPER, "-f", "html=r.html", "-f", "md=-", "-f", "json=r.json")
    assert done.code == 1
    assert done.out.startswith("# Compliance report: ")
    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")
    told = json.loads((tmp_path / "r.json").read_text())
    assert [gate["gate"] for gate in told["gates"]] == [gate.word for gate in Gate]
    assert "NO-GO; compliance report written to r.html" in done.err


def test_report_readiness_is_about_the_steps_that_cannot_be_taken_back(run: Run, tmp_path: Path) -> None:
    assert run("report", "readiness", PAPER).code == 1
    assert "May we terminate?" in (tmp_path / "flmparse-readiness.html").read_text()
    told = json.loads(run("report", "readiness", PAPER, "-f", "json").out)
    assert [gate["gate"] for gate in told["gates"]] == ["prepare", "created", "masked", "ready", "copied"]


def test_two_formats_never_go_to_one_place() -> None:
    assert destinations(["html=a.html", "md"]) == [("html", "a.html"), ("md", "-")]
    for given in (["md", "json"], ["md=x", "json=x"], ["docx=x"]):
        with pytest.raises(UsageError):
            destinations(given)


# -- parse and captures -----------------------------------------------------------------------------------------------


def test_json_of_parse_has_the_shape_that_is_promised(run: Run) -> None:
    done = run("parse", PAPER, "--format", "json")
    assert done.code == 0
    told = json.loads(done.out)
    assert told["schema_version"] == 1 and len(told["captures"]) == 11
    assert {"name", "sha256", "encoding", "lines", "blocks"} <= set(told["captures"][0])
    block = next(c for c in told["captures"] if c["name"] == "3-ready/figure-10.txt")["blocks"][0]
    wanted = {"screen", "command", "node", "gate", "time", "line_start", "line_end", "status", "rows", "lines"}
    assert wanted <= set(block)
    assert (block["screen"], block["gate"], block["status"], block["rows"]) == (
        "powermt_display",
        "ready",
        "parsed",
        20,
    )
    assert sum(block["lines"].values()) == block["line_end"] - block["line_start"] + 1
    for capture in told["captures"]:
        assert sum(sum(block["lines"].values()) for block in capture["blocks"]) == capture["lines"]
    assert told["tables"]["paths"][0]["port"] == "14C:0"
    assert all(rows for rows in told["tables"].values())


def test_parse_of_one_table_writes_only_that(run: Run) -> None:
    told = json.loads(run("parse", POWERMT, "--table", "paths", "--format", "json").out)
    assert list(told["tables"]) == ["paths"] and len(told["tables"]["paths"]) == 16
    rows = list(csv.DictReader(io.StringIO(run("parse", POWERMT, "--table", "paths", "--format", "csv").out)))
    assert len(rows) == 16 and rows[0]["io_path"] == "c5t10d6" and rows[0]["line"] == "11"
    lines = run("parse", POWERMT, "--table", "paths", "--format", "jsonl").out.splitlines()
    assert len(lines) == 16 and json.loads(lines[0])["table"] == "paths"
    assert "c5t10d6" in run("parse", POWERMT, "--table", "paths").out


def test_a_table_without_rows_still_has_its_columns(run: Run) -> None:
    assert run("parse", POWERMT, "--table", "sessions").out == "sessions: no rows\n"
    assert run("parse", POWERMT, "--table", "sessions", "--format", "csv").out.count("\n") == 1
    assert json.loads(run("parse", POWERMT, "--table", "sessions", "--format", "json").out)["tables"] == {
        "sessions": []
    }


def test_parse_shows_blocks_and_tables_with_their_rows(run: Run) -> None:
    out = run("parse", PAPER).out
    assert "3-ready/figure-10.txt  utf-8, 53 lines: " in out
    assert "powerpath_devices 4, paths 16" in out


@pytest.mark.parametrize("format", ["parquet", "xlsx"])
def test_binary_formats_go_to_a_file_and_not_to_a_terminal(run: Run, format: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow" if format == "parquet" else "xlsxwriter")
    assert run("parse", POWERMT, "--table", "paths", "--format", format, "-o", "a").code == 0
    assert run("parse", POWERMT, "--table", "paths", "--format", format, "-o", "b").code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    if format == "parquet":
        frame = pd.read_parquet(tmp_path / "a")
        assert len(frame) == 16 and frame["port"].iloc[0] == "14C:0"
    refused, shown = on_a_terminal("parse", POWERMT, "--table", "paths", "--format", format)
    assert refused == 2 and "not for a terminal" in shown


def test_captures_prints_times_as_a_range(run: Run) -> None:
    clean = str(Path(PAPER).parent / "clean")
    table = run("captures", clean).out
    assert max(map(len, table.splitlines())) < 400
    assert re.search(r"^1-created/se-host.txt .* \d{4}-\d\d-\d\dT\d\d:\d\d-\d\d:\d\d\S*, \d+ outputs ", table, re.M), (
        table
    )
    rows = list(csv.DictReader(io.StringIO(run("captures", clean, "--format", "csv").out)))
    assert all(re.fullmatch(r"[-\dT:+]{25}(, [-\dT:+]{25})*", row["time"]) for row in rows if row["time"])


def test_several_paths_keep_captures_apart(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "node.txt").write_text(Path(POWERMT).read_text())
    told = json.loads(run("parse", "a/node.txt", "b", "a/node.txt", "--format", "json").out)
    assert [capture["name"] for capture in told["captures"]] == ["a/node.txt", "b/node.txt"]
    assert sorted({(row["capture"], row["block"]) for row in told["tables"]["paths"]}) == [
        ("a/node.txt", 0),
        ("b/node.txt", 1),
    ]


def test_lines_not_understood_are_counted_and_listed(run: Run, tmp_path: Path) -> None:
    text = Path(POWERMT).read_text().splitlines(keepends=True)
    text.insert(11, "%% a line that nobody wrote \x1b[2J\n")
    (tmp_path / "node.txt").write_text("".join(text))
    done = run("parse", "node.txt", "--table", "paths", "--format", "csv")
    assert done.code == 0
    assert done.err == f"flmparse: 1 of {len(text)} lines were not understood; --unknown lists them\n"
    listed = run("parse", "node.txt", "--unknown")
    assert "a line that nobody wrote \\x1b[2J" in listed.out and listed.err == ""
    (row,) = json.loads(run("parse", "node.txt", "--unknown", "--format", "json").out)["unknown"]
    assert (row["capture"], row["line_start"], row["line_end"], row["screen"]) == (
        "node.txt",
        12,
        12,
        "powermt_display",
    )
    assert run("parse", PAPER, "--unknown").out == "unknown: no rows\n"


def test_a_code_page_is_taken_from_the_option(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes("Größe\n".encode("cp850"))
    (capture,) = json.loads(run("parse", "x.txt", "--format", "json", "--code-page", "cp850").out)["captures"]
    assert capture["encoding"] == "cp850"


def test_standard_input_is_a_capture() -> None:
    done = process("parse", "-", "--table", "paths", "--format", "csv", input=Path(POWERMT).read_text())
    assert done.returncode == 0 and done.stdout.count("\n") == 17


def test_captures_lists_what_became_of_each(run: Run) -> None:
    table = run("captures", PAPER)
    assert table.code == 0
    assert table.out.splitlines()[0].split() == [
        "capture", "node", "gate", "encoding", "lines", "fact", "noise", "prompt", "unknown", "screens",
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run("captures", PAPER, "--format", "csv").out)))
    for row in rows:
        assert int(row["lines"]) == sum(int(row[kind]) for kind in ("fact", "noise", "prompt", "unknown"))
    diskpart = next(row for row in rows if row["capture"] == "3-ready/figure-09.txt")
    assert (diskpart["node"], diskpart["gate"], diskpart["screens"]) == ("MSTPM3032", "ready", "diskpart")
    assert len(json.loads(run("captures", PAPER, "--format", "json").out)["captures"]) == len(rows)


# -- rules and help ---------------------------------------------------------------------------------------------------


def test_rules_lists_the_catalogue_and_prints_pages(run: Run) -> None:
    listed = run("rules").out
    assert all(f"{id} " in listed for id in catalogue())
    rule = catalogue()["MSK005"]
    for words in (("MSK005",), ("show", "msk005"), (rule.name,)):
        page = run("rules", *words).out
        assert page.startswith(f"MSK005  {rule.name}\n{rule.title[:60]}")
        assert all(f"\n{heading}\n" in page for heading in rule.page)
    told = json.loads(run("rules", "--format", "json").out)["rules"]
    assert [item["id"] for item in told] == list(catalogue())
    assert json.loads(run("rules", "MSK005", "-f", "json").out)["rules"][0]["page"] == rule.page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(run: Run, command: str) -> None:
    done = run(command, "-h")
    assert done.code == 0 and "Examples:" in done.out
    assert done.out == run(command, "--help").out
    assert all(f"flmparse {command}" in line for line in done.out.splitlines() if line.startswith("    flmparse "))


def test_the_examples_of_the_help_are_commands_that_exist(run: Run) -> None:
    help_text = run("--help").out
    assert [command for command in COMMANDS if f"\n  {command} " in help_text] == list(COMMANDS)


def test_the_version_is_that_of_the_project(run: Run) -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    if "version" not in project.get("dynamic", []):
        assert flmparse.__version__ == project["version"]
    assert run("--version").out == f"flmparse {flmparse.__version__}\n"


def test_completion_is_there() -> None:
    done = process("--show-completion", "bash", env={"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"})
    assert done.returncode == 0 and "_FLMPARSE_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("rules",), ("rules", "MSK005"), ("check", "--help")]
)
def test_light_commands_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\n"
        "from flmparse.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('loaded:', *sorted({'pandas.core', 'numpy._core', 'lark', 'jinja2', 'rich'} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout and done.stderr == "loaded:\n"


def test_importing_flmparse_loads_nothing_heavy_and_offers_its_names() -> None:
    code = "import sys, flmparse; print(*sorted({'pandas', 'lark', 'jinja2', 'typer'} & set(sys.modules)), end='')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == ""
    assert set(flmparse.__all__) == set(dir(flmparse))
    assert all(getattr(flmparse, name) is not None for name in flmparse.__all__)
    with pytest.raises(AttributeError, match="no attribute 'raed'"):
        flmparse.raed  # noqa: B018


# -- streams ----------------------------------------------------------------------------------------------------------


def on_a_terminal(*arguments: str, **env: str) -> tuple[int, str]:
    """Run flmparse with all its streams on a terminal; return the exit code and what the terminal got."""
    root = str(Path(cli.__file__).parents[2])
    outer, inner = pty.openpty()
    given = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    given |= {"PYTHONPATH": root, "TERM": "xterm", **env}
    running = subprocess.Popen(
        [sys.executable, "-m", "flmparse", *arguments], stdin=inner, stdout=inner, stderr=inner, env=given
    )
    os.close(inner)
    shown = b""
    while True:
        try:
            part = os.read(outer, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(outer)
    return running.wait(), shown.decode()


def test_colour_goes_to_a_terminal_that_takes_it_and_nowhere_else(run: Run) -> None:
    arguments = ("check", PAPER, "--gate", "masked", "--select", "MSK005")
    code, shown = on_a_terminal(*arguments)
    assert code == 1 and "\x1b[1;31mNO-GO" in shown
    assert not re.search(r"\x1b\[[\d;]+m", on_a_terminal(*arguments, NO_COLOR="1")[1])
    assert "\x1b" not in on_a_terminal(*arguments, TERM="dumb")[1]
    assert "\x1b" not in run(*arguments).out


@pytest.mark.parametrize("more", [("--table", "paths"), ("--table", "paths", "--format", "csv"), ("--unknown",), ()])
def test_captured_text_cannot_act_on_a_terminal(tmp_path: Path, more: tuple[str, ...]) -> None:
    text = Path(POWERMT).read_text().replace("harddisk14", "harddisk\u202e14")
    hostile = tmp_path / "node \x1b[2J.txt"
    hostile.write_text(text + "odd \u202e line\n")
    code, shown = on_a_terminal("parse", str(hostile), *more)
    assert code == 0
    assert "\u202e" not in shown and "\x1b[2J" not in shown
    assert "\\u202e" in shown or "\\x1b[2J" in shown


def test_a_reader_that_goes_away_is_no_error() -> None:
    root = str(Path(cli.__file__).parents[2])
    running = subprocess.Popen(
        [sys.executable, "-m", "flmparse", "parse", PAPER, "--format", "json"],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout and running.stderr
    running.stdout.close()
    assert running.stderr.read() == b""
    assert running.wait() == 0
    running.stderr.close()


def test_progress_shows_only_for_long_work(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import time

    from flmparse.cli import output

    monkeypatch.setattr(output, "SLOW_SECONDS", 0.02)
    with output.working("reading"):
        time.sleep(0.1)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with output.working("reading"):
        time.sleep(0.1)
    assert "reading" in capsys.readouterr().err
    monkeypatch.setattr(output, "SLOW_SECONDS", 5)
    with output.working("reading"):
        pass
    assert capsys.readouterr().err == ""
