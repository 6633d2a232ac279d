"""Evidence as it is quoted: lines of captures with their numbers, each capture once, long lines marked as shortened."""

from collections.abc import Iterable

from flmparse.findings import Evidence
from flmparse.render import limits
from flmparse.render.model import Excerpt
from flmparse.render.wording import visible


def excerpts(evidence: Iterable[Evidence], most_lines: int = limits.QUOTED_LINES) -> tuple[tuple[Excerpt, ...], int]:
    """Return what to quote, captures in the order in which they are cited, and the number of lines that is left out."""
    quoted: list[Excerpt] = []
    room, left_out = most_lines, 0
    for (capture, sha256), texts in _lines_by_capture(evidence).items():
        numbers = sorted(texts)[:room]
        left_out += len(texts) - len(numbers)
        room -= len(numbers)
        if numbers:
            lines = tuple((number, shortened(texts[number])) for number in numbers)
            quoted.append(Excerpt(visible(capture), f"{visible(capture)}:{_spans(numbers)}", sha256, lines, capture))
    return tuple(quoted), left_out


def places(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return where evidence stands, ``file:first-last``, each once."""
    return tuple(dict.fromkeys(visible(item.place) for item in evidence))


def _lines_by_capture(evidence: Iterable[Evidence]) -> dict[tuple[str, str], dict[int, str]]:
    by_capture: dict[tuple[str, str], dict[int, str]] = {}
    for item in evidence:
        lines = by_capture.setdefault((item.capture, item.sha256), {})
        texts = item.text.split("\n")
        for number, text in zip(range(item.line_start, item.line_end + 1), texts, strict=False):
            lines.setdefault(number, text)
    return by_capture


def _spans(numbers: list[int]) -> str:
    """Return line numbers in ascending order as ``6,13-15``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def shortened(text: str) -> str:
    """Return a line as it is quoted: control characters written out, what is beyond `limits.LINE_LENGTH` counted."""
    if len(text) > limits.LINE_LENGTH:
        text = f"{text[: limits.LINE_LENGTH]} [... {len(text) - limits.LINE_LENGTH} more characters]"
    return visible(text)
