"""``symrcopy query``: the pairs of a session and what is left to copy.

    000194900275:0328      60000 000187490076:0720                SD ...XXM. Created         N/A

White paper figures 5, 12 and 14. Protected tracks are the control (target) array's. An empty table under a heading means that no
pair has a session. The end of the screen is its totals; a legend that was begun must end too.
"""

import re

from flmparse.frames.sessions import SESSION_PAIRS, SESSIONS
from flmparse.screens.screen import Page, Rows, Screen

_LETTERS = ("background_copy", "differential", "push", "hot", "donor_update", "session_type", "zero_detection")
"""The columns of the heading CDSHUTZ, in its order; older releases print fewer."""


def _rows(page: Page) -> dict[str, Rows]:
    pairs = dict(page.table("TABLE", "PAIR"))
    marks, late = pairs.pop("mark", ()), pairs.pop("late_mark", ())
    pairs["can_reactivate"] = [bool(mark or other) for mark, other in zip(marks, late, strict=True)]
    flags = pairs.get("flags", ())
    for position, letter in enumerate(_LETTERS):
        pairs[letter] = [flag[position] if position < len(flag) else None for flag in flags]
    return {SESSION_PAIRS.name: pairs, SESSIONS.name: _session(page)}


def _session(page: Page) -> Rows:
    session: dict[str, str | None] = {}
    lines = []
    for token in page.all("DEVICE_FILE", "TOTAL_TRACKS", "TOTAL_MB"):
        said = page.fields(token)
        line = page.line_of(token)
        for name, value in said.items():
            if session.get(name, value) != value:
                page.doubt(line, f"a second {name.replace('_', ' ')}: {value}")
        session |= said
        lines.append(line)
    if not lines and not page.has("TABLE"):
        return {"line": []}
    first = lines[-1] if lines else page.block.output_start
    return {**{name: [value] for name, value in session.items()}, "line": [first]}


def _end(page: Page) -> bool | None:
    if page.has("_LEGEND") and not page.has("LEGEND_END"):
        return False
    if page.has("TABLE") or page.has("_TOTAL"):
        return page.has("TOTAL_TRACKS") and page.has("TOTAL_MB")
    return None


SCREEN = Screen(
    name="symrcopy_query",
    tables=(SESSION_PAIRS, SESSIONS),
    command=re.compile(r"symrcopy query\b"),
    opening=re.compile(
        r"^[ \t]*Device File Name[ \t]*:|^[ \t]*(?:Device[ \t]+File Name[ \t]+)?Control Device[ \t]+Remote Device"
        r"|^[ \t]*[0-9xX]{12}:[0-9A-F]{4,5}[ \t]+\d+[ \t]+\S+[ \t]+[SC.][DW.][ \t]+[X.]{4}",
        re.M,
    ),
    rows=_rows,
    promised=(("DEVICE_FILE",), ("_HEADING",)),
    end=_end,
    none=re.compile(r"^[ \t]*(?:No|None)\b.*(?:found|exist|session)", re.M),
)
