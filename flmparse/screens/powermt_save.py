r"""``powermt save``: the paths of a node written down, so that removed ones do not come back as dead after a reboot.

    C:\> powermt save
    C:\> _

White paper page 20 (heading). Silent when it works: it counts as done only where nothing was printed and a prompt
follows.
"""

import re

from flmparse.reading.screen import Screen
from flmparse.screens.shared.silent_step import silent_step
from flmparse.tables.operations import OPERATIONS

SCREEN = Screen(
    name="powermt_save",
    tables=(OPERATIONS,),
    command=re.compile(r"powermt save\b"),
    opening=None,
    rows=silent_step,
    silent=True,
)
