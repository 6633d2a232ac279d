"""The tables that captures become: one module per subject, found because it is there.

`all_tables` gives every table by name. A table's columns are the only place where a column name is decided; see `table.Table`.
"""

import pkgutil
from functools import cache
from importlib import import_module

from flmparse.errors import UsageError, did_you_mean
from flmparse.tables.table import Column, Frames, Part, Table

__all__ = ["Column", "Frames", "Part", "Table", "all_tables", "table_named"]


@cache
def all_tables() -> dict[str, Table]:
    """Return every table of flmparse by name."""
    tables: dict[str, Table] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name not in ("table",):
            members = vars(import_module(f"{__name__}.{module.name}")).values()
            # isinstance would look into the lazy modules among them, and load pandas.
            tables.update((item.name, item) for item in members if type(item) is Table)
    return dict(sorted(tables.items()))


def table_named(name: str) -> Table:
    """Return the table called ``name``, or raise UsageError."""
    known = all_tables()
    if name not in known:
        raise UsageError(f"no table {name!r}{did_you_mean(name, list(known))} (tables: {', '.join(known)})")
    return known[name]
