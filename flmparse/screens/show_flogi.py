"""``show flogi database``: who is logged in to a Cisco switch.

    fc1/7            10      0x0a0100  10:00:00:00:c9:5a:11:08 20:00:00:00:c9:5a:11:08
                               [exch01_hba0]

The sentence with their number ends it.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import check_total, of_switch
from flmparse.tables.switches import FABRIC_LOGINS


def _rows(page: Page) -> dict[str, Rows]:
    logins = [
        {**page.fields(token, "ROW"), "told_by": "flogi", "line": page.line_of(token)} for token in page.all("TABLE")
    ]
    for login in logins:
        login["vsan"] = int(str(login["vsan"]))
        login["fcid"] = str(login["fcid"]).lower().removeprefix("0x")
    check_total(page, "TOTAL", len(logins), "logins")
    return {FABRIC_LOGINS.name: of_switch(page, from_records(logins))}


SCREEN = Screen(
    name="show_flogi",
    tables=(FABRIC_LOGINS,),
    command=re.compile(r"sh(?:ow)? flogi d\w*"),
    opening=re.compile(r"^[ \t]*INTERFACE[ \t]+VSAN[ \t]+FCID[ \t]+PORT NAME\b", re.M),
    rows=_rows,
    promised=(("TABLE",), ("TOTAL",)),
    end=lambda page: page.has("TOTAL"),
    none="NOTHING",
)
