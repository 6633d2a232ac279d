"""The model of a migration: arrays, ports, pairs, views, nodes, paths. It knows neither printed text nor rules.

Sizes are counted in tracks of the control array (64 KB, 15 to a cylinder), times are UTC, devices are plain numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from flmparse.terms import DirectorPort

TRACKS_PER_CYLINDER = 15

TRACKS_PER_MB = 16
"""Tracks of 64 KB in a megabyte."""

SOURCE, TARGET = "source", "target"
"""The two sides of a pair."""

VALIDATIONS = (
    "List All Disks",
    "List Potential Cluster Disks",
    "Validate Disk Arbitration",
    "Validate SCSI-3 Persistent Reservation",
    "Validate Simultaneous Failover",
)
"""Storage tests of Test-Cluster."""

SCSI_FLAGS = (
    "Common_Serial_Number(C)",
    "SCSI_3(SC3)",
    "SPC2_Protocol_Version(SPC2)",
    "SCSI_Support1(OS2007)",
)


def megabytes(tracks: int) -> int:
    """Return the MB of tracks, rounded half up as SYMCLI shows them."""
    return (2 * tracks + TRACKS_PER_MB) // (2 * TRACKS_PER_MB)


@dataclass
class Port:
    """A front-end port of an array; ``scsi_target`` is the SCSI target number at which hosts see it."""

    at: DirectorPort
    wwn: str
    scsi_target: int
    used: bool = True
    access_logix: bool = True
    switched: bool = True
    status: str = "Online"
    flags: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(SCSI_FLAGS, True))
    fabric: int = 0


@dataclass
class Array:
    """A Symmetrix; ``digits`` is how many digits it prints of a device number."""

    symmetrix: str
    model: str
    microcode: str
    ports: list[Port]
    track_kb: int = 64
    digits: int = 4
    cache_mb: int = 65536
    devices: int = 4120
    patches: list[str] = field(default_factory=list)

    @property
    def short(self) -> str:
        """The last three digits, as people type them after -sid."""
        return self.symmetrix[-3:]

    @property
    def used_ports(self) -> list[Port]:
        """The ports that the migration goes through."""
        return [port for port in self.ports if port.used]

    def name(self, device: int) -> str:
        """Return a device number as this array prints it."""
        return f"{device:0{self.digits}X}"


@dataclass(slots=True)
class Identity:
    """The identity that a target shows to hosts (``symdev list -identity``)."""

    is_set: bool = False
    geometry: bool = False
    symmetrix: str = ""
    device: int = 0
    serial: str = ""
    megabytes: int = 0


@dataclass(slots=True)
class Session:
    """The Open Replicator session of one pair: flags CDSHUTZ, state, what is left to copy."""

    tracks_left: int
    background_copy: bool = False
    differential: bool = False
    push: bool = False
    hot: bool = True
    donor_update: bool = True
    kind: str = "M"
    zero_detection: bool = False
    remote_kind: str = "SD"
    status: str = "Created"
    reactivatable: bool = False
    tracks_per_minute: float = 0.0
    done_error: int = 0
    """Percent by which the printed Done is wrong."""


@dataclass(slots=True)
class Pair:
    """A line of the pair file with all that both arrays know about its two devices."""

    index: int
    target: int
    source: int
    tracks: int
    """Size of the source."""
    target_tracks: int
    host_lun: int
    source_lun: int
    view: int
    thin: bool
    meta: bool
    target_config: str
    source_config: str
    signature: int
    target_access: str = "Active"
    source_access: str = "Active"
    target_reserve: bool = True
    source_reserve: bool = True
    pool: str = ""
    identity: Identity = field(default_factory=Identity)
    session: Session | None = None
    boot_disk: bool = False
    file_system: str = "NTFS"
    source_status: str = "Ready           (RW)"
    source_state: str = "Normal"
    disk_state: str = "Online"


@dataclass
class View:
    """A masking view of the target array."""

    name: str
    storage_group: str
    initiator_group: str
    port_group: str
    updated: datetime | None = None
    total_error_mb: int = 0
    foreign_initiators: list[str] = field(default_factory=list)
    lost_initiators: set[str] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    """Pairs (by index) that were left out of its storage group."""
    lost_ports: set[int] = field(default_factory=set)
    unmapped: set[tuple[int, int]] = field(default_factory=set)
    """Pair and port at which a device is not mapped."""
    luns: dict[tuple[int, int], int] = field(default_factory=dict)
    """Host LUNs other than the pair's, by pair and port."""
    extra_devices: list[tuple[int, int, int]] = field(default_factory=list)
    """Further devices: number, host LUN, MB."""


@dataclass(slots=True)
class PathChange:
    """How one path differs from a healthy one."""

    mode: str = "active"
    state: str = "alive"
    queued: int = 0
    errors: int = 0
    missing: bool = False
    lun: int | None = None
    scsi_target: int | None = None
    """Target number in the native name, where it is not that of the hardware path."""
    interface: str | None = None


@dataclass(slots=True)
class DiskChange:
    """How one disk of a node differs from the others."""

    hidden: bool = False
    number: int | None = None
    state: str = "alive"
    policy: str = "SymmOpt"
    queued: int | None = None
    symmetrix: str | None = None
    device: str | None = None


@dataclass
class Adapter:
    """A host bus adapter: its port WWN and the number Windows gives its SCSI port."""

    wwpn: str
    number: int
    fabric: int = 0
    failed: bool = False


PathKey = tuple[int, int, str, int]
"""Pair, adapter, side (``source`` or ``target``), port, each by index."""


@dataclass
class Node:
    """A cluster node and what its multipathing software sees."""

    name: str
    adapters: list[Adapter]
    first_disk: int
    registration_key: str
    """Key of its persistent reservations."""
    powerpath: str = "EMC powermt for PowerPath (c) Version 5.5 SP1 (build 289)"
    """What `powermt version` says."""
    licence_key: str = "B4PB-HF4C-EJ6Y-4Q7E-MFTT-Q3SF"
    state: str = "Up"
    sees_source: bool = True
    sees_target: bool = False
    windows: tuple[str, str] = ("6.1.7601", "1999-2008")
    paths: dict[PathKey, PathChange] = field(default_factory=dict)
    busy: set[PathKey] = field(default_factory=set)
    """Paths that are still in use when they are to be removed."""
    disks: dict[int, DiskChange] = field(default_factory=dict)
    forgotten: list[int] = field(default_factory=list)
    """Disks of the source array, as large as the pairs', that are in no pair."""
    other_devices: list[tuple[str, str, str]] = field(default_factory=list)
    """Unrelated devices: kind of array, its id, the device's id."""
    events: list[tuple[datetime, int, str]] = field(default_factory=list)

    def path(self, key: PathKey) -> PathChange:
        """Return how a path differs, to be changed."""
        return self.paths.setdefault(key, PathChange())

    def disk(self, pair: int) -> DiskChange:
        """Return how the disk of a pair differs, to be changed."""
        return self.disks.setdefault(pair, DiskChange())


@dataclass
class Deviations:
    """Where the procedure is carried out otherwise than in the white paper: options typed, steps left out or too early."""

    create_options: list[str] = field(
        default_factory=lambda: ["-pull", "-migrate", "-host_type windows", "-mp_type ppath", "-noprompt"]
    )
    activate_options: list[str] = field(default_factory=lambda: ["-migrate", "-noprompt"])
    terminate_options: list[str] = field(default_factory=lambda: ["-migrate", "-symforce", "-force", "-noprompt"])
    scan_before_create: str | None = None
    """Name of a node that is rescanned before create."""
    view_made_early: bool = False
    not_rescanned: set[str] = field(default_factory=set)
    pause_before_activate_minutes: int = 0
    terminate_early: bool = False
    verify: bool = True
    unmask_early: bool = False
    unmask_skips_devices: set[int] = field(default_factory=set)
    unmask_skips_ports: set[int] = field(default_factory=set)
    wwn_option: str = "-wwn"
    refresh: bool = True
    array_ports_stay: bool = False
    check_in_place_of_remove: set[str] = field(default_factory=set)
    not_saved: set[str] = field(default_factory=set)
    device_file: str | None = None
    """Another name of the device file in the query."""


@dataclass
class Migration:
    """The state of a whole migration at one moment."""

    name: str
    pair_file: str
    start: datetime
    os: str
    control_host: str
    target: Array
    source: Array
    pairs: list[Pair]
    views: list[View]
    nodes: list[Node]
    pools: dict[str, tuple[int, int]]
    """Usable and allocated tracks by pool."""
    gatekeepers: int = 6
    solutions_enabler: str = "7.4.0.0"
    declared_source_microcode: str = ""
    deviations: Deviations = field(default_factory=Deviations)
    masked: set[tuple[str, int]] = field(default_factory=set)
    """WWN and source port (by index) through which all sources are masked."""
    masked_besides: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    """What single sources are masked to in addition, by pair (index)."""
    unzoned: set[tuple[int, int]] = field(default_factory=set)
    """Control port and source port (by index) that do not see each other."""
    logged_out: set[tuple[str, int]] = field(default_factory=set)
    """WWPN and target port (by index) without a login."""
    unregistered: set[tuple[int, str]] = field(default_factory=set)
    """Pair (index) and node (name) whose registration the target lacks."""
    clones: list[tuple[int, int]] = field(default_factory=list)
    """Clone sessions on the source array: source and target device."""
    other_views: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Views that are listed and not shown: name, initiator group, port group, storage group."""
    shown_groups: dict[str, list[str]] = field(default_factory=dict)
    """Initiator groups of other views that are shown, with their WWNs."""
    other_nodes: list[str] = field(default_factory=list)
    """Nodes that the cluster lists besides those of the manifest."""
    other_disks: dict[str, str] = field(default_factory=dict)
    """Cluster disks of no pair, with their states."""
    declared_target: str = ""
    """The target array that the manifest names, where it is another one."""
    pair_lines: list[str] | None = None
    """Lines of the pair file where they differ from the pairs; None: they agree."""
    validations: dict[str, str] = field(default_factory=lambda: dict.fromkeys(VALIDATIONS, "Success"))
    """Result of each storage test of Test-Cluster, which is run in maintenance windows with the disks offline."""
    untested: set[int] = field(default_factory=set)
    """Pairs (by index) whose disk Test-Cluster skipped because it was online."""
    policy: dict[str, object] = field(default_factory=dict)
    """Keys and values of [policy] in the manifest."""

    @property
    def has_windows(self) -> bool:
        """Whether the nodes run Windows, with DiskPart and a Windows cluster; on other systems only PowerPath is simulated."""
        return self.os.startswith("Windows")

    @property
    def has_cluster_powershell(self) -> bool:
        """Whether the nodes have PowerShell for clusters (from 2008 R2); before it there is cluster.exe."""
        return self.os.endswith("R2")

    @property
    def reserves_persistently(self) -> bool:
        """Whether the cluster holds its disks by persistent reservations (from 2008); 2003 reserves by SCSI-2."""
        return self.has_windows and "2003" not in self.os

    def wwpns(self) -> Iterator[tuple[Node, Adapter]]:
        """Yield every adapter of the cluster with its node."""
        for node in self.nodes:
            for adapter in node.adapters:
                yield node, adapter

    @property
    def fabrics(self) -> int:
        """Number of fabrics; an adapter and a port of different fabrics never see each other."""
        return 1 + max(port.fabric for port in self.target.used_ports)

    def owner(self, pair: Pair) -> Node:
        """Return the node that owns the disk of a pair."""
        return self.nodes[pair.index % len(self.nodes)]

    def in_view(self, view: int) -> list[Pair]:
        """Return the pairs whose target belongs to a view."""
        return [pair for pair in self.pairs if pair.view == view]
