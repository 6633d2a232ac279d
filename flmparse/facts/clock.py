"""The clock of an array as `Last updated at` prints it: ``12:36:37 PM on Tue Jan 04,2011`` (white paper figure 8)."""

import re
from datetime import UTC, datetime, tzinfo

_CLOCK = re.compile(r"(\d{1,2}):(\d\d):(\d\d) ([AP]M) on (?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}), *(\d{4})\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def zone_of(utc_offset: str) -> tzinfo | None:
    """Return the zone of an offset (``+01:00``); None: unreadable."""
    try:
        return datetime.strptime(utc_offset, "%z").tzinfo
    except ValueError:
        return None


def array_clock(text: object, utc_offset: str) -> datetime | None:
    """Return the time in UTC of an array's clock, which names no zone, taken at an offset (``+01:00``); None: unreadable."""
    match = _CLOCK.match(text.strip()) if isinstance(text, str) else None
    zone = zone_of(utc_offset)
    if match is None or zone is None or match[5] not in _MONTHS:
        return None
    hour = int(match[1]) % 12 + (12 if match[4] == "PM" else 0)
    month = _MONTHS.index(match[5]) + 1
    try:
        time = datetime(int(match[7]), month, int(match[6]), hour, int(match[2]), int(match[3]), tzinfo=zone)
    except ValueError:
        return None
    return time.astimezone(UTC)
