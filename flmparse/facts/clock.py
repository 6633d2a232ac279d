"""The clock of an array as `Last updated at` prints it: ``12:36:37 PM on Tue Jan 04,2011`` (white paper figure 8)."""

import re
from datetime import UTC, datetime, timedelta, timezone

_CLOCK = re.compile(r"(\d{1,2}):(\d\d):(\d\d) ([AP]M) on (?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}), *(\d{4})\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def array_clock(text: object, utc_offset: str) -> datetime | None:
    """Return the time in UTC of an array's clock, which names no zone, taken at an offset (``+01:00``); None: unreadable."""
    match = _CLOCK.match(text.strip()) if isinstance(text, str) else None
    zone = re.fullmatch(r"([+-])(\d\d):(\d\d)", utc_offset)
    if match is None or zone is None or match[5] not in _MONTHS:
        return None
    hour = int(match[1]) % 12 + (12 if match[4] == "PM" else 0)
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (-1 if zone[1] == "-" else 1)
    month = _MONTHS.index(match[5]) + 1
    try:
        told = datetime(
            int(match[7]), month, int(match[6]), hour, int(match[2]), int(match[3]), tzinfo=timezone(offset)
        )
    except ValueError:
        return None
    return told.astimezone(UTC)
