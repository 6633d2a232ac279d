"""Windows on a node: DiskPart sessions (white paper figure 9)."""

from flmparse.tables.table import Column, Table, states

VOLUME = states("healthy", bad="failed|failed rd|at risk|unknown", doubtful="rebuild|rebuilding|degraded|no info")

DISKPART_SESSIONS = Table(
    "diskpart_sessions",
    "one run of DiskPart: its computer, its version, and how many of its rescans finished",
    (
        Column("computer", "text", "`On computer:`"),
        Column("version", "text", "Microsoft DiskPart version: 6.1.7601 is Windows Server 2008 R2 SP1"),
        Column("rescans_started", "whole", "`Please wait while DiskPart scans your configuration...`"),
        Column("rescans_finished", "whole", "`DiskPart has finished scanning your configuration.`"),
    ),
    captured_by="diskpart, then rescan",
)

DISKS = Table(
    "disks",
    "one disk of a node in the output of one command: DiskPart `list disk`, `detail disk`, or Get-Disk",
    (
        Column("computer", "text", "`On computer:` of DiskPart; null where not printed"),
        Column(
            "disk", "whole", "number: N of `Disk N`, of PowerPath's harddiskN; null where the output does not show it"
        ),
        Column("told_by", "text", "list disk, detail disk or Get-Disk; columns that this output lacks are null"),
        Column("name", "text", "name of the disk: EMC SYMMETRIX SCSI Disk Device, PowerDevice by PowerPath"),
        Column("status", "text", "Online, Offline, Reserved, Foreign, Missing ..."),
        Column("size", "text", "size with its unit as printed, rounded down: 3750 MB"),
        Column("size_bytes", "whole", "size where the output gives bytes (Get-Disk | Format-List)"),
        Column("free", "text", "unallocated space with its unit as printed"),
        Column("is_dynamic", "flag", "* under Dyn"),
        Column("partition_style", "text", "MBR, GPT or RAW; GPT also from * under Gpt"),
        Column("disk_id", "text", "MBR signature as 8 upper-case hex digits, or GUID in braces, upper case"),
        Column("unique_id", "text", "UniqueId of Get-Disk"),
        Column("serial", "text", "Serial Number of Get-Disk"),
        Column("is_boot", "flag", "Boot Disk, IsBoot: Windows runs from it"),
        Column(
            "is_system", "flag", "IsSystem, or a volume of `detail disk` with Info System; null where neither is shown"
        ),
        Column("is_pagefile", "flag", "Pagefile Disk"),
        Column("is_crashdump", "flag", "Crashdump Disk"),
        Column("is_clustered", "flag", "Clustered Disk, IsClustered"),
        Column("is_read_only", "flag", "Read-only, IsReadOnly: the attribute of the disk"),
        Column("is_read_only_now", "flag", "Current Read-only State: yes for a disk that another node has reserved"),
        Column("bus", "text", "Type: SCSI, FIBRE, ATA, RAID"),
        Column("path", "whole", "Path (Bus in older releases)"),
        Column("target", "whole", "Target"),
        Column("lun", "whole", "LUN ID"),
        Column("location_path", "text", "Location Path"),
    ),
    scope=("node", "computer", "disk", "told_by"),
    captured_by="diskpart: select disk <N>, then detail disk",
)

VOLUMES = Table(
    "volumes",
    "one row of DiskPart `list volume`, or below `detail disk`",
    (
        Column("computer", "text", "`On computer:` of DiskPart; null where not printed"),
        Column("volume", "whole", "number"),
        Column("disk", "whole", "disk above it in `detail disk`; null in `list volume`"),
        Column("letter", "text", "Ltr"),
        Column("label", "text", "Label; cut at 11 characters without a mark"),
        Column("file_system", "text", "Fs: NTFS, CSVFS, RAW ..."),
        Column("kind", "text", "Type: Partition, Simple, DVD-ROM ..."),
        Column("size", "text", "Size with its unit as printed"),
        Column(
            "status",
            "text",
            "Healthy, Failed ...",
            states=states(
                "healthy", bad="failed|failed rd|at risk|unknown", doubtful="rebuild|rebuilding|degraded|no info"
            ),
        ),
        Column("info", "text", "Info: System, Boot, Pagefile, Hidden, Offline ..."),
        Column("mounted_at", "text", "first folder it is mounted at: C:\\ClusterStorage\\Volume1\\"),
    ),
    scope=("node", "computer", "disk", "volume"),
    captured_by="diskpart: list volume",
)

MPIO_DISKS = Table(
    "mpio_disks",
    "one disk under Microsoft MPIO: `mpclaim -s -d` or `mpclaim -s -d <n>`",
    (
        Column("mpio_disk", "whole", "N of MPIO DiskN"),
        Column("disk", "whole", "N of Disk N; null in the output of one disk"),
        Column("policy", "text", "load balance policy: RR, RRWS, Round Robin ..."),
        Column("dsm", "text", "DSM name, Controlling DSM"),
        Column("serial", "text", "SN of the output of one disk"),
        Column("path_count", "whole", "paths announced by the output of one disk"),
    ),
    key=("mpio_disk",),
    scope=("node", "mpio_disk"),
    captured_by="mpclaim -s -d",
)

MPIO_PATHS = Table(
    "mpio_paths",
    "one path of `mpclaim -s -d <n>`",
    (
        Column("mpio_disk", "whole", "N of MPIO DiskN"),
        Column("path_id", "text", "16 hex digits"),
        Column(
            "state",
            "text",
            "Active/Optimized, Active/Unoptimized, Standby, Unavailable, Failed",
            states=states("active/optimized|active/unoptimized|standby", bad="unavailable|failed"),
        ),
        Column("scsi_address", "text", "port|bus|target|LUN: 000|000|003|000"),
        Column("weight", "whole", "Weight"),
        Column("tpg_state", "text", "TPG_State of the line below"),
        Column("tpg_id", "whole", "TPG_Id of the line below"),
    ),
    key=("mpio_disk", "path_id"),
    scope=("node", "mpio_disk"),
    captured_by="mpclaim -s -d <n>",
)

WINDOWS_VERSIONS = Table(
    "windows_versions",
    "the version of Windows by `systeminfo` or `ver`",
    (
        Column("computer", "text", "Host Name; null for ver"),
        Column("version", "text", "6.1.7601; 5.2 is Windows Server 2003, 6.0 is 2008, 6.1 is 2008 R2"),
        Column("product", "text", "OS Name"),
        Column("service_pack", "text", "Service Pack 1; null where none is printed"),
    ),
    scope=("node", "computer"),
    captured_by="systeminfo",
)

CLUSTER_RESOURCES = Table(
    "cluster_resources",
    "one resource of the cluster: Get-ClusterResource or `cluster res`",
    (
        Column("name", "text", "name; only its beginning where name_cut"),
        Column("name_cut", "flag", "the name ends in ... as PowerShell cuts it: two resources may read the same"),
        Column(
            "state",
            "text",
            "Online, Offline, Failed, OnlinePending ...",
            states=states(
                "online",
                bad="failed|offline",
                doubtful="onlinepending|offlinepending|online pending|offline pending|inherited|initializing",
            ),
        ),
        Column("group", "text", "group that owns it"),
        Column("owner", "text", "node that owns it; null where the output has no such column"),
        Column("kind", "text", "Physical Disk, IP Address ...; null in `cluster res`"),
        Column("resource_id", "text", "Id of the list form"),
    ),
    scope=("name",),
    captured_by="Get-ClusterResource, or cluster res",
)

CLUSTER_GROUPS = Table(
    "cluster_groups",
    "one group of the cluster: Get-ClusterGroup or `cluster group`",
    (
        Column("name", "text", "name of the group"),
        Column("owner", "text", "node that owns it"),
        Column(
            "state",
            "text",
            "Online, Offline, PartialOnline, Failed, Pending",
            states=states("online", bad="failed|offline", doubtful="partialonline|partially online|pending"),
        ),
    ),
    key=("name",),
    scope=("name",),
    captured_by="Get-ClusterGroup, or cluster group",
)

CLUSTER_PARAMETERS = Table(
    "cluster_parameters",
    "one private property of a resource: Get-ClusterParameter or `cluster res <name> /priv`",
    (
        Column("resource", "text", "name of the resource"),
        Column("parameter", "text", "DiskSignature, DiskIdGuid, DiskUniqueIds ..."),
        Column("value", "text", "value as printed"),
        Column("disk_id", "text", "DiskSignature as 8 upper-case hex digits, DiskIdGuid upper case: `disks.disk_id`"),
        Column("kind", "text", "UInt32, String ...; D, S of cluster.exe"),
    ),
    key=("resource", "parameter"),
    scope=("resource", "parameter"),
    captured_by='Get-ClusterResource "<disk>" | Get-ClusterParameter',
)

CLUSTER_NODES = Table(
    "cluster_nodes",
    "one node of the cluster: Get-ClusterNode or `cluster node`",
    (
        Column("name", "text", "name of the node"),
        Column("node_id", "text", "ID"),
        Column(
            "state", "text", "Up, Down, Paused, Joining", states=states("up", bad="down", doubtful="paused|joining")
        ),
    ),
    key=("name",),
    captured_by="Get-ClusterNode",
)

CLUSTER_SHARED_VOLUMES = Table(
    "cluster_shared_volumes",
    "one cluster shared volume",
    (
        Column("name", "text", "name of the disk resource: Cluster Disk 3"),
        Column("state", "text", "Online ..."),
        Column("owner", "text", "node that coordinates it"),
        Column("volume_path", "text", "C:\\ClusterStorage\\Volume1 where the list form shows it"),
    ),
    key=("name",),
    captured_by="Get-ClusterSharedVolume",
)

SHARED_VOLUME_LISTINGS = Table(
    "shared_volume_listings",
    "one listing of cluster shared volumes; an empty output with a prompt after it: there are none",
    (
        Column("volumes", "whole", "volumes listed"),
        Column(
            "complete",
            "flag",
            "all of them were asked for, and a prompt below proves that no row is missing at the end",
        ),
    ),
    captured_by="Get-ClusterSharedVolume",
)

CLUSTER_AVAILABLE_DISKS = Table(
    "cluster_available_disks",
    "one disk that the cluster could take: Get-ClusterAvailableDisk",
    (
        Column("cluster", "text", "name of the cluster"),
        Column("name", "text", "Cluster Disk 4"),
        Column("disk", "whole", "Number: N of Disk N on the node asked"),
        Column("disk_id", "text", "Id: MBR signature as 8 upper-case hex digits, or GUID: `disks.disk_id`"),
        Column("size_bytes", "whole", "Size"),
        Column("scsi_address", "text", "ScsiAddress: packed decimal"),
    ),
    captured_by="Get-ClusterAvailableDisk",
)

CLUSTER_QUORUMS = Table(
    "cluster_quorums",
    "the quorum of the cluster: Get-ClusterQuorum",
    (
        Column("cluster", "text", "name of the cluster"),
        Column("resource", "text", "QuorumResource: the witness; null where there is none"),
        Column("quorum_type", "text", "NodeAndDiskMajority, NodeMajority ..."),
    ),
    captured_by="Get-ClusterQuorum",
)

CLUSTER_EVENTS = Table(
    "cluster_events",
    "one event of a Windows event log",
    (
        Column("computer", "text", "Computer; null where the layout lacks it"),
        Column("log", "text", "Log Name; null where the layout lacks it"),
        Column("event_id", "whole", "event id: 1069, 57 ..."),
        Column("source", "text", "source or provider: Microsoft-Windows-FailoverClustering, Ntfs, ClusDisk"),
        Column("level", "text", "Error, Warning, Critical, Information"),
        Column("time", "text", "time as printed, in the layout's own form and the node's zone"),
        Column("text", "text", "first line of the message"),
    ),
    captured_by="wevtutil qe System /f:text",
)

EVENT_LISTINGS = Table(
    "event_listings",
    "one query of an event log, with events or explicitly without",
    (
        Column("asked", "text", "the command as typed, with log and filter"),
        Column("events", "whole", "events listed"),
        Column("complete", "flag", "no pipe follows, and a prompt below proves that no event is missing at the end"),
    ),
    captured_by="wevtutil qe System /f:text",
)

CLUSTER_VALIDATIONS = Table(
    "cluster_validations",
    "one test of a Test-Cluster report, or one disk that it tested or skipped",
    (
        Column("test", "text", "name of the test; null in a row about a disk"),
        Column("result", "text", "Success, Warning, Failed, Canceled, Skipped, Not Run, Not Applicable"),
        Column("disk", "whole", "number of the disk; null where the sentence gives none"),
        Column("disk_id", "text", "signature or GUID in the sentence, as in `disks.disk_id`"),
        Column("resource", "text", "Cluster Disk N in the sentence"),
        Column("tested", "flag", "the disk was tested; False: skipped"),
        Column("text", "text", "the line"),
    ),
    captured_by="Test-Cluster, the report as text",
)

COMPUTERS = Table(
    "computers",
    "the answer of `hostname`",
    (Column("computer", "text", "name of the computer as printed"),),
    captured_by="hostname",
)
