"""The lines of a long text, without a Python step for each: where they begin, and what they begin with.

A log of a hundred megabytes has more than a million lines. What is asked of all of them (does a prompt stand here, is
this a row of a table) is asked of arrays.
"""

import re
from typing import TYPE_CHECKING

from flmparse.lazy import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]

CHUNK_BYTES = 1 << 20
"""Bytes that are compared at once: a mask of them stays in the processor's cache, and a mask of a whole text takes as much memory."""


def positions(characters: "Bytes", *wanted: int) -> "Positions":
    """Return where any of some characters stand."""
    found = []
    for begin in range(0, len(characters), CHUNK_BYTES):
        chunk = characters[begin : begin + CHUNK_BYTES]
        mask = chunk == wanted[0]
        for other in wanted[1:]:
            mask |= chunk == other
        found.append(np.flatnonzero(mask) + begin)
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def count_lines(data: bytes) -> int:
    """Return how many lines end in a long text."""
    return len(positions(np.frombuffer(data, np.uint8), ord("\n")))


STEPS = 64
"""Characters that are stepped over in all lines at once, before what is left of long runs is stepped over line by line."""


def behind(data: bytes, places: "Positions", skipped: str) -> "Positions":
    """Return where the first character stands that is none of some, at or after each place; the last character where there is none."""
    characters, last = np.frombuffer(data, np.uint8), len(data) - 1
    found = places.copy()
    going = np.flatnonzero(places < last)
    for _step in range(STEPS):
        there = characters[found[going]]
        mask = there == ord(skipped[0])
        for character in skipped[1:]:
            mask |= there == ord(character)
        going = going[mask]
        found[going] += 1
        going = going[found[going] < last]
        if not len(going):
            return found
    # A step for each character of a run would take a line of a million blanks a million steps.
    run = re.compile(b"[%s]*" % re.escape(skipped.encode()))
    found[going] = [min(run.match(data, place).end(), last) for place in found[going].tolist()]  # type: ignore[union-attr]
    return found


class Lines:
    """The lines of a text, told apart by what each begins with behind its blanks. Positions count bytes of UTF-8."""

    def __init__(self, text: str | bytes) -> None:
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        self.data = data
        self.characters: Bytes = np.frombuffer(data, np.uint8)
        self.ends: Positions = positions(self.characters, ord("\n")) + 1
        if len(data) and not data.endswith(b"\n"):
            self.ends = np.append(self.ends, len(data))
        self.starts: Positions = np.concatenate(([0], self.ends[:-1])) if len(self.ends) else self.ends
        self.words: Positions = behind(data, self.starts, " \t")
        """Where the first character of each line stands that is no blank; its line end where it has none."""
        self.first: Bytes = self.characters[self.words]

    def __len__(self) -> int:
        return len(self.ends)

    def begin_with(self, characters: str) -> "Mask":
        """Tell the lines of which the first character that is no blank is one of these; a line of blanks has its line end."""
        wanted = np.zeros(256, dtype=bool)
        wanted[[ord(character) for character in characters]] = True
        found: Mask = wanted[self.first]
        return found

    def begin_with_word(self, word: str) -> "Positions":
        """Return the numbers of the lines, from 0, that begin with a word, in large or small letters, behind their blanks."""
        lines = np.flatnonzero(self.first | 0x20 == ord(word[0]) | 0x20)
        for place, letter in enumerate(word.encode()[1:], start=1):
            at = self.words[lines] + place
            inside = at < len(self.characters)
            lines, at = lines[inside], at[inside]
            lines = lines[self.characters[at] | 0x20 == letter | 0x20]
        return lines

    def of(self, places: "Positions") -> "Positions":
        """Return the numbers of the lines, from 0, in which some places are."""
        return np.searchsorted(self.starts, places, side="right") - 1

    @staticmethod
    def runs(lines: "Mask") -> "tuple[Positions, Positions]":
        """Return, for each run of neighbouring lines, the number of its first line and of the line behind it, from 0."""
        edges = np.flatnonzero(np.diff(np.concatenate(([False], lines, [False])).astype(np.int8)))
        return edges[0::2], edges[1::2]

    def cut(self, lines: "Mask") -> bytes:
        """Return the text of some lines."""
        first, after = self.runs(lines)
        begins, ends = self.starts[first].tolist(), self.ends[after - 1].tolist()
        return b"".join([self.data[begin:end] for begin, end in zip(begins, ends, strict=True)])
