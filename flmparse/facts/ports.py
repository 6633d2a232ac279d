"""The front-end ports of the arrays: which ports of the target matter at a gate, and what listings say of a port."""

from typing import Any

from flmparse.columns.selection import drop_duplicates, dropna, in_newest_blocks, where
from flmparse.evidence.migration import Migration, MissingEvidence
from flmparse.evidence.reader import EvidenceReader, fact
from flmparse.facts.masking import SYMSAN, pairs_listed, source_masking
from flmparse.facts.views import view_names, views
from flmparse.findings import Subject
from flmparse.lazy import pd
from flmparse.procedure import Gate


@fact
def target_ports(evidence: EvidenceReader) -> "pd.DataFrame":
    """Return the target's ports that matter at the gate: ``port`` and where it is named.

    These are the ports of the views' port groups; before a view exists, the control ports: those asked with symsan and
    those decoded from the masking of the sources. Raises MissingEvidence where none is known.
    """
    if evidence.gate >= Gate.MASKED or view_names(evidence.at_gate):
        ports = dropna(views(evidence).ports[["port", "capture", "line"]])
        reason, capture = "no port group of a captured view names a port", "symaccess -sid <target> show view <view>"
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
        ports = dropna(pd.concat(parts))
        reason, capture = "no capture tells which ports of the target are its control ports", SYMSAN
    if not len(ports):
        raise MissingEvidence(reason, capture)
    return drop_duplicates(ports, "port")


@fact
def port_values(evidence: EvidenceReader, symmetrix: str | None, column: str) -> "dict[str, pd.DataFrame]":
    """Return for each port of an array the newest rows in which a listing gives the column a value."""
    evidence.require("front_end_ports")
    # A newer listing may have a layout without this column; then the last one that has it counts.
    rows = evidence.at_gate.history("front_end_ports")
    values, by_port = evidence.once(_values_by_port, evidence.migration, rows, symmetrix, column)
    evidence.count_as_read(values)
    return by_port


def _values_by_port(
    migration: Migration, rows: "pd.DataFrame", symmetrix: str | None, column: str
) -> "tuple[pd.DataFrame, dict[str, pd.DataFrame]]":
    values = where(rows, (rows["symmetrix"] == symmetrix) & rows["port"].notna() & rows[column].notna())
    values = in_newest_blocks(values, ["port"], migration.newest_blocks)
    return values, {str(port): of_port for port, of_port in values.groupby("port", observed=True)}


def one_value(evidence: EvidenceReader, port: object, rows: "pd.DataFrame | None", column: str, what: str) -> Any:
    """Return the one value that a port's rows give; None, and a gap, where they give none or contradict each other."""
    subject = Subject.of_port(port)
    values = [] if rows is None else list(rows[column].unique())
    if len(values) == 1:
        return values[0]
    if values:
        message = f"captures of unknown order contradict each other about {what}"
        evidence.inconclusive(subject, message, table="front_end_ports", evidence=evidence.cite(rows))
    else:
        evidence.inconclusive(subject, f"{what} is not captured", table="front_end_ports")
    return None
