"""``symrcopy query``: the pairs of a session and what is left to copy.

    000194900275:0328      60000 000187490076:0720                SD ...XXM. Created         N/A

White paper figures 5, 12 and 14. Protected tracks are the control (target) array's. An empty table under a heading means that no
pair has a session. The end of the screen is its totals; a legend that was begun must end too.
"""

import re
from functools import partial

from flmparse.columns.encoded import all_match, map_unique, one_text
from flmparse.lazy import np
from flmparse.reading.page import Page, UnevenError
from flmparse.reading.result import Rows, concat_rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.words import Words, pieces
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.screens.shared.copy_sessions_xml import SESSION_ELEMENTS, sessions_of
from flmparse.tables.sessions import SESSION_PAIRS, SESSIONS

_LETTERS = ("background_copy", "differential", "push", "hot", "donor_update", "session_type", "zero_detection")
"""The columns of the heading CDSHUTZ, in its order; older releases print fewer."""


_SERIAL = 12
_ARRAY = re.compile(f"[0-9]{{{_SERIAL}}}:")
_DEVICE_DIGITS = (4, 5)
_USUAL = {
    "remote_kind": re.compile("[SC.][DW.]"),
    "flags": re.compile("[X.]{4,5}+(?:[MRS.][X.]?+)?+"),
    "status": re.compile("[A-Za-z]+"),
    "done_percent": re.compile("[0-9]{1,3}|N/A"),
}
"""What stands in the columns of a common row: PAIR of the grammar says the same."""


def _rows(page: Page) -> dict[str, Rows]:
    pairs = _pairs(page)
    flags = pairs.get("flags", ())
    for position, letter in enumerate(_LETTERS):
        pairs[letter] = map_unique(flags, partial(_letter, position))
    return {SESSION_PAIRS.name: pairs, SESSIONS.name: _session(page)}


def _letter(position: int, flags: str) -> str | None:
    return flags[position] if position < len(flags) else None


def _pairs(page: Page) -> Rows:
    """Return the rows of all tables: by words where all are of the common kind, else one by one."""
    pieces_read = []
    for piece in pieces("".join(page.all("TABLE")).encode("utf-8", "surrogatepass")):
        words = Words.of(piece, 7)
        rows = None if words is None else _common(words)
        if rows is None and page.even:
            raise UnevenError
        if rows is None:
            return _uncommon(page.table("TABLE", "PAIR"))
        pieces_read.append(rows)
    return {**concat_rows(pieces_read), "line": page.lines_of_rows("TABLE")} if pieces_read else {}


def _common(words: Words) -> Rows | None:
    """Return the columns of rows without marks, of devices of Symmetrix arrays; None where a row is not so."""
    rows: Rows = {name: words.coded(word) for word, name in enumerate(_USUAL, start=3)}
    tracks = words.whole(1)
    if tracks is None or not all(all_match(rows[name], usual) for name, usual in _USUAL.items()):
        return None
    rows |= {"protected_tracks": tracks, "remote_other": one_text("", len(words))}
    rows["can_reactivate"] = np.zeros(len(words), dtype=bool)
    for side, word in (("control", 0), ("remote", 2)):
        digits = words.lengths(word) - _SERIAL - 1
        if digits.min() < _DEVICE_DIGITS[0] or digits.max() > _DEVICE_DIGITS[1]:
            return None
        array = words.coded(word, 0, _SERIAL + 1)
        if not all_match(array, _ARRAY):
            return None
        rows[f"{side}_symmetrix"] = array.translated(lambda text: text[:_SERIAL])
        if not words.all_in(word, "0123456789ABCDEF", _SERIAL + 1):
            return None
        rows[f"{side}_device"] = words.text(word, _SERIAL + 1)
    return rows


def _uncommon(rows: Rows) -> Rows:
    """Return rows cut one by one, the mark wherever it stood."""
    marks, late = rows.pop("mark"), rows.pop("late_mark")
    return {**rows, "can_reactivate": [bool(mark or other) for mark, other in zip(marks, late, strict=True)]}


def _session(page: Page) -> Rows:
    session: dict[str, str | None] = {}
    lines = []
    for token in page.all("DEVICE_FILE", "TOTAL_TRACKS", "TOTAL_MB"):
        fields = page.fields(token)
        line = page.line_of(token)
        for name, value in fields.items():
            if session.get(name, value) != value:
                page.doubt(line, f"a second {name.replace('_', ' ')}: {value}")
        session |= fields
        lines.append(line)
    if not lines and not page.has("TABLE"):
        return {"line": []}
    first = lines[-1] if lines else page.block.output_start
    return {**{name: [value] for name, value in session.items()}, "line": [first]}


def _end(page: Page) -> bool | None:
    # docs/decisions/05-legends.md
    if page.has("_LEGEND") and not page.has("LEGEND_END"):
        return False
    if page.has("TABLE") or page.has("_TOTAL"):
        return page.has("TOTAL_TRACKS") and page.has("TOTAL_MB")
    return None


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    sessions = [{**session._asdict(), "status": session.state} for session in sessions_of(page)]
    columns = [column.name for column in SESSION_PAIRS.columns]
    records = [{name: row.get(name) for name in (*columns, "line")} for row in sessions]
    return {SESSION_PAIRS.name: from_records(records), SESSIONS.name: {"line": []}}


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
    none="NO_PAIRS",
    xml=XmlCard((SESSION_PAIRS, SESSIONS), lambda _found: False, _of_xml, SESSION_ELEMENTS, empty_is_none=False),
)
