"""What symclone, symsnap, symmir, symrdf, symrcopy list and symdg say of sessions and groups, value by value."""

import pytest

from flmparse.screens import Status
from tests.screens.captures import edited, fixture, from_corpus, of_text, values

SESSION = ("symmetrix", "device", "kind", "role", "partner_symmetrix", "partner_device", "state", "scope", "rdf_group")
LISTING = ("symmetrix", "symmetrix_suffix", "kind", "scope", "whole_array", "sessions", "complete")


@pytest.mark.parametrize(
    ("name", "screen", "table", "rows", "status", "unknown"),
    [
        # Masked serials (000xxxxxx316) prove no array, so their blocks are partial.
        ("symclone_query_created_totals", "symclone", "replication_sessions", 4, Status.PARTIAL, 0),
        ("symclone_query_no_session", "symclone", "replication_sessions", 0, Status.PARSED, 0),
        ("symmir_query_split_totals", "symmir", "replication_sessions", 22, Status.PARTIAL, 0),
        # A line of dots stands for rows left out.
        ("symrdf_list_r2", "symrdf", "replication_sessions", 4, Status.PARTIAL, 0),
        ("symrdf_query_synchronized_totals", "symrdf", "replication_sessions", 2, Status.PARTIAL, 0),
        ("symclone_activate_transcript", "timefinder_operation", "operations", 1, Status.PARSED, 0),
        ("symclone_create_prompt_transcript", "timefinder_operation", "operations", 1, Status.PARSED, 0),
        ("symrdf_createpair_transcript", "symrdf_operation", "operations", 1, Status.PARSED, 0),
        ("symrdf_failover_transcript", "symrdf_operation", "operations", 1, Status.PARSED, 0),
        ("symdg_list_7groups", "symdg_list", "device_groups", 7, Status.PARTIAL, 0),
        ("symdg_show_clonepg", "symdg_show", "device_group_devices", 5, Status.PARTIAL, 0),
        ("symdg_show_rdf1_full", "symdg_show", "device_group_devices", 4, Status.PARTIAL, 0),
    ],
)
def test_a_real_capture_has_the_rows_counted_by_hand(
    name: str, screen: str, table: str, rows: int, status: Status, unknown: int
) -> None:
    reading = from_corpus(f"symcli/{name}")
    assert (reading.screen, reading.status) == (screen, status)
    assert len(reading.frames[table]) == rows
    assert reading.counts.unknown == unknown


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("symclone_query_created_totals", 2),
        ("symclone_query_no_session", 0),
        ("symmir_query_split_totals", 11),
        ("symrdf_list_r2", 4),
        ("symrdf_query_synchronized_totals", 1),
    ],
)
def test_a_real_listing_counts_its_pairs(name: str, pairs: int) -> None:
    assert list(from_corpus(f"symcli/{name}").frames["replication_listings"]["sessions"]) == [pairs]


def test_real_sessions() -> None:
    clones = from_corpus("symcli/symclone_query_created_totals").frames["replication_sessions"]
    assert values(clones, *SESSION, "line")[3] == (
        "000xxxxxx316", "1E38", "clone", "target", "000xxxxxx316", "0E29", "Created", "clonegp", None, 15,
    )  # fmt: skip
    mirrors = from_corpus("symcli/symmir_query_split_totals").frames["replication_sessions"]
    assert values(mirrors, "device", "role", "partner_device", "state")[21] == ("08AA", "target", "01CD", "Split")
    listed = from_corpus("symcli/symrdf_list_r2").frames["replication_sessions"]
    assert values(listed, "device", "role", "partner_device", "state", "rdf_group")[2] == (
        "0B57", "target", "0DF9", "Suspended", 105,
    )  # fmt: skip
    # Asked from the R2 side: the left half is the target.
    queried = from_corpus("symcli/symrdf_query_synchronized_totals").frames["replication_sessions"]
    assert values(queried, "device", "role", "partner_device", "state", "rdf_group") == [
        ("0B59", "target", "0FE5", "Synchronized", 110),
        ("0FE5", "source", "0B59", "Synchronized", 110),
    ]


def test_real_groups() -> None:
    groups = from_corpus("symcli/symdg_list_7groups").frames["device_groups"]
    assert values(groups, "device_group", "kind", "valid", "device_count", "bcv_count")[5] == (
        "dg_timetest_02", "RDF1", True, 16, 16,
    )  # fmt: skip
    shown = from_corpus("symcli/symdg_show_rdf1_full").frames
    assert values(shown["device_group_devices"], "section", "logical_name", "device", "capacity_mb")[3] == (
        "BCV Devices Locally-associated", "BCV002", "08A9", 8714,
    )  # fmt: skip
    properties = values(shown["device_group_properties"], "section", "property", "value")
    assert ("Device Group RDF Information", "RDF Pair State ( R1 <===> R2 )", "Synchronized") in properties
    assert ("RDFA Information", "Time that R2 is behind R1", "00:00:00") in properties


def test_real_operations_never_bear_the_names_of_steps() -> None:
    told = {
        "symclone_activate_transcript": ("symclone activate", True),
        "symclone_create_prompt_transcript": ("symclone create", True),
        "symrdf_createpair_transcript": ("symrdf create pair", True),
        "symrdf_failover_transcript": ("symrdf failover", True),
    }
    for name, step in told.items():
        operations = from_corpus(f"symcli/{name}").frames["operations"]
        assert values(operations, "operation", "succeeded") == [step]


def test_a_pair_of_one_array_gives_both_devices() -> None:
    reading = fixture("symclone", "query")
    array = "000187490076"
    assert values(reading.frames["replication_sessions"], *SESSION)[:2] == [
        (array, "0720", "clone", "source", array, "0A10", "CopyInProg", "erp_clones", None),
        (array, "0A10", "clone", "target", array, "0720", "CopyInProg", "erp_clones", None),
    ]
    assert values(reading.frames["replication_listings"], *LISTING) == [
        (array, None, "clone", "erp_clones", False, 2, True)
    ]


def test_a_list_tells_of_the_whole_array_only_without_filters() -> None:
    array = "000187490076"
    whole = fixture("symclone", "list").frames["replication_listings"]
    assert values(whole, *LISTING) == [(array, "076", "clone", "array", True, 2, True)]
    for command in ("list -devs 0720", "list | findstr 0720", "list -rdfg 3"):
        some = edited("symclone", "list", "symclone -sid 076 list", f"symclone -sid 076 {command}")
        assert list(some.frames["replication_listings"]["whole_array"]) == [False], command
    unknown = edited("symclone", "list", "C:\\> symclone -sid 076 list\n", "")
    assert values(unknown.frames["replication_listings"], "whole_array") == [(None,)]


def test_listed_and_none_differs_from_not_captured() -> None:
    for screen, case, suffix, scope, whole in (
        ("symclone", "list-none", "275", "array", True),
        ("symclone", "no-session", None, "erp_clones", False),
        ("symsnap", "list-empty", "076", "array", True),
        ("symrdf", "list-none", "275", "array", True),
        ("symrdf", "no-devices", None, "erp_dr", False),
        ("symrcopy_list", "none", "275", "array", True),
    ):
        reading = fixture(screen, case)
        assert reading.status is Status.PARSED
        columns = ("symmetrix_suffix", "scope", "whole_array", "sessions", "complete")
        assert values(reading.frames["replication_listings"], *columns) == [(suffix, scope, whole, 0, True)], case


def test_an_error_is_no_listing() -> None:
    for said in ("Access denied by the host", "No such device group", "Cannot open the SYMAPI database"):
        reading = of_text(f"C:\\> symrdf -sid 275 list\n\n{said}\n\nC:\\>\n")
        assert not len(reading.frames["replication_listings"]), said
        assert not reading.status.usable, said


def test_an_empty_table_at_the_end_of_a_file_is_not_complete() -> None:
    text = "C:\\> symsnap -sid 076 list\n\nSymmetrix ID: 000187490076\n\n  Source Device   Virtual Device   State\n"
    reading = of_text(text)
    assert values(reading.frames["replication_listings"], "sessions", "complete") == [(0, False)]


def test_r2_and_r21_are_targets() -> None:
    sessions = fixture("symrdf", "list").frames["replication_sessions"]
    assert values(sessions, "device", "role", "partner_device", "state") == [
        ("0720", "source", "0440", "Synchronized"),
        ("0721", "target", "0441", "Partitioned"),
        ("0722", "target", "0442", "R1 Updated"),
    ]


def test_a_query_knows_both_arrays() -> None:
    near, far = "000187490076", "000187490099"
    sessions = fixture("symrdf", "query-from-r1").frames["replication_sessions"]
    assert values(sessions, *SESSION)[2:] == [
        (near, "075F", "rdf", "source", far, "0441", "Failed Over", "erp_dr", 12),
        (far, "0441", "rdf", "target", near, "075F", "Failed Over", "erp_dr", 12),
    ]


def test_totals_that_do_not_add_up_are_doubted() -> None:
    for screen, case, old, new in (
        ("symclone", "query", "DEV002    075F         0", "DEV002    075F         1"),
        ("symmir", "query", "0720     40", "0720     41"),
        ("symrdf", "query-from-r1", "075F RW       5", "075F RW       6"),
    ):
        assert edited(screen, case, old, new).status is Status.PARTIAL, screen


def test_an_open_replicator_session_is_pulled_or_pushed() -> None:
    sessions = fixture("symrcopy_list", "two").frames["replication_sessions"]
    assert values(sessions, "symmetrix", "device", "role", "partner_device") == [
        ("000194900275", "0328", "target", "0720"),
        ("000187490076", "0720", "source", "0328"),
        ("000194900275", "0400", "source", None),
    ]


def test_a_clone_of_a_device_file_is_no_create_of_the_migration() -> None:
    operations = fixture("timefinder_operation", "clone-file").frames["operations"]
    assert values(operations, "operation", "succeeded", "subject") == [("symclone create", True, "clones.txt")]


def test_a_device_group_is_shown_with_all_its_sections() -> None:
    frames = fixture("symdg_show", "two-sections").frames
    columns = ("section", "logical_name", "physical", "device", "config", "attribute", "status", "capacity_mb")
    assert values(frames["device_group_devices"], *columns) == [
        ("Standard (STD) Devices", "DEV001", None, "0720", "2-Way Mir", None, "RW", 3750),
        ("Standard (STD) Devices", "DEV002", "/dev/rdsk/c5t1d6", "075F", "RDF1+R-5", "(M)", "WD", 3750),
        ("BCV Devices Locally-associated", "BCV001", None, "0B00", None, None, "NR", 3750),
    ]
    columns = ("device_group", "kind", "valid", "symmetrix", "device_count", "gatekeeper_count", "bcv_count")
    assert values(frames["device_groups"], *columns) == [("erp_dr", "RDF1", True, "000187490076", 2, 1, 1)]


def test_a_device_group_without_its_last_brace_is_cut() -> None:
    assert edited("symdg_show", "two-sections", "            }\n        }\n", "            }\n").status is Status.CUT
