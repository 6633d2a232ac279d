"""The reports of a migration of 100,000 pairs: ``python -m benchmarks.reports [--pairs 100000] [--captures 2000] [--formats html json]``.

A small migration is simulated, read and judged; then its pairs, paths and sessions are repeated under other device numbers, every pair is
damaged (a finding by each of `DAMAGED`), and captures are added that nobody understands. So the reports are those of a collection that
would take a minute to read, with the worst that could be said about it. Each format is written in a process of its own.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import resident_mb, table

if TYPE_CHECKING:
    import pandas as pd

    from flmparse.assessment import Assessment
    from flmparse.collection import Collection
    from flmparse.findings import Result
    from flmparse.render.report import Report

BASE_PAIRS = 256

DAMAGED = ("IDN002", "PTH001", "MSK005", "SES008")
"""Rules that fail about every pair."""

OTHERS = 1_000
"""Pairs about which every other rule fails."""

NOT_UNDERSTOOD = "PowerPath patch level 5.7 SP2 P03 is not what this line says\n"


class Tiled(Mapping[str, "pd.DataFrame"]):
    """The tables of a collection, some of them repeated under other device numbers."""

    NAMES = ("pairs", "paths", "session_pairs")

    def __init__(self, frames: "Mapping[str, pd.DataFrame]", times: int) -> None:
        self._frames, self._times = frames, times
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> "pd.DataFrame":
        if name not in self._made:
            frame = self._frames[name]
            self._made[name] = tiled(frame, self._times) if name in self.NAMES and len(frame) else frame
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


def tiled(frame: "pd.DataFrame", times: int) -> "pd.DataFrame":
    """Return rows again and again; every repetition has device numbers of its own."""
    import numpy as np
    import pandas as pd

    places = np.tile(np.arange(len(frame)), times)
    repetition = np.repeat(np.arange(times), len(frame))
    found = frame.take(places).reset_index(drop=True)
    for column in (name for name in frame.columns if name.endswith("device")):
        codes, words = pd.factorize(frame[column].astype("object"))
        base = np.array([int(word, 16) for word in words], dtype="int64") - min(int(word, 16) for word in words)
        names = np.array([f"{number:05X}" for number in range(int(base.max() + 1) * times)], dtype=object)
        found[column] = names[base[codes][places] + repetition * int(base.max() + 1)]
    return found


def collection_of(captures: int) -> "Collection":
    """Return the small migration at gate ready, with so many captures more that nobody understands."""
    from flmparse.collection import from_bundle
    from flmparse.procedure import Gate
    from flmparse.simulation import simulate
    from flmparse.simulation.drawing import Shape
    from flmparse.text import capture

    simulation = simulate(Shape(pairs=BASE_PAIRS, nodes=4, hbas=2, ports=2, digits=5), gate=Gate.READY)
    texts = dict(simulation.captures())
    manifest = texts.pop("migration.toml").encode()
    foreign = {f"4-foreign/{number:05d}.txt": NOT_UNDERSTOOD * 3 for number in range(captures)}
    items = tuple(capture.from_text(name, text) for name, text in {**texts, **foreign}.items())
    return from_bundle(capture.Bundle("captures", items, manifest, ()))


def damaged(assessment: "Assessment", large: "Collection", pairs: list[str]) -> "Assessment":
    """Return the assessment about the large collection, with a fail of each pair by each of `DAMAGED`."""
    from flmparse.findings import Evidence, Finding, Status

    displays = [read for read in large.outputs if read.screen == "powermt_display"]

    def evidence(number: int) -> Evidence:
        capture = displays[number % len(displays)].capture
        line = 20 + number % (len(capture.lines) - 20)
        return Evidence(capture.name, line, line, capture.sha256, capture.lines[line - 1])

    def fail(rule: str, about: list[str]) -> tuple[Finding, ...]:
        said = "shows 000187490076:0720 where the pair file names 000187490233:0A41"
        return tuple(Finding(rule, pair, Status.FAIL, said, (evidence(number),)) for number, pair in enumerate(about))

    def failed(result: "Result") -> "Result":
        about = pairs if result.rule in DAMAGED else pairs[:OTHERS]
        return replace(
            result,
            status=Status.FAIL,
            message=f"{len(about):,} of {len(pairs):,} pairs",
            findings=fail(result.rule, about),
        )

    gates = [replace(gate, results=tuple(map(failed, gate.results))) for gate in assessment.gates]
    return replace(assessment, collection=large, gates=tuple(gates))


def report_at_scale(pairs: int, captures: int, *, every_pair_damaged: bool = True) -> "Report":
    """Return the report of gate ready about so many pairs."""
    from flmparse.assessment import assess
    from flmparse.evidence.migration import Migration
    from flmparse.render.context import report_of

    small = collection_of(captures)
    judged = assess(small, "ready")
    large = replace(small)
    large.__dict__["frames"] = Tiled(small.frames, -(-pairs // BASE_PAIRS))
    names = [str(name) for name in Migration(large).pairs["pair"]]
    begin = time.process_time()
    report = report_of(damaged(judged, large, names) if every_pair_damaged else replace(judged, collection=large))
    print(f"\n{len(names):,} pairs, {len(large.frames['paths']):,} paths, {len(large.captures):,} captures; "
          f"put together in {time.process_time() - begin:.1f} s")  # fmt: skip
    return report


def written(report: "Report", format: str, to: str | None) -> tuple[int, int, float, float]:
    """Write a report in a process of its own; return its bytes, its pieces, the seconds, and the MB its memory grew by at most."""
    receive, send = os.pipe()
    child = os.fork()
    if child:
        os.close(send)
        with os.fdopen(receive) as stream:
            told = stream.read().split()
        os.waitpid(child, 0)
        return int(told[0]), int(told[1]), float(told[2]), float(told[3])
    try:
        os.close(receive)
        answer = _written(report, format, to)
        os.write(send, " ".join(map(str, answer)).encode())
    finally:
        os._exit(0)


def _written(report: "Report", format: str, to: str | None) -> tuple[int, int, float, float]:
    from flmparse.render import pieces

    size = number = 0
    before, begin = resident_mb("VmRSS"), time.process_time()
    made = pieces(report, format)
    with Path(to or os.devnull).open("wb") as file:
        for part in [made] if isinstance(made, str | bytes) else made:
            data = part if isinstance(part, bytes) else part.encode("utf-8", "backslashreplace")
            size, number = size + file.write(data), number + 1
    return size, number, time.process_time() - begin, resident_mb("VmHWM") - before


def opened(path: Path) -> dict[str, float]:
    """Open a page in chromium; return the ms to its load event and to its first paint, and its elements."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        begin = time.perf_counter()
        page.goto(path.resolve().as_uri(), wait_until="load")
        seconds = time.perf_counter() - begin
        page.wait_for_timeout(500)
        told: dict[str, float] = page.evaluate(
            "() => ({load: performance.getEntriesByType('navigation')[0].loadEventEnd,"
            " paint: performance.getEntriesByType('paint').find(e => e.name == 'first-contentful-paint')?.startTime,"
            " elements: document.getElementsByTagName('*').length})"
        )
        browser.close()
    return told | {"outside": seconds * 1e3}


def reports(options: argparse.Namespace) -> None:
    """Write every format at scale; open the page."""
    from flmparse.render.formats import all_formats

    report = report_at_scale(options.report_pairs, options.captures, every_pair_damaged=not options.undamaged)
    rows: list[list[str]] = []
    page: Path | None = None
    for format in options.formats or all_formats():
        to = Path(options.keep, f"report.{format}") if options.keep else None
        size, number, seconds, grown = written(report, format, str(to) if to else None)
        rows.append([format, f"{size / 1e6:.2f}", f"{number:,}", f"{seconds:.1f}", f"{grown:.0f}"])
        page = to if format == "html" else page
    table("Reports at scale", ["format", "MB", "pieces", "s (CPU)", "memory grew by MB"], rows)
    if page is not None:
        told = opened(page)
        table("The page in chromium", list(told), [[f"{value:,.0f}" for value in told.values()]])


def arguments_of_reports(parser: argparse.ArgumentParser) -> None:
    """Add what can be said about this part."""
    parser.add_argument("--report-pairs", type=int, default=100_000, help="pairs of the reports at scale")
    parser.add_argument(
        "--captures", type=int, default=2_000, help="captures nobody understands in the reports at scale"
    )
    parser.add_argument("--formats", nargs="+", default=[])
    parser.add_argument("--undamaged", action="store_true", help="without a finding about every pair")
    parser.add_argument(
        "--keep", default="", metavar="DIR", help="leave the reports at scale there; html is then opened, too"
    )


def main() -> None:
    """Run this part alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports")
    arguments_of_reports(parser)
    reports(parser.parse_args())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
