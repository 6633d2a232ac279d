"""Every value of a sound migration, flipped to another legal one in the text of its capture: does some gate say so?

A flip replaces one token of a line by another of its kind (another word of its vocabulary, another number, device, WWN, name) of
the same width. It counts where its output is still understood as well as before and its rows differ; it belongs to the columns
that differ. The lines keep their numbers, so all that is not flipped is read once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from unittest.mock import patch

from flmparse import collection as collections
from flmparse.assessment import GateAssessment
from flmparse.collection import Collection, Output, beside_each_other, read_capture
from flmparse.columns.selection import python_strings
from flmparse.evidence.migration import Migration
from flmparse.findings import Result, Severity, Status, Verdict
from flmparse.procedure import Gate
from flmparse.reading.result import Reading
from flmparse.rules import Check, catalogue
from flmparse.screens import read as read_block
from flmparse.tables import all_tables
from flmparse.text import transcript
from flmparse.text.capture import Capture, from_bytes
from flmparse.text.transcript import Block

TOKEN = re.compile(r"[0-9A-Za-z]+(?:[ ](?:Optimized|Mir)\b)?|(?<= )[X.]{2,}|(?<= )[.-](?=\s)")

WORDS = [
    "alive dead", "active standby unlic", "optimal degraded failed", "SymmOpt CLAROpt BasicFailover", "yes no", "Yes No",
    "RW WD NR", "Online Offline Failed", "Up Down Paused", "Enabled Disabled", "Healthy Failed", "Normal Degraded",
    "Active Passive", "Created CopyInProg Copied Failed", "NTFS RAW", "Success Failed Warning", "TDEV BCV RDF2+TDEV",
    "Local Remote", "MBR GPT", "FIBRE ISCSI", "All Some None", "X .", "N/A Synchronized",
]  # fmt: skip
"""Words that stand in each other's place in some column."""

Key = tuple[str, str]
"""Table and column."""


@dataclass(frozen=True)
class Place:
    """A token of a capture: where it stands in the text, and in which output of the capture."""

    capture: str
    begin: int
    end: int
    output: int


@dataclass(frozen=True)
class Flip:
    """A value flipped: where, to what, and which columns differ from then on."""

    line: str
    old: str
    new: str
    columns: frozenset[Key]
    told_by: str
    """The rule and gate that say so, empty where no gate's verdict changes."""


@cache
def _alternatives() -> Mapping[str, tuple[str, ...]]:
    """Return for each word, in lower case, those that may stand in its place."""
    kinds = [line.split() for line in WORDS]
    for table in all_tables().values():
        kinds += [sorted({*s.good, *s.bad, *s.doubtful}) for s in (column.states for column in table.columns) if s]
    others: dict[str, dict[str, None]] = {}
    for kind in kinds:
        for word in kind:
            others.setdefault(word.lower(), {}).update((other, None) for other in kind if other.lower() != word.lower())
    return {word: tuple(words) for word, words in others.items()}


def other_tokens(token: str) -> Iterator[str]:
    """Yield tokens that may stand in the place of one, the likeliest first."""
    for word in _alternatives().get(token.lower(), ()):
        yield word.upper() if token.isupper() and len(token) > 1 else word
        if token[0].isupper() and word.islower():
            yield word.capitalize()
    if set(token) <= {"X", "."}:
        for at, flag in enumerate(token):
            yield token[:at] + ("." if flag == "X" else "X") + token[at + 1 :]
        return
    for at in (0, len(token) - 1):
        letter = token[at]
        if letter.isdigit():
            yield token[:at] + str(int(letter) % 9 + 1) + token[at + 1 :]
        elif letter.isalpha() and not (token[1:].islower() or token.islower()):
            other = {"F": "E", "f": "e", "Z": "Y", "z": "y"}.get(letter, chr(ord(letter) + 1))
            yield token[:at] + other + token[at + 1 :]


class Flips:
    """A sound collection whose values are flipped one at a time."""

    def __init__(self, sound: Collection) -> None:
        self.sound = sound
        self._read: dict[tuple[str, int, int, str], Reading] = {}
        migration = Migration(sound)
        self._before: dict[tuple[Gate, str], Status] = {}
        self._readers: dict[int, set[tuple[Gate, str]]] = {}
        """The rules, each at a gate, that read an output."""
        with python_strings(0):
            for gate in Gate:
                for rule in catalogue().values():
                    if gate in rule.gates:
                        check = Check(rule, migration.at(gate))
                        result = check.result("paper")
                        assert not _stops(result), f"{rule.id} at {gate.word}: {result.message}"
                        self._before[gate, rule.id] = result.status
                        for index in check.outputs_read:
                            self._readers.setdefault(index, set()).add((gate, rule.id))
        self._outputs = {
            capture.name: [output for output in sound.outputs if output.capture is capture]
            for capture in sound.captures
        }
        for output in sound.outputs:
            self._read[_key(output.block)] = output.reading

    def places(self) -> list[Place]:
        """Return every token of every output that gave rows."""
        places = []
        for capture in self.sound.captures:
            starts = [0]
            starts += [match.end() for match in re.finditer("\n", capture.text)]
            for number, output in enumerate(self._outputs[capture.name]):
                if output.reading.rows:
                    begin = starts[output.block.line_start - 1]
                    end = starts[output.block.line_end] if output.block.line_end < len(starts) else len(capture.text)
                    tokens = TOKEN.finditer(capture.text, begin, end)
                    places += [Place(capture.name, *token.span(), number) for token in tokens]
        return places

    def at(self, place: Place) -> Iterator[Flip]:
        """Yield the flips of a token: one where it is a word, one of each flag where it is a row of flags."""
        capture = self.sound.capture(place.capture)
        old = capture.text[place.begin : place.end]
        of_flags = set(old) <= {"X", "."}
        for new in other_tokens(old):
            flipped = from_bytes(capture.name, _with_token(capture.text, place, new).encode())
            columns = self._columns_that_differ(flipped, place)
            if columns:
                line = capture.text[capture.text.rfind("\n", 0, place.begin) + 1 :].split("\n", 1)[0]
                yield Flip(f"{capture.name}: {line.strip()}", old, new, columns, self._told_by(flipped, place, columns))
                if not of_flags:
                    return

    def _columns_that_differ(self, flipped: Capture, place: Place) -> frozenset[Key]:
        """Return the columns that a flip changes; none where the output is no longer understood."""
        before = self._outputs[place.capture]
        blocks = transcript.split(flipped)
        if [block.line_start for block in blocks] != [output.block.line_start for output in before]:
            return frozenset()
        old, new = before[place.output].reading, self._reading(blocks[place.output])
        if new.screen != old.screen or new.counts.unknown > old.counts.unknown:
            return frozenset()
        columns = set()
        for name in {*old.frames, *new.frames}:
            for column in all_tables()[name].columns:
                was, is_now = old.frames.column(name, column.name), new.frames.column(name, column.name)
                if len(was) != len(is_now) or any(
                    a is not None and b is None for a, b in zip(was, is_now, strict=True)
                ):
                    return frozenset()  # a label, not a value
                if list(was) != list(is_now):
                    columns.add((name, column.name))
        return frozenset(columns)

    def _reading(self, block: Block) -> Reading:
        key = _key(block)
        return self._read[key] if key in self._read else read_block(block)

    def _told_by(self, flipped: Capture, place: Place, columns: frozenset[Key]) -> str:
        """Return the first rule found that takes away the GO of a gate, those first that say they need these tables."""
        migration = Migration(self._collection(flipped))
        output = self._outputs[place.capture][place.output]
        readers = self._readers.get(output.index, set())
        needing = {rule.id for rule in catalogue().values() if {table for table, _ in columns} & {*rule.needs}}
        asked = [key for key in self._before if key in readers or key[1] in needing]
        with python_strings(0):
            for gate, name in sorted(asked, key=lambda key: (key[1] not in needing, key)):
                if output.gate is None or gate >= output.gate:
                    result = Check(catalogue()[name], migration.at(gate)).result("paper")
                    if result.status is not self._before[gate, name] and _stops(result):
                        return f"{name} at {gate.word}: {result.message}"
        return ""

    def _collection(self, flipped: Capture) -> Collection:
        captures = tuple(flipped if one.name == flipped.name else one for one in self.sound.captures)
        outputs: list[Output] = []
        with patch.object(collections.screens, "read", self._reading):
            for capture in captures:
                if capture is flipped:
                    outputs += read_capture(capture, self.sound.manifest, len(outputs))
                else:
                    outputs += self._outputs[capture.name]
        outputs = [
            replace(output, index=index) if output.index != index else output for index, output in enumerate(outputs)
        ]
        return replace(self.sound, captures=captures, outputs=beside_each_other(outputs, self.sound.manifest))


def _stops(result: Result) -> bool:
    """Whether an answer takes away a GO without warnings."""
    return GateAssessment(result.gate, "paper", (result, _PASS)).verdict is not Verdict.GO


_PASS = Result("-", Gate.PREPARE, Severity.BLOCKER, False, Status.PASS, "")


def _key(block: Block) -> tuple[str, int, int, str]:
    lines = block.capture.lines[block.line_start - 1 : block.line_end]
    return block.capture.name, block.line_start, block.line_end, "\n".join(lines)


def _with_token(text: str, place: Place, new: str) -> str:
    """Return the text with a token replaced; what follows in its line keeps its columns as far as blanks allow."""
    rest = text[place.end :]
    longer = len(new) - (place.end - place.begin)
    if longer > 0:
        blanks = re.match(r" *", rest.split("\n", 1)[0])
        assert blanks is not None
        rest = rest[min(longer, max(len(blanks[0]) - 1, 0)) :]
    elif longer < 0 and not rest.startswith("\n"):
        rest = " " * -longer + rest if rest.startswith(" ") else rest
    return text[: place.begin] + new + rest
