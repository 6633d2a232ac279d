"""The frames of one collection as one migration, and what of them stands at a gate.

`Migration` knows pairs, arrays, the order of the steps and which rows are the newest. `GateEvidence` is what stands when one asks
"may we go on?" at a gate: everything captured up to it, of each thing the newest output, nothing made stale by a later step.
What a rule has read of it is recorded by `flmparse.evidence.reader`.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

from flmparse.collection import Collection, Output
from flmparse.columns.selection import in_blocks, in_newest_blocks, where
from flmparse.commands import change_named, not_captured
from flmparse.evidence.answer import Answer, Authority
from flmparse.evidence.changes import Change, changes_of, takes_from_arrays_alone
from flmparse.evidence.computers import computer_of, is_elsewhere, same_computer
from flmparse.evidence.narrowed import with_narrowed
from flmparse.evidence.no_gate import answers_of_no_gate
from flmparse.evidence.pair_file_names import PairFileName, pair_file_doubt, pair_file_name, pair_file_of
from flmparse.evidence.timeline import before, newest, ordered, without_repeats
from flmparse.findings import UNNAMED_NODE
from flmparse.lazy import pd
from flmparse.manifest import Manifest, Policy
from flmparse.procedure import NODE_STEPS, PATH_TABLES, SESSION_TABLES, STEP_OPENS, Gate, steps_that_age
from flmparse.tables import Table, table_named
from flmparse.terms import file_key, file_stem

T = TypeVar("T")


class MissingEvidence(Exception):  # noqa: N818 - no mistake of anybody: an answer that cannot be given yet
    """Evidence that is not there, or proves nothing any more. ``captures`` are the commands that would bring it."""

    def __init__(self, message: str, *captures: str) -> None:
        changes = [wanted for wanted in captures if change_named(wanted)]
        if changes and message.startswith("not captured:"):
            message = not_captured(changes[0])
        super().__init__(message)
        self.message, self.captures = message, captures


class Migration:
    """A collection seen as the migration it documents."""

    def __init__(self, collection: Collection, profile: str | None = None) -> None:
        self.collection = collection
        self.profile = profile or collection.manifest.policy.profile
        self.manifest: Manifest = collection.manifest
        self.policy: Policy = collection.manifest.policy
        self._standing: dict[Gate, GateEvidence] = {}
        self._known: dict[object, tuple[Any, tuple[Any, ...]]] = {}

    @cached_property
    def pair_file_name(self) -> str | None:
        """The ``-f`` name of the migration's pair file: from the manifest, else of the only pair file captured."""
        if self.manifest.pair_file:
            return self.manifest.pair_file
        names = {
            file_key(output.capture.name): file_stem(output.capture.name)
            for output in self.collection.outputs
            if output.screen == "pair_file"
        }
        return next(iter(names.values())) if len(names) == 1 else None

    @cached_property
    def pair_file_doubt(self) -> str:
        """Why it is not clear which pair file is the migration's, and what to do; an empty string where it is."""
        return pair_file_doubt(self.collection.outputs, self.manifest)

    @cached_property
    def pair_file(self) -> PairFileName | None:
        """The migration's pair file as create names it, else the first command that names one of that name."""
        wanted = file_key(self.pair_file_name) if self.pair_file_name else None
        commands = [
            output for output in self.collection.outputs if output.command and output.command.tool == "symrcopy"
        ]
        for output in sorted(commands, key=lambda output: "create" not in output.operations or output.refused):
            named = pair_file_of(output)
            if named is not None and named.name == wanted:
                return named
        return pair_file_name(self.pair_file_name) if self.pair_file_name else None

    def is_of_pair_file(self, output: Output) -> bool | None:
        """Whether the command above an output names the migration's pair file; None where it names none or nothing tells."""
        named = pair_file_of(output)
        return named.same_as(self.pair_file) if named is not None and self.pair_file is not None else None

    @cached_property
    def pair_file_blocks(self) -> list[Output]:
        """The captures of the migration's own pair file."""
        files = [output for output in self.collection.outputs if output.screen == "pair_file"]
        named = [output for output in files if file_key(output.capture.name) == file_key(self.pair_file_name or "")]
        return named or (files if len({output.capture.name for output in files}) == 1 else [])

    @cached_property
    def pairs(self) -> "pd.DataFrame":
        """The pairs of the migration's pair file, in its order, with ``pair`` = ``0328 <- 0720`` to name them by.

        ``target_name`` and ``source_name`` name the devices in messages: a source may have a WWN and no number.
        """
        frame = self.collection.frames["pairs"]
        blocks = [output.index for output in newest(self.pair_file_blocks)]
        pairs = where(frame, frame["block"].isin(blocks)).reset_index(drop=True)
        target = pairs["target_device"].astype("str").fillna("?")
        source = pairs["source_device"].fillna(pairs["source_other"]).astype("str").fillna("?")
        pairs.insert(0, "pair", target + " <- " + source)
        return pairs.assign(target_name=target, source_name=source)

    @cached_property
    def source_symmetrix(self) -> str | None:
        """The array migrated from: what the pair file says, else the manifest."""
        return _only(self.pairs["source_symmetrix"]) or self.manifest.source_symmetrix

    @cached_property
    def target_symmetrix(self) -> str | None:
        """The array migrated to: what the pair file says, else the manifest."""
        return _only(self.pairs["target_symmetrix"]) or self.manifest.target_symmetrix

    def at(self, gate: Gate) -> "GateEvidence":
        """Return what stands at a gate."""
        if gate not in self._standing:
            self._standing[gate] = GateEvidence(self, gate)
        return self._standing[gate]

    def once(self, work_out: "Callable[..., T]", *sources: Any) -> "T":
        """Return ``work_out(*sources)``, worked out when it is first asked for.

        The same evidence stands at several gates and is read by many rules. Frames count as the same when they are the same
        object, so only such are worth handing over as `GateEvidence.newest` and `history` give again and again; what else
        the answer depends on must be among ``sources`` too. Nobody may change an answer in place.
        """
        key = (work_out, *(id(source) if hasattr(source, "columns") else source for source in sources))
        if key not in self._known:
            self._known[key] = (work_out(*sources), sources)  # kept with its sources, so that an id stays theirs
        return cast("T", self._known[key][0])

    def blocks_with_rows(self, name: str) -> frozenset[int]:
        """Return the numbers of the blocks that fill a table."""
        return frozenset(output.index for output in self.collection.outputs if output.reading.frames.rows(name))

    def rows_of(self, name: str, blocks: frozenset[int]) -> "pd.DataFrame":
        """Return the rows of a table that these blocks gave."""
        return self.once(in_blocks, self.collection.frames[name], blocks)

    def newest_of_each_scope(self, name: str, indexes: tuple[int, ...]) -> "pd.DataFrame":
        """Return the rows of a table that the newest of these outputs gave, for each thing that one of them describes as a whole.

        An answer that was asked for less than that replaces only what it covers.
        """
        table = table_named(name)
        outputs = [self.collection.outputs[index] for index in indexes]
        narrowed = [output for output in outputs if self._is_narrowed(output, table)]
        broad = [output for output in outputs if output not in narrowed]
        if not broad or not narrowed:
            return self._newest_rows(table, outputs)
        rows = self._newest_rows(table, broad)
        for output in ordered(narrowed):
            shown_by = [self.collection.outputs[int(index)] for index in rows["block"].unique()]
            rows = with_narrowed(table, rows, shown_by, output, self.rows_of(name, frozenset({output.index})))
        return rows

    def _is_narrowed(self, output: Output, table: Table) -> bool:
        answer = Answer(output)
        if output.screen == "powermt_display":
            return bool(answer.narrowed_by)
        return not answer.lists_each_in_full(table.scope) and bool(table.key)

    def newest_blocks(self, indexes: tuple[int, ...]) -> list[int]:
        """Return the numbers of the newest of some outputs (see `timeline.newest`)."""
        return [output.index for output in without_repeats(newest(self.collection.outputs[index] for index in indexes))]

    def _newest_rows(self, table: Table, outputs: list[Output]) -> "pd.DataFrame":
        rows = self.rows_of(table.name, frozenset(output.index for output in outputs))
        if len(outputs) == 1 or not len(rows):
            return rows
        if not table.scope:
            return where(rows, rows["block"].isin([output.index for output in without_repeats(newest(outputs))]))
        return in_newest_blocks(rows, table.scope, self.newest_blocks)

    def computers(self, rows: "pd.DataFrame") -> "pd.Series[Any]":
        """Return the computer of each row: its node, or an unnamed one.

        Where nothing tells the order of several outputs of one node, or several name no node, each stands for itself.
        """
        outputs = [self.collection.outputs[int(index)] for index in rows["block"].unique()]
        names = {}
        for output in outputs:
            names[output.index] = output.node or UNNAMED_NODE
            others = [other for other in outputs if other.node == output.node and other is not output]
            if any(output.node is None or None in (before(output, other), before(other, output)) for other in others):
                names[output.index] += f" of {output.capture.name}:{output.first_line}"
        return rows["block"].map(names).astype("category")

    @cached_property
    def opening_steps(self) -> list[tuple[Gate, Output]]:
        """The steps of this migration that were not refused and belong to its last session, each with the gate to which it leads."""
        steps = [step for step in self.steps if not step.refused and self.is_of_pair_file(step) is not False]
        steps = [step for step in steps if step.index not in self.aborted and not takes_from_arrays_alone(step)]
        return [(STEP_OPENS[name], step) for step in steps for name in step.operations if name in STEP_OPENS]

    @cached_property
    def aborted(self) -> frozenset[int]:
        """The numbers of the steps of sessions that were terminated before they were activated (or after a failback) and created again."""
        steps = [
            step
            for step in self.steps
            if not step.refused and step.screen == "symrcopy_operation" and self.is_of_pair_file(step) is not False
        ]
        aborted: set[int] = set()
        for end in steps:
            if "terminate" not in end.operations:
                continue
            earlier = [step for step in steps if before(step, end) is True]
            activated = [step for step in earlier if "activate" in step.operations]
            moved_back = [step for step in earlier if "failback" in step.operations]
            is_active = any(not any(before(step, back) is True for back in moved_back) for step in activated)
            if not is_active and any("create" in step.operations and before(end, step) is True for step in steps):
                aborted |= {end.index, *(step.index for step in earlier)}
        return frozenset(aborted)

    @cached_property
    def steps(self) -> list[Output]:
        """Every block that reports an operation, in order as far as it is known."""
        return ordered(output for output in self.collection.outputs if output.operations)

    def proves(self, output: Output) -> bool:
        """Whether an output is an answer of the running system, of this cluster; without a command it is taken so under ``paper`` alone."""
        authority = Answer(output).authority
        if authority is Authority.UNSTATED and output.screen != "pair_file":
            return self.profile != "strict"
        return authority in (Authority.LIVE, Authority.UNSTATED) and not self._is_of_another_cluster(output)

    @cached_property
    def proving(self) -> list[Output]:
        """The recognised outputs that prove what they show."""
        return [output for output in self.collection.outputs if output.screen and self.proves(output)]

    def _is_of_another_cluster(self, output: Output) -> bool:
        """Whether a command names a cluster, and its answer names none of this cluster's nodes."""
        named = output.command.option("-cluster") if output.command is not None else None
        if not named or any(same_computer(named, node.name) for node in self.manifest.nodes):
            return False
        frames = output.reading.frames
        shown = {*frames.column("cluster_nodes", "name"), *frames.column("cluster_resources", "owner")}
        return not any(same_computer(name, node.name) for name in shown - {None} for node in self.manifest.nodes)

    @cached_property
    def changes(self) -> list[Change]:
        """Every change outside the procedure that can concern this migration; those of sessions that were given up are left out."""
        return [
            change
            for output in self.collection.outputs
            if output.index not in self.aborted and self.is_of_pair_file(output) is not False
            for change in changes_of(output)
            if not self._is_of_another_array(output)
        ]

    def _is_of_another_array(self, output: Output) -> bool:
        """Whether a command names an array that is none of this migration's two."""
        sid = output.command.option("-sid") if output.command is not None else None
        arrays = (self.source_symmetrix, self.target_symmetrix)
        return bool(sid) and None not in arrays and not any(array.endswith(str(sid)) for array in arrays if array)


class GateEvidence:
    """The evidence as it stands at one gate of a migration."""

    def __init__(self, migration: Migration, gate: Gate) -> None:
        self.migration, self.gate = migration, gate
        self.collection = migration.collection
        self._newest: dict[str, pd.DataFrame | MissingEvidence] = {}
        self.facts: dict[object, Any] = {}
        """What `flmparse.facts` has worked out at this gate, by function and arguments."""

    def once(self, function: "Callable[..., T]", *arguments: Any) -> "T":
        """Return ``function(self, *arguments)``, worked out when it is first asked for."""
        key = (function, arguments)
        if key not in self.facts:
            self.facts[key] = function(self, *arguments)
        return cast("T", self.facts[key])

    @cached_property
    def outputs(self) -> list[Output]:
        """Every recognised output captured up to this gate, in order as far as it is known; those of unknown gate are left out."""
        placed = (o for o in self.migration.proving if o.gate is not None and o.gate <= self.gate)
        return ordered(output for output in placed if not self._is_later(output))

    def _is_later(self, output: Output) -> bool:
        """Whether an output was captured after the step that leads on from this gate, in whatever folder it lies."""
        return any(
            before(step, output) is True
            and (not output.is_assumed_newest or step.capture is output.capture)
            and (NODE_STEPS.isdisjoint(step.operations) or same_computer(computer_of(step), output.node))
            for gate, step in self.migration.opening_steps
            if gate > self.gate
        )

    @cached_property
    def _indexes(self) -> set[int]:
        return {output.index for output in self.outputs}

    def history(self, name: str) -> "pd.DataFrame":
        """Return every row of a table captured up to this gate, stale ones too, in the order of the outputs."""
        frame = self.collection.frames[name]
        if len(self._indexes) == len(self.collection.outputs):
            return frame
        blocks = frozenset(index for index in self.migration.blocks_with_rows(name) if index in self._indexes)
        return self.migration.once(in_blocks, frame, blocks)

    def newest(self, name: str) -> "pd.DataFrame":
        """Return the rows of a table that stand: of each scope the newest output, none of it stale.

        Raises MissingEvidence where there are none.
        """
        if name not in self._newest:
            try:
                self._newest[name] = self._standing_rows(table_named(name))
            except MissingEvidence as missing:
                self._newest[name] = missing
        rows = self._newest[name]
        if isinstance(rows, MissingEvidence):
            raise rows
        return rows

    def _standing_rows(self, table: Table) -> "pd.DataFrame":
        of_table = [output for output in self.outputs if table.name in output.reading.frames]
        # Of a table with a scope the rows themselves tell what an answer is about.
        captured = of_table if table.scope else [output for output in of_table if output.answers(table.name)]
        if table.name in SESSION_TABLES:  # what another wave's sessions show moves nothing of this one
            captured = [o for o in captured if self.migration.is_of_pair_file(o) is not False] or captured
        if not captured:
            unplaced = [o for o in self.collection.outputs if table.name in o.reading.frames and o.gate is None]
            if unplaced:
                message, needed = answers_of_no_gate(unplaced, self.gate)
                doubt = self.migration.pair_file_doubt
                raise MissingEvidence(f"{message}; {doubt}" if doubt else message, *needed)
            raise MissingEvidence(f"not captured: {table.captured_by}", table.captured_by)
        reasons = {output.index: self.stale(output, table) for output in captured}
        fresh = [output for output in captured if not reasons[output.index]]
        if not fresh:
            last = captured[-1]
            message = f"{last.capture.name}:{last.first_line}: {reasons[last.index]}"
            raise MissingEvidence(message, table.captured_by)
        indexes = tuple(output.index for output in fresh)
        return self.migration.once(self.migration.newest_of_each_scope, table.name, indexes)

    def stale(self, output: Output, table: Table, after: frozenset[str] | None = None) -> str:
        """Say which step has made an output's rows of a table worthless, or return an empty string.

        ``after`` names the steps that do; by default those of the procedure that change what the table shows.
        """
        after = steps_that_age(table.name) if after is None else after
        for step in self.steps:
            operation = next((name for name in step.operations if name in after), None)
            if operation is None or step.index == output.index or step.refused:
                continue
            if operation == "symmask remove" and table.name in PATH_TABLES and takes_from_arrays_alone(step):
                continue
            if operation in NODE_STEPS and is_elsewhere(step, output):
                continue
            order = before(output, step)
            if order is True:
                return f"captured before {operation} ({step.capture.name}:{step.first_line})"
            if order is None:
                position = f"{step.capture.name}:{step.first_line}"
                return f"nothing tells whether it was captured before or after {operation} ({position})"
        for change in self.changes:
            order = before(output, change.output) if change.ages(table.name, output) else False
            if order is not False:
                when = "captured before" if order else "nothing tells whether it was captured before or after"
                return f"{when} {change.typed} ({change.output.capture.name}:{change.output.first_line})"
        return ""

    @cached_property
    def changes(self) -> list[Change]:
        """The changes outside the procedure up to this gate, and those of which nothing tells the gate."""
        known = [
            change for change in self.migration.changes if change.output.gate is None or change.output.gate <= self.gate
        ]
        return [change for change in known if not self._is_later(change.output)]

    @cached_property
    def steps(self) -> list[Output]:
        """The outputs up to this gate that report an operation, in order as far as it is known."""
        return [output for output in self.outputs if output.operations]

    def step(self, operation: str) -> list[Output]:
        """Return the outputs up to this gate that report an operation."""
        return [output for output in self.steps if operation in output.operations]


def _only(column: "pd.Series[str]") -> str | None:
    values = column.dropna().unique()
    return str(values[0]) if len(values) == 1 else None
