"""What the nodes' powermt displays show of the pairs.

Only pair devices are looked at; other arrays and classes in the same output concern no path rule (DESIGN.md section
10).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flmparse.collection import SE_HOST, Output
from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.migration import Migration, MissingEvidence
from flmparse.evidence.reader import EvidenceReader, each, fact
from flmparse.evidence.timeline import before, newest
from flmparse.facts.paths import classified
from flmparse.facts.views import view_ports
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate
from flmparse.screens import Status

_OF_A_PAIR = ("path_class", "port", "block", "capture", "line")


@dataclass(frozen=True)
class Displays:
    """The displays of one moment: every path of a pair device, classified, with its ``computer``.

    ``devices`` are the device heads of the same displays that belong to a pair, ``pairs`` the pairs whose source is
    known, ``outputs`` the displays of each computer.
    """

    paths: "pd.DataFrame"
    devices: "pd.DataFrame"
    pairs: "pd.DataFrame"
    outputs: dict[str, list[Output]]

    @cached_property
    def _of(self) -> GroupIndex:
        return GroupIndex(self.paths[["computer", "pair", *_OF_A_PAIR]], "computer", "pair")

    @property
    def computers(self) -> list[str]:
        """The computers that have a display."""
        return list(self.outputs)

    @cached_property
    def targets(self) -> "pd.DataFrame":
        """The paths to the target array."""
        return where(self.paths, self.paths["path_class"] == "target")

    @cached_property
    def sources(self) -> "pd.DataFrame":
        """The paths to the source array."""
        return where(self.paths, self.paths["path_class"] == "source")

    @cached_property
    def missing(self) -> "pd.DataFrame":
        """The pairs, a row for each computer, of which that computer shows no path at all."""
        present = drop_duplicates(self.paths[["computer", "pair"]])
        present = where(present, present["computer"].isin(self.computers))
        if len(present) == len(self.computers) * len(self.pairs):
            return self.pairs.iloc[:0].assign(computer="")
        grid = pd.DataFrame({"computer": self.computers}).merge(self.pairs, how="cross")
        joined = grid.merge(present.astype("str"), how="left", on=["computer", "pair"], indicator=True)
        return where(joined, joined["_merge"] == "left_only").drop(columns="_merge")

    def of(self, computer: str, pair: str) -> "pd.DataFrame":
        """Return class, port and position of the paths of one pair on one computer."""
        return self._of(computer, pair)

    def complete(self, computer: str) -> bool:
        """Whether what a computer's displays do not list is not there: the end of one is proved, and it asked for all devices.

        A display has no end of its own; where neither an end nor a prompt after it proves it whole, it counts only if
        every pair device is in it (DESIGN.md section 10, item 14).
        """
        return any(output.reading.whole and not Answer(output).narrowed_by for output in self.outputs[computer])


@fact
def now(evidence: EvidenceReader, *, by_port: bool = True) -> Displays:
    """Return the newest displays at the gate; raises MissingEvidence without them or (``by_port``) the view's ports."""
    paths, devices = evidence.require("paths"), evidence.require("powerpath_devices")
    return _displays(
        evidence,
        _since_masking(evidence, paths, evidence.gate),
        _since_masking(evidence, devices, evidence.gate),
        by_port,
    )


def _since_masking(evidence: EvidenceReader, rows: "pd.DataFrame", gate: Gate) -> "pd.DataFrame":
    """Return the rows of displays that can show target paths: one from before the masking and the rescan shows none anyway.

    A node without a later display is missing evidence, and no node without target paths.
    """
    if gate < Gate.READY:
        return rows
    outputs = [evidence.output(index) for index in rows["block"].unique()]
    older = [output for output in outputs if output.gate is not None and output.gate < Gate.READY]
    if not older:
        return rows
    if len(older) == len(outputs):
        position = f"{older[0].capture.name}:{older[0].first_line}"
        raise MissingEvidence(f"{position}: captured before the targets were masked", "powermt display dev=all")
    return where(rows, ~rows["block"].isin([output.index for output in older]))


@fact
def standing_at(evidence: EvidenceReader, gate: Gate, *, by_port: bool = True) -> Displays:
    """Return the newest displays at an earlier gate, their ports read with what is known now."""
    earlier = evidence.migration.at(gate)
    try:
        paths, devices = earlier.newest("paths"), earlier.newest("powerpath_devices")
    except MissingEvidence as missing:
        raise MissingEvidence(f"of gate {gate.word}: {missing.message}", *missing.captures) from None
    paths, devices = _since_masking(evidence, paths, gate), _since_masking(evidence, devices, gate)
    return _displays(evidence, evidence.count_as_read(paths), evidence.count_as_read(devices), by_port)


def last_before(evidence: EvidenceReader, step: Output) -> Displays:
    """Return the last display of the step's computer from before a step, stale or not; raises MissingEvidence without one."""
    displays = [output for output in evidence.at_gate.outputs if output.screen == "powermt_display"]
    last = newest(output for output in displays if output.node == step.node and before(output, step) is True)
    if not last:
        position = f"{step.capture.name}:{step.first_line}"
        raise MissingEvidence(
            f"no display of the same node from before powermt remove ({position})", "powermt display dev=all"
        )
    indexes = [output.index for output in last]
    history = (evidence.at_gate.history(name) for name in ("paths", "powerpath_devices"))
    paths, devices = (evidence.count_as_read(where(rows, rows["block"].isin(indexes))) for rows in history)
    return _displays(evidence, paths, devices, by_port=True)


def _displays(evidence: EvidenceReader, paths: "pd.DataFrame", devices: "pd.DataFrame", by_port: bool) -> Displays:
    pairs = evidence.pairs()
    evidence.optional("view_ports")
    evidence.optional("view_devices")
    at_gate = evidence.at_gate
    if by_port and not view_ports(at_gate):
        captured = len(at_gate.history("view_devices")) > 0
        why = "no captured view holds a target of the pair file" if captured else "no masking view is captured"
        raise MissingEvidence(f"{why}: target paths are told by its ports", "symaccess -sid <target> show view <view>")
    for row in each(pairs, pairs["source_device"].isna()):
        message = "its source device is not known"
        evidence.inconclusive(Subject.of_pair(row.pair), message, table="pairs", evidence=evidence.cite(row))
    pair_paths = classified(at_gate, paths)
    for row in each(pair_paths, pair_paths["again"]):
        subject, message = Subject.of_pair(row.pair, row.computer), f"{row.io_path} is listed twice in one display"
        evidence.inconclusive(subject, message, table="paths", evidence=evidence.cite(row))
    return evidence.once(_of_pairs, evidence.migration, pair_paths, devices)


def _of_pairs(migration: Migration, classified: "pd.DataFrame", devices: "pd.DataFrame") -> Displays:
    """Cut displays down to the pairs. Raises MissingEvidence where no display is a cluster node's."""
    computers = migration.once(migration.computers, devices)
    outputs: dict[str, list[Output]] = {}
    elsewhere: set[str] = set()
    blocks = drop_duplicates(devices.assign(computer=computers)[["computer", "block"]])
    for computer, index in zip(blocks["computer"], blocks["block"], strict=True):
        output = migration.collection.outputs[int(index)]
        if output.node == SE_HOST:
            elsewhere.add(str(computer))
        else:
            outputs.setdefault(str(computer), []).append(output)
    if not outputs:
        raise MissingEvidence("no display of a cluster node is captured", "powermt display dev=all")
    pairs = dropna(migration.pairs, ["source_device"])
    classified = where(classified, ~classified["again"])
    if elsewhere:
        classified = where(classified, ~classified["computer"].isin(elsewhere))
    heads = devices.assign(symmetrix=devices["symmetrix"].astype("str"), computer=computers)
    heads = where(heads, ~heads["computer"].isin(elsewhere)).merge(
        pairs[["pair", "source_symmetrix", "source_device"]],
        left_on=["symmetrix", "device"],
        right_on=["source_symmetrix", "source_device"],
    )
    return Displays(classified, heads, pairs, outputs)


def with_sources(evidence: EvidenceReader, displays: Displays) -> Displays | None:
    """Return the newest displays with source paths: these, or once the sources are gone those of an earlier gate; None without any."""
    if len(displays.sources):
        return displays
    for gate in (Gate.TERMINATED, Gate.COPIED, Gate.COPYING, Gate.READY):
        if gate < evidence.gate:
            try:
                earlier = standing_at(evidence, gate)
            except MissingEvidence:
                continue
            if len(earlier.sources):
                return earlier
    return None


def every_pair(evidence: EvidenceReader, displays: Displays) -> None:
    """State a gap for each pair that a computer does not show: nothing can be said of its paths."""
    for row in each(displays.missing):
        subject, message = Subject.of_pair(row.pair, row.computer), "no path of it is in the display"
        evidence.inconclusive(subject, message, table="paths", evidence=evidence.cite(row))


NONE_SINCE_UNMASK = "no display was captured since the sources were unmasked; the next one is that of the clean-up"


def none_since_unmask(evidence: EvidenceReader) -> bool:
    """Whether at gate unmasked no display stands that was captured there: older ones the unmask made stale, also where its log is lost."""
    if evidence.gate is not Gate.UNMASKED or empty_displays(evidence):
        return False
    try:
        blocks = evidence.at_gate.newest("paths")["block"].unique()
    except MissingEvidence:
        return True
    return all(evidence.output(index).gate is not Gate.UNMASKED for index in blocks)


def by_node(displays: Displays, rows: "pd.DataFrame") -> "Iterator[tuple[str, pd.DataFrame]]":
    """Yield the rows of each computer that has any."""
    for computer in displays.computers:
        of_computer = where(rows, rows["computer"] == computer)
        if len(of_computer):
            yield computer, of_computer


def empty_displays(evidence: EvidenceReader) -> list[Output]:
    """Return the newest outputs of this gate in which powermt says that there is no device at all."""
    outputs = [
        output
        for output in evidence.at_gate.outputs
        if output.screen == "powermt_display" and output.gate == evidence.gate
    ]
    return [
        output
        for output in outputs
        if output.status is Status.NONE and not any(before(output, later) for later in outputs)
    ]
