"""Which lines of a long text a prompt, a typed command or a pager's words could stand on: few, and found without looking at each line.

A prompt ends in ``>``, ``#``, ``$`` or ``%``; a command echoed without a prompt begins with the name of a tool. A log of a hundred megabytes has
millions of lines and a handful of either; the expression that knows prompts is then asked about those lines only.
"""

from typing import TYPE_CHECKING, Any

from flmparse.commands import unmistakable_names
from flmparse.lazy import np
from flmparse.text.lines import Lines, behind, positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG = 1 << 16
"""Characters from which on it pays to look for promising lines first."""

_PAGED = ("lines ", "(end)", "press ", "hit ")


def long_lines(data: bytes) -> Lines | None:
    """Return the lines of a long text from its bytes, which are none where characters are not bytes; others are looked at whole."""
    return Lines(data) if len(data) >= LONG else None


def promising_lines(lines: Lines) -> list[int]:
    """Return where the lines begin that may hold a prompt or a command: perhaps too many, never one too few."""
    within = lines.of(_prompt_ends(lines.characters))
    typed = [lines.begin_with_word(word) for word in (*unmistakable_names(), "sudo")]
    starred = np.flatnonzero(lines.begin_with("*"))
    found: list[int] = lines.starts[np.unique(np.concatenate([within, *typed, starred]))].tolist()
    return found


def paged_lines(lines: Lines) -> list[int]:
    """Return where the lines begin that may hold a pager's words."""
    numbers = np.concatenate([_dashes_before_a_word(lines), *(lines.begin_with_word(word) for word in _PAGED)])
    found: list[int] = lines.starts[numbers].tolist()
    return found


def _dashes_before_a_word(lines: Lines) -> "NDArray[Any]":
    """Return the numbers of the lines that go on behind dashes as ``-- More --`` or its translations do; rules are no such lines."""
    numbers = np.flatnonzero(lines.begin_with("-"))
    at = behind(lines.data, lines.words[numbers], "-")
    at = np.minimum(at + (lines.characters[at] == ord(" ")), len(lines.data) - 1)
    letters = np.frombuffer(b"MmFfSs", np.uint8)
    return numbers[np.isin(lines.characters[at], letters)]


def _prompt_ends(characters: "NDArray[np.uint8]") -> "NDArray[Any]":
    ends = positions(characters, ord(">"), ord("$"), ord("%"))
    # "###" heads the paths of each device: a "#" beside another one ends no prompt.
    hashes = positions(characters, ord("#"))
    alone = np.ones(len(hashes), dtype=bool)
    beside = np.diff(hashes) == 1
    alone[1:] &= ~beside
    alone[:-1] &= ~beside
    return np.concatenate([ends, hashes[alone]])
