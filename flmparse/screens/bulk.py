"""Long tables cut into columns by whole lines and words, without a Python step for each row.

The grammar has already said that every line is what it should be; what is left is to cut. `Lines` tells lines apart by their first
character, `words` cuts rows of blank-separated words into columns. Both say None where a table is not as even as they
need it; the screen then cuts row by row.
"""

from typing import TYPE_CHECKING

from flmparse.frames.vectors import Vector, arrow, is_arrow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Positions = NDArray[np.int64]
    Mask = NDArray[np.bool_]


class Lines:
    """The lines of a text, told apart by the first character of each that is no blank. Positions count bytes of UTF-8."""

    def __init__(self, text: str) -> None:
        import numpy as np

        self.data = text.encode("utf-8", "surrogatepass")
        characters = np.frombuffer(self.data, np.uint8)
        self.ends: Positions = np.flatnonzero(characters == ord("\n")) + 1
        self.starts: Positions = np.concatenate(([0], self.ends[:-1]))
        place = self.starts.copy()
        self.first = characters[place] if len(place) else characters[:0]
        while True:
            blank = np.flatnonzero((self.first == ord(" ")) | (self.first == ord("\t")))
            if not len(blank):
                break
            place[blank] += 1
            self.first[blank] = characters[place[blank]]

    def begin_with(self, characters: str) -> "Mask":
        """Tell the lines of which the first character that is no blank is one of these; a line of blanks has its line end."""
        import numpy as np

        wanted = np.zeros(256, dtype=bool)
        wanted[[ord(character) for character in characters]] = True
        found: Mask = wanted[self.first]
        return found

    @staticmethod
    def runs(lines: "Mask") -> "tuple[Positions, Positions]":
        """Return, for each run of neighbouring lines, the number of its first line and of the line behind it, from 0."""
        import numpy as np

        edges = np.flatnonzero(np.diff(np.concatenate(([False], lines, [False])).astype(np.int8)))
        return edges[0::2], edges[1::2]

    def cut(self, lines: "Mask") -> bytes:
        """Return the text of some lines."""
        first, after = self.runs(lines)
        begins, ends = self.starts[first].tolist(), self.ends[after - 1].tolist()
        return b"".join([self.data[begin:end] for begin, end in zip(begins, ends, strict=True)])


def words(rows: bytes, width: int) -> list[Vector] | None:
    """Return the columns of rows that hold ``width`` blank-separated words each, or None where they do not.

    Without pyarrow only the number of words in all is looked at: who calls makes sure that no row of his table can hold more
    than ``width`` words, or that the columns are what they should be.
    """
    import numpy as np

    pa = arrow()
    lines = rows.count(b"\n")
    if pa is None:
        found = rows.decode("utf-8", "surrogatepass").split()
        if len(found) != width * lines or not rows.isascii():
            return None
        return [found[position::width] for position in range(width)]
    if not rows.isascii():
        return None
    ends = np.flatnonzero(np.frombuffer(rows, np.uint8) == ord("\n")) + 1
    offsets = np.concatenate(([0], ends)).astype(np.int64)
    texts = pa.LargeStringArray.from_buffers(lines, pa.py_buffer(offsets), pa.py_buffer(rows))
    parts = pa.compute.ascii_split_whitespace(pa.compute.ascii_trim_whitespace(texts))
    if not bool((np.diff(parts.offsets.to_numpy()) == width).all()):
        return None
    flat, index = parts.flatten(), np.arange(lines) * width
    return [flat.take(pa.array(index + position)) for position in range(width)]


def two_words(first: Vector, second: Vector) -> Vector:
    """Return two columns of words as one, with a blank between."""
    pa = arrow()
    if pa is not None and is_arrow(first):
        return pa.compute.binary_join_element_wise(first, second, pa.scalar(" ", pa.large_string()))  # type: ignore[no-any-return]
    return [f"{one} {other}" for one, other in zip(first, second, strict=True)]
