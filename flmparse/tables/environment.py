"""The surroundings of the arrays: the version of Solutions Enabler, and the SAN as the target's directors see it (`symsan`)."""

from flmparse import terms
from flmparse.tables.table import Column, Table

_SYMMETRIX = Column("symmetrix", "text", "array that scanned; masked ids as printed", terms.symmetrix)
_PORT = Column("port", "text", "director port that scanned (control port): 07E:0", terms.director_port)

SOLUTIONS_ENABLER = Table(
    "solutions_enabler",
    "the version banner of Solutions Enabler: `symcli`, `symcfg -version`, or its line in `symcfg list -v`",
    (
        Column("version", "text", "of SYMCLI, without the V: 7.4.0"),
        Column("edit_level", "whole", "Edit Level of SYMCLI"),
        Column(
            "symapi_version", "text", "of the SYMAPI library: run time where printed, else the one it was built with"
        ),
    ),
    scope=("node",),
    captured_by="symcli",
)

SAN_SCANS = Table(
    "san_scans",
    "one `symsan list`: its options and how many rows it printed",
    (
        Column("kind", "text", "sanports, sanluns or sanrdf"),
        _SYMMETRIX,
        _PORT,
        Column("remote_port_wwn", "text", "sanluns: the remote port that was scanned", terms.wwn),
        Column("found", "whole", "rows that it printed; 0: it found nothing"),
    ),
    scope=("symmetrix", "kind", "port", "remote_port_wwn"),
    captured_by="symsan -sid <target> list -sanports -dir <director> -p <port>",
)

SAN_PORTS = Table(
    "san_ports",
    "one remote port of `symsan list -sanports`",
    (
        _SYMMETRIX,
        _PORT,
        Column("incomplete", "flag", "flag I: the record is incomplete"),
        Column("vendor", "text", "EMC Symmetrix ..."),
        Column("remote_symmetrix", "text", "array of the remote port as printed: 12 digits for a Symmetrix"),
        Column("luns", "whole", "Num LUNs: logical units that this director port sees there"),
        Column("remote_port_wwn", "text", "Remote Port WWN", terms.wwn),
    ),
    key=("symmetrix", "port", "remote_port_wwn"),
    scope=("symmetrix", "port"),
    captured_by="symsan -sid <target> list -sanports -dir <director> -p <port>",
)

SAN_LUNS = Table(
    "san_luns",
    "one logical unit of `symsan list -sanluns`: a device that a remote port shows to a director port",
    (
        _SYMMETRIX,
        _PORT,
        Column("remote_port_wwn", "text", "remote port that was scanned: heading, else -wwn of the command", terms.wwn),
        Column("state", "text", "RW, WD, NR"),
        Column("flags", "text", "flags ICRTHS as printed"),
        Column("incomplete", "flag", "flag I: the record is incomplete"),
        Column("reserved", "flag", "flag R: a SCSI reservation is on it (recalled, no legend was found)"),
        Column("block_size", "whole", "bytes per block"),
        Column("capacity_mb", "whole", "Capacity (MB)"),
        Column("lun", "text", "LUN number as printed"),
        Column("remote_device", "text", "Dev Num; null for a device of another vendor", terms.device),
        Column("lun_wwn", "text", "LUN WWN, 32 hex digits, lower case"),
        Column(
            "remote_symmetrix", "text", "array written in the LUN WWN of a Symmetrix device; else null", terms.symmetrix
        ),
    ),
    key=("symmetrix", "port", "remote_port_wwn", "lun_wwn", "lun"),
    scope=("symmetrix", "port", "remote_port_wwn"),
    captured_by="symsan -sid <target> list -sanluns -wwn <source port> -dir <director> -p <port>",
)

SAN_RDF_LINKS = Table(
    "san_rdf_links",
    "one link of `symsan list -sanrdf`: a remote RDF director seen by one of this array",
    (
        _SYMMETRIX,
        Column("director", "text", "RDF director of this array, with its port in newer layouts: 08H, 01E:8"),
        Column("flags", "text", "C and T as printed: SO"),
        Column("link", "text", "link status as printed: C"),
        Column("remote_symmetrix", "text", "remote array; null for -"),
        Column("remote_director", "text", "remote director; null for -"),
        Column("remote_wwn", "text", "WWN of the remote director; null where it is all zero or -", terms.wwn),
    ),
    key=("symmetrix", "director", "remote_symmetrix", "remote_director", "remote_wwn"),
    scope=("symmetrix",),
    captured_by="symsan -sid <sid> list -sanrdf -dir all",
)
