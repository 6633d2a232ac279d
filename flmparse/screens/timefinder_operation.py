"""``symclone|symsnap|symmir create|activate|...``: a step of TimeFinder, told in the words of symrcopy.

    'Activate' operation successfully executed for device group
    'clonegp'.

Its operations are called ``symclone activate`` and the like: only the command above the text tells them from steps of
the migration, so without a command such a text is not read as TimeFinder's. A transcript without its last sentence is
cut.
"""

import re

from flmparse.reading.screen import Screen
from flmparse.screens.shared.steps import steps
from flmparse.tables.operations import OPERATIONS

SCREEN = Screen(
    name="timefinder_operation",
    tables=(OPERATIONS,),
    command=re.compile(r"sym(?:clone|snap|mir) (?!(?:query|list|show|verify)\b)[a-z]+\b"),
    opening=None,
    rows=lambda page: steps(page, page.command.tool if page.command else "timefinder"),
    end=lambda page: page.has("SUCCESS", "FAILURE"),
)
