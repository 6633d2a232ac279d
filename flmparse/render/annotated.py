"""The captured text itself, with line numbers: what a finding cites leads back to it, what was not understood is marked.

A small capture is printed whole. Of a large one the lines that are cited or not understood are printed with their neighbours; the
rest is folded and counted, so that a page stays small enough to open whatever was captured.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from html import escape

from flmparse.collection import Collection
from flmparse.render import limits
from flmparse.render.excerpts import shortened
from flmparse.render.model import Annotated, Cut, Line, Mark, Run
from flmparse.render.report import GateView, answers
from flmparse.render.wording import STATUS_SLUGS
from flmparse.text.capture import Capture

Marks = Mapping[int, list[Mark]]
"""Of each line that is cited, one mark a rule."""


def annotated(collection: Collection, gates: Iterable[GateView], numbers: Container[int]) -> tuple[Annotated, ...]:
    """Return the text of the captures of these numbers that have any to print: cited and unknown lines come before whole small captures."""
    captures = [(number, capture) for number, capture in enumerate(collection.captures, 1) if number in numbers]
    marks = _marks(gates)
    unknown: dict[str, set[int]] = {}
    for output, part in collection.unknown():
        unknown.setdefault(output.capture.name, set()).update(range(part.first_line, part.last_line + 1))
    room = limits.TEXT_CHARACTERS
    printed: dict[int, list[int]] = {}
    for number, capture in captures:
        odd, cited = unknown.get(capture.name, set()), marks.get(capture.name, {})
        wanted = _with_neighbours(capture, sorted(odd | cited.keys()))[: limits.LINES_OF_A_CAPTURE]
        room -= _cost(capture, wanted, cited)
        printed[number] = wanted if room > 0 else []
    for number, capture in captures:
        if capture.line_count <= limits.WHOLE_CAPTURE:
            whole = range(1, capture.line_count + 1)
            cost = _cost(capture, sorted(set(whole).difference(printed[number])), {})
            if cost <= room:
                room -= cost
                printed[number] = list(whole)
    return tuple(
        _annotated(number, capture, printed[number], marks.get(capture.name, {}), unknown.get(capture.name, set()))
        for number, capture in captures
        if printed[number]
    )


def _marks(gates: Iterable[GateView]) -> dict[str, Marks]:
    by_line: dict[str, dict[int, dict[str, Mark]]] = {}
    for gate, view in answers(gates):
        linked: set[tuple[str, int]] = set()
        for finding_view, finding in zip(view.findings, view.result.findings, strict=False):
            mark = Mark(f"{view.rule} {gate.word}", 0, finding_view.anchor, STATUS_SLUGS[finding.status])
            for evidence in finding.evidence:
                for number in range(evidence.line_start, evidence.line_end + 1):
                    # One link for each rule is enough: its findings stand together, and its row leads to the other gates.
                    if (evidence.capture, number) in linked:
                        continue
                    linked.add((evidence.capture, number))
                    marks = by_line.setdefault(evidence.capture, {}).setdefault(number, {})
                    first = marks.get(view.rule)
                    marks[view.rule] = mark if first is None else replace(first, more_gates=first.more_gates + 1)
    return {
        capture: {number: list(marks.values()) for number, marks in lines.items()} for capture, lines in by_line.items()
    }


def _with_neighbours(capture: Capture, numbers: list[int]) -> list[int]:
    """Return lines with their neighbours, in order."""
    last, near = capture.line_count, limits.NEIGHBOURS
    lines = (range(max(1, n - near), min(last, n + near) + 1) for n in numbers if n <= last)
    return sorted({line for around in lines for line in around})


def _cost(capture: Capture, numbers: Iterable[int], cited: Marks) -> int:
    return sum(
        limits.TEXT_LINE_COST
        + len(escape(shortened(capture.lines[number - 1])))
        + limits.TEXT_MARK_COST * min(limits.MARKS, len(cited.get(number, ())))
        for number in numbers
    )


def _annotated(number: int, capture: Capture, numbers: list[int], marks: Marks, unknown: set[int]) -> Annotated:
    runs: list[Run] = []
    lines: list[Line] = []
    before = folded = 0
    for line in numbers:
        if line != before + 1:
            if lines:
                runs.append(Run(folded, tuple(lines)))
            folded, lines = line - before - 1, []
        text = shortened(capture.lines[line - 1])
        lines.append(Line(line, text, line in unknown, Cut(marks.get(line, ()), limits.MARKS)))
        before = line
    runs.append(Run(folded, tuple(lines)))
    total = capture.line_count
    return Annotated(number, capture.name, capture.sha256, total, tuple(runs), total - before)
