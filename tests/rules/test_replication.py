"""REP: nobody else writes to the targets or to the sources."""

import pytest

from flmparse.findings import Status
from tests.editing import status, whitepaper
from tests.rules.test_capacity import CREATED, replacing, without

UNMASKED = "7-unmasked/se-host.txt"
HOST = "10000000c953f9f3"
OTHER_HOST = "210100e08b3e45f0"

DEVICES = ("0720", "075F", "07B6", "07E9")


def masking(
    *rows: tuple[str, str], devices: tuple[str, ...] = DEVICES, options: str = "", end: str = "\nC:\\> "
) -> str:
    """Write `symmaskdb list assignment` with the same WWNs and ports on every device."""
    text = f"C:\\> symmaskdb -sid 076 list assignment -devs {','.join(DEVICES)}{options}\n\n"
    text += "Symmetrix ID : 000187490076\n\nDevice  Identifier          Type  Dir:P\n-----  -----\n"
    for device in devices:
        for number, (wwn, port) in enumerate(rows):
            text += f"{device if not number else '':8}{wwn}  FIBRE  FA-{port}\n"
    return text + end


def wwpns(*of_nodes: str) -> str:
    """Write the manifest's nodes, one WWPN each."""
    return "".join(f'\n[[node]]\nname = "NODE{number}"\nwwpns = ["{wwpn}"]\n' for number, wwpn in enumerate(of_nodes))


def nodes(*of_nodes: str):
    return lambda text: text[: text.index("[[node]]")] + wwpns(*of_nodes)


BEFORE = masking((HOST, "14C:0"), (OTHER_HOST, "14C:1"), ("50000972c0044d18", "14C:0"))


@pytest.mark.parametrize("profile", ["paper", "strict"])
@pytest.mark.parametrize(
    ("rule", "gates", "expected"),
    [("REP001", "created", "pass"), ("REP004", "prepare ready unmasked", "inconclusive inconclusive pass")],
)
def test_the_white_paper(rule: str, gates: str, expected: str, profile: str) -> None:
    paper = whitepaper()
    assert [status(paper, rule, gate, profile).status for gate in gates.split()] == expected.split()


@pytest.mark.parametrize("config", ["RDF2+TDEV", "BCV", "VDEV", "2-Way BCV"])
def test_rep001_a_replication_target_fails(config: str) -> None:
    result = status(
        whitepaper({CREATED: replacing("032A Not Visible TDEV", f"032A Not Visible {config}")}), "REP001", "created"
    )
    assert result.status is Status.FAIL
    assert [finding.subject for finding in result.findings] == ["032A <- 07B6"]
    assert f"target 032A is {config}" in result.message


def test_rep001_a_source_of_remote_replication_may_be_a_target() -> None:
    edit = replacing("032A Not Visible TDEV     ", "032A Not Visible RDF1+TDEV")
    assert status(whitepaper({CREATED: edit}), "REP001", "created").status is Status.PASS


def test_rep001_a_target_that_is_not_listed_is_no_pass() -> None:
    assert status(whitepaper({CREATED: without("032A Not")}), "REP001", "created").status is Status.INCONCLUSIVE


@pytest.mark.parametrize("gate", ["prepare", "ready"])
def test_rep004_initiators_of_the_cluster_pass(gate: str) -> None:
    paper = whitepaper(add={"0-prepare/masking.txt": BEFORE}, manifest=nodes(HOST, OTHER_HOST))
    result = status(paper, "REP004", gate)
    assert result.status is Status.PASS, result.message
    assert "initiators of the cluster: 2; ports of the target array: 07E:0" in result.message


def test_rep004_a_foreign_initiator_fails() -> None:
    paper = whitepaper(add={"0-prepare/masking.txt": BEFORE}, manifest=nodes(HOST, "210000e08b1e45f9"))
    result = status(paper, "REP004", "prepare")
    assert result.status is Status.FAIL
    (finding,) = result.findings
    assert finding.subject == OTHER_HOST
    assert "can write to 0720, 075F, 07B6, 07E9 and is of no cluster node" in finding.message
    assert len(finding.evidence) == 4


def test_rep004_without_the_wwpns_of_every_node_nobody_is_foreign() -> None:
    paper = whitepaper(add={"0-prepare/masking.txt": BEFORE}, manifest=nodes(HOST))
    result = status(paper, "REP004", "prepare")
    assert result.status is Status.INCONCLUSIVE
    assert result.findings[0].subject == OTHER_HOST


def test_rep004_a_port_of_a_third_array_warns() -> None:
    text = masking((HOST, "14C:0"), (OTHER_HOST, "14C:1"), ("50000972c0044118", "14C:0"))
    paper = whitepaper(add={"0-prepare/masking.txt": text}, manifest=nodes(HOST, OTHER_HOST))
    result = status(paper, "REP004", "prepare")
    assert result.status is Status.WARN
    assert "a port of another array" in result.message


def test_rep004_no_host_at_all_before_the_unmask_is_no_proof() -> None:
    text = masking(("50000972c0044d18", "14C:0"))
    paper = whitepaper(add={"0-prepare/masking.txt": text}, manifest=nodes(HOST, OTHER_HOST))
    result = status(paper, "REP004", "ready")
    assert result.status is Status.INCONCLUSIVE
    assert "no host is listed on any source" in result.message


def test_rep004_a_source_that_is_not_listed_is_no_pass() -> None:
    text = masking((HOST, "14C:0"), (OTHER_HOST, "14C:1"), devices=DEVICES[:3])
    paper = whitepaper(add={"0-prepare/masking.txt": text}, manifest=nodes(HOST, OTHER_HOST))
    result = status(paper, "REP004", "prepare")
    assert result.status is Status.INCONCLUSIVE
    assert "masking of source 07E9 is not listed" in result.message


def test_rep004_a_narrowed_listing_is_no_pass() -> None:
    text = masking((HOST, "14C:0"), (OTHER_HOST, "14C:0"), options=" -dir 14c -p 0")
    paper = whitepaper(add={"0-prepare/masking.txt": text}, manifest=nodes(HOST, OTHER_HOST))
    assert status(paper, "REP004", "prepare").status is Status.INCONCLUSIVE


def test_rep004_a_listing_older_than_the_unmask_proves_nothing_after_it() -> None:
    edit = {UNMASKED: lambda text: text[: text.index("C:\\> symmaskdb")]}
    paper = whitepaper(edit, add={"0-prepare/masking.txt": BEFORE}, manifest=nodes(HOST, OTHER_HOST))
    result = status(paper, "REP004", "unmasked")
    assert result.status is Status.INCONCLUSIVE
    assert "before symmask remove" in result.message


def test_rep004_a_whole_empty_listing_says_that_nobody_is_left() -> None:
    edit = {UNMASKED: lambda text: text[: text.index("C:\\> symmaskdb")] + masking()}
    assert status(whitepaper(edit), "REP004", "unmasked").status is Status.PASS
    cut = {UNMASKED: lambda text: text[: text.index("C:\\> symmaskdb")] + masking(end="")}
    assert status(whitepaper(cut), "REP004", "unmasked").status is Status.INCONCLUSIVE
