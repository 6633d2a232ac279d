"""``symdg list``: the device groups that a Solutions Enabler host knows.

     dg_oracle       REGULAR  Yes    000190300316    26     0    26      0

The screen has no end. An empty table under the heading means that there is no group.
"""

import re

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.screens.shared.words import FLAGS
from flmparse.tables.replication import DEVICE_GROUPS


def _rows(page: Page) -> dict[str, Rows]:
    groups = dict(page.table("TABLE", "GROUP"))
    groups["valid"] = [value == "Yes" for value in groups.get("valid", ())]
    groups["symmetrix"] = [None if value in ("N/A", "-") else value for value in groups.get("symmetrix", ())]
    return {DEVICE_GROUPS.name: groups}


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    groups = []
    for group in page.each("DG"):
        row = page.values(
            group,
            {"device_group": "DG_Info/name", "symmetrix": "DG_Info/symid", "device_count": "DG_Info/std_devs"},
            {
                "kind": "DG_Info/type",
                "gatekeeper_count": "DG_Info/gk_devs",
                "bcv_count": "DG_Info/all_bcvs",
                "vdev_count": "DG_Info/all_vdevs",
            },
        )
        groups.append(row | {"valid": FLAGS.get(page.value(group, "DG_Info/valid") or "")})
    return {DEVICE_GROUPS.name: from_records(groups)}


SCREEN = Screen(
    name="symdg_list",
    tables=(DEVICE_GROUPS,),
    command=re.compile(r"symdg list\b(?! (?:ld|pd|gk|bcv|rdf)\b)"),
    opening=re.compile(r"^[ \t]*D E V I C E[ \t]+G R O U P S|^[ \t]*Name[ \t]+Type[ \t]+Valid[ \t]+Symmetrix ID", re.M),
    rows=_rows,
    promised=(("_HEADING",),),
    xml=XmlCard(
        tables=(DEVICE_GROUPS,),
        shows=lambda document: document.shows("DG/DG_Info") and not document.shows("DG/Device"),
        rows=_of_xml,
        known=frozenset({"DG", "DG_Info"}),
    ),
)
