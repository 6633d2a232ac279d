"""What the listings of the arrays tell of ports and devices. No rule stands here.

The common ground of the environment, pool, reservation and fabric rules.
"""

from typing import TYPE_CHECKING, Any

from flmparse.columns.selection import drop_duplicates, dropna, in_newest_blocks, where
from flmparse.evidence.migration import Migration, MissingEvidence
from flmparse.evidence.reader import EvidenceReader
from flmparse.facts.masking import SYMSAN, pairs_listed, source_masking
from flmparse.facts.views import view_names, views
from flmparse.lazy import pd
from flmparse.procedure import Gate

if TYPE_CHECKING:
    import pandas as pd


def target_ports(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the target's ports that matter at the gate: ``port`` and where it is named.

    These are the ports of the views' port groups; before a view exists, the control ports: those asked with symsan and
    those decoded from the masking of the sources. Raises MissingEvidence where none is known.
    """
    if evidence.gate >= Gate.MASKED or view_names(evidence.at_gate):
        found = dropna(views(evidence).ports[["port", "capture", "line"]])
        why, capture = "no port group of a captured view names a port", "symaccess -sid <target> show view <view>"
    else:
        parts = []
        for name in ("san_scans", "san_ports", "san_luns"):
            rows = evidence.history(name)
            parts.append(
                where(rows, rows["symmetrix"] == evidence.migration.target_symmetrix)[["port", "capture", "line"]]
            )
        try:
            masking = source_masking(evidence)
            pairs_listed(evidence, masking)
            parts.append(masking[["control_port", "capture", "line"]].rename(columns={"control_port": "port"}))
        except MissingEvidence:
            pass
        found = dropna(pd.concat(parts))
        why, capture = "no capture tells which ports of the target are its control ports", SYMSAN
    if not len(found):
        raise MissingEvidence(why, capture)
    return drop_duplicates(found, "port")


def port_values(evidence: EvidenceReader, symmetrix: str | None, column: str) -> "dict[str, pd.DataFrame]":
    """Return for each port of an array the newest rows in which a listing gives the column a value."""
    evidence.require("front_end_ports")
    # A newer listing may have a layout without this column; then the last one that has it tells.
    rows = evidence.at_gate.history("front_end_ports")
    told, by_port = evidence.once(_values_by_port, evidence.migration, rows, symmetrix, column)
    evidence.count_as_read(told)
    return by_port


def _values_by_port(
    migration: Migration, rows: "pd.DataFrame", symmetrix: str | None, column: str
) -> "tuple[pd.DataFrame, dict[str, pd.DataFrame]]":
    told = where(rows, (rows["symmetrix"] == symmetrix) & rows["port"].notna() & rows[column].notna())
    told = in_newest_blocks(told, ["port"], migration.newest_blocks)
    return told, {str(port): mine for port, mine in told.groupby("port", observed=True)}


def one_value(evidence: EvidenceReader, subject: str, rows: "pd.DataFrame | None", column: str, what: str) -> Any:
    """Return the one value that a port's rows give; None, and a gap, where they give none or contradict each other."""
    values = [] if rows is None else list(rows[column].unique())
    if len(values) == 1:
        return values[0]
    if values:
        evidence.inconclusive(subject, f"captures of unknown order contradict each other about {what}", table="front_end_ports",
                evidence=evidence.cite(rows))  # fmt: skip
    else:
        evidence.inconclusive(subject, f"{what} is not captured", table="front_end_ports")
    return None
