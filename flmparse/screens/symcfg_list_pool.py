"""``symcfg list -pool`` and ``symcfg show -pool <name> -thin``: how much room the pools have.

    MYPOOLSAS01  TEFDEI RAID-5(7+1)    84095232   69400896   14694336   17    0

The unit (tracks, MB, GB) stands in the heading; GB become MB. The totals must be the sums of the rows and are the end of the list, which a
legend may follow. The keys of ``show`` are LAYOUT UNPROVEN. Thin targets need room: white paper page 4, RULES.md CAP005.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.tables.arrays import POOLS

_KINDS = {"T": "Thin", "S": "Snap", "R": "RdfaDse"}
_SIZES = ("total", "free", "used")
_WHAT = {"Usable": "total", "Total": "total", "Free": "free", "Used": "used", "Allocated": "used"}


def _rows(page: Page) -> dict[str, Rows]:
    pools: list[dict[str, Any]] = []
    columns, unit, letters = False, "", ""
    listed: list[dict[str, Any]] = []
    single: dict[str, Any] = {}
    for token in page.scan.tokens:
        line, fields = page.line_of(token), page.fields(token)
        if page.unknown_above(token):
            columns, unit, single = False, "", {}
        if token.type == "COLUMNS":
            columns, unit = True, ""
        elif token.type == "UNITS":
            alike = columns and fields["unit"] == fields["unit_free"] == fields["unit_used"]
            unit, letters = (fields["unit"] or "") if alike else "", fields["letters"] or ""
        elif token.type == "TABLE":
            for row in to_records(page.rows(token, "POOL")):
                if not unit:
                    page.doubt(row["line"], "no heading tells the unit of the sizes")
                listed.append(row)
                pools.append(_pool(row, unit, letters))
        elif token.type == "TOTALS":
            _check(page, listed, fields, line)
            listed = []
        elif token.type == "POOL_NAME":
            single = {**fields, "line": line}
            pools.append(single)
        elif token.type in ("POOL_TYPE", "POOL_STATE", "CONFIG", "SIZE", "USED_PERCENT"):
            if not single:
                page.doubt(line, "stands above the name of its pool")
                continue
            for name, value in _key(token.type, fields).items():
                if single.setdefault(name, value) != value:
                    page.doubt(line, f"a second {name.replace('_', ' ')} for pool {single['pool']}")
    return {POOLS.name: page.with_heading("symmetrix", from_records(pools))}


def _pool(row: dict[str, Any], unit: str, letters: str) -> dict[str, Any]:
    flags = dict(zip(letters, row["flags"], strict=False))
    pool = {name: row[name] for name in ("pool", "flags", "config", "used_percent", "line")}
    kind = row["flags"][0]
    pool["kind"] = _KINDS.get(kind, kind)
    pool["enabled"] = {"E": True, "B": True, "D": False}.get(flags.get("S", ""))
    for size in _SIZES:
        pool |= _sized(size, row[size], unit)
    return pool


def _sized(size: str, number: str, unit: str) -> dict[str, str | float | None]:
    """Return a size under the column of its unit."""
    if unit.startswith("Track"):
        return {f"{size}_tracks": number}
    if unit.startswith("MB"):
        return {f"{size}_mb": float(number)}
    return {f"{size}_mb": float(Decimal(number) * 1024)} if unit.startswith("GB") else {}


def _key(kind: str, fields: Mapping[str, str | None]) -> dict[str, Any]:
    if kind == "POOL_STATE":
        return {"enabled": {"Enabled": True, "Balancing": True, "Disabled": False}.get(fields["state"] or "")}
    if kind == "SIZE":
        return _sized(_WHAT[fields["what"] or ""], fields["size"] or "", fields["unit"] or "")
    return dict(fields)


def _check(page: Page, rows: list[dict[str, Any]], fields: dict[str, str | None], line: int) -> None:
    """Doubt totals that are not the sums of their rows (fractions may be off by a tenth a row)."""
    for size in _SIZES:
        total = Decimal(fields[size] or 0)
        off = abs(sum((Decimal(row[size]) for row in rows), Decimal()) - total)
        if off > (Decimal("0.1") * len(rows) if total % 1 or "." in (fields[size] or "") else 0):
            page.doubt(line, f"the rows do not add up to the {size} of {fields[size]}")


def _end(page: Page) -> bool | None:
    if page.has("COLUMNS", "UNITS", "TABLE", "_TOTAL"):
        return page.has("TOTALS")
    opened = sum("{" in token for token in page.all("_BRACE"))
    closed = sum("}" in token for token in page.all("_BRACE"))
    return None if opened <= closed else False


SCREEN = Screen(
    name="symcfg_list_pool",
    tables=(POOLS,),
    command=re.compile(r"symcfg (?:list|show)\b.* -(?:pool|thin)\b"),
    opening=re.compile(
        r"^[ \t]*S Y M M E T R I X .*P O O L S[ \t]*$|^[ \t]*Name[ \t]+PTECSL?[ \t]+Config\b|^[ \t]*Pool Name[ \t]*:"
        r"|^[ \t]*[\w.-]+[ \t]+[A-Z][A-Z0-9-]{5}[ \t]+\S+[ \t]+\d+[ \t]+\d+[ \t]+\d+[ \t]+\d{1,3}[ \t]",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("COLUMNS", "POOL_NAME")),
    end=_end,
)
