"""``symrcopy create|activate|terminate ...``: the transcript of a step that changes the session.

    'Activate' operation successfully executed for the device list
    in device file 'win_flm'

White paper pages 10 (create), 15 (activate, figure 11), 18 (terminate, figure 16). A transcript without the sentence of success
is cut: what the step did is then unknown.
"""

import re

from flmparse.reading.screen import Screen
from flmparse.screens.shared.steps import steps
from flmparse.tables.operations import OPERATIONS

_VERBS = "create|activate|terminate|failback|recreate|restore|set|rename|remove|recover"

SCREEN = Screen(
    name="symrcopy_operation",
    tables=(OPERATIONS,),
    command=re.compile(rf"symrcopy (?:{_VERBS})\b"),
    opening=re.compile(
        r"^[ \t]*'[^'\n]{1,60}' operation[ \t\n]+(?:execution|successfully)[^']*?in[ \t\n]+device[ \t\n]+file", re.M
    ),
    rows=steps,
    end=lambda page: page.has("SUCCESS", "FAILURE"),
)
