"""IDN: what the targets show, to the array and to the nodes."""

import pytest

from flmparse.findings import Status
from tests.editing import Edit, status, whitepaper

CREATED = "1-created/se-host.txt"
READY = "3-ready/figure-10.txt"
COPYING = "4-copying/figure-13.txt"
TERMINATED = "6-terminated/se-host.txt"
CLEANED = "8-cleaned/figures-19-20.txt"

LISTING = """C:\\> symdev -sid 275 list -identity -range 0328:032B

Symmetrix ID: 000194900275

Sym  Physical   Config   Sts IG  Array ID      Num  Ser Num  Cap (MB)

0328 Not Visible TDEV          RW XX  000187490076  00720 7600720000  3750
0329 Not Visible TDEV          RW XX  000187490076  0075F 760075F000  3750
032A Not Visible TDEV          RW XX  000187490076  007B6 76007B6000  3750
032B Not Visible TDEV          RW XX  000187490076  007E9 76007E9000   938

Legend:
Flags:
(I)dentify : X = The device has a non-native external identity set
            . = The device does not have an external identity set
(G)eometry : X = The device has a user defined geometry
            . = The device does not have a user defined geometry
C:\\>
"""
"""The identities as one would list them again after terminate."""


def replacing(old: str, new: str, count: int = -1) -> Edit:
    return lambda text: text.replace(old, new, count)


def without(*beginnings: str) -> Edit:
    def edit(text: str) -> str:
        return "".join(line for line in text.splitlines(True) if not line.startswith(beginnings))

    return edit


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize(
    ("rule", "gates", "expected"),
    [
        ("IDN001", "created masked ready", "pass pass pass"),
        ("IDN002", "created masked ready", "pass pass pass"),
        ("IDN003", "created", "pass"),
        ("IDN004", "created masked", "pass pass"),
        ("IDN005", "ready copying cleaned", "pass pass pass"),
        ("IDN006", "ready copying cleaned", "pass pass pass"),
        ("IDN007", "terminated unmasked cleaned", "inconclusive inconclusive pass"),
    ],
)
def test_the_white_paper(rule: str, gates: str, expected: str, profile: str) -> None:
    paper = whitepaper()
    assert [status(paper, rule, gate, profile).status for gate in gates.split()] == expected.split()


def test_idn001_a_native_target_fails_and_is_quoted() -> None:
    result = status(
        whitepaper({CREATED: replacing("RW XX  000187490076  0075F", "RW .X  000187490076  0075F")}), "IDN001", "masked"
    )
    assert result.status is Status.FAIL
    (finding,) = result.findings
    assert finding.subject == "0329 <- 075F"
    assert "I = ." in finding.message
    assert [evidence.capture for evidence in finding.evidence] == [CREATED, "0-prepare/win_flm.txt"]
    assert "0329 Not Visible" in finding.evidence[0].text


def test_idn001_a_target_that_is_not_listed_is_no_pass() -> None:
    result = status(whitepaper({CREATED: without("032A Not")}), "IDN001", "created")
    assert result.status is Status.INCONCLUSIVE
    assert "no identity of target 032A" in result.message
    assert "symdev -sid <target> list -identity" in result.missing


def test_idn001_without_the_listing() -> None:
    paper = whitepaper({CREATED: lambda text: text[: text.index("C:\\> symdev")]})
    assert status(paper, "IDN001", "created").status is Status.INCONCLUSIVE


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("000187490076  00720", "000187490077  00720", "000187490077:0720"),
        ("000187490076  00720", "000187490076  00721", "000187490076:0721"),
    ],
)
def test_idn002_another_array_or_number_fails(old: str, new: str, seen: str) -> None:
    result = status(whitepaper({CREATED: replacing(old, new)}), "IDN002", "created")
    assert result.status is Status.FAIL
    assert [finding.subject for finding in result.findings] == ["0328 <- 0720"]
    assert f"shows {seen} but is paired with 000187490076:0720" in result.message


def test_idn002_numbers_are_compared_as_numbers() -> None:
    edits = {CREATED: replacing(" 00720 ", " 0720  "), "0-prepare/win_flm.txt": replacing(":0720", ":00720")}
    assert status(whitepaper(edits), "IDN002", "created").status is Status.PASS


def test_idn002_exchanged_sources_fail_for_both_pairs() -> None:
    def exchange(text: str) -> str:
        return text.replace("0720", "0000").replace("075F", "0720").replace("0000", "075F")

    result = status(whitepaper({"0-prepare/win_flm.txt": exchange}), "IDN002", "created")
    assert {finding.subject for finding in result.findings} == {"0328 <- 075F", "0329 <- 0720"}


def test_idn002_a_source_named_by_its_wwn_is_no_pass() -> None:
    edit = replacing("symdev=000187490076:07E9", "wwn=60060160000187490076533030374539")
    assert status(whitepaper({"0-prepare/win_flm.txt": edit}), "IDN002", "created").status is Status.INCONCLUSIVE


def test_idn003_the_serial_of_another_device_fails() -> None:
    result = status(whitepaper({CREATED: replacing("76007B6000", "76007B7000")}), "IDN003", "created")
    assert result.status is Status.FAIL
    assert [finding.subject for finding in result.findings] == ["032A <- 07B6"]
    assert "76007B7000 is not 76007B6000" in result.message


def test_idn003_other_last_digits_only_warn() -> None:
    result = status(whitepaper({CREATED: replacing("76007B6000", "76007B6141")}), "IDN003", "created")
    assert result.status is Status.WARN
    assert "ends in 141, not 000" in result.message


def test_idn003_a_target_that_is_not_listed_is_no_pass() -> None:
    result = status(whitepaper({CREATED: without("032B Not")}), "IDN003", "created")
    assert result.status is Status.INCONCLUSIVE


def test_idn004_two_devices_with_one_identity_fail() -> None:
    result = status(whitepaper({CREATED: replacing("0075F 760075F000", "00720 7600720000")}), "IDN004", "masked")
    assert result.status is Status.FAIL
    (finding,) = result.findings
    assert finding.subject == "000187490076:0720"
    assert "devices 0328, 0329 all show" in finding.message
    assert len(finding.evidence) == 2


def test_idn004_looks_beyond_the_pairs() -> None:
    stale = "0400 Not Visible TDEV          RW XX  000187490076  007E9 76007E9000   938\n"

    def edit(text: str) -> str:
        return text.replace("032B Not Visible", stale + "032B Not Visible")

    result = status(whitepaper({CREATED: edit}), "IDN004", "created")
    assert result.status is Status.FAIL
    assert "devices 0400, 032B" in result.message


def test_idn004_the_sources_own_listing_is_no_second_identity() -> None:
    source = LISTING.replace("275", "076", 1).replace("000194900275", "000187490076")
    source = source.replace("0328 Not", "0720 Not").replace("RW XX", "RW ..")
    result = status(whitepaper(add={"1-created/source.txt": source}), "IDN004", "created")
    assert result.status is Status.PASS, result.message


def test_idn004_a_target_that_is_not_listed_is_no_pass() -> None:
    assert status(whitepaper({CREATED: without("0328 Not")}), "IDN004", "created").status is Status.INCONCLUSIVE


def _block(text: str, number: int) -> str:
    blocks = text.split("Pseudo name=")
    return "Pseudo name=" + blocks[number]


def test_idn005_two_disks_for_one_pair_fail() -> None:
    def edit(text: str) -> str:
        return text.rstrip("\n") + "\n\n" + _block(text, 1).replace("harddisk14", "harddisk18")

    result = status(whitepaper({READY: edit}), "IDN005", "ready")
    assert result.status is Status.FAIL
    (finding,) = result.findings
    assert finding.subject == "0328 <- 0720"
    assert "000187490076:0720 is 2 disks: harddisk14, harddisk18" in finding.message
    assert len(finding.evidence) == 2


def _on_one_node(text: str) -> str:
    return (
        text
        + '\n[[capture]]\nfile = "3-ready/figure-10.txt"\nnode = "MSTPM3032"\n'
        + ('[[capture]]\nfile = "4-copying/figure-13.txt"\nnode = "MSTPM3032"\n')
    )


def test_idn005_a_name_that_changes_on_a_node_fails() -> None:
    paper = whitepaper({COPYING: replacing("harddisk14", "harddisk20")}, manifest=_on_one_node)
    result = status(paper, "IDN005", "copying")
    assert result.status is Status.FAIL
    assert "MSTPM3032: the pseudo name changed: harddisk14 (3-ready/figure-10.txt:" in result.message
    assert {evidence.capture for finding in result.findings for evidence in finding.evidence} == {READY, COPYING}


def test_idn005_names_of_unknown_nodes_decide_nothing() -> None:
    result = status(whitepaper({COPYING: replacing("harddisk14", "harddisk20")}), "IDN005", "copying")
    assert result.status is Status.INCONCLUSIVE
    assert "nothing tells whether it is one node" in result.message


def test_idn005_a_disk_that_a_whole_capture_lacks_fails() -> None:
    def edit(text: str) -> str:
        return text.replace(_block(text, 2), "") + "\nC:\\> "

    result = status(whitepaper({READY: edit}), "IDN005", "ready")
    assert result.status is Status.FAIL
    assert "no disk shows 000187490076:075F" in result.message


def test_idn005_a_capture_that_may_go_on_proves_no_absence() -> None:
    def edit(text: str) -> str:
        return text.replace(_block(text, 4), "")

    result = status(whitepaper({READY: edit}), "IDN005", "ready")
    assert result.status is Status.INCONCLUSIVE
    assert result.findings[0].subject == "032B <- 07E9"


def test_idn006_a_native_identity_on_a_node_fails() -> None:
    def edit(text: str) -> str:
        leaked = _block(text, 1).replace("harddisk14", "harddisk30")
        leaked = leaked.replace("000187490076", "000194900275").replace("=0720", "=0328")
        return text.rstrip("\n") + "\n\n" + leaked

    result = status(whitepaper({READY: edit}), "IDN006", "ready")
    assert result.status is Status.FAIL
    (finding,) = result.findings
    assert finding.subject == "0328 <- 0720"
    assert "harddisk30 is 000194900275:0328" in finding.message


def test_idn006_other_disks_of_the_target_array_are_no_leak() -> None:
    def edit(text: str) -> str:
        other = _block(text, 1).replace("harddisk14", "harddisk30")
        other = other.replace("000187490076", "000194900275").replace("=0720", "=0400")
        return text.rstrip("\n") + "\n\n" + other

    assert status(whitepaper({READY: edit}), "IDN006", "ready").status is Status.PASS


def test_idn006_a_capture_that_may_go_on_proves_no_absence() -> None:
    result = status(whitepaper({CLEANED: lambda text: text.replace(_block(text, 4), "")}), "IDN006", "cleaned")
    assert result.status is Status.INCONCLUSIVE


def test_idn007_what_stays_federated_is_noted() -> None:
    result = status(whitepaper(), "IDN007", "cleaned")
    assert result.status is Status.PASS
    assert "4 devices are still federated" in result.note
    assert len(result.findings[0].evidence) == 4


def test_idn007_an_identity_that_vanished_fails() -> None:
    later = LISTING.replace("0329 Not Visible TDEV          RW XX", "0329 Not Visible TDEV          RW ..")
    result = status(whitepaper(add={"8-cleaned/identity.txt": later}), "IDN007", "cleaned")
    assert result.status is Status.FAIL
    assert [f.subject for f in result.findings if f.status is Status.FAIL] == ["0329 <- 075F"]
    assert "no longer shows 000187490076:075F" in result.message


def test_idn007_a_native_disk_on_a_node_fails() -> None:
    def edit(text: str) -> str:
        head, tail = text.split("Symmetrix ID=000187490076\nLogical device ID=07E9")
        return head + "Symmetrix ID=000194900275\nLogical device ID=032B" + tail

    result = status(whitepaper({CLEANED: edit}), "IDN007", "cleaned")
    assert result.status is Status.FAIL
    assert "032B no longer shows 000187490076:07E9" in result.message


def test_idn007_a_listing_after_terminate_decides_at_once() -> None:
    result = status(whitepaper({TERMINATED: lambda text: text + LISTING}), "IDN007", "terminated")
    assert result.status is Status.PASS, result.message


@pytest.mark.parametrize("gate", ["terminated", "unmasked", "cleaned"])
def test_idn007_without_terminate_nothing_is_known_to_be_younger(gate: str) -> None:
    result = status(whitepaper(drop=[TERMINATED]), "IDN007", gate)
    assert result.status is Status.INCONCLUSIVE
    assert "no terminate is captured" in result.message


def test_idn005_a_filtered_capture_proves_no_absence() -> None:
    def edit(text: str) -> str:
        text = text.replace(_block(text, 2), "").replace("dev=all\n", 'dev=all | find "harddisk"\n', 1)
        return text + "\nC:\\> "

    assert status(whitepaper({READY: edit}), "IDN005", "ready").status is Status.INCONCLUSIVE


def test_idn005_a_source_named_by_its_wwn_is_no_pass() -> None:
    edit = replacing("symdev=000187490076:07E9", "wwn=60060160000187490076533030374539")
    result = status(whitepaper({"0-prepare/win_flm.txt": edit}), "IDN005", "ready")
    assert result.status is Status.INCONCLUSIVE
    assert "not as a device" in result.message
