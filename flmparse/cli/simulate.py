"""``flmparse simulate``: a migration that never happened, as the captures it would have left."""

import contextlib
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
  flmparse simulate broken --fault F061 --fault F116 --force --layout hosts --style putty
  flmparse simulate ours --views 3 --thick 0.25 --metas 0.5 --equal-sizes 0 --digits 5 --fabrics 2 --ports 4
  flmparse simulate large --pairs 4096 --nodes 8 --ports 4   16 paths to each disk
"""


class Style(StrEnum):
    """How the hosts were reached, which shows in prompts and headers."""

    CMD = "cmd"
    POWERSHELL = "powershell"
    PUTTY = "putty"
    SCRIPT = "script"
    BRACKET = "bracket"
    DOLLAR = "dollar"
    DOLLAR_EU = "dollar-eu"
    TRANSCRIPT = "transcript"
    BASH_T = "bash-t"
    CSH = "csh"
    W32TM = "w32tm"
    REMOTE = "remote"
    PSEXEC = "psexec"
    SSH = "ssh"


class Layout(StrEnum):
    """How the logs are kept: with a file for each host and gate, or one for each host; without markers, for each sitting or host."""

    GATES = "gates"
    HOSTS = "hosts"
    FLAT = "flat"
    LOGS = "logs"


def simulate(
    folder: Annotated[
        str | None,
        typer.Argument(metavar="DIR", help="Folder to write to: new, empty, or with --force an earlier simulation."),
    ] = None,
    pairs: Annotated[int, typer.Option("--pairs", help="Pairs of source and target.")] = 8,
    nodes: Annotated[int, typer.Option("--nodes", help="Nodes of the cluster.")] = 2,
    hbas: Annotated[int, typer.Option("--hbas", help="Host bus adapters of each node.")] = 2,
    ports: Annotated[int, typer.Option("--ports", help="Front-end ports used on each array.")] = 2,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")] = 0,
    fabrics: Annotated[
        int | None,
        typer.Option("--fabrics", help="1 or 2; two with fewer than four ports on each array end in warnings."),
    ] = None,
    views: Annotated[int | None, typer.Option("--views", help="Masking views and storage groups.")] = None,
    thick: Annotated[
        float | None,
        typer.Option("--thick", metavar="SHARE", help="Share of thick targets."),
    ] = None,
    metas: Annotated[
        float | None,
        typer.Option("--metas", metavar="SHARE", help="Share of meta devices."),
    ] = None,
    equal_sizes: Annotated[
        float | None,
        typer.Option(
            "--equal-sizes", metavar="SHARE", help="Share of targets as large as their source; the others are larger."
        ),
    ] = None,
    digits: Annotated[
        int | None,
        typer.Option("--digits", help="Digits of the target's devices: 4 or 5."),
    ] = None,
    source_track_kb: Annotated[
        int | None,
        typer.Option("--source-track-kb", help="64, or 32 for a source at Enginuity 5671."),
    ] = None,
    unrelated: Annotated[
        bool | None,
        typer.Option(
            "--unrelated/--no-unrelated", help="Whether nodes also see arrays that have nothing to do with it."
        ),
    ] = None,
    system: Annotated[
        str,
        typer.Option(
            "--os",
            help="Windows of the nodes; or AIX, HP-UX, Linux, Solaris with PowerPath alone: the rules are about Windows "
            "clusters, so such a migration is never GO as a whole.",
        ),
    ] = "Windows Server 2008 R2",
    gate: Annotated[str, typer.Option("--gate", help="Stop after this gate.")] = "cleaned",
    style: Annotated[Style, typer.Option("--style", help="Prompts and headlines of the logs.")] = Style.CMD,
    layout: Annotated[
        Layout,
        typer.Option(
            "--layout",
            help="A file for each host and gate, one log for each host; or without folders and markers, as terminals log: flat "
            "for each sitting, logs for each host.",
        ),
    ] = Layout.GATES,
    fault: Annotated[
        list[str] | None, typer.Option("--fault", metavar="ID", help="Let this go wrong; may be repeated.")
    ] = None,
    list_faults: Annotated[bool, typer.Option("--list-faults", help="List the faults and leave.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an earlier simulation in the folder; other files stay.")
    ] = False,
) -> None:
    """Carry out a migration in a model and write the captures it would have left, with their manifest.

    For rehearsals and training: every array, host and number in it is made up. Without --fault, and with two adapters
    and two ports or more, it is GO at every gate. What an option leaves open is drawn from the seed.
    """
    from flmparse import simulation
    from flmparse.procedure import Gate

    if list_faults:
        write(_listed(simulation.catalogue()))
        return
    if folder is None:
        raise UsageError("name a folder to write to, or ask for --list-faults")
    known = {name.lower(): name for name in (*simulation.SYSTEMS, *simulation.OTHER_SYSTEMS)}
    system = known.get(system.lower(), system)
    target = Path(folder)
    earlier = _earlier(target, force=force)
    shape = simulation.Shape(
        pairs=pairs, nodes=nodes, hbas=hbas, ports=ports, seed=seed, os=system, fabrics=fabrics, views=views, thick=thick,
        metas=metas, equal_sizes=equal_sizes, digits=digits, source_track_kb=source_track_kb, unrelated=unrelated,
    )  # fmt: skip
    with working("simulating"):
        made = simulation.simulate(shape, fault or (), Gate.parse(gate))
        _remove(target, earlier)
        files, size = 0, 0
        for name, text in made.captures(style.value, layout.value):
            path = target / name
            _make(path.parent)
            data = text.encode("utf-8")
            write(data, str(path))
            files, size = files + 1, size + len(data)
    asked = "all" if Gate.parse(gate) is Gate.CLEANED else gate
    note(f"wrote {files} files, {size / 1e6:.1f} MB, to {folder}; next: flmparse check {folder} --gate {asked}")


def _earlier(folder: Path, *, force: bool) -> list[str]:
    """Return the files of an earlier simulation in a folder; raises UsageError where it holds anything else alone."""
    from flmparse import simulation
    from flmparse.text import capture

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    if not folder.exists() or not any(folder.iterdir()):
        return []
    manifest = folder / simulation.MANIFEST
    manifest_bytes = capture.read(manifest).manifest if manifest.is_file() else None
    files = simulation.files_of(manifest_bytes.decode("utf-8", "replace")) if manifest_bytes is not None else None
    if files is None:
        raise UsageError(f"{folder} holds files that no simulation wrote; name a new folder")
    if not force:
        raise UsageError(f"{folder} is not empty; --force replaces the simulation in it")
    return [*files, simulation.MANIFEST]


def _remove(folder: Path, names: list[str]) -> None:
    """Remove files of an earlier simulation and the folders that they leave empty; nothing outside, whatever the names say."""
    root = folder.resolve()
    for name in names:
        path = folder / name
        if not path.parent.resolve().is_relative_to(root) or not path.is_file():
            continue
        try:
            path.unlink()
        except OSError as error:
            raise FlmparseError(f"{path}: cannot be removed ({error.strerror or error})") from None
        if path.parent.resolve() != root:
            with contextlib.suppress(OSError):
                path.parent.rmdir()


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
