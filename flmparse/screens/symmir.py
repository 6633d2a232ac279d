"""``symmir query`` and ``symmir list``: which BCVs are paired with which standard devices (TimeFinder/Mirror).

    DEV001         0184      0 BCV001               039C *         0 Split

The BCV is the target, whatever the state; ``NeverEstab`` means that it never held a copy. The layout of ``list``:
layout unproven.
"""

import re

from flmparse.reading.screen import Screen
from flmparse.screens.shared.copy_sessions import ended, local_pair, tables
from flmparse.tables.replication import REPLICATION_LISTINGS, REPLICATION_SESSIONS

SCREEN = Screen(
    name="symmir",
    tables=(REPLICATION_SESSIONS, REPLICATION_LISTINGS),
    command=re.compile(r"symmir (?:query|list)\b"),
    opening=re.compile(r"^[ \t]*Standard Device[ \t]+BCV Device\b|does not have any [^\n]*\bBCV\b", re.M),
    rows=lambda page: tables(page, "mirror", local_pair),
    promised=(("SYMMETRIX", "GROUP_SYMMETRIX", "NO_SESSION"), ("_HEADING", "NO_SESSION")),
    end=ended,
)
