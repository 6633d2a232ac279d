"""diskpart, Get-ClusterNode, Get-ClusterResource, Get-ClusterParameter, Get-WinEvent; cluster.exe where there is no PowerShell for it."""

from datetime import datetime

from flmparse.simulation.model import Migration, Node, Pair, megabytes

FIRST_VOLUME = 3
"""Lower numbers belong to volumes of the node's own disks."""

NO_EVENTS = "Get-WinEvent : No events were found that match the specified selection criteria."
EVENTS = "Get-WinEvent -FilterHashtable @{LogName='System';Level=1,2,3}"


def _session(node: Node, verbs: list[tuple[str, str]]) -> str:
    version, years = node.windows
    answers = "".join(f"DISKPART> {verb}\n\n{answer}\n\n" for verb, answer in verbs)
    return f"""Microsoft DiskPart version {version}
Copyright (C) {years} Microsoft Corporation.
On computer: {node.name}

{answers}DISKPART> exit

Leaving DiskPart..."""


def rescan(node: Node) -> str:
    """``diskpart`` with rescan."""
    return _session(
        node,
        [
            (
                "rescan",
                "Please wait while DiskPart scans your configuration...\n\n"
                "DiskPart has finished scanning your configuration.",
            )
        ],
    )


def _yes(on: bool) -> str:
    return "Yes" if on else "No"


def _size(size_mb: int) -> str:
    """Return a size as DiskPart shows it: four digits and a unit."""
    return f"{size_mb:>4} MB" if size_mb < 10_000 else f"{size_mb // 1024:>4} GB"


def _detail(migration: Migration, pair: Pair) -> str:
    port = migration.source.used_ports[0]
    return f"""EMC SYMMETRIX SCSI Disk Device
Disk ID: {pair.signature:08X}
Type   : FIBRE
Status : Reserved
Path   : 0
Target : {port.scsi_target}
LUN ID : {pair.source_lun}
Location Path : UNAVAILABLE
Current Read-only State : Yes
Read-only  : No
Boot Disk  : {_yes(pair.boot_disk)}
Pagefile Disk  : No
Hibernation File Disk  : No
Crashdump Disk  : No
Clustered Disk  : Yes

{_volume(pair)}"""


def _volume(pair: Pair) -> str:
    """Return the volume of a disk; a number of more than three digits shifts the columns after it."""
    number = pair.index + FIRST_VOLUME
    return f"""  Volume ###  Ltr  Label        Fs     Type        Size     Status     Info
  ----------  ---  -----------  -----  ----------  -------  ---------  --------
  Volume {number:<3}       {f"Data{pair.index}":<11}  {pair.file_system:<5}  Partition   {_size(megabytes(pair.tracks) - 1)}  Healthy"""


def disk_details(migration: Migration, node: Node) -> str:
    """``diskpart`` with select disk and detail disk for every disk of the pairs."""
    verbs = []
    for pair in migration.pairs:
        disk = node.first_disk + pair.index
        verbs.append((f"select disk {disk}", f"Disk {disk} is now the selected disk."))
        verbs.append(("detail disk", _detail(migration, pair)))
    return _session(node, verbs)


def _disk(pair: Pair) -> str:
    return f"Cluster Disk {pair.index + 1}"


def resources(migration: Migration) -> str:
    """``Get-ClusterResource | Format-Table Name,State,OwnerNode,OwnerGroup``."""
    wide = max(map(len, [*migration.other_disks, *(_disk(pair) for pair in migration.pairs)]))
    owners = max(9, *(len(node.name) for node in migration.nodes))
    rows = [
        f"{_disk(pair):<{wide}} {pair.disk_state:<13} {migration.owner(pair).name:<{owners}} Group {pair.index + 1}"
        for pair in migration.pairs
    ]
    rows += [
        f"{name:<{wide}} {state:<13} {migration.nodes[0].name:<{owners}} Available Storage"
        for name, state in migration.other_disks.items()
    ]
    head = [
        f"{'Name':<{wide}} {'State':<13} {'OwnerNode':<{owners}} OwnerGroup",
        f"{'----':<{wide}} {'-----':<13} {'---------':<{owners}} ----------",
    ]
    return "\n".join(head + rows)


def _states_of_nodes(migration: Migration) -> list[tuple[str, str]]:
    return [*((node.name, node.state) for node in migration.nodes), *((name, "Up") for name in migration.other_nodes)]


def nodes(migration: Migration) -> str:
    """``Get-ClusterNode``: the nodes and their states."""
    states = _states_of_nodes(migration)
    wide = max(len(name) for name, _ in states)
    rows = [f"{name:<{wide}} {number:<2} {state}" for number, (name, state) in enumerate(states, 1)]
    return "\n".join([f"{'Name':<{wide}} ID State", f"{'----':<{wide}} -- -----", *rows])


def old_nodes(migration: Migration) -> str:
    """``cluster node``: the same where there is no PowerShell for clusters."""
    states = enumerate(_states_of_nodes(migration), 1)
    rows = "\n".join(f"{name:<14} {number:>7} {state}" for number, (name, state) in states)
    return f"""Listing status for all available nodes:

Node           Node ID Status
-------------- ------- ---------------------
{rows}"""


def parameters(migration: Migration) -> str:
    """``Get-ClusterResource | Get-ClusterParameter``: the signature of each cluster disk."""
    wide = max(len(_disk(pair)) for pair in migration.pairs)
    rows = []
    for pair in migration.pairs:
        name = f"{_disk(pair):<{wide}}"
        rows += [
            f"{name} DiskIdType    {0:<38} UInt32",
            f"{name} DiskSignature {pair.signature:<38} UInt32",
            f"{name} DiskIdGuid    {'':<38} String",
        ]
    head = [
        f"{'Object':<{wide}} {'Name':<13} {'Value':<38} Type",
        f"{'------':<{wide}} {'----':<13} {'-----':<38} ----",
    ]
    return "\n".join(head + rows)


def validation(migration: Migration, now: datetime) -> str:
    """``Test-Cluster``: results of the storage tests, and the disks they ran on; no capture confirms this layout."""
    nodes = "\n".join(f"Node: {node.name.lower()}.example.com" for node in migration.nodes)
    tests = "\n".join(f"{name:<45} {result}" for name, result in migration.validations.items())
    disks = "\n".join(
        f"{_disk(pair)} is already clustered and online, so it will not be tested."
        if pair.index in migration.untested
        else f"{_disk(pair)} was tested successfully."
        for pair in migration.pairs
    )
    return f"""Failover Cluster Validation Report

{nodes}
Started {now:%m/%d/%Y %H:%M:%S}

Storage
{"Name":<45} Result
{tests}

{disks}
"""


def old_resources(migration: Migration) -> str:
    """``cluster res``: the resources where there is no PowerShell for clusters."""
    listed = [
        (_disk(pair), f"Group {pair.index + 1}", migration.owner(pair).name, pair.disk_state)
        for pair in migration.pairs
    ]
    first = migration.nodes[0].name
    listed += [(name, "Available Storage", first, state) for name, state in migration.other_disks.items()]
    rows = "\n".join(f"{name:<20} {group:<20} {node:<15} {state}" for name, group, node, state in listed)
    return f"""Listing status for all available resources:

Resource             Group                Node            Status
-------------------- -------------------- --------------- ------
{rows}"""


def old_parameters(pair: Pair) -> str:
    """``cluster res <name> /priv``: the signature of one cluster disk."""
    name = f"{_disk(pair):<20}"
    return f"""Listing private properties for '{_disk(pair)}':

T  Resource             Name                           Value
-- -------------------- ------------------------------ -----------------------
D  {name} {"DiskIdType":<30} 0 (0x0)
D  {name} {"DiskSignature":<30} {pair.signature} (0x{pair.signature:08x})
S  {name} {"DiskIdGuid":<30}"""


def disk_name(pair: Pair) -> str:
    """Return the name of a pair's cluster disk."""
    return _disk(pair)


def events_as_text(node: Node, now: datetime) -> str:
    """``wevtutil qe System /f:text``: the whole System log of a node, which is never empty."""
    quiet = (now, 7036, "The Disk Defragmenter service entered the stopped state.")
    parts = []
    for number, (time, event, message) in enumerate([*node.events, quiet]):
        ordinary = event == quiet[1]
        parts.append(f"""Event[{number}]:
  Log Name: System
  Source: {"Service Control Manager" if ordinary else "Microsoft-Windows-FailoverClustering"}
  Date: {time:%Y-%m-%dT%H:%M:%S}.000
  Event ID: {event}
  Level: {"Information" if ordinary else "Error"}
  Computer: {node.name}
  Description:
{message}
""")
    return "\n".join(parts)


def events(node: Node) -> str:
    """``Get-WinEvent``: disk and cluster errors of a node."""
    if not node.events:
        return NO_EVENTS
    rows = []
    for time, number, message in node.events:
        stamp = f"{time.month}/{time.day}/{time.year} {(time.hour - 1) % 12 + 1}:{time:%M:%S} {'AM' if time.hour < 12 else 'PM'}"
        rows.append(f"{stamp:<29} {number:>4} {'Error':<16} {message}")
    body = "\n".join(rows)
    return f"""   ProviderName: Microsoft-Windows-FailoverClustering

TimeCreated                     Id LevelDisplayName Message
-----------                     -- ---------------- -------
{body}"""
