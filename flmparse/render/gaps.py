"""The captures still to take: every command that an open answer waits for, once, with where it is run and who waits."""

from collections.abc import Callable, Iterable

from flmparse.assessment import GateAssessment
from flmparse.collection import Collection
from flmparse.commands import not_captured, runs_on
from flmparse.evidence.no_gate import gate_of
from flmparse.findings import Status
from flmparse.procedure import STEP_OPENS
from flmparse.render.model import Gap
from flmparse.render.wording import visible, worst_first
from flmparse.screens import screen_named


def gaps_of(gates: Iterable[GateAssessment], filled: Callable[[str], str], collection: Collection) -> tuple[Gap, ...]:
    """Return the gaps of all gates, those that a gate waits for first, then by the gate that needs them first."""
    waiting: dict[str, list[tuple[str, str, bool]]] = {}
    for item in gates:
        lacking = [command for kind in _displays(item) for command in _to_do(kind, collection)]
        for command in dict.fromkeys(lacking):
            waiting.setdefault(filled(command), []).append((item.gate.word, "", True))
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
            tuple(dict.fromkeys(rule for _, rule, _ in answers if rule)),
        )
        for command, answers in waiting.items()
    ]
    return tuple(sorted(gaps, key=lambda gap: not gap.required))


def minimum_captures(item: GateAssessment, collection: Collection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the minimum captures that a gate misses: the displays by name, and sentences on the steps."""
    steps = [kind for kind in item.missing_captures if _step_of(kind, item)]
    displays = []
    for kind in _displays(item):
        files = _of_no_gate(kind, collection)
        captured = f" (captured in {', '.join(files)}, gate unknown)" if files else ""
        displays.append(visible(kind.replace("_", " ") + captured))
    return tuple(displays), tuple(not_captured(f"the log of {_step_of(kind, item)}") for kind in steps)


def _displays(item: GateAssessment) -> list[str]:
    return [kind for kind in item.missing_captures if not _step_of(kind, item)]


def _step_of(kind: str, item: GateAssessment) -> str:
    """Return the step to the gate whose output a kind of capture is; an empty string for a display."""
    shown = set(kind.split(" or "))
    opening = (step for step, screen in STEP_SCREENS.items() if screen in shown and STEP_OPENS[step] is item.gate)
    return next(opening, "")


def _of_no_gate(kind: str, collection: Collection) -> list[str]:
    """Return the files that hold a kind of capture of which the gate is not known."""
    shown = set(kind.split(" or "))
    outputs = (output for output in collection.outputs if output.screen in shown and output.gate is None)
    return list(dict.fromkeys(output.capture.name for output in outputs))


def _to_do(kind: str, collection: Collection) -> list[str]:
    """Return what brings a kind of capture: its gate, where it is captured, else its command."""
    files = _of_no_gate(kind, collection)
    return [gate_of(file) for file in files] or [_command_of(kind)]


def _command_of(kind: str) -> str:
    return screen_named(kind.split(" or ")[0]).tables[0].captured_by


STEP_SCREENS = {
    "create": "symrcopy_operation",
    "activate": "symrcopy_operation",
    "terminate": "symrcopy_operation",
    "rescan": "diskpart",
    "symmask remove": "symmask",
    "powermt remove": "powermt_remove",
}
"""The screens that show nothing but that a step was taken."""


def where(command: str) -> str:
    """Return on which computer a command is run, or that the manifest answers it."""
    on = runs_on(command)
    return on or ("migration.toml" if command.startswith(("[", "the time of", "the gate of")) else "see the rule")
