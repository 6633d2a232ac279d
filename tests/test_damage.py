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
from flmparse.assessment import assess
from flmparse.capture import Capture, from_bytes
from flmparse.collection import Collection, ReadBlock, from_bundle
from flmparse.findings import Result, Status
from flmparse.migration import Migration
from flmparse.rules import Inquiry, Rule, catalogue
from flmparse.terms import Gate
from tests.editing import whitepaper_bundle

CUTS_JUDGED_PER_LINE = 2
"""Distinct readings judged of the cuts within one line; every cut is read. FLMPARSE_JUDGE_EVERY_CUT=1 judges all (20 minutes of one core)."""

NAMES = [capture.name for capture in whitepaper_bundle().captures]


@cache
def whole() -> Collection:
    return from_bundle(whitepaper_bundle())


@cache
def open_questions(name: str) -> tuple[tuple[Rule, Gate], ...]:
    """What the whole captures do not prove, of the rules that can read this one: only there could damage gain a pass."""
    tables = {table for read in whole().blocks if read.capture.name == name for table in read.reading.frames}
    questions = []
    for result in assess(whole(), "all", "paper").results:
        rule = catalogue()[result.rule]
        reads = not rule.needs or tables.intersection(rule.needs) or any(e.capture == name for e in result.evidence)
        if result.status is not Status.PASS and reads:
            questions.append((rule, result.gate))
    return tuple(questions)


def answers(collection: Collection, name: str) -> list[Result]:
    """Ask the open questions; a crash of a rule is raised."""
    migration = Migration(collection)
    return [Inquiry(rule, migration.at(gate)).result("paper") for rule, gate in open_questions(name)]


def with_capture(damaged: Capture) -> Collection:
    """Return the white paper's collection with one capture replaced; the others are not read again."""
    read = collection_module._read_capture(damaged, whole().manifest, 0)
    blocks: list[ReadBlock] = []
    for capture in whole().captures:
        mine = read if capture.name == damaged.name else [b for b in whole().blocks if b.capture is capture]
        blocks += [replace(block, index=len(blocks) + place) for place, block in enumerate(mine)]
    captures = tuple(damaged if capture.name == damaged.name else capture for capture in whole().captures)
    return Collection("whitepaper", captures, whole().manifest, tuple(blocks))


def signature(collection: Collection, name: str) -> str:
    """What a rule can see of the damaged capture: rows, statuses, remarks, and of a command its words and option names."""
    seen = hashlib.sha256()
    for read in collection.blocks:
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
            gained = [(r.rule, r.gate.word) for r in answers(collection, name) if r.status is Status.PASS]
            assert not gained, f"{name}, {what}: passes now: {gained}"


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
        assert [r for r in assess(collection, "all", "paper").results if r.status is Status.ERROR] == []
