"""``Get-MPIOSetting``: the settings of Microsoft MPIO on a node (layout unproven).

PathVerificationState     : Disabled
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.tables.multipath import MPIO_SETTINGS


def _rows(page: Page) -> dict[str, Rows]:
    return {MPIO_SETTINGS.name: {"line": [], **page.table("TABLE", "SETTING")}}


SCREEN = Screen(
    name="get_mpiosetting",
    tables=(MPIO_SETTINGS,),
    command=re.compile(r"get-mpiosetting\b"),
    opening=re.compile(r"^[ \t]*PathVerificationState[ \t]*:", re.M),
    rows=_rows,
    promised=(("TABLE",),),
)
