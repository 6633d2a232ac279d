"""Waivers: a named person accepts a finding until a date. The original status always stays; a waiver stands beside it.

A waiver covers the findings of its rule whose subject its glob matches, at its gates; with a fingerprint it dies when
the finding changes. What is wrong with a waiver (lapsed, unreadable date, too broad, unused, a rule that nobody may
waive) is said, and such a waiver covers nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from flmparse.findings import Finding, Result, Status, WaiverApplied
from flmparse.manifest import Waiver, end_of_day
from flmparse.rules import catalogue

EXPIRES_SOON_DAYS = 14
"""A waiver within so many days of its end is reported as expiring."""

WAIVABLE = (Status.FAIL, Status.WARN, Status.INCONCLUSIVE)


class WaiverState(StrEnum):
    """What became of a waiver."""

    IN_FORCE = "in force"
    EXPIRING = "expiring soon"
    EXPIRED = "expired"
    UNREADABLE = "expiry unreadable: lapsed"
    UNDATED = "cannot be judged without a day: pass --as-of"
    UNUSED = "unused"
    TOO_BROAD = "too broad: name a rule or a subject"
    NOT_WAIVABLE = "the rule cannot be waived"
    UNKNOWN_RULE = "no such rule"
    CHANGED = "the finding has changed"


@dataclass(frozen=True)
class WaiverUse:
    """A waiver of the manifest, what became of it, and how many findings it covers over the gates that were asked."""

    waiver: Waiver
    state: WaiverState
    covered: int = 0
    broad: bool = False
    """Whether it covers several subjects at every gate: legal, but worth a second look."""


def apply(
    results: Iterable[Result], waivers: tuple[Waiver, ...], as_of: datetime | None
) -> tuple[list[Result], tuple[WaiverUse, ...]]:
    """Return the results with waivers beside them, and what became of each waiver. ``as_of`` is the moment at which expiry is judged."""
    uses = [_Use(waiver, _state(waiver, as_of)) for waiver in waivers]
    waived = [_waive(result, uses) for result in results]
    return waived, tuple(use.told() for use in uses)


class _Use:
    def __init__(self, waiver: Waiver, state: WaiverState) -> None:
        self.waiver, self.state = waiver, state
        self.subjects: list[str] = []
        self.changed = False

    @property
    def holds(self) -> bool:
        return self.state in (WaiverState.IN_FORCE, WaiverState.EXPIRING)

    def covers(self, result: Result, finding: Finding) -> bool:
        waiver = self.waiver
        if waiver.gates and result.gate not in waiver.gates:
            return False
        if not _names(waiver.rule, result.rule) or not fnmatchcase(finding.subject, waiver.subject):
            return False
        if waiver.finding and waiver.finding != finding.fingerprint:
            self.changed = True
            return False
        return True

    def told(self) -> WaiverUse:
        state = self.state
        if self.holds and not self.subjects:
            state = WaiverState.CHANGED if self.changed else WaiverState.UNUSED
        broad = len(set(self.subjects)) > 1 and not self.waiver.gates
        return WaiverUse(self.waiver, state, len(self.subjects), broad)


def _waive(result: Result, uses: list[_Use]) -> Result:
    open_findings = [finding for finding in result.findings if finding.status is result.status]
    if result.status not in WAIVABLE or not open_findings or not _waivable(result):
        return result
    by: list[_Use] = []
    for finding in open_findings:
        use = next((use for use in uses if use.holds and use.covers(result, finding)), None)
        if use is None:
            return result
        use.subjects.append(finding.subject)
        by.append(use)
    waiver = by[0].waiver
    expires = waiver.expires.isoformat() if waiver.expires else ""
    return replace(
        result, waiver=WaiverApplied(waiver.reason, waiver.owner, waiver.approved_by, expires, waiver.ticket)
    )


def _waivable(result: Result) -> bool:
    rule = catalogue().get(result.rule)
    return rule is not None and rule.waivable


def _names(pattern: str, rule: str) -> bool:
    return fnmatchcase(rule, pattern.upper())


def _is_glob(text: str) -> bool:
    return any(sign in text for sign in "*?[")


def _state(waiver: Waiver, as_of: datetime | None) -> WaiverState:
    named = [rule for rule in catalogue().values() if _names(waiver.rule, rule.id)]
    if not named:
        return WaiverState.UNKNOWN_RULE
    if _is_glob(waiver.rule) and _is_glob(waiver.subject):
        return WaiverState.TOO_BROAD
    if not any(rule.waivable for rule in named):
        return WaiverState.NOT_WAIVABLE
    if waiver.expires is None:
        return WaiverState.UNREADABLE
    if as_of is None:
        return WaiverState.UNDATED
    if as_of > end_of_day(waiver.expires):
        return WaiverState.EXPIRED
    days_left = (waiver.expires - as_of.date()).days
    return WaiverState.EXPIRING if days_left <= EXPIRES_SOON_DAYS else WaiverState.IN_FORCE


def parse_day(text: str) -> date:
    """Return the day ``2012-06-30`` (also of a full ISO time); raises ValueError."""
    return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text).date()
