"""The formats of a report: what each is called, what it is for, and the function that writes it.

Naming them all loads no writer: ``--help`` lists them without jinja2, xlsxwriter or pandas.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from flmparse.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from flmparse.render.report import Report


@dataclass(frozen=True)
class Format:
    """One way to write a report.

    ``name`` is what ``--format`` takes, ``suffix`` how its files end, ``holds`` what is in them and who reads it.
    ``writer`` names a function of the report that returns all of it as text or bytes, or its text piece by piece where it
    may be large. A ``binary`` format is bytes, and is not written to a terminal.
    """

    name: str
    suffix: str
    holds: str
    writer: str
    binary: bool = False

    def write(self, report: "Report") -> str | bytes | Iterator[str]:
        """Return the report in this format."""
        written: str | bytes | Iterator[str] = resolve_name(self.writer)(report)
        return written


_FORMATS = (
    Format("csv", ".csv", "every finding with its place on a row: for a spreadsheet", "flmparse.render.listings:csv_pieces"),
    Format("html", ".html", "one page that loads nothing: for the change board, and to keep", "flmparse.render.templates:html"),
    Format("json", ".json", "everything in one document: for programs (flmparse schema check)", "flmparse.render.records:json_pieces"),
    Format("jsonl", ".jsonl", "a gate or a rule's answer on each line: for pipes (flmparse schema record)", "flmparse.render.records:json_line_pieces"),
    Format("junit", ".xml", "JUnit XML, a suite for each gate: for a build server", "flmparse.render.junit:junit"),
    Format("md", ".md", "Markdown: for a ticket or a wiki", "flmparse.render.templates:markdown"),
    Format("sarif", ".sarif", "SARIF 2.1.0, findings at their lines: for viewers and editors", "flmparse.render.sarif:sarif_pieces"),
    Format("text", ".txt", "plain text: for a terminal or a log", "flmparse.render.text:text"),
    Format("xlsx", ".xlsx", "a workbook: summary, gates, findings, pairs, paths, captures, waivers", "flmparse.render.listings:workbook", binary=True),
)  # fmt: skip


def all_formats() -> dict[str, Format]:
    """Return every format by name."""
    return {form.name: form for form in _FORMATS}


def format_of(name: str) -> Format:
    """Return the format called ``name``, or raise UsageError."""
    known = all_formats()
    if name not in known:
        raise UsageError(f"no format {name!r}{did_you_mean(name, list(known))} (formats: {', '.join(known)})")
    return known[name]
