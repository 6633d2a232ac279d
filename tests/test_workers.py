"""Reading with several processes: the same collection as with one, and a clear error when a process dies."""

import os
from pathlib import Path

import pytest

from flmparse import assets, workers
from flmparse.collection import Collection, from_bundle
from flmparse.errors import CaptureError, UsageError
from flmparse.render.captures import capture_records
from flmparse.simulation import bulk
from flmparse.text import capture

needs_fork = pytest.mark.skipif(not workers.can_fork(), reason="processes are forked on Linux only")


def many() -> capture.Bundle:
    """The white paper's captures, long outputs, one that is cut, one that is not ASCII, one with terminal control."""
    paper = capture.read(assets.folder("fixtures") / "migrations" / "whitepaper")
    long = bulk.log("powermt_display", 0.3)
    odd = {
        "long.txt": long,
        "cut.txt": long[: len(long) // 2],
        "accents.txt": long.replace("C:\\>", "C:\\d\u00e9p\u00f4t>"),
        "colours.txt": long.replace("alive", "\x1b[32malive\x1b[0m"),
        "query.txt": bulk.log("symrcopy_query", 0.1),
        "empty.txt": "",
    }
    more = tuple(capture.from_text(name, text) for name, text in odd.items())
    return capture.Bundle(paper.origin, (*paper.captures, *more), paper.manifest, paper.refused, paper.pictures)


def facts(collection: Collection) -> list[object]:
    return [
        [(output.index, output.block, output.node, output.gate, output.time, output.reading.status, output.reading.counts,
          output.reading.unknown, output.reading.oddities, output.reading.whole) for output in collection.outputs],
        capture_records(collection),
    ]  # fmt: skip


@needs_fork
def test_two_processes_read_what_one_does() -> None:
    from pandas.testing import assert_frame_equal

    bundle = many()
    one, two = from_bundle(bundle, jobs=1), from_bundle(bundle, jobs=2)
    assert facts(one) == facts(two)
    assert len(one.frames["paths"]) > 5000
    for name in one.frames:
        assert_frame_equal(one.frames[name], two.frames[name])
    assert all(output.capture is bundle.captures[bundle.captures.index(output.capture)] for output in two.outputs)


@needs_fork
def test_a_process_that_dies_is_reported_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flmparse.collection.read_capture", lambda *_: os._exit(9))
    with pytest.raises(
        CaptureError, match=r"^a process that read captures was ended.*--jobs 1 reads with one process$"
    ):
        from_bundle(many(), jobs=2)


@needs_fork
def test_an_error_in_a_process_is_the_error() -> None:
    def refuse(item: str) -> str:
        raise UsageError(item)

    with pytest.raises(UsageError, match="first"):
        list(workers.map_in_processes(["first", "second"], [1, 2], refuse, 2))


@needs_fork
def test_a_full_disk_is_reported_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flmparse.workers.pickle.dump", full)
    with pytest.raises(CaptureError, match=r"^what a process read cannot be kept in .*No space left.*--jobs 1 "):
        list(workers.map_in_processes(["first", "second"], [1, 2], str.upper, 2))


@needs_fork
def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert list(workers.map_in_processes(["first", "second"], [1, 2], str.upper, 2)) == ["FIRST", "SECOND"]
    assert not list(tmp_path.iterdir())


@needs_fork
def test_how_many_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(4), raising=False)
    large = workers.WORTH_SHARING_BYTES // 2
    assert workers.processes_for([large, large]) == 2
    assert workers.processes_for([large] * 9) == 4
    assert workers.processes_for([large, large - 1]) == 1
    assert workers.processes_for([4 * large, 5]) == 1, "a file is read by one process"
    assert workers.processes_for([5, 6, 7], 2) == 2
    assert workers.processes_for([5], 8) == 1
    assert workers.processes_for([], 8) == 1
    assert workers.processes_for([large] * 9, 1) == 1
    assert workers.processes_for([large] * 9, 0) == 4
    with pytest.raises(UsageError, match="not -1"):
        workers.processes_for([5], -1)


def test_without_fork_one_process_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert workers.processes_for([workers.WORTH_SHARING_BYTES] * 4, 4) == 1
