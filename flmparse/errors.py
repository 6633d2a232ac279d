"""Everything that flmparse raises on purpose.

FlmparseError
├── AssetError          a grammar, template or fixture is missing from the installation
├── CaptureError        a file of the user cannot be read (missing, locked, changed while it was read)
├── ManifestError       migration.toml is wrong: file, line and what was expected
├── TermError           a device, port, WWN or serial is spelt in no known way
│   └── MaskedError     digits of a value are masked
├── FrameError          a screen returned columns that do not fit its table
└── UsageError          an unknown gate, rule, table, screen or format, or an impossible option

A message says where, what and what was expected instead; it needs no traceback.
"""


class FlmparseError(Exception):
    """Base of every error that flmparse raises on purpose."""


class AssetError(FlmparseError):
    """A grammar, template or fixture is missing from the installation."""


class CaptureError(FlmparseError):
    """A file of the user cannot be read."""


class ManifestError(FlmparseError):
    """The manifest of a collection is wrong."""


class TermError(FlmparseError, ValueError):
    """A value of the field (device, port, WWN, serial, gate) is spelt in no known way."""


class MaskedError(TermError):
    """Digits of a value are masked: it is kept as printed and equals no other value."""


class FrameError(FlmparseError):
    """Columns do not fit the table they are meant for."""


class UsageError(FlmparseError):
    """An unknown gate, rule, table, screen or format, or an impossible option."""


def did_you_mean(word: str, known: list[str]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest known word, or an empty string."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
