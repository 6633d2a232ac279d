"""``symdev list -wwn -output xml_e``: the devices of an array with the WWNs that are their own. Known as XML only.

<Device><symid>000194900275</symid><dev_name>0328</dev_name><wwn>60000970000194900275533030333238</wwn></Device>
"""

import re

from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.tables.arrays import DEVICE_WWNS


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    devices = []
    for symmetrix, device in page.of_arrays("Device"):
        row = page.values(
            device, {"device": "dev_name", "wwn": "wwn"}, {"physical": "pd_name", "config": "configuration"}
        )
        if row["wwn"] is not None and not re.fullmatch(r"[0-9A-Fa-f]{32}", row["wwn"]):
            page.doubt_element(device, f"{row['wwn']!r} is not a WWN of 32 hex digits")
            row["wwn"] = None
        row["wwn"] = row["wwn"] and row["wwn"].lower()
        own = page.value(device, "symid")
        if own and symmetrix and own != symmetrix:
            page.doubt_element(device, f"a device of array {own} among those of {symmetrix}")
        devices.append(row | {"symmetrix": own or symmetrix})
    return {DEVICE_WWNS.name: from_records(devices)}


SCREEN = Screen(
    name="symdev_list_wwn",
    tables=(DEVICE_WWNS,),
    command=re.compile(r"(?:symdev|sympd) list\b.* -wwn\b"),
    opening=None,
    rows=lambda _page: {},
    text=False,
    xml=XmlCard(
        tables=(DEVICE_WWNS,),
        shows=lambda document: document.shows("Symmetrix/Device/wwn"),
        rows=_of_xml,
        known=frozenset({"Device", "flags"}),
    ),
)
