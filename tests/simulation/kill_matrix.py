"""The kill matrix: each fault, the rules that answer it at its gate, the verdict; and each rule with the faults it answers.

python -m tests.simulation.kill_matrix > docs/kill-matrix.md
"""

import sys
from functools import cache
from pathlib import Path

from flmparse.findings import Status
from flmparse.procedure import Gate
from flmparse.rules import catalogue as rules
from flmparse.simulation import Fault, Shape, catalogue, simulate
from tests.simulation.building import BAD, answers, collection_of, judged, until

SHAPE = Shape(pairs=5, nodes=2, seed=5)
"""The migration of the matrix."""

DOCUMENT = Path(__file__).parents[2] / "docs" / "kill-matrix.md"

HEAD = f"""# Kill matrix

Every fault that `flmparse simulate --fault` knows, put alone into a clean migration of {SHAPE.pairs} pairs and {SHAPE.nodes} nodes
(seed {SHAPE.seed}), and what is answered at its gate under the profile paper. Without a fault every rule passes.

Bold: the rule that must answer. `?` is inconclusive, `!` a warning, all others fail. Made by `make kill-matrix`; tests hold
it against the faults and against what happens.

| fault | what goes wrong | gate | answered by | verdict |
|---|---|---|---|---|
"""


@cache
def clean(gate: Gate) -> dict[str, Status]:
    """Return the answers without a fault."""
    return answers(collection_of(simulate(SHAPE)), gate)


def row(fault: Fault) -> str:
    """Return the line of a fault."""
    item = judged(collection_of(simulate(SHAPE, [fault.id], until(fault.gate))), fault.gate)
    found = {result.rule: result.status for result in item.results}
    answered = [rule for rule, status in found.items() if status in BAD and clean(fault.gate)[rule] not in BAD]
    first = fault.rules[0]
    named = sorted({first, *answered}, key=lambda rule: (rule != first, rule))
    marks = {Status.WARN: "!", Status.INCONCLUSIVE: "?", Status.PASS: " missed", Status.ERROR: " crashed"}
    told = [f"**{rule}**" if rule == first else rule for rule in named]
    text = " ".join(f"{shown}{marks.get(found[rule], '')}" for shown, rule in zip(told, named, strict=True))
    return f"| {fault.id} | {fault.title} | {fault.gate.word} | {text} | {item.verdict} |"


def rows_in(text: str) -> dict[str, str]:
    """Return the lines of the faults in a document, by fault."""
    lines = [line for line in text.split("\n") if line.startswith("| F")]
    return {line.split("|")[1].strip(): line for line in lines}


def by_rule() -> str:
    """Return the table of rules with the faults that they must answer."""
    lines = ["\n## By rule\n", "| rule | what it states | faults |", "|---|---|---|"]
    for rule in rules().values():
        named = [fault.id for fault in catalogue().values() if fault.rules[0] == rule.id]
        lines.append(f"| {rule.id} | {rule.title} | {' '.join(named) or 'none'} |")
    return "\n".join(lines) + "\n"


def document() -> str:
    """Return the whole document."""
    return HEAD + "\n".join(row(fault) for fault in catalogue().values()) + "\n" + by_rule()


if __name__ == "__main__":
    sys.stdout.write(document())
