"""Sessions on other computers within a log: what is captured there is of that computer, or of nobody where the log does not show which."""

import pytest

from flmparse.collection import Collection
from flmparse.commands.remote import Remote, remote_of
from flmparse.evidence.answer import Answer, Authority
from flmparse.screens import Status
from tests.test_claims import read

DISPLAY = "powermt display dev=all"
PSEXEC = (
    "psexec \\\\FILE02 cmd\n\nPsExec v2.2 - Execute processes remotely\nCopyright (C) 2001-2016 Mark Russinovich\n"
    "Sysinternals - www.sysinternals.com\n\n\nMicrosoft Windows [Version 6.1.7601]\n\n"
)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("psexec \\\\FILE02 cmd", Remote("FILE02")),
        ("psexec \\\\FILE02 -s -u corp\\adm cmd.exe", Remote("FILE02")),
        ("psexec \\\\FILE02 -s powermt display dev=all", Remote("FILE02", DISPLAY)),
        ("ssh root@FILE02", Remote("FILE02")),
        ("ssh -l root -p 22 FILE02", Remote("FILE02")),
        ('ssh FILE02 "powermt display dev=all"', Remote("FILE02", DISPLAY)),
        ("ssh FILE02 'symcfg list; powermt display'", None),
        ("ssh 10.1.1.5", Remote("")),
        ("plink -ssh adm@FILE02", Remote("FILE02")),
        ("winrs -r:FILE02 cmd", Remote("FILE02")),
        ("Enter-PSSession -ComputerName FILE02 -Credential $c", Remote("FILE02", shows_in_prompt=True)),
        ("Enter-PSSession FILE02", Remote("FILE02", shows_in_prompt=True)),
        ("Invoke-Command -ComputerName FILE02 -ScriptBlock { powermt display dev=all }", Remote("FILE02", DISPLAY)),
        ("Invoke-Command -ComputerName FILE01,FILE02 { hostname }", None),
        ("rpowermt host=FILE02 display dev=all", Remote("FILE02", DISPLAY)),
        ("powermt display dev=all", None),
    ],
)
def test_a_command_says_where_it_runs(typed: str, wanted: Remote | None) -> None:
    assert remote_of(typed) == wanted


def nodes(collection: Collection) -> list[str | None]:
    """Return the node of each display of PowerPath."""
    outputs = [output for output in collection.outputs if output.command]
    return [output.node for output in outputs if output.command is not None and output.command.tool == "powermt"]


MANIFEST = '[[node]]\nname = "FILE01"\n[[node]]\nname = "FILE02"\n'


def test_a_session_is_of_its_computer_until_exit_whatever_the_log_is_called() -> None:
    log = (
        f"C:\\Users\\x> {DISPLAY}\n\nC:\\Users\\x> {PSEXEC}C:\\Windows\\system32> {DISPLAY}\n\n"
        f"C:\\Windows\\system32> exit\ncmd exited on FILE02 with error code 0.\n\nC:\\Users\\x> {DISPLAY}\n\nC:\\Users\\x>\n"
    )
    collection = read(MANIFEST, file01_log=log)
    assert nodes(collection) == ["FILE01", "FILE02", "FILE01"]
    assert {output.status for output in collection.outputs if output.command and output.command.tool == "psexec"} == {
        Status.FOREIGN
    }


@pytest.mark.parametrize(
    ("log", "wanted"),
    [
        # The connection failed: one is where one was.
        (f"C:\\> ssh FILE02\nssh: connect to host FILE02 port 22: Connection refused\nC:\\> {DISPLAY}\n\nC:\\>\n", ["FILE01"]),
        # Nothing tells whether the session was entered.
        (f"C:\\> ssh FILE02\nC:\\> {DISPLAY}\n\nC:\\>\n", [None]),
        # The connection was lost, or somebody changed to the same folder: nothing tells.
        (f"C:\\x> {PSEXEC}C:\\> {DISPLAY}\n\nC:\\x> {DISPLAY}\n\nC:\\x>\n", ["FILE02", None]),
        # Every prompt of such a session names its computer.
        (f"PS C:\\> Enter-PSSession FILE02\n[FILE02]: PS C:\\> {DISPLAY}\n\nPS C:\\> {DISPLAY}\n\nPS C:\\>\n", ["FILE02", "FILE01"]),
        (f"[FILE02]: PS C:\\> {DISPLAY}\n\n[FILE02]: PS C:\\>\n", ["FILE02"]),
        (f"adm@FILE02 C:\\> {DISPLAY}\n\nadm@FILE02 C:\\>\n", ["FILE02"]),
        # An address is no name; hostname tells it.
        (f"$ ssh 10.1.1.5\nLast login: Mon\n# {DISPLAY}\n\n# hostname\nFILE02\n# {DISPLAY}\n\n# exit\n$ {DISPLAY}\n\n$ hostname\nFILE01\n",
         [None, "FILE02", "FILE01"]),
    ],
)  # fmt: skip
def test_what_a_log_does_not_show_is_of_nobody_rather_than_of_the_wrong_node(
    log: str, wanted: list[str | None]
) -> None:
    assert nodes(read(MANIFEST, file01_log=log)) == wanted


def test_one_command_elsewhere_is_an_answer_of_that_computer_and_never_of_another() -> None:
    log = f"C:\\> psexec \\\\FILE02 {DISPLAY}\n\nPseudo name=harddisk1\nSymmetrix ID=000187469633\nLogical device ID=0400\n\nC:\\>\n"
    (output,) = (o for o in read(MANIFEST, admin_log=log).outputs if o.screen == "powermt_display")
    assert (output.node, Answer(output).authority) == ("FILE02", Authority.LIVE)
    marked = read(MANIFEST, admin_log=f"#flm node=FILE01\n{log}")
    (output,) = (o for o in marked.outputs if o.screen == "powermt_display")
    assert (output.node, Answer(output).authority) == ("FILE01", Authority.FOREIGN)


def test_a_log_is_of_the_node_whose_name_its_name_holds() -> None:
    log = f"C:\\> {DISPLAY}\n\nC:\\>\n"
    assert nodes(read(MANIFEST, **{"file01-20120827-0810_log": log})) == ["FILE01"]
    assert nodes(read(MANIFEST, **{"file01-file02_log": log})) == [None]
    assert nodes(read(MANIFEST, **{"file012_log": log})) == [None]
    other = f"{log}C:\\> hostname\nFILE02\n{log}"
    assert nodes(read(MANIFEST, **{"file01-0810_log": other})) == [None, "FILE02"]


def test_in_a_session_the_prompt_outweighs_what_was_typed() -> None:
    log = f"$ ssh file02-mgmt\nLast login: Mon\n[root@file02 ~]# {DISPLAY}\n\n[root@file02 ~]# exit\n$ {DISPLAY}\n\n"
    assert nodes(read(MANIFEST, file01_log=log)) == ["FILE02", "FILE01"]
