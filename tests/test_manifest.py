from datetime import UTC, date, datetime

import pytest

from flmparse.errors import ManifestError
from flmparse.manifest import Policy, parse
from flmparse.procedure import Gate

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


def test_every_fault_is_reported_with_its_line_and_what_was_meant() -> None:
    text = (
        "[migration]\npairfile = 'x'\n[polcy]\n[source]\nsymmetrix = '123'\n"
        "[[node]]\nname = 'A'\n[[node]]\nwwpn = ['x']\n[policy]\nprofile = 'papr'\nmin_target_paths = 'two'\n"
    )
    with pytest.raises(ManifestError) as error:
        parse(text.encode())
    assert str(error.value).splitlines() == [
        "migration.toml:2: no key 'pairfile' in [migration]; did you mean 'pair_file'?",
        "migration.toml:3: no section [polcy]; did you mean 'policy'?",
        "migration.toml:9: no key 'wwpn' in [node]; did you mean 'wwpns'?",
        "migration.toml:8: a node needs a name",
        "migration.toml:12: min_target_paths is a whole number, not 'two'",
        "migration.toml:11: no profile 'papr' (profiles: paper, strict)",
        "migration.toml:5: '123' is not a Symmetrix id of 12 digits",
    ]


def test_bad_toml_says_where() -> None:
    with pytest.raises(ManifestError, match=r"migration.toml: .*line 2"):
        parse(b"[migration]\nname = \n")


def test_an_unreadable_expiry_is_a_lapsed_waiver() -> None:
    manifest = parse(WHOLE.replace("expires = 2012-06-30", "expires = 'soon'").encode())
    assert manifest.waivers[0].expires is None


@pytest.mark.parametrize("key", ["rule", "reason", "owner", "approved_by", "expires"])
def test_a_waiver_without_its_particulars_is_refused(key: str) -> None:
    lines = [line for line in WHOLE.splitlines() if not line.startswith(f"{key} =")]
    with pytest.raises(ManifestError, match=f"a waiver needs {key}"):
        parse("\n".join(lines).encode())


@pytest.mark.parametrize("text", ["migration = 3", "node = 'x'", "[node]\nname='x'", "waiver = [1]"])
def test_sections_of_the_wrong_form_are_faults_not_crashes(text: str) -> None:
    with pytest.raises(ManifestError, match="is written as a section"):
        parse(text.encode())
