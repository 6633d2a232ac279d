"""HTML: one page, offline."""

from typing import TYPE_CHECKING

from flmparse.render.formats import Format

if TYPE_CHECKING:
    from flmparse.render.views import Report


def _write(report: "Report") -> str:
    from flmparse.render.templates import html

    return html(report)


FORMAT = Format("html", ".html", "one page that loads nothing: for the change board, and to keep", _write)
