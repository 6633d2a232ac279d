"""Which lines of a long text a prompt or a typed command could stand on: few, and found without looking at each line.

A prompt ends in ``>``, ``#``, ``$`` or ``%``; a command echoed without a prompt begins with the name of a tool. A log of a hundred megabytes has
millions of lines and a handful of either; the expression that knows prompts is then asked about those lines only.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONG = 1 << 16
"""Characters from which on it pays to look for promising lines first."""

_TOOLS = (b"powermt", b"emcpadm", b"mpclaim")
"""Tools whose command lines are known without a prompt, beside ``sym...``."""


def promising_lines(text: str) -> "list[int] | None":
    """Return where the lines begin that may hold a prompt or a command; None where every line must be looked at.

    The answer may name lines too many, never one too few. Texts that are short or not ASCII are looked at whole.
    """
    if len(text) < LONG or not text.isascii():
        return None
    import numpy as np

    data = text.encode()
    characters = np.frombuffer(data, np.uint8)
    hits = np.concatenate([_prompt_ends(characters), _typed(characters, data.lower())])
    starts = np.concatenate(([0], np.flatnonzero(characters == ord("\n")) + 1))
    lines = np.unique(np.searchsorted(starts, hits, side="right") - 1)
    found: list[int] = starts[lines].tolist()
    return found


def _prompt_ends(characters: "NDArray[np.uint8]") -> "NDArray[Any]":
    import numpy as np

    # Three comparisons of a whole text cost less than one lookup for each of its characters.
    found = (characters == ord(">")) | (characters == ord("$")) | (characters == ord("%"))
    # "###" heads the paths of each device: a "#" beside another one ends no prompt.
    hashes = np.flatnonzero(characters == ord("#"))
    alone = np.ones(len(hashes), dtype=bool)
    beside = np.diff(hashes) == 1
    alone[1:] &= ~beside
    alone[:-1] &= ~beside
    return np.concatenate([np.flatnonzero(found), hashes[alone]])


def _typed(characters: "NDArray[np.uint8]", small: bytes) -> "NDArray[Any]":
    import numpy as np

    named = _found(small, b"sym")
    named = named[named < len(small) - 4]
    # "Symmetrix" begins many lines; of the tools only symmask, symmaskdb and symmir go on with an m.
    fourth, fifth = characters[named + 3] | 0x20, characters[named + 4] | 0x20
    named = named[(fourth != ord("m")) | (fifth == ord("a")) | (fifth == ord("i"))]
    return np.concatenate([named, *(_found(small, tool) for tool in _TOOLS)])


def _found(data: bytes, word: bytes) -> "NDArray[Any]":
    import numpy as np

    return np.fromiter((match.start() for match in re.finditer(word, data)), dtype=np.int64)
