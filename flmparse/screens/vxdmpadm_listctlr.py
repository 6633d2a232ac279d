"""``vxdmpadm listctlr``: the controllers of a node under Veritas DMP.

c2              EMC             ENABLED      emc0
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.headed_words import headed_rows
from flmparse.tables.multipath import DMP_CONTROLLERS

_COLUMNS = {"CTLR-NAME": "controller", "ENCLR-TYPE": "enclosure_type", "STATE": "state", "ENCLR-NAME": "enclosure"}


def _rows(page: Page) -> dict[str, Rows]:
    return {DMP_CONTROLLERS.name: from_records(headed_rows(page, _COLUMNS))}


SCREEN = Screen(
    name="vxdmpadm_listctlr",
    tables=(DMP_CONTROLLERS,),
    command=re.compile(r"vxdmpadm listctlr\b"),
    opening=re.compile(r"^[ \t]*CTLR-NAME[ \t]+ENCLR-TYPE[ \t]+STATE\b", re.M),
    rows=_rows,
    promised=(("HEADING",), ("TABLE",)),
)
