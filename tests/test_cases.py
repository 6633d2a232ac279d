"""Whole collections with the verdicts that they must get, read in place: each line of cases.tsv is one question asked of the command line.

`OPEN` lists the questions that are not answered right yet. One of them that is answered right fails too, until it is taken off the list.
"""

import csv
import json
import shlex
import tarfile
from functools import cache
from pathlib import Path

import pytest

from flmparse.cli import main

CASES = Path(__file__).parent.parent.parent / "shared" / "cases"
TABLE = CASES / "cases.tsv"
QUESTIONS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter="\t")) if TABLE.exists() else []
WORST_FIRST = ["NO-GO", "INCONCLUSIVE", "GO WITH WARNINGS", "GO"]
EXIT_CODES = {"NO-GO": 1, "INCONCLUSIVE": 3, "GO WITH WARNINGS": 0, "GO": 0}

OPEN: dict[str, str] = {
    "alarm-query-loop copied": "one query alone: copied-go-of-two-captures, which holds the same evidence, must be INCONCLUSIVE",
}
"""Questions (``name gate``) that are not answered right yet, and what is missing."""

pytestmark = pytest.mark.skipif(not QUESTIONS, reason="the collections with known verdicts are not beside the project")


def name_of(question: dict[str, str]) -> str:
    return f"{question['name']} {question['gate']}"


@cache
def folder_of(name: str, root: Path) -> Path:
    folder = root / name
    with tarfile.open(CASES / f"{name}.tar.gz") as packed:
        packed.extractall(folder, filter="tar")
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


def answer_of(question: dict[str, str], root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the verdict of a question, ERROR for exit 2; the exit code must be that of the verdict."""
    gate = question["gate"]
    arguments = ["check", str(folder_of(question["name"], root) / question["path"])]
    arguments += ["--gate", gate] if gate != "-" else []
    options = shlex.split(question["options"], comments=True)
    # Two formats given are refused, and a question that names one asks for JSON.
    arguments += [*options, *(() if "-f" in options else ("--format", "json"))]
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    code = leaving.value.code
    if code == 2:
        return "ERROR"
    gates = json.loads(capsys.readouterr().out)["gates"]
    verdicts: list[str] = [item["verdict"] for item in gates if gate in ("-", item["gate"])]
    verdict = min((one for one in verdicts if one in WORST_FIRST), key=WORST_FIRST.index)
    assert code == EXIT_CODES[verdict]
    return verdict


def allowed(question: dict[str, str]) -> set[str]:
    verdicts = question["verdicts"]
    return {"INCONCLUSIVE"} if verdicts == "exit 3 and a JSON document" else set(verdicts.split("|"))


@pytest.mark.parametrize("question", QUESTIONS, ids=name_of)
def test_a_collection_gets_the_verdict_that_it_must(
    question: dict[str, str], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict = answer_of(question, root, capsys)
    if name_of(question) in OPEN:
        assert verdict not in allowed(question), "answered right: take it off OPEN"
        pytest.xfail(OPEN[name_of(question)])
    assert verdict in allowed(question), question["why"]


def test_open_questions_are_questions() -> None:
    assert set(OPEN) <= {name_of(question) for question in QUESTIONS}
