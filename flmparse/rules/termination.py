"""SES: terminate, and the order of all steps."""

from itertools import pairwise

from flmparse.collection import ReadBlock
from flmparse.columns.selection import drop_duplicates, isin, where
from flmparse.evidence.migration import Missing, computer_of, same_computer
from flmparse.evidence.timeline import before, newest, ordered
from flmparse.findings import Evidence
from flmparse.rules.copied import QUERY, VERIFY, Outcome, proof_of_copied, statements
from flmparse.rules.rule import BLOCKER, Inquiry, rule
from flmparse.rules.session import done_steps, rows_of, step_ran, with_pair_names
from flmparse.terms import Gate, is_array_port

TERMINATE = "symrcopy -f <pair file> terminate -migrate -symforce -force"


@rule(
    "SES017", "session.terminated-cleanly", BLOCKER,
    gates="terminated", required="terminated", needs=("pairs", "operations", "session_pairs"),
    reference="white paper page 18, figure 16: both force options are needed for donor update",
)  # fmt: skip
def terminated_cleanly(ask: Inquiry) -> None:
    """Terminate succeeded, with the options that donor update needs, and left no session.

    Why: a session that is still there goes on writing to the source, or blocks what comes after.
    Passes when: terminate reports success for the pair file and ran with -migrate, -symforce and -force, and a query
    after it, if there is one, lists no pair.
    Fails when: it failed, an option is missing, or a query after it still lists a pair.
    Inconclusive when: the log of terminate, its command line or its sentence of success was not captured.
    Remedy: repeat terminate with both force options.
    """
    read = step_ran(ask, "terminate", ("-migrate", "-symforce", "-force"))
    if read is None:
        return
    later = [q for q in ask.standing.blocks if q.screen == "symrcopy_query" and before(read, q) is True]
    rows = with_pair_names(rows_of(ask, "session_pairs", later))
    left = where(rows, rows["control_device"].isin(ask.pairs()["target_device"].tolist()))
    for row in drop_duplicates(left, "pair").itertuples():
        ask.fails(str(row.pair), f"is still in the session ({row.status}) after terminate", ask.cite(row, read))
    after = f"; {len(later)} queries after it list no pair" if later else ""
    ask.holds(f"terminated with both force options{after}")


@rule(
    "SES018", "session.terminated-only-when-copied", BLOCKER,
    gates="terminated", required="terminated", waivable=False,
    needs=("pairs", "operations", "session_pairs", "session_verdicts"),
    reference="white paper page 18: when all of the pairs are in the copied state",
)  # fmt: skip
def terminated_only_when_copied(ask: Inquiry) -> None:
    """Terminate was not issued before all pairs were Copied.

    Why: it ends the copy and the way back in one step: what was not copied then is on no array that the hosts use.
    Passes when: what proves all pairs Copied (SES015) was captured before terminate.
    Fails when: the last query before terminate shows a pair that is not Copied, or the proof is later than terminate.
    Inconclusive when: no such proof, or not its order to terminate, is known.
    Remedy: stop; do not unmask the source; call support.
    """
    ended = newest(done_steps(ask, "terminate"))
    if not ended:
        raise Missing("not captured: symrcopy terminate", TERMINATE)
    rows_of(ask, "operations", ended)
    blocks = ask.standing.blocks
    said, loose = statements(ask, [read for read in blocks if all(before(read, end) is True for end in ended)])
    proof = proof_of_copied(said, loose)
    since = [read for read in blocks if any(before(end, read) is True for end in ended)]
    late = [item for item in statements(ask, since)[0] if item.copied]
    # Filed before terminate and dated after it, or the only proof there is.
    late = [item for item in late if proof.outcome is not Outcome.PROVED or item.read.gate != ended[0].gate]
    for item in late:
        ask.fails("session", f"was terminated before what says Copied: {item.message}",
                  [*ask.cite(*ended), *item.evidence])  # fmt: skip
    if proof.outcome is Outcome.REFUTED:
        message = f"was terminated although {proof.message}: the targets may be incomplete, the sources are stale"
        ask.fails("session", message, [*ask.cite(*ended), *proof.evidence])
    elif proof.outcome is Outcome.UNPROVED and not late:
        message = f"terminated, and not proved Copied before that: {proof.message}"
        ask.gap("session", message, capture=f"{VERIFY}; {QUERY}", evidence=[*ask.cite(*ended), *proof.evidence])
    ask.holds(f"before terminate {proof.message}")


LEADING_STEPS: dict[Gate, tuple[str, ...]] = {
    Gate.READY: ("mask", "rescan"),
    Gate.COPYING: ("rescan", "activate"),
    Gate.COPIED: ("rescan", "activate"),
    Gate.TERMINATED: ("activate", "terminate"),
    Gate.UNMASKED: ("terminate", "symmask remove"),
    Gate.CLEANED: ("symmask remove", "powermt remove"),
}
"""The step that leads to a gate and the one before it: without them there is no order to judge."""

_RESTART = frozenset({"/r", "-r", "/s", "-s", "/g", "-g"})

_CAPTURED_BY = {
    "create": "symrcopy -f <pair file> create -pull -migrate -host_type windows -mp_type ppath",
    "mask": "symaccess -sid <target> show view <view>",
    "rescan": "diskpart, then rescan",
    "activate": "symrcopy -f <pair file> activate -migrate",
    "terminate": TERMINATE,
    "symmask remove": "symmask -sid <source> -dir <dir> -p <port> -wwn <wwn> remove devs <devices>",
    "powermt remove": "powermt remove dev=all",
}


def _steps(ask: Inquiry) -> dict[str, list[ReadBlock]]:
    """Return the blocks of each step that count for the order."""
    return {
        "create": newest(done_steps(ask, "create")),
        "mask": _masking(ask),
        "rescan": done_steps(ask, "rescan"),
        "activate": newest(done_steps(ask, "activate")),
        "terminate": newest(done_steps(ask, "terminate")),
        "symmask remove": _host_removals(ask),
        "powermt remove": done_steps(ask, "powermt remove"),
    }


def _masking(ask: Inquiry) -> list[ReadBlock]:
    """Return the first masking of targets: the operation, else the first capture of a view that holds one."""
    masked = ordered(done_steps(ask, "mask"))
    if not masked:
        views = ask.blocks("symaccess_show_view")
        devices = rows_of(ask, "view_devices", views)
        held = set(devices["block"][isin(devices["device"], ask.pairs()["target_device"])])
        masked = ordered(read for read in views if read.index in held)
    return masked[:1]


def _host_removals(ask: Inquiry) -> list[ReadBlock]:
    """Return the removals of host WWNs from the source; those of array ports may come at any time after terminate."""
    removals = done_steps(ask, "symmask remove")
    changes = rows_of(ask, "mask_changes", removals)
    of_arrays = changes["wwn"].fillna("").map(is_array_port).astype(bool)
    only_arrays = set(changes["block"]) - set(changes["block"][~of_arrays])
    return [read for read in removals if read.index not in only_arrays]


class _Order:
    """Holds steps against each other and says what is out of order."""

    def __init__(self, ask: Inquiry) -> None:
        self.ask, self.steps = ask, _steps(ask)
        self.masking_was_logged = bool(done_steps(ask, "mask"))

    def told(self, read: ReadBlock) -> str:
        """Return when a block ran, as far as it is dated."""
        return f" ({read.time.isoformat()})" if read.time else ""

    def both(self, *reads: ReadBlock) -> list[Evidence]:
        """Return the lines of both steps."""
        return self.ask.cite(*reads)

    def link(self, first: str, second: str) -> None:
        """Check that every run of ``second`` came after ``first``."""
        starts = ordered(self.steps[first])[:1] if first in ("symmask remove", "mask") else self.steps[first]
        for start in starts:
            for then in self.steps[second]:
                order = before(start, then)
                if order is None:
                    self.ask.gap(second, f"nothing tells whether it ran after {first}", evidence=self.both(start, then))
                elif order is False and first == "mask" and not self.masking_was_logged:
                    # A view may be captured long after it was made.
                    self.ask.gap(second, "the masking view was captured only after it", evidence=self.both(start, then))
                elif order is False:
                    message = f"ran{self.told(then)} before {first}{self.told(start)}"
                    self.ask.fails(second, message, self.both(then, start))

    def rescans_before_activation(self) -> None:
        """Check that each computer that was rescanned before activation was so after masking."""
        activated, masked = self.steps["activate"], self.steps["mask"]
        rescans = [r for r in self.steps["rescan"] if not any(before(start, r) is True for start in activated)]
        if self.steps["rescan"] and not rescans:
            first = ordered(self.steps["rescan"])[0]
            if not any(before(end, first) is True for end in self.steps["terminate"]):
                self.ask.fails("rescan", "the hosts were rescanned only after activate", self.both(*activated, first))
            else:
                self.ask.gap("rescan", "none before activate was captured", capture=_CAPTURED_BY["rescan"])
        for read in rescans:
            for start in activated:
                if before(read, start) is None:
                    self.ask.gap("rescan", "nothing tells whether it ran before activate",
                                 evidence=self.both(read, start))  # fmt: skip
        for computer in dict.fromkeys(map(computer_of, rescans)):
            own = [read for read in rescans if computer_of(read) == computer]
            orders = [before(mask, read) for mask in masked for read in own]
            if not orders or True in orders:
                continue
            node_name = f"on {computer}" if computer else "on an unnamed node"
            if None in orders or not self.masking_was_logged:
                self.ask.gap("rescan", f"nothing tells that one {node_name} came after masking",
                             evidence=self.both(*masked, *own))  # fmt: skip
            else:
                self.ask.fails("rescan", f"every one {node_name} ran before mask", self.both(*masked, *own))

    def rescan_before_clean_up(self) -> None:
        """Check that powermt remove was not run before the node's rescan after the unmask, where that is captured."""
        removals = ordered(self.steps["symmask remove"])[:1]
        for cleaned in self.steps["powermt remove"]:
            node = computer_of(cleaned)
            own = [
                r for r in self.steps["rescan"] if None in (node, computer_of(r)) or same_computer(node, computer_of(r))
            ]
            own = [r for r in own if removals and before(removals[0], r) is True]
            orders = [before(read, cleaned) for read in own]
            if not orders or True in orders:
                continue
            if None in orders:
                self.ask.gap("powermt remove", "nothing tells whether it ran after rescan",
                             evidence=self.both(cleaned, *own))  # fmt: skip
            else:
                self.ask.fails("powermt remove", f"ran{self.told(cleaned)} before rescan{self.told(own[0])}",
                               self.both(cleaned, *own))  # fmt: skip

    def copied_before_terminate(self) -> None:
        """Check that nothing that was filed as proof of Copied is dated after terminate."""
        for end in self.steps["terminate"]:
            proofs = [r for r in self.ask.blocks("symrcopy_verify") if r.gate is not None and end.gate is not None]
            for read in proofs:
                if before(end, read) is True and (read.gate or 0) < (end.gate or 0):
                    message = f"ran{self.told(end)} before verify{self.told(read)}"
                    self.ask.fails("terminate", message, self.both(end, read))


def _forbidden(ask: Inquiry, steps: dict[str, list[ReadBlock]]) -> None:
    """State every `powermt check`, and every restart of a computer while the session runs."""
    for read in ask.migration.collection.blocks:
        command = read.command
        if command is None or (read.gate is not None and read.gate > ask.gate):
            continue
        if command.tool == "powermt" and command.verb == "check":
            message = "powermt check was used: it removes every dead path, not only those that Windows knows to be gone"
            ask.fails(read.node or "a node", message, ask.cite(read))
        restarts = command.tool == "restart-computer" or (
            command.tool == "shutdown" and not _RESTART.isdisjoint(command.text.lower().split())
        )
        running = [start for start in steps["activate"] if before(start, read) is True]
        if restarts and running and not any(before(end, read) is True for end in steps["terminate"]):
            message = "was restarted between activate and terminate: inactive paths may be lost for good"
            ask.fails(read.node or "a node", message, ask.cite(read, *running))


@rule(
    "SES019", "session.steps-in-lawful-order", BLOCKER,
    gates="ready copying copied terminated unmasked cleaned", required="ready copying terminated unmasked cleaned",
    needs=("pairs", "operations", "mask_changes", "view_devices"),
    reference="white paper pages 10 to 21, the whole procedure; page 20: powermt check is not used",
)  # fmt: skip
def steps_in_lawful_order(ask: Inquiry) -> None:
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
    order = _Order(ask)
    for name in LEADING_STEPS[ask.gate]:
        if not order.steps[name]:
            ask.gap(name, "was not captured", capture=_CAPTURED_BY[name])
    single = ("create", "mask", "activate", "terminate", "symmask remove", "powermt remove")
    present = [name for name in single if order.steps[name]]
    for first, second in pairwise(present):
        order.link(first, second)
    order.rescans_before_activation()
    order.copied_before_terminate()
    order.rescan_before_clean_up()
    _forbidden(ask, order.steps)
    used = [read for reads in order.steps.values() for read in reads]
    ask.read_blocks |= {read.index: read for read in used}
    if not any(read.time for read in used):
        ask.notes("order by place in the collection only: no capture has a time")
    done = [name for name, reads in order.steps.items() if reads]
    ask.holds(" < ".join(done))
