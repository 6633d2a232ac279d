"""Texts of captures: in memory, or read again when somebody asks, so that a gigabyte of logs need not be held at once.

What is shown of a large capture later is a few lines. Its text is let go when its rows are read, and comes back from the file, held
against the hash it had, when one of its lines is quoted. The texts that came back last are kept until others need the place.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from flmparse.lazy import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEPT_CHARACTERS = 64_000_000
"""Characters of texts read again that are kept."""

FEW_CHARACTERS = 1 << 20
"""Characters up to which the lines of a text are kept as a list."""


class Text:
    """A text that may be let go: ``again`` reads it once more; without it the text stays."""

    _read_again: "list[Text]" = []  # noqa: RUF012 - of all texts together, the last one last

    def __init__(self, text: str, again: Callable[[], str] | None = None) -> None:
        self._text: str | None = text
        self._again = again

    def __call__(self) -> str:
        """Return the text; raises CaptureError where it cannot be read again as it was."""
        if self._text is None:
            assert self._again is not None
            self._text = self._again()
            self._make_room(len(self._text))
        return self._text

    def let_go(self) -> None:
        """Hold the text no longer, where it can be read again."""
        if self._again is not None:
            self._text = None

    def _make_room(self, characters: int) -> None:
        others = [text for text in self._read_again if text is not self]
        for other in reversed(others):
            characters += len(other._text or "")
            if characters > KEPT_CHARACTERS:
                other.let_go()
        self._read_again[:] = [text for text in others if text._text is not None] + [self]

    def __reduce__(self) -> tuple[object, ...]:
        """Send no text to another process: it has its own."""
        return Text, ("",)


class TextLines(Sequence[str]):
    """The lines of a long text without their ends, found by where they begin."""

    def __init__(self, text: Text) -> None:
        self._text = text
        # Characters are no bytes in every text: the ends are looked for in the text itself, a piece at a time.
        ends, begin, whole = [], 0, text()
        while begin < len(whole):
            piece = np.frombuffer(whole[begin : begin + FEW_CHARACTERS].encode("utf-32-le", "surrogatepass"), np.uint32)
            ends.append(np.flatnonzero(piece == ord("\n")) + begin)
            begin += FEW_CHARACTERS
        self._ends: NDArray[np.int64] = np.concatenate(ends)
        if not whole.endswith("\n"):
            self._ends = np.append(self._ends, len(whole))

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, int):
            number = range(len(self))[place]
            return self._text()[self._begin(number) : int(self._ends[number])]
        numbers = range(len(self))[place]
        if not numbers:
            return []
        if numbers.step != 1:
            return [self[number] for number in numbers]
        return self._text()[self._begin(numbers[0]) : int(self._ends[numbers[-1]])].split("\n")

    def __iter__(self) -> Iterator[str]:
        return iter(self[:])

    def _begin(self, number: int) -> int:
        return int(self._ends[number - 1]) + 1 if number else 0


def lines_of(text: Text) -> Sequence[str]:
    """Return the lines of a text without their ends; a last line without an end counts."""
    whole = text()
    if len(whole) > FEW_CHARACTERS:
        return TextLines(text)
    return whole.removesuffix("\n").split("\n") if whole else []
