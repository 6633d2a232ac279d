"""``symaccess list`` and ``list -type initiator|port|storage [-detail]``: the groups of an array.

    CLUSTER_SG                           4     0     1  .

The list of one kind without ``-detail`` has a single column: layout unproven. A name that ends in ``*`` is a
beginning only. The screen has no end.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.screens.shared.masking_groups import KINDS, lists_members
from flmparse.tables.groups import MASKING_GROUPS

_PLACES = {"P": "parent", "C": "child", ".": "neither"}
_COUNTS = ("device_count", "group_count", "view_count")


def _rows(page: Page) -> dict[str, Rows]:
    groups: list[dict[str, Any]] = []
    kind: str | None = None
    for token in page.facts:
        if page.unknown_above(token):
            kind = None
        if token.type == "KIND":
            kind = str(page.fields(token)["kind"]).lower()
        elif token.type in ("TABLE", "NAMES"):
            for fields in to_records(page.rows(token, "GROUP" if token.type == "TABLE" else "NAME")):
                groups.append(_group(fields) | {"kind": str(fields.get("kind") or "").lower() or kind})
                if token.type == "NAMES" and (page.has("TABLE") or token is not page.all("NAMES")[0]):
                    page.doubt(groups[-1]["line"], "a single word below a table: a group, or somebody's remark")
                if not groups[-1]["kind"]:
                    page.doubt(groups[-1]["line"], "a group of no known kind")
    return {MASKING_GROUPS.name: page.with_heading("symmetrix", from_records(groups))}


def _group(fields: dict[str, Any]) -> dict[str, Any]:
    group: dict[str, Any] = {name: int(fields[name]) if fields.get(name) else None for name in _COUNTS}
    name = str(fields["group"])
    group |= {"group": name.rstrip("*"), "name_cut": name.endswith("*"), "line": fields["line"]}
    return group | {"place": _PLACES.get(fields.get("place") or "")}


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    groups = []
    for element, kind in KINDS.items():
        for symmetrix, group in page.of_arrays(element):
            row = page.values(group, {"group": "Group_Info/group_name"}, {"view_count": "Group_Info/view_count"})
            count = page.value(group, "Group_Info/init_count") or page.value(group, "Group_Info/port_count")
            parts = [page.value(group, f"Group_Info/{name}") for name in ("Status", "status")]
            place = {"IsParent": "parent", "IsChild": "child"}.get(next(filter(None, parts), ""))
            row |= {"symmetrix": symmetrix, "kind": kind, "name_cut": False, "device_count": count, "place": place}
            groups.append(row)
    return {MASKING_GROUPS.name: from_records(sorted(groups, key=lambda row: int(row["line"])))}


SCREEN = Screen(
    name="symaccess_list",
    tables=(MASKING_GROUPS,),
    command=re.compile(r"symaccess list(?! (?:view|logins|devinfo|assignment|hba|devs)\b)(?!.* -v\b)"),
    opening=re.compile(
        r"^[ \t]*(?:(?:Initiator|Port|Storage) )?Group Name(?:[ \t]+(?:Type|Count|S|FLG))*[ \t]*\n[ \t]*-{9}", re.M
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("KIND", "_HEADING")),
    xml=XmlCard(
        tables=(MASKING_GROUPS,),
        shows=lambda document: (
            any(document.shows(f"Symmetrix/{kind}/Group_Info") for kind in KINDS) and not lists_members(document)
        ),
        rows=_of_xml,
        known=frozenset(KINDS) | {"Group_Info", "Mask_View_Names", "Cascaded_View_Names"},
    ),
)
