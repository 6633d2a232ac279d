"""PTH013 to PTH015 on the white paper's clean-up (figures 19 and 20) with one fact changed."""

import pytest

from flmparse.findings import Status
from tests.editing import clean, status, whitepaper, whitepaper_bundle

READY = "3-ready/figure-10.txt"
COPYING = "4-copying/figure-13.txt"
CLEANED = "8-cleaned/figures-19-20.txt"
VIEW = "2-masked/se-host.txt"
SOURCE_ROW = "    5 port5\\path0\\tgt10\\lun6  c5t10d6  FA 14cA  active  alive    0    0\n"
FIRST_ROW = "    5 port5\\path0\\tgt4\\lun1    c5t4d1   FA 7eC "
NOTHING = "C:\\> hostname\nMSTPM3032\n\nC:\\>\n"
"""A log of the gate that shows no step of it."""
SAVE = "\n\nC:\\> powermt save\n\nC:\\>\n"


def replaced(old: str, new: str, count: int = -1):
    return lambda text: text.replace(old, new, count)


def without(words: str):
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if words not in line)


def text_of(name: str) -> str:
    return next(capture.text for capture in whitepaper_bundle().captures if capture.name == name)


def one_node(text: str) -> str:
    return text.replace("node_count = 2", "node_count = 1")


class TestRefusedAreTheTargets:
    def test_passes(self) -> None:
        found = status(whitepaper(), "PTH013", "cleaned")
        assert (found.status, found.message) == (Status.PASS, "8 paths refused, all of them target paths")

    def test_fails_for_a_source_path(self) -> None:
        edit = replaced("in use: c5t4d1\n", "in use: c5t10d6\nCannot remove device that is in use: c5t4d1\n")
        found = status(whitepaper({CLEANED: edit}), "PTH013", "cleaned")
        assert found.status is Status.FAIL and found.findings[0].subject == "0328 <- 0720"
        assert "c5t10d6 was refused and is a source path: still accessible, unmask incomplete" in found.message
        assert {evidence.capture for evidence in found.findings[0].evidence} == {COPYING, CLEANED}

    def test_a_source_path_that_only_an_older_display_has_fails_too(self) -> None:
        edits = {
            COPYING: without("c5t10d6 "),
            CLEANED: replaced("in use: c5t4d1\n", "in use: c5t10d6\nCannot remove device that is in use: c5t4d1\n"),
        }
        assert status(whitepaper(edits), "PTH013", "cleaned").status is Status.FAIL

    def test_fails_for_a_target_path_that_was_removed(self) -> None:
        edit = replaced("Cannot remove device that is in use: c5t4d1\n", "")
        found = status(whitepaper({CLEANED: edit}), "PTH013", "cleaned")
        assert found.status is Status.FAIL and "target path c5t4d1 was not refused: it was removed" in found.message

    def test_fails_when_nothing_was_refused(self) -> None:
        found = status(whitepaper({CLEANED: without("Cannot remove")}), "PTH013", "cleaned")
        assert found.status is Status.FAIL and len(found.findings) == 8

    def test_a_disk_outside_the_migration_may_be_in_use(self) -> None:
        other = text_of(COPYING)[text_of(COPYING).index("Pseudo name=harddisk17") :].replace("07E9", "0AAA")
        other = other.replace("harddisk17", "harddisk30").replace("c5t", "c5t2").replace("tgt", "tgt2")
        edits = {
            COPYING: lambda text: f"{text}\n{other}",
            CLEANED: replaced("in use: c5t4d1\n", "in use: c5t24d4\nCannot remove device that is in use: c5t4d1\n"),
        }
        assert status(whitepaper(edits), "PTH013", "cleaned").status is Status.PASS

    def test_a_path_that_nobody_displayed_is_open(self) -> None:
        edit = replaced("in use: c5t4d1\n", "in use: c5t77d1\nCannot remove device that is in use: c5t4d1\n")
        found = status(whitepaper({CLEANED: edit}), "PTH013", "cleaned")
        assert found.status is Status.INCONCLUSIVE and "c5t77d1 was refused and is in no display" in found.message

    def test_a_target_path_that_another_node_displayed_is_open(self) -> None:
        refused = "in use: c3t4d9\n"
        edits = {
            "4-copying/EXCH02.txt": replaced("c3t4d9 ", "c3t44d9"),
            "8-cleaned/EXCH02.txt": replaced(refused, "in use: c3t44d9\n"),
            "8-cleaned/EXCH01.txt": replaced(refused, f"in use: c3t44d9\nCannot remove device that is {refused}"),
        }
        found = status(clean(edits), "PTH013", "cleaned")
        assert found.status is Status.INCONCLUSIVE
        assert "EXCH01: c3t44d9 was refused and is in no display" in found.message

    def test_a_source_path_that_another_node_displayed_is_open(self) -> None:
        refused = "in use: c3t4d9\n"
        edits = {
            "4-copying/EXCH02.txt": replaced("c3t10d6 ", "c3t40d6 "),
            "8-cleaned/EXCH01.txt": replaced(refused, f"in use: c3t40d6\nCannot remove device that is {refused}"),
        }
        found = status(clean(edits), "PTH013", "cleaned")
        assert found.status is Status.INCONCLUSIVE
        assert "EXCH01: c3t40d6 was refused and is in no display" in found.message

    def test_of_two_removals_in_no_known_order_none_is_the_last(self) -> None:
        removal = text_of(CLEANED)[: text_of(CLEANED).index("C:\\> powermt display")]
        node = "#flm node=MSTPM3032\n"
        edits = {CLEANED: lambda text: node + text, COPYING: lambda text: node + text}
        found = status(whitepaper(edits, add={"8-cleaned/other.txt": node + removal}), "PTH013", "cleaned")
        assert found.status is Status.INCONCLUSIVE
        assert "MSTPM3032: nothing tells which powermt remove was the last" in found.message

    def test_inconclusive_without_a_display_before_or_the_command(self) -> None:
        found = status(whitepaper(drop=[READY, COPYING]), "PTH013", "cleaned")
        assert found.status is Status.INCONCLUSIVE and "no display of the same node" in found.message
        found = status(whitepaper({CLEANED: lambda _: NOTHING}), "PTH013", "cleaned")
        assert found.status is Status.INCONCLUSIVE and "powermt remove" in found.message

    def test_part_of_the_devices_proves_nothing(self) -> None:
        edit = replaced("powermt remove dev=all", "powermt remove dev=harddisk14")
        found = status(whitepaper({CLEANED: edit}), "PTH013", "cleaned")
        assert found.status is Status.INCONCLUSIVE and "did not ask for dev=all" in found.message


class TestOnlyTargetsRemain:
    def test_passes(self) -> None:
        found = status(whitepaper(), "PTH014", "cleaned")
        assert found.status is Status.PASS
        assert found.message == "8 paths remain, all target paths; 8 source paths went"

    def test_fails_for_a_source_path_left(self) -> None:
        found = status(whitepaper({CLEANED: replaced(FIRST_ROW, SOURCE_ROW + FIRST_ROW)}), "PTH014", "cleaned")
        assert found.status is Status.FAIL and found.findings[0].subject == "0328 <- 0720"
        assert found.findings[0].message == "c5t10d6 on FA 14cA is left, a source path"

    def test_fails_for_a_target_path_gone(self) -> None:
        found = status(whitepaper({CLEANED: without("c5t4d2   FA")}), "PTH014", "cleaned")
        assert found.status is Status.FAIL and "target path c5t4d2 on FA 7eC is gone" in found.message
        assert {evidence.capture for evidence in found.findings[0].evidence} == {COPYING, CLEANED}

    def test_fails_for_powermt_check(self) -> None:
        edit = replaced("C:\\> powermt display", "C:\\> powermt check force\n\nC:\\> powermt display")
        found = status(whitepaper({CLEANED: edit}), "PTH014", "cleaned")
        assert found.status is Status.FAIL and "powermt check was used" in found.message

    def test_a_powermt_command_that_nobody_knows_may_have_been_a_check(self) -> None:
        edit = replaced("C:\\> powermt display", "C:\\> powermt ch~ck force\n\nC:\\> powermt display")
        found = status(whitepaper({CLEANED: edit}), "PTH014", "cleaned")
        assert found.status is not Status.PASS
        assert any("'powermt ch~ck force' did is not known" in finding.message for finding in found.findings)

    def test_a_check_before_masking_is_house_keeping(self) -> None:
        add = {"0-prepare/node.txt": "C:\\> powermt check\n\nC:\\>\n"}
        assert status(whitepaper(add=add), "PTH014", "cleaned").status is Status.PASS

    @pytest.mark.parametrize("dropped", [[READY, COPYING], [VIEW]])
    def test_inconclusive_without_one_of_the_displays_or_the_view(self, dropped: list[str]) -> None:
        assert status(whitepaper(drop=dropped), "PTH014", "cleaned").status is Status.INCONCLUSIVE

    def test_inconclusive_without_the_last_display(self) -> None:
        assert status(whitepaper({CLEANED: lambda _: NOTHING}), "PTH014", "cleaned").status is Status.INCONCLUSIVE

    def test_another_node_is_not_compared(self) -> None:
        found = status(whitepaper({CLEANED: lambda text: f"#flm node=N2\n{text}"}), "PTH014", "cleaned")
        assert found.status is Status.INCONCLUSIVE
        assert {finding.subject for finding in found.findings} == {"unnamed node", "N2"}


class TestConfigurationSaved:
    def test_the_white_paper_shows_no_command(self) -> None:
        found = status(whitepaper(), "PTH015", "cleaned")
        assert found.status is Status.INCONCLUSIVE and found.not_captured == (
            "powermt save: no output of it was captured. Do not run it for the record.",
        )

    def test_passes_for_the_only_node(self) -> None:
        found = status(whitepaper({CLEANED: lambda text: text + SAVE}, manifest=one_node), "PTH015", "cleaned")
        assert found.status is Status.PASS

    def test_one_of_two_nodes_is_not_enough(self) -> None:
        edit = {CLEANED: lambda text: f"#flm node=MSTPM3032\n{text}{SAVE}"}
        found = status(whitepaper(edit), "PTH015", "cleaned")
        assert found.status is Status.INCONCLUSIVE and "powermt save of 1 of 2 known nodes (MSTPM3032)" in found.message

    def test_a_save_before_the_removal_is_too_early(self) -> None:
        edit = {CLEANED: lambda text: "C:\\> powermt save\n" + text}
        found = status(whitepaper(edit, manifest=one_node), "PTH015", "cleaned")
        assert found.status is Status.INCONCLUSIVE and "paths changed after it" in found.message

    def test_fails_for_a_save_that_went_wrong(self) -> None:
        failed = "\n\nC:\\> powermt save\nInitialization error.\n\nC:\\>\n"
        found = status(whitepaper({CLEANED: lambda text: text + failed}, manifest=one_node), "PTH015", "cleaned")
        assert found.status is Status.FAIL and "powermt save did not succeed" in found.message
