"""``vxfenadm -s``: which keys Veritas fencing finds registered on a disk (layout unproven).

    key[0]:
        [Character Format]: VF000100

Every node registers its key once for each path. The total of each disk stands above its keys.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.multipath import RESERVATION_KEYS


def _rows(page: Page) -> dict[str, Rows]:
    keys: list[dict[str, Any]] = []
    disk: str | None = None
    kind = "registered"
    announced, heading = 0, page.block.output_start
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        if page.unknown_above(token):
            disk = None
        if token.type == "TITLE":
            kind = "registered" if fields["what"] == "Registration Keys" else "reservation"
        elif token.type == "DEVICE":
            disk = fields["disk"]
        elif token.type == "TOTAL":
            announced, heading = announced + int(fields["count"] or 0), line
        elif token.type == "KEY":
            keys.append({"disk": disk, "kind": kind, "line": line} | fields)
        elif not keys or "node_name" in keys[-1]:
            page.doubt(line, "a node without its key")
        else:
            keys[-1] |= fields
    page.check_count(heading, announced, len(keys), "keys")
    return {RESERVATION_KEYS.name: from_records(keys)}


SCREEN = Screen(
    name="vxfenadm",
    tables=(RESERVATION_KEYS,),
    command=re.compile(r"vxfenadm\b.* -[sg]\b"),
    opening=re.compile(r"^[ \t]*Reading SCSI (?:Registration Keys|Reservation Information)", re.M),
    rows=_rows,
    promised=(("DEVICE",), ("TOTAL",)),
)
