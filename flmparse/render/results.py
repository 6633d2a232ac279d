"""A rule's answer and its findings, ready to be printed. `answers` makes them; `views` holds them."""

from dataclasses import dataclass

from flmparse.findings import Result, Severity, Status, WaiverApplied
from flmparse.render.excerpts import Excerpt, Place
from flmparse.render.wording import STATUS_SLUGS, visible

MOST_PLACES = 8
"""Places that are named with an answer; how many more there are is said."""


@dataclass(frozen=True)
class FindingView:
    """One finding with the lines that it rests on; ``pair`` is the key of the pair that it names, ``cited`` its lines where none is quoted."""

    anchor: str
    subject: str
    status: Status
    word: str
    message: str
    fingerprint: str
    excerpts: tuple[Excerpt, ...]
    lines_left_out: int
    pair: str = ""
    nodes: tuple[str, ...] = ()
    cited: tuple[Place, ...] = ()

    @property
    def top_cited(self) -> tuple[Place, ...]:
        """The lines to name where none is quoted."""
        return self.cited[:MOST_PLACES]


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
    findings: tuple[FindingView, ...]
    findings_left_out: int
    places: tuple[str, ...]
    waiver: WaiverApplied | None
    controls: tuple[str, ...] = ()
    run_next: tuple[str, ...] = ()
    cited: tuple[Place, ...] = ()
    pairs: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()

    @property
    def top_cited(self) -> tuple[Place, ...]:
        """The first places that the answer was read from."""
        return self.cited[:MOST_PLACES]

    @property
    def more_cited(self) -> int:
        """How many places are not among the first."""
        return max(0, len(self.cited) - MOST_PLACES)

    @property
    def quiet(self) -> bool:
        """Whether nothing about the answer asks for a reaction."""
        return self.waiver is None and self.status in (Status.PASS, Status.NOT_APPLICABLE)

    @property
    def in_table_only(self) -> bool:
        """Whether the answer stands nowhere but in the table of all answers of its gate."""
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
        """``file:line`` of the first line that shows the status, or nothing."""
        wanted = [finding for finding in self.findings if finding.status is self.status and finding.excerpts]
        return wanted[0].excerpts[0].first_place if wanted else ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The commands still to be captured; they may name captures."""
        return tuple(visible(command) for command in self.result.missing)

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
