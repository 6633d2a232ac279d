"""Everything read from one path: captures, command outputs with node, gate and time, and the tables of all screens.

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
from flmparse.screens import LineCounts, Reading, Status, UnknownLines
from flmparse.tables import all_tables
from flmparse.terms import host_name
from flmparse.text import capture as captures_module
from flmparse.text import transcript
from flmparse.text.capture import LARGEST_PICTURE_BYTES, MANIFEST_NAME, Bundle, Capture
from flmparse.text.transcript import Block, Marker
from flmparse.workers import LARGE_FILE_BYTES, map_in_processes, processes_for

SE_HOST = "se-host"
"""Name of the Solutions Enabler host in paths of captures; every other computer is a cluster node."""


@dataclass(frozen=True)
class Output:
    """A command's output as read, with node, gate and time; ``index`` counts the outputs of the collection from 0."""

    index: int
    block: Block
    reading: Reading
    node: str | None = None
    gate: Gate | None = None
    time: datetime | None = None

    @property
    def capture(self) -> Capture:
        """The file that it is in."""
        return self.block.capture

    @property
    def command(self) -> Command | None:
        """The command above the output, where there is one."""
        return self.block.command

    @property
    def screen(self) -> str | None:
        """Name of its screen, or None where the output was not recognised."""
        return self.reading.screen

    @property
    def status(self) -> Status:
        """How completely it was read."""
        return self.reading.status

    @cached_property
    def operations(self) -> tuple[str, ...]:
        """Names of the operations that it reports, in order."""
        return tuple(self.reading.frames.column("operations", "operation"))

    @cached_property
    def refused(self) -> bool:
        """Whether it is a step that was refused: it changed nothing."""
        succeeded = self.reading.frames.column("operations", "succeeded")
        return bool(self.operations) and (
            self.status is Status.TOOL_ERROR or all(outcome is False for outcome in succeeded)
        )

    @cached_property
    def first_line(self) -> int:
        """The line to quote for the output as a whole: the echo of its command, else its first line that is not blank."""
        if self.block.echo_line is not None:
            return self.block.echo_line
        for number, line in enumerate(
            self.capture.lines[self.block.line_start - 1 : self.block.line_end], self.block.line_start
        ):
            if line.strip():
                return number
        return self.block.line_start


class _JoinedTables(Mapping[str, "pd.DataFrame"]):
    """The tables of a collection by name, each joined when it is first used."""

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
    """Everything read from one path.

    ``refused`` has a sentence for each file that could not be read. ``logo`` is the picture that the manifest names, as ``data:`` URI;
    it is not among the captures.
    """

    origin: str
    captures: tuple[Capture, ...]
    manifest: Manifest
    outputs: tuple[Output, ...]
    refused: tuple[str, ...] = ()
    logo: str = ""

    @cached_property
    def frames(self) -> "Mapping[str, pd.DataFrame]":
        """Every table by name, rows in the order of the outputs; a table that no capture fills has no row."""
        return _JoinedTables(self._joined)

    def capture(self, name: str) -> Capture:
        """Return the capture of this name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Capture]:
        return {capture.name: capture for capture in self.captures}

    def _joined(self, name: str) -> "pd.DataFrame":
        table = all_tables()[name]
        outputs = [output for output in self.outputs if output.reading.frames.rows(name)]
        if not outputs:
            return table.empty()
        parts = [output.reading.frames.parts[name] for output in outputs]
        counts = [len(part) for part in parts]
        gates = [output.gate.word if output.gate is not None else None for output in outputs]
        columns = table.join(parts)
        line = columns.pop("line")
        columns["capture"] = _repeated([output.capture.name for output in outputs], counts)
        columns["line"] = line
        columns["block"] = np.repeat(np.asarray([output.index for output in outputs], dtype="int64"), counts)
        columns["node"] = _repeated([output.node for output in outputs], counts)
        columns["gate"] = _repeated(gates, counts)
        return pd.DataFrame(columns, copy=False)

    def counts(self, capture: Capture) -> LineCounts:
        """Return how many lines of a capture are facts, noise, prompts and unknown."""
        counts = [output.reading.counts for output in self.outputs if output.capture is capture]
        return LineCounts(*(sum(getattr(c, kind) for c in counts) for kind in ("fact", "noise", "prompt", "unknown")))

    def unknown(self) -> Iterator[tuple[Output, UnknownLines]]:
        """Yield every run of lines that was not understood, with its output."""
        for output in self.outputs:
            for part in output.reading.unknown:
                yield output, part


def _repeated(values: list[str | None], counts: list[int]) -> "pd.Categorical":
    """Return a categorical column: the value of each output, repeated for its rows."""
    categories = sorted({value for value in values if value is not None})
    code_of = {category: code for code, category in enumerate(categories)}
    codes = np.repeat([-1 if value is None else code_of[value] for value in values], counts)
    return pd.Categorical.from_codes(codes, categories=pd.Index(categories, dtype="str"))


@dataclass(frozen=True)
class Progress:
    """How far reading is: files and bytes read so far, all files and bytes, and the capture that is read next."""

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
    """Return the collection of a bundle.

    ``jobs`` is how many processes read it; None chooses by the sizes of the files. The result does not depend on it. ``progress``
    is called before each capture.
    """
    manifest = manifests.parse(bundle.manifest) if bundle.manifest is not None else Manifest()
    logo = _logo(bundle, manifest)
    captures = tuple(capture for capture in bundle.captures if not logo or capture.name != manifest.report.logo)
    outputs: list[Output] = []
    sizes = [capture.size_bytes for capture in captures]
    processes = processes_for(sizes, jobs)
    if processes == 1:
        for capture in _reporting(captures, progress):
            outputs += _read_capture(capture, manifest, len(outputs))
    else:
        screens.prepare()
        read_elsewhere = map_in_processes(
            captures, sizes, lambda capture: _read_capture(capture, manifest, 0), processes
        )
        for capture, received in zip(_reporting(captures, progress), read_elsewhere, strict=True):
            outputs += [_received(output, capture, index) for index, output in enumerate(received, len(outputs))]
            _release_large(capture)
    return Collection(bundle.origin, captures, manifest, beside_each_other(outputs, manifest), bundle.refused, logo)


def _reporting(captures: tuple[Capture, ...], progress: "Callable[[Progress], None] | None") -> Iterator[Capture]:
    total, done = sum(capture.size_bytes for capture in captures), 0
    for number, capture in enumerate(captures):
        if progress is not None:
            progress(Progress(number, len(captures), done, total, capture.name))
        yield capture
        done += capture.size_bytes


def _release_large(capture: Capture) -> None:
    if capture.size_bytes >= LARGE_FILE_BYTES:
        capture.release()


def _received(output: Output, capture: Capture, index: int) -> Output:
    """Return an output from another process, which sends captures without their text, as one of this process."""
    return replace(output, index=index, block=replace(output.block, capture=capture))


def _logo(bundle: Bundle, manifest: Manifest) -> str:
    if manifest.report.logo and manifest.report.logo not in bundle.pictures:
        raise ManifestError(
            f"{MANIFEST_NAME}:{manifest.logo_line}: logo: {manifest.report.logo} is no PNG, JPEG or GIF file of the collection "
            f"of at most {LARGEST_PICTURE_BYTES >> 20} MiB"
        )
    return bundle.pictures[manifest.report.logo] if manifest.report.logo else ""


def parse_text(text: str, screen: str | None = None) -> Reading:
    """Read a text that is the output of one command, whose line may be above it; ``screen`` names the screen if given.

    Raises UsageError for a text of several commands.
    """
    blocks = transcript.split(captures_module.from_text("text", text))
    if len(blocks) != 1:
        advice = "; use flmparse.read" if screen is None else ""
        raise UsageError(f"the text holds {len(blocks)} command blocks, not one{advice}")
    if screen is not None:
        return screens.read_as(screens.screen_named(screen), replace(blocks[0], command=None))
    return screens.read(blocks[0])


def _read_capture(capture: Capture, manifest: Manifest, first_index: int) -> list[Output]:
    """Return the outputs of a capture; node, gate and time are the manifest's, else the marker's, the path's, the log's."""
    hint = next((hint for hint in manifest.captures if hint.file == capture.name), CaptureHint(file=capture.name))
    path_node, path_gate = _node_and_gate_of_path(capture.name, manifest)
    log_node: str | None = None
    outputs: list[Output] = []
    for block in transcript.split(capture):
        reading = screens.read(block)
        log_node = _computer_of_block(block, reading) or log_node
        marker = block.marker or Marker()
        node = hint.node or marker.node or path_node or log_node
        gate = next((gate for gate in (hint.gate, marker.gate, path_gate) if gate is not None), None)
        outputs.append(Output(first_index + len(outputs), block, reading, node, gate, hint.time or marker.time))
    _release_large(capture)
    return _with_gates_of_operations(outputs)


def beside_each_other(outputs: list[Output], manifest: Manifest) -> tuple[Output, ...]:
    """Return the outputs of all captures with what only the others tell: one spelling of each node, gates from times."""
    return tuple(_with_gates_of_times(_with_one_spelling(outputs, manifest)))


def _with_one_spelling(outputs: list[Output], manifest: Manifest) -> list[Output]:
    """Return outputs whose nodes are spelt as the manifest spells them, else as they were first: names differ in case and domain."""
    spellings = {host_name(node.name): node.name for node in manifest.nodes}
    spelt = []
    for output in outputs:
        if output.node is not None:
            name = spellings.setdefault(host_name(output.node), output.node)
            if name != output.node:
                output = replace(output, node=name)
        spelt.append(output)
    return spelt


def _with_gates_of_times(outputs: list[Output]) -> list[Output]:
    """Give outputs without a gate, but with a time, the gate to which the last step before that time led."""
    steps = [
        (output.time, STEP_OPENS[name])
        for output in outputs
        if output.time is not None and not output.refused
        for name in output.operations
        if name in STEP_OPENS
    ]
    if not steps:
        return outputs
    placed = []
    for output in outputs:
        if output.gate is None and output.time is not None:
            reached = [gate for time, gate in steps if time <= output.time]
            output = replace(output, gate=max(reached, default=Gate.PREPARE))
        placed.append(output)
    return placed


def _node_and_gate_of_path(name: str, manifest: Manifest) -> tuple[str | None, Gate | None]:
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


def computer_named(reading: Reading) -> str | None:
    """Return the computer that the DiskPart banner of an output names."""
    named = reading.frames.column("diskpart_sessions", "computer")
    return next((str(name) for name in named if name is not None), None)


def _computer_of_block(block: Block, reading: Reading) -> str | None:
    """Return the computer that a block names: by a DiskPart banner, as answer of ``hostname``, or in its prompt."""
    named = computer_named(reading)
    if named is not None:
        return named
    command = block.command
    if command is not None and command.tool == "hostname" and not command.words:
        lines = [line.strip() for line in block.output.split("\n") if line.strip()]
        if len(lines) == 1 and re.fullmatch(r"[\w.-]+", lines[0]):
            return lines[0]
    return block.prompt_host


def _with_gates_of_operations(outputs: list[Output]) -> list[Output]:
    """Return the outputs of a log; one without a gate gets the latest gate that an operation up to it has opened."""
    if all(output.gate is not None for output in outputs):
        return outputs
    gated, latest = [], None
    for output in outputs:
        for operation in () if output.refused else output.operations:
            opened = STEP_OPENS.get(operation)
            if opened is not None and (latest is None or opened > latest):
                latest = opened
        gated.append(replace(output, gate=latest) if output.gate is None else output)
    return gated
