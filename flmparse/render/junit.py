"""JUnit XML: the gates as test suites, for a build server that shows what blocks.

Each gate begins with a case called ``verdict``: it fails unless the gate is GO (with or without warnings). Without it a gate
whose required evidence is missing would be green, because a rule that cannot be decided is a skipped case.
See docs/decisions/19-junit-verdict.md.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from flmparse.findings import Status, Verdict
from flmparse.render import limits
from flmparse.render.model import ResultView
from flmparse.render.report import GateView, Report
from flmparse.render.wording import visible


def junit(report: Report) -> str:
    """Return the report as JUnit XML."""
    root = Element("testsuites", name=_legal(f"{report.title}: {report.migration_name}"))
    root.extend(_suite(report, gate) for gate in report.gates)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(report: Report, gate: GateView) -> Element:
    suite = Element("testsuite", name=f"{gate.number} {gate.word}")
    properties = SubElement(suite, "properties")
    values = {
        "question": gate.words.question,
        "verdict": str(gate.verdict),
        "profile": gate.profile,
        "flmparse": report.version,
        "organisation": report.organisation,
        "author": report.author,
        "as_of": report.as_of,
        "headline": report.headline.sentence,
        **{f"{name}_sha256": value for name, value in report.basis.hashes.items()},
        **{name.lower().replace(" ", "_"): value for name, value in report.basis.facts.items()},
    }
    for name, value in values.items():
        if value:
            SubElement(properties, "property", name=name, value=_legal(value))
    suite.append(_verdict(gate))
    suite.extend(_case(gate, view) for view in gate.results)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    return suite


def _verdict(gate: GateView) -> Element:
    case = Element("testcase", classname=f"flmparse.{gate.word}", name=f"verdict: {gate.words.question}")
    why = [reason.sentence for reason in gate.reasons]
    why += [
        f"{item.rule} {item.sentence}"
        for item in gate.of_the_record
        if item.sentence not in {r.text for r in gate.reasons}
    ]
    why += [*([gate.open_before] if gate.open_before else []), *gate.not_captured]
    if gate.verdict is Verdict.NOT_REACHED:
        SubElement(case, "skipped", type=str(gate.verdict), message=_legal("; ".join(why)))
    elif gate.verdict in (Verdict.NO_GO, Verdict.INCONCLUSIVE):
        message = _legal(f"{gate.verdict_words}: {gate.meaning}")
        _print(SubElement(case, "failure", type=str(gate.verdict), message=message), why)
    else:
        _print(SubElement(case, "system-out"), [str(gate.verdict), *why])
    return case


def _case(gate: GateView, view: ResultView) -> Element:
    ids = "".join(f" [{control}]" for control in view.controls)
    case = Element("testcase", classname=f"flmparse.{gate.word}", name=_legal(f"{view.rule} {view.name}{ids}"))
    lines = list(_lines(view))
    if view.waiver is not None:
        waived = f"waived until {view.waiver.expires} by {view.waiver.approved_by}: {view.waiver.reason} ({view.word}: {view.message})"
        SubElement(case, "skipped", type="waived", message=_legal(waived))
    elif view.status in (Status.FAIL, Status.ERROR):
        tag = "failure" if view.status is Status.FAIL else "error"
        _print(SubElement(case, tag, type=str(view.result.severity), message=_legal(view.message)), lines)
        return case
    elif view.status in (Status.INCONCLUSIVE, Status.NOT_APPLICABLE):
        needed = ", required here" if view.result.required and view.status is Status.INCONCLUSIVE else ""
        SubElement(case, "skipped", type=view.word, message=_legal(f"{view.word}{needed}: {view.message}"))
    if lines:
        _print(SubElement(case, "system-out"), [f"{view.word}: {view.message}", *lines])
    return case


def _lines(view: ResultView) -> Iterator[str]:
    """Yield what a case prints: each finding with the lines that it rests on, what is still needed, the remedy."""
    if view.status is Status.PASS:
        if view.note:
            yield f"note: {view.note}"
        return
    for finding in view.findings:
        yield f"{finding.word}: {finding.subject + ': ' if finding.subject else ''}{finding.message} [{finding.fingerprint}]"
        for excerpt in finding.excerpts:
            yield from (f"  {excerpt.capture}:{number}: {text}" for number, text in excerpt.lines)
        if finding.lines_left_out:
            yield f"  ... and {finding.lines_left_out} more lines, in the JSON report"
    if view.findings.more:
        yield f"... and {view.findings.more} more findings, in the JSON report"
    yield from (f"still needed: {command}" for command in view.missing)
    yield from view.not_captured
    if view.remedy:
        yield f"remedy: {view.remedy}"


def _print(element: Element, lines: list[str]) -> None:
    printed, more = lines[: limits.CASE_LINES], len(lines) - limits.CASE_LINES
    if more > 0:
        printed.append(f"... and {more} more lines, in the JSON report")
    element.text = "\n".join(_legal(line) for line in printed)


def _legal(text: str) -> str:
    r"""Return text that XML can hold: control characters written out as everywhere, and the two that only XML refuses."""
    return visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
