"""The two minutes of the README, done as they are written: every command typed, every line taken over, every answer compared."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
HEADING = "## Two minutes"


def blocks() -> list[tuple[str, list[str]]]:
    """Return the fenced blocks of the walk: their language and their lines."""
    text = README.read_text("utf-8")
    walk = text[text.index(HEADING) :].split("\n## ")[0]
    return [(kind, body.splitlines()) for kind, body in re.findall(r"^```(\w+)\n(.*?)^```$", walk, re.M | re.S)]


def typed(command: str, folder: Path) -> str:
    """Carry out a command of the walk; return what it printed."""
    words = command.split()
    if words[0] == "rm":
        (folder / words[1]).unlink()
        return ""
    assert words[0] == "flmparse"
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


def take_over(manifest: Path, lines: list[str]) -> None:
    """Take the ``# `` away from these lines of a manifest."""
    written = manifest.read_text("utf-8").splitlines()
    for line in filter(None, lines):
        written[written.index(f"# {line}")] = line
    manifest.write_text("\n".join(written) + "\n", "utf-8")


def test_the_walk_of_the_readme_works_as_it_is_written(tmp_path: Path) -> None:
    commands = 0
    for kind, lines in blocks():
        if kind == "toml":
            take_over(tmp_path / "night" / "migration.toml", lines)
            continue
        printed: list[str] = []
        for line in lines:
            if line.startswith("$ "):
                printed = typed(line.removeprefix("$ "), tmp_path).splitlines()
                commands += 1
            elif line:
                assert line in printed
    assert commands == 4
