"""Reads several files at once, in forked processes.

Linux only: a forked process shares the captures in memory with its parent. Elsewhere a process would have to import pandas and copy
the text first, which takes longer than reading it; there one process reads everything.
"""

import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from flmparse.errors import CaptureError, UsageError

Item = TypeVar("Item")
Result = TypeVar("Result")

LARGE_FILE_BYTES = 4_000_000
"""A smaller file is read faster than a process starts."""

WORTH_SHARING_BYTES = 50_000_000
"""Total size of the large files of a collection from which several processes read them by default."""


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
    """What forked processes inherit, since it is too large to be sent: the work by number of the item, and where results go."""

    work: Callable[[int], object] | None = None
    folder = ""


def _write_result(number: int) -> str | None:
    """Do the work and write its result to a file, five times faster than a pipe; return what went wrong with the file."""
    assert _Forked.work is not None
    result = _Forked.work(number)
    path = Path(_Forked.folder, str(number))
    try:
        with path.open("wb") as file:
            pickle.dump(result, file, protocol=pickle.HIGHEST_PROTOCOL)
    except OSError as error:
        return str(error)
    return None


def _read_result(number: int, problem: str | None) -> object:
    """Return the result that another process wrote, and delete its file."""
    if problem is not None:
        raise CaptureError(
            f"what a process read cannot be kept in {_Forked.folder}: {problem}; --jobs 1 reads with one process"
        )
    path = Path(_Forked.folder, str(number))
    with path.open("rb") as file:
        result: object = pickle.load(file)
    path.unlink()
    return result


def map_in_processes(
    items: Sequence[Item], sizes: Sequence[int], work: Callable[[Item], Result], processes: int
) -> Iterator[Result]:
    """Yield the result of ``work`` for each item, in order; the largest items are begun first. Results are pickled.

    Raises CaptureError where a process died (out of memory, killed) or could not write its result to the temporary folder.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    _Forked.work = lambda number: work(items[number])
    try:
        with (
            tempfile.TemporaryDirectory(prefix="flmparse-") as _Forked.folder,
            ProcessPoolExecutor(processes, get_context("fork")) as pool,
        ):
            largest_first = sorted(range(len(items)), key=lambda number: -sizes[number])
            futures = {number: pool.submit(_write_result, number) for number in largest_first}
            for number in range(len(items)):
                yield _read_result(number, futures.pop(number).result())  # type: ignore[misc]
    except BrokenProcessPool:
        raise CaptureError(
            "a process that read captures was ended, perhaps for want of memory; --jobs 1 reads with one process"
        ) from None
    finally:
        _Forked.work = None
