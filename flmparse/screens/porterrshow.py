"""``porterrshow``: the error counters of the ports of a Brocade switch (layout unproven).

      7:    1.2g   3.4g   0      0      0      0      0      0      0      1      0      1      1      0      0

Releases print 14, 15, 17, 18 or 19 columns, which agree on the first four; the column ``crc g_eof`` came with the fifteenth. Counters are rounded
from a thousand on (1.2g): two that look alike may differ.
"""

import re
from itertools import pairwise

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import of_switch
from flmparse.tables.switches import PORT_ERRORS

_THOUSANDS = {"k": 1_000, "m": 1_000_000, "g": 1_000_000_000, "t": 1_000_000_000_000}
_COLUMNS = {"enc_in": 2, "crc_err": 3, "enc_out": -7, "disc_c3": -6, "link_fail": -5, "loss_sync": -4, "loss_sig": -3}
"""Where each counter stands; a negative place counts from the end of the columns up to ``fbsy``."""
_UP_TO_FBSY = {14: 14, 15: 15, 17: 15, 18: 15, 19: 15}
"""How many columns stand up to ``fbsy``, by the number of all."""


def _number(text: str) -> int:
    unit = _THOUSANDS.get(text[-1], 1)
    return round(float(text.rstrip("kmgt")) * unit)


def _rows(page: Page) -> dict[str, Rows]:
    rows = dict(page.table("TABLE", "ROW"))
    lines, counters = list(rows.get("line", ())), [text.split() for text in rows.pop("counters", ())]
    for (line, above), (_, below) in pairwise(zip(lines, counters, strict=True)):
        if len(above) != len(below):
            page.doubt(line, f"{len(above)} columns, {len(below)} in the row below")
    for line, texts in zip(lines, counters, strict=True):
        if len(texts) not in _UP_TO_FBSY:
            page.doubt(line, f"{len(texts)} columns: which counters they are is not known")
    for name, place in _COLUMNS.items():
        rows[name] = [
            _number(texts[: _UP_TO_FBSY[len(texts)]][place]) if len(texts) in _UP_TO_FBSY else None
            for texts in counters
        ]
    return {PORT_ERRORS.name: of_switch(page, rows)}


SCREEN = Screen(
    name="porterrshow",
    tables=(PORT_ERRORS,),
    command=re.compile(r"porterrshow\b"),
    opening=re.compile(r"^[ \t]*frames[ \t]+enc[ \t]+crc\b", re.M),
    rows=_rows,
    promised=(("HEADING",), ("TABLE",)),
)
