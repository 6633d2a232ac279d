"""symdev list -v, symdev list, symdev list -identity, symdev list -pgr; device lists for ``-devs``."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from flmparse.simulation.model import TARGET, TRACKS_PER_CYLINDER, Array, Migration, Pair, megabytes


def device_list(array: Array, devices: Iterable[int]) -> str:
    """Return device numbers as ``-devs`` takes them: ``0512:0516,0A41``."""
    runs = groupby(enumerate(sorted(devices)), key=lambda item: item[1] - item[0])
    parts = []
    for _, run in runs:
        members = [device for _, device in run]
        first, last = array.name(members[0]), array.name(members[-1])
        parts.append(first if len(members) == 1 else f"{first}:{last}")
    return ",".join(parts)


def details(array: Array, pairs: Sequence[Pair], side: str) -> str:
    """``symdev list -v``: size, configuration, reservation and host access mode of each device."""
    return f"Symmetrix ID: {array.symmetrix}\n\n" + "\n".join(_detail(array, pair, side) for pair in pairs)


def _detail(array: Array, pair: Pair, side: str) -> str:
    if side == TARGET:
        device, tracks, config = pair.target, pair.target_tracks, pair.target_config
        mode, reserve = pair.target_access, pair.target_reserve
        state, status = "Normal", "Ready           (RW)"
        pool = f"    Bound Pool Name          : {pair.pool}\n" if pair.thin else ""
        meta = "           (Meta Head)" if pair.meta else ""
    else:
        device, tracks, config = pair.source, pair.tracks, pair.source_config
        state, status = pair.source_state, pair.source_status
        mode, reserve, pool, meta = pair.source_access, pair.source_reserve, "", ""
    own_tracks = tracks * 64 // array.track_kb
    return f"""    Device Physical Name     : Not Visible

    Device Symmetrix Name    : {array.name(device)}
    Device Serial ID         : N/A
    Product ID               : SYMMETRIX
    Product Revision         : {array.microcode}
    Device Emulation Type    : FBA
    Encapsulated Device      : No
{pool}    Attached BCV Device      : N/A

    Device Capacity
        {{
        Cylinders            : {own_tracks // TRACKS_PER_CYLINDER:>10}
        Tracks               : {own_tracks:>10}
        512-byte Blocks      : {tracks * 128:>10}
        MegaBytes            : {tracks // 16:>10}
        KiloBytes            : {tracks * 64:>10}
        }}

    Device Configuration     : {config}{meta}
    Device is WORM Enabled   : No
    SCSI-3 Persistent Reserve: {"Enabled" if reserve else "Disabled"}
    Dynamic RDF Capability   : None
    Device Service State     : {state}
    Device Status            : {status}
    Host Access Mode         : {mode}
"""


def listing(array: Array, pairs: Sequence[Pair], side: str) -> str:
    """``symdev list``: one line for each device."""
    wide = " " * (array.digits - 4)
    rows = "\n".join(
        f"{array.name(pair.target)} Not Visible            ***:*  NA:NA  {pair.target_config:<13} N/Grp'd "
        f"{'(M)' if pair.meta else '   '}  RW  {megabytes(pair.target_tracks):>6}"
        if side == TARGET
        else f"{array.name(pair.source)} Not Visible            ***:*  NA:NA  {pair.source_config:<13} N/Grp'd      "
        f"RW  {megabytes(pair.tracks):>6}"
        for pair in pairs
    )
    return f"""Symmetrix ID: {array.symmetrix}

        Device Name{wide}           Directors                  Device
{wide}--------------------------- ------------- -------------------------------------
{wide}                                                                           Cap
Sym {wide} Physical               SA :P DA :IT  Config        Attribute    Sts   (MB)
{wide}--------------------------- ------------- -------------------------------------
{rows}"""


IDENTITY_LEGEND = """
Legend:
Flags:
(I)dentify : X = The device has a non-native external identity set
             . = The device does not have an external identity set
(G)eometry : X = The device has a user defined geometry
             . = The device does not have a user defined geometry
"""


def identities(array: Array, pairs: Sequence[Pair]) -> str:
    """``symdev list -identity``: the identity that each target shows to hosts."""
    name = array.name
    rows = "\n".join(
        [
            f"{name(pair.target)} Not Visible            {pair.target_config:<13} RW  {'X' if identity.is_set else '.'}"
            f"{'X' if identity.geometry else '.'}  {identity.symmetrix} {identity.device:05X} {identity.serial} {identity.megabytes:>8}"
            for pair in pairs
            for identity in (pair.identity,)
        ]
    )
    return f"""Symmetrix ID: {array.symmetrix}

        Device              FLG              External Identity
-------------------------------- --- ---------------------------------------
Sym  Physical               Config        Sts IG  Array ID      Num  Ser Num     Cap (MB)
-------------------------------- --- ---------------------------------------
{rows}
{IDENTITY_LEGEND}"""


def registrations(migration: Migration, side: str) -> str:
    """``symdev list -pgr``: the cluster's persistent registrations; the first of the owner holds the reservation."""
    array = migration.target if side == TARGET else migration.source
    if not migration.reserves_persistently:
        return f"Symmetrix ID: {array.symmetrix}\n\nNo devices with persistent reservations were found."
    ports = array.used_ports
    rows: list[str] = []
    for pair in migration.pairs:
        device = array.name(pair.target if side == TARGET else pair.source)
        owner = migration.owner(pair)
        lines = [
            f"{node.registration_key}  {adapter.wwpn}  {port.at}   "
            f"{'X' if node is owner and adapter is node.adapters[0] and port is ports[0] else '.'}"
            for node in migration.nodes
            if side != TARGET or (pair.index, node.name) not in migration.unregistered
            for adapter in node.adapters
            for port in ports
            if port.fabric == adapter.fabric
        ]
        rows += [f"{device:<7}{lines[0]}", *(f"       {line}" for line in lines[1:])]
    body = "\n".join(rows)
    return f"""Symmetrix ID: {array.symmetrix}

Sym    Reservation Key   Initiator WWN     Dir:P   Holder
-----  ----------------  ----------------  ------  ------
{body}"""
