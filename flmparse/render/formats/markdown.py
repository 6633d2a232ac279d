"""Markdown: for a ticket, a wiki or a pull request."""

from typing import TYPE_CHECKING

from flmparse.render.formats import Format

if TYPE_CHECKING:
    from flmparse.render.views import Report


def _write(report: "Report") -> str:
    from flmparse.render.templates import markdown

    return markdown(report)


FORMAT = Format("md", ".md", "Markdown: for a ticket or a wiki", _write)
