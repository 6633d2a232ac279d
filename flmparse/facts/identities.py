"""What each target shows of its source: the identities of the pairs."""

from typing import Any

from flmparse.columns.selection import dropna, is_true, where
from flmparse.evidence.reader import EvidenceReader, each, fact
from flmparse.findings import Subject
from flmparse.lazy import pd


@fact
def target_identities(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the pairs, each with what its target shows; a target that no listing holds becomes a gap and has no row.

    Columns: those of `pairs` and of `identities`; where the identity was captured stands in ``capture_shown`` and
    ``line_shown``; ``native`` says that flag I is a dot.
    """
    joined, listed = evidence.once(_joined_identities, evidence.pairs(), evidence.require("identities"))
    for row in each(joined, joined["listed"] == "left_only"):
        evidence.inconclusive(
            Subject.of_pair(row.pair), f"no identity of target {row.target_device} is listed", table="identities"
        )
    return listed


def _joined_identities(pairs: "pd.DataFrame", identities: "pd.DataFrame") -> "tuple[pd.DataFrame, pd.DataFrame]":
    joined = pairs.merge(
        dropna(identities, ["symmetrix", "device"]),
        how="left",
        left_on=["target_symmetrix", "target_device"],
        right_on=["symmetrix", "device"],
        suffixes=("", "_shown"),
        indicator="listed",
    )
    listed = where(joined, joined["listed"] != "left_only")
    return joined, listed.assign(native=is_true(~listed["identity_set"]))


def with_source_device(evidence: EvidenceReader, pairs: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows of pairs whose source the pair file names as a device; each other (``wwn=...``) becomes a gap."""
    for row in each(pairs, pairs["source_device"].isna()):
        source_is_no_device(evidence, row)
    return dropna(pairs, ["source_device"])


def source_is_no_device(evidence: EvidenceReader, pair: Any) -> None:
    """State as a gap that the pair file names a pair's source otherwise than as a device (``wwn=...``)."""
    message = f"the source is named as {source_name(pair)}, not as a device"
    evidence.inconclusive(Subject.of_pair(pair.pair), message, evidence=evidence.cite(pair))


def source_name(pair: Any, *, with_array: bool = True) -> str:
    """Return how the pair file names a pair's source: ``000187490076:0720``, ``0720`` without its array, or ``wwn=...``."""
    if not isinstance(pair.source_device, str):
        return str(pair.source_other)
    return f"{pair.source_symmetrix}:{pair.source_device}" if with_array else pair.source_device
