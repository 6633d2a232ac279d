"""A report, ready to be printed: every status, count, order and sentence is decided here, none in a template.

Markdown, HTML, text and JSON are made from the same `Report`. Nothing in it depends on a clock, a locale or where the files lie.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from flmparse.assessment import Assessment, GateAssessment
from flmparse.errors import UsageError
from flmparse.evidence.migration import Migration
from flmparse.findings import Status, worst
from flmparse.procedure import GATES, Gate
from flmparse.render import limits
from flmparse.render.annotated import annotated
from flmparse.render.answers import Answers, most_findings
from flmparse.render.basis import basis_of
from flmparse.render.captures import capture_views, listed, unknown_views
from flmparse.render.gaps import gaps_of, minimum_captures
from flmparse.render.matrix import family_of, matrix_of
from flmparse.render.model import Cut, ResultView
from flmparse.render.pictures import pictures
from flmparse.render.reasons import headline, of_the_record, open_before, question, reasons, verdict_words
from flmparse.render.report import Count, Fact, GateView, Group, Report, RuleRow, WaiverView, Wanted, answers
from flmparse.render.shapes import MigrationRecord
from flmparse.render.verdicts import Carried
from flmparse.render.wording import STATUS_ORDER, STATUS_WORDS, visible, worst_first
from flmparse.rules import Rule, catalogue
from flmparse.waivers import WaiverState, WaiverUse

GATES_OF: dict[str, tuple[Gate, ...]] = {
    "check": tuple(Gate),
    # docs/decisions/15-readiness-report.md
    "readiness": tuple(gate for gate, plan in GATES.items() if plan.in_readiness),
    "compliance": tuple(Gate),
}
"""The gates of each report. Readiness ends at the two steps that cannot be taken back: activate, and terminate."""


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
    collection, manifest = assessment.collection, assessment.collection.manifest
    reached = assessment.reached
    asked = assessment.migration
    migration = asked if asked is not None and asked.collection is collection else Migration(collection)
    most = most_findings(result for item in asked_gates for result in item.results)
    views = Answers(collection, migration, rules, manifest.controls_of, most)
    gates: list[GateView] = []
    shown: dict[tuple[Gate, str], ResultView] = {}
    for item in asked_gates:
        gates.append(_gate_view(item, views, shown, reached))
    evaluated = {view.rule for _, view in answers(gates)}
    verdict = worst(gate.verdict for gate in gates)
    captures = capture_views(collection)
    listed_captures = listed(captures, _cited(gates))
    described, basis = _migration(migration), basis_of(assessment)
    return Report(
        kind=kind,
        migration=described,
        migration_name=visible(described["name"]) or "A migration without a name",
        facts=tuple(
            Fact(name, visible(value))
            for name, value in (
                *_facts(described, migration.pair_file_doubt).items(),
                *basis.facts.items(),
                ("Organisation", manifest.report.organisation),
                ("Author", author),
            )
            if value
        ),
        basis=basis,
        verdict=verdict,
        headline=headline(kind, gates, verdict, reached, basis.policy),
        gates=tuple(gates),
        captures=captures,
        listed_captures=listed_captures,
        unknown=unknown_views(collection),
        refused=Cut(map(visible, collection.refused), limits.REFUSED),
        catalogue_size=len(rules),
        not_asked=tuple(rule for rule in rules.values() if rule.id not in evaluated),
        waivers=tuple(_waiver_view(use) for use in assessment.waivers),
        migration_read=migration,
        matrix=matrix_of(gates, views.pair_keys, map(family_of, rules)),
        gaps=gaps_of(asked_gates, views.filled, collection),
        not_captured=tuple(dict.fromkeys(text for gate in gates for text in gate.not_captured)),
        rule_rows=_rule_rows(gates, rules, views),
        annotated=annotated(collection, gates, listed_captures.numbers),
        pictures=pictures(replace(assessment, gates=tuple(asked_gates)), migration),
        author=visible(author),
        organisation=visible(manifest.report.organisation),
        header=visible(manifest.report.header),
        logo=collection.logo,
        templates=templates,
        reached=reached,
    )


def _cited(gates: Iterable[GateView]) -> frozenset[str]:
    """Return the captures that findings cite which ask for a reaction."""
    findings = [finding for _, view in answers(gates) if not view.quiet for finding in view.findings]
    quoted = {excerpt.name for finding in findings for excerpt in finding.excerpts}
    return frozenset(quoted | {line.name for finding in findings for line in finding.cited.listed})


def _gate_view(
    item: GateAssessment, views: Answers, shown: dict[tuple[Gate, str], ResultView], evidence_ends: Gate | None
) -> GateView:
    """Return a gate as it is printed; ``shown`` are the answers that earlier gates of the report print, and gets this one's."""
    results = tuple(views.view(result) for result in sorted(item.results, key=worst_first))
    asked = {view.rule for view in results}
    in_question = [rule.id for rule in views.rules.values() if item.gate in rule.gates and item.reached]
    left_out = tuple(rule for rule in in_question if rule not in asked)
    # A fail of a gate that the report is not about is printed in full at the first gate that carries it.
    foreign = [r for r in (*item.carried, *item.of_the_record) if (r.gate, r.rule) not in shown]
    from_before = tuple(views.view(result) for result in foreign)
    shown |= {(view.result.gate, view.rule): view for view in (*results, *from_before)}
    held = tuple(Carried(shown[result.gate, result.rule]) for result in item.carried)
    past = of_the_record((shown[result.gate, result.rule] for result in item.of_the_record), views.rules)
    missing, steps = minimum_captures(item, views.collection)
    sentences = [text for view in results if view.status is Status.INCONCLUSIVE for text in view.not_captured]
    return GateView(
        gate=item.gate,
        profile=item.profile,
        words=GATES[item.gate],
        verdict=item.verdict,
        reasons=reasons(item, results, held, past, missing, steps, left_out, evidence_ends),
        counts=tuple(Count(status, STATUS_WORDS[status], item.counts[status]) for status in STATUS_ORDER),
        left_out=left_out,
        groups=(*([Group("carried", "From earlier gates", from_before)] if from_before else []), *_groups(results)),
        results=results,
        wanted=_wanted(results, views.filled),
        missing_captures=missing,
        not_captured=tuple(dict.fromkeys([*steps, *sentences])),
        carried=held,
        of_the_record=past,
        open_before=open_before(item.open_before),
        asks=question(item, results, GATES[item.gate].question),
        verdict_words=verdict_words(item.verdict, held),
        reached=item.reached,
    )


def _rule_rows(gates: list[GateView], rules: Mapping[str, Rule], views: Answers) -> tuple[RuleRow, ...]:
    by_gate = [{view.rule: view for view in gate.results} for gate in gates]
    titles = {rule.id: rule.title for rule in rules.values()}
    for _, view in answers(gates):
        titles.setdefault(view.rule, view.title)
    rows = []
    for rule, title in titles.items():
        controls = tuple(visible(control) for control in views.controls(rule))
        at_gates = tuple(asked.get(rule) for asked in by_gate)
        rows.append(RuleRow(rule, title, controls, at_gates, "-" if any(at_gates) else "not evaluated"))
    return tuple(rows)


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
        "undecided": "Required evidence missing",
        "warnings": "Warnings",
        "waived": "Accepted by a waiver",
        "open": "Undetermined (not required at this gate)",
    }
    by_kind = {slug: tuple(view for view in results if kind(view) == slug) for slug in headings}
    return tuple(Group(slug, headings[slug], views) for slug, views in by_kind.items() if views)


def _wanted(results: Iterable[ResultView], filled: Callable[[str], str]) -> tuple[Wanted, ...]:
    waiting: dict[str, list[str]] = {}
    for view in results:
        if view.status is Status.INCONCLUSIVE:
            for command in view.result.missing:
                waiting.setdefault(filled(command), []).append(view.rule)
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


def _facts(migration: MigrationRecord, doubt: str) -> dict[str, str]:
    nodes, count = migration["nodes"], migration["node_count"]
    named = ", ".join(nodes)
    described = f"{count} nodes" + (f" (named: {named})" if named else "") if count else named or "not stated"
    pairs = f"{migration['pairs']} in {migration['pair_file']}" if migration["pairs"] and not doubt else doubt
    return {
        "Source array": migration["source_symmetrix"] or "not known",
        "Target array": migration["target_symmetrix"] or "not known",
        "Pairs": pairs or "no pair file captured",
        "Cluster": described + (f", {migration['os']}" if migration["os"] else ""),
    }
