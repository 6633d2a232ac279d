"""The identity that a device shows to its hosts: `symdev list -identity` (white paper figure 6)."""

from flmparse import terms
from flmparse.tables.arrays import READY
from flmparse.tables.table import Column, Table

IDENTITIES = Table(
    "identities",
    "one device of `symdev list -identity`",
    (
        Column("symmetrix", "text", "array that holds the device", terms.symmetrix),
        Column("device", "text", "the device itself", terms.device),
        Column("physical", "text", "name on the Solutions Enabler host, or Not Visible"),
        Column("config", "text", "TDEV, 2-Way Mir, RDF2+TDEV ..."),
        Column("status", "text", "RW, WD, NR; not the host access mode", states=READY),
        Column("identity_set", "flag", "flag I: a non-native external identity is set"),
        Column("geometry_set", "flag", "flag G: a user-defined geometry is set"),
        Column("external_symmetrix", "text", "array the device claims to be on", terms.symmetrix),
        Column("external_device", "text", "device number it claims to have", terms.device),
        Column("serial", "text", "SCSI serial number it shows"),
        Column("capacity_mb", "whole", "capacity shown to hosts, rounded half up to whole MB"),
    ),
    key=("symmetrix", "device"),
    scope=("symmetrix", "device"),
    captured_by="symdev -sid <target> list -identity",
)
