"""Evidence as it is quoted: lines of captures with their numbers, each capture once, long lines shortened and said to be."""

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
    """Lines of one capture, in its order: ``lines`` are pairs of number and text, ``place`` names them: ``se-host.txt:6,13-15``."""

    capture: str
    place: str
    sha256: str
    lines: tuple[tuple[int, str], ...]
    name: str = ""
    """The capture's own name: ``capture`` has its control characters written out."""

    @property
    def first_place(self) -> str:
        """``file:line`` of the first line, as editors take it."""
        return f"{self.capture}:{self.lines[0][0]}"


@dataclass(frozen=True)
class Place:
    """A line that is cited: the capture's own name, the line, and ``file:first-last`` as it is shown."""

    name: str
    line: int
    text: str


def excerpts(evidence: Iterable[Evidence], most_lines: int = MOST_LINES) -> tuple[tuple[Excerpt, ...], int]:
    """Return what to quote, captures in the order in which they are cited, and the number of lines that is left out."""
    shown: list[Excerpt] = []
    room, left_out = most_lines, 0
    for (capture, sha256), lines in _lines_by_capture(evidence).items():
        numbers = sorted(lines)
        kept = numbers[:room]
        left_out += len(numbers) - len(kept)
        room -= len(kept)
        if kept:
            quoted = tuple((number, shortened(lines[number])) for number in kept)
            spans = ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in _runs(kept))
            shown.append(Excerpt(visible(capture), f"{visible(capture)}:{spans}", sha256, quoted, capture))
    return tuple(shown), left_out


def places(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return the places alone, ``file:first-last``, each once."""
    return tuple(dict.fromkeys(visible(item.place) for item in evidence))


def _lines_by_capture(evidence: Iterable[Evidence]) -> dict[tuple[str, str], dict[int, str]]:
    found: dict[tuple[str, str], dict[int, str]] = {}
    for item in evidence:
        lines = found.setdefault((item.capture, item.sha256), {})
        texts = item.text.split("\n")
        for number, text in zip(range(item.line_start, item.line_end + 1), texts, strict=False):
            lines.setdefault(number, text)
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


def shortened(text: str) -> str:
    """Return a line as it is quoted: control characters written out, what is beyond `LONGEST_LINE` counted."""
    if len(text) > LONGEST_LINE:
        text = f"{text[:LONGEST_LINE]} [... {len(text) - LONGEST_LINE} more characters]"
    return visible(text)
