"""EVD003: the dates of the captures: fresh, after the step they prove, and possible at all."""

from datetime import date, datetime, timedelta

from flmparse.collection import SE_HOST, ReadBlock
from flmparse.evidence.migration import HOST_STEPS, Migration, computer_of, same_computer
from flmparse.evidence.timeline import operations_of
from flmparse.findings import Evidence
from flmparse.rules.array_clock import array_clock
from flmparse.rules.evidence import captured_here
from flmparse.rules.rule import WARNING, Inquiry, rule
from flmparse.tables import table_named
from flmparse.terms import Gate

RELEASES: dict[str, tuple[date, str]] = {
    "Enginuity 5876": (date(2012, 1, 1), "released in 2012"),
    "6.1.7601": (date(2011, 2, 1), "released in February 2011"),
}
"""The earliest day on which a product can have been seen: Enginuity 5876, without which no cluster can be migrated
(white paper page 5, of May 2012), and DiskPart of Windows Server 2008 R2 SP1 (figure 9). Domain knowledge, cut to the
beginning of the year or month; figure 8 is dated January 2011, before both."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_STEP_OF_GATE = {
    Gate.CREATED: "create",
    Gate.MASKED: "mask",
    Gate.READY: "rescan",
    Gate.COPYING: "activate",
    Gate.TERMINATED: "terminate",
    Gate.UNMASKED: "symmask remove",
    Gate.CLEANED: "rescan",
}
"""The step that the captures of a gate come after."""


@rule(
    "EVD003", "evidence.fresh-and-plausibly-dated", WARNING,
    gates="masked ready copying copied terminated unmasked cleaned",
    needs=("masking_views", "diskpart_sessions", "operations"),
    reference="white paper figure 8: 12:36:37 PM on Tue Jan 04,2011, in a paper of May 2012",
)  # fmt: skip
def fresh_and_plausibly_dated(ask: Inquiry) -> None:
    """Captures are fresh, come after the step that they prove, and bear dates that can be.

    Why: a capture from before the step proves nothing of it, and an old one only what was once true.
    Passes when: every capture of this gate is dated, after the steps that lead to it, and at most
    `policy.max_age_hours` (`policy.max_age_days` for what does not change) older than the next step that changes
    something, else than the newest capture; and every date printed in one has its right weekday and lies after the
    release of the product it proves and before its own capture.
    Fails when: one is older, or its date cannot be (a warning).
    Inconclusive when: a capture has no time, a date cannot be read, or a capture names a node that the manifest does not
    know although it names them all.
    Remedy: capture again; set the clock of the array and of the hosts; state the time of the capture in the manifest.
    """
    blocks = [read for read in captured_here(ask) if read.screen is not None]
    if not blocks:
        ask.gap(ask.gate.word, "no output that is known was captured at this gate")
    for read in blocks:
        _judge_view_dates(ask, read)
        _judge_diskpart(ask, read)
    strangers = [read for read in blocks if _shows_a_node(read) and _is_nobody(ask, read.node)]
    for name, node in dict.fromkeys((read.capture.name, read.node) for read in strangers):
        ask.gap(
            name, f"says that it is of {node}, which is none of the cluster's nodes: whose capture it is, is not known"
        )
    undated = dict.fromkeys(read.capture.name for read in blocks if read.time is None)
    for name in undated:
        ask.gap(name, "has no time: how old it is, and after which step it was captured, is not known",
                capture=f"the time of {name}, in a line #flm time=... or in migration.toml")  # fmt: skip
    for read in blocks:
        if read.time is not None and not operations_of(read):
            _judge_age(ask, read, read.time)
            _judge_place(ask, read, read.time)
    ask.holds(f"{len(blocks)} outputs, dated and fresh")


def _shows_a_node(read: ReadBlock) -> bool:
    """Whether an output tells of the computer on which it was captured."""
    return any("node" in table_named(name).scope for name in read.reading.frames)


def _is_nobody(ask: Inquiry, node: str | None) -> bool:
    """Whether a name is of no node of a cluster whose nodes are all stated, nor of the Solutions Enabler host."""
    known = [item.name for item in ask.manifest.nodes]
    if node is None or node == SE_HOST or not known or len(known) < (ask.manifest.node_count or 0):
        return False
    return not any(same_computer(node, name) for name in known)


def _view_line(ask: Inquiry, read: ReadBlock, text: str) -> list[Evidence]:
    for number in range(read.block.line_start, read.block.line_end + 1):
        if text in read.capture.lines[number - 1]:
            return [ask.quote(read.capture.name, number, number)]
    return ask.cite(read)


def _judge_view_dates(ask: Inquiry, read: ReadBlock) -> None:
    """Judge `Last updated at` of every masking view in a block: the targets were masked then, after create."""
    frames = read.reading.frames
    for view, text in zip(*(frames.column("masking_views", name) for name in ("view", "last_updated")), strict=True):
        local = array_clock(text, "+00:00")
        if local is None:
            ask.gap(str(view), "when the view was last updated is not told, or cannot be read", table="masking_views",
                    evidence=ask.cite(read))  # fmt: skip
            continue
        line = _view_line(ask, read, str(text))
        day = _DAYS[local.weekday()]
        said = next((name for name in _DAYS if f" {name} " in str(text)), None)
        if said is not None and said != day:
            ask.fails(str(view), f"last updated {text}, but that day was a {day}", line)
        released, words = RELEASES["Enginuity 5876"]
        if local.date() < released:
            message = (
                f"last updated {text}, before Enginuity 5876 was {words}: a stale view, a wrong clock of the array, "
                "or a capture of another campaign"
            )
            ask.fails(str(view), message, line)
        updated = array_clock(text, ask.policy.utc_offset)
        # A day of room: whether the offset of the array's clock is right is not known.
        if updated is not None and read.time is not None and updated > read.time + timedelta(days=1):
            message = f"last updated {text}, after it was captured ({read.time.isoformat()})"
            ask.fails(str(view), message, [*line, *ask.cite(read)])


def _judge_diskpart(ask: Inquiry, read: ReadBlock) -> None:
    """Judge the time of a DiskPart log against the release of the Windows that it names."""
    if read.time is None:
        return
    for version in filter(None, read.reading.frames.column("diskpart_sessions", "version")):
        for known, (released, words) in RELEASES.items():
            if version.startswith(known) and read.time.date() < released:
                message = f"is dated {read.time.isoformat()}, before Windows {known} was {words}"
                ask.fails(read.capture.name, message, _view_line(ask, read, version))


Dated = list[tuple[datetime, ReadBlock]]
"""Outputs with their times."""


def _dated(ask: Inquiry) -> Dated:
    return ask.once(_with_times, ask.migration)


def _with_times(migration: Migration) -> Dated:
    return [(read.time, read) for read in migration.collection.blocks if read.time is not None]


def _again(ask: Inquiry, read: ReadBlock, time: datetime) -> Dated:
    """Return the later captures of the same command on the same computer."""
    alike = ask.once(_by_question, ask.migration)[_question(read)]
    return [(when, other) for when, other in alike if when > time]


def _by_question(migration: Migration) -> dict[tuple[str | None, ...], Dated]:
    alike: dict[tuple[str | None, ...], Dated] = {}
    for when, read in _with_times(migration):
        alike.setdefault(_question(read), []).append((when, read))
    return alike


def _question(read: ReadBlock) -> tuple[str | None, ...]:
    """Return what was asked of which computer."""
    command = " ".join(read.command.text.lower().split()) if read.command else ""
    return read.screen, computer_of(read), command


def _judge_age(ask: Inquiry, read: ReadBlock, time: datetime) -> None:
    """State a capture that was too old when the next change was made, or is too old beside the newest capture."""
    frames = read.reading.frames
    tables = [table_named(name) for name in frames if frames.rows(name)]
    changeable = not tables or any(item.stale_after for item in tables)
    limit = timedelta(hours=ask.policy.max_age_hours) if changeable else timedelta(days=ask.policy.max_age_days)
    later = [(when, other) for when, other in _dated(ask) if when > time]
    changes = [(when, other) for when, other in later if operations_of(other)]
    if not later:
        return
    until, other = min(changes, key=lambda item: item[0]) if changes else max(later, key=lambda item: item[0])
    if any(when <= until for when, _ in _again(ask, read, time)):
        return  # a newer capture of it was there to rely on
    if until - time > limit:
        hours = (until - time).total_seconds() / 3600
        what = f"when {operations_of(other)[0]} was run" if changes else "beside the newest capture"
        message = f"is {hours:.1f} hours old {what}; allowed: {limit.total_seconds() / 3600:g}"
        ask.fails(read.capture.name, message, ask.cite(read, other))


def _judge_place(ask: Inquiry, read: ReadBlock, time: datetime) -> None:
    """State a capture that was made before a step whose outcome it is filed to prove."""
    newer = [other for _, other in _again(ask, read, time) if other.gate is not None and other.gate <= ask.gate]
    for when, step in () if newer else _dated(ask):
        wanted = _STEP_OF_GATE.get(step.gate) if step.gate is not None and step.gate <= ask.gate else None
        if wanted is None or wanted not in operations_of(step) or when <= time:
            continue
        if wanted in HOST_STEPS and not same_computer(computer_of(step), computer_of(read)):
            continue
        message = f"predates {wanted}: {time.isoformat()}, {when.isoformat()}"
        ask.fails(read.capture.name, message, ask.cite(read, step))
