"""Nothing is left out in silence: what is of no known gate and time is weighed as if it were the newest.

The rules of a gate are asked a second time with it. Where one gets worse the gate is held back, once per file, with what to write.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from flmparse.collection import Output
from flmparse.evidence.migration import Migration
from flmparse.findings import Evidence, Finding, Result, Status, Subject
from flmparse.procedure import Gate
from flmparse.rules import Check, Rule, catalogue
from flmparse.screens import Status as OutputStatus

Ask = Callable[[Rule, Check, str], Result]

_FROM_BEST = (Status.NOT_APPLICABLE, Status.PASS, Status.WARN, Status.INCONCLUSIVE, Status.FAIL, Status.ERROR)

TELLS = "EVD001"
"""The rule under whose name it is told."""


def unplaced(migration: Migration) -> list[Output]:
    """Return the outputs of no known gate and time that could prove something."""
    return [
        output
        for output in migration.proving
        if output.gate is None
        and output.time is None
        and output.screen != "pair_file"
        and output.status is not OutputStatus.EMPTY
    ]


def weigh(migration: Migration, gate: Gate, results: list[Result], profile: str, ask: Ask) -> list[Result]:
    """Return the results of a gate with a doubt for each file that, if it were the newest, would make one of them worse."""
    outputs = unplaced(migration)
    if not outputs or not _worse(migration, gate, outputs, results, profile, ask):
        return results
    files: dict[str, list[Output]] = {}
    for output in outputs:
        files.setdefault(output.capture.name, []).append(output)
    worse = {name: _worse(migration, gate, those, results, profile, ask) for name, those in files.items()}
    if not any(worse.values()):
        worse = {name: ["what they say together"] for name in files}
    findings = [_doubt(files[name][0], gate, rules) for name, rules in worse.items() if rules]
    return [_held_back(result, findings) if result.rule == TELLS else result for result in results]


def _worse(
    migration: Migration, gate: Gate, outputs: Iterable[Output], results: list[Result], profile: str, ask: Ask
) -> list[str]:
    """Return the rules whose answer is worse with these outputs as the newest of the gate."""
    indexes = {output.index for output in outputs}
    as_newest = tuple(
        replace(output, gate=gate, is_assumed_newest=True) if output.index in indexes else output
        for output in migration.collection.outputs
    )
    at_gate = Migration(replace(migration.collection, outputs=as_newest), profile).at(gate)
    worse = []
    for result in results:
        rule = catalogue()[result.rule]
        if rule.id.startswith("EVD") or result.status is Status.NOT_APPLICABLE:
            continue
        answer = ask(rule, Check(rule, at_gate), profile)
        matters = rule.required_at(gate, profile) or answer.status is Status.FAIL or answer.required
        if matters and _FROM_BEST.index(answer.status) > _FROM_BEST.index(result.status):
            worse.append(rule.id)
    return worse


def _doubt(output: Output, gate: Gate, rules: list[str]) -> Finding:
    name, line = output.capture.name, output.first_line
    message = (
        f"neither its gate nor its time is known; if it is the newest, {', '.join(rules)} would be worse: "
        f"write #flm gate={gate.word} above line {line}, state gate or time in migration.toml, or move it to a folder of its gate"
    )
    quoted = Evidence(name, line, line, output.capture.sha256, output.capture.quote(line, line))
    return Finding(TELLS, Subject.of_file(name), Status.INCONCLUSIVE, message, (quoted,), waivable=False)


def _held_back(result: Result, findings: list[Finding]) -> Result:
    first = f"{findings[0].subject}: {findings[0].message}"
    message = first if len(findings) == 1 else f"{first} (and {len(findings) - 1} more)"
    return replace(
        result, status=Status.INCONCLUSIVE, required=True, message=message, findings=(*findings, *result.findings)
    )
