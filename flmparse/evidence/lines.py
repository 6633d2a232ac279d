"""The lines to cite for a value, where it is not printed on the line of its row."""

import re
from collections.abc import Callable
from typing import Any

from flmparse.collection import Output
from flmparse.evidence.reader import EvidenceReader
from flmparse.findings import Evidence

LONGEST_RUN = 20
"""Lines quoted of a run of lines; the message names the whole run."""

_ELEMENTS = {
    "Microcode Version": "microcode_version|version",
    "ACLX": "aclx",
    "Init_Point_to_Point": "init_point_to_point",
    "Device Configuration": "configuration",
    "SCSI-3 Persistent Reserve": "scsi3_persist_res",
}
"""The elements of an XML answer that hold what these labels introduce in text."""


def quote_run(evidence: EvidenceReader, output: Output, first_line: int, last_line: int) -> Evidence:
    """Return a run of lines as evidence, cut to `LONGEST_RUN`."""
    return evidence.quote(output.capture.name, first_line, min(last_line, first_line + LONGEST_RUN - 1))


def line_with(evidence: EvidenceReader, output: Output, text: str) -> list[Evidence]:
    """Return the first line of an output that holds a text, else its first line."""
    lines = _first_line(evidence, output, output.block.line_start, output.block.line_end, lambda line: text in line)
    return lines or evidence.cite(output)


def line_with_number(evidence: EvidenceReader, output: Output, after_line: int, number: object) -> list[Evidence]:
    """Return the first line after ``after_line`` on which an output prints a number: a total follows its rows."""
    wanted = re.compile(rf"(?<![\d.]){re.escape(str(number))}(?![\d.])")
    return _first_line(evidence, output, after_line + 1, output.block.line_end, wanted.search)


def labelled_lines(evidence: EvidenceReader, table: str, row: Any, label: str) -> list[Evidence]:
    """Return the line on which a row's paragraph begins and the first line of it that begins with a label (an expression).

    A row of a list has its values on its own line, which is then the only one.
    """
    output = evidence.output(row.block)
    lines = output.reading.frames[table]["line"].to_numpy()
    next_row = int(lines.searchsorted(row.line, side="right"))
    last_line = int(lines[next_row]) - 1 if next_row < len(lines) else output.block.line_end
    elements = "".join(f"|<(?:{names})>" for words, names in _ELEMENTS.items() if words in label)
    wanted = re.compile(rf"\s*(?:{label}{elements})")
    return [*evidence.cite(row), *_first_line(evidence, output, int(row.line), last_line, wanted.match)]


def _first_line(
    evidence: EvidenceReader, output: Output, first_line: int, last_line: int, matches: Callable[[str], object]
) -> list[Evidence]:
    for number in range(first_line, last_line + 1):
        if matches(output.capture.lines[number - 1]):
            return [evidence.quote(output.capture.name, number, number)]
    return []
