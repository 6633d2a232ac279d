"""Everything that flmparse raises on purpose.

FlmparseError
├── AssetError          a grammar, template or fixture of the installation is not there
├── CaptureError        a file of the user cannot be read (missing, locked, not text, refused archive member)
├── ManifestError       migration.toml is wrong: file, line and what was meant
├── TermError           a device, port, WWN or serial is spelt in no known way
├── FrameError          a screen handed over columns that do not fit its table
└── UsageError          a question that cannot be asked (unknown gate, rule, table or screen)

A message says where, what, and against what it was held; it fits on a terminal and needs no traceback.
"""


class FlmparseError(Exception):
    """Base of every error that flmparse raises on purpose."""


class AssetError(FlmparseError):
    """A grammar, template or fixture of the installation is not there."""


class CaptureError(FlmparseError):
    """A file of the user cannot be read."""


class ManifestError(FlmparseError):
    """The manifest of a collection is wrong."""


class TermError(FlmparseError, ValueError):
    """A value of the field (device, port, WWN, serial, gate) is spelt in no known way."""


class MaskedError(TermError):
    """A value of which somebody masked digits: it is kept as printed, and equals no other."""


class FrameError(FlmparseError):
    """Columns that do not fit the table they are meant for."""


class UsageError(FlmparseError):
    """A question that cannot be asked: unknown gate, rule, table, screen or format."""


def did_you_mean(word: str, known: list[str]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest known word, or an empty string."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
