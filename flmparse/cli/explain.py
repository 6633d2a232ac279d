"""``flmparse explain``: a rule's page, and on a collection what it read, what it compared and the lines that show it."""

from typing import TYPE_CHECKING, Annotated

import typer

from flmparse.cli import completion, options
from flmparse.cli.asking import ask, read
from flmparse.cli.output import STDOUT, write
from flmparse.cli.rules import page
from flmparse.errors import UsageError

if TYPE_CHECKING:
    from flmparse.findings import Evidence, Result

EXAMPLES = """\b
Examples:
  flmparse explain MSK005
  flmparse explain MSK005 captures/
  flmparse explain IDN002 captures/ --gate created --subject '0328*'
"""


def explain(
    rule: Annotated[str, typer.Argument(autocompletion=completion.rule, help="Id or name of the rule.")],
    collection: Annotated[
        str | None, typer.Argument(help="Folder, .zip or .tar.gz with the captures; without it only the page.")
    ] = None,
    gate: options.Gates = None,
    subject: Annotated[
        str, typer.Option("--subject", metavar="GLOB", help="Only findings whose subject matches: 0328*, MSTPM3032.")
    ] = "*",
    profile: options.Profile = None,
    output: options.Output = STDOUT,
    code_page: options.CodePage = None,
) -> None:
    """Print a rule's page and, with a collection, its answer at each gate with the lines it rests on, passes too."""
    from flmparse.rules import rule_of

    wanted = rule_of(rule)
    text = page(wanted)
    if collection is not None:
        gates = ",".join(gate or ["all"])
        assessment = ask(read(collection, code_page, outputs=[output]), gates, profile, [wanted.id])
        answers = [answer(result, subject) for result in assessment.results]
        if not answers:
            asked = ", ".join(item.word for item in wanted.gates)
            reached = assessment.reached.word if assessment.reached is not None else "no gate"
            raise UsageError(
                f"{wanted.id} is not asked at gate {gates} (its gates: {asked}; the evidence reaches {reached})"
            )
        text += "".join(answers)
    write(text, output)


def answer(result: "Result", subject: str) -> str:
    """Return a rule's answer at one gate: what it says, and the captured lines of every value it compared."""
    from fnmatch import fnmatchcase

    from flmparse.render.wording import visible

    lines = ["", f"{result.gate.word}: {result.status}{', waived' if result.waiver else ''}: {visible(result.message)}"]
    findings = [finding for finding in result.findings if fnmatchcase(finding.subject, subject)]
    for finding in findings:
        sentence = f"{finding.subject}: {finding.message}" if finding.subject else finding.message
        lines += [f"  {finding.status}  {visible(sentence)}  [{finding.fingerprint}]"]
        for evidence in finding.evidence:
            lines += quoted(evidence)
    if not findings:
        lines.append("  read:")
        for evidence in result.evidence:
            lines += quoted(evidence)
    lines += [f"  to capture: {command}" for command in result.missing]
    lines += [f"  {sentence}" for sentence in result.not_captured]
    return "\n".join(lines) + "\n"


def quoted(evidence: "Evidence") -> list[str]:
    """Return captured lines with file, line and the hash of their file."""
    from flmparse.render.wording import visible

    return [
        f"    {evidence.place}  sha256 {evidence.sha256[:12]}",
        *(f"      | {visible(line)}" for line in evidence.text.split("\n")),
    ]
