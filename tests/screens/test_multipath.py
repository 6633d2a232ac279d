"""Veritas DMP, Linux's multipath, Microsoft MPIO's settings, keys of reservations, the cluster's log: as printed, and as published."""

import pytest

from flmparse import commands
from flmparse.screens import Status
from tests.screens.captures import edited, fixture, from_corpus, values


def test_the_heading_of_getsubpaths_tells_its_columns() -> None:
    columns = ("path", "state", "is_active", "dmp_node", "enclosure", "controller")
    second = ("c4t50000972C0044D1Cd1s2", "ENABLED", False, "emc0_0123", "emc0", "c4")
    assert values(fixture("vxdmpadm_getsubpaths", "of-a-node").frames["dmp_paths"], *columns)[1] == second
    of_controller = fixture("vxdmpadm_getsubpaths", "of-a-controller").frames["dmp_paths"]
    assert values(of_controller, "controller", "path_type", "enclosure_type") == [("c2", "PRIMARY", "EMC")]


def test_paths_below_a_damaged_heading_are_no_rows() -> None:
    reading = fixture("vxdmpadm_getsubpaths", "bad-heading-damaged")
    assert reading.status is Status.PARTIAL
    assert not len(reading.frames["dmp_paths"])


def test_a_wwid_tells_array_and_device() -> None:
    maps = fixture("multipath", "rhel6").frames["multipath_maps"]
    assert values(maps, "map", "symmetrix", "device", "path_count") == [
        ("mpathb", "000194900275", "0328", 3),
        ("360000970000194900275533030333239", "000194900275", "0329", 2),
    ]


def test_a_path_that_is_gone_has_no_name() -> None:
    paths = fixture("multipath", "rhel6").frames["multipath_paths"]
    assert values(paths, "scsi_address", "device_name", "dm_state", "path_state")[2] == (None, None, "failed", "faulty")


def test_the_layout_of_rhel_5_tells_the_same() -> None:
    paths = fixture("multipath", "rhel5").frames["multipath_paths"]
    assert values(paths, "device_name", "dm_state", "path_state") == [
        ("sdg", "active", "ready"),
        ("sdo", "failed", "faulty"),
    ]


def test_paths_below_a_damaged_map_belong_to_no_map() -> None:
    reading = fixture("multipath", "bad-map-damaged")
    assert reading.status is Status.PARTIAL
    assert values(reading.frames["multipath_paths"], "device_name") == [("sdg",)]


def test_keys_that_are_fewer_than_announced_are_doubted() -> None:
    assert fixture("sg_persist", "bad-count").status is Status.PARTIAL
    assert edited("vxfenadm", "two-keys", "Keys: 2", "Keys: 3").status is Status.PARTIAL


@pytest.mark.parametrize(
    "typed",
    ["sg_persist -n -i -k -d /dev/sdc", "mpathpersist -i -k /dev/mapper/a", "vxfenadm -s all", "vxdmpadm listctlr all", "multipath -v4 -ll"],
)  # fmt: skip
def test_a_display_changes_nothing(typed: str) -> None:
    assert commands.effects_of(commands.parse(typed)) == ()


@pytest.mark.parametrize("typed", ["mpathpersist --out --clear /dev/mapper/a", "vxfenadm -x -kVF000100 -f file"])
def test_what_touches_reservations_is_a_change(typed: str) -> None:
    assert {effect for _, effect in commands.effects_of(commands.parse(typed))} == {"reservations"}


# -------------------------------------------------------------------------------------------- the public captures


@pytest.mark.parametrize(
    ("name", "table", "rows"),
    [
        ("vxdmpadm-getsubpaths-all-9", "dmp_paths", 9),
        ("vxdisk-path-elided", "dmp_paths", 11),
        ("vxdisk-list-all-errors", "vx_disks", 11),
        ("vxdmpadm-ctlr-disable-enable", "dmp_controllers", 3),
        ("multipath-ll-symmetrix-3path", "multipath_maps", 1),
        ("multipath-ll-symmetrix-3path", "multipath_paths", 3),
        ("multipath-ll-rhel5-hitachi", "multipath_maps", 4),
        ("multipath-ll-rhel5-hitachi", "multipath_paths", 16),
        ("multipath-v4-ll-mixed-vendors", "multipath_maps", 8),
        ("multipath-v4-ll-mixed-vendors", "multipath_paths", 26 + 3),
        ("sg-persist-keys-4", "reservation_keys", 4),
        ("cluster-log-physical-disk-diskrecovery", "cluster_log", 3),
        ("mpclaim-list-12", "mpio_disks", 12),
        ("mpclaim-disk0-8paths", "mpio_paths", 8),
    ],
)
def test_a_public_capture_has_the_rows_counted_by_hand(name: str, table: str, rows: int) -> None:
    assert len(from_corpus(f"host-san/{name}").frames[table]) == rows


def test_public_values() -> None:
    data01 = from_corpus("host-san/multipath-ll-symmetrix-3path").frames
    assert values(data01["multipath_maps"], "symmetrix", "device") == [("000297700123", "0074")]
    assert set(data01["multipath_paths"]["path_state"]) == {"undef"}
    mixed = from_corpus("host-san/multipath-v4-ll-mixed-vendors").frames["multipath_maps"]
    assert ("mpatha", "1IET     00080001") in values(mixed, "map", "wwid")
    keys = from_corpus("host-san/sg-persist-keys-4").frames["reservation_keys"]
    assert values(keys, "disk", "reservation_key")[0] == ("/dev/mapper/mpathb", "0xfdfe0001")
    disks = from_corpus("host-san/vxdisk-list-all-errors").frames["vx_disks"]
    assert values(disks, "disk", "state")[6:9:2] == [("emcpower0s2", "error"), ("emcpower2s2", "online invalid")]
    log = from_corpus("host-san/cluster-log-physical-disk-diskrecovery").frames["cluster_log"]
    assert list(log["level"]) == ["INFO", "WARN", "ERR"]
