"""Fibre channel switches: zones, name servers, ports; the public captures with the rows that were counted by hand."""

import pytest

import flmparse
from flmparse.collection import SE_HOST
from flmparse.manifest import parse as manifest_of
from flmparse.screens import Status
from flmparse.text.capture import from_text
from tests.screens.captures import edited, fixture, from_corpus, of_text, read, values


def test_zones_as_defined_and_as_enforced() -> None:
    frames = fixture("zoneshow", "cfgshow").frames
    sets = frames["zone_sets"]
    assert values(sets[sets["scope"] == "active"], "zone_set", "zone") == [
        ("FLM_A", "z_exch01_a"),
        ("FLM_A", "z_flm_a"),
    ]
    members = frames["zone_members"]
    assert values(members[members["zone"] == "z_unused"], "scope", "member") == [("defined", None)]
    assert values(members[members["zone"] == "z_tape"], "member", "member_kind") == [("1,7", "port"), ("2,15", "port")]
    assert values(frames["zone_aliases"], "alias", "wwn")[3:] == [
        ("vmax275_07e0", "50000972c0044d18"),
        ("vmax275_07e0", "50000972c0044d1c"),
    ]


def test_members_below_a_damaged_name_belong_to_no_zone() -> None:
    reading = fixture("zoneshow", "bad-zone-name-damaged")
    assert reading.status is Status.PARTIAL
    assert "z_flm_a" not in set(reading.frames["zone_members"]["zone"])


def test_zones_below_a_damaged_heading_are_neither_defined_nor_active() -> None:
    reading = edited("zoneshow", "cfgshow", "Effective configuration:", "Eff?ctive configuration:")
    members = reading.frames["zone_members"]
    assert reading.status is Status.PARTIAL
    assert members[members["wwn"] == "5006048449aee08d"]["scope"].isna().all()


def test_no_zone_set_in_effect_is_a_statement() -> None:
    sets = fixture("zoneshow", "none-in-effect").frames["zone_sets"]
    assert values(sets, "scope", "zone_set") == [("defined", None), ("active", None)]


def test_a_member_without_a_star_is_not_logged_in() -> None:
    members = fixture("show_zone", "zoneset-active").frames["zone_members"]
    assert values(members, "member", "logged_in")[1:3] == [
        ("50:00:09:72:c0:04:4d:18", True),
        ("50:06:04:84:49:ae:e0:8d", False),
    ]


def test_an_fcalias_ends_where_its_members_do() -> None:
    aliases = fixture("show_zone", "zone-defined").frames["zone_aliases"]
    assert values(aliases[aliases["kind"] == "fcalias"], "alias", "wwn") == [
        ("vmax_flm", "50000972c0044d18"),
        ("vmax_flm", "50000972c0044d1c"),
    ]


def test_zones_without_a_command_or_star_are_not_taken_for_active() -> None:
    reading = of_text("zone name z_a vsan 10\n  pwwn 10:00:00:00:c9:5a:11:08\n")
    assert reading.status is Status.PARTIAL
    assert reading.frames["zone_members"]["scope"].isna().all()


def test_an_active_zone_set_is_told_by_its_command() -> None:
    reading = read(from_text("x", "mds-a# show zoneset active\nzoneset name S vsan 1\n  zone name Z vsan 1\n"
                                  "    pwwn 10:00:00:00:c9:5a:11:08\nmds-a# \n"))[0]  # fmt: skip
    assert values(reading.frames["zone_members"], "scope", "logged_in") == [("active", False)]
    assert values(reading.frames["zone_sets"], "switch", "zone_set", "zone") == [("mds-a", "S", "Z")]


def test_ports_of_a_switch() -> None:
    frames = fixture("switchshow", "director-slots").frames
    assert values(frames["switch_ports"], "port", "address", "state") == [
        ("2/0", "041000", "Online"),
        ("3/0", "048000", "No_Sync"),
        ("3/1", None, "No_Module"),
    ]
    assert values(frames["switches"], "switch", "fabric_id", "zoning", "zone_set") == [("DCX_A", 10, False, None)]


def test_counters_of_old_and_new_releases_agree_on_their_names() -> None:
    columns = ("crc_err", "enc_out", "disc_c3", "link_fail", "loss_sync", "loss_sig")
    new = fixture("porterrshow", "fifteen-columns").frames["port_errors"]
    assert values(new, *columns)[1] == (3, 1500, 12, 2, 4, 5)
    old = fixture("porterrshow", "old-fourteen").frames["port_errors"]
    assert values(old, *columns) == [(0, 1_500_000, 0, 7, 3, 1)]


@pytest.mark.parametrize(
    ("prompt", "switch"),
    [("SW01:admin> ", "SW01"), ("SW01:FID128:admin> ", "SW01"), ("mds-a# ", "mds-a"), ("mds-a(config)# ", "mds-a")],
)
def test_a_switch_is_told_by_its_prompt_and_is_no_node(prompt: str, switch: str) -> None:
    command = "show device-alias database" if "#" in prompt else "alishow"
    text = f"{prompt}{command}\n alias: a\n    10:00:00:00:c9:5a:11:08\n{prompt}\n"
    (output,) = flmparse.collection.read_capture(
        from_text("EXCH01.txt", text), manifest_of(b'[[node]]\nname="EXCH01"\n'), 0
    )
    assert output.node is None
    assert output.block.switch == switch
    assert output.block.closed


def test_a_word_with_a_hash_is_no_prompt_of_a_switch() -> None:
    text = "[root@exch01 ~]# powermt display\nmds-a#\n"
    outputs = flmparse.collection.read_capture(from_text("x", text), manifest_of(b""), 0)
    assert [output.block.switch for output in outputs] == [None]


def test_what_runs_below_a_switch_s_session_is_of_the_computer_again() -> None:
    text = "[root@sehost ~]# ssh admin@SW01\nSW01:admin> alishow\n alias: a\n    10:00:00:00:c9:5a:11:08\nSW01:admin> exit\n[root@sehost ~]# symcli\n"
    outputs = flmparse.collection.read_capture(from_text(f"{SE_HOST}/x", text), manifest_of(b""), 0)
    assert [output.node for output in outputs] == [SE_HOST, None, None, SE_HOST]


# -------------------------------------------------------------------------------------------- the public captures


def distinct(name: str, table: str, column: str, scope: str | None = None) -> int:
    frame = from_corpus(f"host-san/{name}").frames[table]
    return int((frame if scope is None else frame[frame["scope"] == scope])[column].nunique())


@pytest.mark.parametrize(
    ("name", "table", "column", "scope", "count"),
    [
        ("brocade-cfgshow-mixed-separators", "zone_sets", "zone_set", "defined", 1),
        ("brocade-cfgshow-mixed-separators", "zone_members", "zone", "defined", 4),
        ("brocade-cfgshow-mixed-separators", "zone_aliases", "alias", None, 4),
        ("brocade-cfgshow-mixed-separators", "zone_members", "zone", "active", 3),
        ("brocade-zoneshow-fos7-crlf", "zone_sets", "zone_set", "defined", 11),
        ("brocade-zoneshow-fos7-crlf", "zone_members", "zone", "defined", 13),
        ("brocade-zoneshow-fos7-crlf", "zone_aliases", "alias", None, 30),
        ("brocade-zoneshow-fos7-crlf", "zone_sets", "zone_set", "active", 1),
        ("brocade-zoneshow-fos7-crlf", "zone_members", "zone", "active", 11),
        ("brocade-zoneshow-dmx-excerpts", "zone_aliases", "alias", None, 3),
        ("brocade-zoneshow-dmx-excerpts", "zone_members", "zone", None, 1),
        ("brocade-fabricshow-4", "fabric_switches", "domain", None, 4),
        ("brocade-switchshow-fid128-slots", "switch_ports", "port", None, 5),
        ("brocade-switchshow-tabs-simport", "switch_ports", "port", None, 40),
        ("cisco-zoneset-active-pure", "zone_members", "member", "active", 4),
        ("cisco-zone-active-device-alias", "zone_members", "member", "active", 2),
        ("cisco-device-alias-12", "zone_aliases", "alias", None, 12),
    ],
)
def test_a_public_capture_has_what_was_counted_by_hand(
    name: str, table: str, column: str, scope: str | None, count: int
) -> None:
    assert distinct(name, table, column, scope) == count


def test_public_logins() -> None:
    flogi = from_corpus("host-san/cisco-flogi-database-21").frames["fabric_logins"]
    assert len(flogi) == 21
    assert values(flogi[flogi["alias"].isna()], "interface", "wwn") == [("fc1/45", "aabbccddeeff0110")]
    assert (flogi["interface"] == "fc1/45").sum() == 10
    fcns = from_corpus("host-san/cisco-fcns-domain-vmax").frames["fabric_logins"]
    assert values(fcns, "wwn", "alias", "device_type")[3] == ("500009720824311c", "VMAX_316_8E_P0", "scsi-fcp:both 253")
    assert fcns["symbol"].isna().sum() == 2


def test_a_public_alias_may_stand_for_several_ports() -> None:
    aliases = from_corpus("host-san/brocade-zoneshow-dmx-excerpts").frames["zone_aliases"]
    assert values(aliases, "alias", "wwn")[0] == ("DMX0197_8A0", "5006048452a4f947")
    assert (aliases["alias"] == "EVA04").sum() == 4


def test_a_public_alias_that_is_no_wwn_is_refused() -> None:
    reading = from_corpus("host-san/cisco-device-alias-12")
    assert reading.status is Status.PARTIAL
    assert reading.frames["zone_aliases"]["wwn"].isna().sum() == 1
