"""The smallest public captures that an earlier version read wrong, each read as it should be.

They lie beside the project; where they do not, nothing is tested.
"""

from pathlib import Path

import pytest

from flmparse.collection import Output, read
from flmparse.screens import Status

MINIMAL = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "minimal"

pytestmark = pytest.mark.skipif(not MINIMAL.is_dir(), reason="the captures are not here")


def outputs(name: str) -> list[Output]:
    return [output for output in read(str(MINIMAL / name)).outputs if output.screen is not None or output.command]


def column(name: str, table: str, key: str) -> list[object]:
    return [value for output in outputs(name) for value in output.reading.frames.column(table, key)]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("f00-maskdb.txt", "mask_assignments"),
        ("f09-none-maskdb.txt", "mask_assignments"),
        ("f09-none-powermt.txt", "powerpath_devices"),
        ("f09-none-query.txt", "session_pairs"),
        ("f09-none-symsan.txt", "san_scans"),
    ],
)
def test_a_sentence_that_begins_with_no_is_no_proof_of_none(name: str, table: str) -> None:
    for output in outputs(name):
        assert output.status not in (Status.PARSED, Status.NONE) and not output.reading.frames.rows(table)


def test_a_remark_below_a_table_is_no_row_of_it() -> None:
    assert len(column("f01-patches.txt", "array_patches", "patch")) == 1
    assert len(column("f05-view-note.txt", "view_list", "view")) == 1
    for name in ("f01-patches.txt", "f05-view-note.txt"):
        assert [output.status for output in outputs(name)] == [Status.PARTIAL]


def test_volumes_that_diskpart_lists_later_belong_to_no_disk_detailed_before() -> None:
    letters = column("f02-diskpart-s-volume.txt", "volumes", "letter")
    disks = dict(zip(letters, column("f02-diskpart-s-volume.txt", "volumes", "disk"), strict=True))
    assert disks["C"] is None


@pytest.mark.parametrize(("name", "table"), [("f03-identity-cyl.txt", "identities"), ("f03-list-cyl.txt", "devices")])
def test_cylinders_are_not_filed_as_megabytes(name: str, table: str) -> None:
    assert [output.status for output in outputs(name)] == [Status.PARTIAL]
    sizes = [size for key in ("capacity_mb", "size_mb") for size in _column_or_nothing(name, table, key)]
    assert all(size is None for size in sizes)


def _column_or_nothing(name: str, table: str, key: str) -> list[object]:
    frames = [output.reading.frames for output in outputs(name)]
    return [value for frame in frames if frame.has(table, key) for value in frame.column(table, key)]


def test_the_banner_of_a_command_window_is_no_doubt() -> None:
    assert all(not output.reading.unknown for output in read(str(MINIMAL / "f06-banner.txt")).outputs)


@pytest.mark.parametrize(
    ("name", "table", "rows"),
    [("f08-datetime.txt", "cluster_parameters", 4), ("f08-maintenance.txt", "cluster_resources", 2)],
)
def test_rows_of_the_cluster_are_all_read(name: str, table: str, rows: int) -> None:
    (output,) = outputs(name)
    assert (output.status, output.reading.frames.rows(table)) == (Status.PARSED, rows)
