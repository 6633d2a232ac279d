"""SAN: the target's ports and the sources."""

import pytest

from flmparse.findings import Status
from tests.editing import Edit, status, whitepaper
from tests.rules.test_capacity import CREATED, without
from tests.rules.test_replication import DEVICES, HOST, UNMASKED, masking

SEVEN, EIGHT = "50000972c0044d18", "50000972c0044d1c"


def listing(text: str) -> Edit:
    """Put another listing in the place of the white paper's."""
    return lambda capture: capture[: capture.index("C:\\> symmaskdb")] + text


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize(
    ("rule", "gates", "expected"),
    [
        ("SAN001", "prepare created unmasked", "inconclusive pass pass"),
        ("SAN002", "prepare unmasked", "inconclusive warn"),
        ("SAN005", "unmasked cleaned", "pass warn"),
    ],
)
def test_the_white_paper(rule: str, gates: str, expected: str, profile: str) -> None:
    paper = whitepaper()
    assert [status(paper, rule, gate, profile).status for gate in gates.split()] == expected.split()


def test_san001_ways_are_decoded() -> None:
    assert status(whitepaper(), "SAN001", "unmasked").message == "07E:0 via 14C:0; 08E:0 via 14C:1"


def test_san001_masking_alone_does_not_prove_zoning() -> None:
    text = masking((HOST, "14C:0"), (SEVEN, "14C:0"), (EIGHT, "14C:1"))
    result = status(whitepaper(add={"0-prepare/masking.txt": text}), "SAN001", "prepare")
    assert result.status is Status.INCONCLUSIVE
    assert [finding.subject for finding in result.findings] == ["07E:0", "08E:0"]
    assert any(missing.startswith("symsan") for missing in result.missing)


@pytest.mark.parametrize("gate", ["prepare", "created"])
def test_san001_a_port_without_access_to_one_source_fails(gate: str) -> None:
    text = masking((HOST, "14C:0"), (SEVEN, "14C:0"), (EIGHT, "14C:1"))
    text = text.replace(f"        {EIGHT}  FIBRE  FA-14C:1\n\n", "\n")
    result = status(whitepaper(add={"0-prepare/masking.txt": text}), "SAN001", gate)
    assert result.status is Status.FAIL
    (finding,) = [finding for finding in result.findings if finding.status is Status.FAIL]
    assert finding.subject == "032B <- 07E9"
    assert "08E:0 of the target has no access to source 07E9" in finding.message


@pytest.mark.parametrize("gate", ["masked", "ready", "copying", "copied"])
def test_san001_once_masked_the_view_names_the_ports(gate: str) -> None:
    result = status(whitepaper(add={"0-prepare/masking.txt": masking((SEVEN, "14C:0"))}), "SAN001", gate)
    assert result.status is Status.FAIL
    failed = [finding for finding in result.findings if finding.status is Status.FAIL]
    assert len(failed) == 4
    assert all("08E:0 of the target has no access" in finding.message for finding in failed)
    assert {evidence.capture for evidence in failed[0].evidence} == {
        "2-masked/se-host.txt",
        "0-prepare/win_flm.txt",
        "0-prepare/masking.txt",
    }


def test_san001_ports_of_another_array_give_no_access() -> None:
    text = masking(("50000972c0044118", "14C:0"), ("50000972c004411c", "14C:1"), (SEVEN, "14C:0"))
    assert status(whitepaper(add={"0-prepare/masking.txt": text}), "SAN001", "copying").status is Status.FAIL


def test_san001_after_terminate_a_port_that_was_removed_is_no_fault() -> None:
    result = status(whitepaper({UNMASKED: listing(masking((SEVEN, "14C:0")))}), "SAN001", "unmasked")
    assert result.status is Status.NOT_APPLICABLE


def test_san001_create_proves_by_enforcement_and_only_if_it_succeeded() -> None:
    assert "by array enforcement" in status(whitepaper(), "SAN001", "created").note
    edit = {CREATED: without("'Create' operation successfully", "in device file")}
    assert status(whitepaper(edit), "SAN001", "created").status is Status.INCONCLUSIVE


@pytest.mark.parametrize("rule", ["SAN001", "SAN002"])
def test_once_the_ports_are_removed_the_rule_does_not_apply(rule: str) -> None:
    gone = status(whitepaper({UNMASKED: listing(masking())}), rule, "unmasked")
    assert gone.status is Status.NOT_APPLICABLE
    unproved = status(whitepaper({UNMASKED: listing(masking(end=""))}), rule, "unmasked")
    assert unproved.status is Status.INCONCLUSIVE


@pytest.mark.parametrize("rule", ["SAN001", "SAN002"])
def test_a_source_that_is_not_listed_is_no_pass(rule: str) -> None:
    both_ways = masking(*((wwn, port) for wwn in (SEVEN, EIGHT) for port in ("14C:0", "03D:1")), devices=DEVICES[1:])
    result = status(whitepaper({UNMASKED: listing(both_ways)}), rule, "unmasked")
    assert result.status is Status.INCONCLUSIVE
    assert result.findings[0].subject == "0328 <- 0720"


@pytest.mark.parametrize("rule", ["SAN001", "SAN002"])
def test_without_the_view_the_ports_are_unknown(rule: str) -> None:
    both_ways = masking(*((wwn, port) for wwn in (SEVEN, EIGHT) for port in ("14C:0", "03D:1")))
    paper = whitepaper({UNMASKED: listing(both_ways)}, drop=["2-masked/se-host.txt"])
    assert status(paper, rule, "unmasked").status is Status.INCONCLUSIVE


def test_san002_one_way_warns_for_each_control_port() -> None:
    result = status(whitepaper(), "SAN002", "unmasked")
    assert [finding.subject for finding in result.findings] == ["07E:0", "08E:0"]
    assert "reaches 4 sources through 14C:0 only" in result.message


def test_san002_two_ports_of_one_director_warn() -> None:
    text = masking(*((wwn, port) for wwn in (SEVEN, EIGHT) for port in ("14C:0", "14C:1")))
    result = status(whitepaper({UNMASKED: listing(text)}), "SAN002", "unmasked")
    assert result.status is Status.WARN
    assert "through 14C:0, 14C:1 only" in result.message


def test_san002_two_directors_pass() -> None:
    text = masking(*((wwn, port) for wwn in (SEVEN, EIGHT) for port in ("14C:0", "03D:1")))
    result = status(whitepaper({UNMASKED: listing(text)}), "SAN002", "unmasked")
    assert result.status is Status.PASS, result.message
    assert "2 control ports" in result.message


def test_san002_before_the_session_the_zoning_is_asked_for() -> None:
    text = masking(*((wwn, port) for wwn in (SEVEN, EIGHT) for port in ("14C:0", "03D:1")))
    result = status(whitepaper(add={"0-prepare/masking.txt": text}), "SAN002", "prepare")
    assert result.status is Status.INCONCLUSIVE
    one_way = masking((SEVEN, "14C:0"), (EIGHT, "14C:1"))
    assert status(whitepaper(add={"0-prepare/masking.txt": one_way}), "SAN002", "prepare").status is Status.WARN


def test_san005_what_is_left_is_noted_first_and_warned_of_at_the_end() -> None:
    noted = status(whitepaper(), "SAN005", "unmasked")
    assert "8 entries of 2 array ports" in noted.note
    warned = status(whitepaper(), "SAN005", "cleaned")
    assert [finding.subject for finding in warned.findings] == [SEVEN, EIGHT]
    assert "port 07E:0 of the target has 4 entries left on 0720, 075F, 07B6, 07E9" in warned.message
    assert len(warned.findings[0].evidence) == 4


def test_san005_a_port_of_any_array_counts() -> None:
    text = masking(("5006048452a4f947", "14C:0"))
    result = status(whitepaper({UNMASKED: listing(text)}), "SAN005", "cleaned")
    assert result.status is Status.WARN
    assert "an array port has 4 entries left" in result.message


def test_san005_nothing_left_passes() -> None:
    assert status(whitepaper({UNMASKED: listing(masking())}), "SAN005", "cleaned").status is Status.PASS


@pytest.mark.parametrize(
    "text",
    ["", masking(end=""), masking((HOST, "14C:0"), devices=DEVICES[:2]), masking(options=" -wwn 10000000c953f9f3")],
    ids=["not captured", "may go on", "two of four", "narrowed"],
)
def test_san005_what_is_not_proved_gone_is_no_pass(text: str) -> None:
    assert status(whitepaper({UNMASKED: listing(text)}), "SAN005", "cleaned").status is Status.INCONCLUSIVE


def test_san005_a_listing_of_another_array_is_no_pass() -> None:
    text = masking().replace("-sid 076", "-sid 077").replace("000187490076", "000187490077")
    assert status(whitepaper({UNMASKED: listing(text)}), "SAN005", "cleaned").status is Status.INCONCLUSIVE
