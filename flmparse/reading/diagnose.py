"""Where reading a line stopped: the first character at which no terminal of the grammar that could stand there goes on.

A terminal matches a line as far as the longest beginning of the line that could still become one of its matches; the package
``regex`` answers that for one beginning (partial matching), halving finds the longest. Asked for lines that people look at only:
``flmparse parse --unknown``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from flmparse.reading.grammar import Grammar, in_words

LONGEST_LINE = 2000
"""Characters of a line that are looked at."""

_ANYTHING = ("~\x7f~", "~\x7f~a")
"""Beginnings that no line has on purpose; one ends in a word, for a sentence that goes on with the beginning of another."""


@dataclass(frozen=True)
class Stop:
    """A place in a line.

    ``column`` counts from 1; ``kinds`` are the kinds of lines that it can be up to there; ``field`` and ``value`` are the last
    field of the first of them that was read whole, where one was.
    """

    column: int
    kinds: tuple[str, ...]
    field: str | None = None
    value: str | None = None

    @property
    def sentence(self) -> str:
        """What was expected, in words."""
        if not self.kinds:
            return "nothing that stands here begins so"
        kinds = " or ".join(self.kinds[:3]) + (" or ..." if len(self.kinds) > 3 else "")
        after = f", after {self.field} {self.value!r}" if self.field else ""
        return f"reads as {kinds} up to here{after}"


def stop(grammar: Grammar, terminals: Iterable[str], line: str) -> Stop:
    """Return where reading a line stops, among terminals of a grammar."""
    text = line[:LONGEST_LINE].rstrip("\n") + "\n"
    furthest, kinds = 0, []
    for terminal in terminals:
        pattern = _pattern(grammar, terminal)
        if any(pattern.fullmatch(beginning, partial=True) for beginning in _ANYTHING):
            continue  # a sentence that may begin with anything: it says nothing about a place
        reached = _reach(pattern, text)
        if reached > furthest:
            furthest, kinds = reached, [terminal]
        elif reached == furthest:
            kinds.append(terminal)
    blanks = len(text) - len(text.lstrip(" \t"))
    if furthest <= blanks:
        return Stop(blanks + 1, ())
    match = _pattern(grammar, kinds[0]).fullmatch(text, 0, furthest, partial=True)
    field, value = _last_field(match, furthest) if match is not None else (None, None)
    return Stop(furthest + 1, tuple(in_words(kind) for kind in kinds), field, value)


def _reach(pattern: Any, text: str) -> int:
    """Return the length of the longest beginning of the text that a match can begin with."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if pattern.fullmatch(text, 0, middle, partial=True):
            low = middle
        else:
            high = middle - 1
    return low


def _last_field(match: Any, end: int) -> tuple[str | None, str | None]:
    """Return the last named field that ended before the place at which reading stopped."""
    ended = [(match.end(name), name) for name in match.re.groupindex if 0 <= match.end(name) < end]
    if not ended:
        return None, None
    name = max(ended)[1]
    return name.replace("_", " "), match[name]


@cache
def _pattern(grammar: Grammar, terminal: str) -> Any:
    import regex  # type: ignore[import-untyped]

    return regex.compile(grammar.expression(terminal), regex.MULTILINE)
