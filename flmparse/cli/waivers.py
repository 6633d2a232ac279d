"""``flmparse waivers``: what became of each waiver of the manifest."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flmparse.cli import options
from flmparse.cli.asking import EXIT_NO_GO, ask, read
from flmparse.cli.output import STDOUT, write

if TYPE_CHECKING:
    from flmparse.render.shapes import WaiverRow
    from flmparse.waivers import WaiverUse

EXAMPLES = """\b
Examples:
  flmparse waivers captures/ --as-of 2012-06-01
  flmparse waivers captures/ --format json
"""


def waivers(
    collection: Annotated[str, typer.Argument(help="Folder, .zip or .tar.gz with the captures and migration.toml.")],
    format: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", "-f", help="How the list is written.")
    ] = "table",
    as_of: options.AsOf = None,
    profile: options.Profile = None,
    output: options.Output = STDOUT,
    code_page: options.CodePage = None,
) -> None:
    """List the waivers with what became of them; exits with 1 where one covers nothing (lapsed, unused, refused)."""
    from flmparse.render.shapes import WaiverRow
    from flmparse.render.tables import aligned, as_csv, from_records
    from flmparse.render.tables import as_json as json_of

    assessment = ask(read(collection, code_page, outputs=[output]), "all", profile, as_of=as_of)
    rows = [row(use) for use in assessment.waivers]
    table = from_records("waivers", rows, tuple(WaiverRow.__annotations__))
    if format == "json":
        write(json_of([], [table]), output)
    else:
        write(as_csv(table) if format == "csv" else aligned(table), output)
    if any(not use.covered for use in assessment.waivers):
        raise typer.Exit(EXIT_NO_GO)


def row(use: "WaiverUse") -> "WaiverRow":
    """Return a waiver as the list shows it."""
    waiver = use.waiver
    return {
        "line": waiver.line,
        "rule": waiver.rule,
        "subject": waiver.subject,
        "gates": ",".join(gate.word for gate in waiver.gates) or "all",
        "state": f"{use.state}{'; several subjects at every gate' if use.broad else ''}",
        "covers": use.covered,
        "expires": waiver.expires.isoformat() if waiver.expires else None,
        "owner": waiver.owner,
        "approved_by": waiver.approved_by,
        "ticket": waiver.ticket or None,
        "reason": waiver.reason,
    }
