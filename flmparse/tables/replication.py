"""Replication: which device is the source or target of what, and which listings say so (white paper pages 5, 6).

One table of sessions for all kinds, so that a rule can ask "is this device a target of anything"; one table of
listings, so that "listed, and there is none" differs from "not captured". Device groups are only named by these
listings; they are read too.
"""

from flmparse import terms
from flmparse.tables.table import Column, Table

_LISTINGS = "symrdf|symclone|symsnap|symmir|symrcopy -sid <array> list"
_KIND = Column("kind", "text", "clone (symclone), snap (symsnap), mirror (symmir), rdf (symrdf), ors (symrcopy list)")
_SCOPE = Column("scope", "text", "what was listed: array, or the group, composite or storage group, or file as printed")

REPLICATION_SESSIONS = Table(
    "replication_sessions",
    "one device that takes part in local or remote replication; a pair of one array gives two rows",
    (
        Column("symmetrix", "text", "array of the device; null where the output does not name it", terms.symmetrix),
        Column("device", "text", "the device", terms.device),
        _KIND,
        Column(
            "role", "text", "source or target (R2, BCV, VDEV, clone target); null where the output does not show it"
        ),
        Column("partner_symmetrix", "text", "array of the other device; null where not named", terms.symmetrix),
        Column("partner_device", "text", "the other device; null where not named", terms.device),
        Column("state", "text", "state of the pair as printed: Synchronized, Copied, Split, NeverEstab ..."),
        _SCOPE,
        Column("rdf_group", "whole", "number of the RDF group; null for other kinds"),
    ),
    captured_by=_LISTINGS,
)

REPLICATION_LISTINGS = Table(
    "replication_listings",
    "one listing of replication sessions, with rows or explicitly without",
    (
        Column("symmetrix", "text", "array that was listed; null where the output does not name it", terms.symmetrix),
        Column("symmetrix_suffix", "text", "-sid as typed: the last digits of the array"),
        _KIND,
        _SCOPE,
        Column(
            "whole_array",
            "flag",
            "`list` without any option that leaves devices out; null where the command is unknown",
        ),
        Column("sessions", "whole", "pairs listed; 0: the listing is empty"),
        Column(
            "complete",
            "flag",
            "totals, a closing sentence or a prompt below prove that no row is missing at the end",
        ),
    ),
    captured_by=_LISTINGS,
)

DEVICE_GROUPS = Table(
    "device_groups",
    "one device group of `symdg list` or `symdg show`",
    (
        Column("device_group", "text", "name"),
        Column("kind", "text", "REGULAR, RDF1, RDF2, ANY ..."),
        Column("valid", "flag", "`Valid`"),
        Column("symmetrix", "text", "array of the group", terms.symmetrix),
        Column("device_count", "whole", "standard devices"),
        Column("gatekeeper_count", "whole", "gatekeepers"),
        Column("bcv_count", "whole", "BCVs"),
        Column("vdev_count", "whole", "virtual devices"),
    ),
    key=("device_group", "symmetrix"),
    scope=("device_group",),
    captured_by="symdg list",
)

DEVICE_GROUP_DEVICES = Table(
    "device_group_devices",
    "one device of `symdg show`",
    (
        Column("device_group", "text", "name of the group"),
        Column("symmetrix", "text", "array of the group", terms.symmetrix),
        Column("section", "text", "heading above it: Standard (STD) Devices, BCV Devices Locally-associated ..."),
        Column("logical_name", "text", "DEV001, BCV001 ..."),
        Column("physical", "text", "name on the Solutions Enabler host; null for N/A"),
        Column("device", "text", "device", terms.device),
        Column("config", "text", "RAID-5, 2-Way Mir ...; null in older layouts"),
        Column("attribute", "text", "(M) and the like"),
        Column("status", "text", "RW, WD, NR"),
        Column("capacity_mb", "whole", "Cap (MB)"),
    ),
    key=("device_group", "section", "logical_name", "device"),
    scope=("device_group",),
    captured_by="symdg show <group>",
)

DEVICE_GROUP_PROPERTIES = Table(
    "device_group_properties",
    "one line `name : value` of `symdg show`",
    (
        Column("device_group", "text", "name of the group"),
        Column("section", "text", "heading above it; null at the top"),
        Column("property", "text", "name as printed, blanks collapsed: RDF Pair State ( R1 <===> R2 )"),
        Column("value", "text", "value as printed, blanks collapsed"),
    ),
    scope=("device_group",),
    captured_by="symdg show <group>",
)
