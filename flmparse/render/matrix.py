"""The matrix of a report: every pair against every family of rules, each cell the findings that name the pair.

A cell tells what names its pair and nothing else: what holds for the whole migration stands in a row of its own, above. An empty
cell is therefore no pass; the passes stand with the rules.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flmparse.evidence.migration import Migration
from flmparse.findings import Status, Subject
from flmparse.render.wording import FAMILIES, STATUS_ORDER, STATUS_SLUGS, STATUS_WORDS, visible

if TYPE_CHECKING:
    from flmparse.render.views import GateView

MOST_PAIRS = 64
"""Pairs that a page lists, the worst first where there are more; the rest is counted by its worst status."""

MOST_LINKS = 3
"""Findings that one cell leads to; how many more there are is said."""

NOT_A_MATTER = (Status.PASS, Status.NOT_APPLICABLE)
"""Notes beside a pass do not colour a cell."""

_PAIR = re.compile(r"(\w+) <- (\w+)")
_DEVICE = re.compile(r"[0-9A-F]{4,5}\Z")
_NOT_FOR_AN_ID = re.compile(r"[^0-9A-Za-z_.-]+")


@dataclass(frozen=True)
class CellLink:
    """A rule that says something of the pair, at a gate, and the anchor where it does."""

    rule: str
    gate: str
    anchor: str


@dataclass(frozen=True)
class Cell:
    """The worst status of a family's findings on a pair, or none; ``number`` counts them."""

    family: str
    status: Status | None
    word: str
    slug: str
    number: int
    links: tuple[CellLink, ...]
    more: int


@dataclass(frozen=True)
class Row:
    """A pair with a cell for each family; the row of the whole migration has no ``key``."""

    name: str
    key: str
    status: Status | None
    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """Families in the order of the work with what their letters stand for, the row of what names no pair, the pairs listed, and the rest in numbers."""

    families: tuple[tuple[str, str], ...]
    whole: Row
    rows: tuple[Row, ...]
    pairs: int
    rest: tuple[tuple[str, int], ...]
    rest_clean: int

    @property
    def left_out(self) -> int:
        """How many pairs are counted and not listed."""
        return self.pairs - len(self.rows)


class PairNames:
    """Which pair a subject names: its whole name, or a device that only one pair has."""

    def __init__(self, migration: Migration) -> None:
        rows = migration.pairs[["pair", "target_device", "source_device"]].drop_duplicates("pair")
        self.names = [str(name) for name in rows["pair"]]
        self.keys = {name: key_of(name) for name in self.names}
        devices: dict[str, set[str]] = {}
        for pair, *both in rows.itertuples(index=False):
            for device in both:
                devices.setdefault(str(device), set()).add(str(pair))
        self._only = {device: next(iter(pairs)) for device, pairs in devices.items() if len(pairs) == 1}

    def named(self, subject: str) -> str | None:
        """Return the pair that a finding's subject names."""
        whole = _PAIR.match(subject)
        if whole:
            return whole[0] if whole[0] in self.keys else None
        return self._only.get(subject) if _DEVICE.match(subject) else None

    def key(self, subject: str) -> str:
        """Return ``<target>-<source>`` of the pair that a subject names, or nothing."""
        pair = self.named(subject)
        return self.keys[pair] if pair is not None else ""


def key_of(pair: str) -> str:
    """Return a pair as anchors and filters have it: ``0328-0720`` of ``0328 <- 0720``."""
    return _NOT_FOR_AN_ID.sub("_", visible(pair).replace(" <- ", "-"))


def family_of(rule: str) -> str:
    """Return the family of a rule id: ``MSK`` of ``MSK005``."""
    return rule.rstrip("0123456789") or rule


@dataclass
class _Tally:
    """What is said of a pair by a family, as it is found."""

    statuses: Counter[Status]
    links: dict[str, tuple[Status, CellLink]]


def matrix_of(gates: "Iterable[GateView]", names: PairNames, families: Iterable[str]) -> Matrix:
    """Return the matrix over all gates: an answer that was bad at one gate stays bad here."""
    said: dict[str | None, dict[str, _Tally]] = {}
    for gate in gates:
        for view in gate.results:
            shown = [finding.anchor for finding in view.findings]
            told = [
                (finding.status, finding.subject, shown[place] if place < len(shown) else view.anchor)
                for place, finding in enumerate(view.result.findings)
            ]
            for status, subject, anchor in told or [(view.status, Subject(""), view.anchor)]:
                if status in NOT_A_MATTER:
                    continue
                tallies = said.setdefault(names.named(subject), {})
                tally = tallies.setdefault(family_of(view.rule), _Tally(Counter(), {}))
                tally.statuses[status] += 1
                held = tally.links.get(view.rule)
                if held is None or _rank(status) < _rank(held[0]):
                    tally.links[view.rule] = status, CellLink(view.rule, gate.word, anchor)
    order = list(FAMILIES)
    columns = tuple(
        sorted(dict.fromkeys(families), key=lambda family: order.index(family) if family in order else len(order))
    )
    heads = tuple((family, FAMILIES.get(family, family)) for family in columns)
    whole = _row("Not about one pair", "", said.get(None, {}), columns)

    def row(name: str) -> Row:
        return _row(visible(name), names.keys[name], said.get(name, {}), columns)

    if len(names.names) <= MOST_PAIRS:
        return Matrix(heads, whole, tuple(map(row, names.names)), len(names.names), (), 0)
    # A row is made of a pair that is listed only: there may be a hundred thousand.
    bad = {name: _worst(said[name]) for name in names.names if name in said}
    numbers = {name: sum(tally.statuses.total() for tally in said[name].values()) for name in bad}
    worst_first = sorted(bad, key=lambda name: (_rank(bad[name]), -numbers[name]))
    rest = Counter(bad[name] for name in worst_first[MOST_PAIRS:])
    counts = tuple((STATUS_WORDS[status], rest[status]) for status in STATUS_ORDER if rest[status])
    listed = tuple(map(row, worst_first[:MOST_PAIRS]))
    return Matrix(heads, whole, listed, len(names.names), counts, len(names.names) - len(bad))


def _worst(tallies: dict[str, _Tally]) -> Status:
    return min((status for tally in tallies.values() for status in tally.statuses), key=_rank)


def _rank(status: Status | None) -> int:
    return len(STATUS_ORDER) if status is None else STATUS_ORDER.index(status)


def _row(name: str, key: str, said: dict[str, _Tally], families: tuple[str, ...]) -> Row:
    cells = tuple(_cell(family, said.get(family)) for family in families)
    worst = min((cell.status for cell in cells), key=_rank, default=None)
    return Row(name, key, worst, sum(cell.number for cell in cells), cells)


# docs/decisions/16-empty-cells.md
def _cell(family: str, tally: _Tally | None) -> Cell:
    if tally is None:
        return Cell(family, None, "no finding", "none", 0, (), 0)
    worst = min(tally.statuses, key=STATUS_ORDER.index)
    held = sorted(tally.links.values(), key=lambda item: (_rank(item[0]), item[1].rule))
    links = tuple(link for _, link in held)
    number = sum(tally.statuses.values())
    more = max(0, len(links) - MOST_LINKS)
    return Cell(family, worst, STATUS_WORDS[worst], STATUS_SLUGS[worst], number, links[:MOST_LINKS], more)
