"""What symaccess says of groups, views, logins and adapters, value by value."""

import pytest

from flmparse.screens import Status
from flmparse.screens.shared.device_ranges import devices_in
from tests.screens.captures import edited, fixture, from_corpus, values


@pytest.mark.parametrize(
    ("name", "screen", "table", "rows", "status", "unknown"),
    [
        # Their author masked the serial: a heading that names no array is not understood.
        ("symaccess-show-ig-815", "symaccess_show_group", "initiator_group_members", 2, Status.PARTIAL, 1),
        ("symaccess-show-sg-815", "symaccess_show_group", "storage_group_devices", 5, Status.PARTIAL, 1),
        ("symaccess-discover-hba-v-815", "symaccess_discover_hba", "host_initiators", 2, Status.PARTIAL, 1),
        # Two lines of dots are left out rows.
        ("symaccess-list-view-815", "symaccess_list_view", "view_list", 1, Status.PARTIAL, 3),
        ("symaccess-list-storage-detail-573", "symaccess_list", "masking_groups", 1, Status.PARSED, 0),
        ("symaccess-list-logins-v-042", "symaccess_list_logins", "logins", 2, Status.CUT, 0),
        # Filtered by grep: initiators without their groups.
        ("symaccess-list-devinfo-grep-wwn", "symaccess_list_devinfo", "initiator_group_members", 2, Status.PARTIAL, 0),
    ],
)
def test_a_real_capture_has_the_rows_counted_by_hand(
    name: str, screen: str, table: str, rows: int, status: Status, unknown: int
) -> None:
    reading = from_corpus(f"masking/{name}")
    assert (reading.screen, reading.status) == (screen, status)
    assert len(reading.frames[table]) == rows
    # A masked serial is unknown, or known and refused; nothing else may differ.
    assert reading.counts.unknown <= unknown


def test_real_members() -> None:
    members = from_corpus("masking/symaccess-show-ig-815").frames["initiator_group_members"]
    assert values(members, "initiator_group", "wwn", "alias", "line")[1] == (
        "elcsesx_initports", "2101001b32284524", "2101001b32284524/2101001b32284524", 9,
    )  # fmt: skip
    devices = from_corpus("masking/symaccess-show-sg-815").frames["storage_group_devices"]
    assert list(devices["device"]) == ["0510", "0511", "0512", "0513", "0514"]


def test_real_logins() -> None:
    logins = from_corpus("masking/symaccess-list-logins-v-042").frames["logins"]
    columns = ("symmetrix", "port", "wwn", "node_wwn", "node_name", "fcid", "logged_in", "on_fabric", "line")
    assert values(logins, *columns) == [
        ("000197901042", "01D:4", "100000051efd0ba0", "200000051efd0ba0", None, "798d40", False, True, 8),
        ("000197901042", "01D:4", "100000051efd3cb3", "200000051efd3cb3", None, None, None, None, 21),
    ]


def test_real_list_of_storage_groups() -> None:
    groups = from_corpus("masking/symaccess-list-storage-detail-573").frames["masking_groups"]
    columns = ("symmetrix", "group", "kind", "device_count", "group_count", "view_count", "place")
    assert values(groups, *columns) == [("000195701573", "ingesthost-03_ChSG1", "storage", 1, 1, 1, "child")]


def test_aliases_stand_behind_or_below_their_initiator() -> None:
    for case, wwn in (("initiator-alias-inline", "210000e08b1e45f9"), ("initiator-alias-below", "10000000c9a1b2c3")):
        members = fixture("symaccess_show_group", case).frames["initiator_group_members"]
        assert values(members, "wwn", "alias")[0] == (wwn, "node1/hba0")


def test_an_initiator_group_names_members_views_and_parents() -> None:
    reading = fixture("symaccess_show_group", "initiator-alias-below")
    members = values(reading.frames["initiator_group_members"], "wwn", "iscsi_name", "child_group")
    assert members[1] == (None, "iqn.1991-05.com.microsoft:node1", None)
    assert values(reading.frames["group_views"], "kind", "group", "view", "parent_group") == [
        ("initiator", "NODE1_IG", "NODE1_MV", None),
        ("initiator", "NODE1_IG", "NODE1_BACKUP_MV", None),
        ("initiator", "NODE1_IG", None, "CLUSTER_IG"),
    ]
    assert list(reading.frames["initiator_groups"]["consistent_lun"]) == [False]
    inline = fixture("symaccess_show_group", "initiator-alias-inline").frames["initiator_group_members"]
    assert list(inline["child_group"].dropna()) == ["NODE2_IG"]


def test_a_port_group_has_its_ports_and_an_empty_one_still_a_row() -> None:
    ports = fixture("symaccess_show_group", "port").frames["port_group_ports"]
    assert values(ports, "symmetrix", "port_group", "port") == [
        ("000194900275", "FLM_CLUSTER_PG", "07E:0"),
        ("000194900275", "FLM_CLUSTER_PG", "08E:1"),
    ]
    empty = edited("symaccess_show_group", "port", "    FA-7E:0\n    FA-8E:1\n", "    None\n")
    assert empty.status is Status.PARSED
    assert values(empty.frames["port_group_ports"], "port_group", "port") == [("FLM_CLUSTER_PG", None)]


def test_ranges_and_wrapped_devices_are_taken_apart() -> None:
    devices = fixture("symaccess_show_group", "storage-wrapped").frames["storage_group_devices"]
    assert list(devices["child_group"].dropna()) == ["QUORUM_SG", "DATA_SG"]
    assert list(devices["device"].dropna()) == ["0328", "0329", "032A", "032B", "0340", "0351", "0352"]
    assert devices_in("0FE:101,0200") == ["00FE", "00FF", "0100", "0101", "0200"]
    assert devices_in("0200:0100") == ["0200:0100"], "a range backwards is no range"


def test_a_group_without_its_views_is_cut() -> None:
    assert edited("symaccess_show_group", "port", "    FLM_CLUSTER_MV\n    }\n", "").status is Status.CUT


def test_a_name_outside_any_list_is_doubted() -> None:
    reading = edited(
        "symaccess_show_group", "port", "Director Identification", "      STRAY_NAME\n\nDirector Identification"
    )
    assert reading.status is Status.PARTIAL


def test_a_cut_name_is_a_beginning() -> None:
    groups = fixture("symaccess_list", "all").frames["masking_groups"]
    assert values(groups, "group", "kind", "name_cut")[2:] == [
        ("FLM_CLUSTER_SG", "storage", False),
        ("A_VERY_LONG_STORAGE_GROUP_NAME_", "storage", True),
    ]
    views = fixture("symaccess_list_view", "two").frames["view_list"]
    columns = ("view", "initiator_group", "port_group", "storage_group", "names_cut")
    assert values(views, *columns) == [
        ("FLM_CLUSTER_MV", "FLM_CLUSTER_IG", "FLM_CLUSTER_PG", "FLM_CLUSTER_SG", None),
        ("SE_HOST_MV", "SE_HOST_IG", "SE_HOST_PG", "A_LONG_GATEKEEPER_", "storage_group"),
    ]


def test_a_list_of_one_kind_takes_the_kind_from_its_heading() -> None:
    groups = fixture("symaccess_list", "one-column").frames["masking_groups"]
    assert values(groups, "group", "kind") == [("FLM_CLUSTER_IG", "initiator"), ("NODE2_IG", "initiator")]
    places = fixture("symaccess_list", "storage-detail").frames["masking_groups"]
    assert list(places["place"]) == ["parent", "child", "neither"]


def test_logins_belong_to_the_port_above_them() -> None:
    columns = ("port", "wwn", "node_name", "port_name", "logged_in", "on_fabric")
    assert values(fixture("symaccess_list_logins", "long").frames["logins"], *columns) == [
        ("07E:0", "210000e08b1e45f9", "node1", "hba0", True, True),
        ("07E:0", "210100e08b3e45f9", None, None, False, True),
        ("08E:1", "210000e08b1e45f9", "node1", "hba0", True, True),
    ]
    assert values(fixture("symaccess_list_logins", "table").frames["logins"], *columns) == [
        ("07E:0", "210000e08b1e45f9", "node1", "hba0", True, True),
        ("07E:0", "210100e08b3e45f9", None, None, False, True),
    ]


def test_no_logins_is_said_and_not_missing() -> None:
    assert fixture("symaccess_list_logins", "none").status is Status.NONE


def test_a_login_without_its_port_is_doubted() -> None:
    reading = edited("symaccess_list_logins", "long", "Director Port           : 0\n", "")
    assert reading.status is Status.PARTIAL
    assert values(reading.frames["logins"], "port")[:2] == [(None,), (None,)]


def test_devinfo_gives_each_group_its_devices() -> None:
    reading = fixture("symaccess_list_devinfo", "two-groups")
    columns = ("initiator_group", "device", "port", "host_lun", "attribute", "capacity_mb", "view")
    assert values(reading.frames["initiator_group_devices"], *columns) == [
        ("FLM_CLUSTER_IG", "0328", "07E:0", 1, None, 8631, "FLM_CLUSTER_MV"),
        ("FLM_CLUSTER_IG", "0328", "08E:0", 1, None, 8631, "FLM_CLUSTER_MV"),
        ("FLM_CLUSTER_IG", "0329", "07E:0", 10, "(M)", 8631, "FLM_CLUSTER_MV"),
    ]
    assert list(reading.frames["initiator_group_members"]["initiator_group"]) == [*["FLM_CLUSTER_IG"] * 2, "EMPTY_IG"]


def test_adapters_have_their_names() -> None:
    adapters = fixture("symaccess_discover_hba", "two").frames["host_initiators"]
    assert values(adapters, "symmetrix", "wwn", "kind", "user_name")[1] == (
        "000194900275", "10000000c953f9f4", "Fibre", "se-host/hba1",
    )  # fmt: skip
