"""Estates larger than anybody wants to print and read: the frames of a small simulated migration, repeated with other devices.

The rules see what they would see of a consistent estate of that size: every repetition has device numbers, disks, LUNs, serials and lines of
its own, totals are multiplied. The blocks and the text of the captures stay those of the small migration.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from flmparse.collection import Collection, from_bundle
from flmparse.procedure import Gate
from flmparse.simulation import Shape, simulate
from flmparse.simulation.files import MANIFEST
from flmparse.terms import device
from flmparse.text.capture import Bundle, from_bytes

Spell = Callable[[str, int], str]
"""What a value becomes in a repetition, by the repetition's number."""

DEVICES = (
    "device", "target_device", "source_device", "control_device", "remote_device", "external_device", "logical_device_id",
)  # fmt: skip
TOTALS = ("total_tracks", "total_mb", "total_capacity_mb", "luns", "free_tracks", "free_mb", "used_tracks", "used_mb")
NUMBERS = ("host_lun", "disk", "volume")
TABLES_OF_DISKS = frozenset({"disks", "volumes", "cluster_resources", "cluster_parameters", "cluster_validations"})
"""Tables that name a pair by its disk in Windows or in the cluster; a row that names no disk stands once."""
DISKS = ("disk", "resource", "name")
NOT_REPEATED = frozenset({"devices"})
"""Tables that list devices of arrays, none of them a pair's."""


def simulated(pairs: int, nodes: int = 4, gate: Gate = Gate.READY, faults: tuple[str, ...] = ()) -> Collection:
    """Return a migration with eight paths from a node to a disk, read."""
    shape = Shape(pairs=pairs, nodes=nodes, hbas=2, ports=2, digits=5, views=1, metas=0.0, unrelated=False)
    texts = dict(simulate(shape, list(faults), gate).captures())
    manifest = texts.pop(MANIFEST).encode()
    return from_bundle(
        Bundle("estate", tuple(from_bytes(name, texts[name].encode()) for name in sorted(texts)), manifest, ())
    )


def repeated(small: Collection, times: int) -> Collection:
    """Return a collection whose frames are those of a small one, each row as many times."""
    pairs = small.frames["pairs"]
    own = {*pairs["target_device"].dropna(), *pairs["source_device"].dropna()}
    numbers = [int(name, 16) for name in own]
    step = max(numbers) - min(numbers) + 1
    spells: dict[str, Spell] = dict.fromkeys(DEVICES, partial(_device, own, step))
    disks = partial(_last_number, len(pairs) * 16)
    spells |= {"pseudo": disks, "io_path": disks, "hw_path": disks, "serial": partial(_serial, step)}
    spells |= {"name": disks, "resource": disks, "disk_id": _signature}
    frames = {name: small.frames[name] for name in small.frames}
    large = replace(small)
    large.__dict__["frames"] = {
        name: rows if name in NOT_REPEATED or not len(rows) else _frame(name, rows, times, spells, own, len(pairs) * 16)
        for name, rows in frames.items()
    }
    return large


def _device(own: set[str], step: int, name: str, number: int) -> str:
    return device(f"{int(name, 16) + number * step:X}") if name in own else name


def _last_number(step: int, name: str, number: int) -> str:
    return re.sub(r"\d+$", lambda found: str(int(found[0]) + number * step), name)


def _serial(step: int, serial: str, number: int) -> str:
    return f"{serial[:2]}{int(serial[2:7], 16) + number * step:05X}{serial[7:]}"


def _signature(signature: str, number: int) -> str:
    return f"{int(signature, 16) + (number << 12):08X}"


def _frame(
    table: str, rows: pd.DataFrame, times: int, spells: dict[str, Spell], own: set[str], luns: int
) -> pd.DataFrame:
    """Return the rows as many times as asked, those of a block together; a table that names no pair once, its totals multiplied."""
    named = [name for name in rows if name in DEVICES and rows[name].isin(own).any()]
    if not named and table not in TABLES_OF_DISKS:
        totals = [name for name in rows if name in TOTALS]
        return rows.assign(**{name: rows[name] * times for name in totals}) if totals else rows
    size = len(rows)
    at, number = np.tile(np.arange(size), times), np.repeat(np.arange(times), size)
    if not named:
        of_a_disk = rows[rows.columns.intersection(list(DISKS))].notna().any(axis=1).to_numpy()
        kept = of_a_disk[at] | (number == 0)
        at, number = at[kept], number[kept]
    order = np.lexsort((at, number, rows["block"].to_numpy()[at]))
    at, number = at[order], number[order]
    highest = int(rows["line"].max()) + 1
    columns: dict[str, Any] = {}
    for name, column in rows.items():
        if name in spells:
            columns[str(name)] = _spelt(column, at, number, times, spells[str(name)])
        elif name == "line":
            columns["line"] = column.to_numpy()[at] + number * highest
        elif name in NUMBERS:
            columns[str(name)] = column.array.take(at) + number * luns
        else:
            columns[str(name)] = column.array.take(at)
    return pd.DataFrame(columns, copy=False)


def _spelt(column: "pd.Series[Any]", at: Any, number: Any, times: int, spell: Spell) -> Any:
    codes, words = pd.factorize(column, use_na_sentinel=True)
    told = pd.array(
        [spell(str(word), repetition) for repetition in range(times) for word in words] + [None], dtype="str"
    )
    place = np.where(codes[at] < 0, len(told) - 1, codes[at] + number * len(words))
    return told.take(place)
