"""No value is carried down past a line that was not understood: a damaged heading never gives its rows to what stood above."""

import pytest

from flmparse.screens import Reading, Status
from tests.screens.captures import fixture_text, of_text, values


def damaged(text: str, old: str, new: str) -> tuple[Reading, int]:
    """Return the reading of a text with a piece of it spoilt, and the line that was spoilt."""
    assert text.count(old) == 1, "the edit is not one"
    line = text[: text.index(old)].count("\n") + 1
    reading = of_text(text.replace(old, new))
    assert (reading.status, reading.counts.unknown) == (Status.PARTIAL, 1)
    assert [(part.first_line, part.last_line) for part in reading.unknown] == [(line, line)]
    return reading, line


def doubts(reading: Reading) -> list[tuple[int, str]]:
    return [(oddity.line, oddity.text) for oddity in reading.oddities]


def twice(text: str, old: str, new: str) -> str:
    """Return an output, and below it the same of another array."""
    output = text.split("\n", 1)[1].rsplit("\nC:\\>", 1)[0].strip("\n")
    return f"{output}\n\n{output.replace(old, new)}\n"


def test_a_further_row_is_not_given_to_the_device_above_a_damaged_one() -> None:
    text = (
        "C:\\> symmaskdb -sid 233 list assignment -devs 0A41,0A5C\n\nSymmetrix ID : 000187490233\n\n"
        "Device  Identifier          Type  Dir:P\n-----  -----\n"
        "0A41    210000e08b2a6c10  FIBRE  FA-14C:0\n"
        "0A5C    210000e08b2a6d84  FIBRE  FA-14C:0\n"
        "        2101aae08b4a6d84  FIBRE  FA-3C:0\n\nC:\\>\n"
    )
    reading, line = damaged(text, "0A5C    21", "0A?C    21")
    assert doubts(reading) == [(line + 1, "a further row without the device it belongs to")]
    assert values(reading.frames["mask_assignments"], "symmetrix", "device", "wwn", "line") == [
        ("000187490233", "0A41", "210000e08b2a6c10", 7),
        ("000187490233", None, "2101aae08b4a6d84", 9),
    ]


def test_lines_left_out_end_a_device_too() -> None:
    text = fixture_text("symmaskdb_list_assignment", "hosts-and-ports").replace(
        "        50000972c00b4859", "...\n        50000972c00b4859"
    )
    reading = of_text(text)
    assert reading.status is Status.PARTIAL
    assert values(reading.frames["mask_assignments"], "device") == [("01F3",), (None,), ("01F4",)]


def test_a_further_port_is_not_given_to_the_device_above_a_damaged_one() -> None:
    text = fixture_text("symaccess_show_view", "ports-cap-alias-lun-hex")
    reading, line = damaged(text, "0A11   07F:0", "0A1?   07F:0")
    assert doubts(reading) == [(line + 1, "a row of a further port without its device")]
    assert values(reading.frames["view_devices"], "view", "device", "port") == [
        ("MAIL_MV", "0A10", "07F:0"),
        ("MAIL_MV", "0A10", "08F:1"),
        ("MAIL_MV", None, "08F:1"),
    ]


def test_a_registration_is_not_given_to_the_device_above_a_damaged_one() -> None:
    further = "       8BC3A5D100000002  210100e08b3e45f9  08E:0   .\n\nC:\\>"
    text = fixture_text("symdev_list_pgr", "rows").replace("\nC:\\>", further)
    reading, line = damaged(text, "0329   8BC3", "03?9   8BC3")
    assert doubts(reading) == [(line + 1, "a registration without its device")]
    assert values(reading.frames["persistent_reservations"], "device") == [*[("0328",)] * 3, (None,)]
    reading, line = damaged(fixture_text("symdev_list_pgr", "rows"), "0328   8BC3", "03?8   8BC3")
    assert [place for place, _ in doubts(reading)] == [line + 1, line + 2]
    assert values(reading.frames["persistent_reservations"], "symmetrix", "device") == [
        ("000194900275", None),
        ("000194900275", None),
        ("000194900275", "0329"),
    ]


def test_a_paragraph_is_not_given_to_the_device_above_a_damaged_one() -> None:
    text = fixture_text("symdev_list_pgr", "paragraphs")
    paragraph = text[text.index("  Device Symmetrix Name") : text.index("\nC:\\>", 9)]
    text = text.replace(paragraph, f"{paragraph}\n{paragraph.replace(': 0720', ': 07G1').replace('0002', '0003')}")
    reading, _ = damaged(text, ": 07G1", ": 07G1")
    assert values(reading.frames["persistent_reservations"], "device") == [("0720",), ("0720",), (None,), (None,)]


@pytest.mark.parametrize(
    ("screen", "case", "table", "name"),
    [
        ("symdev_list_identity", "native-and-meta", "identities", "000195701234"),
        ("symmaskdb_list_assignment", "hosts-and-ports", "mask_assignments", "000190102211"),
        ("symaccess_list_devinfo", "two-groups", "initiator_group_devices", "000194900275"),
        ("symaccess_list_logins", "long", "logins", "000194900275"),
        ("symdev_list_pgr", "rows", "persistent_reservations", "000194900275"),
        ("symsan_list", "sanluns", "san_luns", "000194900275"),
    ],
)
def test_rows_below_a_damaged_heading_have_no_array(screen: str, case: str, table: str, name: str) -> None:
    text = twice(fixture_text(screen, case), name, "000187490076")
    rows = len(of_text(text).frames[table])
    reading, _ = damaged(text, "000187490076\n", "0001874?0076\n")
    arrays = [array for (array,) in values(reading.frames[table], "symmetrix")]
    assert arrays == [name] * (rows // 2) + [None] * (rows // 2)
    lines = reading.frames[table]["line"].tolist()
    doubt = "stands below lines that were not understood: which symmetrix is not certain"
    assert (lines[rows // 2], doubt) in doubts(reading)


def test_a_damaged_row_costs_that_row_only() -> None:
    text = twice(fixture_text("symdev_list_identity", "native-and-meta"), "000195701234", "000187490076")
    reading, _ = damaged(text.replace("0A11", "0A1G", 1), "0A1G", "0A1G")
    assert doubts(reading) == []
    assert values(reading.frames["identities"], "symmetrix", "device") == [
        ("000195701234", "0A10"),
        ("000195701234", "0A12"),
        *(("000187490076", device) for device in ("0A10", "0A11", "0A12")),
    ]


def test_luns_below_a_damaged_port_have_no_port() -> None:
    text = fixture_text("symsan_list", "sanluns")
    start, end = text.index("Remote Port"), text.index("\nLegend")
    part = text[start:end]
    second = (
        part.replace("5006048449AEE08D", "5006048449AEE0?E").replace("0720 6006", "0721 6006").replace("07E9", "07EA")
    )
    reading, line = damaged(text[:end] + "\n" + second + text[end:], "5006048449AEE0?E", "5006048449AEE0?E")
    ports = [port for (port,) in values(reading.frames["san_luns"], "remote_port_wwn")]
    assert ports == ["5006048449aee08d"] * 2 + [None] * 2
    assert any(place > line and "remote port wwn" in text for place, text in doubts(reading))


def test_what_follows_a_whole_view_is_not_given_to_it() -> None:
    text = fixture_text("symaccess_show_view", "ports-cap-alias-lun-hex")
    view = text[text.index("Masking View Name") :].rstrip("\n")
    second = view.replace("Name           : MAIL_MV", "Nam?           : NEXT_MV")
    reading, line = damaged(f"{text.rstrip()}\n\n{second}\n", "Nam?           : N", "Nam?           : N")
    assert values(reading.frames["masking_views"], "view") == [("MAIL_MV",)]
    assert values(reading.frames["view_initiators"], "view", "wwn")[2:] == [
        (None, "10000000c9aa0001"),
        (None, "10000000c9aa0002"),
    ]
    assert values(reading.frames["view_devices"], "view", "device")[4:6] == [(None, "0A10"), (None, "0A10")]
    assert (line + 1, "stands above the name of its view") in doubts(reading)


def test_logins_below_a_damaged_director_have_no_port() -> None:
    reading, _ = damaged(fixture_text("symaccess_list_logins", "long"), "FA-8E\n", "FA-?E\n")
    assert values(reading.frames["logins"], "port", "wwn") == [
        ("07E:0", "210000e08b1e45f9"),
        ("07E:0", "210100e08b3e45f9"),
        (None, "210000e08b1e45f9"),
    ]


def test_members_below_a_damaged_group_have_no_group() -> None:
    reading, _ = damaged(fixture_text("symaccess_list_devinfo", "two-groups"), "Name  : EMPTY_IG", "Nam?  : EMPTY_IG")
    members = values(reading.frames["initiator_group_members"], "symmetrix", "initiator_group", "wwn")
    assert members[-1] == ("000194900275", None, "210100e08b3e45f9")
    assert members[0][1] == "FLM_CLUSTER_IG"


def test_a_group_of_rdf_is_not_given_to_the_director_above_a_damaged_one() -> None:
    text = fixture_text("symcfg_list_ra", "continued").replace("RF-8H   08H", "RF-8H   0?H")
    further = "                                    -   000192601111  30 (1D)  31 (1E)\n"
    text = text.replace("Offline\n", "Offline\n" + further)
    reading, line = damaged(text, "RF-8H   0?H", "RF-8H   0?H")
    assert values(reading.frames["rdf_directors"], "director", "rdf_group") == [("07H", 2), ("07H", 20), (None, 30)]
    assert doubts(reading) == [(line + 1, "a further RDF group without its director")]


def test_pairs_below_a_damaged_heading_have_no_array() -> None:
    text = twice(fixture_text("symclone", "list"), "000187490076", "000194900275").replace(
        "000194900275", "0001949?0275"
    )
    reading, _ = damaged(text, "0001949?0275", "0001949?0275")
    sessions = values(reading.frames["replication_sessions"], "symmetrix")
    assert sessions == [("000187490076",)] * 4 + [(None,)] * 4
    assert any("sessions without the array" in text for _, text in doubts(reading))


def test_rows_do_not_stand_under_a_heading_above_a_damaged_one() -> None:
    text = fixture_text("get_clusterresource", "table").replace(
        "\nPS C:\\>\n",
        "\nName                State               OwnerNode\n----                ?----               ---------\n"
        "Cluster Disk 3      Online              EXCH01\n\nPS C:\\>\n",
    )
    reading = of_text(text)
    assert reading.counts.unknown == 2
    assert len(reading.frames["cluster_resources"]) == 3
    assert [text for _, text in doubts(reading)] == ["a row that does not stand under the columns of its heading"]
