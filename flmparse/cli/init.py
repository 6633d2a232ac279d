"""``flmparse init``: a commented migration.toml, filled from captures as far as they go."""

from dataclasses import replace
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
  flmparse init captures/ -o captures/migration.toml --update   when more was captured: what you wrote stays
  flmparse init win_flm -o migration.toml         arrays and name from the pair file alone
"""


def init(
    captures: Annotated[
        str | None, typer.Argument(help="Folder, archive or pair file to fill the manifest from.")
    ] = None,
    output: options.Output = STDOUT,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    update: Annotated[
        bool,
        typer.Option("--update", help="Keep every line of a file that is there, and add what captures show beyond it."),
    ] = False,
    code_page: options.CodePage = None,
) -> None:
    """Write a commented migration.toml: what captures cannot show (nodes, WWPNs, policy, waivers) is left for you to state.

    For captures of which nothing tells the node, the gate or the time it suggests [[capture]] stanzas, with its guess and why.
    """
    from flmparse import manifest
    from flmparse.render.manifest import manifest_text, updated_text
    from flmparse.text.capture import MANIFEST_NAME

    there = output != STDOUT and Path(output).exists()
    if update and (force or captures is None or not there):
        raise UsageError("--update needs captures and a file that is there (-o), and does not go with --force")
    if there and not (force or update):
        raise UsageError(f"{output} is there already; --update keeps what it states, --force writes over it")
    written = Path(output).read_bytes() if update else b""
    stated = manifest.parse(written, output)
    collection = read(captures, code_page) if captures is not None else None
    if collection is not None and Path(output).name != MANIFEST_NAME:
        refuse_over(collection, [output])
    if update and collection is not None:
        collection = replace(collection, manifest=stated)
        write(updated_text(written.decode("utf-8-sig"), collection), output)
    else:
        write(manifest_text(collection), output)
    if output != STDOUT:
        note(f"wrote {output}; state how many nodes there are, their names and WWPNs")
