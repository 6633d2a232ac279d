from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flmparse.errors import ManifestError
from flmparse.manifest import Manifest, Policy, parse
from flmparse.procedure import Gate
from tests.manifest_page import page

WHOLE = """
[migration]
name = "MSTP"
pair_file = "win_flm"
[source]
symmetrix = "000187490076"
[target]
symmetrix = "000194900275"
[cluster]
node_count = 2
[[node]]
name = "N1"
wwpns = ["21:00:00:E0:8B:1E:45:F9"]
[[node]]
name = "N2"
[policy]
profile = "strict"
extra_devices = ["400"]
[[capture]]
file = "logs/n1.txt"
node = "N1"
gate = "ready"
time = 2011-01-04T12:36:37Z
[[waiver]]
rule = "PTH007"
subject = "N1"
gates = ["ready"]
reason = "second HBA arrives with the new blade"
owner = "storage team"
approved_by = "change board"
expires = 2012-06-30
"""


def test_a_whole_manifest_is_read() -> None:
    manifest = parse(WHOLE.encode())
    assert manifest.expected_nodes == 2
    assert manifest.wwpns == {"210000e08b1e45f9": "N1"}
    assert manifest.policy == Policy(profile="strict", extra_devices=("0400",))
    hint = manifest.captures[0]
    assert (hint.file, hint.node, hint.gate, hint.time) == (
        "logs/n1.txt", "N1", Gate.READY, datetime(2011, 1, 4, 12, 36, 37, tzinfo=UTC),
    )  # fmt: skip
    assert manifest.waivers[0].expires == date(2012, 6, 30)
    assert manifest.waivers[0].gates == (Gate.READY,)


def faults(text: str) -> list[str]:
    with pytest.raises(ManifestError) as error:
        parse(text.encode())
    return [line.removeprefix("migration.toml:") for line in str(error.value).splitlines()]


def test_every_fault_is_reported_with_its_line_and_what_was_meant() -> None:
    text = (
        "[migration]\npairfile = 'x'\n[polcy]\n[source]\nsymmetrix = '123'\n"
        "[[node]]\nname = 'A'\n[[node]]\nwwpn = ['x']\n[policy]\nprofile = 'papr'\nmin_target_paths = 'two'\n"
        "[[waiver]]\nrule = 'PTH007'\nreason = ''\nowner = 'x'\napproved_by = 7\nexpires = 2012-06-30\ngates = ['redy']\n"
        "[[capture]]\nfile = 'a.txt'\ntime = 2011-01-04\n"
    )
    assert faults(text) == [
        "2: migration.pairfile: no such key; did you mean 'pair_file'?",
        "3: polcy: no such section; did you mean 'policy'?",
        "5: source.symmetrix: '123' is not a Symmetrix id of 12 digits",
        "8: node.name: missing; every [[node]] needs it",
        "9: node.wwpn: no such key; did you mean 'wwpns'?",
        "11: policy.profile: must be 'paper' or 'strict', not 'papr'; did you mean 'paper'?",
        "12: policy.min_target_paths: must be a whole number, not 'two'",
        "15: waiver.reason: must not be empty",
        "17: waiver.approved_by: must be text in quotes, not 7",
        "19: waiver.gates: no gate 'redy'; did you mean 'ready'? (gates: prepare, created, masked, ready, copying, copied, "
        "terminated, unmasked, cleaned)",
        "22: capture.time: must be a date and time such as 2011-01-04T12:36:37Z, not 2011-01-04",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[cluster]\nnode_count = true", "2: cluster.node_count: must be a whole number, not true"),
        ("[cluster]\nnode_count = 2.0", "2: cluster.node_count: must be a whole number, not 2.0"),
        ("[policy]\nmultipath = 'ppath'", "2: policy.multipath: must be a list, not 'ppath'"),
        ("[policy]\nmultipath = [\n'a',\n1]", "2: policy.multipath: must be text in quotes, not 1"),
        ("[policy]\nsource_fixes = 1", "2: policy.source_fixes: must be a table of keys, not 1"),
        ("[policy.source_fixes]\n5773 = 'x'", "2: policy.source_fixes.5773: must be a list, not 'x'"),
        ("[policy]\nextra_devices = ['04x0']", "2: policy.extra_devices: '04x0' is not a device number in hexadecimal"),
        ("[[node]]\nname = 'A'\n[[node]]\nname = 'A'", "4: node.name: two nodes are called 'A'"),
        ("[cluster]\nnode_count = 1\n[[node]]\nname = 'A'\n[[node]]\nname = 'B'",
         "2: cluster.node_count: 1 is fewer than the 2 nodes listed"),
        ("[[capture]]\nfile = 'x'\ngate = 3", "3: capture.gate: must be text in quotes, not 3"),
        ("[[capture]]\nfile = 'x'\ntime = 5", "3: capture.time: must be a date and time such as 2011-01-04T12:36:37Z, not 5"),
        ("[[waiver]]\nline = 3\nrule='A'\nreason='a'\nowner='a'\napproved_by='a'\nexpires=2012-06-30",
         "2: waiver.line: no such key"),
        ("target.symmetrix = '1'", "1: target.symmetrix: '1' is not a Symmetrix id of 12 digits"),
        ("\ntarget = { symmetrix = '1' }", "2: target.symmetrix: '1' is not a Symmetrix id of 12 digits"),
        ("[migration]\nname = \"\"\"\n[source]\nsymmetrix = '3'\n\"\"\"\n[source]\nsymmetrix = '1'",
         "7: source.symmetrix: '1' is not a Symmetrix id of 12 digits"),
        ("[migration]\nname = \n", "2: column 8: Invalid value"),
    ],
)  # fmt: skip
def test_a_fault_in_plain_words(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_a_time_without_a_zone_is_utc_and_paths_have_one_spelling() -> None:
    (hint,) = parse(b"[[capture]]\nfile = '.\\logs\\n1.txt'\ntime = 2011-01-04 12:36:37\n").captures
    assert (hint.file, hint.time) == ("./logs/n1.txt".removeprefix("./"), datetime(2011, 1, 4, 12, 36, 37, tzinfo=UTC))


def test_a_waiver_knows_its_line_and_nothing_changes_what_was_read() -> None:
    manifest = parse(WHOLE.encode())
    assert WHOLE.splitlines()[manifest.waivers[0].line - 1] == 'rule = "PTH007"'
    assert (manifest.present, Manifest().present, parse(b"").present) == (True, False, True)
    with pytest.raises(ValueError, match="frozen"):
        manifest.policy.max_queue = 3  # type: ignore[misc]


def test_the_page_of_the_manifest_is_current() -> None:
    written = (Path(__file__).parent.parent / "docs" / "manifest.md").read_text("utf-8")
    assert written == page(), "make docs"


def test_bad_toml_says_where() -> None:
    with pytest.raises(ManifestError, match=r"migration.toml:2: column 8: Invalid value"):
        parse(b"[migration]\nname = \n")


def test_an_unreadable_expiry_is_a_lapsed_waiver() -> None:
    manifest = parse(WHOLE.replace("expires = 2012-06-30", "expires = 'soon'").encode())
    assert manifest.waivers[0].expires is None


@pytest.mark.parametrize("key", ["rule", "reason", "owner", "approved_by", "expires"])
def test_a_waiver_without_its_particulars_is_refused(key: str) -> None:
    lines = [line for line in WHOLE.splitlines() if not line.startswith(f"{key} =")]
    with pytest.raises(ManifestError, match=rf"waiver.{key}: missing; every \[\[waiver\]\] needs it"):
        parse("\n".join(lines).encode())


@pytest.mark.parametrize("text", ["migration = 3", "node = 'x'", "[node]\nname='x'", "waiver = [1]"])
def test_sections_of_the_wrong_form_are_faults_not_crashes(text: str) -> None:
    with pytest.raises(ManifestError, match="must be written as a section"):
        parse(text.encode())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[policy]\nsource_fixes = 5", "policy.source_fixes: must be a table of keys, not 5"),
        ("[policy]\nsource_fixes = {'5773'=5}", "policy.source_fixes.5773: must be a list, not 5"),
        ("a=" + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ("a=" + "9" * 5000, "Exceeds the limit (4300 digits)"),
        ("[[capture]]\nfile='x'\ntime = 0001-01-01T00:00:00+23:59", "capture.time: must be between 1980 and 2199"),
        ("[[capture]]\nfile='x'\ntime = 9999-12-31T23:59:59-23:59", "capture.time: must be between 1980 and 2199"),
        ("[policy]\nutc_offset='+99:99'", "policy.utc_offset: must be written as +01:00"),
        ("[policy]\nmax_age_hours=-1", "policy.max_age_hours: Input should be greater than or equal to 0"),
        ("[policy]\nmax_age_days=999999999999", "policy.max_age_days: Input should be less than or equal to"),
        (
            "[[clock]]\nnode='x'\nahead_seconds=-99999999999",
            "clock.ahead_seconds: Input should be greater than or equal to",
        ),
        ("[cluster]\nnode_count=0", "cluster.node_count: Input should be greater than or equal to 1"),
    ],
)
def test_values_have_a_type_and_a_range(text: str, fault: str) -> None:
    with pytest.raises(ManifestError) as error:
        parse(text.encode())
    assert fault in str(error.value)
