"""Who may see the sources: the masking of the source array, with the pairs."""

from typing import Any

from flmparse.columns.selection import drop_duplicates, dropna, isin, where
from flmparse.evidence.answer import Answer
from flmparse.evidence.reader import EvidenceReader, fact
from flmparse.facts.identities import source_name
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.tables import table_named
from flmparse.terms import decode_array_port, is_array_port

SYMSAN = "symsan -sid <target> -dir <director> -p <port> list -sanports"


@fact
def source_masking(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return who may see each pair's source device: the newest rows of `mask_assignments`, with the pair.

    Added columns: ``pair``; ``kind_of_wwn`` = ``target`` (a port of the pair's target array), ``array`` (of another
    array, or one that cannot be told), ``host``, or null where the WWN was not read; ``control_port`` = the target's
    port (07E:0), else null. Raises MissingEvidence where there is no listing, or none that still holds.
    """
    return evidence.once(_masking_of_pairs, evidence.pairs(), evidence.require("mask_assignments"))


def _masking_of_pairs(pairs: "pd.DataFrame", assignments: "pd.DataFrame") -> "pd.DataFrame":
    pairs = pairs[["pair", "target_symmetrix", "source_symmetrix", "source_device"]]
    rows = dropna(assignments, ["symmetrix", "device"])
    joined = rows.merge(
        pairs, left_on=["symmetrix", "device"], right_on=["source_symmetrix", "source_device"], how="inner"
    )
    kinds = dropna(drop_duplicates(joined[["wwn", "target_symmetrix"]]))
    owners = [_kind(str(row.wwn), str(row.target_symmetrix)) for row in kinds.itertuples()]
    kinds["kind_of_wwn"] = pd.Series([kind for kind, _ in owners], index=kinds.index, dtype="str")
    kinds["control_port"] = pd.Series([port for _, port in owners], index=kinds.index, dtype="str")
    return joined.merge(kinds, how="left", on=["wwn", "target_symmetrix"])


def _kind(port_wwn: str, target: str) -> tuple[str, str | None]:
    """Return what a WWN is, and the port of the target array that it is."""
    if not is_array_port(port_wwn):
        return "host", None
    decoded = decode_array_port(port_wwn)
    if decoded is not None and decoded.belongs_to(target):
        return "target", str(decoded.port)
    return "array", None


def pairs_listed(evidence: EvidenceReader, masking: "pd.DataFrame", *, quietly: bool = False) -> set[str]:
    """Return the pairs whose source's masking is known whole; the others become gaps unless ``quietly``.

    A listing narrowed to a port or a WWN proves nothing of the others. A source without a row is known to be unassigned
    only where a whole listing that asked for it holds nothing.
    """
    pairs = evidence.pairs()
    in_part = [index for index in masking["block"].unique() if not Answer(evidence.output(index)).device_is_whole]
    table = table_named("mask_assignments")
    empty = [
        Answer(output)
        for output in evidence.at_gate.outputs
        if table.name in output.reading.frames
        and not output.reading.frames.rows(table.name)
        and not evidence.at_gate.stale(output, table)
    ]
    listed = {*masking["pair"].unique()} - {*masking["pair"][masking["block"].isin(in_part)].unique()}
    unknown = [
        row
        for row in where(pairs, ~isin(pairs["pair"], listed)).itertuples()
        if not any(_is_covered(answer, row) for answer in empty)
    ]
    for row in () if quietly else unknown:
        source = source_name(row, with_array=False)
        message = f"the masking of source {source} is not listed, or only in part"
        evidence.inconclusive(Subject.of_pair(row.pair), message, table="mask_assignments")
    return set(pairs["pair"]) - {str(row.pair) for row in unknown}


def _is_covered(answer: Answer, pair: Any) -> bool:
    """Whether an answer covers the source device of a pair."""
    return isinstance(pair.source_device, str) and answer.covers(str(pair.source_symmetrix), pair.source_device)
