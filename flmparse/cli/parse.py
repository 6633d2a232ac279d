"""``flmparse parse``: captures to tables, without any judgement."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flmparse.cli import completion, options
from flmparse.cli.asking import read
from flmparse.cli.output import STDOUT, say, write
from flmparse.errors import UsageError
from flmparse.lazy import pd

if TYPE_CHECKING:
    from flmparse.collection import Collection

EXAMPLES = """\b
Examples:
  flmparse parse captures/
  flmparse parse node1.txt --table paths --format csv -o paths.csv
  flmparse parse node1.txt node2.txt --format json
  powermt display dev=all | flmparse parse - --table paths
  flmparse parse captures/ --unknown
"""

Format = Literal["table", "csv", "json", "jsonl", "parquet", "xlsx"]


def parse(
    paths: Annotated[list[str], typer.Argument(help="Captures, folders or archives; - is standard input.")],
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            metavar="NAME",
            autocompletion=completion.tables,
            help="Only this table, for example paths or sessions.",
        ),
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="How it is written. parquet needs flmparse[arrow].")
    ] = "table",
    output: options.Output = STDOUT,
    code_page: options.CodePage = None,
    jobs: options.Jobs = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="List the lines that were not understood instead of the tables.")
    ] = False,
) -> None:
    """Read captures and write what they hold: blocks, tables, rows. Judges nothing."""
    from flmparse import tables as frames

    if table is not None:
        frames.table_named(table)  # a table that does not exist is said before anything is read
        if unknown:
            raise UsageError("--table and --unknown exclude each other")
    captured = joined(paths, code_page, jobs, outputs=[output])
    for_terminal = output == STDOUT and format == "csv"
    content = _unknown_lines(captured, format) if unknown else _tables(captured, table, format)
    write(_on_terminal(content) if for_terminal else content, output)
    lines = sum(read.reading.counts.unknown for read in captured.outputs)
    if lines and not unknown:
        say(
            f"{lines:,} of {sum(capture.line_count for capture in captured.captures):,} lines were not understood; --unknown lists them"
        )


def joined(
    paths: list[str], code_page: str | None, jobs: int | None = None, outputs: Sequence[str] = ()
) -> "Collection":
    """Return one collection of everything under several paths; with more than one, a capture's name begins with its path as given."""
    from flmparse.collection import Collection, Output
    from flmparse.manifest import Manifest
    from flmparse.text.capture import Capture

    paths = list(dict.fromkeys(paths))
    parts = [read(path, code_page, jobs, outputs) for path in paths]
    if len(parts) == 1:
        return parts[0]
    captures: list[Capture] = []
    blocks: list[Output] = []
    for path, part in zip(paths, parts, strict=True):
        renamed = {id(capture): replace(capture, name=_name_below(path, capture.name)) for capture in part.captures}
        captures += renamed.values()
        for block in part.outputs:
            moved = replace(block.block, capture=renamed[id(block.capture)])
            blocks.append(replace(block, index=len(blocks), block=moved))
    refused = tuple(refusal for part in parts for refusal in part.refused)
    return Collection(", ".join(paths), tuple(captures), Manifest(), tuple(blocks), refused)


def _name_below(path: str, name: str) -> str:
    given = PurePath(path)
    return given.as_posix() if given.name == name else f"{given.as_posix()}/{name}"


def _tables(captured: "Collection", table: str | None, format: Format) -> str | bytes:
    from flmparse.render import tables as writers
    from flmparse.render.captures import capture_records

    wanted = captured.frames if table is None else {table: captured.frames[table]}
    chosen = {name: frame for name, frame in wanted.items() if len(frame) or name == table}
    if format == "parquet":
        return writers.as_parquet(_the_only(chosen, table, format))
    if format == "table" and table is None:
        return _overview(captured)
    listings = [writers.listing(name, frame) for name, frame in chosen.items()]
    if format == "json":
        return writers.as_json(capture_records(captured), listings)
    if format == "csv":
        _the_only(chosen, table, format)
        return writers.as_csv(listings[0])
    if format == "table":
        return writers.aligned(listings[0])
    return writers.as_json_lines(listings) if format == "jsonl" else writers.as_xlsx(listings)


def _the_only(chosen: "dict[str, pd.DataFrame]", table: str | None, format: str) -> "pd.DataFrame":
    if table is None:
        filled = ", ".join(chosen) or "none has a row"
        raise UsageError(f"{format} holds one table; name it with --table ({filled})")
    return chosen[table]


def _unknown_lines(captured: "Collection", format: Format) -> str | bytes:
    from flmparse.render import tables as writers
    from flmparse.render.captures import capture_records, unknown_report, unknown_rows
    from flmparse.render.shapes import UnknownRow

    if format == "table":
        return unknown_report(captured)
    rows = unknown_rows(captured, stops=True)
    columns = tuple(UnknownRow.__annotations__)
    rows = [{name: row[name] for name in columns} for row in rows]
    listing = writers.from_records("unknown", rows, columns)
    if format == "json":
        return writers.as_json(capture_records(captured), [], unknown=rows)
    if format == "csv":
        return writers.as_csv(listing)
    if format == "jsonl":
        return writers.as_json_lines([listing])
    if format == "parquet":
        return writers.as_parquet(pd.DataFrame(rows, columns=list(columns)))
    return writers.as_xlsx([listing])


def _overview(captured: "Collection") -> str:
    """Return per capture its blocks, and their tables with the number of rows."""
    from flmparse.render.captures import capture_views, outputs_by_capture
    from flmparse.render.tables import aligned, from_records
    from flmparse.render.wording import number_of, visible

    columns = ("lines", "screen", "status", "node", "gate", "rows", "tables", "command")
    parts = []
    for (_, blocks), view in zip(outputs_by_capture(captured), capture_views(captured), strict=True):
        rows = [
            {
                "lines": f"{read.block.line_start}-{read.block.line_end}",
                "screen": read.screen or "-",
                "status": str(read.status),
                "node": read.node,
                "gate": read.gate.word if read.gate is not None else None,
                "rows": read.reading.rows,
                "tables": ", ".join(f"{name} {len(frame)}" for name, frame in read.reading.frames.items()) or None,
                "command": read.command.text if read.command is not None else None,
            }
            for read in blocks
        ]
        filled_columns = [name for name in columns if any(row[name] is not None for row in rows)]
        counts = view.counts
        ledger = f"{counts.fact} fact, {counts.noise} noise, {counts.prompt} prompt, {counts.unknown} unknown"
        parts.append(f"{visible(view.name)}  {view.encoding}, {number_of(view.lines, 'line')}: {ledger}\n")
        parts += [f"  {line}\n" for line in aligned(from_records("blocks", rows, filled_columns)).splitlines()]
        parts += [f"  ! {problem}\n" for problem in view.problems]
        parts.append("\n")
    filled = {name: len(frame) for name, frame in captured.frames.items() if len(frame)}
    parts.append(f"{number_of(len(captured.captures), 'capture')}, {number_of(len(captured.outputs), 'block')}\n")
    parts += [f"  {rows:>7,}  {name}\n" for name, rows in filled.items()]
    return "".join(parts)


def _on_terminal(content: str | bytes) -> str | bytes:
    """Write control characters of captured text out where the text goes to a terminal; a file or pipe gets it as it is."""
    import sys

    from flmparse.render.wording import visible

    if isinstance(content, bytes) or not sys.stdout.isatty():
        return content
    return "\n".join(visible(line) for line in content.split("\n"))
