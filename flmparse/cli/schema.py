"""``flmparse schema``: the JSON Schema of the manifest and of what other commands write as JSON. Reads no capture."""

from typing import Annotated

import typer

from flmparse.cli import options
from flmparse.cli.output import STDOUT, write

EXAMPLES = """\b
Examples:
  flmparse schema                                the schemas there are
  flmparse schema check -o check.schema.json     check -f json, report -f json
  flmparse schema parse                          every table with its columns, units and meanings
  flmparse schema manifest                       migration.toml, for editors that complete and check it
"""


def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Schema to print; without it, the list of them.")
    ] = None,
    output: options.Output = STDOUT,
) -> None:
    """Print the JSON Schema (draft 2020-12) of migration.toml, or of what check, report, parse and others write as JSON."""
    from flmparse.render import schemas
    from flmparse.render.records import to_json

    if name is None:
        width = max(map(len, schemas.SCHEMAS))
        lines = [f"{known:<{width}}  {about}" for known, (about, _) in schemas.SCHEMAS.items()]
        write("\n".join(lines) + "\n", output)
    else:
        write(to_json(schemas.schema(name), indent=2) + "\n", output)
