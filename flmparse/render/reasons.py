"""Why a verdict is what it is: the sentences of a gate, and those of the whole report."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flmparse.findings import Status, Verdict
from flmparse.render import limits
from flmparse.render.model import Cut, ResultView
from flmparse.render.report import GateView, Reason, answers
from flmparse.render.wording import number_of


def carried(earlier: Iterable[GateView], asked: set[str]) -> Iterable[ResultView]:
    """Yield what blocked an earlier gate and is not asked again here: it does not change this verdict, but it is not gone."""
    last: dict[str, ResultView] = {}
    for _, view in answers(earlier):
        if view.blocks:
            last[view.rule] = view
        else:
            last.pop(view.rule, None)
    return (view for view in last.values() if view.rule not in asked)


def reasons(
    verdict: Verdict,
    results: tuple[ResultView, ...],
    missing: tuple[str, ...],
    left_out: tuple[str, ...],
    reached: bool,
) -> Cut[Reason]:
    """Return why a gate has its verdict, the weightiest first."""
    why: list[Reason] = []
    if verdict is Verdict.NO_GO:
        why += [_about(view) for view in results if view.blocks]
    elif verdict is Verdict.INCONCLUSIVE:
        if not reached:
            nothing = "Nothing was captured at this gate or a later one"
            why.append(Reason(f"{nothing}: the migration is not there yet, or nobody captured it."))
        if missing:
            why.append(Reason(f"Minimum captures missing: {', '.join(missing)}."))
        if not any(view.status is Status.PASS for view in results):
            why.append(Reason("No rule passed: nothing was proved." if results else "No rule was asked."))
        why += [_about(view) for view in results if view.undecided]
    else:
        if verdict is Verdict.GO_WITH_WARNINGS:
            why += [_about(view) for view in results if view.waiver is not None]
            why += [_about(view) for view in results if view.status is Status.WARN and view.waiver is None]
        passed = sum(view.status is Status.PASS for view in results)
        why.append(Reason(f"{number_of(passed, 'rule')} passed; nothing required is open."))
    if left_out:
        why.append(Reason(f"Not asked, by choice: {', '.join(left_out)}."))
    return Cut(why, limits.REASONS)


def _about(view: ResultView) -> Reason:
    text = view.message if view.waiver is None else f"{view.message} (waived: {view.waiver.reason})"
    return Reason(text, view.rule, view.anchor, view.first_place)


def overall_reasons(gates: Sequence[GateView], verdict: Verdict) -> Cut[Reason]:
    """Return the reasons of the gates that have the worst verdict, each rule once, with the gates where it says so."""
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
        why.insert(min(len(why), limits.REASONS - 1), Reason(f"Besides, not decided at {', '.join(undecided)}"))
    return Cut(why, limits.REASONS)
