"""ENV001 to ENV004, ENV007, ENV008: levels, versions, port flags and gatekeepers before create and once masked."""

import pytest

from flmparse.findings import Result, Status
from tests.editing import Edit, status, whitepaper

ARRAYS = """C:\\> symcfg list

                                S Y M M E T R I X

                                       Mcode    Cache      Num Phys  Num Symm
    SymmID       Attachment  Model     Version  Size (MB)  Devices   Devices

    000194900275 Local       VMAX-1SE  {target}       57344         8      4120
    000187490076 Remote      DMX3-24   {source}       65536         0      3811

C:\\>
"""
PATCHES = """C:\\> symcfg -sid 076 list -upatches

Symmetrix ID: 000187490076

           S Y M M E T R I X   M I C R O C O D E   P A T C H E S

    Patch    Description
    -------- ------------------
    65510    loaded
    65924    loaded  2011-11-02

C:\\>
"""
PORTS = """C:\\> symcfg -sid 275 list -fa all -port

Symmetrix ID: 000194900275

           S Y M M E T R I X    F I B R E   D I R E C T O R S

    Dir    Port  WWN               ACLX     Volume Set   Pnt to Pnt
                                   Enabled  Addressing

    FA-7E   0    50000972C0044D18  Yes      No           Yes
    FA-7E   1    50000972C0044D19  No       No           No
    FA-8E   0    50000972C0044D1C  Yes      No           Yes

C:\\>
"""
SANPORTS = """C:\\> symsan -sid 275 list -sanports -dir {director} -p 0

Symmetrix ID: 000194900275

      Flags                                Num
DIR:P   I   Vendor        Array            LUNs Remote Port WWN
----- ----- ------------- ---------------- ---- --------------------------------
{port}   .   EMC Symmetrix 000187490076        4 5006048449AEE08D

Legend:
 Flags: (I)ncomplete : X = record is incomplete, . = record is complete.

C:\\>
"""
MASKING = """C:\\> symmaskdb -sid 076 list assignment -devs 0720,075F,07B6,07E9

Symmetrix ID : 000187490076

Device  Identifier        Type   Dir:P
------  ----------------  -----  ----------------
0720    210000e08b1e45f9  FIBRE  FA-14C:0
        50000972c0044d18  FIBRE  FA-14C:1
        50000972c0044d1c  FIBRE  FA-14C:1
075F    210000e08b1e45f9  FIBRE  FA-14C:0
07B6    210000e08b1e45f9  FIBRE  FA-14C:0
07E9    210000e08b1e45f9  FIBRE  FA-14C:0

C:\\>
"""
TARGET_FLAGS = {"FA-7E": "50000972C0044D18", "FA-8E": "50000972C0044D1C"}
SOURCE_FLAGS = {"FA-14C": "5006048449AEE08D"}


def answer(
    rule: str, *listings: str, gate: str = "prepare", folder: str = "0-prepare", manifest: Edit | None = None
) -> Result:
    """Return a rule's answer on the white paper with some listings added."""
    captures = {f"{folder}/listing-{number}.txt": text for number, text in enumerate(listings)}
    return status(whitepaper(add=captures, manifest=manifest), rule, gate)


def flags(sid: str, ports: dict[str, str], *, off: str = "", aclx: str = "Enabled") -> str:
    """Return `symcfg list -v` of port 0 of some directors; the flag whose line begins with ``off`` is disabled."""
    text = f"C:\\> symcfg -sid {sid[-3:]} list -v -fa all\n\nSymmetrix ID: {sid} (Local)\n\n"
    scsi = ["Common_Serial_Number(C)", "SCSI_3(SC3)", "SPC2_Protocol_Version(SPC2)", "SCSI_Support1(OS2007)"]
    for director, wwn in ports.items():
        states = "".join(
            f"                {name:28}: {'Disabled' if off and name.startswith(off) else 'Enabled'}\n" for name in scsi
        )
        text += (
            f"    Director Identification: {director}\n\n"
            "        Director Type          : FibreChannel\n\n"
            "        Director Port: 0\n\n"
            f"            WWN Port Name      : {wwn}\n"
            "            Fibre Specific Flags\n"
            "                {\n"
            f"                Access_Logix(ACLX)       : {aclx}\n"
            "                }\n"
            "            SCSI Flags\n"
            "                {\n"
            f"{states}"
            "                }\n\n"
        )
    return f"{text}C:\\>\n"


def test_the_target_level() -> None:
    assert answer("ENV001", ARRAYS.format(target=5876, source=5773)).status is Status.PASS
    result = answer("ENV001", ARRAYS.format(target=5875, source=5773))
    assert result.status is Status.FAIL
    assert result.findings[0].subject == "000194900275" and "runs Enginuity 5875" in result.message
    assert "5875" in result.findings[0].evidence[0].text


def test_a_long_listing_quotes_the_line_of_the_level() -> None:
    paragraph = (
        "C:\\> symcfg list -v\n\nSymmetrix ID: 000194900275 (Local)\n\n    Product Model                         : VMAX-1SE\n"
        "    Microcode Version (Number)            : 5874 (16F20000)\n\nC:\\>\n"
    )
    result = answer("ENV001", paragraph)
    assert result.status is Status.FAIL
    assert any("5874 (16F20000)" in evidence.text for evidence in result.findings[0].evidence)


def test_the_pair_files_comment_is_no_evidence_of_a_level() -> None:
    other = ARRAYS.format(target=5876, source=5773).replace("000194900275", "000194900276")
    for result in (answer("ENV001"), answer("ENV001", other)):
        assert result.status is Status.INCONCLUSIVE


def test_the_source_level_and_its_fixes() -> None:
    arrays = ARRAYS.format(target=5876, source=5773)
    assert "fixes 65924, 65510" in answer("ENV002", arrays, PATCHES).message
    assert answer("ENV002", arrays, PATCHES).status is Status.PASS
    lacking = answer("ENV002", arrays, PATCHES.replace("    65924    loaded  2011-11-02\n", ""))
    assert lacking.status is Status.FAIL
    assert "000187490076: runs Enginuity 5773 without fix 65924" in lacking.message
    none = "C:\\> symcfg -sid 076 list -upatches\n\nSymmetrix ID: 000187490076\n\nNo microcode patches are installed.\n\nC:\\>\n"
    assert answer("ENV002", arrays, none).status is Status.FAIL
    assert answer("ENV002", arrays, none.replace("-sid 076", "-sid 275")).status is Status.INCONCLUSIVE
    assert answer("ENV002", arrays).missing == ("symcfg -sid <source> list -upatches",)


def test_a_listing_of_patches_that_may_go_on_proves_no_fix_missing() -> None:
    cut = PATCHES[: PATCHES.index("    65924")]
    result = answer("ENV002", ARRAYS.format(target=5876, source=5773), cut)
    assert result.status is Status.INCONCLUSIVE and "nothing proves whole" in result.message


@pytest.mark.parametrize(
    ("level", "expected", "said"),
    [
        ("5671", Status.FAIL, "runs Enginuity 5671; supported are"),
        ("5771", Status.INCONCLUSIVE, "the policy names no fixes"),
        ("5874", Status.PASS, "needs no fix"),
        ("5876", Status.PASS, "needs no fix"),
    ],
)
def test_source_levels_without_fixes(level: str, expected: Status, said: str) -> None:
    result = answer("ENV002", ARRAYS.format(target=5876, source=level))
    assert result.status is expected and said in result.message


def test_the_version_of_solutions_enabler() -> None:
    banner = (
        "C:\\> symcli\nSymmetrix Command Line Interface (SYMCLI) Version V{0} (Edit Level: 1300)\n"
        "built with SYMAPI Version V{0} (Edit Level: 1300)\n\nC:\\>\n"
    )
    assert answer("ENV003", banner.format("7.4.0.0")).status is Status.PASS
    assert answer("ENV003", banner.format("7.10.1.0")).status is Status.PASS
    old = answer("ENV003", banner.format("7.3.1.0"))
    assert old.status is Status.FAIL and "runs Solutions Enabler 7.3.1" in old.message
    assert old.findings[0].evidence[0].line_start == 2
    node = {"0-prepare/MSTPM3032.txt": banner.format("7.4.0.0")}
    result = status(whitepaper(add=node), "ENV003", "prepare")
    assert result.status is Status.INCONCLUSIVE and "only the versions of cluster nodes" in result.message


def test_aclx_of_the_control_ports_before_a_view_exists() -> None:
    scans = [SANPORTS.format(director="7E", port="07E:0"), SANPORTS.format(director="8E", port="08E:0")]
    result = answer("ENV004", PORTS, *scans)
    assert result.status is Status.PASS and "07E:0, 08E:0" in result.message
    off = PORTS.replace("4D1C  Yes", "4D1C  No ")
    failed = answer("ENV004", off, *scans)
    assert failed.status is Status.FAIL
    assert [finding.subject for finding in failed.findings] == ["08E:0"] and "ACLX is off" in failed.message
    decoded = answer("ENV004", off, MASKING)
    assert decoded.status is Status.FAIL and "08E:0" in decoded.message
    unknown = answer("ENV004", PORTS)
    assert unknown.status is Status.INCONCLUSIVE and "control ports" in unknown.message


def test_aclx_of_the_views_ports_once_masked() -> None:
    assert answer("ENV004", PORTS, gate="masked").status is Status.PASS
    off = answer("ENV004", PORTS.replace("4D18  Yes", "4D18  No "), gate="masked")
    assert off.status is Status.FAIL and "07E:0: ACLX is off" in off.message
    short = PORTS.replace("    FA-8E   0    50000972C0044D1C  Yes      No           Yes\n", "")
    unlisted = answer("ENV004", short, gate="masked")
    assert unlisted.status is Status.INCONCLUSIVE and "08E:0: whether ACLX is on is not captured" in unlisted.message
    paragraphs = answer("ENV004", flags("000194900275", TARGET_FLAGS, aclx="Disabled"), gate="masked")
    assert paragraphs.status is Status.FAIL
    assert any("Access_Logix(ACLX)" in evidence.text for evidence in paragraphs.findings[0].evidence)


def test_a_newer_listing_without_aclx_does_not_hide_the_older_one() -> None:
    newer = (
        "C:\\> symcfg -sid 275 list -fa all -port\n\nSymmetrix ID: 000194900275 (Local)\n\n"
        "         S Y M M E T R I X    D I R E C T O R    P O R T S\n\n"
        "                                               Speed\n"
        "  Ident  Port  WWN               Type          Gb/sec  Status\n"
        "  -----  ----  ----------------  ------------  ------  -------\n\n"
        "  FA-7E     0  50000972C0044D18  FibreChannel       8  Online\n\nC:\\>\n"
    )
    collection = whitepaper(add={"0-prepare/ports.txt": PORTS, "2-masked/ports.txt": newer})
    assert status(collection, "ENV004", "masked").status is Status.PASS
    alone = whitepaper(add={"2-masked/ports.txt": newer})
    assert status(alone, "ENV004", "masked").status is Status.INCONCLUSIVE


def devices(sid: str, sizes: dict[str, int], names: dict[str, str], options: str = "") -> str:
    """Return `symdev list` of devices with their size and, where there is one, their name on the host."""
    rows = "".join(
        f"{device} {names.get(device, 'Not Visible'):22} 07E:0  NA:NA  TDEV          N/Grp'd      RW  {size:>6}\n"
        for device, size in sizes.items()
    )
    return (
        f"C:\\> symdev -sid {sid[-3:]} list{options}\n\nSymmetrix ID: {sid}\n\n"
        "        Device Name           Directors                  Device\n"
        "--------------------------- ------------- -------------------------------------\n"
        "                                                                           Cap\n"
        "Sym  Physical               SA :P DA :IT  Config        Attribute    Sts   (MB)\n"
        "--------------------------- ------------- -------------------------------------\n\n"
        f"{rows}\nC:\\>\n"
    )


TARGETS = {"0328": 8631, "0329": 8631, "032A": 8631, "032B": 8631}
SOURCES = {"0720": 3750, "075F": 3750, "07B6": 3750, "07E9": 938}
GATEKEEPERS = {f"0F0{number}": 3 for number in range(6)}
NAMES = {device: f"\\\\.\\PHYSICALDRIVE{number}" for number, device in enumerate(GATEKEEPERS)}


def test_six_gatekeepers_are_enough() -> None:
    sources = devices("000187490076", SOURCES, {}, " -range 0720:07E9")
    result = answer("ENV007", devices("000194900275", {**TARGETS, **GATEKEEPERS}, NAMES), sources)
    assert result.status is Status.PASS and "6 gatekeepers" in result.message
    hidden = {device: name for device, name in NAMES.items() if device not in ("0F01", "0F02", "0F03")}
    few = answer("ENV007", devices("000194900275", {**TARGETS, **GATEKEEPERS}, hidden), sources)
    assert few.status is Status.WARN
    assert "sees 3 gatekeepers of the target, 6 are needed" in few.message
    part = devices("000194900275", {**TARGETS, **GATEKEEPERS}, hidden, " -range 0328:0F05")
    assert answer("ENV007", part, sources).status is Status.INCONCLUSIVE


def test_a_pair_device_that_looks_like_a_gatekeeper_warns() -> None:
    target = devices("000194900275", {**TARGETS, **GATEKEEPERS}, NAMES)
    sources = devices("000187490076", {**SOURCES, "07B6": 6}, {}, " -range 0720:07E9")
    result = answer("ENV007", target, sources)
    assert result.status is Status.WARN
    assert "032A <- 07B6: its source has 6 MB and looks like a gatekeeper" in result.message
    unknown = answer("ENV007", target)
    assert unknown.status is Status.INCONCLUSIVE and "the size of its source is not captured" in unknown.message


def test_the_view_of_a_cluster_node_tells_nothing_of_the_solutions_enabler_host() -> None:
    listing = devices("000194900275", {**TARGETS, **GATEKEEPERS}, NAMES)
    result = status(whitepaper(add={"0-prepare/MSTPM3032.txt": listing}), "ENV007", "prepare")
    assert result.status is Status.INCONCLUSIVE


def test_port_flags_must_be_the_same_on_both_arrays() -> None:
    source = flags("000187490076", SOURCE_FLAGS)
    same = answer("ENV008", MASKING, source, flags("000194900275", TARGET_FLAGS))
    assert same.status is Status.PASS
    other = answer("ENV008", MASKING, source, flags("000194900275", TARGET_FLAGS, off="SPC2"))
    assert other.status is Status.FAIL
    assert [finding.subject for finding in other.findings] == ["07E:0", "08E:0"]
    assert "flag SPC2 is off, on source port 14C:0 it is on" in other.message
    quoted = [evidence.text for evidence in other.findings[0].evidence if "SPC2" in evidence.text]
    assert len(quoted) == 2
    untold = answer("ENV008", MASKING, flags("000194900275", TARGET_FLAGS))
    assert (
        untold.status is Status.INCONCLUSIVE and "14C:0: flag C of this source port is not captured" in untold.message
    )


def test_port_flags_that_differ_between_the_sources_own_ports_only_warn() -> None:
    masking = MASKING.replace("07E9    210000e08b1e45f9  FIBRE  FA-14C:0", "07E9    210000e08b1e45f9  FIBRE  FA-3C:0")
    one = flags("000187490076", SOURCE_FLAGS)
    two = flags("000187490076", {"FA-3C": "5006048449AEE082"}, off="SCSI_Support1")
    result = answer("ENV008", masking, one, two, flags("000194900275", TARGET_FLAGS))
    assert result.status is Status.WARN
    assert "flag OS2007 is on, on source port 03C:0 it is off" in result.message
