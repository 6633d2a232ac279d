"""No line that was garbled may make a rule fail or warn: what a capture lacks because of a damage is unknown, not wrong.

One line of the clean migration is garbled at a time, each in a way that its number draws. A rule that passed may then be
inconclusive. Left out are the rules about evidence, whose subject is the damage itself, and lines that read well in spite of it,
as another value.
"""

import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from flmparse.assessment import assess
from flmparse.collection import Collection, Output
from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from flmparse.text.capture import from_bytes
from tests.editing import UNREADABLE, clean, with_capture

BAD = (Status.WARN, Status.FAIL, Status.ERROR)
RULES = [rule for rule in catalogue() if not rule.startswith("EVD")]


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


def garblings(seed: int) -> Iterator[Garbling]:
    """Yield a garbling of each line that has text."""
    for capture in clean().captures:
        for number, text in enumerate(capture.text.split("\n"), 1):
            if text.strip():
                dice = random.Random(f"{seed} {capture.name} {number}")
                kind = dice.choice(sorted(KINDS))
                yield Garbling(capture.name, number, kind, KINDS[kind](text, dice))


@cache
def whole() -> Collection:
    return clean()


def garbled(garbling: Garbling) -> Collection:
    lines = whole().capture(garbling.capture).text.split("\n")
    lines[garbling.line - 1] = garbling.text
    return with_capture(whole(), from_bytes(garbling.capture, "\n".join(lines).encode()))


def outputs(collection: Collection, capture: str) -> list[Output]:
    return [output for output in collection.outputs if output.capture.name == capture]


def reads_well(before: list[Output], after: list[Output]) -> bool:
    """Whether everything was understood: the same outputs of the same commands with as many rows."""
    return list(map(_understood, before)) == list(map(_understood, after))


def _understood(output: Output) -> tuple[object, ...]:
    tool = output.command and output.command.tool
    rows = {name: len(part) for name, part in output.reading.frames.parts.items()}
    return output.screen, output.status, output.reading.whole, tool, rows


def first_gate(*read: Output) -> Gate:
    """Return the gate before which a capture says nothing."""
    return min((output.gate for output in read if output.gate is not None), default=Gate.PREPARE)


def violations(garbling: Garbling) -> list[str] | None:
    """Return what rules say of a garbled line that they did not say of the whole one, or None where it reads well."""
    collection = garbled(garbling)
    before, after = outputs(whole(), garbling.capture), outputs(collection, garbling.capture)
    if reads_well(before, after):
        return None
    gates = [gate for gate in Gate if gate >= first_gate(*before, *after)]
    results = assess(collection, ",".join(gate.word for gate in gates), "paper", select=RULES).results
    return [
        f"{result.rule} at {result.gate.word} {result.status}: {result.message}"
        for result in results
        if result.status in BAD
    ]
