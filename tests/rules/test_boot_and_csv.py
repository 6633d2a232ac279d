"""ENV006: no boot disk and no cluster shared volume among the pairs."""

from flmparse.findings import Status
from tests.editing import Edit, clean, status, whitepaper

NODE = "0-prepare/EXCH01.txt"
OTHER = "0-prepare/EXCH02.txt"
NO_VOLUME = "PS C:\\> Get-ClusterSharedVolume\nPS C:\\>"


def volume(name: str) -> Edit:
    """Return the edit by which the cluster lists one shared volume."""
    table = (
        "PS C:\\> Get-ClusterSharedVolume\n\nName            State   Node\n----            -----   ----\n"
        f"{name}  Online  EXCH01\n\nPS C:\\>"
    )
    return lambda text: text.replace(NO_VOLUME, table)


def test_disks_that_windows_does_not_use_pass() -> None:
    result = status(clean(), "ENV006", "prepare")
    assert result.status is Status.PASS and "10 disks on 2 nodes" in result.message
    assert "no cluster shared volume is listed" in result.message


def test_a_boot_or_pagefile_disk_fails_on_the_node_that_says_so() -> None:
    for label, word in (("Boot Disk  : No", "boot"), ("Pagefile Disk  : No", "pagefile")):
        edit: Edit = lambda text, label=label: text.replace(label, label.replace("No", "Yes"), 1)  # noqa: E731
        result = status(clean({NODE: edit}), "ENV006", "prepare")
        assert result.status is Status.FAIL
        assert [finding.subject for finding in result.findings] == ["0512 <- 0A41 on EXCH01"]
        assert f"disk 14 is a {word} disk" in result.message
        texts = [evidence.text for evidence in result.findings[0].evidence]
        assert any(text.startswith("Pseudo name=harddisk14") for text in texts) and any("Yes" in text for text in texts)


def test_a_list_of_disks_is_no_detail() -> None:
    listing = (
        "DISKPART> list disk\n\n  Disk ###  Status         Size     Free     Dyn  Gpt\n"
        "  --------  -------------  -------  -------  ---  ---\n  Disk 14   Online         3764 MB      0 B\n\n"
    )

    def edit(text: str) -> str:
        text = text.replace("DISKPART> detail disk", f"{listing}DISKPART> detail disk", 1)
        return text.replace("Boot Disk  : No", "Boot Disk  : Yes", 1)

    result = status(clean({NODE: edit}), "ENV006", "prepare")
    assert result.status is Status.FAIL
    assert not any("3764 MB      0 B" in evidence.text for evidence in result.findings[0].evidence)


def test_a_pair_that_is_a_shared_volume_fails() -> None:
    result = status(clean({NODE: volume("Cluster Disk 3"), OTHER: volume("Cluster Disk 3")}), "ENV006", "prepare")
    assert result.status is Status.FAIL and "is the cluster shared volume Cluster Disk 3" in result.message
    assert {finding.subject.split()[-1] for finding in result.findings} == {"0B07"}


def test_shared_volumes_that_no_disk_is_known_of_or_that_were_not_asked_for_are_inconclusive() -> None:
    strange = clean({NODE: volume("Cluster Disk 9"), OTHER: volume("Cluster Disk 9")})
    result = status(strange, "ENV006", "prepare")
    assert result.status is Status.INCONCLUSIVE and "no capture tells which disk" in result.message
    gone: Edit = lambda text: text.replace(NO_VOLUME, "")  # noqa: E731
    assert status(clean({NODE: gone, OTHER: gone}), "ENV006", "prepare").status is Status.INCONCLUSIVE


def test_windows_2008_has_no_shared_volumes() -> None:
    def old(text: str) -> str:
        return text.replace(NO_VOLUME, "").replace("version 6.1.7601", "version 6.0.6002")

    os: Edit = lambda text: text.replace("Windows Server 2008 R2", "Windows Server 2008")  # noqa: E731
    result = status(clean({NODE: old, OTHER: old}, manifest=os), "ENV006", "prepare")
    assert result.status is Status.PASS and "do not apply" in result.message


def test_a_node_that_was_not_captured_is_inconclusive() -> None:
    result = status(clean(drop=[OTHER]), "ENV006", "prepare")
    assert result.status is Status.INCONCLUSIVE and "missing EXCH02" in result.message
    paper = status(whitepaper(), "ENV006", "prepare")
    assert paper.status is Status.INCONCLUSIVE and paper.required
