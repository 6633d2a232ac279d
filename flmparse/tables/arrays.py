"""The arrays: model and microcode, patches, front-end ports, pools, devices, reservations (`symcfg`, `symdev`).

Sizes of devices are the array's own (native) here; what a federated device shows to its hosts is in the table ``identities``.
"""

from flmparse import terms
from flmparse.tables.table import Column, Table, states

ONLINE = states("online", bad="offline|dead|failed", doubtful="n/a")
READY = states("rw|ready", bad="nr|wd", doubtful="??|n/a")

_SYMMETRIX = Column("symmetrix", "text", "array, 12 digits; masked ids (000xxxxxx316) as printed", terms.symmetrix)
_DEVICE = Column("device", "text", "device number", terms.device)

ARRAYS = Table(
    "arrays",
    "one array of `symcfg list` or `symcfg list -v`",
    (
        _SYMMETRIX,
        Column(
            "attachment", "text", "Local (seen by the Solutions Enabler host itself) or Remote (through another array)"
        ),
        Column("model", "text", "VMAX-1SE, DMX3-24 ..."),
        Column("microcode", "text", "Enginuity level, four digits: 5876"),
        Column("microcode_version", "text", "`Enginuity Build Version`: 5876.272.177; null in the short list"),
        Column("patch_level", "text", "`Microcode Patch Level`; null in the short list"),
        Column("cache_mb", "whole", "cache size"),
        Column(
            "physical_devices", "whole", "Num Phys Devices: devices that the Solutions Enabler host sees; null in -v"
        ),
        Column("devices", "whole", "Num Symm Devices: devices of the array; null in -v"),
    ),
    key=("symmetrix",),
    scope=("symmetrix",),
    captured_by="symcfg list -v",
)

ARRAY_PATCHES = Table(
    "array_patches",
    "one microcode patch (fix) of `symcfg list -upatches`; layout unproven",
    (
        _SYMMETRIX,
        Column("patch", "text", "number of the patch as printed: 65924"),
        Column("remark", "text", "the rest of its row, blanks collapsed"),
    ),
    key=("symmetrix", "patch"),
    scope=("symmetrix",),
    captured_by="symcfg -sid <source> list -upatches",
)

FRONT_END_PORTS = Table(
    "front_end_ports",
    "one port (or, where no port is printed, one director) of `symcfg list -fa`; a flag the layout lacks is null",
    (
        _SYMMETRIX,
        Column("director", "text", "director of the array without FA-: 07E"),
        Column(
            "port",
            "text",
            "director port, physical number: 07E:0; null where only directors are listed",
            terms.director_port,
        ),
        Column("wwn", "text", "port WWN", terms.wwn),
        Column(
            "kind",
            "text",
            "FibreChannel, FCoE, GigE: by the director's prefix FA, FE, SE (FE prints FibreChannel) and flag F",
        ),
        Column("aclx", "flag", "Access Logix is on: flag A, column ACLX"),
        Column("vcm", "flag", "volume configuration management is on: column VCM of DMX arrays"),
        Column("volume_set_addressing", "flag", "flag V"),
        Column("point_to_point", "flag", "flag P: switched fabric, no loop"),
        Column("common_serial", "flag", "flag C, Common_Serial_Number (-v only)"),
        Column("scsi_3", "flag", "flag SC3, SCSI_3 (-v only)"),
        Column("spc_2", "flag", "flag SPC2, SPC2_Protocol_Version (-v only)"),
        Column("os2007", "flag", "flag OS2007, SCSI_Support1 (-v only)"),
        Column("status", "text", "Online, Offline ...", states=ONLINE),
        Column("speed", "text", "speed as printed (Gb/s); maximum or negotiated, as the layout says"),
    ),
    key=("symmetrix", "director", "port"),
    scope=("symmetrix", "director"),
    captured_by="symcfg -sid <target> list -fa all -port",
)

DIRECTORS = Table(
    "directors",
    "one director of an array, of whatever kind: `symcfg list -dir all`",
    (
        _SYMMETRIX,
        Column("director", "text", "director without its prefix: 07E"),
        Column("identifier", "text", "as printed: FA-7E, DF-1C, RF-8E"),
        Column("kind", "text", "FibreChannel, DISK, RDF-BI-DIR ... as printed"),
        Column("status", "text", "Online, Offline ...", states=ONLINE),
        Column("port_count", "whole", "Ports, where printed"),
    ),
    key=("symmetrix", "identifier"),
    scope=("symmetrix", "identifier"),
    captured_by="symcfg -sid <sid> list -dir all",
)

RDF_DIRECTORS = Table(
    "rdf_directors",
    "one remote adapter and RDF group of `symcfg list -ra`; a director with several groups has several rows",
    (
        _SYMMETRIX,
        Column("director", "text", "director without RF- or RE-: 07H; null where the row above it is lost"),
        Column("identifier", "text", "as printed: RF-7H"),
        Column("rdf_group", "whole", "number of the RDF group on this array"),
        Column("kind", "text", "RDF-BI-DIR, RDF-R1 ... as printed"),
        Column("remote_symmetrix", "text", "array at the other end; masked ids as printed", terms.symmetrix),
        Column("remote_rdf_group", "whole", "number of the RDF group at the other end"),
        Column("status", "text", "Online, Offline ... as printed"),
    ),
    key=("symmetrix", "identifier", "rdf_group"),
    scope=("symmetrix",),
    captured_by="symcfg -sid <sid> list -ra all",
)

RDF_GROUPS = Table(
    "rdf_groups",
    "one RDF group of `symcfg list -rdfg`",
    (
        _SYMMETRIX,
        Column("rdf_group", "whole", "number of the RDF group on this array"),
        Column("label", "text", "its name"),
        Column("remote_symmetrix", "text", "array at the other end; null for a group without one", terms.symmetrix),
        Column("remote_rdf_group", "whole", "number of the RDF group at the other end"),
        Column("flags", "text", "the columns after the label as printed, blanks collapsed"),
    ),
    key=("symmetrix", "rdf_group"),
    scope=("symmetrix",),
    captured_by="symcfg -sid <sid> list -rdfg all",
)

THIN_DEVICES = Table(
    "thin_devices",
    "one thin device of `symcfg list -tdev`; known as XML only",
    (
        _SYMMETRIX,
        _DEVICE,
        Column("pools", "text", "pools that hold its tracks, joined by a comma; null for N/A"),
        Column("status", "text", "Bound, Unbound ... of its pool"),
        Column("total_tracks", "whole", "native tracks"),
        Column("total_mb", "whole", "native capacity"),
        Column("allocated_tracks", "whole", "tracks allocated in a pool"),
        Column("allocated_mb", "whole", "MB allocated in a pool"),
    ),
    key=("symmetrix", "device"),
    scope=("symmetrix", "device"),
    captured_by="symcfg -sid <sid> list -tdev -detail -output xml_e",
)

DEVICE_WWNS = Table(
    "device_wwns",
    "one device of `symdev list -wwn`: the WWN that is its own",
    (
        _SYMMETRIX,
        _DEVICE,
        Column("physical", "text", "name on the Solutions Enabler host, or Not Visible"),
        Column("config", "text", "TDEV, RDF1+TDEV ..."),
        Column("wwn", "text", "WWN, 32 hex digits, lower case"),
    ),
    key=("symmetrix", "device"),
    scope=("symmetrix", "device"),
    captured_by="symdev -sid <sid> list -wwn",
)

CREATED_DEVICES = Table(
    "created_devices",
    "one device that `symdev create` reports as created",
    (
        _SYMMETRIX,
        _DEVICE,
        Column("kind", "text", "TDEV ... as printed"),
    ),
    key=("symmetrix", "device"),
    captured_by="the log of symdev create itself",
)

INQUIRIES = Table(
    "inquiries",
    "one disk of `syminq`: its answer to a SCSI inquiry on the Solutions Enabler host; known as XML only",
    (
        Column("physical", "text", "name on the host: /dev/sdb, \\\\.\\PHYSICALDRIVE3"),
        _SYMMETRIX,
        _DEVICE,
        Column("vendor", "text", "EMC ..."),
        Column("identifier", "text", "name given to the device (-identifier device_name)"),
    ),
    key=("physical",),
    scope=("node", "physical"),
    captured_by="syminq -output xml_e",
)

POOLS = Table(
    "pools",
    "one pool of `symcfg list -pool` or `symcfg show -pool`; sizes in the unit that the layout prints, the other is null",
    (
        _SYMMETRIX,
        Column("pool", "text", "name; several may be called DEFAULT_POOL"),
        Column("flags", "text", "flags PTECSL as printed: TFFDEI"),
        Column("kind", "text", "flag P: Thin, Snap, RdfaDse; else as printed"),
        Column("config", "text", "RAID-5(7+1), 2-Way Mir ..."),
        Column("enabled", "flag", "flag S is E (or B, balancing): the pool takes writes; null for -"),
        Column("total_tracks", "whole", "usable tracks"),
        Column("used_tracks", "whole", "tracks in use"),
        Column("free_tracks", "whole", "free tracks, of the array's track size (64 KB up to 5876, then 128)"),
        Column("total_mb", "decimal", "usable MB"),
        Column("used_mb", "decimal", "MB in use"),
        Column("free_mb", "decimal", "free MB"),
        Column("used_percent", "whole", "Full (%)"),
    ),
    key=("symmetrix", "pool", "flags"),
    scope=("symmetrix", "pool"),
    captured_by="symcfg -sid <target> list -pool -thin",
)

DEVICES = Table(
    "devices",
    "one device of `symdev list`",
    (
        _SYMMETRIX,
        _DEVICE,
        Column("physical", "text", "name on the Solutions Enabler host, or Not Visible"),
        Column("sa_port", "text", "SA:P as printed: 07H:0; ***:* several ports; ???:? none"),
        Column("da", "text", "DA:IT, back end, as printed; null in layouts without it (5977)"),
        Column("config", "text", "TDEV, 2-Way Mir, RDF2+TDEV, BCV, VDEV ..."),
        Column(
            "attribute", "text", "Grp'd, N/Grp'd, Asst'd, N/A ... with its mark: N/A (SV), N/Grp'd (M), N/Grp'd VCM"
        ),
        Column("meta", "text", "head for the mark (M), member for (m), else null"),
        Column("status", "text", "RW, WD, NR, ??; not the host access mode", states=READY),
        Column("capacity_mb", "whole", "native capacity, rounded half up to whole MB"),
    ),
    key=("symmetrix", "device"),
    scope=("symmetrix", "device"),
    captured_by="symdev -sid <sid> list -range <from>:<to>",
)

DEVICE_DETAILS = Table(
    "device_details",
    "one device of `symdev show` or `symdev list -v`; null: not printed, which is only conclusive where the output is complete",
    (
        _SYMMETRIX,
        _DEVICE,
        Column("physical", "text", "name on the Solutions Enabler host, or Not Visible"),
        Column("config", "text", "TDEV, 2-Way Mir, RDF2+TDEV, BCV ..."),
        Column(
            "attribute", "text", "what stands in brackets behind the configuration: Meta Head, Non-Exclusive Access ..."
        ),
        Column("status", "text", "RW, WD, NR; not the host access mode (see device_access)", states=READY),
        Column("service_state", "text", "Normal, Degraded, Failed", states=states("normal", bad="degraded|failed")),
        Column("scsi3_persistent_reserve", "flag", "SCSI-3 Persistent Reserve: Enabled"),
        Column("capacity_mb", "whole", "native capacity: MegaBytes of Device Capacity"),
        Column("tracks", "whole", "native tracks"),
        Column("serial", "text", "SCSI serial number (Device Serial ID)"),
        Column("wwn", "text", "Device WWN, 32 hex digits, lower case: the array's own"),
        Column("microcode", "text", "Product Revision: the array's microcode, four digits"),
        Column("pool", "text", "pool a thin device is bound to"),
        Column("external_wwn", "text", "Device WWN of Device External Identity"),
        Column("external_capacity_mb", "whole", "MegaBytes of Device External Identity: the size that hosts see"),
        Column("rdf_role", "text", "RDF Type: R1, R2, R21; of a concurrent device R1,R2"),
        Column("rdf_pair_state", "text", "RDF Pair State, of a concurrent device joined by a comma"),
        Column(
            "is_rdf_target",
            "flag",
            "an R2, by configuration or RDF Type; false only where a configuration without R2 is printed",
        ),
        Column(
            "copy_target_of",
            "text",
            "source device of the session (clone, snap, BCV) that this device is the target of",
        ),
        Column("copy_state", "text", "state of that session as printed"),
        Column("gatekeeper", "flag", "the device is a gatekeeper, where printed"),
        Column("encapsulated", "flag", "Encapsulated Device: Yes, where printed"),
    ),
    key=("symmetrix", "device"),
    scope=("symmetrix", "device"),
    captured_by="symdev -sid <sid> show <device>",
)

DEVICE_ACCESS = Table(
    "device_access",
    "the host access mode of one device in `symdev show` or `symdev list -v`: which side of a pair serves the hosts",
    (
        _SYMMETRIX,
        _DEVICE,
        Column("host_access_mode", "text", "Active or Passive as printed"),
    ),
    key=("symmetrix", "device"),
    scope=("symmetrix", "device"),
    captured_by="symdev -sid <sid> show <device>",
)

PERSISTENT_RESERVATIONS = Table(
    "persistent_reservations",
    "one SCSI-3 persistent registration of `symdev list -pgr`; layout unproven",
    (
        _SYMMETRIX,
        _DEVICE,
        Column("key", "text", "registration key, 16 hex digits, lower case"),
        Column("initiator", "text", "port WWN of the registered initiator", terms.wwn),
        Column("port", "text", "director port it registered through", terms.director_port),
        Column("holder", "flag", "it holds the reservation; null where the layout has no mark for it"),
        Column("kind", "text", "kind of the reservation held, as printed: WERO, Write Exclusive Registrants Only ..."),
    ),
    key=("symmetrix", "device", "key", "initiator", "port"),
    scope=("symmetrix", "device"),
    captured_by="symdev -sid <sid> list -pgr",
)
