"""No damage to a capture of the white paper may prove anything that the whole capture did not prove.

Each line deleted, each line doubled, each file cut at each byte: nothing raises, every line stays accounted for, and no
rule passes at a gate where it did not pass before. Damages that read alike (same rows, same statuses, same remarks) are
judged once, and only the questions that the whole captures leave open are asked: a pass can only be gained there.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from flmparse.collection import Collection, Output
from flmparse.evidence.migration import Migration
from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.rules import Check, catalogue
from flmparse.text.capture import from_bytes
from tests.editing import whitepaper, whitepaper_bundle, with_capture

CUTS_JUDGED_PER_LINE = 2
"""Distinct readings judged of the cuts within one line; every cut is read. FLMPARSE_JUDGE_EVERY_CUT=1 judges all (20 minutes of one core)."""

NAMES = [capture.name for capture in whitepaper_bundle().captures]


Question = tuple[str, Gate]
"""A rule by its id, and the gate at which it is asked."""


@cache
def whole() -> Collection:
    return whitepaper()


def answers(collection: Collection, questions: Iterable[Question]) -> dict[Question, Status]:
    """Return what rules answer, each at its gate; a crash of a rule is raised."""
    migration = Migration(collection)
    return {
        (rule, gate): Check(catalogue()[rule], migration.at(gate)).result("paper").status for rule, gate in questions
    }


@cache
def answers_of_whole() -> dict[Question, Status]:
    return answers(whole(), ((rule.id, gate) for rule in catalogue().values() for gate in rule.gates))


def outputs(collection: Collection, name: str) -> list[Output]:
    return [output for output in collection.outputs if output.capture.name == name]


def first_gate(collection: Collection, name: str) -> Gate:
    """Return the gate before which a capture says nothing."""
    return min((output.gate for output in outputs(collection, name) if output.gate is not None), default=Gate.PREPARE)


def questions(damaged: Collection, name: str) -> list[Question]:
    """Return every question from the first gate on at which the capture says anything, whole or damaged."""
    first = min(first_gate(whole(), name), first_gate(damaged, name))
    return [(rule, gate) for rule, gate in answers_of_whole() if gate >= first]


def signature(collection: Collection, name: str) -> str:
    """What a rule can see of the damaged capture: rows, statuses, remarks, and of a command its words and option names."""
    seen = hashlib.sha256()
    for output in outputs(collection, name):
        reading = output.reading
        command = output.command and (output.command.tool, len(output.command.words), sorted(output.command.options))
        state = (output.screen, output.status, output.node, output.gate, reading.whole, command)
        remarks = [oddity.text for oddity in reading.oddities]
        seen.update(repr((state, reading.counts.unknown > 0, remarks)).encode())
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
        collection = with_capture(whole(), capture)
        assert collection.counts(capture).total == len(capture.lines), f"{name}, {what}: lines are lost"
        seen = signature(collection, name)
        line = data.count(b"\n")
        if seen not in judged and (most_per_line is None or of_line[line] < most_per_line):
            judged.add(seen)
            of_line[line] += 1
            left_open = [q for q in questions(collection, name) if answers_of_whole()[q] is not Status.PASS]
            after = answers(collection, left_open)
            gained = [(rule, gate.word) for (rule, gate), status in after.items() if status is Status.PASS]
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
        collection = with_capture(whole(), from_bytes(name, b"".join(lines[: n - 1] + lines[n:])))
        assert answers(collection, questions(collection, name))
