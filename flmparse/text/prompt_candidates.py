"""Finds the few lines of a long text that may hold a prompt, a typed command or a pager's words, without a step for each line.

A prompt ends in ``>``, ``#``, ``$`` or ``%``; a command echoed without a prompt begins with the name of a tool, the header of a
terminal with words of its own. A log of a hundred megabytes has
millions of lines and a handful of either; only those lines are then matched against the pattern of prompts.
"""

from typing import TYPE_CHECKING, Any

from flmparse.commands import unmistakable_names
from flmparse.lazy import np
from flmparse.text.lines import Lines, positions_of, skip

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG = 1 << 16
"""From this many characters on, searching for candidates first is faster."""

_HEADERS = ("=~=~", "script ")
"""How the headers of PuTTY and `script` begin; that of PowerShell begins with a star."""

_PAGED = ("lines ", "(end)", "press ", "hit ")


def long_lines(data: bytes) -> Lines | None:
    """Return the lines of a long text from its bytes; None for a short text, and for one that is not ASCII and so has no bytes."""
    return Lines(data) if len(data) >= LONG else None


def prompt_lines(lines: Lines) -> list[int]:
    """Return the offsets of the lines that may hold a prompt, a command or a header: perhaps too many, never too few."""
    prompted = lines.numbers_at(_prompt_ends(lines.characters))
    typed = [lines.begin_with_word(word) for word in (*unmistakable_names(), "sudo", *_HEADERS)]
    starred = np.flatnonzero(lines.begin_with("*"))
    offsets: list[int] = lines.starts[np.unique(np.concatenate([prompted, *typed, starred]))].tolist()
    return offsets


def paged_lines(lines: Lines) -> list[int]:
    """Return the offsets of the lines that may hold a pager's words."""
    numbers = np.concatenate([_dashes_before_a_word(lines), *(lines.begin_with_word(word) for word in _PAGED)])
    offsets: list[int] = lines.starts[numbers].tolist()
    return offsets


def _dashes_before_a_word(lines: Lines) -> "NDArray[Any]":
    """Return the numbers of the lines that continue after dashes as ``-- More --`` or its translations do, unlike rules."""
    numbers = np.flatnonzero(lines.begin_with("-"))
    after_dashes = skip(lines.data, lines.words[numbers], "-")
    words = np.minimum(after_dashes + (lines.characters[after_dashes] == ord(" ")), len(lines.data) - 1)
    letters = np.frombuffer(b"MmFfSs", np.uint8)
    return numbers[np.isin(lines.characters[words], letters)]


def _prompt_ends(characters: "NDArray[np.uint8]") -> "NDArray[Any]":
    ends = positions_of(characters, ord(">"), ord("$"), ord("%"))
    # "###" is a heading of every device: a "#" next to another does not end a prompt.
    hashes = positions_of(characters, ord("#"))
    alone = np.ones(len(hashes), dtype=bool)
    beside = np.diff(hashes) == 1
    alone[1:] &= ~beside
    alone[:-1] &= ~beside
    return np.concatenate([ends, hashes[alone]])
