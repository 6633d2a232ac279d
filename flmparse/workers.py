"""Reads several files at once, in forked processes.

Linux only: a forked process shares the captures in memory with its parent. Elsewhere a process would have to import pandas and copy
the text first, which takes longer than reading it; there one process reads everything.
"""

import os
import pickle
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, TypeVar

from flmparse.errors import CaptureError, UsageError

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

Item = TypeVar("Item")
Result = TypeVar("Result")

LARGE_FILE_BYTES = 4_000_000
"""A smaller file is read faster than a process starts."""

WORTH_SHARING_BYTES = 50_000_000
"""Total size of the large files of a collection from which several processes read them by default."""


SECONDS_BETWEEN_LOOKS = 0.5
"""How often a process looks whether the one that began it is still there."""


def can_fork() -> bool:
    """Whether a process can be forked safely, with the memory of its parent."""
    return sys.platform == "linux" and hasattr(os, "fork")


def processes_for(sizes: Sequence[int], jobs: int | None = None) -> int:
    """Return how many processes read files of these sizes in bytes; ``jobs`` is the user's number, None or 0 for a choice by size."""
    if jobs is not None and jobs < 0:
        raise UsageError(f"--jobs counts processes, 0 leaves it to flmparse; not {jobs}")
    if not can_fork() or jobs == 1:
        return 1
    if jobs:
        return min(jobs, len(sizes)) or 1
    large = [size for size in sizes if size >= LARGE_FILE_BYTES]
    if len(large) < 2 or sum(large) < WORTH_SHARING_BYTES:
        return 1
    return min(len(os.sched_getaffinity(0)), len(large))


class _Forked:
    """What forked processes inherit, since it is too large to be sent: the work by number of the item, and where results go.

    Each process has a file without a name: whatever ends this one or that, no captured text stays behind.
    """

    work: Callable[[int], object] | None = None
    files: Sequence[IO[bytes]] = ()
    mine = 0


def _begin(next_number: "Synchronized[int]", parent: int) -> None:
    """Take a file, leave Ctrl-C to the parent, and end when it does, however that comes about."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with next_number.get_lock():
        _Forked.mine = next_number.value
        next_number.value += 1

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _write_result(number: int) -> tuple[int, int, int] | str:
    """Do the work and write its result to this process's file, five times faster than a pipe; return file, place and length.

    Where it cannot be written the answer is what went wrong.
    """
    assert _Forked.work is not None
    result = _Forked.work(number)
    file = _Forked.files[_Forked.mine]
    try:
        at = file.seek(0, os.SEEK_END)
        pickle.dump(result, file, protocol=pickle.HIGHEST_PROTOCOL)
        file.flush()
        return _Forked.mine, at, file.tell() - at
    except OSError as error:
        return str(error)


def _read_result(written: tuple[int, int, int] | str) -> object:
    """Return the result that another process wrote."""
    if isinstance(written, str):
        raise CaptureError(
            f"what a process read cannot be kept in {tempfile.gettempdir()}: {written}; --jobs 1 reads with one process"
        )
    file, at, length = written
    result: object = pickle.loads(os.pread(_Forked.files[file].fileno(), length, at))
    return result


def map_in_processes(
    items: Sequence[Item], sizes: Sequence[int], work: Callable[[Item], Result], processes: int
) -> Iterator[Result]:
    """Yield the result of ``work`` for each item, in order; the largest items are begun first. Results are pickled.

    Raises CaptureError where a process died (out of memory, killed) or could not write its result to the temporary folder.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    context = get_context("fork")
    others = {*active_children()}
    _Forked.work = lambda number: work(items[number])
    try:
        with ExitStack() as opened:
            _Forked.files = [opened.enter_context(_nameless_file()) for _ in range(processes)]
            arguments = (context.Value("i", 0), os.getpid())
            with ProcessPoolExecutor(processes, context, _begin, arguments) as pool:
                try:
                    largest_first = sorted(range(len(items)), key=lambda number: -sizes[number])
                    futures = {number: pool.submit(_write_result, number) for number in largest_first}
                    for number in range(len(items)):
                        yield _read_result(futures.pop(number).result())  # type: ignore[misc]
                except BaseException:
                    # Ctrl-C or an error: nobody waits for what the others still read.
                    for child in {*active_children()} - others:
                        child.kill()
                    raise
    except BrokenProcessPool:
        raise CaptureError(
            "a process that read captures was ended, perhaps for want of memory; --jobs 1 reads with one process"
        ) from None
    finally:
        _Forked.work, _Forked.files = None, ()


def _nameless_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise CaptureError(f"no temporary file can be made: {error}; --jobs 1 reads with one process") from None
