"""What a rule is: a question with an id, asked at gates, answered from the evidence that stands there.

A rule is a function of one `Inquiry`; its docstring is its manual page in fixed headings (`PAGE_HEADINGS`). It looks at frames, states what it sees
(`fails`, `warns`, `gap`, `notes`, `holds`), and leaves the status to `Inquiry.result`.
"""

import inspect
import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from flmparse.collection import ReadBlock
from flmparse.columns.selection import nulls
from flmparse.evidence.migration import Migration, Missing, Standing
from flmparse.findings import Evidence, Finding, Result, Severity, Status
from flmparse.manifest import Manifest, Policy
from flmparse.screens import Status as BlockStatus
from flmparse.terms import Gate

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

T = TypeVar("T")

PAGE_HEADINGS = ("Why", "Passes when", "Fails when", "Inconclusive when", "Remedy")

BLOCKER, WARNING, ADVICE = Severity.BLOCKER, Severity.WARNING, Severity.ADVICE

LONGEST_QUOTE = 6
"""Lines quoted of a range that a pass rests on; the range itself is always named whole."""


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue.

    ``gates``: where it is asked. ``required``: where its missing evidence makes the gate INCONCLUSIVE under profile ``paper``
    (under ``strict`` every blocker is required at all its gates). ``waivable`` False: nobody may accept its fail.
    """

    id: str
    name: str
    severity: Severity
    gates: tuple[Gate, ...]
    required: tuple[Gate, ...]
    needs: tuple[str, ...]
    reference: str
    ask: "Callable[[Inquiry], None]"
    waivable: bool = True

    @property
    def title(self) -> str:
        """The requirement in one sentence: the first line of the manual page."""
        return (inspect.getdoc(self.ask) or "").split("\n", 1)[0]

    @property
    def page(self) -> dict[str, str]:
        """The manual page: text by heading (`PAGE_HEADINGS`)."""
        body = (inspect.getdoc(self.ask) or "").split("\n", 1)[-1]
        parts = re.split(rf"^({'|'.join(PAGE_HEADINGS)}):", body, flags=re.M)
        return {head: " ".join(text.split()) for head, text in zip(parts[1::2], parts[2::2], strict=True)}

    def required_at(self, gate: Gate, profile: str) -> bool:
        """Whether the gate stays INCONCLUSIVE without this rule's evidence."""
        if profile == "strict":
            return self.severity is BLOCKER and gate in self.gates
        return gate in self.required


def rule(
    id: str,
    name: str,
    severity: Severity,
    *,
    gates: str,
    required: str = "",
    needs: tuple[str, ...] = (),
    reference: str,
    waivable: bool = True,
) -> "Callable[[Callable[[Inquiry], None]], Rule]":
    """Make a rule of a function. ``gates`` and ``required`` name gates by word, separated by blanks."""

    def make(ask: "Callable[[Inquiry], None]") -> Rule:
        at = tuple(Gate.parse(word) for word in gates.split())
        req = tuple(Gate.parse(word) for word in required.split())
        return Rule(id, name, severity, at, req, needs, reference, ask, waivable)

    return make


class NotApplicable(Exception):  # noqa: N818 - an answer, not an error
    """The rule does not concern this gate, system or configuration; the message says why."""


@dataclass
class Inquiry:
    """One rule asking at one gate: gives it the evidence, keeps what it reads and what it says."""

    rule: Rule
    standing: Standing
    findings: list[Finding] = field(default_factory=list)
    gaps: list[Finding] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    notes_said: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    read_lines: dict[int, tuple[int, int]] = field(default_factory=dict)
    """First and last line of the rows read, by block."""
    read_blocks: dict[int, ReadBlock] = field(default_factory=dict)

    # -- what is asked about ------------------------------------------------------------------------------------------

    @property
    def gate(self) -> Gate:
        """The gate at which the rule asks."""
        return self.standing.gate

    @property
    def migration(self) -> Migration:
        """The migration."""
        return self.standing.migration

    @property
    def manifest(self) -> Manifest:
        """What the manifest states."""
        return self.migration.manifest

    @property
    def policy(self) -> Policy:
        """What the organisation asks for."""
        return self.manifest.policy

    def once(self, work_out: "Callable[..., T]", *sources: Any) -> "T":
        """Return what a function makes of frames that stand (see `Migration.once`)."""
        return self.migration.once(work_out, *sources)

    # -- evidence -----------------------------------------------------------------------------------------------------

    def pairs(self) -> "pd.DataFrame":
        """Return the pairs of the migration; raises Missing without a pair file."""
        pairs = self.migration.pairs
        if not len(pairs):
            raise Missing("not captured: the pair file", "the pair file itself")
        return self._count_standing(pairs)

    def need(self, table: str) -> "pd.DataFrame":
        """Return the rows of a table that stand at this gate (newest, not stale); raises Missing where there are none."""
        rows = self._count_standing(self.standing.newest(table))
        self._read_whole(table)
        return rows

    def have(self, table: str) -> "pd.DataFrame":
        """Return what `need` returns, or an empty frame where nothing stands."""
        try:
            return self.need(table)
        except Missing:
            return self.once(_no_rows, self.migration.collection.frames[table])

    def history(self, table: str) -> "pd.DataFrame":
        """Return every row of a table captured up to this gate, stale ones too."""
        return self._count_standing(self.standing.history(table))

    def paths(self) -> "pd.DataFrame":
        """Return the standing paths of pair devices, classified (`Standing.classified`); reads the view's ports too."""
        paths = self.need("paths")
        self.have("view_ports")
        self.have("view_devices")
        return self.standing.classified(paths)

    def blocks(self, *screens: str) -> list[ReadBlock]:
        """Return the blocks of these screens (all screens when none is named) captured up to this gate, and count them as read."""
        found = [read for read in self.standing.blocks if not screens or read.screen in screens]
        self.read_blocks |= {read.index: read for read in found}
        return found

    def block(self, index: int) -> ReadBlock:
        """Return a block by its number."""
        return self.migration.collection.blocks[int(index)]

    def read(self, rows: "pd.DataFrame") -> "pd.DataFrame":
        """Count rows of another moment as read, so that no pass rests on a damaged one; return them."""
        return self._count(rows, _spans(rows))

    def _count(self, rows: "pd.DataFrame", spans: dict[int, tuple[int, int]]) -> "pd.DataFrame":
        for index, (first, last) in spans.items():
            known = self.read_lines.get(index, (first, last))
            self.read_lines[index] = (min(known[0], first), max(known[1], last))
            self.read_blocks[index] = self.block(index)
        return rows

    def _count_standing(self, rows: "pd.DataFrame") -> "pd.DataFrame":
        return self._count(rows, self.once(_spans, rows))

    def _read_whole(self, table: str) -> None:
        """Count blocks as read that fill the table with no row: a cut output of no rows is no proof of none."""
        for read in self.standing.blocks:
            frames = read.reading.frames
            if table in frames and not frames.rows(table) and read.gate == self.gate:
                self.read_blocks[read.index] = read

    # -- evidence to quote --------------------------------------------------------------------------------------------

    def cite(self, *sources: Any) -> list[Evidence]:
        """Return the captured lines of rows (frames, single rows, records with capture and line) and of blocks, each line once."""
        quoted: dict[tuple[str, int], Evidence] = {}
        for source in sources:
            for capture, line in _places(source):
                if (capture, line) not in quoted:
                    quoted[capture, line] = self.quote(capture, line, line)
        return list(quoted.values())

    def quote(self, capture: str, first_line: int, last_line: int) -> Evidence:
        """Return lines of a capture as evidence."""
        file = self.migration.collection.capture(capture)
        return Evidence(capture, first_line, last_line, file.sha256, file.quote(first_line, last_line))

    # -- statements ---------------------------------------------------------------------------------------------------

    def fails(self, subject: str, message: str, evidence: list[Evidence], *, absent_from: str = "") -> None:
        """State that the predicate is false for a subject; it fails, or warns where the rule is a warning.

        ``absent_from`` names the table in which something was NOT found: where an output that fills it was not understood or
        not whole, nothing can be concluded from absence and the statement becomes a gap.
        """
        if absent_from and self._doubtful(absent_from):
            self.gap(subject, f"{message}; but not every line of that capture was understood", table=absent_from)
            return
        status = Status.FAIL if self.rule.severity is BLOCKER else Status.WARN
        self._state(subject, message, evidence, status)

    def warns(self, subject: str, message: str, evidence: list[Evidence]) -> None:
        """State a warn sub-case of a blocker."""
        self._state(subject, message, evidence, Status.WARN)

    def _state(self, subject: str, message: str, evidence: list[Evidence], status: Status) -> None:
        self.findings.append(Finding(self.rule.id, subject, status, message, tuple(evidence)))

    def gap(
        self, subject: str, message: str, *, table: str = "", capture: str = "", evidence: list[Evidence] | None = None
    ) -> None:
        """State what cannot be decided, and which table (or command) would decide it."""
        from flmparse.tables import table_named as table_named

        wanted = capture or (table_named(table).captured_by if table else "")
        if wanted:
            self.missing[wanted] = None
        self.gaps.append(Finding(self.rule.id, subject, Status.INCONCLUSIVE, message, tuple(evidence or ())))

    def notes(self, message: str, subject: str = "", evidence: list[Evidence] | None = None) -> None:
        """Add a note to a pass (an "info" of the catalogue); it never changes a verdict."""
        self.notes_said.append(message)
        if subject or evidence:
            self.findings.append(Finding(self.rule.id, subject, Status.PASS, message, tuple(evidence or ())))

    def holds(self, message: str) -> None:
        """Say in one sentence what was found, for the case that the rule passes."""
        self.held.append(message)

    def not_applicable(self, reason: str) -> NoReturn:
        """Leave: the rule does not concern this case."""
        raise NotApplicable(reason)

    def _doubtful(self, table: str) -> bool:
        return any(
            not read.status.usable and table in read.reading.frames for read in self.read_blocks.values()
        ) or any(
            not read.status.usable and table in read.reading.frames and read.gate == self.gate
            for read in self.standing.blocks
        )

    # -- the answer ---------------------------------------------------------------------------------------------------

    def result(self, profile: str) -> Result:
        """Ask the rule and return its answer; what it read of partial or cut captures can prove no pass."""
        try:
            self.rule.ask(self)
        except Missing as missing:
            self.missing |= dict.fromkeys(missing.captures)
            self.gaps.append(Finding(self.rule.id, "", Status.INCONCLUSIVE, missing.message))
        except NotApplicable as reason:
            return self._answer(Status.NOT_APPLICABLE, str(reason), profile)
        statuses = {finding.status for finding in self.findings}
        if Status.FAIL in statuses:
            status = Status.FAIL
        elif Status.WARN in statuses and not (self.gaps and self.rule.severity is BLOCKER):
            status = Status.WARN
        elif self.gaps:
            status = Status.INCONCLUSIVE
        else:
            status = Status.PASS
            for read in self.read_blocks.values():
                if not read.status.usable and read.status is not BlockStatus.EMPTY:
                    self.gap(read.capture.name, _why_unusable(read), evidence=self.cite(read))
                    status = Status.INCONCLUSIVE
        return self._answer(status, self._sentence(status), profile)

    def _sentence(self, status: Status) -> str:
        if status is Status.PASS:
            return "; ".join([*self.held, *self.notes_said]) or self.rule.title
        said = [f for f in self.findings if f.status is status] if status is not Status.INCONCLUSIVE else self.gaps
        first = f"{said[0].subject}: {said[0].message}" if said[0].subject else said[0].message
        return first if len(said) == 1 else f"{first} (and {len(said) - 1} more)"

    def _answer(self, status: Status, message: str, profile: str) -> Result:
        required = self.rule.required_at(self.gate, profile)
        remedy = self.rule.page.get("Remedy", "") if status in (Status.FAIL, Status.WARN) else ""
        findings = (*self.findings, *(self.gaps if status is not Status.PASS else ()))
        note = "; ".join(self.notes_said) if status is Status.PASS else ""
        return Result(
            self.rule.id, self.gate, self.rule.severity, required, status, message, remedy, note, findings,
            tuple(self.missing), tuple(self._ranges()),
        )  # fmt: skip

    def _ranges(self) -> list[Evidence]:
        """Return, for each block read, the lines that its rows take."""
        spans = dict(self.read_lines)
        for index, read in self.read_blocks.items():
            spans.setdefault(index, (read.first_line, read.first_line))
        ranges = []
        for index, (first, last) in sorted(spans.items()):
            capture = self.block(index).capture
            text = capture.quote(first, min(last, first + LONGEST_QUOTE - 1))
            if last - first >= LONGEST_QUOTE:
                text += "\n..."
            ranges.append(Evidence(capture.name, first, last, capture.sha256, text))
        return ranges


def _spans(rows: "pd.DataFrame") -> dict[int, tuple[int, int]]:
    """Return the first and last line that rows take of each block."""
    blocks, lines = rows["block"].to_numpy(), rows["line"].to_numpy()
    spans = {}
    for index in dict.fromkeys(blocks.tolist()):
        mine = lines[blocks == index]
        spans[index] = (int(mine.min()), int(mine.max()))
    return spans


def _no_rows(rows: "pd.DataFrame") -> "pd.DataFrame":
    return rows.iloc[:0]


def each(rows: "pd.DataFrame", where: "pd.Series[Any] | np.ndarray[Any, Any] | None" = None) -> Iterator[Any]:
    """Yield the rows that become findings (those of a mask, where one is given), each as a record."""
    if where is not None:
        # Cutting a frame costs many times what looking at the mask does, and most often nothing is wrong.
        if not where.any():
            return
        rows = rows[where]
    if len(rows):
        record = _record(tuple(map(str, rows.columns)))
        yield from map(record, rows.index, *(column for _, column in rows.items()))


@cache
def _record(columns: tuple[str, ...]) -> "Callable[..., Any]":
    """Return what makes a record of a row; making it takes longer than most rows take, so each kind is made once."""
    return namedtuple("Row", ("Index", *columns), rename=True)


def _places(source: Any) -> Iterable[tuple[str, int]]:
    if source is None:
        return []
    if isinstance(source, ReadBlock):
        return [(source.capture.name, source.first_line)]
    if hasattr(source, "columns"):
        known = ~(nulls(source["capture"]) | nulls(source["line"]))
        places = zip(source["capture"].tolist(), source["line"].tolist(), known, strict=True)
        return [(str(capture), int(line)) for capture, line, is_known in places if is_known]
    capture, line = (
        (source["capture"], source["line"])
        if hasattr(source, "index") and not hasattr(source, "_fields")
        else (source.capture, source.line)
    )
    return [(str(capture), int(line))] if line == line and capture == capture else []


def _why_unusable(read: ReadBlock) -> str:
    place = f"{read.capture.name}:{read.first_line}"
    if read.status is BlockStatus.PARTIAL:
        unknown = read.reading.counts.unknown
        what = f"{unknown} lines were not understood" if unknown else "rows contradict each other"
        return f"{place}: {what}; no pass can rest on it"
    if read.status is BlockStatus.CUT:
        return f"{place}: the capture is cut off; no pass can rest on it"
    return f"{place}: the tool answered with an error; no pass can rest on it"
