"""No damage to a capture of the white paper may prove anything that the whole capture did not prove.

Each line deleted, each line doubled, each file cut at each byte: nothing raises, every line stays accounted for, and no
rule passes at a gate where it did not pass before. Damages that read alike (same rows, same statuses, same remarks) are
judged once, and only the questions that the whole captures leave open are asked: a pass can only be gained there.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from flmparse import collection as collection_module
from flmparse.collection import Collection, from_bundle
from flmparse.findings import Status
from flmparse.text.capture import Capture, from_bytes
from tests.again import Asked, Question, asked
from tests.editing import whitepaper_bundle

CUTS_JUDGED_PER_LINE = 2
"""Distinct readings judged of the cuts within one line; every cut is read. FLMPARSE_JUDGE_EVERY_CUT=1 judges all (20 minutes of one core)."""

HELD_AGAINST_THE_LONG_WAY = 20
"""Of so many judged readings one is asked again without the shortcut."""

NAMES = [capture.name for capture in whitepaper_bundle().captures]


@cache
def whole(name: str) -> Collection:
    """Return the white paper's collection with one capture moved to its end: what is cut off it leaves the others in place."""
    bundle = whitepaper_bundle()
    captures = sorted(bundle.captures, key=lambda capture: capture.name == name)
    return from_bundle(replace(bundle, captures=tuple(captures)))


@cache
def before(name: str) -> Asked:
    return Asked(whole(name), None if name == NAMES[-1] else before(NAMES[-1]))


@cache
def open_questions(name: str) -> tuple[Question, ...]:
    """What the whole captures do not prove, of the rules that can read this one: only there could damage gain a pass."""
    return tuple(
        (rule, gate)
        for rule, gate in before(name).questions(name)
        if before(name).answers(gate)[rule] is not Status.PASS
    )


def with_capture(damaged: Capture) -> Collection:
    """Return the white paper's collection with one capture replaced; the others are not read again."""
    collection = whole(damaged.name)
    kept = [read for read in collection.outputs if read.capture.name != damaged.name]
    read = collection_module._read_capture(damaged, collection.manifest, len(kept))
    captures = (*collection.captures[:-1], damaged)
    return Collection("whitepaper", captures, collection.manifest, (*kept, *read))


def signature(collection: Collection, name: str) -> str:
    """What a rule can see of the damaged capture: rows, statuses, remarks, and of a command its words and option names."""
    seen = hashlib.sha256()
    for read in collection.outputs:
        if read.capture.name == name:
            reading = read.reading
            command = read.command and (read.command.tool, len(read.command.words), sorted(read.command.options))
            said = (read.screen, read.status, read.node, read.gate, reading.whole, command)
            remarks = [oddity.text for oddity in reading.oddities]
            seen.update(repr((said, reading.counts.unknown > 0, remarks)).encode())
            for table, part in reading.frames.parts.items():
                columns = [list(part.values(column.name)) for column in part.table.columns]
                seen.update(f"{table} {columns}".encode())
    return seen.hexdigest()


def judge(name: str, damages: Iterator[tuple[str, bytes]], most_per_line: int | None = None) -> None:
    """Read every damaged capture; judge each distinct reading, of cuts within one line at most ``most_per_line``."""
    judged: set[str] = set()
    of_line: Counter[int] = Counter()
    for what, data in damages:
        capture = from_bytes(name, data)
        collection = with_capture(capture)
        assert collection.counts(capture).total == len(capture.lines), f"{name}, {what}: lines are lost"
        seen = signature(collection, name)
        line = data.count(b"\n")
        if seen not in judged and (most_per_line is None or of_line[line] < most_per_line):
            judged.add(seen)
            of_line[line] += 1
            found = before(name).again(collection, open_questions(name))
            gained = [(rule, gate.word) for (rule, gate), status in found.items() if status is Status.PASS]
            assert not gained, f"{name}, {what}: passes now: {gained}"
            if len(judged) % HELD_AGAINST_THE_LONG_WAY == 1:
                assert asked(collection, open_questions(name)) == found, f"{name}, {what}"


def lines_of(name: str) -> list[bytes]:
    return next(c for c in whitepaper_bundle().captures if c.name == name).text.encode().splitlines(keepends=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_deleted_line_proves_nothing_new(name: str) -> None:
    lines = lines_of(name)
    judge(name, ((f"line {n} deleted", b"".join(lines[: n - 1] + lines[n:])) for n in range(1, len(lines) + 1)))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_doubled_line_proves_nothing_new(name: str) -> None:
    lines = lines_of(name)
    judge(name, ((f"line {n} doubled", b"".join(lines[:n] + lines[n - 1 :])) for n in range(1, len(lines) + 1)))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_cut_at_any_byte_proves_nothing_new(name: str) -> None:
    data = b"".join(lines_of(name))
    most_per_line = None if os.environ.get("FLMPARSE_JUDGE_EVERY_CUT") else CUTS_JUDGED_PER_LINE
    judge(name, ((f"cut at byte {n}", data[:n]) for n in range(len(data))), most_per_line)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_rule_crashes_on_a_capture_without_its_first_fact(name: str) -> None:
    lines = lines_of(name)
    for n in range(1, len(lines) + 1, max(1, len(lines) // 4)):
        collection = with_capture(from_bytes(name, b"".join(lines[: n - 1] + lines[n:])))
        questions = before(name).questions(name)
        assert list(before(name).again(collection, questions)) == list(questions)
