"""``syminq -output xml_e``: what the disks of the Solutions Enabler host answer to a SCSI inquiry. Known as XML only.

<Dev_Info><pd_name>/dev/sdb</pd_name><dev_name>0328</dev_name><symid>000194900275</symid></Dev_Info>
"""

import re

from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.tables.arrays import INQUIRIES


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    disks = [
        page.values(
            disk,
            {"physical": "Dev_Info/pd_name"},
            {
                "device": "Dev_Info/dev_name",
                "symmetrix": "Dev_Info/symid",
                "identifier": "Dev_Info/dev_ident_name",
                "vendor": "Product/vendor",
            },
        )
        for disk in page.each("Inquiry")
    ]
    return {INQUIRIES.name: from_records(disks)}


SCREEN = Screen(
    name="syminq",
    tables=(INQUIRIES,),
    command=re.compile(r"syminq\b"),
    opening=None,
    rows=lambda _page: {},
    text=False,
    xml=XmlCard(
        tables=(INQUIRIES,),
        shows=lambda document: document.shows("Inquiry/Dev_Info"),
        rows=_of_xml,
        known=frozenset({"Inquiry", "Dev_Info", "Product"}),
    ),
)
