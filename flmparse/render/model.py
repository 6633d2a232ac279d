"""What the parts of a report are made of: plain values, ready to be printed. Builders fill them; templates and formats read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from flmparse.findings import Result, Severity, Status, WaiverApplied
from flmparse.render.wording import STATUS_SLUGS, visible
from flmparse.screens import LineCounts

T = TypeVar("T", covariant=True)


class Cut(tuple[T, ...]):
    """A tuple of which a page lists the first ones.

    ``listed`` are those, ``more`` is how many others there are, also those (``left_out``) of which nothing was made.
    """

    listed: tuple[T, ...]
    more: int

    def __new__(cls, items: Iterable[T] = (), most: int | None = None, left_out: int = 0) -> "Cut[T]":
        """Make a cut of ``items`` of which ``most`` are listed (default: all)."""
        cut = super().__new__(cls, items)
        cut.listed = cut[:most]
        cut.more = len(cut) - len(cut.listed) + left_out
        return cut


# -- answers ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Excerpt:
    """Lines of one capture, in its order: ``lines`` are pairs of number and text, ``place`` names them: ``se-host.txt:6,13-15``."""

    capture: str
    place: str
    sha256: str
    lines: tuple[tuple[int, str], ...]
    name: str = ""
    """The capture's own name: ``capture`` has its control characters written out."""

    @property
    def first_place(self) -> str:
        """``file:line`` of the first line, as editors take it."""
        return f"{self.capture}:{self.lines[0][0]}"


@dataclass(frozen=True)
class Place:
    """A line that is cited: the capture's own name, the line, and ``file:first-last`` as it is printed."""

    name: str
    line: int
    text: str


@dataclass(frozen=True)
class FindingView:
    """One finding with the lines that it rests on; ``pair`` is the key of the pair that it is about, ``cited`` its lines where none is quoted."""

    anchor: str
    subject: str
    status: Status
    word: str
    message: str
    fingerprint: str
    excerpts: tuple[Excerpt, ...]
    lines_left_out: int
    pair: str
    nodes: tuple[str, ...]
    cited: Cut[Place]


@dataclass(frozen=True)
class ResultView:
    """A rule's answer at a gate with the rule's own words.

    ``controls`` are the organisation's own ids of the rule; ``run_next`` the commands whose output would settle it, as they can be
    typed; ``pairs`` and ``nodes`` what its findings are about.
    """

    result: Result
    anchor: str
    rule: str
    name: str
    title: str
    reference: str
    word: str
    message: str
    findings: Cut[FindingView]
    places: tuple[str, ...]
    waiver: WaiverApplied | None
    controls: tuple[str, ...]
    run_next: tuple[str, ...]
    cited: Cut[Place]
    pairs: tuple[str, ...]
    nodes: tuple[str, ...]

    @property
    def quiet(self) -> bool:
        """Whether nothing about the answer asks for a reaction."""
        return self.waiver is None and self.status in (Status.PASS, Status.NOT_APPLICABLE)

    @property
    def in_table_only(self) -> bool:
        """Whether the answer is printed nowhere but in the table of all answers of its gate."""
        return self.quiet and not self.findings

    @property
    def to_run(self) -> tuple[str, ...]:
        """What to run next, where it says more than what is missing."""
        return () if self.run_next == self.missing else self.run_next

    @property
    def slug(self) -> str:
        """The shape that stands beside the word."""
        return STATUS_SLUGS[self.status]

    @property
    def status(self) -> Status:
        """The status, which a waiver never replaces."""
        return self.result.status

    @property
    def first_place(self) -> str:
        """``file:line`` of the first line that proves the status, or nothing."""
        wanted = [finding for finding in self.findings if finding.status is self.status and finding.excerpts]
        return wanted[0].excerpts[0].first_place if wanted else ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The commands still to be captured; they may name captures."""
        return tuple(visible(command) for command in self.result.missing)

    @property
    def not_captured(self) -> tuple[str, ...]:
        """Sentences on steps of which no output is there."""
        return tuple(visible(sentence) for sentence in self.result.not_captured)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return visible(self.result.remedy)

    @property
    def note(self) -> str:
        """What is noted beside a pass."""
        return visible(self.result.note)

    @property
    def blocks(self) -> bool:
        """Whether this answer alone makes the gate NO-GO."""
        failed = self.status is Status.FAIL and self.result.severity is Severity.BLOCKER
        return self.result.waiver is None and (self.status is Status.ERROR or failed)

    @property
    def undecided(self) -> bool:
        """Whether this answer alone makes the gate INCONCLUSIVE."""
        return self.result.required and self.status is Status.INCONCLUSIVE and self.waiver is None


@dataclass(frozen=True)
class Gap:
    """One capture to take: ``on`` is where it is run, ``required`` whether a gate waits for it, ``rules`` and ``gates`` who does.

    Without a rule it is a minimum capture of its gates.
    """

    command: str
    on: str
    required: bool
    gates: tuple[str, ...]
    rules: tuple[str, ...]


# -- the matrix of pairs --------------------------------------------------------------------------------------------------


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
    links: Cut[CellLink]


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
    """Families in the order of the work with what their letters stand for, the row of what is about no pair, the pairs listed, and the rest in numbers."""

    families: tuple[tuple[str, str], ...]
    whole: Row
    rows: Cut[Row]
    rest: tuple[tuple[str, int], ...] = ()
    rest_clean: int = 0

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return len(self.rows) + self.rows.more


# -- captures -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaptureView:
    """One capture. ``nodes``, ``gates``, ``times`` and ``screens`` are those of its outputs, each once, in order."""

    name: str
    sha256: str
    encoding: str
    size_bytes: int
    lines: int
    counts: LineCounts
    nodes: tuple[str, ...]
    gates: tuple[str, ...]
    times: tuple[str, ...]
    screens: tuple[str, ...]
    statuses: tuple[str, ...]
    problems: Cut[str]

    @property
    def shown_name(self) -> str:
        """The name with control characters written out."""
        return visible(self.name)


@dataclass(frozen=True)
class ListedCaptures:
    """The captures that a page lists, each with its number from 1, in the collection's order; ``rest`` counts the others by what they hold."""

    rows: Cut[tuple[int, CaptureView]]
    rest: tuple[tuple[str, int], ...] = ()

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The numbers of those that are listed."""
        return frozenset(number for number, _ in self.rows)


@dataclass(frozen=True)
class UnknownView:
    """A run of lines that was not understood: where, its first line, and what would have been."""

    place: str
    text: str
    expected: str


# -- captured text ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """A finding that cites a line: its rule and first gate, the anchor where it stands, and at how many more gates it does."""

    text: str
    more_gates: int
    anchor: str
    slug: str


@dataclass(frozen=True)
class Line:
    """A line as captured, control characters written out."""

    number: int
    text: str
    unknown: bool
    marks: Cut[Mark]


@dataclass(frozen=True)
class Run:
    """Consecutive lines; ``folded`` is how many are left out before them."""

    folded: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Annotated:
    """A capture's text: ``number`` counts the captures from 1; ``folded_after`` is how many lines follow the last one printed."""

    number: int
    name: str
    sha256: str
    lines: int
    runs: tuple[Run, ...]
    folded_after: int

    @property
    def anchor(self) -> str:
        """The anchor of the capture; that of its line 12 is this with ``-L12``."""
        return f"capture-{self.number}"

    @property
    def shown_name(self) -> str:
        """The name with control characters written out."""
        return visible(self.name)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The lines that are printed."""
        return frozenset(line.number for run in self.runs for line in run.lines)

    @cached_property
    def cited(self) -> tuple[tuple[str, str], ...]:
        """The lines that findings cite, ``12-14``, each run with the rules that do and their first gates."""
        spans: list[tuple[int, int, str]] = []
        for line in (line for run in self.runs for line in run.lines if line.marks):
            more = [f"and {line.marks.more} more"] if line.marks.more else []
            rules = ", ".join([*(mark.text for mark in line.marks.listed), *more])
            if spans and spans[-1][1:] == (line.number - 1, rules):
                spans[-1] = (spans[-1][0], line.number, rules)
            else:
                spans.append((line.number, line.number, rules))
        return tuple((f"{first}" if first == last else f"{first}-{last}", rules) for first, last, rules in spans)

    @property
    def folded(self) -> int:
        """How many lines are not printed."""
        return self.lines - len(self.numbers)
