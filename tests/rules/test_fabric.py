"""SAN003, SAN004: switched ports, and the logins of the hosts on them."""

from flmparse.collection import Collection
from flmparse.findings import Status
from tests.editing import Edit, status, whitepaper
from tests.rules.test_environment import MASKING, PORTS, answer

FIRST, SECOND = "210000e08b1e45f9", "210100e08b3e45f9"


def test_control_ports_are_point_to_point() -> None:
    result = answer("SAN003", PORTS, MASKING)
    assert result.status is Status.PASS and "07E:0, 08E:0" in result.message
    loop = answer(
        "SAN003", PORTS.replace("4D1C  Yes      No           Yes", "4D1C  Yes      No           No "), MASKING
    )
    assert loop.status is Status.FAIL
    assert [finding.subject for finding in loop.findings] == ["08E:0"] and "not point to point" in loop.message


def test_an_fcoe_port_fails() -> None:
    letters = (
        "C:\\> symcfg -sid 275 list -fa all -port\n\nSymmetrix ID: 000194900275 (Local)\n\n"
        "           S Y M M E T R I X    F I B R E   D I R E C T O R S\n\n"
        "                                   Flags   Max\n"
        "    Dir    Port  WWN               AVPF    Speed\n\n"
        "    FA-7E   0    50000972C0044D18  X.XX    8\n"
        "    FA-8E   0    50000972C0044D1C  X.X.    8\n\n"
        "Legend:\n  Flags:\n    (A)CLX Enabled           : X = True, . = False, - = N/A\n"
        "    (V)olume Set Addressing  : X = True, . = False, - = N/A\n"
        "    (P)oint to Point         : X = True, . = False, - = N/A\n"
        "    (F)COE Director          : X = True, . = False, - = N/A\nC:\\>\n"
    )
    result = answer("SAN003", letters, MASKING)
    assert result.status is Status.FAIL and "07E:0: is a port of kind FCoE" in result.message


def test_ports_that_are_not_listed_or_not_known_are_inconclusive() -> None:
    short = PORTS.replace("    FA-8E   0    50000972C0044D1C  Yes      No           Yes\n", "")
    result = answer("SAN003", short, MASKING)
    assert result.status is Status.INCONCLUSIVE and "08E:0" in result.message
    assert answer("SAN003", PORTS).status is Status.INCONCLUSIVE


def logins(entries: dict[str, dict[str, str]], option: str = "") -> str:
    """Return `symaccess list logins -v`: of each director's port 0 the initiators and whether they are logged in."""
    text = f"C:\\> symaccess -sid 275 list logins -v{option}\n\nSymmetrix ID            : 000194900275\n"
    for director, initiators in entries.items():
        text += f"\nDirector Identification : {director}\nDirector Port           : 0\n\n"
        for initiator, state in initiators.items():
            text += (
                f"   Originator Node wwn : 20{initiator[2:]}\n"
                f"   Originator Port wwn : {initiator}\n"
                "   Type                : Fibre\n"
                "   FCID                : 10a200\n"
                f"   Logged In           : {state}\n"
                "   On Fabric           : Yes\n\n"
            )
    return f"{text}C:\\>\n"


OWNED: Edit = lambda text: text.replace(  # noqa: E731
    'name = "MSTPM3032"', f'name = "MSTPM3032"\nwwpns = ["{FIRST}", "{SECOND}"]'
)
DUAL_FABRIC = {"FA-7E": {FIRST: "Yes"}, "FA-8E": {SECOND: "Yes"}}


def masked(listing: str, manifest: Edit | None = OWNED) -> Collection:
    """Return the white paper with two initiators in the view and the logins listed."""
    view = {
        "2-masked/se-host.txt": lambda text: text.replace(
            f"    WWN   : {FIRST}\n", f"    WWN   : {FIRST}\n    WWN   : {SECOND}\n"
        )
    }
    return whitepaper(view, add={"2-masked/logins.txt": listing}, manifest=manifest)


def test_two_fabrics_with_one_login_each_pass() -> None:
    result = status(masked(logins(DUAL_FABRIC)), "SAN004", "masked")
    assert result.status is Status.PASS and "2 logins of 2 initiators on 2 ports" in result.message


def test_an_entry_that_is_not_logged_in_fails() -> None:
    listing = logins({"FA-7E": {FIRST: "Yes", SECOND: "Yes"}, "FA-8E": {FIRST: "Yes", SECOND: "No"}})
    result = status(masked(listing), "SAN004", "ready")
    assert result.status is Status.FAIL
    assert [finding.subject for finding in result.findings] == [SECOND]
    assert f"{SECOND}: is not logged in to 08E:0" in result.message


def test_an_initiator_without_a_port_and_a_port_without_an_initiator_fail() -> None:
    result = status(masked(logins({"FA-7E": {FIRST: "Yes"}})), "SAN004", "masked")
    assert result.status is Status.FAIL
    told = {finding.subject: finding.message for finding in result.findings}
    assert told[SECOND].startswith("has no login on any port of the view (07E:0, 08E:0)")
    assert told["08E:0"] == "no initiator of the view is logged in to this port"
    assert told["MSTPM3032"].startswith("has 1 logins on the ports of the view, fewer than 2")


def test_a_listing_of_one_port_proves_nothing_of_the_other() -> None:
    listing = logins({"FA-7E": {FIRST: "Yes"}}, " -dirport 7E:0")
    result = status(masked(listing), "SAN004", "masked")
    assert result.status is Status.INCONCLUSIVE
    assert "08E:0: the logins of this port are not captured whole" in result.message
    assert status(masked(logins(DUAL_FABRIC, f" -wwn {FIRST}")), "SAN004", "masked").status is Status.INCONCLUSIVE


def test_initiators_of_no_stated_node_and_no_listing_are_inconclusive() -> None:
    unstated = status(masked(logins(DUAL_FABRIC), None), "SAN004", "masked")
    assert unstated.status is Status.INCONCLUSIVE and "whose initiator this is is not stated" in unstated.message
    assert status(whitepaper(), "SAN004", "masked").missing == ("symaccess -sid <target> list logins",)
