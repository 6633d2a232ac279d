"""REP002, REP003: sessions of replication that pair devices are in."""

from flmparse.collection import Collection
from flmparse.findings import Status
from tests.editing import clean, status, whitepaper

PREPARE = "0-prepare/se-host.txt"
NO_CLONE = "No Clone sessions were found on Symmetrix 000187490233"
NO_RDF = "Symmetrix ID: 000187490233\n\nNo RDF devices were found"
RDF = """Symmetrix ID: 000187490233

                              Local Device View
----------------------------------------------------------------------------
                    STATUS     MODES                     RDF  S T A T E S
Sym        RDF      ---------  -----  R1 Inv   R2 Inv ----------------------
Dev  RDev  Typ:G    SA RA LNK  MDATE  Tracks   Tracks Dev RDev Pair
---- ---- --------  ---------  ----- -------  ------- --- ---- -------------

0A41 0440   R{side}:12   RW RW RW   S..1.       0        0 RW  WD   Synchronized

Total                                -------- -------
  Track(s)                                  0        0
  MB(s)                                   0.0      0.0"""
CLONE = """Symmetrix ID: {array}

         Source Device                   Target Device            State     Copy
--------------------------------- ---------------------------- ------------ ----
          Protected Modified                Modified
     Sym  Tracks    Tracks             Sym  Tracks   CGDP SRC <=> TGT  (%)
--------------------------------- ---------------------------- ------------ ----
     {source}         0        0           {target}        0 X.X. Copied       100"""


def with_text(old: str, new: str, file: str = PREPARE) -> Collection:
    """Return the clean migration with one text replaced."""
    return clean({file: lambda text: text.replace(old, new)})


def test_devices_that_are_nobodys_target_pass() -> None:
    result = status(clean(), "REP002", "prepare")
    assert result.status is Status.PASS and "10 devices are the target of nothing" in result.message


def test_an_r2_fails_by_its_configuration_or_by_the_list() -> None:
    shown = status(with_text("Configuration     : 2-Way Mir", "Configuration     : RDF2+Mir"), "REP002", "prepare")
    assert shown.status is Status.FAIL and "0512 <- 0A41: source 0A41 is the target of SRDF (R2)" in shown.message
    assert any("RDF2+Mir" in evidence.text for evidence in shown.findings[0].evidence)
    listed = status(with_text(NO_RDF, RDF.format(side=2)), "REP002", "prepare")
    assert listed.status is Status.FAIL and "source 0A41 is the target of a SRDF session" in listed.message
    assert status(with_text(NO_RDF, RDF.format(side=1)), "REP002", "prepare").status is Status.PASS


def test_the_target_of_a_clone_fails() -> None:
    table = CLONE.format(array="000187490233", source="0A10", target="0A41")
    result = status(with_text(NO_CLONE, table), "REP002", "prepare")
    assert result.status is Status.FAIL and "the target of a TimeFinder/Clone session with 0A10" in result.message


def test_a_list_or_a_device_that_is_missing_is_inconclusive() -> None:
    bare = status(with_text(f"C:\\> symrdf -sid 233 list\n\n{NO_RDF}", ""), "REP002", "prepare")
    assert bare.status is Status.INCONCLUSIVE and "no whole list of its RDF devices" in bare.message
    unlisted = status(
        with_text("Device Symmetrix Name    : 0A5C", "Device Symmetrix Name    : 0A5D"), "REP002", "prepare"
    )
    assert unlisted.status is Status.INCONCLUSIVE and "source 0A5C is not captured" in unlisted.message
    paper = status(whitepaper(), "REP002", "prepare")
    assert paper.status is Status.INCONCLUSIVE and paper.required


def test_sources_without_sessions_pass() -> None:
    for gate in ("prepare", "cleaned"):
        result = status(clean(), "REP003", gate)
        assert result.status is Status.PASS and "no replication" in result.message


def test_a_session_of_a_source_warns() -> None:
    result = status(with_text(NO_RDF, RDF.format(side=1)), "REP003", "prepare")
    assert result.status is Status.WARN
    assert "the SRDF session of source 0A41 with 0440 is not migrated" in result.message


def closed(clones: str) -> Collection:
    """Return the clean migration whose first source had a clone, with a list of the target's clones at the end."""
    had = CLONE.format(array="000187490233", source="0A41", target="0A10")
    text = "#flm node=se-host time=2012-05-14T20:00:00Z\nC:\\> symclone -sid 412 list\n\n" + clones + "\n\nC:\\>\n"
    return clean(
        {PREPARE: lambda old: old.replace(NO_CLONE, had)}, add={"8-cleaned/clones.txt": text} if clones else None
    )


def test_at_the_end_the_target_has_a_session_of_the_same_kind() -> None:
    made = status(closed(CLONE.format(array="000194900412", source="0512", target="0900")), "REP003", "cleaned")
    assert made.status is Status.PASS, made.message
    none = status(closed("No Clone sessions were found on Symmetrix 000194900412"), "REP003", "cleaned")
    assert none.status is Status.WARN
    assert "source 0A41 had a TimeFinder/Clone session, target 0512 has none" in none.message
    assert status(closed(""), "REP003", "cleaned").status is Status.INCONCLUSIVE


def test_a_kind_of_sessions_that_was_not_listed_is_inconclusive() -> None:
    bare = status(with_text(f"C:\\> symclone -sid 233 list\n\n{NO_CLONE}", ""), "REP003", "prepare")
    assert bare.status is Status.INCONCLUSIVE and "TimeFinder/Clone" in bare.message
    for gate in ("prepare", "cleaned"):
        assert status(whitepaper(), "REP003", gate).status is Status.INCONCLUSIVE
