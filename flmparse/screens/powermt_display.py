r"""``powermt display dev=...``: the disks of a node and their paths.

    5 port5\path0\tgt10\lun6  c5t10d6  FA 14cA  active  alive    0    0

White paper figures 10, 13, 20. A federated device shows the SOURCE's array and number; target paths are those on ports two above the
view's. ``active`` and ``alive`` say nothing of the host access mode. The screen has no end: whether it is whole is told by the prompt after it or by
every pair device being there.
"""

import re
from typing import TYPE_CHECKING, Any

from flmparse.errors import TermError
from flmparse.frames.powerpath import PATHS, POWERPATH_DEVICES
from flmparse.screens.screen import Page, Rows, Screen
from flmparse.terms import device as device_number
from flmparse.terms import director_port

if TYPE_CHECKING:
    from lark import Token

_OF_A_DEVICE = ("PSEUDO", "ARRAY", "DEVICE", "DEVICE_WWN", "STATE", "OWNER")
_PATH_FIELDS = ("hba", "hw_path", "io_path", "interface", "mode", "state", "queued_ios", "errors")
_DEVICE_FIELDS = (
    "pseudo", "array_class", "symmetrix", "logical_device_id", "label", "device_wwn", "state", "policy", "priority", "queued_ios",
)  # fmt: skip


class _Disks:
    """Columns of both tables, filled block by block; a path belongs to the device above it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heads: list[dict[str, str | None]] = []
        self.lines: list[int] = []
        self.counts: list[int] = []
        self.columns: list[list[Any]] = [[] for _ in _PATH_FIELDS]
        self.path_lines: list[int] = []

    def section(self, token: "Token") -> None:
        """Take whole devices: heads one by one, paths a section at a time."""
        matches = list(self.page.grammar.pattern("HEAD").finditer(token))
        line, position, bodies = self.page.line_of(token), 0, []
        ends = [match.start() for match in matches[1:]] + [len(token)]
        for match, end in zip(matches, ends, strict=True):
            line += token.count("\n", position, match.start())
            body = token[match.end() : end].rstrip(" \t\n") + "\n"
            bodies.append(body)
            self.heads.append(match.groupdict())
            self.lines.append(line)
            first_path = line + token.count("\n", match.start(), match.end())
            paths = body.count("\n")
            self.counts.append(paths)
            self.path_lines += range(first_path, first_path + paths)
            line, position = first_path, match.end()
        self._paths(self.page.grammar.pattern("PATH"), "".join(bodies))

    def paths(self, token: "Token", terminal: str) -> None:
        """Take path rows outside a whole device: they belong to the device above them."""
        rows = token.count("\n")
        first = self.page.line_of(token)
        if not self.heads:
            self.page.doubt(first, "a path without the device it belongs to")
            self.piece({}, first)
        self.counts[-1] += rows
        self.path_lines += range(first, first + rows)
        self._paths(self.page.grammar.pattern(terminal), token)

    def _paths(self, pattern: re.Pattern[str], text: str) -> None:
        order = [pattern.groupindex[name] - 1 for name in _PATH_FIELDS]
        columns = list(zip(*pattern.findall(text), strict=True))
        for column, index in zip(self.columns, order, strict=True):
            column += columns[index]

    def piece(self, said: dict[str, str | None], line: int) -> None:
        """Take a single line of a device whose block is damaged."""
        if not self.heads or self.counts[-1] or any(self.heads[-1].get(name) for name in said) or not said:
            self.heads.append({})
            self.lines.append(line)
            self.counts.append(0)
        self.heads[-1] |= said

    def tables(self) -> dict[str, Rows]:
        """Return the columns of both tables."""
        devices: Rows = {name: [head.get(name) for head in self.heads] for name in _DEVICE_FIELDS}
        numbers = [_device(head) for head in self.heads]
        devices |= {"device": numbers, "path_count": self.counts, "line": self.lines}
        for head, line in zip(self.heads, self.lines, strict=True):
            if not (head.get("logical_device_id") and head.get("symmetrix") and head.get("state")):
                self.page.doubt(line, "a device without its array, number or state")
            if head.get("array_class") == "Symmetrix" and re.search("[xX*]", head.get("symmetrix") or ""):
                self.page.doubt(line, f"{head['symmetrix']!r} is masked: which array it is nobody can tell")
        paths: Rows = dict(zip(_PATH_FIELDS, self.columns, strict=True))
        for name in ("pseudo", "array_class", "symmetrix", "device"):
            paths[name] = [v for v, n in zip(devices[name], self.counts, strict=True) for _ in range(n)]
        spelling = {text: " ".join(text.split()) for text in set(paths["interface"])}
        ports = {text: _port(spelt) for text, spelt in spelling.items()}
        paths["port"] = [ports[text] for text in paths["interface"]]
        paths["interface"] = [spelling[text] for text in paths["interface"]]
        paths["line"] = self.path_lines
        return {POWERPATH_DEVICES.name: devices, PATHS.name: paths}


def _device(head: dict[str, str | None]) -> str | None:
    number = head.get("logical_device_id") or ""
    return device_number(number) if head.get("array_class") == "Symmetrix" and 0 < len(number) <= 8 else None


def _port(interface: str) -> str | None:
    try:
        return str(director_port(interface))
    except TermError:
        return None


def _rows(page: Page) -> dict[str, Rows]:
    disks = _Disks(page)
    for token in page.facts:
        if token.type == "SECTION":
            disks.section(token)
        elif token.type == "OWNER" and disks.heads and not disks.counts[-1]:
            continue  # it tells nothing that a table holds
        elif token.type in _OF_A_DEVICE:
            disks.piece(page.fields(token), page.line_of(token))
        elif token.type == "TABLE":
            disks.paths(token, "PATH")
        elif token.type == "LOOSE_PATH":
            disks.paths(token, "LOOSE_PATH")
        elif token.type == "CUT_PATH":
            page.doubt(page.line_of(token), "a path row cut before its mode and state")
    return disks.tables()


SCREEN = Screen(
    name="powermt_display",
    tables=(POWERPATH_DEVICES, PATHS),
    command=re.compile(r"powermt (?:display|watch)\b.*\bdev="),
    opening=re.compile(r"^[ \t]*(?:Pseudo name=|Logical device ID=)|^[ \t]*###[ \t]+HW Path[ \t]+I/O Paths", re.M),
    rows=_rows,
    none=re.compile(r"\bnot found\b"),
    within=re.compile(r"^(?:[ \t]*(?:={3}|-+ Host|###)[^\n]*|[ \t]*)\n", re.M),
)
