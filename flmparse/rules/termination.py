"""SES: terminate, and the order of all steps."""

from itertools import pairwise

from flmparse.collection import Output
from flmparse.columns.selection import drop_duplicates, isin, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.computers import computer_of, same_computer
from flmparse.evidence.migration import MissingEvidence
from flmparse.evidence.reader import each
from flmparse.evidence.timeline import before, newest, ordered
from flmparse.facts.copied import QUERY, VERIFY, Outcome, proof_of_copied, statements
from flmparse.facts.session import done_steps, last_run, rows_of_queries, state_of
from flmparse.findings import Subject
from flmparse.procedure import STEPS, leading_steps
from flmparse.rules.rule import BLOCKER, Check, rule
from flmparse.terms import is_array_port

TERMINATE = "symrcopy -f <pair file> terminate -migrate -symforce -force"


@rule(
    "SES017", "session.terminated-cleanly", BLOCKER,
    gates="terminated..cleaned", required="terminated",
    needs=("pairs", "operations", "session_pairs", "replication_sessions"),
    reference="white paper page 18, figure 16: both force options are needed for donor update",
)  # fmt: skip
def terminated_cleanly(check: Check) -> None:
    """Terminate succeeded, with the options that donor update needs, and left no session.

    Why: a session that is still there goes on writing to the source, or blocks what comes after.
    Passes when: terminate reports success for the pair file and ran with -migrate, -symforce and -force, and no query
    and no list of the array's sessions after it, if there is one, shows a pair.
    Fails when: it failed, an option is missing, or a query or list after it still shows a pair.
    Inconclusive when: the log of terminate, its command line or its sentence of success was not captured.
    Remedy: repeat terminate with both force options.
    """
    run = last_run(check, "terminate", ("-migrate", "-symforce", "-force"))
    for problem, cited in run.problems:
        check.fails("terminate", problem, cited)
    output = run.output
    if output is None:
        return
    later = [
        query for query in check.at_gate.outputs if query.screen == "symrcopy_query" and before(output, query) is True
    ]
    rows = rows_of_queries(check, later)
    left = where(rows, rows["control_device"].isin(check.pairs()["target_device"].tolist()))
    for row in each(drop_duplicates(left, "pair")):
        message = f"is still in the session ({state_of(row)}) after terminate"
        check.fails(Subject.of_pair(row.pair), message, check.cite(row, output))
    lists = [o for o in check.at_gate.outputs if o.screen == "symrcopy_list" and before(output, o) is True]
    standing = [o for o in lists if not any(_replaces(other, o) for other in lists)]
    sessions, pairs = check.rows_of("replication_sessions", standing), check.pairs()
    sessions = where(sessions, (sessions["kind"] == "ors") & (sessions["symmetrix"].isin(pairs["target_symmetrix"])))
    for row in each(
        drop_duplicates(where(sessions, sessions["device"].isin(pairs["target_device"].tolist())), "device")
    ):
        message = f"still has a session ({row.state}) in the list of the array after terminate"
        check.fails(Subject.of_device(row.device), message, check.cite(row, output))
    after = f"; {len(later)} queries after it list no pair" if later else ""
    check.passes(f"terminated with both force options{after}")


def _replaces(later: Output, earlier: Output) -> bool:
    """Whether a list of an array's sessions tells all that an earlier one told, anew."""
    arrays = [answer.command.option("-sid") if answer.command else None for answer in (earlier, later)]
    return arrays[0] == arrays[1] and Answer(later).lists_everything and before(earlier, later) is True


@rule(
    "SES018", "session.terminated-only-when-copied", BLOCKER,
    gates="terminated", required="terminated", waivable=False,
    needs=("pairs", "operations", "session_pairs", "session_verdicts"),
    reference="white paper page 18: when all of the pairs are in the copied state",
)  # fmt: skip
def terminated_only_when_copied(check: Check) -> None:
    """Terminate was not issued before all pairs were Copied.

    Why: it ends the copy and the way back in one step: what was not copied then is on no array that the hosts use.
    Passes when: what proves all pairs Copied (SES015) was captured before terminate.
    Fails when: the last query before terminate shows a pair that is not Copied, or the proof is later than terminate.
    Inconclusive when: no such proof, or not its order to terminate, is known.
    Remedy: stop; do not unmask the source; call support.
    """
    ended = newest(done_steps(check, "terminate"))
    if not ended:
        raise MissingEvidence("not captured: symrcopy terminate", TERMINATE)
    check.rows_of("operations", ended)
    terminated, outputs = check.cite(*ended), check.at_gate.outputs
    earlier = [output for output in outputs if all(before(output, end) is True for end in ended)]
    proof = proof_of_copied(*statements(check, earlier))
    since = [output for output in outputs if any(before(end, output) is True for end in ended)]
    late = [statement for statement in statements(check, since)[0] if statement.copied]
    # Filed before terminate and dated after it, or the only proof there is.
    is_proved = proof.outcome is Outcome.PROVED
    late = [statement for statement in late if not is_proved or statement.output.gate != ended[0].gate]
    absent_from = "" if is_proved else "session_pairs session_verdicts"
    for statement in late:
        message = f"was terminated before what says Copied: {statement.message}"
        check.fails("session", message, [*terminated, *statement.evidence], absent_from=absent_from)
    if proof.outcome is Outcome.REFUTED:
        message = f"was terminated although {proof.message}: the targets may be incomplete, the sources are stale"
        check.fails("session", message, [*terminated, *proof.evidence])
    elif proof.outcome is Outcome.UNPROVED and not late:
        message = f"terminated, and not proved Copied before that: {proof.message}"
        cited = [*terminated, *proof.evidence]
        check.inconclusive("session", message, capture=f"{VERIFY}; {QUERY}", evidence=cited)
    check.passes(f"before terminate {proof.message}")


_RESTART = frozenset({"/r", "-r", "/s", "-s", "/g", "-g"})

_CAPTURED_BY = {step.name: step.shown_by or step.command for step in STEPS}


def _steps(check: Check) -> dict[str, list[Output]]:
    """Return the outputs of each step that count for the order."""
    return {
        "create": newest(done_steps(check, "create")),
        "mask": _masking(check),
        "rescan": done_steps(check, "rescan"),
        "activate": newest(done_steps(check, "activate")),
        "terminate": newest(done_steps(check, "terminate")),
        "symmask remove": _host_removals(check),
        "powermt remove": done_steps(check, "powermt remove"),
    }


def _masking(check: Check) -> list[Output]:
    """Return the first masking of targets: the operation, else the first capture of a view that holds one."""
    masked = ordered(done_steps(check, "mask"))
    if not masked:
        views = check.outputs("symaccess_show_view")
        devices = check.rows_of("view_devices", views)
        blocks = set(devices["block"][isin(devices["device"], check.pairs()["target_device"])])
        masked = ordered(output for output in views if output.index in blocks)
    return masked[:1]


def _host_removals(check: Check) -> list[Output]:
    """Return the removals of host WWNs from the source; those of array ports may come at any time after terminate."""
    removals = done_steps(check, "symmask remove")
    changes = check.rows_of("mask_changes", removals)
    of_arrays = changes["wwn"].fillna("").map(is_array_port).astype(bool)
    only_arrays = set(changes["block"]) - set(changes["block"][~of_arrays])
    return [output for output in removals if output.index not in only_arrays]


class _Order:
    """Compares the steps with each other and states what is out of order."""

    def __init__(self, check: Check) -> None:
        self.check, self.steps = check, _steps(check)
        self.masking_was_logged = bool(done_steps(check, "mask"))

    def link(self, first: str, second: str) -> None:
        """Check that every run of ``second`` came after ``first``."""
        starts = ordered(self.steps[first])[:1] if first in ("symmask remove", "mask") else self.steps[first]
        for start in starts:
            for then in self.steps[second]:
                order = before(start, then)
                if order is None:
                    self.unknown(second, f"nothing tells whether it ran after {first}", start, then)
                elif order is False and first == "mask" and not self.masking_was_logged:
                    # A view may be captured long after it was made.
                    self.unknown(second, "the masking view was captured only after it", start, then)
                elif order is False:
                    self.wrong(second, f"ran{_time(then)} before {first}{_time(start)}", then, start)

    def rescans_before_activation(self) -> None:
        """Check that each computer that was rescanned before activation was so after masking."""
        activated, masked = self.steps["activate"], self.steps["mask"]
        rescans = [scan for scan in self.steps["rescan"] if not any(before(start, scan) is True for start in activated)]
        if self.steps["rescan"] and not rescans:
            first = ordered(self.steps["rescan"])[0]
            if not any(before(end, first) is True for end in self.steps["terminate"]):
                self.wrong("rescan", "the hosts were rescanned only after activate", *activated, first)
            else:
                self.check.inconclusive("rescan", "none before activate was captured", capture=_CAPTURED_BY["rescan"])
        self._nodes_rescanned_too_late(rescans)
        for output in rescans:
            for start in activated:
                if before(output, start) is None:
                    self.unknown("rescan", "nothing tells whether it ran before activate", output, start)
        for computer in dict.fromkeys(map(computer_of, rescans)):
            of_computer = [output for output in rescans if computer_of(output) == computer]
            orders = [before(mask, output) for mask in masked for output in of_computer]
            if not orders or True in orders:
                continue
            on_node = f"on {computer}" if computer else "on an unnamed node"
            if None in orders or not self.masking_was_logged:
                message = f"nothing tells that one {on_node} came after masking"
                self.unknown("rescan", message, *masked, *of_computer)
            else:
                self.wrong("rescan", f"every one {on_node} ran before mask", *masked, *of_computer)

    def _nodes_rescanned_too_late(self, in_time: list[Output]) -> None:
        """Check that no node had its first rescan only while the session was active, when its source was passive already."""
        activated, ended = self.steps["activate"], self.steps["terminate"]
        late = [scan for scan in self.steps["rescan"] if scan not in in_time]
        late = [scan for scan in late if not any(before(end, scan) is True for end in ended)]
        for computer in dict.fromkeys(computer_of(scan) for scan in late):
            if computer is None or any(same_computer(computer, computer_of(scan)) for scan in in_time):
                continue
            if not in_time or self._saw_targets_in_time(computer):
                continue
            of_node = [scan for scan in late if same_computer(computer, computer_of(scan))]
            message = f"{computer} was rescanned only after activate: it had no path to a target when its source turned passive"
            self.wrong("rescan", message, *activated, of_node[0])

    def _saw_targets_in_time(self, computer: str) -> bool:
        """Whether a display of a node that is known to be before activate shows paths to the target array."""
        displays = [
            output
            for output in self.check.outputs("powermt_display")
            if same_computer(computer, output.node)
            and any(before(output, start) is True for start in self.steps["activate"])
        ]
        rows = self.check.rows_of("paths", displays)
        return bool((rows["symmetrix"] == self.check.migration.target_symmetrix).any())

    def rescan_before_clean_up(self) -> None:
        """Check that powermt remove was not run before the node's rescan after the unmask, where that is captured."""
        removals = ordered(self.steps["symmask remove"])[:1]
        for cleaned in self.steps["powermt remove"]:
            node = computer_of(cleaned)
            rescans = [
                output
                for output in self.steps["rescan"]
                if (None in (node, computer_of(output)) or same_computer(node, computer_of(output)))
                and removals
                and before(removals[0], output) is True
            ]
            orders = [before(output, cleaned) for output in rescans]
            if not orders or True in orders:
                continue
            if None in orders:
                self.unknown("powermt remove", "nothing tells whether it ran after rescan", cleaned, *rescans)
            else:
                message = f"ran{_time(cleaned)} before rescan{_time(rescans[0])}"
                self.wrong("powermt remove", message, cleaned, *rescans)

    def copied_before_terminate(self) -> None:
        """Check that nothing that was filed as proof of Copied is dated after terminate."""
        for end in self.steps["terminate"]:
            for output in self.check.outputs("symrcopy_verify"):
                if output.gate is None or end.gate is None or output.gate >= end.gate:
                    continue
                if before(end, output) is True:
                    self.wrong("terminate", f"ran{_time(end)} before verify{_time(output)}", end, output)

    def wrong(self, step: str, message: str, *outputs: Output) -> None:
        """State that a step is out of order, with the lines of the steps."""
        self.check.fails(step, message, self.check.cite(*outputs))

    def unknown(self, step: str, message: str, *outputs: Output) -> None:
        """State that the order of a step is not known, with the lines of the steps."""
        self.check.inconclusive(step, message, evidence=self.check.cite(*outputs))


def _time(output: Output) -> str:
    """Return when an output was captured, as far as it is dated, for messages."""
    return f" ({output.time.isoformat()})" if output.time else ""


def _forbidden(check: Check, steps: dict[str, list[Output]]) -> None:
    """State every `powermt check`, and every restart of a computer while the session runs."""
    for output in check.migration.collection.outputs:
        command = output.command
        if command is None or (output.gate is not None and output.gate > check.gate):
            continue
        subject = Subject.of_node(output.node) if output.node else "a node"
        if command.tool == "powermt" and command.verb == "check":
            message = "powermt check was used: it removes every dead path, not only those that Windows knows to be gone"
            check.fails(subject, message, check.cite(output))
        restarts = command.tool == "restart-computer" or (
            command.tool == "shutdown" and not _RESTART.isdisjoint(command.text.lower().split())
        )
        running = [start for start in steps["activate"] if before(start, output) is True]
        if restarts and running and not any(before(end, output) is True for end in steps["terminate"]):
            message = "was restarted between activate and terminate: inactive paths may be lost for good"
            check.fails(subject, message, check.cite(output, *running))


# docs/decisions/14-open-questions-of-the-catalogue.md
@rule(
    "SES019", "session.steps-in-lawful-order", BLOCKER,
    gates="ready copying copied terminated unmasked cleaned", required="ready copying terminated unmasked cleaned",
    needs=("pairs", "operations", "mask_changes", "view_devices"),
    reference="white paper pages 10 to 21, the whole procedure; page 20: powermt check is not used",
)  # fmt: skip
def steps_in_lawful_order(check: Check) -> None:
    """The steps ran in the lawful order.

    Why: each step relies on what the one before it has made: a disk that is scanned before its identity is in place is
    a new disk to Windows, a source that is unmasked before terminate is a lost copy.
    Passes when: of the steps captured, create came before mask, mask before the rescan of each node, that before
    activate, activate before terminate, terminate before the removal of host WWNs by symmask, that before rescan and
    powermt remove; nobody used powermt check or restarted a node while the session ran. Order is by time, else by
    place.
    Fails when: a step ran before one that it needs, or powermt check was used.
    Inconclusive when: the step that leads to this gate, or the one before it, was not captured, or nothing tells the
    order.
    Remedy: judge the effect by the state that each device should be in; repeat the check that was missed.
    """
    order = _Order(check)
    for name in leading_steps(check.gate):
        if not order.steps[name]:
            check.inconclusive(name, "was not captured", capture=_CAPTURED_BY[name])
    single = ("create", "mask", "activate", "terminate", "symmask remove", "powermt remove")
    present = [name for name in single if order.steps[name]]
    for first, second in pairwise(present):
        order.link(first, second)
    order.rescans_before_activation()
    order.copied_before_terminate()
    order.rescan_before_clean_up()
    _forbidden(check, order.steps)
    outputs = [output for of_step in order.steps.values() for output in of_step]
    check.outputs_read |= {output.index: output for output in outputs}
    if not any(output.time for output in outputs):
        check.note("order by place in the collection only: no capture has a time")
    check.passes(" < ".join(name for name, of_step in order.steps.items() if of_step))
