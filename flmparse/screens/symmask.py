r"""``symmask``: masking of the source array's devices changed, and the directors told.

    C:\> symmask -sid 076 -dir 14c -p 0 -wwn 10000000c953f9f3 remove devs 0720,075F,07B6,07E9
    C:\> symmask -sid 076 refresh
    Symmetrix FA/SE directors updated with contents of SymMask Database 000187490076

White paper figure 17. ``add`` and ``remove`` are silent when they work, so their rows come from the command itself; a change reaches
the hosts only with the refresh.
"""

import re
from collections.abc import Iterator

from flmparse.commands import Command
from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.masking import MASK_CHANGES, MASK_REFRESHES
from flmparse.tables.operations import OPERATIONS

_LOOKS_LIKE_A_WWN = re.compile(r"[0-9A-Fa-f:]{16,23}\Z")


def _rows(page: Page) -> dict[str, Rows]:
    line = page.block.echo_line or page.block.output_start
    command = page.command
    refreshes = [{**page.fields(token), "line": page.line_of(token)} for token in page.all("REFRESHED")]
    steps = [
        {"operation": "symmask refresh", "succeeded": True, "subject": fields["symmetrix"], "line": fields["line"]}
        for fields in refreshes
    ]
    changes = []
    if command is not None and command.verb in ("add", "remove"):
        changes = [{**change, "line": line} for change in _changes(command)]
        if not changes:
            page.doubt(line, "no device list after devs")
        sid = command.option("-sid")
        # Silence is success only where something after it shows that the command had come back.
        done = True if page.block.closed and not page.block.has_output else None
        steps.append({"operation": f"symmask {command.verb}", "succeeded": done, "subject": sid, "line": line})
    return {
        MASK_CHANGES.name: from_records(changes),
        MASK_REFRESHES.name: from_records(refreshes),
        OPERATIONS.name: from_records(steps),
    }


def _changes(command: Command) -> Iterator[dict[str, str | None]]:
    misspelt = (command.options[option.lower()] for option in command.unknown_options)
    wwn = command.option("-wwn") or next(filter(_LOOKS_LIKE_A_WWN.match, misspelt), None)
    director, port = command.option("-dir"), command.option("-p")
    for device in _devices(command.words[-1] if command.has_words("devs") or command.has_words("dev") else ""):
        yield {
            "action": command.verb,
            "symmetrix_suffix": command.option("-sid"),
            "port": f"{director}:{port}" if director and port else None,
            "wwn": wwn,
            "device": device,
        }


def _devices(text: str) -> Iterator[str]:
    """Expand ``0720,075F,0028:002D``; what is no device number is handed on and refused by the table."""
    for part in filter(None, text.split(",")):
        first, colon, last = part.partition(":")
        try:
            if colon and int(last, 16) - int(first, 16) < 65536:
                yield from (f"{number:04X}" for number in range(int(first, 16), int(last, 16) + 1))
                continue
        except ValueError:
            pass
        yield part


SCREEN = Screen(
    name="symmask",
    tables=(MASK_CHANGES, MASK_REFRESHES, OPERATIONS),
    command=re.compile(r"symmask (?:add|remove|refresh|set|delete)\b"),
    opening=re.compile(r"^[ \t]*Symmetrix FA/SE directors updated with contents of SymMask Database", re.M),
    rows=_rows,
    end=lambda page: True if page.has("REFRESHED") else None,
    silent=True,
)
