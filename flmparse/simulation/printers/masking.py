"""symmaskdb list assignment, symmask refresh, symsan list, symaccess show view, show group, list view, list logins."""

from datetime import datetime

from flmparse.simulation.model import Migration, Pair, Port, View, megabytes
from flmparse.terms import DirectorPort

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock_words(time: datetime) -> str:
    """Return a time as a view prints it in any locale: ``10:31:12 AM on Mon May 14,2012``."""
    half = "AM" if time.hour < 12 else "PM"
    date = f"{_DAYS[time.weekday()]} {_MONTHS[time.month - 1]} {time.day:02d},{time.year}"
    return f"{(time.hour - 1) % 12 + 1:02d}:{time.minute:02d}:{time.second:02d} {half} on {date}"


def assignments(migration: Migration) -> str:
    """``symmaskdb list assignment``: through which ports which WWNs may see each source."""
    ports = migration.source.used_ports
    wwns = [adapter.wwpn for _, adapter in migration.wwpns()] + [port.wwn for port in migration.target.used_ports]
    rank = {wwn: number for number, wwn in enumerate(wwns)}
    masked = sorted(migration.masked, key=lambda entry: (entry[1], rank.get(entry[0], len(rank))))

    def rows(entries: list[tuple[str, int]]) -> list[str]:
        return [
            f"{wwn}  FIBRE  FA-{ports[port].at.director}{ports[port].at.letter}:{ports[port].at.port}"
            for wwn, port in entries
        ]

    common = rows(masked)
    body = []
    for pair in migration.pairs:
        besides = migration.masked_besides.get(pair.index)
        lines = rows(sorted([*masked, *besides], key=lambda entry: entry[1])) if besides else common
        first, *rest = lines or ["None"]
        body.append(f"{migration.source.name(pair.source):<8}{first}")
        body += [f"        {line}" for line in rest]
    text = "\n".join(body)
    return f"""Symmetrix ID : {migration.source.symmetrix}

Device  Identifier        Type   Dir:P
------  ----------------  -----  ----------------
{text}"""


def refreshed(migration: Migration) -> str:
    """``symmask refresh``."""
    return f"Symmetrix FA/SE directors updated with contents of SymMask Database {migration.source.symmetrix}"


def remote_ports(migration: Migration, port: Port) -> str:
    """``symsan list -sanports``: the source's ports that a control port sees."""
    control_index = migration.target.used_ports.index(port)
    rows = "".join(
        f"{port.at}   .   EMC Symmetrix {migration.source.symmetrix} {len(migration.pairs):>8} {other.wwn.upper()}\n"
        for source_index, other in enumerate(migration.source.used_ports)
        if other.fabric == port.fabric and (control_index, source_index) not in migration.unzoned
    )
    return f"""Symmetrix ID: {migration.target.symmetrix}

      Flags                                Num
DIR:P   I   Vendor        Array            LUNs Remote Port WWN
----- ----- ------------- ---------------- ---- --------------------------------
{rows}
Legend:
 Flags: (I)ncomplete : X = record is incomplete, . = record is complete."""


def view(migration: Migration, masking_view: View, number: int) -> str:
    """``symaccess show view``: initiators, ports, and each device on each port with its LUN in hexadecimal."""
    array = migration.target
    initiators = [
        f"     WWN   : {adapter.wwpn} [alias: {node.name}/hba{index}]"
        for node in migration.nodes
        for index, adapter in enumerate(node.adapters)
        if adapter.wwpn not in masking_view.lost_initiators
    ]
    initiators += [f"     WWN   : {wwn}" for wwn in masking_view.foreign_initiators]
    ports = [
        (port_index, port.at)
        for port_index, port in enumerate(array.used_ports)
        if port_index not in masking_view.lost_ports
    ]
    members = [pair for pair in migration.in_view(number) if pair.index not in masking_view.hidden]
    rows = [row for pair in members for row in _mapped(array.name(pair.target), pair, masking_view, ports)]
    total = sum(megabytes(pair.target_tracks) for pair in members)
    for device, lun, size_mb in masking_view.extra_devices:
        rows += [
            f"{array.name(device) if first else '':<{array.digits}}   {at}   {'Not Visible':<23}    {lun:>4x} "
            f"    {size_mb if first else '':>8}".rstrip()
            for first, (_, at) in zip([True] + [False] * len(ports), ports, strict=False)
        ]
        total += size_mb
    pad = " " * (array.digits - 4)
    return "\n".join(
        [
            f"Symmetrix ID           : {array.symmetrix}",
            "",
            f"Masking View Name      : {masking_view.name}",
            f"Last updated at        : {clock_words(masking_view.updated) if masking_view.updated else 'N/A'}",
            "",
            f"Initiator Group Name   : {masking_view.initiator_group}",
            "",
            "   Host Initiators",
            "     {",
            *initiators,
            "     }",
            "",
            f"Port Group Name        : {masking_view.port_group}",
            "",
            "   Director Identification",
            "     {",
            *(f"     FA-{at.director}{at.letter}:{at.port}" for _, at in ports),
            "     }",
            "",
            f"Storage Group Name     : {masking_view.storage_group}",
            "",
            f"Sym Dev{pad}",
            f"Name  {pad} Dir:P   Physical Device Name         Host   Attr Cap(MB)",
            f"------{pad} ------- --------------------------- ------ ---- -------",
            *rows,
            f"{pad}                                                         --------",
            f"Total Capacity                                    {pad} {total + masking_view.total_error_mb:>12}",
        ]
    )


def views(migration: Migration) -> str:
    """``symaccess list view``: every masking view of the target array with its groups."""
    listed = [(view.name, view.initiator_group, view.port_group, view.storage_group) for view in migration.views]
    rows = [*listed, *migration.other_views]
    wide = [max(19, *(len(row[column]) for row in rows)) for column in range(4)]

    def line(*cells: str) -> str:
        return " ".join(f"{cell:<{width}}" for cell, width in zip(cells, wide, strict=True)).rstrip()

    return "\n".join(
        [
            f"Symmetrix ID          : {migration.target.symmetrix}",
            "",
            line("Masking View Name", "Initiator Group", "Port Group", "Storage Group"),
            line(*("-" * width for width in wide)),
            *(line(*row) for row in rows),
        ]
    )


def initiator_group(migration: Migration, name: str, updated: datetime) -> str:
    """``symaccess show <group> -type initiator``: the initiators of a group and the views that it is in."""
    wwns = "\n".join(f"       WWN  : {wwn}" for wwn in migration.shown_groups[name])
    views_of_group = "\n".join(f"       {view[0]}" for view in migration.other_views if view[1] == name)
    return f"""Symmetrix ID          : {migration.target.symmetrix}

Initiator Group Name    : {name}
Last update time        : {clock_words(updated)}
Group last update time  : {clock_words(updated)}

Host Initiators
     {{
{wwns}
     }}

Masking View Names
     {{
{views_of_group}
     }}

Parent Initiator Groups
     {{
       None
     }}"""


def _mapped(name: str, pair: Pair, masking_view: View, ports: list[tuple[int, DirectorPort]]) -> list[str]:
    # Every other device lists its ports in reverse, as SYMCLI does.
    order = ports[::-1] if pair.index % 2 == 0 else ports
    rows: list[str] = []
    for port_index, at in order:
        if (pair.index, port_index) in masking_view.unmapped:
            continue
        lun = masking_view.luns.get((pair.index, port_index), pair.host_lun)
        first = not rows
        rows.append(
            f"{name if first else ' ' * len(name)}   {at}   Not Visible                {lun:>4x} "
            f"{'(M)' if first and pair.meta else '   '} {megabytes(pair.target_tracks) if first else '':>8}".rstrip()
        )
    return rows


def logins(migration: Migration) -> str:
    """``symaccess list logins``: the initiators known at each port of the target, and whether they are logged in."""
    parts = [f"Symmetrix ID            : {migration.target.symmetrix}\n"]
    for port_index, port in enumerate(migration.target.used_ports):
        rows = "\n".join(
            f"{adapter.wwpn} Fibre  {node.name:<16} hba{adapter_index:<13} {port_index % 2 + 1}0a{node_index % 16:x}{adapter_index}0 "
            f"{'No ' if (adapter.wwpn, port_index) in migration.logged_out else 'Yes'}    Yes"
            for node_index, node in enumerate(migration.nodes)
            for adapter_index, adapter in enumerate(node.adapters)
            if adapter.fabric == port.fabric
        )
        parts.append(f"""
Director Identification : FA-{port.at.director}{port.at.letter}
Director Port           : {port.at.port}

                        User-generated                           Logged On
Identifier       Type   Node Name        Port Name        FCID   In     Fabric
---------------- ------ ---------------- ---------------- ------ ------ ------
{rows}
""")
    return "".join(parts)
