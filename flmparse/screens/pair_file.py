"""The pair file of ``symrcopy -f``: which target device takes over which source device.

    symdev=000194900275:0328 symdev=000187490076:0720

A source given as ``wwn=`` of a Symmetrix tells array and device.
White paper page 10. Known by its lines, with or without a command that printed it. An empty table means a file of comments only.
"""

import re

from flmparse import terms
from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.pairs import PAIR_FILE_CLAIMS, PAIRS

_WWN_OF_DEVICE = re.compile(r"wwn=(?:60060480|60000970)(?P<symmetrix>\d{12})53(?P<device>(?:3\d|4[1-6]){5})\Z", re.I)
"""The WWN of a device of a Symmetrix: the array, and the device as five ASCII characters (533030374539: 007E9)."""


def _with_devices_of_wwns(pairs: Rows) -> Rows:
    """Return the pairs with array and device of sources that are given as ``wwn=`` and tell both."""
    columns = {name: list(values) for name, values in pairs.items()}
    for row, written in enumerate(columns.get("source_other", ())):
        match = _WWN_OF_DEVICE.match(written) if isinstance(written, str) else None
        if match is not None:
            device = bytes.fromhex(match["device"]).decode("ascii")
            columns["source_symmetrix"][row] = match["symmetrix"]
            columns["source_device"][row] = terms.device(device)
    return columns


def _rows(page: Page) -> dict[str, Rows]:
    pairs = _with_devices_of_wwns(page.table("TABLE", "PAIR"))
    widths = {len(device) for side in ("target_device", "source_device") for device in pairs.get(side, ()) if device}
    if len(widths) > 1 and page.block.capture.breaks_off:
        # 07E for 07E9: nothing else would tell a number that lost its last digit with the end of the file.
        page.doubt(page.block.line_end, "the file ends without a line end and its device numbers have different widths")
    claims = [{**page.fields(token), "line": page.line_of(token)} for token in page.all("CLAIM")]
    for claim in claims:
        claim["role"] = str(claim["role"]).lower()
    return {PAIRS.name: pairs, PAIR_FILE_CLAIMS.name: from_records(claims)}


SCREEN = Screen(
    name="pair_file",
    tables=(PAIRS, PAIR_FILE_CLAIMS),
    command=re.compile(r"(?:type|cat|more)\b"),
    opening=re.compile(r"^[ \t]*symdev=[0-9xX]{12}:[0-9A-F]{3,5}[ \t]", re.M | re.I),
    rows=_rows,
    end=lambda page: True if page.has("TABLE") else None,
)
