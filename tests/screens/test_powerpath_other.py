"""What powermt and emcpadm say beside the display of devices, value by value."""

import pytest

from flmparse.screens import Status
from flmparse.text.capture import from_bytes, from_text
from tests.screens.captures import (
    CORPUS,
    edited,
    fixture,
    from_corpus,
    of_text,
    read,
    values,
)


@pytest.mark.parametrize(
    ("name", "screen", "table", "rows"),
    [
        ("aix-vios-display-18dev", "powermt_display_hba", "hbas", 2),
        ("hpux-pp510-display-898dev", "powermt_display_hba", "hbas", 24),
        ("hpux-pp510-version", "powermt_version", "powerpath_version", 1),
        ("hpux-pp510-check-interactive", "powermt_check", "dead_path_questions", 2),
        ("linux-check-registration", "powermt_check_registration", "powerpath_licences", 1),
        ("linux-emcpadm-getfreepseudos", "emcpadm", "pseudo_names", 1),
    ],
)
def test_a_real_capture_has_the_rows_counted_by_hand(name: str, screen: str, table: str, rows: int) -> None:
    reading = from_corpus(f"powermt/{name}")
    assert (reading.screen, reading.status, reading.counts.unknown) == (screen, Status.PARSED, 0)
    assert len(reading.frames[table]) == rows


def test_real_adapters_and_classes() -> None:
    reading = from_corpus("powermt/hpux-pp510-display-898dev")
    hbas = reading.frames["hbas"]
    columns = (
        "hba",
        "hw_path",
        "summary",
        "total_paths",
        "dead_paths",
        "ios_per_second",
        "queued_ios",
        "errors",
        "line",
    )
    assert values(hbas, *columns)[23] == (31, "0/5/1/0.102.43.19.6", "optimal", 19, 0, None, 0, 0, 36)
    assert hbas["total_paths"].sum() == 1796
    classes = reading.frames["powerpath_classes"]
    assert values(classes, "array_class", "device_count")[0] == ("Symmetrix", 898)
    assert list(classes["array_class"])[-1] == "HP HSx"


def test_a_real_silent_command_above_another() -> None:
    path = CORPUS / "powermt" / "aix-vios-dmx-standby-hba.txt"
    if not path.exists():
        pytest.skip("the real captures are not beside the project")
    silent, display = read(from_bytes(path.name, path.read_bytes()))
    assert values(silent.frames["operations"], "operation", "succeeded") == [("powermt set", True)]
    assert (display.screen, len(display.frames["paths"])) == ("powermt_display", 2)


def test_real_questions_version_key_and_name() -> None:
    asked = from_corpus("powermt/hpux-pp510-check-interactive")
    assert values(asked.frames["dead_path_questions"], "array_class", "io_path", "answer", "line") == [
        ("Symmetrix", "c17t9d6", "y", 2),
        ("Symmetrix", "c31t9d6", "y", 4),
    ]
    assert values(asked.frames["operations"], "operation", "succeeded") == [("powermt check", True)]
    version = from_corpus("powermt/hpux-pp510-version").frames["powerpath_version"]
    assert values(version, "version", "build") == [("5.1.0", "160")]
    licence = from_corpus("powermt/linux-check-registration").frames["powerpath_licences"]
    assert values(licence, "key_ending", "product", "capabilities", "expired") == [("XXXX", "PowerPath", "All", False)]
    name = from_corpus("powermt/linux-emcpadm-getfreepseudos").frames["pseudo_names"]
    assert values(name, "pseudo", "in_use", "major", "minor") == [("emcpowera", False, 120, 0)]


def test_adapters_are_read_from_the_right() -> None:
    hbas = fixture("powermt_display_hba", "windows").frames["hbas"]
    columns = ("hba", "hw_path", "summary", "total_paths", "dead_paths", "ios_per_second", "queued_ios", "errors")
    assert values(hbas, *columns) == [
        (5, "port5\\path0", "optimal", 16, 0, None, 0, 0),
        (6, "QLogic Fibre Channel 2300", "degraded", 16, 4, 12, 3, 7),
    ]


def succeeded(text: str) -> object:
    frame = of_text(text).frames["operations"]
    assert list(frame["operation"]) == ["powermt save"]
    return values(frame, "succeeded")[0][0]


def test_save_is_done_only_where_silence_is_followed_by_a_prompt() -> None:
    assert succeeded("C:\\> powermt save\nC:\\> \n") is True
    assert succeeded("C:\\> powermt save\n") is None, "the capture may end before the message"
    assert succeeded("C:\\> powermt save > save.log\nC:\\> \n") is None, "what it said stands elsewhere"
    assert succeeded("C:\\> powermt save\nCould not open the file\nC:\\> \n") is False
    assert succeeded("C:\\> powermt save\nsome line of another tool\nC:\\> \n") is None


def test_a_shell_without_powermt_saved_nothing() -> None:
    reading = of_text(
        "C:\\> powermt save\n'powermt' is not recognized as an internal or external command,\n"
        "operable program or batch file.\nC:\\> \n"
    )
    assert reading.status is Status.TOOL_ERROR
    assert values(reading.frames["operations"], "succeeded") == [(None,)]


@pytest.mark.parametrize("command", ["config", "set policy=so dev=all", "restore", "load", "manage class=symm"])
def test_silent_commands_are_operations_of_their_name(command: str) -> None:
    reading = of_text(f"C:\\> powermt {command}\nC:\\> \n")
    assert reading.screen == "powermt_config"
    assert values(reading.frames["operations"], "operation", "succeeded") == [(f"powermt {command.split()[0]}", True)]


def test_check_is_told_from_its_registration_and_from_remove() -> None:
    names = {
        "powermt check": "powermt_check",
        "powermt check force": "powermt_check",
        "powermt check_registration": "powermt_check_registration",
        "powermt remove dev=all": "powermt_remove",
        "powermt display": "powermt_display_hba",
        "powermt display dev=all": "powermt_display",
        "powermt display every=5": "powermt_display_hba",
    }
    for command, screen in names.items():
        assert of_text(f"C:\\> {command}\nC:\\> \n").screen == screen, command


def test_a_check_without_dead_paths_is_still_an_operation() -> None:
    operations = fixture("powermt_check", "silent").frames["operations"]
    assert values(operations, "operation", "succeeded") == [("powermt check", True)]
    unanswered = fixture("powermt_check", "bad-unanswered")
    assert unanswered.status is Status.CUT
    assert values(unanswered.frames["dead_path_questions"], "answer") == [(None,)]


def test_an_expired_key_says_so() -> None:
    keys = fixture("powermt_check_registration", "two-keys").frames["powerpath_licences"]
    assert values(keys, "key_ending", "capabilities", "expired") == [
        ("Q3SF", "All", False),
        ("Z9XY", "Migration Enabler", True),
    ]
    assert fixture("powermt_check_registration", "none").status is Status.NONE


def test_a_service_pack_is_part_of_the_version() -> None:
    version = fixture("powermt_version", "service-pack").frames["powerpath_version"]
    assert values(version, "version", "build") == [("5.5 SP1", "289")]


def test_pseudo_names_are_in_use_or_free() -> None:
    assert list(fixture("emcpadm", "used").frames["pseudo_names"]["in_use"]) == [True, True]
    assert list(fixture("emcpadm", "free").frames["pseudo_names"]["in_use"]) == [False]
    both = edited("emcpadm", "used", "PowerPath pseudo device names in use:\n", "")
    assert both.status is Status.PARTIAL


def test_a_display_of_paths_is_not_the_display_of_adapters() -> None:
    text = (
        "C:\\> powermt display paths\nSymmetrix logical device count=8\n"
        "----- Host Bus Adapters --------- ------ Storage System -----    - I/O Paths -\n"
        "   5 port5\\path0                  000187490076     FA 14cA         8     0\nC:\\> \n"
    )
    assert [reading.screen for reading in read(from_text("text", text))] == [None]


def test_an_owner_without_its_device_is_no_error_of_the_reader() -> None:
    reading = of_text("Owner: default=SP A, current=SP B\nPseudo name=emcpowera\n")
    assert reading.screen == "powermt_display"
    assert not reading.status.usable
    assert values(reading.frames["powerpath_devices"], "pseudo", "line") == [("emcpowera", 1)]
