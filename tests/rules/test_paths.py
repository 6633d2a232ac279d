"""PTH001 to PTH006 and PTH016 on the white paper's displays (figures 8, 10, 13, 20) with one fact changed."""

import pytest

from flmparse.findings import Status
from flmparse.rules import catalogue
from tests.editing import status, whitepaper, whitepaper_bundle

READY = "3-ready/figure-10.txt"
COPYING = "4-copying/figure-13.txt"
CLEANED = "8-cleaned/figures-19-20.txt"
VIEW = "2-masked/se-host.txt"
RULES = ["PTH001", "PTH002", "PTH003", "PTH004", "PTH005", "PTH006", "PTH016"]
ROW = "    5 port5\\path0\\tgt4\\lun2   c5t4d2   FA 7eC   active  alive    0    0\n"


def replaced(old: str, new: str, count: int = -1):
    return lambda text: text.replace(old, new, count)


def without_targets_of_harddisk17(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if "lun4" not in line)


def without_harddisk17(text: str) -> str:
    return text[: text.index("Pseudo name=harddisk17")]


def line_of(name: str, words: str) -> str:
    text = next(capture.text for capture in whitepaper_bundle().captures if capture.name == name)
    number = next(n for n, line in enumerate(text.split("\n"), 1) if words in line)
    return f"{name}:{number}"


@pytest.mark.parametrize("gate", ["ready", "copying", "cleaned"])
@pytest.mark.parametrize("rule", RULES)
def test_the_white_paper_passes(rule: str, gate: str) -> None:
    if (rule, gate) != ("PTH003", "copying"):
        assert status(whitepaper(), rule, gate).status is Status.PASS


@pytest.mark.parametrize("rule", RULES)
def test_no_display_is_no_proof(rule: str) -> None:
    found = status(whitepaper(drop=[READY]), rule, "ready")
    assert found.status is Status.INCONCLUSIVE and "powermt display" in found.message


@pytest.mark.parametrize("rule", RULES)
def test_a_pair_that_is_not_displayed_is_no_pass(rule: str) -> None:
    found = status(whitepaper({READY: without_harddisk17}), rule, "ready")
    assert found.status is Status.INCONCLUSIVE
    assert [finding.subject for finding in found.findings] == ["032B <- 07E9"]


@pytest.mark.parametrize("rule", ["PTH001", "PTH002", "PTH003"])
def test_without_a_view_nothing_tells_target_paths(rule: str) -> None:
    found = status(whitepaper(drop=[VIEW]), rule, "ready")
    assert found.status is Status.INCONCLUSIVE and "no masking view is captured" in found.message


class TestTargetsAreSeen:
    def test_says_how_many(self) -> None:
        assert status(whitepaper(), "PTH001", "ready").message == "8 target paths to 4 pairs, at least 2 each"

    def test_fails_without_a_target_path(self) -> None:
        found = status(whitepaper({READY: without_targets_of_harddisk17}), "PTH001", "ready")
        assert found.status is Status.FAIL and found.findings[0].subject == "032B <- 07E9"
        assert found.findings[0].message == "no target path" and len(found.findings) == 1

    def test_warns_with_too_few(self) -> None:
        found = status(whitepaper({READY: replaced(ROW, "")}), "PTH001", "ready")
        assert found.status is Status.WARN and "1 target path, policy asks for 2" in found.message

    def test_a_row_that_is_doubled_is_no_second_path(self) -> None:
        other = ROW.replace("tgt4", "tgt6").replace("t4d", "t6d").replace("7eC", "8eC")
        found = status(
            whitepaper({READY: lambda text: text.replace(ROW, "").replace(other, other * 2)}), "PTH001", "ready"
        )
        assert found.status is Status.INCONCLUSIVE and "c5t6d2 is listed twice in one display" in found.message

    def test_fails_for_a_disk_that_a_whole_display_does_not_list(self) -> None:
        found = status(whitepaper({READY: lambda text: f"{without_harddisk17(text)}\nC:\\>\n"}), "PTH001", "ready")
        assert found.status is Status.FAIL and found.findings[0].subject == "032B <- 07E9"
        assert "source device 07E9 is not in the display" in found.message

    def test_a_display_of_one_disk_says_nothing_of_the_others(self) -> None:
        edit = {READY: lambda text: without_harddisk17(text).replace("dev=all", "dev=harddisk14") + "\nC:\\>\n"}
        assert status(whitepaper(edit), "PTH001", "ready").status is Status.INCONCLUSIVE

    def test_each_node_is_looked_at(self) -> None:
        second = next(c.text for c in whitepaper_bundle().captures if c.name == READY)
        add = {"3-ready/second.txt": f"#flm node=N2\n{without_targets_of_harddisk17(second)}"}
        found = status(whitepaper(add=add), "PTH001", "ready")
        assert found.status is Status.FAIL and [f.subject for f in found.findings] == ["032B <- 07E9 on N2"]

    def test_two_displays_without_a_name_are_two_nodes(self) -> None:
        second = next(c.text for c in whitepaper_bundle().captures if c.name == READY)
        found = status(whitepaper(add={"3-ready/second.txt": without_targets_of_harddisk17(second)}), "PTH001", "ready")
        assert found.status is Status.FAIL
        assert found.findings[0].subject == "032B <- 07E9 on unnamed node of 3-ready/second.txt:1"

    def test_two_displays_of_one_node_in_no_known_order_do_not_add_up(self) -> None:
        first = {READY: lambda text: f"#flm node=N1\n{text.replace(ROW, '')}"}
        second = next(c.text for c in whitepaper_bundle().captures if c.name == READY).replace(ROW, "")
        second = second.replace(
            "Pseudo name=harddisk17", "Pseudo name=harddisk99"
        )  # the same answer twice would be one
        found = status(whitepaper(first, add={"3-ready/second.txt": f"#flm node=N1\n{second}"}), "PTH001", "ready")
        assert found.status is Status.WARN and len(found.findings) == 2
        assert found.findings[0].subject == f"0329 <- 075F on N1 of {READY}:2"

    def test_a_node_without_any_device_fails(self) -> None:
        add = {"3-ready/second.txt": "#flm node=N2\nC:\\> powermt display dev=all\nDevice(s) not found.\n\nC:\\>\n"}
        found = status(whitepaper(add=add), "PTH001", "ready")
        assert found.status is not Status.PASS

    def test_other_arrays_on_the_node_say_nothing(self) -> None:
        def with_another(text: str) -> str:
            start, end = text.index("Pseudo name=harddisk17"), len(text)
            other = without_targets_of_harddisk17(text[start:end]).replace("000187490076", "000187490111")
            return f"{text}\n{other.replace('harddisk17', 'harddisk40')}"

        assert status(whitepaper({READY: with_another}), "PTH001", "ready").status is Status.PASS


class TestTargetsOnShiftedViewPorts:
    def test_fails_for_a_missing_port(self) -> None:
        found = status(whitepaper({READY: replaced(ROW, "")}), "PTH002", "ready")
        assert found.status is Status.FAIL and found.findings[0].subject == "0329 <- 075F"
        assert found.findings[0].message == "expected {7eC, 8eC}, seen {8eC}"
        cited = {evidence.place for evidence in found.findings[0].evidence}
        assert line_of(VIEW, "0329   08E:0") in cited and line_of(VIEW, "FA-7E:0") in cited

    def test_fails_for_a_port_of_neither_array(self) -> None:
        edit = replaced("c5t4d2   FA 7eC", "c5t4d2   FA 7fC")
        found = status(whitepaper({READY: edit}), "PTH002", "ready")
        assert found.status is Status.FAIL
        assert found.findings[0].message == "c5t4d2 is on FA 7fC, a port of neither the view nor the source"

    def test_fails_where_the_identity_is_not_federated(self) -> None:
        found = status(whitepaper({READY: replaced("FA 7eC", "FA 7eA")}), "PTH002", "ready")
        assert found.status is Status.FAIL and "the view's port itself: identity not federated" in found.message

    def test_port_1_shows_as_d(self) -> None:
        view = {VIEW: lambda text: text.replace("FA-8E:0", "FA-8E:1").replace("08E:0", "08E:1")}
        assert status(whitepaper(view), "PTH002", "ready").status is Status.FAIL
        both = view | {READY: replaced("FA 8eC", "FA 8eD")}
        found = status(whitepaper(both), "PTH002", "ready")
        assert found.status is Status.PASS and "{7eC, 8eD}, the view's 07E:0, 08E:1" in found.message

    def test_a_port_that_the_device_is_not_mapped_on(self) -> None:
        edit = {VIEW: replaced("       07E:0   Not Visible                   2\n", "")}
        found = status(whitepaper(edit), "PTH002", "ready")
        assert found.status is Status.FAIL and "where the view does not map 0329" in found.message

    def test_two_views_need_only_the_ports_of_one(self) -> None:
        def second(text: str) -> str:
            again = text[text.index("Masking View Name") :].replace("_MV", "_MV2")
            return f"{text}\n{again.replace('FA-7E', 'FA-9E').replace('FA-8E', 'FA-10E').replace('07E', '09E').replace('08E', '10E')}"

        assert status(whitepaper({VIEW: second}), "PTH002", "ready").status is Status.PASS


class TestLunsAreTheViews:
    def test_the_view_counts_in_hexadecimal(self) -> None:
        view = replaced("Not Visible                   2\n", "Not Visible                   1A\n")
        found = status(whitepaper({VIEW: view}), "PTH003", "ready")
        assert found.status is Status.FAIL and "c5t4d2 is LUN 2, the view gives 0329 LUN 1A (hex)" in found.message
        paths = {READY: lambda text: text.replace("lun2 ", "lun26").replace("d2   ", "d26  ")}
        assert status(whitepaper({VIEW: view} | paths), "PTH003", "ready").status is Status.PASS

    def test_fails_for_the_lun_of_another_pair(self) -> None:
        found = status(whitepaper({READY: replaced("c5t4d2 ", "c5t4d3 ")}), "PTH003", "ready")
        assert found.status is Status.FAIL and found.findings[0].subject == "0329 <- 075F"
        places = {evidence.place for evidence in found.findings[0].evidence}
        assert places == {line_of(READY, "c5t4d2 "), f"{VIEW}:32"}

    def test_a_path_without_a_lun_is_open(self) -> None:
        found = status(whitepaper({READY: replaced("c5t4d2 ", "sdi    ")}), "PTH003", "ready")
        assert found.status is Status.INCONCLUSIVE and "sdi names no LUN" in found.message


class TestPathsAlive:
    def test_a_dead_source_path_before_activation_is_a_warning_of_its_own(self) -> None:
        edit = replaced("c5t11d6  FA 14cB  active  alive", "c5t11d6  FA 14cB  active  dead ")
        assert status(whitepaper({READY: edit}), "PTH004", "ready").status is Status.PASS
        found = status(whitepaper({READY: edit}), "PTH018", "ready")
        assert found.status is Status.WARN
        assert found.findings[0].message == "source path c5t11d6 on FA 14cB is dead"

    def test_nobody_may_accept_a_dead_target_path(self) -> None:
        assert not catalogue()["PTH004"].waivable and catalogue()["PTH018"].waivable

    def test_a_dead_source_path_is_noted_after_activation(self) -> None:
        edit = replaced("c5t11d6   FA 14cB   active  alive", "c5t11d6   FA 14cB   active  dead ")
        found = status(whitepaper({COPYING: edit}), "PTH018", "copying")
        assert found.status is Status.PASS and "1 source paths are dead" in found.note

    def test_a_dead_target_path_fails_after_activation(self) -> None:
        edit = replaced("c5t4d2    FA 7eC    active  alive", "c5t4d2    FA 7eC    active  dead ")
        found = status(whitepaper({COPYING: edit}), "PTH004", "copying")
        assert found.status is Status.FAIL and "a target path, is dead" in found.message

    def test_without_a_view_a_dead_path_is_open_after_activation(self) -> None:
        edit = replaced("c5t4d2    FA 7eC    active  alive", "c5t4d2    FA 7eC    active  dead ")
        assert status(whitepaper({COPYING: edit}, drop=[VIEW]), "PTH004", "copying").status is Status.INCONCLUSIVE

    def test_fails_for_a_degraded_disk_and_an_unlicensed_path(self) -> None:
        found = status(whitepaper({READY: replaced("state=alive", "state=degraded", 1)}), "PTH004", "ready")
        assert found.status is Status.FAIL and found.findings[0].message == "harddisk14 is degraded"
        edit = replaced("c5t4d2   FA 7eC   active", "c5t4d2   FA 7eC   unlic ")
        found = status(whitepaper({READY: edit}), "PTH004", "ready")
        assert found.status is Status.FAIL and "c5t4d2 on FA 7eC is unlicensed" in found.message

    def test_a_source_path_that_is_left_is_a_matter_of_the_clean_up(self) -> None:
        row = "    5 port5\\path0\\tgt10\\lun6  c5t10d6  FA 14cA  active  dead    0    0\n"
        edit = replaced("    5 port5\\path0\\tgt4\\lun1 ", f"{row}    5 port5\\path0\\tgt4\\lun1 ")
        assert status(whitepaper({CLEANED: edit}), "PTH004", "cleaned").status is Status.PASS
        found = status(whitepaper({CLEANED: edit}), "PTH014", "cleaned")
        assert found.status is Status.FAIL and "c5t10d6 on FA 14cA is left, a source path" in found.message


class TestModeAndPolicyUniform:
    def test_warns_of_another_mode(self) -> None:
        found = status(whitepaper({READY: replaced("FA 7eC   active", "FA 7eC   asb:iopf", 1)}), "PTH005", "ready")
        assert found.status is Status.WARN and found.findings[0].message == "c5t4d1 is in mode asb:iopf"

    def test_warns_of_another_policy(self) -> None:
        found = status(whitepaper({READY: replaced("policy=SymmOpt", "policy=BasicFailover", 1)}), "PTH005", "ready")
        assert (
            found.status is Status.WARN and "harddisk14 has policy BasicFailover, asked for is SymmOpt" in found.message
        )

    def test_the_manifest_may_ask_for_another(self) -> None:
        manifest = replaced("[cluster]", '[policy]\npath_policy = "ADaptive"\n[cluster]')
        assert status(whitepaper(manifest=manifest), "PTH005", "ready").status is Status.WARN


class TestSamePatternForAllPairs:
    def test_warns_of_a_lacking_interface(self) -> None:
        found = status(whitepaper({READY: replaced(ROW, "")}), "PTH006", "ready")
        assert found.status is Status.WARN and found.findings[0].subject == "0329 <- 075F"
        assert found.findings[0].message == "lacks FA 7eC through HBA 5"
        assert line_of(READY, "c5t4d1 ") in {evidence.place for evidence in found.findings[0].evidence}

    def test_says_how_many_interfaces(self) -> None:
        assert status(whitepaper(), "PTH006", "cleaned").message == "every pair has the same 2 interfaces"


class TestAddressesAgree:
    @pytest.mark.parametrize("old, new", [("c5t4d2", "c5t5d2"), ("c5t4d2", "c6t4d2"), ("tgt4\\lun2", "tgt4\\lun9")])
    def test_warns_of_a_row_that_contradicts_itself(self, old: str, new: str) -> None:
        found = status(whitepaper({READY: replaced(old, new)}), "PTH016", "ready")
        assert found.status is Status.WARN and "tell different addresses" in found.message

    def test_warns_when_an_interface_stands_for_two_targets(self) -> None:
        edit = {READY: lambda text: text.replace("tgt4\\lun2", "tgt9\\lun2").replace("c5t4d2", "c5t9d2")}
        found = status(whitepaper(edit), "PTH016", "ready")
        assert found.status is Status.WARN and found.findings[0].subject == "unnamed node"
        assert "one interface of HBA 5 stands for several targets: c5t4d1 on FA 7eC, c5t9d2 on FA 7eC" in found.message

    def test_warns_when_a_target_stands_for_two_interfaces(self) -> None:
        found = status(whitepaper({READY: replaced("c5t4d2   FA 7eC", "c5t4d2   FA 9eC")}), "PTH016", "ready")
        assert found.status is Status.WARN and "one target of HBA 5 stands for several interfaces" in found.message

    def test_other_systems_write_other_addresses(self) -> None:
        import re

        edit = {READY: lambda text: re.sub(r"port5\S+ +c5t(\d+)d(\d+)", r"lpfc  sd\1x\2", text)}
        found = status(whitepaper(edit), "PTH016", "ready")
        assert found.status is Status.NOT_APPLICABLE and "Windows" in found.message
