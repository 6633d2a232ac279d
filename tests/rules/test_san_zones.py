"""SAN007 to SAN011 beyond their cards: a night with switches stays GO, what is left is noted, no garbled line of a switch is a fault."""

import random
import re

import pytest

from flmparse import assets
from flmparse.assessment import Verdict, assess
from flmparse.findings import Status
from flmparse.procedure import Gate
from tests.editing import edited, status

RULES = ("SAN007", "SAN008", "SAN009", "SAN010", "SAN011")
ZONE_LINES = re.compile(r"zone:\tz_flm_vmax412_07e0\t\n(?:\t\t50\S+\n){3}")


def zone_of_source_left(text: str) -> str:
    return text.replace("Effective configuration:\n cfg:\tFLM\t\n", "Effective configuration:\n cfg:\tFLM\t\n zone:\tz_left\t\n"
                        "\t\t21:00:00:e0:8b:2a:6c:10\n\t\t50:06:04:84:49:ae:f1:8d\n")  # fmt: skip


@pytest.mark.parametrize("gate", Gate)
def test_outputs_of_two_switches_leave_a_sound_night_go(gate: Gate) -> None:
    night = edited("switches")
    assert not {
        output.node for output in night.outputs if output.capture.name.startswith(("0-prepare/SAN", "8-cleaned/SAN"))
    } - {None}
    assert assess(night, gate.word, "paper").verdict is Verdict.GO


def test_the_rules_cite_the_lines_of_the_switch() -> None:
    result = status(edited("switches"), "SAN008", "copying")
    assert result.status is Status.PASS
    assert "07E:0 and 14C:0 in z_flm_vmax412_07e0 (SAN_A_01)" in result.message
    assert {"0-prepare/SAN_A_01.txt", "0-prepare/SAN_A_02.txt"} <= {evidence.capture for evidence in result.evidence}


def without_symsan(text: str) -> str:
    return re.sub(r"(?m)^#flm.*\nC:\\> symsan .*\n(?:(?!#flm).*\n)*", "", text)


def test_zones_and_logins_of_the_switch_are_enough_without_symsan() -> None:
    edits = {"0-prepare/se-host.txt": without_symsan}
    assert status(edited("clean", edits), "SAN001", "prepare").status is Status.INCONCLUSIVE
    result = status(edited("switches", edits), "SAN001", "prepare")
    assert result.status is Status.PASS, result.message
    assert "by the switch: 07E:0, 08E:1 and a source port are logged in" in result.note
    assert "0-prepare/SAN_A_01.txt" in {evidence.capture for evidence in result.evidence}


def test_a_zone_alone_is_no_proof_without_symsan() -> None:
    """Who is not logged in reaches nobody."""

    def without_logins(text: str) -> str:
        return re.sub(r"(?m)^#flm.*\n\S+ ns(?:cam)?show\n(?:(?!#flm).*\n)*", "", text)

    hidden = {f"0-prepare/SAN_A_0{number}.txt": without_logins for number in (1, 2)}
    night = edited("switches", {"0-prepare/se-host.txt": without_symsan, **hidden})
    result = status(night, "SAN001", "prepare")
    assert (result.status, result.findings[0].subject) == (Status.INCONCLUSIVE, "07E:0")


def test_without_a_switch_the_rules_do_not_apply() -> None:
    for rule in RULES:
        at = "cleaned" if rule == "SAN011" else "copied"
        assert status(edited("clean"), rule, at).status is Status.NOT_APPLICABLE, rule


def test_a_switch_of_another_fabric_changes_no_verdict() -> None:
    """Many capture one switch only: what the others would show is missing, and no doubt."""
    captures = assets.folder("fixtures") / "commands"
    files = ("show_flogi/four.txt", "show_zone/zoneset-active.txt", "show_fcns/two-vsans.txt")
    night = edited("clean", add={"0-prepare/mds.txt": "".join((captures / file).read_text("utf-8") for file in files)})
    for gate in (Gate.PREPARE, Gate.MASKED, Gate.COPYING):
        assert assess(night, gate.word, "paper").verdict is Verdict.GO
    result = status(night, "SAN007", "masked")
    assert result.status is Status.INCONCLUSIVE and "is in no captured fabric" in result.message


def test_a_zone_to_the_source_that_is_left_is_noted() -> None:
    left = {f"8-cleaned/SAN_A_0{number}.txt": zone_of_source_left for number in (1, 2)}
    result = status(edited("switches", left), "SAN011", "cleaned")
    assert result.status is Status.PASS
    assert "zone z_left still holds a port of the source" in result.note
    assert {finding.subject for finding in result.findings} == {"zone z_left"}


def test_a_fabric_without_fabricshow_is_each_switch_of_its_own() -> None:
    def without(text: str) -> str:
        return text.replace("fabricshow", "version")

    night = edited("switches", {"0-prepare/SAN_A_02.txt": without, "0-prepare/SAN_A_01.txt": without})
    assert status(night, "SAN007", "ready").status in (Status.PASS, Status.INCONCLUSIVE)


def test_a_damaged_line_of_a_switch_is_never_a_fault() -> None:
    dice = random.Random(7)
    for name in ("0-prepare/SAN_A_01.txt", "0-prepare/SAN_A_02.txt"):
        lines = edited("switches").capture(name).text.splitlines(keepends=True)
        words = [number for number, line in enumerate(lines) if re.search("[0-9a-z]{2}", line) and "#flm" not in line]
        for number in dice.sample(words, 16):
            spoilt = re.sub(r"[0-9a-z]{2}", "?", lines[number], count=2)
            text = "".join([*lines[:number], spoilt, *lines[number + 1 :]])
            night = edited("switches", {name: lambda _, text=text: text})
            for rule in RULES[:4]:
                result = status(night, rule, "copied")
                assert result.status not in (Status.FAIL, Status.WARN, Status.ERROR), (lines[number], result.message)
