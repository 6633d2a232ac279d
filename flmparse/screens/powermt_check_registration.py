"""``powermt check_registration``: the licence keys of PowerPath, of which only the ending is kept.

Key B3PB-HF4C-EJ6Y-4Q7E-MFTT-Q3SF
  Product: PowerPath
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.powerpath import POWERPATH_LICENCES


def _rows(page: Page) -> dict[str, Rows]:
    keys: list[dict[str, Any]] = []
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        if token.type == "KEY":
            keys.append({"key_ending": str(fields["key"])[-4:], "expired": False, "line": line})
        elif token.type == "NO_KEY":
            continue
        elif not keys:
            page.doubt(line, "stands above the key it belongs to")
        elif token.type == "EXPIRED":
            keys[-1]["expired"] = True
        else:
            keys[-1] |= fields
    return {POWERPATH_LICENCES.name: from_records(keys)}


SCREEN = Screen(
    name="powermt_check_registration",
    tables=(POWERPATH_LICENCES,),
    command=re.compile(r"(?:powermt check_registration|emcpreg)\b"),
    opening=re.compile(r"^[ \t]*Key [A-Z0-9]{4}(?:-[A-Z0-9]{4})+[ \t]*\n[ \t]*Product:", re.M),
    rows=_rows,
    promised=(("KEY",),),
    end=lambda page: False if page.facts and page.facts[-1].type in ("KEY", "PRODUCT") else None,
    none="NO_KEY",
)
