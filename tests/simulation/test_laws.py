"""What holds for any migration: two faults never add up to a GO, what is left out never helps, order and line ends say nothing."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from flmparse.errors import UsageError
from flmparse.findings import Severity, Status, Verdict
from flmparse.procedure import Gate
from flmparse.rules import catalogue as rules
from flmparse.simulation import Entry, Fault, Migration, Shape, Simulation, catalogue, draw, files, procedure, simulate
from flmparse.simulation.run_log import RunLog
from tests.editing import status
from tests.simulation.building import (
    SIMULATIONS,
    THOROUGH,
    answers,
    collection_from,
    collection_of,
    judged,
    shape_of,
    until,
)

BLOCKERS = [
    fault
    for fault in catalogue().values()
    if fault.status == "fail" and rules()[fault.rules[0]].severity is Severity.BLOCKER
]


@pytest.mark.parametrize("number", range(SIMULATIONS))
def test_two_faults_never_add_up_to_go(number: int) -> None:
    dice = random.Random(f"two {number}")
    first, second = dice.sample(BLOCKERS, 2)
    try:
        simulation = simulate(shape_of(number), [first.id, second.id], until(max(first.gate, second.gate)))
    except UsageError as error:
        pytest.skip(str(error))
    collection = collection_of(simulation)
    for gate in {first.gate, second.gate}:
        assert judged(collection, gate).verdict in (Verdict.NO_GO, Verdict.INCONCLUSIVE), (first.id, second.id, gate)


def without(simulation: Simulation, left_out: Entry) -> Simulation:
    return replace(simulation, entries=tuple(entry for entry in simulation.entries if entry is not left_out))


@cache
def whole(shape: Shape, faults: tuple[str, ...] = (), gate: Gate = Gate.CLEANED) -> Simulation:
    return simulate(shape, faults, gate)


PASSES_OR_NOT_ASKED = (Status.PASS, Status.NOT_APPLICABLE)


@pytest.mark.parametrize("number", range(SIMULATIONS))
def test_what_is_left_out_never_turns_anything_into_a_pass(number: int) -> None:
    """Of a migration with one fault: leave a command out, and no rule that did not pass does so now.

    A display that shows a fault is evidence too: without it an older one of the same thing may stand. So what is left out here is
    never of the kind that shows the fault, which is what changed against the clean migration.
    """
    dice = random.Random(f"drop {number}")
    shape = shape_of(number % 7)
    fault = dice.choice(BLOCKERS)
    try:
        simulation = whole(shape, (fault.id,), until(fault.gate))
    except UsageError as error:
        pytest.skip(str(error))
    outputs = {(entry.host, entry.command, entry.output) for entry in whole(shape).entries}
    same = [entry for entry in simulation.entries if (entry.host, entry.command, entry.output) in outputs]
    left_out = dice.choice([entry for entry in same if entry.gate <= fault.gate])
    before = answers(collection_of(simulation), fault.gate)
    after = answers(collection_of(without(simulation, left_out)), fault.gate)
    helped = {
        rule for rule, status in after.items() if status is Status.PASS and before[rule] not in PASSES_OR_NOT_ASKED
    }
    assert helped == set(), (shape, fault.id, left_out.gate, left_out.host, left_out.command)


SERIES = {
    "F037": "create, which refuses a smaller target, has accepted every pair",
    "F077": "the query before still stands, as it would if nobody had asked again",
    "F079": "the query before still stands",
    "F081": "the query before still stands",
    "F091": "terminate itself succeeded; a query after it is not required",
    "F099": "that powermt check was run is known from its log alone",
    "F115": "the details of prepare still stand, from before it was disabled",
    "F213": "a list of the cluster's nodes is not required",
    "F215": "a list of the views is not required",
    "F218": "the adapters' display of before still stands",
    "F219": "a list of the cluster's nodes is not required",
    "F221": "the listing of the ports at prepare still stands",
    "F222": "the details of prepare still stand, from before it went",
    "F223": "the details of before still stand, from before it went",
    "F224": "the list of the resources of before still stands",
    "F226": "the registration of PowerPath is not required",
    "F228": "that the view was deleted is known from its log alone",
    "F229": "that the session was taken back is known from its log alone",
}
"""Faults that only one capture of several shows, or that leave no trace but their own log."""


@pytest.mark.parametrize("fault", BLOCKERS, ids=lambda fault: fault.id)
def test_without_its_evidence_a_fault_is_not_forgotten(fault: Fault) -> None:
    shape = Shape(pairs=5, seed=5)
    outputs = {(entry.host, entry.command, entry.output) for entry in whole(shape).entries}
    simulation = whole(shape, (fault.id,), until(fault.gate))
    kept = tuple(
        entry
        for entry in simulation.entries
        if entry.gate > fault.gate or (entry.host, entry.command, entry.output) in outputs
    )
    if len(kept) == len(simulation.entries):
        pytest.skip("the fault shows in what is not there, or in times")
    collection = collection_of(replace(simulation, entries=kept))
    # Most rules say that they lack something; only where one passes is the whole gate asked.
    forgotten = status(collection, fault.rules[0], fault.gate.word).status is Status.PASS
    forgotten = forgotten and judged(collection, fault.gate).verdict in (Verdict.GO, Verdict.GO_WITH_WARNINGS)
    assert forgotten == (fault.id in SERIES)


def arranged(shape: Shape, arrange: Callable[[Migration], None], gate: Gate) -> Simulation:
    migration = draw(shape)
    arrange(migration)
    log = RunLog(migration)
    procedure.run(log, gate)
    return Simulation(shape, migration, tuple(log.finish()))


def shuffle_devices(migration: Migration) -> None:
    random.Random(1).shuffle(migration.pairs)


def shuffle_nodes(migration: Migration) -> None:
    migration.nodes.reverse()


def shuffle_ports(migration: Migration) -> None:
    migration.target.ports.reverse()


@pytest.mark.parametrize("arrange", [shuffle_devices, shuffle_nodes, shuffle_ports], ids=lambda item: item.__name__)
@pytest.mark.parametrize("gate", list(Gate) if THOROUGH else [Gate.COPYING], ids=lambda gate: gate.word)
def test_order_within_the_outputs_says_nothing(arrange: Callable[[Migration], None], gate: Gate) -> None:
    shape = Shape(pairs=4, nodes=2, seed=21)
    found = answers(collection_of(arranged(shape, arrange, until(gate))), gate)
    assert found == answers(collection_of(whole(shape, gate=until(gate))), gate)


@pytest.mark.parametrize("number", range(max(2, SIMULATIONS // 4)))
def test_order_of_files_and_line_ends_say_nothing(number: int) -> None:
    dice = random.Random(f"order {number}")
    shape = shape_of(number)
    fault = dice.choice(list(catalogue().values()))
    try:
        simulation = whole(shape, (fault.id,), until(fault.gate))
    except UsageError as error:
        pytest.skip(str(error))
    plain = answers(collection_of(simulation), fault.gate)
    texts = list(simulation.captures())
    dice.shuffle(texts)
    # Other names put the files into another order; node and gate stand in the markers.
    gates = {name: name.split("/")[0] for name, _ in texts}
    renamed = [
        (name if name == files.MANIFEST or "flm.txt" in name else f"{gates[name]}/{dice.randrange(100):02d}/{name.split('/')[-1]}",
         text.replace("\n", "\r\n"))
        for name, text in texts
    ]  # fmt: skip
    manifest = dict(texts)[files.MANIFEST]
    renamed = [(name, manifest if name == files.MANIFEST else text) for name, text in renamed]
    assert answers(collection_from(renamed), fault.gate) == plain, (shape, fault.id)


def test_one_log_for_each_host_says_the_same_as_a_file_for_each_gate() -> None:
    shape = Shape(pairs=4, seed=22)
    simulation = whole(shape, ("F083",), Gate.COPYING)
    one = answers(collection_of(simulation, layout="hosts"), Gate.COPYING)
    assert one == answers(collection_of(simulation), Gate.COPYING)
