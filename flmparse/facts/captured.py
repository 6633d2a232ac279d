"""What was captured at a gate, and which of it is the newest."""

from typing import TYPE_CHECKING

from flmparse.collection import Output
from flmparse.columns.selection import in_newest_blocks
from flmparse.evidence.reader import EvidenceReader, fact
from flmparse.screens import Status

if TYPE_CHECKING:
    import pandas as pd


@fact
def outputs_of_gate(evidence: EvidenceReader) -> list[Output]:
    """Return the outputs captured at the gate itself, those of no known screen too; foreign ones aside. A gap where there are none."""
    outputs = [output for output in evidence.migration.collection.outputs if output.gate == evidence.gate]
    outputs = [output for output in outputs if output.status is not Status.FOREIGN]
    evidence.outputs_read |= {output.index: output for output in outputs if output.screen is not None}
    if not outputs:
        evidence.inconclusive(evidence.gate.word, "nothing was captured at this gate")
    return outputs


def newest_rows(evidence: EvidenceReader, rows: "pd.DataFrame", *keys: str) -> "pd.DataFrame":
    """Return, for each thing that the keys name, the rows of its newest output, or of several of unknown order."""
    return in_newest_blocks(rows, keys, evidence.migration.newest_blocks)
