"""``flmparse captures``: what each capture is, and how much of it was understood."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flmparse.cli import completion, options
from flmparse.cli.asking import ask, read
from flmparse.cli.output import STDOUT, write
from flmparse.findings import Status

if TYPE_CHECKING:
    from flmparse.assessment import Assessment
    from flmparse.render.shapes import GapRow

EXAMPLES = """\b
Examples:
  flmparse captures captures/
  flmparse captures captures/ --gate ready        and what is still to be captured before activation
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
    gate: Annotated[
        str | None,
        typer.Option(
            "--gate",
            "-g",
            metavar="NAME",
            autocompletion=completion.gates,
            help="Also list what is still to be captured for this gate, or all.",
        ),
    ] = None,
    profile: options.Profile = None,
    output: options.Output = STDOUT,
    code_page: options.CodePage = None,
) -> None:
    """List every capture with its node, gate, time and encoding, its lines by what they are, and its screens."""
    from flmparse.render.captures import capture_views
    from flmparse.render.shapes import GapRow
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
    if format == "json" and gate is None:
        from flmparse.render.captures import capture_records

        write(json_of(capture_records(found), []), output)
        return
    table = from_records("captures", rows, COLUMNS)
    if gate is None:
        write(as_csv(table) if format == "csv" else aligned(table), output)
        return
    gap_table = from_records("gaps", gaps(ask(found, gate, profile)), tuple(GapRow.__annotations__))
    if format == "json":
        from flmparse.render.captures import capture_records

        write(json_of(capture_records(found), [gap_table]), output)
    elif format == "csv":
        write(as_csv(gap_table), output)
    else:
        write(f"{aligned(table)}\nstill to be captured\n{aligned(gap_table)}", output)


def gaps(assessment: "Assessment") -> "list[GapRow]":
    """Return the operator's to-do list: each capture that open rules wait for, where, and whether the gate needs it."""
    from flmparse.render.gaps import where

    waiting: dict[tuple[str, str], dict[str, bool]] = {}
    for item in assessment.gates:
        for result in item.results:
            if result.status is Status.INCONCLUSIVE and result.waiver is None:
                for command in result.missing:
                    waiting.setdefault((item.gate.word, command), {})[result.rule] = result.required
    return [
        {
            "gate": gate,
            "required": "yes" if any(rules.values()) else "no",
            "on": where(command),
            "command": command,
            "rules": ", ".join(rules),
        }
        for (gate, command), rules in waiting.items()
    ]
