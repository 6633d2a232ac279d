"""Multipathing beside PowerPath: Veritas DMP, device-mapper multipath, settings of Microsoft MPIO, keys of reservations, the cluster's log."""

from flmparse import terms
from flmparse.tables.table import Column, Table, states

_DMP_STATES = states("enabled", bad="disabled|failed")

DMP_PATHS = Table(
    "dmp_paths",
    "one path under Veritas DMP: `vxdmpadm getsubpaths`, `vxdisk path`, `vxdisk list <disk>`",
    (
        Column("path", "text", "native name: c2t50000972C0044D18d1s2, sdc", role="key"),
        Column("state", "text", "ENABLED, DISABLED", states=_DMP_STATES),
        Column("is_active", "flag", "marked (A); null where the output has no such mark", context="DMP chooses among enabled paths"),
        Column("path_type", "text", "PRIMARY, SECONDARY; null for -", context="of arrays with two kinds of controllers"),
        Column("dmp_node", "text", "DMP node, or the disk that VxVM knows: emc0_0123", role="key"),
        Column("enclosure_type", "text", "EMC, PP_EMC, Disk ...; null where not printed", role="quote"),
        Column("enclosure", "text", "emc0, disk", role="key"),
        Column("controller", "text", "c2; null where not printed", role="key"),
        Column("disk_group", "text", "disk group; null for none or where not printed", role="quote"),
    ),
    key=("path",),
    scope=("node",),
    captured_by="vxdmpadm getsubpaths",
)  # fmt: skip

DMP_CONTROLLERS = Table(
    "dmp_controllers",
    "one controller and enclosure of `vxdmpadm listctlr`",
    (
        Column("controller", "text", "CTLR-NAME: c2", role="key"),
        Column("enclosure_type", "text", "ENCLR-TYPE", role="quote"),
        Column("state", "text", "ENABLED, DISABLED", states=_DMP_STATES),
        Column("enclosure", "text", "ENCLR-NAME", role="key"),
    ),
    key=("controller", "enclosure"),
    scope=("node",),
    captured_by="vxdmpadm listctlr all",
)

DMP_ENCLOSURES = Table(
    "dmp_enclosures",
    "one enclosure of `vxdmpadm listenclosure`",
    (
        Column("enclosure", "text", "ENCLR_NAME: emc0", role="key"),
        Column("enclosure_type", "text", "ENCLR_TYPE", role="quote"),
        Column("serial", "text", "ENCLR_SNO: 12 digits of a Symmetrix", role="key"),
        Column("state", "text", "STATUS", states=states("connected", bad="disconnected|failed")),
        Column("array_type", "text", "A/A ...", context="a property of the array"),
        Column("lun_count", "whole", "LUN_COUNT; null where not printed", context="counts what is listed elsewhere"),
    ),
    key=("enclosure",),
    scope=("node",),
    captured_by="vxdmpadm listenclosure all",
)

VX_DISKS = Table(
    "vx_disks",
    "one disk of `vxdisk list`",
    (
        Column("disk", "text", "DEVICE: emc0_0123", role="key"),
        Column("kind", "text", "TYPE: auto:cdsdisk", role="quote"),
        Column("medium", "text", "DISK: name in its group; null for -", role="quote"),
        Column("disk_group", "text", "GROUP; null for -", role="quote"),
        Column("state", "text", "STATUS as printed: online, online invalid, error, failed was:..."),
    ),
    key=("disk",),
    scope=("node",),
    captured_by="vxdisk list",
)

MULTIPATH_MAPS = Table(
    "multipath_maps",
    "one map of `multipath -ll`",
    (
        Column("map", "text", "its alias; the WWID where it has none", role="key"),
        Column("wwid", "text", "as printed", role="key"),
        Column("dm", "text", "dm-N", role="key"),
        Column("vendor", "text", "EMC", role="quote"),
        Column("product", "text", "SYMMETRIX", role="quote"),
        Column("size", "text", "as printed: 8.0T; null where the line is missing", role="quote"),
        Column("symmetrix", "text", "array in the WWID of a Symmetrix device; for a federated one the SOURCE's", terms.symmetrix),
        Column("device", "text", "device in that WWID", terms.device),
        Column("path_count", "whole", "path rows below it"),
    ),
    key=("map",),
    scope=("node",),
    captured_by="multipath -ll",
)  # fmt: skip

MULTIPATH_PATHS = Table(
    "multipath_paths",
    "one path of `multipath -ll`, or of the list of paths that -v3 and -v4 print above the maps",
    (
        Column("told_by", "text", "map or paths list"),
        Column("wwid", "text", "the map's; null in the list of paths", role="key"),
        Column("scsi_address", "text", "host:channel:target:LUN; null for #:#:#:#", role="key"),
        Column("device_name", "text", "sdc; null for -", role="key"),
        Column("group_state", "text", "state of its group: active, enabled", context="the driver chooses among groups"),
        Column("dm_state", "text", "active, failed, undef", states=states("active", bad="failed", doubtful="undef")),
        Column("path_state", "text", "ready, ghost, faulty, undef ...",
               states=states("ready|ghost", bad="faulty|shaky", doubtful="undef|i/o")),
        Column("device_state", "text", "running, offline; null in the layout of RHEL 5",
               states=states("running", bad="offline|blocked|transport-offline", doubtful="unknown")),
    ),
    scope=("node",),
    captured_by="multipath -ll",
)  # fmt: skip

RESERVATION_KEYS = Table(
    "reservation_keys",
    "one key registered or holding a reservation, as a node reads it: `sg_persist`, `mpathpersist`, `vxfenadm`",
    (
        Column("disk", "text", "the device that was asked", role="key"),
        Column("kind", "text", "registered or reservation"),
        Column("reservation_key", "text", "as printed: 0xfdfe0001, VF000100", role="key"),
        Column("node_name", "text", "node that vxfenadm names; null elsewhere", role="key"),
    ),
    scope=("node", "disk"),
    captured_by="sg_persist -i -k <device>",
)

MPIO_SETTINGS = Table(
    "mpio_settings",
    "one setting of `Get-MPIOSetting`",
    (
        Column("setting", "text", "PathVerificationState, PDORemovePeriod ...", role="key"),
        Column("value", "text", "as printed", context="no setting is prescribed by the white paper"),
    ),
    key=("setting",),
    scope=("node",),
    captured_by="Get-MPIOSetting",
)

CLUSTER_LOG = Table(
    "cluster_log",
    "one line of a cluster log about a physical disk",
    (
        Column("logged_at", "text", "as printed, UTC unless the log was made with local time: 2012/05/26-09:05:07.123", role="quote"),
        Column("level", "text", "INFO, WARN, ERR", states=states("info|dbg", bad="err", doubtful="warn")),
        Column("resource", "text", "name of the physical disk", role="key"),
        Column("message", "text", "as printed", role="quote"),
    ),
    captured_by="Get-ClusterLog",
)  # fmt: skip
