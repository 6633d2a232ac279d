"""The gates with what was captured at each: by time where it is known, else in the order of the gates; steps are marked."""

import textwrap
from collections import Counter
from datetime import UTC
from itertools import pairwise

from flmparse.assessment import Assessment
from flmparse.collection import Output
from flmparse.evidence.migration import Migration
from flmparse.evidence.timeline import ordered
from flmparse.procedure import Gate
from flmparse.render.pictures import Drawn
from flmparse.render.svg import Drawing, Picture
from flmparse.render.wording import number_of

LEFT, RIGHT, TOP = 128.0, 440.0, 56.0
LANE = 38
BUCKET = 7
"""Width of what one mark stands for: outputs nearer than that share one."""

TEXT_X, TEXT_WIDTH = 462, 252
STEP_COLUMNS = 36


def _draw(assessment: Assessment, migration: Migration) -> tuple[Picture, ...]:
    reads = ordered(output for output in assessment.collection.outputs if output.screen is not None)
    if not reads:
        return ()
    title = "Gates and captures"
    timed = all(output.time is not None for output in reads)
    how = _how(reads, timed)
    positions = _positions(reads, timed)
    verdicts = {item.gate: item.verdict.value for item in assessment.gates if item.results}
    drawing = Drawing()
    drawing.text(8, 22, title, "strong")
    drawing.text(8, 40, how, "quiet")
    sentences, y = [how], TOP
    lanes: list[Gate | None] = [*Gate, None]
    for gate in lanes:
        at_gate = [output for output in reads if output.gate is gate]
        if gate is None and not at_gate:
            continue
        y, words = _lane(drawing, y, gate, at_gate, positions, verdicts.get(gate, "") if gate is not None else "")
        sentences.append(words)
    drawing.line([(8, y), (712, y)], "grid")
    drawing.mark(14, y + 18, "circle")
    drawing.text(24, y + 22, "outputs", "quiet")
    drawing.mark(88, y + 18, "diamond", "step")
    drawing.text(100, y + 22, "step that changes something", "quiet")
    return (drawing.picture("picture-timeline", title, " ".join(sentences), y + 34),)


def _how(reads: list[Output], timed: bool) -> str:
    times = [output.time for output in reads if output.time is not None]
    if timed:
        first, last = (time.astimezone(UTC) for time in (min(times), max(times)))
        return f"By time, {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC."
    if times:
        return f"In the order of the gates: of {len(reads) - len(times):,} of {len(reads):,} outputs the time is not known."
    return "In the order of the gates: no output has a known time."


def _positions(reads: list[Output], timed: bool) -> dict[int, float]:
    """Return how far to the right each output stands, by its index."""
    moments = [
        output.time.timestamp() if timed and output.time else float(position) for position, output in enumerate(reads)
    ]
    first, span = min(moments), max(moments) - min(moments)
    return {
        output.index: LEFT + (RIGHT - LEFT) * ((moment - first) / span if span else 0.5)
        for output, moment in zip(reads, moments, strict=True)
    }


def _lane(
    drawing: Drawing, y: float, gate: Gate | None, reads: list[Output], positions: dict[int, float], verdict: str
) -> tuple[float, str]:
    """Draw one gate from y on; return where it ends, and the gate in words."""
    name = f"G{int(gate)} {gate.word}" if gate is not None else "gate not known"
    middle = y + LANE / 2
    drawing.line([(8, y), (712, y)], "grid")
    drawing.text(8, middle - 2 if verdict else middle + 4, name, "strong", width=LEFT - 16)
    if verdict:
        drawing.text(8, middle + 13, verdict, width=LEFT - 16)
    if reads:
        drawing.line([(LEFT, middle), (RIGHT, middle)], "grid")
    steps = [output for output in reads if output.operations]
    for x, many in _bundled([positions[output.index] for output in reads if not output.operations]):
        drawing.mark(x, middle, "circle", size=4 if many == 1 else 5.5)
    for x, _ in _bundled([positions[output.index] for output in steps]):
        drawing.mark(x, middle, "diamond", "step")
    done = Counter(operation for output in steps for operation in output.operations)
    words = ", ".join(f"{operation} x {many}" if many > 1 else operation for operation, many in done.items())
    captures = len({output.capture.name for output in reads})
    captured = f"{number_of(len(reads), 'output')} in {number_of(captures, 'capture')}" if reads else "nothing captured"
    drawing.text(TEXT_X, middle - 2 if words else middle + 4, captured, "" if reads else "quiet", width=TEXT_WIDTH)
    lines = textwrap.wrap(words, STEP_COLUMNS)
    for number, line in enumerate(lines):
        drawing.text(TEXT_X, middle + 13 + 15 * number, line, width=TEXT_WIDTH)
    sentence = f"{name}{f' ({verdict})' if verdict else ''}: {captured}{f'; steps: {words}' if words else ''}."
    return y + LANE + 15 * max(0, len(lines) - 1), sentence


def _bundled(positions: list[float]) -> list[tuple[float, int]]:
    """Return the positions of marks and how many outputs each stands for; what is too near shares one."""
    if not positions:
        return []
    rows = sorted(positions)
    bundles = [[rows[0]]]
    for before, position in pairwise(rows):
        if position - bundles[-1][0] > BUCKET and position > before:
            bundles.append([position])
        else:
            bundles[-1].append(position)
    return [(sum(bundle) / len(bundle), len(bundle)) for bundle in bundles]


PICTURES = Drawn(10, _draw)
