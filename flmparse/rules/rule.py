"""What a rule is: a question with an id, asked at gates, answered from the evidence that stands there.

A rule is a function of one `Check`; its docstring is its manual page in fixed headings (`PAGE_HEADINGS`). It looks at frames and facts, states
what it sees (`fails`, `warns`, `inconclusive`, `note`, `passes`), and leaves the status to `Check.result`.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from flmparse.collection import Output
from flmparse.commands import change_named, not_captured
from flmparse.evidence.migration import GateEvidence, MissingEvidence
from flmparse.evidence.reader import EvidenceReader, Gap
from flmparse.evidence.timeline import before
from flmparse.facts.systems import not_windows
from flmparse.findings import Evidence, Finding, Result, Severity, Status, Subject, counted_by_harm, harm
from flmparse.procedure import Gate
from flmparse.screens import Status as OutputStatus

PAGE_HEADINGS = ("Why", "Passes when", "Fails when", "Inconclusive when", "Remedy")

BLOCKER, WARNING, ADVICE = Severity.BLOCKER, Severity.WARNING, Severity.ADVICE

LONGEST_QUOTE = 6
"""Lines quoted of a range that a pass rests on; the range itself is always named whole."""


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue.

    ``gates``: where it is asked. ``required``: where its missing evidence makes the gate INCONCLUSIVE under profile ``paper``
    (under ``strict`` every blocker is required at all its gates). ``waivable`` False: nobody may accept its fail.
    ``harm_ends``: the gate from which an open fail of an earlier gate no longer holds anything back, because what it warns of is past.
    """

    id: str
    name: str
    severity: Severity
    gates: tuple[Gate, ...]
    required: tuple[Gate, ...]
    needs: tuple[str, ...]
    reference: str
    function: "Callable[[Check], None]"
    waivable: bool = True
    harm_ends: Gate | None = None

    @property
    def title(self) -> str:
        """The requirement in one sentence: the first line of the manual page."""
        return (inspect.getdoc(self.function) or "").split("\n", 1)[0]

    @property
    def page(self) -> dict[str, str]:
        """The manual page: text by heading (`PAGE_HEADINGS`)."""
        body = (inspect.getdoc(self.function) or "").split("\n", 1)[-1]
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
    harm_ends: str = "",
) -> "Callable[[Callable[[Check], None]], Rule]":
    """Make a rule of a function. ``gates`` and ``required`` name gates by word, separated by blanks; ``ready..cleaned`` is an interval."""

    def make(function: "Callable[[Check], None]") -> Rule:
        at = tuple(gate for word in gates.split() for gate in _gates(word))
        req = tuple(gate for word in required.split() for gate in _gates(word))
        ends = Gate.parse(harm_ends) if harm_ends else None
        return Rule(id, name, severity, at, req, needs, reference, function, waivable, ends)

    return make


def _gates(word: str) -> tuple[Gate, ...]:
    """Return the gates of a word: ``ready`` or ``ready..cleaned``."""
    first, _, last = word.partition("..")
    return tuple(gate for gate in Gate if Gate.parse(first) <= gate <= Gate.parse(last or first))


class NotApplicable(Exception):  # noqa: N818 - an answer, not an error
    """The rule does not concern this gate, system or configuration; the message says why."""


class Check(EvidenceReader):
    """One rule asked at one gate: it reads the evidence and states what it sees; the status follows from the statements."""

    def __init__(self, rule: Rule, at_gate: GateEvidence) -> None:
        super().__init__(at_gate)
        self.rule = rule
        self.findings: list[Finding] = []
        self._notes: list[str] = []
        self._passes: list[str] = []

    # -- statements ---------------------------------------------------------------------------------------------------

    def fails(self, subject: str, message: str, evidence: Iterable[Evidence], *, absent_from: str = "") -> None:
        """State that the predicate is false for a subject; it fails, or warns where the rule is a warning.

        ``absent_from`` names the tables, separated by blanks, that lack what the statement says is not there. Where an output
        that fills one of them was not understood or is not whole, absence proves nothing: the statement becomes inconclusive.
        """
        self._state(
            subject, message, evidence, Status.FAIL if self.rule.severity is BLOCKER else Status.WARN, absent_from
        )

    def warns(self, subject: str, message: str, evidence: Iterable[Evidence], *, absent_from: str = "") -> None:
        """State a case of a blocker that only warns; ``absent_from`` as for `fails`."""
        self._state(subject, message, evidence, Status.WARN, absent_from)

    def _state(
        self, subject: str, message: str, evidence: Iterable[Evidence], status: Status, absent_from: str
    ) -> None:
        for table in absent_from.split():
            if self._is_doubtful(table):
                message = f"{message}; but not every line of that capture was understood"
                self.inconclusive(subject, message, table=table, evidence=evidence)
                return
        self.findings.append(Finding(self.rule.id, Subject.of(subject), status, message, tuple(evidence)))

    def note(self, message: str, subject: str = "", evidence: Iterable[Evidence] = ()) -> None:
        """Add a note to a pass (an "info" of the catalogue); it never changes a verdict."""
        self._notes.append(message)
        if subject or evidence:
            self.findings.append(Finding(self.rule.id, Subject.of(subject), Status.PASS, message, tuple(evidence)))

    def passes(self, message: str) -> None:
        """Say in one sentence what was seen, for the case that the rule passes."""
        self._passes.append(message)

    def not_applicable(self, reason: str) -> NoReturn:
        """Leave: the rule does not concern this case."""
        raise NotApplicable(reason)

    def leave_other_systems(self) -> None:
        """Leave a rule about Windows where the nodes run another system."""
        if system := not_windows(self):
            self.not_applicable(f"the nodes run {system}")

    def _is_doubtful(self, table: str) -> bool:
        """Whether an output that the rule read, or one of this gate, fills the table and may lack rows of it."""
        outputs = [output for output in self.outputs_read.values() if table in output.reading.frames]
        # What the rule did not read itself it knows from a fact about everything captured so far.
        outputs += [output for output in self.at_gate.outputs if output.gate == self.gate or not outputs]
        return any(not output.status.usable and table in output.reading.frames for output in outputs)

    # -- the answer ---------------------------------------------------------------------------------------------------

    def result(self, profile: str) -> Result:
        """Ask the rule and return its answer; what it read of partial or cut captures can prove no pass."""
        try:
            self.rule.function(self)
        except MissingEvidence as missing:
            self.missing |= dict.fromkeys(missing.captures)
            # Nobody can accept unseen what the paths of all nodes are.
            of_paths = any(capture.startswith("powermt display") for capture in missing.captures)
            self.inconclusive("", missing.message, waivable=not of_paths)
        except NotApplicable as reason:
            return self._answer(Status.NOT_APPLICABLE, str(reason), profile)
        status = self._status()
        return self._answer(status, self._sentence(status), profile)

    def _status(self) -> Status:
        statuses = {finding.status for finding in self.findings}
        if Status.FAIL in statuses:
            return Status.FAIL
        is_blocker = self.rule.severity is BLOCKER
        # That a blocker does not fail is a pass of its kind, which no damaged capture proves.
        if not self.gaps and (is_blocker or Status.WARN not in statuses):
            self._doubt_unusable()
        if Status.WARN in statuses and not (self.gaps and (is_blocker or self.holds_back)):
            return Status.WARN
        return Status.INCONCLUSIVE if self.gaps else Status.PASS

    def _doubt_unusable(self) -> None:
        """State a gap for each output read that is partial or cut, or in which the tool answered with an error."""
        for output in self.outputs_read.values():
            if output.status.usable or output.status is OutputStatus.EMPTY or self.was_repeated(output):
                continue
            subject = Subject.of_file(output.capture.name)
            self.inconclusive(subject, _why_unusable(output), evidence=self.cite(output))

    @property
    def _holds_back_go(self) -> bool:
        """Whether a gap holds back a GO although the rule is not required."""
        return self.holds_back or (self.rule.severity is BLOCKER and any(gap.is_doubt for gap in self.gaps))

    def was_repeated(self, output: Output) -> bool:
        """Whether an output is a step that was refused, changed nothing, and succeeded later."""
        return output.refused and any(
            not later.refused
            and not set(output.operations).isdisjoint(later.operations)
            and before(output, later) is True
            for later in self.migration.steps
        )

    def _sentence(self, status: Status) -> str:
        if status is Status.PASS:
            return "; ".join([*self._passes, *self._notes]) or self.rule.title
        statements: Sequence[Gap | Finding]
        statements = self.gaps if status is Status.INCONCLUSIVE else [f for f in self.findings if f.status is status]
        # No cap may hide one dead target path behind a thousand dead source paths.
        first = min(statements, key=lambda statement: harm(statement.message))
        sentence = f"{first.subject}: {first.message}" if first.subject else first.message
        kinds = counted_by_harm(statement.message for statement in statements if status is not Status.INCONCLUSIVE)
        more = f"{len(statements) - 1:,} more{'; in all ' + kinds if kinds else ''}"
        return sentence if len(statements) == 1 else f"{sentence} (and {more})"

    def _answer(self, status: Status, message: str, profile: str) -> Result:
        findings = list(self.findings)
        if status is not Status.PASS:
            gaps = self.gaps
            findings += [
                Finding(self.rule.id, g.subject, Status.INCONCLUSIVE, g.message, g.evidence, waivable=g.waivable)
                for g in gaps
            ]
        return Result(
            self.rule.id,
            self.gate,
            self.rule.severity,
            self.rule.required_at(self.gate, profile) or (status is Status.INCONCLUSIVE and self._holds_back_go),
            status,
            message,
            remedy=self.rule.page.get("Remedy", "") if status in (Status.FAIL, Status.WARN) else "",
            note="; ".join(self._notes) if status is Status.PASS else "",
            findings=tuple(sorted(findings, key=lambda finding: harm(finding.message))),
            missing=tuple(wanted for wanted in self.missing if not change_named(wanted)),
            evidence=tuple(self._ranges()),
            not_captured=tuple(dict.fromkeys(not_captured(wanted) for wanted in self.missing if change_named(wanted))),
        )

    def _ranges(self) -> list[Evidence]:
        """Return, for each output read, the lines that its rows take."""
        spans = dict(self.lines_read)
        for index, output in self.outputs_read.items():
            spans.setdefault(index, (output.first_line, output.first_line))
        ranges = []
        for index, (first, last) in sorted(spans.items()):
            capture = self.output(index).capture
            text = capture.quote(first, min(last, first + LONGEST_QUOTE - 1))
            if last - first >= LONGEST_QUOTE:
                text += "\n..."
            ranges.append(Evidence(capture.name, first, last, capture.sha256, text))
        return ranges


def _why_unusable(output: Output) -> str:
    position = f"{output.capture.name}:{output.first_line}"
    if output.status is OutputStatus.PARTIAL:
        unknown = output.reading.counts.unknown
        what = f"{unknown} lines were not understood" if unknown else "rows contradict each other"
        return f"{position}: {what}; no pass can rest on it"
    if output.status is OutputStatus.CUT:
        return f"{position}: the capture is cut off; no pass can rest on it"
    return f"{position}: the tool answered with an error; no pass can rest on it"
