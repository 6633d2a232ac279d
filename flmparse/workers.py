"""The same work on several files at once, by processes that share what is in memory.

Linux only: a forked process finds the captures in the memory it shares with its parent. Elsewhere a process would begin by importing
pandas and copying the text, which takes longer than reading it; there one process reads everything.
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
"""A smaller file is read before a process for it has begun."""

WORTH_SHARING_BYTES = 50_000_000
"""What the large files of a collection hold together before they are shared out unasked."""


def can_fork() -> bool:
    """Whether a process can begin with what its parent has in memory, safely."""
    return sys.platform == "linux" and hasattr(os, "fork")


def processes_for(sizes: Sequence[int], asked: int | None = None) -> int:
    """Return how many processes read files of these sizes in bytes; ``asked`` is the user's ``--jobs``, None or 0 for unasked."""
    if asked is not None and asked < 0:
        raise UsageError(f"--jobs counts processes, 0 leaves it to flmparse; not {asked}")
    if not can_fork() or asked == 1:
        return 1
    if asked:
        return min(asked, len(sizes)) or 1
    large = [size for size in sizes if size >= LARGE_FILE_BYTES]
    if len(large) < 2 or sum(large) < WORTH_SHARING_BYTES:
        return 1
    return min(len(os.sched_getaffinity(0)), len(large))


class _Shared:
    """What forked processes find in memory: too large to be sent."""

    work: Callable[[int], object] | None = None
    folder = ""


def _do(place: int) -> str | None:
    """Do a piece of work and write its result into a file: a pipe between processes takes five times as long."""
    assert _Shared.work is not None
    result = _Shared.work(place)
    path = Path(_Shared.folder, str(place))
    try:
        with path.open("wb") as file:
            pickle.dump(result, file, protocol=pickle.HIGHEST_PROTOCOL)
    except OSError as error:
        return str(error)
    return None


def _done(place: int, problem: str | None) -> object:
    """Return what another process made of an item; its file goes."""
    if problem is not None:
        raise CaptureError(
            f"what a process read cannot be kept in {_Shared.folder}: {problem}; --jobs 1 reads with one process"
        )
    path = Path(_Shared.folder, str(place))
    with path.open("rb") as file:
        result: object = pickle.load(file)
    path.unlink()
    return result


def shared_out(
    items: Sequence[Item], sizes: Sequence[int], work: Callable[[Item], Result], processes: int
) -> Iterator[Result]:
    """Yield what ``work`` makes of each item, in order, the largest begun first; what it returns is pickled.

    Raises CaptureError where a process died (memory, a kill from outside) or its result could not be written to the temporary folder.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    _Shared.work = lambda place: work(items[place])
    try:
        with (
            tempfile.TemporaryDirectory(prefix="flmparse-") as _Shared.folder,
            ProcessPoolExecutor(processes, get_context("fork")) as pool,
        ):
            order = sorted(range(len(items)), key=lambda place: -sizes[place])
            begun = {place: pool.submit(_do, place) for place in order}
            for place in range(len(items)):
                yield _done(place, begun.pop(place).result())  # type: ignore[misc]
    except BrokenProcessPool:
        raise CaptureError(
            "a process that read captures was ended, perhaps for want of memory; --jobs 1 reads with one process"
        ) from None
    finally:
        _Shared.work = None
