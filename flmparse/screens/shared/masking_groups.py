"""The groups of masking in XML: ``symaccess list`` prints their heads, ``show`` and ``list -v`` their members too."""

from flmparse.reading.xml_tree import Document

KINDS = {"Initiator_Group": "initiator", "Port_Group": "port", "Storage_Group": "storage"}
_MEMBERS = (
    "Initiator_List", "Initiators", "Initiator", "Director_Identification", "port_info", "Device", "Devices"
)  # fmt: skip
"""Elements of a group that is printed with its members: ``show``, not ``list``."""


def lists_members(document: Document) -> bool:
    """Whether a document holds groups with their members."""
    return any(document.shows(f"Symmetrix/{kind}/Group_Info/{name}") for kind in KINDS for name in _MEMBERS)
