"""The value types of the field: Symmetrix id, device number, director port, WWN, track.

Each type parses every known spelling and prints one. Device numbers are hexadecimal and are compared as
numbers, so ``720``, ``0720`` and ``00720`` are one device, printed ``0720``. A director port prints ``07E:0``
whatever it was called (``FA-7E:0``, ``FA 7eA``, ``-dir 7e -p 0``).
"""

import re
from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, NamedTuple, TypeVar

from flmparse.errors import MaskedError, TermError

TRACK_KB = 64
"""KB per track of a control array at Enginuity 5771 to 5876 (Symmetrix VMAX); 5977 and later use 128."""

FLM_PORT_OFFSET = 2
"""Hosts see a federated target at its physical port number plus this (white paper page 11)."""

YEARS = range(1980, 2200)
"""Years of a time that a log or a person can mean; at the ends of what Python counts, adding a zone or an hour fails."""

_SYMMETRIX = re.compile(r"[0-9]{12}\Z")
_MASKED = re.compile(r"(?=[0-9]*[xX])[0-9xX]{12}\Z")
_DEVICE = re.compile(r"[0-9A-Fa-f]{1,8}\Z")


Spelt = TypeVar("Spelt")


class Term(Generic[Spelt]):
    """A function from any spelling of a value to the canonical one.

    ``as_it_is`` matches spellings that are canonical already: a column of such values needs no conversion.
    """

    def __init__(self, spell: "Callable[[str], Spelt]", as_it_is: str) -> None:
        self._spell, self.as_it_is = spell, re.compile(as_it_is)
        update_wrapper(self, spell)

    def __call__(self, text: str) -> Spelt:
        """Return the value, whose ``str`` is the canonical spelling, or raise TermError."""
        return self._spell(text)


def term(as_it_is: str) -> "Callable[[Callable[[str], Spelt]], Term[Spelt]]":
    """Make a function a `Term`; ``as_it_is`` matches spellings that it would return unchanged."""
    return lambda spell: Term(spell, as_it_is)


@term("[0-9]{12}")
def symmetrix(text: str) -> str:
    """Return the 12-digit array serial in ``text``, or raise TermError (MaskedError for ``000xxxxxx316``)."""
    serial = text.strip()
    if _MASKED.match(serial):
        raise MaskedError(f"{text!r} is masked: which array it is nobody can tell")
    if not _SYMMETRIX.match(serial):
        raise TermError(f"{text!r} is not a Symmetrix id of 12 digits")
    return serial


@term("[0-9A-F]{4}|[1-9A-F][0-9A-F]{4}")
def device(text: str) -> str:
    """Return the canonical spelling of a device number: upper-case hex, at least 4 digits."""
    number = text.strip()
    if not _DEVICE.match(number):
        raise TermError(f"{text!r} is not a device number in hexadecimal")
    return f"{int(number, 16):04X}"


class DirectorPort(NamedTuple):
    """A port of a director: number 1..16, processor letter, port number. Prints ``07E:0``."""

    director: int
    letter: str
    port: int

    def __str__(self) -> str:
        return f"{self.director:02d}{self.letter}:{self.port}"

    @property
    def director_name(self) -> str:
        """The director alone: ``07E``."""
        return f"{self.director:02d}{self.letter}"

    @property
    def federated(self) -> "DirectorPort":
        """The port at which hosts see a federated target that is mapped to this port."""
        return self._replace(port=self.port + FLM_PORT_OFFSET)

    @property
    def powerpath(self) -> str:
        """The port as PowerPath prints it: ``7eC``."""
        return f"{self.director}{self.letter.lower()}{chr(ord('A') + self.port)}"


_PORT_NUMBERED = re.compile(r"(?:(?:FA|SA|FE|SE|DF|RF|EF)[- ]*)?(\d{1,2})([A-Za-z])[:\s]\s*(\d{1,3})\Z")
_PORT_LETTERED = re.compile(r"(?:FA[- ]*)?(\d{1,2})([A-Za-z])([A-D])\Z")


@term("[0-9]{2}[A-Z]:(?:0|[1-9][0-9]{0,2})")
def director_port(text: str) -> DirectorPort:
    """Return the director port spelt ``FA-7E:0``, ``07E:0``, ``FA 7eC``, ``14cA`` or ``FA  1g:00``."""
    stripped = text.strip()
    match = _PORT_LETTERED.match(stripped)
    if match:
        port = ord(match[3]) - ord("A")
    else:
        match = _PORT_NUMBERED.match(stripped)
        if not match:
            raise TermError(f"{text!r} is not a director port such as FA-7E:0 or 7eC")
        port = int(match[3])
    return DirectorPort(int(match[1]), match[2].upper(), port)


_WWN = re.compile(r"[0-9a-f]{16}\Z")


@term("[0-9a-f]{16}")
def wwn(text: str) -> str:
    """Return a world wide name as 16 lower-case hex digits without colons."""
    plain = text.strip().lower().replace(":", "").removeprefix("0x")
    if not _WWN.match(plain):
        raise TermError(f"{text!r} is not a WWN of 16 hex digits")
    return plain


class ArrayPort(NamedTuple):
    """What the WWN of a VMAX front-end port contains: last digits of the serial, and the port."""

    serial_suffix: str
    port: DirectorPort

    def belongs_to(self, symmetrix_id: str) -> bool:
        """Whether the WWN can be a port of this array (it contains the serial modulo 65536)."""
        digits = symmetrix_id[-5:]  # of an array whose digits are masked nothing can be told
        return digits.isdecimal() and int(digits) % 65536 == int(self.serial_suffix) % 65536


def is_array_port(port_wwn: str) -> bool:
    """Whether the WWN is a Symmetrix front-end port (OUI 000097 or 006048), not a host bus adapter."""
    return port_wwn.startswith(("5000097", "5006048"))


def decode_array_port(port_wwn: str) -> ArrayPort | None:
    """Decode the WWN of a VMAX (``5000097``) front-end port; None for any other WWN.

    36 bits follow the OUI: 35-33 plant, 32-26 model, 25-10 serial, 9-6 processor letter, 5-2 director - 1, 1-0 port
    (RULES.md section 3; 50000972c0044d18 is FA-7E:0 of array ...00275).
    """
    if not port_wwn.startswith("5000097"):
        return None
    bits = int(port_wwn[7:], 16)
    letter = chr(ord("A") + (bits >> 6 & 0xF))
    director = (bits >> 2 & 0xF) + 1
    return ArrayPort(f"{bits >> 10 & 0xFFFF:05d}", DirectorPort(director, letter, bits & 0x3))


def host_name(name: str) -> str:
    """Return the name by which computers are compared: lower case, without domain; an IP address stays whole."""
    label = name.lower().split(".", 1)[0]
    return name.lower() if label.isdigit() else label


VMAX_FAMILY_CODES = frozenset({"26", "49", "57", "59", "87"})
"""Digits 5 and 6 of a VMAX serial number, its model family (000194900275: 49)."""


def is_vmax(symmetrix_id: str) -> bool:
    """Whether the serial number belongs to a VMAX model (code 26, 49, 57, 59 or 87)."""
    return symmetrix_id[5:7] in VMAX_FAMILY_CODES


def tracks_to_mb(tracks: float, track_kb: int = TRACK_KB) -> float:
    """Return the capacity of tracks in MB."""
    return tracks * track_kb / 1024


def file_stem(name: str) -> str:
    """Return a file's name without folder and the ending that captures have."""
    file = name.strip().replace("\\", "/").rsplit("/", 1)[-1]
    for ending in (".txt", ".log"):
        if file.lower().endswith(ending):
            return file[: -len(ending)]
    return file


def file_key(name: str) -> str:
    """Return the name of a pair file without folder, ending, blanks and case."""
    return file_stem(name).lower()
