"""``flmparse report``: a document to hand to a change board."""

from typing import Annotated, Literal

import typer

from flmparse.cli import completion, options
from flmparse.cli.asking import ask, exit_code, read
from flmparse.cli.output import STDOUT, note, paint, refuse_bytes_on_a_terminal, working, write, writing
from flmparse.errors import UsageError
from flmparse.render.formats import all_formats, format_of

EXAMPLES = f"""\b
Examples:
  flmparse report readiness captures/
  flmparse report compliance captures/ -f html=report.html -f json=report.json
  flmparse report readiness captures/ -f md=- --profile strict
  flmparse report compliance captures/ --template house-style/
  flmparse report compliance captures/ -f xlsx=report.xlsx -f junit=out.xml -f sarif=- --author "A. Jones"

\b
Formats:
{options.formats_help()}

\b
Templates:
  --template DIR takes HTML and Markdown from a folder of your own. A file there replaces the one of the same name in flmparse's
  reports/ (report.html.j2, _board.html.j2, report.css, report.md.j2, ...); what it lacks is taken from flmparse. Templates are
  Jinja2, run in a sandbox; everything captured is escaped. One that is broken is told with file and line (exit 2).

\b
Exit codes: as for check.
"""


def report(
    kind: Annotated[
        Literal["readiness", "compliance"],
        typer.Argument(
            help="readiness: may we activate, may we terminate? compliance: was all of it done as prescribed?"
        ),
    ],
    collection: Annotated[str, typer.Argument(help="Folder, .zip or .tar.gz with the captures.")],
    format: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT[=FILE]",
            autocompletion=completion.formats,
            help=f"{', '.join(all_formats())} (see below), and where to; - is standard output. May be repeated.  "
            "[default: html=flmparse-<kind>.html]",
        ),
    ] = None,
    profile: options.Profile = None,
    fail_on: options.FailOn = None,
    as_of: options.AsOf = None,
    author: options.Author = None,
    template: Annotated[
        str | None,
        typer.Option(
            "--template", metavar="DIR", help="A folder of your own templates, looked into first (see below)."
        ),
    ] = None,
    code_page: options.CodePage = None,
    jobs: options.Jobs = None,
) -> None:
    """Write the readiness or the compliance report of a collection."""
    from flmparse.render import pieces
    from flmparse.render.context import report_of
    from flmparse.render.text import text

    targets = destinations(format or [f"html=flmparse-{kind}.html"])
    if template is not None:
        from flmparse.render.templates import check_templates

        if not {name for name, _ in targets} & {"html", "md"}:
            raise UsageError("--template: only html and md are made from templates, and neither is asked for")
        check_templates(template)
    captured = read(collection, code_page, jobs, outputs=[to for _, to in targets])
    answers = ask(captured, "all", profile, as_of=as_of)
    with working("putting the report together"):
        page = report_of(answers, kind, author=author or "", templates=template or "")
    for kind_of_file, to in targets:
        coloured = kind_of_file == "text" and to == STDOUT
        with writing(kind_of_file, to):
            write(text(page, paint) if coloured else pieces(page, kind_of_file), to)
        if to != STDOUT:
            note(f"{page.headline.sentence}; {page.title.lower()} written to {to}")
    raise typer.Exit(exit_code((view.verdict for view in page.gates), fail_on or ()))


def destinations(given: list[str]) -> list[tuple[str, str]]:
    """Return format and file of each ``html=report.html``; a format alone goes to standard output, which takes only one."""
    targets = []
    for text in given:
        name, _, to = text.partition("=")
        refuse_bytes_on_a_terminal(format_of(name), to or STDOUT)
        targets.append((name, to or STDOUT))
    files = [to for _, to in targets]
    for to in files:
        if files.count(to) > 1:
            raise UsageError(f"two formats cannot both be written to {'standard output' if to == STDOUT else to}")
    return targets
