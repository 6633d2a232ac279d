"""The committed examples are what is written now, and the README's picture is there."""

import re
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
    assert without_digests(held) == without_digests(written), "make examples, and read what changed"


def without_digests(page: bytes) -> bytes:
    """Return a page without the hashes of rules and grammars, which every change of the code changes."""
    return re.sub(rb"((?:rules|grammars) sha256 (?:<code class=\"sha\">|`)?)[0-9a-f]{12,64}", rb"\1", page, flags=re.I)


def test_the_picture_in_the_readme_is_there_and_small() -> None:
    assert "docs/screenshot.png" in (DOCS.parent / "README.md").read_text("utf-8")
    assert 10_000 < (DOCS / "screenshot.png").stat().st_size < 300_000
