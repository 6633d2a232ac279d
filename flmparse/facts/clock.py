"""The clock of an array as `Last updated at` prints it: ``12:36:37 PM on Tue Jan 04,2011`` (white paper figure 8)."""

import re
from datetime import UTC, datetime, tzinfo

from flmparse.terms import YEARS

_CLOCK = re.compile(r"(\d{1,2}):(\d\d):(\d\d) ([AP]M) on (?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}), *(\d{4})\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_zone(local: datetime, zone: tzinfo) -> datetime | None:
    """Return a local time with its zone; None in the hour that a night of the change of clocks repeats or leaves out."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first if first.utcoffset() == second.utcoffset() else None


def array_clock(text: object, zone: tzinfo) -> datetime | None:
    """Return the time in UTC of an array's clock, which names no zone, taken in a zone; None: unreadable or undecided."""
    match = _CLOCK.match(text.strip()) if isinstance(text, str) else None
    if match is None or match[5] not in _MONTHS or int(match[7]) not in YEARS:
        return None
    hour = int(match[1]) % 12 + (12 if match[4] == "PM" else 0)
    month = _MONTHS.index(match[5]) + 1
    try:
        time = datetime(int(match[7]), month, int(match[6]), hour, int(match[2]), int(match[3]))
    except ValueError:
        return None
    time_in_zone = in_zone(time, zone)
    return time_in_zone.astimezone(UTC) if time_in_zone is not None else None
