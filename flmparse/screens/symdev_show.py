"""``symdev show <device>`` and ``symdev list -v``: everything that the array tells about a device.

    Device Configuration     : TDEV
    SCSI-3 Persistent Reserve: Enabled
    Host Access Mode         : Passive

White paper pages 5 (reservation), 6 (replication targets) and 11 (host access mode). The keys are those that programs read; the body as a whole
is LAYOUT UNPROVEN. Sections in braces decide what a key means: ``MegaBytes`` in Device Capacity is the device's own size, in Device External Identity
the one it shows; a key in a section without a heading is not used. A capture that went through grep is partial: what it does not show proves nothing.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage
from flmparse.reading.xml_tree import Document, Element
from flmparse.screens.shared.words import FLAGS, STATE_LETTERS
from flmparse.tables.arrays import DEVICE_ACCESS, DEVICE_DETAILS

if TYPE_CHECKING:
    from lark import Token

_OF_DEVICE = frozenset(
    {
        "SYMMETRIX",
        "DEVICE",
        "SERVICE_STATE",
        "CONFIG",
        "SERIAL",
        "WWN",
        "REVISION",
        "POOL",
        "STATUS",
        "RESERVE",
        "ENCAPSULATED",
    }
    | {"GATEKEEPER", "ACCESS"}
)
"""Keys outside any section."""
_PLAIN = _OF_DEVICE - {"SYMMETRIX", "ACCESS"}
_FURTHER = frozenset({"FURTHER_KEY", "FURTHER_ROW"})
_FILTER = re.compile(r"\s*(?:grep|egrep|findstr|find|awk|sed|head|tail|select-string)\b", re.I)
_CAPACITY, _IDENTITY = "device capacity", "device external identity"


@dataclass
class _Device:
    """What is known of one device while its lines are read."""

    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)
    pair_states: list[str] = field(default_factory=list)
    sessions: list[dict[str, str | None]] = field(default_factory=list)
    access: tuple[str, int] | None = None

    def row(self) -> dict[str, Any]:
        """Return the row of ``device_details``."""
        number = self.fields.get("device")
        row = {**self.fields, "line": self.line}
        row["rdf_role"] = ",".join(self.roles) or None
        row["rdf_pair_state"] = ",".join(self.pair_states) or None
        config = str(self.fields.get("config") or "")
        if any(role.startswith("R2") for role in self.roles) or re.search(r"\bRDF2", config):
            row["is_rdf_target"] = True
        elif config:
            row["is_rdf_target"] = False
        for session in self.sessions:
            target, source = session.get("target"), session.get("source")
            if number and target and source and int(target, 16) == int(number, 16):
                row |= {"copy_target_of": source, "copy_state": session.get("state")}
        return row


class _Reader:
    """Walks the tokens of a page, keeping the device and the sections that a line stands in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.symmetrix: str | None = None
        self.devices: list[_Device] = []
        self.sections: list[str] = []
        self._known: dict[str, dict[str, str | None]] = {}
        self._plain: dict[str, dict[str, Any]] = {}

    def read(self) -> list[_Device]:
        """Return the devices of the page."""
        facts = self.page.facts
        for position, token in enumerate(facts):
            kind = token.type
            if kind in _FURTHER or (kind in _PLAIN and self._take_plain(kind, token)):
                continue
            line, fields = self.page.line_of(token), self._fields(token)
            following = facts[position + 1].type if position + 1 < len(facts) else None
            if kind in ("SECTION", "GEOMETRY", "OPEN", "CLOSE"):
                self._brace(kind, line, fields)
            elif kind == "SYMMETRIX" and (following in (None, "PHYSICAL") or not self.devices):
                self.symmetrix = fields["symmetrix"]  # stands above the devices of its array
            elif kind == "PHYSICAL" or (kind == "DEVICE" and not self.sections and self._numbered):
                self._begin(kind, line, fields)
            else:
                self._fact(kind, line, fields)
        if not self.devices and facts and not self.page.has("NO_DEVICES"):
            # Keys that no column wants: still a capture of the device that was asked for.
            self._current(self.page.line_of(facts[0]))
        return self.devices

    def _fields(self, token: "Token") -> dict[str, str | None]:
        """Return the fields of a token; devices say the same over and over."""
        fields = self._known.get(token.value)
        if fields is None:
            fields = self._known[token.value] = self.page.fields(token)
        return fields

    def _take_plain(self, kind: str, token: "Token") -> bool:
        """Take a key that stands in no section and begins nothing; most lines are of that kind."""
        if self.sections or not self.devices or (kind == "DEVICE" and self._numbered):
            return False
        values = self._plain.get(token.value)
        if values is None:
            values = self._plain[token.value] = _values(kind, self.page.fields(token))
        told = self.devices[-1].fields
        for name, value in values.items():
            if told.setdefault(name, value) != value:
                self._second(name, value, self.page.line_of(token))
        return True

    def _brace(self, kind: str, line: int, fields: dict[str, str | None]) -> None:
        if kind in ("SECTION", "GEOMETRY"):
            self.sections.append((fields["section"] or "").lower())
            if self.devices:
                self.devices[-1].sessions.append({})
        elif kind == "OPEN":
            self.sections.append("")
            self.page.doubt(line, "a brace without a heading")
        elif self.sections:
            closed = self.sections.pop()
            if closed == _CAPACITY and self.devices and "capacity_mb" not in self.devices[-1].fields:
                self.page.doubt(line, "a section Device Capacity without its MegaBytes")
        else:
            self.page.doubt(line, "a brace that closes nothing")

    @property
    def _numbered(self) -> bool:
        """Whether the device being read has its number already, or none is being read."""
        return not self.devices or "device" in self.devices[-1].fields

    def _begin(self, kind: str, line: int, fields: dict[str, str | None]) -> None:
        if self.sections:
            self.page.doubt(line, "a device begins before the section above it has ended")
            self.sections.clear()
        if kind == "DEVICE" and self.devices:
            self.page.doubt(line, "a second device without its first line, Device Physical Name")
        self.devices.append(_Device(line, {"symmetrix": self.symmetrix} if self.symmetrix else {}))
        self._note(fields, line)

    def _fact(self, kind: str, line: int, fields: dict[str, str | None]) -> None:
        section = self.sections[-1] if self.sections else None
        if kind in _OF_DEVICE and section is None:
            self._of_device(kind, line, fields)
        elif kind == "MEGABYTES" and section == _CAPACITY:
            self._note({"capacity_mb": fields["megabytes"]}, line)
        elif kind == "TRACKS" and section == _CAPACITY:
            self._note({"tracks": fields["tracks"]}, line)
        elif kind == "WWN" and section == _IDENTITY:
            self._note({"external_wwn": _wwn(fields["wwn"])}, line)
        elif kind == "MEGABYTES" and _IDENTITY in self.sections:
            self._note({"external_capacity_mb": fields["megabytes"]}, line)
        elif kind == "RDF_TYPE" and fields["rdf_role"] not in (None, "N/A"):
            self._current(line).roles.append(str(fields["rdf_role"]))
        elif kind == "RDF_STATE":
            self._current(line).pair_states.append(str(fields["rdf_pair_state"]))
        elif kind in ("COPY_SOURCE", "COPY_TARGET", "COPY_STATE"):
            self._session(line, fields)

    def _of_device(self, kind: str, line: int, fields: dict[str, str | None]) -> None:
        if kind == "ACCESS":
            device, mode = self._current(line), fields["host_access_mode"]
            if device.access is not None and device.access[0] != mode:
                self.page.doubt(line, f"a second host access mode for one device: {mode}")
            elif mode is not None and mode != "N/A":
                device.access = device.access or (mode, line)
        else:
            self._note(_values(kind, fields), line)

    def _session(self, line: int, fields: dict[str, str | None]) -> None:
        sessions = self._current(line).sessions
        if not sessions or any(name in sessions[-1] for name in fields):
            # The next session of a section begins with a name that the last one has already.
            sessions.append({})
        sessions[-1] |= {name: None if value == "N/A" else value for name, value in fields.items()}

    def _current(self, line: int) -> _Device:
        """Return the device being read; a capture that begins without one takes it from the command."""
        if not self.devices:
            self.devices.append(_Device(line, {"symmetrix": self.symmetrix} if self.symmetrix else {}))
            if self._asked is not None:
                self.devices[-1].fields["device"] = self._asked
        return self.devices[-1]

    @property
    def _asked(self) -> str | None:
        """The device of ``symdev show <device>``."""
        command = self.page.command
        if command is None or command.verb != "show" or len(command.words) < 2:
            return None
        return command.words[1] if re.fullmatch(r"[0-9A-Fa-f]{3,5}", command.words[1]) else None

    def _note(self, values: dict[str, Any], line: int) -> None:
        fields = self._current(line).fields
        for name, value in values.items():
            if fields.setdefault(name, value) != value:
                self._second(name, value, line)

    def _second(self, name: str, value: Any, line: int) -> None:
        self.page.doubt(line, f"a second {name.replace('_', ' ')} for one device: {value}")


def _values(kind: str, fields: dict[str, str | None]) -> dict[str, Any]:
    """Return what a key outside any section tells, by column."""
    if kind == "STATUS":
        return {"status": fields["letters"] or STATE_LETTERS.get(fields["status"] or "")}
    if kind in ("RESERVE", "ENCAPSULATED", "GATEKEEPER"):
        return {name: FLAGS.get(value or "") for name, value in fields.items()}
    if kind == "WWN":
        return {"wwn": _wwn(fields["wwn"])}
    if kind == "CONFIG":
        note = fields["attribute"]
        return {"config": fields["config"], "attribute": " ".join(note.split()) if note else None}
    return {name: None if value == "N/A" else value for name, value in fields.items()}


def _wwn(text: str | None) -> str | None:
    return None if text in (None, "N/A") else str(text).lower()


def _rows(page: Page) -> dict[str, Rows]:
    devices = _Reader(page).read()
    for device in devices:
        if "device" not in device.fields:
            page.doubt(device.line, "a device without its number")
    if page.command is not None and _FILTER.match(page.command.piped_through):
        page.doubt(page.block.line_start, f"filtered through {page.command.piped_through!r}: proves nothing absent")
    access = [
        {
            "symmetrix": device.fields.get("symmetrix"),
            "device": device.fields.get("device"),
            "host_access_mode": device.access[0],
            "line": device.access[1],
        }
        for device in devices
        if device.access is not None
    ]
    return {
        DEVICE_DETAILS.name: from_records([device.row() for device in devices]),
        DEVICE_ACCESS.name: from_records(access),
    }


_NEEDED = {
    "device": "Dev_Info/dev_name",
    "config": "Dev_Info/configuration",
    "capacity_mb": "Capacity/megabytes",
}
_PRINTED = {
    "physical": "Dev_Info/pd_name",
    "service_state": "Dev_Info/service_state",
    "pool": "Dev_Info/thin_pool_name",
    "tracks": "Capacity/tracks",
    "serial": "Product/serial_id",
    "microcode": "Product/revision",
    "external_capacity_mb": "Device_External_Identity/device_geometry/megabytes",
}
_SESSIONS = (
    ("CLONE_Device", "TGT/dev_name", "SRC/dev_name"),
    ("Snap_Device", "TGT/dev_name", "SRC/dev_name"),
    ("BCV_Pair", "BCV/dev_name", "STD/dev_name"),
)
"""Elements of local copies: where the target and the source of a session stand in each."""
_ELEMENTS = frozenset(
    {
        "Device",
        "Dev_Info",
        "Group_List",
        "Group",
        "Attached",
        "Product",
        "Label",
        "Flags",
        "Capacity",
        "Back_End",
        "Disk",
    }
    | {"Device_External_Identity", "device_geometry", "Front_End", "Port", "Mirror_Set", "Mirror", "Hyper"}
    | {"RDF", "RDF_Info", "WPace_Info", "SG_info", "Mode", "Link", "Status", "Local", "Remote", "RdfaInfo"}
    | {
        "RdfaInfo_Session",
        "RCopy_Device",
        "CLONE_Device",
        "Snap_Device",
        "BCV_Pair",
        "SRC",
        "TGT",
        "STD",
        "BCV",
        "Meta",
        "Meta_Member",
    }
)


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    rows, access = [], []
    for symmetrix, device in page.of_arrays("Device"):
        fields = page.values(device, _NEEDED, _PRINTED) | {"symmetrix": symmetrix}
        state = page.value(device, "Dev_Info/status", needed=True)
        fields["status"] = STATE_LETTERS.get(state or "")
        fields["wwn"] = _wwn(page.value(device, "Product/wwn"))
        fields["external_wwn"] = _wwn(page.value(device, "Device_External_Identity/wwn"))
        fields["scsi3_persistent_reserve"] = FLAGS.get(page.value(device, "Flags/scsi3_persist_res", needed=True) or "")
        fields["gatekeeper"] = FLAGS.get(page.value(device, "Flags/gatekeeper") or "")
        fields["encapsulated"] = FLAGS.get(page.value(device, "Dev_Info/encapsulated") or "")
        told = _Device(page.line_of(device), fields)
        for link in device.each("RDF"):
            told.roles.append(page.value(link, "Local/type", needed=True) or "")
            told.pair_states.append(page.value(link, "RDF_Info/pair_state", needed=True) or "")
        told.sessions += _sessions(page, device)
        if page.value(device, "Dev_Info/snapvx_target") == "True":
            page.doubt_element(device, "the target of a snapshot of which nothing more is told")
        rows.append(told.row())
        mode = page.value(device, "Dev_Info/host_access_mode")
        if mode in ("Active", "Passive"):
            leaf = next(device.each("Dev_Info", "host_access_mode"))
            columns = {"symmetrix": symmetrix, "device": fields["device"], "host_access_mode": mode}
            access.append(columns | {"line": page.line_of(leaf)})
        elif mode is not None:
            page.doubt_element(device, f"the host access mode {mode!r} is neither Active nor Passive")
    return {DEVICE_DETAILS.name: from_records(rows), DEVICE_ACCESS.name: from_records(access)}


def _sessions(page: XmlPage, device: Element) -> list[dict[str, str | None]]:
    sessions = []
    for name, target, source in _SESSIONS:
        for session in device.each(name):
            sessions.append(
                {
                    "target": page.value(session, target, needed=True),
                    "source": page.value(session, source, needed=True),
                    "state": page.value(session, "state"),
                }
            )
    return sessions


def _shows(document: Document) -> bool:
    return any(map(document.shows, ("Symmetrix/Device/Product", "Symmetrix/Device/Dev_Info/host_access_mode")))


def _end(page: Page) -> bool | None:
    opened = len(page.all("SECTION", "GEOMETRY", "OPEN"))
    return False if opened > len(page.all("CLOSE")) else None


_PIECES = re.compile(r"(?:(?:[^\n(]*+\([^)\n]*+\n)++(?:[^\n]*+\n)?+|[^\n]*+\n)(?:[ \t]*+\{[ \t]*+\n)?+")
"""A line, the one below it where its brackets are open, and the brace below that."""


SCREEN = Screen(
    name="symdev_show",
    tables=(DEVICE_DETAILS, DEVICE_ACCESS),
    command=re.compile(r"symdev show\b(?!.* -pgr\b)|symdev list\b.* -v\b"),
    opening=re.compile(r"^[ \t]*Device (?:Physical|Symmetrix) Name[ \t]*:|^[ \t]*Device Configuration[ \t]*:", re.M),
    rows=_rows,
    promised=(("SYMMETRIX",), ("DEVICE",), ("CONFIG",), ("STATUS",)),
    end=_end,
    pieces=_PIECES,
    none="NO_DEVICES",
    xml=XmlCard((DEVICE_DETAILS, DEVICE_ACCESS), _shows, _of_xml, _ELEMENTS),
)
