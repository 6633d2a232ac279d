r"""The same columns by other means: TextFSM, TTP, a loop over lines, and two limits that no reader can reach.

Each reader takes the bytes of a log and returns a frame of the columns in `COLUMNS`. They are strict as far as their tool lets
them: TextFSM and the loop refuse a line that they do not know, TTP and `re.findall` cannot. None of them knows capture and line of
a row, counts lines, makes the second table (devices, sessions) or spells ports and flags out; flmparse does all of that in the same time.
"""

import io
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from ttp import ttp as TtpParser  # noqa: N812

Reader = Callable[[bytes], pd.DataFrame]

PATH_COLUMNS = (
    "pseudo", "array_class", "symmetrix", "device", "hba", "hw_path", "io_path", "interface", "mode", "state", "queued_ios", "errors",
)  # fmt: skip
PAIR_COLUMNS = (
    "control_symmetrix", "control_device", "protected_tracks", "remote_symmetrix", "remote_device", "remote_kind", "flags", "status",
    "done_percent",
)  # fmt: skip
COLUMNS = {"powermt_display": PATH_COLUMNS, "symrcopy_query": PAIR_COLUMNS}
_NUMBERS = ("hba", "queued_ios", "errors", "protected_tracks", "done_percent")


def _frame(rows: list[Any], columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    for name in _NUMBERS:
        if name in columns:
            frame[name] = pd.to_numeric(frame[name].replace("N/A", None)).astype("Int64")
    return frame


def comparable(frame: pd.DataFrame, screen: str) -> pd.DataFrame:
    """Return the printed columns with one dtype for text and one for numbers, for `assert_frame_equal`."""
    columns = COLUMNS[screen]
    return frame[list(columns)].astype({name: "Int64" if name in _NUMBERS else "str" for name in columns})


# ------------------------------------------------------------------------------------------------- flmparse


def flmparse(screen: str, data: bytes) -> pd.DataFrame:
    """Read with everything: hash, prompts, ledger, both tables, capture and line of every row."""
    from benchmarks.captures import TABLES
    from flmparse import collection
    from flmparse.text import capture

    found = collection.from_bundle(capture.Bundle("bench", (capture.from_bytes("log.txt", data),), None, ()))
    assert not any(reading.reading.unknown for reading in found.outputs)
    return found.frames[TABLES[screen]]


# ------------------------------------------------------------------------------------------------- TextFSM

_POWERMT_TEMPLATE = r"""Value Filldown PSEUDO (\S+)
Value Filldown ARRAY_CLASS (\S+)
Value Filldown SYMMETRIX (\S+)
Value Filldown DEVICE ([0-9A-F]+)
Value Required HBA (\d+)
Value HW_PATH (\S+)
Value IO_PATH (\S+)
Value INTERFACE (FA +\w+)
Value MODE ([a-z]+)
Value STATE ([a-z]+)
Value QUEUED_IOS (\d+)
Value ERRORS (\d+)

Start
  ^\s*${HBA}\s+${HW_PATH}\s+${IO_PATH}\s+${INTERFACE}\s+${MODE}\s+${STATE}\s+${QUEUED_IOS}\s+${ERRORS}\s*$$ -> Record
  ^Pseudo\s+name=${PSEUDO}\s*$$
  ^${ARRAY_CLASS}\s+ID=${SYMMETRIX}\s*$$
  ^Logical\s+device\s+ID=${DEVICE}\s*$$
  ^state=\w+;\s+policy=\w+;\s+priority=\d+;\s+queued-IOs=\d+\s*$$
  ^=+\s*$$
  ^-+\s+Host\s+-+
  ^###\s+HW\s+Path
  ^\s*$$
  ^C:\\>
  ^. -> Error
"""

_SYMRCOPY_TEMPLATE = r"""Value Required CONTROL_SYMMETRIX (\d{12})
Value CONTROL_DEVICE ([0-9A-F]+)
Value PROTECTED_TRACKS (\d+)
Value REMOTE_SYMMETRIX (\d{12})
Value REMOTE_DEVICE ([0-9A-F]+)
Value REMOTE_KIND ([SC.][DW.])
Value FLAGS (\S{7})
Value STATUS ([A-Za-z]+)
Value DONE_PERCENT (\d+|N/A)

Start
  ^\s*${CONTROL_SYMMETRIX}:${CONTROL_DEVICE}\s+${PROTECTED_TRACKS}\s+${REMOTE_SYMMETRIX}:${REMOTE_DEVICE}\s+${REMOTE_KIND}\s+${FLAGS}\s+${STATUS}\s+${DONE_PERCENT}\s*$$ -> Record
  ^Device\s+File\s+Name
  ^\s+Control\s+Device
  ^\s+Protected
  ^SID:symdev
  ^[-\s]+$$
  ^Total
  ^\s+(?:Track|MB)\(s\)
  ^Legend
  ^\w+:
  ^\([A-Z*]\):
  ^\s+[A-Z.] +=
  ^\s*$$
  ^C:\\>
  ^. -> Error
"""


@cache
def _textfsm(template: str) -> Any:
    import textfsm

    return textfsm.TextFSM(io.StringIO(template))


def _by_textfsm(template: str, data: bytes) -> list[list[str]]:
    machine = _textfsm(template)
    machine.Reset()
    return machine.ParseText(data.decode())  # type: ignore[no-any-return]


def textfsm_powermt(data: bytes) -> pd.DataFrame:
    rows = _by_textfsm(_POWERMT_TEMPLATE, data)
    if rows and not rows[-1][4]:
        rows.pop()  # what was filled down when the text ended
    for row in rows:
        row[7] = " ".join(row[7].split())
    return _frame(rows, PATH_COLUMNS)


def textfsm_symrcopy(data: bytes) -> pd.DataFrame:
    return _frame(_by_textfsm(_SYMRCOPY_TEMPLATE, data), PAIR_COLUMNS)


# ------------------------------------------------------------------------------------------------- TTP

_POWERMT_TTP = r"""
<group name="devices*">
Pseudo name={{ pseudo | _start_ }}
{{ array_class }} ID={{ symmetrix }}
Logical device ID={{ device }}
<group name="paths*">
   {{ hba | DIGIT }} {{ hw_path }} {{ io_path }} {{ kind }} {{ director }} {{ mode }} {{ state }} {{ queued_ios | DIGIT }} {{ errors | DIGIT }}
</group>
</group>
"""

_SYMRCOPY_TTP = r"""
<group name="pairs*">
{{ control_symmetrix | DIGIT }}:{{ control_device }} {{ protected_tracks | DIGIT }} {{ remote_symmetrix | DIGIT }}:{{ remote_device }} {{ remote_kind }} {{ flags }} {{ status }} {{ done_percent }}
</group>
"""


def _by_ttp(template: str, data: bytes) -> Any:
    from ttp import ttp

    parser: TtpParser = ttp(data=data.decode(), template=template, log_level="ERROR")
    parser.parse(one=True)
    return parser.result(structure="flat_list")


def ttp_powermt(data: bytes) -> pd.DataFrame:
    rows = []
    for found in _by_ttp(_POWERMT_TTP, data):
        for device in found["devices"]:
            head = (device["pseudo"], device["array_class"], device["symmetrix"], device["device"])
            for p in device["paths"]:
                rows.append(
                    (*head, p["hba"], p["hw_path"], p["io_path"], f"{p['kind']} {p['director']}", p["mode"], p["state"],
                     p["queued_ios"], p["errors"])
                )  # fmt: skip
    return _frame(rows, PATH_COLUMNS)


def ttp_symrcopy(data: bytes) -> pd.DataFrame:
    rows = [
        tuple(pair[name] for name in PAIR_COLUMNS) for found in _by_ttp(_SYMRCOPY_TTP, data) for pair in found["pairs"]
    ]
    return _frame(rows, PAIR_COLUMNS)


# ------------------------------------------------------------------------------------------------- a loop over lines

_PATH = re.compile(r"\s*(\d+)\s+(\S+)\s+(\S+)\s+(FA\s+\w+)\s+([a-z]+)\s+([a-z]+)\s+(\d+)\s+(\d+)\s*$")
_ARRAY = re.compile(r"(\w+) ID=(\S+)\s*$")
_STATE = re.compile(r"state=(\w+); policy=(\w+); priority=(\d+); queued-IOs=(\d+)\s*$")
_KNOWN = ("=", "-", "#", "C:\\>")


def loop_powermt(data: bytes) -> pd.DataFrame:
    rows = []
    pseudo = array_class = symmetrix = device = ""
    for number, line in enumerate(data.decode().splitlines(), 1):
        if match := _PATH.match(line):
            hba, hw_path, io_path, interface, mode, state, queued, errors = match.groups()
            rows.append(
                (pseudo, array_class, symmetrix, device, int(hba), hw_path, io_path, " ".join(interface.split()), mode, state,
                 int(queued), int(errors))
            )  # fmt: skip
        elif line.startswith("Pseudo name="):
            pseudo = line[12:].strip()
        elif line.startswith("Logical device ID="):
            device = line[18:].strip()
        elif match := _ARRAY.match(line):
            array_class, symmetrix = match.groups()
        elif line and not line.isspace() and not line.startswith(_KNOWN) and not _STATE.match(line):
            raise ValueError(f"line {number}: {line!r}")
    return _frame(rows, PATH_COLUMNS)


_PAIR = re.compile(
    r"\s*(\d{12}):([0-9A-F]+)\s+(\d+)\s+(\d{12}):([0-9A-F]+)\s+([SC.][DW.])\s+(\S{7})\s+([A-Za-z]+)\s+(\d+|N/A)\s*$"
)
_PAIR_NOISE = re.compile(
    r"Device File Name|\s+Control Device|\s+Protected|SID:symdev|[-\s]+$|Total|\s+(?:Track|MB)\(s\)|Legend|\w+:|\([A-Z*]\):|\s+[A-Z.] +=|C:\\>"
)


def loop_symrcopy(data: bytes) -> pd.DataFrame:
    rows = []
    for number, line in enumerate(data.decode().splitlines(), 1):
        if match := _PAIR.match(line):
            control, device, tracks, remote, remote_device, kind, flags, status, done = match.groups()
            percent = None if done == "N/A" else int(done)
            rows.append((control, device, int(tracks), remote, remote_device, kind, flags, status, percent))
        elif line and not _PAIR_NOISE.match(line):
            raise ValueError(f"line {number}: {line!r}")
    return _frame(rows, PAIR_COLUMNS)


# ------------------------------------------------------------------------------------------------- limits

_ALL_PATHS = re.compile(
    rb"^ *+(\d++) ++(\S++) ++(\S++) ++(FA ++\w++) ++([a-z]++) ++([a-z]++) ++(\d++) ++(\d++) *+$", re.M
)
_ALL_PAIRS = re.compile(
    rb"^ *+(\d{12}):([0-9A-F]++) ++(\d++) ++(\d{12}):([0-9A-F]++) ++(\S\S) ++(\S{7}) ++([A-Za-z]++) ++(\d++|N/A) *+$",
    re.M,
)


def findall_powermt(data: bytes) -> int:
    """Cut the path rows by one expression and throw them away: no devices, no frame, no checks."""
    return len(_ALL_PATHS.findall(data))


def findall_symrcopy(data: bytes) -> int:
    """Cut the pair rows by one expression and throw them away: no frame, no checks."""
    return len(_ALL_PAIRS.findall(data))


def bytes_scan(data: bytes) -> int:
    """Split bytes into lines and count the words of none: the least that can be done in Python."""
    return len(data.split(b"\n"))


PEERS: dict[str, dict[str, Reader]] = {
    "powermt_display": {"TextFSM": textfsm_powermt, "TTP": ttp_powermt, "loop": loop_powermt},
    "symrcopy_query": {"TextFSM": textfsm_symrcopy, "TTP": ttp_symrcopy, "loop": loop_symrcopy},
}
LIMITS: dict[str, dict[str, Callable[[bytes], int]]] = {
    "powermt_display": {"re.findall alone": findall_powermt, "bytes.split alone": bytes_scan},
    "symrcopy_query": {"re.findall alone": findall_symrcopy, "bytes.split alone": bytes_scan},
}


def assert_same(screen: str, data: bytes) -> int:
    """Assert that every reader returns what flmparse does, row by row, and return the rows."""
    from pandas.testing import assert_frame_equal

    wanted = comparable(flmparse(screen, data), screen)
    for reader in PEERS[screen].values():
        assert_frame_equal(comparable(reader(data), screen), wanted, check_dtype=True, check_exact=True)
    for name, limit in LIMITS[screen].items():
        assert name.startswith("bytes") or limit(data) == len(wanted), name
    return len(wanted)
