"""``sg_persist``, ``mpathpersist``: which keys a Linux node finds registered on a disk, and which holds the reservation.

      PR generation=0xc2, 4 registered reservation keys follow:
        0xfdfe0001

Every node registers its key once for each path. The heading announces how many keys follow.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.multipath import RESERVATION_KEYS


def _rows(page: Page) -> dict[str, Rows]:
    words = page.command.words if page.command else ()
    disk = next((word for word in words if word.startswith("/dev/")), None)
    keys: list[dict[str, Any]] = []
    announced = 0
    heading = page.block.output_start
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        if token.type == "EXECUTED":
            disk = fields["disk"]
        elif token.type == "KEYS_HEADING":
            announced, heading = announced + int(fields["count"] or 0), line
        elif token.type in ("KEY", "HOLDER"):
            kind = "registered" if token.type == "KEY" else "reservation"
            keys.append({**fields, "kind": kind, "disk": disk, "line": line})
    listed = sum(key["kind"] == "registered" for key in keys)
    page.check_count(heading, announced, listed, "keys")
    return {RESERVATION_KEYS.name: from_records(keys)}


SCREEN = Screen(
    name="sg_persist",
    tables=(RESERVATION_KEYS,),
    command=re.compile(r"(?:sg_persist|mpathpersist)\b(?!.* (?:-o|--out)\b)"),
    opening=re.compile(r"^[^\n]{0,40}\bPR generation=0x", re.M),
    rows=_rows,
    promised=(("KEYS_HEADING", "RESERVATION_HEADING", "NO_KEYS"),),
    none="NO_KEYS",
)
