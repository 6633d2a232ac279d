"""The life of a waiver: in force, expiring, expired, unused, changed, refused; the original status always stays."""

import re
from datetime import UTC, datetime

import pytest

from flmparse.assessment import Assessment, GateAssessment, assess
from flmparse.findings import Status, Verdict
from flmparse.procedure import Gate
from flmparse.rules import catalogue
from flmparse.waivers import WaiverState
from tests.editing import Edit, clean, whitepaper

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
        ("*", "cluster", "2012-06-30", WaiverState.TOO_BROAD),
        ("P?H0*", "unnamed node", "2012-06-30", WaiverState.TOO_BROAD),
        ("[A-Z]*", "unnamed node", "2012-06-30", WaiverState.TOO_BROAD),
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


DEAD_TARGET = {"3-ready/EXCH01.txt": lambda log: re.sub(r"(c3t4d10 .*)alive", r"\1dead ", log)}
AS_OF = datetime(2012, 5, 15, tzinfo=UTC)


def gate_of(edits: dict[str, Edit], gate: str, *waivers: tuple[str, str], drop: tuple[str, ...] = ()) -> GateAssessment:
    text = (
        "\n".join(WAIVER.format(rule=rule, subject=subject, expires="2012-06-30") for rule, subject in waivers) + "\n"
    )
    collection = clean(edits, drop=drop, manifest=lambda manifest: manifest + text)
    return assess(collection, gate, "paper", as_of=AS_OF).gates[0]


def test_nobody_waives_a_dead_target_path() -> None:
    """Not by any rule that it breaks, each waived by name for every subject that a waiver can name."""
    subjects = ("*", "0513*", "*0513 <- 0A5C*", "EXCH01", "*EXCH01*", "cluster", "4")
    failed = {result.rule for result in gate_of(DEAD_TARGET, "ready").results if result.status is Status.FAIL}
    waivers = [(rule, subject) for rule in failed for subject in subjects]
    assert gate_of(DEAD_TARGET, "ready", *waivers).verdict is Verdict.NO_GO


def test_nobody_waives_a_node_that_was_never_captured() -> None:
    rules = [rule.id for rule in catalogue().values() if Gate.READY in rule.gates]
    waivers = [(rule, subject) for rule in rules for subject in ("*", "cluster", "EXCH02")]
    of_one = gate_of({}, "ready", *waivers, drop=("3-ready/EXCH02.txt", "0-prepare/EXCH02.txt"))
    assert of_one.verdict is Verdict.INCONCLUSIVE
    logs = ("3-ready/EXCH01.txt", "3-ready/EXCH02.txt", "0-prepare/EXCH01.txt", "0-prepare/EXCH02.txt")
    assert gate_of({}, "ready", *waivers, drop=logs).verdict is Verdict.INCONCLUSIVE


def test_a_blocker_is_waived_by_what_is_wrong_alone() -> None:
    """Donor update off for one pair: a waiver of the pair covers it, one of everything or of another pair does not."""
    off = {"3-ready/se-host.txt": lambda log: re.sub(r"(:0A41 .*)\.\.\.XXM\.", r"\1...X.M.", log)}
    assert gate_of(off, "ready").verdict is Verdict.NO_GO
    assert gate_of(off, "ready", ("SES005", "0512 <- 0A41")).verdict is Verdict.GO_WITH_WARNINGS
    for subject in ("*", "?*", "* <- *", "* on *", "[0-9]*", "0513 <- 0A5C"):
        assert gate_of(off, "ready", ("SES005", subject)).verdict is Verdict.NO_GO


def test_a_waiver_of_what_is_wrong_does_not_cover_what_is_not_known() -> None:
    """The fail of one pair is accepted; that the flags of another were not read stays open."""

    def off(log: str) -> str:
        log = re.sub(r"(:0A41 .*)\.\.\.XXM\.", r"\1...X.M.", log)
        return re.sub(r"(:0A5C .*SD) \.\.\.XXM\.", r"\1 ...X", log)

    gate = gate_of({"3-ready/se-host.txt": off}, "ready", ("SES005", "0512 <- 0A41"))
    assert next(result for result in gate.results if result.rule == "SES005").waiver is None
