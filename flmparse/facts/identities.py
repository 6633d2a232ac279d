"""What each target shows of its source: the identities of the pairs."""

from flmparse.columns.selection import dropna, where
from flmparse.evidence.reader import EvidenceReader, each
from flmparse.findings import Subject
from flmparse.lazy import pd

SERIAL_TAIL = "000"
"""Last three digits of an external serial number (white paper figure 6); other digits are a director and port."""


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
    return joined, listed.assign(native=listed["identity_set"].eq(False).fillna(False).astype(bool))


def composed_serials(pairs: "pd.DataFrame") -> "pd.Series[str]":
    """Return each pair's expected serial: last two digits of the source array, its device in five digits, ``000``."""
    array, number = pairs["source_symmetrix"].str[-2:], pairs["source_device"].str.zfill(5)
    return (array + number + SERIAL_TAIL).str.upper()
