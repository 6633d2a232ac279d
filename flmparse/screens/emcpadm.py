"""``emcpadm getusedpseudos`` and ``getfreepseudos``: which pseudo device names are taken, which come next.

            emcpowera       120      0

The sentence above the table says which of the two it is. The screen has no end.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.tables.powerpath import PSEUDO_NAMES


def _rows(page: Page) -> dict[str, Rows]:
    names = dict(page.table("TABLE", "PSEUDO"))
    used, free = page.has("USED"), page.has("FREE")
    if names and used == free:
        page.doubt(page.block.output_start, "nothing says whether these names are in use or free")
    names["in_use"] = [None if used == free else used] * len(names.get("line", ()))
    return {PSEUDO_NAMES.name: names}


SCREEN = Screen(
    name="emcpadm",
    tables=(PSEUDO_NAMES,),
    command=re.compile(r"emcpadm get(?:used|free)pseudos\b"),
    opening=re.compile(r"^[ \t]*Pseudo Device Name[ \t]+Major#", re.M),
    rows=_rows,
    promised=(("USED", "FREE"), ("_HEADING",)),
)
