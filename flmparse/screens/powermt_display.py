r"""``powermt display dev=...``: the disks of a node and their paths.

    5 port5\path0\tgt10\lun6  c5t10d6  FA 14cA  active  alive    0    0

White paper figures 10, 13, 20. A federated device shows the SOURCE's array and number; target paths are those on ports two above the
view's. ``active`` and ``alive`` say nothing of the host access mode. The screen has no end: whether it is whole is told by the prompt after it or by
every pair device being there.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flmparse.columns.encoded import Vector, all_match, concat, map_unique, repeat
from flmparse.errors import TermError
from flmparse.reading.page import Page, UnevenError, lines_in
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.reading.words import Lines, Words, pieces, two_words
from flmparse.tables.powerpath import PATHS, POWERPATH_DEVICES
from flmparse.terms import device as device_number
from flmparse.terms import director_port

if TYPE_CHECKING:
    from lark import Token

FEW_CHARACTERS = 8_000
"""A shorter table is cut row by row: that takes less time than to prepare its columns."""

_OF_A_DEVICE = ("PSEUDO", "ARRAY", "DEVICE", "DEVICE_WWN", "STATE", "OWNER")
_LEAST_HEAD_LINES = 3
"""Lines above the paths of a device that name it: so many unknown lines may be those of another one."""
_MASKED = re.compile("[xX*]")
_USUAL = {
    "interface": re.compile(r"(?:FA|SA|SP|FE) \w+(?::\w+)?", re.A),
    "mode": re.compile(r"[a-z][\w:]*", re.A),
    "state": re.compile("[a-z]+"),
}
"""What stands in the columns of a common path: PATH of the grammar says the same."""
_PATH_FIELDS = ("hba", "hw_path", "io_path", "interface", "mode", "state", "queued_ios", "errors")
_DEVICE_FIELDS = (
    "pseudo", "array_class", "symmetrix", "logical_device_id", "label", "device_wwn", "state", "policy", "priority", "queued_ios",
)  # fmt: skip


class _Disks:
    """Columns of both tables, filled section by section; a path belongs to the device above it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heads: dict[str, list[str | None]] = {name: [] for name in _DEVICE_FIELDS}
        self.lines: list[int] = []
        self.counts: list[int] = []
        self.columns: dict[str, list[Vector]] = {name: [] for name in _PATH_FIELDS}
        self.path_lines: list[Vector] = []

    def section(self, token: "Token") -> None:
        """Take whole devices: their heads in one pass, their paths in another."""
        lines = Lines(token)
        rows = lines.begin_with("0123456789")
        noise = lines.begin_with("=-#\n")
        first, after = lines.runs(rows)
        pattern = self.page.grammar.pattern("HEAD")
        heads = pattern.findall(lines.cut(~rows & ~noise).decode("utf-8", "surrogatepass"))
        assert len(heads) == len(first)  # the grammar took a device for a head with path rows below it
        columns = dict(zip(pattern.groupindex, zip(*heads, strict=True), strict=True))
        for name in _DEVICE_FIELDS:
            self.heads[name] += [value or None for value in columns[name]] if "" in columns[name] else columns[name]
        top = int(self.page.line_of(token))
        solid = (~lines.begin_with("\n")).nonzero()[0]
        # A device begins with the first line that is not blank behind the paths of the one above it.
        begins = solid[solid.searchsorted([0, *after[:-1].tolist()])]
        self.lines += (begins + top).tolist()
        self.counts += (after - first).tolist()
        self.path_lines.append(rows.nonzero()[0] + top)
        self.page.noise_in_facts += int(noise.sum())
        self._paths("PATH", lines.cut(rows))

    def paths(self, token: "Token", terminal: str) -> None:
        """Take path rows outside a whole device: they belong to the device above them."""
        rows = lines_in(token)
        first = self.page.line_of(token)
        if not self.lines or self.page.unknown_above(token) >= _LEAST_HEAD_LINES:
            self.page.doubt(first, "a path without the device it belongs to")
            self.piece({}, first)
        self.counts[-1] += rows
        self.path_lines.append(range(first, first + rows))
        for piece in pieces(token.encode("utf-8", "surrogatepass")):
            self._paths(terminal, piece)

    def _paths(self, terminal: str, text: bytes) -> None:
        # What is left of damaged devices is a row or two, many times: cutting it into columns takes longer than reading it.
        many = self.page.even or len(text) >= FEW_CHARACTERS
        words = Words.of(text, len(_PATH_FIELDS) + 1) if many and terminal == "PATH" else None
        cut = None if words is None else _common_paths(words)
        if cut is None and self.page.even:
            raise UnevenError
        if cut is None:
            pattern = self.page.grammar.pattern(terminal)
            columns = list(zip(*pattern.findall(text.decode("utf-8", "surrogatepass")), strict=True))
            cut = [columns[pattern.groupindex[name] - 1] for name in _PATH_FIELDS]
        for name, column in zip(_PATH_FIELDS, cut, strict=True):
            self.columns[name].append(column)

    def piece(self, fields: dict[str, str | None], line: int) -> None:
        """Take a single line of a device whose block is damaged."""
        if not self.lines or self.counts[-1] or any(self.heads[name][-1] for name in fields) or not fields:
            for column in self.heads.values():
                column.append(None)
            self.lines.append(line)
            self.counts.append(0)
        for name, value in fields.items():
            self.heads[name][-1] = value

    def tables(self) -> dict[str, Rows]:
        """Return the columns of both tables."""
        devices: Rows = {**self.heads, "device": _devices(self.heads), "path_count": self.counts, "line": self.lines}
        needed = zip(*(self.heads[name] for name in ("logical_device_id", "symmetrix", "state")), strict=True)
        for line in (line for line, values in zip(self.lines, needed, strict=True) if not all(values)):
            self.page.doubt(line, "a device without its array, number or state")
        masked = {array for array in set(self.heads["symmetrix"]) if array and _MASKED.search(array)}
        for line, kind, array in zip(self.lines, self.heads["array_class"], self.heads["symmetrix"], strict=True):
            if array in masked and kind == "Symmetrix":
                self.page.doubt(line, f"{array!r} is masked: which array it is nobody can tell")
        paths: Rows = {name: concat(parts) for name, parts in self.columns.items()}
        for name in ("pseudo", "array_class", "symmetrix", "device"):
            paths[name] = repeat(devices[name], self.counts)
        paths["interface"] = map_unique(paths["interface"], lambda text: " ".join(text.split()))
        paths["port"] = map_unique(paths["interface"], _port)
        paths["line"] = concat(self.path_lines)
        return {POWERPATH_DEVICES.name: devices, PATHS.name: paths}


def _common_paths(words: Words) -> list[Vector] | None:
    """Return the columns of paths whose interface is two words (FA 14cA), None where one is not."""
    hba, queued, errors = (words.whole(word) for word in (0, 7, 8))
    if hba is None or queued is None or errors is None:
        return None
    usual = {"interface": two_words(words.coded(3), words.coded(4)), "mode": words.coded(5), "state": words.coded(6)}
    if not all(all_match(usual[name], pattern) for name, pattern in _USUAL.items()):
        return None
    return [hba, words.text(1), words.text(2), *usual.values(), queued, errors]


def _devices(heads: dict[str, list[str | None]]) -> Sequence[str | None]:
    """Return the Symmetrix device numbers; other classes have none."""
    numbers = heads["logical_device_id"]
    if set(heads["array_class"]) == {"Symmetrix"} and all_match(numbers, device_number.as_it_is):
        return numbers
    return [_device(kind, number or "") for kind, number in zip(heads["array_class"], numbers, strict=True)]


def _device(array_class: str | None, number: str) -> str | None:
    return device_number(number) if array_class == "Symmetrix" and 0 < len(number) <= 8 else None


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
        elif token.type == "OWNER" and disks.counts and not disks.counts[-1]:
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
)
