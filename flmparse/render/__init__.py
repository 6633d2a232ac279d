"""One report (`report.Report`), many formats (`formats`). The only importer of jinja2 is `templates`.

    flmparse.render(assessment, "readiness", "html")

The package is callable, so that ``flmparse.render`` is the function of the public API and the package of its parts at once: as
soon as anything imports a part, Python binds the name to the package.
"""

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from flmparse.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from flmparse.assessment import Assessment
    from flmparse.render.report import Report

__all__ = ["REPORTS", "pieces", "render", "render_report"]

REPORTS = ("readiness", "compliance", "check")


def render(
    assessment: "Assessment", report: str = "compliance", format: str = "html", *, author: str = ""
) -> str | bytes:
    """Return a report on an assessment: bytes where the format is binary (``xlsx``), else text.

    ``report`` is ``readiness`` (gates prepare to ready, and copied), ``compliance`` (all gates) or ``check`` (whatever was
    asked); ``format`` is the name of one of `formats.all_formats`; ``author`` is who answers for the report. The same assessment always gives the
    same bytes.
    """
    if report not in REPORTS:
        raise UsageError(f"no report {report!r}{did_you_mean(report, list(REPORTS))} (reports: {', '.join(REPORTS)})")
    from flmparse.render.context import report_of
    from flmparse.render.formats import format_of

    format_of(format)  # a format that does not exist is said before anything is put together
    return render_report(report_of(assessment, report, author=author), format)


def render_report(report: "Report", format: str) -> str | bytes:
    """Return a report that is already put together in one format."""
    written = pieces(report, format)
    return written if isinstance(written, str | bytes) else "".join(written)


def pieces(report: "Report", format: str) -> str | bytes | Iterator[str]:
    """Return what `render_report` does, the text of large formats piece by piece as it is made."""
    from flmparse.render.formats import format_of

    return format_of(format).write(report)


class _Callable(ModuleType):
    __call__ = staticmethod(render)


sys.modules[__name__].__class__ = _Callable
