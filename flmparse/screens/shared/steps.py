"""Transcripts of commands that change sessions: what was begun, done or refused."""

from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.tables.operations import OPERATIONS

_CHANGES_SESSION = frozenset({"create", "activate", "terminate", "failback"})


def steps(page: Page, tool: str = "") -> dict[str, Rows]:
    """Return what a transcript says was begun, done or refused, under the name ``<tool> <operation>``."""
    records: list[dict[str, Any]] = []
    for token in page.all("PROGRESS", "SUCCESS", "FAILURE"):
        fields = page.fields(token)
        operation = str(fields.get("operation") or (page.command.verb if page.command else "")).lower()
        step: dict[str, Any] = {
            "operation": f"{tool} {operation}".strip(),
            "subject": str(fields.get("subject") or fields.get("device_file") or "").strip() or None,
            "succeeded": {"SUCCESS": True, "FAILURE": False}.get(token.type),
            "line": page.line_of(token),
        }
        if records and records[-1]["succeeded"] is None and records[-1]["operation"] == step["operation"]:
            records.pop()  # the announcement of the step of which this is the end
        records.append(step)
    command = page.command
    if not records and command is not None and command.verb in _CHANGES_SESSION and not tool:
        # It was typed, and what came of it was not captured or not understood.
        records.append(
            {"operation": command.verb, "succeeded": None, "line": page.block.echo_line or page.block.line_start}
        )
    return {OPERATIONS.name: from_records(records)}
