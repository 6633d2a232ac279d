"""``symcfg list -upatches``: the microcode patches (fixes) that an array carries.

    65924     loaded

Layout unproven: no capture was found, so a patch is a row that begins with its number of four to six digits, whatever follows. RULES.md
ENV002 asks for fixes of the source's level. A row that says of a patch that it is not there is doubted.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.tables.arrays import ARRAY_PATCHES

_NOT_THERE = re.compile(r"\b(?:not|no|removed|failed|inactive|disabled|missing|backed out)\b", re.I)


def _rows(page: Page) -> dict[str, Rows]:
    patches = dict(page.table("TABLE", "PATCH"))
    patches["remark"] = [" ".join(remark.split()) or None for remark in patches.get("remark", ())]
    for remark, line in zip(patches["remark"], patches.get("line", ()), strict=True):
        if remark and _NOT_THERE.search(remark):
            page.doubt(line, "a patch whose row seems to say that it is not active")
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
    none=re.compile(r"^[ \t]*(?:No|None)\b.*patch", re.M | re.I),
)
