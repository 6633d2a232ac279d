"""``symdev create``: the devices that were made, as the transcript names them.

    2 TDEVs create requested in request 1 and devices created are 2[ 00328:00329 ]

Target devices are made before the migration begins; it is no step of it. Known from one public capture.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.device_ranges import devices_in
from flmparse.tables.arrays import CREATED_DEVICES


def _rows(page: Page) -> dict[str, Rows]:
    devices: list[dict[str, Any]] = []
    begun: dict[str, str | None] = {}
    for token in page.facts:
        line, fields = page.line_of(token), page.fields(token)
        if token.type == "STARTING":
            begun = {"symmetrix": fields["symmetrix"], "kind": fields["kind"]}
        elif token.type == "CREATED":
            named = devices_in(",".join((fields["devices"] or "").replace(",", " ").split()))
            if len(named) != int(fields["count"] or 0):
                page.doubt(line, f"{fields['count']} devices announced, {len(named)} named")
            devices += [{**begun, "device": device, "line": line} for device in named]
    for token in page.all("COMPLETED"):
        count = page.fields(token)["count"]
        if int(count or 0) != len(devices):
            page.doubt(page.line_of(token), f"{count} devices created, {len(devices)} named")
    return {CREATED_DEVICES.name: from_records(devices)}


SCREEN = Screen(
    name="symdev_create",
    tables=(CREATED_DEVICES,),
    command=re.compile(r"symdev create\b"),
    opening=re.compile(r"^[ \t]*STARTING an? [\w +-]{1,40} Create Device operation\b", re.M),
    rows=_rows,
    promised=(("STARTING",), ("CREATED", "FAILURE")),
    end=lambda page: page.has("CREATED", "FAILURE"),
)
