"""The life of a waiver: in force, expiring, expired, unused, changed, refused; the original status always stays."""

from datetime import UTC, datetime

import pytest

from flmparse.assessment import Assessment, assess
from flmparse.findings import Status, Verdict
from flmparse.waivers import WaiverState
from tests.editing import clean, whitepaper

WAIVER = """
[[waiver]]
rule = "{rule}"
subject = "{subject}"
reason = "second HBA arrives with the new blade"
owner = "storage team"
approved_by = "change board"
expires = {expires}
"""


def assessed(
    rule: str = "PTH007", subject: str = "*", expires: str = "2012-06-30", more: str = "", as_of: str = "2012-05-04"
) -> Assessment:
    text = WAIVER.format(rule=rule, subject=subject, expires=expires) + more
    collection = whitepaper(manifest=lambda manifest: manifest + text)
    moment = datetime.fromisoformat(as_of).replace(tzinfo=UTC) if as_of else None
    select = ["PTH007", "MSK005", "MSK009"]
    return assess(collection, "ready", "paper", select=select, as_of=moment)


def state(assessment: Assessment) -> WaiverState:
    (use,) = assessment.waivers
    return use.state


def test_a_waiver_in_force_stands_beside_the_status() -> None:
    assessment = assessed()
    result = next(result for result in assessment.results if result.rule == "PTH007")
    assert state(assessment) is WaiverState.IN_FORCE
    assert result.status is Status.WARN
    assert result.waiver is not None and result.waiver.approved_by == "change board"


def test_it_expires_at_the_end_of_its_day_in_utc() -> None:
    assert state(assessed(as_of="2012-06-30T23:59:59")) is WaiverState.EXPIRING
    after = assessed(as_of="2012-07-01T00:00:00")
    assert state(after) is WaiverState.EXPIRED
    assert all(result.waiver is None for result in after.results)


def test_without_a_day_it_covers_nothing() -> None:
    assert state(assessed(as_of="")) is WaiverState.UNDATED


@pytest.mark.parametrize(
    "rule, subject, expires, expected",
    [
        ("PTH999", "*", "2012-06-30", WaiverState.UNKNOWN_RULE),
        ("PTH*", "*", "2012-06-30", WaiverState.TOO_BROAD),
        ("MSK005", "*", "2012-06-30", WaiverState.NOT_WAIVABLE),
        ("PTH007", "*", '"next summer"', WaiverState.UNREADABLE),
        ("MSK009", "*", "2012-06-30", WaiverState.UNUSED),
        ("PTH007", "somebody else", "2012-06-30", WaiverState.UNUSED),
    ],
)
def test_a_waiver_that_covers_nothing_says_why(rule: str, subject: str, expires: str, expected: WaiverState) -> None:
    assessment = assessed(rule, subject, expires)
    assert state(assessment) is expected
    assert all(result.waiver is None for result in assessment.results)
    assert assessment.verdict is Verdict.NO_GO


def test_it_dies_when_the_finding_changes() -> None:
    seen = next(f for result in assessed().results if result.rule == "PTH007" for f in result.findings)
    same = assessed(more=f'finding = "{seen.fingerprint}"\n')
    assert state(same) is WaiverState.IN_FORCE
    assert state(assessed(more='finding = "000000000000"\n')) is WaiverState.CHANGED


def test_it_holds_only_at_its_gates() -> None:
    assert state(assessed(more='gates = ["cleaned"]\n')) is WaiverState.UNUSED
    assert state(assessed(more='gates = ["ready"]\n')) is WaiverState.IN_FORCE


def test_a_waived_warning_still_shows_in_the_verdict() -> None:
    text = WAIVER.format(rule="STA002", subject="EXCH02", expires="2012-06-30")
    paused = {"4-copying/EXCH01.txt": lambda log: log.replace("EXCH02 2  Up", "EXCH02 2  Paused")}
    collection = clean(paused, manifest=lambda manifest: manifest + text)
    gate = assess(collection, "copying", "paper", as_of=datetime(2012, 5, 15, tzinfo=UTC)).gates[0]
    assert [result.rule for result in gate.results if result.waiver is not None] == ["STA002"]
    assert gate.verdict is Verdict.GO_WITH_WARNINGS
