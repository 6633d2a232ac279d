"""``symcfg list -rdfg``: the RDF groups of an array and the arrays at their other ends.

     10 ( 9)    10  10 ( 9) 000187490076 D FLM_TEST   XX.. ..X  F-S -IS-     15  33

Which flags the letters are differs between releases: they are kept as printed. Known from one public capture.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.screens.shared.rdf_groups import check_groups
from flmparse.tables.arrays import RDF_GROUPS


def _rows(page: Page) -> dict[str, Rows]:
    rows = dict(page.table("TABLE", "ROW"))
    check_groups(page, rows, rows.pop("group_hex", ()), rows.pop("remote_hex", ()))
    for name in ("link_limbo", "kind"):
        rows.pop(name, None)
    rows["flags"] = [" ".join(flags.split()) for flags in rows.get("flags", ())]
    rows["remote_symmetrix"] = [None if value in ("N/A", "-") else value for value in rows.get("remote_symmetrix", ())]
    rows.setdefault("line", [])
    return {RDF_GROUPS.name: page.with_heading("symmetrix", rows)}


SCREEN = Screen(
    name="symcfg_list_rdfg",
    tables=(RDF_GROUPS,),
    command=re.compile(r"symcfg list\b.* -rdfg\b(?!.* -ra\b)"),
    opening=re.compile(r"^[ \t]*RA-Grp[ \t]+\(sec\)[ \t]+RA-Grp[ \t]+SymmID", re.M),
    rows=_rows,
    promised=(("SYMMETRIX",), ("_HEADING",)),
)
