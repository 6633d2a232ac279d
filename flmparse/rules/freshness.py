"""EVD003: the dates of the captures: fresh, after the step they prove, and possible at all."""

from datetime import UTC, date, datetime, timedelta

from flmparse.collection import SE_HOST, Output
from flmparse.evidence.changes import takes_from_arrays_alone
from flmparse.evidence.computers import computer_of, same_computer
from flmparse.evidence.lines import line_with
from flmparse.evidence.migration import Migration, MissingEvidence
from flmparse.facts.captured import outputs_of_gate
from flmparse.facts.clock import array_clock
from flmparse.findings import Subject
from flmparse.procedure import NODE_STEPS, Gate, steps_before, steps_that_age
from flmparse.rules.rule import WARNING, Check, rule
from flmparse.tables import all_tables, table_named

RELEASES: dict[str, tuple[date, str]] = {
    "Enginuity 5876": (date(2012, 1, 1), "released in 2012"),
    "6.1.7601": (date(2011, 2, 1), "released in February 2011"),
}
"""The earliest day on which a product can have been seen: Enginuity 5876, without which no cluster can be migrated
(white paper page 5, of May 2012), and DiskPart of Windows Server 2008 R2 SP1 (figure 9). Domain knowledge, cut to the
beginning of the year or month; figure 8 is dated January 2011, before both."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


# docs/decisions/14-open-questions-of-the-catalogue.md
@rule(
    "EVD003", "evidence.fresh-and-plausibly-dated", WARNING,
    gates="masked ready copying copied terminated unmasked cleaned",
    needs=("masking_views", "diskpart_sessions", "operations"),
    reference="white paper figure 8: 12:36:37 PM on Tue Jan 04,2011, in a paper of May 2012",
)  # fmt: skip
def fresh_and_plausibly_dated(check: Check) -> None:
    """Captures are fresh, come after the step that they prove, and bear dates that can be.

    Why: a capture from before the step proves nothing of it, and an old one only what was once true.
    Passes when: every capture of this gate is dated, after the steps that lead to it, and at most
    `policy.max_age_hours` (`policy.max_age_days` for what does not change) older than the next step that changes
    something, else than the newest capture; and every date printed in one has its right weekday and lies after the
    release of the product it proves and before its own capture.
    Fails when: one is older, or its date cannot be; a file that is said to be of this gate holds what stands below a step that
    leads on; or, before activate and before terminate, what still stands of an earlier gate is too old (a warning).
    Inconclusive when: a capture has no time, a date cannot be read, or a capture names a node that the manifest does not
    know although it names them all.
    Remedy: capture again; set the clock of the array and of the hosts; state the time of the capture in the manifest.
    """
    misplaced = [
        o for o in check.migration.collection.outputs if check.gate in (o.claimed_gate, o.gate) and o.contradiction
    ]
    for output in {output.capture.name: output for output in reversed(misplaced)}.values():
        claimed = output.claimed_gate.word if output.claimed_gate is not None else ""
        message = f"line {output.first_line} {output.contradiction}: it cannot all be of gate {claimed}"
        check.fails(Subject.of_file(output.capture.name), message, check.cite(output))
    if check.gate in (Gate.READY, Gate.COPIED):
        _judge_what_is_carried(check)
    outputs = [output for output in outputs_of_gate(check) if output.screen is not None]
    if not outputs:
        check.inconclusive(check.gate.word, "no output that is known was captured at this gate")
    for output in outputs:
        _judge_view_dates(check, output)
        _judge_diskpart(check, output)
    strangers = [output for output in outputs if _shows_a_node(output) and _is_no_node(check, output.node)]
    for name, node in dict.fromkeys((output.capture.name, output.node) for output in strangers):
        message = f"says that it is of {node}, which is none of the cluster's nodes: whose capture it is, is not known"
        check.inconclusive(Subject.of_file(name), message)
    for name in dict.fromkeys(output.capture.name for output in outputs if output.time is None):
        message = "has no time: how old it is, and after which step it was captured, is not known"
        capture = f"the time of {name}, in a line #flm time=... or in migration.toml"
        check.inconclusive(Subject.of_file(name), message, capture=capture)
    for output in outputs:
        if output.time is not None and not output.operations:
            _judge_age(check, output, output.time)
            _judge_order(check, output, output.time)
    check.passes(f"{len(outputs)} outputs, dated and fresh")


def _judge_what_is_carried(check: Check) -> None:
    """State what stands of earlier gates, of what a step can change, and is too old now: at the next gate's step, else now."""
    steps = [(step.time, step) for gate, step in check.migration.opening_steps if gate > check.gate]
    dated = [(time, output) for time, output in _dated(check) if output.gate is not None and output.gate <= check.gate]
    until, other = min(
        ((time, step) for time, step in steps if time is not None),
        key=lambda item: item[0],
        default=max(dated, key=lambda item: item[0], default=(None, None)),
    )
    limit = timedelta(hours=check.policy.max_age_hours)
    for output in _standing(check):
        if until is None or other is None or output.time is None or until - output.time <= limit:
            continue
        hours = (until - output.time).total_seconds() / 3600
        when = f"when {other.operations[0]} was run" if other.operations else "beside the newest capture"
        message = f"still stands at {check.gate.word} and is {hours:.1f} hours old {when}; allowed: {check.policy.max_age_hours}"
        check.fails(Subject.of_file(output.capture.name), message, check.cite(output, other))


def _standing(check: Check) -> list[Output]:
    """Return the outputs of earlier gates of which rows stand at this one that a step can change."""
    standing: dict[int, Output] = {}
    for name in filter(steps_that_age, all_tables()):
        try:
            blocks = check.at_gate.newest(name)["block"].unique()
        except MissingEvidence:
            continue
        standing |= {int(index): check.output(index) for index in blocks}
    return [output for output in standing.values() if output.gate != check.gate and not output.operations]


def _shows_a_node(output: Output) -> bool:
    """Whether what an output shows depends on the computer on which it was captured."""
    return any("node" in table_named(name).scope for name in output.reading.frames)


def _is_no_node(check: Check, name: str | None) -> bool:
    """Whether a name is neither of a node, where the manifest names all of them, nor of the Solutions Enabler host."""
    nodes = [node.name for node in check.manifest.nodes]
    if name is None or name == SE_HOST or not nodes or len(nodes) < (check.manifest.node_count or 0):
        return False
    return not any(same_computer(name, node) for node in nodes)


def _judge_view_dates(check: Check, output: Output) -> None:
    """Judge `Last updated at` of every masking view in an output: the targets were masked then, after create."""
    frames = output.reading.frames
    for view, text in zip(*(frames.column("masking_views", name) for name in ("view", "last_updated")), strict=True):
        local = array_clock(text, UTC)
        if local is None:
            message = "when the view was last updated is not told, or cannot be read"
            check.inconclusive(str(view), message, table="masking_views", evidence=check.cite(output))
            continue
        cited = line_with(check, output, str(text))
        day = _DAYS[local.weekday()]
        printed_day = next((name for name in _DAYS if f" {name} " in str(text)), day)
        if printed_day != day:
            check.fails(str(view), f"last updated {text}, but that day was a {day}", cited)
        released, words = RELEASES["Enginuity 5876"]
        if local.date() < released:
            message = (
                f"last updated {text}, before Enginuity 5876 was {words}: a stale view, a wrong clock of the array, "
                "or a capture of another campaign"
            )
            check.fails(str(view), message, cited)
        updated = array_clock(text, check.policy.zone)
        # A day of room: whether the offset of the array's clock is right is not known.
        if updated is not None and output.time is not None and updated > output.time + timedelta(days=1):
            message = f"last updated {text}, after it was captured ({output.time.isoformat()})"
            check.fails(str(view), message, [*cited, *check.cite(output)])


def _judge_diskpart(check: Check, output: Output) -> None:
    """Judge the time of a DiskPart log against the release of the Windows that it names."""
    if output.time is None:
        return
    for version in filter(None, output.reading.frames.column("diskpart_sessions", "version")):
        for product, (released, words) in RELEASES.items():
            if version.startswith(product) and output.time.date() < released:
                message = f"is dated {output.time.isoformat()}, before Windows {product} was {words}"
                check.fails(Subject.of_file(output.capture.name), message, line_with(check, output, version))


Dated = list[tuple[datetime, Output]]
"""Outputs with their times."""


def _dated(check: Check) -> Dated:
    return check.once(_with_times, check.migration)


def _with_times(migration: Migration) -> Dated:
    return [(output.time, output) for output in migration.collection.outputs if output.time is not None]


def _repeated(check: Check, output: Output, time: datetime) -> Dated:
    """Return the later captures of the same command on the same computer."""
    alike = check.once(_by_question, check.migration)[_question(output)]
    return [(when, other) for when, other in alike if when > time]


def _by_question(migration: Migration) -> dict[tuple[str | None, ...], Dated]:
    alike: dict[tuple[str | None, ...], Dated] = {}
    for when, output in _with_times(migration):
        alike.setdefault(_question(output), []).append((when, output))
    return alike


def _question(output: Output) -> tuple[str | None, ...]:
    """Return what was asked of which computer."""
    command = " ".join(output.command.text.lower().split()) if output.command else ""
    return output.screen, computer_of(output), command


def _judge_age(check: Check, output: Output, time: datetime) -> None:
    """State a capture that was too old when the next change was made, or is too old beside the newest capture."""
    frames = output.reading.frames
    tables = [table_named(name) for name in frames if frames.rows(name)]
    changeable = not tables or any(steps_that_age(item.name) for item in tables)
    limit = timedelta(hours=check.policy.max_age_hours) if changeable else timedelta(days=check.policy.max_age_days)
    later = [(when, other) for when, other in _dated(check) if when > time]
    changes = [(when, other) for when, other in later if other.operations]
    if not later:
        return
    until, other = min(changes, key=lambda item: item[0]) if changes else max(later, key=lambda item: item[0])
    if any(when <= until for when, _ in _repeated(check, output, time)):
        return  # a newer capture of it was there to rely on
    if until - time > limit:
        hours = (until - time).total_seconds() / 3600
        what = f"when {other.operations[0]} was run" if changes else "beside the newest capture"
        message = f"is {hours:.1f} hours old {what}; allowed: {limit.total_seconds() / 3600:g}"
        check.fails(Subject.of_file(output.capture.name), message, check.cite(output, other))


def _judge_order(check: Check, output: Output, time: datetime) -> None:
    """State a capture that was made before a step whose outcome it is filed to prove."""
    newer = [
        other for _, other in _repeated(check, output, time) if other.gate is not None and other.gate <= check.gate
    ]
    for when, step in () if newer else _dated(check):
        leading = steps_before(step.gate) if step.gate is not None and step.gate <= check.gate else ()
        wanted = leading[0] if leading else None
        if wanted is None or wanted not in step.operations or when <= time:
            continue
        if wanted in NODE_STEPS and not same_computer(computer_of(step), computer_of(output)):
            continue
        if wanted == "symmask remove" and _shows_a_node(output) and takes_from_arrays_alone(step):
            continue  # Open Replicator's own rows: no node sees a path less
        message = f"predates {wanted}: {time.isoformat()}, {when.isoformat()}"
        check.fails(Subject.of_file(output.capture.name), message, check.cite(output, step))
