"""explain, waivers, init, captures --gate: the commands around a check, typed as a user types them."""

import json
import subprocess
import sys
from pathlib import Path

from flmparse import assets
from flmparse.collection import read
from flmparse.manifest import parse
from flmparse.procedure import Gate

WHITEPAPER = str(assets.folder("fixtures") / "migrations" / "whitepaper")


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "flmparse", *words], capture_output=True, text=True, check=False)


def test_explain_quotes_what_a_pass_and_a_fail_rest_on() -> None:
    done = run("explain", "MSK005", WHITEPAPER, "--gate", "masked")
    assert done.returncode == 0, done.stderr
    assert "Passes when" in done.stdout
    assert "2-masked/se-host.txt:13  sha256 " in done.stdout
    assert "|     WWN   : 210000e08b1e45f9" in done.stdout
    passed = run("explain", "MSK003", WHITEPAPER)
    assert "masked: pass" in passed.stdout and "2-masked/se-host.txt:" in passed.stdout


def test_explain_says_where_a_rule_is_not_asked() -> None:
    done = run("explain", "MSK003", WHITEPAPER, "--gate", "prepare")
    assert (done.returncode, done.stdout) == (2, "")
    assert "MSK003 is not asked at gate prepare (its gates: masked; the evidence reaches cleaned)" in done.stderr


def test_waivers_of_a_manifest_without_any() -> None:
    done = run("waivers", WHITEPAPER, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tables"] == {"waivers": []}


def test_init_writes_a_manifest_that_reads_back(tmp_path: Path) -> None:
    target = tmp_path / "migration.toml"
    assert run("init", WHITEPAPER, "-o", str(target)).returncode == 0
    manifest = parse(target.read_bytes())
    assert (manifest.pair_file, manifest.source_symmetrix, manifest.target_symmetrix) == (
        "win_flm",
        "000187490076",
        "000194900275",
    )
    assert (manifest.nodes, manifest.expected_nodes) == ((), None), "how many nodes there are only a person can say"
    assert '# [[node]]   # seen in the captures; are these all?\n# name = "MSTPM3032"\n' in target.read_text("utf-8")
    again = run("init", WHITEPAPER, "-o", str(target))
    assert again.returncode == 2 and "--force" in again.stderr
    assert parse(run("init").stdout.encode()).present


LOG = """C:\\> powermt display dev=all

C:\\>
C:\\> symaccess -sid 813 list view

C:\\>
"""


def taken_over(text: str) -> str:
    """Return the suggested stanzas as a person takes them over: every open value filled in."""
    stanzas = text[text.index("# [[capture]]\n") :].split("# [[exclude]]")[0]
    lines = [line.removeprefix("# ") for line in stanzas.splitlines() if not line.startswith("#  ")]
    return "\n".join(lines).replace("gate =  ", 'gate = "ready"').replace("time =  ", "time = 2012-05-26T08:10:00Z")


def test_init_suggests_what_captures_leave_open_and_why(tmp_path: Path) -> None:
    for name in ("FILE01_a.txt", "FILE01_b.txt", "FILE01_ready.txt"):
        (tmp_path / name).write_text(LOG, "utf-8")
    (tmp_path / "notes.txt").write_text("bring coffee\n", "utf-8")
    (tmp_path / "n.log").write_text("C:\\> hostname\nFILE01\n", "utf-8")
    text = run("init", str(tmp_path)).stdout
    assert (
        '# file = "FILE01_ready.txt"\n' in text
        and '# gate = "ready"                      # by the name of the file\n' in text
    )
    assert "# gate =                              # which? nothing in this log tells\n" in text
    assert "#   line 1: powermt display dev=all\n#   line 4: symaccess -sid 813 list view\n" in text
    assert "notes.txt" not in text
    (tmp_path / "migration.toml").write_text(taken_over(text), "utf-8")
    known = {output.gate for output in read(str(tmp_path)).outputs if output.capture.name.startswith("FILE01")}
    assert known == {Gate.READY}


def test_init_names_files_that_lack_the_same_by_one_pattern(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"FILE01_{number}.txt").write_text(LOG, "utf-8")
    text = run("init", str(tmp_path)).stdout
    assert text.count('# file = "FILE01_*.txt"') == 1 and "FILE01_1.txt" not in text


def test_init_update_keeps_every_line_and_adds_what_is_new_once(tmp_path: Path) -> None:
    manifest = tmp_path / "migration.toml"
    (tmp_path / "a.log").write_text(LOG, "utf-8")
    written = '# ours\n[[node]]\nname = "FILE01" # blade 3\nwwpns = ["10000000c9000001"]\n'
    manifest.write_text(written, "utf-8")
    update = ("init", str(tmp_path), "-o", str(manifest), "--update")
    assert run(*update).returncode == 0
    first = manifest.read_text("utf-8")
    assert first.startswith(written) and '# file = "a.log"\n' in first and parse(first.encode()).wwpns
    assert run(*update).returncode == 0 and manifest.read_text("utf-8") == first
    (tmp_path / "n2.log").write_text("C:\\> hostname\nFILE02\nC:\\> powermt display dev=all\n\nC:\\>\n", "utf-8")
    assert run(*update).returncode == 0
    second = manifest.read_text("utf-8")
    assert (
        second.startswith(first)
        and '# name = "FILE02"' in second[len(first) :]
        and "FILE01" not in second[len(first) :]
    )
    assert run("init", "-o", str(manifest), "--update").returncode == 2


def test_init_update_refuses_a_manifest_that_is_wrong(tmp_path: Path) -> None:
    manifest = tmp_path / "migration.toml"
    manifest.write_text("[nod]\n", "utf-8")
    (tmp_path / "a.log").write_text(LOG, "utf-8")
    done = run("init", str(tmp_path), "-o", str(manifest), "--update")
    assert done.returncode == 2 and "no such section" in done.stderr and manifest.read_text("utf-8") == "[nod]\n"


def test_every_commented_default_of_init_is_the_default(tmp_path: Path) -> None:
    from flmparse.manifest import Policy

    text = run("init").stdout
    policy = text[text.index("[policy]") : text.index("# [[capture]]")].replace("\n# ", "\n")
    assert parse(policy.encode()).policy == Policy()


def test_gates_add_up_and_no_option_drops_the_first_without_a_word() -> None:
    done = run("check", WHITEPAPER, "--gate", "copied", "--gate", "ready,created", "-f", "json")
    assert [gate["gate"] for gate in json.loads(done.stdout)["gates"]] == ["created", "ready", "copied"]
    assert done.returncode == 1
    for words in (
        ("check", WHITEPAPER, "-f", "json", "-f", "csv"),
        ("check", WHITEPAPER, "-o", "a.txt", "-o", "b.txt"),
        ("parse", WHITEPAPER, "--table", "paths", "--table", "pairs"),
    ):
        refused = run(*words)
        assert refused.returncode == 2 and "is given 2 times and takes one value" in refused.stderr


def test_nothing_is_written_over_what_was_read_but_an_earlier_report(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "collection"
    shutil.copytree(WHITEPAPER, folder)
    for name in ("migration.toml", "3-ready/figure-10.txt"):
        before = (folder / name).read_bytes()
        (tmp_path / "link.txt").unlink(missing_ok=True)
        (tmp_path / "link.txt").symlink_to(folder / name)
        for to in (folder / name, tmp_path / "link.txt"):
            done = run("check", str(folder), "-o", str(to))
            assert done.returncode == 2 and "is one of the files that were read" in done.stderr
        assert (folder / name).read_bytes() == before
    page = folder / "report.html"
    for _ in range(2):
        assert run("report", "readiness", str(folder), "-f", f"html={page}").returncode == 1
    assert [path.name for path in folder.glob(".*")] == [], "written beside and renamed"


def test_captures_of_a_gate_list_what_is_still_missing() -> None:
    done = run("captures", WHITEPAPER, "--gate", "ready", "--format", "json")
    wanted = {entry["command"]: entry for entry in json.loads(done.stdout)["tables"]["gaps"]}
    entry = wanted["powermt display dev=all"]
    assert (entry["gate"], entry["required"], entry["on"]) == ("ready", "yes", "every node")
    assert "CLU001" in entry["rules"]
    commands = "\n".join(wanted)
    assert "symmaskdb -sid 000187490076 list assignment -devs 0720,075F,07B6,07E9" in wanted
    assert "<source>" not in commands and "<devices>" not in commands
    every = json.loads(run("captures", WHITEPAPER, "--gate", "all", "--format", "json").stdout)["tables"]["gaps"]
    required = [entry["required"] for entry in every]
    assert required == sorted(required, reverse=True) and set(required) == {"yes", "no"}
