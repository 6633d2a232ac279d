"""Plain text: for a terminal or a log."""

from typing import TYPE_CHECKING

from flmparse.render.formats import Format

if TYPE_CHECKING:
    from flmparse.render.views import Report


def _write(report: "Report") -> str:
    from flmparse.render.text import text

    return text(report)


FORMAT = Format("text", ".txt", "plain text: for a terminal or a log", _write)
