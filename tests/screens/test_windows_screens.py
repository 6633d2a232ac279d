"""What Windows says of its disks, its cluster and its log, value by value."""

import pytest

from flmparse.screens import Status
from flmparse.screens.get_clusterresource import disk_id
from flmparse.text.capture import from_bytes, from_text
from tests.screens.captures import (
    CORPUS,
    edited,
    fixture,
    fixture_text,
    from_corpus,
    of_text,
    read,
    values,
)


@pytest.mark.parametrize(
    ("name", "screen", "rows"),
    [
        ("diskpart-rescan-list-disk-testad", "diskpart", {"disks": 1, "operations": 1}),
        ("diskpart-list-volume-testad", "diskpart", {"volumes": 3}),
        ("diskpart-detail-disk-xensrc", "diskpart", {"disks": 1, "volumes": 1}),
        ("diskpart-list-disk-dynamic-star", "diskpart", {"disks": 3}),
        ("diskpart-detail-disk-hitachi-atapi", "diskpart", {"disks": 1, "volumes": 1}),
        ("diskpart-list-disk-and-volume-7vol", "diskpart", {"disks": 4, "volumes": 7}),
        ("get-disk-old-style-one", "get_disk", {"disks": 1}),
        ("get-clusterresource-10", "get_clusterresource", {"cluster_resources": 10}),
        ("get-clusterresource-format-list", "get_clusterresource", {"cluster_resources": 1}),
        ("get-clusternode-4", "get_clusternode", {"cluster_nodes": 4}),
        ("get-clustersharedvolume-2", "get_clustersharedvolume", {"cluster_shared_volumes": 2}),
        # Two commands: the second one's answer; the first one's two disks are tested below.
        ("get-clusteravailabledisk-add", "get_clusterresource", {"cluster_resources": 2}),
        ("get-clusterquorum-disk", "get_clusterquorum", {"cluster_quorums": 1}),
        ("cluster-exe-res-8", "cluster_exe", {"cluster_resources": 8}),
        ("cluster-exe-node-2", "cluster_exe", {"cluster_nodes": 2}),
        ("mpclaim-list-12", "mpclaim", {"mpio_disks": 12}),
        ("mpclaim-disk0-8paths", "mpclaim", {"mpio_disks": 1, "mpio_paths": 8}),
    ],
)
def test_a_real_capture_has_the_rows_counted_by_hand(name: str, screen: str, rows: dict[str, int]) -> None:
    reading = from_corpus(f"host-san/{name}")
    assert (reading.screen, reading.status, reading.counts.unknown) == (screen, Status.PARSED, 0)
    assert {table: len(frame) for table, frame in reading.frames.items() if len(frame)} == rows | {
        table: 1 for table in ("diskpart_sessions", "shared_volume_listings") if len(reading.frames.get(table, ()))
    }


def test_a_real_capture_with_its_authors_notes_is_partial() -> None:
    reading = from_corpus("host-san/mpclaim-disk0-four-states-annotated")
    assert (reading.status, reading.counts.unknown, len(reading.frames["mpio_paths"])) == (Status.PARTIAL, 4, 4)
    assert list(reading.frames["mpio_paths"]["state"]) == [
        "Active/Optimized",
        "Active/Unoptimized",
        "Standby",
        "Unavailable",
    ]


def test_a_real_host_without_mpio() -> None:
    assert from_corpus("host-san/mpclaim-no-disks").status is Status.NONE


def test_real_disks() -> None:
    detail = from_corpus("host-san/diskpart-detail-disk-hitachi-atapi").frames["disks"]
    columns = ("name", "disk_id", "bus", "path", "target", "lun", "is_boot", "is_system", "is_pagefile", "is_crashdump")
    assert values(detail, *columns, "is_clustered", "is_read_only", "line") == [
        ("HITACHI HTS722016K9SA00", "5E27161A", "ATA", 0, 0, 0, True, True, True, True, False, False, 3)
    ]
    listed = from_corpus("host-san/diskpart-list-disk-and-volume-7vol").frames["disks"]
    columns = ("disk", "told_by", "status", "size", "free", "is_dynamic", "partition_style")
    assert values(listed, *columns)[2] == (2, "list disk", "Online", "1863 GB", "186 GB", False, "GPT")
    dynamic = from_corpus("host-san/diskpart-list-disk-dynamic-star").frames["disks"]
    assert list(dynamic["is_dynamic"]) == [False, True, True]
    one = from_corpus("host-san/get-disk-old-style-one").frames["disks"]
    columns = ("disk", "told_by", "name", "status", "size", "partition_style", "is_boot")
    assert values(one, *columns) == [(0, "Get-Disk", "Virtual HD ATA Device", "Online", "40 GB", "MBR", None)]


def test_real_volumes_are_cut_by_column() -> None:
    volumes = from_corpus("host-san/diskpart-list-disk-and-volume-7vol").frames["volumes"]
    columns = ("volume", "letter", "label", "file_system", "kind", "size", "status", "info", "line")
    told = values(volumes, *columns)
    assert told[3] == (3, "D", "Data 1.4Tb", "NTFS", "Partition", "1221 GB", "Healthy", None, 17)
    assert told[6] == (6, None, None, None, "Removable", "14 GB", "Healthy", "Offline", 20)


def test_real_cluster() -> None:
    resources = from_corpus("host-san/get-clusterresource-10").frames["cluster_resources"]
    assert values(resources, "name", "name_cut", "state", "group", "kind", "line")[8] == (
        "Cluster IP Addre", True, "Online", "Cluster Group", "IPv6 Address", 12,
    )  # fmt: skip
    listed = from_corpus("host-san/get-clusterresource-format-list").frames["cluster_resources"]
    assert values(listed, "name", "state", "group", "owner", "kind", "resource_id") == [
        (
            "Cluster Disk 2",
            "Online",
            "Available Storage",
            "node2",
            "Physical Disk",
            "6e394089-145a-4279-b75d-b14015cc36e4",
        )
    ]
    old = from_corpus("host-san/cluster-exe-res-8").frames["cluster_resources"]
    assert values(old, "name", "group", "owner", "state")[0] == ("Disks K:", "Disk Group", "BJMSAPG1A", "Online")
    nodes = from_corpus("host-san/cluster-exe-node-2").frames["cluster_nodes"]
    assert values(nodes, "name", "node_id", "state")[1] == ("BJMSAPG1B", "2", "Up")
    quorum = from_corpus("host-san/get-clusterquorum-disk").frames["cluster_quorums"]
    assert values(quorum, "cluster", "resource", "quorum_type") == [
        ("cluster1", "Cluster Disk 1", "NodeAndDiskMajority")
    ]
    volumes = from_corpus("host-san/get-clustersharedvolume-2").frames["cluster_shared_volumes"]
    assert values(volumes, "name", "state", "owner")[1] == ("Cluster Disk 4", "Online", "node2")


def test_real_available_disks_beside_the_resources_they_became() -> None:
    path = CORPUS / "host-san" / "get-clusteravailabledisk-add.txt"
    if not path.exists():
        pytest.skip("the real captures are not beside the project")
    disks = read(from_bytes(path.name, path.read_bytes()))[0].frames["cluster_available_disks"]
    assert values(disks, "name", "disk", "disk_id", "size_bytes", "line") == [
        ("Cluster Disk 4", 7, "9E32E6C7", 2097152000, 2),
        ("Cluster Disk 5", 9, "9E32E6CF", 2097152000, 10),
    ]


def test_real_mpio() -> None:
    paths = from_corpus("host-san/mpclaim-disk0-8paths").frames["mpio_paths"]
    columns = ("mpio_disk", "path_id", "state", "scsi_address", "weight", "tpg_state", "tpg_id", "line")
    assert values(paths, *columns)[7] == (
        0, "0000000077010000", "Active/Optimized", "001|000|000|000", 0, "Active/Optimized", 138, 30,
    )  # fmt: skip
    disks = from_corpus("host-san/mpclaim-list-12").frames["mpio_disks"]
    assert values(disks, "mpio_disk", "disk", "policy")[0] == (11, 11, "RRWS")


# DiskPart.


def test_a_detail_has_the_number_of_the_disk_that_was_selected() -> None:
    frames = fixture("diskpart", "detail-in-session").frames
    details = frames["disks"][frames["disks"]["told_by"] == "detail disk"]
    columns = (
        "computer",
        "disk",
        "name",
        "disk_id",
        "is_boot",
        "is_system",
        "is_pagefile",
        "is_clustered",
        "is_read_only",
        "is_read_only_now",
    )
    assert values(details, *columns) == [
        ("MSTPM3033", 14, "EMC SYMMETRIX SCSI Disk Device", "9E32E6EF", False, False, False, True, False, True),
        (
            "MSTPM3033",
            0,
            "PowerDevice by PowerPath",
            "{6E394089-145A-4279-B75D-B14015CC36E4}",
            True,
            True,
            True,
            False,
            False,
            False,
        ),
    ]
    assert values(frames["volumes"], "volume", "disk", "info") == [(3, 14, None), (1, 0, "System"), (2, 0, "Boot")]
    assert values(frames["operations"], "operation", "subject") == [("rescan", "MSTPM3033")]


def test_a_detail_of_an_unknown_disk_has_no_number() -> None:
    text = fixture_text("diskpart", "detail-in-session")
    text = text.replace("DISKPART> sel dis 14\n\nDisk 14 is now the selected disk.\n", "")
    disks = of_text(text).frames["disks"]
    assert values(disks[disks["told_by"] == "detail disk"], "disk") == [(None,), (0,)]


def test_a_detail_without_its_boot_line_is_doubted_and_one_without_its_end_is_cut() -> None:
    assert edited("diskpart", "detail-in-session", "Boot Disk  : No\n", "").status is Status.PARTIAL
    assert (
        edited("diskpart", "detail-in-session", "Boot Disk  : No\n", "Boot Disk  : Perhaps\n").status is Status.PARTIAL
    )
    assert fixture("diskpart", "bad-detail-cut").status is Status.CUT


def test_a_detail_asked_for_at_the_end_of_the_file_is_cut() -> None:
    assert of_text("DISKPART> list disk\n\nDISKPART> detail disk\n").status is Status.CUT


def test_stars_are_told_by_their_place() -> None:
    disks = fixture("diskpart", "detail-in-session").frames["disks"]
    listed = disks[disks["told_by"] == "list disk"]
    assert values(listed, "disk", "status", "is_dynamic", "partition_style") == [
        (0, "Online", False, None),
        (14, "Reserved", False, None),
        (15, "Online", True, "GPT"),
        (16, "No Media", False, None),
    ]
    collapsed = edited("diskpart", "verbs-without-prompts", "0 B        *", "0 B *").frames["disks"]
    assert values(collapsed, "is_dynamic", "partition_style")[0] == (None, None)


def test_a_disk_listed_twice_is_doubted() -> None:
    line = "  Disk 3    Online         8631 MB      0 B        *\n"
    assert edited("diskpart", "verbs-without-prompts", line, line + line).status is Status.PARTIAL


def test_verbs_may_be_missing_or_stand_without_prompts() -> None:
    script = fixture("diskpart", "script-without-verbs").frames["volumes"]
    assert values(script, "volume", "label", "kind", "status", "mounted_at") == [
        (0, None, "DVD-ROM", "No Media", None),
        (4, "CSV one", "Partition", "Healthy", "C:\\ClusterStorage\\Volume1\\"),
    ]
    bare = fixture("diskpart", "verbs-without-prompts").frames["disks"]
    assert values(bare, "disk", "told_by", "disk_id", "is_boot", "is_system") == [
        (3, "list disk", None, None, None),
        (3, "detail disk", "0000ABCD", False, False),
    ]


# PowerShell.


def test_disks_of_get_disk_follow_the_heading() -> None:
    for case in ("table-2012", "table-2016"):
        disks = fixture("get_disk", case).frames["disks"]
        assert values(disks, "disk", "name", "size") == [
            (0, "DELL PERC H700", "135.97 GB"),
            (14, "EMC SYMMETRIX", "3.66 GB"),
        ]
    chosen = fixture("get_disk", "select").frames["disks"]
    assert values(chosen, "disk", "is_boot", "is_system", "is_clustered") == [
        (0, True, True, False),
        (14, False, False, True),
    ]
    listed = fixture("get_disk", "list").frames["disks"]
    assert values(listed, "disk", "disk_id", "size_bytes", "is_boot", "is_clustered") == [
        (0, "9E32E6EF", 145999527936, True, False),
        (14, "{6E394089-145A-4279-B75D-B14015CC36E4}", 3932160000, False, True),
    ]
    assert str(listed["unique_id"].iloc[0]).endswith("5&35dc7040&0&0.0.0"), "a value over two lines is one value"


def test_a_row_without_a_heading_is_doubted() -> None:
    heading = "Name                State               OwnerGroup          ResourceType\n"
    dashes = "----                -----               ----------          ------------\n"
    assert edited("get_clusterresource", "table", dashes, "").status is Status.PARTIAL
    assert edited("get_clusterresource", "table", heading, "").status is Status.PARTIAL


def test_resources_have_an_owner_where_a_column_says_so() -> None:
    for case in ("owner-node", "list"):
        resources = fixture("get_clusterresource", case).frames["cluster_resources"]
        assert values(resources, "name", "owner", "group")[1] == ("Cluster Disk 2", "node2", "SQL Group")


@pytest.mark.parametrize("case", ["get_clusterresource/parameters", "cluster_exe/private-properties"])
def test_the_signature_is_spelt_as_diskpart_spells_it(case: str) -> None:
    screen, name = case.split("/")
    parameters = fixture(screen, name).frames["cluster_parameters"]
    signature = parameters[parameters["parameter"] == "DiskSignature"]
    assert values(signature, "resource", "disk_id") == [("Cluster Disk 1", "9E32E6EF")]


def test_disk_ids() -> None:
    guid = "6e394089-145a-4279-b75d-b14015cc36e4"
    assert disk_id("2654136047") == disk_id("0x9e32e6ef") == disk_id("2654136047 (0x9e32e6ef)") == "9E32E6EF"
    assert disk_id("43981") == "0000ABCD"
    assert disk_id(guid) == disk_id(f"{{{guid}}}") == f"{{{guid.upper()}}}"
    assert disk_id("{6e394089-145a...") is disk_id("99999999999") is disk_id("") is disk_id(None) is None


def listing(text: str) -> list[tuple[object, ...]]:
    return values(of_text(text).frames["shared_volume_listings"], "volumes", "complete")


def test_no_shared_volume_is_silence_followed_by_a_prompt() -> None:
    command = "PS C:\\> Get-ClusterSharedVolume"
    assert listing(f"{command}\nPS C:\\> \n") == [(0, True)]
    assert listing(f"{command} | Format-List *\nPS C:\\> \n") == [(0, True)]
    assert listing(f"{command}\n") == [], "the capture may end before the answer"
    assert listing(f"{command} > volumes.txt\nPS C:\\> \n") == [], "the answer stands elsewhere"
    assert listing(f"{command} | where Name -eq x\nPS C:\\> \n") == [], "asked for some only"
    assert listing(f'{command} -Name "Cluster Disk 1"\nPS C:\\> \n') == [], "asked for one only"


def test_shared_volumes_listed() -> None:
    one = fixture("get_clustersharedvolume", "one")
    assert values(one.frames["shared_volume_listings"], "volumes", "complete") == [(1, True)]
    listed = fixture("get_clustersharedvolume", "list").frames["cluster_shared_volumes"]
    assert values(listed, "name", "owner", "volume_path") == [
        ("Cluster Disk 7", "mstpm3032", "C:\\ClusterStorage\\Volume1")
    ]


def test_a_shell_without_the_cmdlet_says_nothing_of_shared_volumes() -> None:
    reading = of_text(
        "PS C:\\> Get-ClusterSharedVolume\nThe term 'Get-ClusterSharedVolume' is not recognized as the name of a cmdlet\n"
        "PS C:\\> \n"
    )
    assert reading.status is Status.TOOL_ERROR
    assert not len(reading.frames["shared_volume_listings"])


def test_nodes_and_quorum() -> None:
    for case, state in (("two", "Paused"), ("without-id", "Down")):
        nodes = fixture("get_clusternode", case).frames["cluster_nodes"]
        assert values(nodes, "name", "state") == [("mstpm3032", "Up"), ("mstpm3033", state)]
    quorum = fixture("get_clusterquorum", "disk").frames["cluster_quorums"]
    assert values(quorum, "resource", "quorum_type") == [("Cluster Disk 1", "NodeAndDiskMajority")]


def test_a_long_name_pushes_the_row_of_cluster_exe() -> None:
    resources = fixture("cluster_exe", "resources").frames["cluster_resources"]
    assert values(resources, "name", "group", "owner", "state")[1:] == [
        ("SQL Server disk with a long name", "SQL Group", "MSTPM3033", "Failed"),
        ("Cluster Name", "Cluster Group", "MSTPM3032", "Online Pending"),
    ]


# Versions, events, validation.


def test_windows_versions() -> None:
    columns = ("computer", "version", "product", "service_pack")
    full = fixture("systeminfo", "full").frames["windows_versions"]
    product = "Microsoft Windows Server 2008 R2 Enterprise"
    assert values(full, *columns) == [("MSTPM3032", "6.1.7601", product, "Service Pack 1")]
    assert values(fixture("systeminfo", "ver").frames["windows_versions"], *columns) == [(None, "6.0.6002", None, None)]


def test_events_of_each_layout() -> None:
    columns = ("event_id", "source", "level", "time")
    told = {
        "wevtutil": [
            (1069, "Microsoft-Windows-FailoverClustering", "Error", "2011-01-04T12:36:37.000"),
            (57, "Ntfs", "Warning", "2011-01-04T12:36:41.000"),
        ],
        "get-winevent": [
            (1069, "Microsoft-Windows-FailoverClustering", "Error", "1/4/2011 12:36:37 PM"),
            (1135, "Microsoft-Windows-FailoverClustering", "Critical", "1/4/2011 12:36:30 PM"),
        ],
        "get-winevent-list": [
            (1069, "Microsoft-Windows-FailoverClustering", None, "1/4/2011 12:36:37 PM"),
            (153, "disk", None, "1/4/2011 12:40:00 PM"),
        ],
        # The instance of an event holds its id in the lower 16 bits.
        "get-eventlog": [
            (1034, "ClusDisk", "Error", "Jan 04 12:36"),
            (7036, "Service Control M...", "Information", "Jan 04 12:30"),
        ],
    }
    for case, events in told.items():
        reading = fixture("event_log", case)
        assert values(reading.frames["cluster_events"], *columns) == events, case
        assert values(reading.frames["event_listings"], "events", "complete") == [(2, True)], case


def test_no_events_is_said_or_silence_followed_by_a_prompt() -> None:
    for case in ("wevtutil-none", "no-events"):
        assert values(fixture("event_log", case).frames["event_listings"], "events", "complete") == [(0, True)], case
    cut = of_text("C:\\> wevtutil qe System /f:text\n")
    assert not len(cut.frames["event_listings"])


def test_a_lost_heading_of_an_event_is_doubted() -> None:
    assert edited("event_log", "wevtutil", "Event[1]:\n", "").status is Status.PARTIAL
    assert edited("event_log", "get-eventlog", "    4711 Jan 04", "    4711 J#n 04").status is Status.PARTIAL


def test_a_validation_says_which_disks_it_tested() -> None:
    rows = fixture("test_cluster", "report").frames["cluster_validations"]
    disks = rows[rows["test"].isna()]
    assert values(disks, "disk", "disk_id", "resource", "tested") == [
        (3, None, None, True),
        (None, "9E32E6EF", None, False),
        (None, None, "Cluster Disk 2", False),
    ]
    assert values(rows[rows["test"].notna()], "test", "result")[3:] == [
        ("Validate SCSI-3 Persistent Reservation", "Warning"),
        ("Validate Simultaneous Failover", "Skipped"),
    ]


def test_without_prompts_a_second_table_of_volumes_belongs_to_no_disk() -> None:
    heading = "  Volume ###  Ltr  Label        Fs     Type        Size     Status     Info\n"
    rule = "  ----------  ---  -----------  -----  ----------  -------  ---------  --------\n"
    row = "  Volume {}     {}   Data         NTFS   Partition   3749 MB  Healthy    {}\n"
    detail = "Disk 26 is now the selected disk.\n\nEMC SYMMETRIX SCSI Disk Device\nDisk ID: 2D8BF659\n"
    detail += "Boot Disk  : No\nPagefile Disk  : No\nHibernation File Disk  : No\nCrashdump Disk  : No\nClustered Disk  : No\n\n"
    own = heading + rule + row.format(7, "K", "") + "\n"
    listed = heading + rule + row.format(1, "C", "Boot") + row.format(7, "K", "")
    reading = of_text(f"C:\\> diskpart /s list.txt\n\n{detail}{own}{listed}\nC:\\>\n")
    assert values(reading.frames["volumes"], "disk", "volume", "letter") == [
        (26, 7, "K"),
        (None, 1, "C"),
        (None, 7, "K"),
    ]
    none = of_text(f"C:\\> diskpart /s list.txt\n\n{detail}There are no volumes.\n\n{listed}\nC:\\>\n")
    assert values(none.frames["volumes"], "disk", "volume") == [(None, 1), (None, 7)]


@pytest.mark.parametrize(
    "banner",
    [
        "(c) 2013 Microsoft Corporation. All rights reserved.",
        "(c) Microsoft Corporation. Alle Rechte vorbehalten.",
        "(C) Copyright 1985-2003 Microsoft Corp.",
        "Copyright (c) 2009 Microsoft Corporation.  All rights reserved.",
    ],
)
def test_the_banner_of_a_command_window_is_noise(banner: str) -> None:
    window = f"Microsoft Windows [Version 6.3.9600]\n{banner}\n\n"
    readings = read(from_text("x", f"{window}C:\\> hostname\nHOSTA\nC:\\> ver\n\n{window}C:\\>\n"))
    assert [reading.status for reading in readings if reading.screen] == [Status.PARSED] * 2
    assert not any(reading.unknown for reading in readings)


PARTITIONS = """C:\\> diskpart
Microsoft DiskPart version 10.0.19041.964
On computer: SQL01
DISKPART> select disk 1

Disk 1 is now the selected disk.

DISKPART> list partition

  Partition ###  Type              Size     Offset
  -------------  ----------------  -------  -------
  Partition 1    Primary             50 MB  1024 KB
* Partition 2    Primary            931 GB    51 MB

DISKPART> select partition 2

Partition 2 is now the selected partition.

DISKPART> detail partition

Partition 2
Type  : 07
Hidden: No
Active: Yes
Offset in Bytes: 53477376

  Volume ###  Ltr  Label        Fs     Type        Size     Status     Info
  ----------  ---  -----------  -----  ----------  -------  ---------  --------
* Volume 1     C                NTFS   Partition    931 GB  Healthy    Boot

DISKPART> detail volume

  Disk ###  Status         Size     Free     Dyn  Gpt
  --------  -------------  -------  -------  ---  ---
* Disk 0    Online          931 GB      0 B        *

Read-only              : No
Hidden                 : No
No Default Drive Letter: No
Shadow Copy            : No
Offline                : No
BitLocker Encrypted    : No
Installable            : Yes

Volume Capacity        :  818 GB
Volume Free Space      :  553 GB

DISKPART> san

SAN Policy  : Offline Shared

DISKPART> exit

Leaving DiskPart...
"""


def test_partitions_and_details_of_volumes_are_read_and_say_nothing_of_a_disk() -> None:
    reading = of_text(PARTITIONS)
    assert (reading.status, reading.counts.unknown, reading.oddities) == (Status.PARSED, 0, ())
    assert values(reading.frames["volumes"], "volume", "letter", "info", "disk") == [(1, "C", "Boot", None)]
    assert values(reading.frames["disks"], "disk", "status", "told_by") == [(0, "Online", "list disk")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Read-only              : No", "Read-only              : Yes"),
        ("Offline                : No", "Offline                : Yes"),
        ("* Partition 2    Primary            931 GB    51 MB", "* Partition 2    the one of the quorum"),
        ("SAN Policy  : Offline Shared", "SAN Policy  : ask Tom"),
    ],
)
def test_what_a_volume_should_not_be_and_remarks_among_partitions_are_not_understood(old: str, new: str) -> None:
    assert PARTITIONS.count(old) == 1
    assert of_text(PARTITIONS.replace(old, new)).status is Status.PARTIAL


def test_without_prompts_the_volume_of_a_partition_belongs_to_no_disk_detailed_above() -> None:
    detail = "Disk ID: 9E32E755\nType   : FIBRE\nStatus : Online\nBoot Disk  : No\nPagefile Disk  : No\nClustered Disk  : Yes\n\n"
    text = (
        "Disk 7 is now the selected disk.\n\n"
        + detail
        + PARTITIONS[PARTITIONS.index("Partition 2\nType") :].split("DISKPART>")[0]
    )
    assert values(of_text(text).frames["volumes"], "disk") == [(None,)]


@pytest.mark.parametrize(
    "command", ["Get-ClusterNetwork", "Get-ClusterOwnerNode -Resource X", "cluster quorum", "cluster /quorum"]
)
def test_displays_of_the_cluster_that_no_check_asks_for_are_no_doubt(command: str) -> None:
    text = f"C:\\> {command}\n\nName              State Metric\n----              ----- ------\nCluster Network 1    Up  39841\n\nC:\\>\n"
    assert [(reading.status, reading.counts.unknown) for reading in read(from_text("log", text))] == [
        (Status.FOREIGN, 0)
    ]
