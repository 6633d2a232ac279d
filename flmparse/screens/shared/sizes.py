"""Columns of sizes: MB as the guides print them, unless the command or the heading asks for another unit."""

import re
from typing import Any

from flmparse.reading.page import Page

_UNIT = re.compile(r"\((?P<unit>[A-Za-z]{2,9})s?\)[ \t]*$", re.M)
_ASKED_FOR = {"-cyl": "cylinders", "-tracks": "tracks", "-gb": "GB", "-tb": "TB", "-kb": "KB"}


def sizes_in_mb(page: Page, sizes: Any, heading: str) -> Any:
    """Return a column of sizes; nulls, and a doubt, where the unit of its last column is not MB.

    Cylinders are not converted: a cylinder holds another number of bytes on each family of arrays.
    """
    units = {match["unit"] for token in page.all(heading) for match in [_UNIT.search(token)] if match}
    others = {unit for unit in units if unit.upper() != "MB"}
    if page.command is not None:
        others |= {unit for option, unit in _ASKED_FOR.items() if option in page.command.options}
    if not others:
        return sizes
    first = page.all(heading)
    line = page.line_of(first[0]) if first else page.block.line_start
    page.doubt(line, f"sizes in {', '.join(sorted(others))}, not in MB")
    return [None] * len(sizes)
