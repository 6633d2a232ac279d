"""The paths of the pairs, counted for the pictures: how many of each adapter, port and class live, at each moment that was captured."""

from dataclasses import dataclass

from flmparse.collection import SE_HOST
from flmparse.evidence.migration import Migration, MissingEvidence
from flmparse.facts.paths import classified
from flmparse.lazy import pd
from flmparse.procedure import Gate, gates_that_show
from flmparse.screens import Status

MOMENTS = gates_that_show("powermt_display")
"""Before activation, after it, and after the old paths were removed."""

CLASSES = ("target", "source", "unshifted", "unknown")
STATES = ("alive", "dead", "unlicensed", "unread")


@dataclass(frozen=True)
class Count:
    """Paths that share an adapter, a port, or both: ``adapter`` and ``port`` as people call them."""

    adapter: str
    port: str
    path_class: str
    states: tuple[int, int, int, int]
    """Paths by `STATES`."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.states)

    @property
    def all_dead(self) -> bool:
        """Whether none of them lives."""
        return self.states[1] == self.total

    @property
    def words(self) -> str:
        """``4 alive, 1 dead``: states that do not occur are left out, but ``0 alive`` is not."""
        counted = zip(STATES, self.states, strict=True)
        return ", ".join(f"{count:,} {state}" for state, count in counted if count or state == "alive")


@dataclass(frozen=True)
class View:
    """What one computer's display showed at a gate. ``pairs`` is how many pairs have paths of each class."""

    gate: Gate
    computer: str
    capture: str
    whole: bool
    counts: tuple[Count, ...]
    pairs: tuple[tuple[str, int], ...]


def views(migration: Migration, last: Gate) -> tuple[View, ...]:
    """Return what the displays show up to the last gate asked about, by gate and computer.

    A display that stands at several gates is shown at the first of them; one that a later step has made stale is not shown.
    """
    counted: dict[tuple[str, frozenset[int]], View] = {}
    for gate in MOMENTS:
        if gate > last:
            break
        at_gate = migration.at(gate)
        try:
            paths = classified(at_gate, at_gate.newest("paths"))
        except MissingEvidence:
            continue
        for view, blocks in _views_of_computers(migration, gate, paths[~paths["again"]]):
            counted.setdefault((view.computer, blocks), view)
    return tuple(counted.values())


def _views_of_computers(migration: Migration, gate: Gate, paths: "pd.DataFrame") -> list[tuple[View, frozenset[int]]]:
    views = []
    counted = paths.assign(counted_as=_state(paths))
    for computer, rows in counted.groupby("computer", observed=True, sort=True):
        outputs = [migration.collection.outputs[int(index)] for index in sorted(rows["block"].unique())]
        outputs = [output for output in outputs if output.node != SE_HOST]
        if not outputs:
            continue
        pairs = rows.groupby("path_class", observed=True)["pair"].nunique()
        view = View(
            gate,
            str(computer),
            outputs[-1].capture.name,
            all(output.status is Status.PARSED for output in outputs),
            _counts(rows),
            tuple((name, int(pairs[name])) for name in CLASSES if name in pairs.index),
        )
        views.append((view, frozenset(output.index for output in outputs)))
    return views


def _state(paths: "pd.DataFrame") -> "pd.Series[str]":
    """Return what each path counts as: dead counts before unlicensed, and a state that was not read is ``unread``."""
    state, mode = paths["state"].astype("object"), paths["mode"].astype("object")
    counted = state.where(state.isin(("alive", "dead")), "unread")
    return counted.mask((counted == "alive") & (mode == "unlic"), "unlicensed")


def _counts(rows: "pd.DataFrame") -> tuple[Count, ...]:
    named = rows.assign(
        adapter=rows["hba"].astype("Int64").astype("object"), port_name=rows["port"].astype("object").fillna("no port")
    )
    sizes = named.groupby(["path_class", "port_name", "adapter", "counted_as"], observed=True, dropna=False).size()
    table = sizes.unstack("counted_as", fill_value=0).reindex(columns=list(STATES), fill_value=0)
    counts = [
        Count(
            "HBA not read" if pd.isna(adapter) else f"HBA {adapter}", str(port), str(name), (alive, dead, unlic, unread)
        )
        for (name, port, adapter), alive, dead, unlic, unread in table.astype("object").itertuples()
    ]
    # The shorter name first, so that HBA 9 comes before HBA 10.
    return tuple(
        sorted(
            counts, key=lambda count: (CLASSES.index(count.path_class), count.port, len(count.adapter), count.adapter)
        )
    )


def added_up(counts: tuple[Count, ...], adapter: str = "", port: str = "") -> tuple[Count, ...]:
    """Return counts with those of all adapters (named ``adapter``) or all ports of a class (named ``port``) added up."""
    sums: dict[tuple[str, str, str], tuple[int, ...]] = {}
    for count in counts:
        key = (adapter or count.adapter, port or count.port, count.path_class)
        sums[key] = tuple(map(sum, zip(sums.get(key, (0, 0, 0, 0)), count.states, strict=True)))
    return tuple(Count(*key, (s[0], s[1], s[2], s[3])) for key, s in sums.items())
