"""``symaccess list logins [-v]``: the login history of an array's ports.

       Logged In           : No
       On Fabric           : Yes

Both yes: in use. No and yes: zoned and alive, but not logged in to that port. Both no: a stale entry. The layout
without ``-v`` is known from programs that read it only: layout unproven. A login without its two flags was cut.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.words import YES_NO
from flmparse.tables.groups import LOGINS

_FLAGS = {"Logged In": "logged_in", "On Fabric": "on_fabric"}
_NO_NAME = ("", "NULL", "N/A", "-")


class _Port:
    """The port that the logins below belong to."""

    def __init__(self) -> None:
        self.director: str | None = None
        self.number: str | None = None
        self.wwn: str | None = None

    def take(self, fields: dict[str, str | None]) -> None:
        """Take a line of the heading."""
        if "symmetrix" in fields:
            self.director, self.number, self.wwn = None, None, None
        elif "director" in fields:
            self.director, self.number, self.wwn = fields["director"], None, None
        elif "port_number" in fields:
            self.number = fields["port_number"]
        else:
            self.wwn = _named(fields["port_wwn"])

    def forget(self, kind: str) -> None:
        """Forget the director where lines that were not understood stand above a line of this kind: they may name another."""
        if kind in ("PORT_NUMBER", "TABLE"):
            self.director = None

    @property
    def columns(self) -> dict[str, Any]:
        """The port as columns of a login."""
        port = f"{self.director}:{self.number}" if self.director and self.number else None
        return {"port": port, "port_wwn": self.wwn}


def _named(value: str | None) -> str | None:
    return None if value is None or value in _NO_NAME else value


def _rows(page: Page) -> dict[str, Rows]:
    port = _Port()
    logins: list[dict[str, Any]] = []
    node_wwn: str | None = None
    login: dict[str, Any] | None = None
    for token in page.facts:
        fields, line = page.fields(token, "LOGIN" if token.type == "TABLE" else None), page.line_of(token)
        if page.unknown_above(token):
            node_wwn, login = None, None
            port.forget(token.type)
        if token.type in ("SYMMETRIX", "DIRECTOR", "PORT_NUMBER", "PORT_WWN"):
            port.take(fields)
            node_wwn, login = None, None
        elif token.type == "NODE_WWN":
            node_wwn, login = _named(fields["node_wwn"]), None
        elif token.type == "WWN":
            login = {**port.columns, "node_wwn": node_wwn, "wwn": fields["wwn"], "line": line}
            logins.append(login)
            node_wwn = None
        elif token.type == "FIELD":
            if login is None:
                page.doubt(line, "stands above the initiator it belongs to")
            else:
                _field(page, login, str(fields["field"]), fields["value"] or "", line)
        elif token.type == "TABLE":
            logins += _table(page, page.rows(token, "LOGIN"), port.columns)
    for one in logins:
        if not one["port"]:
            page.doubt(one["line"], "a login without its port")
        if one is not logins[-1] and (one.get("logged_in") is None or one.get("on_fabric") is None):
            page.doubt(one["line"], "a login without Logged In or On Fabric")
    return {LOGINS.name: page.with_heading("symmetrix", from_records(logins))}


def _field(page: Page, login: dict[str, Any], field: str, value: str, line: int) -> None:
    columns: dict[str, Any] = {}
    if field in _FLAGS:
        columns[_FLAGS[field]] = YES_NO.get(value)
        if value not in YES_NO:
            page.doubt(line, f"{field} is neither Yes nor No: {value!r}")
    elif field == "User-generated Name":
        node_name, _, port_name = value.partition("/")
        columns = {"node_name": _named(node_name.strip()), "port_name": _named(port_name.strip())}
    elif field == "FCID":
        columns["fcid"] = _named(value)
    elif field == "Last Active Log-In":
        columns["last_active"] = _named(value)
    for name, one in columns.items():
        if login.setdefault(name, one) != one:
            page.doubt(line, f"a second {field} for one login")


def _table(page: Page, rows: Rows, port: dict[str, Any]) -> list[dict[str, Any]]:
    logins = []
    for fields in to_records(rows):
        names = {name: _named(fields[name]) for name in ("node_name", "port_name", "fcid")}
        flags = {name: YES_NO[fields[name]] for name in ("logged_in", "on_fabric")}
        logins.append({**port, "wwn": fields["wwn"], **names, **flags, "line": fields["line"]})
    return logins


def _end(page: Page) -> bool | None:
    """Tell whether the last login of the long layout has its flags."""
    fields: set[str | None] = set()
    begun = False
    for token in page.facts:
        if token.type in ("NODE_WWN", "WWN", "DIRECTOR"):
            begun, fields = token.type != "DIRECTOR", set()
        elif token.type == "FIELD":
            fields.add(page.fields(token)["field"])
    return None if not begun or fields.issuperset(_FLAGS) else False


SCREEN = Screen(
    name="symaccess_list_logins",
    tables=(LOGINS,),
    command=re.compile(r"(?:symaccess|symmask) list logins\b"),
    opening=re.compile(
        r"^[ \t]*Originator Port wwn[ \t]*:[^\n]*\n(?:[^\n]+\n){0,9}?[ \t]*(?:FCID|Logged In)[ \t]*:"
        r"|^[ \t]*Identifier[ \t]+Type[ \t]+Node Name[ \t]+Port Name[ \t]+FCID",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("DIRECTOR",), ("PORT_NUMBER",)),
    end=_end,
    none="NO_LOGINS",
)
