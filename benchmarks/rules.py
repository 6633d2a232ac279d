"""The rules of a gate beside the merges that its question needs, on an estate of any size."""

import argparse
import gc
import statistics
import time
from unittest.mock import patch

import pandas as pd

from benchmarks import estate
from benchmarks.measuring import interleaved, ratio, resident_mb, table
from flmparse.assessment import Assessment, assess
from flmparse.collection import Collection
from flmparse.render import pieces
from flmparse.render.context import report_of

PRINTED_PAIRS = 64
"""Pairs of the migration that is printed and read; the estate repeats them."""

TARGET, SOURCE = ["target_symmetrix", "target_device"], ["source_symmetrix", "source_device"]


def estate_of(pairs: int) -> Collection:
    """Return an estate of about as many pairs on four nodes, with eight paths from each node to each disk."""
    return estate.repeated(estate.simulated(min(pairs, PRINTED_PAIRS)), max(1, pairs // PRINTED_PAIRS))


def check(found: Collection) -> Assessment:
    """Ask the rules of gate ready. The blocks of an estate are those of the small migration, by which rows would count as few."""
    with patch("flmparse.columns.selection.LIGHT", 0):
        return assess(found, "ready")


def merges(found: Collection) -> list[pd.DataFrame]:
    """Return what somebody who knows pandas would put together by hand to answer the same question, and no verdict.

    Identities, sessions, views and masking beside the pairs, and the paths of each disk on each node counted beside them: columns
    that are asked about only, of gate ready only.
    """
    frames = found.frames
    pairs = frames["pairs"][[*TARGET, *SOURCE]]
    shown = ["symmetrix", "device", "identity_set", "external_symmetrix", "external_device"]
    identities = pairs.merge(frames["identities"][shown], left_on=TARGET, right_on=["symmetrix", "device"])
    queried = frames["session_pairs"]
    control, remote = ["control_symmetrix", "control_device"], ["remote_symmetrix", "remote_device"]
    query = queried[queried["gate"] == "ready"][[*control, *remote, "status", "protected_tracks"]]
    sessions = pairs.merge(query, left_on=[*TARGET, *SOURCE], right_on=[*control, *remote])
    mapped = frames["view_devices"][["symmetrix", "device", "view", "port", "host_lun"]]
    views = pairs.merge(mapped, left_on=TARGET, right_on=["symmetrix", "device"])
    masked = frames["mask_assignments"][["symmetrix", "device", "wwn", "port"]]
    hosts = pairs.merge(masked, left_on=SOURCE, right_on=["symmetrix", "device"])
    paths = frames["paths"]
    ready = paths[paths["gate"] == "ready"]
    counted = (
        ready.groupby(["symmetrix", "device", "node", "state"], observed=True).size().rename("paths").reset_index()
    )
    disks = pairs.merge(counted, left_on=SOURCE, right_on=["symmetrix", "device"])
    return [identities, sessions, views, hosts, disks]


def rules(options: argparse.Namespace) -> None:
    """Ask the rules of gate ready of an estate, then write its reports."""
    found = estate_of(options.pairs)
    count, paths = len(found.frames["pairs"]), found.frames["paths"]
    assert all(len(joined) >= count for joined in merges(found))
    gc.collect()
    before = resident_mb("VmRSS")
    answer = check(found)
    peak = resident_mb("VmHWM") - before
    assert answer.verdict == "GO", [result.message for result in answer.results if result.status != "pass"]

    times = interleaved({"rules": lambda: check(found), "merges": lambda: merges(found)}, min(options.rounds, 3))
    row = [f"{count:,}", f"{len(paths):,}", f"{statistics.median(times['rules']):.2f}",
           f"{statistics.median(times['merges']):.3f}", f"{ratio(times, 'rules', 'merges'):.1f}", f"{peak:.0f}"]  # fmt: skip
    columns = ["pairs", "paths", "rules s", "merges s", "rules / merges", "MB more at most"]
    table("check --gate ready, four nodes", columns, [row])
    begin = time.perf_counter()
    report = report_of(answer)
    names = ("html", "text", "json", "csv")
    sizes = {
        name: sum(len(part.encode() if isinstance(part, str) else part) for part in pieces(report, name))
        for name in names
    }
    row = [f"{sizes[name] / 1e6:.2f}" for name in names]
    table(f"Its reports, MB ({time.perf_counter() - begin:.1f} s for all)", list(names), [row])
