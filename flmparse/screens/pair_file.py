"""The pair file of ``symrcopy -f``: which target device takes over which source device.

    symdev=000194900275:0328 symdev=000187490076:0720

White paper page 10. Known by its lines, with or without a command that printed it. An empty table means a file of comments only.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.pairs import PAIR_FILE_CLAIMS, PAIRS


def _rows(page: Page) -> dict[str, Rows]:
    pairs = page.table("TABLE", "PAIR")
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
