"""Steps: every verb of every tool looks or changes something, and what it changes is stale until it is captured again."""

import pytest

from flmparse import commands
from flmparse.assessment import assess
from flmparse.commands import NO_EFFECT, UNKNOWN_EFFECT
from flmparse.findings import Status, Verdict
from flmparse.procedure import EFFECTS, step_of
from flmparse.tables import all_tables
from tests.editing import clean, status


def effects(text: str) -> list[str]:
    return [effect for _, effect in commands.effects_of(commands.parse(text))]


@pytest.mark.parametrize("name", commands.names())
def test_every_verb_of_a_tool_looks_or_changes_something(name: str) -> None:
    card = commands._cards()[name]
    changes = card.get("changes", {})
    listed = list(commands.verbs(name))
    assert len(listed) == len(set(listed))
    by_effect = dict.fromkeys([changes]) if isinstance(changes, str) else changes
    for effect in by_effect:
        words = [effect] if effect.startswith("undoes ") else effect.split()
        assert set(words) <= {*EFFECTS, NO_EFFECT, "undoes create", "undoes activate"}, effect
    assert set(card.get("silent", ())) <= {verb for verbs in by_effect.values() for verb in verbs or ()}
    assert (
        name in {"hostname", "systeminfo", "wevtutil", "ver"} or "displays" in card or changes or not card.get("flags")
    )
    if changes and not isinstance(changes, str):
        unlisted = "/unlisted" if card.get("switches") else "unlisted"
        assert effects(f"{name} {unlisted}") == [UNKNOWN_EFFECT]


def test_every_table_that_an_effect_ages_exists() -> None:
    assert {table for effect in EFFECTS.values() for table in effect.ages | effect.shown_in} <= set(all_tables())


@pytest.mark.parametrize("name", list(all_tables()))
def test_what_captures_a_table_is_a_display_or_a_step_that_nobody_is_told_to_run(name: str) -> None:
    wanted = all_tables()[name].captured_by
    assert not effects(wanted) or step_of(wanted)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("powermt save", [NO_EFFECT]),
        ("sy~access -sid 12 delete view -name V -noprompt", [UNKNOWN_EFFECT]),
        ("sy~access -sid 12 show view V", []),
        ("pow~rmt remove dev=all", [UNKNOWN_EFFECT]),
        ("pow~rmt save", [UNKNOWN_EFFECT]),  # nothing tells that only its name was garbled
        ("symsnapvx list", []),
        ('cfgenable "FLM_CFG"', ["zones"]),
        ("zoneset activate name FLM vsan 10", ["zones"]),
        ("portdisable 7", ["zones"]),
        ("cfgactvshow", []),
        ("hello remove", []),
        ("powermt display dev=all", []),
        ("powermt watch every=2", []),
        ("powermt blink dev=all", [UNKNOWN_EFFECT]),
        ("symrcopy -f x failback -migrate -nop", ["undoes activate"]),
        ("symrcopy -f x query -detail", []),
        ("symcfg -sid 12 offline -dir 7E -p 0", ["ports"]),
        ("symcfg discover", []),
        ("symcfg list -sid 12", []),
        ("symconfigure -sid 12 -f x.cmd commit", ["devices", "ports", "views"]),
        ("symconfigure -sid 12 -f x.cmd preview", []),
        ("symaccess -sid 12 remove devs 0400 -name SG -type storage", ["views"]),
        ("Suspend-ClusterNode FILE02", ["cluster"]),
        ("Get-ClusterNode FILE02 | Suspend-ClusterNode -Drain", ["cluster"]),
        ("Get-ClusterNode", []),
        ("Get-Disk | Where-Object Number -gt 3 | Clear-Disk -RemoveData", ["disks"]),
        ("$done = Clear-ClusterDiskReservation -Disk 3", ["reservations"]),
        ("cluster node FILE02 /pause", ["cluster"]),
        ('cluster res "Disk 3" /offline:10', ["cluster"]),
        ("cluster node /status", []),
        ("cluster node", []),
        ("shutdown /r /t 0", ["paths", "disks"]),
        ("psexec \\\\FILE02 powermt unmanage class=symm", ["paths"]),
        ("cmd /c powermt restore", ["paths"]),
        ("symevent list", []),
        ("symaudit list", []),
        ("sympd list", []),
        ("dir", []),
        ("powermt display & powermt set policy=so dev=all", ["paths"]),
        ("vxdmpadm disable ctlr=c3", ["paths"]),
        ("rpowermt host=FILE02 unmanage class=symm", ["paths"]),
        ("wmic os call reboot", ["paths", "disks"]),
        ("wmic diskdrive get size", []),
        ('cluster res "Disk 1" /priv DiskSignature=0x123', ["cluster"]),
        ('powershell -Command "Get-Disk 5 | Set-Disk -IsOffline $true"', ["disks"]),
        ("net stop clussvc", ["cluster"]),
        ("Disable-PnpDevice -InstanceId X", ["paths", "disks"]),
    ],
)
def test_what_a_command_changes(typed: str, wanted: list[str]) -> None:
    assert effects(typed) == wanted


CHANGED = [
    ("symaccess -sid 412 remove devs 0400 -name SG -type storage", "2-masked/se-host.txt", "ready"),
    ("powermt unmanage class=symm", "3-ready/EXCH02.txt", "ready"),
    ("powermt blink dev=all", "3-ready/EXCH02.txt", "ready"),
    ("symcfg -sid 412 offline -dir 7E -p 0", "3-ready/se-host.txt", "ready"),
    ("Stop-ClusterNode EXCH02", "3-ready/EXCH01.txt", "ready"),
    ("shutdown /r /t 0", "4-copying/EXCH02.txt", "copying"),
    ("diskpart /s wipe.txt\nDiskPart succeeded in cleaning the disk.", "4-copying/EXCH02.txt", "copying"),
    (
        "(echo select disk 5 & echo clean) | diskpart\nDiskPart succeeded in cleaning the disk.",
        "3-ready/EXCH02.txt",
        "ready",
    ),
    ("symrcopy -f mail_flm terminate -migrate -noprompt", "3-ready/se-host.txt", "ready"),
    ("symaccess -sid 412 create view -name V2 -sg A -pg B -ig C", "3-ready/se-host.txt", "ready"),
    ("symrcopy -f mail_flm failback -migrate -noprompt", "5-copied/se-host.txt", "copied"),
    ("symrcopy -f mail_flm recreate -migrate -noprompt", "5-copied/se-host.txt", "copied"),
    ("symrdf -sid 412 -rdfg 5 failover -nop", "4-copying/se-host.txt", "copied"),
    ("symsg -sid 412 -sg SG rmall", "2-masked/se-host.txt", "masked"),
]


@pytest.mark.parametrize(("typed", "file", "gate"), CHANGED, ids=lambda value: str(value)[:40])
def test_a_change_that_nobody_looked_at_again_holds_back_a_go(typed: str, file: str, gate: str) -> None:
    log = clean()
    marker = next(line for line in log.capture(file).text.splitlines() if line.startswith("#flm"))
    node = [word for word in marker.split() if word.startswith("node=")]
    last = [output.time for output in log.outputs if output.capture.name == file and output.time][-1]
    added = f"\n#flm {' '.join(node)} time={last:%Y-%m-%dT%H:%M:%SZ}\nC:\\> {typed}\n\nC:\\>\n"
    changed = clean({file: lambda text: text + added})
    assert assess(changed, gate).verdict in (Verdict.INCONCLUSIVE, Verdict.NO_GO)
    if "terminate" not in typed:  # a step of the procedure: what it ages is asked for by the rules that need it
        assert status(changed, "STA008", gate).status in (Status.INCONCLUSIVE, Status.FAIL)


SAYS_NOTHING = "\n\nC:\\>\n"


@pytest.mark.parametrize(
    ("file", "verb", "gate"),
    [
        ("1-created/se-host.txt", "create", "created"),
        ("4-copying/se-host.txt", "activate", "copying"),
        ("6-terminated/se-host.txt", "terminate", "terminated"),
    ],
)
def test_a_step_without_its_output_is_of_unknown_outcome(file: str, verb: str, gate: str) -> None:
    def lost(text: str) -> str:
        command = text.index(f" {verb} ")
        answer = text.index("\n\n", command)
        return text[:answer] + SAYS_NOTHING + text[text.index("#flm", answer) :]

    collection = clean({file: lost})
    assert [output.succeeded for output in collection.outputs if verb in output.operations] == [False]
    assert assess(collection, gate).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    "typed",
    [
        "type C:\\old\\powermt.txt", "gc powermt.txt", "more < powermt.txt", "findstr . powermt.txt", "ssh EXCH01 powermt display dev=all",
        "Invoke-Command -ComputerName EXCH01 { powermt display dev=all }", "rpowermt host=EXCH01 display dev=all",
        "powermt display dev=all | head -50", "powermt display dev=all | Select-Object -First 100",
    ],
)  # fmt: skip
def test_an_answer_of_a_file_of_another_computer_or_in_part_proves_nothing(typed: str) -> None:
    def asked(text: str) -> str:
        return text.replace("powermt display dev=all", typed, 1)

    assert assess(clean({"3-ready/EXCH02.txt": asked}), "ready").verdict is Verdict.INCONCLUSIVE


def test_a_pager_leaves_nothing_out() -> None:
    paged = clean({"3-ready/EXCH02.txt": lambda text: text.replace("display dev=all", "display dev=all | more", 1)})
    assert assess(paged, "ready").verdict is Verdict.GO


@pytest.mark.parametrize("told", ["set SYMCLI_OFFLINE=1", "export SYMCLI_OFFLINE=1", '$env:SYMCLI_OFFLINE = "1"'])
def test_what_solutions_enabler_answers_from_its_database_proves_nothing(told: str) -> None:
    offline = clean({"5-copied/se-host.txt": lambda text: f"C:\\> {told}\n\n{text}"})
    assert assess(offline, "copied").verdict in (Verdict.INCONCLUSIVE, Verdict.NO_GO)
    again = clean({"5-copied/se-host.txt": lambda text: f"C:\\> {told}\nC:\\> set SYMCLI_OFFLINE=\n\n{text}"})
    assert assess(again, "copied").verdict in (Verdict.GO, Verdict.GO_WITH_WARNINGS)
