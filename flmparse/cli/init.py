"""``flmparse init``: a commented migration.toml, filled from captures as far as they go."""

from pathlib import Path
from typing import Annotated

import typer

from flmparse.cli import options
from flmparse.cli.asking import read, refuse_over
from flmparse.cli.output import STDOUT, note, write
from flmparse.errors import UsageError

EXAMPLES = """\b
Examples:
  flmparse init                                   a manifest with every key explained, on standard output
  flmparse init captures/ -o captures/migration.toml
  flmparse init win_flm -o migration.toml         arrays and name from the pair file alone
"""


def init(
    captures: Annotated[
        str | None, typer.Argument(help="Folder, archive or pair file to fill the manifest from.")
    ] = None,
    output: options.Output = STDOUT,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    code_page: options.CodePage = None,
) -> None:
    """Write a commented migration.toml: what captures cannot show (nodes, WWPNs, policy, waivers) is left for you to state."""
    from flmparse.render.manifest import manifest_text
    from flmparse.text.capture import MANIFEST_NAME

    if output != STDOUT and Path(output).exists() and not force:
        raise UsageError(f"{output} is there already; --force writes over it")
    collection = read(captures, code_page) if captures is not None else None
    if collection is not None and Path(output).name != MANIFEST_NAME:
        refuse_over(collection, [output])
    write(manifest_text(collection), output)
    if output != STDOUT:
        note(f"wrote {output}; state how many nodes there are, their names and WWPNs")
