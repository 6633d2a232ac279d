"""What `flmparse init` suggests for captures that do not say whose they are, of which gate, or of when: `[[capture]]` stanzas, with why.

Everything is a comment: a person decides. Where nothing can be guessed the value is left open, so that a line that is taken over
without a value is refused.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from flmparse import claims, commands
from flmparse.collection import Output
from flmparse.evidence.computers import computer_of, nodes_of
from flmparse.procedure import Gate
from flmparse.render.wording import visible
from flmparse.tables import table_named
from flmparse.terms import host_name
from flmparse.toml import toml_value

if TYPE_CHECKING:
    from flmparse.collection import Collection

MOST_LISTED = 20
"""So many outputs of a stanza are listed, to divide it by."""

ALIKE = 3
"""From so many files on that lack the same, one pattern names them."""


@dataclass(frozen=True)
class Seen:
    """A node that captures show: its name, its WWPNs as far as aliases name them, and which captures do."""

    name: str
    wwpns: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def nodes_seen(collection: "Collection") -> list[Seen]:
    """Return the nodes on which outputs were captured, that the cluster lists, or that aliases of initiators name."""
    names = {host_name(name): name for name in sorted(nodes_of(collection.outputs))}
    for name in collection.frames["cluster_nodes"]["name"].dropna().unique():
        names.setdefault(host_name(str(name)), str(name))
    wwpns: dict[str, dict[str, str]] = {}
    for name, wwn, place in _initiators(collection):
        if host_name(name) in names:
            wwpns.setdefault(host_name(name), {}).setdefault(wwn, place)
    return [
        Seen(name, tuple(wwpns.get(key, ())), tuple(dict.fromkeys(wwpns.get(key, {}).values())))
        for key, name in sorted(names.items())
    ]


def unnamed_initiators(collection: "Collection") -> dict[str, str]:
    """Return the WWPNs in views and logins that no alias gives to a node that was seen, with where they stand."""
    named = {wwpn for node in nodes_seen(collection) for wwpn in node.wwpns}
    stated = collection.manifest.wwpns
    return {wwn: place for _, wwn, place in _initiators(collection) if wwn not in named and wwn not in stated}


def _initiators(collection: "Collection") -> Iterator[tuple[str, str, str]]:
    """Yield the node that an alias names (its part before the port), the WWPN, and where it stands."""
    for table, alias in (("view_initiators", "alias"), ("initiator_group_members", "alias"), ("logins", "node_name")):
        frame = collection.frames[table]
        columns = (frame[alias], frame["wwn"], frame["capture"], frame["line"])
        for name, wwn, capture, line in zip(*(column.tolist() for column in columns), strict=True):
            if isinstance(wwn, str):
                node = re.split(r"[/\\]", name)[0] if isinstance(name, str) else ""
                yield node, wwn, f"{visible(capture)}:{line}"


Key = tuple[str, str | None, str]
"""A key of a stanza, its value (None: nothing tells), and why."""


@dataclass(frozen=True)
class Suggestion:
    """A `[[capture]]` stanza: the file or pattern, its lines, and its keys."""

    file: str
    lines: str
    keys: tuple[Key, ...]
    holds: tuple[tuple[int, str], ...] = ()
    """The outputs in it: their lines and commands."""

    def text(self) -> list[str]:
        """Return the stanza as commented lines of TOML."""
        stanza = ["# [[capture]]", f"# file = {toml_value(self.file)}"]
        stanza += [f"# lines = {toml_value(self.lines)}"] if self.lines else []
        for key, value, why in self.keys:
            stanza.append(f"# {key} = {toml_value(value) if value is not None else ''}".ljust(37) + f" # {why}")
        return [*stanza, *self._contents()]

    def _contents(self) -> list[str]:
        """Return comments that say where what begins, for a stanza that has to be divided."""
        if len(self.holds) < 2 or all(value is not None for _, value, _ in self.keys):
            return []
        listed = [f"line {line}: {visible(typed)}" for line, typed in self.holds[:MOST_LISTED]]
        more = len(self.holds) - len(listed)
        return [*(f"#   {text}" for text in listed), *([f"#   and {more} more"] if more else [])]


def suggestions(collection: "Collection") -> list[Suggestion]:
    """Return a stanza for each run of outputs that lack node, gate or time, files that lack the same under one pattern."""
    found: list[Suggestion] = []
    by_file: dict[str, list[Output]] = {}
    for output in collection.outputs:
        by_file.setdefault(output.capture.name, []).append(output)
    nodes = [node.name for node in nodes_seen(collection)]
    for name, outputs in by_file.items():
        found += _of_file(name, outputs, nodes)
    return _under_patterns(found, {capture.name for capture in collection.captures})


def _of_file(name: str, outputs: list[Output], nodes: list[str]) -> list[Suggestion]:
    node = _guessed_node(name, nodes)
    of_evidence = [output for output in outputs if _is_evidence(output)]
    lacking = [(_lacking(position, of_evidence), computer_of(output)) for position, output in enumerate(of_evidence)]
    found = []
    runs = [list(run) for _, run in groupby(range(len(of_evidence)), key=lambda position: lacking[position])]
    for run in runs:
        keys, computer = lacking[run[0]]
        held = [of_evidence[position] for position in run]
        if computer is None and any(map(_depends_on_its_node, held)):
            keys = (("node", *node), *keys)
        if keys:
            holds = tuple((o.first_line, o.command.text if o.command else str(o.screen)) for o in held)
            lines = "" if len(runs) == 1 else f"{held[0].first_line}-{held[-1].block.line_end}"
            found.append(Suggestion(name, lines, keys, holds))
    return found


def _is_evidence(output: Output) -> bool:
    known = output.command is not None and output.command.tool in commands.tools()
    return (output.screen is not None or known) and not (output.screen == "pair_file" and output.command is None)


def _depends_on_its_node(output: Output) -> bool:
    return any("node" in table_named(table).scope for table in output.reading.frames)


def _lacking(position: int, outputs: list[Output]) -> tuple[Key, ...]:
    """Return gate and time where an output lacks them, each with a guess and why."""
    output = outputs[position]
    gate = (("gate", *_guessed_gate(position, outputs)),) if output.gate is None else ()
    when = "when? nothing in the log tells; written as 2012-05-26T08:10:00Z"
    return (*gate, ("time", None, when)) if output.time is None else gate


def _guessed_node(name: str, nodes: Iterable[str]) -> tuple[str | None, str]:
    words = [*PurePosixPath(name).parts[:-1], *re.split(r"[-_. ()]+", PurePosixPath(name).stem)]
    for node in nodes:
        if host_name(node) in map(host_name, words):
            return node, "by the name of the file"
    return None, 'whose? neither file nor log names a computer; "se-host" is the Solutions Enabler host'


def _guessed_gate(position: int, outputs: list[Output]) -> tuple[str | None, str]:
    above = next((output for output in reversed(outputs[:position]) if output.gate is not None), None)
    below = next((output for output in outputs[position + 1 :] if output.gate is not None), None)
    words = re.split(r"[^a-z]+", outputs[position].capture.name.lower())
    named = next((gate for gate in Gate if gate.word in words), None)
    if named is not None:
        return named.word, "by the name of the file"
    if above is not None and below is not None and above.gate is below.gate and above.gate is not None:
        return above.gate.word, f"between lines {above.first_line} and {below.first_line} of this gate"
    between = [
        f"{where} line {output.first_line} ({output.gate.word})"
        for where, output in (("below", above), ("above", below))
        if output is not None and output.gate is not None
    ]
    return None, f"which? {' and '.join(between) or 'nothing in this log tells'}"


def _under_patterns(found: list[Suggestion], names: set[str]) -> list[Suggestion]:
    """Return the suggestions with files that lack the same put under one pattern, where it names no other file."""
    alike: dict[tuple[str, object], list[Suggestion]] = {}
    for item in found:
        folder = str(PurePosixPath(item.file).parent)
        if not item.lines:
            alike.setdefault((folder, item.keys), []).append(item)
    put: dict[str, Suggestion] = {}
    for (folder, _), items in alike.items():
        pattern = _pattern([PurePosixPath(item.file).name for item in items])
        pattern = pattern if folder == "." else f"{folder}/{pattern}"
        covered = {name for name in names if claims.names(pattern, name)}
        if len(items) >= ALIKE and covered == {item.file for item in items}:
            put |= {item.file: replace(items[0], file=pattern, holds=()) for item in items}
    return list(dict.fromkeys(put.get(item.file, item) if not item.lines else item for item in found))


def _pattern(names: list[str]) -> str:
    first, last = min(names), max(names)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    suffixes = {PurePosixPath(name).suffix for name in names}
    return first[:length] + "*" + (suffixes.pop() if len(suffixes) == 1 else "")
