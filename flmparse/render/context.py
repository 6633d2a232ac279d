"""What a report shows, ready to be printed: every status, count, order and sentence is decided here, none in a template.

Markdown, HTML, text and JSON are made from the same `Report`. Nothing in it depends on a clock, a locale or where the files lie.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import flmparse
from flmparse.assessment import Assessment, GateAssessment
from flmparse.errors import UsageError
from flmparse.evidence.migration import Migration
from flmparse.findings import Result, Status, Verdict
from flmparse.procedure import GATES, Gate
from flmparse.render.annotated import annotated
from flmparse.render.answers import Answers, most_findings
from flmparse.render.captures import capture_views, listed, unknown_views
from flmparse.render.gaps import gaps_of
from flmparse.render.matrix import family_of, matrix_of
from flmparse.render.pictures import pictures
from flmparse.render.reasons import carried, overall_reasons, reasons
from flmparse.render.results import ResultView
from flmparse.render.shapes import MigrationRecord
from flmparse.render.views import (
    Count,
    Fact,
    GateView,
    Group,
    Report,
    RuleRow,
    WaiverView,
    Wanted,
)
from flmparse.render.wording import (
    REPORT_TITLES,
    SEVERITY_ORDER,
    STATUS_ORDER,
    STATUS_WORDS,
    VERDICT_MEANINGS,
    VERDICT_SLUGS,
    visible,
)
from flmparse.rules import Rule, catalogue
from flmparse.waivers import WaiverState, WaiverUse

GATES_OF: dict[str, tuple[Gate, ...]] = {
    "check": tuple(Gate),
    # docs/decisions/15-readiness-report.md
    "readiness": tuple(gate for gate, plan in GATES.items() if plan.in_readiness),
    "compliance": tuple(Gate),
}
"""The gates of each report. Readiness ends at the two steps that cannot be taken back: activate, and terminate."""

WORST_FIRST = (Verdict.NO_GO, Verdict.INCONCLUSIVE, Verdict.GO_WITH_WARNINGS, Verdict.GO)


def report_of(
    assessment: Assessment,
    kind: str = "check",
    rules: Mapping[str, Rule] | None = None,
    *,
    author: str = "",
    templates: str = "",
) -> Report:
    """Return the report of a kind (`GATES_OF`) on the gates that the assessment holds. ``rules`` is the catalogue."""
    if kind not in GATES_OF:
        raise UsageError(f"no report {kind!r} (reports: {', '.join(GATES_OF)})")
    rules = catalogue() if rules is None else rules
    asked_gates = [item for item in assessment.gates if item.gate in GATES_OF[kind]]
    if not asked_gates:
        words = ", ".join(gate.word for gate in GATES_OF[kind])
        raise UsageError(f"the {kind} report is about the gates {words}; none of them was asked")
    collection = assessment.collection
    last_gate = max((block.gate for block in collection.outputs if block.gate is not None), default=None)
    known = assessment.migration
    migration_read = known if known is not None and known.collection is collection else Migration(collection)
    most = most_findings(result for item in asked_gates for result in item.results)
    answers = Answers(collection, migration_read, rules, collection.manifest.controls_of, most)
    gates: list[GateView] = []
    for item in asked_gates:
        reached = last_gate is not None and item.gate <= last_gate
        gates.append(_gate_view(item, answers, gates, reached))
    evaluated = {view.rule for gate in gates for view in gate.results}
    verdict = min((gate.verdict for gate in gates), key=WORST_FIRST.index)
    unknown, unknown_left_out = unknown_views(collection)
    captures = capture_views(collection)
    to_list = listed(captures, _cited(gates))
    migration = _migration(migration_read)
    manifest = collection.manifest
    return Report(
        kind=kind,
        title=REPORT_TITLES[kind],
        pictures=pictures(replace(assessment, gates=tuple(asked_gates)), migration_read),
        migration=migration,
        migration_name=visible(migration["name"]) or "A migration without a name",
        facts=(*_facts(migration), *_facts_of_the_report(manifest.report.organisation, author)),
        profile=assessment.profile,
        version=flmparse.__version__,
        verdict=verdict,
        slug=VERDICT_SLUGS[verdict],
        meaning=VERDICT_MEANINGS[verdict],
        reasons=overall_reasons(gates, verdict),
        gates=tuple(gates),
        status_words=tuple(STATUS_WORDS[status] for status in STATUS_ORDER),
        captures=captures,
        listed_captures=to_list,
        unknown=unknown,
        unknown_left_out=unknown_left_out,
        refused=tuple(visible(text) for text in collection.refused),
        catalogue_size=len(rules),
        asked=len(evaluated & set(rules)),
        not_asked=tuple(rule for rule in rules.values() if rule.id not in evaluated),
        points_of_no_return=tuple(gate for gate in gates if gate.words.point_of_no_return),
        waivers=tuple(_waiver_view(use) for use in assessment.waivers),
        as_of=assessment.as_of.isoformat() if assessment.as_of is not None else "",
        migration_read=migration_read,
        author=visible(author),
        organisation=visible(manifest.report.organisation),
        header=visible(manifest.report.header),
        logo=collection.logo,
        templates=templates,
        reached=last_gate,
        matrix=matrix_of(gates, answers.names, (family_of(rule) for rule in rules)),
        gaps=gaps_of(gates, answers.filled),
        rule_rows=_rule_rows(gates, rules, answers),
        annotated=annotated(collection, gates, to_list.numbers),
    )


def _cited(gates: Iterable[GateView]) -> frozenset[str]:
    """Return the captures that findings cite which ask for a reaction."""
    findings = [finding for gate in gates for view in gate.results if not view.quiet for finding in view.findings]
    quoted = {excerpt.name for finding in findings for excerpt in finding.excerpts}
    return frozenset(quoted | {place.name for finding in findings for place in finding.top_cited})


def _gate_view(item: GateAssessment, answers: Answers, earlier: list[GateView], reached: bool) -> GateView:
    results = tuple(answers.view(result) for result in sorted(item.results, key=_worst_first))
    asked = {view.rule for view in results}
    left_out = tuple(rule.id for rule in answers.rules.values() if item.gate in rule.gates and rule.id not in asked)
    groups = _groups(results)
    missing = tuple(text.replace("_", " ") for text in item.missing_captures)
    return GateView(
        gate=item.gate,
        profile=item.profile,
        words=GATES[item.gate],
        verdict=item.verdict,
        slug=VERDICT_SLUGS[item.verdict],
        meaning=VERDICT_MEANINGS[item.verdict],
        reasons=reasons(item.verdict, results, missing, left_out, reached),
        counts=tuple(Count(status, STATUS_WORDS[status], item.counts[status]) for status in STATUS_ORDER),
        asked=len(results),
        left_out=left_out,
        groups=groups,
        results=results,
        wanted=_wanted(results),
        missing_captures=missing,
        carried=tuple(carried(earlier, asked)),
        reached=reached,
    )


def _worst_first(result: Result) -> tuple[int, int, str]:
    return STATUS_ORDER.index(result.status), SEVERITY_ORDER.index(result.severity), result.rule


def _rule_rows(gates: list[GateView], rules: Mapping[str, Rule], answers: Answers) -> tuple[RuleRow, ...]:
    asked = [{view.rule: view for view in gate.results} for gate in gates]
    titles = {rule.id: rule.title for rule in rules.values()}
    for at in asked:
        titles |= {view.rule: view.title for view in at.values() if view.rule not in titles}
    return tuple(
        RuleRow(
            rule,
            title,
            tuple(visible(control) for control in answers.controls(rule)),
            views := tuple(at.get(rule) for at in asked),
            "not asked here" if any(views) else "not evaluated",
        )
        for rule, title in titles.items()
    )


def _groups(results: tuple[ResultView, ...]) -> tuple[Group, ...]:
    def kind(view: ResultView) -> str:
        if view.waiver is not None:
            return "waived"
        if view.blocks:
            return "blocking"
        if view.status is Status.INCONCLUSIVE:
            return "undecided" if view.result.required else "open"
        return "warnings" if view.status in (Status.WARN, Status.FAIL) else ""

    headings = {
        "blocking": "Blocks the next step",
        "undecided": "Required and not decided",
        "warnings": "Warnings",
        "waived": "Accepted by a waiver",
        "open": "Not decided, not required here",
    }
    held = {slug: tuple(view for view in results if kind(view) == slug) for slug in headings}
    return tuple(Group(slug, headings[slug], views) for slug, views in held.items() if views)


def _wanted(results: Iterable[ResultView]) -> tuple[Wanted, ...]:
    waiting: dict[str, list[str]] = {}
    for view in results:
        if view.status is Status.INCONCLUSIVE:
            for command in view.result.missing:
                waiting.setdefault(command, []).append(view.rule)
    most_waited_for = sorted(waiting.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Wanted(visible(command), tuple(rules)) for command, rules in most_waited_for)


def _migration(migration: Migration) -> MigrationRecord:
    manifest = migration.manifest
    return {
        "name": manifest.migration.name,
        "pair_file": migration.pair_file_name,
        "pairs": len(migration.pairs),
        "source_symmetrix": migration.source_symmetrix,
        "target_symmetrix": migration.target_symmetrix,
        "node_count": manifest.expected_nodes,
        "nodes": [node.name for node in manifest.nodes],
        "os": manifest.os,
        "manifest": manifest.present,
    }


def _waiver_view(use: WaiverUse) -> WaiverView:
    waiver = use.waiver
    return WaiverView(
        rule=visible(waiver.rule),
        subject=visible(waiver.subject),
        gates=", ".join(gate.word for gate in waiver.gates) or "every gate",
        state=str(use.state) + (", covers several subjects at every gate" if use.broad else ""),
        holds=use.state in (WaiverState.IN_FORCE, WaiverState.EXPIRING),
        covered=use.covered,
        expires=waiver.expires.isoformat() if waiver.expires else "not readable",
        approved_by=visible(waiver.approved_by),
        owner=visible(waiver.owner),
        reason=visible(waiver.reason),
        ticket=visible(waiver.ticket),
        place=f"migration.toml:{waiver.line}",
    )


def _facts(migration: MigrationRecord) -> tuple[Fact, ...]:
    nodes, count = migration["nodes"], migration["node_count"]
    named = ", ".join(nodes)
    described = f"{count} nodes" + (f" (named: {named})" if named else "") if count else named or "not stated"
    shown = {
        "Source array": migration["source_symmetrix"] or "not known",
        "Target array": migration["target_symmetrix"] or "not known",
        "Pairs": f"{migration['pairs']} in {migration['pair_file']}" if migration["pairs"] else "no pair file captured",
        "Cluster": described + (f", {migration['os']}" if migration["os"] else ""),
    }
    return tuple(Fact(name, visible(str(value))) for name, value in shown.items())


def _facts_of_the_report(organisation: str, author: str) -> tuple[Fact, ...]:
    said = {"Organisation": organisation, "Author": author}
    return tuple(Fact(name, visible(value)) for name, value in said.items() if value)
