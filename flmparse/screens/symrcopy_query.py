"""``symrcopy query``: the pairs of a session and what is left to copy.

    000194900275:0328      60000 000187490076:0720                SD ...XXM. Created         N/A

White paper figures 5, 12 and 14. Protected tracks are the control (target) array's. An empty table under a heading means that no
pair has a session. The end of the screen is its totals; a legend that was begun must end too.
"""

import re
from functools import partial
from typing import TYPE_CHECKING

from flmparse.frames.sessions import SESSION_PAIRS, SESSIONS
from flmparse.frames.vectors import all_match, part, translated
from flmparse.screens.bulk import words
from flmparse.screens.screen import Page, Rows, Screen, join

if TYPE_CHECKING:
    from lark import Token

_LETTERS = ("background_copy", "differential", "push", "hot", "donor_update", "session_type", "zero_detection")
"""The columns of the heading CDSHUTZ, in its order; older releases print fewer."""


_COLUMNS = ("protected_tracks", "remote_kind", "flags", "status", "done_percent")
_SERIAL = 12
_DEVICE = re.compile(f"[0-9]{{{_SERIAL}}}:[0-9A-F]{{4,5}}")
_USUAL = {0: _DEVICE, 2: _DEVICE, 5: re.compile("[A-Za-z]+"), 6: re.compile("[0-9]{1,3}|N/A")}
"""What stands in the words of a common row; the other words can be nothing else."""


def _rows(page: Page) -> dict[str, Rows]:
    pairs = dict(join([_cut(page, token) for token in page.all("TABLE")]))
    marks, late = pairs.pop("mark", None), pairs.pop("late_mark", ())
    if marks is not None:
        pairs["can_reactivate"] = [bool(mark or other) for mark, other in zip(marks, late, strict=True)]
    flags = pairs.get("flags", ())
    for position, letter in enumerate(_LETTERS):
        pairs[letter] = translated(flags, partial(_letter, position))
    return {SESSION_PAIRS.name: pairs, SESSIONS.name: _session(page)}


def _letter(position: int, flags: str) -> str | None:
    return flags[position] if position < len(flags) else None


def _cut(page: Page, token: "Token") -> Rows:
    """Return the rows of a table: by words where all are of the common kind, else one by one."""
    cut = words(token.encode("utf-8", "surrogatepass"), 7)
    if cut is None or not all(all_match(cut[position], usual) for position, usual in _USUAL.items()):
        return page.rows(token, "PAIR")
    rows: Rows = dict(zip(_COLUMNS, (cut[1], *cut[3:]), strict=True))
    for side, named in (("control", cut[0]), ("remote", cut[2])):
        rows[f"{side}_symmetrix"], rows[f"{side}_device"] = part(named, 0, _SERIAL), part(named, _SERIAL + 1, None)
    first, count = page.line_of(token), len(cut[0])
    nothing = [False] * count
    return {**rows, "remote_other": [""] * count, "mark": nothing, "late_mark": nothing,
            "line": range(first, first + count)}  # fmt: skip


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
