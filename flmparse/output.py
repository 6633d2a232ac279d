"""A command's output as read, with what is known of it: node, gate, time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from flmparse.commands import Command
from flmparse.procedure import Gate
from flmparse.screens import Reading, Status
from flmparse.text.capture import Capture
from flmparse.text.transcript import Block

SE_HOST = "se-host"
"""Name of the Solutions Enabler host in paths of captures; every other computer is a cluster node."""


@dataclass(frozen=True)
class Output:
    """A command's output as read, with node, gate and time; ``index`` counts the outputs of the collection from 0."""

    index: int
    block: Block
    reading: Reading
    node: str | None = None
    gate: Gate | None = None
    time: datetime | None = None
    latest: datetime | None = None
    """Where ``time`` is only the earliest that it can be: the latest, by the next time that the log tells."""
    time_is_doubtful: bool = False
    """Whether an output above it in its log is dated later: one of the two times is wrong."""
    reads_database: bool = False
    """Whether Solutions Enabler was told above to answer from its database (``SYMCLI_OFFLINE``)."""
    clock_tolerance: timedelta = timedelta(seconds=60)
    """By how much its clock may differ from that of another computer."""
    is_assumed_newest: bool = False
    """Whether it is taken to be the newest, because neither its gate nor its time is known."""
    claimed_gate: Gate | None = None
    """The gate that it was filed at, where its place in the log contradicts that."""
    contradiction: str = ""
    """What contradicts it, for messages."""
    is_of_another_computer: bool = False
    """Whether the answer to ``hostname`` above it names another computer than its file does."""
    stated_authority: str = ""
    """Who gave the answer, as the manifest states: ``live``, ``database``, ``file``, ``foreign``; empty where it does not."""

    @property
    def capture(self) -> Capture:
        """The file that it is in."""
        return self.block.capture

    @property
    def command(self) -> Command | None:
        """The command above the output, where there is one."""
        return self.block.command

    @property
    def screen(self) -> str | None:
        """Name of its screen, or None where the output was not recognised."""
        return self.reading.screen

    @property
    def status(self) -> Status:
        """How completely it was read."""
        return self.reading.status

    def answers(self, table: str) -> bool:
        """Whether it says something about a table: it has rows of it, or none at all, which may mean that there are none.

        One screen may answer several questions: `cluster res` says nothing about the nodes of which `cluster node` tells.
        """
        frames = self.reading.frames
        return table in frames and bool(frames.rows(table) or not self.reading.rows)

    @cached_property
    def operations(self) -> tuple[str, ...]:
        """Names of the operations that it reports, in order."""
        return tuple(self.reading.frames.column("operations", "operation"))

    @cached_property
    def refused(self) -> bool:
        """Whether it is a step that was refused: it changed nothing."""
        succeeded = self.reading.frames.column("operations", "succeeded")
        return bool(self.operations) and (
            self.status is Status.TOOL_ERROR or all(outcome is False for outcome in succeeded)
        )

    @cached_property
    def succeeded(self) -> bool:
        """Whether it is a step that says, in its words or by its silence, that it was done."""
        outcomes = self.reading.frames.column("operations", "succeeded")
        return not self.refused and any(outcome is True for outcome in outcomes)

    @cached_property
    def first_line(self) -> int:
        """The line to quote for the output as a whole: the echo of its command, else its first line that is not blank."""
        return self.block.first_line
