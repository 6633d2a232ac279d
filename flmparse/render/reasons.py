"""Why a verdict is what it is: what a gate carries from earlier ones, the sentences of a gate, and the headline of the whole report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flmparse.assessment import GateAssessment
from flmparse.findings import Result, Status, Verdict
from flmparse.procedure import Gate
from flmparse.render import limits
from flmparse.render.basis import PolicyChange
from flmparse.render.model import Cut, ResultView
from flmparse.render.report import GateView
from flmparse.render.verdicts import Carried, Headline, Reason
from flmparse.render.wording import FAILBACK_RULES, STEP_TAKEN, VERDICT_MEANINGS, number_of
from flmparse.rules import Rule


def of_the_record(fails: Iterable[ResultView], rules: Mapping[str, Rule]) -> tuple[Carried, ...]:
    """Return fails whose harm is past, with the step that was taken in spite of them: ``activated in spite of ENV003``."""
    ends = ((view, rules[view.rule].harm_ends) for view in fails)
    return tuple(Carried(view, STEP_TAKEN[gate]) for view, gate in ends if gate is not None)


def open_before(results: Iterable[Result]) -> str:
    """Return which gates miss evidence that they require, in one sentence; an empty string for none."""
    by_gate: dict[str, list[str]] = {}
    for result in sorted(results, key=lambda result: result.gate):
        by_gate.setdefault(result.gate.word, []).append(result.rule)
    words = [f"{gate} ({_few(rules)})" for gate, rules in by_gate.items()]
    return f"Required evidence of earlier gates is missing: {', '.join(words)}." if words else ""


def _few(rules: Sequence[str]) -> str:
    more = len(rules) - limits.RULES_NAMED
    return ", ".join(rules[: limits.RULES_NAMED]) + (f" and {more} more" if more > 0 else "")


def verdict_words(verdict: Verdict, carried: Iterable[Carried]) -> str:
    """Return a verdict with what it rests on of earlier gates: ``NO-GO, carried from prepare: ENV006``."""
    by_gate: dict[str, list[str]] = {}
    for item in carried:
        by_gate.setdefault(item.gate, []).append(item.rule)
    return ", ".join([str(verdict), *(f"carried from {gate}: {_few(rules)}" for gate, rules in by_gate.items())])


def reasons(
    item: GateAssessment,
    results: tuple[ResultView, ...],
    carried: tuple[Carried, ...],
    of_the_record: tuple[Carried, ...],
    missing: tuple[str, ...],
    steps: tuple[str, ...],
    left_out: tuple[str, ...],
    evidence_ends: Gate | None,
) -> Cut[Reason]:
    """Return why a gate has its verdict, the weightiest first."""
    verdict, why = item.verdict, list[Reason]()
    if not item.reached:
        ends = (
            f"the evidence ends at {evidence_ends.word}"
            if evidence_ends is not None
            else "nothing that was captured has a gate"
        )
        return Cut([Reason(f"{VERDICT_MEANINGS[Verdict.NOT_REACHED].removesuffix('.')} ({ends}).")])
    if verdict is Verdict.NO_GO:
        why += [_about(view) for view in results if view.blocks]
        why += map(_from_before, carried)
    elif verdict is Verdict.INCONCLUSIVE:
        if left_out:
            asked = f"{len(results)} of {number_of(len(results) + len(left_out), 'check')} evaluated"
            why.append(Reason(f"{asked}, the others left out by choice: nothing is proved about them."))
        if missing:
            why.append(Reason(f"Minimum captures missing: {', '.join(missing)}."))
        why += map(Reason, steps)
        if not any(view.status is Status.PASS for view in results):
            why.append(Reason("Nothing could be verified." if results else "No check was evaluated."))
        why += [_about(view) for view in results if view.undecided]
        if item.profile == "strict" and item.open_before:
            why.append(Reason(open_before(item.open_before)))
    else:
        why += map(_from_before, of_the_record)
        if verdict is Verdict.GO_WITH_WARNINGS:
            why += [_about(view) for view in results if view.waiver is not None]
            why += [_about(view) for view in results if view.status is Status.WARN and view.waiver is None]
        passed = sum(view.status is Status.PASS for view in results)
        why.append(Reason(f"{number_of(passed, 'check')} passed; nothing required is open."))
    if left_out and verdict is not Verdict.INCONCLUSIVE:
        why.append(Reason(f"Not evaluated, by choice: {_few(left_out)}."))
    return Cut(why, limits.REASONS)


def _about(view: ResultView) -> Reason:
    text = view.message if view.waiver is None else f"{view.message} (waived: {view.waiver.reason})"
    return Reason(text, view.rule, view.anchor, view.first_place)


def _from_before(item: Carried) -> Reason:
    return Reason(item.sentence, item.rule, item.view.anchor, item.view.first_place)


def question(item: GateAssessment, results: Iterable[ResultView], asked: str) -> str:
    """Return what is asked at a gate; where paths, sessions, disks or nodes fail while the copy runs, whether to fail back."""
    blocking = [view.rule for view in results if view.blocks and view.rule.startswith(FAILBACK_RULES)]
    if item.gate is Gate.COPYING and blocking:
        return f"{asked} Or is a failback needed ({_few(blocking)})?"
    return asked


def headline(
    kind: str, gates: Sequence[GateView], verdict: Verdict, evidence_ends: Gate | None, policy: Sequence[PolicyChange]
) -> Headline:
    """Return the answer to the question at hand: that of the last gate of the report that is reached, else of its first.

    The compliance report asks about all gates at once.
    """
    judged = (f"Not judged by the default policy: {', '.join(change.sentence for change in policy)}",) if policy else ()
    reached = [gate for gate in gates if gate.reached]
    at = reached[-1] if reached else gates[0]
    over = _over(reached, verdict)
    if kind == "compliance" and reached:
        asked = f"Up to {at.word}. Was it done as prescribed?"
        beside = f"At {at.word}. {at.asks} {at.verdict_words}"
        return Headline(asked, verdict, str(verdict), overall_reasons(reached, verdict), (beside, *judged))
    ends = evidence_ends.word if evidence_ends is not None else ""
    if at.reached:
        goes_on = evidence_ends is not None and evidence_ends > at.gate
        where = f"At {at.word}{f' (the evidence goes on to {ends})' if goes_on else ''}"
    else:
        where = f"Gate {at.word} is not reached{f' (the evidence ends at {ends})' if ends else ''}"
    others = (over,) if len(reached) > 1 and verdict is not at.verdict else ()
    return Headline(f"{where}. {at.asks}", at.verdict, at.verdict_words, at.reasons, (*others, *judged))


def _over(gates: Sequence[GateView], verdict: Verdict) -> str:
    """Return the worst verdict over the gates that are reached, with the gates that have it."""
    words = [gate.word for gate in gates if gate.verdict is verdict]
    return f"Over {number_of(len(gates), 'gate')}: {verdict} ({', '.join(words)})"


def overall_reasons(gates: Sequence[GateView], verdict: Verdict) -> Cut[Reason]:
    """Return the reasons of the gates that have the worst verdict, each rule once, with the gates where it says so."""
    if verdict is Verdict.GO:
        passed = sum(count.number for gate in gates for count in gate.counts if count.status is Status.PASS)
        return Cut([Reason(f"All {number_of(passed, 'check')} at {number_of(len(gates), 'gate')} passed.")])
    merged: dict[str, tuple[Reason, list[str]]] = {}
    for gate in gates:
        if gate.verdict is verdict:
            for reason in gate.reasons:
                merged.setdefault(reason.rule or reason.text, (reason, []))[1].append(gate.word)
    why = [
        replace(first, text=f"{first.text.removesuffix('.')} (at {', '.join(words)})")
        for first, words in merged.values()
    ]
    undecided = [gate.word for gate in gates if gate.verdict is Verdict.INCONCLUSIVE]
    if verdict is Verdict.NO_GO and undecided:
        # Behind the fails, but never off the first page: repairing what failed does not make those gates GO.
        why.insert(min(len(why), limits.REASONS - 1), Reason(f"Also inconclusive: {', '.join(undecided)}"))
    return Cut(why, limits.REASONS)
