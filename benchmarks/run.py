"""Run the benchmarks and print Markdown: ``python -m benchmarks.run [--sizes 1 10] [--rounds 5] [--only reading] [--without-arrow]``.

Readers that are compared run in one process in interleaved rounds, garbage collected before each call; a ratio is the median of the
ratios within the rounds, so that what else the machine does falls on both sides. Memory and start-up are whole processes.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import captures, peers
from benchmarks.measuring import interleaved, ratio, table
from benchmarks.reports import arguments_of_reports, reports
from benchmarks.rules import rules
from benchmarks.start import start


def without_arrow() -> None:
    """Make flmparse and pandas keep text as where pyarrow is not installed."""
    import pandas as pd

    pd.set_option("mode.string_storage", "python")
    patch("flmparse.columns.encoded.arrow", lambda: None).start()


def reading(options: argparse.Namespace) -> None:
    """Compare flmparse with TextFSM, TTP, a loop and the limits, after all have returned the same rows."""
    rows = []
    for screen in peers.PEERS:
        for size in options.sizes:
            data = captures.data(screen, size)
            rounds = options.rounds if size <= 10 else min(options.rounds, 2)
            peers.assert_same(screen, captures.data(screen, min(size, 10)))
            calls: dict[str, Callable[[], Any]] = {"flmparse": partial(peers.flmparse, screen, data)}
            calls |= {name: partial(reader, data) for name, reader in peers.PEERS[screen].items()}
            calls |= {name: partial(limit, data) for name, limit in peers.LIMITS[screen].items()}
            times = interleaved(calls, rounds)
            median = statistics.median(times["flmparse"])
            rows.append(
                [screen, f"{size:g}", f"{median:.3f}", f"{len(data) / 1e6 / median:.0f}"]
                + [f"{ratio(times, name, 'flmparse'):.2f}" for name in calls if name != "flmparse"]
            )
    names = [*peers.PEERS["powermt_display"], *peers.LIMITS["powermt_display"]]
    table(
        "Reading: time of others, in times of flmparse (below 1: faster than flmparse)",
        ["output", "MB", "flmparse s", "MB/s", *names],
        rows,
    )


def screens(options: argparse.Namespace) -> None:
    """Compare the other long outputs with powermt display, by MB."""
    size = min(10.0, max(options.sizes))
    data = {name: captures.data(name, size) for name in captures.SCREENS}
    times = interleaved({name: partial(peers.flmparse, name, data[name]) for name in data}, options.rounds)
    weights = {name: len(data[name]) / len(data["powermt_display"]) for name in data}
    rows = []
    for name in data:
        frame = peers.flmparse(name, data[name])
        median = statistics.median(times[name])
        share = ratio(times, "powermt_display", name) * weights[name]
        rows.append([name, f"{len(frame):,}", f"{median:.3f}", f"{len(data[name]) / 1e6 / median:.0f}", f"{share:.2f}"])
    table(f"Other outputs at {size:g} MB", ["output", "rows", "s", "MB/s", "speed per MB, powermt = 1"], rows)


_PEAK = """
import sys, gc
from pathlib import Path
from benchmarks import peers
from benchmarks.measuring import resident_mb
from benchmarks.run import without_arrow
if sys.argv[3] == "without":
    without_arrow()
reader = sys.argv[4]
screen, data = sys.argv[1], None
def read(data):
    return peers.flmparse(screen, data) if reader == "flmparse" else peers.PEERS[screen][reader](data)
from benchmarks import captures
read(captures.data(screen, 0.05)); gc.collect()
before = resident_mb("VmRSS")
frame = read(Path(sys.argv[2]).read_bytes())
print(before, resident_mb("VmHWM"), resident_mb("VmRSS"))
"""


def memory(options: argparse.Namespace) -> None:
    """Measure the peak of whole processes above what they held with everything imported, in times of the input."""
    rows = []
    mode = "without" if options.without_arrow else "with"
    with tempfile.TemporaryDirectory() as folder:
        for screen in peers.PEERS:
            for size in options.sizes:
                path = Path(folder, f"{screen}-{size:g}.txt")
                path.write_bytes(captures.data(screen, size))
                row = [screen, f"{size:g}"]
                for reader in ("flmparse", *peers.PEERS[screen]) if size <= 10 else ("flmparse", "loop"):
                    command = [sys.executable, "-c", _PEAK, screen, str(path), mode, reader]
                    done = subprocess.run(command, capture_output=True, text=True, check=True)
                    before, peak, _ = map(float, done.stdout.split())
                    row.append(f"{(peak - before) / (path.stat().st_size / 1e6):.1f}")
                rows.append(row + ["-"] * (6 - len(row)) if size <= 10 else [*row[:3], "-", "-", row[3]])
    table("Peak memory, in times of the input", ["output", "MB", "flmparse", "TextFSM", "TTP", "loop"], rows)


def processes(options: argparse.Namespace) -> None:
    """Compare one process with two over the files of a collection."""
    from flmparse import collection

    files, size = (8, 25.0) if max(options.sizes) >= 100 else (8, max(options.sizes) / 2)
    with tempfile.TemporaryDirectory() as folder:
        total = captures.write_folder(Path(folder), "powermt_display", files, size)

        def read(jobs: int) -> None:
            collection.read(folder, jobs=jobs)

        times = interleaved({"one": partial(read, 1), "two": partial(read, 2)}, min(3, options.rounds))
    median = statistics.median
    rows = [
        [f"{files} x {size:g} MB", f"{median(times['one']):.2f}", f"{median(times['two']):.2f}", f"{ratio(times, 'one', 'two'):.2f}"]
    ]  # fmt: skip
    table(f"Two processes ({total / 1e6:.0f} MB)", ["files", "one, s", "two, s", "times as fast"], rows)


_LARGE = """
import sys, time
from benchmarks.measuring import resident_mb
from flmparse import collection, screens
screens.prepare()
before, begin = resident_mb("VmRSS"), time.perf_counter()
found = collection.read(sys.argv[1], jobs=int(sys.argv[2]))
seconds = time.perf_counter() - begin
peak, held = resident_mb("VmHWM"), sum(len(item.lazy_text._text or "") for item in found.captures) / 1e6
rows = len(found.frames["paths"])
print(rows, seconds, peak - before, held, resident_mb("VmHWM") - before)
"""


def large(options: argparse.Namespace) -> None:
    """Read a gigabyte of logs in files of 25 MB: time, memory, and how much text is held when it is read. Not among the parts run unasked."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        size = captures.write_folder(Path(folder), "powermt_display", 40, 25.0) / 1e6
        for jobs in ("1", "2"):
            done = subprocess.run(
                [sys.executable, "-c", _LARGE, folder, jobs], capture_output=True, text=True, check=True
            )
            count, seconds, peak, held, joined = map(float, done.stdout.split())
            rows.append(
                [jobs, f"{size:.0f}", f"{count:,.0f}", f"{seconds:.1f}", f"{peak / size:.2f}", f"{held:.0f}", f"{joined / size:.2f}"]
            )  # fmt: skip
    columns = [
        "processes",
        "MB",
        "paths",
        "s",
        "memory while reading / input",
        "MB of text held",
        "memory with the frame / input",
    ]
    table("A gigabyte of logs", columns, rows)


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "reading": reading, "screens": screens, "memory": memory, "start": start, "processes": processes, "rules": rules,
    "reports": reports, "large": large,
}  # fmt: skip


def versions() -> str:
    """Return what the figures were measured with."""
    named = []
    for package in ("pandas", "numpy", "pyarrow", "lark", "textfsm", "ttp"):
        try:
            named.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            named.append(f"{package} not installed")
    return f"{platform.python_implementation()} {platform.python_version()}, {', '.join(named)}; {os.cpu_count()} CPUs"


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 10, 100], metavar="MB")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=16384, help="pairs of the estate whose rules are asked")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=[part for part in PARTS if part != "large"])
    arguments_of_reports(parser)
    parser.add_argument("--without-arrow", action="store_true")
    options = parser.parse_args()
    if options.without_arrow:
        without_arrow()
    used = "; pyarrow not used" if options.without_arrow else ""
    print(f"{versions()}{used}; {options.rounds} rounds")
    for part in options.only:
        PARTS[part](options)


if __name__ == "__main__":
    main()
