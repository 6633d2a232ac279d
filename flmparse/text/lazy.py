"""Texts that can be released from memory and are read again when they are needed, for collections of a gigabyte.

After reading, only a few lines of a large capture are quoted. Its text is released then, and read from the file again, which
must still have the same hash, when one of its lines is quoted. The texts that were read again last are cached.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from flmparse.lazy import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CACHED_CHARACTERS = 64_000_000
"""Total characters of the texts that are cached after they were read again; the last one is cached however long it is."""

SHORT_CHARACTERS = 1 << 20
"""Up to this many characters the lines of a text are kept as a list."""


class LazyText:
    """A text that may be released from memory: ``read`` reads it then when it is needed; without ``read`` it stays.

    ``text`` is None for a text that is to be read when it is first needed.
    """

    _cached: "list[LazyText]" = []  # noqa: RUF012 - shared by all texts: those read after their release, the latest last

    def __init__(self, text: str | None, read: Callable[[], str] | None = None) -> None:
        self._text = text
        self._read = read
        self._released = text is None

    def __call__(self) -> str:
        """Return the text; raises CaptureError where it can no longer be read as it was."""
        if self._text is None:
            self._text = self._load()
            if self._released:
                self._release_others(len(self._text))
        return self._text

    def release(self) -> None:
        """Remove the text from memory where it can be read again."""
        if self._read is not None:
            self._text = None
            self._released = True

    def _load(self) -> str:
        assert self._read is not None
        return self._read()

    def _release_others(self, characters: int) -> None:
        others = [text for text in self._cached if text is not self]
        for other in reversed(others):
            characters += len(other._text or "")
            if characters > CACHED_CHARACTERS:
                other.release()
        self._cached[:] = [text for text in others if text._text is not None] + [self]


class LazyLines(Sequence[str]):
    """The lines of a long text without their ends; only the positions of the line ends are kept."""

    def __init__(self, lazy_text: LazyText) -> None:
        self._lazy_text = lazy_text
        # Characters are not bytes in every text: line ends are searched in the text itself, a chunk at a time.
        ends, begin, text = [], 0, lazy_text()
        while begin < len(text):
            chunk = np.frombuffer(
                text[begin : begin + SHORT_CHARACTERS].encode("utf-32-le", "surrogatepass"), np.uint32
            )
            ends.append(np.flatnonzero(chunk == ord("\n")) + begin)
            begin += SHORT_CHARACTERS
        self._ends: NDArray[np.int64] = np.concatenate(ends)
        if not text.endswith("\n"):
            self._ends = np.append(self._ends, len(text))

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, int):
            number = range(len(self))[index]
            return self._lazy_text()[self._begin(number) : int(self._ends[number])]
        numbers = range(len(self))[index]
        if not numbers:
            return []
        if numbers.step != 1:
            return [self[number] for number in numbers]
        return self._lazy_text()[self._begin(numbers[0]) : int(self._ends[numbers[-1]])].split("\n")

    def __iter__(self) -> Iterator[str]:
        return iter(self[:])

    def _begin(self, number: int) -> int:
        return int(self._ends[number - 1]) + 1 if number else 0


def lines_of(lazy_text: LazyText) -> Sequence[str]:
    """Return the lines of a text without their ends; a last line without an end counts."""
    text = lazy_text()
    if len(text) > SHORT_CHARACTERS:
        return LazyLines(lazy_text)
    return text.removesuffix("\n").split("\n") if text else []
