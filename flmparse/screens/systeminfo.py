"""``systeminfo`` and ``ver``: the Windows release of a node.

    OS Version:                6.1.7601 Service Pack 1 Build 7601

5.2 is Windows Server 2003 (and R2), 6.0 is 2008, 6.1 is 2008 R2 (white paper page 5). Layout as documented by
Microsoft: layout unproven.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.windows import WINDOWS_VERSIONS


def _rows(page: Page) -> dict[str, Rows]:
    systems: list[dict[str, Any]] = []
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        if token.type in ("HOST", "VER") or not systems:
            systems.append({**fields, "line": line})
        else:
            for name, value in fields.items():
                if systems[-1].setdefault(name, value) != value:
                    page.doubt(line, f"a second {name.replace('_', ' ')} for one computer")
    for system in systems:
        if not system.get("version"):
            page.doubt(system["line"], "a computer without its version")
    return {WINDOWS_VERSIONS.name: from_records(systems)}


SCREEN = Screen(
    name="systeminfo",
    tables=(WINDOWS_VERSIONS,),
    command=re.compile(r"(?:systeminfo|ver)\b"),
    opening=re.compile(r"^Host Name:[ \t]+\S|^OS (?:Name|Version):|^Microsoft Windows \[Version ", re.M),
    rows=_rows,
    promised=(("VERSION", "VER"),),
)
