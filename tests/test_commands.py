"""Every capture of fixtures/commands, read: one snapshot a reviewer can compare with the capture line by line."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from flmparse import assets, screens
from flmparse.reading.grammar import in_words
from flmparse.screens import Reading, Status, all_screens
from flmparse.text import transcript
from flmparse.text.capture import from_bytes
from flmparse.text.transcript import Block

FOLDER = assets.folder("fixtures") / "commands"
CASES = sorted(FOLDER.glob("*/*.txt"))


class Text(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "txt"


def describe(block: Block, reading: Reading) -> str:
    lines = [f"lines {block.line_start}-{block.line_end}: {reading.screen}, {reading.status}"]
    lines.append(f"ledger: {reading.counts}")
    for part in reading.unknown:
        expected = ", ".join(in_words(name) for name in part.expected)
        lines.append(f"unknown: lines {part.first_line}-{part.last_line}; expected {expected}")
    lines += [f"odd: line {oddity.line}: {oddity.text}" for oddity in reading.oddities]
    for name, frame in reading.frames.items():
        if len(frame):
            told = frame.dropna(axis="columns", how="all")
            lines += ["", f"{name} ({len(frame)})", told.to_csv(index=False, lineterminator="\n").rstrip("\n")]
    return "\n".join(lines)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_capture_reads_as_its_snapshot_says(path: Path, snapshot: SnapshotAssertion) -> None:
    capture = from_bytes(path.name, path.read_bytes())
    blocks = [(block, screens.read(block)) for block in transcript.split(capture)]
    for block, reading in blocks:
        assert reading.counts.total == block.line_end - block.line_start + 1
    assert sum(reading.counts.total for _, reading in blocks) == len(capture.lines)
    assert path.parent.name in {reading.screen for _, reading in blocks}, "not recognised as its screen"
    statuses = {reading.status for _, reading in blocks if reading.screen == path.parent.name}
    if path.stem.startswith("bad-"):
        assert not all(status is Status.PARSED for status in statuses), "a bad case reads as a whole one"
    else:
        assert statuses <= {Status.PARSED, Status.NONE, Status.EMPTY}, statuses
    snapshot = snapshot.use_extension(Text)
    assert "\n\n".join(describe(*pair) for pair in blocks) + "\n" == snapshot


def test_every_screen_has_good_and_bad_captures() -> None:
    held = {screen: [p.stem for p in CASES if p.parent.name == screen] for screen in all_screens()}
    assert not [s for s, names in held.items() if not any(not n.startswith("bad-") for n in names)], "no good capture"
    assert not [s for s, names in held.items() if not any(n.startswith("bad-") for n in names)], "no bad capture"
