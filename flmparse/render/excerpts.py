"""Evidence as it is quoted: lines of captures with their numbers, neighbours joined, long ones shortened and said to be."""

from collections.abc import Iterable
from dataclasses import dataclass

from flmparse.findings import Evidence
from flmparse.render.wording import visible

MOST_LINES = 24
"""Lines quoted below one finding; how many more there are is said, and JSON has them all."""

LONGEST_LINE = 400
"""Characters quoted of one line."""


@dataclass(frozen=True)
class Excerpt:
    """Consecutive lines of a capture: ``lines`` are pairs of number and text, ``left_out`` how many are not shown."""

    capture: str
    place: str
    sha256: str
    lines: tuple[tuple[int, str], ...]
    left_out: int = 0


def excerpts(evidence: Iterable[Evidence], most_lines: int = MOST_LINES) -> tuple[tuple[Excerpt, ...], int]:
    """Return what to quote, captures in the order in which they are cited, and the number of lines that is left out."""
    found = _lines_by_capture(evidence)
    shown: list[Excerpt] = []
    room, left_out = most_lines, 0
    for (capture, sha256), lines in found.items():
        for run in _runs(sorted(lines)):
            kept = run[:room]
            left_out += len(run) - len(kept)
            room -= len(kept)
            if kept:
                quoted = tuple((number, _shortened(lines[number])) for number in kept)
                shown.append(Excerpt(visible(capture), _place(capture, run), sha256, quoted, len(run) - len(kept)))
    return tuple(shown), left_out


def places(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return the places alone, ``file:first-last``, each once."""
    return tuple(dict.fromkeys(visible(item.place) for item in evidence))


def _lines_by_capture(evidence: Iterable[Evidence]) -> dict[tuple[str, str], dict[int, str]]:
    found: dict[tuple[str, str], dict[int, str]] = {}
    for item in evidence:
        lines = found.setdefault((item.capture, item.sha256), {})
        texts = item.text.split("\n")
        for offset in range(item.line_end - item.line_start + 1):
            # A long range is quoted by its first lines only; the rest is named by its numbers.
            if offset < len(texts):
                lines.setdefault(item.line_start + offset, texts[offset])
    return found


def _runs(numbers: list[int]) -> Iterable[list[int]]:
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _place(capture: str, run: list[int]) -> str:
    span = f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[-1]}"
    return visible(f"{capture}:{span}")


def _shortened(text: str) -> str:
    if len(text) > LONGEST_LINE:
        text = f"{text[:LONGEST_LINE]} [... {len(text) - LONGEST_LINE} more characters]"
    return visible(text)
