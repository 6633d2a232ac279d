"""ENV005 on the white paper's DiskPart (figure 9) with one fact changed."""

import pytest

from flmparse.findings import Status
from tests.editing import status, whitepaper

DISKPART = "3-ready/figure-09.txt"


def version(text: str):
    return {DISKPART: lambda capture: capture.replace("6.1.7601", text)}


def test_the_node_proved_is_named() -> None:
    found = status(whitepaper(), "ENV005", "ready")
    assert found.status is Status.PASS
    assert found.note == "proved for MSTPM3032 6.1.7601 (Windows Server 2008 R2), 1 of 2 nodes"


def test_nothing_is_captured_at_prepare() -> None:
    found = status(whitepaper(), "ENV005", "prepare")
    assert found.status is Status.INCONCLUSIVE and "diskpart" in found.message


@pytest.mark.parametrize("text", ["5.2.3790", "6.0.6001", "6.1.7600"])
def test_supported(text: str) -> None:
    assert status(whitepaper(version(text)), "ENV005", "ready").status is Status.PASS


@pytest.mark.parametrize("text", ["6.2.9200", "10.0.14393", "5.0.2195", "6.10.1"])
def test_fails_for_another_version(text: str) -> None:
    found = status(whitepaper(version(text)), "ENV005", "ready")
    assert found.status is Status.FAIL and found.findings[0].subject == "MSTPM3032"
    assert f"Windows version {text}; supported are 5.2" in found.message
    assert found.findings[0].evidence[0].capture == DISKPART


def test_every_node_captured_counts() -> None:
    second = "#flm node=N2\nMicrosoft DiskPart version 6.2.9200\nOn computer: N2\n\nDISKPART> rescan\n"
    found = status(whitepaper(add={"3-ready/second.txt": second}), "ENV005", "ready")
    assert found.status is Status.FAIL and [finding.subject for finding in found.findings] == ["N2"]


def test_inconclusive_without_a_version() -> None:
    edit = {DISKPART: lambda text: text.replace("Microsoft DiskPart version 6.1.7601\n", "")}
    found = status(whitepaper(edit), "ENV005", "ready")
    assert found.status is Status.INCONCLUSIVE and "shows no version" in found.message
