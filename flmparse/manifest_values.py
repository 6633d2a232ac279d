"""Types of the manifest's values: what may be written, and what it is read as."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, Strict, WithJsonSchema

from flmparse import terms
from flmparse.errors import UsageError, did_you_mean
from flmparse.procedure import Gate


def _gate(value: object) -> object:
    try:
        return Gate.parse(value) if isinstance(value, str) else value
    except UsageError as error:
        raise ValueError(str(error)) from None


def _day(value: object) -> date | None:
    """Return the day of a date, a time or a text; None where it cannot be read: such a waiver has lapsed, it is never permanent."""
    if value == "":
        raise ValueError("must not be empty")
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, date) else None
    except ValueError:
        return None


def _as_list(ids: object) -> object:
    if ids == []:
        raise ValueError("must not be empty")
    return [ids] if isinstance(ids, str) else ids


def _relative_path(text: str) -> str:
    return text.replace("\\", "/").removeprefix("./")


def _lines(text: str) -> str:
    span = re.fullmatch(r"\s*([1-9]\d{0,8})\s*(?:-\s*([1-9]\d{0,8})?\s*)?", text)
    if text and (span is None or int(span[2] or span[1]) < int(span[1])):
        raise ValueError(f'must be written as "120-364", "120-" or "120", not {text!r}')
    return "".join(text.split())


@dataclass(frozen=True)
class DeviceRange:
    """Devices of one array, from the first to the last."""

    symmetrix: str
    first: str
    last: str

    def holds(self, symmetrix: str, device: str) -> bool:
        """Whether a device is one of them."""
        return symmetrix == self.symmetrix and int(self.first, 16) <= int(device, 16) <= int(self.last, 16)


def _device_range(value: object) -> object:
    if not isinstance(value, str):
        return value
    span = re.fullmatch(r"\s*(\d{12})\s*:\s*([0-9A-Fa-f]{3,5})(?:\s*[-:]\s*([0-9A-Fa-f]{3,5}))?\s*", value)
    if span is None or int(span[3] or span[2], 16) < int(span[2], 16):
        raise ValueError(f'must be written as "000187490233:0B10" or "000187490233:0B10-0B1F", not {value!r}')
    return DeviceRange(span[1], terms.device(span[2]), terms.device(span[3] or span[2]))


def _utc_offset(text: str) -> str:
    if not re.fullmatch(r"[+-](?:0\d|1[0-4]):[0-5]\d", text):
        raise ValueError(f"must be written as +01:00 or -05:30, not {text!r}")
    return text


def _time_zone(name: str) -> str:
    if not name:
        return name
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r}{did_you_mean(name, sorted(available_timezones()))}") from None
    return name


LARGEST_NUMBER = 100_000_000
"""No count, and no difference of clocks in seconds, is larger; a time may be moved by it and still be one."""


def _time(moment: datetime) -> datetime:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment.year not in terms.YEARS:
        raise ValueError(f"must be between {terms.YEARS[0]} and {terms.YEARS[-1]}, not in {moment.year}")
    return moment


NotEmptyValue = Annotated[str, Field(min_length=1)]
WholeNumberValue = Annotated[int, Strict(), Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
CountValue = Annotated[int, Strict(), Field(ge=0, le=LARGEST_NUMBER)]
PathValue = Annotated[str, AfterValidator(_relative_path)]
FileValue = Annotated[PathValue, Field(min_length=1)]
LinesValue = Annotated[str, AfterValidator(_lines)]
NumberValue = Annotated[str, Field(coerce_numbers_to_str=True)]
SubjectValue = Annotated[str, AfterValidator(lambda subject: subject or "*")]
DeviceValue = Annotated[str, AfterValidator(terms.device)]
DeviceRangeValue = Annotated[
    InstanceOf[DeviceRange], BeforeValidator(_device_range), WithJsonSchema({"type": "string"})
]
WwnValue = Annotated[str, AfterValidator(terms.wwn)]
SymmetrixValue = Annotated[str, AfterValidator(terms.symmetrix)]
GateValue = Annotated[
    Gate, Strict(), BeforeValidator(_gate), WithJsonSchema({"type": "string", "enum": [gate.word for gate in Gate]})
]
TimeValue = Annotated[datetime, Strict(), AfterValidator(_time)]
DayValue = Annotated[date | None, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
UtcOffsetValue = Annotated[str, AfterValidator(_utc_offset)]
TimeZoneValue = Annotated[str, AfterValidator(_time_zone)]
OwnIdsValue = Annotated[
    tuple[NotEmptyValue, ...],
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
