"""Nodes of other systems: PowerPath as it prints there reads whole, and no migration without Windows is GO as a whole."""

import re

import pytest

from flmparse.assessment import assess
from flmparse.collection import Collection
from flmparse.errors import UsageError
from flmparse.findings import Status, Verdict
from flmparse.procedure import Gate
from flmparse.screens import Status as BlockStatus
from flmparse.simulation import OTHER_SYSTEMS, Shape, draw, machine, simulate
from flmparse.simulation.model import SOURCE, TARGET
from flmparse.simulation.printers import powerpath
from flmparse.simulation.printers.host_names import host_names, letters
from tests.editing import clean
from tests.simulation.building import collection_of
from tests.simulation.test_printers import rows

NAMED = {
    "AIX": ("hdiskpower", "fscsi3", r"hdisk\d+"),
    "HP-UX": (None, "1/0/3/1/0.11.", r"c3\d\dt\d+d[0-7]"),
    "Linux": ("emcpower", "qla2xxx", r"sd[a-z]+"),
    "Solaris": ("emcpower", "pci@3,0/", r"c3t50[0-9A-F]{14}d\d+s0"),
}


@pytest.mark.parametrize("system", OTHER_SYSTEMS)
def test_powerpath_reads_whole_with_the_names_of_the_system(system: str) -> None:
    migration = draw(Shape(pairs=3, nodes=1, hbas=1, ports=2, seed=5, os=system, unrelated=True))
    node = migration.nodes[0]
    machine.create(migration)
    machine.rescan(node)
    node.path((1, 0, TARGET, 1)).state = "dead"
    node.path((2, 0, SOURCE, 0)).errors = 4
    text = powerpath.display(migration, node)
    pseudo, hardware, native = NAMED[system]
    columns = ("device", "hw_path", "io_path", "port", "state", "errors")
    every = rows(text, "powermt_display", "paths", "symmetrix", *columns)
    found = [row[1:] for row in every if row[0] == migration.source.symmetrix]
    ports = [str(port.at) for port in migration.source.used_ports]
    ports += [str(port.at.federated) for port in migration.target.used_ports]
    assert [row[3] for row in found] == ports * 3
    assert [row[4] for row in found] == ["dead" if place == 7 else "alive" for place in range(12)]
    assert [row[5] for row in found] == [4 if place == 8 else 0 for place in range(12)]
    assert all(str(row[1]).startswith(hardware) and re.fullmatch(native, str(row[2])) for row in found)
    assert len({row[3] for row in every}) == len(every), "two paths of one name"
    disks = rows(text, "powermt_display", "powerpath_devices", "pseudo")
    assert all(name is None if pseudo is None else str(name).startswith(pseudo) for (name,) in disks)
    kept = rows(powerpath.removed(migration, node), "powermt_remove", "paths_in_use", "io_path")
    targets = {row[2] for row in found if str(row[3]) in ports[2:]}
    assert {row[0] for row in kept} == targets


@pytest.mark.parametrize("system", OTHER_SYSTEMS)
def test_captures_read_whole_and_are_no_proof_of_a_windows_cluster(system: str) -> None:
    collection = collection_of(simulate(Shape(pairs=3, seed=6, os=system)))
    for read in collection.outputs:
        assert read.reading.counts.unknown == 0 and read.status is not BlockStatus.PARTIAL, read.first_line
    gates = {item.gate: item for item in assess(collection, "all", "paper").gates}
    assert gates[Gate.READY].verdict is not Verdict.GO
    (host_type,) = [r for r in gates[Gate.CREATED].results if r.rule == "SES001"]
    # No remedy tells the operator of AIX nodes to terminate: the white paper shows the host type of Windows only.
    assert host_type.status is Status.INCONCLUSIVE and "-host_type" in host_type.message
    assert [r.rule for item in gates.values() for r in item.results if r.status is Status.ERROR] == []


def test_faults_are_of_windows_clusters() -> None:
    with pytest.raises(UsageError, match="faults need nodes with Windows, not AIX"):
        simulate(Shape(os="AIX"), ["F061"])


def test_disks_of_linux_are_counted_in_letters() -> None:
    assert [letters(number) for number in (0, 25, 26, 51, 52, 701, 702)] == ["a", "z", "aa", "az", "ba", "zz", "aaa"]
    assert host_names("Windows Server 2003") is host_names("Windows Server 2008")


WINDOWS_RULES = {"CLU006", "CLU007", "CLU008", "CLU009", "ENV005"}


def answers_of_windows_rules(collection: Collection) -> set[Status]:
    return {
        r.status for item in assess(collection, "all", "paper").gates for r in item.results if r.rule in WINDOWS_RULES
    }


def test_rules_about_windows_do_not_concern_other_systems() -> None:
    assert answers_of_windows_rules(collection_of(simulate(Shape(pairs=3, seed=6, os="AIX")))) == {
        Status.NOT_APPLICABLE
    }


def test_a_word_in_the_manifest_does_not_silence_a_rule_about_windows() -> None:
    cluster = clean(manifest=lambda text: text.replace('os = "Windows Server 2008 R2"', 'os = "AIX"'))
    assert answers_of_windows_rules(cluster) == answers_of_windows_rules(clean())
