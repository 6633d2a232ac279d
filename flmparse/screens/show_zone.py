"""``show zoneset``, ``show zone``: the zones of a Cisco fabric, as defined or, with ``active``, as enforced.

      * fcid 0x0a0100 [pwwn 10:00:00:00:c9:5a:11:08] [exch01_hba0]

A star, or the FCID beside a WWN, is printed in an active set only, for a member that is logged in. Without a command and without
a star nobody can tell which of the two an output shows. Members below a line that was not understood belong to no zone.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.switches import of_switch
from flmparse.tables.switches import ZONE_ALIASES, ZONE_MEMBERS, ZONE_SETS


def _scope(page: Page) -> str | None:
    if any(page.fields(token)["star"] for token in page.all("MEMBER")):
        return "active"
    if page.command is None or not page.command.tool.startswith("sh"):
        return None
    return "active" if page.command.has_words("active") else "defined"


def _member(fields: dict[str, str | None], scope: str | None) -> dict[str, Any]:
    """Return the columns of a member, as printed and by its kind."""
    alias = fields["device_alias"]
    kinds = {"wwn": fields["wwn"], "alias": alias, "port": fields["interface"], "fcid": fields["member_fcid"]}
    kind, member = next((kind, text) for kind, text in kinds.items() if text is not None)
    logged_in = bool(fields["star"]) if scope == "active" else None
    return {"member": member, "member_kind": kind, "wwn": fields["wwn"], "logged_in": logged_in}


def _rows(page: Page) -> dict[str, Rows]:
    scope = _scope(page)
    sets: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    aliases: list[dict[str, Any]] = []
    zone_set: dict[str, Any] | None = None
    zone: dict[str, Any] | None = None
    fcalias: str | None = None
    fcalias_indent = 0
    empty: list[dict[str, Any]] = []
    for token in page.facts:
        fields, line = page.fields(token), page.line_of(token)
        indent = len(token) - len(token.lstrip(" \t"))
        if page.unknown_above(token, rows=True):
            zone = None
            zone_set = zone_set if token.type != "ZONESET" else None
            fcalias = None
        if token.type == "ZONESET":
            zone_set = {"scope": scope, "zone_set": fields["zone_set"], "vsan": int(fields["vsan"] or 0), "line": line}
            zone = fcalias = None
            sets.append(zone_set | {"zone": None})
        elif token.type == "ZONE":
            vsan = int(fields["vsan"] or 0)
            if zone_set is not None and zone_set["vsan"] != vsan:
                page.doubt(line, f"a zone of VSAN {vsan} in a zone set of VSAN {zone_set['vsan']}")
            in_set = zone_set["zone_set"] if zone_set is not None else None
            zone = {"scope": scope, "zone_set": in_set, "zone": fields["zone"], "vsan": vsan, "line": line}
            fcalias = None
            empty.append(zone)
            if zone_set is not None:
                if sets[-1]["zone"] is None:
                    sets.pop()
                sets.append(zone_set | {"zone": fields["zone"], "line": line})
        elif token.type == "FCALIAS":
            fcalias, fcalias_indent = fields["alias"], indent
            if zone is not None:
                members.append(zone | {"member": fcalias, "member_kind": "alias", "line": line})
                empty = [one for one in empty if one is not zone]
        elif token.type == "MEMBER":
            if zone is None and fcalias is None:
                page.doubt(line, "a member of a zone whose name was not understood")
                continue
            if fcalias is not None and indent <= fcalias_indent:
                if not any(alias["alias"] == fcalias for alias in aliases):
                    page.doubt(
                        line, f"whether it is of fcalias {fcalias} is not told: it stands no deeper than its name"
                    )
                fcalias = None
            member = _member(fields, scope)
            if zone is not None:
                members.append(zone | member | {"line": line})
                empty = [one for one in empty if one is not zone]
            for name, kind in ((fcalias, "fcalias"), (fields["alias"], "device-alias")):
                if name is not None and member["wwn"] is not None:
                    aliases.append({"kind": kind, "alias": name, "wwn": member["wwn"], "line": line})
    rows = {ZONE_SETS.name: sets, ZONE_MEMBERS.name: members + empty, ZONE_ALIASES.name: aliases}
    if page.has("MEMBER", "ZONE", "ZONESET") and scope is None:
        page.doubt(
            page.line_of(page.facts[0]),
            "whether the zones are the active ones is not told: no command stands above them",
        )
    return {name: of_switch(page, from_records(records)) for name, records in rows.items()}


SCREEN = Screen(
    name="show_zone",
    tables=(ZONE_SETS, ZONE_MEMBERS, ZONE_ALIASES),
    command=re.compile(r"sh(?:ow)? zone(?:set)?\b(?! (?:status|statistics|policy|analysis|pending|ess|tech-support))"),
    opening=re.compile(r"^[ \t]*zone(?:set)? name \S+ vsan \d+[ \t]*$", re.M),
    rows=_rows,
    promised=(("ZONESET", "ZONE"),),
    none="NOTHING",
)
