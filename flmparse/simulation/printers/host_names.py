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
"""Disks of the node itself and of other arrays come before."""


@dataclass(frozen=True)
class Way:
    """A path of a disk: adapter, SCSI target number and WWN of the port, LUN, and its number among the node's paths.

    In the form of many rows (Windows alone) the LUN is the mark of the place where one goes.
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
    hardware: Callable[[Way], str]
    native: Callable[[Way], str]


def letters(number: int) -> str:
    """Return a number as Linux counts disks: a to z, aa, ab."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def _hp_ux(way: Way) -> str:
    # HP-UX counts a controller for each port, and eight LUNs to a target: LUN 21 is d5 of the third target.
    controller = way.adapter.number * 100 + way.scsi_target
    return f"c{controller}t{way.lun // 8 % 16}d{way.lun % 8}"


HOST_NAMES = {
    "Windows": HostNames(
        lambda number: f"harddisk{number}",
        lambda way: f"port{way.adapter.number}\\path0\\tgt{way.scsi_target}\\lun{way.lun}",
        lambda way: f"c{way.adapter.number}t{way.scsi_target}d{way.lun}",
    ),
    "AIX": HostNames(
        lambda number: f"hdiskpower{number}",
        lambda way: f"fscsi{way.adapter.number}",
        lambda way: f"hdisk{FIRST_DISK + way.number}",
    ),
    "HP-UX": HostNames(
        lambda number: "",
        lambda way: f"1/0/{way.adapter.number}/1/0.11.{way.scsi_target}.0.0.{way.lun // 8 % 16}.{way.lun % 8}",
        _hp_ux,
    ),
    "Linux": HostNames(
        lambda number: f"emcpower{letters(number)}",
        lambda way: "qla2xxx",
        lambda way: f"sd{letters(FIRST_DISK + way.number)}",
    ),
    "Solaris": HostNames(
        lambda number: f"emcpower{number}a",
        lambda way: f"pci@{way.adapter.number},0/pci1077,138@0/fp@0,0",
        lambda way: f"c{way.adapter.number}t{way.wwn.upper()}d{way.lun}s0",
    ),
}


def host_names(system: str) -> HostNames:
    """Return how a system names things; every Windows does as any other."""
    return HOST_NAMES.get(system, HOST_NAMES["Windows"])
