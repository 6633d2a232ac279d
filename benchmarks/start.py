"""Whole processes beside what importing their libraries costs: ``python -m benchmarks.start [--rounds 5]``.

Measured is CPU time, as installed: with modules compiled. A checkout that is run with
``PYTHONDONTWRITEBYTECODE`` compiles flmparse anew each time, and only flmparse; so here everything is compiled into a folder of this run.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measuring import Times, ratio, table

FEW = "import typer"
ALL = "import pandas, lark, jinja2, typer"


def commands() -> dict[str, tuple[str, ...]]:
    """Return what is measured: arguments of Python by name."""
    paper = str(Path(__file__).parents[1] / "fixtures" / "migrations" / "whitepaper")
    run = ("-m", "flmparse")
    return {
        FEW: ("-c", FEW),
        ALL: ("-c", ALL),
        "--help": (*run, "--help"),
        "--version": (*run, "--version"),
        "rules": (*run, "rules"),
        "completion script": (*run, "--show-completion", "bash"),
        "completion of --gate": run,
        "completion of a rule": run,
        "check --gate ready": (*run, "check", paper, "--gate", "ready"),
        "check --gate all": (*run, "check", paper, "--gate", "all"),
    }


ASKED_BY_THE_SHELL = {
    "completion of --gate": {"COMP_WORDS": "flmparse check captures --gate rea", "COMP_CWORD": "4"},
    "completion of a rule": {"COMP_WORDS": "flmparse rules MSK", "COMP_CWORD": "2"},
}


def seconds(name: str, arguments: tuple[str, ...], environment: dict[str, str]) -> float:
    """Return the CPU seconds of a process."""
    asked = ASKED_BY_THE_SHELL.get(name)
    more = {"_FLMPARSE_COMPLETE": "complete_bash", **asked} if asked else {}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *arguments], capture_output=True, env=environment | more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1, 3), done.stderr.decode()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def start(options: argparse.Namespace) -> None:
    """Compare whole processes with what importing their libraries costs."""
    calls = commands()
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ) | {"PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        measured = {name: partial(seconds, name, arguments, environment) for name, arguments in calls.items()}
        times: Times = {name: [] for name in calls}
        for number in range(max(3, options.rounds) + 1):
            for name, call in measured.items():
                took = call()
                if number:  # the first compiles
                    times[name].append(took)
    rows = []
    for name in list(calls)[2:]:
        base = ALL if name.startswith("check") else FEW
        rows.append([name, f"{statistics.median(times[name]) * 1e3:.0f}", base, f"{ratio(times, name, base):.2f}"])
    table("Start: whole processes", ["flmparse ...", "ms of CPU", "beside python -c", "times as long"], rows)


def main() -> None:
    """Run this part alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start")
    parser.add_argument("--rounds", type=int, default=5)
    start(parser.parse_args())


if __name__ == "__main__":
    main()
