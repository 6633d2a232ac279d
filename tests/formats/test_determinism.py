"""The same collection gives the same bytes in every format, wherever, whenever and however flmparse is started."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import flmparse
from flmparse import assets
from flmparse.render.formats import all_formats

FILES = {format.name: f"report{format.suffix}" for format in all_formats().values()}

ELSEWHERE = {
    "PYTHONHASHSEED": "4711",
    "LC_ALL": "tr_TR.UTF-8",
    "LANG": "de_DE.ISO-8859-1",
    "TZ": "Pacific/Kiritimati",
    "USER": "somebody-else",
    "COLUMNS": "40",
}


def written(collection: str, folder: Path, cwd: Path, environment: Mapping[str, str]) -> dict[str, bytes]:
    folder.mkdir()
    wanted = [word for name, file in FILES.items() for word in ("-f", f"{name}={folder / file}")]
    done = subprocess.run(
        [sys.executable, "-m", "flmparse", "report", "compliance", collection, *wanted],
        cwd=cwd,
        env={"PYTHONPATH": str(Path(flmparse.__file__).parents[1]), "PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return {name: (folder / file).read_bytes() for name, file in FILES.items()}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes], Path]:
    place = tmp_path_factory.mktemp("determinism")
    first = written(
        str(assets.folder("fixtures") / "migrations" / "whitepaper"), place / "first", place, {"PYTHONHASHSEED": "0"}
    )
    moved = place / "another place"
    shutil.copytree(assets.folder("fixtures") / "migrations" / "whitepaper", moved / "captures")
    for path in moved.rglob("*.txt"):
        os.utime(path, (1, 1))
    return first, written("captures", place / "second", moved, ELSEWHERE), place


@pytest.mark.parametrize("format", FILES)
def test_the_same_bytes(two: tuple[dict[str, bytes], dict[str, bytes], Path], format: str) -> None:
    first, second, _ = two
    assert first[format] == second[format]


@pytest.mark.parametrize("format", FILES)
def test_nothing_of_the_machine_and_no_user(two: tuple[dict[str, bytes], dict[str, bytes], Path], format: str) -> None:
    _, second, place = two
    assert bytes(place) not in second[format] and b"somebody-else" not in second[format]
