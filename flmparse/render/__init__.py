"""One context (`context.Report`), many formats. The only importer of jinja2 is `templates`.

    flmparse.render(assessment, "readiness", "html")

The package is callable, so that ``flmparse.render`` is the function of the public API and the package of its parts at once.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from flmparse.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from flmparse.assessment import Assessment
    from flmparse.render.views import Report

__all__ = ["FORMATS", "REPORTS", "render", "render_report"]

REPORTS = ("readiness", "compliance", "check")
FORMATS = ("html", "md", "json", "jsonl", "text")


def render(assessment: "Assessment", report: str = "compliance", format: str = "html") -> str:
    """Return a report on an assessment as text.

    ``report`` is ``readiness`` (gates prepare to ready, and copied), ``compliance`` (all gates) or ``check`` (whatever was
    asked); ``format`` is one of `FORMATS`. The same assessment always gives the same text.
    """
    if report not in REPORTS:
        raise UsageError(f"no report {report!r}{did_you_mean(report, list(REPORTS))} (reports: {', '.join(REPORTS)})")
    from flmparse.render.context import report_of

    return render_report(report_of(assessment, report), format)


def render_report(report: "Report", format: str) -> str:
    """Return a report that is already put together in one format."""
    return _writer(format)(report)


def _writer(format: str) -> "Callable[[Report], str]":
    if format == "html":
        from flmparse.render.templates import html

        return html
    if format == "md":
        from flmparse.render.templates import markdown

        return markdown
    if format == "json":
        from flmparse.render.records import json_document

        return json_document
    if format == "jsonl":
        from flmparse.render.records import json_lines

        return json_lines
    if format == "text":
        from flmparse.render.text import text

        return text
    raise UsageError(f"no format {format!r}{did_you_mean(format, list(FORMATS))} (formats: {', '.join(FORMATS)})")


class _CallableModule(ModuleType):
    def __call__(self, assessment: "Assessment", report: str = "compliance", format: str = "html") -> str:
        return render(assessment, report, format)


sys.modules[__name__].__class__ = _CallableModule
