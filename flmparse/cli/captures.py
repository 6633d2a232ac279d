"""``flmparse captures``: what each capture is, and how much of it was understood."""

import shutil
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from flmparse.cli import completion, options
from flmparse.cli.asking import ask, read
from flmparse.cli.output import STDOUT, write

if TYPE_CHECKING:
    from flmparse.assessment import Assessment, GateAssessment
    from flmparse.collection import Collection
    from flmparse.render.shapes import GapRow

EXAMPLES = """\b
Examples:
  flmparse captures captures/
  flmparse captures captures/ --gate ready        and what is still to be captured before activation
  flmparse captures captures.tar.gz --format csv -o captures.csv
"""

COLUMNS = ("capture", "node", "gate", "time", "encoding", "lines", "fact", "noise", "prompt", "unknown", "screens")
CSV_COLUMNS = (COLUMNS[0], "sha256", *COLUMNS[1:], "left_out")


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
    if format == "csv":
        write(as_csv(gap_table if gate else from_records("captures", _rows(captured), CSV_COLUMNS)), output)
        return
    listed = _fitting(_rows(captured, in_short=True), output)
    if assessment is None:
        write(listed, output)
        return
    gates = ", ".join(item.gate.word for item in assessment.gates)
    left = f"Nothing left to capture for {gates}.\n"
    if gap_rows and any(row["required"] == "yes" for row in gap_rows):
        left = f"still to be captured\n{aligned(gap_table)}"
    elif gap_rows:
        left = f"Nothing left to capture for {gates}; what would help\n{aligned(gap_table)}"
    write("\n".join([listed, left, *steps_not_captured(assessment)]), output)


def _rows(captured: "Collection", *, in_short: bool = False) -> list[dict[str, Any]]:
    """Return each capture with everything that is known of it; in short, times and gates as ranges."""
    from flmparse.render import captures as views

    reasons = {file.name: file.why for file in captured.left_out}
    rows = []
    for view, (_, outputs) in zip(views.capture_views(captured), views.outputs_by_capture(captured), strict=True):
        reason = reasons.get(view.name)
        left_out = f"left out: {reason}" if reason and in_short else None
        rows.append(
            {
                "capture": view.name,
                "sha256": view.sha256,
                "node": ", ".join(view.nodes) or None,
                "gate": (views.gate_range(outputs) if in_short else ", ".join(view.gates)) or None,
                "time": (views.time_range(outputs) if in_short else ", ".join(view.times)) or None,
                "encoding": view.encoding,
                "lines": view.lines,
                "fact": view.counts.fact,
                "noise": view.counts.noise,
                "prompt": view.counts.prompt,
                "unknown": view.counts.unknown,
                "screens": left_out or ", ".join(view.screens) or None,
                "left_out": reason,
            }
        )
    return rows


LEAST_WIDTH = 12
"""What the last column keeps of a narrow terminal."""

SPARED = ("prompt", "noise", "fact", "encoding", "node", "lines", "time")
"""Columns that a narrow terminal does without, in this order."""


def _fitting(rows: list[dict[str, Any]], output: str) -> str:
    """Return the captures as text that is as wide as the terminal; what does not fit is counted, or left out and named."""
    from flmparse.render.tables import aligned, from_records

    on_terminal = output == STDOUT and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_terminal else sys.maxsize
    spared: list[str] = []
    while True:
        columns = tuple(name for name in COLUMNS if name not in spared)
        text = aligned(from_records("captures", rows, columns))
        begin = text.split("\n", 1)[0].find(COLUMNS[-1])
        if begin + LEAST_WIDTH <= width or len(spared) == len(SPARED):
            break
        spared.append(SPARED[len(spared)])
    lines = [_cut(line, begin, max(width, begin + LEAST_WIDTH)) for line in text.splitlines()]
    lines += [f"(too narrow for {', '.join(spared)}: --format csv)"] if spared else []
    return "\n".join(lines) + "\n"


def _cut(line: str, begin: int, most: int) -> str:
    """Return a line of at most so many characters; of the names in its last column those that do not fit are counted."""
    if len(line) <= most or begin <= 0 or line.startswith("("):
        return line
    names = line[begin:].split(", ")
    shorter = (f"{', '.join(names[:kept])} and {len(names) - kept} more" for kept in range(len(names) - 1, 0, -1))
    texts = [line[:begin] + text for text in (*shorter, f"{len(names)} screens") if begin + len(text) <= most]
    return texts[0] if texts and len(names) > 1 else f"{line[: most - 3]}..."


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
    all_gaps = [
        (item.gate.word, gap) for item in answered(assessment) for gap in gaps_of([item], filled, assessment.collection)
    ]
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
