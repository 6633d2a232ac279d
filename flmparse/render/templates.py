"""The Jinja2 side: HTML and Markdown from the templates in reports/. The only importer of jinja2.

HTML escapes everything (``autoescape=True``: the ``.j2`` ending would make a guess by name fail); Markdown escapes everything
through ``finalize``. Captured text cannot become markup in either.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from flmparse import assets
from flmparse.render.views import Report

if TYPE_CHECKING:
    from jinja2 import Environment


def html(report: Report) -> str:
    """Return one HTML file with its style inside; it loads nothing and runs no script."""
    style = (assets.folder("reports") / "report.css").read_text(encoding="utf-8")
    return _html_environment().get_template("report.html.j2").render(report=report, style=style)


def markdown(report: Report) -> str:
    """Return the report as Markdown."""
    return _markdown_environment().get_template("report.md.j2").render(report=report)


@cache
def _html_environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(assets.folder("reports")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = lambda names: " ".join(name.replace(" ", "_") for name in names)
    # The one text that is markup already: our own style sheet.
    environment.filters["as_drawn"] = Markup  # the pictures: drawn by flmparse, their captured text escaped there
    environment.filters["as_style"] = lambda text: Markup(text.replace("</", "<\\/"))
    return environment


@cache
def _markdown_environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(assets.folder("reports")),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_markdown_text,
    )
    environment.filters["code"] = _code
    environment.filters["fenced"] = _fenced
    return environment


class _Written(str):
    """Text that is Markdown already."""

    __slots__ = ()


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def _markdown_text(value: object) -> object:
    if isinstance(value, _Written) or not isinstance(value, str):
        return value
    return _SPECIAL.sub(r"\\\1", value)


def _code(text: str, table: bool = False) -> _Written:
    """Return text as a code span, whatever backticks are in it; in a table its bars are escaped."""
    if not text:
        return _Written("")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    span = f"{fence}{pad}{text}{pad}{fence}"
    return _Written(span.replace("|", "\\|") if table else span)


def _fenced(lines: "tuple[tuple[int, str], ...]", indent: int = 0) -> _Written:
    """Return numbered lines as a fenced block, whatever backticks are in them."""
    longest = max((len(run) for _, text in lines for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    width = max((len(str(number)) for number, _ in lines), default=1)
    body = [f"{number:>{width}} | {text}".rstrip() for number, text in lines]
    margin = " " * indent
    return _Written("\n".join(margin + line for line in [f"{fence}text", *body, fence]))
