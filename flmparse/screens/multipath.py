"""``multipath -ll``: maps of Linux's device-mapper multipath, in the layouts of RHEL 5 and of later releases, with debug lines (-v4).

      |- 4:0:0:123  sdg  8:96   active undef running

The WWID of a Symmetrix device holds array and device; of a federated target those of its source. How the two kinds of paths show is not
printed in the white paper.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.multipath import MULTIPATH_MAPS, MULTIPATH_PATHS

_SYMMETRIX_WWID = re.compile(r"3?(?:60000970|60060480)(?P<symmetrix>\d{12})53(?P<device>(?:3[0-9]|4[1-6]){5})\Z", re.I)
"""3, the vendor, the serial, and ``S`` with five digits in ASCII (known from public captures)."""


def device_of_wwid(wwid: str) -> dict[str, str]:
    """Return array and device that the WWID of a Symmetrix device holds; nothing for any other."""
    match = _SYMMETRIX_WWID.match(wwid)
    return {"symmetrix": match["symmetrix"], "device": bytes.fromhex(match["device"]).decode()} if match else {}


def _rows(page: Page) -> dict[str, Rows]:
    maps: list[dict[str, Any]] = []
    paths: list[dict[str, Any]] = []
    above: dict[str, Any] | None = None
    group: str | None = None
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        if page.unknown_above(token, rows=True):
            above = group = None
        if token.type == "LISTED":
            paths.append({**fields, "told_by": "paths list", "line": line})
        elif token.type == "MAP":
            wwid = fields["wwid"] or fields["wwid_alone"] or ""
            above = {"map": fields["alias"] or wwid, "wwid": wwid, "path_count": 0, "line": line}
            above |= {name: fields[name] for name in ("dm", "vendor", "product")} | device_of_wwid(wwid)
            group = None
            maps.append(above)
        elif above is None:
            page.doubt(line, "stands below no map")
        elif token.type == "SIZE":
            above["size"] = fields["size"] or fields["size_in_brackets"]
        elif token.type == "GROUP":
            group = fields["state"] or fields["state_in_brackets"]
        else:
            path: dict[str, Any] = {"told_by": "map", "wwid": above["wwid"], "group_state": group, "line": line}
            path |= {name: fields[name] or fields[f"{name}_in_brackets"] for name in ("dm_state", "path_state")}
            address, name = fields["scsi_address"] or "", fields["device_name"]
            path |= {
                "scsi_address": (address.strip(":#") and address) or None,
                "device_name": None if name == "-" else name,
            }
            paths.append(path | {"device_state": fields["device_state"]})
            above["path_count"] += 1
    return {MULTIPATH_MAPS.name: from_records(maps), MULTIPATH_PATHS.name: from_records(paths)}


SCREEN = Screen(
    name="multipath",
    tables=(MULTIPATH_MAPS, MULTIPATH_PATHS),
    command=re.compile(r"multipath\b.* -l"),
    opening=re.compile(r"^[^\n(]{0,100}(?:\([^)\n]{1,100}\))?[ ]dm-\d+[ ]+[^,\n]{0,40},[^\n]*\n[ \t]*\[?size=", re.M),
    rows=_rows,
    promised=(("MAP",),),
)
