"""The reports in a real browser: chromium of the system, driven by playwright; axe-core from node_modules. `make browser` brings both.

Nothing is loaded from anywhere: axe is read from the disk and injected.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import flmparse
from flmparse.assets import folder
from flmparse.render.templates import html
from tests.browser.large import large_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
LARGE = 4096


def absent(what: str) -> None:
    """Skip with the reason; where CI says that the browser is required, fail."""
    if os.environ.get("FLMPARSE_BROWSER_TESTS") == "required":
        pytest.fail(f"{what} is not there; make browser")
    pytest.skip(f"{what} is not there; make browser installs it")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        absent("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


class Files(dict[str, Path]):
    """The reports as files, each written when it is first asked for: the white paper's, the clean one, one of thousands of pairs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __missing__(self, name: str) -> Path:
        if name == "large":
            text = html(large_report(LARGE))
        else:
            found = flmparse.read(str(folder("fixtures") / "migrations" / name))
            text = flmparse.render(flmparse.assess(found, "all"), "compliance", "html")
        self[name] = self.folder / f"{name}.html"
        self[name].write_text(text, "utf-8")
        return self[name]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("reports"))


@dataclass
class Seen:
    """A page with everything that it asked for and complained about."""

    page: "Page"
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def opened(browser: "Browser", file: Path, **options: object) -> Seen:
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, **options)  # type: ignore[arg-type]
    seen = Seen(context.new_page())
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.goto(file.as_uri())
    return seen


@pytest.mark.parametrize("name", ["whitepaper", "clean", "large"])
def test_a_report_opens_without_a_complaint_and_asks_for_nothing(browser: "Browser", files: Files, name: str) -> None:
    seen = opened(browser, files[name])
    assert seen.page.locator("#filters").is_visible()
    assert seen.requests == [files[name].as_uri()] and seen.complaints == []
    width = seen.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 1280, "nothing sticks out of the page"
    seen.page.context.close()


def test_the_large_report_is_a_page_one_can_send(browser: "Browser", files: Files) -> None:
    assert files["large"].stat().st_size < 5_000_000
    seen = opened(browser, files["large"])
    assert 1 <= seen.page.locator(".pair-row").count() <= 100, "thousands of pairs are added up"
    assert "4096 pairs" in (seen.page.locator("#picture-progress figcaption").text_content() or "").replace(",", "")
    seen.page.context.close()


def rules_shown(page: "Page") -> set[str]:
    return set(page.locator("article.result:not([hidden])").evaluate_all("all => all.map(one => one.dataset.rule)"))


def settled(page: "Page", what: str) -> None:
    """Wait until the count says so: filters work a moment after the last key."""
    from playwright.sync_api import expect

    expect(page.locator("#filter-count")).to_have_text(re.compile(f"^{what}"))


def test_filters_hide_what_does_not_match(browser: "Browser", files: Files) -> None:
    page = opened(browser, files["whitepaper"]).page
    everything = (page.locator("#filter-count").text_content() or "").split()[2]
    settled(page, f"{everything} of {everything} ")
    page.select_option("#filter-rule", "MSK005")
    settled(page, "8 of ")
    assert rules_shown(page) == {"MSK005"}
    page.select_option("#filter-gate", "masked")
    settled(page, "[12] of ")
    page.focus("#filter-gate")
    page.keyboard.press("Escape")
    settled(page, f"{everything} of ")
    page.select_option("#filter-status", "fail")
    assert rules_shown(page) == {"MSK005", "MSK006"}
    page.click("#filters button[type=reset]")
    settled(page, f"{everything} of ")
    page.fill("#filter-text", "10000000c953f9f3")
    settled(page, f"(?!{everything} )")
    assert rules_shown(page) >= {"MSK006", "MSK007"}
    page.fill("#filter-text", "")
    page.select_option("#filter-pair", page.locator(".pair-row").first.get_attribute("data-pair"))
    settled(page, f"(?!{everything} )")
    assert page.locator(".pair-row:not([hidden])").count() == 1
    page.context.close()


def test_a_finding_leads_to_its_line_and_back(browser: "Browser", files: Files) -> None:
    page = opened(browser, files["whitepaper"]).page
    link = page.locator("#masked-MSK005 a[href*='-L13']").first
    link.click()
    line = page.locator(f"[id='{page.url.partition('#')[2]}']")
    assert page.url.endswith("-L13") and line.is_visible()
    assert "210000e08b1e45f9" in (line.text_content() or "")
    line.locator("a[href^='#masked-MSK005']").first.click()
    assert page.locator(f"[id='{page.url.partition('#')[2]}']").is_visible() and "#masked-MSK005" in page.url
    page.context.close()


def test_a_deep_link_opens_what_is_folded(browser: "Browser", files: Files) -> None:
    page = browser.new_page()
    page.goto(files["whitepaper"].as_uri())
    pair = page.locator(".pair-row").first.get_attribute("id")
    line = page.evaluate("document.querySelector(\"[id^='capture-'][id*='-L']\").id")
    page.close()
    for anchor in ("rule-MSK005", pair, line):
        page = browser.new_page()
        page.goto(f"{files['whitepaper'].as_uri()}#{anchor}")
        assert page.locator(f"[id='{anchor}']").is_visible()
        page.close()


def test_the_page_works_without_script(browser: "Browser", files: Files) -> None:
    page = opened(browser, files["whitepaper"], java_script_enabled=False).page
    assert page.locator("#board").is_visible() and not page.locator("#filters").is_visible()
    assert page.locator("article.result:visible").count() > 10
    assert not page.locator("#theme").is_visible()
    page.context.close()


def test_the_board_fits_one_sheet_and_everything_prints(browser: "Browser", files: Files, tmp_path: Path) -> None:
    for name in ("whitepaper", "clean", "large"):
        page = opened(browser, files[name]).page
        page.emulate_media(media="print")
        # A4 less the margins of the style sheet, at 96 dots an inch.
        page.set_viewport_size({"width": round((210 - 26) / 25.4 * 96), "height": 1000})
        assert page.locator("#board").bounding_box()["height"] <= (297 - 28) / 25.4 * 96  # type: ignore[index]
        assert not page.locator("#filters").is_visible()
        if name == "whitepaper":
            paper = page.pdf(prefer_css_page_size=True)
            assert paper.startswith(b"%PDF-")
            # Rules are asked at every gate of their interval: 108 rules at nine gates.
            assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) <= 40
            # Of the captured text the lines that findings cite, whatever is folded on the screen.
            kept, cited = page.evaluate(
                "() => { const lines = [...document.querySelectorAll('.annotated .l')];"
                " return [lines.map(line => getComputedStyle(line).display != 'none'),"
                " lines.map(line => line.matches('.cited, .odd'))] }"
            )
            assert kept == cited and any(cited) and not all(cited)
            assert not page.locator(".all-rules .told").first.is_visible()
            assert page.locator(".all-rules .answer-row:not(.told)").first.is_visible()
            page.emulate_media(media="screen")
            assert not page.locator(".on-paper").first.is_visible()
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["whitepaper", "clean"])
def test_axe_finds_nothing(browser: "Browser", files: Files, name: str, scheme: str) -> None:
    if not AXE.is_file():
        absent("axe-core")
    page = opened(browser, files[name], bypass_csp=True, color_scheme=scheme).page
    page.add_script_tag(path=AXE)
    # Contrast is looked at in one part of each kind: the rest is more of the same, and thousands of coloured lines take minutes.
    kinds = ["details.group", "details.all-rules", "#annotated details", ".picture details"]
    found = page.evaluate(
        """async (kinds) => {
            const parts = kinds.map((kind) => document.querySelector(kind)).filter(Boolean);
            parts.forEach((part) => { part.open = true; });
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
            const rules = { 'color-contrast': { enabled: false } };
            const all = await axe.run(document, { runOnly: tags, rules, resultTypes: ['violations'] });
            const places = [document.getElementById('board'), document.getElementById('filters'),
                            document.querySelector('.pair-row'), document.querySelector('article.result'), ...parts];
            const colours = await axe.run({ include: places.filter(Boolean) },
                                          { runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'] });
            return [...all.violations, ...colours.violations];
        }""",
        kinds,
    )
    told = [(v["id"], v["nodes"][0]["html"][:120], len(v["nodes"])) for v in found]
    assert told == []
    page.context.close()


def test_the_button_changes_light_to_dark(browser: "Browser", files: Files) -> None:
    page = opened(browser, files["clean"], color_scheme="light").page
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert before == page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.context.close()
