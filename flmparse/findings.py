"""What rules say: statuses, findings with their evidence, results, verdicts. Nothing here knows a frame or a format."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from flmparse.procedure import Gate


class Severity(StrEnum):
    """How much a false predicate weighs: it fails (blocker), it warns, or it is only noted (advice)."""

    BLOCKER = "blocker"
    WARNING = "warning"
    ADVICE = "advice"


class Status(StrEnum):
    """What a rule found at a gate. Missing, stale or partial evidence is `INCONCLUSIVE`, never a pass and never a fail."""

    PASS = "pass"
    FAIL = "fail"
    WARN = "warn"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class Verdict(StrEnum):
    """The answer to "may we go on?" at a gate."""

    GO = "GO"
    GO_WITH_WARNINGS = "GO WITH WARNINGS"
    NO_GO = "NO-GO"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_REACHED = "NOT REACHED"


_WORST_FIRST = (Verdict.NO_GO, Verdict.INCONCLUSIVE, Verdict.GO_WITH_WARNINGS, Verdict.GO)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict of the gates that are reached: NO-GO, INCONCLUSIVE, GO WITH WARNINGS, GO; of none INCONCLUSIVE."""
    reached = (verdict for verdict in verdicts if verdict is not Verdict.NOT_REACHED)
    return min(reached, key=_WORST_FIRST.index, default=Verdict.INCONCLUSIVE)


@dataclass(frozen=True, order=True)
class Evidence:
    """Lines of a capture that a statement rests on, as they were captured."""

    capture: str
    line_start: int
    line_end: int
    sha256: str = ""
    text: str = ""

    @property
    def place(self) -> str:
        """``file:line`` or ``file:first-last``."""
        span = f"{self.line_start}" if self.line_start == self.line_end else f"{self.line_start}-{self.line_end}"
        return f"{self.capture}:{span}"


UNNAMED_NODE = "unnamed node"
"""What the node of an output is called that names none."""


class SubjectKind(StrEnum):
    """What kind of thing a statement is about."""

    PAIR = "pair"
    DEVICE = "device"
    NODE = "node"
    PORT = "port"
    FILE = "file"
    OTHER = "other"


# docs/decisions/11-subjects.md
class Subject(str):
    """What a statement is about, as it is printed; ``pair`` and ``node`` tell of which pair and which computer it is, where it is of one.

    It is the printed text, so that waivers, fingerprints and formats see one spelling; the rest is never read out of it.
    """

    kind: SubjectKind
    pair: str
    node: str

    def __new__(cls, text: str, kind: SubjectKind = SubjectKind.OTHER, pair: str = "", node: str = "") -> "Subject":
        """Make a subject of its printed text."""
        subject = super().__new__(cls, text)
        subject.kind, subject.pair, subject.node = kind, pair, node
        return subject

    @classmethod
    def of(cls, subject: str) -> "Subject":
        """Return a subject as it is, and a text as a subject of no kind."""
        return subject if isinstance(subject, Subject) else cls(subject)

    @classmethod
    def of_pair(cls, pair: object, node: object = "", text: str = "") -> "Subject":
        """Return a pair, ``0328 <- 0720``, perhaps on a node; ``text`` is printed instead where the rule names more."""
        on_node = f" on {node}" if node and node != UNNAMED_NODE else ""
        return cls(text or f"{pair}{on_node}", SubjectKind.PAIR, f"{pair}", f"{node}")

    @classmethod
    def of_device(cls, device: object, symmetrix: object = "", pair: object = "") -> "Subject":
        """Return a device, with its array where that is told: ``000187490076:0720``; ``pair`` is the pair that it is of."""
        return cls(f"{symmetrix}:{device}" if symmetrix else f"{device}", SubjectKind.DEVICE, f"{pair}")

    @classmethod
    def of_node(cls, node: object) -> "Subject":
        """Return a computer."""
        return cls(f"{node}", SubjectKind.NODE, node=f"{node}")

    @classmethod
    def of_port(cls, port: object) -> "Subject":
        """Return a director port, ``07E:0``."""
        return cls(f"{port}", SubjectKind.PORT)

    @classmethod
    def of_file(cls, name: object) -> "Subject":
        """Return a captured file."""
        return cls(f"{name}", SubjectKind.FILE)


@dataclass(frozen=True)
class Finding:
    """One statement about one subject, with the lines of every value that was compared.

    A fail or warn without evidence cannot be built.
    """

    rule: str
    subject: Subject
    status: Status
    message: str
    evidence: tuple[Evidence, ...] = ()
    waivable: bool = True
    """False where nobody may accept it, as what was never captured of a whole node."""

    def __post_init__(self) -> None:
        if self.status in (Status.FAIL, Status.WARN) and not self.evidence:
            raise ValueError(f"{self.rule} {self.subject}: a {self.status} needs the lines that show it")

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when what was seen changes; a waiver may name them."""
        seen = "\n".join([self.rule, self.subject, self.status, self.message, *(e.text for e in self.evidence)])
        # A file name may be no text: its bytes then stand in it as lone surrogates.
        return hashlib.sha256(seen.encode("utf-8", errors="surrogatepass")).hexdigest()[:12]


_TARGET = re.compile(r"\btargets?\b", re.I)
_SOURCE = re.compile(r"\bsources? paths?\b", re.I)
_DEAD = re.compile(r"\b(?:dead|gone|lost|failed|offline|down|no target paths?)\b", re.I)
_DEGRADED = re.compile(r"\bdegraded\b", re.I)


def harm(statement: str) -> tuple[int, int]:
    """Return how a statement is ordered among others, the worst first: target before source, dead before degraded."""
    side = 0 if _TARGET.search(statement) else 2 if _SOURCE.search(statement) else 1
    return side, 0 if _DEAD.search(statement) else 1 if _DEGRADED.search(statement) else 2


def counted_by_harm(statements: Iterable[str]) -> str:
    """Return ``1 dead target, 1,000 dead source`` for statements of several kinds of harm; nothing for those of one, or where nothing is dead or degraded."""
    counts = sorted(Counter(map(harm, statements)).items())
    sides, states = ("target", "other", "source"), ("dead ", "degraded ", "")
    kinds = [f"{number:,} {states[state]}{sides[side]}" for (side, state), number in counts]
    return ", ".join(kinds) if len(kinds) > 1 and any(state < len(states) - 1 for (_, state), _ in counts) else ""


@dataclass(frozen=True)
class WaiverApplied:
    """A waiver that stands beside a result: who accepted it, why, until when."""

    reason: str
    owner: str
    approved_by: str
    expires: str
    ticket: str


@dataclass(frozen=True)
class Result:
    """A rule's answer at a gate. ``evidence`` is what it read; ``missing`` is what is still to be captured, as commands that only look."""

    rule: str
    gate: Gate
    severity: Severity
    required: bool
    status: Status
    message: str
    remedy: str = ""
    note: str = ""
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    waiver: WaiverApplied | None = field(default=None)
    not_captured: tuple[str, ...] = ()
    """Sentences on steps of which no output is there: a step is never repeated for the record."""
