"""STA008: changes outside the procedure, and whether what they can have changed was looked at again."""

from flmparse.evidence.changes import Change
from flmparse.evidence.computers import same_computer
from flmparse.evidence.timeline import before
from flmparse.facts.session import done_steps
from flmparse.findings import Subject
from flmparse.procedure import Effect
from flmparse.rules.rule import BLOCKER, Check, rule


@rule(
    "STA008", "state.steps-in-procedure", BLOCKER,
    gates="prepare..cleaned", needs=("operations",),
    reference="practice; white paper pages 10 to 21: the procedure has no other step",
)  # fmt: skip
def steps_in_procedure(check: Check) -> None:
    """Nothing was changed outside the procedure that was not looked at again.

    Why: what a command changed that nobody planned, no check before it can know; many of them print nothing.
    Passes when: no such change was captured, or what it can have changed was captured again after it (a note).
    Fails when: a failback or recreate took the session back and nothing since has brought it forward, or the masking view was deleted
    and no view was shown since.
    Inconclusive when: what a change can have changed was not captured after it, its effect is not known, or nothing tells the order.
    Remedy: capture again what the message names; find out who ran the command, and why.
    """
    for change in check.at_gate.changes:
        _judge(check, change)
    count = len(check.at_gate.changes)
    check.passes(f"{count} changes outside the procedure, all looked at again" if count else "no change outside it")


def _judge(check: Check, change: Change) -> None:
    """State one change, unless what it can have changed was captured since."""
    output, typed = change.output, change.typed
    subject = Subject.of_node(output.node) if output.node else Subject("steps")
    cited = check.cite(output)
    if change.undoes:
        if any(
            before(output, later) is True for name in (change.undoes, "create") for later in done_steps(check, name)
        ):
            check.note(f"{typed} took the session back; {change.undoes} was run again", subject, cited)
        elif output.succeeded:
            check.fails(
                subject, f"{typed} took {change.undoes} back, and nothing since has brought it forward again", cited
            )
        else:
            message = f"{typed}: whether it took {change.undoes} back is not known, its output says nothing of success"
            check.inconclusive(
                subject, message, capture="symrcopy -f <pair file> query", evidence=cited, holds_back=True
            )
        return
    open_effects = {
        name: effect for name, effect in change.effects.items() if not _was_looked_at(check, change, effect)
    }
    what = " and ".join(change.effects) if len(change.effects) < MANY else "whatever it can have changed"
    if not open_effects:
        is_step = typed == "symaccess create"
        words = "was run" if is_step else "is no step of the procedure"
        check.note(f"{typed} {words}; {what} were captured again after it", subject, cited)
        return
    deleted_view = output.command is not None and output.command.has_words("delete", "view")
    if "views" in open_effects and deleted_view:
        check.fails(subject, f"{typed} view took the masking back, and no view was shown since", cited)
        return
    for name, effect in open_effects.items():
        unknown = ": what it changes is not known" if len(change.effects) >= MANY else " is no step of the procedure"
        message = f"{typed}{unknown}, and the {name} were not captured after it"
        check.inconclusive(subject, message, capture=effect.display, evidence=cited, holds_back=True)


MANY = 5
"""Kinds of things that a change of unknown effect can have changed are not named one by one."""


def _was_looked_at(check: Check, change: Change, effect: Effect) -> bool:
    computer = change.output.node if effect.on_node and change.is_on_its_computer else None
    return any(
        before(change.output, output) is True
        and any(output.reading.frames.rows(table) for table in effect.shown_in)
        and (computer is None or same_computer(computer, output.node))
        for output in check.at_gate.outputs
    )
