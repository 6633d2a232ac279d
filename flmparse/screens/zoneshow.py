"""``zoneshow``, ``cfgshow``, ``cfgactvshow``, ``alishow``: the zones of a Brocade fabric, as defined and as enforced.

     zone:  z_exch01_a
                    exch01_hba0; 50:00:09:72:c0:04:4d:18

The effective configuration holds no aliases. A line of members below one that was not understood belongs to nothing.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import WWN, of_switch
from flmparse.tables.switches import ZONE_ALIASES, ZONE_MEMBERS, ZONE_SETS

if TYPE_CHECKING:
    from lark import Token

_WWN = re.compile(WWN + r"\Z")
_PORT_OF_SWITCH = re.compile(r"\d{1,3},\d{1,4}\Z")


def kind_of_member(member: str) -> str:
    """Tell a WWN and a domain with a port from the name of an alias."""
    return "wwn" if _WWN.match(member) else "port" if _PORT_OF_SWITCH.match(member) else "alias"


class _Configuration:
    """What stands in the configurations, line by line."""

    def __init__(self, page: Page) -> None:
        self.page = page
        asked = page.command.tool if page.command is not None else ""
        self.scope: str | None = "active" if asked == "cfgactvshow" else "defined" if asked == "alishow" else None
        self.active_set: str | None = None
        self.above: dict[str, Any] | None = None
        self.sets: list[dict[str, Any]] = []
        self.members: list[dict[str, Any]] = []
        self.aliases: list[dict[str, Any]] = []

    def take(self, token: "Token") -> None:
        line, fields = self.page.line_of(token), self.page.fields(token)
        if token.type == "MEMBERS":
            if self.page.unknown_above(token, rows=True):
                self.above = None
            if self.above is None:
                self.page.doubt(line, "members of a zone or alias whose name was not understood")
                return
            for at, text in enumerate(token.splitlines(), start=line):
                self._add(self.above, text, at)
            return
        self._close()
        if token.type in ("DEFINED", "EFFECTIVE"):
            self.scope = {"DEFINED": "defined", "EFFECTIVE": "active"}[token.type]
            self.active_set = None
        elif token.type == "NOTHING":
            scope = "active" if fields["what"] == "in effect" else "defined"
            self.sets.append({"scope": scope, "line": line})
        else:
            if self.page.unknown_above(token, rows=True) and self.scope is not None and not self._may_go_on():
                self.scope = None
            self.above = {"kind": fields["kind"], "name": fields["name"], "line": line, "empty": True}
            if fields["kind"] == "cfg" and self.scope == "active":
                self.active_set = fields["name"]
            self._add(self.above, fields["members"] or "", line)

    def _may_go_on(self) -> bool:
        """Whether no line that was not understood can be the heading of the effective configuration."""
        return self.scope == "active" or any(token.type == "EFFECTIVE" for token in self.page.facts)

    def _add(self, above: dict[str, Any], text: str, line: int) -> None:
        for member in filter(None, re.split(r"[;\s]+", text)):
            above["empty"] = False
            self._row(above, member, line)

    def _row(self, above: dict[str, Any], member: str | None, line: int) -> None:
        kind = kind_of_member(member) if member else None
        wwn = member if kind == "wwn" else None
        if above["kind"] == "cfg":
            self.sets.append({"scope": self.scope, "zone_set": above["name"], "zone": member, "line": line})
        elif above["kind"] == "alias":
            self.aliases.append({"kind": "alias", "alias": above["name"], "wwn": wwn, "line": line})
        else:
            row = {"scope": self.scope, "zone_set": self.active_set, "zone": above["name"], "line": line}
            self.members.append(row | {"member": member, "member_kind": kind, "wwn": wwn})
            if self.scope == "active" and above["empty"] is False and self.active_set is not None:
                self._hold(above["name"], above["line"])

    def _hold(self, zone: str, line: int) -> None:
        row = {"scope": "active", "zone_set": self.active_set, "zone": zone, "line": line}
        if self.sets[-1:] != [row]:
            self.sets.append(row)

    def _close(self) -> None:
        """End what stood above: a zone or set without members has a row of its own."""
        if (
            self.above is not None
            and self.above["empty"]
            and not (self.above["kind"] == "cfg" and self.scope == "active")
        ):
            self._row(self.above, None, self.above["line"])
        self.above = None

    def tables(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        self._close()
        yield from ((ZONE_SETS.name, self.sets), (ZONE_MEMBERS.name, self.members), (ZONE_ALIASES.name, self.aliases))


def _rows(page: Page) -> dict[str, Rows]:
    configuration = _Configuration(page)
    for token in page.facts:
        configuration.take(token)
    return {name: of_switch(page, from_records(records)) for name, records in configuration.tables()}


SCREEN = Screen(
    name="zoneshow",
    tables=(ZONE_SETS, ZONE_MEMBERS, ZONE_ALIASES),
    command=re.compile(r"(?:zoneshow|cfgshow|cfgactvshow|alishow)\b"),
    opening=re.compile(
        r"^[ \t]*(?:Defined|Effective) configuration:[ \t]*$|^[ \t]*(?:cfg|zone|alias):[ \t]+[A-Za-z0-9]", re.M
    ),
    rows=_rows,
    promised=(("OBJECT", "NOTHING"),),
)
