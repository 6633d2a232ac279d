"""PTH007 to PTH012 on the white paper's displays (figures 10, 13, 20) with one fact changed."""

import pytest

from flmparse.findings import Status
from tests.editing import status, whitepaper, whitepaper_bundle

READY = "3-ready/figure-10.txt"
COPYING = "4-copying/figure-13.txt"
CLEANED = "8-cleaned/figures-19-20.txt"
VIEW = "2-masked/se-host.txt"


def replaced(old: str, new: str, count: int = -1):
    return lambda text: text.replace(old, new, count)


def text_of(name: str) -> str:
    return next(capture.text for capture in whitepaper_bundle().captures if capture.name == name)


def second_hba(text: str) -> str:
    """Return a display with each path row once more, through HBA 6."""
    lines = []
    for line in text.splitlines(keepends=True):
        lines.append(line)
        if line.startswith("    5 port5"):
            lines.append(line.replace("    5 port5", "    6 port6").replace(" c5t", " c6t"))
    return "".join(lines)


def without(words: str):
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if words not in line)


@pytest.mark.parametrize(
    "rule, gate, expected",
    [
        ("PTH007", "ready", Status.WARN),
        ("PTH007", "cleaned", Status.WARN),
        ("PTH008", "ready", Status.PASS),
        ("PTH008", "copying", Status.PASS),
        ("PTH008", "cleaned", Status.PASS),
        ("PTH009", "ready", Status.PASS),
        ("PTH009", "copying", Status.PASS),
        ("PTH009", "cleaned", Status.WARN),
        ("PTH010", "copying", Status.PASS),
        ("PTH010", "copied", Status.PASS),
        ("PTH011", "copying", Status.PASS),
        ("PTH011", "cleaned", Status.PASS),
        ("PTH012", "copying", Status.PASS),
    ],
)
@pytest.mark.parametrize("profile", ["paper", "strict"])
def test_the_white_paper(rule: str, gate: str, expected: Status, profile: str) -> None:
    assert status(whitepaper(), rule, gate, profile).status is expected


@pytest.mark.parametrize("rule", ["PTH007", "PTH008", "PTH009"])
def test_no_display_is_no_proof(rule: str) -> None:
    assert status(whitepaper(drop=[READY]), rule, "ready").status is Status.INCONCLUSIVE


@pytest.mark.parametrize("rule", ["PTH010", "PTH011", "PTH012"])
@pytest.mark.parametrize("dropped, gate", [(READY, "of gate ready"), (COPYING, "captured before activate")])
def test_both_moments_are_needed(rule: str, dropped: str, gate: str) -> None:
    found = status(whitepaper(drop=[dropped]), rule, "copying")
    assert found.status is Status.INCONCLUSIVE and gate in found.message


class TestNoSingleWay:
    def test_warns_of_a_single_hba(self) -> None:
        found = status(whitepaper(), "PTH007", "ready")
        assert found.findings[0].subject == "unnamed node" and found.message.endswith(
            "all 8 target paths through HBA 5"
        )
        assert len(found.findings[0].evidence) == 8

    def test_passes_with_two_and_notes_the_single_source_director(self) -> None:
        found = status(whitepaper({READY: second_hba}), "PTH007", "ready")
        assert found.status is Status.PASS and "all source paths on director 14C" in found.note

    def test_names_the_pairs_where_only_some_have_one(self) -> None:
        def partly(text: str) -> str:
            cut = text.index("Pseudo name=harddisk17")
            return second_hba(text[:cut]) + text[cut:]

        found = status(whitepaper({READY: partly}), "PTH007", "ready")
        assert found.status is Status.WARN and "all 2 target paths of 032B <- 07E9 through HBA 5" in found.message

    def test_warns_of_a_single_target_director(self) -> None:
        view = {VIEW: lambda text: text.replace("FA-8E:0", "FA-7E:1").replace("08E:0", "07E:1")}
        edits = view | {READY: lambda text: second_hba(text).replace("FA 8eC", "FA 7eD")}
        found = status(whitepaper(edits), "PTH007", "ready")
        assert found.status is Status.WARN and "all 16 target paths on director 07E" in found.message

    def test_nothing_displayed_is_no_redundancy(self) -> None:
        found = status(whitepaper({READY: without("port5")}), "PTH007", "ready")
        assert found.status is Status.INCONCLUSIVE


class TestQueuesAddUp:
    def test_warns_of_a_sum_that_is_wrong(self) -> None:
        found = status(whitepaper({READY: replaced("queued-IOS=1", "queued-IOS=2")}), "PTH008", "ready")
        assert found.status is Status.WARN and found.findings[0].subject == "032B <- 07E9"
        assert found.findings[0].message == "harddisk17 queues 2, its paths together 1"
        assert len(found.findings[0].evidence) == 5

    def test_warns_of_io_on_a_target_path_before_activation_only(self) -> None:
        def queued(text: str) -> str:
            row = "FA 7eC   active  alive    0" if "FA 7eC   active " in text else "FA 7eC    active  alive    0"
            return text.replace(row, row[:-1] + "1", 1).replace("queued-IOS=0", "queued-IOS=1", 1)

        found = status(whitepaper({READY: queued}), "PTH008", "ready")
        assert found.status is Status.WARN
        assert found.findings[0].message == "c5t4d1 is a target path and queues 1 before activation"
        assert status(whitepaper({COPYING: queued}), "PTH008", "copying").status is Status.PASS

    def test_warns_of_a_long_queue(self) -> None:
        edit = {
            READY: lambda t: t.replace("alive    1    0", "alive    9    0").replace("queued-IOS=1", "queued-IOS=9")
        }
        found = status(whitepaper(edit), "PTH008", "ready")
        assert found.status is Status.WARN and "c5t11d150 queues 9, policy allows 8" in found.message

    def test_a_doubled_row_does_not_make_a_sum_right(self) -> None:
        def doubled(text: str) -> str:
            row = next(line for line in text.splitlines(keepends=True) if "alive    1    0" in line)
            return text.replace(row, row * 2).replace("queued-IOS=1", "queued-IOS=2")

        assert status(whitepaper({READY: doubled}), "PTH008", "ready").status is Status.WARN


class TestNoErrors:
    def test_a_uniform_count_is_one_event(self) -> None:
        found = status(whitepaper(), "PTH009", "cleaned")
        assert found.status is Status.WARN and found.findings[0].subject == "unnamed node"
        assert found.findings[0].message == (
            "8 errors on 8 of 8 paths, 0 in the capture before (4-copying/figure-13.txt): 1 on every path,"
            " one common event since 4-copying/figure-13.txt"
        )
        assert {evidence.capture for evidence in found.findings[0].evidence} == {CLEANED, COPYING}

    def test_uneven_counts_are_told_apart(self) -> None:
        found = status(
            whitepaper({CLEANED: replaced("alive    0    1\n", "alive    0    7\n", 1)}), "PTH009", "cleaned"
        )
        assert found.status is Status.WARN and "uneven (1, 7), a path may be failing" in found.message

    def test_warns_before_activation_too(self) -> None:
        found = status(whitepaper({READY: replaced("alive    1    0", "alive    1    3")}), "PTH009", "ready")
        assert found.status is Status.WARN and "3 errors on 1 of 16 paths" in found.message

    def test_passes_when_a_second_reading_is_the_same(self) -> None:
        display = text_of(CLEANED)[text_of(CLEANED).index("C:\\> powermt display") :]
        found = status(whitepaper({CLEANED: lambda text: f"{text}\n{display}"}), "PTH009", "cleaned")
        assert found.status is Status.PASS and "none since" in found.note

    def test_warns_when_a_second_reading_has_grown(self) -> None:
        display = text_of(CLEANED)[text_of(CLEANED).index("C:\\> powermt display") :]
        grown = display.replace("alive    0    1\n", "alive    0    2\n", 1)
        found = status(whitepaper({CLEANED: lambda text: f"{text}\n{grown}"}), "PTH009", "cleaned")
        assert found.status is Status.WARN and "9 errors on 8 of 8 paths, 8 in the capture before" in found.message

    def test_passes_when_a_second_reading_is_clear(self) -> None:
        display = text_of(CLEANED)[text_of(CLEANED).index("C:\\> powermt display") :]
        clear = display.replace("alive    0    1\n", "alive    0    0\n")
        assert status(whitepaper({CLEANED: lambda text: f"{text}\n{clear}"}), "PTH009", "cleaned").status is Status.PASS


class TestSourcesKeptUntilTerminate:
    def test_warns_of_a_source_path_that_is_gone(self) -> None:
        for gate in ("copying", "copied"):
            found = status(whitepaper({COPYING: without("c5t11d54 ")}), "PTH010", gate)
            assert found.status is Status.WARN and found.findings[0].subject == "0329 <- 075F"
            assert "source path c5t11d54 on FA 14cB is gone" in found.message

    def test_warns_of_powermt_remove_before_terminate(self) -> None:
        log = "C:\\> powermt remove dev=all\n\nC:\\>\n"
        found = status(whitepaper(add={"4-copying/remove.txt": log}), "PTH010", "copying")
        assert found.status is Status.WARN and "powermt remove was run before terminate" in found.message

    def test_another_node_is_not_compared(self) -> None:
        found = status(whitepaper({COPYING: lambda text: f"#flm node=N2\n{text}"}), "PTH010", "copying")
        assert found.status is Status.INCONCLUSIVE and found.findings[0].subject == "unnamed node"


class TestNoTargetLostSinceReady:
    def test_fails_for_a_path_that_is_gone(self) -> None:
        found = status(whitepaper({COPYING: without("c5t4d2 ")}), "PTH011", "copying")
        assert found.status is Status.FAIL and found.findings[0].subject == "0329 <- 075F"
        assert found.findings[0].message == "target path c5t4d2 on FA 7eC is gone"
        assert {evidence.capture for evidence in found.findings[0].evidence} == {READY, COPYING}

    def test_fails_for_a_path_that_is_dead(self) -> None:
        edit = replaced("FA 7eC   active alive", "FA 7eC   active dead ", 1)
        found = status(whitepaper({CLEANED: edit}), "PTH011", "cleaned")
        assert found.status is Status.FAIL and found.findings[0].message == "target path c5t4d1 is dead"

    def test_another_target_number_is_the_same_path(self) -> None:
        edit = {COPYING: lambda text: text.replace("c5t4d", "c5t9d").replace("tgt4", "tgt9")}
        assert status(whitepaper(edit), "PTH011", "copying").status is Status.PASS

    def test_another_node_is_not_compared(self) -> None:
        found = status(whitepaper({COPYING: lambda text: f"#flm node=N2\n{text}"}), "PTH011", "copying")
        assert found.status is Status.INCONCLUSIVE


class TestPowermtIsNoProof:
    def test_the_same_display_proves_nothing(self) -> None:
        found = status(whitepaper(), "PTH012", "copying")
        assert (
            found.note
            == "powermt before and after activation is the same but for counters: no evidence of the cutover in it"
        )
        assert {evidence.capture for evidence in found.findings[0].evidence} == {READY, COPYING}

    def test_says_what_differs(self) -> None:
        found = status(whitepaper({COPYING: without("c5t11d54 ")}), "PTH012", "copying")
        assert found.status is Status.PASS and "before only c5t11d54; after only none" in found.note
