"""Everything read from one path: captures, command outputs with node, gate and time, and the tables of all screens.

collection = flmparse.read("captures/")
collection.frames["paths"]          # a DataFrame, present even when empty
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import PurePosixPath

from flmparse import claims, moments, screens
from flmparse import manifest as manifests
from flmparse.claims import Claims, LeftOut
from flmparse.errors import ManifestError, UsageError
from flmparse.lazy import np, pd
from flmparse.manifest import Manifest
from flmparse.output import SE_HOST, Output
from flmparse.screens import LineCounts, Reading, UnknownLines
from flmparse.tables import all_tables
from flmparse.terms import host_name
from flmparse.text import capture as captures_module
from flmparse.text import transcript
from flmparse.text.capture import LARGEST_PICTURE_BYTES, MANIFEST_NAME, Bundle, Capture
from flmparse.text.prompts import Marker
from flmparse.text.transcript import Block
from flmparse.workers import LARGE_FILE_BYTES, map_in_processes, processes_for

__all__ = [
    "SE_HOST",
    "Collection",
    "Output",
    "Progress",
    "beside_each_other",
    "computer_named",
    "from_bundle",
    "parse_text",
    "read",
    "read_capture",
]


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
    it is not among the captures. ``left_out`` are the files that the manifest excludes; those that could be read are listed among
    the captures and have no outputs.
    """

    origin: str
    captures: tuple[Capture, ...]
    manifest: Manifest
    outputs: tuple[Output, ...]
    refused: tuple[str, ...] = ()
    logo: str = ""
    left_out: tuple[LeftOut, ...] = ()

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
        """Return how many lines of a capture are facts, noise, prompts, unknown and foreign."""
        return LineCounts.sum(output.reading.counts for output in self.outputs if output.capture is capture)

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
    refused = {refusal.split(":", 1)[0]: refusal for refusal in bundle.refused}
    lines = {capture.name: capture.line_count for capture in bundle.captures}
    claims.check(manifest, {**dict.fromkeys((*bundle.pictures, *refused), 0), **lines})
    everything, captures = captures, _without_copies(captures, manifest)
    left_out = tuple(_left_out(everything, refused, manifest))
    excluded = {file.name for file in left_out}
    captures = tuple(capture for capture in captures if capture.name not in excluded)
    outputs: list[Output] = []
    sizes = [capture.size_bytes for capture in captures]
    processes = processes_for(sizes, jobs)
    if processes == 1:
        for capture in _reporting(captures, progress):
            outputs += read_capture(capture, manifest, len(outputs))
    else:
        screens.prepare()
        read_elsewhere = map_in_processes(
            captures, sizes, lambda capture: read_capture(capture, manifest, 0), processes
        )
        for capture, received in zip(_reporting(captures, progress), read_elsewhere, strict=True):
            outputs += [_received(output, capture, index) for index, output in enumerate(received, len(outputs))]
            _release_large(capture)
    _check_lines(manifest, outputs)
    unread = tuple(text for name, text in refused.items() if name not in excluded)
    return Collection(bundle.origin, everything, manifest, beside_each_other(outputs, manifest), unread, logo, left_out)


def _left_out(captures: Iterable[Capture], refused: Mapping[str, str], manifest: Manifest) -> Iterator[LeftOut]:
    """Yield the files that the manifest excludes; they are read once, to say how many answers they hold."""
    for capture in captures:
        why = claims.excluded_by(manifest, capture.name)
        if why is not None:
            outputs = read_capture(capture, manifest, 0)
            yield LeftOut(capture.name, why, answers=sum(output.screen is not None for output in outputs))
    for name, refusal in refused.items():
        why = claims.excluded_by(manifest, name)
        if why is not None:
            yield LeftOut(name, why, refusal=refusal.partition(": ")[2])


def _check_lines(manifest: Manifest, outputs: Iterable[Output]) -> None:
    if any(hint.lines for hint in manifest.captures):
        begin: dict[str, list[int]] = {}
        for output in outputs:
            begin.setdefault(output.capture.name, []).append(output.first_line)
        claims.check_lines(manifest, begin)


def beside_each_other(outputs: list[Output], manifest: Manifest) -> tuple[Output, ...]:
    """Return the outputs of all captures with what one tells of another: spelling of nodes, doubt on times, gates from times."""
    return tuple(moments.placed(_with_own_clocks(_with_one_spelling(outputs, manifest), manifest), manifest))


def _without_copies(captures: tuple[Capture, ...], manifest: Manifest) -> tuple[Capture, ...]:
    """Return the captures without exact copies of others in a folder that holds a copy of the collection: they are listed, not read."""
    by_content: dict[str, list[Capture]] = {}
    for capture in captures:
        by_content.setdefault(capture.sha256, []).append(capture)

    def is_copy(capture: Capture) -> bool:
        for other in by_content[capture.sha256]:
            folder = capture.name.removesuffix("/" + other.name)
            if folder != capture.name and claims.node_and_gate_of_path(folder + "/-", manifest) == (None, None):
                return True
        return False

    return tuple(capture for capture in captures if not is_copy(capture))


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


def read_capture(capture: Capture, manifest: Manifest, first_index: int) -> list[Output]:
    """Return the outputs of a capture; node, gate and time are the manifest's, else the marker's, the path's, the log's."""
    stated = Claims(manifest, capture.name)
    path_node, path_gate = claims.node_and_gate_of_path(capture.name, manifest)
    likely_node = claims.node_in_name(capture.name, manifest)
    by_name: set[int] = set()
    named: set[str] = set()
    log_node: str | None = None
    answered: dict[int, str] = {}
    reads_database = False
    outputs: list[Output] = []
    for block in transcript.split(capture):
        claim = stated.of(block)
        problem = claim.against(block.marker, manifest.policy.clock_tolerance)
        if problem and block.marker is not None:
            block = replace(block, marker=replace(block.marker, problem=problem))
        reading = screens.read(block)
        hostname = _answer_of_hostname(block)
        answered |= {block.session: hostname} if hostname is not None else {}
        is_remote = block.remote_host is not None
        if not is_remote:
            log_node = _computer_of_block(block, reading) or log_node
            named |= {host_name(log_node)} if log_node is not None else set()
        reads_database = _tells_to_read_database(block, reads_database)
        marker = block.marker or Marker()
        time, latest = claim.time or marker.time, None
        if time is None:
            time, latest = _times_told(block, manifest)
        # What runs on another computer is of it, whatever the log is called.
        answer = answered.get(block.session) if block.session else None
        remote_node = answer or block.prompt_host or block.remote_host or None
        node = claim.node or marker.node or (remote_node if is_remote else path_node or log_node or likely_node)
        if block.switch is not None or (reading.screen is not None and screens.is_of_switch(reading.screen)):
            node = None  # a switch is no node of the cluster; its tables carry its name
        if node is not None and not (is_remote or claim.node or marker.node or path_node or log_node):
            by_name.add(len(outputs))
        gate = next((gate for gate in (claim.gate, marker.gate, path_gate) if gate is not None), None)
        is_elsewhere = any(
            None not in (node, other) and node != SE_HOST and host_name(str(node)) != host_name(str(other))
            for other in ((remote_node,) if is_remote else (answered.get(0),))
        )
        outputs.append(
            Output(
                first_index + len(outputs), block, reading, node, gate, time, latest,
                clock_tolerance=manifest.policy.clock_tolerance, reads_database=reads_database, is_of_another_computer=is_elsewhere,
                stated_authority=claim.authority or "",
            )
        )  # fmt: skip
    _release_large(capture)
    if likely_node is not None and named - {host_name(likely_node)}:
        # The log names another computer than the name of its file: what stands above that is of nobody.
        outputs = [
            replace(output, node=None) if output.index - first_index in by_name else output for output in outputs
        ]
    if log_node is not None and named == {host_name(PurePosixPath(capture.name).stem)}:
        # The file is called as the only computer that its log names: what stands above that is of it too.
        outputs = [
            replace(output, node=log_node) if output.node is None and output.block.remote_host is None else output
            for output in outputs
        ]
    return outputs


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


def _with_own_clocks(outputs: list[Output], manifest: Manifest) -> list[Output]:
    """Return outputs whose times are what the clock of the others showed: a computer's clock may be ahead or behind."""
    ahead = {host_name(clock.node): timedelta(seconds=clock.ahead_seconds) for clock in manifest.clocks}
    if not ahead:
        return outputs
    none = timedelta()
    return [
        replace(output, time=output.time - ahead.get(host_name(output.node), none))
        if output.time is not None and output.node is not None
        else output
        for output in outputs
    ]


def computer_named(reading: Reading) -> str | None:
    """Return the computer that the DiskPart banner of an output names."""
    named = reading.frames.column("diskpart_sessions", "computer")
    return next((str(name) for name in named if name is not None), None)


def _computer_of_block(block: Block, reading: Reading) -> str | None:
    """Return the computer that a block names: by a DiskPart banner, as answer of ``hostname``, or in its prompt."""
    named = computer_named(reading)
    if named is not None:
        return named
    return _answer_of_hostname(block) or block.prompt_host or block.log_host


def _answer_of_hostname(block: Block) -> str | None:
    command = block.command
    if command is None or command.tool != "hostname" or command.words:
        return None
    lines = [line.strip() for line in block.output.split("\n") if line.strip()]
    return lines[0] if len(lines) == 1 and re.fullmatch(r"[\w.-]+", lines[0]) else None


_NO_END = datetime(9999, 1, 1)


def _times_told(block: Block, manifest: Manifest) -> tuple[datetime | None, datetime | None]:
    """Return when a block was printed at the earliest and at the latest, as its log tells in the zone of the manifest."""
    if block.earliest is None:
        return None, None
    # In the hour that a night of the change of clocks repeats, the first pass is the earliest and the second the latest.
    earliest, latest = (
        moment if moment.tzinfo else moment.replace(tzinfo=manifest.policy.zone, fold=fold)
        for moment, fold in ((block.earliest, 0), (block.latest or _NO_END, 1))
    )
    return earliest, latest


_OFFLINE = re.compile(r"\b(?:set|export|setenv|env:)?\s*SYMCLI_OFFLINE\b[\s=]*[\"']?(\w*)", re.I)


def _tells_to_read_database(block: Block, before: bool) -> bool:
    """Return whether Solutions Enabler answers from its database after a command: ``set SYMCLI_OFFLINE=1`` holds until it is unset."""
    command = block.command
    setting = _OFFLINE.search(command.text) if command is not None and command.tool not in ("echo", "rem") else None
    if setting is None or command is None:
        return before
    is_unset = command.tool in ("unset", "unsetenv", "remove-item") or setting[1].lower() in ("", "0", "false", "no")
    return not is_unset
