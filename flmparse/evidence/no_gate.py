"""What to say of answers that are captured and of no known gate: where they are, and what to write so that they count."""

from collections.abc import Sequence

from flmparse.collection import Output
from flmparse.procedure import Gate

BEGINNING = "captured ("
"""How the message begins."""

MOST_LISTED = 3
"""So many files, and lines of one, are named."""


def gate_of(file: str) -> str:
    """Return in words what a file lacks whose gate is not known, in place of a command to capture."""
    return f"the gate of {file}, in a line #flm gate=... or in migration.toml"


def answers_of_no_gate(outputs: Sequence[Output], gate: Gate) -> tuple[str, list[str]]:
    """Return the message on outputs that hold what a gate needs and are of no known gate, and what is needed instead, file by file."""
    by_file: dict[str, list[int]] = {}
    for output in outputs:
        by_file.setdefault(output.capture.name, []).append(output.first_line)
    listed = [(name, lines[:MOST_LISTED]) for name, lines in by_file.items()][:MOST_LISTED]
    more = len(outputs) - sum(len(lines) for _, lines in listed)
    files = "; ".join(f"{name}:{', '.join(map(str, lines))}" for name, lines in listed)
    line = f"line {outputs[0].first_line}" if len(outputs) == 1 else "the line that is of it"
    message = (
        f"{BEGINNING}{files}{f' and {more} more' if more else ''}), gate unknown: "
        f"put `gate={gate.word}` above {line} or in migration.toml"
    )
    return message, [gate_of(name) for name in by_file]
