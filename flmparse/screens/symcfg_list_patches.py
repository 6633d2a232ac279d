"""``symcfg list -upatches``: the microcode patches (fixes) that an array carries.

    65924     loaded

Layout unproven: no capture was found. A patch is a row of its number of four to six digits, alone or followed, a column further right, by a
word that says it is there and a date; anything else below the heading may be a person's remark. RULES.md ENV002 asks for fixes of the
source's level.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.tables.arrays import ARRAY_PATCHES


def _rows(page: Page) -> dict[str, Rows]:
    patches = dict(page.table("TABLE", "PATCH"))
    patches["remark"] = [" ".join(remark.split()) or None for remark in patches.get("remark", ())]
    return {ARRAY_PATCHES.name: page.with_heading("symmetrix", patches)}


SCREEN = Screen(
    name="symcfg_list_patches",
    tables=(ARRAY_PATCHES,),
    command=re.compile(r"symcfg list\b.* -upatch(?:es)?\b"),
    opening=re.compile(
        r"^[ \t]*(?:(?:Microcode|Enginuity) )?Patch(?:es)?(?:[ \t]+(?:Number|ID|Description)\b.*)?[ \t]*$|P A T C H E S[ \t]*$",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("_HEADING", "_TITLE")),
    none="NO_PATCHES",
)
