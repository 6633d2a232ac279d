"""symcli, symcfg list, symcfg list -upatches, symcfg list -fa, sympd list, symcfg list -pool."""

from collections.abc import Iterable, Mapping

from flmparse.simulation.model import Array, Port

FIRST_GATEKEEPER = 0x11
"""Gatekeepers have the lowest device numbers."""


def version(solutions_enabler: str) -> str:
    """``symcli``."""
    edit = "(Edit Level: 1337)"
    return (
        f"Symmetrix Command Line Interface (SYMCLI) Version V{solutions_enabler} {edit}\n"
        f"built with SYMAPI Version V{solutions_enabler} {edit}"
    )


def arrays(listed: Iterable[Array]) -> str:
    """``symcfg list``."""
    rows = "\n".join(
        f"    {array.symmetrix} Local       {array.model:<10} {array.microcode} {array.cache_mb:>11} {6:>9} "
        f"{array.devices:>9}"
        for array in listed
    )
    return f"""                                S Y M M E T R I X

                                       Mcode    Cache      Num Phys  Num Symm
    SymmID       Attachment  Model     Version  Size (MB)  Devices   Devices

{rows}"""


def patches(array: Array) -> str:
    """``symcfg list -upatches``."""
    loaded = "\n".join(f"    {patch}    loaded" for patch in array.patches)
    return f"""Symmetrix ID: {array.symmetrix}

           S Y M M E T R I X   M I C R O C O D E   P A T C H E S

    Microcode Version (Number) : {array.microcode} ({int(array.microcode):04X}0000)

    Patch    Description
    -------- ------------------
{loaded}"""


def ports(array: Array) -> str:
    """``symcfg list -fa all -port``: every port with its letters AVPF."""
    rows = "\n".join(
        f"    {'FA-' + str(port.at.director) + port.at.letter:<7} {port.at.port}   {port.wwn.upper()}  "
        f"{'X' if port.access_logix else '.'}.{'X' if port.switched else '.'}.    8"
        for port in array.ports
    )
    return f"""Symmetrix ID: {array.symmetrix} (Local)

           S Y M M E T R I X    F I B R E   D I R E C T O R S

                                   Flags   Max
    Dir    Port  WWN               AVPF    Speed

{rows}

Legend:
  Flags:
    (A)CLX Enabled           : X = True, . = False, - = N/A
    (V)olume Set Addressing  : X = True, . = False, - = N/A
    (P)oint to Point         : X = True, . = False, - = N/A
    (F)COE Director          : X = True, . = False, - = N/A"""


def _enabled(on: bool) -> str:
    return "Enabled" if on else "Disabled"


def _port_detail(port: Port, *, access_logix: bool) -> str:
    aclx = f"                Access_Logix(ACLX)       : {_enabled(port.access_logix)}\n" if access_logix else ""
    flags = "\n".join(f"                {name + ' ':<28}: {_enabled(on)}" for name, on in port.flags.items())
    return f"""
    Director Identification: FA-{port.at.director}{port.at.letter}

        Director Type          : FibreChannel
        Director Status        : Online
        Number of Director Ports : 2

        Director Port: {port.at.port}

            WWN Port Name      : {port.wwn.upper()}
            Director Port Status : {port.status}
            Negotiated Speed (Gb/Second) : 4

            Fibre Specific Flags
                {{
                Volume_Set_Addressing(V) : Disabled
                Init_Point_to_Point(PP)  : {_enabled(port.switched)}
                Unique_WWN(UWN)          : Enabled
{aclx}                }}

            SCSI Flags
                {{
{flags}
                }}
"""


def port_details(array: Array, *, access_logix: bool) -> str:
    """``symcfg list -v -fa all``: the flags of the ports in use; only a VMAX has Access Logix."""
    details = "".join(_port_detail(port, access_logix=access_logix) for port in array.used_ports)
    return f"Symmetrix ID: {array.symmetrix} (Local)\n{details}"


def pools(array: Array, sizes: Mapping[str, tuple[int, int]]) -> str:
    """``symcfg list -pool``: usable and allocated tracks by pool."""

    def row(name: str, usable: int, used: int) -> str:
        return f"{name} {usable:>10} {usable - used:>10} {used:>10} {used * 100 // max(usable, 1):>4}    0"

    rows = "\n".join(row(f"{name:<12} TFFDEI 2-Way Mir   ", *sizes[name]) for name in sizes)
    usable, used = (sum(size[column] for size in sizes.values()) for column in (0, 1))
    return f"""Symmetrix ID: {array.symmetrix}

                       S Y M M E T R I X   P O O L S
---------------------------------------------------------------------------
Pool         Flags  Dev              Usable       Free       Used Full Comp
Name         PTECSL Config           Tracks     Tracks     Tracks  (%)  (%)
------------ ------ ------------ ---------- ---------- ---------- ---- ----
{rows}

Total                            ---------- ---------- ---------- ---- ----
{row(f"{'Tracks':<32}", usable, used)}"""


def gatekeepers(array: Array, count: int) -> str:
    """``sympd list``: the devices of the array that the control host sees."""
    at = array.used_ports[0].at
    rows = "\n".join(
        f"\\\\.\\PHYSICALDRIVE{3 + number}    {array.name(FIRST_GATEKEEPER + number)} {at.director_name}:1  NA:NA  "
        f"TDEV          N/Grp'd      RW       3"
        for number in range(count)
    )
    return f"""Symmetrix ID: {array.symmetrix}

        Device Name           Directors                  Device
--------------------------- ------------- -------------------------------------
                                                                           Cap
Physical               Sym  SA :P DA :IT  Config        Attribute    Sts   (MB)
--------------------------- ------------- -------------------------------------
{rows}"""
