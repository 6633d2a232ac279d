"""What a report is made of: plain values, ready to be printed. `context` fills them; templates, text and JSON read them."""

from dataclasses import dataclass, field
from functools import cached_property

from flmparse.evidence.migration import Migration
from flmparse.findings import Status, Verdict
from flmparse.procedure import Gate, GatePlan
from flmparse.render.annotated import Annotated
from flmparse.render.captures import CaptureView, ListedCaptures, UnknownView
from flmparse.render.gaps import Gap
from flmparse.render.matrix import Matrix
from flmparse.render.results import ResultView
from flmparse.render.shapes import MigrationRecord
from flmparse.render.svg import Picture
from flmparse.render.wording import (
    STATUS_ORDER,
    STATUS_WORDS,
    number_of,
    token,
)
from flmparse.rules import Rule

MOST_REASONS = 3
"""Reasons that stand on the first page."""

MOST_CHOICES = 120
"""Choices of a filter that are listed; more are typed."""

MOST_REFUSED = 50
"""Files that could not be read that a page names; JSON and the workbook name them all."""

MOST_ON_THE_BOARD = 6
"""Blocking findings, and waivers, that stand on the first page: it has to fit one sheet. How many more there are is said."""


@dataclass(frozen=True)
class Reason:
    """Why a verdict is what it is: a sentence, and the answer that it is about."""

    text: str
    rule: str = ""
    anchor: str = ""
    place: str = ""


@dataclass(frozen=True)
class Group:
    """Answers of a gate that ask for the same reaction; ``slug`` names the kind: blocking, waived, undecided, warnings, open."""

    slug: str
    heading: str
    results: tuple[ResultView, ...]

    @property
    def folded(self) -> bool:
        """Whether a page may fold it away: nothing that decides the gate."""
        return self.slug == "open"


@dataclass(frozen=True)
class Wanted:
    """A capture that is still to be taken, and the rules that wait for it."""

    command: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """How many rules of a gate gave a status."""

    status: Status
    word: str
    number: int


@dataclass(frozen=True)
class GateView:
    """A gate with its verdict, why, and what it found."""

    gate: Gate
    profile: str
    words: GatePlan
    verdict: Verdict
    slug: str
    meaning: str
    reasons: tuple[Reason, ...]
    counts: tuple[Count, ...]
    asked: int
    left_out: tuple[str, ...]
    groups: tuple[Group, ...]
    results: tuple[ResultView, ...]
    wanted: tuple[Wanted, ...]
    missing_captures: tuple[str, ...]
    carried: tuple[ResultView, ...]
    reached: bool

    @property
    def word(self) -> str:
        """The gate's name."""
        return self.gate.word

    @property
    def number(self) -> str:
        """``G3``."""
        return f"G{int(self.gate)}"

    @property
    def noted(self) -> tuple[ResultView, ...]:
        """The passes that have something to say beside them: what looks like a contradiction and is none."""
        return tuple(view for view in self.results if view.quiet and view.findings)

    @property
    def plain_reasons(self) -> tuple[Reason, ...]:
        """The reasons that are about no single rule; those that are stand with their rules."""
        return tuple(reason for reason in self.reasons if not reason.rule)

    @cached_property
    def summary(self) -> str:
        """Return the counts as one sentence part, statuses that do not occur left out."""
        said = [f"{count.number} {count.word}" for count in self.counts if count.number]
        return f"{number_of(self.asked, 'rule')} asked" + (f": {', '.join(said)}" if said else "")


@dataclass(frozen=True)
class Irreversible:
    """A step that cannot be taken back, the gate that asks about it, and where the migration stands: taken, next or later."""

    gate: GateView
    state: str


@dataclass(frozen=True)
class Blocking:
    """A rule that blocks, with the gates where it does."""

    view: ResultView
    gates: tuple[str, ...]


@dataclass(frozen=True)
class WaiverView:
    """A waiver of the manifest and what became of it: ``state`` in words, ``holds`` where it covers anything."""

    rule: str
    subject: str
    gates: str
    state: str
    holds: bool
    covered: int
    expires: str
    approved_by: str
    owner: str
    reason: str
    ticket: str
    place: str


@dataclass(frozen=True)
class Fact:
    """One line of the head of a report."""

    name: str
    value: str


@dataclass(frozen=True)
class Filter:
    """A choice by which findings are looked up: ``choices`` are values with their words, ``long`` whether they are typed, not listed."""

    field: str
    name: str
    choices: tuple[tuple[str, str], ...]

    @property
    def long(self) -> bool:
        """Whether there are too many to list."""
        return len(self.choices) > MOST_CHOICES


@dataclass(frozen=True)
class RuleRow:
    """A rule of the catalogue with its answer at each gate of the report, None where it is not asked; ``absent`` says why in words."""

    rule: str
    title: str
    controls: tuple[str, ...]
    views: tuple[ResultView | None, ...]
    absent: str


@dataclass(frozen=True)
class Report:
    """A whole report.

    ``author`` is who answers for it, where somebody was named; ``organisation``, ``header`` and ``logo`` (a ``data:`` URI) come
    from the manifest; each is empty where nothing says it. ``migration_read`` is for formats that hold whole tables,
    ``templates`` the folder of the user's own templates, if any.
    """

    kind: str
    title: str
    migration: MigrationRecord
    migration_name: str
    facts: tuple[Fact, ...]
    profile: str
    version: str
    verdict: Verdict
    slug: str
    meaning: str
    reasons: tuple[Reason, ...]
    gates: tuple[GateView, ...]
    status_words: tuple[str, ...]
    captures: tuple[CaptureView, ...]
    listed_captures: ListedCaptures
    unknown: tuple[UnknownView, ...]
    unknown_left_out: int
    refused: tuple[str, ...]
    catalogue_size: int
    asked: int
    not_asked: tuple[Rule, ...]
    points_of_no_return: tuple[GateView, ...]
    waivers: tuple[WaiverView, ...]
    as_of: str
    migration_read: Migration = field(repr=False, compare=False)
    author: str = ""
    organisation: str = ""
    header: str = ""
    logo: str = ""
    templates: str = field(default="", repr=False, compare=False)
    reached: Gate | None = None
    matrix: Matrix | None = None
    gaps: tuple[Gap, ...] = ()
    rule_rows: tuple[RuleRow, ...] = ()
    annotated: tuple[Annotated, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """Return what findings can be looked up by: only values that occur."""
        views = [view for gate in self.gates for view in gate.results]
        pairs = {row.key: row.name for row in self.matrix.rows} if self.matrix else {}
        pairs |= {key: key.replace("-", " <- ") for view in views for key in view.pairs if key not in pairs}
        statuses = {finding.status for view in views for finding in view.findings} | {view.status for view in views}
        nodes = sorted({node for view in views for node in view.nodes})
        return (
            Filter("gate", "Gate", tuple((gate.word, f"{gate.number} {gate.word}") for gate in self.gates)),
            Filter("status", "Status", tuple((str(s), STATUS_WORDS[s]) for s in STATUS_ORDER if s in statuses)),
            Filter("rule", "Rule", tuple((row.rule, row.rule) for row in self.rule_rows if any(row.views))),
            Filter("pair", "Pair", tuple(pairs.items())),
            Filter("node", "Node", tuple((token(node), node) for node in nodes)),
        )

    @cached_property
    def _captures_by_name(self) -> dict[str, int]:
        return {capture.name: number for number, capture in enumerate(self.captures, 1)}

    @cached_property
    def _shown_lines(self) -> dict[str, frozenset[int]]:
        return {item.name: item.numbers for item in self.annotated}

    @property
    def top_refused(self) -> tuple[str, ...]:
        """What could not be read, as far as a page names it."""
        return self.refused[:MOST_REFUSED]

    @property
    def more_refused(self) -> int:
        """How much more could not be read."""
        return max(0, len(self.refused) - MOST_REFUSED)

    @cached_property
    def cited_captures(self) -> tuple[Annotated, ...]:
        """Return the captures of which findings cite lines that a page shows."""
        return tuple(item for item in self.annotated if item.cited)

    def has_text_of(self, capture: str) -> bool:
        """Whether the page shows any of the text of a capture."""
        return capture in self._shown_lines

    def anchor_of(self, capture: str, line: int | None = None) -> str:
        """Return the anchor of a capture, or of a line of it; nothing where the page does not show it."""
        number = self._captures_by_name.get(capture)
        if number is None or line is None:
            return f"capture-{number}" if number in self.listed_captures.numbers else ""
        return f"capture-{number}-L{line}" if line in self._shown_lines.get(capture, ()) else ""

    @cached_property
    def irreversible(self) -> tuple[Irreversible, ...]:
        """Return the steps that cannot be taken back. One is taken where something was captured at a later gate."""
        steps: list[Irreversible] = []
        for gate in self.points_of_no_return:
            if self.reached is not None and gate.gate < self.reached:
                steps.append(Irreversible(gate, "taken"))
            else:
                ahead = any(step.state == "next" for step in steps)
                steps.append(Irreversible(gate, "later" if ahead else "next"))
        return tuple(steps)

    @cached_property
    def blocking(self) -> tuple[Blocking, ...]:
        """Return every rule that blocks a gate, as it says it first, with all the gates where it does."""
        found: dict[str, tuple[ResultView, list[str]]] = {}
        for gate in self.gates:
            for view in gate.results:
                if view.blocks:
                    found.setdefault(view.rule, (view, []))[1].append(gate.word)
        return tuple(Blocking(view, tuple(at)) for view, at in found.values())

    @cached_property
    def undecided(self) -> tuple[str, ...]:
        """Return the rules that are required at a gate and not decided there, each once."""
        open_ones = [
            view.rule
            for gate in self.gates
            for view in gate.results
            if view.result.required and view.status is Status.INCONCLUSIVE and view.waiver is None
        ]
        return tuple(dict.fromkeys(open_ones))

    @property
    def top_blocking(self) -> tuple[Blocking, ...]:
        """The blocking rules for the first page."""
        return self.blocking[:MOST_ON_THE_BOARD]

    @property
    def more_blocking(self) -> int:
        """How many blocking rules the first page leaves to the gates."""
        return max(0, len(self.blocking) - MOST_ON_THE_BOARD)

    @property
    def waivers_in_force(self) -> tuple[WaiverView, ...]:
        """The waivers that cover anything."""
        return tuple(waiver for waiver in self.waivers if waiver.holds)

    @property
    def top_waivers(self) -> tuple[WaiverView, ...]:
        """The waivers in force for the first page."""
        return self.waivers_in_force[:MOST_ON_THE_BOARD]

    @property
    def more_waivers(self) -> int:
        """How many waivers in force the first page leaves to their table."""
        return max(0, len(self.waivers_in_force) - MOST_ON_THE_BOARD)

    @property
    def top_reasons(self) -> tuple[Reason, ...]:
        """The reasons for the first page."""
        return self.reasons[:MOST_REASONS]

    @property
    def more_reasons(self) -> int:
        """How many reasons the first page leaves to the gates."""
        return max(0, len(self.reasons) - MOST_REASONS)
