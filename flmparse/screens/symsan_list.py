"""``symsan list``: what a director port of the array sees in the SAN, without any session.

    07E:0   .   EMC Symmetrix 000187490076        4 5006048449AEE08D

White paper page 8 uses it to prove the zones between target and source. ``-sanports`` lists the remote ports, ``-sanluns`` the logical units
behind one (layout unproven: known by its columns), ``-sanrdf`` RDF links. A heading without a row means that nothing is zoned; the row in
``san_scans`` then tells that it was asked. The port asked about comes from the command, the ports that answer from the rows.
"""

import re
from typing import Any

from flmparse.reading.page import Page, lines_in
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.tables.environment import SAN_LUNS, SAN_PORTS, SAN_RDF_LINKS, SAN_SCANS

_HEADINGS = {"PORTS_HEADING": "sanports", "LUNS_HEADING": "sanluns", "RDF_HEADING": "sanrdf"}
_TABLES = {"sanports": "PORT_TABLE", "sanluns": "LUN_TABLE", "sanrdf": "RDF_TABLE"}
_LUN_OF_SYMMETRIX = re.compile(r"(?:60000970|60060480)(\d{12})53", re.I)
_DIRECTOR = re.compile(r"\d{1,2}[A-Za-z]\Z")


def _rows(page: Page) -> dict[str, Rows]:
    ports = dict(page.table("PORT_TABLE", "REMOTE_PORT_ROW"))
    ports["incomplete"] = [flag == "X" for flag in ports.get("incomplete", ())]
    luns = _luns(page)
    links = dict(page.table("RDF_TABLE", "LINK"))
    for name in ("remote_symmetrix", "remote_director", "remote_wwn"):
        links[name] = [None if not value.strip("0-") else value for value in links.get(name, ())]
    return {
        SAN_SCANS.name: page.with_heading("symmetrix", _scan(page)),
        SAN_PORTS.name: page.with_heading("symmetrix", ports),
        SAN_LUNS.name: page.with_heading("symmetrix", luns),
        SAN_RDF_LINKS.name: page.with_heading("symmetrix", links),
    }


def _luns(page: Page) -> Rows:
    luns = dict(page.table("LUN_TABLE", "LUN"))
    flags = luns.get("flags", ())
    luns["incomplete"] = [flag[0] == "X" for flag in flags]
    luns["reserved"] = [flag[2] == "X" for flag in flags]
    luns["lun_wwn"] = [wwn.lower() for wwn in luns.get("lun_wwn", ())]
    arrays = [_LUN_OF_SYMMETRIX.match(wwn) for wwn in luns["lun_wwn"]]
    luns["remote_symmetrix"] = [match[1] if match else None for match in arrays]
    luns["remote_device"] = [None if device in ("N/A", "-") else device for device in luns.get("remote_device", ())]
    if page.has("REMOTE_PORT"):
        return page.with_heading("remote_port_wwn", luns, "REMOTE_PORT")
    asked = page.command.option("-wwn") if page.command else None
    return {**luns, "remote_port_wwn": [asked] * len(flags)}


def _scan(page: Page) -> Rows:
    """Return one row for each listing that the output holds: its heading, or ``No ...``, shows that the question was answered."""
    scans: list[dict[str, Any]] = []
    ports = {kind: _only_port(page, kind) for kind in _PORT_ROWS}
    symmetrix: str | None = None
    remote = page.command.option("-wwn") if page.command else None
    for token in page.scan.tokens:
        line = page.line_of(token)
        if token.type == "SYMMETRIX":
            symmetrix = page.fields(token)["symmetrix"]
        elif token.type == "REMOTE_PORT":
            remote = page.fields(token)["remote_port_wwn"]
        elif token.type in _HEADINGS:
            if page.unknown_above(token):
                remote = None
            scan = _asked(page, _HEADINGS[token.type], ports, symmetrix, remote, line)
            if scans and scans[-1] | {"line": line} == scan:
                scans.pop()  # a heading printed twice asks once
            scans.append(scan)
        elif token.type == "NOTHING" and not scans and page.command is not None:
            kinds = [kind for kind in _TABLES if f"-{kind}" in page.command.options]
            scans += [_asked(page, kind, ports, symmetrix, remote, line) for kind in kinds]
        elif scans and token.type == _TABLES[scans[-1]["kind"]]:
            scans[-1]["found"] += lines_in(token)
    return from_records(scans)


_PORT_ROWS = {"sanports": "REMOTE_PORT_ROW", "sanluns": "LUN"}


def _only_port(page: Page, kind: str) -> str | None:
    """Return the port that the rows name, where there is no command above the output and they name one only."""
    if page.command is not None:
        return None
    ports_named = {str(value) for value in page.table(_TABLES[kind], _PORT_ROWS[kind]).get("port", ())}
    return ports_named.pop() if len(ports_named) == 1 else None


def _asked(
    page: Page, kind: str, ports: dict[str, str | None], symmetrix: str | None, remote: str | None, line: int
) -> dict[str, Any]:
    options = page.command.options if page.command else {}
    director, number = options.get("-dir", ""), options.get("-p", "")
    port = f"{director}:{number}" if _DIRECTOR.match(director) and number.isdigit() else ports.get(kind)
    remote = remote if kind == "sanluns" else None
    return {
        "kind": kind, "symmetrix": symmetrix, "port": port, "remote_port_wwn": remote, "found": 0, "line": line
    }  # fmt: skip


def _end(page: Page) -> bool | None:
    return page.has("LEGEND_END") if page.has("_LEGEND") else None


SCREEN = Screen(
    name="symsan_list",
    tables=(SAN_SCANS, SAN_PORTS, SAN_LUNS, SAN_RDF_LINKS),
    command=re.compile(r"symsan list\b"),
    opening=re.compile(
        r"^[ \t]*DIR:P[ \t]+(?:I[ \t]+Vendor|(?:[A-Z]+[ \t]+)?ICRTHS)\b|^[ \t]*Dir(?::P)?[ \t]+CT[ \t]+S[ \t]+Symmetrix ID"
        r"|^[ \t]*\d{2}[A-Z]:\d{1,2}[ \t]+[X.][ \t]+[A-Z]\S*(?: \S+)*[ \t]+\S+[ \t]+\d+[ \t]+[0-9A-Fa-f]{16}[ \t]*$",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("PORTS_HEADING", "LUNS_HEADING", "RDF_HEADING")),
    end=_end,
    none="NOTHING",
)
