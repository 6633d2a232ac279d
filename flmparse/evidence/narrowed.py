"""An answer that was asked for less than everything replaces only what it covers."""

from flmparse.collection import Output
from flmparse.columns.selection import isin_rows, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.timeline import before
from flmparse.lazy import pd
from flmparse.tables import Table


def with_narrowed(
    table: Table, rows: "pd.DataFrame", shown_by: list[Output], narrowed: Output, new_rows: "pd.DataFrame"
) -> "pd.DataFrame":
    """Return the standing rows of a table with those of a narrowed answer in place of the older ones that it covers.

    ``shown_by`` are the outputs of ``rows``, ``new_rows`` the rows of the narrowed answer.
    """
    is_display = narrowed.screen == "powermt_display"
    if is_display:
        shown_by = [output for output in shown_by if output.node == narrowed.node]
    if shown_by and all(before(output, narrowed) is False for output in shown_by):
        return rows
    keys = ["symmetrix", "name"] if is_display else list(dict.fromkeys([*table.scope, *table.key]))
    if is_display and not Answer(narrowed).device_is_whole:
        if table.name != "paths":
            return rows  # of a device that is shown in part the older head stands
        keys += ["hba", "io_path"]
    older = [output.index for output in shown_by if before(output, narrowed) is True]
    of_older = where(rows, rows["block"].isin(older))
    named, new_named = (_named(of_older), _named(new_rows)) if is_display else (of_older, new_rows)
    replaced = where(of_older, isin_rows(named[keys], new_named[keys]))
    values = [column.name for column in table.columns if column.name != "queued_ios"]
    same = len(replaced) == len(new_rows) and bool(isin_rows(new_rows[values], replaced[values]).all())
    if is_display and same and narrowed.status.usable:
        return rows  # it shows what stands
    return pd.concat([rows.drop(replaced.index), new_rows])


def _named(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return PowerPath rows with ``name``: the device number, of other arrays than Symmetrix the pseudo device."""
    return rows.assign(name=rows["device"].fillna(rows["pseudo"]))
