"""CLU001, CLU002, CLU009: the white paper shows one node of two; here the second one is added, and then spoilt."""

from collections.abc import Callable, Mapping

import pytest

from flmparse.collection import Collection
from flmparse.findings import Status
from tests.editing import status, whitepaper, whitepaper_bundle

DISKPART = "3-ready/figure-09.txt"
READY = "3-ready/figure-10.txt"
SECOND = "3-ready/second.txt"
CLEANED = "8-cleaned/figures-19-20.txt"
RESCAN = """C:\\> diskpart

Microsoft DiskPart version 6.1.7601
Copyright (C) 1999-2008 Microsoft Corporation.
On computer: {0}

DISKPART> rescan

Please wait while DiskPart scans your configuration...
DiskPart has finished scanning your configuration.
DISKPART> exit

Leaving DiskPart...

C:\\>
"""


def text_of(name: str) -> str:
    return next(capture.text for capture in whitepaper_bundle().captures if capture.name == name)


def on(node: str) -> Callable[[str], str]:
    return lambda text: f"#flm node={node}\n{text}"


def second_node(text: str) -> str:
    return f'{text}\n[[node]]\nname = "N2"\n'


def two_nodes(
    second: Callable[[str], str] = lambda text: text,
    edits: Mapping[str, Callable[[str], str]] | None = None,
    add: Mapping[str, str] | None = None,
) -> Collection:
    """Return the white paper with its display named and a display of a second node, ``second`` applied to that."""
    display = second(text_of(READY))
    added = {SECOND: on("N2")(display)} | dict(add or {})
    return whitepaper({READY: on("MSTPM3032")} | dict(edits or {}), add=added, manifest=second_node)


class TestEveryNodeCaptured:
    @pytest.mark.parametrize("gate", ["ready", "copying", "cleaned"])
    def test_the_white_paper_shows_one_display_without_a_name(self, gate: str) -> None:
        found = status(whitepaper(), "CLU001", gate)
        assert found.status is Status.INCONCLUSIVE and found.findings[0].subject == "cluster"
        assert "powermt display of 0 of 2 known nodes (one of no known node)" in found.message

    def test_passes_with_both_nodes(self) -> None:
        found = status(two_nodes(), "CLU001", "ready")
        assert (found.status, found.message) == (Status.PASS, "powermt display of MSTPM3032, N2")

    def test_passes_for_the_only_node(self) -> None:
        one = whitepaper(manifest=lambda text: text.replace("node_count = 2", "node_count = 1"))
        assert status(one, "CLU001", "ready").status is Status.PASS

    def test_two_displays_of_one_node_count_once(self) -> None:
        again = whitepaper({READY: on("MSTPM3032")}, add={SECOND: on("mstpm3032.example.com")(text_of(READY))})
        found = status(again, "CLU001", "ready")
        assert found.status is Status.INCONCLUSIVE and "1 of 2 known nodes" in found.message

    def test_a_copied_file_is_no_second_node(self) -> None:
        display = text_of(READY)
        add = {"3-ready/MSTPM3032.txt": display, "3-ready/N2.txt": display}
        found = status(whitepaper(drop=[READY], add=add, manifest=second_node), "CLU001", "ready")
        assert found.status is Status.INCONCLUSIVE and "are the same file, of different nodes" in found.message

    def test_a_file_that_names_another_computer_is_no_second_node(self) -> None:
        named = f"C:\\> hostname\nMSTPM3032\n\n{text_of(READY)}"
        add = {"3-ready/MSTPM3032.txt": named, "3-ready/N2.txt": f"{named}\n"}
        found = status(whitepaper(drop=[READY], add=add, manifest=second_node), "CLU001", "ready")
        assert found.status is Status.INCONCLUSIVE
        assert "filed under N2, but the log itself names MSTPM3032" in found.message

    def test_a_display_older_than_the_nodes_rescan_does_not_count(self) -> None:
        late = {"3-ready/n2-rescan.txt": f"#flm node=N2 time=2011-01-05T12:00:00Z\n{RESCAN.format('N2')}"}
        early = {SECOND: f"#flm node=N2 time=2011-01-05T11:00:00Z\n{text_of(READY)}"}
        found = status(two_nodes(add=late | early), "CLU001", "ready")
        assert found.status is Status.INCONCLUSIVE and "captured before rescan" in found.message
        misfiled = {"3-ready/n2-rescan.txt": f"#flm node=MSTPM3032 time=2011-01-05T12:00:00Z\n{RESCAN.format('N2')}"}
        assert status(two_nodes(add=misfiled | early), "CLU001", "ready").status is Status.INCONCLUSIVE

    def test_a_node_that_the_manifest_does_not_list_is_none(self) -> None:
        found = status(
            whitepaper({READY: on("MSTPM3032")}, add={SECOND: on("OTHER")(text_of(READY))}, manifest=second_node),
            "CLU001",
            "ready",
        )
        assert found.status is Status.INCONCLUSIVE and "missing N2" in found.message

    def test_inconclusive_when_the_number_of_nodes_is_not_known(self) -> None:
        unknown = whitepaper(manifest=lambda text: text.replace("node_count = 2", "").split("[[node]]")[0])
        found = status(unknown, "CLU001", "ready")
        assert found.status is Status.INCONCLUSIVE and "how many nodes" in found.message

    def test_inconclusive_without_a_display(self) -> None:
        assert status(whitepaper(drop=[READY]), "CLU001", "ready").status is Status.INCONCLUSIVE


class TestNodesSeeTheSame:
    @pytest.mark.parametrize("gate", ["ready", "copying", "cleaned"])
    def test_one_node_is_not_compared(self, gate: str) -> None:
        found = status(whitepaper(), "CLU002", gate)
        assert found.status is Status.INCONCLUSIVE and "0 of 2 known nodes" in found.message

    def test_passes_with_two_that_agree(self) -> None:
        other_names = two_nodes(lambda text: text.replace("harddisk1", "harddisk2").replace("c5t", "c7t"))
        found = status(other_names, "CLU002", "ready")
        assert found.status is Status.PASS and found.message == "2 nodes see the 4 pairs on the same ports and LUNs"

    def test_fails_for_a_disk_that_a_node_lacks(self) -> None:
        def three(text: str) -> str:
            start, end = text.index("Pseudo name=harddisk15"), text.index("Pseudo name=harddisk16")
            return f"{text[:start]}{text[end:]}\nC:\\>\n"

        found = status(two_nodes(three), "CLU002", "ready")
        assert found.status is Status.FAIL and found.findings[0].subject == "0329 <- 075F on N2"
        assert "lacks 07E:2 LUN 2, 08E:2 LUN 2, which MSTPM3032 sees" in found.message
        assert {evidence.capture for evidence in found.findings[0].evidence} == {READY, SECOND}

    def test_a_display_that_may_be_cut_proves_no_lack(self) -> None:
        cut = two_nodes(lambda text: text[: text.index("Pseudo name=harddisk17")])
        found = status(cut, "CLU002", "ready")
        assert found.status is Status.INCONCLUSIVE and "the end of its display is not proved" in found.message

    def test_fails_for_a_port_that_a_node_lacks(self) -> None:
        lacking = two_nodes(lambda text: "".join(x for x in text.splitlines(keepends=True) if "c5t4d2 " not in x))
        found = status(lacking, "CLU002", "ready")
        assert found.status is Status.FAIL and "lacks 07E:2 LUN 2" in found.message

    def test_fails_for_another_lun(self) -> None:
        found = status(two_nodes(lambda text: text.replace("c5t4d2 ", "c5t4d9 ")), "CLU002", "ready")
        assert found.status is Status.FAIL
        assert {finding.subject for finding in found.findings} == {"0329 <- 075F on N2", "0329 <- 075F on MSTPM3032"}

    def test_warns_of_another_number_of_source_paths(self) -> None:
        fewer = two_nodes(lambda text: "".join(x for x in text.splitlines(keepends=True) if "c5t11d54" not in x))
        found = status(fewer, "CLU002", "ready")
        assert found.status is Status.WARN and "source paths differ: MSTPM3032 2, N2 1" in found.message


class TestRescannedOnEveryNode:
    def test_the_white_paper_rescans_one_of_two_nodes(self) -> None:
        found = status(whitepaper(), "CLU009", "ready")
        assert found.status is Status.INCONCLUSIVE and "rescan of 1 of 2 known nodes (MSTPM3032)" in found.message
        found = status(whitepaper(), "CLU009", "cleaned")
        assert found.status is Status.INCONCLUSIVE and "rescan of 0 of 2 known nodes (none)" in found.message

    def test_passes_with_both_wherever_they_are_filed(self) -> None:
        filed = whitepaper(add={"3-ready/MSTPM3032/again.txt": RESCAN.format("N2")}, manifest=second_node)
        found = status(filed, "CLU009", "ready")
        assert (found.status, found.message) == (Status.PASS, "rescanned: MSTPM3032, N2")

    def test_a_rescan_before_activation_is_none_after_the_unmask(self) -> None:
        both = whitepaper(add={"3-ready/second.txt": RESCAN.format("N2")}, manifest=second_node)
        assert status(both, "CLU009", "cleaned").status is Status.INCONCLUSIVE
        after = {f"8-cleaned/{name}.txt": RESCAN.format(name) for name in ("MSTPM3032", "N2")}
        assert status(whitepaper(add=after, manifest=second_node), "CLU009", "cleaned").status is Status.PASS

    def test_fails_for_a_rescan_that_did_not_finish(self) -> None:
        stopped = RESCAN.format("N2").replace("DiskPart has finished scanning your configuration.\n", "")
        found = status(whitepaper(add={"3-ready/second.txt": stopped}), "CLU009", "ready")
        assert found.status is Status.FAIL and found.findings[0].subject == "N2"
        assert found.findings[0].message == "a rescan was begun and did not finish"

    def test_a_later_rescan_that_finished_makes_it_good(self) -> None:
        stopped = RESCAN.format("N2").replace("DiskPart has finished scanning your configuration.\n", "")
        both = whitepaper(add={"3-ready/second.txt": stopped + RESCAN.format("N2")}, manifest=second_node)
        assert status(both, "CLU009", "ready").status is Status.PASS

    def test_diskpart_without_a_rescan_counts_for_nothing(self) -> None:
        banner = RESCAN.format("N2").split("DISKPART> rescan")[0] + "DISKPART> exit\n\nC:\\>\n"
        found = status(whitepaper(add={"3-ready/second.txt": banner}, manifest=second_node), "CLU009", "ready")
        assert found.status is Status.INCONCLUSIVE and "missing N2" in found.message

    def test_inconclusive_without_any(self) -> None:
        assert status(whitepaper(drop=[DISKPART]), "CLU009", "ready").status is Status.INCONCLUSIVE
