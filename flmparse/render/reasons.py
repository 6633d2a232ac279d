"""Why a verdict is what it is: the sentences of a gate, and those of the whole report."""

from collections.abc import Iterable

from flmparse.findings import Status, Verdict
from flmparse.render.results import ResultView
from flmparse.render.views import MOST_REASONS, GateView, Reason
from flmparse.render.wording import number_of


def carried(earlier: list[GateView], asked: set[str]) -> Iterable[ResultView]:
    """Yield what blocked an earlier gate and is not asked again here: it does not change this verdict, but it is not gone."""
    last: dict[str, ResultView] = {}
    for gate in earlier:
        for view in gate.results:
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
) -> tuple[Reason, ...]:
    """Say why a gate has its verdict, the weightiest first."""
    said: list[Reason] = []
    if verdict is Verdict.NO_GO:
        said += [_about(view) for view in results if view.blocks]
    elif verdict is Verdict.INCONCLUSIVE:
        if not reached:
            said.append(
                Reason(
                    "Nothing was captured at this gate or a later one: the migration is not there yet, or nobody captured it."
                )
            )
        if missing:
            said.append(Reason(f"Minimum captures missing: {', '.join(missing)}."))
        if not any(view.status is Status.PASS for view in results):
            said.append(Reason("No rule passed: nothing was proved." if results else "No rule was asked."))
        said += [
            _about(view)
            for view in results
            if view.result.required and view.status is Status.INCONCLUSIVE and view.waiver is None
        ]
    else:
        if verdict is Verdict.GO_WITH_WARNINGS:
            said += [_about(view) for view in results if view.waiver is not None]
            said += [_about(view) for view in results if view.status is Status.WARN and view.waiver is None]
        passed = sum(view.status is Status.PASS for view in results)
        said.append(Reason(f"{number_of(passed, 'rule')} passed; nothing required is open."))
    if left_out:
        said.append(Reason(f"Not asked, by choice: {', '.join(left_out)}."))
    return tuple(said)


def _about(view: ResultView) -> Reason:
    text = view.message if view.waiver is None else f"{view.message} (waived: {view.waiver.reason})"
    return Reason(text, view.rule, view.anchor, view.first_place)


def overall_reasons(gates: list[GateView], verdict: Verdict) -> tuple[Reason, ...]:
    """Return the reasons of the gates that have the worst verdict, each rule once, with the gates where it says so."""
    merged: dict[str, tuple[Reason, list[str]]] = {}
    for gate in gates:
        if gate.verdict is verdict:
            for reason in gate.reasons:
                _, at = merged.setdefault(reason.rule or reason.text, (reason, []))
                at.append(gate.word)
    said = [
        Reason(f"{first.text.removesuffix('.')} (at {', '.join(at)})", first.rule, first.anchor, first.place)
        for first, at in merged.values()
    ]
    undecided = [gate.word for gate in gates if gate.verdict is Verdict.INCONCLUSIVE]
    if verdict is Verdict.NO_GO and undecided:
        # Behind the fails, but never off the first page: repairing what failed does not make those gates GO.
        said.insert(min(len(said), MOST_REASONS - 1), Reason(f"Besides, not decided at {', '.join(undecided)}"))
    return tuple(said)
