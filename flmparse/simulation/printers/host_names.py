r"""What the systems call a disk of PowerPath, an adapter and a path.

Windows  harddisk14     port3\path0\tgt16\lun5                    c3t16d5
Linux    emcpowero      qla2xxx                               sdab
AIX      hdiskpower14   fscsi3                                hdisk27
HP-UX    (none)         1/0/3/1/0.11.16.0.0.0.5               c316t0d5
Solaris  emcpower14a    pci@3,0/pci1077,138@0/fp@0,0          c3t5006048449A00000d5s0

Nodes of these systems print PowerPath alone: docs/decisions/27-other-systems.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flmparse.simulation.model import Adapter

FIRST_DISK = 20
"""Lower numbers belong to disks of the node itself and of other arrays."""


@dataclass(frozen=True)
class PathToName:
    """What the names of a path are made of: adapter, SCSI target and WWN of the port, LUN, number among the node's paths.

    In the template of many rows (Windows alone) ``lun`` is a mark that each disk's LUN replaces.
    """

    adapter: Adapter
    scsi_target: int
    wwn: str
    lun: Any
    number: int


@dataclass(frozen=True)
class HostNames:
    """How a system names a disk by its number, and the hardware and native name of a path."""

    pseudo: Callable[[int], str]
    hardware: Callable[[PathToName], str]
    native: Callable[[PathToName], str]


def letters(number: int) -> str:
    """Return a number as Linux counts disks: a to z, aa, ab."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def _hp_ux(path: PathToName) -> str:
    # HP-UX counts a controller for each port, and eight LUNs to a target: LUN 21 is d5 of the third target.
    controller = path.adapter.number * 100 + path.scsi_target
    return f"c{controller}t{path.lun // 8 % 16}d{path.lun % 8}"


HOST_NAMES = {
    "Windows": HostNames(
        lambda number: f"harddisk{number}",
        lambda path: f"port{path.adapter.number}\\path0\\tgt{path.scsi_target}\\lun{path.lun}",
        lambda path: f"c{path.adapter.number}t{path.scsi_target}d{path.lun}",
    ),
    "AIX": HostNames(
        lambda number: f"hdiskpower{number}",
        lambda path: f"fscsi{path.adapter.number}",
        lambda path: f"hdisk{FIRST_DISK + path.number}",
    ),
    "HP-UX": HostNames(
        lambda number: "",
        lambda path: f"1/0/{path.adapter.number}/1/0.11.{path.scsi_target}.0.0.{path.lun // 8 % 16}.{path.lun % 8}",
        _hp_ux,
    ),
    "Linux": HostNames(
        lambda number: f"emcpower{letters(number)}",
        lambda path: "qla2xxx",
        lambda path: f"sd{letters(FIRST_DISK + path.number)}",
    ),
    "Solaris": HostNames(
        lambda number: f"emcpower{number}a",
        lambda path: f"pci@{path.adapter.number},0/pci1077,138@0/fp@0,0",
        lambda path: f"c{path.adapter.number}t{path.wwn.upper()}d{path.lun}s0",
    ),
}


def host_names(system: str) -> HostNames:
    """Return how a system names things; all versions of Windows do alike."""
    return HOST_NAMES.get(system, HOST_NAMES["Windows"])
