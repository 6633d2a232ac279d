"""What the standard library's `tomllib` leaves out: writing a value as TOML, and the line of each key."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

KeyPath = tuple[str | int, ...]
"""Where a value is in a document: ``("node", 1, "name")`` is the name of the second ``[[node]]``."""


def toml_value(value: object) -> str:
    """Return a value as TOML on one line: text, number, flag, day, time, or a list or mapping of them."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{toml_value(str(key))} = {toml_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, date):
        return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value.isoformat()
    # TOML's text is JSON's, but for the delete character and for characters written as two surrogates.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_PART = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_HEADING = re.compile(rf"\s*\[(\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")


def line_numbers(text: str) -> dict[KeyPath, int]:
    """Return the line, counted from 1, of each section and key of a TOML text, which tomllib does not give."""
    lines: dict[KeyPath, int] = {}
    repeated: Counter[KeyPath] = Counter()
    section: KeyPath = ()
    in_long_text = False

    def path_of(parent: KeyPath, dotted: str) -> KeyPath:
        for part in re.findall(_PART, dotted):
            parent += (part.strip("\"'"),)
            if parent in repeated:
                parent += (repeated[parent] - 1,)
        return parent

    for number, line in enumerate(text.split("\n"), start=1):
        if not in_long_text:
            if heading := _HEADING.match(line):
                section = path_of((), heading[2])
                if heading[1]:
                    array = section[:-1] if isinstance(section[-1], int) else section
                    lines.setdefault(array, number)
                    section = (*array, repeated[array])
                    repeated[array] += 1
                lines.setdefault(section, number)
            elif assignment := _ASSIGNMENT.match(line):
                lines.setdefault(path_of(section, assignment[1]), number)
        in_long_text ^= bool(line.count('"""') % 2 or line.count("'''") % 2)
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a key, else of what it is in, else 1."""
    parents = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[parent] for parent in parents if parent in lines), 1)
