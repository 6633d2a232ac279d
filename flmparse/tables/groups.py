"""Initiator, port and storage groups, the lists of them, and who is logged in to which port.

`symaccess show <name> -type ...`, `symaccess list`, `list view`, `list logins`, `discover hba`. White paper page 13
makes the groups of figure 8 with symaccess; it prints none of these listings.
"""

from flmparse import terms
from flmparse.tables.table import Column, Table

_ARRAY = Column("symmetrix", "text", "array that the listing names", terms.symmetrix)
_INITIATOR_GROUP = Column("initiator_group", "text", "name of the initiator group")
_PORT_GROUP = Column("port_group", "text", "name of the port group")
_STORAGE_GROUP = Column("storage_group", "text", "name of the storage group")
_UPDATED = (
    Column("last_updated", "text", "`Last update time` as printed (the array's clock, no zone)"),
    Column("members_last_updated", "text", "`Group last update time` as printed: when its members changed"),
)
INITIATOR_GROUPS = Table(
    "initiator_groups",
    "one initiator group of `symaccess show <name> -type initiator`",
    (
        _ARRAY,
        _INITIATOR_GROUP,
        *_UPDATED,
        Column("consistent_lun", "flag", "`Consistent Lun`: one LUN for all its initiators; null where not printed"),
    ),
    key=("symmetrix", "initiator_group"),
    scope=("symmetrix", "initiator_group"),
    captured_by="symaccess -sid <target> show <initiator group> -type initiator",
)

INITIATOR_GROUP_MEMBERS = Table(
    "initiator_group_members",
    "one member of an initiator group: an initiator, or a group below it",
    (
        _ARRAY,
        _INITIATOR_GROUP,
        Column("wwn", "text", "port WWN of the host bus adapter; null for a child group and for iSCSI", terms.wwn),
        Column("alias", "text", "its user-given name: node/port"),
        Column("iscsi_name", "text", "iqn of an iSCSI initiator"),
        Column("child_group", "text", "name of the initiator group that is its member"),
    ),
    key=("symmetrix", "initiator_group", "wwn", "iscsi_name", "child_group"),
    scope=("symmetrix", "initiator_group"),
    captured_by="symaccess -sid <target> show <initiator group> -type initiator",
)

INITIATOR_GROUP_DEVICES = Table(
    "initiator_group_devices",
    "one device on one port of `symaccess list devinfo`: what an initiator group sees, through which view",
    (
        _ARRAY,
        _INITIATOR_GROUP,
        Column("device", "text", "device", terms.device),
        Column("port", "text", "director port it is mapped on", terms.director_port),
        Column("physical", "text", "name on the Solutions Enabler host, or Not Visible"),
        Column("host_lun", "whole", "host LUN; printed in hexadecimal, kept as a number"),
        Column("attribute", "text", "(M) meta head and the like"),
        Column("capacity_mb", "whole", "Cap(MB)"),
        Column("view", "text", "name of the masking view"),
    ),
    key=("symmetrix", "initiator_group", "device", "port", "view"),
    scope=("symmetrix", "initiator_group"),
    captured_by="symaccess -sid <target> list devinfo",
)

PORT_GROUP_PORTS = Table(
    "port_group_ports",
    "one port of `symaccess show <name> -type port`",
    (
        _ARRAY,
        _PORT_GROUP,
        Column("port", "text", "director port, physical number: 07E:0; null in the one row of an empty group",
               terms.director_port),
        Column("port_wwn", "text", "WWN of the port where the layout has it", terms.wwn),
        Column("last_updated", "text", "`Last update time` of the group as printed"),
    ),
    key=("symmetrix", "port_group", "port"),
    scope=("symmetrix", "port_group"),
    captured_by="symaccess -sid <target> show <port group> -type port",
)  # fmt: skip

STORAGE_GROUPS = Table(
    "storage_groups",
    "one storage group of `symaccess show <name> -type storage`",
    (_ARRAY, _STORAGE_GROUP, *_UPDATED, Column("child_count", "whole", "`Number of Storage Groups` below it")),
    key=("symmetrix", "storage_group"),
    scope=("symmetrix", "storage_group"),
    captured_by="symaccess -sid <target> show <storage group> -type storage",
)

STORAGE_GROUP_DEVICES = Table(
    "storage_group_devices",
    "one member of a storage group: a device (ranges are taken apart), or a group below it",
    (
        _ARRAY,
        _STORAGE_GROUP,
        Column("device", "text", "device; null for a child group", terms.device),
        Column("child_group", "text", "name of the storage group that is its member"),
    ),
    key=("symmetrix", "storage_group", "device", "child_group"),
    scope=("symmetrix", "storage_group"),
    captured_by="symaccess -sid <target> show <storage group> -type storage",
)

GROUP_VIEWS = Table(
    "group_views",
    "one masking view, or one parent group, that uses a group",
    (
        _ARRAY,
        Column("kind", "text", "initiator, port or storage: the kind of the group"),
        Column("group", "text", "name of the group"),
        Column("view", "text", "masking view that uses it; null for a parent group"),
        Column("parent_group", "text", "group of which it is a member; null for a view"),
    ),
    key=("symmetrix", "kind", "group", "view", "parent_group"),
    scope=("symmetrix", "kind", "group"),
    captured_by="symaccess -sid <target> show <group> -type initiator|port|storage",
)

MASKING_GROUPS = Table(
    "masking_groups",
    "one group of `symaccess list`",
    (
        _ARRAY,
        Column("group", "text", "name of the group; only its beginning where name_cut"),
        Column("kind", "text", "initiator, port or storage"),
        Column("name_cut", "flag", "the name was too long for its column and ends in *"),
        Column("device_count", "whole", "Dev Count (initiator groups: initiators) of `-detail`"),
        Column("group_count", "whole", "SG Count of `-detail`: groups below it"),
        Column("view_count", "whole", "View Count of `-detail`"),
        Column("place", "text", "parent, child or neither: flag S of `-detail`"),
    ),
    key=("symmetrix", "group", "kind"),
    scope=("symmetrix", "kind"),
    captured_by="symaccess -sid <target> list",
)

VIEW_LIST = Table(
    "view_list",
    "one masking view of `symaccess list view`",
    (
        _ARRAY,
        Column("view", "text", "name of the masking view"),
        _INITIATOR_GROUP,
        _PORT_GROUP,
        _STORAGE_GROUP,
        Column("names_cut", "text", "columns whose name was too long: it ends in * and only its beginning is known"),
    ),
    key=("symmetrix", "view"),
    scope=("symmetrix",),
    captured_by="symaccess -sid <target> list view",
)

LOGINS = Table(
    "logins",
    "one entry of a port's login history: `symaccess list logins`",
    (
        _ARRAY,
        Column("port", "text", "director port of the array: 07E:0", terms.director_port),
        Column("port_wwn", "text", "WWN of that port where printed", terms.wwn),
        Column("wwn", "text", "port WWN of the initiator", terms.wwn),
        Column("node_wwn", "text", "node WWN of the initiator; null where not printed", terms.wwn),
        Column("node_name", "text", "user-generated node name; null where there is none"),
        Column("port_name", "text", "user-generated port name; null where there is none"),
        Column("fcid", "text", "fabric address, hexadecimal"),
        Column("logged_in", "flag", "logged in to the port now"),
        Column("on_fabric", "flag", "seen on the fabric; with logged_in no: zoned and alive, but not logged in"),
        Column("last_active", "text", "`Last Active Log-In` as printed"),
    ),
    key=("symmetrix", "port", "wwn"),
    scope=("symmetrix", "port"),
    captured_by="symaccess -sid <target> list logins",
)

HOST_INITIATORS = Table(
    "host_initiators",
    "one adapter of the Solutions Enabler host itself: `symaccess discover hba`",
    (
        _ARRAY,
        Column("wwn", "text", "port WWN", terms.wwn),
        Column("kind", "text", "Fibre ..."),
        Column("user_name", "text", "node/port name in the array's login history"),
    ),
    key=("symmetrix", "wwn"),
    scope=("symmetrix",),
    captured_by="symaccess discover hba -v",
)
