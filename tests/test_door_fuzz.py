"""Damaged collections through the whole command: no exception, no hang, every line counted, and no GO beside what
could not be read.

``FLMPARSE_DAMAGED`` says how many are made; each has its seed as number, so that one that fails is made again by its number alone.
"""

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import flmparse
from flmparse import assets
from flmparse.collection import Collection
from flmparse.errors import FlmparseError
from flmparse.findings import Status
from flmparse.render.context import report_of
from flmparse.render.formats import all_formats

MIGRATIONS = assets.folder("fixtures") / "migrations"
DAMAGED = int(os.environ.get("FLMPARSE_DAMAGED", "8"))
WRITTEN_IN_EVERY_FORMAT = 4
"""Of this many collections, one is written in every format."""

MOST_SECONDS = 120

Damage = Callable[[random.Random, bytes, bytes], bytes]


def lines_shuffled(dice: random.Random, data: bytes, _: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    first = dice.randrange(len(lines) + 1)
    part = lines[first : first + 20]
    dice.shuffle(part)
    return b"".join([*lines[:first], *part, *lines[first + 20 :]])


def line_doubled(dice: random.Random, data: bytes, _: bytes) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at = dice.randrange(len(lines))
    return b"".join([*lines[: at + 1], *lines[at:]])


def bits_flipped(dice: random.Random, data: bytes, _: bytes) -> bytes:
    flipped = bytearray(data)
    for _number in range(dice.randrange(1, 9) if data else 0):
        flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
    return bytes(flipped)


def piece(dice: random.Random, data: bytes) -> tuple[int, int]:
    first, last = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    return first, last


def cut_out(dice: random.Random, data: bytes, _: bytes) -> bytes:
    first, last = piece(dice, data)
    return data[:first] + data[last:]


def spliced(dice: random.Random, data: bytes, other: bytes) -> bytes:
    first, last = piece(dice, other)
    at = dice.randrange(len(data) + 1)
    return data[:at] + other[first:last] + data[at:]


DAMAGES: tuple[Damage, ...] = (
    lines_shuffled,
    line_doubled,
    bits_flipped,
    cut_out,
    spliced,
    lambda dice, data, _: data[: dice.randrange(len(data) + 1)],
    lambda dice, data, _: data + dice.randbytes(200),
    lambda _dice, data, _: data.decode("latin-1").encode("utf-16"),
    lambda _dice, data, _: data.replace(b"\n", b"\r"),
    lambda _dice, _data, _other: b"",
)


def damaged(seed: int, folder: Path) -> Path:
    """Make a damaged collection: a folder, or an archive of it that may be damaged as well."""
    dice = random.Random(seed)
    name = dice.choice(["clean", "whitepaper"])
    shutil.copytree(MIGRATIONS / name, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "migration.toml")
    for _ in range(dice.randrange(1, 5)):
        path, other = dice.choice(files), dice.choice(files)
        path.write_bytes(dice.choice(DAMAGES)(dice, path.read_bytes(), other.read_bytes()))
    if dice.random() < 0.6:
        return folder
    packed = Path(shutil.make_archive(str(folder), dice.choice(["tar", "gztar", "zip"]), folder))
    if dice.random() < 0.5:
        packed.write_bytes(bits_flipped(dice, packed.read_bytes(), b""))
    return packed


def assert_every_line_is_counted(collection: Collection) -> None:
    for capture in collection.captures:
        blocks = [output for output in collection.outputs if output.capture is capture]
        if blocks:
            assert collection.counts(capture).total == capture.line_count, capture.name


@pytest.mark.parametrize("seed", range(DAMAGED))
def test_a_damaged_collection(tmp_path: Path, seed: int) -> None:
    started = time.monotonic()
    path = damaged(seed, tmp_path / "c")
    try:
        collection = flmparse.read(str(path))
    except FlmparseError:
        return  # the manifest itself, or an archive of which nothing can be read: exit code 2
    assert_every_line_is_counted(collection)
    names = [capture.name for capture in collection.captures]
    assert len(names) == len({*names})
    assessment = flmparse.assess(collection, "all")
    assert not [result for gate in assessment.gates for result in gate.results if result.status is Status.ERROR]
    if collection.refused:
        assert not [gate.gate for gate in assessment.gates if str(gate.verdict).startswith("GO")]
    if seed % WRITTEN_IN_EVERY_FORMAT == 0:
        report = report_of(assessment)
        for form in all_formats().values():
            written = form.write(report)
            assert written if isinstance(written, str | bytes) else "".join(written)
    assert time.monotonic() - started < MOST_SECONDS
