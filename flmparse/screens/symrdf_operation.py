"""``symrdf createpair|failover|...``: a step of SRDF: none of the migration, but one may explain an R2.

    The RDF 'Create Pair' operation successfully executed for device
    file 'pairs.txt'.

Its operations are called ``symrdf create pair`` and the like, never by the words of symrcopy. A transcript without
its last sentence is cut.
"""

import re

from flmparse.reading.screen import Screen
from flmparse.screens.shared.steps import steps
from flmparse.tables.operations import OPERATIONS

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
