"""Verdicts of gates: gates that are not reached, fails that are carried and how they end, rules that are left out."""

import re
from functools import cache

import pytest

from flmparse.assessment import Assessment, GateAssessment, assess
from flmparse.collection import Collection
from flmparse.findings import Verdict
from flmparse.procedure import Gate
from flmparse.render.context import report_of
from tests.editing import Edit, clean, edited

LATER = {
    Gate.COPYING: ["4-copying/EXCH01.txt", "4-copying/EXCH02.txt", "4-copying/se-host.txt"],
    Gate.COPIED: ["5-copied/se-host.txt"],
    Gate.TERMINATED: ["6-terminated/se-host.txt"],
    Gate.UNMASKED: ["7-unmasked/EXCH01.txt", "7-unmasked/EXCH02.txt", "7-unmasked/se-host.txt"],
    Gate.CLEANED: ["8-cleaned/EXCH01.txt", "8-cleaned/EXCH02.txt", "8-cleaned/se-host.txt"],
}
"""Files of the clean migration that are captured from activate on."""


@cache
def night_at_ready() -> Collection:
    """Return the clean migration as it stands before activate."""
    return clean(drop=[name for names in LATER.values() for name in names])


def replaced(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new)


def gate_of(assessment: Assessment, gate: Gate) -> GateAssessment:
    return next(item for item in assessment.gates if item.gate is gate)


def carried(assessment: Assessment) -> dict[str, list[str]]:
    """Return the rules that each gate carries, by gate, for those that carry some."""
    return {item.gate.word: [result.rule for result in item.carried] for item in assessment.gates if item.carried}


def test_gates_after_the_last_step_are_not_reached_and_do_not_count() -> None:
    assessment = assess(night_at_ready(), "all", "paper")
    assert {item.gate.word: str(item.verdict) for item in assessment.gates} == {
        "prepare": "GO", "created": "GO", "masked": "GO", "ready": "GO",
        "copying": "NOT REACHED", "copied": "NOT REACHED", "terminated": "NOT REACHED", "unmasked": "NOT REACHED",
        "cleaned": "NOT REACHED",
    }  # fmt: skip
    assert assessment.verdict is Verdict.GO
    assert gate_of(assessment, Gate.COPYING).results == ()


@pytest.mark.parametrize("gate", LATER, ids=lambda gate: gate.word)
def test_a_gate_that_is_not_reached_and_asked_by_name_is_inconclusive(gate: Gate) -> None:
    assessment = assess(night_at_ready(), gate, "paper")
    assert not gate_of(assessment, gate).reached
    assert assessment.verdict is Verdict.INCONCLUSIVE


def test_a_captured_step_reaches_its_gate_wherever_it_is_filed() -> None:
    (log,) = [capture for capture in clean().captures if capture.name == "4-copying/se-host.txt"]
    activate = log.quote(1, 11).replace("Z\n", "Z gate=copying\n", 1)
    drop = [name for names in LATER.values() for name in names]
    assessment = assess(clean(drop=drop, add={"notes/se-host.txt": activate}), "all", "paper")
    assert gate_of(assessment, Gate.COPYING).reached
    assert gate_of(assessment, Gate.COPIED).verdict is Verdict.NOT_REACHED


def test_a_fail_holds_every_later_gate_until_a_newer_capture_closes_it() -> None:
    down = {"0-prepare/EXCH01.txt": replaced("EXCH02 2  Up", "EXCH02 2  Down")}
    assessment = assess(clean(down), "all", "paper")
    verdicts = [str(item.verdict) for item in assessment.gates]
    assert verdicts == ["NO-GO", "NO-GO", "NO-GO", "GO", "GO", "GO", "GO", "GO", "GO"]
    assert carried(assessment) == {}, "the rule itself fails again on the same list"


OLD_VERSION = {"0-prepare/se-host.txt": replaced("V7.4.0.0", "V7.2.0.0")}
"""Solutions Enabler too old (ENV003), which is asked at prepare only."""


def test_a_fail_of_a_rule_that_is_not_asked_again_is_carried_by_name() -> None:
    assessment = assess(clean(OLD_VERSION), "all", "paper")
    assert [result.rule for result in gate_of(assessment, Gate.PREPARE).results if result.status == "fail"] == [
        "ENV003"
    ]
    assert carried(assessment)["created"] == ["ENV003"]
    assert gate_of(assessment, Gate.CREATED).verdict is Verdict.NO_GO


def test_an_earlier_gate_counts_also_where_only_the_later_one_is_asked() -> None:
    assessment = assess(clean(OLD_VERSION), "created", "paper")
    assert [item.gate for item in assessment.gates] == [Gate.CREATED]
    assert carried(assessment) == {"created": ["ENV003"]}
    assert assessment.verdict is Verdict.NO_GO


def test_a_newer_capture_closes_a_fail_of_an_earlier_gate() -> None:
    (log,) = [capture for capture in clean().captures if capture.name == "0-prepare/se-host.txt"]
    text = log.quote(1, 8).replace("T08:00:00Z", "T10:50:00Z")
    assessment = assess(clean(OLD_VERSION, add={"2-masked/se-host-2.txt": text}), "all", "paper")
    assert list(carried(assessment)) == ["created"]
    assert gate_of(assessment, Gate.MASKED).verdict is Verdict.GO
    assert gate_of(assessment, Gate.PREPARE).verdict is Verdict.NO_GO


def test_a_fail_whose_harm_is_past_is_a_finding_of_the_record() -> None:
    assessment = assess(clean(OLD_VERSION), "all", "paper")
    assert list(carried(assessment)) == ["created", "masked", "ready"]
    copying = gate_of(assessment, Gate.COPYING)
    assert [result.rule for result in copying.of_the_record] == ["ENV003"]
    assert copying.verdict is Verdict.GO_WITH_WARNINGS
    (view,) = [gate for gate in report_of(assessment).gates if gate.gate is Gate.COPYING]
    assert view.reasons[0].sentence.startswith(
        "ENV003 failed at prepare, and the migration was activated in spite of it"
    )


def test_missing_evidence_of_earlier_gates_is_named_and_holds_under_strict() -> None:
    drop = ["0-prepare/se-host.txt"]
    paper, strict = (gate_of(assess(clean(drop=drop), "all", profile), Gate.CREATED) for profile in ("paper", "strict"))
    assert "ENV003" in [result.rule for result in paper.open_before]
    assert "ENV003" in [result.rule for result in strict.open_before]
    assert strict.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("choice", [{"select": ["EVD001"]}, {"ignore": ["PTH", "CLU", "IDN"]}])
def test_a_gate_that_left_out_required_rules_is_at_best_inconclusive(choice: dict[str, list[str]]) -> None:
    item = assess(clean(), "ready", "paper", **choice).gates[0]  # type: ignore[arg-type]
    assert item.rules_left_out > 0
    assert item.verdict is Verdict.INCONCLUSIVE


def test_a_gate_that_left_out_only_what_is_not_required_may_be_go() -> None:
    item = assess(clean(), "ready", "paper", ignore=["EVD001"]).gates[0]
    assert (item.rules_left_out, item.verdict) == (0, Verdict.GO)


def test_a_fail_is_a_fail_whatever_was_left_out() -> None:
    assert assess(edited("whitepaper"), "masked", "paper", select=["MSK005"]).verdict is Verdict.NO_GO


def without_command(words: str) -> Edit:
    """Return an edit that removes a command of Solutions Enabler with its output."""
    return lambda text: re.sub(rf"^C:\\> {re.escape(words)}.*\n(?:(?!#flm).*\n)*", "", text, flags=re.M)


def test_copied_needs_a_verify() -> None:
    edit = without_command("symrcopy -f mail_flm verify")
    item = assess(clean({"5-copied/se-host.txt": edit}), "copied", "paper").gates[0]
    assert item.missing_captures == ("symrcopy_verify",)
    assert item.verdict is Verdict.INCONCLUSIVE


def test_copied_needs_a_query_with_nothing_left() -> None:
    edit = without_command("symrcopy -f mail_flm query")
    item = assess(clean({"5-copied/se-host.txt": edit}), "copied", "paper").gates[0]
    assert item.verdict is Verdict.INCONCLUSIVE
