"""``symrdf createpair|failover|...``: a step of SRDF: none of the migration, but one may explain an R2.

    The RDF 'Create Pair' operation successfully executed for device
    file 'pairs.txt'.

Its operations are called ``symrdf create pair`` and the like, never by the words of symrcopy. A transcript without
its last sentence is cut.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.operations import OPERATIONS


def steps(page: Page, tool: str) -> dict[str, Rows]:
    """Return what a transcript says was begun, done or refused, under the name ``<tool> <operation>``."""
    told: list[dict[str, Any]] = []
    for token in page.all("PROGRESS", "SUCCESS", "FAILURE"):
        said = page.fields(token)
        operation = str(said.get("operation") or (page.command.verb if page.command else "")).lower()
        step: dict[str, Any] = {"operation": f"{tool} {operation}".strip(), "subject": said.get("subject")}
        step |= {"succeeded": {"SUCCESS": True, "FAILURE": False}.get(token.type), "line": page.line_of(token)}
        if told and told[-1]["succeeded"] is None and told[-1]["operation"] == step["operation"]:
            told.pop()  # the announcement of the step whose end is now told
        told.append(step)
    return {OPERATIONS.name: from_records(told)}


SCREEN = Screen(
    name="symrdf_operation",
    tables=(OPERATIONS,),
    command=re.compile(
        r"symrdf (?!(?:query|list|show|verify|ping)\b)[a-z]+\b",
    ),
    opening=re.compile(r"^[ \t]*(?:An|The) S?RDF '[^'\n]+' operation\b|^[ \t]*Execute an? S?RDF '", re.M),
    rows=lambda page: steps(page, "symrdf"),
    end=lambda page: page.has("SUCCESS", "FAILURE"),
)
