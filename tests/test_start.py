"""What a command loads before it does anything, told by the modules that it leaves behind: no stopwatch is needed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAPER = str(Path(__file__).parents[1] / "fixtures" / "migrations" / "whitepaper")

HEAVY = {"pandas.core", "numpy._core", "pyarrow", "lark", "jinja2", "markupsafe", "regex", "xlsxwriter"}

CODE = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from flmparse.cli import main
main()
"""


def loaded(*arguments: str, **environment: str) -> tuple[str, set[str]]:
    """Return what a command prints, and the modules that it has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments], capture_output=True, text=True, env=os.environ | environment
    )
    return done.stdout, set(json.loads(done.stderr.splitlines()[-1]))


def completed(words: str) -> tuple[list[str], set[str]]:
    """Return what the shell is offered for the last of these words, and the modules loaded for it."""
    place = str(len(words.split(" ")) - 1)
    out, modules = loaded(_FLMPARSE_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=place)
    return out.split(), modules


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("check", "--help")])
def test_help_and_version_load_no_part_that_reads_or_judges(arguments: tuple[str, ...]) -> None:
    out, modules = loaded(*arguments)
    assert "flmparse" in out
    assert not modules & HEAVY
    assert not modules & {"flmparse.rules", "flmparse.screens", "flmparse.collection", "flmparse.text.capture", "rich"}


@pytest.mark.parametrize("arguments", [("rules",), ("rules", "MSK005"), ("explain", "MSK005"), ("schema", "check")])
def test_the_catalogue_and_the_schemas_load_neither_pandas_nor_a_single_screen(arguments: tuple[str, ...]) -> None:
    out, modules = loaded(*arguments)
    assert len(out) > 500
    assert not modules & HEAVY
    screens = {name.removeprefix("flmparse.screens.") for name in modules if name.startswith("flmparse.screens.")}
    assert screens <= {"document", "document_reading", "grammar", "lexing", "openings", "screen", "stops"}
    assert "flmparse.render.templates" not in modules


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("flmparse check captures --gate cop", ["copying", "copied"]),
        ("flmparse check captures --gate ready,cop", ["ready,copying", "ready,copied"]),
        ("flmparse check captures --gate copied,cop", ["copied,copying"]),
        ("flmparse captures x -g al", ["all"]),
        ("flmparse check captures --select MS", ["MSK"]),
        ("flmparse check captures --ignore PTH001,MSK00", [f"PTH001,MSK00{number}" for number in range(1, 10)]),
        ("flmparse rules MSK01", ["MSK010", "MSK011", "MSK012"]),
        ("flmparse rules msk01", ["msk010", "msk011", "msk012"]),
        ("flmparse explain masking.every-n", ["masking.every-node-in-view"]),
        ("flmparse check captures --format js", ["json", "jsonl"]),
        ("flmparse report readiness captures --format x", ["xlsx"]),
        ("flmparse parse captures --table paths", ["paths", "paths_in_use"]),
        ("flmparse check captures --profile s", ["strict"]),
    ],
)
def test_the_shell_is_offered_what_fits(words: str, offered: list[str]) -> None:
    told, modules = completed(words)
    assert told == offered
    assert not modules & HEAVY


def test_a_check_builds_the_grammars_of_the_outputs_it_sees_and_no_template() -> None:
    out, modules = loaded("check", PAPER, "--gate", "ready")
    assert "NO-GO" in out
    assert "flmparse.render.templates" not in modules and not modules & {"jinja2", "xlsxwriter"}


def test_the_rules_that_examples_name_exist() -> None:
    from flmparse.cli import explain, rules
    from flmparse.rules import rule_of

    examples = rules.EXAMPLES + explain.EXAMPLES
    named = set(re.findall(r"\b[A-Z]{3}\d{3}\b|\b[a-z]+\.[a-z-]+-[a-z-]+\b", examples))
    assert {rule_of(word).id for word in named} >= {"MSK005", "IDN002"}
