"""``symcfg list -ra``: the remote adapters of an array and the RDF groups on them.

    RF-7H   07H   119    7  RDF-BI-DIR  -   000187490076  10 (09)  10 (09) Online

A further group of a director is a row without the director's columns. Known from one public capture.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.screen import Screen
from flmparse.screens.shared.rdf_groups import check_groups
from flmparse.tables.arrays import RDF_DIRECTORS


def _rows(page: Page) -> dict[str, Rows]:
    rows = dict(page.table("TABLE", "ROW"))
    for name in ("symbolic", "number", "slot", "attribute"):
        rows.pop(name, None)
    check_groups(page, rows, rows.pop("group_hex", ()), rows.pop("remote_hex", ()))
    rows = page.ffill(["identifier", "kind", "status"], rows, "a further RDF group without its director")
    rows["director"] = [name and name.partition("-")[2].zfill(3) for name in rows["identifier"]]
    rows["remote_symmetrix"] = [None if value in ("N/A", "-") else value for value in rows.get("remote_symmetrix", ())]
    rows.setdefault("line", [])
    return {RDF_DIRECTORS.name: page.with_heading("symmetrix", rows)}


SCREEN = Screen(
    name="symcfg_list_ra",
    tables=(RDF_DIRECTORS,),
    command=re.compile(r"symcfg list\b.* -ra\b"),
    opening=re.compile(r"^[ \t]*Ident[ \t]+Symb[ \t]+Num[ \t]+Slot[ \t]+Type[ \t]+Attr[ \t]+SymmID", re.M),
    rows=_rows,
    promised=(("SYMMETRIX",), ("_HEADING",)),
)
