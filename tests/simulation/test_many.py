"""Random migrations by the hundred, with a fault each: no false GO, no false alarm.

A fault changes few outputs. Of the rules only those are asked again that can read one of them; the answers of the others are those
of the same migration without the fault. One migration of each shape is asked whole, to hold that shortcut against the long way.
"""

import os
import random
from dataclasses import dataclass
from functools import cached_property

import pytest

from flmparse.collection import Collection, ReadBlock
from flmparse.errors import UsageError
from flmparse.findings import Severity, Status
from flmparse.migration import Migration
from flmparse.rules import Inquiry, Rule, catalogue
from flmparse.simulation import Fault, Shape, simulate
from flmparse.simulation import catalogue as faults
from flmparse.terms import Gate
from tests.simulation.building import BAD, answers, collection_of, shape_of, until

MIGRATIONS = int(os.environ.get("FLMPARSE_MIGRATIONS", "100"))
"""How many are tried; CI tries three hundred (.ci/run), `make simulations` two thousand; of each shape one is asked whole."""
OF_A_SHAPE = 50


@dataclass(frozen=True)
class Clean:
    """A migration without a fault at one gate: what every rule answers, and what it read."""

    collection: Collection
    gate: Gate

    @cached_property
    def inquiries(self) -> dict[str, tuple[Inquiry, Status]]:
        standing = Migration(self.collection).at(self.gate)
        asked = [Inquiry(rule, standing) for rule in catalogue().values() if self.gate in rule.gates]
        return {inquiry.rule.id: (inquiry, inquiry.result("paper").status) for inquiry in asked}

    @cached_property
    def answers(self) -> dict[str, Status]:
        return {rule: status for rule, (_, status) in self.inquiries.items()}

    def with_fault(self, other: Collection) -> dict[str, Status]:
        """Return the answers of the same migration with a fault; rules that cannot read what has changed are not asked."""
        before, after = self.collection.blocks, other.blocks
        standing = Migration(other).at(self.gate)
        alike = [history(read) for read in before] == [history(read) for read in after]
        changed = [pair for pair in zip(before, after, strict=alike) if pair[0].block.output != pair[1].block.output]
        tables = {table for pair in changed for read in pair for table in read.reading.frames}
        numbers = {old.index for old, _ in changed}

        def concerned(rule: Rule) -> bool:
            read = self.inquiries[rule.id][0].read_blocks
            return not alike or not rule.needs or bool(tables.intersection(rule.needs)) or not numbers.isdisjoint(read)

        asked = [inquiry.rule for inquiry, _ in self.inquiries.values() if concerned(inquiry.rule)]
        return self.answers | {rule.id: Inquiry(rule, standing).result("paper").status for rule in asked}


def history(read: ReadBlock) -> tuple[object, ...]:
    """What tells of an output without its rows, and what others are older or younger than: a difference here concerns every rule."""
    command = read.command.text if read.command is not None else None
    return read.screen, read.status, read.operations, command, read.node, read.gate, read.time


def blocks_the_gate(fault: Fault) -> bool:
    return fault.status == "fail" and catalogue()[fault.rules[0]].severity is Severity.BLOCKER


def tried(shape: Shape, fault: Fault, clean: Clean, *, whole: bool) -> bool:
    """Hold the answers to a fault against what it promises; whether the shape can have the fault."""
    try:
        collection = collection_of(simulate(shape, [fault.id], until(fault.gate)))
    except UsageError:
        return False
    first = fault.rules[0]
    if clean.answers[first] is Status.NOT_APPLICABLE:
        return False
    found = clean.with_fault(collection)
    assert found[first] == fault.status, (shape, fault.id, found[first])
    assert not blocks_the_gate(fault) or Status.FAIL in found.values()
    wrong = {rule for rule, status in found.items() if status in BAD}
    assert wrong <= {*fault.rules, *fault.also}, (shape, fault.id, wrong)
    if whole:
        assert answers(collection, fault.gate) == found, (shape, fault.id)
    return True


@pytest.mark.slow
@pytest.mark.parametrize("number", range(MIGRATIONS // OF_A_SHAPE))
def test_fifty_random_faults_in_a_random_migration(number: int) -> None:
    shape = shape_of(1000 + number)
    dice = random.Random(f"fifty {number}")
    cleans: dict[Gate, Clean] = {}
    done = 0
    for fault in dice.sample(list(faults().values()), len(faults())):
        if fault.gate not in cleans:
            clean = cleans[fault.gate] = Clean(collection_of(simulate(shape, gate=until(fault.gate))), fault.gate)
            wrong = {rule: status for rule, status in clean.answers.items() if status in BAD}
            assert wrong == {}, (shape, fault.gate)
        done += tried(shape, fault, cleans[fault.gate], whole=done == number % OF_A_SHAPE)
        if done == OF_A_SHAPE:
            break
    assert done == OF_A_SHAPE
