"""The entries of a migration as files: one log per host and gate, with prompts, and the manifest."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, get_args

from flmparse.simulation.model import Migration
from flmparse.simulation.run_log import Entry
from flmparse.simulation.terminals import TERMINALS, bare_logs
from flmparse.toml import toml_value

Style = Literal[
    "cmd", "powershell", "putty", "script", "bracket", "dollar", "dollar-eu", "transcript", "bash-t", "csh", "w32tm", "remote", "psexec",
    "ssh",
]  # fmt: skip
"""How the hosts were reached, which shows in prompts and headers."""

STYLES: tuple[Style, ...] = get_args(Style)

Layout = Literal["gates", "hosts", "flat", "logs"]
"""A file for each host and gate, or one log for each host, with markers; without any, a log for each sitting or each host."""

LAYOUTS: tuple[Layout, ...] = get_args(Layout)

MANIFEST = "migration.toml"


def file_name(entry: Entry, layout: Layout) -> str:
    """Return the file that an entry goes to: one for each host and gate, or one log for each host."""
    name = entry.file or f"{entry.host}.txt"
    return f"{int(entry.gate)}-{entry.gate.word}/{name}" if layout == "gates" else name


def _iso(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}Z"


def _prompt(entry: Entry, style: Style, migration: Migration) -> str:
    """Return the prompt of an entry; the style of terminal decides that of the control host alone."""
    if entry.host == migration.control_host:
        return TERMINALS[style].prompt(entry.time, entry.host)
    if not migration.has_windows:
        return f"[root@{entry.host} ~]#"
    return "PS C:\\>" if entry.powershell or style == "powershell" else "C:\\>"


def _logged(entry: Entry, style: Style, migration: Migration, *, gate: bool) -> str:
    """Return an entry as its host's log shows it: marker, prompt and command, output, prompt."""
    prompt = _prompt(entry, style, migration)
    output = entry.output.strip("\n")
    body = f"\n{output}\n\n" if output else ""
    gate_word = f" gate={entry.gate.word}" if gate else ""
    return f"#flm node={entry.host}{gate_word} time={_iso(entry.time)}\n{prompt} {entry.command}\n{body}{prompt}\n"


def captures(
    migration: Migration, entries: Iterable[Entry], style: Style = "cmd", layout: Layout = "gates"
) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file, the manifest last."""
    entries = list(entries)
    if layout in ("flat", "logs"):
        logs = list(bare_logs(migration, entries, style, by_sitting=layout == "flat"))
        yield from logs
        yield MANIFEST, manifest(migration, (), layout, [name for name, _ in logs])
        return
    by_file: dict[str, list[Entry]] = {}
    for entry in entries:
        by_file.setdefault(file_name(entry, layout), []).append(entry)
    for name, logged in by_file.items():
        if logged[0].command is None:
            yield name, logged[0].output.rstrip("\n") + "\n"
            continue
        parts = [_logged(entry, style, migration, gate=layout == "hosts") for entry in logged]
        is_of_control_host = logged[0].host == migration.control_host
        head = TERMINALS[style].head(logged[0].time, logged[0].host) if is_of_control_host else ""
        yield name, head + "\n".join(parts)
    yield MANIFEST, manifest(migration, entries, layout, by_file)


HEAD = "# A simulated migration: `flmparse simulate` made up every name and number in it."

FILE_MARK = "# file: "


def files_of(manifest: str) -> list[str] | None:
    """Return the files that came with a manifest, or None where no simulation wrote it."""
    lines = manifest.splitlines()
    if HEAD not in lines:
        return None
    return [line.removeprefix(FILE_MARK) for line in lines if line.startswith(FILE_MARK)]


def manifest(migration: Migration, entries: Iterable[Entry], layout: Layout, names: Iterable[str]) -> str:
    """Return the manifest: arrays, cluster with its WWPNs, policy, and gate and time of files without a command.

    A comment names every file that comes with it, so that the next simulation can replace them.
    """
    lines = [
        HEAD,
        *(f"{FILE_MARK}{name}" for name in names),
        "[migration]",
        f"name = {toml_value(migration.name)}",
        f"pair_file = {toml_value(migration.pair_file)}",
        "",
        "[source]",
        f'symmetrix = "{migration.source.symmetrix}"',
        "",
        "[target]",
        f'symmetrix = "{migration.declared_target or migration.target.symmetrix}"',
        "",
        "[cluster]",
        f"node_count = {len(migration.nodes)}",
        f"os = {toml_value(migration.os)}",
        "",
    ]
    for node in migration.nodes:
        wwpns = [adapter.wwpn for adapter in node.adapters]
        lines += ["[[node]]", f"name = {toml_value(node.name)}", f"wwpns = {toml_value(wwpns)}", ""]
    if migration.policy:
        lines += ["[policy]", *(f"{key} = {toml_value(value)}" for key, value in migration.policy.items()), ""]
    for entry in entries:
        if entry.command is None:
            lines += ["[[capture]]", f"file = {toml_value(file_name(entry, layout))}"]
            lines += [f'gate = "{entry.gate.word}"', f"time = {_iso(entry.time)}", ""]
    return "\n".join(lines)
