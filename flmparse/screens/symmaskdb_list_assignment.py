"""``symmaskdb list assignment``: which WWNs may see a device of the source array, through which port.

    0720    50000972c0044d18  FIBRE  FA-14C:0
             50000972c0044d1c  FIBRE  FA-14C:1

White paper figure 18: what remains after the unmask are the ports of the target array (Open Replicator), no host.
An empty table means that nothing is assigned.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.tables.masking import MASK_ASSIGNMENTS


def _rows(page: Page) -> dict[str, Rows]:
    assignments = page.table("TABLE", "ASSIGNMENT")
    assignments = page.ffill(["device"], assignments, "a further row without the device it belongs to")
    return {MASK_ASSIGNMENTS.name: page.with_heading("symmetrix", assignments)}


SCREEN = Screen(
    name="symmaskdb_list_assignment",
    tables=(MASK_ASSIGNMENTS,),
    command=re.compile(r"(?:symmaskdb|symaccess) list assignment\b"),
    opening=re.compile(r"^[ \t]*Device[ \t]+Identifier[ \t]+Type[ \t]+Dir:P", re.M),
    rows=_rows,
    promised=(("SYMMETRIX",), ("_HEADING",)),
)
