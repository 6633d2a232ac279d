import pytest
from hypothesis import given
from hypothesis import strategies as st

from flmparse.errors import TermError, UsageError
from flmparse.procedure import Gate
from flmparse.terms import (
    DirectorPort,
    decode_array_port,
    device,
    director_port,
    is_array_port,
    is_vmax,
    symmetrix,
    tracks_to_mb,
    wwn,
)


@pytest.mark.parametrize(
    "spelt, printed",
    [
        ("FA-7E:0", "07E:0"),
        ("07E:0", "07E:0"),
        ("FA 7eC", "07E:2"),
        ("FA  9dB", "09D:1"),
        ("14cA", "14C:0"),
        ("14c:0", "14C:0"),
        ("FA-14C:1", "14C:1"),
        ("09F:000", "09F:0"),
        ("FA  1g:00", "01G:0"),
        ("FA-1D:004", "01D:4"),
    ],
)
def test_every_spelling_of_a_port_prints_one_way(spelt: str, printed: str) -> None:
    assert str(director_port(spelt)) == printed


@given(st.integers(1, 16), st.sampled_from("ABCDEFGH"), st.integers(0, 3))
def test_a_port_survives_printing_and_powerpath(director: int, letter: str, port: int) -> None:
    there = DirectorPort(director, letter, port)
    assert director_port(str(there)) == there
    assert director_port(f"FA {there.powerpath}") == there


def test_a_federated_target_shows_two_ports_up() -> None:
    assert director_port("FA-7E:0").federated.powerpath == "7eC"
    assert director_port("FA-8F:1").federated.powerpath == "8fD"


@pytest.mark.parametrize("text", ["", "SP A0", "7E", "FA-7E", "FA 7eE", "7E:0:1"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(TermError):
        director_port(text)


@pytest.mark.parametrize(
    "text, printed",
    [("720", "0720"), ("0720", "0720"), ("00720", "0720"), ("7e9", "07E9"), ("00002DCE", "2DCE"), ("1A2B3", "1A2B3")],
)
def test_device_numbers_of_any_width_are_one_number(text: str, printed: str) -> None:
    assert device(text) == printed


@pytest.mark.parametrize("text", ["", "07G1", "-1", "072 0", "123456789"])
def test_what_is_no_device_is_refused(text: str) -> None:
    with pytest.raises(TermError):
        device(text)


@pytest.mark.parametrize(
    "name, serial, port",
    [
        ("50000972c0044d18", "00275", "07E:0"),  # white paper figure 18
        ("50000972c0044d1c", "00275", "08E:0"),
        ("50000972c0044d1a", "00275", "07E:2"),
    ],
)
def test_the_wwn_of_a_vmax_port_says_array_and_port(name: str, serial: str, port: str) -> None:
    decoded = decode_array_port(name)
    assert decoded is not None
    assert (decoded.serial_suffix, str(decoded.port)) == (serial, port)
    assert decoded.belongs_to("000194900275")
    assert not decoded.belongs_to("000187490076")


def test_host_adapters_are_no_array_ports() -> None:
    assert decode_array_port("10000000c953f9f3") is None
    assert [is_array_port(w) for w in ("50000972c0044d18", "5006048452a4f947", "210000e08b1e45f9")] == [
        True,
        True,
        False,
    ]


def test_wwn_loses_colons_and_capitals() -> None:
    assert wwn("10:00:00:00:C9:53:F9:F3") == "10000000c953f9f3"
    with pytest.raises(TermError):
        wwn("10000000c953f9f")


def test_serial_numbers() -> None:
    assert symmetrix(" 000194900275 ") == "000194900275"
    assert is_vmax("000194900275") and not is_vmax("000187490076")
    with pytest.raises(TermError):
        symmetrix("00019490027")


def test_gates_parse_by_word_and_number() -> None:
    assert Gate.parse("Ready") is Gate.READY is Gate.parse("g3")
    with pytest.raises(UsageError, match="did you mean 'ready'"):
        Gate.parse("redy")


def test_tracks_are_64_kb() -> None:
    assert (tracks_to_mb(60000), tracks_to_mb(15000)) == (3750.0, 937.5)
