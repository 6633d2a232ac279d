"""``symsnap query`` and ``symsnap list``: which devices are sources or targets (virtual devices) of TimeFinder/Snap.

    DEV001    00BE     60000 VDEV001   0391 X        0 CopyOnWrite    0

Layout unproven: no public capture is known. Read like symclone.
"""

import re

from flmparse.reading.screen import Screen
from flmparse.screens.shared.copy_sessions import ended, local_pair, tables
from flmparse.tables.replication import REPLICATION_LISTINGS, REPLICATION_SESSIONS

SCREEN = Screen(
    name="symsnap",
    tables=(REPLICATION_SESSIONS, REPLICATION_LISTINGS),
    command=re.compile(r"symsnap (?:query|list)\b"),
    opening=re.compile(
        r"^[ \t]*Source Device[ \t]+Virtual Device\b|does not have any devices that are Snap source", re.M
    ),
    rows=lambda page: tables(page, "snap", local_pair),
    promised=(("SYMMETRIX", "GROUP_SYMMETRIX", "NO_SESSION"), ("_HEADING", "NO_SESSION")),
    end=ended,
)
