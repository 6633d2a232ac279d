"""``symrcopy create|activate|terminate ...``: the transcript of a step that changes the session.

    'Activate' operation successfully executed for the device list
    in device file 'win_flm'

White paper pages 10 (create), 15 (activate, figure 11), 18 (terminate, figure 16). A transcript without the sentence of success
is cut: what the step did is then unknown.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.operations import OPERATIONS

_VERBS = "create|activate|terminate|failback|recreate|restore|set|rename|remove|recover"


def _rows(page: Page) -> dict[str, Rows]:
    steps: list[dict[str, Any]] = []
    for token in page.all("PROGRESS", "SUCCESS", "FAILURE"):
        said = page.fields(token)
        operation = str(said.get("operation") or (page.command.verb if page.command else "")).lower()
        step = {
            "operation": operation,
            "subject": str(said.get("device_file") or "").strip() or None,
            "succeeded": {"SUCCESS": True, "FAILURE": False}.get(token.type),
            "line": page.line_of(token),
        }
        if steps and steps[-1]["operation"] == operation and steps[-1]["succeeded"] is None:
            steps.pop()  # the announcement of the step whose end is now told
        steps.append(step)
    return {OPERATIONS.name: from_records(steps)}


SCREEN = Screen(
    name="symrcopy_operation",
    tables=(OPERATIONS,),
    command=re.compile(rf"symrcopy (?:{_VERBS})\b"),
    opening=re.compile(
        r"^[ \t]*'[^'\n]{1,60}' operation[ \t\n]+(?:execution|successfully)[^']*?in[ \t\n]+device[ \t\n]+file", re.M
    ),
    rows=_rows,
    end=lambda page: page.has("SUCCESS", "FAILURE"),
)
