"""``symdev list -pgr``: which initiators hold SCSI-3 persistent registrations on a device, and who has the reservation.

    0328  8bc3a5d100000001  210000e08b1e45f9  07E:0  X

Layout unproven: no capture was found. Accepted is a row of device (or none: that of the row above, or of a key ``Device``), key of 16 hex
digits, initiator WWN, director port, and where printed a mark for the holder and the kind of reservation. White paper page 5: 5876 migrates
the cluster's reservation. Where ``-pgr`` only filters the usual device list, that is what the output is read as.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.words import MARKS, YES_NO
from flmparse.tables.arrays import PERSISTENT_RESERVATIONS

_HOLDS = {**YES_NO, **MARKS}


def _rows(page: Page) -> dict[str, Rows]:
    registrations: list[dict[str, Any]] = []
    paragraph: dict[str, Any] = {}
    device: str | None = None
    for token in page.facts:
        if page.unknown_above(token) or token.type == "SYMMETRIX":
            paragraph = {}
        if token.type != "TABLE" or page.unknown_above(token, rows=True):
            device = None
        if token.type == "DEVICE":
            paragraph = page.fields(token)
        elif token.type == "RESERVATION_TYPE":
            paragraph |= page.fields(token)
        elif token.type == "TABLE":
            for row in to_records(page.rows(token, "REGISTRATION")):
                device = row["device"] or device
                owner = device or paragraph.get("device")
                if owner is None:
                    page.doubt(row["line"], "a registration without its device")
                row |= {"device": owner, "key": row["key"].lower()}
                row |= {"holder": _HOLDS.get(row["holder"]), "kind": row["kind"] or paragraph.get("kind")}
                registrations.append(row)
    return {PERSISTENT_RESERVATIONS.name: page.with_heading("symmetrix", from_records(registrations))}


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
    none="NO_RESERVATIONS",
)
