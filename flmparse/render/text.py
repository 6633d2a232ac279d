"""An assessment as plain ASCII text for a terminal or a log: verdicts first, then what asks for a reaction, with its lines."""

from collections.abc import Callable, Iterator

from flmparse.evidence.no_gate import BEGINNING
from flmparse.findings import Verdict
from flmparse.render import limits
from flmparse.render.model import Cut, FindingView, ResultView
from flmparse.render.report import GateView, Group, Report
from flmparse.render.verdicts import Reason
from flmparse.render.wording import number_of

Paint = Callable[[str, str], str]
"""Colours a word of the given kind (a verdict's or status's name); the word alone always says as much."""

Answered = dict[tuple[str, str, tuple[str, ...]], str]
"""The gate at which an answer is printed in full, by rule and status, sentence and fingerprints of its findings."""


def plain(kind: str, word: str) -> str:
    """Colour nothing."""
    return word


def text(report: Report, paint: Paint = plain) -> str:
    """Return the whole report as text."""
    lines = [
        *([report.header] if report.header else []),
        f"{report.title}: {report.migration_name}",
        *(f"  {fact.name + ':':15}{fact.value}" for fact in report.facts),
        "",
        *_headline(report, paint),
        "",
        *gate_lines(report, paint),
    ]
    answered: Answered = {}
    for gate in report.gates:
        body = list(_gate_body(gate, paint, answered))
        if body:
            lines += [
                "",
                f"{gate.number} {gate.word}: {gate.asks} {paint(str(gate.verdict), gate.verdict_words)}",
                *body,
            ]
    lines += ["", *_closing(report, paint)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def gate_lines(report: Report, paint: Paint = plain) -> list[str]:
    """Return for each gate its verdict and counts, and below it why; gates that are not reached in one line."""
    lines = []
    for gate in report.gates:
        if gate.verdict is Verdict.NOT_REACHED:
            continue
        verdict = paint(str(gate.verdict), f"{gate.verdict:<16}")
        lines.append(f"{gate.number} {gate.word:<11}{verdict} {gate.summary}")
        if gate.verdict is not Verdict.GO:
            # Of a gate alone the answers stand right below.
            reasons = gate.reasons if len(report.gates) > 1 else gate.plain_reasons
            lines += [f"     {line}" for line in reason_lines(reasons)]
    later = [gate for gate in report.gates if gate.verdict is Verdict.NOT_REACHED]
    if later:
        words = paint(str(Verdict.NOT_REACHED), f"{Verdict.NOT_REACHED}:")
        lines.append(f"{words} {', '.join(gate.word for gate in later)}. {later[0].reasons[0].text}")
    return lines


def _headline(report: Report, paint: Paint) -> list[str]:
    """Return the answer to the question at hand, and what else is to be known of the other gates."""
    headline = report.headline
    return [f"{headline.asks} {paint(str(headline.verdict), headline.words)}", *headline.beside]


def reason_lines(reasons: Cut[Reason]) -> list[str]:
    """Return the first reasons as lines, and how many are left out."""
    lines = [reason.with_place for reason in reasons.listed]
    return [*lines, f"... and {reasons.more} more"] if reasons.more else lines


def _gate_body(gate: GateView, paint: Paint, answered: Answered) -> Iterator[str]:
    for group in gate.groups:
        yield ""
        yield f"  {group.heading}"
        yield from _group_lines(gate, group, paint, answered)
    earlier = [f"    {item.rule} {item.sentence}" for item in (*gate.carried, *gate.of_the_record)]
    earlier += [f"    {gate.open_before}"] if gate.open_before else []
    if earlier:
        yield from ("", "  From earlier gates", *earlier)
    required = {view.rule for view in gate.results if view.result.required and view.waiver is None}
    needed = [f"    minimum of this gate: {', '.join(gate.missing_captures)}"] if gate.missing_captures else []
    helpful: list[str] = []
    for want in gate.wanted:
        line = f"    {want.command}  ({', '.join(want.rules)})"
        (needed if required.intersection(want.rules) else helpful).append(line)
    steps = [f"    {sentence}" for sentence in gate.not_captured]
    for heading, lines in (("Still needed", needed), ("Optional evidence", helpful), ("Steps not captured", steps)):
        if lines:
            yield from ("", f"  {heading}", *lines)


def _group_lines(gate: GateView, group: Group, paint: Paint, answered: Answered) -> Iterator[str]:
    alike: dict[str, list[ResultView]] = {}
    if group.slug in ("undecided", "open"):
        for view in group.results:
            if view.message.startswith(BEGINNING):
                alike.setdefault(view.message, []).append(view)
    for view in group.results:
        others = alike.get(view.message, [view])
        if len(others) > 1:
            # What one capture would answer for several rules is said once.
            if view is others[0]:
                rules = ", ".join(other.rule for other in others)
                yield f"    {paint(str(view.status), f'{view.word:<13}')} {view.message}  ({rules})"
            continue
        ids = "".join(f" [{control}]" for control in view.controls)
        yield f"    {paint(str(view.status), f'{view.word:<13}')} {view.rule}{ids} {view.name}: {view.message}"
        if group.slug == "open":
            continue
        answer = (
            f"{view.rule} {view.status}",
            view.result.message,
            tuple(finding.fingerprint for finding in view.result.findings),
        )
        before = answered.setdefault(answer, gate.word)
        waiver = view.waiver
        if waiver is not None:
            yield f"{'':18}waived until {waiver.expires} by {waiver.approved_by} ({waiver.owner}): {waiver.reason}"
        body = list(_finding_lines(view))
        if view.remedy:
            body.append(f"{'':18}remedy: {view.remedy}")
        if before != gate.word and len(body) > 1:
            body = [f"{'':18}the same as at gate {before}, with its lines there"]
        yield from body


def _finding_lines(view: ResultView) -> Iterator[str]:
    findings = [finding for finding in view.findings if finding.status is view.status]
    for finding in findings[: limits.TEXT_FINDINGS]:
        if len(findings) > 1:
            yield f"{'':18}{finding.subject + ': ' if finding.subject else ''}{finding.message}"
        yield from _quoted(finding)
    if len(findings) > limits.TEXT_FINDINGS:
        more = len(findings) - limits.TEXT_FINDINGS + view.findings.more
        yield f"{'':18}... and {number_of(more, 'finding')} more"


def _quoted(finding: FindingView) -> Iterator[str]:
    lines = [(excerpt.capture, number, text) for excerpt in finding.excerpts for number, text in excerpt.lines]
    for capture, number, text in lines[: limits.TEXT_FINDINGS]:
        yield f"{'':18}{capture}:{number}: {text.strip()}"
    left_out = len(lines) - limits.TEXT_FINDINGS + finding.lines_left_out
    if left_out > 0:
        yield f"{'':18}... and {left_out:,} more {'line' if left_out == 1 else 'lines'}"


def _closing(report: Report, paint: Paint) -> Iterator[str]:
    for refusal in report.refused:
        yield f"Not read: {refusal}"
    for waiver in report.waivers:
        which = f"{waiver.place}: waiver of {waiver.rule} for {waiver.subject} until {waiver.expires}"
        yield f"{which}: {waiver.state}, covers {number_of(waiver.covered, 'finding')}"
    unknown = sum(capture.counts.unknown for capture in report.captures)
    lines = sum(capture.lines for capture in report.captures)
    output = f"{number_of(len(report.captures), 'capture')}, {number_of(lines, 'line')}, {unknown} not understood"
    yield f"{output}; {report.asked} of {number_of(report.catalogue_size, 'check')} evaluated"
    # After a long report the top of it has left the screen.
    yield from _headline(report, paint)
    if report.headline.verdict is not Verdict.GO and len(report.gates) > 1:
        yield from (f"  {line}" for line in reason_lines(report.reasons))
