"""What the listings of the arrays tell of ports and devices. No rule stands here.

The common ground of the environment, pool, reservation and fabric rules.
"""

import re
from typing import TYPE_CHECKING, Any

from flmparse.collection import ReadBlock
from flmparse.columns.selection import drop_duplicates, dropna, group_rows, in_newest_blocks, where
from flmparse.evidence.migration import Migration, Missing
from flmparse.findings import Evidence
from flmparse.rules.hosts import views
from flmparse.rules.rule import Inquiry
from flmparse.rules.san import SYMSAN, pairs_listed, source_masking, within
from flmparse.terms import Gate

if TYPE_CHECKING:
    import pandas as pd

_SIZES = (
    ("device_details", "symmetrix", "device"),
    ("devices", "symmetrix", "device"),
    ("san_luns", "remote_symmetrix", "remote_device"),
)
"""Tables that tell the native size of a device, with the columns that name it."""


def largest_native_sizes(ask: Inquiry) -> "pd.DataFrame":
    """Return the native size of every device that a listing gives one for, the largest where several do.

    Columns: ``array``, ``number``, ``capacity_mb``, ``capture``, ``line``.
    """
    import pandas as pd

    names = ["array", "number", "capacity_mb", "capture", "line"]
    parts = [
        ask.have(name)[[array, device, "capacity_mb", "capture", "line"]].set_axis(names, axis=1)
        for name, array, device in _SIZES
    ]
    sizes = dropna(pd.concat(parts), ["array", "number", "capacity_mb"])
    return drop_duplicates(sizes.sort_values("capacity_mb", ascending=False, kind="stable"), ["array", "number"])


def newest_rows(ask: Inquiry, rows: "pd.DataFrame", *keys: str) -> "pd.DataFrame":
    """Return of each thing that the keys name the rows of its newest block, or of several of unknown order."""
    return in_newest_blocks(rows, keys, ask.migration.newest_blocks)


def target_ports(ask: Inquiry) -> "pd.DataFrame":
    """Return the target's ports that matter at the gate: ``port`` and where it is named.

    These are the ports of the views' port groups; before a view exists, the control ports: those asked with symsan and
    those decoded from the masking of the sources. Raises Missing where none is known.
    """
    import pandas as pd

    if ask.gate >= Gate.MASKED or ask.standing.view_names:
        found = dropna(views(ask).ports[["port", "capture", "line"]])
        why, capture = "no port group of a captured view names a port", "symaccess -sid <target> show view <view>"
    else:
        parts = []
        for name in ("san_scans", "san_ports", "san_luns"):
            rows = ask.history(name)
            parts.append(where(rows, rows["symmetrix"] == ask.migration.target_symmetrix)[["port", "capture", "line"]])
        try:
            masking = source_masking(ask)
            pairs_listed(ask, masking)
            parts.append(masking[["control_port", "capture", "line"]].rename(columns={"control_port": "port"}))
        except Missing:
            pass
        found = dropna(pd.concat(parts))
        why, capture = "no capture tells which ports of the target are its control ports", SYMSAN
    if not len(found):
        raise Missing(why, capture)
    return drop_duplicates(found, "port")


def port_values(ask: Inquiry, symmetrix: str | None, column: str) -> "dict[str, pd.DataFrame]":
    """Return for each port of an array the newest rows in which a listing gives the column a value."""
    ask.need("front_end_ports")
    # A newer listing may have a layout without this column; then the last one that has it tells.
    rows = ask.standing.history("front_end_ports")
    told, by_port = ask.once(_values_by_port, ask.migration, rows, symmetrix, column)
    ask.read(told)
    return by_port


def _values_by_port(
    migration: Migration, rows: "pd.DataFrame", symmetrix: str | None, column: str
) -> "tuple[pd.DataFrame, dict[str, pd.DataFrame]]":
    told = where(rows, (rows["symmetrix"] == symmetrix) & rows["port"].notna() & rows[column].notna())
    told = in_newest_blocks(told, ["port"], migration.newest_blocks)
    return told, {str(port): mine for port, mine in group_rows(told, "port")}


def one_value(ask: Inquiry, subject: str, rows: "pd.DataFrame | None", column: str, what: str) -> Any:
    """Return the one value that a port's rows give; None, and a gap, where they give none or contradict each other."""
    values = [] if rows is None else list(rows[column].unique())
    if len(values) == 1:
        return values[0]
    if values:
        ask.gap(subject, f"captures of unknown order contradict each other about {what}", table="front_end_ports",
                evidence=ask.cite(rows))  # fmt: skip
    else:
        ask.gap(subject, f"{what} is not captured", table="front_end_ports")
    return None


_ELEMENTS = {
    "Microcode Version": "microcode_version|version",
    "ACLX": "aclx",
    "Init_Point_to_Point": "init_point_to_point",
    "Device Configuration": "configuration",
    "SCSI-3 Persistent Reserve": "scsi3_persist_res",
}
"""The elements of an XML answer that tell what these labels tell in text."""


def printed(ask: Inquiry, table: str, row: Any, label: str) -> list[Evidence]:
    """Return the line on which a row's paragraph begins and the one below it that begins with a label (an expression).

    A row of a list has its values on its own line, which is then the only one.
    """
    read = ask.block(row.block)
    lines = read.reading.frames[table]["line"].to_numpy()
    below = int(lines.searchsorted(row.line, side="right"))
    last = int(lines[below]) - 1 if below < len(lines) else read.block.line_end
    elements = "".join(f"|<(?:{names})>" for words, names in _ELEMENTS.items() if words in label)
    wanted = re.compile(rf"\s*(?:{label}{elements})")
    for number in range(int(row.line), last + 1):
        if wanted.match(read.capture.lines[number - 1]):
            return [*ask.cite(row), ask.quote(read.capture.name, number, number)]
    return ask.cite(row)


_LEAVING_NOTHING_OUT = frozenset({"-sid", "-v", "-pgr", "-noport", "-port", "-offline", "-i", "-c", "-fa", "-upatches"})


def lists_all(read: ReadBlock, *narrowing: str) -> bool:
    """Whether a block is a whole answer, narrowed by no option but these: what it lacks is not there."""
    command = read.command
    if command is None or command.piped_through or not read.status.usable or not read.reading.whole:
        return False
    return set(command.options) <= _LEAVING_NOTHING_OUT.union(narrowing)


def covers(read: ReadBlock, symmetrix: str, device: str) -> bool:
    """Whether a block is the whole answer to a command that asks for a device: what it lacks is not there."""
    command = read.command
    if command is None or not lists_all(read, "-range", "-devs", "-dev"):
        return False
    array = command.option("-sid")
    if not array or not symmetrix.endswith(array):
        return False
    if command.verb == "show":
        return len(command.words) > 1 and within(device, command.words[1])
    asked = command.option("-range", "-devs", "-dev")
    return asked is None or any(within(device, part) for part in asked.split(","))
