"""MSK001 to MSK010 on the white paper's view, as it is and with one fact changed."""

import pytest

from flmparse.facts.clock import array_clock
from flmparse.findings import Status
from flmparse.manifest import Policy
from tests.editing import status, whitepaper

VIEW = "2-masked/se-host.txt"
CREATE = "1-created/se-host.txt"
LISTING = """C:\\> symmaskdb -sid 076 list assignment -devs 0720,075F,07B6,07E9

Symmetrix ID : 000187490076

Device  Identifier          Type  Dir:P
-----  -----
0720    {0}  FIBRE  FA-14C:0
075F    {0}  FIBRE  FA-14C:0
07B6    {0}  FIBRE  FA-14C:0
07E9    {0}  FIBRE  FA-14C:0
         50000972c0044d18  FIBRE  FA-14C:0

C:\\>
"""
IN_VIEW = "210000e08b1e45f9"
FOREIGN = "10000000c9aabbcc"


def replaced(old: str, new: str, count: int = -1):
    return lambda text: text.replace(old, new, count)


def two_nodes(text: str) -> str:
    return text.replace(
        "    WWN   : 210000e08b1e45f9\n", "    WWN   : 210000e08b1e45f9\n    WWN   : 210000e08b1e46aa\n"
    )


def nodes(first: str, second: str):
    """Return an edit of the manifest that lists two nodes with their WWPNs."""
    return lambda text: (
        text.replace('name = "MSTPM3032" ', f'wwpns = [{first}]\nname = "MSTPM3032" ')
        + f'\n[[node]]\nname = "N2"\nwwpns = [{second}]\n'
    )


def second_view(text: str) -> str:
    """Return the view twice: one for each node, the same devices."""
    again = text[text.index("Masking View Name") :].replace("_MV", "_MV2").replace(IN_VIEW, "210000e08b1e46aa")
    return f"{text}\n{again}"


class TestEveryTargetInView:
    def test_passes(self) -> None:
        found = status(whitepaper(), "MSK001", "masked")
        assert (found.status, found.message) == (Status.PASS, "all 4 targets are in FLM_CLUSTER_MV")

    def test_fails_for_a_target_without_a_row(self) -> None:
        edit = replaced(
            "032B   08E:0   Not Visible                   4\n       07E:0   Not Visible                   4\n", ""
        )
        found = status(whitepaper({VIEW: edit}), "MSK001", "ready")
        assert found.status is Status.FAIL
        assert found.findings[0].subject == "032B <- 07E9"
        assert "target 032B is in none of the captured views: FLM_CLUSTER_MV" in found.message
        assert [e.place for e in found.findings[0].evidence] == ["0-prepare/win_flm.txt:9", f"{VIEW}:6"]

    def test_a_view_of_another_array_holds_no_target(self) -> None:
        found = status(whitepaper({VIEW: replaced("000194900275", "000194900999")}), "MSK001", "masked")
        assert found.status is Status.FAIL and len(found.findings) == 4

    def test_inconclusive_without_a_view(self) -> None:
        found = status(whitepaper(drop=[VIEW]), "MSK001", "masked")
        assert found.status is Status.INCONCLUSIVE and "not captured: symaccess" in found.message

    def test_a_damaged_view_proves_no_absence(self) -> None:
        edit = replaced("032B   08E:0   Not Visible                   4\n", "032B   08E:0   Not Vis??\n")
        assert status(whitepaper({VIEW: edit}), "MSK001", "masked").status is Status.INCONCLUSIVE


class TestNothingElseInView:
    def test_passes(self) -> None:
        assert status(whitepaper(), "MSK002", "masked").message == "4 devices in FLM_CLUSTER_MV, all of them known"

    extra = staticmethod(replaced("032B   08E:0", "0400   08E:0   Not Visible                   5\n032B   08E:0"))

    def test_warns_of_a_device_that_is_no_target(self) -> None:
        found = status(whitepaper({VIEW: self.extra}), "MSK002", "masked")
        assert found.status is Status.WARN and found.findings[0].subject == "0400"
        assert "is in FLM_CLUSTER_MV and is no target" in found.message

    def test_a_declared_device_is_right(self) -> None:
        declare = replaced("[cluster]", '[policy]\nextra_devices = ["400"]\n[cluster]')
        assert status(whitepaper({VIEW: self.extra}, manifest=declare), "MSK002", "masked").status is Status.PASS

    def test_inconclusive_without_a_view(self) -> None:
        assert status(whitepaper(drop=[VIEW]), "MSK002", "masked").status is Status.INCONCLUSIVE


class TestEveryDeviceOnEveryPort:
    def test_passes(self) -> None:
        found = status(whitepaper(), "MSK003", "masked")
        assert found.status is Status.PASS and found.message.startswith("8 rows")

    def test_fails_where_a_row_is_missing(self) -> None:
        edit = replaced("       07E:0   Not Visible                   2\n", "")
        found = status(whitepaper({VIEW: edit}), "MSK003", "masked")
        assert found.status is Status.FAIL and found.findings[0].subject == "0329"
        assert "is not mapped on 07E:0" in found.message

    def test_warns_of_a_port_outside_the_group(self) -> None:
        edit = replaced(
            "       07E:0   Not Visible                   2\n",
            "       07E:0   Not Visible                   2\n       09E:0   Not Visible                   2\n",
        )
        found = status(whitepaper({VIEW: edit}), "MSK003", "masked")
        assert found.status is Status.WARN and "is mapped on 09E:0, which is no port" in found.message

    def test_inconclusive_without_ports(self) -> None:
        found = status(whitepaper({VIEW: replaced("    FA-7E:0\n    FA-8E:0\n", "")}), "MSK003", "masked")
        assert found.status is Status.INCONCLUSIVE and "names no port" in found.message


class TestHostLunsUnambiguous:
    def test_passes(self) -> None:
        assert status(whitepaper(), "MSK004", "masked").message == "4 devices, one host LUN each in FLM_CLUSTER_MV"

    def test_fails_for_two_luns_of_a_device(self) -> None:
        edit = replaced(
            "0329   08E:0   Not Visible                   2", "0329   08E:0   Not Visible                   A"
        )
        found = status(whitepaper({VIEW: edit}), "MSK004", "masked")
        assert found.status is Status.FAIL and found.findings[0].subject == "0329"
        assert found.findings[0].message == "has several host LUNs (hex): A on 08E:0, 2 on 07E:0"

    def test_fails_for_one_lun_of_two_devices(self) -> None:
        edit = replaced("Not Visible                   2\n", "Not Visible                   1\n")
        found = status(whitepaper({VIEW: edit}), "MSK004", "masked")
        assert found.status is Status.FAIL and found.findings[0].subject == "0328, 0329"
        assert found.findings[0].message == "share host LUN 1 (hex) on 07E:0 in FLM_CLUSTER_MV"

    def test_inconclusive_without_a_view(self) -> None:
        assert status(whitepaper(drop=[VIEW]), "MSK004", "masked").status is Status.INCONCLUSIVE


class TestEveryNodeInView:
    @pytest.mark.parametrize("gate", ["masked", "ready", "copying", "cleaned"])
    def test_the_white_paper_shows_one_initiator_for_two_nodes(self, gate: str) -> None:
        found = status(whitepaper(), "MSK005", gate)
        assert found.status is Status.FAIL and found.findings[0].subject == "FLM_CLUSTER_MV"
        assert found.findings[0].message.startswith("1 initiator (210000e08b1e45f9) for 2 nodes")

    def test_passes_with_as_many_initiators_as_nodes(self) -> None:
        found = status(whitepaper({VIEW: two_nodes}), "MSK005", "masked")
        assert found.status is Status.PASS and "2 initiators see 4 targets" in found.message

    def test_a_doubled_line_is_no_second_initiator(self) -> None:
        line = "    WWN   : 210000e08b1e45f9\n"
        found = status(whitepaper({VIEW: replaced(line, line * 2)}), "MSK005", "masked")
        assert found.status is not Status.PASS

    def test_fails_for_a_node_whose_wwpns_are_not_in_the_view(self) -> None:
        manifest = nodes(f'"{IN_VIEW}"', '"210000e08b1e47bb"')
        found = status(whitepaper({VIEW: two_nodes}, manifest=manifest), "MSK005", "masked")
        assert found.status is Status.FAIL
        assert [finding.subject for finding in found.findings] == ["N2"]
        assert "none of its WWPNs (210000e08b1e47bb)" in found.message

    def test_warns_of_a_node_with_one_of_two_wwpns(self) -> None:
        manifest = nodes(f'"{IN_VIEW}"', '"210000e08b1e46aa", "210100e08b3e46aa"')
        found = status(whitepaper({VIEW: two_nodes}, manifest=manifest), "MSK005", "masked")
        assert found.status is Status.WARN and found.findings[0].subject == "N2"

    def test_a_node_without_wwpns_needs_an_initiator_more(self) -> None:
        manifest = nodes(f'"{IN_VIEW}"', "")
        found = status(whitepaper(manifest=manifest), "MSK005", "masked")
        assert found.status is Status.FAIL
        assert "0 initiators (none) for 1 node whose WWPNs are not stated" in found.message

    def test_two_views_of_the_same_devices_count_together(self) -> None:
        found = status(whitepaper({VIEW: second_view}), "MSK005", "masked")
        assert found.status is Status.PASS and "FLM_CLUSTER_MV, FLM_CLUSTER_MV2" in found.message

    def test_two_views_of_different_devices_do_not(self) -> None:
        def halved(text: str) -> str:
            first, second = second_view(text).split("Masking View Name      : FLM_CLUSTER_MV2")
            for device in ("0328", "0329"):
                second = second.replace(f"{device}   08E", "0440   08E" if device == "0328" else "0441   08E")
            return f"{first}Masking View Name      : FLM_CLUSTER_MV2{second}"

        found = status(whitepaper({VIEW: halved}), "MSK005", "masked")
        assert found.status is Status.FAIL and found.findings[0].subject == "FLM_CLUSTER_MV"

    def test_inconclusive_without_an_initiator_or_a_number_of_nodes(self) -> None:
        none = whitepaper({VIEW: replaced("    WWN   : 210000e08b1e45f9\n", "")})
        assert status(none, "MSK005", "masked").status is Status.INCONCLUSIVE
        manifest = whitepaper(manifest=lambda text: text.replace("node_count = 2", "").split("[[node]]")[0])
        found = status(manifest, "MSK005", "masked")
        assert found.status is Status.INCONCLUSIVE and "how many nodes" in found.message


class TestEverySourceHostInView:
    def test_inconclusive_before_the_source_masking_is_captured(self) -> None:
        for gate in ("masked", "ready"):
            found = status(whitepaper(), "MSK006", gate)
            assert found.status is Status.INCONCLUSIVE and "symmaskdb" in found.message

    def test_the_white_paper_unmasks_a_host_that_the_view_does_not_know(self) -> None:
        for gate in ("unmasked", "cleaned"):
            found = status(whitepaper(), "MSK006", gate)
            assert found.status is Status.FAIL and found.findings[0].subject == "10000000c953f9f3"
            assert "sees source 0720, 075F, 07B6, 07E9 and is not in FLM_CLUSTER_MV" in found.message
            cited = {evidence.capture for evidence in found.findings[0].evidence}
            assert cited == {"7-unmasked/se-host.txt", VIEW}

    def test_passes_when_the_listing_names_initiators_of_the_view_only(self) -> None:
        collection = whitepaper(add={"0-prepare/se-host.txt": LISTING.format(IN_VIEW)})
        found = status(collection, "MSK006", "ready")
        assert (found.status, found.message) == (Status.PASS, "1 hosts of the sources are all in FLM_CLUSTER_MV")

    def test_fails_for_a_further_host_before_activation(self) -> None:
        listing = LISTING.format(IN_VIEW).replace("07E9    ", f"07E9    {FOREIGN}  FIBRE  FA-14C:1\n         ")
        found = status(whitepaper(add={"0-prepare/se-host.txt": listing}), "MSK006", "ready")
        assert found.status is Status.FAIL and found.findings[0].subject == FOREIGN

    def test_a_source_without_any_host_is_a_gap(self) -> None:
        listing = LISTING.format(IN_VIEW).replace(f"075F    {IN_VIEW}  FIBRE  FA-14C:0\n", "")
        found = status(whitepaper(add={"0-prepare/se-host.txt": listing}), "MSK006", "ready")
        assert found.status is Status.INCONCLUSIVE and "0329 <- 075F" in found.message

    def test_array_ports_alone_are_no_hosts(self) -> None:
        collection = whitepaper(
            {"7-unmasked/se-host.txt": lambda text: text[text.index("C:\\> symmask -sid 076 refresh") :]}
        )
        assert status(collection, "MSK006", "unmasked").status is Status.INCONCLUSIVE
        assert status(collection, "MSK007", "unmasked").status is Status.INCONCLUSIVE


class TestEveryInitiatorKnownOnSource:
    def test_the_white_papers_initiator_is_new_to_the_source(self) -> None:
        found = status(whitepaper(), "MSK007", "unmasked")
        assert found.status is Status.WARN and found.findings[0].subject == IN_VIEW
        assert "not known on the source, which knows 10000000c953f9f3" in found.message

    def test_passes_when_the_listing_names_it(self) -> None:
        collection = whitepaper(add={"0-prepare/se-host.txt": LISTING.format(IN_VIEW)})
        assert status(collection, "MSK007", "masked").status is Status.PASS

    def test_warns_before_activation_too(self) -> None:
        collection = whitepaper(add={"0-prepare/se-host.txt": LISTING.format(FOREIGN)})
        found = status(collection, "MSK007", "ready")
        assert found.status is Status.WARN and found.findings[0].subject == IN_VIEW

    def test_inconclusive_without_the_source_masking(self) -> None:
        assert status(whitepaper(), "MSK007", "ready").status is Status.INCONCLUSIVE


class TestNoForeignInitiator:
    def test_inconclusive_while_wwpns_are_not_stated(self) -> None:
        found = status(whitepaper(), "MSK008", "masked")
        assert found.status is Status.INCONCLUSIVE and found.findings[0].subject == IN_VIEW

    def test_passes_when_all_are_nodes(self) -> None:
        manifest = nodes(f'"{IN_VIEW}"', '"210000e08b1e46aa"')
        found = status(whitepaper({VIEW: two_nodes}, manifest=manifest), "MSK008", "ready")
        assert found.status is Status.PASS and "only the captured views" in found.note

    def test_fails_for_a_stranger(self) -> None:
        manifest = nodes(f'"{IN_VIEW}"', '"210000e08b1e47bb"')
        found = status(whitepaper({VIEW: two_nodes}, manifest=manifest), "MSK008", "masked")
        assert found.status is Status.FAIL and found.findings[0].subject == "210000e08b1e46aa"
        assert "is in FLM_CLUSTER_MV and is no WWPN of a node" in found.message
        assert (
            "typing error"
            not in status(
                whitepaper({VIEW: two_nodes}, manifest=nodes(f'"{IN_VIEW}"', '"10000000c9123456"')), "MSK008", "masked"
            ).message
        )

    def test_a_digit_or_two_that_differ_are_a_typing_error_first(self) -> None:
        manifest = nodes(f'"{IN_VIEW}"', '"210000e08b1e46ab"')
        found = status(whitepaper({VIEW: two_nodes}, manifest=manifest), "MSK008", "masked")
        assert "it differs in one digit from 210000e08b1e46ab of " in found.message
        assert "in migration.toml:" in found.message and "rule out a typing error first" in found.message
        assert not found.remedy.lower().startswith("remove")

    def test_an_alias_that_names_a_node_is_said(self) -> None:
        def named(text: str) -> str:
            return two_nodes(text).replace("210000e08b1e46aa", "210000e08b1e46aa [alias: N2/hba0]")

        manifest = nodes(f'"{IN_VIEW}"', '"10000000c9123456"')
        found = status(whitepaper({VIEW: named}, manifest=manifest), "MSK008", "masked")
        assert "the view calls it N2/hba0" in found.message


class TestTwoPortsTwoDirectors:
    def test_passes(self) -> None:
        assert status(whitepaper(), "MSK009", "masked").message == "FLM_CLUSTER_MV: 07E:0, 08E:0"

    @pytest.mark.parametrize(
        "old, new, told",
        [("    FA-8E:0\n", "", "one port: 07E:0"), ("FA-8E:0", "FA-7E:1", "one director: 07E:0, 07E:1")],
    )
    def test_warns_without_redundancy(self, old: str, new: str, told: str) -> None:
        found = status(whitepaper({VIEW: replaced(old, new)}), "MSK009", "masked")
        assert found.status is Status.WARN and found.findings[0].subject == "FLM_CLUSTER_MV"
        assert told in found.message

    def test_inconclusive_without_a_view(self) -> None:
        assert status(whitepaper(drop=[VIEW]), "MSK009", "masked").status is Status.INCONCLUSIVE


class TestAfterCreate:
    @staticmethod
    def created(time: str):
        return {CREATE: lambda text: f"#flm node=se-host time={time}\n{text}"}

    def test_inconclusive_as_create_has_no_time(self) -> None:
        found = status(whitepaper(), "MSK010", "masked")
        assert found.status is Status.INCONCLUSIVE and found.findings[0].subject == "FLM_CLUSTER_MV"
        assert "12:36:37 PM on Tue Jan 04,2011; create has no time" in found.message

    def test_passes_when_create_is_older(self) -> None:
        found = status(whitepaper(self.created("2011-01-04T12:00:00Z")), "MSK010", "masked")
        assert found.status is Status.PASS and "after create 2011-01-04 12:00" in found.message

    def test_the_arrays_clock_is_taken_at_the_policys_offset(self) -> None:
        manifest = replaced("[cluster]", '[policy]\nutc_offset = "+02:00"\n[cluster]')
        found = status(whitepaper(self.created("2011-01-04T12:00:00Z"), manifest=manifest), "MSK010", "masked")
        assert found.status is Status.WARN and "dates from 2011-01-04 10:36" in found.message

    def test_fails_when_a_host_was_rescanned_before_create(self) -> None:
        edits = self.created("2011-01-05T12:00:00Z")
        edits["3-ready/figure-09.txt"] = lambda text: f"#flm time=2011-01-05T08:00:00Z\n{text}"
        found = status(whitepaper(edits), "MSK010", "masked")
        assert found.status is Status.FAIL
        assert "dates from 2011-01-04 12:36, create from 2011-01-05 12:00, and a host was rescanned" in found.message
        assert {e.capture for e in found.findings[0].evidence} == {VIEW, CREATE, "3-ready/figure-09.txt"}

    def test_an_older_view_without_a_known_scan_warns(self) -> None:
        found = status(whitepaper(self.created("2011-01-05T12:00:00Z")), "MSK010", "masked")
        assert found.status is Status.WARN and "nothing proves that no host looked" in found.message

    def test_warns_of_a_view_that_was_changed_after_it_was_captured(self) -> None:
        edits = self.created("2011-01-04T12:00:00Z")
        edits[VIEW] = lambda text: f"#flm node=se-host time=2011-01-04T12:10:00Z\n{text}"
        found = status(whitepaper(edits), "MSK010", "ready")
        assert found.status is Status.WARN and "one of the clocks is wrong" in found.message


@pytest.mark.parametrize(
    "text, offset, expected",
    [
        ("12:36:37 PM on Tue Jan 04,2011", "+00:00", "2011-01-04T12:36:37+00:00"),
        ("12:06:07 AM on Sat Dec 31,2011", "-05:00", "2011-12-31T05:06:07+00:00"),
        ("01:00:00 PM on Wed Feb 29,2012", "+01:00", "2012-02-29T12:00:00+00:00"),
    ],
)
def test_the_clock_of_an_array(text: str, offset: str, expected: str) -> None:
    time = array_clock(text, Policy(utc_offset=offset).zone)
    assert time is not None and time.isoformat() == expected


@pytest.mark.parametrize("text", ["12:36:37 PM on Tue Jan 04,20", "01:00:00 PM on Thu Feb 30,2012", None, "yesterday"])
def test_what_is_no_clock(text: str | None) -> None:
    assert array_clock(text, Policy().zone) is None
