"""``symdg list``: the device groups that a Solutions Enabler host knows.

     dg_oracle       REGULAR  Yes    000190300316    26     0    26      0

The screen has no end. An empty table under the heading means that there is no group.
"""

import re

from flmparse.frames.replication import DEVICE_GROUPS
from flmparse.screens.screen import Page, Rows, Screen


def _rows(page: Page) -> dict[str, Rows]:
    groups = dict(page.table("TABLE", "GROUP"))
    groups["valid"] = [value == "Yes" for value in groups.get("valid", ())]
    groups["symmetrix"] = [None if value in ("N/A", "-") else value for value in groups.get("symmetrix", ())]
    return {DEVICE_GROUPS.name: groups}


SCREEN = Screen(
    name="symdg_list",
    tables=(DEVICE_GROUPS,),
    command=re.compile(r"symdg list\b(?! (?:ld|pd|gk|bcv|rdf)\b)"),
    opening=re.compile(r"^[ \t]*D E V I C E[ \t]+G R O U P S|^[ \t]*Name[ \t]+Type[ \t]+Valid[ \t]+Symmetrix ID", re.M),
    rows=_rows,
    promised=(("_HEADING",),),
    none=re.compile(r"^[ \t]*No\b.*\bgroups?\b", re.M),
)
