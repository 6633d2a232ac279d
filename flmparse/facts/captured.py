"""What was captured at a gate."""

import re
from typing import Any

from flmparse.collection import Output
from flmparse.columns.selection import in_newest_blocks
from flmparse.evidence.reader import EvidenceReader
from flmparse.findings import Evidence
from flmparse.lazy import pd

MOST_LINES = 20
"""Lines quoted of a run that was not understood; the message names the whole run."""


def captured_here(evidence: EvidenceReader) -> list[Output]:
    """Return the blocks captured at the rule's gate, those of no known screen too, and count them as read."""
    blocks = [output for output in evidence.migration.collection.outputs if output.gate == evidence.gate]
    evidence.outputs_read |= {output.index: output for output in blocks if output.screen is not None}
    if not blocks:
        evidence.inconclusive(evidence.gate.word, "nothing was captured at this gate")
    return blocks


def first_lines(evidence: EvidenceReader, output: Output, first_line: int, last_line: int) -> Evidence:
    """Return a run of lines as evidence, cut to `MOST_LINES`."""
    return evidence.quote(output.capture.name, first_line, min(last_line, first_line + MOST_LINES - 1))


def names_host(output: Output) -> bool:
    """Whether the block is ``hostname`` with its one line of answer, which names the node of the log."""
    return output.command is not None and output.command.tool == "hostname"


def newest_rows(evidence: EvidenceReader, rows: "pd.DataFrame", *keys: str) -> "pd.DataFrame":
    """Return of each thing that the keys name the rows of its newest block, or of several of unknown order."""
    return in_newest_blocks(rows, keys, evidence.migration.newest_blocks)


_ELEMENTS = {
    "Microcode Version": "microcode_version|version",
    "ACLX": "aclx",
    "Init_Point_to_Point": "init_point_to_point",
    "Device Configuration": "configuration",
    "SCSI-3 Persistent Reserve": "scsi3_persist_res",
}
"""The elements of an XML answer that tell what these labels tell in text."""


def printed(evidence: EvidenceReader, table: str, row: Any, label: str) -> list[Evidence]:
    """Return the line on which a row's paragraph begins and the one below it that begins with a label (an expression).

    A row of a list has its values on its own line, which is then the only one.
    """
    output = evidence.output(row.block)
    lines = output.reading.frames[table]["line"].to_numpy()
    below = int(lines.searchsorted(row.line, side="right"))
    last = int(lines[below]) - 1 if below < len(lines) else output.block.line_end
    elements = "".join(f"|<(?:{names})>" for words, names in _ELEMENTS.items() if words in label)
    wanted = re.compile(rf"\s*(?:{label}{elements})")
    for number in range(int(row.line), last + 1):
        if wanted.match(output.capture.lines[number - 1]):
            return [*evidence.cite(row), evidence.quote(output.capture.name, number, number)]
    return evidence.cite(row)
