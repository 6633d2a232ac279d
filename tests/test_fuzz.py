"""Damaged captures by the thousand: nothing raises, every line stays owned, no damage makes a fault into a pass.

The material is every capture of fixtures/commands and of the public corpus where it is at hand. Damage: cuts, lines deleted, doubled,
swapped or taken from another capture, bytes overwritten, blanks lost, added or turned into tabs, other encodings. Hypothesis draws
the same cases every time. FLMPARSE_FUZZ=10 runs ten times as many.
"""

import difflib
import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flmparse import assets, screens
from flmparse.findings import Status
from flmparse.text import transcript
from flmparse.text.capture import Capture, from_bytes
from tests.editing import bundle_of, of_case, status, with_capture
from tests.test_rules import WRONG, name_of

ROOT = Path(__file__).parent.parent
TIMES = int(os.environ.get("FLMPARSE_FUZZ", "1"))
FIXTURES = sorted((assets.folder("fixtures") / "commands").glob("*/*.txt"))
CORPUS = sorted((ROOT.parent / "shared" / "corpus").glob("*/*.txt"))
LONGEST = 8_000
"""Bytes of a capture that are used: most outputs are shorter."""


def material(paths: list[Path]) -> list[tuple[str, bytes]]:
    return [(f"{path.parent.name}/{path.name}", path.read_bytes()[:LONGEST]) for path in paths]


OURS, REAL = material(FIXTURES), material(CORPUS)

Damage = Callable[[bytes, random.Random, bytes], bytes]


def lines_of(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True) or [b""]


def cut(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def begun_late(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    return data[chance.randrange(len(data) + 1) :]


def lines_deleted(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    lines = lines_of(data)
    first = chance.randrange(len(lines))
    return b"".join(lines[:first] + lines[first + chance.choice((1, 1, 1, 2, 5)) :])


def line_doubled(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    lines = lines_of(data)
    place = chance.randrange(len(lines))
    return b"".join(lines[: place + 1] + lines[place:])


def lines_swapped(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    lines = lines_of(data)
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


def foreign_lines(data: bytes, chance: random.Random, other: bytes) -> bytes:
    lines, others = lines_of(data), lines_of(other)
    place, first = chance.randrange(len(lines) + 1), chance.randrange(len(others))
    return b"".join(lines[:place] + others[first : first + chance.randrange(1, 6)] + lines[place:])


def bytes_overwritten(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.randrange(1, 9)):
        if damaged:
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def characters_overwritten(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.randrange(1, 9)):
        if damaged:
            damaged[chance.randrange(len(damaged))] = chance.choice(b"\n\t {}<>:=-.|~0xX9\x00\x08\x1b\r")
    return bytes(damaged)


def bytes_inserted(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    piece = chance.choice(
        (
            b"\0",
            b"\x1b[2J",
            b"\x08" * 9,
            b"\xff\xfe",
            b"--More--",
            b"......\n",
            b"C:\\>",
            b"<!DOCTYPE a>",
            b"{\n",
            b"~" * 300,
        )
    )
    return data[:place] + piece + data[place:]


def blanks_damaged(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    pattern, piece = chance.choice(
        ((rb" {2,}", b" "), (rb" {2,}", b"\t"), (rb" ", b"\xc2\xa0"), (rb" ", b""), (rb" +\n", b"\n"), (rb"\n", b"  \n"),
         (rb"\n", b"\n\n"), (rb"\n\n+", b"\n"), (rb"(?m)^[ \t]+", b""), (rb"(?m)^", b"\t"))
    )  # fmt: skip
    return re.sub(pattern, piece, data)


def wrapped(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    width = chance.choice((40, 72, 80))
    return b"".join(
        line[at : at + width] + b"\n" for line in data.split(b"\n") for at in range(0, len(line) or 1, width)
    )


def recoded(data: bytes, chance: random.Random, _other: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp437", "cp850", "cp1252"))
    ends = chance.choice(("\n", "\r\n", "\r", "\n\r"))
    return text.replace("\n", ends).encode(encoding, "replace")


DAMAGES: tuple[Damage, ...] = (
    cut, begun_late, lines_deleted, line_doubled, lines_swapped, foreign_lines, bytes_overwritten, characters_overwritten,
    bytes_inserted, blanks_damaged, wrapped, recoded,
)  # fmt: skip


def check(capture: Capture) -> None:
    """Read a capture; every line is owned once, and every row and remark stands on a line of its block."""
    blocks = transcript.split(capture)
    owned = [number for block in blocks for number in range(block.line_start, block.line_end + 1)]
    assert owned == list(range(1, len(capture.lines) + 1))
    for block in blocks:
        reading = screens.read(block)
        counts, inside = reading.counts, range(block.line_start, block.line_end + 1)
        assert counts.total == len(inside), "lines are lost"
        assert min(counts.fact, counts.noise, counts.prompt, counts.unknown) >= 0, counts
        told = [number for part in reading.unknown for number in range(part.first_line, part.last_line + 1)]
        assert len(set(told)) == counts.unknown and set(told) <= set(inside)
        assert not (counts.unknown and reading.status.usable), "an unknown line in a block that proves something"
        assert all(oddity.line in inside for oddity in reading.oddities), reading.oddities
        for name, frame in reading.frames.items():
            assert set(frame["line"]) <= set(inside), name


def read_in_time(data: bytes) -> None:
    started = time.process_time()
    check(from_bytes("case.txt", data))
    # Loose: what is not linear in the size of the input takes seconds for a few kilobytes.
    assert time.process_time() - started < 2 + len(data) / 20_000, "reading takes too long"


def fuzz(number: int) -> Any:
    return settings(
        max_examples=number * TIMES,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        database=None,
    )


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@fuzz(150)
@given(st.sampled_from(OURS), st.sampled_from(OURS), st.integers(0, 1 << 32))
def test_one_damage_to_our_captures(damage: Damage, case: Any, other: Any, seed: int) -> None:
    read_in_time(damage(case[1], random.Random(seed), other[1]))


@pytest.mark.slow
@fuzz(600)
@given(
    st.sampled_from(OURS),
    st.sampled_from(OURS),
    st.lists(st.sampled_from(DAMAGES), min_size=2, max_size=4),
    st.integers(0, 1 << 32),
)
def test_several_damages_to_our_captures(case: Any, other: Any, damages: list[Damage], seed: int) -> None:
    data, chance = case[1], random.Random(seed)
    for damage in damages:
        data = damage(data, chance, other[1])
    read_in_time(data)


@pytest.mark.slow
@pytest.mark.skipif(not REAL, reason="the corpus of public captures is not beside the project")
@fuzz(600)
@given(
    st.sampled_from(REAL or [("", b"")]),
    st.sampled_from(OURS),
    st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=3),
    st.integers(0, 1 << 32),
)
def test_damages_to_real_captures(case: Any, other: Any, damages: list[Damage], seed: int) -> None:
    data, chance = case[1], random.Random(seed)
    for damage in damages:
        data = damage(data, chance, other[1])
    read_in_time(data)


@fuzz(200)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    read_in_time(data)


EDITED = [(rule, case) for rule, case in WRONG if case.get("edits")]
DAMAGED_LINES = 2
"""Damages tried of each fault."""


def damaged_faults(fault: dict[str, Any], chance: random.Random) -> list[dict[str, Any]]:
    """The fault again, with one character of a line that it changed struck out: nobody can read the value any more."""
    found = []
    whole = {capture.name: capture.text for capture in bundle_of("clean").captures}
    faulty = {capture.name: capture.text for capture in of_case(fault).captures}
    for name, text in faulty.items():
        before, after = whole.get(name, "").split("\n"), text.split("\n")
        if before == after:
            continue
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        changed = [
            line for kind, _, _, first, last in matcher.get_opcodes() if kind != "equal" for line in range(first, last)
        ]
        for line in chance.sample(changed, min(len(changed), DAMAGED_LINES)):
            places = [place for place, character in enumerate(after[line]) if not character.isspace()]
            if places:
                place = chance.choice(places)
                struck = [*after[:line], f"{after[line][:place]}~{after[line][place + 1 :]}", *after[line + 1 :]]
                found.append({"file": name, "text": "\n".join(struck), "line": line + 1})
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "fault"), EDITED, ids=name_of)
def test_a_fault_that_is_damaged_does_not_pass(rule: str, fault: dict[str, Any]) -> None:
    gate = fault["gate"]
    whole = of_case(fault)
    for damaged in damaged_faults(fault, random.Random(fault.get("fault", fault["what"]))):
        capture = from_bytes(damaged["file"], damaged["text"].encode())
        answer = status(with_capture(whole, capture), rule, gate)
        assert answer.status is not Status.PASS, f"{rule} passes: {damaged['file']}, line {damaged['line']}"
