"""The lines of a long text as arrays, without a Python step for each: where they begin, and with what.

A log of a hundred megabytes has more than a million lines. Questions about all of them (which hold a prompt, which are rows of
a table) are answered by arrays.
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
"""Bytes compared at once: their mask fits into the processor's cache; that of a whole text would take as much memory as the text."""


def positions_of(characters: "Bytes", *wanted: int) -> "Positions":
    """Return the positions of any of some characters, in order."""
    positions = []
    for begin in range(0, len(characters), CHUNK_BYTES):
        chunk = characters[begin : begin + CHUNK_BYTES]
        mask = chunk == wanted[0]
        for other in wanted[1:]:
            mask |= chunk == other
        positions.append(np.flatnonzero(mask) + begin)
    return np.concatenate(positions) if positions else np.empty(0, dtype=np.int64)


def count_lines(data: bytes) -> int:
    """Return the number of line ends of a long text."""
    return len(positions_of(np.frombuffer(data, np.uint8), ord("\n")))


STEPS = 64
"""Characters that are skipped in all lines at once; the rest of longer runs is skipped line by line."""


def skip(data: bytes, positions: "Positions", skipped: str) -> "Positions":
    """Return the position of the first other character at or after each position; the last character's where there is no other."""
    characters, last = np.frombuffer(data, np.uint8), len(data) - 1
    reached = positions.copy()
    going = np.flatnonzero(positions < last)
    for _step in range(STEPS):
        current = characters[reached[going]]
        mask = current == ord(skipped[0])
        for character in skipped[1:]:
            mask |= current == ord(character)
        going = going[mask]
        reached[going] += 1
        going = going[reached[going] < last]
        if not len(going):
            return reached
    # One step per character would take a million steps for a line of a million blanks.
    run = re.compile(b"[%s]*" % re.escape(skipped.encode()))
    reached[going] = [min(run.match(data, position).end(), last) for position in reached[going].tolist()]  # type: ignore[union-attr]
    return reached


class Lines:
    """The lines of a text, classified by their first character after blanks. Positions count bytes of UTF-8."""

    def __init__(self, text: str | bytes) -> None:
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        self.data = data
        self.characters: Bytes = np.frombuffer(data, np.uint8)
        self.ends: Positions = positions_of(self.characters, ord("\n")) + 1
        if len(data) and not data.endswith(b"\n"):
            self.ends = np.append(self.ends, len(data))
        self.starts: Positions = np.concatenate(([0], self.ends[:-1])) if len(self.ends) else self.ends
        self.words: Positions = skip(data, self.starts, " \t")
        """The position of the first character of each line that is not blank; of its line end in a blank line."""
        self.first: Bytes = self.characters[self.words]

    def __len__(self) -> int:
        return len(self.ends)

    def begin_with(self, characters: str) -> "Mask":
        """Return a mask of the lines whose first character after blanks is one of these; that of a blank line is its line end."""
        wanted = np.zeros(256, dtype=bool)
        wanted[[ord(character) for character in characters]] = True
        mask: Mask = wanted[self.first]
        return mask

    def begin_with_word(self, word: str) -> "Positions":
        """Return the numbers of the lines, from 0, that begin with a word after blanks, in upper or lower case."""
        lines = np.flatnonzero(self.first | 0x20 == ord(word[0]) | 0x20)
        for offset, letter in enumerate(word.encode()[1:], start=1):
            positions = self.words[lines] + offset
            inside = positions < len(self.characters)
            lines, positions = lines[inside], positions[inside]
            lines = lines[self.characters[positions] | 0x20 == letter | 0x20]
        return lines

    def numbers_at(self, positions: "Positions") -> "Positions":
        """Return the numbers of the lines, from 0, at some positions."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    @staticmethod
    def runs(lines: "Mask") -> "tuple[Positions, Positions]":
        """Return, for each run of neighbouring lines, the number of its first line and of the line after it, from 0."""
        edges = np.flatnonzero(np.diff(np.concatenate(([False], lines, [False])).astype(np.int8)))
        return edges[0::2], edges[1::2]

    def cut(self, lines: "Mask") -> bytes:
        """Return the bytes of some lines."""
        first, after = self.runs(lines)
        begins, ends = self.starts[first].tolist(), self.ends[after - 1].tolist()
        return b"".join([self.data[begin:end] for begin, end in zip(begins, ends, strict=True)])
