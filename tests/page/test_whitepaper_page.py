"""The white paper's contradictions stand in its compliance report with the lines that show them, and nothing else is accused.

What is a defect and what only looks like one: figure 8's total and figure 18's rows are explained, figure 13 proves no cutover,
figure 15's answer stands under another command, figure 19's refusals are the expected ones, figure 20 leaves errors.
"""

import re

import pytest

from flmparse.findings import Status
from flmparse.render import render_report
from tests.page.pages import compliance, page_of

SHOWN = [
    # figure 8: one initiator for two nodes
    ("masked-MSK005", "fail", "1 initiator (210000e08b1e45f9) for 2 nodes", {"2-masked/se-host.txt": {6, 13}}),
    # figure 8: 34524 MB is neither the sum nor a multiple of it, and is no defect
    ("masked-CAP004", "pass", "34524 MB, its 4 devices show 12188 MB", {"2-masked/se-host.txt": {29, 38}}),
    # figures 8 and 17: another host saw the sources
    ("unmasked-MSK006", "fail", "10000000c953f9f3", {"7-unmasked/se-host.txt": {2}, "2-masked/se-host.txt": {13}}),
    ("unmasked-MSK007", "warn", "210000e08b1e45f9", {"7-unmasked/se-host.txt": {2}, "2-masked/se-host.txt": {13}}),
    # figure 17: an option that does not exist
    ("unmasked-EVD005", "warn", "no option -wnn", {"7-unmasked/se-host.txt": {2}}),
    # figure 18: the rows that are left are the target's own ports
    ("unmasked-SAN005", "pass", "8 entries of 2 array ports", {"7-unmasked/se-host.txt": {19, 20}}),
    ("cleaned-SAN005", "warn", "port 07E:0 of the target has 4 entries left", {"7-unmasked/se-host.txt": {19, 21}}),
    # figure 13 against figure 10
    (
        "copying-PTH012",
        "pass",
        "no evidence of the cutover",
        {"4-copying/figure-13.txt": {2}, "3-ready/figure-10.txt": {1}},
    ),
    # figure 14: called complete, 136940 tracks left
    ("copied-SES015", "inconclusive", "136940 tracks left", {"4-copying/se-host.txt": {34, 35}}),
    # figure 15: verify's answer under query
    ("copied-EVD004", "warn", "symrcopy_verify under the command", {"5-copied/se-host.txt": {1, 3}}),
    ("terminated-SES018", "inconclusive", "not proved Copied", {"6-terminated/se-host.txt": {2}}),
    # figure 20: one error on each of the eight paths
    ("cleaned-PTH009", "warn", "8 errors on 8 of 8 paths", {"8-cleaned/figures-19-20.txt": {25, 26}}),
]


@pytest.mark.parametrize(("anchor", "status", "message", "lines"), SHOWN, ids=[item[0] for item in SHOWN])
def test_a_contradiction_is_shown_with_its_lines(
    anchor: str, status: str, message: str, lines: dict[str, set[int]]
) -> None:
    page = page_of("paper")
    article = page.get_element_by_id(anchor)
    assert article.tag == "article" and article.get("data-status") == status
    assert message in re.sub(r"\s+", " ", article.text_content())
    numbers = {capture.name: number for number, capture in enumerate(compliance().captures, 1)}
    cited = set(article.xpath(".//pre/a/@href"))
    assert {f"#capture-{numbers[name]}-L{line}" for name, found in lines.items() for line in found} <= cited


def test_what_figure_19_refuses_is_what_must_stay() -> None:
    row = page_of("paper").get_element_by_id("cleaned-PTH013")
    assert (row.tag, row.get("data-status")) == ("tr", "pass")
    assert "8 paths refused, all of them target paths" in row.text_content()
    assert "8-cleaned/figures-19-20.txt:4-11" in row.xpath(".//td[@class='places']/a/text()")


def test_nothing_else_is_accused() -> None:
    accused = {
        (view.rule, gate.word)
        for gate in compliance().gates
        for view in gate.results
        if view.status in (Status.FAIL, Status.ERROR)
    }
    assert accused == {
        ("MSK005", "masked"), ("MSK005", "ready"), ("MSK005", "copying"), ("MSK005", "cleaned"),
        ("MSK006", "unmasked"), ("MSK006", "cleaned"),
    }  # fmt: skip


def test_markdown_shows_them_too() -> None:
    shown = re.sub(r"\\(.)", r"\1", str(render_report(compliance(), "md")))
    assert not [message for _, _, message, _ in SHOWN if message not in shown]
    assert "2-masked/se-host.txt:6,13" in shown and "    13 |     WWN   : 210000e08b1e45f9" in shown
