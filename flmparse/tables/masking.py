"""Who may see what: masking views of the target (VMAX), device masking of the source (DMX). White paper figures 8, 17, 18."""

from flmparse import terms
from flmparse.tables.table import Column, Table

_VIEW = (
    Column("symmetrix", "text", "array of the view", terms.symmetrix),
    Column("view", "text", "name of the masking view"),
)
MASKING_VIEWS = Table(
    "masking_views",
    "one masking view of `symaccess show view`",
    (
        *_VIEW,
        Column(
            "last_updated",
            "text",
            "`Last updated at` as printed: 12:36:37 PM on Tue Jan 04,2011 (the array's clock, no zone)",
        ),
        Column("initiator_group", "text", "name of the initiator group"),
        Column("port_group", "text", "name of the port group"),
        Column("storage_group", "text", "name of the storage group"),
        Column("total_capacity_mb", "whole", "`Total Capacity`: the sum of NATIVE sizes over distinct devices"),
    ),
    key=("symmetrix", "view"),
    scope=("symmetrix", "view"),
    captured_by="symaccess -sid <target> show view <view>",
)

VIEW_INITIATORS = Table(
    "view_initiators",
    "one initiator of a masking view",
    (
        *_VIEW,
        Column("wwn", "text", "port WWN of the host bus adapter", terms.wwn),
        Column("alias", "text", "its user-given name"),
    ),
    key=("symmetrix", "view", "wwn"),
    scope=("symmetrix", "view"),
    captured_by="symaccess -sid <target> show view <view>",
)

VIEW_PORTS = Table(
    "view_ports",
    "one port of a masking view's port group",
    (*_VIEW, Column("port", "text", "director port, physical number: 07E:0", terms.director_port)),
    key=("symmetrix", "view", "port"),
    scope=("symmetrix", "view"),
    captured_by="symaccess -sid <target> show view <view>",
)

VIEW_DEVICES = Table(
    "view_devices",
    "one device on one port in a masking view",
    (
        *_VIEW,
        Column("device", "text", "device of the storage group", terms.device),
        Column("port", "text", "director port it is mapped on", terms.director_port),
        Column("physical", "text", "name on the Solutions Enabler host, or Not Visible"),
        Column("host_lun", "whole", "host LUN; printed in hexadecimal, kept as a number"),
        Column("attribute", "text", "(M) meta head and the like"),
        Column("capacity_mb", "whole", "Cap(MB) where the layout has it"),
    ),
    key=("symmetrix", "view", "device", "port"),
    scope=("symmetrix", "view"),
    captured_by="symaccess -sid <target> show view <view>",
)

MASK_CHANGES = Table(
    "mask_changes",
    "one device of a `symmask add|remove devs` command; the command is silent when it works",
    (
        Column("action", "text", "remove or add"),
        Column("symmetrix_suffix", "text", "-sid as typed: the last digits of the array"),
        Column("port", "text", "-dir and -p: director port of the array", terms.director_port),
        Column("wwn", "text", "-wwn: initiator", terms.wwn),
        Column("device", "text", "device taken from (given to) the initiator", terms.device),
    ),
    key=("action", "symmetrix_suffix", "port", "wwn", "device"),
    captured_by="symmask -sid <source> -dir <dir> -p <port> -wwn <wwn> remove devs <devices>",
)

MASK_REFRESHES = Table(
    "mask_refreshes",
    "`symmask refresh`: the array whose directors took over the database",
    (Column("symmetrix", "text", "array named in the answer", terms.symmetrix),),
    captured_by="symmask -sid <source> refresh",
)

MASK_ASSIGNMENTS = Table(
    "mask_assignments",
    "one row of `symmaskdb list assignment`: a WWN that may see a device through a port",
    (
        Column("symmetrix", "text", "array of the device", terms.symmetrix),
        Column("device", "text", "device", terms.device),
        Column("wwn", "text", "initiator, or the port of another array (Open Replicator)", terms.wwn),
        Column("kind", "text", "FIBRE, ISCSI"),
        Column("port", "text", "director port of the array", terms.director_port),
    ),
    key=("symmetrix", "device", "wwn", "port"),
    scope=("symmetrix", "device"),
    captured_by="symmaskdb -sid <source> list assignment -devs <devices>",
)
