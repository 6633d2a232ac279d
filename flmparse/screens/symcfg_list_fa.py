"""``symcfg list -fa``: the front-end directors and ports of an array and their flags.

    FA-7E   0    50000972C0044D18  Yes      No           Yes
    FA-7E   0    50000972C0044D18  X.X.     4

White paper figure 2 and pages 6 and 8 (ACLX on for the ports used). Four layouts by generation; what a layout does not print is null, so
the 5977 listings prove no ACLX. Which flag a column or letter is, the heading tells: rows without theirs keep no flags. The
layout with letters AVPF is known by its letters and legend only, the paragraphs of ``-v`` by the names of their flags: layout unproven.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.reading.xml_tree import Document
from flmparse.screens.shared.array_xml import ARRAY_ELEMENTS, rows_of_xml
from flmparse.screens.shared.words import FLAGS, MARKS
from flmparse.tables.arrays import ARRAYS, DIRECTORS, FRONT_END_PORTS
from flmparse.tables.environment import SOLUTIONS_ENABLER

_ROW_OF = {
    "YES_NO_TABLE": "YES_NO_ROW",
    "LETTER_TABLE": "LETTER_ROW",
    "DIRECTOR_TABLE": "DIRECTOR_ROW",
    "PORT_TABLE": "PORT_ROW",
}
_KINDS = {"FA": "FibreChannel", "FE": "FCoE", "SE": "GigE"}
_YES = {**FLAGS, **MARKS}
_LETTERS = {"A": "aclx", "V": "volume_set_addressing", "P": "point_to_point"}
_FLAGS = {
    "Access_Logix": "aclx",
    "ACLX": "aclx",
    "VCM_State": "vcm",
    "Volume_Set_Addressing": "volume_set_addressing",
    "Init_Point_to_Point": "point_to_point",
    "Common_Serial_Number": "common_serial",
    "SCSI_3": "scsi_3",
    "SPC2_Protocol_Version": "spc_2",
    "SCSI_Support1": "os2007",
}
"""Names of the flags in ``-v`` and the columns they fill."""


def _rows(page: Page) -> dict[str, Rows]:
    ports: list[dict[str, Any]] = []
    directors: list[dict[str, Any]] = []
    heading: str | None = None
    director: dict[str, Any] = {}
    port: dict[str, Any] = {}
    for token in page.facts:
        line = page.line_of(token)
        if page.unknown_above(token):
            heading, port = None, {}
            if token.type != "FLAG":
                director = {}
        if token.type == "SYMMETRIX":
            director, port = {}, {}
        elif token.type in ("YES_NO_HEADING", "FLAG_LETTERS"):
            heading = page.fields(token).get("first") or page.fields(token).get("letters")
        elif token.type in _ROW_OF:
            for fields in to_records(page.rows(token, _ROW_OF[token.type])):
                ports.append(_table_row(page, token.type, fields, heading))
        elif token.type == "DIRECTOR":
            identifier = page.fields(token)["ident"] or ""
            director = {**_ident(identifier, None), "line": line}
            port = {}
        elif token.type == "PORT" and director:
            port = {**director, "port": f"{director['director']}:{page.fields(token)['number']}", "line": line}
            ports.append(port)
        elif token.type == "DIRECTOR_STATUS" and director:
            status = {"identifier": identifier, "status": page.fields(token)["status"], "line": line}
            directors.append({name: director[name] for name in ("director", "kind")} | status)
        elif token.type in ("PORT", "DIRECTOR_STATUS", "PORT_WWN", "PORT_STATUS", "SPEED", "FLAG"):
            _of_port(page, port, page.fields(token), line)
    tables = {FRONT_END_PORTS: ports, DIRECTORS: directors}
    return {table.name: page.with_heading("symmetrix", from_records(rows)) for table, rows in tables.items()}


def _named(ident: str) -> tuple[str, str]:
    """Take ``FA-7E`` apart: director 07E, kind FibreChannel."""
    prefix, _, name = ident.partition("-")
    return name.zfill(3), _KINDS.get(prefix, prefix)


def _ident(ident: str, number: str | None) -> dict[str, Any]:
    director, kind = _named(ident)
    port = f"{director}:{number}" if number is not None else None
    return {"director": director, "port": port, "kind": kind}


def _table_row(page: Page, layout: str, fields: dict[str, Any], heading: str | None) -> dict[str, Any]:
    row = {**_ident(fields["ident"], fields.get("number")), "line": fields["line"], "wwn": fields.get("wwn")}
    row |= {name: fields.get(name) for name in ("status", "speed")}
    if layout == "YES_NO_TABLE":
        if heading in ("ACLX", "VCM"):
            row[heading.lower()] = _YES.get(fields["first"])
            row |= {name: _YES.get(fields[name]) for name in ("volume_set_addressing", "point_to_point")}
        else:
            page.doubt(fields["line"], "no heading tells what the columns Yes and No are")
    elif layout == "LETTER_TABLE":
        if heading is None or len(heading) != len(fields["flags"]):
            page.doubt(fields["line"], f"no heading tells what the flags {fields['flags']} are")
            return row
        row |= {name: _YES[flag] for name, flag in zip(_flag_names(heading), fields["flags"], strict=True) if name}
        if heading.endswith("F"):
            row["kind"] = _kind_by_flag(row["kind"], fields["flags"][-1])
    return row


def _flag_names(heading: str) -> list[str | None]:
    # The first V of VVPF is the VCM of a DMX, the second is volume set addressing.
    return ["vcm" if heading.startswith("VV") and not at else _LETTERS.get(c) for at, c in enumerate(heading)]


def _kind_by_flag(kind: str, last: str) -> str:
    """Return the kind of a director, FCoE where the last of AVPF says so."""
    return "FCoE" if last == "X" else kind


def _of_port(page: Page, port: dict[str, Any], fields: dict[str, str | None], line: int) -> None:
    """Give a key of ``-v`` to the port above it."""
    if not port:
        page.doubt(line, "stands above its director and port")
        return
    name = fields.get("name")
    values: dict[str, Any] = {_FLAGS[name]: _YES.get(fields["value"] or "")} if name else fields
    for column, value in values.items():
        if port.setdefault(column, value) != value:
            page.doubt(line, f"a second {column.replace('_', ' ')} for port {port['port']}")


def _end(page: Page) -> bool | None:
    # A paragraph of -v whose braces are open was cut.
    opened = sum(token.count("{") for token in page.all("_BRACE", "_SECTION"))
    closed = sum(token.count("}") for token in page.all("_BRACE"))
    return None if opened <= closed else False


_ELEMENTS = {
    "aclx": "Fibre_Flags/aclx",
    "volume_set_addressing": "Fibre_Flags/volume_set_addressing",
    "point_to_point": "Fibre_Flags/init_point_to_point",
    "common_serial": "SCSI_Flags/common_serial_number",
    "scsi_3": "SCSI_Flags/scsi_3",
    "spc_2": "SCSI_Flags/spc2_protocol_version",
    "os2007": "SCSI_Flags/scsi_support1",
}
"""Flags of a port in XML and the columns they fill."""


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    directors, ports = [], []
    for symmetrix, director in page.of_arrays("Director"):
        fields = page.values(
            director,
            {"identifier": "Dir_Info/id", "status": "Dir_Info/status"},
            {"kind": "Dir_Info/type", "port_count": "Dir_Info/ports"},
        )
        named = _ident(fields["identifier"] or "", None)
        directors.append({**fields, "symmetrix": symmetrix, "director": named["director"]})
        if (fields["identifier"] or "").partition("-")[0] not in _KINDS:
            continue
        for port in director.each("Port"):
            columns = page.values(port, {"number": "Port_Info/port"}, {"status": "Port_Info/port_status"})
            speeds = [page.value(port, f"Port_Info/{name}") for name in ("negotiated_speed", "maximum_speed")]
            columns |= _ident(fields["identifier"], columns.pop("number")) | {"symmetrix": symmetrix}
            columns |= {"wwn": page.value(port, "Port_Info/port_wwn"), "speed": speeds[0] or speeds[1]}
            ports.append(
                columns | {column: FLAGS.get(page.value(port, path) or "") for column, path in _ELEMENTS.items()}
            )
    long = any(page.document.shows(f"Symmetrix/{name}") for name in ("Microcode", "Symm_Info/model"))
    of_arrays = rows_of_xml(page) if long else {}
    return {DIRECTORS.name: from_records(directors), FRONT_END_PORTS.name: from_records(ports), **of_arrays}


def _shows(document: Document) -> bool:
    return document.shows("Symmetrix/Director/Dir_Info")


SCREEN = Screen(
    name="symcfg_list_fa",
    tables=(FRONT_END_PORTS, DIRECTORS),
    command=re.compile(
        r"symcfg list\b.* -(?:fa|se|sa)\b|symcfg list\b.* -dir\b.* -output\b|symcfg list\b.* -output\b.* -dir\b"
    ),
    opening=re.compile(
        r"^[ \t]*Dir[ \t]+Port[ \t]+WWN[ \t]|^[ \t]*Ident[ \t]+Type[ \t]+Engine[ \t]+Cores[ \t]+Ports"
        r"|^[ \t]*Ident[ \t]+Port[ \t]+WWN[ \t]+Type|^[ \t]*F[AE]-\d{1,2}[A-Z][ \t]+\d{1,2}[ \t]+[0-9A-Fa-f]{16}[ \t]"
        r"|^[ \t]*F[AE]-\d{1,2}[A-Z][ \t]+[A-Z]\w+[ \t]+\d+[ \t]+\d+[ \t]+\d+[ \t]+[A-Z]"
        r"|^[ \t]*Director Identification[ \t]*:[ \t]*F[AE]-",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("YES_NO_HEADING", "FLAG_LETTERS", "_HEADING", "DIRECTOR")),
    end=_end,
    xml=XmlCard(
        tables=(DIRECTORS, FRONT_END_PORTS, ARRAYS, SOLUTIONS_ENABLER),
        shows=_shows,
        rows=_of_xml,
        known=ARRAY_ELEMENTS
        | {
            "Director",
            "Dir_Info",
            "Port",
            "Port_Info",
            "Fibre_Flags",
            "SCSI_Flags",
            "RDF",
            "Attributes",
            "Group",
            "Link",
        },
    ),
)
