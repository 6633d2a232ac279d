"""The captures still to take: every command that an open answer waits for, once, with where it is run and who waits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flmparse.commands import runs_on
from flmparse.findings import Status
from flmparse.render.wording import visible

if TYPE_CHECKING:
    from flmparse.render.views import GateView


@dataclass(frozen=True)
class Gap:
    """One capture to take: ``on`` is where it is run, ``required`` whether a gate waits for it, ``rules`` and ``gates`` who does."""

    command: str
    on: str
    required: bool
    gates: tuple[str, ...]
    rules: tuple[str, ...]


def gaps_of(gates: "Iterable[GateView]", filled: Callable[[str], str]) -> tuple[Gap, ...]:
    """Return the gaps of all gates, those that a gate waits for first, then by the gate that needs them first."""
    waiting: dict[str, list[tuple[str, str, bool]]] = {}
    for gate in gates:
        for view in gate.results:
            if view.status is Status.INCONCLUSIVE and view.waiver is None:
                for command in view.result.missing:
                    waiting.setdefault(filled(command), []).append((gate.word, view.rule, view.result.required))
    found = [
        Gap(
            visible(command),
            where(command),
            any(required for *_, required in told),
            tuple(dict.fromkeys(gate for gate, _, _ in told)),
            tuple(dict.fromkeys(rule for _, rule, _ in told)),
        )
        for command, told in waiting.items()
    ]
    return tuple(sorted(found, key=lambda gap: not gap.required))


def where(command: str) -> str:
    """Tell on which computer a command is run, or that the manifest answers it."""
    on = runs_on(command)
    if on:
        return on
    return "migration.toml" if command.startswith(("[", "the time of")) else "see the rule"
