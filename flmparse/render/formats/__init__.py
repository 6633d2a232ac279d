"""The formats of a report: one module each with a constant ``FORMAT``, found because it is there.

Importing this package loads no writer: each format imports what it needs when it writes, so that ``--help`` can name them all.
"""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from flmparse.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from flmparse.render.views import Report

__all__ = ["Format", "all_formats", "format_of"]


@dataclass(frozen=True)
class Format:
    """One way to write a report.

    ``name`` is what ``--format`` takes, ``suffix`` how its files end, ``holds`` what is in them and who reads it.
    ``write`` returns the whole report as text or bytes, or its text piece by piece where it may be large. A ``binary``
    format is bytes, and is not written to a terminal.
    """

    name: str
    suffix: str
    holds: str
    write: "Callable[[Report], str | bytes | Iterator[str]]"
    binary: bool = False


@cache
def all_formats() -> dict[str, Format]:
    """Return every format by name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    formats: list[Format] = [module.FORMAT for module in modules]
    return {format.name: format for format in sorted(formats, key=lambda format: format.name)}


def format_of(name: str) -> Format:
    """Return the format called ``name``, or raise UsageError."""
    known = all_formats()
    if name not in known:
        raise UsageError(f"no format {name!r}{did_you_mean(name, list(known))} (formats: {', '.join(known)})")
    return known[name]
