"""CSV of findings: for a spreadsheet."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flmparse.render.formats import Format

if TYPE_CHECKING:
    from flmparse.render.views import Report


def _write(report: "Report") -> Iterator[str]:
    from flmparse.render.listings import FINDING_COLUMNS, finding_rows
    from flmparse.render.tables import csv_pieces

    return csv_pieces(FINDING_COLUMNS, finding_rows(report))


FORMAT = Format("csv", ".csv", "every finding with its place on a row: for a spreadsheet", _write)
