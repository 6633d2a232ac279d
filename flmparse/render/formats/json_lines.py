"""JSON Lines: one record a line, its shape printed by ``flmparse schema record``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flmparse.render.formats import Format

if TYPE_CHECKING:
    from flmparse.render.views import Report


def _write(report: "Report") -> Iterator[str]:
    from flmparse.render.records import json_line_pieces

    return json_line_pieces(report)


FORMAT = Format("jsonl", ".jsonl", "a gate or a rule's answer on each line: for pipes (flmparse schema record)", _write)
