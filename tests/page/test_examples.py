"""The committed examples are what is written now, and the README's picture is there."""

from pathlib import Path

import pytest

from flmparse.render import render_report
from flmparse.render.context import report_of
from tests.page.pages import whitepaper

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("kind", "format"), [("readiness", "html"), ("readiness", "md"), ("compliance", "md")])
def test_an_example_is_current(kind: str, format: str) -> None:
    written = str(render_report(report_of(whitepaper(), kind), format)).encode()
    held = (DOCS / "examples" / f"{kind}.{format}").read_bytes()
    assert held == written, "make examples, and read what changed"


def test_the_picture_in_the_readme_is_there_and_small() -> None:
    assert "docs/screenshot.png" in (DOCS.parent / "README.md").read_text("utf-8")
    assert 10_000 < (DOCS / "screenshot.png").stat().st_size < 300_000
