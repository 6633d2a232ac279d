"""``powermt check``: PowerPath asks about every dead path whether to remove it.

    Warning: Symmetrix device path c5t10d6 is currently dead.
    Do you want to remove it (y/n/a/q)? y

White paper page 20: for this migration ``powermt remove`` is used and this command is not. Silent where no path is
dead.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, one_row
from flmparse.reading.screen import Screen
from flmparse.tables.operations import OPERATIONS
from flmparse.tables.powerpath import DEAD_PATH_QUESTIONS


def _rows(page: Page) -> dict[str, Rows]:
    questions: list[dict[str, Any]] = []
    asked = False
    for token in page.all("DEAD_PATH", "ANSWER"):
        fields, line = page.fields(token), page.line_of(token)
        if token.type == "DEAD_PATH":
            questions.append({**fields, "answer": None, "line": line})
            asked = True
        elif not asked:
            page.doubt(line, "a question without its path")
        else:
            questions[-1]["answer"] = (fields["answer"] or "").lower()[:1] or None
            asked = False
    line = page.block.prompt_lines[0] if page.block.prompt_lines else page.block.output_start
    # With a prompt below, every question had its answer.
    done = True if page.block.closed and not page.scan.unknown else None
    ran = page.command is not None or bool(questions)
    step = one_row(line, operation="powermt check", succeeded=done) if ran else {"line": []}
    return {DEAD_PATH_QUESTIONS.name: from_records(questions), OPERATIONS.name: step}


def _end(page: Page) -> bool | None:
    """Tell whether the last question was answered."""
    asked = page.facts
    if not asked:
        return None
    return None if asked[-1].type == "ANSWER" and page.fields(asked[-1])["answer"] else False


SCREEN = Screen(
    name="powermt_check",
    tables=(DEAD_PATH_QUESTIONS, OPERATIONS),
    command=re.compile(r"powermt check\b(?!_)"),
    opening=re.compile(r"^[ \t]*Warning: .{1,60} device path \S+ is currently dead", re.M),
    rows=_rows,
    end=_end,
    silent=True,
)
