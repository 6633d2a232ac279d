"""``flmparse captures``: what each capture is, and how much of it was understood."""

from typing import Annotated, Literal

import typer

from flmparse.cli import options
from flmparse.cli.asking import read
from flmparse.cli.output import STDOUT, write

EXAMPLES = """\b
Examples:
  flmparse captures captures/
  flmparse captures captures.tar.gz --format csv -o captures.csv
"""

COLUMNS = ("capture", "node", "gate", "time", "encoding", "lines", "fact", "noise", "prompt", "unknown", "screens")


def captures(
    collection: Annotated[
        str, typer.Argument(help="Folder, .zip or .tar.gz with the captures; - is one capture on stdin.")
    ],
    format: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", "-f", help="How the list is written.")
    ] = "table",
    output: options.Output = STDOUT,
    code_page: options.CodePage = None,
) -> None:
    """List every capture with its node, gate, time and encoding, its lines by what they are, and its screens."""
    from flmparse.render.captures import capture_views
    from flmparse.render.tables import aligned, as_csv, from_records
    from flmparse.render.tables import as_json as json_of

    found = read(collection, code_page)
    views = capture_views(found)
    rows = [
        {
            "capture": view.name,
            "node": ", ".join(view.nodes) or None,
            "gate": ", ".join(view.gates) or None,
            "time": ", ".join(view.times) or None,
            "encoding": view.encoding,
            "lines": view.lines,
            "fact": view.counts.fact,
            "noise": view.counts.noise,
            "prompt": view.counts.prompt,
            "unknown": view.counts.unknown,
            "screens": ", ".join(view.screens) or None,
        }
        for view in views
    ]
    if format == "json":
        from flmparse.render.captures import capture_records

        write(json_of(capture_records(found), []), output)
        return
    table = from_records("captures", rows, COLUMNS)
    write(as_csv(table) if format == "csv" else aligned(table), output)
