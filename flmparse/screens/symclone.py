"""``symclone query`` and ``symclone list``: which devices are sources or targets of TimeFinder/Clone.

    DEV001    0120     60000        0 BCV001    0210        0 XXX. Copied       100

A query tells of one group or file only; of an array tells ``list`` (its layout without logical names: layout
unproven). "does not have any devices that are Clone source devices" is a listing without sessions.
"""

import re

from flmparse.reading.screen import Screen
from flmparse.screens.shared.copy_sessions import ended, local_pair, tables
from flmparse.tables.replication import REPLICATION_LISTINGS, REPLICATION_SESSIONS

SCREEN = Screen(
    name="symclone",
    tables=(REPLICATION_SESSIONS, REPLICATION_LISTINGS),
    command=re.compile(r"symclone (?:query|list)\b"),
    opening=re.compile(
        r"^[ \t]*Source Device[ \t]+Target Device[ \t]+(?:State|Status)\b"
        r"|^[ \t]*The Source device and the Target device do not form a Copy session"
        r"|does not have any devices that are Clone source",
        re.M,
    ),
    rows=lambda page: tables(page, "clone", local_pair),
    promised=(("SYMMETRIX", "GROUP_SYMMETRIX", "NO_SESSION"), ("_HEADING", "NO_SESSION")),
    end=ended,
)
