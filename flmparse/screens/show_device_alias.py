"""``show device-alias database``: names of ports in a Cisco fabric.

    device-alias name exch01_hba0 pwwn 10:00:00:00:c9:5a:11:08

The sentence with their number ends it.
"""

import re

from flmparse.reading.page import Page, lines_in
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import check_total, of_switch
from flmparse.tables.switches import ZONE_ALIASES


def _rows(page: Page) -> dict[str, Rows]:
    rows = dict(page.table("TABLE", "ROW"))
    listed = sum(map(lines_in, page.all("TABLE")))
    rows["kind"] = ["device-alias"] * listed
    check_total(page, "TOTAL", listed, "entries")
    return {ZONE_ALIASES.name: of_switch(page, rows)}


SCREEN = Screen(
    name="show_device_alias",
    tables=(ZONE_ALIASES,),
    command=re.compile(r"sh(?:ow)? device-alias d\w*"),
    opening=re.compile(r"^[ \t]*device-alias name \S+ pwwn [0-9A-Za-z]{2}:", re.M),
    rows=_rows,
    promised=(("TABLE",), ("TOTAL",)),
    end=lambda page: page.has("TOTAL"),
    none="NOTHING",
)
