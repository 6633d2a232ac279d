"""``symdev list -identity``: the identity each device shows to its hosts.

    0328 Not Visible TDEV          RW XX  000187490076  00720 7600720000  3750

White paper figure 6, read on the Solutions Enabler host once the session is created. The capacity is that of the external
geometry. An empty table means that the range holds no device.
"""

import re

from flmparse.columns.encoded import Vector, arrow, is_arrow, slice_text
from flmparse.reading.layouts import Layout, equals, headed, table, without
from flmparse.reading.screen import Page, Rows, Screen
from flmparse.tables.identities import IDENTITIES

NOTHING = ("N/A", "-")
_LAYOUT: Layout = {
    "device": None,
    "physical": None,
    "config": re.compile("[0-9A-Za-z+/-]+"),
    "status": None,
    "flags": None,
    "external_symmetrix": None,
    "external_device": None,
    "serial": None,
    "capacity_mb": None,
}


def _rows(page: Page) -> dict[str, Rows]:
    devices = dict(table(page, "TABLE", "DEVICE", (_LAYOUT,), "physical"))
    flags = devices.pop("flags", None)
    if flags is not None:
        devices["identity_set"], devices["geometry_set"] = slice_text(flags, 0, 1), slice_text(flags, 1, 2)
    for flag in ("identity_set", "geometry_set"):
        devices[flag] = equals(devices.get(flag, ()), "X")
    for name in ("external_symmetrix", "external_device", "serial"):
        devices[name] = without(devices.get(name, ()), NOTHING)
    devices["external_device"] = _short(devices["external_device"])
    return {IDENTITIES.name: headed(page, "symmetrix", "SYMMETRIX", devices)}


def _short(numbers: Vector) -> Vector:
    """Return device numbers without the fifth digit that is printed of all where it says nothing."""
    pa = arrow()
    if pa is None or not is_arrow(numbers):
        return numbers
    return pa.compute.replace_substring_regex(numbers, "^0([0-9A-F]{4})$", r"\1")


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
    none=re.compile(r"^[ \t]*No\b.*device", re.M | re.I),
)
