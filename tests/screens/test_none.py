"""What counts as "there is none": whole known sentences only, each cited by its own line."""

import pytest

from flmparse.screens import Status, all_screens
from tests.screens.captures import FIXTURES, of_text


@pytest.mark.parametrize(
    "command",
    [
        "symmaskdb -sid 092 list assignment -devs 0720",
        "symdev -sid 275 list -pgr",
        "symrcopy -sid 275 list",
        "symrcopy -f win_flm query",
        "symclone -sid 275 list",
        "symsnap -sid 275 list",
        "symmir -sid 275 list",
        "symrdf -sid 275 list",
        "symcfg -sid 275 list -upatches",
        "symcfg -sid 275 list -pool -thin",
        "symcfg -sid 275 list -ra all",
        "symcfg -sid 275 list -rdfg all",
        "symsan -sid 275 list -sanports -dir 8e -p 1",
        "symaccess -sid 275 list",
        "symaccess -sid 275 list view",
        "symaccess discover hba",
        "powermt display dev=all",
        "symdev -sid 275 list",
        "symdev -sid 275 list -identity",
        "symcfg list",
        "symdg list",
    ],
)
@pytest.mark.parametrize(
    "sentence",
    [
        "No gatekeeper was found",
        "No response from the SYMAPI server",
        "No sessions, devices, pools, masking or RDF devices could be read: the array is locked",
        "No patches, reservations or groups could be listed",
        "None of the sessions could be found",
    ],
)
def test_another_sentence_with_no_is_unknown(command: str, sentence: str) -> None:
    reading = of_text(f"C:\\> {command}\n\n{sentence}\n\nC:\\>\n")
    assert reading.status is Status.PARTIAL
    assert sum(part.count for part in reading.unknown) == 1
    assert reading.none_line is None


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("symdev -sid 275 list -pgr", "No devices with persistent reservations were found."),
        ("symcfg -sid 275 list -upatches", "No microcode patches are installed."),
        ("symsan -sid 275 list -sanports -dir 8e -p 1", "No remote ports were found"),
        ("mpclaim -s -d", "No MPIO disks are present."),
    ],
)
def test_a_known_sentence_is_none_and_is_cited(command: str, sentence: str) -> None:
    reading = of_text(f"C:\\> {command}\n\n{sentence}\n\nC:\\>\n")
    assert reading.unknown == () and reading.status in (Status.NONE, Status.PARSED)
    assert reading.none_line == 3
    longer = of_text(f"C:\\> {command}\n\n{sentence.rstrip('.')} because the array is locked\n\nC:\\>\n")
    assert longer.status is Status.PARTIAL and longer.none_line is None


@pytest.mark.parametrize("shell", ["ksh: powermt:  not found", "sh: powermt: not found.", "sh: 1: powermt: not found"])
def test_a_shell_without_the_tool_is_an_error(shell: str) -> None:
    assert of_text(f"# powermt display dev=all\n{shell}\n# \n").status is Status.TOOL_ERROR


def test_every_sentence_is_a_terminal_of_its_grammar() -> None:
    for screen in all_screens().values():
        if screen.none is not None:
            assert screen.grammar.expression(screen.none)


@pytest.mark.parametrize(
    ("fixture", "remark"),
    [
        ("symcfg_list_patches/two", "65924 to be loaded by EMC on Friday"),
        ("symcfg_list_patches/two", "65924    requested"),
        ("symcfg_list_patches/two", "Status: waiting for approval"),
        ("symaccess_list_view/two", "now rescan all nodes"),
        ("symaccess_list/all", "done"),
        ("symcfg_list_pool/tracks", "Status: waiting for approval"),
    ],
)
def test_a_remark_below_a_table_is_no_row(fixture: str, remark: str) -> None:
    text = (FIXTURES / f"{fixture}.txt").read_text()
    good = of_text(text)
    assert good.status is Status.PARSED
    damaged = of_text(text[: text.rindex("C:\\>")] + f"{remark}\n\nC:\\>\n")
    assert damaged.status is Status.PARTIAL
    if remark != "done":
        assert damaged.rows == good.rows
