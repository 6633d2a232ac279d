"""The captures still to take: every command that an open answer waits for, once, with where it is run and who waits."""

from collections.abc import Callable, Iterable

from flmparse.assessment import GateAssessment
from flmparse.commands import runs_on
from flmparse.findings import Status
from flmparse.render.model import Gap
from flmparse.render.wording import visible, worst_first


def gaps_of(gates: Iterable[GateAssessment], filled: Callable[[str], str]) -> tuple[Gap, ...]:
    """Return the gaps of all gates, those that a gate waits for first, then by the gate that needs them first."""
    waiting: dict[str, list[tuple[str, str, bool]]] = {}
    for item in gates:
        for result in sorted(item.results, key=worst_first):
            if result.status is Status.INCONCLUSIVE and result.waiver is None:
                for command in result.missing:
                    waiting.setdefault(filled(command), []).append((item.gate.word, result.rule, result.required))
    gaps = [
        Gap(
            visible(command),
            where(command),
            any(required for *_, required in answers),
            tuple(dict.fromkeys(gate for gate, _, _ in answers)),
            tuple(dict.fromkeys(rule for _, rule, _ in answers)),
        )
        for command, answers in waiting.items()
    ]
    return tuple(sorted(gaps, key=lambda gap: not gap.required))


def where(command: str) -> str:
    """Return on which computer a command is run, or that the manifest answers it."""
    on = runs_on(command)
    return on or ("migration.toml" if command.startswith(("[", "the time of")) else "see the rule")
