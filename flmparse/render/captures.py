"""What became of each capture: its hash, its lines by what they are, its blocks, the lines that were not understood."""

from collections import Counter
from collections.abc import Container, Iterable
from importlib.metadata import version
from typing import Any

from flmparse import screens
from flmparse._version import __version__
from flmparse.collection import Collection, Output
from flmparse.render import limits
from flmparse.render.model import CaptureView, Cut, ListedCaptures, UnknownView
from flmparse.render.shapes import BlockRecord, CaptureBlocks
from flmparse.render.wording import number_of, visible
from flmparse.screens import LineCounts, UnknownLines
from flmparse.text.capture import Capture

NOT_RECOGNISED = "not recognised"
"""Stands among the screens of a capture for outputs of none."""


def listed(views: tuple[CaptureView, ...], cited: Container[str]) -> ListedCaptures:
    """Return the captures to list; of too many first those that findings cite, then those not read whole, last those of which nothing was read."""
    numbered = list(enumerate(views, 1))
    if len(views) <= limits.CAPTURES:
        return ListedCaptures(Cut(numbered))

    def weight(view: CaptureView) -> int:
        if view.name in cited:
            return 0
        if not set(view.screens) - {NOT_RECOGNISED}:
            return 3
        return 1 if view.counts.unknown or view.problems else 2

    numbered.sort(key=lambda item: (weight(item[1]), item[0]))
    rest = numbered[limits.CAPTURES :]
    kinds = Counter(", ".join(view.screens) or "nothing" for _, view in rest).most_common()
    others = sum(number for _, number in kinds[limits.KINDS :])
    rows = Cut(sorted(numbered[: limits.CAPTURES], key=lambda item: item[0]), left_out=len(rest))
    return ListedCaptures(rows, (*kinds[: limits.KINDS], *([("something else", others)] if others else ())))


def outputs_by_capture(collection: Collection) -> list[tuple[Capture, list[Output]]]:
    """Return every capture with its outputs, in the collection's order."""
    outputs: dict[int, list[Output]] = {}
    for output in collection.outputs:
        outputs.setdefault(id(output.capture), []).append(output)
    return [(capture, outputs.get(id(capture), [])) for capture in collection.captures]


def capture_views(collection: Collection) -> tuple[CaptureView, ...]:
    """Return every capture of a collection, in its order."""
    left_out = {file.name: [f"left out: {file.why}"] for file in collection.left_out}
    return tuple(
        _capture_view(capture, outputs, left_out.get(capture.name, []))
        for capture, outputs in outputs_by_capture(collection)
    )


def _capture_view(capture: Capture, outputs: list[Output], left_out: list[str]) -> CaptureView:
    statuses = Counter(str(output.status) for output in outputs)
    odd = [f"line {oddity.line}: {oddity.text}" for output in outputs for oddity in output.reading.oddities]
    return CaptureView(
        name=capture.name,
        sha256=capture.sha256,
        encoding=capture.encoding,
        size_bytes=capture.size_bytes,
        lines=capture.line_count,
        counts=LineCounts.sum(output.reading.counts for output in outputs),
        nodes=_once(output.node for output in outputs),
        gates=_once(output.gate.word if output.gate is not None else None for output in outputs),
        times=_once(output.time.isoformat() if output.time is not None else None for output in outputs),
        screens=_once(output.screen or (NOT_RECOGNISED if output.reading.unknown else None) for output in outputs),
        statuses=tuple(f"{number} {status.replace('_', ' ')}" for status, number in statuses.items()),
        problems=Cut((visible(text) for text in (*left_out, *capture.problems, *odd)), limits.PROBLEMS),
    )


def _once(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(visible(value) for value in values if value))


def time_range(outputs: Iterable[Output]) -> str:
    """Return when outputs were captured: ``2012-05-04T08:10-09:12+00:00, 23 outputs``; one time alone, and nothing where none is known."""
    times = sorted(output.time for output in outputs if output.time is not None)
    if not times:
        return ""
    first, last = times[0], times[-1].astimezone(times[0].tzinfo)
    if first == last:
        return first.isoformat()
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%dT%H:%M}"
    return f"{first:%Y-%m-%dT%H:%M}-{end}{first.isoformat()[19:]}, {number_of(len(times), 'output')}"


def gate_range(outputs: Iterable[Output]) -> str:
    """Return the gates of outputs: ``prepare..cleaned`` for the first and the last of several, and ``?`` where one has none."""
    gates = [output.gate for output in outputs if output.screen is not None]
    known = sorted({gate for gate in gates if gate is not None})
    words = known[0].word if len(known) == 1 else f"{known[0].word}..{known[-1].word}" if known else ""
    return f"{words} ?".strip() if None in gates else words


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
    at = 0
    for character in line[: column - 1]:
        match = raw.find(character, at) if character != " " else at
        at = match + 1 if match >= 0 else at
    return min(at, len(raw)) + 1


def unknown_report(collection: Collection) -> str:
    """Return the lines that were not understood for people: each with a caret, and a summary that can be filed as it is."""
    rows = unknown_rows(collection, stops=True)
    if not rows:
        return "unknown: no rows\n"
    parts = [_run(row) for row in rows]
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


def _run(row: dict[str, Any]) -> str:
    """Return one run: where it is, its first line, a caret below the column, what was expected, and how many lines more."""
    line, column = row["text"].split("\n", 1)[0], row["column"]
    start = max(0, column - limits.LINE_LENGTH // 2)
    text = visible(line[start : start + limits.LINE_LENGTH])
    caret = " " * len(visible(line[start : column - 1])) + "^"
    more = row["line_end"] - row["line_start"]
    position = f"{visible(row['capture'])}:{row['line_start']}:{column}"
    screen = row["screen"] or "not recognised"
    parts = [f"{position}: {screen}", f"    {text}", f"    {caret} {row['stop'] or 'no screen has this heading'}"]
    parts.append(f"    expected: {row['expected']}")
    if more:
        parts.append(f"    and {number_of(more, 'line')} more, to line {row['line_end']}")
    return "\n".join(parts) + "\n\n"


def unknown_views(collection: Collection) -> Cut[UnknownView]:
    """Return the runs to quote in a report."""
    rows = unknown_rows(collection)
    return Cut(map(_unknown_view, rows[: limits.UNKNOWN]), left_out=max(0, len(rows) - limits.UNKNOWN))


def _unknown_view(row: dict[str, Any]) -> UnknownView:
    first, last = row["line_start"], row["line_end"]
    position = f"{row['capture']}:{first}" if first == last else f"{row['capture']}:{first}-{last}"
    first_line = row["text"].split("\n", 1)[0][: limits.LINE_LENGTH]
    return UnknownView(visible(position), visible(first_line), row["expected"])


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
        "lines": {
            "fact": counts.fact,
            "noise": counts.noise,
            "prompt": counts.prompt,
            "unknown": counts.unknown,
            "foreign": counts.foreign,
        },
        "tables": {name: len(frame) for name, frame in output.reading.frames.items()},
        "oddities": [{"line": oddity.line, "text": oddity.text} for oddity in output.reading.oddities],
    }


def capture_records(collection: Collection) -> list[CaptureBlocks]:
    """Return every capture with its outputs as `flmparse parse --format json` shows it."""
    left_out = {file.name: [f"left out: {file.why}"] for file in collection.left_out}
    return [
        _capture_record(capture, outputs, left_out.get(capture.name, []))
        for capture, outputs in outputs_by_capture(collection)
    ]


def _capture_record(capture: Capture, outputs: list[Output], left_out: list[str]) -> CaptureBlocks:
    return {
        "name": capture.name,
        "sha256": capture.sha256,
        "encoding": capture.encoding,
        "size_bytes": capture.size_bytes,
        "lines": capture.line_count,
        "problems": [*left_out, *capture.problems],
        "blocks": [_block_record(output) for output in outputs],
    }
