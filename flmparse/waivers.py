"""Waivers: a named person accepts a finding until a date. The status of the result never changes; the waiver is noted beside it.

A waiver names one rule and what is wrong: it covers the findings of its rule whose subject its pattern matches, at its
gates; with a fingerprint it ends when the finding changes. Of a blocker a subject of signs alone (``*``) covers only what
has no subject, such as a capture that is missing. A result is waived where all of it is, what is not decided too. A waiver
that is not valid (lapsed, unreadable date, too broad, unused, a rule that may not be waived) covers nothing, and its state
says why.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from flmparse.findings import Finding, Result, Severity, Status, WaiverApplied
from flmparse.manifest import Waiver, end_of_day
from flmparse.rules import catalogue

EXPIRES_SOON_DAYS = 14
"""A waiver that ends within this many days is reported as expiring."""

WAIVABLE = (Status.FAIL, Status.WARN, Status.INCONCLUSIVE)


class WaiverState(StrEnum):
    """What became of a waiver."""

    IN_FORCE = "in force"
    EXPIRING = "expiring soon"
    EXPIRED = "expired"
    UNREADABLE = "expiry unreadable: lapsed"
    UNDATED = "cannot be judged without a day: pass --as-of"
    UNUSED = "unused"
    TOO_BROAD = "too broad: name one rule and its subject"
    NOT_WAIVABLE = "the rule cannot be waived"
    UNKNOWN_RULE = "no such rule"
    CHANGED = "the finding has changed"


@dataclass(frozen=True)
class WaiverUse:
    """A waiver of the manifest, what became of it, and how many findings it covers at all assessed gates."""

    waiver: Waiver
    state: WaiverState
    covered: int = 0
    broad: bool = False
    """Whether it covers several subjects at every gate: allowed, but worth a second look."""


def apply(
    results: Iterable[Result], waivers: tuple[Waiver, ...], as_of: datetime | None
) -> tuple[list[Result], tuple[WaiverUse, ...]]:
    """Return the results with their waivers, and what became of each waiver. ``as_of`` is the moment at which expiry is judged."""
    uses = [_Use(waiver, _state(waiver, as_of)) for waiver in waivers]
    waived = [_waive(result, uses) for result in results]
    return waived, tuple(use.outcome() for use in uses)


class _Use:
    def __init__(self, waiver: Waiver, state: WaiverState) -> None:
        self.waiver, self.state = waiver, state
        self.subjects: list[str] = []
        self.changed = False
        self.too_broad = False

    @property
    def is_valid(self) -> bool:
        return self.state in (WaiverState.IN_FORCE, WaiverState.EXPIRING)

    def covers(self, result: Result, finding: Finding) -> bool:
        waiver = self.waiver
        if waiver.gates and result.gate not in waiver.gates:
            return False
        if not _matches(waiver.rule, result.rule) or not fnmatchcase(finding.subject, waiver.subject):
            return False
        if waiver.finding and waiver.finding != finding.fingerprint:
            self.changed = True
            return False
        if finding.subject and result.severity is Severity.BLOCKER and not (waiver.finding or _names(waiver.subject)):
            self.too_broad = True
            return False
        return True

    def outcome(self) -> WaiverUse:
        state = self.state
        if self.is_valid and not self.subjects:
            state = WaiverState.CHANGED if self.changed else WaiverState.UNUSED
            state = WaiverState.TOO_BROAD if self.too_broad else state
        broad = len(set(self.subjects)) > 1 and not self.waiver.gates
        return WaiverUse(self.waiver, state, len(self.subjects), broad)


def _waive(result: Result, uses: list[_Use]) -> Result:
    undecided_too = (result.status, Status.INCONCLUSIVE) if result.severity is Severity.BLOCKER else (result.status,)
    open_findings = [finding for finding in result.findings if finding.status in undecided_too]
    if result.status not in WAIVABLE or not open_findings or not _waivable(result):
        return result
    covering: list[_Use] = []
    for finding in open_findings:
        if not finding.waivable:
            return result
        use = next((use for use in uses if use.is_valid and use.covers(result, finding)), None)
        if use is None:
            return result
        use.subjects.append(finding.subject)
        covering.append(use)
    waiver = covering[0].waiver
    expires = waiver.expires.isoformat() if waiver.expires else ""
    return replace(
        result, waiver=WaiverApplied(waiver.reason, waiver.owner, waiver.approved_by, expires, waiver.ticket)
    )


def _waivable(result: Result) -> bool:
    rule = catalogue().get(result.rule)
    return rule is not None and rule.waivable


def _matches(pattern: str, rule: str) -> bool:
    return fnmatchcase(rule, pattern.upper())


def _names(subject: str) -> bool:
    """Whether a subject says what is wrong: letters and digits are left of it without wildcards and the word between pair and node."""
    named = re.sub(r"\[[^]]*\]|\bon\b|\W|_", "", subject)
    return len(named) > 1


def _state(waiver: Waiver, as_of: datetime | None) -> WaiverState:
    rules = [rule for rule in catalogue().values() if _matches(waiver.rule, rule.id)]
    if not rules:
        return WaiverState.UNKNOWN_RULE
    if len(rules) > 1:
        return WaiverState.TOO_BROAD
    if not rules[0].waivable:
        return WaiverState.NOT_WAIVABLE
    if waiver.expires is None:
        return WaiverState.UNREADABLE
    if as_of is None:
        return WaiverState.UNDATED
    if as_of > end_of_day(waiver.expires):
        return WaiverState.EXPIRED
    days_left = (waiver.expires - as_of.date()).days
    return WaiverState.EXPIRING if days_left <= EXPIRES_SOON_DAYS else WaiverState.IN_FORCE
