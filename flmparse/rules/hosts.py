"""Which hosts see the devices of the pairs: on the target by masking views, on the source by device masking.

The common ground of the masking rules; no rule stands here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flmparse.columns.selection import drop_duplicates, dropna, isin, merge, where
from flmparse.evidence.migration import Missing
from flmparse.rules.rule import Inquiry, each
from flmparse.terms import Gate, is_array_port

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Views:
    """The masking views that hold a target of the migration, each table cut down to them."""

    views: "pd.DataFrame"
    devices: "pd.DataFrame"
    initiators: "pd.DataFrame"
    ports: "pd.DataFrame"

    @property
    def names(self) -> list[str]:
        """The names of the views."""
        return list(self.views["view"].unique())

    @property
    def told(self) -> str:
        """The names in a row, for messages."""
        return ", ".join(self.names)

    def access(self) -> "pd.DataFrame":
        """Return who sees what: each device with each initiator of a view that holds it, once."""
        held = drop_duplicates(self.devices[["view", "device"]])
        pairs = merge(held, drop_duplicates(self.initiators[["view", "wwn"]]), on="view")
        return drop_duplicates(pairs[["device", "wwn"]])


def views(ask: Inquiry) -> Views:
    """Return the migration's masking views; raises Missing where none is captured, or none holds a target."""
    names = ask.standing.view_names
    frames = [ask.need(name) for name in ("masking_views", "view_devices", "view_initiators", "view_ports")]
    if not names:
        raise Missing("no captured view holds a target of the pair file", "symaccess -sid <target> show view <view>")
    return ask.once(_cut_to, frozenset(names), *frames)


def _cut_to(names: frozenset[str], *frames: "pd.DataFrame") -> Views:
    return Views(*(where(frame, frame["view"].isin(names)) for frame in frames))


@dataclass(frozen=True)
class SourceHosts:
    """Which host sees which source device.

    ``rows``: pair, device, wwn, port of hosts only, from listings and from removals.
    ``before``: those of them that a listing from before the unmask shows (None where there is no such listing).
    """

    rows: "pd.DataFrame"
    before: "pd.DataFrame | None"


def source_hosts(ask: Inquiry) -> SourceHosts:
    """Return the hosts that see, or until the unmask saw, the source devices; every pair without one is a gap.

    Before the unmask a listing of the source's masking must stand. After it the last listing from before it, the removals
    themselves and what is still listed tell together who the hosts were.
    """
    import pandas as pd

    pairs = dropna(ask.pairs(), ["source_device"])
    before: pd.DataFrame | None = None
    parts = []
    if ask.gate < Gate.UNMASKED:
        before = ask.need("mask_assignments")
        parts.append(before)
    else:
        standing = ask.migration.at(Gate.TERMINATED)
        try:
            before = ask.read(standing.newest("mask_assignments"))
            parts.append(before)
        except Missing:
            pass
        parts.append(ask.have("mask_assignments"))
        changes = of_source(ask, ask.history("mask_changes"))
        late = changes["gate"].isin([Gate.UNMASKED.word, Gate.CLEANED.word])
        parts.append(where(changes, (changes["action"] == "remove") & late))
    seen = [ask.once(_seen_by, part, pairs, ask.migration.source_symmetrix or "") for part in parts]
    for unread, _ in seen:
        for row in each(unread):
            ask.gap(str(row.pair), "names no initiator WWN", evidence=ask.cite(row))
    cut = [hosts for _, hosts in seen]
    rows = drop_duplicates(cut[0] if len(cut) == 1 else pd.concat(cut), ["device", "wwn", "port"])
    for row in each(pairs, ~isin(pairs["source_device"], rows["device"])):
        message = f"no host is known that sees source device {row.source_device}"
        ask.gap(str(row.pair), message, table="mask_assignments", evidence=ask.cite(row))
    return SourceHosts(rows, cut[0] if before is not None else None)


def _seen_by(rows: "pd.DataFrame", pairs: "pd.DataFrame", source: str) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Return the rows of source devices whose WWN was not read, and those of hosts."""
    rows = _of_array(rows, source)
    array_ports = {wwn for wwn in rows["wwn"].dropna().unique() if is_array_port(wwn)}
    rows = where(rows, ~rows["wwn"].isin(array_ports))
    mine = merge(
        rows[["device", "wwn", "port", "capture", "line"]],
        pairs[["source_device", "pair", "target_device"]],
        left_on="device",
        right_on="source_device",
    )
    return where(mine, mine["wwn"].isna()), dropna(mine, ["wwn"])


def of_source(ask: Inquiry, rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows of the source array: named whole, or by its last digits as typed behind -sid."""
    return _of_array(rows, ask.migration.source_symmetrix or "")


def _of_array(rows: "pd.DataFrame", source: str) -> "pd.DataFrame":
    column = "symmetrix" if "symmetrix" in rows.columns else "symmetrix_suffix"
    named = {text for text in rows[column].dropna().unique() if text and source.endswith(text)}
    return where(rows, rows[column].isin(named))
