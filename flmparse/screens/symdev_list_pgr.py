"""``symdev list -pgr``: which initiators hold SCSI-3 persistent registrations on a device, and who has the reservation.

    0328  8bc3a5d100000001  210000e08b1e45f9  07E:0  X

Layout unproven: no capture was found. Accepted is a row of device (or none: that of the row above, or of a key ``Device``), key of 16 hex
digits, initiator WWN, director port, and where printed a mark for the holder and the kind of reservation. White paper page 5: 5876 migrates
the cluster's reservation. Where ``-pgr`` only filters the usual device list, that is what the output is read as.
"""

import re
from typing import Any

from flmparse.columns.encoded import map_unique, to_list
from flmparse.reading.layouts import Layout, from_above, headed, nulls, table, without
from flmparse.reading.screen import Page, Rows, Screen, stack
from flmparse.tables.arrays import PERSISTENT_RESERVATIONS

_HOLDS = {"X": True, "Yes": True, ".": False, "No": False}


_DEVICE, _KEY = re.compile("[0-9A-F]{3,5}"), re.compile("[0-9A-Fa-f]{16}")
_HOLDER, _KIND = re.compile(r"X|\.|Yes|No|-"), re.compile(r"[A-Z]\w*")
_LAYOUTS: tuple[Layout, ...] = tuple(
    {**device, "key": _KEY, "initiator": _KEY, "port": None, **holder, **kind}
    for device in ({"device": _DEVICE}, {})
    for holder in ({"holder": _HOLDER}, {})
    for kind in ({}, {"kind": _KIND})
)


def _rows(page: Page) -> dict[str, Rows]:
    heads = [token.type for token in page.facts if token.type != "TABLE"]
    plain = heads == ["SYMMETRIX"] and page.facts[0].type == "SYMMETRIX" and page.has("TABLE")
    return {PERSISTENT_RESERVATIONS.name: _one_table(page) if plain else _line_by_line(page)}


def _one_table(page: Page) -> Rows:
    """Return the registrations of one array where nothing but rows tells of them."""
    rows = dict(table(page, "TABLE", "REGISTRATION", _LAYOUTS))
    rows["device"] = from_above(rows["device"])
    for place in nulls(rows["device"]):
        page.doubt(int(rows["line"][place]), "a registration without its device")
    rows["key"] = map_unique(rows["key"], str.lower)
    rows["holder"] = [_HOLDS.get(mark) for mark in to_list(rows.get("holder", [""] * len(rows["line"])))]
    if "kind" in rows:
        rows["kind"] = without(rows["kind"], ("",))
    return headed(page, "symmetrix", "SYMMETRIX", rows)


def _line_by_line(page: Page) -> Rows:
    found: list[dict[str, Any]] = []
    symmetrix: str | None = None
    device: str | None = None
    kind: str | None = None
    for token in page.facts:
        said = page.fields(token)
        if token.type == "SYMMETRIX":
            symmetrix, device, kind = said["symmetrix"], None, None
        elif token.type == "DEVICE":
            device, kind = said["device"], None
        elif token.type == "RESERVATION_TYPE":
            kind = said["kind"]
        elif token.type == "TABLE":
            rows = page.rows(token, "REGISTRATION")
            for values in zip(*rows.values(), strict=True):
                row = dict(zip(rows, values, strict=True))
                device = row["device"] or device
                if device is None:
                    page.doubt(row["line"], "a registration without its device")
                row |= {"symmetrix": symmetrix, "device": device, "key": row["key"].lower()}
                row |= {"holder": _HOLDS.get(row["holder"]), "kind": row["kind"] or kind}
                found.append(row)
    return stack(found)


SCREEN = Screen(
    name="symdev_list_pgr",
    tables=(PERSISTENT_RESERVATIONS,),
    command=re.compile(r"symdev (?:list|show)\b.*(?: -pgr\b| pgr\b)"),
    opening=re.compile(
        r"^[ \t]*(?:[0-9A-F]{3,5}[ \t]+)?(?:0x)?[0-9A-Fa-f]{16}[ \t]+[0-9A-Fa-f]{16}[ \t]+(?:F[AE]-)?\d{1,2}[A-Z]:\d"
        r"|^[ \t]*(?:Sym|Device)\b.*\bKey[ \t]+Initiator",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("_HEADING",)),
    none=re.compile(r"^[ \t]*No\b.*(?:reserv|regist)", re.M | re.I),
)
