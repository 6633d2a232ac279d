"""``fabricshow``: the switches of a Brocade fabric.

      1: fffc01 10:00:00:05:1e:4c:24:00 192.0.2.17      0.0.0.0        >"SAN_A_01"

The sentence with their number ends it.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import check_total, of_switch
from flmparse.tables.switches import FABRIC_SWITCHES


def _rows(page: Page) -> dict[str, Rows]:
    rows = dict(page.table("TABLE", "ROW"))
    marks = rows.get("is_principal", ())
    rows["is_principal"] = [mark == ">" for mark in marks]
    check_total(page, "TOTAL", len(marks), "switches")
    return {FABRIC_SWITCHES.name: of_switch(page, rows)}


SCREEN = Screen(
    name="fabricshow",
    tables=(FABRIC_SWITCHES,),
    command=re.compile(r"fabricshow\b"),
    opening=re.compile(
        r"^[ \t]*Switch ID[ \t]+Worldwide Name\b|^[ \t]*\d{1,3}:[ \t]+fffc[0-9a-f]{2}[ \t]+(?:[0-9A-Fa-f]{2}:){7}", re.M
    ),
    rows=_rows,
    promised=(("TABLE",), ("TOTAL",)),
    end=lambda page: page.has("TOTAL"),
)
