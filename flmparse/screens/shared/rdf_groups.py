"""Numbers of RDF groups, which are printed twice."""

from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows


def check_groups(page: Page, rows: Rows, *hexadecimal: Any) -> None:
    """Doubt rows whose group numbers do not agree: in brackets stands the number below it, in hexadecimal."""
    for name, codes in zip(("rdf_group", "remote_rdf_group"), hexadecimal, strict=True):
        for number, code, line in zip(rows.get(name, ()), codes, rows.get("line", ()), strict=True):
            if number and int(number) != int(code, 16) + 1:
                page.doubt(line, f"the RDF group {number} ({code}) contradicts itself")
