"""A whole report: its gates, and what stands before and behind them. `context` makes it; templates, text and JSON read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from flmparse.evidence.migration import Migration
from flmparse.findings import Status, Verdict
from flmparse.procedure import Gate, GatePlan
from flmparse.render import limits
from flmparse.render.basis import Basis
from flmparse.render.model import (
    Annotated,
    CaptureView,
    Cut,
    Gap,
    ListedCaptures,
    Matrix,
    ResultView,
    UnknownView,
)
from flmparse.render.shapes import MigrationRecord
from flmparse.render.svg import Picture
from flmparse.render.verdicts import Carried, Headline, Judged, Reason
from flmparse.render.wording import (
    REPORT_TITLES,
    STATUS_ORDER,
    STATUS_WORDS,
    number_of,
    pair_key,
    token,
    visible,
)
from flmparse.rules import Rule


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
class GateView(Judged):
    """A gate with its verdict, why, and what its rules answered.

    ``asks`` is its question, with that of a failback where it arises; ``verdict_words`` the verdict with what is carried;
    ``not_captured`` sentences on steps of which no output is there; ``open_before`` one on evidence that earlier gates miss.
    """

    gate: Gate
    profile: str
    words: GatePlan
    verdict: Verdict
    reasons: Cut[Reason]
    counts: tuple[Count, ...]
    left_out: tuple[str, ...]
    groups: tuple[Group, ...]
    results: tuple[ResultView, ...]
    wanted: tuple[Wanted, ...]
    missing_captures: tuple[str, ...]
    not_captured: tuple[str, ...]
    carried: tuple[Carried, ...]
    of_the_record: tuple[Carried, ...]
    open_before: str
    asks: str
    verdict_words: str
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
    def asked(self) -> int:
        """How many rules were asked."""
        return len(self.results)

    @property
    def noted(self) -> tuple[ResultView, ...]:
        """The passes that have something to say beside them: what looks like a contradiction and is none."""
        return tuple(view for view in self.results if view.quiet and view.findings)

    @property
    def plain_reasons(self) -> Cut[Reason]:
        """The reasons that are about no single rule; those that are stand with their rules."""
        return Cut((reason for reason in self.reasons if not reason.rule), limits.REASONS)

    @cached_property
    def summary(self) -> str:
        """Return the counts as one sentence part, statuses that do not occur left out."""
        counts = ", ".join(f"{count.number} {count.word}" for count in self.counts if count.number)
        asked = f"{self.asked} of " if self.left_out else ""
        checks = f"{asked}{number_of(self.asked + len(self.left_out), 'check')} evaluated"
        return checks + (f": {counts}" if counts else "")


def answers(gates: Iterable[GateView]) -> Iterator[tuple[GateView, ResultView]]:
    """Yield every answer with its gate, in the order of the page."""
    return ((gate, view) for gate in gates for view in gate.results)


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
        return len(self.choices) > limits.CHOICES


@dataclass(frozen=True)
class RuleRow:
    """A rule of the catalogue with its answer at each gate of the report, None where it is not asked; ``absent`` says why in words."""

    rule: str
    title: str
    controls: tuple[str, ...]
    views: tuple[ResultView | None, ...]
    absent: str


@dataclass(frozen=True)
class Report(Judged):
    """A whole report.

    ``author`` is who answers for it, where somebody was named; ``organisation``, ``header`` and ``logo`` (a ``data:`` URI) come
    from the manifest; each is empty where nothing says it. ``migration_read`` is for formats that hold whole tables,
    ``templates`` the folder of the user's own templates, if any.
    """

    kind: str
    migration: MigrationRecord
    migration_name: str
    facts: tuple[Fact, ...]
    basis: Basis
    verdict: Verdict
    headline: Headline
    gates: tuple[GateView, ...]
    captures: tuple[CaptureView, ...]
    listed_captures: ListedCaptures
    unknown: Cut[UnknownView]
    refused: Cut[str]
    catalogue_size: int
    not_asked: tuple[Rule, ...]
    waivers: tuple[WaiverView, ...]
    migration_read: Migration = field(repr=False, compare=False)
    matrix: Matrix
    gaps: tuple[Gap, ...]
    not_captured: tuple[str, ...]
    rule_rows: tuple[RuleRow, ...]
    annotated: tuple[Annotated, ...]
    pictures: tuple[Picture, ...]
    author: str = ""
    organisation: str = ""
    header: str = ""
    logo: str = ""
    templates: str = field(default="", repr=False, compare=False)
    reached: Gate | None = None

    @property
    def title(self) -> str:
        """What the report is called."""
        return REPORT_TITLES[self.kind]

    @property
    def profile(self) -> str:
        """The profile by which evidence is required."""
        return self.basis.profile

    @property
    def version(self) -> str:
        """The version of flmparse that judged."""
        return self.basis.version

    @property
    def as_of(self) -> str:
        """The moment at which waivers are judged, ISO 8601; empty where none is known."""
        return self.basis.as_of.isoformat() if self.basis.as_of is not None else ""

    @property
    def reasons(self) -> Cut[Reason]:
        """Why the headline says what it says."""
        return self.headline.reasons

    @property
    def status_words(self) -> tuple[str, ...]:
        """The statuses in words, in the order of each gate's counts."""
        return tuple(STATUS_WORDS[status] for status in STATUS_ORDER)

    @property
    def asked(self) -> int:
        """How many rules of the catalogue were asked at any gate."""
        return self.catalogue_size - len(self.not_asked)

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """Return what findings can be looked up by: only values that occur."""
        views = [view for _, view in answers(self.gates)]
        pairs = {row.key: row.name for row in self.matrix.rows}
        unlisted = dict.fromkeys(key for view in views for key in view.pairs if key not in pairs)
        if unlisted:
            names = {pair_key(name): visible(name) for name in map(str, self.migration_read.pairs["pair"])}
            pairs |= {key: names[key] for key in unlisted}
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
    def _numbers_by_name(self) -> dict[str, int]:
        return {capture.name: number for number, capture in enumerate(self.captures, 1)}

    @cached_property
    def _printed_lines(self) -> dict[str, frozenset[int]]:
        return {item.name: item.numbers for item in self.annotated}

    @cached_property
    def cited_captures(self) -> tuple[Annotated, ...]:
        """Return the captures of which findings cite lines that a page prints."""
        return tuple(item for item in self.annotated if item.cited)

    def has_text_of(self, capture: str) -> bool:
        """Whether the page prints any of the text of a capture."""
        return capture in self._printed_lines

    def anchor_of(self, capture: str, line: int | None = None) -> str:
        """Return the anchor of a capture, or of a line of it; nothing where the page does not print it."""
        number = self._numbers_by_name.get(capture)
        if number is None or line is None:
            return f"capture-{number}" if number in self.listed_captures.numbers else ""
        return f"capture-{number}-L{line}" if line in self._printed_lines.get(capture, ()) else ""

    @property
    def points_of_no_return(self) -> tuple[GateView, ...]:
        """The gates that ask about a step that cannot be taken back."""
        return tuple(gate for gate in self.gates if gate.words.point_of_no_return)

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
    def blocking(self) -> Cut[Blocking]:
        """Return every rule that blocks a gate, as it says it first, with all the gates where it does."""
        gates_of: dict[str, tuple[ResultView, list[str]]] = {}
        for gate in self.gates:
            blocks = [view for view in gate.results if view.blocks] + [item.view for item in gate.carried]
            for view in blocks:
                gates_of.setdefault(view.rule, (view, []))[1].append(gate.word)
        return Cut((Blocking(view, tuple(words)) for view, words in gates_of.values()), limits.BOARD)

    @cached_property
    def undecided(self) -> tuple[str, ...]:
        """Return the rules that are required at a gate and not decided there, each once."""
        return tuple(dict.fromkeys(view.rule for _, view in answers(self.gates) if view.undecided))

    @property
    def waivers_in_force(self) -> Cut[WaiverView]:
        """The waivers that cover anything."""
        return Cut((waiver for waiver in self.waivers if waiver.holds), limits.BOARD)
