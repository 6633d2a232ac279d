"""``flmparse check``: may we take the next step?"""

from typing import Annotated

import typer

from flmparse.cli import completion, options
from flmparse.cli.asking import ask, exit_code, read
from flmparse.cli.output import STDOUT, paint, refuse_bytes_on_a_terminal, working, write, writing
from flmparse.render.formats import all_formats, format_of

EXAMPLES = f"""\b
Examples:
  flmparse check captures/                        all gates up to where the evidence is
  flmparse check captures/ --gate ready
  flmparse check captures.zip --format json -o result.json
  flmparse check captures/ --gate copied --profile strict --fail-on warn --fail-on inconclusive
  flmparse check captures/ --select MSK,PTH001
  flmparse check captures/ --format junit -o flmparse.xml
  flmparse check captures/ --gate ready --format xlsx -o ready.xlsx --author "A. Jones"

\b
Formats:
{options.formats_help()}

\b
Exit codes: 0 GO or GO WITH WARNINGS, 1 NO-GO, 2 could not run, 3 INCONCLUSIVE.
Over several gates the worst counts, in the order 2, 1, 3, 0. A gate that is not reached counts only if it is named.
"""


def check(
    collection: Annotated[
        str, typer.Argument(help="Folder, .zip or .tar.gz with the captures; - is one capture on stdin.")
    ],
    gate: options.Gates = None,
    profile: options.Profile = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            autocompletion=completion.formats,
            help=f"How the answer is written: {', '.join(all_formats())}; see below.",
        ),
    ] = "text",
    fail_on: options.FailOn = None,
    output: options.Output = STDOUT,
    as_of: options.AsOf = None,
    author: options.Author = None,
    code_page: options.CodePage = None,
    jobs: options.Jobs = None,
) -> None:
    """Check a collection of captures against the rules of a gate and say whether to go on, with the evidence."""
    from flmparse.assessment import parse_gates
    from flmparse.render.context import report_of
    from flmparse.render.text import text

    gates = ",".join(gate or ["all"])
    parse_gates(gates)  # a gate or format that does not exist is said before anything is read
    refuse_bytes_on_a_terminal(format_of(format), output)
    answers = ask(read(collection, code_page, jobs, outputs=[output]), gates, profile, select, ignore, as_of)
    with working("putting the report together"):
        report = report_of(answers, author=author or "")
    if format == "text" and output == STDOUT:
        write(text(report, paint))
    else:
        from flmparse.render import pieces

        with writing(format, output):
            write(pieces(report, format), output)
    raise typer.Exit(exit_code((view.verdict for view in report.gates), fail_on or ()))
