"""The page: every link leads somewhere, counts add up, findings lead to their lines and back, and large migrations stay readable."""

import re

import pytest
from lxml import html

from flmparse.assessment import assess
from flmparse.findings import Status
from flmparse.render import limits, render_report
from flmparse.render.context import report_of
from flmparse.render.listings import sheets
from flmparse.render.report import answers
from flmparse.render.wording import visible
from tests.editing import whitepaper
from tests.page.pages import REPORTS, compliance, page_of, simulated, text_of


@pytest.mark.parametrize("name", REPORTS)
def test_every_link_leads_to_one_place_on_the_page(name: str) -> None:
    page = page_of(name)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)) and not [id for id in ids if re.search(r"\s", id)]
    targets = page.xpath("//@href")
    assert len(targets) > 30 and {target[0] for target in targets} == {"#"}
    assert {target[1:] for target in targets} <= set(ids)
    labelled = {name for names in page.xpath("//@aria-labelledby") for name in names.split()}
    assert labelled | set(page.xpath("//label/@for")) <= set(ids)


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_captured_runs_or_loads(name: str) -> None:
    page = page_of(name)
    attributes = {attribute for element in page.iter() for attribute in element.attrib}
    assert not [attribute for attribute in attributes if attribute.startswith("on") or attribute in ("src", "action")]
    assert len(page.xpath("//script")) == 1 and not page.xpath("//link | //iframe | //object | //embed | //base")
    assert "javascript:" not in "".join(page.xpath("//@href"))


def test_anchors_that_others_may_link_to() -> None:
    ids = set(page_of("paper").xpath("//@id"))
    report = compliance()
    wanted = {f"gate-{gate.word}" for gate in report.gates}
    wanted |= {f"{gate.word}-{view.rule}" for gate in report.gates for view in gate.results}
    wanted |= {f"rule-{row.rule}" for row in report.rule_rows}
    wanted |= {"pair-0328-0720", "pair-0329-075F", "pair-032A-07B6", "pair-032B-07E9"}
    wanted |= {f"capture-{number}" for number in range(1, len(report.captures) + 1)} | {"capture-3-L13"}
    assert wanted <= ids and len(report.rule_rows) == report.catalogue_size


def test_findings_say_what_they_are_about() -> None:
    page = page_of("simulated")
    (finding,) = page.xpath("//li[@data-rule='CLU002' and @data-status='fail']")
    assert finding.get("data-gate") == "ready" and re.fullmatch(r"[0-9A-F]+-[0-9A-F]+", finding.get("data-pair"))
    assert finding.get("data-node").split() and set(finding.get("data-node").split()) <= {
        option.get("value") for option in page.xpath("//*[@id='filter-node']/option")
    }
    for field in ("text", "gate", "status", "rule", "pair", "node"):
        assert page.xpath(f"//*[@id='filter-{field}']")
    assert page.xpath("//form[@id='filters']/@hidden") == [""] == page.xpath("//button[@id='theme']/@hidden")
    assert page.xpath("//*[@id='filter-count']/@aria-live") == ["polite"]


@pytest.mark.parametrize("name", REPORTS)
def test_counts_on_the_first_page_add_up(name: str) -> None:
    page, report = page_of(name), REPORTS[name]()
    numbers = [int(number) for number in re.findall(r"\d+", page.xpath("string(//*[@id='sum'])"))]
    assert numbers[0] + numbers[1] == numbers[2] == report.catalogue_size
    rows = page.xpath("//table[@class='counts']/tbody/tr")
    assert len(rows) == len(report.gates)
    for row, gate in zip(rows, report.gates, strict=True):
        told = [int(cell) for cell in row.xpath("td[starts-with(@class, 'number')]/text()")]
        assert sum(told[:-1]) == told[-1] == len(gate.results)
        answers = page.xpath(f"//section[@id='gate-{gate.word}']//tr[@data-status]")
        assert [answer.get("data-status") for answer in answers] == [str(view.status) for view in gate.results]


def test_the_first_page_says_where_the_migration_stands() -> None:
    states = [(step.gate.words.next_step, step.state) for step in simulated().irreversible]
    assert states == [("activate", "taken")]
    assert [blocking.view.rule for blocking in compliance().blocking] == ["MSK005", "MSK006"]
    assert compliance().blocking[0].gates == (
        "masked", "ready", "copying", "copied", "terminated", "unmasked", "cleaned",
    )  # fmt: skip
    board = page_of("paper").xpath("string(//section[@id='board'])")
    assert "NO-GO" in board and "Change board" in board and "Blocking findings 2" in re.sub(r"\s+", " ", board)


def test_waivers_in_force_and_own_ids_stand_on_the_page() -> None:
    page = page_of("with waivers")
    board = re.sub(r"\s+", " ", page.xpath("string(//section[@id='board'])"))
    assert "Example Bank" in board and "Waivers in force 1" in board and "second HBA arrives" in board
    assert "A. Jones" in board and "CB-17" in board
    assert {"ISO-A.8.9", "CB-17"} <= set(page.xpath("//article[@id='ready-MSK005']//span[@class='badge']/text()"))


def test_a_cell_of_the_matrix_is_what_findings_say_of_the_pair() -> None:
    matrix = compliance().matrix
    assert matrix is not None and matrix.pairs == 4 and matrix.rows[0].key == "0328-0720"
    cells = {cell.family: cell for cell in matrix.rows[0].cells}
    assert (cells["GEO"].status, cells["GEO"].links[0].rule) == (Status.INCONCLUSIVE, "GEO002")
    assert cells["MSK"].status is None and cells["MSK"].word == "no finding"  # no finding accuses the pair
    whole = {cell.family: cell for cell in matrix.whole.cells}
    assert whole["MSK"].status is Status.FAIL and [link.rule for link in whole["MSK"].links][:2] == ["MSK005", "MSK006"]
    assert whole["REP"].status is Status.INCONCLUSIVE


def test_the_row_of_a_pair_holds_what_a_blocker_says_of_it_whatever_its_source_is_called() -> None:
    by_wwn = "wwn=60060160123456789012345678901234"
    paired = {"0-prepare/win_flm.txt": lambda text: text.replace("symdev=000187490076:0720", by_wwn)}
    report = report_of(assess(whitepaper(paired), "all"), "compliance")
    row = report.matrix.rows[0]
    assert (row.name, row.key) == (f"0328 <- {by_wwn}", "0328-wwn_60060160123456789012345678901234")
    cells = {cell.family: cell for cell in row.cells}
    assert cells["PAR"].status is Status.FAIL and [link.rule for link in cells["PAR"].links] == ["PAR005", "PAR001"]
    assert {finding.pair for gate, view in answers(report.gates) if view.rule == "PAR005" for finding in view.findings} == {row.key, ""}  # fmt: skip
    page = html.document_fromstring(str(render_report(report, "html")))
    assert [link.text for link in page.get_element_by_id(f"pair-{row.key}").xpath(".//td[1]/a")] == ["PAR005", "PAR001"]
    pairs = next(sheet for sheet in sheets(report) if sheet.name == "Pairs").records()
    assert "PAR005 (" in pairs[0]["fails"] and pairs[1]["fails"] == ""


def test_many_pairs_are_counted_and_the_worst_are_listed() -> None:
    matrix = simulated().matrix
    assert matrix is not None and matrix.pairs == 70 > limits.PAIRS
    assert len(matrix.rows) + sum(number for _, number in matrix.rest) + matrix.rest_clean == 70
    assert matrix.rows[0].status is Status.FAIL
    (link,) = [link for cell in matrix.rows[0].cells if cell.family == "CLU" for link in cell.links][:1]
    assert page_of("simulated").get_element_by_id(link.anchor).get("data-pair") == matrix.rows[0].key
    assert f"{len(matrix.rows)} of 70 pairs are listed" in page_of("simulated").xpath(
        "string(//*[@id='rest-of-pairs'])"
    )


def test_a_finding_leads_to_its_lines_and_they_lead_back() -> None:
    page = page_of("paper")
    finding = page.get_element_by_id("masked-MSK005-1")
    assert [link.get("href") for link in finding.xpath(".//pre/a")] == ["#capture-3-L6", "#capture-3-L13"]
    line = page.get_element_by_id("capture-3-L13")
    assert "210000e08b1e45f9" in line.text_content() and "#masked-MSK005-1" in line.xpath("a/@href")


def test_captured_text_is_the_captured_text() -> None:
    collection = compliance().migration_read.collection
    assert len(compliance().annotated) == len(collection.captures)
    for shown, capture in zip(compliance().annotated, collection.captures, strict=True):
        assert [line.text for run in shown.runs for line in run.lines] == [visible(text) for text in capture.lines]
        assert (shown.folded, shown.sha256) == (0, capture.sha256)


def test_a_large_capture_is_folded_around_what_is_cited() -> None:
    report = simulated()
    large = [item for item in report.annotated if item.lines > limits.WHOLE_CAPTURE]
    assert large
    for item in large:
        shown = [line.number for run in item.runs for line in run.lines]
        assert len(shown) <= limits.LINES_OF_A_CAPTURE and shown == sorted(set(shown))
        assert len(shown) + sum(run.folded for run in item.runs) + item.folded_after == item.lines
        capture = report.migration_read.collection.capture(item.name)
        assert all(visible(capture.lines[line.number - 1]) == line.text for run in item.runs for line in run.lines)
        assert any(line.marks for run in item.runs for line in run.lines)


def test_lines_that_were_not_understood_are_marked() -> None:
    page = page_of("hostile")
    marked = page.xpath("//span[contains(@class, 'odd')][starts-with(@id, 'capture-1-L')]")
    collection = REPORTS["hostile"]().migration_read.collection
    lines = [line for _, part in collection.unknown() for line in range(part.first_line, part.last_line + 1)]
    assert len(lines) > 10 and [line.get("id") for line in marked] == [f"capture-1-L{line}" for line in lines]
    assert all("?" in line.text_content() for line in marked)


def test_what_to_run_next_can_be_typed_and_changes_nothing() -> None:
    views = [view for gate in compliance().gates for view in gate.results]
    masking = next(view for view in views if view.rule == "MSK006" and view.status is Status.FAIL)
    assert masking.run_next == (
        "symaccess -sid 000194900275 show view FLM_CLUSTER_MV",
        "symmaskdb -sid 000187490076 list assignment -devs 0720,075F,07B6,07E9",
    )
    again = {
        command
        for view in views
        if view.status in (Status.FAIL, Status.WARN) and not view.missing
        for command in view.run_next
    }
    assert again and not [command for command in again if re.search(r"\b(remove|refresh|rescan|terminate)\b", command)]


def test_captures_still_to_take_are_each_listed_once_with_where() -> None:
    gaps = {gap.command: gap for gap in compliance().gaps}
    assert len(gaps) == len(compliance().gaps) and gaps["powermt display"].on == "every node"
    assert "powermt save: no output of it was captured. Do not run it for the record." in compliance().not_captured
    assert gaps["symcfg list -v"].required and gaps["symcfg list -v"].rules == ("ENV001", "ENV002")
    assert [gap.required for gap in compliance().gaps] == sorted(
        (gap.required for gap in compliance().gaps), reverse=True
    )


def test_a_chosen_scheme_has_the_colours_of_the_systems() -> None:
    style = re.sub(r"\s+", " ", re.search(r"<style>(.*?)</style>", text_of("paper"), re.S)[1])  # type: ignore[index]
    light, dark = re.findall(r":root \{ (--ground.*?) \}", style)[:2]
    assert f':root[data-theme="light"] {{ color-scheme: light; {light} }}' in style
    assert f':root[data-theme="dark"] {{ color-scheme: dark; {dark} }}' in style
