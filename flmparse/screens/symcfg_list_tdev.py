"""``symcfg list -tdev -detail -output xml_e``: the thin devices of an array and the room they take. Known as XML only.

<Device><dev_name>0328</dev_name><total_tracks>138096</total_tracks><pool>...</pool></Device>
"""

import re

from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.tables.arrays import THIN_DEVICES

_NEEDED = {"device": "dev_name", "total_tracks": "total_tracks"}
_PRINTED = {"total_mb": "total_tracks_mb", "allocated_tracks": "alloc_tracks", "allocated_mb": "alloc_tracks_mb"}


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    devices = []
    for symmetrix, device in page.of_arrays("ThinDevs/Device"):
        row = page.values(device, _NEEDED, _PRINTED) | {"symmetrix": symmetrix}
        pools = [page.value(pool, "pool_name", needed=True) for pool in device.each("pool")]
        states = {page.value(pool, "tdev_status") for pool in device.each("pool")} - {None}
        row["pools"] = ",".join(filter(None, pools)) or None
        devices.append(row | {"status": states.pop() if len(states) == 1 else None})
    return {THIN_DEVICES.name: from_records(devices)}


SCREEN = Screen(
    name="symcfg_list_tdev",
    tables=(THIN_DEVICES,),
    command=re.compile(r"symcfg list\b.* -tdev\b"),
    opening=None,
    rows=lambda _page: {},
    text=False,
    xml=XmlCard(
        tables=(THIN_DEVICES,),
        shows=lambda document: document.shows("Symmetrix/ThinDevs"),
        rows=_of_xml,
        known=frozenset({"ThinDevs", "Device", "pool", "Totals"}),
    ),
)
