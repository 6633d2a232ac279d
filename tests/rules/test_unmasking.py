"""MSK011 and MSK012 on the white paper's unmask (figures 17 and 18) with one fact changed."""

import pytest

from flmparse.findings import Status
from tests.editing import status, whitepaper

LOG = "7-unmasked/se-host.txt"
HOST = "10000000c953f9f3"
BEFORE = """C:\\> symmaskdb -sid 076 list assignment -devs 0720

Symmetrix ID : 000187490076

Device  Identifier          Type  Dir:P
-----  -----
0720    {wwn}  FIBRE  FA-14C:0

C:\\>
"""
LATER = """
C:\\> symmaskdb -sid 076 list assignment -devs 0720,075F,07B6,07E9

Symmetrix ID : 000187490076

Device  Identifier          Type  Dir:P
-----  -----
{rows}
C:\\>
"""


def replaced(old: str, new: str, count: int = -1):
    return lambda text: text.replace(old, new, count)


def without_second_port(text: str) -> str:
    first, second = text.index("C:\\> symmask -sid 076 -dir 14c -p 1"), text.index("C:\\> symmask -sid 076 refresh")
    return text[:first] + text[second:]


class TestCompleteAndRefreshed:
    def test_passes(self) -> None:
        found = status(whitepaper(), "MSK011", "unmasked")
        assert found.status is Status.PASS
        assert found.message == "4 devices unmasked on 14C:0, 14C:1 from 10000000c953f9f3, then refreshed"

    def test_fails_for_a_source_left_out(self) -> None:
        found = status(
            whitepaper({LOG: replaced("0720,075F,07B6,07E9\n", "0720,075F,07B6\n", 1)}), "MSK011", "unmasked"
        )
        assert found.status is Status.FAIL and found.findings[0].subject == f"14C:0 {HOST}"
        assert "left out on 14C:0 for 10000000c953f9f3: 07E9" in found.message

    def test_fails_for_a_device_of_somebody_else(self) -> None:
        edit = replaced("0720,075F,07B6,07E9\n", "0720,075F,07B6,07E9,07F0\n", 1)
        found = status(whitepaper({LOG: edit}), "MSK011", "unmasked")
        assert found.status is Status.FAIL and "not in the pair file: 07F0" in found.message

    def test_devices_may_come_in_two_commands(self) -> None:
        command = "C:\\> symmask -sid 076 -dir 14c -p 0 -wnn 10000000c953f9f3 remove devs"
        edit = replaced("0720,075F,07B6,07E9\n", f"0720,075F\n\n{command} 07B6,07E9\n", 1)
        assert status(whitepaper({LOG: edit}), "MSK011", "unmasked").status is Status.PASS

    def test_fails_for_a_port_left_out(self) -> None:
        found = status(whitepaper({LOG: without_second_port}), "MSK011", "unmasked")
        assert found.status is Status.FAIL and found.findings[0].subject == "14C:1"
        assert "port 14C:1, on which 4 sources were seen" in found.message
        assert {evidence.capture for evidence in found.findings[0].evidence} >= {LOG, "3-ready/figure-10.txt"}

    def test_fails_for_a_host_left_out(self) -> None:
        listing = BEFORE.format(wwn="10000000c9aabbcc")
        found = status(whitepaper(add={"0-prepare/se-host.txt": listing}), "MSK011", "unmasked")
        assert found.status is Status.FAIL and found.findings[0].subject == "14C:0 10000000c9aabbcc"
        assert "10000000c9aabbcc was masked to 0720 on 14C:0" in found.message

    def test_fails_without_a_refresh(self) -> None:
        def unrefreshed(text: str) -> str:
            return text[: text.index("C:\\> symmask -sid 076 refresh")] + text[text.index("C:\\> symmaskdb") :]

        found = status(whitepaper({LOG: unrefreshed}), "MSK011", "unmasked")
        assert found.status is Status.FAIL and found.findings[0].subject == "symmask refresh"
        assert "no refresh of 000187490076 follows" in found.message

    def test_fails_for_the_refresh_of_another_array(self) -> None:
        edit = replaced("SymMask Database 000187490076", "SymMask Database 000187490111")
        found = status(whitepaper({LOG: edit}), "MSK011", "unmasked")
        assert found.status is Status.FAIL and "captured is one of 000187490111" in found.message

    def test_a_refresh_before_the_last_removal_is_none(self) -> None:
        def early(text: str) -> str:
            start, end = text.index("C:\\> symmask -sid 076 refresh"), text.index("C:\\> symmaskdb")
            return text[start:end] + text[:start] + text[end:]

        assert status(whitepaper({LOG: early}), "MSK011", "unmasked").status is Status.FAIL

    def test_a_refresh_without_its_answer_is_open(self) -> None:
        edit = replaced("Symmetrix FA/SE directors updated with contents of SymMask Database 000187490076\n", "")
        found = status(whitepaper({LOG: edit}), "MSK011", "unmasked")
        assert found.status is Status.INCONCLUSIVE and "its answer is missing" in found.message

    def test_inconclusive_without_the_commands(self) -> None:
        edit = {LOG: lambda text: text[text.index("C:\\> symmaskdb") :]}
        found = status(whitepaper(edit), "MSK011", "unmasked")
        assert found.status is Status.INCONCLUSIVE and "symmask remove: no output of it" in found.not_captured[0]

    def test_inconclusive_when_nothing_tells_the_ports(self) -> None:
        found = status(whitepaper(drop=["3-ready/figure-10.txt", "4-copying/figure-13.txt"]), "MSK011", "unmasked")
        assert found.status is Status.INCONCLUSIVE and "tells the ports of the sources" in found.message


class TestNoHostLeft:
    @pytest.mark.parametrize("gate", ["unmasked", "cleaned"])
    def test_ports_of_the_target_array_are_no_hosts(self, gate: str) -> None:
        found = status(whitepaper(), "MSK012", gate)
        assert (found.status, found.message) == (Status.PASS, "2 array ports left on 4 sources, no host")

    def test_fails_for_a_host_that_is_left(self) -> None:
        edit = replaced("50000972c0044d1c  FIBRE  FA-14C:1\n07B6", f"{HOST}  FIBRE  FA-14C:1\n07B6")
        found = status(whitepaper({LOG: edit}), "MSK012", "unmasked")
        assert found.status is Status.FAIL and found.findings[0].subject == HOST
        assert found.findings[0].message == "still sees 075F on 14C:1"

    def test_a_source_that_is_not_listed_is_a_gap(self) -> None:
        def three(text: str) -> str:
            return text[: text.index("07E9    5000")]

        found = status(whitepaper({LOG: three}), "MSK012", "unmasked")
        assert found.status is Status.INCONCLUSIVE and "source 07E9 is not covered" in found.message

    def test_a_listing_from_before_the_unmask_is_stale(self) -> None:
        def stale(text: str) -> str:
            return text[text.index("C:\\> symmaskdb") :] + text[: text.index("C:\\> symmaskdb")]

        found = status(whitepaper({LOG: stale}), "MSK012", "unmasked")
        assert found.status is Status.INCONCLUSIVE and "captured before symmask remove" in found.message

    def test_the_listing_of_another_array_covers_nothing(self) -> None:
        found = status(
            whitepaper({LOG: replaced("Symmetrix ID : 000187490076", "Symmetrix ID : 000187490077")}),
            "MSK012",
            "unmasked",
        )
        assert found.status is Status.INCONCLUSIVE

    def test_an_empty_listing_that_was_asked_for_the_devices_frees_them(self) -> None:
        found = status(whitepaper(add={"8-cleaned/se-host.txt": LATER.format(rows="")}), "MSK012", "cleaned")
        assert (found.status, found.message) == (Status.PASS, "nothing left on 4 sources, no host")

    def test_a_host_that_a_later_listing_no_longer_has_is_gone(self) -> None:
        edit = replaced("50000972c0044d1c  FIBRE  FA-14C:1\n07B6", f"{HOST}  FIBRE  FA-14C:1\n07B6")
        later = {"8-cleaned/se-host.txt": LATER.format(rows="")}
        assert status(whitepaper({LOG: edit}, add=later), "MSK012", "cleaned").status is Status.PASS
        assert status(whitepaper({LOG: edit}, add=later), "MSK012", "unmasked").status is Status.FAIL

    def test_inconclusive_without_a_listing(self) -> None:
        edit = {LOG: lambda text: text[: text.index("C:\\> symmaskdb")]}
        assert status(whitepaper(edit), "MSK012", "cleaned").status is Status.INCONCLUSIVE
