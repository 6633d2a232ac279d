"""Long tables cut into columns by whole lines and words, without a Python step for each row.

The grammar has already said that every line is what it should be; what is left is to cut. `Lines` tells lines apart by their first
character, `Words` cuts rows of blank-separated words into columns. Where a table is not as even as they need it they say so,
and the screen cuts row by row.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flmparse.columns import encoded as vectors
from flmparse.columns.encoded import Encoded, Vector, first_eight
from flmparse.lazy import np, pd
from flmparse.text.lines import Lines as Lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.int64]
    Mask = NDArray[np.bool_]

PIECE_BYTES = 1 << 20
"""Bytes of a table that are cut at once: the places of all its words take more memory than the text."""

_MOST_PACKED = 16
"""Characters of the longest words that are told apart, or read, as numbers of eight characters each."""


def pieces(rows: bytes) -> Iterator[bytes]:
    """Yield a long table in pieces of whole lines."""
    begin = 0
    while len(rows) - begin > PIECE_BYTES:
        after = rows.index(b"\n", begin + PIECE_BYTES - 1) + 1
        yield rows[begin:after]
        begin = after
    if begin < len(rows):
        yield rows[begin:] if begin else rows


_SHORT = 24
"""Characters of the longest texts that are made through an array of code points."""


class Words:
    """Rows of equally many blank-separated words: ``starts`` and ``ends`` have a row for each of them, a column for each word."""

    def __init__(self, rows: bytes, starts: "Positions", ends: "Positions") -> None:
        # What is looked at behind the last word must be there.
        self.rows, self.starts, self.ends = rows + bytes(2 * _MOST_PACKED), starts, ends
        self.characters: NDArray[np.uint8] = np.frombuffer(self.rows, np.uint8)

    @classmethod
    def of(cls, rows: bytes, width: int) -> "Words | None":
        """Return the words of rows that hold ``width`` each, None where one does not or where the text is not ASCII."""
        if not rows.isascii():
            return None
        characters = np.frombuffer(rows, np.uint8)
        solid = characters > ord(" ")
        edges = np.flatnonzero(solid[1:] != solid[:-1]) + 1
        if len(rows) and solid[0]:
            edges = np.concatenate(([0], edges))
        ends = np.flatnonzero(characters == ord("\n"))
        if len(edges) != 2 * width * len(ends):
            return None
        bounds = edges.reshape(-1, 2 * width)
        if not ((bounds[:, -1] <= ends).all() and (bounds[1:, 0] > ends[:-1]).all()):
            return None
        return cls(rows, bounds[:, 0::2], bounds[:, 1::2])

    def __len__(self) -> int:
        return len(self.starts)

    def lengths(self, word: int) -> "Positions":
        """Return how many characters a column's words have."""
        result: Positions = self.ends[:, word] - self.starts[:, word]
        return result

    def text(self, word: int, first: int = 0, after: int | None = None) -> Vector:
        """Return a column as text, of each word the characters ``first`` up to ``after``; no word may be shorter."""
        starts = self.starts[:, word] + first
        ends = self.ends[:, word] if after is None else self.starts[:, word] + after
        pa = vectors.arrow()
        if pa is None:
            return self._listed(starts, ends - starts)
        count = len(starts)
        # Words and what is between them are the texts of one Arrow array over the same bytes; every other one is taken.
        positions = np.empty(2 * count + 1, dtype=np.int64)
        positions[0:-1:2], positions[1::2] = starts, ends
        positions[-1] = len(self.rows)
        both = pa.LargeStringArray.from_buffers(2 * count, pa.py_buffer(positions), pa.py_buffer(self.rows))
        return both.take(pa.array(np.arange(0, 2 * count, 2)))

    def whole(self, word: int) -> "Positions | None":
        """Return a column of whole numbers, None where a word is none of at most 16 digits."""
        starts, lengths = np.ascontiguousarray(self.starts[:, word]), self.lengths(word)
        longest = int(lengths.max(initial=0))
        if longest > _MOST_PACKED:
            return None
        numbers = _eight_digits(first_eight(self.rows, starts, lengths), lengths)
        if longest <= 8 or numbers is None:
            return numbers
        behind = np.maximum(lengths - 8, 0)
        rest = _eight_digits(first_eight(self.rows, starts + 8, behind), behind)
        return None if rest is None else numbers * 10**behind + rest

    def all_in(self, word: int, alphabet: str, first: int = 0, after: int | None = None) -> bool:
        """Whether of each of a column's words the characters ``first`` up to ``after`` are there and of an alphabet."""
        starts, lengths = np.ascontiguousarray(self.starts[:, word]), self.lengths(word)
        shortest = int(lengths.min(initial=after or 0)) if len(lengths) else after or 0
        if after is not None and shortest < after:
            return False
        known = np.zeros(256, dtype=bool)
        known[[ord(character) for character in alphabet]] = True
        for position in range(first, int(lengths.max(initial=0)) if after is None else after):
            rows = slice(None) if position < shortest else np.flatnonzero(lengths > position)
            if not known[self.characters[starts[rows] + position]].all():
                return False
        return True

    def coded(self, word: int, first: int = 0, after: int | None = None) -> Encoded:
        """Return a column of few different words as codes; of each word the characters ``first`` up to ``after``."""
        starts = self.starts[:, word] + first
        lengths = (self.ends[:, word] if after is None else self.starts[:, word] + after) - starts
        longest = int(lengths.max(initial=0))
        if longest > _MOST_PACKED:
            return vectors.encode(self._listed(starts, lengths))
        codes, texts = self._coded(starts, lengths)
        if longest > 8:
            rest, tails = self._coded(starts + 8, np.maximum(lengths - 8, 0))
            if len(texts) == 1:
                codes, texts = rest, [texts[0] + tail for tail in tails]
            elif len(tails) == 1:
                texts = [text + tails[0] for text in texts]
            else:
                codes, pairs = pd.factorize(codes.astype(np.int64) * len(tails) + rest)
                texts = [texts[pair // len(tails)] + tails[pair % len(tails)] for pair in pairs.tolist()]
        return Encoded(codes.astype(np.int32, copy=False), texts)

    def _coded(self, starts: "Positions", lengths: "Positions") -> "tuple[NDArray[Any], list[str]]":
        """Return the first eight characters of texts as codes."""
        packed = first_eight(self.rows, starts, lengths)
        codes: NDArray[Any] = np.zeros(len(packed), dtype=np.int32)
        different = packed[:1]
        if not (packed == different).all():
            codes, different = pd.factorize(packed)
        return codes, [text.decode("ascii") for text in different.astype("<u8").view("S8").tolist()]

    def _listed(self, starts: "Positions", lengths: "Positions") -> list[str]:
        """Return texts as a list: short ones through an array of their code points, which takes a third of the time of slicing."""
        longest = int(lengths.max(initial=0))
        if not 0 < longest <= _SHORT or int(starts.max()) + longest > len(self.characters):
            text = self.rows.decode("ascii")
            return [
                text[position : position + length]
                for position, length in zip(starts.tolist(), lengths.tolist(), strict=True)
            ]
        positions = np.lib.stride_tricks.sliding_window_view(self.characters, longest)[starts].astype(np.uint32)
        shortest = int(lengths.min())
        for position in range(shortest, longest):
            positions[lengths <= position, position] = 0
        result: list[str] = positions.view(f"U{longest}").ravel().tolist()
        return result


def _eight_digits(packed: "NDArray[np.uint64]", lengths: "Positions") -> "Positions | None":
    """Return the numbers that texts of up to eight packed characters are; None where a character is no digit.

    All digits of a number are worked on at once: neighbours are put together to pairs, pairs to fours, fours to eights.
    """
    lengths = np.minimum(lengths, 8)
    zeros = np.array([0x3030303030303030 & (1 << (8 * length)) - 1 for length in range(9)], dtype=np.uint64)
    digits = packed ^ zeros[lengths]
    if (digits & 0xF0F0F0F0F0F0F0F0).any() or ((digits + 0x0606060606060606) & 0x1010101010101010).any():
        return None
    # The last digit goes to the highest byte; what is left below is zeros in front of the number.
    digits = np.where(lengths > 0, digits << ((8 - np.maximum(lengths, 1)) * 8).astype(np.uint64), 0)
    pairs = (digits * 2561 >> 8) & 0x00FF00FF00FF00FF
    fours = (pairs * 6553601 >> 16) & 0x0000FFFF0000FFFF
    result: Positions = (fours * 42949672960001 >> 32).astype(np.int64)
    return result


def two_words(first: Encoded, second: Encoded) -> Encoded:
    """Return two columns of words as one, with a blank between."""
    count = max(1, len(second.texts))
    codes, pairs = pd.factorize(first.codes.astype(np.int64) * count + second.codes)
    texts = [f"{first.texts[pair // count]} {second.texts[pair % count]}" for pair in pairs.tolist()]
    return Encoded(codes.astype(np.int32), texts)
