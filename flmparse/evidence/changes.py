"""What changed something: commands outside the procedure, with what older answers prove nothing after them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flmparse import commands
from flmparse.collection import Output
from flmparse.evidence.computers import is_elsewhere
from flmparse.procedure import EFFECTS, Effect
from flmparse.screens import Status
from flmparse.terms import is_array_port

_UNDOES = "undoes "

_OF_ANOTHER_COMPUTER = frozenset({"-computername", "-cn", "-computer", "-cluster", "/m"})
"""Options of Windows commands that name the computer on which something is done."""


_DISKPART_VERB = re.compile(r"[ \t]*DISKPART>[ \t]*(([a-z]+)[^\n]*)", re.I)
_DISKPART_DID = re.compile(r"[ \t]*DiskPart (?:succeeded in |successfully )", re.I)
"""What DiskPart says of every change that it made (https://learn.microsoft.com, DiskPart); a rescan it calls finished."""


@dataclass(frozen=True)
class Change:
    """One change that an output shows: what was typed, and what it changes."""

    output: Output
    typed: str
    effect: str

    @property
    def undoes(self) -> str:
        """The step of the procedure that it takes back, or an empty string."""
        return self.effect.removeprefix(_UNDOES) if self.effect.startswith(_UNDOES) else ""

    @cached_property
    def effects(self) -> dict[str, Effect]:
        """What it can have changed, by name; a change of unknown effect anything."""
        if self.undoes:
            return {"session": EFFECTS["session"], "paths": EFFECTS["paths"]} if self.undoes == "activate" else {}
        return EFFECTS if self.effect == commands.UNKNOWN_EFFECT else {self.effect: EFFECTS[self.effect]}

    def ages(self, table: str, output: Output) -> bool:
        """Whether older rows of a table prove nothing after it, where they are of this output."""
        return any(
            table in effect.ages
            and not (effect.on_node and self.is_on_its_computer and is_elsewhere(self.output, output))
            for effect in self.effects.values()
        )

    @property
    def is_on_its_computer(self) -> bool:
        """Whether it is known to have been done on the computer on which it was typed."""
        command = self.output.command
        if command is None:
            return True
        words = {*map(str.lower, command.words), *command.options}
        return not commands.runs_elsewhere(command) and words.isdisjoint(_OF_ANOTHER_COMPUTER)


def changes_of(output: Output) -> Iterator[Change]:
    """Yield each change that an output shows, the steps of the procedure aside; what was refused changed nothing."""
    if output.refused or output.status is Status.TOOL_ERROR:
        return
    called = output.command is not None and "diskpart" in output.command.text.lower()
    typed = list(_typed_at_diskpart(output)) if called or output.screen == "diskpart" else []
    typed += commands.effects_of(output.command) if output.command is not None else ()
    yield from (Change(output, words, effect) for words, effect in typed if effect != commands.NO_EFFECT)


def _typed_at_diskpart(output: Output) -> Iterator[tuple[str, str]]:
    """Yield what was typed at the prompt of DiskPart, or what a script of it reports as done, with what it changes."""
    for line in output.capture.lines[output.block.line_start - 1 : output.block.line_end]:
        verb = _DISKPART_VERB.match(line)
        if verb is not None:
            single = commands.parse(f"diskpart {commands.verb_in_full('diskpart', verb[2].lower())}")
            yield from ((verb[1].strip(), effect) for _, effect in commands.effects_of(single))
        elif _DISKPART_DID.match(line):
            yield line.strip(), "disks"


def takes_from_arrays_alone(step: Output) -> bool:
    """Whether a `symmask remove` takes devices from ports of arrays alone (Open Replicator's own): no node sees a path less."""
    changes = step.reading.frames.get("mask_changes")
    initiators = [] if changes is None else changes["wwn"].tolist()
    return bool(initiators) and all(isinstance(wwn, str) and is_array_port(wwn) for wwn in initiators)
