"""``flmparse captures``: what each capture is, and how much of it was understood."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flmparse.cli import completion, options
from flmparse.cli.asking import ask, read
from flmparse.cli.output import STDOUT, write

if TYPE_CHECKING:
    from flmparse.assessment import Assessment, GateAssessment
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
        list[str] | None,
        typer.Option(
            "--gate",
            "-g",
            metavar="NAME",
            autocompletion=completion.gates,
            help="Also list what is still to be captured for this gate, several with commas or repeated, or all.",
        ),
    ] = None,
    profile: options.Profile = None,
    output: options.Output = STDOUT,
    code_page: options.CodePage = None,
) -> None:
    """List every capture with its node, gate, time and encoding, its lines by what they are, and its screens."""
    from flmparse.render import captures as views
    from flmparse.render.shapes import GapRow
    from flmparse.render.tables import aligned, as_csv, as_json, from_records

    captured = read(collection, code_page, outputs=[output])
    assessment = ask(captured, ",".join(gate), profile) if gate else None
    gap_rows = gaps(assessment) if assessment is not None else []
    gap_table = from_records("gaps", gap_rows, tuple(GapRow.__annotations__))
    if format == "json":
        write(as_json(views.capture_records(captured), [gap_table] if gate else []), output)
        return
    rows = [
        {
            "capture": view.name,
            "node": ", ".join(view.nodes) or None,
            "gate": ", ".join(view.gates) or None,
            "time": (", ".join(view.times) if format == "csv" else views.time_range(outputs)) or None,
            "encoding": view.encoding,
            "lines": view.lines,
            "fact": view.counts.fact,
            "noise": view.counts.noise,
            "prompt": view.counts.prompt,
            "unknown": view.counts.unknown,
            "screens": ", ".join(view.screens) or None,
        }
        for view, (_, outputs) in zip(views.capture_views(captured), views.outputs_by_capture(captured), strict=True)
    ]
    table = from_records("captures", rows, COLUMNS)
    if format == "csv":
        write(as_csv(gap_table if gate else table), output)
    elif assessment is None:
        write(aligned(table), output)
    else:
        gates = ", ".join(item.gate.word for item in assessment.gates)
        needed = (
            f"still to be captured\n{aligned(gap_table)}" if gap_rows else f"Nothing left to capture for {gates}.\n"
        )
        write("\n".join([aligned(table), needed, *steps_not_captured(assessment)]), output)


def answered(assessment: "Assessment") -> "list[GateAssessment]":
    """Return the gates with the answers of their rules, also of those that the evidence does not reach: what will they need?"""
    from dataclasses import replace

    from flmparse.assessment import ask_rules
    from flmparse.evidence.migration import Migration
    from flmparse.procedure import GATES
    from flmparse.rules import catalogue

    migration = assessment.migration or Migration(assessment.collection)
    return [
        item
        if item.reached
        else replace(
            item,
            results=tuple(ask_rules(migration, item.gate, item.profile, catalogue().values())),
            missing_captures=tuple(" or ".join(kind.screens) for kind in GATES[item.gate].captures),
        )
        for item in assessment.gates
    ]


def steps_not_captured(assessment: "Assessment") -> list[str]:
    """Return the sentences on steps of which no output is there, of the gates that the evidence reaches."""
    results = [result for item in assessment.gates for result in item.results]
    return [f"{sentence}\n" for sentence in dict.fromkeys(text for result in results for text in result.not_captured)]


def gaps(assessment: "Assessment") -> "list[GapRow]":
    """Return what is still to be captured, gate by gate; what a gate waits for comes first."""
    from flmparse.evidence.migration import Migration
    from flmparse.render.answers import Commands
    from flmparse.render.gaps import gaps_of

    filled = Commands(assessment.migration or Migration(assessment.collection)).filled
    all_gaps = [(item.gate.word, gap) for item in answered(assessment) for gap in gaps_of([item], filled)]
    return [
        {
            "gate": gate,
            "required": "yes" if gap.required else "no",
            "on": gap.on,
            "command": gap.command,
            "rules": ", ".join(gap.rules),
        }
        for gate, gap in sorted(all_gaps, key=lambda item: not item[1].required)
    ]
