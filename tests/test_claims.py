"""`[[capture]]` and `[[exclude]]`: what the manifest says of files, so that no evidence is ever edited."""

import re
from datetime import UTC, datetime

import pytest

from flmparse import collection as collections
from flmparse.assessment import assess
from flmparse.collection import Collection
from flmparse.errors import ManifestError
from flmparse.evidence.answer import Answer
from flmparse.findings import Status, Verdict
from flmparse.manifest import parse
from flmparse.procedure import Gate
from flmparse.text.capture import Bundle, from_bytes
from tests.editing import bundle_of, status

LOG = "C:\\> symcfg list\nx\nC:\\> hostname\nFILE02\nC:\\> symaccess list view\ny\n"


def read(manifest: str, **files: str) -> Collection:
    """Return a collection of logs; an underscore in a keyword is a dot, two are a slash."""
    captures = [
        from_bytes(name.replace("__", "/").replace("_", "."), text.encode()) for name, text in sorted(files.items())
    ]
    return collections.from_bundle(Bundle("test", tuple(captures), manifest.encode(), ()))


def faults(manifest: str, **files: str) -> list[str]:
    with pytest.raises(ManifestError) as error:
        read(manifest, **files)
    return str(error.value).splitlines()


def test_lines_of_one_log_have_each_their_node_gate_and_time() -> None:
    manifest = (
        '[[capture]]\nfile = "*.log"\nnode = "FILE02"\n'
        '[[capture]]\nfile = "a.log"\nlines = "1-2"\ngate = "prepare"\ntime = 2012-05-26T08:00:00Z\n'
        '[[capture]]\nfile = "a.log"\nlines = "5-"\ngate = "masked"\n'
    )
    outputs = read(manifest, a_log=LOG, b_txt="C:\\> symcfg list\n\nC:\\>\n").outputs
    assert [(output.node, output.gate, output.time) for output in outputs] == [
        ("FILE02", Gate.PREPARE, datetime(2012, 5, 26, 8, tzinfo=UTC)),
        ("FILE02", None, None),
        ("FILE02", Gate.MASKED, None),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("*.log", ["a.log"]),
        ("**/*.log", ["a.log", "old/a.log", "old/x/b.log"]),
        ("old/**", ["old/a.log", "old/x/b.log"]),
        ("old/?.log", ["old/a.log"]),
    ],
)
def test_a_pattern_names_files_and_folders(pattern: str, named: list[str]) -> None:
    manifest = f'[[capture]]\nfile = "{pattern}"\nnode = "N"\n'
    collection = read(manifest, a_log="C:\\> x\n", old__a_log="C:\\> y\n", old__x__b_log="C:\\> z\n")
    assert [output.capture.name for output in collection.outputs if output.node == "N"] == named


def test_what_names_nothing_or_says_one_thing_twice_is_refused_with_its_line() -> None:
    assert faults('[[capture]]\nfile = "a.lgo"\nnode = "N"\n', a_log=LOG) == [
        "migration.toml:2: capture.file: no file 'a.lgo' in the collection; did you mean 'a.log'?"
    ]
    twice = '[[capture]]\nfile = "a.log"\nlines = "1-4"\ngate = "ready"\n[[capture]]\nfile = "*"\ngate = "ready"\n'
    assert faults(twice, a_log=LOG) == [
        "migration.toml:6: capture.file: two entries say the gate of a.log; the other is migration.toml:2"
    ]
    assert faults('[[capture]]\nfile = "a.log"\nlines = "5-9"\ngate = "ready"\n', a_log=LOG) == [
        "migration.toml:3: capture.lines: 5-9, but a.log has 6 lines"
    ]
    assert faults('[[capture]]\nfile = "a.log"\nlines = "2"\ngate = "ready"\n', a_log=LOG) == [
        "migration.toml:3: capture.lines: no output of a.log begins in lines 2; the one that holds line 2 begins at line 1"
    ]
    assert faults('[[capture]]\nfile = "a.log"\n', a_log=LOG) == [
        "migration.toml:2: capture: says nothing of a.log; it needs node, gate, time or authority"
    ]
    assert faults('[[exclude]]\nfile = "b.log"\nreason = "r"\nowner = "o"\n', a_log=LOG)[0].startswith(
        "migration.toml:2: exclude.file: no file 'b.log' in the collection"
    )


@pytest.mark.parametrize("lines", ["0-3", "9-3", "a", "3,5"])
def test_lines_that_cannot_be_read_are_refused(lines: str) -> None:
    with pytest.raises(ManifestError, match=r"migration.toml:3: capture.lines: must be written as .120-364"):
        parse(f'[[capture]]\nfile = "a"\nlines = "{lines}"\n'.encode())


def test_an_entry_against_a_marker_is_a_contradiction_and_proves_nothing() -> None:
    log = "#flm node=FILE01 gate=masked\nC:\\> symcfg list\n\nC:\\>\n"
    manifest = '[[capture]]\nfile = "a.log"\nnode = "file01.corp"\ngate = "ready"\n'
    (output,) = (o for o in read(manifest, a_log=log).outputs if o.command)
    assert output.block.marker is not None
    assert output.block.marker.problem == "says gate=masked, and migration.toml:4 says ready"


@pytest.mark.parametrize(
    ("command", "stated", "authority"),
    [
        ("", "live", "live"),
        ("C:\\> symcfg list\n", "database", "database"),
        ("C:\\> symcfg list -offline\n", "live", "database"),
        ("C:\\> symcfg list\n", "live", "live"),
        ("C:\\> symcfg list\n", "foreign", "foreign"),
    ],
)
def test_the_manifest_says_who_answered_and_makes_nothing_live_that_is_not(
    command: str, stated: str, authority: str
) -> None:
    manifest = f'[[capture]]\nfile = "a.log"\nauthority = "{stated}"\n'
    (output,) = read(manifest, a_log=f"{command}S Y M M E T R I X\n").outputs
    assert Answer(output).authority == authority


def excluding(name: str, gate: str = "") -> Collection:
    bundle = bundle_of("clean")
    stanza = f'\n[[exclude]]\nfile = "{name}"\nreason = "rehearsal"\nowner = "storage team"\n'
    return collections.from_bundle(
        Bundle("clean", bundle.captures, (bundle.manifest or b"") + stanza.encode(), ("x.zip: not opened",))
    )


def test_an_excluded_file_proves_nothing_and_is_named_with_its_reason() -> None:
    collection = excluding("3-ready/EXCH02.txt")
    assert "3-ready/EXCH02.txt" in {capture.name for capture in collection.captures}
    assert "3-ready/EXCH02.txt" not in {output.capture.name for output in collection.outputs}
    result = status(collection, "EVD001", "ready")
    told = [finding.message for finding in result.findings if "left out" in finding.message]
    assert len(told) == 1
    assert re.fullmatch(
        r"left out: rehearsal \(storage team, migration.toml:\d+\); it holds \d+ outputs of known commands", told[0]
    )
    assert assess(collection, "ready").verdict is not Verdict.GO


def test_an_unreadable_file_may_be_excluded_and_stays_an_open_question() -> None:
    collection = excluding("x.zip")
    assert collection.refused == ()
    result = status(collection, "EVD001", "ready")
    assert result.status is Status.INCONCLUSIVE
    assert "what it holds is not known (not opened)" in result.message
    assert assess(collection, "ready").verdict is Verdict.GO


def test_a_log_called_as_the_only_computer_that_it_names_is_of_it_from_the_top() -> None:
    log = "C:\\> powermt display dev=all\n\nC:\\>\nC:\\> hostname\nFILE02\nC:\\> powermt check\n\nC:\\>\n"
    assert {output.node for output in read("", file02_log=log).outputs} == {"FILE02"}
    assert {output.node for output in read("", other_log=log).outputs} == {None, "FILE02"}
