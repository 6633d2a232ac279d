"""What the nodes' powermt displays show of the pairs: the common ground of the path rules. No rule stands here.

Only pair devices are looked at; other arrays and classes in the same output concern no path rule (DESIGN.md section
10).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flmparse.collection import SE_HOST, ReadBlock
from flmparse.columns.selection import GroupIndex, drop_duplicates, dropna, merge, where
from flmparse.evidence.migration import UNNAMED_NODE, Migration, Missing
from flmparse.evidence.timeline import before, newest
from flmparse.findings import Evidence
from flmparse.rules.rule import Inquiry, each
from flmparse.screens import Status
from flmparse.terms import Gate

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES = 32
"""Lines cited of a value that many rows share; the message says how many there are."""


_OF_A_PAIR = ("path_class", "port", "block", "capture", "line")


@dataclass(frozen=True)
class Displays:
    """The displays of one moment: every path of a pair device, classified, with its ``computer``.

    ``devices`` are the device heads of the same displays that belong to a pair, ``pairs`` the pairs whose source is
    known, ``blocks`` the outputs of each computer.
    """

    paths: "pd.DataFrame"
    devices: "pd.DataFrame"
    pairs: "pd.DataFrame"
    blocks: dict[str, list[ReadBlock]]

    @cached_property
    def _of(self) -> GroupIndex:
        return GroupIndex(self.paths[["computer", "pair", *_OF_A_PAIR]], "computer", "pair")

    @property
    def computers(self) -> list[str]:
        """The computers that were looked at."""
        return list(self.blocks)

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
        import pandas as pd

        present = drop_duplicates(self.paths[["computer", "pair"]])
        present = where(present, present["computer"].isin(self.computers))
        if len(present) == len(self.computers) * len(self.pairs):
            return self.pairs.iloc[:0].assign(computer="")
        grid = merge(pd.DataFrame({"computer": self.computers}), self.pairs, how="cross")
        found = merge(grid, present.astype("str"), how="left", on=["computer", "pair"], indicator=True)
        return where(found, found["_merge"] == "left_only").drop(columns="_merge")

    def of(self, computer: str, pair: str) -> "pd.DataFrame":
        """Return class, port and place of the paths of one pair on one computer."""
        return self._of(computer, pair)

    def complete(self, computer: str) -> bool:
        """Whether what a computer's displays do not list is not there: their end is proved, all devices were asked.

        A display has no end of its own; where neither an end nor a prompt after it proves it whole, it counts only if
        every pair device is in it (DESIGN.md section 10, item 14).
        """
        return all(read.reading.whole and asks_all(read) for read in self.blocks[computer])


def asks_all(read: ReadBlock) -> bool:
    """Whether a powermt command asks for every device (or is not known)."""
    words = [word.lower() for word in read.command.words] if read.command else []
    return not any(word.startswith(("dev=", "hba=")) and word != "dev=all" for word in words)


def now(ask: Inquiry, *, by_port: bool = True) -> Displays:
    """Return the displays that stand at the gate; raises Missing without them or (``by_port``) the view's ports."""
    return _displays(ask, ask.need("paths"), ask.need("powerpath_devices"), by_port)


def standing_at(ask: Inquiry, gate: Gate, *, by_port: bool = True) -> Displays:
    """Return the displays that stood at an earlier gate, their ports read with what is known now."""
    standing = ask.migration.at(gate)
    try:
        paths, devices = standing.newest("paths"), standing.newest("powerpath_devices")
    except Missing as missing:
        raise Missing(f"of gate {gate.word}: {missing.message}", *missing.captures) from None
    return _displays(ask, ask.read(paths), ask.read(devices), by_port)


def last_before(ask: Inquiry, step: ReadBlock) -> Displays:
    """Return the last display of the step's computer from before a step, stale or not; raises Missing without one."""
    tables = ask.standing
    known = {read.index: read for read in tables.blocks if read.screen == "powermt_display"}
    last = newest(read for read in known.values() if read.node == step.node and before(read, step) is True)
    if not last:
        place = f"{step.capture.name}:{step.first_line}"
        raise Missing(f"no display of the same node from before powermt remove ({place})", "powermt display dev=all")
    indexes = [read.index for read in last]
    frames = []
    for name in ("paths", "powerpath_devices"):
        frame = tables.history(name)
        frames.append(ask.read(where(frame, frame["block"].isin(indexes))))
    return _displays(ask, frames[0], frames[1], by_port=True)


def _displays(ask: Inquiry, paths: "pd.DataFrame", devices: "pd.DataFrame", by_port: bool) -> Displays:
    pairs = ask.pairs()
    ask.have("view_ports")
    ask.have("view_devices")
    standing = ask.standing
    if by_port and not standing.view_ports:
        captured = len(standing.history("view_devices")) > 0
        why = "no captured view holds a target of the pair file" if captured else "no masking view is captured"
        raise Missing(f"{why}: target paths are told by its ports", "symaccess -sid <target> show view <view>")
    for row in each(pairs, pairs["source_device"].isna()):
        ask.gap(str(row.pair), "its source device is not known", table="pairs", evidence=ask.cite(row))
    classified = standing.classified(paths)
    for row in each(classified, classified["again"]):
        message = f"{row.io_path} is listed twice in one display"
        ask.gap(subject(row.pair, row.computer), message, table="paths", evidence=ask.cite(row))
    return ask.once(_of_pairs, ask.migration, classified, devices)


def _of_pairs(migration: Migration, classified: "pd.DataFrame", devices: "pd.DataFrame") -> Displays:
    """Cut displays down to the pairs. Raises Missing where no display is a cluster node's."""
    computers = migration.once(migration.computers, devices)
    blocks: dict[str, list[ReadBlock]] = {}
    seen = drop_duplicates(devices.assign(computer=computers)[["computer", "block"]])
    elsewhere: set[str] = set()
    for computer, index in zip(seen["computer"], seen["block"], strict=True):
        read = migration.collection.blocks[int(index)]
        if read.node == SE_HOST:
            elsewhere.add(str(computer))
        else:
            blocks.setdefault(str(computer), []).append(read)
    if not blocks:
        raise Missing("no display of a cluster node is captured", "powermt display dev=all")
    known = dropna(migration.pairs, ["source_device"])
    classified = where(classified, ~classified["again"])
    if elsewhere:
        classified = where(classified, ~classified["computer"].isin(elsewhere))
    heads = devices.assign(symmetrix=devices["symmetrix"].astype("str"), computer=computers)
    heads = merge(
        where(heads, ~heads["computer"].isin(elsewhere)),
        known[["pair", "source_symmetrix", "source_device"]],
        left_on=["symmetrix", "device"],
        right_on=["source_symmetrix", "source_device"],
    )
    return Displays(classified, heads, known, blocks)


def every_pair(ask: Inquiry, shown: Displays) -> None:
    """State a gap for each pair that a computer does not show: nothing can be said of its paths."""
    for row in each(shown.missing):
        ask.gap(
            subject(row.pair, row.computer), "no path of it is in the display", table="paths", evidence=ask.cite(row)
        )


def subject(pair: Any, computer: Any) -> str:
    """Name a pair on a computer."""
    return f"{pair}" if str(computer) == UNNAMED_NODE else f"{pair} on {computer}"


def some(ask: Inquiry, *rows: "pd.DataFrame") -> list[Evidence]:
    """Cite rows that share a value, of many rows the first ones."""
    return ask.cite(*(frame.head(MOST_LINES) for frame in rows))


def by_node(shown: Displays, rows: "pd.DataFrame") -> "Iterator[tuple[str, pd.DataFrame]]":
    """Yield the rows of each computer that has any."""
    for computer in shown.computers:
        mine = where(rows, rows["computer"] == computer)
        if len(mine):
            yield computer, mine


def view_mapping(ask: Inquiry) -> "pd.DataFrame":
    """Return the rows of the migration's views on ports of their port groups: view, device, port, host_lun.

    A view lists every port that a device is mapped on, also those of other views' port groups; only its own say where
    its hosts see the device.
    """
    standing = ask.standing
    devices, ports = ask.need("view_devices"), ask.need("view_ports")
    return ask.once(_mapped_in_groups, devices, ports, frozenset(standing.view_names))


def _mapped_in_groups(devices: "pd.DataFrame", ports: "pd.DataFrame", views: frozenset[str]) -> "pd.DataFrame":
    mine = where(devices, devices["view"].isin(views) & devices["port"].notna())
    group = drop_duplicates(ports[["symmetrix", "view", "port"]])
    return merge(mine, group, on=["symmetrix", "view", "port"])


def empty_displays(ask: Inquiry) -> list[ReadBlock]:
    """Return the outputs of this gate in which powermt says that there is no device at all."""
    asked = [read for read in ask.standing.blocks if read.screen == "powermt_display" and read.gate == ask.gate]
    return [read for read in asked if read.status is Status.NONE and not any(before(read, later) for later in asked)]
