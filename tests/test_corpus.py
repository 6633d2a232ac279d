"""The public captures beside the project, read in place: recognised as what they are, no line lost, nothing raised.

tests/corpus.csv says what each block of each file reads as; it is a record to be compared with the corpus' own INDEX.md (the row counts
there are asserted by the tests of the screens).
"""

import csv
from pathlib import Path

import pytest

from flmparse import screens
from flmparse.text import transcript
from flmparse.text.capture import from_bytes

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*/*.txt"))
EXPECTED = list(csv.DictReader(Path(__file__).with_name("corpus.csv").read_text().splitlines()))

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus of public captures is not beside the project")


def blocks_of(path: Path) -> list[dict[str, str]]:
    capture = from_bytes(path.name, path.read_bytes())
    told, lines = [], 0
    for block in transcript.split(capture):
        reading = screens.read(block)
        lines += reading.counts.total
        told.append(
            {
                "file": f"{path.parent.name}/{path.name}",
                "screen": reading.screen or "",
                "status": str(reading.status),
                "rows": str(reading.rows),
                "unknown": str(reading.counts.unknown),
            }
        )
    assert lines == len(capture.lines), "lines are lost"
    return told


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_public_capture_reads_as_recorded(path: Path) -> None:
    name = f"{path.parent.name}/{path.name}"
    assert blocks_of(path) == [row for row in EXPECTED if row["file"] == name]


def test_every_file_of_the_corpus_is_recorded() -> None:
    assert {row["file"] for row in EXPECTED} == {f"{path.parent.name}/{path.name}" for path in FILES}


def test_of_all_public_captures_at_most_three_are_of_no_known_screen() -> None:
    unread = {row["file"] for row in EXPECTED if row["status"] == "unrecognised"}
    assert len(unread) <= 3, sorted(unread)
