"""What an output is an answer to: who was asked, what the answer covers, and whether it is whole.

Whether an output lists everything is asked here and nowhere else. What an answer does not cover it neither proves absent
nor replaces.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from flmparse.collection import Output
from flmparse.commands import Command, runs_elsewhere
from flmparse.tables import table_named

_LEAVES_NOTHING_OUT = frozenset(
    {"-sid", "-v", "-pgr", "-noport", "-port", "-offline", "-i", "-c", "-fa", "-upatches", "-output"}
)
"""Options of the Solutions Enabler commands with which an answer still lists everything of its array."""

_NAMES_DEVICES = ("-range", "-devs", "-dev")


_PORT = frozenset({"port", "director", "identifier"})
_NARROWS_TO: dict[str, frozenset[str]] = {
    **dict.fromkeys(_NAMES_DEVICES, frozenset({"device"})),
    **dict.fromkeys(("-dir", "-fa", "-sa", "-ra", "-dirport"), _PORT),
    "-p": frozenset({"port"}),
    "-wwn": frozenset({"wwn", "remote_port_wwn"}),
    **dict.fromkeys(("-awwn", "-host", "-iscsi", "-aiscsi", "-name", "-g", "-cg", "-sg"), frozenset()),
}
"""Options with which an answer lists some things only, and the columns by which it lists these in full."""

_NAMED_OPTIONS = frozenset({"-cluster", "-erroraction", "-ea", "-verbose", "-v", "-inputobject", "-warningaction"})
"""Options of cmdlets that do not choose what is listed."""

_KEEPS_EVERYTHING = re.compile(
    r"(?:more|less|tee|tee-object|cat|cls|out-(?:string|host|file|default)|format-\w+|f[lt]|convertto-\w+|sort|sort-object"
    r"|(?:select|select-object)(?!.*\s-(?:first|last|skip|index|unique))|\S+\.(?:txt|log|out)|\S*[\\/]\S*|&1)(?![\w-])[^|]*",
    re.I,
)
"""What a pipe or a redirection leads to that leaves no line out: pagers, formats, files."""

_PRINTS_FILES = frozenset(
    {
        "type", "cat", "more", "less", "head", "tail", "get-content", "gc", "zcat", "strings", "vi", "view", "edit", "awk", "sed", "cut",
        "find", "findstr", "grep", "egrep", "zgrep", "select-string", "sls", "diff", "fc", "comp", "notepad", "print",
    }
)  # fmt: skip
"""Commands that print a file, or lines of it, of whatever age."""


class Authority(StrEnum):
    """Who gave an answer."""

    LIVE = "live"
    """The running system."""
    DATABASE = "database"
    """The host's own database (``-offline``), as old as its last discovery."""
    FILE = "file"
    """A backup that a command was told to read (``-file``)."""
    FOREIGN = "foreign"
    """Another computer than the file says, or another cluster."""
    UNSTATED = "unstated"
    """No command stands above the output, or one that nobody knows."""


# docs/decisions/10-answers.md
@dataclass(frozen=True)
class Answer:
    """One output as the answer to its command."""

    output: Output

    @property
    def command(self) -> Command | None:
        """The command, where one stands above the output."""
        return self.output.command

    @cached_property
    def authority(self) -> Authority:
        """Who was asked. The manifest may say so where the log does not, or say that it was another; it makes nothing live that is not."""
        by_log, stated = self._authority_by_log, self.output.stated_authority
        if not stated or by_log not in (Authority.LIVE, Authority.UNSTATED):
            return by_log
        return Authority(stated)

    @cached_property
    def _authority_by_log(self) -> Authority:
        """Who was asked, as the log tells."""
        command, output = self.command, self.output
        if output.is_of_another_computer and _depends_on_the_computer(output):
            return Authority.FOREIGN
        if command is None or output.screen == "pair_file":
            return Authority.UNSTATED if command is None else Authority.LIVE
        if "-offline" in command.options or (output.reads_database and command.tool.startswith("sym")):
            return Authority.DATABASE
        # Elsewhere -f names the pair file.
        if command.tool in ("symmaskdb", "symaccess") and command.option("-f", "-file") is not None:
            return Authority.FILE
        if command.tool in _PRINTS_FILES and output.screen is not None:
            return Authority.FILE
        if runs_elsewhere(command) and _depends_on_the_computer(output):
            return Authority.FOREIGN
        return Authority.LIVE

    @cached_property
    def narrowed_by(self) -> tuple[str, ...]:
        """The words of the command that leave something out: options, names, arguments of powermt, a pipe (``|``)."""
        command = self.command
        if command is None:
            return ()
        words: tuple[str, ...]
        if command.tool == "powermt":
            words = tuple(word for word in map(str.lower, command.words) if _narrows_display(word))
        elif command.tool.startswith("get-"):
            words = (*command.words, *(option for option in command.options if option not in _NAMED_OPTIONS))
            if "-cluster" in command.options:
                words = words[1:]  # the name of the cluster
        elif command.tool == "cluster":
            words = tuple(word for word in command.words[1:] if not word.startswith("/"))
        else:
            words = tuple(option for option in command.options if option not in _LEAVES_NOTHING_OUT)
        return words if self.is_piped_whole else (*words, "|")

    @property
    def is_piped_whole(self) -> bool:
        """Whether no pipe leaves lines of the answer out."""
        parts = self.command.piped_through.split("|") if self.command is not None else [""]
        return all(not part.strip() or _KEEPS_EVERYTHING.fullmatch(part.strip()) for part in parts)

    def lists_each_in_full(self, scope: Iterable[str]) -> bool:
        """Whether the answer lists everything of each thing that these columns name, so that it replaces what was listed before."""
        command = self.command
        if command is None:
            return True
        if not self.is_piped_whole:
            return False
        if command.tool.startswith("get-") or command.tool == "cluster":
            return not self.narrowed_by or "name" in scope
        if not command.tool.startswith("sym"):
            return True
        named = [_NARROWS_TO[option] for option in command.options if option in _NARROWS_TO]
        return all(columns.intersection(scope) for columns in named)

    @property
    def whole(self) -> bool:
        """Whether every line was understood and the end of the output is proved."""
        return self.output.status.usable and self.output.reading.whole

    @property
    def lists_everything(self) -> bool:
        """Whether what the answer does not list is not there.

        Without a command only a display of PowerPath does: the white paper prints it so, and it has no form that lists less
        without saying so.
        """
        stated = self.command is not None or self.output.screen == "powermt_display"
        return self.whole and stated and not self.narrowed_by

    @property
    def device_is_whole(self) -> bool:
        """Whether each device that the answer lists is listed with all its rows."""
        return all(word in _NAMES_DEVICES or word.startswith(("dev=", "class=")) for word in self.narrowed_by)

    def asks_for(self, symmetrix: str, device: str) -> bool:
        """Whether the command asks its array for this device, or for all devices, and leaves nothing of it out."""
        if self.command is None or not _is_array(self.command, symmetrix):
            return False
        if not {*self.narrowed_by} <= {*_NAMES_DEVICES}:
            return False
        if self.command.verb == "show":
            return len(self.command.words) > 1 and is_within(device, self.command.words[1])
        asked = self.command.option(*_NAMES_DEVICES)
        return asked is None or any(is_within(device, part) for part in asked.split(","))

    def covers(self, symmetrix: str, device: str) -> bool:
        """Whether what the answer lacks of this device is not there."""
        return self.whole and self.asks_for(symmetrix, device)

    def devices_named(self, symmetrix: str) -> set[str]:
        """Return the devices of an array that the command names one by one or as ranges."""
        if self.command is None or not _is_array(self.command, symmetrix):
            return set()
        return devices_in(self.command.option(*_NAMES_DEVICES) or "")


def _depends_on_the_computer(output: Output) -> bool:
    """Whether what an output shows depends on the computer on which it was captured; answers of the arrays do not."""
    return any("node" in table_named(name).scope for name in output.reading.frames)


def _narrows_display(word: str) -> bool:
    """Whether an argument of `powermt display` leaves disks of a Symmetrix, or paths to them, out."""
    if word.startswith("class="):
        return not word.removeprefix("class=").startswith(("all", "symm"))
    return word.startswith(("dev=", "hba=")) and word != "dev=all"


def _is_array(command: Command, symmetrix: str) -> bool:
    array = command.option("-sid")
    return bool(array) and symmetrix.endswith(str(array))


MOST_DEVICES = 65536
"""A range of more devices is a typing error."""


def devices_in(text: str) -> set[str]:
    """Return the devices that an option names one by one or as ranges: ``0720,075F,07B6:07B8``."""
    devices: set[str] = set()
    for part in text.split(","):
        bounds = _bounds(part)
        if bounds and bounds[1] - bounds[0] < MOST_DEVICES:
            devices |= {f"{number:04X}" for number in range(bounds[0], bounds[1] + 1)}
    return devices


def _bounds(part: str) -> tuple[int, int] | None:
    first, _, last = part.partition(":")
    try:
        return int(first, 16), int(last or first, 16)
    except ValueError:
        return None


def is_within(device: str, part: str) -> bool:
    """Whether a device is the one named, or lies in the range ``0720:0727``."""
    bounds = _bounds(part)
    return bounds is not None and bounds[0] <= int(device, 16) <= bounds[1]
