"""What the outputs of symcfg, symcli, symsan and symdev say, value by value; the real captures beside the project where they are."""

from pathlib import Path

import pandas as pd
import pytest

from flmparse import assets, screens
from flmparse.screens import Reading, Status
from flmparse.text import transcript
from flmparse.text.capture import Capture, from_bytes, from_text
from flmparse.text.transcript import Block

FIXTURES = assets.folder("fixtures") / "commands"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "symcli"
OURS = (
    "symcfg_list",
    "symcfg_list_fa",
    "symcfg_list_patches",
    "symcfg_list_pool",
    "symcli_version",
    "symdev_list",
    "symdev_list_pgr",
    "symdev_show",
    "symsan_list",
)
CASES = sorted(path for name in OURS for path in (FIXTURES / name).glob("*.txt"))

pytestmark = pytest.mark.filterwarnings("error")


def read(capture: Capture) -> list[tuple[Block, Reading]]:
    blocks = [(block, screens.read(block)) for block in transcript.split(capture)]
    assert sum(reading.counts.total for _, reading in blocks) == len(capture.lines), "lines are lost"
    for _, reading in blocks:
        assert min(reading.counts.fact, reading.counts.noise, reading.counts.prompt) >= 0
    return blocks


def of_text(text: str) -> Reading:
    blocks = [reading for _, reading in read(from_text("text", text)) if reading.screen is not None]
    assert len(blocks) == 1
    return blocks[0]


def fixture(screen: str, case: str) -> Reading:
    reading = of_text((FIXTURES / screen / f"{case}.txt").read_text("utf-8"))
    assert reading.screen == screen
    return reading


def edited(screen: str, case: str, old: str, new: str) -> Reading:
    text = (FIXTURES / screen / f"{case}.txt").read_text("utf-8")
    assert old in text
    return of_text(text.replace(old, new))


def values(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Rows as tuples, null as None."""
    plain = frame[list(columns)].astype("object")
    return [tuple(row) for row in plain.where(plain.notna(), None).itertuples(index=False)]


# The real captures.


def from_corpus(name: str) -> Reading:
    path = CORPUS / f"{name}.txt"
    if not path.exists():
        pytest.skip("the corpus is not beside the project")
    blocks = read(from_bytes(path.name, path.read_bytes()))
    assert len(blocks) == 1
    return blocks[0][1]


@pytest.mark.parametrize(
    ("name", "screen", "table", "rows", "status", "unknown"),
    [
        ("symcfg_list_6arrays", "symcfg_list", "arrays", 6, Status.PARTIAL, 0),
        ("symcfg_list_9arrays_local_remote", "symcfg_list", "arrays", 9, Status.PARSED, 0),
        ("symcfg_list_fa_yesno", "symcfg_list_fa", "front_end_ports", 32, Status.PARSED, 0),
        ("symcfg_list_fa_dirs_vmax3", "symcfg_list_fa", "front_end_ports", 8, Status.PARTIAL, 0),
        ("symcfg_list_fa_port_fcoe", "symcfg_list_fa", "front_end_ports", 2, Status.PARTIAL, 0),
        ("symcfg_list_pool_flags", "symcfg_list_pool", "pools", 7, Status.PARSED, 0),
        ("symcli_banner_v10", "symcli_version", "solutions_enabler", 1, Status.PARSED, 0),
        # Two lines of dots stand for rows that the author left out.
        ("symdev_list_dmx_vdev_elided", "symdev_list", "devices", 17, Status.PARTIAL, 0),
        ("symdev_list_noport_5digit", "symdev_list", "devices", 14, Status.PARTIAL, 0),
        ("symdev_list_range_mapped", "symdev_list", "devices", 3, Status.PARTIAL, 0),
        ("symdev_list_range_starports", "symdev_list", "devices", 3, Status.PARTIAL, 0),
        # Filtered by grep: what it does not show proves nothing.
        ("symdev_show_grep_rdf_short", "symdev_show", "device_details", 1, Status.PARTIAL, 0),
        ("symsan_list_sanports", "symsan_list", "san_ports", 1, Status.PARTIAL, 0),
        ("symsan_list_sanrdf_enginuity5876", "symsan_list", "san_rdf_links", 1, Status.PARTIAL, 0),
    ],
)
def test_a_real_capture_has_the_rows_counted_by_hand(
    name: str, screen: str, table: str, rows: int, status: Status, unknown: int
) -> None:
    reading = from_corpus(name)
    assert (reading.screen, reading.status, reading.counts.unknown) == (screen, status, unknown)
    assert len(reading.frames[table]) == rows


def test_real_arrays() -> None:
    arrays = from_corpus("symcfg_list_6arrays").frames["arrays"]
    columns = ("symmetrix", "attachment", "model", "microcode", "cache_mb", "physical_devices", "devices", "line")
    assert values(arrays, *columns)[3] == ("000xxxxxx098", "Local", "VMAX-1SE", "5876", 28672, 3, 2908, 11)
    more = from_corpus("symcfg_list_9arrays_local_remote").frames["arrays"]
    assert values(more, *columns)[5] == ("000000000105", "Local", "VMAX200K", "5977", 3014656, 2, 2691, 9)
    assert list(more["attachment"]).count("Remote") == 3


def test_real_front_end_ports() -> None:
    columns = ("director", "port", "kind", "aclx", "volume_set_addressing", "point_to_point", "status", "speed")
    ports = from_corpus("symcfg_list_fa_yesno").frames["front_end_ports"]
    assert values(ports, *columns)[6] == ("10E", "10E:0", "FibreChannel", True, False, True, None, None)
    directors = from_corpus("symcfg_list_fa_dirs_vmax3").frames["front_end_ports"]
    assert values(directors, *columns)[6] == ("03G", None, "FCoE", None, None, None, "Offline", None)
    newer = from_corpus("symcfg_list_fa_port_fcoe").frames["front_end_ports"]
    assert values(newer, *columns)[1] == ("01G", "01G:11", "FCoE", None, None, None, "Online", "10")
    assert newer["wwn"][1] == "500009735012280b"


def test_real_pools() -> None:
    pools = from_corpus("symcfg_list_pool_flags").frames["pools"]
    row = values(pools, "pool", "flags", "kind", "config", "enabled", "total_tracks", "free_tracks", "used_tracks")[5]
    assert row == ("MYPOOLSAS02", "TFFDEI", "Thin", "RAID-5(7+1)", True, 1215449040, 791717292, 423731748)
    assert values(pools, "used_percent", "total_mb")[5] == (34, None)


def test_real_devices() -> None:
    columns = ("device", "sa_port", "da", "config", "attribute", "status", "capacity_mb", "line")
    mapped = from_corpus("symdev_list_range_mapped").frames["devices"]
    assert values(mapped, *columns)[1] == ("0B5A", "07H:0", "07D:DC", "2-Way Mir", "N/Grp'd", "RW", 5121, 12)
    newer = from_corpus("symdev_list_noport_5digit").frames["devices"]
    assert values(newer, *columns)[10] == ("0031", "???:???", None, "TDEV", "N/Grp'd", "NR", 1026, 20)
    elided = from_corpus("symdev_list_dmx_vdev_elided").frames["devices"]
    assert values(elided, *columns)[14] == ("0052", "???:?", "16B:D1", "2-Way Mir", "N/A (SV)", "RW", 8632, 23)


def test_real_san() -> None:
    reading = from_corpus("symsan_list_sanports")
    assert reading.counts.prompt == 1, "the prompt that lost its bracket"
    columns = ("symmetrix", "port", "incomplete", "vendor", "remote_symmetrix", "luns", "remote_port_wwn")
    row = ("000xxxxxx098", "07H:0", False, "EMC Symmetrix", "000xxxxxx316", 3, "50000972082431d8")
    assert values(reading.frames["san_ports"], *columns) == [row]
    links = from_corpus("symsan_list_sanrdf_enginuity5876").frames["san_rdf_links"]
    columns = ("director", "flags", "link", "remote_symmetrix", "remote_director", "remote_wwn")
    assert values(links, *columns) == [("08H", "SO", "C", "000xxxxxx218", "09H", "500009720841e9e0")]


def test_real_banner() -> None:
    banner = from_corpus("symcli_banner_v10").frames["solutions_enabler"]
    assert values(banner, "version", "edit_level", "symapi_version") == [("10.1.0.0", 2752, "10.1.0.0")]


# symcli


def test_the_version_is_that_of_symcli_and_the_library_that_of_the_run_time() -> None:
    banner = fixture("symcli_version", "colons").frames["solutions_enabler"]
    assert values(banner, "version", "edit_level", "symapi_version") == [("7.4.0.0", 1337, "7.4.0.2")]


def test_a_banner_without_a_version_gives_no_row() -> None:
    reading = fixture("symcli_version", "bad-damaged")
    assert reading.status is Status.PARTIAL
    assert reading.frames["solutions_enabler"].empty


# symcfg list


def test_a_paragraph_of_each_array() -> None:
    reading = fixture("symcfg_list", "verbose")
    assert reading.status is Status.PARSED
    columns = (
        "symmetrix",
        "attachment",
        "model",
        "microcode",
        "microcode_version",
        "patch_level",
        "cache_mb",
        "devices",
    )
    assert values(reading.frames["arrays"], *columns) == [
        ("000194900275", "Local", "VMAX-1SE", "5876", "5876.82.57", "82", 57344, None),
        ("000187490076", "Remote", "DMX3-24", "5773", "5773.184.130", "184", 65536, None),
    ]
    assert values(reading.frames["solutions_enabler"], "version", "edit_level") == [("7.4.0.0", 1337)]


def test_a_paragraph_that_lost_its_array_does_not_become_another_array_s() -> None:
    reading = fixture("symcfg_list", "bad-array-line-lost")
    assert reading.status is Status.PARTIAL
    assert values(reading.frames["arrays"], "symmetrix", "microcode") == [("000194900275", "5876")]


def test_a_level_and_a_build_that_disagree_are_doubted() -> None:
    assert edited("symcfg_list", "verbose", "5876.82.57", "5874.82.57").status is Status.PARTIAL


def test_no_array_is_a_statement() -> None:
    reading = of_text("C:\\> symcfg list\n\nNo Symmetrix arrays were found\nC:\\>\n")
    assert (reading.screen, reading.status) == ("symcfg_list", Status.NONE)


def test_an_array_listed_twice_is_doubted() -> None:
    assert edited("symcfg_list", "two-arrays", "000187490076 Remote", "000194900275 Remote").status is Status.PARTIAL


# symcfg list -fa


def test_columns_of_yes_and_no() -> None:
    ports = fixture("symcfg_list_fa", "yes-no").frames["front_end_ports"]
    columns = ("port", "aclx", "vcm", "volume_set_addressing", "point_to_point")
    assert values(ports, *columns) == [
        ("07E:0", True, None, False, True),
        ("07E:1", False, None, False, True),
        ("10F:0", True, None, True, False),
    ]


def test_a_vcm_column_is_no_aclx() -> None:
    ports = fixture("symcfg_list_fa", "yes-no-vcm").frames["front_end_ports"]
    assert values(ports, "port", "aclx", "vcm") == [("14C:0", None, True), ("14C:1", None, False)]


def test_letters_mean_what_their_heading_says() -> None:
    ports = fixture("symcfg_list_fa", "letters").frames["front_end_ports"]
    columns = ("port", "kind", "aclx", "point_to_point", "speed")
    assert values(ports, *columns) == [
        ("07E:0", "FibreChannel", True, True, "8"),
        ("08E:0", "FibreChannel", False, True, "8"),
        ("09G:0", "FCoE", True, True, "10"),
    ]


@pytest.mark.parametrize("case", ["yes-no", "letters"])
def test_flags_without_their_heading_are_not_guessed(case: str) -> None:
    text = (FIXTURES / "symcfg_list_fa" / f"{case}.txt").read_text("utf-8")
    reading = of_text("".join(line for line in text.splitlines(True) if " WWN " not in line and "AVPF" not in line))
    assert reading.status is Status.PARTIAL
    ports = reading.frames["front_end_ports"]
    assert len(ports) == 3
    assert ports["aclx"].isna().all() and ports["point_to_point"].isna().all()


def test_newer_listings_prove_no_aclx() -> None:
    for case, port in (("directors", None), ("ports", "01D:4")):
        ports = fixture("symcfg_list_fa", case).frames["front_end_ports"]
        assert values(ports, "port", "aclx")[0] == (port, None)


def test_flags_of_a_paragraph() -> None:
    ports = fixture("symcfg_list_fa", "verbose").frames["front_end_ports"]
    columns = ("port", "wwn", "aclx", "common_serial", "scsi_3", "spc_2", "os2007", "status")
    assert values(ports, *columns) == [
        ("07E:0", "50000972c0044d18", True, True, True, True, False, "Online"),
        ("07E:1", "50000972c0044d19", False, None, None, None, None, "Offline"),
    ]


def test_a_port_without_its_line_gives_its_flags_to_nobody() -> None:
    text = (FIXTURES / "symcfg_list_fa" / "verbose.txt").read_text("utf-8")
    reading = of_text(text.replace("        Director Port: 0\n", ""))
    assert reading.status is Status.PARTIAL
    assert values(reading.frames["front_end_ports"], "port", "aclx") == [("07E:1", False)]


def test_a_paragraph_with_open_braces_is_cut() -> None:
    assert fixture("symcfg_list_fa", "bad-verbose-cut").status is Status.CUT


# symcfg list -upatches


def test_patches() -> None:
    patches = fixture("symcfg_list_patches", "two").frames["array_patches"]
    columns = ("symmetrix", "patch", "remark")
    assert values(patches, *columns) == [
        ("000187490076", "65510", "loaded"),
        ("000187490076", "65924", "loaded 2011-11-02"),
    ]
    assert fixture("symcfg_list_patches", "none").status is Status.NONE


def test_a_patch_that_is_not_loaded_is_doubted() -> None:
    assert edited("symcfg_list_patches", "two", "65510    loaded", "65510    not loaded").status is Status.PARTIAL


# symcfg list -pool


def test_pools_and_their_kinds() -> None:
    reading = fixture("symcfg_list_pool", "tracks")
    assert (reading.status, reading.whole) == (Status.PARSED, True)
    columns = ("pool", "kind", "enabled", "total_tracks", "free_tracks", "used_tracks", "used_percent", "free_mb")
    assert values(reading.frames["pools"], *columns) == [
        ("DEFAULT_POOL", "Snap", False, 0, 0, 0, 0, None),
        ("FLM_FC", "Thin", True, 4600000, 3450000, 1150000, 25, None),
        ("FLM_SATA", "Thin", False, 9200000, 9200000, 0, 0, None),
    ]


def test_gigabytes_become_megabytes() -> None:
    pools = fixture("symcfg_list_pool", "gigabytes").frames["pools"]
    assert values(pools, "free_mb", "total_mb", "free_tracks") == [(215040.0, 287232.0, None)]


def test_keys_of_one_pool() -> None:
    pools = fixture("symcfg_list_pool", "show").frames["pools"]
    columns = ("pool", "kind", "config", "enabled", "free_tracks", "used_percent")
    assert values(pools, *columns) == [("FLM_FC", "Thin", "RAID-5(3+1)", True, 3450000, 25)]


def test_sizes_without_their_unit_are_not_guessed() -> None:
    text = (FIXTURES / "symcfg_list_pool" / "tracks.txt").read_text("utf-8")
    reading = of_text("".join(line for line in text.splitlines(True) if "PTECSL" not in line))
    assert reading.status is Status.PARTIAL
    assert reading.frames["pools"]["free_tracks"].isna().all()


def test_pools_need_their_totals_and_these_their_rows() -> None:
    assert fixture("symcfg_list_pool", "bad-totals-lost").status is Status.CUT
    assert fixture("symcfg_list_pool", "bad-sum").status is Status.PARTIAL


def test_other_columns_of_sizes_are_not_taken_for_the_known_ones() -> None:
    reading = edited(
        "symcfg_list_pool", "tracks", "Dev              Usable       Free", "Dev               Total     Usable"
    )
    assert reading.status is Status.PARTIAL
    assert reading.frames["pools"]["free_tracks"].isna().all()


# symsan list


def test_ports_seen_from_a_director_port() -> None:
    reading = fixture("symsan_list", "sanports")
    columns = ("port", "incomplete", "remote_symmetrix", "luns", "remote_port_wwn")
    assert values(reading.frames["san_ports"], *columns) == [
        ("07E:0", False, "000187490076", 4, "5006048449aee08d"),
        ("07E:0", True, "000187490076", None, "5006048449aee09d"),
        ("07E:0", False, "50412", 12, "50060e80102bc400"),
    ]
    assert values(reading.frames["san_scans"], "kind", "symmetrix", "port", "found") == [
        ("sanports", "000194900275", "07E:0", 3)
    ]


def test_a_port_that_sees_nothing_was_asked_all_the_same() -> None:
    reading = fixture("symsan_list", "sanports-none")
    assert reading.status is Status.PARSED
    assert reading.frames["san_ports"].empty
    assert values(reading.frames["san_scans"], "kind", "port", "found") == [("sanports", "08E:0", 0)]


def test_nothing_said_in_words_was_asked_too() -> None:
    reading = of_text("C:\\> symsan -sid 275 list -sanports -dir 8e -p 1\n\nNo remote ports were found\n\nC:\\>\n")
    assert values(reading.frames["san_scans"], "kind", "port", "found") == [("sanports", "08E:1", 0)]


def test_devices_behind_a_remote_port() -> None:
    luns = fixture("symsan_list", "sanluns").frames["san_luns"]
    columns = ("port", "remote_port_wwn", "remote_symmetrix", "remote_device", "reserved", "capacity_mb", "lun")
    assert values(luns, *columns) == [
        ("07E:0", "5006048449aee08d", "000187490076", "0720", False, 3750, "6"),
        ("07E:0", "5006048449aee08d", "000187490076", "07E9", True, 938, "9"),
    ]


def test_rdf_links_and_unconnected_ones() -> None:
    links = fixture("symsan_list", "sanrdf").frames["san_rdf_links"]
    assert values(links, "director", "remote_symmetrix", "remote_director", "remote_wwn") == [
        ("07H", "000194900218", "10H", "50000972c0036de4"),
        ("08H", None, None, None),
    ]


def test_a_legend_that_was_begun_must_end() -> None:
    assert fixture("symsan_list", "bad-legend-cut").status is Status.CUT
    assert fixture("symsan_list", "bad-row").status is Status.PARTIAL


# symdev list


def test_devices_of_four_digits() -> None:
    devices = fixture("symdev_list", "four-digits").frames["devices"]
    columns = ("device", "physical", "sa_port", "config", "attribute", "meta", "status", "capacity_mb")
    assert values(devices, *columns) == [
        ("0328", "Not Visible", "***:*", "TDEV", "N/Grp'd (M)", "head", "RW", 8631),
        ("0329", "\\\\.\\PHYSICALDRIVE7", "07E:0", "RDF1+TDEV", "Grp'd (m)", "member", "RW", 8631),
        ("032A", "Not Visible", "???:?", "2-Way BCV Mir", "N/Asst'd", None, "NR", 8631),
        ("032B", "Not Visible", "07E:0", "TDEV", "N/Grp'd VCM", None, "RW", 6),
    ]


def test_devices_of_other_widths_and_orders() -> None:
    columns = ("symmetrix", "device", "sa_port", "da", "capacity_mb")
    five = fixture("symdev_list", "five-digits").frames["devices"]
    assert values(five, *columns)[1] == ("000196700411", "0073", "01D:004", None, 6)
    three = fixture("symdev_list", "three-digits").frames["devices"]
    assert values(three, *columns)[0] == ("000182500971", "001A", "03A:0", "01B:C2", 4315)
    visible = fixture("symdev_list", "physical-first").frames["devices"]
    assert values(visible, "device", "physical", "capacity_mb")[1] == ("0F02", "/dev/sdd", 3)


def test_several_arrays_in_one_list() -> None:
    one = (FIXTURES / "symdev_list" / "three-digits.txt").read_text("utf-8")
    reading = of_text(one + "\n" + one.replace("000182500971", "000187490076"))
    assert reading.status is Status.PARSED
    assert list(reading.frames["devices"]["symmetrix"]) == ["000182500971"] * 2 + ["000187490076"] * 2


def test_a_list_with_identities_is_another_screen() -> None:
    blocks = read(from_text("text", "C:\\> symdev -sid 275 list -identity -range 0328:032B\n\nC:\\>\n"))
    assert [reading.screen for _, reading in blocks] == ["symdev_list_identity"]


def test_broken_rows_are_unknown_and_a_broken_end_is_a_cut() -> None:
    broken = fixture("symdev_list", "bad-row-broken")
    assert (broken.status, broken.counts.unknown) == (Status.PARTIAL, 1)
    assert list(broken.frames["devices"]["device"]) == ["0720", "0722"]
    assert fixture("symdev_list", "bad-breaks-off").status is Status.CUT


# symdev list -pgr


def test_registrations_of_each_device() -> None:
    rows = fixture("symdev_list_pgr", "rows").frames["persistent_reservations"]
    assert values(rows, "device", "key", "initiator", "port", "holder") == [
        ("0328", "8bc3a5d100000001", "210000e08b1e45f9", "07E:0", True),
        ("0328", "8bc3a5d100000001", "210000e08b1e45f9", "08E:0", False),
        ("0328", "8bc3a5d100000002", "210100e08b3e45f9", "07E:0", False),
        ("0329", "8bc3a5d100000001", "210000e08b1e45f9", "07E:0", False),
    ]
    paragraphs = fixture("symdev_list_pgr", "paragraphs").frames["persistent_reservations"]
    row = ("0720", "14C:0", True, "Write Exclusive Registrants Only")
    assert values(paragraphs, "device", "port", "holder", "kind")[0] == row


def test_no_registration_is_a_statement_and_one_without_device_is_doubted() -> None:
    assert fixture("symdev_list_pgr", "none").status is Status.NONE
    assert fixture("symdev_list_pgr", "bad-device-lost").status is Status.PARTIAL


def test_a_device_list_under_pgr_is_read_as_one() -> None:
    text = (FIXTURES / "symdev_list" / "four-digits.txt").read_text("utf-8")
    reading = of_text(text.replace("list -range 0328:032B", "list -pgr"))
    assert reading.screen == "symdev_list" and len(reading.frames["devices"]) == 4


# symdev show


def test_a_device_and_the_identity_it_shows() -> None:
    reading = fixture("symdev_show", "target")
    assert reading.status is Status.PARSED
    details = reading.frames["device_details"]
    columns = ("symmetrix", "device", "config", "status", "scsi3_persistent_reserve", "capacity_mb", "tracks", "serial")
    assert values(details, *columns) == [("000194900275", "0328", "TDEV", "RW", True, 8631, 138105, "7500328000")]
    columns = ("wwn", "microcode", "pool", "external_wwn", "external_capacity_mb", "attribute", "encapsulated")
    assert values(details, *columns) == [
        (
            "60000970000194900275533030333238",
            "5876",
            "FLM_FC",
            "60060480000187490076533030373230",
            3750,
            "Non-Exclusive Access, Meta Head",
            False,
        )
    ]
    access = reading.frames["device_access"]
    assert values(access, "symmetrix", "device", "host_access_mode", "line") == [
        ("000194900275", "0328", "Passive", 65)
    ]


def test_devices_one_after_another_and_what_targets_them() -> None:
    reading = fixture("symdev_show", "list-v")
    assert reading.status is Status.PARSED
    columns = ("device", "status", "rdf_role", "is_rdf_target", "copy_target_of", "copy_state")
    assert values(reading.frames["device_details"], *columns) == [
        ("0720", "WD", "R2", True, None, None),
        ("0721", "RW", None, False, "0A10", "Copied"),
        ("0722", "NR", None, False, None, None),
    ]
    assert values(reading.frames["device_access"], "device", "host_access_mode") == [
        ("0720", "Active"),
        ("0721", "Active"),
    ]


def test_the_size_that_is_shown_is_never_taken_for_the_own_one() -> None:
    reading = edited("symdev_show", "target", "    Device Capacity\n", "")
    assert reading.status is Status.PARTIAL
    assert values(reading.frames["device_details"], "capacity_mb", "external_capacity_mb") == [(None, 3750)]


def test_a_device_without_its_first_line_is_not_the_one_above_it() -> None:
    text = (FIXTURES / "symdev_show" / "list-v.txt").read_text("utf-8")
    head, tail = text.split("    Device Physical Name     : Not Visible\n    Device Symmetrix Name    : 0721\n")
    reading = of_text(head + "    Device Symmetrix Name    : 0721\n" + tail)
    assert reading.status is Status.PARTIAL
    assert list(reading.frames["device_details"]["device"]) == ["0720", "0721", "0722"]
    reading = of_text(head + "    Device Physical Name     : Not Visible\n" + tail)
    assert reading.status is Status.PARTIAL
    assert values(reading.frames["device_details"], "device", "capacity_mb")[:2] == [("0720", 3750), (None, 938)]


def test_two_access_modes_for_one_device_are_doubted() -> None:
    reading = edited(
        "symdev_show",
        "target",
        "Host Access Mode         : Passive\n",
        "Host Access Mode : Passive\n    Host Access Mode : Active\n",
    )
    assert reading.status is Status.PARTIAL


def test_a_damaged_access_mode_is_unknown_and_gives_no_row() -> None:
    reading = fixture("symdev_show", "bad-mode-damaged")
    assert (reading.status, reading.counts.unknown) == (Status.PARTIAL, 1)
    assert reading.frames["device_access"].empty


def test_a_filtered_device_proves_nothing_absent() -> None:
    reading = fixture("symdev_show", "bad-filtered")
    assert reading.status is Status.PARTIAL
    assert values(reading.frames["device_details"], "device", "is_rdf_target", "rdf_role") == [("0328", None, None)]


def test_an_open_section_is_cut() -> None:
    assert fixture("symdev_show", "bad-section-cut").status is Status.CUT


# Damage of every kind to every case.


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_damage_loses_no_line_and_invents_no_row(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.splitlines(True)
    whole = {name: len(frame) for _, reading in read(from_text("text", text)) for name, frame in reading.frames.items()}
    for number in range(len(lines)):
        without = "".join(lines[:number] + lines[number + 1 :])
        read(from_text("text", without))
        read(from_text("text", "".join(lines[:number]) + lines[number][: len(lines[number]) // 2]))
        doubled = "".join([*lines[: number + 1], *lines[number:]])
        for _, reading in read(from_text("text", doubled)):
            for name, frame in reading.frames.items():
                more = len(frame) > whole.get(name, 0)
                assert not more or reading.status is not Status.PARSED, f"line {number + 1} doubled: {name}"


@pytest.mark.parametrize(
    ("screen", "old", "new", "table"),
    [
        ("symdev_list_identity", "(MB)", "(Cyl)", "identities"),
        ("symdev_list_identity", "-identity", "-identity -cyl", "identities"),
        ("symdev_list", "(MB)", "(CYL)", "devices"),
        ("symaccess_show_view", "Cap(MB)", "Cap(GB)", "view_devices"),
    ],
)
def test_sizes_in_another_unit_than_mb_are_no_sizes(screen: str, old: str, new: str, table: str) -> None:
    paths = [path for path in sorted((FIXTURES / screen).glob("*.txt")) if old in path.read_text()]
    path = next(path for path in paths if not path.name.startswith("bad-") and "xml" not in path.name)
    good, other = of_text(path.read_text()), of_text(path.read_text().replace(old, new))
    assert good.frames[table]["capacity_mb"].notna().any() and good.status is Status.PARSED
    assert other.frames[table]["capacity_mb"].isna().all() and other.status is Status.PARTIAL
    assert len(other.frames[table]) == len(good.frames[table])
