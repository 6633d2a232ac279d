"""JSON: the whole report as one document, its shape printed by ``flmparse schema check``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flmparse.render.formats import Format

if TYPE_CHECKING:
    from flmparse.render.views import Report


def _write(report: "Report") -> Iterator[str]:
    from flmparse.render.records import json_pieces

    return json_pieces(report)


FORMAT = Format("json", ".json", "everything in one document: for programs (flmparse schema check)", _write)
