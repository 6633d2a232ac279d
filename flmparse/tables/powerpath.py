"""PowerPath on a node: devices and paths of `powermt display`, what `powermt remove` refused (figures 10, 13, 19, 20)."""

from flmparse.tables.table import Column, Table, states

_DEVICE = (
    Column("pseudo", "text", "pseudo device: harddisk14, emcpowera; null where the display has none"),
    Column("array_class", "choice", "class word before ID=: Symmetrix, CLARiiON, VNX ..."),
    Column("symmetrix", "choice", "array id as shown; for a federated device the SOURCE's"),
    Column("device", "text", "Symmetrix device number; null for other classes"),
)


POWERPATH_DEVICES = Table(
    "powerpath_devices",
    "one device block of `powermt display dev=...`",
    (
        *_DEVICE,
        Column("logical_device_id", "text", "as printed"),
        Column("label", "text", "name in brackets after the logical device id"),
        Column("device_wwn", "text", "Device WWN=, newer releases"),
        Column("state", "choice", "alive, dead, degraded"),
        Column("policy", "choice", "SymmOpt, CLAROpt, BasicFailover ..."),
        Column("priority", "whole", "priority=; null in newer layouts"),
        Column("queued_ios", "whole", "queued-IOs=: the sum of the paths' Q-IOs"),
        Column("path_count", "whole", "path rows below it"),
    ),
    scope=("node",),
    captured_by="powermt display dev=all",
)

PATHS = Table(
    "paths",
    "one path row of `powermt display dev=...`",
    (
        *_DEVICE,
        Column("hba", "whole", "###: number of the host bus adapter"),
        Column("hw_path", "text", "HW Path: port5\\path0\\tgt10\\lun6, qla2xxx, fscsi0 ..."),
        Column("io_path", "text", "I/O Paths: c5t10d6, sdi, hdisk11 ..."),
        Column("interface", "choice", "Interf. as printed, blanks collapsed: FA 14cA, SP A0"),
        Column(
            "port", "choice", "director port as shown to the host (target paths at +2): 14C:0; null for SP interfaces"
        ),
        Column("mode", "choice", "active, standby, unlic, asb:...; not the host access mode"),
        Column("state", "choice", "alive, dead"),
        Column("queued_ios", "whole", "Q-IOs"),
        Column("errors", "whole", "Errors"),
    ),
    scope=("node",),
    captured_by="powermt display dev=all",
)

PATHS_IN_USE = Table(
    "paths_in_use",
    "a path that `powermt remove` refused to remove: `Cannot remove device that is in use: c5t4d1`",
    (Column("io_path", "text", "native name of the path"),),
    key=("io_path",),
    scope=("node",),
    captured_by="powermt remove dev=all",
)

HBAS = Table(
    "hbas",
    "one host bus adapter of plain `powermt display`",
    (
        Column("hba", "whole", "###: number of the adapter; the paths' `hba`"),
        Column("hw_path", "text", "HW Path: port5\\path0, qla2xxx, fscsi0, 0/2/1/0.101.16.19.0, UNKNOWN (vanished)"),
        Column("summary", "text", "optimal, degraded, failed", states=states("optimal", bad="degraded|failed|dead")),
        Column("total_paths", "whole", "Total"),
        Column("dead_paths", "whole", "Dead"),
        Column("ios_per_second", "whole", "IO/Sec; null for -"),
        Column("queued_ios", "whole", "Q-IOs"),
        Column("errors", "whole", "Errors"),
    ),
    key=("hba",),
    scope=("node",),
    captured_by="powermt display",
)  # fmt: skip

POWERPATH_CLASSES = Table(
    "powerpath_classes",
    "one line `Symmetrix logical device count=898` of plain `powermt display`",
    (
        Column("array_class", "text", "class word of the devices: Symmetrix, CLARiiON, HP xp ..."),
        Column("device_count", "whole", "devices of that class"),
    ),
    key=("array_class",),
    scope=("node",),
    captured_by="powermt display",
)

POWERPATH_VERSION = Table(
    "powerpath_version",
    "the sentence of `powermt version`",
    (
        Column("version", "text", "5.1.0, 5.5 SP1 ... as printed"),
        Column("build", "text", "build number"),
    ),
    scope=("node",),
    captured_by="powermt version",
)

POWERPATH_LICENCES = Table(
    "powerpath_licences",
    "one key of `powermt check_registration`",
    (
        Column("key_ending", "text", "last four characters of the key; the rest stays in the capture"),
        Column("product", "text", "PowerPath ..."),
        Column("capabilities", "text", "All ..."),
        Column("expired", "flag", "the output says `Expired:`"),
    ),
    scope=("node",),
    captured_by="powermt check_registration",
)

DEAD_PATH_QUESTIONS = Table(
    "dead_path_questions",
    "one dead path that `powermt check` asked about",
    (
        Column("array_class", "text", "class word: Symmetrix ..."),
        Column("io_path", "text", "native name of the path: c5t10d6"),
        Column("answer", "text", "y, n, a or q; null where the capture shows none"),
    ),
    captured_by="powermt check",
)

PSEUDO_NAMES = Table(
    "pseudo_names",
    "one pseudo device name of `emcpadm getusedpseudos` or `getfreepseudos`",
    (
        Column("pseudo", "text", "emcpowera ..."),
        Column("in_use", "flag", "used (getusedpseudos) or free (getfreepseudos)"),
        Column("major", "whole", "Major#"),
        Column("minor", "whole", "Minor#"),
    ),
    key=("pseudo", "in_use"),
    scope=("node",),
    captured_by="emcpadm getusedpseudos",
)
