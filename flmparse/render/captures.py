"""What became of each capture: its hash, its lines by what they are, its blocks, the lines that were not understood."""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any

from flmparse import __version__, screens
from flmparse.collection import Collection, Output
from flmparse.render.excerpts import LONGEST_LINE
from flmparse.render.shapes import BlockRecord, CaptureBlocks
from flmparse.render.wording import number_of, visible
from flmparse.screens import LineCounts, UnknownLines
from flmparse.text.capture import Capture

MOST_UNKNOWN = 40
"""Runs of lines not understood that a report quotes; how many more there are is said."""

NOT_RECOGNISED = "not recognised"
"""Stands among the screens of a capture for blocks of none."""

MOST_CAPTURES = 200
"""Captures that a page lists; the others are counted there."""

MOST_KINDS = 8
"""Kinds of captures by which those that are not listed are counted."""

MOST_PROBLEMS = 5
"""Problems of one capture that a page lists."""


@dataclass(frozen=True)
class CaptureView:
    """One capture. ``nodes``, ``gates``, ``times`` and ``screens`` are those of its blocks, each once, in order."""

    name: str
    sha256: str
    encoding: str
    size_bytes: int
    lines: int
    counts: LineCounts
    nodes: tuple[str, ...]
    gates: tuple[str, ...]
    times: tuple[str, ...]
    screens: tuple[str, ...]
    statuses: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def shown_name(self) -> str:
        """The name with control characters written out."""
        return visible(self.name)

    @property
    def top_problems(self) -> tuple[str, ...]:
        """The problems that a page lists."""
        return self.problems[:MOST_PROBLEMS]

    @property
    def more_problems(self) -> int:
        """How many a page leaves out."""
        return max(0, len(self.problems) - MOST_PROBLEMS)


@dataclass(frozen=True)
class ListedCaptures:
    """The captures that a page lists, each with its number from 1, in the collection's order; ``rest`` counts the others by what they hold."""

    rows: tuple[tuple[int, CaptureView], ...]
    left_out: int
    rest: tuple[tuple[str, int], ...]

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The numbers of those that are listed."""
        return frozenset(number for number, _ in self.rows)


@dataclass(frozen=True)
class UnknownView:
    """A run of lines that was not understood: where, its first line, and what would have been."""

    place: str
    text: str
    expected: str


def listed(views: tuple[CaptureView, ...], cited: Container[str]) -> ListedCaptures:
    """Return the captures to list; of too many first those that findings cite, then those not read whole, last those of which nothing was read."""
    numbered = list(enumerate(views, 1))
    if len(views) <= MOST_CAPTURES:
        return ListedCaptures(tuple(numbered), 0, ())

    def weight(view: CaptureView) -> int:
        if view.name in cited:
            return 0
        if not set(view.screens) - {NOT_RECOGNISED}:
            return 3
        return 1 if view.counts.unknown or view.problems else 2

    numbered.sort(key=lambda item: (weight(item[1]), item[0]))
    rest = Counter(", ".join(view.screens) or "nothing" for _, view in numbered[MOST_CAPTURES:])
    kinds = rest.most_common()
    counted = kinds[:MOST_KINDS]
    others = sum(number for _, number in kinds[MOST_KINDS:])
    return ListedCaptures(
        tuple(sorted(numbered[:MOST_CAPTURES], key=lambda item: item[0])),
        len(views) - MOST_CAPTURES,
        (*counted, *((("something else", others),) if others else ())),
    )


def blocks_by_capture(collection: Collection) -> list[tuple[Capture, list[Output]]]:
    """Return every capture with its blocks, in the collection's order."""
    blocks: dict[int, list[Output]] = {}
    for output in collection.outputs:
        blocks.setdefault(id(output.capture), []).append(output)
    return [(capture, blocks.get(id(capture), [])) for capture in collection.captures]


def capture_views(collection: Collection) -> tuple[CaptureView, ...]:
    """Return every capture of a collection, in its order."""
    return tuple(_capture_view(capture, blocks) for capture, blocks in blocks_by_capture(collection))


def _ledger(blocks: list[Output]) -> LineCounts:
    counts = [output.reading.counts for output in blocks]
    return LineCounts(
        *(sum(getattr(count, kind) for count in counts) for kind in ("fact", "noise", "prompt", "unknown"))
    )


def _capture_view(capture: Capture, blocks: list[Output]) -> CaptureView:
    statuses = Counter(str(output.status) for output in blocks)
    odd = [f"line {oddity.line}: {oddity.text}" for output in blocks for oddity in output.reading.oddities]
    return CaptureView(
        name=capture.name,
        sha256=capture.sha256,
        encoding=capture.encoding,
        size_bytes=capture.size_bytes,
        lines=capture.line_count,
        counts=_ledger(blocks),
        nodes=_once(output.node for output in blocks),
        gates=_once(output.gate.word if output.gate is not None else None for output in blocks),
        times=_once(output.time.isoformat() if output.time is not None else None for output in blocks),
        screens=_once(output.screen or (NOT_RECOGNISED if output.reading.unknown else None) for output in blocks),
        statuses=tuple(f"{number} {status.replace('_', ' ')}" for status, number in statuses.items()),
        problems=tuple(visible(text) for text in (*capture.problems, *odd)),
    )


def _once(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(visible(value) for value in values if value))


def unknown_rows(collection: Collection, *, stops: bool = False) -> list[dict[str, Any]]:
    """Return every run of lines that was not understood, text and all; with ``stops`` where reading its first line stopped."""
    return [
        {
            "capture": output.capture.name,
            "line_start": part.first_line,
            "line_end": part.last_line,
            **(_stop(output, part) if stops else {}),
            "screen": output.screen,
            "expected": ", ".join(word.strip("_").lower().replace("_", " ") for word in part.expected),
            "text": output.capture.quote(part.first_line, part.last_line),
        }
        for output, part in collection.unknown()
    ]


def _stop(output: Output, part: UnknownLines) -> dict[str, Any]:
    line, stop = screens.stop(output.block, output.reading, part)
    raw = output.capture.quote(part.first_line, part.first_line)
    return {"column": _column_in(raw, line, stop.column), "stop": stop.sentence if output.screen else None}


def _column_in(raw: str, line: str, column: int) -> int:
    """Return the column in the captured line of a column in the line without terminal control."""
    if raw == line:
        return column
    place = 0
    for character in line[: column - 1]:
        found = raw.find(character, place) if character != " " else place
        place = found + 1 if found >= 0 else place
    return min(place, len(raw)) + 1


def unknown_report(collection: Collection) -> str:
    """Return the lines that were not understood for people: each with a caret, and a summary that can be filed as it is."""
    rows = unknown_rows(collection, stops=True)
    if not rows:
        return "unknown: no rows\n"
    parts = [_told(row) for row in rows]
    counts: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    for row in rows:
        counts[row["screen"] or "not recognised"] += row["line_end"] - row["line_start"] + 1
        runs[row["screen"] or "not recognised"] += 1
    of_captures = {row["capture"] for row in rows}
    parts.append(
        f"{number_of(sum(counts.values()), 'line')} of {number_of(len(of_captures), 'capture')} not understood,"
        f" flmparse {__version__}, lark {version('lark')}\n"
    )
    for screen, lines in sorted(counts.items()):
        parts.append(f"  {screen}: {number_of(lines, 'line')} in {number_of(runs[screen], 'place')}\n")
    for capture in collection.captures:
        if capture.name in of_captures:
            size = number_of(capture.line_count, "line")
            parts.append(f"  sha256 {capture.sha256}  {visible(capture.name)}, {size}, {capture.encoding}\n")
    return "".join(parts)


def _told(row: dict[str, Any]) -> str:
    """Return one run: place, its first line, a caret below the column, what was expected, and how many lines more."""
    line, column = row["text"].split("\n", 1)[0], row["column"]
    start = max(0, column - LONGEST_LINE // 2)
    shown = visible(line[start : start + LONGEST_LINE])
    caret = " " * len(visible(line[start : column - 1])) + "^"
    more = row["line_end"] - row["line_start"]
    place = f"{visible(row['capture'])}:{row['line_start']}:{column}"
    screen = row["screen"] or "not recognised"
    parts = [f"{place}: {screen}", f"    {shown}", f"    {caret} {row['stop'] or 'no screen has this heading'}"]
    parts.append(f"    expected: {row['expected']}")
    if more:
        parts.append(f"    and {number_of(more, 'line')} more, to line {row['line_end']}")
    return "\n".join(parts) + "\n\n"


def unknown_views(collection: Collection) -> tuple[tuple[UnknownView, ...], int]:
    """Return the runs to quote in a report, and the number of those left out."""
    rows = unknown_rows(collection)
    shown = []
    for row in rows[:MOST_UNKNOWN]:
        span = (
            f"{row['line_start']}" if row["line_start"] == row["line_end"] else f"{row['line_start']}-{row['line_end']}"
        )
        first_line = row["text"].split("\n", 1)[0][:LONGEST_LINE]
        shown.append(UnknownView(visible(f"{row['capture']}:{span}"), visible(first_line), row["expected"]))
    return tuple(shown), max(0, len(rows) - MOST_UNKNOWN)


def _block_record(output: Output) -> BlockRecord:
    counts = output.reading.counts
    return {
        "screen": output.screen,
        "command": output.command.text if output.command is not None else None,
        "node": output.node,
        "gate": output.gate.word if output.gate is not None else None,
        "time": output.time.isoformat() if output.time is not None else None,
        "line_start": output.block.line_start,
        "line_end": output.block.line_end,
        "status": output.status,
        "rows": output.reading.rows,
        "lines": {"fact": counts.fact, "noise": counts.noise, "prompt": counts.prompt, "unknown": counts.unknown},
        "tables": {name: len(frame) for name, frame in output.reading.frames.items()},
        "oddities": [{"line": oddity.line, "text": oddity.text} for oddity in output.reading.oddities],
    }


def capture_records(collection: Collection) -> list[CaptureBlocks]:
    """Return every capture with its blocks as `flmparse parse --format json` shows it."""
    return [_capture_record(capture, blocks) for capture, blocks in blocks_by_capture(collection)]


def _capture_record(capture: Capture, blocks: list[Output]) -> CaptureBlocks:
    return {
        "name": capture.name,
        "sha256": capture.sha256,
        "encoding": capture.encoding,
        "size_bytes": capture.size_bytes,
        "lines": capture.line_count,
        "problems": list(capture.problems),
        "blocks": [_block_record(output) for output in blocks],
    }
