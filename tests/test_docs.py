"""The pages: what is made from the code is current, links lead somewhere, each decision is obeyed somewhere."""

import re

import pytest

from tests.docs import FOLDER, PAGES

ROOT = FOLDER.parent
DECISIONS = sorted((FOLDER / "decisions").glob("[0-9]*.md"))
HAND_WRITTEN = [*ROOT.glob("*.md"), *FOLDER.glob("*.md"), *DECISIONS]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_is_current(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name](), "make docs, and read what changed"


def test_links_and_paths_lead_to_files() -> None:
    broken = []
    for page in HAND_WRITTEN:
        text = page.read_text("utf-8")
        links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
        broken += [f"{page.name}: {link}" for link in links if not (page.parent / link).exists()]
        paths = re.findall(r"`((?:flmparse|tests|grammars|benchmarks|docs|fixtures|reports)/[\w./-]+)`", text)
        broken += [f"{page.name}: {path}" for path in paths if not (ROOT / path).exists()]
    assert not broken


def test_the_architecture_is_one_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").split()) <= 1500


def test_decisions_are_numbered_without_gaps_and_say_the_same_four_things() -> None:
    assert [path.name[:3] for path in DECISIONS] == [f"{number:02}-" for number in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {int(path.name[:2])}. "), path.name
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.M) == ["Context", "Decision", "Cost", "Tests"], path.name


def test_each_decision_is_named_in_the_code_that_obeys_it() -> None:
    named: set[str] = set()
    for path in [*(ROOT / "flmparse").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "pyproject.toml"]:
        named.update(re.findall(r"docs/decisions/(\d[\w-]+\.md)", path.read_text("utf-8")))
    assert named == {path.name for path in DECISIONS}
