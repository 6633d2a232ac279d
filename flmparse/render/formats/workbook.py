"""XLSX: the report as a workbook, a sheet for each kind of thing."""

from typing import TYPE_CHECKING

from flmparse.render.formats import Format

if TYPE_CHECKING:
    from flmparse.render.views import Report


def _write(report: "Report") -> bytes:
    from flmparse.render.listings import sheets
    from flmparse.render.tables import as_xlsx

    return as_xlsx(sheets(report))


FORMAT = Format("xlsx", ".xlsx", "a workbook: summary, gates, findings, pairs, paths, captures, waivers", _write, True)
