"""The commands and files of a simulated migration, in the order in which they were run and made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flmparse.procedure import Gate
from flmparse.simulation.model import Migration


@dataclass(frozen=True)
class Entry:
    """One command with its output, or a file that no command printed (``command`` is None)."""

    gate: Gate
    host: str
    time: datetime
    command: str | None
    output: str
    powershell: bool = False
    file: str = ""

    def with_output(self, old: str, new: str) -> "Entry":
        """Return this entry with a piece of its output replaced."""
        return replace(self, output=self.output.replace(old, new))


Change = Callable[[Migration], None]
Edit = Callable[[Migration, list[Entry]], list[Entry]]


class RunLog:
    """Collects the entries, keeps the clock, and applies faults at their moments."""

    def __init__(
        self,
        migration: Migration,
        changes: Iterable[tuple[str, Change]] = (),
        edits: Iterable[tuple[Gate, Edit]] = (),
    ) -> None:
        self.migration = migration
        self.now = migration.start
        self.gate = Gate.PREPARE
        self.entries: list[Entry] = []
        self._changes = list(changes)
        self._edits = list(edits)

    def apply_faults(self, moment: str) -> None:
        """Apply the faults of a moment: the start, or a gate once its step was taken."""
        for when, change in self._changes:
            if when == moment:
                change(self.migration)

    def wait(self, minutes: float) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    def on_control_host(self, command: str, output: str = "") -> None:
        """Run a command on the host of Solutions Enabler."""
        self._run(self.migration.control_host, command, output)

    def on_node(self, node: str, command: str, output: str = "", seconds: int = 30) -> None:
        """Run a command at the command prompt of a node."""
        self._run(node, command, output, seconds=seconds)

    def in_powershell(self, node: str, command: str, output: str = "") -> None:
        """Run a command in the PowerShell of a node."""
        self._run(node, command, output, powershell=True)

    def file(self, name: str, text: str) -> None:
        """Add a file that no command printed."""
        self.entries.append(Entry(self.gate, "", self.now, None, text, file=name))

    def _run(self, host: str, command: str, output: str, *, powershell: bool = False, seconds: int = 30) -> None:
        self.entries.append(Entry(self.gate, host, self.now, command, output, powershell))
        self.wait(seconds / 60)

    def finish(self) -> list[Entry]:
        """Return the entries after the edits of faults that spoil evidence."""
        entries = self.entries
        for gate, edit in self._edits:
            at_gate = [entry for entry in entries if entry.gate is gate]
            edited = edit(self.migration, at_gate)
            first = next((index for index, entry in enumerate(entries) if entry.gate is gate), len(entries))
            others = [entry for entry in entries if entry.gate is not gate]
            entries = [*others[:first], *edited, *others[first:]]
        return entries
