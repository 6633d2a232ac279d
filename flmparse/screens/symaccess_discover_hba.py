"""``symaccess discover hba``: the adapters of the Solutions Enabler host, under the names the array keeps.

WWN        : 10000000c953f9f3
User Name  : se-host/hba0
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.groups import HOST_INITIATORS


def _rows(page: Page) -> dict[str, Rows]:
    adapters: list[dict[str, Any]] = []
    symmetrix: str | None = None
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        if token.type == "SYMMETRIX":
            symmetrix = fields["symmetrix"]
        elif token.type == "WWN":
            adapters.append({"symmetrix": symmetrix, "wwn": fields["wwn"], "line": line})
        elif token.type in ("KIND", "USER_NAME"):
            for name, value in fields.items():
                if not adapters or name in adapters[-1]:
                    page.doubt(line, f"a {name.replace('_', ' ')} without the adapter it belongs to")
                else:
                    adapters[-1][name] = value
    return {HOST_INITIATORS.name: from_records(adapters)}


SCREEN = Screen(
    name="symaccess_discover_hba",
    tables=(HOST_INITIATORS,),
    command=re.compile(r"sym(?:access|mask) (?:discover|list) hba\b"),
    opening=re.compile(
        r"^[ \t]*Device Masking Status[ \t]*:|^[ \t]*ip Address[^\n]*\n[ \t]*Type[^\n]*\n[ \t]*User Name", re.M
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("WWN",)),
    end=lambda page: False if page.facts and page.facts[-1].type in ("WWN", "KIND") else None,
)
