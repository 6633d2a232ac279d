"""What was run where and when: the entries of a simulated migration, in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flmparse.procedure import Gate
from flmparse.simulation.model import Migration


@dataclass(frozen=True)
class Entry:
    """One command with its output, or a file that is no command's (``command`` is None)."""

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


class Journal:
    """Collects the entries, keeps the clock, and lets faults happen at their moments."""

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

    def moment(self, name: str) -> None:
        """Let the faults of a moment happen: the start, or a gate once its step was taken."""
        for when, change in self._changes:
            if when == name:
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
        """Keep a file that no command printed."""
        self.entries.append(Entry(self.gate, "", self.now, None, text, file=name))

    def _run(self, host: str, command: str, output: str, *, powershell: bool = False, seconds: int = 30) -> None:
        self.entries.append(Entry(self.gate, host, self.now, command, output, powershell))
        self.wait(seconds / 60)

    def finish(self) -> list[Entry]:
        """Return the entries, with the evidence spoilt that faults spoil."""
        entries = self.entries
        for gate, edit in self._edits:
            mine = [entry for entry in entries if entry.gate is gate]
            changed = edit(self.migration, mine)
            first = next((place for place, entry in enumerate(entries) if entry.gate is gate), len(entries))
            others = [entry for entry in entries if entry.gate is not gate]
            entries = [*others[:first], *changed, *others[first:]]
        return entries
