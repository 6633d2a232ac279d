"""Calls timed beside each other, memory of a process, tables in Markdown."""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Times = dict[str, list[float]]


def interleaved(calls: Mapping[str, Callable[[], Any]], rounds: int) -> Times:
    """Return the seconds of every call in every round; each round makes each call once, the first round is not counted."""
    times: Times = {name: [] for name in calls}
    for number in range(rounds + 1):
        for name, call in calls.items():
            gc.collect()
            begin = time.perf_counter()
            call()
            if number or rounds == 0:
                times[name].append(time.perf_counter() - begin)
    return times


def ratio(times: Times, slow: str, fast: str) -> float:
    """Return how many times as long one took as the other: the median over the rounds."""
    return statistics.median(a / b for a, b in zip(times[slow], times[fast], strict=True))


def table(heading: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n## {heading}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    sys.stdout.flush()


def resident_mb(which: str) -> float:
    """Return ``VmRSS`` (now) or ``VmHWM`` (the most so far) of this process in MB (10^6); elsewhere than on Linux the most so far."""
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = next(line for line in status.read_text().splitlines() if line.startswith(which)).split()[1]
        return int(kilobytes) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
