"""When and at which gate outputs were captured: gates are intervals between steps, by the order of a log, else by time.

Folders, `#flm gate=` and ``[[capture]]`` are claims about that place; a log in which an output stands below a step that leads
further on outweighs them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flmparse.manifest import Manifest
from flmparse.output import Output
from flmparse.procedure import NODE_STEPS, STEP_OPENS, Gate
from flmparse.terms import file_key

COPY_RUNS = frozenset({"copyinprog", "copied", "copyonaccess"})
"""States of a pair after activate."""


def placed(outputs: list[Output], manifest: Manifest) -> list[Output]:
    """Return outputs with their gates and with a mark on times that contradict their log."""
    own_file = _own_pair_file(outputs, manifest)
    by_log: dict[str, list[Output]] = {}
    for output in outputs:
        by_log.setdefault(output.capture.name, []).append(output)
    logs = {name: _Place(own_file).walk(log) for name, log in by_log.items()}
    activated = {name for name, log in by_log.items() if any(_opens(output, own_file, "activate") for output in log)}
    in_order = [item for log in logs.values() for item in log]
    in_order.sort(key=lambda item: item.output.index)
    by_time = _gates_by_time([item.output for item in in_order], own_file)
    return _with_doubtful_times(
        [_with_gate(item, by_time, bool(activated - {item.output.capture.name})) for item in in_order],
        manifest.policy.clock_tolerance,
    )


@dataclass(frozen=True)
class _Placed:
    """An output with the gate to which the steps above it in its log led; ``step`` is the last of those on the arrays."""

    output: Output
    gate: Gate | None
    step: Output | None = None
    by_node: bool = False
    """Whether only a step of one node tells the gate: a later one of the arrays may have been taken elsewhere."""


@dataclass
class _Place:
    """How far the migration is, as one goes down a log or along a time line."""

    own_file: str | None
    gate: Gate | None = None
    step: Output | None = None
    by_node: bool = False
    activated: bool = False
    began_anew: bool = field(default=False)

    def walk(self, outputs: Iterable[Output]) -> list[_Placed]:
        """Return outputs in the order in which they were captured, each with its place."""
        result: list[_Placed] = []
        for output in outputs:
            was = self.gate
            self.take(output)
            if self.began_anew or (was is None and self.gate is Gate.CREATED):
                # Above create is prepare, and what was terminated before it was activated began anew.
                result = [replace(item, gate=Gate.PREPARE, step=None) for item in result]
                self.began_anew = False
            result.append(_Placed(output, self.gate, self.step, self.by_node))
        return result

    def take(self, output: Output) -> None:
        """Go on over one output."""
        if output.refused or _is_of_another_pair_file(output, self.own_file):
            return
        for operation in output.operations:
            if not output.succeeded:
                continue  # what came of it is not known: it ages what it can change, and leads nowhere
            if operation == "failback" and self.activated:
                self.gate, self.step, self.activated = Gate.READY, output, False
            elif operation == "create" and self.gate is Gate.TERMINATED and not self.activated:
                self.gate, self.step, self.began_anew = Gate.CREATED, output, True
            elif operation in STEP_OPENS:
                self._reach(STEP_OPENS[operation], output, on_node=operation in NODE_STEPS)
                self.activated = self.activated or operation == "activate"
        if self.gate is Gate.CREATED and _shows_masking(output):
            self._reach(Gate.MASKED, None)
        states = {str(state).lower() for state in output.reading.frames.column("session_pairs", "status") if state}
        if states & COPY_RUNS and output.screen == "symrcopy_query":
            self._reach(Gate.COPYING, None)
        if self.gate is Gate.COPYING and (states == {"copied"} or _says_copied(output)):
            self._reach(Gate.COPIED, None)

    def _reach(self, gate: Gate, step: Output | None, *, on_node: bool = False) -> None:
        if self.gate is None or gate > self.gate:
            self.gate, self.by_node = gate, on_node
            self.step = step if step is not None and not on_node else self.step


def _shows_masking(output: Output) -> bool:
    command = output.command
    typed = command is not None and command.tool == "symaccess" and command.has_words("create", "view")
    return typed or output.screen == "symaccess_show_view"


def _says_copied(output: Output) -> bool:
    frames = output.reading.frames
    verdicts = zip(
        frames.column("session_verdicts", "quantity"), frames.column("session_verdicts", "state"), strict=True
    )
    return any(quantity == "all" and str(state).lower() == "copied" for quantity, state in verdicts)


def _opens(output: Output, own_file: str | None, operation: str) -> bool:
    done = operation in output.operations and not output.refused
    return done and not _is_of_another_pair_file(output, own_file)


def _own_pair_file(outputs: list[Output], manifest: Manifest) -> str | None:
    """Return the name of the migration's pair file: from the manifest, else of the only one captured."""
    if manifest.pair_file:
        return file_key(manifest.pair_file)
    names = {file_key(output.capture.name) for output in outputs if output.screen == "pair_file"}
    return next(iter(names)) if len(names) == 1 else None


def _is_of_another_pair_file(output: Output, own_file: str | None) -> bool:
    command = output.command
    named = command.option("-f", "-file") if command is not None and command.tool == "symrcopy" else None
    return bool(named) and own_file is not None and file_key(str(named)) != own_file


def _gates_by_time(outputs: list[Output], own_file: str | None) -> dict[int, Gate]:
    """Return the gate of each output that has a time: that to which the steps before it led, on the arrays and on its node."""
    dated = sorted(
        ((output.time, output) for output in outputs if output.time is not None),
        key=lambda item: (item[0], item[1].index),
    )
    if not any(name in STEP_OPENS for _, output in dated for name in output.operations):
        return {}
    on_arrays, on_nodes = _Place(own_file), dict[str | None, _Place]()
    gates: dict[int, Gate] = {}
    for _, output in dated:
        on_node = on_nodes.setdefault(output.node, _Place(own_file))
        (on_arrays if NODE_STEPS.isdisjoint(output.operations) else on_node).take(output)
        if on_arrays.began_anew:
            gates = dict.fromkeys(gates, Gate.PREPARE)
            on_arrays.began_anew = False
            on_nodes.clear()
        reached = [gate for gate in (on_arrays.gate, on_node.gate) if gate is not None]
        gates[output.index] = max(reached, default=Gate.PREPARE)
    return gates


def _with_gate(item: _Placed, by_time: dict[int, Gate], activated_elsewhere: bool) -> Output:
    """Return an output with its gate: as claimed, unless its log shows a later one; else of its log, else of its time."""
    output, step = item.output, item.step
    if output.gate is not None:
        if (
            step is None
            or item.gate is None
            or item.gate <= output.gate
            or STEP_OPENS[step.operations[0]] <= output.gate
        ):
            return output
        problem = f"is filed at {output.gate.word} and stands below {step.operations[0]} (line {step.first_line})"
        return replace(output, gate=item.gate, claimed_gate=output.gate, contradiction=problem)
    if item.gate is not None and not item.by_node:
        return replace(output, gate=item.gate)
    if output.index in by_time:
        return replace(output, gate=by_time[output.index])
    if output.screen == "pair_file" and output.command is None:
        return replace(output, gate=Gate.PREPARE)  # the file as it lies on disk; create and all later steps read it
    # After a rescan alone nothing tells on which side of an activate in another log an output stands.
    return output if activated_elsewhere else replace(output, gate=item.gate)


def _with_doubtful_times(outputs: list[Output], tolerance: timedelta) -> list[Output]:
    """Return outputs with a mark on those that are dated before what stands above them in their log."""
    latest: dict[str, datetime] = {}
    marked = []
    for output in outputs:
        if output.time is not None:
            name = output.capture.name
            newest = max(output.time, latest.get(name, output.time))
            if newest - output.time > tolerance:
                output = replace(output, time_is_doubtful=True)
            latest[name] = newest
        marked.append(output)
    return marked
