"""``symrcopy verify``: one sentence about all pairs.

    All device(s) in the list are in 'Copied' state.

White paper figure 15. Proof of Copied only under a command whose verb is ``verify`` (RULES.md, SES015).
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.sessions import SESSION_VERDICTS

_QUANTITIES = {"all": "all", "none of": "none", "not all": "some", "some": "some"}


def _rows(page: Page) -> dict[str, Rows]:
    verdicts = []
    for token in page.all("VERDICT"):
        fields = page.fields(token)
        quantity = _QUANTITIES[str(fields["quantity"]).lower()]
        verdicts.append({"quantity": quantity, "state": fields["state"], "line": page.line_of(token)})
    return {SESSION_VERDICTS.name: from_records(verdicts)}


SCREEN = Screen(
    name="symrcopy_verify",
    tables=(SESSION_VERDICTS,),
    command=re.compile(r"symrcopy verify\b"),
    opening=re.compile(
        r"^[ \t]*(?:All|Not all|None of|Some)\b[^.]{0,80}?device\(s\)[^.]{0,80}?'\w+'[ \t\n]+state", re.M
    ),
    rows=_rows,
    end=lambda page: page.has("VERDICT"),
)
