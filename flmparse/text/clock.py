"""Times that a running log tells: in its prompts, in the header of the terminal, in the answers of `date` and its kind.

A log is read twice. First every time is noted as it is written; then the day-first or month-first order of its dates is told by a
weekday, by a day beyond the twelfth or by the hint that `date` prints, and times without a date get that of the line above them. What
stays ambiguous stays unknown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from flmparse.terms import YEARS

_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), start=1)
}
_WEEKDAYS = {name: number for number, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}

_WEEKDAY = r"(?:(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*[,.]?\s+)?"
_DATE = re.compile(
    rf"""(?<![\w.:/-])(?:
        (?P<y1>(?:19|20)\d\d)(?P<s1>[-/.])(?P<m1>\d\d?)(?P=s1)(?P<d1>\d\d?)(?=[ T]|\b)
      | {_WEEKDAY}(?P<a>\d\d?)(?P<sep>[./-])(?P<b>\d\d?)(?P=sep)(?P<y2>(?:19|20)\d\d)
      | (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[ ]+(?P<month3>[A-Z][a-z]{{2}})[ ]+(?P<d3>\d\d?)(?=[ ].*(?P<y3>(?:19|20)\d\d)\b)
      | (?P<d4>\d\d?)[. ]+(?P<month4>[^\W\d_]{{3,9}})[ ]+(?P<y4>(?:19|20)\d\d)
      | (?P<month5>[^\W\d_]{{3,9}})[ ]+(?P<d5>\d\d?),[ ]+(?P<y5>(?:19|20)\d\d)
    )(?![\d.])""",
    re.X,
)
_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>\d\d?):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?![\d:])(?:[ ]?(?P<half>[AaPp]\.?[Mm]\b\.?))?"
    r"(?:[ ]?(?P<offset>[+-]\d\d:?\d\d)\b|(?P<utc>Z\b|[ ](?:UTC|GMT)\b))?"
)
_COMPACT = re.compile(r"(?<!\d)(?:19|20)\d{12}(?!\d)")
_ORDER_HINT = re.compile(r"\((?:(?P<month>mm-dd)|(?P<day>dd-mm|tt-mm|jj-mm))-", re.I)
_MINUTE = timedelta(seconds=59)
_NOON_TO_NOON = timedelta(hours=12)


@dataclass(frozen=True)
class Written:
    """A time as it is written on a line: the parts of a date in the order they stand, or none, and a time of day.

    ``first`` and ``second`` are day and month in an order that only the log can tell; a date whose order is plain is ``day``.
    """

    line: int
    day: date | None = None
    first: int = 0
    second: int = 0
    year: int = 0
    weekday: int | None = None
    time_of_day: time | None = None
    to_the_minute: bool = False
    offset: timezone | None = None
    day_first: bool | None = None
    """What the line itself says of the order of day and month."""


@dataclass(frozen=True)
class Reading:
    """A moment that a line tells: no earlier than ``earliest`` and no later than ``latest``; without an offset both have no zone."""

    line: int
    earliest: datetime
    latest: datetime


def written(line_number: int, text: str) -> Written | None:
    """Return the date and the time of day that a text holds; None where it holds neither."""
    compact = _COMPACT.search(text)
    if compact is not None:
        try:
            moment = datetime.strptime(compact[0], "%Y%m%d%H%M%S")
        except ValueError:
            return None
        return Written(line_number, moment.date(), time_of_day=moment.time())
    dated, timed = _DATE.search(text), _TIME.search(text)
    hint = _ORDER_HINT.search(text)
    if dated is None and timed is None:
        return Written(line_number, day_first=hint["day"] is not None) if hint is not None else None
    result = Written(line_number)
    if dated is not None:
        with_date = _with_date(result, dated)
        if with_date is None:
            return None
        result = with_date
    if timed is not None:
        hour, half = int(timed["hour"]), (timed["half"] or "").lower()[:1]
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour > 23:
            return None
        result = replace(
            result,
            time_of_day=time(hour, int(timed["minute"]), int(timed["second"] or 0)),
            to_the_minute=timed["second"] is None,
            offset=_offset(timed),
        )
    return result


def _offset(timed: re.Match[str]) -> timezone | None:
    if timed["utc"]:
        return UTC
    if not timed["offset"]:
        return None
    digits = timed["offset"].replace(":", "")
    minutes = int(digits[1:3]) * 60 + int(digits[3:])
    return timezone(timedelta(minutes=minutes if digits[0] == "+" else -minutes)) if minutes < 24 * 60 else None


def _with_date(result: Written, dated: re.Match[str]) -> Written | None:
    try:
        if dated["y1"]:
            return replace(result, day=date(int(dated["y1"]), int(dated["m1"]), int(dated["d1"])))
        for number in ("3", "4", "5"):
            if dated[f"y{number}"]:
                month = _MONTHS.get(dated[f"month{number}"].lower())
                day = date(int(dated[f"y{number}"]), month, int(dated[f"d{number}"])) if month else None
                return replace(result, day=day) if day else None
        first, second, year = int(dated["a"]), int(dated["b"]), int(dated["y2"])
        if dated["sep"] == ".":
            return replace(result, day=date(year, second, first))
    except ValueError:
        return None
    weekday = _WEEKDAYS[dated["weekday"].lower()] if dated["weekday"] else None
    days = {day_first: _day(first, second, year, day_first) for day_first in (True, False)}
    possible = [day_first for day_first, day in days.items() if day and weekday in (None, day.weekday())]
    if not possible:
        return None
    if first == second:
        return replace(result, day=days[True])  # 09/09/2012 is one day in either order
    order = possible[0] if len(possible) == 1 else None
    return replace(result, first=first, second=second, year=year, weekday=weekday, day_first=order)


def _day(first: int, second: int, year: int, day_first: bool) -> date | None:
    try:
        return date(year, second, first) if day_first else date(year, first, second)
    except ValueError:
        return None


# docs/decisions/29-times-of-logs.md
def readings(times: Iterable[Written]) -> list[Reading]:
    """Return the moments that a log tells, in the order of its lines.

    A time of day alone is of the day above it, and of the day after where it stands more than twelve hours before the time
    above it; where it stands a little before it, the log contradicts itself and the time is left out.
    """
    times = sorted(times, key=lambda item: item.line)
    orders = {item.day_first for item in times if item.day_first is not None}
    day_first = orders.pop() if len(orders) == 1 else None
    offset = next((item.offset for item in times if item.offset is not None), None)
    moments: list[Reading] = []
    current: date | None = None
    latest: datetime | None = None
    for item in times:
        day = item.day
        if day is None and item.year:
            order = item.day_first if item.day_first is not None else day_first
            day = _day(item.first, item.second, item.year, order) if order is not None else None
            if day is None:
                current, latest = None, None  # a date whose order nothing tells: the times below it have none
                continue
        if day is not None and day.year not in YEARS:
            current, latest = None, None
            continue
        stated = day is not None
        current = day or current
        if current is None or item.time_of_day is None:
            latest = None if stated else latest
            continue
        moment = datetime.combine(current, item.time_of_day)
        if not stated and latest is not None and moment < latest:
            if latest - moment < _NOON_TO_NOON:
                continue
            current += timedelta(days=1)
            moment = datetime.combine(current, item.time_of_day)
        latest = moment
        zone = item.offset or offset
        moment = moment.replace(tzinfo=zone) if zone else moment
        moments.append(Reading(item.line, moment, moment + _MINUTE if item.to_the_minute else moment))
    return moments
