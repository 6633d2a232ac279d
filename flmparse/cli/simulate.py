"""``flmparse simulate``: a migration that never happened, as the captures it would have left."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flmparse.cli.output import note, working, write
from flmparse.errors import FlmparseError, UsageError

if TYPE_CHECKING:
    from flmparse.simulation import Fault

EXAMPLES = """\b
Examples:
  flmparse simulate rehearsal --pairs 64 --nodes 4 --seed 7
  flmparse check rehearsal --gate all                        GO at every gate
  flmparse simulate --list-faults                            what can go wrong, and which rule says so
  flmparse simulate broken --fault F076 --gate copying
  flmparse simulate large --pairs 4096 --nodes 8 --ports 4   16 paths to each disk
"""


class Style(StrEnum):
    """How the hosts were reached, which shows in prompts and headlines."""

    CMD = "cmd"
    POWERSHELL = "powershell"
    PUTTY = "putty"
    SCRIPT = "script"


class Layout(StrEnum):
    """How the logs are kept."""

    GATES = "gates"
    HOSTS = "hosts"


def simulate(
    folder: Annotated[
        str | None, typer.Argument(metavar="DIR", help="Folder to write to; new or empty, unless --force.")
    ] = None,
    pairs: Annotated[int, typer.Option("--pairs", help="Pairs of source and target.")] = 8,
    nodes: Annotated[int, typer.Option("--nodes", help="Nodes of the cluster.")] = 2,
    hbas: Annotated[int, typer.Option("--hbas", help="Host bus adapters of each node.")] = 2,
    ports: Annotated[int, typer.Option("--ports", help="Front-end ports used on each array.")] = 2,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")] = 0,
    system: Annotated[str, typer.Option("--os", help="Windows of the nodes.")] = "Windows Server 2008 R2",
    gate: Annotated[str, typer.Option("--gate", help="Stop after this gate.")] = "cleaned",
    style: Annotated[Style, typer.Option("--style", help="Prompts and headlines of the logs.")] = Style.CMD,
    layout: Annotated[
        Layout, typer.Option("--layout", help="A file for each host and gate, or one log for each host.")
    ] = Layout.GATES,
    fault: Annotated[
        list[str] | None, typer.Option("--fault", metavar="ID", help="Let this go wrong; may be repeated.")
    ] = None,
    list_faults: Annotated[bool, typer.Option("--list-faults", help="List the faults and leave.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds something.")] = False,
) -> None:
    """Carry out a migration in a model and write the captures it would have left, with their manifest.

    For rehearsals and training: every array, host and number in it is made up. Without --fault, and with two adapters
    and two ports or more, it is GO at every gate.
    """
    from flmparse import simulation
    from flmparse.terms import Gate

    if list_faults:
        write(_listed(simulation.catalogue()))
        return
    if folder is None:
        raise UsageError("name a folder to write to, or ask for --list-faults")
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{folder} is no folder")
    if target.exists() and any(target.iterdir()) and not force:
        raise UsageError(f"{folder} is not empty; --force writes into it")
    shape = simulation.Shape(pairs=pairs, nodes=nodes, hbas=hbas, ports=ports, seed=seed, os=system)
    with working("simulating"):
        made = simulation.simulate(shape, fault or (), Gate.parse(gate))
        files, size = 0, 0
        for name, text in made.captures(style.value, layout.value):
            path = target / name
            _make(path.parent)
            data = text.encode("utf-8")
            write(data, str(path))
            files, size = files + 1, size + len(data)
    asked = "all" if Gate.parse(gate) is Gate.CLEANED else gate
    note(f"wrote {files} files, {size / 1e6:.1f} MB, to {folder}; next: flmparse check {folder} --gate {asked}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FlmparseError(f"{folder}: cannot be made ({error.strerror or error})") from None


def _listed(faults: "dict[str, Fault]") -> str:
    wide = max((len(name) for name in faults), default=0)
    return "".join(
        f"{name:<{wide}}  {item.gate.word:<10}  {item.rules[0]} {item.status:<12}  {item.title}\n"
        for name, item in faults.items()
    )
