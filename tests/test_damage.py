"""No damage to a capture of the white paper may prove anything that the whole capture did not prove.

Each line deleted, each line doubled, each file cut at each byte: nothing raises, every line stays accounted for, and no rule passes at a gate where it did not
pass before. Cuts that read alike (same rows, same statuses, same remarks) are judged once.
"""

import hashlib
from collections.abc import Iterator
from functools import cache

import pytest

from flmparse.assessment import assess
from flmparse.capture import Bundle, Capture, from_bytes
from flmparse.collection import Collection, from_bundle
from flmparse.findings import Status
from flmparse.terms import Gate
from tests.editing import whitepaper_bundle

NAMES = [capture.name for capture in whitepaper_bundle().captures]


@cache
def passes_when_whole() -> frozenset[tuple[str, Gate]]:
    return passes(from_bundle(whitepaper_bundle()), Gate.PREPARE)


def passes(collection: Collection, first_gate: Gate) -> frozenset[tuple[str, Gate]]:
    gates = ",".join(gate.word for gate in Gate if gate >= first_gate)
    results = assess(collection, gates, "paper").results
    assert [result for result in results if result.status is Status.ERROR] == []
    return frozenset((result.rule, result.gate) for result in results if result.status is Status.PASS)


def with_capture(damaged: Capture) -> Collection:
    bundle = whitepaper_bundle()
    captures = tuple(damaged if capture.name == damaged.name else capture for capture in bundle.captures)
    return from_bundle(Bundle(bundle.origin, captures, bundle.manifest, ()))


def signature(collection: Collection, name: str) -> str:
    """Everything that a rule can see of the damaged capture, line numbers aside."""
    seen = hashlib.sha256()
    for read in collection.blocks:
        if read.capture.name == name:
            reading = read.reading
            said = (
                read.screen,
                read.status,
                read.node,
                read.gate,
                reading.whole,
                read.command,
                reading.counts.unknown > 0,
            )
            seen.update(repr(said).encode())
            seen.update(repr([oddity.text for oddity in reading.oddities]).encode())
            for table, frame in reading.frames.items():
                seen.update(f"{table}\n{frame.drop(columns='line').to_csv()}".encode())
    return seen.hexdigest()


def judge(name: str, damages: Iterator[tuple[str, bytes]]) -> None:
    judged: set[str] = set()
    first_gate = Gate(int(name.split("-", 1)[0]))
    for what, data in damages:
        capture = from_bytes(name, data)
        collection = with_capture(capture)
        assert collection.counts(capture).total == len(capture.lines), f"{name}, {what}: lines are lost"
        seen = signature(collection, name)
        if seen not in judged:
            judged.add(seen)
            gained = passes(collection, first_gate) - passes_when_whole()
            assert not gained, f"{name}, {what}: passes now: {sorted(gained)}"


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
    judge(name, ((f"cut at byte {n}", data[:n]) for n in range(len(data))))
