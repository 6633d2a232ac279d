"""``symdev list -identity``: the identity each device shows to its hosts.

    0328 Not Visible TDEV          RW XX  000187490076  00720 7600720000  3750

White paper figure 6, read on the Solutions Enabler host once the session is created. The capacity is that of the external
geometry. An empty table means that the range holds no device.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.screens.shared.sizes import sizes_in_mb
from flmparse.tables.identities import IDENTITIES

_NOTHING = ("N/A", "-")


def _rows(page: Page) -> dict[str, Rows]:
    devices = dict(page.table("TABLE", "DEVICE"))
    for flag in ("identity_set", "geometry_set"):
        devices[flag] = [mark == "X" for mark in devices.get(flag, ())]
    for name in ("external_symmetrix", "external_device", "serial"):
        devices[name] = [None if value in _NOTHING else value for value in devices.get(name, ())]
    devices["capacity_mb"] = sizes_in_mb(page, devices.get("capacity_mb", ()), "_HEADING")
    return {IDENTITIES.name: page.with_heading("symmetrix", devices)}


def _end(page: Page) -> bool | None:
    # docs/decisions/05-legends.md
    return page.has("LEGEND_END") if page.has("_LEGEND") else None


SCREEN = Screen(
    name="symdev_list_identity",
    tables=(IDENTITIES,),
    command=re.compile(r"symdev list\b.* -identity\b"),
    opening=re.compile(
        r"^[ \t]*Device[ \t]+FLG[ \t]+External Identity|^[ \t]*Sym[ \t]+Physical[ \t]+Config[ \t]+Sts[ \t]+IG[ \t]"
        r"|^[0-9A-F]{4,5}[ \t]+(?:Not Visible|\S+)[ \t]+\S+(?: \S+)?[ \t]+(?:RW|WD|NR)[ \t]+[X.]{2}[ \t]+(?:[0-9xX]{12}|N/A)[ \t]",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("_HEADING",)),
    end=_end,
    none="NO_DEVICES",
)
