"""``vxdmpadm listenclosure``: the arrays that Veritas DMP sees (layout unproven).

emc0              EMC            000194900275         CONNECTED    A/A        12
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.headed_words import headed_rows
from flmparse.tables.multipath import DMP_ENCLOSURES

_COLUMNS = {
    "ENCLR_NAME": "enclosure",
    "ENCLR_TYPE": "enclosure_type",
    "ENCLR_SNO": "serial",
    "STATUS": "state",
    "ARRAY_TYPE": "array_type",
    "LUN_COUNT": "lun_count",
}


def _rows(page: Page) -> dict[str, Rows]:
    enclosures = headed_rows(page, _COLUMNS)
    for enclosure in enclosures:
        count = str(enclosure.get("lun_count"))
        enclosure["lun_count"] = int(count) if count.isdigit() else None
    return {DMP_ENCLOSURES.name: from_records(enclosures)}


SCREEN = Screen(
    name="vxdmpadm_listenclosure",
    tables=(DMP_ENCLOSURES,),
    command=re.compile(r"vxdmpadm listenclosure\b"),
    opening=re.compile(r"^[ \t]*ENCLR_NAME[ \t]+ENCLR_TYPE[ \t]+ENCLR_SNO\b", re.M),
    rows=_rows,
    promised=(("HEADING",), ("TABLE",)),
)
