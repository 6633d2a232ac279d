"""What `migration.toml` says of the files beside it: `[[capture]]` (whose, at which gate, when), `[[exclude]]` (left out); and their names.

An entry names a file, or several by a pattern, and may hold for some of its lines only. An output belongs to the entry in whose
lines it begins: its command, else its first line.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import PurePosixPath

from flmparse.errors import ManifestError, did_you_mean
from flmparse.manifest import CaptureHint, Manifest
from flmparse.output import SE_HOST
from flmparse.procedure import Gate
from flmparse.terms import host_name
from flmparse.text.prompts import Marker
from flmparse.text.transcript import Block

_STATED = ("node", "gate", "time", "authority")
_NO_END = 1 << 62


@dataclass(frozen=True)
class LeftOut:
    """A file that the manifest leaves out, and what it holds."""

    name: str
    why: str
    """The reason, who answers for it, and the line of the manifest."""
    answers: int = 0
    """How many outputs of known commands it holds."""
    refusal: str = ""
    """Why it could not be read, without its name."""

    @property
    def holds(self) -> str:
        """What it holds, in words."""
        if self.refusal:
            return f"what it holds is not known ({self.refusal})"
        return f"it holds {self.answers} {'output' if self.answers == 1 else 'outputs'} of known commands"


@dataclass(frozen=True)
class Claim:
    """What the manifest states of one output, with the lines of the manifest that do."""

    node: str | None = None
    gate: Gate | None = None
    time: datetime | None = None
    authority: str | None = None
    places: tuple[tuple[str, str], ...] = ()

    def against(self, marker: Marker | None, tolerance: timedelta) -> str:
        """Return where a marker says something else; an empty string where it does not."""
        if marker is None or not self.places:
            return ""
        stated_at = dict(self.places)
        differences = []
        if self.node and marker.node and host_name(self.node) != host_name(marker.node):
            differences.append(f"node={marker.node}, and {stated_at['node']} says {self.node}")
        if self.gate is not None and marker.gate is not None and self.gate is not marker.gate:
            differences.append(f"gate={marker.gate.word}, and {stated_at['gate']} says {self.gate.word}")
        if self.time is not None and marker.time is not None and abs(self.time - marker.time) > tolerance:
            differences.append(f"time={marker.time.isoformat()}, and {stated_at['time']} says {self.time.isoformat()}")
        return "; ".join(f"says {text}" for text in differences)


class Claims:
    """The `[[capture]]` entries that name one file."""

    def __init__(self, manifest: Manifest, name: str) -> None:
        self._entries = [
            (number, hint, _span(hint)) for number, hint in enumerate(manifest.captures) if names(hint.file, name)
        ]
        self._manifest = manifest

    def of(self, block: Block) -> Claim:
        """Return what is stated of an output."""
        if not self._entries:
            return Claim()
        line = block.first_line
        claim = Claim()
        for number, hint, (first, last) in self._entries:
            if first <= line <= last:
                stated = {key: getattr(hint, key) for key in _STATED if getattr(hint, key) is not None}
                places = tuple((key, self._manifest.place_of("capture", number, key)) for key in stated)
                claim = replace(claim, **stated, places=(*claim.places, *places))
        return claim


def excluded_by(manifest: Manifest, name: str) -> str | None:
    """Return why the manifest leaves a file out; None where it does not."""
    for number, entry in enumerate(manifest.excluded):
        if entry.file is not None and names(entry.file, name):
            return f"{entry.reason} ({entry.owner}, {manifest.place_of('exclude', number, 'file')})"
    return None


def names(pattern: str, name: str) -> bool:
    """Whether a path or a pattern of paths names a file."""
    return pattern == name or _pattern(pattern).fullmatch(name) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/?|\*|\?)", text)
    special = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(special.get(part, re.escape(part)) for part in parts), re.S)


def _span(hint: CaptureHint) -> tuple[int, int]:
    if not hint.lines:
        return 1, _NO_END
    first, dash, last = hint.lines.partition("-")
    return int(first), int(last) if last else _NO_END if dash else int(first)


def check(manifest: Manifest, line_counts: Mapping[str, int]) -> None:
    """Raise ManifestError for entries that name no file, or lines that it has not, and for two that say of one line the same key.

    ``line_counts`` has the number of lines of every file of the collection.
    """
    faults = [
        *_without_file(manifest, line_counts),
        *_beyond_the_end(manifest, line_counts),
        *_twice(manifest, line_counts),
    ]
    if faults:
        raise ManifestError("\n".join(dict.fromkeys(faults)))


def check_lines(manifest: Manifest, begin: Mapping[str, Collection[int]]) -> None:
    """Raise ManifestError for `[[capture]]` entries in whose lines no output begins; ``begin`` has the first lines by file."""
    faults = []
    for number, hint in enumerate(manifest.captures):
        first, last = _span(hint)
        files = {name: lines for name, lines in begin.items() if hint.lines and lines and names(hint.file, name)}
        if files and not any(first <= line <= last for lines in files.values() for line in lines):
            at = manifest.place_of("capture", number, "lines")
            name, lines = next(iter(files.items()))
            above = max((line for line in lines if line < first), default=None)
            nearest = "" if above is None else f"; the one that holds line {first} begins at line {above}"
            faults.append(f"{at}: capture.lines: no output of {name} begins in lines {hint.lines}{nearest}")
    if faults:
        raise ManifestError("\n".join(faults))


def _without_file(manifest: Manifest, line_counts: Mapping[str, int]) -> Iterator[str]:
    entries = [("capture", number, entry.file) for number, entry in enumerate(manifest.captures)]
    entries += [("exclude", number, entry.file) for number, entry in enumerate(manifest.excluded) if entry.file]
    for section, number, file in entries:
        if not any(names(file, name) for name in line_counts):
            hint = did_you_mean(file, list(line_counts))
            yield f"{manifest.place_of(section, number, 'file')}: {section}.file: no file {file!r} in the collection{hint}"


def _beyond_the_end(manifest: Manifest, line_counts: Mapping[str, int]) -> Iterator[str]:
    for number, hint in enumerate(manifest.captures):
        first, last = _span(hint)
        for name, lines in line_counts.items():
            if hint.lines and names(hint.file, name) and max(first, last if last < _NO_END else 0) > lines:
                at = manifest.place_of("capture", number, "lines")
                yield f"{at}: capture.lines: {hint.lines}, but {name} has {lines} lines"


def _twice(manifest: Manifest, line_counts: Mapping[str, int]) -> Iterator[str]:
    for number, hint in enumerate(manifest.captures):
        files = [name for name in line_counts if names(hint.file, name)]
        stated = {key for key in _STATED if getattr(hint, key) is not None}
        at = manifest.place_of("capture", number, "file")
        if not stated:
            yield f"{at}: capture: says nothing of {hint.file}; it needs {', '.join(_STATED[:-1])} or {_STATED[-1]}"
        (first, last), others = _span(hint), manifest.captures[:number]
        for other_number, other in enumerate(others):
            other_first, other_last = _span(other)
            both = sorted(key for key in stated if getattr(other, key) is not None)
            name = next((name for name in files if names(other.file, name)), None)
            if both and name is not None and first <= other_last and other_first <= last:
                other_line = manifest.place_of("capture", other_number, "file")
                of = f"lines {hint.lines} of {name}" if hint.lines else name
                yield f"{at}: capture.file: two entries say the {both[0]} of {of}; the other is {other_line}"


def node_and_gate_of_path(name: str, manifest: Manifest) -> tuple[str | None, Gate | None]:
    """Return node and gate as folders and file name give them: ``3-ready/MSTPM3032.txt``."""
    node, gate = None, None
    nodes = {item.name.lower(): item.name for item in manifest.nodes}
    parts = [*PurePosixPath(name).parts[:-1], PurePosixPath(name).stem]
    for part in parts:
        word = re.sub(r"^\d+[-_ .]*", "", part).lower()
        gate = next((item for item in Gate if item.word == word), gate)
        if part.lower() == SE_HOST:
            node = SE_HOST
        node = nodes.get(part.lower(), node)
    return node, gate


def node_in_name(name: str, manifest: Manifest) -> str | None:
    """Return the only node of the manifest that a file's name holds as a word: ``SQL01-20120715.log``; else the Solutions Enabler host."""
    stem = PurePosixPath(name).name
    candidates = [*(node.name for node in manifest.nodes), SE_HOST]
    held = [node for node in candidates if re.search(rf"(?<![a-z0-9]){re.escape(node)}(?![a-z0-9])", stem, re.I)]
    return held[0] if len(held) == 1 else None
