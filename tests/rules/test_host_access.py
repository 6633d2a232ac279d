"""SES020: which side of every pair serves the hosts, before and after activate."""

import pytest

from flmparse.collection import Collection
from flmparse.findings import Status
from tests.editing import status, whitepaper

TARGETS = ("0328", "0329", "032A", "032B")
SOURCES = ("0720", "075F", "07B6", "07E9")
FOLDERS = {
    "created": "1-created",
    "ready": "3-ready",
    "copying": "4-copying",
    "copied": "5-copied",
    "terminated": "6-terminated",
}


def shown(sid: str, modes: dict[str, str]) -> str:
    """Return `symdev list -v` of devices with their host access mode."""
    text = f"C:\\> symdev -sid {sid[-3:]} list -v -range {min(modes)}:{max(modes)}\n\nSymmetrix ID: {sid}\n\n"
    for device, mode in modes.items():
        text += (
            "    Device Physical Name     : Not Visible\n"
            f"    Device Symmetrix Name    : {device}\n"
            "    Device Configuration     : TDEV\n"
            "    Device Status            : Ready           (RW)\n"
            f"    Host Access Mode         : {mode}\n\n"
        )
    return f"{text}C:\\>\n"


def modes(gate: str, target: str, source: str, **others: str) -> Collection:
    """Return the white paper with the modes of both sides captured at a gate; ``d0328`` names another mode of a device."""
    other = {name[1:]: mode for name, mode in others.items()}
    ours = {device: other.get(device, target) for device in TARGETS}
    theirs = {device: other.get(device, source) for device in SOURCES}
    folder = FOLDERS[gate]
    captures = {
        f"{folder}/targets.txt": shown("000194900275", ours),
        f"{folder}/sources.txt": shown("000187490076", theirs),
    }
    return whitepaper(add=captures)


@pytest.mark.parametrize("gate", list(FOLDERS))
def test_the_right_side_serves_the_hosts(gate: str) -> None:
    serving = "source" if gate in ("created", "ready") else "target"
    target, source = ("Passive", "Active") if serving == "source" else ("Active", "Passive")
    result = status(modes(gate, target, source), "SES020", gate)
    assert result.status is Status.PASS and f"all 4 {serving}s are host active" in result.message
    reverse = status(modes(gate, source, target), "SES020", gate)
    assert reverse.status is Status.FAIL and len(reverse.findings) == 8


def test_two_active_sides_of_one_pair_fail_with_the_line() -> None:
    result = status(modes("ready", "Passive", "Active", d0329="Active"), "SES020", "ready")
    assert result.status is Status.FAIL
    assert [finding.subject for finding in result.findings] == ["0329 <- 075F"]
    assert "target 0329 is host active, not passive" in result.message
    assert "Host Access Mode         : Active" in result.findings[0].evidence[0].text


def test_a_mode_from_before_activate_or_of_one_side_only_is_inconclusive() -> None:
    before = status(modes("ready", "Passive", "Active"), "SES020", "copying")
    assert before.status is Status.INCONCLUSIVE and "captured before activate" in before.message
    one = whitepaper(add={"3-ready/targets.txt": shown("000194900275", dict.fromkeys(TARGETS, "Passive"))})
    result = status(one, "SES020", "ready")
    assert result.status is Status.INCONCLUSIVE and "mode of source 0720 is not captured" in result.message
    assert status(whitepaper(), "SES020", "ready").status is Status.INCONCLUSIVE
