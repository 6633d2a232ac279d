"""What came before what: by time, else by position in the log, else by gate; where none of these tells, it stays unknown."""

from collections.abc import Iterable

from flmparse.collection import Output
from flmparse.procedure import Gate, steps_before


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
    if first.time is not None and second.time is not None and first.time != second.time:
        return first.time < second.time
    if first.capture is second.capture:
        return first.index < second.index
    if first.gate is None or second.gate is None:
        return None
    if first.gate != second.gate:
        return first.gate < second.gate
    if opens_its_gate(first) != opens_its_gate(second):
        return opens_its_gate(first)
    return None


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
