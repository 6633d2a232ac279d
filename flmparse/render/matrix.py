"""The matrix of a report: every pair against every family of rules, each cell the findings about the pair.

A cell holds what is about its pair and nothing else: what holds for the whole migration stands in a row of its own, above. An empty
cell is therefore no pass; the passes stand with the rules.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flmparse.evidence.migration import Migration
from flmparse.findings import Status, Subject
from flmparse.render import limits
from flmparse.render.model import Cell, CellLink, Cut, Matrix, Row
from flmparse.render.report import GateView, answers
from flmparse.render.wording import FAMILIES, STATUS_ORDER, STATUS_SLUGS, STATUS_WORDS, pair_key, visible

NOT_A_MATTER = (Status.PASS, Status.NOT_APPLICABLE)
"""Notes beside a pass do not colour a cell."""


def pair_keys(migration: Migration) -> dict[str, str]:
    """Return each pair of the pair file, in its order, with what anchors and filters call it."""
    return {name: pair_key(name) for name in map(str, migration.pairs["pair"])}


def family_of(rule: str) -> str:
    """Return the family of a rule id: ``MSK`` of ``MSK005``."""
    return rule.rstrip("0123456789") or rule


@dataclass
class _Tally:
    """What a family says of a pair: how often each status, and of each rule its worst finding."""

    statuses: Counter[Status] = field(default_factory=Counter)
    links: dict[str, tuple[Status, CellLink]] = field(default_factory=dict)

    def add(self, status: Status, link: CellLink) -> None:
        self.statuses[status] += 1
        worst = self.links.get(link.rule)
        if worst is None or _rank(status) < _rank(worst[0]):
            self.links[link.rule] = status, link


_Tallies = dict[str, _Tally]
"""By family."""


def matrix_of(gates: Iterable[GateView], keys: Mapping[str, str], families: Iterable[str]) -> Matrix:
    """Return the matrix of these pairs over all gates: an answer that was bad at one gate stays bad here."""
    by_pair = _tallies_by_pair(gates, keys)
    order = {family: position for position, family in enumerate(FAMILIES)}
    columns = tuple(sorted(dict.fromkeys(families), key=lambda family: order.get(family, len(order))))
    heads = tuple((family, FAMILIES.get(family, family)) for family in columns)
    whole = _row("Migration-wide", "", by_pair.get("", {}), columns)
    if len(keys) <= limits.PAIRS:
        rows = (_row(visible(name), key, by_pair.get(name, {}), columns) for name, key in keys.items())
        return Matrix(heads, whole, Cut(rows))
    # A row is made of a pair that is listed only: there may be a hundred thousand.
    worst = {name: _worst(by_pair[name]) for name in keys if name in by_pair}
    numbers = {name: sum(tally.statuses.total() for tally in by_pair[name].values()) for name in worst}
    worst_first = sorted(worst, key=lambda name: (_rank(worst[name]), -numbers[name]))
    rest = Counter(worst[name] for name in worst_first[limits.PAIRS :])
    counts = tuple((STATUS_WORDS[status], rest[status]) for status in STATUS_ORDER if rest[status])
    rows = (_row(visible(name), keys[name], by_pair[name], columns) for name in worst_first[: limits.PAIRS])
    listed = tuple(rows)
    return Matrix(heads, whole, Cut(listed, left_out=len(keys) - len(listed)), counts, len(keys) - len(worst))


def _tallies_by_pair(gates: Iterable[GateView], keys: Mapping[str, str]) -> dict[str, _Tallies]:
    """Return the findings on each pair; those about no pair of the pair file under the empty name."""
    by_pair: dict[str, _Tallies] = {}
    for gate, view in answers(gates):
        anchors = [finding.anchor for finding in view.findings]
        statements = [(finding.status, finding.subject) for finding in view.result.findings]
        for number, (status, subject) in enumerate(statements or [(view.status, Subject(""))]):
            if status not in NOT_A_MATTER:
                tallies = by_pair.setdefault(subject.pair if subject.pair in keys else "", {})
                anchor = anchors[number] if number < len(anchors) else view.anchor
                link = CellLink(view.rule, gate.word, anchor)
                tallies.setdefault(family_of(view.rule), _Tally()).add(status, link)
    return by_pair


def _worst(tallies: _Tallies) -> Status:
    return min((status for tally in tallies.values() for status in tally.statuses), key=_rank)


def _rank(status: Status | None) -> int:
    return len(STATUS_ORDER) if status is None else STATUS_ORDER.index(status)


def _row(name: str, key: str, tallies: _Tallies, families: tuple[str, ...]) -> Row:
    cells = tuple(_cell(family, tallies.get(family)) for family in families)
    worst = min((cell.status for cell in cells), key=_rank, default=None)
    return Row(name, key, worst, sum(cell.number for cell in cells), cells)


# docs/decisions/16-empty-cells.md
def _cell(family: str, tally: _Tally | None) -> Cell:
    if tally is None:
        return Cell(family, None, "no finding", "none", 0, Cut())
    worst = min(tally.statuses, key=_rank)
    links = [link for _, link in sorted(tally.links.values(), key=lambda item: (_rank(item[0]), item[1].rule))]
    word, slug = STATUS_WORDS[worst], STATUS_SLUGS[worst]
    return Cell(family, worst, word, slug, tally.statuses.total(), Cut(links, limits.LINKS))
