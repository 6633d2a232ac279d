"""A collection asked again after a change: what the change left alone is looked at once.

A fault or a damage changes few outputs. As long as no step is among them, and the others keep their places, the tables that none
of the changed outputs fills stand as they did, and a rule that can read none of the others answers as it did. Everything here is a
shortcut: the tests that take it hold it against the long way in samples.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from flmparse.collection import Collection, Output
from flmparse.evidence.migration import GateEvidence, Migration
from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.rules import Check, Rule, catalogue

READ_BY_MANY = frozenset({"pairs", "diskpart_sessions"})
"""Tables that rules read which do not name them: pairs tell which arrays are meant, DiskPart which Windows."""


def _step(read: Output | None) -> tuple[object, ...]:
    """What others are older or younger than: where it differs, everything may stand in another way."""
    return (read.operations, read.node, read.gate, read.time) if read is not None and read.operations else ()


def _place(read: Output) -> tuple[str, int]:
    """Where an output stands, in whatever order the captures are."""
    return read.capture.name, read.block.line_start


def _told(read: Output | None) -> tuple[object, ...]:
    if read is None:
        return ()
    command = read.command and read.command.text
    return read.block.output, read.screen, read.status, command, read.node, read.gate, read.time, read.capture.name


Question = tuple[str, Gate]
"""A rule by its id, and the gate at which it is asked."""


def asked(collection: Collection, questions: Iterable[Question]) -> dict[Question, Status]:
    """Return what rules answer, without any shortcut; a crash of a rule is raised."""
    migration = Migration(collection)
    return {
        (rule, gate): Check(catalogue()[rule], migration.at(gate)).result("paper").status for rule, gate in questions
    }


class Asked:
    """A collection and what its rules answer at each gate."""

    def __init__(self, collection: Collection, same_as: "Asked | None" = None) -> None:
        """Keep a collection to ask about; ``same_as`` holds the same captures in another order, and so has the same answers."""
        self.collection = collection
        self.migration = Migration(collection)
        self._asked: dict[Gate, dict[str, tuple[Check, Status]]] = {} if same_as is None else same_as._asked

    def _inquiries(self, gate: Gate) -> dict[str, tuple[Check, Status]]:
        """Return what each rule read at a gate and answered."""
        if gate not in self._asked:
            standing = self.migration.at(gate)
            asked = [Check(rule, standing) for rule in catalogue().values() if gate in rule.gates]
            self._asked[gate] = {inquiry.rule.id: (inquiry, inquiry.result("paper").status) for inquiry in asked}
        return self._asked[gate]

    def answers(self, gate: Gate) -> dict[str, Status]:
        """Return the status of each rule at a gate."""
        return {rule: status for rule, (_, status) in self._inquiries(gate).items()}

    def questions(self, capture: str) -> tuple[Question, ...]:
        """Return every question whose rule can read this capture."""
        tables = {
            table for read in self.collection.outputs if read.capture.name == capture for table in read.reading.frames
        }
        found = []
        for gate in Gate:
            for rule, (inquiry, _) in self._inquiries(gate).items():
                needs = inquiry.rule.needs
                told = not needs or not tables.isdisjoint({*needs, *READ_BY_MANY})
                if told or any(read.capture.name == capture for read in inquiry.outputs_read.values()):
                    found.append((rule, gate))
        return tuple(found)

    def again(self, other: Collection, questions: Iterable[Question]) -> dict[Question, Status]:
        """Return what rules answer to a changed collection, each at its gate; what cannot have changed is not asked."""
        both = list(zip_longest(self.collection.outputs, other.outputs))
        changed = [pair for pair in both if _told(pair[0]) != _told(pair[1])]
        if other.manifest != self.collection.manifest or any(_step(old) != _step(new) for old, new in changed):
            return asked(other, questions)
        tables = frozenset(table for pair in changed for read in pair if read for table in read.reading.frames)
        places = {_place(read) for pair in changed for read in pair if read}
        every = any(_step(old) for old, _ in changed)

        def concerned(rule: Rule, gate: Gate) -> bool:
            read = map(_place, self._inquiries(gate)[rule.id][0].outputs_read.values())
            needs = {*rule.needs, *READ_BY_MANY}
            return every or not rule.needs or not tables.isdisjoint(needs) or not places.isdisjoint(read)

        # What stands below a longer output has other line numbers: no other rows, but another frame.
        moved = {
            table
            for old, new in both
            if old and new and old.first_line != new.first_line
            for table in new.reading.frames
        }
        again = _Again(other, self.migration, tables | moved)
        return {
            (rule, gate): Check(catalogue()[rule], again.at(gate)).result("paper").status
            if concerned(catalogue()[rule], gate)
            else self.answers(gate)[rule]
            for rule, gate in questions
        }


class _Frames(Mapping[str, Any]):
    """The tables of a collection, those that did not change taken from another one."""

    def __init__(self, own: Mapping[str, Any], others: Mapping[str, Any], changed: frozenset[str]) -> None:
        self._own, self._others, self._changed = own, others, changed
        self.taken: dict[int, Any] = {}
        """Frames of the other collection by identity, as far as somebody has asked for them."""

    def __getitem__(self, name: str) -> Any:
        if name in self._changed:
            return self._own[name]
        frame = self._others[name]
        self.taken[id(frame)] = frame
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


class _Again(Migration):
    """A migration that is another but for some tables: frames of the rest, and what is worked out of them, are the other's."""

    def __init__(self, collection: Collection, clean: Migration, changed: frozenset[str]) -> None:
        frames = _Frames(collection.frames, clean.collection.frames, changed)
        other = replace(collection)
        vars(other)["frames"] = frames
        super().__init__(other)
        self.clean, self.changed = clean, changed
        self._same = frames.taken
        if "pairs" not in changed:
            vars(self)["pairs"] = self._keep(clean.pairs)

    def _keep(self, made: Any) -> Any:
        for item in made if isinstance(made, tuple) else (made,):
            if hasattr(item, "columns"):
                self._same[id(item)] = item
        return made

    def at(self, gate: Gate) -> "GateEvidence":
        if gate not in self._standing:
            self._standing[gate] = _StandingAgain(self, gate)
        return self._standing[gate]

    def once(self, work_out: Callable[..., Any], *sources: Any) -> Any:
        frames = [source for source in sources if hasattr(source, "columns")]
        mine = getattr(work_out, "__self__", None) is self
        if frames and all(id(frame) in self._same for frame in frames) and not (mine and "pairs" in self.changed):
            theirs = getattr(self.clean, work_out.__name__) if mine else work_out
            return self._keep(self.clean.once(theirs, *(self.clean if item is self else item for item in sources)))
        return super().once(work_out, *sources)


class _StandingAgain(GateEvidence):
    """What stands at a gate, of the unchanged tables the very frames that stand in the clean migration."""

    migration: _Again

    def newest(self, name: str) -> Any:
        if name in self.migration.changed:
            return super().newest(name)
        return self.migration._keep(self.migration.clean.at(self.gate).newest(name))

    def history(self, name: str) -> Any:
        if name in self.migration.changed:
            return super().history(name)
        return self.migration._keep(self.migration.clean.at(self.gate).history(name))
