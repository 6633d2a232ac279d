"""CSV of findings: for a spreadsheet."""

from typing import TYPE_CHECKING

from flmparse.render.formats import Format

if TYPE_CHECKING:
    from flmparse.render.views import Report


def _write(report: "Report") -> str:
    from flmparse.render.listings import findings
    from flmparse.render.tables import as_csv

    return as_csv(findings(report))


FORMAT = Format("csv", ".csv", "every finding with its place on a row: for a spreadsheet", _write)
