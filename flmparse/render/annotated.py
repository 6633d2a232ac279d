"""The captured text itself, with line numbers: what a finding cites leads back to it, what was not understood is marked.

A small capture is shown whole. Of a large one the lines that are cited or not understood are shown with their neighbours; the rest is
folded and counted, so that a page stays small enough to open whatever was captured.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from flmparse.collection import Collection
from flmparse.render.excerpts import shortened
from flmparse.render.wording import STATUS_SLUGS, visible
from flmparse.text.capture import Capture

if TYPE_CHECKING:
    from flmparse.render.views import GateView

MOST_WHOLE_LINES = 400
"""Lines up to which a capture is shown whole."""

MOST_LINES_OF_ONE = 600
"""Lines that are shown of a larger one."""

NEIGHBOURS = 2
"""Lines shown before and after one that is cited or not understood."""

MOST_MARKS = 6
"""Findings that a line leads to; how many more there are is said."""

MOST_COST = 1_500_000
"""Characters of all captures on a page, with what their lines and links need around them."""

COST_OF_A_LINE, COST_OF_A_MARK = 110, 80


@dataclass(frozen=True)
class Mark:
    """A finding that cites a line: its rule and first gate, the anchor where it stands, and at how many more gates it does."""

    text: str
    more_gates: int
    anchor: str
    slug: str


@dataclass(frozen=True)
class Line:
    """A line as captured, control characters written out."""

    number: int
    text: str
    unknown: bool
    marks: tuple[Mark, ...] = ()
    more_marks: int = 0


@dataclass(frozen=True)
class Run:
    """Consecutive lines; ``folded`` is how many are left out before them."""

    folded: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Annotated:
    """A capture's text: ``number`` is its place among the captures, from 1; ``folded_after`` is how many lines follow the last one shown."""

    number: int
    name: str
    sha256: str
    lines: int
    runs: tuple[Run, ...]
    folded_after: int

    @property
    def anchor(self) -> str:
        """The anchor of the capture; that of its line 12 is this with ``-L12``."""
        return f"capture-{self.number}"

    @property
    def shown_name(self) -> str:
        """The name with control characters written out."""
        return visible(self.name)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The lines that are shown."""
        return frozenset(line.number for run in self.runs for line in run.lines)

    @cached_property
    def cited(self) -> tuple[tuple[str, str], ...]:
        """The lines that findings cite, ``12-14``, each run with the rules that do and their first gates."""
        spans: list[tuple[int, int, str]] = []
        for line in (line for run in self.runs for line in run.lines if line.marks):
            more = [f"and {line.more_marks} more"] if line.more_marks else []
            rules = ", ".join([*(mark.text for mark in line.marks), *more])
            if spans and spans[-1][1:] == (line.number - 1, rules):
                spans[-1] = (spans[-1][0], line.number, rules)
            else:
                spans.append((line.number, line.number, rules))
        return tuple((f"{first}" if first == last else f"{first}-{last}", rules) for first, last, rules in spans)

    @property
    def folded(self) -> int:
        """How many lines are not shown."""
        return self.lines - len(self.numbers)


def annotated(collection: Collection, gates: "Iterable[GateView]", numbers: Container[int]) -> tuple[Annotated, ...]:
    """Return the text of the captures of these numbers that have any to show: cited and unknown lines come before whole small captures."""
    listed = [(place, capture) for place, capture in enumerate(collection.captures) if place + 1 in numbers]
    marks = _marks(gates)
    unknown: dict[str, set[int]] = {}
    for output, part in collection.unknown():
        unknown.setdefault(output.capture.name, set()).update(range(part.first_line, part.last_line + 1))
    room = MOST_COST
    kept: dict[int, list[int]] = {}
    for place, capture in listed:
        odd, cited = unknown.get(capture.name, set()), marks.get(capture.name, {})
        wanted = _wanted(capture, sorted(odd | cited.keys()))[:MOST_LINES_OF_ONE]
        room -= _cost(capture, wanted, cited)
        kept[place] = wanted if room > 0 else []
    for place, capture in listed:
        if capture.line_count <= MOST_WHOLE_LINES:
            whole = [number for number in range(1, capture.line_count + 1) if number not in set(kept[place])]
            cost = _cost(capture, whole, {})
            if cost <= room:
                room -= cost
                kept[place] = list(range(1, capture.line_count + 1))
    return tuple(
        _annotated(place + 1, capture, kept[place], marks.get(capture.name, {}), unknown.get(capture.name, set()))
        for place, capture in listed
        if kept[place]
    )


def _marks(gates: "Iterable[GateView]") -> dict[str, dict[int, list[Mark]]]:
    found: dict[str, dict[int, dict[str, list[Mark]]]] = {}
    for gate in gates:
        for view in gate.results:
            for shown, finding in zip(view.findings, view.result.findings, strict=False):
                mark = Mark(f"{view.rule} {gate.word}", 0, shown.anchor, STATUS_SLUGS[finding.status])
                for evidence in finding.evidence:
                    lines = found.setdefault(evidence.capture, {})
                    for number in range(evidence.line_start, evidence.line_end + 1):
                        # One link for each rule is enough: its findings stand together, and its row leads to the other gates.
                        held = lines.setdefault(number, {}).setdefault(view.rule, [])
                        if all(other.text != mark.text for other in held):
                            held.append(mark)
    return {
        capture: {
            number: [replace(held[0], more_gates=len(held) - 1) for held in marks.values()]
            for number, marks in lines.items()
        }
        for capture, lines in found.items()
    }


def _wanted(capture: Capture, numbers: list[int]) -> list[int]:
    """Return lines with their neighbours, in order."""
    last = capture.line_count
    near = (
        range(max(1, number - NEIGHBOURS), min(last, number + NEIGHBOURS) + 1) for number in numbers if number <= last
    )
    return sorted({line for lines in near for line in lines})


def _cost(capture: Capture, numbers: Iterable[int], cited: dict[int, list[Mark]]) -> int:
    return sum(
        COST_OF_A_LINE
        + len(escape(shortened(capture.lines[number - 1])))
        + COST_OF_A_MARK * min(MOST_MARKS, len(cited.get(number, ())))
        for number in numbers
    )


def _annotated(
    place: int, capture: Capture, numbers: list[int], marks: dict[int, list[Mark]], unknown: set[int]
) -> Annotated:
    runs: list[Run] = []
    lines: list[Line] = []
    before = folded = 0
    for number in numbers:
        if number != before + 1:
            if lines:
                runs.append(Run(folded, tuple(lines)))
            folded, lines = number - before - 1, []
        told = marks.get(number, [])
        text = shortened(capture.lines[number - 1])
        more = max(0, len(told) - MOST_MARKS)
        lines.append(Line(number, text, number in unknown, tuple(told[:MOST_MARKS]), more))
        before = number
    runs.append(Run(folded, tuple(lines)))
    total = capture.line_count
    return Annotated(place, capture.name, capture.sha256, total, tuple(runs), total - before)
