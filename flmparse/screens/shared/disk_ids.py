"""How Windows names a disk: by the signature of its master boot record, or by the GUID of its partition table."""

import re

_SIGNATURE = re.compile(r"(?:0x(?P<hex>[0-9A-Fa-f]{1,8})|(?P<decimal>\d{1,10}))(?:[ ]\(0x[0-9A-Fa-f]{1,8}\))?\Z")
_GUID = re.compile(r"\{?(?P<guid>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?\Z")


def disk_id(value: str | None) -> str | None:
    """Return an MBR signature or a GUID in the spelling of DiskPart: 9E32E6EF, {GUID}; None for anything else."""
    guid = _GUID.match(value or "")
    if guid:
        return f"{{{guid['guid'].upper()}}}"
    signature = _SIGNATURE.match(value or "")
    if not signature:
        return None
    number = int(signature["hex"], 16) if signature["hex"] else int(signature["decimal"])
    return f"{number:08X}" if number < 1 << 32 else None
