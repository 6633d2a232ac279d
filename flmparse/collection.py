"""A collection: every capture of one migration, read; the tables of all its screens; node, gate and time of every block.

collection = flmparse.read("captures/")
collection.frames["paths"]          # a DataFrame, present even when empty
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath

from flmparse import manifest as manifests
from flmparse import screens
from flmparse.commands import Command
from flmparse.errors import ManifestError, UsageError
from flmparse.lazy import np, pd
from flmparse.manifest import CaptureHint, Manifest
from flmparse.procedure import STEP_OPENS, Gate
from flmparse.screens import LineCounts, Oddity, Reading, Status, UnknownLines
from flmparse.tables import all_tables
from flmparse.text import capture as captures_module
from flmparse.text import transcript
from flmparse.text.capture import LARGEST_PICTURE_BYTES, MANIFEST_NAME, Bundle, Capture
from flmparse.text.clean import Source
from flmparse.text.lazy import Text
from flmparse.text.transcript import Block
from flmparse.workers import LARGE_FILE_BYTES, processes_for, shared_out

SE_HOST = "se-host"
"""The Solutions Enabler host in paths of captures; every other name is a cluster node."""


@dataclass(frozen=True)
class Output:
    """A command block with what its screen made of it and where it belongs."""

    index: int
    block: Block
    reading: Reading
    node: str | None = None
    gate: Gate | None = None
    time: datetime | None = None

    @property
    def capture(self) -> Capture:
        """The file."""
        return self.block.capture

    @property
    def command(self) -> Command | None:
        """The command above the output, where there is one."""
        return self.block.command

    @property
    def screen(self) -> str | None:
        """Name of the screen, or None where it was not recognised."""
        return self.reading.screen

    @property
    def status(self) -> Status:
        """What became of it."""
        return self.reading.status

    @cached_property
    def operations(self) -> tuple[str, ...]:
        """The names of the operations that the block reports, in order."""
        return tuple(self.reading.frames.column("operations", "operation"))

    @cached_property
    def first_line(self) -> int:
        """The line to quote when the block as a whole is meant: the echo of its command, else its first line with text."""
        if self.block.echo_line is not None:
            return self.block.echo_line
        for number, line in enumerate(
            self.capture.lines[self.block.line_start - 1 : self.block.line_end], self.block.line_start
        ):
            if line.strip():
                return number
        return self.block.line_start


class _Frames(Mapping[str, "pd.DataFrame"]):
    """The tables of a collection, each joined when it is first asked for."""

    def __init__(self, join: "Callable[[str], pd.DataFrame]") -> None:
        self._join = join
        self._joined: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> "pd.DataFrame":
        if name not in self._joined:
            if name not in all_tables():
                raise KeyError(name)
            self._joined[name] = self._join(name)
        return self._joined[name]

    def __iter__(self) -> Iterator[str]:
        return iter(all_tables())

    def __len__(self) -> int:
        return len(all_tables())


@dataclass(frozen=True)
class Collection:
    """Everything read from one path."""

    origin: str
    captures: tuple[Capture, ...]
    manifest: Manifest
    outputs: tuple[Output, ...]
    refused: tuple[str, ...] = ()
    """What could not be read, and why."""

    logo: str = ""
    """The organisation's picture as a ``data:`` URI, where the manifest names one; it is no capture."""

    @cached_property
    def frames(self) -> "Mapping[str, pd.DataFrame]":
        """Every table by name, rows in the order of the blocks; a table no capture fills is empty."""
        return _Frames(self._frame)

    def capture(self, name: str) -> Capture:
        """Return the capture of this name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Capture]:
        return {capture.name: capture for capture in self.captures}

    def _frame(self, name: str) -> "pd.DataFrame":
        sources = [read for read in self.outputs if read.reading.frames.rows(name)]
        table = all_tables()[name]
        if not sources:
            return table.empty()
        parts = [read.reading.frames.parts[name] for read in sources]
        counts = [len(part) for part in parts]
        columns = table.join(parts)
        line = columns.pop("line")
        columns["capture"] = _spread([read.capture.name for read in sources], counts)
        columns["line"] = line
        columns["block"] = np.repeat(np.asarray([read.index for read in sources], dtype="int64"), counts)
        columns["node"] = _spread([read.node for read in sources], counts)
        columns["gate"] = _spread([read.gate.word if read.gate is not None else None for read in sources], counts)
        return pd.DataFrame(columns, copy=False)

    def counts(self, capture: Capture) -> LineCounts:
        """Return the ledger of a capture: its lines by what they are."""
        mine = [read.reading.counts for read in self.outputs if read.capture is capture]
        return LineCounts(*(sum(getattr(c, kind) for c in mine) for kind in ("fact", "noise", "prompt", "unknown")))

    def unknown(self) -> Iterator[tuple[Output, UnknownLines]]:
        """Yield every run of lines that was not understood."""
        for read in self.outputs:
            for part in read.reading.unknown:
                yield read, part

    def oddities(self) -> Iterator[tuple[Output, Oddity]]:
        """Yield everything odd about blocks whose facts are whole."""
        for read in self.outputs:
            for oddity in read.reading.oddities:
                yield read, oddity


def _spread(values: list[str | None], counts: list[int]) -> "pd.Categorical":
    """Return a category for each row: the value of each block, repeated for its rows."""
    kinds = sorted({value for value in values if value is not None})
    places = {value: place for place, value in enumerate(kinds)}
    codes = np.repeat([-1 if value is None else places[value] for value in values], counts)
    return pd.Categorical.from_codes(codes, categories=pd.Index(kinds, dtype="str"))


@dataclass(frozen=True)
class Progress:
    """How far reading is: files and bytes done, of all, and the capture that is waited for."""

    files_done: int
    files: int
    bytes_done: int
    bytes: int
    capture: str


def read(
    path: str,
    code_page: str = captures_module.DEFAULT_CODE_PAGE,
    jobs: int | None = None,
    progress: "Callable[[Progress], None] | None" = None,
) -> Collection:
    """Read a folder, file, archive or ``-``; raises CaptureError or ManifestError. ``jobs``, ``progress``: see `from_bundle`."""
    return from_bundle(captures_module.read(path, code_page), jobs, progress)


def from_bundle(
    bundle: Bundle, jobs: int | None = None, progress: "Callable[[Progress], None] | None" = None
) -> Collection:
    """Return the collection of captures that are already in memory.

    ``jobs`` is how many processes read them; None chooses by their size. The collection is the same with any number.
    ``progress`` is told before each capture how far reading is.
    """
    manifest = manifests.parse(bundle.manifest) if bundle.manifest is not None else Manifest()
    logo = _logo(bundle, manifest)
    captures = tuple(capture for capture in bundle.captures if not logo or capture.name != manifest.logo)
    blocks: list[Output] = []
    sizes = [capture.size_bytes for capture in captures]
    processes = processes_for(sizes, jobs)
    if processes == 1:
        for capture in _announced(captures, progress):
            blocks += _read_capture(capture, manifest, len(blocks))
    else:
        screens.prepare()
        sent = shared_out(captures, sizes, lambda capture: _to_send(_read_capture(capture, manifest, 0)), processes)
        for capture, received in zip(_announced(captures, progress), sent, strict=True):
            blocks += _received(received, capture, len(blocks))
    return Collection(bundle.origin, captures, manifest, tuple(blocks), bundle.refused, logo)


_NOBODY = Capture("", "", "", Text(""))
_NOWHERE = Source(_NOBODY.held)


def _announced(captures: tuple[Capture, ...], progress: "Callable[[Progress], None] | None") -> Iterator[Capture]:
    total, done = sum(capture.size_bytes for capture in captures), 0
    for number, capture in enumerate(captures):
        if progress is not None:
            progress(Progress(number, len(captures), done, total, capture.name))
        yield capture
        done += capture.size_bytes


def _to_send(blocks: list[Output]) -> list[Output]:
    """Leave out what the other process has: the capture and its text."""
    return [replace(read, block=replace(read.block, capture=_NOBODY, source=_NOWHERE)) for read in blocks]


def _received(sent: list[Output], capture: Capture, first_index: int) -> list[Output]:
    source = Source(capture.held)
    if capture.size_bytes >= LARGE_FILE_BYTES:
        source.rest()
    return [
        replace(read, index=index, block=replace(read.block, capture=capture, source=source))
        for index, read in enumerate(sent, first_index)
    ]


def _logo(bundle: Bundle, manifest: Manifest) -> str:
    if manifest.logo and manifest.logo not in bundle.pictures:
        raise ManifestError(
            f"{MANIFEST_NAME}:{manifest.logo_line}: logo: {manifest.logo} is no PNG, JPEG or GIF file of the collection "
            f"of at most {LARGEST_PICTURE_BYTES >> 20} MiB"
        )
    return bundle.pictures[manifest.logo] if manifest.logo else ""


def parse_text(text: str, screen: str | None = None) -> Reading:
    """Read one output that stands in a string; ``screen`` names it where its heading does not."""
    blocks = transcript.split(captures_module.from_text("text", text))
    if screen is not None:
        whole = replace(blocks[0], command=None) if len(blocks) == 1 else None
        if whole is None:
            raise UsageError(f"the text holds {len(blocks)} command blocks, not one")
        return screens.read_as(screens.screen_named(screen), whole)
    if len(blocks) != 1:
        raise UsageError(f"the text holds {len(blocks)} command blocks, not one; use flmparse.read")
    return screens.read(blocks[0])


def _read_capture(capture: Capture, manifest: Manifest, first_index: int) -> list[Output]:
    hint = next((hint for hint in manifest.captures if hint.file == capture.name), CaptureHint(capture.name))
    path_node, path_gate = _from_path(capture.name, manifest)
    told: str | None = None
    read_blocks: list[Output] = []
    for block in transcript.split(capture):
        reading = screens.read(block)
        told = _told_by_log(block, reading) or told
        marker = block.marker
        node = hint.node or (marker and marker.node) or path_node or told
        gate = next((g for g in (hint.gate, marker.gate if marker else None, path_gate) if g is not None), None)
        time = hint.time or (marker.time if marker else None)
        read_blocks.append(Output(first_index + len(read_blocks), block, reading, node, gate, time))
    if capture.size_bytes >= LARGE_FILE_BYTES:
        read_blocks[0].block.source.rest()
        capture.held.let_go()
    return _gates_from_steps(read_blocks)


def _from_path(name: str, manifest: Manifest) -> tuple[str | None, Gate | None]:
    """Tell node and gate from the folders and the file's name: ``3-ready/MSTPM3032.txt``."""
    node, gate = None, None
    known = {item.name.lower(): item.name for item in manifest.nodes}
    parts = [*PurePosixPath(name).parts[:-1], PurePosixPath(name).stem]
    for part in parts:
        word = re.sub(r"^\d+[-_ .]*", "", part).lower()
        gate = next((item for item in Gate if item.word == word), gate)
        if part.lower() == SE_HOST:
            node = SE_HOST
        node = known.get(part.lower(), node)
    return node, gate


def computer_named(reading: Reading) -> str | None:
    """Return the computer that a block's own DiskPart banner names."""
    named = reading.frames.column("diskpart_sessions", "computer")
    return next((str(name) for name in named if name is not None), None)


def _told_by_log(block: Block, reading: Reading) -> str | None:
    """Return the computer that the block itself names: its banner, ``hostname``, or the prompt."""
    named = computer_named(reading)
    if named is not None:
        return named
    command = block.command
    if command is not None and command.tool == "hostname" and not command.words:
        lines = [line.strip() for line in block.output.split("\n") if line.strip()]
        if len(lines) == 1 and re.fullmatch(r"[\w.-]+", lines[0]):
            return lines[0]
    return block.prompt_host


def _gates_from_steps(blocks: list[Output]) -> list[Output]:
    """Give blocks without a gate the one that the last state-changing command above them in the same log leads to."""
    if all(read.gate is not None for read in blocks):
        return blocks
    placed, reached = [], None
    for read in blocks:
        for operation in read.operations:
            step = STEP_OPENS.get(operation)
            if step is not None and (reached is None or step > reached):
                reached = step
        if read.gate is None and reached is not None:
            read = replace(read, gate=reached)
        placed.append(read)
    return placed
