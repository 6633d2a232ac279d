"""Answers as XML (`-output xml_e`): the same tables as from text, every line owned, nothing hostile believed."""

import pytest

from flmparse.reading.xml_tree import DEEPEST, parse
from flmparse.screens import Status
from flmparse.text.capture import from_text
from tests.screens.captures import edited, fixture, fixture_text, from_corpus, of_text, read, values


def test_a_view_that_tells_its_rows_twice_gives_each_once() -> None:
    views = fixture("symaccess_show_view", "xml-told-twice").frames
    columns = ("device", "port", "host_lun", "capacity_mb")
    assert values(views["view_devices"], *columns) == [
        ("0328", "07E:0", 1, 8631),
        ("0328", "08E:0", 1, 8631),
        ("0329", "07E:0", 10, 4315),
        ("0329", "08E:0", 10, 4315),
    ]
    bare = fixture("symaccess_show_view", "xml-bare-rows").frames
    assert values(bare["view_devices"], *columns) == values(views["view_devices"], *columns)
    assert values(views["view_initiators"], "wwn", "alias") == [
        ("210000e08b1e45f9", "node1/hba0"),
        ("210100e08b3e45f9", "node2/hba1"),
    ]
    assert values(views["view_ports"], "port") == [("07E:0",), ("08E:0",)]


def test_the_real_view_has_the_rows_that_were_counted() -> None:
    reading = from_corpus("masking/symaccess-xml-list-view-detail")
    assert {name: len(frame) for name, frame in reading.frames.items()} == {
        "masking_views": 1,
        "view_initiators": 2,
        "view_ports": 2,
        "view_devices": 44,
    }
    luns = reading.frames["view_devices"].drop_duplicates("device")["host_lun"].tolist()
    assert luns == [1, 2, 3, 4, 5, 6, 8, 9, 10, 13, 14]


def test_the_real_device_is_told_whole() -> None:
    reading = from_corpus("symcli/symdev_show_xml_r1tdev")
    told = reading.frames["device_details"].iloc[0]
    assert (told["device"], told["rdf_role"], told["rdf_pair_state"]) == ("031E", "R1", "Synchronized")
    assert (told["capacity_mb"], told["external_capacity_mb"], told["tracks"]) == (332801, 332801, 2662410)
    assert bool(told["scsi3_persistent_reserve"]) and reading.status is Status.PARSED
    assert values(reading.frames["device_access"], "device", "host_access_mode", "line") == [("031E", "Active", 40)]


def test_devices_tell_sessions_identity_and_access() -> None:
    frames = fixture("symdev_show", "xml").frames
    assert values(frames["device_details"], "device", "is_rdf_target", "copy_target_of", "external_capacity_mb") == [
        ("0328", False, None, 3750),
        ("0329", False, "0120", 3750),
        ("032A", True, None, 938),
    ]
    assert values(frames["device_access"], "device", "host_access_mode") == [("0328", "Passive"), ("0329", "Passive")]


def test_flags_of_ports_are_read_from_their_elements() -> None:
    ports = fixture("symcfg_list_fa", "xml").frames["front_end_ports"]
    assert values(ports, "port", "wwn", "aclx", "status") == [
        ("07E:0", "50000972c0044d18", True, "Online"),
        ("07E:1", "50000972c0044d19", None, "Offline"),
        ("08E:0", "50000972c0044d1c", False, "Online"),
    ]


def test_attributes_tell_what_elements_tell() -> None:
    frame = fixture("symdev_list", "xml-attributes").frames["devices"]
    assert values(frame, "symmetrix", "device", "sa_port", "status", "capacity_mb") == [
        ("000194900275", "0328", "07E:0", "RW", 8631)
    ]


def test_a_document_that_lists_nothing_says_so_whatever_was_asked() -> None:
    nothing = fixture_text("symdev_list", "xml").split("\n", 1)[1]
    nothing = nothing[: nothing.index("    <Device>")] + "  </Symmetrix>\n</SymCLI_ML>\n"
    assert [(r.screen, r.status) for r in read(from_text("x", nothing))] == [(None, Status.NONE)]
    asked = f"C:\\>symdev -sid 275 list -meta -output xml_e\n{nothing}"
    assert [(r.screen, r.status) for r in read(from_text("x", asked))] == [("symdev_list", Status.NONE)]
    unasked = f"C:\\>symrdf -sid 275 list -output xml_e\n{nothing}"
    (unread,) = read(from_text("x", unasked))
    assert (unread.screen, unread.status, unread.rows) == ("symrdf", Status.PARTIAL, 0)
    assert "replication_sessions" in unread.frames, "its tables are there: this answer may be the newest"


_ARRAY = "<Symmetrix>\n<Symm_Info>\n<symid>000194900275</symid>\n</Symm_Info>\n"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<error>The device file could not be opened</error>\n",
        f"{_ARRAY}<message>no gatekeeper available</message>\n</Symmetrix>\n",
        f"{_ARRAY}<status>Failed</status>\n</Symmetrix>\n",
        f"{_ARRAY}<anything>1</anything>\n</Symmetrix>\n",
        "<Symmetrix>\n<symid>000194900275</symid>\n</Symmetrix>\n",
        _ARRAY.replace("</Symm_Info>", "<error_code>12</error_code>\n</Symm_Info>") + "</Symmetrix>\n",
    ],
)
@pytest.mark.parametrize("command", ["symdev -sid 275 list", "symrcopy -sid 275 list", "symaccess -sid 275 list view"])
def test_an_error_document_is_no_empty_list(command: str, body: str) -> None:
    reading = of_text(f"C:\\> {command} -output xml_e\n<SymCLI_ML>\n{body}</SymCLI_ML>\nC:\\>\n")
    assert reading.status is Status.PARTIAL and reading.none_line is None


@pytest.mark.parametrize("empty", [""])
def test_the_array_alone_or_with_an_empty_list_is_none_and_is_cited(empty: str) -> None:
    document = f"<SymCLI_ML>\n{_ARRAY}{empty}</Symmetrix>\n</SymCLI_ML>\n"
    reading = of_text(f"C:\\> symaccess -sid 275 list view -output xml_e\n{document}C:\\>\n")
    assert (reading.status, reading.none_line) == (Status.NONE, 3)


def test_sessions_in_xml_are_facts_and_prove_nothing() -> None:
    pair = "<control>000194900275:0328</control>\n<remote>000187490076:0720</remote>\n<state>Failed</state>\n"
    document = f"<SymCLI_ML>\n{_ARRAY}<RCopy_Pair>\n{pair}</RCopy_Pair>\n</Symmetrix>\n</SymCLI_ML>\n"
    query = of_text(f"C:\\> symrcopy -f win_flm query -output xml_e\n{document}C:\\>\n")
    columns = ("control_symmetrix", "control_device", "remote_device", "status", "line")
    assert values(query.frames["session_pairs"], *columns) == [("000194900275", "0328", "0720", "Failed", 7)]
    assert query.status is Status.PARTIAL
    listed = of_text(f"C:\\> symrcopy -sid 275 list -output xml_e\n{document}C:\\>\n")
    assert values(listed.frames["replication_sessions"], "device", "state") == [("0328", "Failed")]
    assert values(listed.frames["replication_listings"], "sessions", "complete") == [(1, False)]
    assert listed.status is Status.PARTIAL


def test_output_and_command_that_disagree_are_named() -> None:
    reading = edited("symdev_list", "xml", "symdev -sid 275 list", "symaccess -sid 275 list")
    assert reading.screen == "symdev_list"
    assert [oddity.kind for oddity in reading.oddities] == ["mismatch"]


def test_a_document_type_is_refused_and_nothing_of_it_is_believed() -> None:
    reading = fixture("symdev_show", "bad-xml-doctype")
    assert (reading.status, reading.rows) == (Status.PARTIAL, 0)
    assert any("document type" in oddity.text for oddity in reading.oddities)


@pytest.mark.parametrize(
    "old, new",
    [
        ("<host_access_mode>Passive</host_access_mode>", "<host_access_mode>&mode;</host_access_mode>"),
        ("<host_access_mode>Passive</host_access_mode>", "<host_access_mode>Passive</host_acces_mode>"),
        ("<host_access_mode>Passive</host_access_mode>", "<host_access_mode>Sleeping</host_access_mode>"),
        ("        <dev_name>0328</dev_name>\n", ""),
        ("      <Flags>", "      ......\n      <Flags>"),
        ("<type>R2</type>", "<typ>R2</typ>"),
        ("</SymCLI_ML>\n", "</SymCLI_ML> trailing\n"),
        ("<tracks>138096</tracks>", "<tracks>138096</tracks><tracks>138096</tracks>"),
        ("<Capacity>", "<Capacities>"),
        ("<service_state>Normal", "<snapvx_target>True</snapvx_target><service_state>Normal"),
    ],
)
def test_damage_makes_a_document_partial(old: str, new: str) -> None:
    assert edited("symdev_show", "xml", old, new).status in (Status.PARTIAL, Status.CUT)


def test_a_lost_row_of_bare_siblings_is_not_lost_silently() -> None:
    reading = edited("symaccess_show_view", "xml-bare-rows", "          <director>08E</director>\n", "")
    assert reading.status is Status.PARTIAL


def test_a_cut_document_keeps_no_value_that_may_lack_its_end() -> None:
    text = fixture_text("symcfg_list_tdev", "xml")
    reading = of_text(text[: text.index("138096") + 3])
    assert reading.status is Status.CUT
    assert reading.frames["thin_devices"]["total_tracks"].isna().all()


def test_bottomless_nesting_ends_the_reading() -> None:
    found = parse("<SymCLI_ML>" + "<a>\n" * 100_000)
    assert len(found.roots) == 1 and "nested deeper" in found.problems[0][1]
    assert DEEPEST < 100


def test_a_declared_encoding_does_not_matter_to_text_that_is_decoded() -> None:
    text = fixture_text("symdg_list", "xml").replace("FLM_DG", "FLM_Größe")
    declared = text.replace('standalone="yes"', 'encoding="UTF-16"')
    assert of_text(declared).frames["device_groups"]["device_group"].tolist() == ["FLM_Größe", "MSTP_BCV"]


def test_two_documents_below_one_command_are_both_read() -> None:
    text = fixture_text("symcfg_list", "xml-no-declaration")
    reading = of_text(text + text.replace("000194900275", "000194900276").replace("000187490076", "000187490077"))
    assert reading.status is Status.PARSED
    assert reading.frames["arrays"]["symmetrix"].tolist() == [
        "000194900275", "000187490076", "000194900276", "000187490077",
    ]  # fmt: skip
