"""``flmparse demo``: the white paper's own captures, checked."""

from pathlib import Path
from typing import Annotated

import typer

from flmparse.cli.output import paint, write
from flmparse.errors import FlmparseError

EXAMPLES = """\b
Examples:
  flmparse demo
  flmparse demo -o /tmp
"""

FILE_NAME = "flmparse-demo.html"


def demo(
    folder: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help=f"Folder for the report, {FILE_NAME}.")
    ] = ".",
) -> None:
    """Check the captures printed in EMC's white paper h10645: nine gates, verdicts and reasons, and an HTML report.

    The demo exits with 0 when it did its work, whatever the verdict on the paper is.
    """
    from flmparse import assets
    from flmparse.cli.asking import ask, read
    from flmparse.render import render_report
    from flmparse.render.context import report_of
    from flmparse.render.text import gate_lines

    if not Path(folder).is_dir():
        raise FlmparseError(f"{folder}: no such folder")
    captures = read(str(assets.folder("fixtures") / "migrations" / "whitepaper"))
    report = report_of(ask(captures, "all", "paper"), "compliance")
    to = Path(folder) / FILE_NAME
    write(render_report(report, "html"), str(to))
    verdict = paint(str(report.verdict), str(report.verdict))
    lines = [
        f"{report.migration_name}: {len(report.captures)} captures from the paper's own figures",
        "",
        *gate_lines(report, paint),
        "",
        f"Over all gates: {verdict}. The migration in the white paper is {report.verdict} by its own evidence; the demo did its work and exits with 0.",
        f"Report: {to}",
        "Next: flmparse check COLLECTION --gate ready     flmparse rules MSK005",
    ]
    write("\n".join(lines) + "\n")
