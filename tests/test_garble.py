"""No line that was garbled may make a rule fail or warn: what a capture lacks because of a damage is unknown, not wrong.

One line of the clean migration is garbled at a time, in a way that its number draws. Whatever a rule answered before, it may then
be inconclusive, never fail or warn. Left out are lines that read well in spite of it, as another value, and rules whose subject
is the damage: those about evidence, and PAR001 for the pair file.

Every gate from the capture's first one on is asked, so a line costs a quarter of a second to a second. `make test` takes a sample:
one line each of `SAMPLE` kinds of lines. FLMPARSE_GARBLE=400 takes more kinds, FLMPARSE_GARBLE=all every line (about half an hour
of one core), FLMPARSE_GARBLE_SEED another draw.
"""

import os
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import pytest

from flmparse.assessment import assess
from flmparse.collection import Collection, Output
from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from flmparse.text.capture import from_bytes
from tests.editing import UNREADABLE, clean, with_capture

SAMPLE = os.environ.get("FLMPARSE_GARBLE", "70")
SEED = os.environ.get("FLMPARSE_GARBLE_SEED", "1")
LINES_OF_A_TEST = 10

BAD = (Status.WARN, Status.FAIL, Status.ERROR)
ABOUT_THE_DAMAGE = ("EVD", "PAR001")
RULES = [rule for rule in catalogue() if not rule.startswith(ABOUT_THE_DAMAGE)]


class Garbling(NamedTuple):
    """A line of a capture, and the text that takes its place."""

    capture: str
    line: int
    kind: str
    text: str


def word(text: str, dice: random.Random) -> str:
    """Make one word unreadable; the columns keep their places."""
    before, chosen, after = _parts(text, dice.choice(text.split()), dice)
    return before + UNREADABLE * len(chosen) + after


def character(text: str, dice: random.Random) -> str:
    at = dice.choice([at for at, one in enumerate(text) if not one.isspace()])
    return text[:at] + UNREADABLE + text[at + 1 :]


def whole_line(text: str, dice: random.Random) -> str:
    return "".join(one if one.isspace() else UNREADABLE for one in text)


def structure(text: str, dice: random.Random) -> str:
    """Take out a character that keeps fields apart."""
    at = dice.choice([at for at, one in enumerate(text) if not one.isalnum()] or [0])
    return text[:at] + text[at + 1 :]


def rest(text: str, dice: random.Random) -> str:
    """Make everything unreadable from somewhere on."""
    at = dice.choice([at for at, one in enumerate(text) if not one.isspace()])
    return text[:at] + whole_line(text[at:], dice)


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    function.__name__: function for function in (word, character, whole_line, structure, rest)
}


def _parts(text: str, chosen: str, dice: random.Random) -> tuple[str, str, str]:
    starts = [at for at in range(len(text)) if text.startswith(chosen, at)]
    at = dice.choice(starts)
    return text[:at], chosen, text[at + len(chosen) :]


def garblings() -> Iterator[Garbling]:
    """Yield a garbling of each line that has text."""
    for capture in whole().captures:
        for number, text in enumerate(capture.text.split("\n"), 1):
            if text.strip():
                dice = random.Random(f"{SEED} {capture.name} {number}")
                kind = dice.choice(sorted(KINDS))
                yield Garbling(capture.name, number, kind, KINDS[kind](text, dice))


def kind_of_line(garbling: Garbling) -> tuple[str | None, str]:
    """Return what lines have in common that differ in numbers only: the screen, and the words."""
    output = next(
        output
        for output in outputs(whole(), garbling.capture)
        if output.block.line_start <= garbling.line <= output.block.line_end
    )
    text = whole().capture(garbling.capture).lines[garbling.line - 1]
    return output.screen, " ".join(re.sub(r"[0-9A-Fa-f]*\d[0-9A-Fa-f]*", "9", text).split())


@cache
def sample() -> list[Garbling]:
    every = list(garblings())
    if SAMPLE == "all":
        return every
    random.Random(SEED).shuffle(every)
    of_each_kind = {kind_of_line(garbling): garbling for garbling in every}
    return list(of_each_kind.values())[: int(SAMPLE)]


@cache
def whole() -> Collection:
    return clean()


def garbled(garbling: Garbling) -> Collection:
    lines = whole().capture(garbling.capture).text.split("\n")
    lines[garbling.line - 1] = garbling.text
    return with_capture(whole(), from_bytes(garbling.capture, "\n".join(lines).encode()))


def outputs(collection: Collection, capture: str) -> list[Output]:
    return [output for output in collection.outputs if output.capture.name == capture]


def reads_well(garbling: Garbling, before: list[Output], after: list[Output]) -> bool:
    """Whether everything was understood: the same outputs of the same tools, with as many rows if it is no command that was typed."""
    rows = not is_typed(garbling, before)
    return [_understood(output, rows) for output in before] == [_understood(output, rows) for output in after]


def is_typed(garbling: Garbling, read: list[Output]) -> bool:
    """Whether a line is a command, or the rest of one that was too long for its line."""
    return any(
        output.block.echo_line is not None and output.block.echo_line <= garbling.line < output.block.output_start
        for output in read
    )


def _understood(output: Output, with_rows: bool) -> tuple[object, ...]:
    tool = output.command and output.command.tool
    rows = {name: len(part) for name, part in output.reading.frames.parts.items()} if with_rows else {}
    return output.screen, output.status, output.reading.whole, tool, rows


def first_gate(*read: Output) -> Gate:
    """Return the gate before which a capture says nothing."""
    return min((output.gate for output in read if output.gate is not None), default=Gate.PREPARE)


def violations(garbling: Garbling) -> list[str] | None:
    """Return what rules say of a garbled line that they did not say of the whole one, or None where it reads well."""
    collection = garbled(garbling)
    before, after = outputs(whole(), garbling.capture), outputs(collection, garbling.capture)
    if reads_well(garbling, before, after):
        return None
    gates = [gate for gate in Gate if gate >= first_gate(*before, *after)]
    results = assess(collection, ",".join(gate.word for gate in gates), "paper", select=RULES).results
    return [
        f"{result.rule} at {result.gate.word} {result.status}: {result.message}"
        for result in results
        if result.status in BAD
    ]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(-(-len(sample()) // LINES_OF_A_TEST)))
def test_a_garbled_line_makes_no_rule_fail_or_warn(part: int) -> None:
    garbled_lines = sample()[part * LINES_OF_A_TEST : (part + 1) * LINES_OF_A_TEST]
    answers = {garbling: violations(garbling) for garbling in garbled_lines}
    assert {garbling: wrong for garbling, wrong in answers.items() if wrong} == {}
    assert len(garbled_lines) < LINES_OF_A_TEST or any(wrong is not None for wrong in answers.values())
