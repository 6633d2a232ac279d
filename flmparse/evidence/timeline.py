"""What came before what: in one log by position, else by time, else by gate; where none of these tells, it stays unknown.

A time that would move an output past those above it in its log contradicts the log, and orders nothing.
"""

from collections.abc import Iterable
from datetime import timedelta

from flmparse.collection import Output
from flmparse.procedure import Gate, steps_before
from flmparse.terms import host_name


def opens_its_gate(output: Output) -> bool:
    """Whether the output is of the step that leads to the gate it was captured at."""
    return (
        output.gate is not None
        and not output.refused
        and not set(steps_before(output.gate)).isdisjoint(output.operations)
    )


def before(first: Output, second: Output) -> bool | None:
    """Whether ``first`` ran before ``second``; None where nothing tells."""
    if first.index == second.index:
        return False
    dated = first.time is not None and second.time is not None
    if first.capture is second.capture:
        by_log = first.index < second.index
        earlier, later = (first, second) if by_log else (second, first)
        if dated and earlier.time - later.time > first.clock_tolerance:  # type: ignore[operator]
            return None  # its log and its time contradict each other, and none of the two wins silently
        return by_log
    if first.is_assumed_newest != second.is_assumed_newest:
        return second.is_assumed_newest
    if dated and _differ(first, second) and not (first.time_is_doubtful or second.time_is_doubtful):
        if (first.latest or first.time) < second.time:  # type: ignore[operator]
            return True
        if (second.latest or second.time) < first.time:  # type: ignore[operator]
            return False
    if first.gate is None or second.gate is None:
        return None
    if first.gate != second.gate:
        return first.gate < second.gate
    if opens_its_gate(first) != opens_its_gate(second):
        return opens_its_gate(first)
    return None


def _differ(first: Output, second: Output) -> bool:
    """Whether two times tell an order: those of two computers do so only where they are further apart than clocks may be."""
    assert first.time is not None and second.time is not None
    same_clock = host_name(first.node or "") == host_name(second.node or "")
    apart = abs(first.time - second.time)
    return apart > (timedelta() if same_clock else first.clock_tolerance)


def ordered(outputs: Iterable[Output]) -> list[Output]:
    """Return outputs sorted by gate, time, then position. Where `before` says None this order proves nothing."""

    def sort_key(output: Output) -> tuple[int, bool, float, int]:
        gate = int(output.gate) if output.gate is not None else len(Gate)
        return (gate, not opens_its_gate(output), output.time.timestamp() if output.time else 0.0, output.index)

    by_gate = sorted(outputs, key=sort_key)
    if all(output.time is not None for output in by_gate):
        by_gate.sort(key=lambda output: (output.time, output.index))
    return by_gate


def newest(outputs: Iterable[Output]) -> list[Output]:
    """Return the outputs that none of the others is known to come after: one, or several whose order is unknown."""
    latest: list[Output] = []
    for output in outputs:
        latest = [other for other in latest if before(other, output) is not True]
        if not any(before(output, other) is True for other in latest):
            latest.append(output)
    return latest


def without_repeats(outputs: Iterable[Output]) -> list[Output]:
    """Return outputs without those that say the same as another one, line for line, of the same computer: they are one answer."""
    kept: dict[object, Output] = {}
    for output in outputs:
        command = output.command.text if output.command is not None else None
        kept.setdefault((output.screen, output.node, command, output.block.output), output)
    return list(kept.values())
