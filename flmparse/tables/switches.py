"""Fibre channel switches: their ports, zone sets, zones and aliases, and who is logged in to the fabric.

Brocade (FOS) and Cisco (MDS, Nexus) fill the same tables. ``switch`` is the name in the prompt, else what the output itself says.
"""

from flmparse import terms
from flmparse.tables.table import Column, Table, states

_SWITCH = Column("switch", "text", "the switch that was asked, by its prompt or by its own word")
_VSAN = Column("vsan", "whole", "Cisco: virtual SAN; null on Brocade")
_SCOPE = Column("scope", "text", "defined (what was configured) or active (what the fabric enforces)")

SWITCHES = Table(
    "switches",
    "the heading of one `switchshow`",
    (
        _SWITCH,
        Column("state", "text", "switchState", states=states("online", bad="offline|faulty", doubtful="testing")),
        Column("role", "text", "Principal or Subordinate", context="either is in order"),
        Column("domain", "whole", "switchDomain", role="key"),
        Column("switch_wwn", "text", "switchWwn", terms.wwn, role="key"),
        Column("fabric_id", "whole", "FID of a logical switch; null without virtual fabrics", role="key"),
        Column("zoning", "flag", "whether zoning is on"),
        Column("zone_set", "text", "the effective configuration, in brackets behind zoning"),
    ),
    scope=("switch", "fabric_id"),
    captured_by="switchshow",
)

SWITCH_PORTS = Table(
    "switch_ports",
    "one port of `switchshow` or `show interface brief`",
    (
        _SWITCH,
        Column("port", "text", "slot and port as on the switch: 7, 1/7, fc1/7", role="key"),
        Column("index", "whole", "Brocade: Index or Area; null on Cisco", role="key"),
        Column("address", "text", "24-bit address; null for ------", role="key"),
        Column("speed", "text", "N8, 16G, 8 as printed", context="what was negotiated"),
        Column(
            "state", "text", "Online, No_Light, Disabled, up, down ... as printed",
            states=states("online|up|trunking",
                          bad="offline|no_light|no_sync|in_sync|laser_flt|port_flt|mod_inv|mod_val|disabled|faulty|down|notconnected|errdisabled|errdisable",
                          doubtful="no_card|no_module|no_sigdet|testing|diag_flt|lock_ref|sfpabsent|sfpabse|initializing|outofservice|init"),
        ),
        Column("kind", "text", "F-Port, E-Port, SIM-Port ...; null for a port that is none"),
        Column("login_wwn", "text", "WWN of what is logged in; null where the output only counts them", terms.wwn),
        Column("comment", "text", "what else is printed: Disabled (Persistent), 1 N Port + 10 NPIV public", role="quote"),
    ),
    key=("switch", "port"),
    scope=("switch",),
    captured_by="switchshow",
)  # fmt: skip

FABRIC_SWITCHES = Table(
    "fabric_switches",
    "one switch of `fabricshow`",
    (
        _SWITCH,
        Column("domain", "whole", "Switch ID", role="key"),
        Column("switch_wwn", "text", "Worldwide Name", terms.wwn, role="key"),
        Column("name", "text", "its name", role="key"),
        Column("is_principal", "flag", "marked with >", context="any switch of the fabric may be"),
    ),
    key=("switch", "domain"),
    scope=("switch",),
    captured_by="fabricshow",
)

ZONE_SETS = Table(
    "zone_sets",
    "one zone that a zone set (Brocade: configuration) holds; a set without zones has one row",
    (
        _SWITCH,
        _VSAN,
        _SCOPE,
        Column("zone_set", "text", "its name; null where the output says that there is none", role="key"),
        Column("zone", "text", "a zone that it names; null where it names none", role="key"),
    ),
    scope=("switch", "vsan", "scope"),
    captured_by="cfgshow",
)

ZONE_MEMBERS = Table(
    "zone_members",
    "one member of a zone; a zone without members has one row",
    (
        _SWITCH,
        _VSAN,
        _SCOPE,
        Column("zone_set", "text", "the zone set that it is printed in; null in a list of zones", role="key"),
        Column("zone", "text", "name of the zone", role="key"),
        Column("member", "text", "as printed: WWN, alias, domain and port; null where the zone has none", role="key"),
        Column("member_kind", "text", "wwn, alias, port (of a switch) or fcid; null without member"),
        Column("wwn", "text", "its port WWN, where one is printed", terms.wwn, role="key"),
        Column("logged_in", "flag", "Cisco, active: marked with *; null where the output does not tell"),
    ),
    scope=("switch", "vsan", "scope"),
    captured_by="cfgshow",
)

ZONE_ALIASES = Table(
    "zone_aliases",
    "one WWN that an alias stands for",
    (
        _SWITCH,
        Column("kind", "text", "alias (Brocade), device-alias or fcalias (Cisco)", context="one name space for the reader"),
        _VSAN,
        Column("alias", "text", "its name", role="key"),
        Column("wwn", "text", "port WWN; null for an alias of anything else", terms.wwn, role="key"),
    ),
    scope=("switch",),
    captured_by="alishow",
)  # fmt: skip

FABRIC_LOGINS = Table(
    "fabric_logins",
    "one port that is logged in to the fabric: a row of a name server or of `show flogi database`",
    (
        _SWITCH,
        _VSAN,
        Column("told_by", "text", "nsshow, nscamshow, flogi or fcns"),
        Column("fcid", "text", "24-bit address, lower case", role="key"),
        Column("wwn", "text", "port WWN", terms.wwn, role="key"),
        Column("node_wwn", "text", "node WWN; null where not printed", terms.wwn, role="key"),
        Column("interface", "text", "port of the switch, where printed: fc1/7", role="key"),
        Column("alias", "text", "Cisco: device alias", role="key"),
        Column("symbol", "text", "symbolic port name, vendor or features as printed", role="quote"),
        Column("device_type", "text", "Physical Initiator, init, target, both ...", context="what the port says of itself"),
    ),
    scope=("switch", "vsan", "told_by"),
    captured_by="nsshow",
)  # fmt: skip

PORT_ERRORS = Table(
    "port_errors",
    "the counters of one port of `porterrshow`",
    (
        _SWITCH,
        Column("index", "whole", "Index of the port", role="key"),
        Column("enc_in", "whole", "encoding errors inside frames"),
        Column("crc_err", "whole", "frames with a wrong checksum"),
        Column("enc_out", "whole", "encoding errors outside frames"),
        Column("disc_c3", "whole", "class 3 frames discarded"),
        Column("link_fail", "whole", "failures of the link"),
        Column("loss_sync", "whole", "losses of synchronisation"),
        Column("loss_sig", "whole", "losses of signal"),
    ),
    key=("switch", "index"),
    scope=("switch",),
    captured_by="porterrshow",
)
