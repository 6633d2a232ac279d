"""Tables of captured facts as aligned text, CSV, JSON, one JSON record a line, Parquet or XLSX.

A cell of captured text never becomes a formula of a spreadsheet: in CSV and XLSX, text that begins with ``= + - @`` (also behind
blanks, or in their wide forms), a tab or a line end gets an apostrophe in front. Numbers are written as numbers.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from flmparse.errors import FlmparseError, UsageError
from flmparse.lazy import pd
from flmparse.render.records import to_json
from flmparse.render.shapes import SCHEMA_VERSION, CaptureBlocks
from flmparse.render.wording import visible

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Also in their wide forms, which spreadsheets of East Asian languages take for the same."""

_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Characters that the XML of a workbook cannot hold and xlsxwriter does not write out; it does so for control characters."""

_NARROWEST, _WIDEST = 8, 60
"""Widths of columns in characters."""

_LONGEST_XLSX_CELL = 32_767

ROWS_AT_ONCE = 1_000
"""Rows of a large table that are written at once."""

MOST_XLSX_ROWS = 1_048_575
"""Rows below the head of a sheet."""


@dataclass(frozen=True)
class Listing:
    """A table ready to be written: names of columns, and rows of plain values (text, number, flag, time, None)."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]

    def records(self) -> list[dict[str, Any]]:
        """Return rows as dictionaries that JSON can hold."""
        return [{name: _json_value(value) for name, value in zip(self.columns, row, strict=True)} for row in self.rows]


def listing(name: str, frame: "pd.DataFrame") -> Listing:
    """Return a frame as a listing; every missing value is None."""
    columns = [_plain_values(frame[column]) for column in frame.columns]
    return Listing(name, tuple(str(column) for column in frame.columns), list(zip(*columns, strict=True)))


def from_records(name: str, records: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Listing:
    """Return dictionaries as a listing with these columns."""
    return Listing(name, tuple(columns), [tuple(record[column] for column in columns) for record in records])


def _plain_values(column: "pd.Series[Any]") -> list[Any]:
    values = column.astype("object")
    return values.where(column.notna(), None).tolist()


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def aligned(table: Listing) -> str:
    """Return a table as aligned text; columns without any value are named below it instead."""
    if not table.rows:
        return f"{table.name}: no rows\n"
    columns = list(zip(*table.rows, strict=True))
    filled = [index for index, values in enumerate(columns) if any(value is not None for value in values)]
    texts = [[_cell(value) for value in columns[index]] for index in filled]
    heads = [table.columns[index] for index in filled]
    numeric = [all(isinstance(value, int | float | None) for value in columns[index]) for index in filled]
    widths = [max(len(head), *map(len, cells)) for head, cells in zip(heads, texts, strict=True)]

    def line(cells: Sequence[str]) -> str:
        parts = (
            cell.rjust(w) if right else cell.ljust(w) for cell, w, right in zip(cells, widths, numeric, strict=True)
        )
        return "  ".join(parts).rstrip() + "\n"

    empty = [name for index, name in enumerate(table.columns) if index not in filled]
    below = f"(no value in any row: {', '.join(empty)})\n" if empty else ""
    return line(heads) + "".join(line(cells) for cells in zip(*texts, strict=True)) + below


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return visible(value.isoformat() if isinstance(value, datetime) else str(value))


def as_csv(table: Listing) -> str:
    """Return a table as CSV: a heading, then the rows; missing values are empty."""
    return "".join(csv_pieces(table.columns, table.rows))


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a table as CSV, some rows at a time."""
    lines = _CsvLines()
    # This end of line is what makes the writer quote a lone carriage return in a cell.
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(columns)
    rows = iter(rows)
    while many := list(islice(rows, ROWS_AT_ONCE)):
        writer.writerows([_spreadsheet_value(value) for value in row] for row in many)
        yield "".join(lines)
        lines.clear()
    yield "".join(lines)


class _CsvLines(list[str]):
    """Takes the lines of a CSV writer and ends them as every other text output ends its lines."""

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + "\n")


def _spreadsheet_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return neutral(value) if isinstance(value, str) else value


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def as_json(captures: Sequence[CaptureBlocks], tables: Sequence[Listing], **more: Any) -> str:
    """Return captures and tables as one JSON document (DESIGN.md section 7)."""
    rows = {table.name: table.records() for table in tables}
    return to_json({"schema_version": SCHEMA_VERSION, "captures": captures, "tables": rows, **more}, indent=2) + "\n"


def as_json_lines(tables: Sequence[Listing]) -> str:
    """Return every row as one JSON record a line, with the name of its table."""
    return "".join(to_json({"table": table.name, **record}) + "\n" for table in tables for record in table.records())


def as_parquet(frame: "pd.DataFrame") -> bytes:
    """Return a frame as Parquet; needs the extra ``arrow``."""
    out = io.BytesIO()
    try:
        frame.to_parquet(out, index=False, engine="pyarrow")
    except ImportError:
        raise UsageError('Parquet needs pyarrow: pip install "flmparse[arrow]"') from None
    return out.getvalue()


def as_xlsx(tables: Sequence[Listing]) -> bytes:
    """Return one workbook with a sheet for each table, head frozen, filters set; the same tables always give the same bytes."""
    try:
        from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
    except ImportError:
        raise UsageError("XLSX needs xlsxwriter: pip install xlsxwriter") from None
    # Rows go to temporary files as they are written: held in memory, a hundred thousand of them take a gigabyte.
    try:
        with tempfile.TemporaryDirectory(prefix="flmparse-", ignore_cleanup_errors=True) as folder:
            return _workbook(tables, folder)
    except (OSError, FileCreateError) as error:
        raise FlmparseError(f"rows of the workbook cannot be kept in {tempfile.gettempdir()}: {error}") from None


def _workbook(tables: Sequence[Listing], folder: str) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    options = {
        "tmpdir": folder,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        # A workbook holds the moment it was made, unless it is given one.
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None), "author": "flmparse"})
        heading = book.add_format({"bold": True})
        for table in tables:
            if len(table.rows) > MOST_XLSX_ROWS:
                raise UsageError(f"{table.name}: {len(table.rows):,} rows do not fit on a sheet; use parquet or csv")
            sheet = book.add_worksheet(table.name[:31])
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(table.rows), max(0, len(table.columns) - 1))
            for column, name in enumerate(table.columns):
                sheet.set_column(column, column, _width(table, column))
                _write_cell(sheet, 0, column, name, heading)
            for number, row in enumerate(table.rows, start=1):
                for column, value in enumerate(row):
                    _write_cell(sheet, number, column, value)
    return out.getvalue()


def _width(table: Listing, column: int) -> int:
    # Two more for the button of the filter.
    longest = max((len(str(row[column])) for row in table.rows if row[column] is not None), default=0)
    return min(max(longest, len(table.columns[column]) + 2, _NARROWEST), _WIDEST)


def _write_cell(sheet: Any, row: int, column: int, value: Any, style: Any = None) -> None:
    value = _spreadsheet_value(value)
    if value is None:
        return
    if isinstance(value, bool):
        refused = sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        refused = sheet.write_number(row, column, value, style)
    else:
        value = _NO_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
        if len(value) > _LONGEST_XLSX_CELL:
            value = value[: _LONGEST_XLSX_CELL - 20] + " [... cut by Excel]"
        refused = sheet.write_string(row, column, value, style)
    if refused:
        raise FlmparseError(f"{sheet.get_name()}: row {row} does not fit on a sheet")
