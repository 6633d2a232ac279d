"""Built grammars kept on disk: Lark's tables as JSON, so that a later run need not work them out again.

Working out the tables of the dozen screens of a migration takes a fifth of a second, reading them a hundredth. They are kept in the user's
own cache folder, never beside the grammars, which may stand where nobody can write. What is kept holds the digest of the grammar with what it
imports and the versions of Lark and Python: anything else, and anything that does not read, is built anew. It is JSON and no pickle:
reading it can run nothing. A folder that cannot be written costs the fifth of a second and nothing else.

``FLMPARSE_CACHE`` names another folder; ``off`` keeps and reads nothing.
"""

import contextlib
import json
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flmparse import assets

if TYPE_CHECKING:
    from lark import Lark

_LAYOUT = 1
"""Of the files; counted up when what they hold changes."""

_IMPORT = re.compile(r"^%import \.(\w+)", re.M)

_OPTIONS = {"parser": "lalr", "lexer": "contextual", "start": ["start", "fields"]}


def load(name: str, digest: str) -> "tuple[Lark, dict[str, str]] | None":
    """Return the grammar called ``name`` and the expressions of its rows with named fields, if they are kept under this digest."""
    place = folder()
    if place is None:
        return None
    try:
        held, text = (place / f"{name}.json").read_text("utf-8").split("\n", 1)
        if held != f"{digest} {_sha256(text)}":
            return None
        tables, named = json.loads(text, object_pairs_hook=_with_numbers)
        return _loaded(tables), named
    except Exception:  # whatever stands there, the grammar itself is at hand
        return None


def keep(name: str, digest: str, lark: "Lark", named: dict[str, str]) -> None:
    """Keep a built grammar for later runs, where that is possible."""
    place = folder()
    if place is None:
        return
    beside = place / f"{name}.{os.getpid()}.new"
    try:
        text = json.dumps([_tables(lark), named], separators=(",", ":"))
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_text(f"{digest} {_sha256(text)}\n{text}", "utf-8")
        beside.replace(place / f"{name}.json")  # another process sees the old file or the new one, never a half
    except (OSError, TypeError, ValueError):
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


@cache
def folder() -> Path | None:
    """Return where built grammars are kept; None where they are not."""
    asked = os.environ.get("FLMPARSE_CACHE", "")
    if asked.lower() == "off":
        return None
    if asked:
        return Path(asked)
    own = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if Path(own).is_absolute():
        return Path(own, "flmparse")
    try:
        return Path.home() / ".cache" / "flmparse"
    except RuntimeError:
        return None


def digest_of(name: str) -> str:
    """Return the digest of everything that the tables of a grammar follow from."""
    from lark import __version__

    told = [f"{_LAYOUT} {__version__} {sys.version_info[:3]}"]
    waiting, seen = [name], set()
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            text = assets.grammar(at).read_text("utf-8")
            told.append(f"{at}\n{text}")
            waiting += _IMPORT.findall(text)
    return _sha256("\n".join(told))


def _sha256(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def _tables(lark: "Lark") -> dict[str, Any]:
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = lark.memo_serialize([TerminalDef, Rule])
    return {"data": {**data, "options": _OPTIONS}, "memo": memo}


def _loaded(tables: dict[str, Any]) -> "Lark":
    from lark import Lark

    return Lark.load(tables)


def _with_numbers(pairs: list[tuple[str, Any]]) -> dict[str | int, Any]:
    """Return an object of JSON with the numbers as keys that Lark's tables had."""
    return {int(key) if key.isdecimal() else key: value for key, value in pairs}
