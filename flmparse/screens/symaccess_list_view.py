"""``symaccess list view``: every masking view of an array with the names of its groups.

    FLM_CLUSTER_MV      FLM_CLUSTER_IG      FLM_CLUSTER_PG      FLM_CLUSTER_SG

``list view -detail`` prints whole views and is read as ``symaccess show view``. The screen has no end.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.tables.groups import VIEW_LIST

_NAMES = ("view", "initiator_group", "port_group", "storage_group")


def _rows(page: Page) -> dict[str, Rows]:
    views = dict(page.table("TABLE", "VIEW"))
    rows = zip(*(views.get(name, ()) for name in _NAMES), strict=True)
    cut = [" ".join(n for n, value in zip(_NAMES, row, strict=True) if value.endswith("*")) or None for row in rows]
    for name in _NAMES:
        views[name] = [value.rstrip("*") for value in views.get(name, ())]
    views["names_cut"] = cut
    return {VIEW_LIST.name: page.with_heading("symmetrix", views)}


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    views = []
    for symmetrix, view in page.of_arrays("Masking_View"):
        names = {
            "view": "View_Info/view_name",
            "initiator_group": "View_Info/init_grpname",
            "port_group": "View_Info/port_grpname",
            "storage_group": "View_Info/stor_grpname",
        }
        views.append(page.values(view, names, {}) | {"symmetrix": symmetrix})
    return {VIEW_LIST.name: from_records(views)}


SCREEN = Screen(
    name="symaccess_list_view",
    tables=(VIEW_LIST,),
    command=re.compile(r"symaccess list view\b(?!.* -(?:v|detail)\b)"),
    opening=re.compile(r"^[ \t]*Masking View Name[ \t]+Initiator Group[ \t]+Port Group", re.M),
    rows=_rows,
    promised=(("SYMMETRIX",), ("_HEADING",)),
    xml=XmlCard(
        tables=(VIEW_LIST,),
        shows=lambda document: (
            document.shows("Symmetrix/Masking_View/View_Info/view_name")
            and not any(document.shows(f"Symmetrix/Masking_View/View_Info/{name}") for name in ("Device", "port_info"))
        ),
        rows=_of_xml,
        known=frozenset({"Masking_View", "View_Info"}),
    ),
)
