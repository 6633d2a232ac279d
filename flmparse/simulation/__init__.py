"""A simulated migration: both arrays, SAN, nodes and the steps of FLM, and what each command would print.

simulation = simulate(Shape(pairs=64, nodes=4, seed=7), faults=["target-dead-path"])
for name, text in simulation.captures():
    ...

The model (`model`, `machine`) knows no text, the printers know no rule, and neither shares code with the screens that read
what is printed. See docs/decisions/23-second-author.md. The same shape, seed and faults give the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flmparse.errors import UsageError
from flmparse.procedure import Gate
from flmparse.simulation import files, procedure
from flmparse.simulation.drawing import OTHER_SYSTEMS, SYSTEMS, Shape, draw
from flmparse.simulation.faults import Fault, catalogue, fault_named
from flmparse.simulation.files import LAYOUTS, MANIFEST, STYLES, Layout, Style, files_of
from flmparse.simulation.model import Migration
from flmparse.simulation.run_log import Entry, RunLog

__all__ = [
    "LAYOUTS", "MANIFEST", "OTHER_SYSTEMS", "STYLES", "SYSTEMS", "Entry", "Fault", "Layout", "Migration", "Shape", "Simulation", "Style",
    "catalogue", "draw", "files_of", "simulate",
]  # fmt: skip


LEAST_FOR_FAULTS = 2
"""How many pairs, nodes, adapters and ports a shape needs: a fault hits one of a kind and leaves another intact."""


@dataclass(frozen=True)
class Simulation:
    """A migration that was carried out: its final state, and every command with its output."""

    shape: Shape
    migration: Migration
    entries: tuple[Entry, ...]

    def captures(self, style: Style = "cmd", layout: Layout = "gates") -> Iterator[tuple[str, str]]:
        """Yield name and text of every file of the collection, the manifest ``migration.toml`` last."""
        return files.captures(self.migration, self.entries, style, layout)


def simulate(shape: Shape, faults: Sequence[str] = (), gate: Gate = Gate.CLEANED) -> Simulation:
    """Carry out the migration of a shape up to a gate, with the named faults; raises UsageError where they do not fit the shape."""
    if faults and min(shape.pairs, shape.nodes, shape.hbas, shape.ports) < LEAST_FOR_FAULTS:
        raise UsageError("faults need at least two pairs, two nodes, two adapters and two ports")
    if faults and shape.os in OTHER_SYSTEMS:
        raise UsageError(f"faults need nodes with Windows, not {shape.os}")
    migration = draw(shape)
    named = [fault_named(name) for name in faults]
    changes = [(fault.moment, fault.change) for fault in named if fault.change is not None]
    edits = [(fault.gate, fault.edit) for fault in named if fault.edit is not None]
    log = RunLog(migration, changes, edits)
    procedure.run(log, gate)
    return Simulation(shape, migration, tuple(log.finish()))
