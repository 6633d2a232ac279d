"""Words that an opening cannot do without: looked for first, which takes a hundredth of the time of an expression.

Which screen an output without a command is, the openings of all of them tell; most of them are not in it.
"""

import re
from functools import cache

_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|.", re.S)
_UNSURE = re.compile(r"\\[xuUN0-9]")
"""Escapes of several characters: no opening has one, and none is taken apart here."""

Words = tuple[str, ...] | None

LEAST_CHARACTERS = 3
"""Shorter words are in every text."""


def found(opening: re.Pattern[str], text: str) -> bool:
    """Whether an opening is found in a text."""
    words = needed(opening)
    if words is not None and not any(word in text for word in words):
        return False
    return opening.search(text) is not None


@cache
def needed(opening: re.Pattern[str]) -> tuple[str, ...] | None:
    """Return words of which every text that the expression is found in holds one; None where none are known."""
    if opening.flags & (re.IGNORECASE | re.VERBOSE) or _UNSURE.search(opening.pattern):
        return None
    return _words(_PIECE.findall(opening.pattern))[0]


def _words(pieces: list[str], place: int = 0) -> tuple[Words, int]:
    """Return the words that one of the alternatives at a place needs, and the place of the bracket that ends them."""
    alternatives: list[Words] = []
    best: Words = None
    run = ""
    while place < len(pieces) and pieces[place] != ")":
        piece = pieces[place]
        if piece == "|":
            alternatives.append(best)
            best, run = None, ""
        elif piece == "(":
            plain = pieces[place + 1 : place + 3] == ["?", ":"]
            inner, place = _words(pieces, place + (3 if plain else 1))
            behind = pieces[place + 1] if place + 1 < len(pieces) else ""
            if plain and behind not in ("?", "*") and not behind.startswith("{"):
                best = _better(best, inner)
            run = ""
        else:
            run = _longer(run, piece)
            # What has just come may be struck out again by the quantifier behind it.
            best = _better(best, (run[:-1],) if len(run) > LEAST_CHARACTERS else None)
        place += 1
    alternatives.append(best)
    words = [word for found in alternatives for word in found or ()]
    return (tuple(words) if None not in alternatives else None), place


def _better(one: Words, other: Words) -> Words:
    """Return the words of which the shortest is longer."""
    if one is None or other is None:
        return other if one is None else one
    return other if min(map(len, other)) > min(map(len, one)) else one


def _longer(run: str, piece: str) -> str:
    """Return the characters that surely stand one behind another, with one piece more."""
    if len(piece) == 2 and piece[0] == "\\" and not piece[1].isalnum():
        return run + piece[1]
    return run + piece if len(piece) == 1 and piece not in "?*+^$." else ""
