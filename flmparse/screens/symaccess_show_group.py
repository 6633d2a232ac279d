"""``symaccess show <name> -type initiator|port|storage``: one group, its members, the views that use it.

    Devices                  : 0328:032B,0340

Also read where several groups follow one another (``list -v``). The screen ends with the braces of ``Masking View
Names``; a group without them was cut.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records
from flmparse.reading.screen import Screen
from flmparse.reading.xml import XmlCard, XmlPage, runs
from flmparse.reading.xml_tree import Element
from flmparse.screens.shared.device_ranges import devices_in
from flmparse.screens.shared.masking_groups import lists_members
from flmparse.screens.shared.words import FLAGS
from flmparse.tables.groups import (
    GROUP_VIEWS,
    INITIATOR_GROUP_MEMBERS,
    INITIATOR_GROUPS,
    PORT_GROUP_PORTS,
    STORAGE_GROUP_DEVICES,
    STORAGE_GROUPS,
)

_TABLES = (
    INITIATOR_GROUPS,
    INITIATOR_GROUP_MEMBERS,
    PORT_GROUP_PORTS,
    STORAGE_GROUPS,
    STORAGE_GROUP_DEVICES,
    GROUP_VIEWS,
)
_HEADS = {"INITIATOR_GROUP": "initiator", "PORT_GROUP": "port", "STORAGE_GROUP": "storage"}
_SAID_ONCE = ("LAST_UPDATED", "MEMBERS_UPDATED", "CONSISTENT_LUN", "CHILD_COUNT")
_SECTIONS = {"_VIEWS": "view", "_PARENTS": "parent_group", "CHILDREN": "children", "DEVICES": "devices"}


class _Groups:
    """The groups of one page, filled line by line; what is said belongs to the last group named."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.symmetrix: str | None = None
        self.section = ""
        self.groups: list[dict[str, Any]] = []
        self.named = False
        """Whether the last group is the one that lines belong to: the name of another may be damaged."""
        self.members: dict[str, list[dict[str, Any]]] = {"initiator": [], "port": [], "storage": []}
        self.users: list[dict[str, Any]] = []

    @property
    def group_columns(self) -> dict[str, Any]:
        """The array and name of the group that is being told of."""
        group = self.groups[-1] if self.groups else {"kind": "initiator"}
        return {"symmetrix": group.get("symmetrix"), f"{group['kind']}_group": group.get("name")}

    def take(self, kind: str, fields: dict[str, str | None], line: int) -> None:
        """Take one token."""
        self.section = _SECTIONS.get(kind, self.section if kind in ("NAME", "_OPEN", "_NONE", "ALIAS") else "")
        if kind == "SYMMETRIX":
            self.symmetrix = fields["symmetrix"]
        elif kind in _HEADS:
            group = {
                "kind": _HEADS[kind],
                "symmetrix": self.symmetrix,
                "name": next(iter(fields.values())),
                "line": line,
            }
            self.named = True
            self.groups.append(group | {"members": 0, "children": 0, "shown": False})
        elif kind.startswith("_"):
            if kind == "_CLOSE" and self.groups and self.groups[-1].get("views_begun"):
                self.groups[-1]["shown"] = True
            elif kind == "_VIEWS" and self.groups:
                self.groups[-1]["views_begun"] = True
        elif not self.named:
            self.page.doubt(line, "stands above the name of its group")
        elif kind in _SAID_ONCE:
            for name, value in fields.items():
                if self.groups[-1].setdefault(name, value) != value:
                    self.page.doubt(line, f"a second {name.replace('_', ' ')} for one group")
        else:
            self._member(kind, fields, line)

    def _member(self, kind: str, fields: dict[str, str | None], line: int) -> None:
        group = self.groups[-1]
        name = fields.get("name") or ""
        if kind in ("INITIATOR", "ISCSI", "CHILD_GROUP"):
            self._add("initiator", {**fields, "line": line})
        elif kind == "ALIAS":
            if not self.members["initiator"]:
                self.page.doubt(line, "an alias without its initiator")
            else:
                self.members["initiator"][-1]["alias"] = fields["alias"]
        elif kind == "PORT":
            port = f"{fields['director']}:{fields['port_number']}"
            port_wwn = fields["port_wwn"] if fields["port_wwn"] != "-" else None
            self._add("port", {"port": port, "port_wwn": port_wwn, "line": line})
        elif self.section in ("view", "parent_group"):
            user = {"symmetrix": group["symmetrix"], "kind": group["kind"], "group": group["name"]}
            self.users.append(user | {self.section: name, "line": line})
        elif self.section == "children" and name != "None":
            group["children"] += 1
            self._add("storage", {"child_group": name, "line": line})
        elif self.section == "devices":
            for device in devices_in("".join(name.split()) if name != "None" else ""):
                self._add("storage", {"device": device, "line": line})
        elif name != "None":
            self.page.doubt(line, "a name outside of any list")

    def _add(self, kind: str, member: dict[str, Any]) -> None:
        if self.groups[-1]["kind"] != kind:
            self.page.doubt(member["line"], f"a member of a {self.groups[-1]['kind']} group that no such group has")
        self.groups[-1]["members"] += 1
        self.members[kind].append(
            {"symmetrix": self.groups[-1]["symmetrix"], f"{kind}_group": self.groups[-1]["name"]} | member
        )

    def check(self) -> None:
        """Doubt groups whose own words do not agree with what was read."""
        for group in self.groups:
            count = group.get("child_count")
            if count is not None and int(count) != group["children"]:
                self.page.doubt(group["line"], f"{count} storage groups announced, {group['children']} named")
        for group in self.groups[:-1]:
            if not group["shown"]:
                self.page.doubt(group["line"], "a group without its masking views")

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the groups of a kind as rows."""
        names = ("symmetrix", "last_updated", "members_last_updated", "consistent_lun", "child_count", "line")
        rows = []
        for group in self.groups:
            if group["kind"] == kind:
                rows.append({f"{kind}_group": group["name"]} | {name: group.get(name) for name in names})
        return rows


def _read(page: Page) -> _Groups:
    groups = _Groups(page)
    for token in page.scan.tokens:
        if page.unknown_above(token) and groups.named and groups.groups[-1]["shown"]:
            groups.symmetrix, groups.named = None, False
        groups.take(token.type, page.fields(token), page.line_of(token))
    return groups


def _rows(page: Page) -> dict[str, Rows]:
    groups = _read(page)
    groups.check()
    initiators = [{k: v for k, v in row.items() if k != "child_count"} for row in groups.of("initiator")]
    for row in initiators:
        row["consistent_lun"] = FLAGS.get(row["consistent_lun"] or "")
    storage = [{k: v for k, v in row.items() if k != "consistent_lun"} for row in groups.of("storage")]
    updated = {(g["symmetrix"], g["name"]): g.get("last_updated") for g in groups.groups if g["kind"] == "port"}
    ports = groups.members["port"]
    filled = {(port["symmetrix"], port["port_group"]) for port in ports}
    ports += [row for row in groups.of("port") if (row["symmetrix"], row["port_group"]) not in filled]
    ports = [
        {name: row.get(name) for name in ("symmetrix", "port_group", "port", "port_wwn", "line")}
        | {"last_updated": updated.get((row["symmetrix"], row["port_group"]))}
        for row in sorted(ports, key=lambda row: int(row["line"]))
    ]
    return {
        INITIATOR_GROUPS.name: from_records(initiators),
        INITIATOR_GROUP_MEMBERS.name: from_records(groups.members["initiator"]),
        PORT_GROUP_PORTS.name: from_records(ports),
        STORAGE_GROUPS.name: from_records(storage),
        STORAGE_GROUP_DEVICES.name: from_records(groups.members["storage"]),
        GROUP_VIEWS.name: from_records(groups.users),
    }


_UPDATES = {"last_updated": "last_updated", "members_last_updated": "group_last_update_time"}


def _of_xml(page: XmlPage) -> dict[str, Rows]:
    """Groups with their members: the elements of ``list`` in XML, and inside them those of a view. Layout unproven."""
    rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in _TABLES}
    for kind, element in (("initiator", "Initiator_Group"), ("port", "Port_Group"), ("storage", "Storage_Group")):
        for symmetrix, group in page.of_arrays(f"{element}/Group_Info"):
            columns = page.values(group, {"name": "group_name"}, _UPDATES) | {"symmetrix": symmetrix}
            name, line = columns.pop("name"), columns["line"]
            group_columns = {"symmetrix": symmetrix, f"{kind}_group": name}
            if kind == "initiator":
                consistent = FLAGS.get(page.value(group, "consistent_lun") or "")
                rows[INITIATOR_GROUPS.name].append({**columns, **group_columns, "consistent_lun": consistent})
                rows[INITIATOR_GROUP_MEMBERS.name] += [{**group_columns, **row} for row in _initiators(page, group)]
            elif kind == "port":
                ports = [
                    page.values(port, {"director": "dir", "number": "port"}, {"port_wwn": "port_wwn"})
                    for path in (("port_info", "Director_Identification"), ("Director_Identification",))
                    for port in group.each(*path)
                ]
                for row in ports:
                    row |= {
                        "port": f"{row.pop('director')}:{row.pop('number')}",
                        "last_updated": columns["last_updated"],
                    }
                # A group without a port is a row of its own, as in the text.
                rows[PORT_GROUP_PORTS.name] += [{**group_columns, **row} for row in ports or [{"line": line}]]
            else:
                rows[STORAGE_GROUPS.name].append({**columns, **group_columns})
                rows[STORAGE_GROUP_DEVICES.name] += [{**group_columns, **row} for row in _devices_of(page, group)]
            for view in group.each("Mask_View_Names"):
                for leaf in view.each("view_name"):
                    user = {"symmetrix": symmetrix, "kind": kind, "group": name, "view": leaf.text}
                    rows[GROUP_VIEWS.name].append(user | {"line": page.line_of(leaf)})
    return {name: from_records(records) for name, records in rows.items()}


def _initiators(page: XmlPage, group: Element) -> list[dict[str, Any]]:
    columns = list(group.each("Initiator_List", "Initiator"))
    columns = columns or [run for bare in group.each("Initiators") for run in runs(bare, "wwn")]
    rows = []
    for initiator in columns:
        row = page.values(initiator, {"wwn": "wwn"}, {"node": "user_node_name", "port": "user_port_name"})
        names = [row.pop("node"), row.pop("port")]
        rows.append(row | {"alias": "/".join(filter(None, names)) or None})
    return rows


def _devices_of(page: XmlPage, group: Element) -> list[dict[str, Any]]:
    rows = []
    for path in (("Device",), ("Devices", "Device")):
        for device in group.each(*path):
            first = page.value(device, "start_dev") or page.value(device, "dev_name", needed=True) or ""
            last = page.value(device, "end_dev") or first
            names = devices_in(first if first == last else f"{first}:{last}")
            rows += [{"device": name, "line": page.line_of(device)} for name in names]
    return rows


def _end(page: Page) -> bool:
    views_begun = views_listed = False
    for token in page.scan.tokens:
        if token.type in _HEADS:
            views_begun = views_listed = False
        elif token.type == "_VIEWS":
            views_begun = True
        elif token.type == "_CLOSE":
            views_listed = views_begun
    return views_listed


SCREEN = Screen(
    name="symaccess_show_group",
    tables=_TABLES,
    command=re.compile(
        r"symaccess (?:show (?!view\b).* -type\b|list\b(?! view| logins| devinfo| assignment| hba).* -v\b)"
    ),
    opening=re.compile(
        r"\A(?![\s\S]*^[ \t]*(?:Masking View Name[ \t]*:|Sym\b[^\n]*\n[^\n]*Dir:P))"
        r"[\s\S]*?^[ \t]*(?:Initiator|Port|Storage) Group Name[ \t]*:",
        re.M,
    ),
    rows=_rows,
    promised=(("SYMMETRIX",), ("INITIATOR_GROUP", "PORT_GROUP", "STORAGE_GROUP")),
    end=_end,
    xml=XmlCard(
        tables=_TABLES,
        shows=lists_members,
        rows=_of_xml,
        known=frozenset(
            {"Initiator_Group", "Port_Group", "Storage_Group", "Group_Info", "Mask_View_Names", "Cascaded_View_Names"}
            | {"Initiators", "Initiator_List", "Initiator", "port_info", "Director_Identification", "Device", "Devices"}
            | {"SG_Child_info", "SG"}
        ),
    ),
)
