r"""``powermt config``, ``set``, ``restore``, ``load``, ``manage``, ``unmanage``: silent when they work.

    C:\> powermt restore
    C:\> _

Each is an operation of its name (``powermt restore``); it counts as done only where nothing was printed and a prompt
follows.
"""

import re

from flmparse.reading.screen import Screen
from flmparse.screens.shared.silent_step import silent_step
from flmparse.tables.operations import OPERATIONS

SCREEN = Screen(
    name="powermt_config",
    tables=(OPERATIONS,),
    command=re.compile(r"powermt (?:config|set|restore|load|manage|unmanage)\b"),
    opening=None,
    rows=silent_step,
    silent=True,
)
