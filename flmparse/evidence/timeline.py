"""What came before what: by time, else by place in the log, else by gate; what none of them tells stays unknown."""

from collections.abc import Iterable

from flmparse.collection import Output
from flmparse.procedure import Gate, steps_before


def opens_its_gate(output: Output) -> bool:
    """Whether the block is the step that leads to the gate it was captured at."""
    return output.gate is not None and not set(steps_before(output.gate)).isdisjoint(output.operations)


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


def ordered(blocks: Iterable[Output]) -> list[Output]:
    """Return blocks in the order in which they are told of: gate, time, then place. Where `before` says None this order proves nothing."""

    def place(output: Output) -> tuple[int, bool, float, int]:
        gate = int(output.gate) if output.gate is not None else len(Gate)
        return (gate, not opens_its_gate(output), output.time.timestamp() if output.time else 0.0, output.index)

    by_gate = sorted(blocks, key=place)
    if all(output.time is not None for output in by_gate):
        by_gate.sort(key=lambda output: (output.time, output.index))
    return by_gate


def newest(blocks: Iterable[Output]) -> list[Output]:
    """Return the blocks that none of the others is known to come after: one, or several whose order is unknown."""
    kept: list[Output] = []
    for output in blocks:
        kept = [other for other in kept if before(other, output) is not True]
        if not any(before(output, other) is True for other in kept):
            kept.append(output)
    return kept
