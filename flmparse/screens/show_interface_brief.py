"""``show interface brief``: the fibre channel ports of a Cisco switch (layout unproven).

    fc1/7      10     auto   on      up               swl    F       8    --

Who is logged in stands in ``show flogi database``.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import of_switch
from flmparse.tables.switches import SWITCH_PORTS


def _rows(page: Page) -> dict[str, Rows]:
    rows = dict(page.table("TABLE", "ROW"))
    for name in ("vsan", "sfp"):
        rows.pop(name, None)
    rows["kind"] = [None if mode == "--" else f"{mode}-Port" for mode in rows.pop("mode", ())]
    rows["speed"] = [None if speed in ("", "--") else speed for speed in rows.get("speed", ())]
    return {SWITCH_PORTS.name: of_switch(page, rows)}


SCREEN = Screen(
    name="show_interface_brief",
    tables=(SWITCH_PORTS,),
    command=re.compile(r"sh(?:ow)? int\w* brief"),
    opening=re.compile(r"^[ \t]*Interface[ \t]+Vsan[ \t]+Admin[ \t]+Admin\b", re.M),
    rows=_rows,
    promised=(("_HEADING",), ("TABLE",)),
)
