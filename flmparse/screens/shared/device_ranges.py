"""Device numbers and ranges of them, as Solutions Enabler writes them."""

import re

_NUMBER = re.compile(r"[0-9A-Fa-f]{3,5}\Z")


def devices_in(text: str) -> list[str]:
    """Take ``0328:032B,0340`` apart; what is no device number or range is handed on, and refused by the table."""
    devices: list[str] = []
    for part in filter(None, text.split(",")):
        first, colon, last = part.partition(":")
        if colon and _NUMBER.match(first) and _NUMBER.match(last) and 0 <= int(last, 16) - int(first, 16) < 1 << 16:
            devices += [f"{number:04X}" for number in range(int(first, 16), int(last, 16) + 1)]
        else:
            devices.append(part)
    return devices
