"""``flmparse rules``: the catalogue and the page of each rule. Reads no capture, imports no pandas."""

import textwrap
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flmparse.cli import completion
from flmparse.cli.output import STDOUT, write
from flmparse.errors import UsageError

if TYPE_CHECKING:
    from flmparse.render.shapes import RuleRecord
    from flmparse.rules import Rule

EXAMPLES = """\b
Examples:
  flmparse rules
  flmparse rules MSK005
  flmparse rules show masking.every-node-in-view
  flmparse rules --format json -o rules.json
"""

WIDTH = 100


def rules(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RULE",
            autocompletion=completion.rule,
            help="Rules whose page to print, by id or name; without any, the list. `show` before them changes nothing.",
        ),
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option("--format", "-f", help="How it is written.")] = "text",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Write to this file; - is standard output.")
    ] = STDOUT,
) -> None:
    """List the rules, or print the page of one: what it asks, why, when it passes, fails or cannot tell, and the remedy."""
    from flmparse.rules import catalogue, rule_of

    wanted = list(words or ())
    if wanted and wanted[0] in ("show", "list"):
        verb = wanted.pop(0)
        if verb == "show" and not wanted:
            raise UsageError("rules show: which rule? (flmparse rules lists them)")
    chosen = [rule_of(word) for word in wanted]
    if format == "json":
        import json

        records = [record(rule) for rule in chosen or catalogue().values()]
        write(json.dumps({"schema_version": 1, "rules": records}, indent=2) + "\n", output)
    elif chosen:
        write("\n".join(page(rule) for rule in chosen), output)
    else:
        write(listed(list(catalogue().values())), output)


def listed(rules: "list[Rule]") -> str:
    """Return the catalogue, one rule a line."""
    lines = []
    wide = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        gates = ",".join(gate.word for gate in rule.gates)
        lines.append(f"{rule.id:<7} {rule.severity:<8} {rule.name:<{wide}}  {gates}")
    return "\n".join([*lines, f"{len(rules)} rules; flmparse rules ID prints the page of one"]) + "\n"


def page(rule: "Rule") -> str:
    """Return the manual page of a rule."""
    required = ", ".join(gate.word for gate in rule.required) or "nowhere"
    lines = [
        f"{rule.id}  {rule.name}",
        *textwrap.wrap(rule.title, WIDTH),
        "",
        f"  severity   {rule.severity}{'' if rule.waivable else ', cannot be waived'}",
        *_hanging("gates", ", ".join(gate.word for gate in rule.gates)),
        f"  required   {required} (profile paper)",
        *_hanging("reads", ", ".join(rule.needs) or "what is said below"),
        *_hanging("source", rule.reference),
    ]
    for heading, text in rule.page.items():
        lines += ["", heading, *textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")]
    return "\n".join(lines) + "\n"


def _hanging(label: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"  {label:<11}", subsequent_indent=" " * 13)


def record(rule: "Rule") -> "RuleRecord":
    """Return a rule as JSON shows it."""
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "severity": rule.severity,
        "gates": [gate.word for gate in rule.gates],
        "required": [gate.word for gate in rule.required],
        "tables": list(rule.needs),
        "reference": rule.reference,
        "waivable": rule.waivable,
        "page": dict(rule.page),
    }
