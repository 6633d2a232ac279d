"""``diskpart``: a run of the Windows disk tool, with the rescans made in it and the disks and volumes that it listed.

    DISKPART> rescan
    DiskPart has finished scanning your configuration.
      Disk 3    Online         3750 MB      0 B        *

White paper figure 9. The banner names the computer and, by the version, Windows itself (6.1.7601: 2008 R2 SP1).
``list disk``, ``list volume`` and ``detail disk`` are read inside a session and outside one, under verbs that are
abbreviated or not echoed. German and French lists of disks are read too (layout unproven). A detail ends with
``Clustered Disk``; which number it has is known only from ``select disk``.
"""

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from flmparse.reading.page import Page, lines_in
from flmparse.reading.result import Rows, from_records, one_row, to_records
from flmparse.reading.screen import Screen
from flmparse.screens.shared.words import YES_NO
from flmparse.tables.operations import OPERATIONS
from flmparse.tables.windows import DISKPART_SESSIONS, DISKS, VOLUMES

if TYPE_CHECKING:
    from lark import Token

_ANSWERS = {**YES_NO, "Oui": True, "Non": False, "Ja": True, "Nein": False}
_STATUSES = {"En ligne": "Online", "Hors connexion": "Offline"}
_FLAGS = {
    "Boot Disk": "is_boot",
    "Pagefile Disk": "is_pagefile",
    "PagefileDisk": "is_pagefile",
    "Crashdump Disk": "is_crashdump",
    "CrashdumpDisk": "is_crashdump",
    "Clustered Disk": "is_clustered",
    "Read-only": "is_read_only",
    "Current Read-only State": "is_read_only_now",
}
_VALUES = {
    "Type": "bus",
    "Status": "status",
    "Path": "path",
    "Bus": "path",
    "Target": "target",
    "LUN ID": "lun",
    "Location Path": "location_path",
}
_ASKED_OF_A_DETAIL = ("is_boot", "is_pagefile", "is_clustered")
_SELECT = re.compile(r"\bsel\w*\s+dis\w*\s+(\d+)\s*$", re.I)
_ASK_DETAIL = re.compile(r"\bdet\w*\s+dis\w*\s*$", re.I)
_VOLUME_FIELDS = ("letter", "label", "file_system", "kind", "size", "status", "info")


class _Session:
    """What a run said, line by line."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.selected: int | None = None
        self.listed: list[dict[str, Any]] = []
        self.details: list[dict[str, Any]] = []
        self.volumes: list[dict[str, Any]] = []
        self.detail: dict[str, Any] | None = None
        self.volumes_of_detail = False
        """Whether the volumes of the detail, or the sentence that there are none, have been printed."""
        self.rows = {
            kind: to_records(page.table(kind, row)) for kind, row in (("DISKS", "DISK"), ("VOLUMES", "VOLUME"))
        }
        self._properties: dict[str, tuple[str | None, Any, str]] = {}

    def take(self, token: "Token") -> None:
        """Take one token that is no property."""
        kind, line = token.type, self.page.line_of(token)
        fields = self.page.fields(token) if kind not in ("DISKS", "VOLUMES") else {}
        if kind == "PROMPT":
            match = _SELECT.search(token.strip())
            self.selected = int(match[1]) if match else self.selected
            self.detail = None
        elif kind == "SELECTED":
            self.selected = int(fields["disk"]) if fields["disk"] else None
        elif kind in ("DETAIL", "DISK_ID"):
            disk_id = str(fields["disk_id"]).upper()
            style = "GPT" if disk_id.startswith("{") else "MBR"
            self.detail = {
                "disk": self.selected,
                "told_by": "detail disk",
                "disk_id": disk_id,
                "partition_style": style,
            }
            self.volumes_of_detail = False
            self.detail |= {"name": fields.get("name"), "line": line}
            self.details.append(self.detail)
        elif kind == "NO_VOLUMES" and self.detail is not None:
            self.detail["is_system"] = False
            self.volumes_of_detail = True
        elif kind == "MOUNTED" and self.volumes:
            self.volumes[-1].setdefault("mounted_at", fields["mounted_at"])
        elif kind == "DISKS":
            self._disks(token)
        elif kind == "_PARTITION_DETAIL":
            self.detail = None  # the volume below it is the partition's
        elif kind == "_VOLUME_HEADING":
            # Without prompts nothing else ends a detail: its own volumes are one table, the next is that of `list volume`.
            if self.volumes_of_detail:
                self.detail = None
            self.volumes_of_detail = True
        elif kind == "VOLUMES":
            self._volumes(token)

    def take_property(self, token: "Token") -> None:
        """Take a line of a detail; disks say the same over and over."""
        if self.detail is None:
            self.page.doubt(self.page.line_of(token), "stands outside the detail of any disk")
            return
        known = self._properties.get(token.value)
        if known is None:
            fields = self.page.fields(token)
            known = self._properties[token.value] = _value(str(fields["property"]), fields["value"] or "")
        column, value, doubt = known
        if doubt:
            self.page.doubt(self.page.line_of(token), doubt)
        if column is not None and self.detail.setdefault(column, value) != value:
            name = self.page.fields(token)["property"]
            self.page.doubt(self.page.line_of(token), f"a second {name} for one disk")

    def _disks(self, token: "Token") -> None:
        disks_seen: set[str] = set()
        for fields in islice(self.rows["DISKS"], lines_in(token)):
            if fields["disk"] in disks_seen:
                self.page.doubt(fields["line"], f"disk {fields['disk']} a second time in one list")
            disks_seen.add(fields["disk"])
            number = int(fields["disk"]) if fields["disk"].isdigit() else None
            disk = {name: fields[name] for name in ("status", "size", "free", "line")}
            disk["status"] = _STATUSES.get(fields["status"], fields["status"])
            marks = _marks(fields["marks"])
            if marks["is_dynamic"] is None:
                self.page.doubt(fields["line"], "a star that may stand under Dyn or under Gpt")
            self.listed.append(disk | {"disk": number, "told_by": "list disk"} | marks)

    def _volumes(self, token: "Token") -> None:
        for fields in islice(self.rows["VOLUMES"], lines_in(token)):
            volume: dict[str, Any] = {name: str(fields[name] or "").strip() or None for name in _VOLUME_FIELDS}
            volume |= {"volume": int(fields["volume"].split()[1]), "line": fields["line"]}
            volume["disk"] = self.detail["disk"] if self.detail else None
            self.volumes.append(volume)
            if self.detail is not None:
                system = volume["info"] == "System"
                self.detail["is_system"] = self.detail.get("is_system", False) or system

    def check(self) -> None:
        """Doubt details that lack what every detail says."""
        for detail in self.details:
            for name in _ASKED_OF_A_DETAIL:
                if name not in detail and (detail is not self.details[-1] or "is_clustered" in detail):
                    self.page.doubt(detail["line"], f"the detail of a disk without its {name.replace('_', ' ')} line")


def _value(name: str, value: str) -> tuple[str | None, Any, str]:
    """Return the column of a property of a disk, its value, and what is to be doubted about it."""
    if name in _FLAGS:
        answer = _ANSWERS.get(value)
        return _FLAGS[name], answer, f"{name} is neither yes nor no: {value!r}" if answer is None else ""
    column = _VALUES.get(name)
    if column in ("path", "target", "lun"):
        return column, int(value) if value.isdigit() else None, ""
    return column, value or None, ""


def _marks(text: str) -> dict[str, Any]:
    """Tell the stars under Dyn and Gpt by their place behind the column Free; null where blanks collapsed."""
    stars = [position for position, letter in enumerate(text) if letter == "*"]
    if not stars:
        return {"is_dynamic": False, "partition_style": None}
    if len(stars) == 2:
        return {"is_dynamic": True, "partition_style": "GPT"}
    if stars[0] >= 5:
        return {"is_dynamic": False, "partition_style": "GPT"}
    return {"is_dynamic": True if stars[0] >= 2 else None, "partition_style": None}


def _rows(page: Page) -> dict[str, Rows]:
    banner: dict[str, str | None] = {}
    first = page.block.output_start
    for token in page.all("VERSION", "COMPUTER"):
        fields = page.fields(token)
        for name, value in fields.items():
            if banner.get(name, value) != value:
                page.doubt(page.line_of(token), f"a second {name}: {value}")
        banner |= fields
        first = page.line_of(token)
    started, finished = page.all("SCANNING"), page.all("SCANNED")
    if len(started) != len(finished):
        page.doubt(first, f"{len(started)} rescans begun, {len(finished)} ended")
    session = one_row(first, rescans_started=len(started), rescans_finished=len(finished), **banner)
    computer = banner.get("computer")
    rescans = [
        {"operation": "rescan", "succeeded": True, "subject": computer, "line": page.line_of(token)}
        for token in finished
    ]
    run = _Session(page)
    for token in page.scan.tokens:
        if token.type == "PROPERTY":
            run.take_property(token)
        else:
            run.take(token)
    run.check()
    disks = sorted(run.listed + run.details, key=lambda disk: int(disk["line"]))
    return {
        DISKPART_SESSIONS.name: session if banner or started or finished else {"line": []},
        OPERATIONS.name: from_records(rescans),
        DISKS.name: from_records([{"computer": computer, **disk} for disk in disks]),
        VOLUMES.name: from_records([{"computer": computer, **volume} for volume in run.volumes]),
    }


def _end(page: Page) -> bool | None:
    if len(page.all("SCANNING")) > len(page.all("SCANNED")):
        return False
    tokens = page.scan.tokens
    details = [position for position, token in enumerate(tokens) if token.type in ("DETAIL", "DISK_ID")]
    if details:
        last = [page.fields(token)["property"] for token in tokens[details[-1] :] if token.type == "PROPERTY"]
        if "Clustered Disk" not in last:
            return False
    if tokens and tokens[-1].type == "PROMPT" and _ASK_DETAIL.search(tokens[-1].strip()) and not page.block.closed:
        return False
    prompted = bool(tokens) and (tokens[-1].type == "_LEAVING" or tokens[-1].strip() in ("DISKPART>", "DISKPART> _"))
    only_scanned = page.has("SCANNED") and not page.has("DISKS", "VOLUMES", "DETAIL", "DISK_ID")
    return True if prompted or only_scanned else None


_PIECES = re.compile(
    r"[ \t]*+Partition \d++[ \t]*+\n(?:(?:Type|Hidden|Active|Required|Attrib|Offset in Bytes)[^\n]*+\n)++"
    r"|(?:[ \t*]*+Partition \d[^\n]*+\n)++"
    r"|(?:[ \t*]*+(?:Disk|Datenträger|Disque|Volume)[ ][^\n]*+\n)++(?:[ \t]*+Disk ID[^\n]*+\n)?+"
    r"|[^\n]*+\n(?:[ \t]*+Disk ID[^\n]*+\n)?+"
)
"""Rows of a list, or a line and the line ``Disk ID`` below it."""


SCREEN = Screen(
    name="diskpart",
    tables=(DISKPART_SESSIONS, OPERATIONS, DISKS, VOLUMES),
    command=re.compile(r"diskpart\b"),
    opening=re.compile(
        r"^[ \t]*(?:Microsoft DiskPart version|DISKPART>|DiskPart has finished scanning|Disk ###[ \t]+Status"
        r"|Datenträger ###[ \t]+Status|N°? disque[ \t]+Statut|Volume ###[ \t]+(?:Ltr|Bst)|Disk ID[ \t]*:)",
        re.M,
    ),
    rows=_rows,
    promised=(("VERSION",), ("COMPUTER",)),
    end=_end,
    pieces=_PIECES,
)
