"""What came before what: by time, else by place in the log, else by gate; what none of them tells stays unknown."""

from collections.abc import Iterable

from flmparse.collection import ReadBlock
from flmparse.terms import Gate

_OPENERS: dict[Gate, frozenset[str]] = {
    Gate.CREATED: frozenset({"create"}),
    Gate.MASKED: frozenset({"mask"}),
    Gate.READY: frozenset({"rescan"}),
    Gate.COPYING: frozenset({"activate"}),
    Gate.TERMINATED: frozenset({"terminate"}),
    Gate.UNMASKED: frozenset({"symmask remove", "symmask refresh"}),
    Gate.CLEANED: frozenset({"rescan", "powermt remove"}),
}
"""The steps that lead to a gate. What else was captured at that gate was captured after them."""


def operations_of(read: ReadBlock) -> tuple[str, ...]:
    """Return the names of the operations that a block reports."""
    return read.operations


def opens_its_gate(read: ReadBlock) -> bool:
    """Whether the block is the step that leads to the gate it was captured at."""
    return read.gate is not None and not _OPENERS.get(read.gate, frozenset()).isdisjoint(operations_of(read))


def before(first: ReadBlock, second: ReadBlock) -> bool | None:
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


def ordered(blocks: Iterable[ReadBlock]) -> list[ReadBlock]:
    """Return blocks in the order in which they are told of: gate, time, then place. Where `before` says None this order proves nothing."""

    def place(read: ReadBlock) -> tuple[int, bool, float, int]:
        gate = int(read.gate) if read.gate is not None else len(Gate)
        return (gate, not opens_its_gate(read), read.time.timestamp() if read.time else 0.0, read.index)

    by_gate = sorted(blocks, key=place)
    if all(read.time is not None for read in by_gate):
        by_gate.sort(key=lambda read: (read.time, read.index))
    return by_gate


def newest(blocks: Iterable[ReadBlock]) -> list[ReadBlock]:
    """Return the blocks that none of the others is known to come after: one, or several whose order is unknown."""
    kept: list[ReadBlock] = []
    for read in blocks:
        kept = [other for other in kept if before(other, read) is not True]
        if not any(before(read, other) is True for other in kept):
            kept.append(read)
    return kept
