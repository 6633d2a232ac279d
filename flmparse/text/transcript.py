r"""Text to command blocks: which command was typed where, and which lines are its output.

A terminal log holds prompts, echoed and wrapped commands and outputs. A block is one command with its output; text before the
first prompt is a block without a command. Every line of a capture belongs to exactly one block.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import datetime

from flmparse import commands
from flmparse.commands import Command
from flmparse.commands.remote import remote_of
from flmparse.text import clock
from flmparse.text.capture import Capture
from flmparse.text.clean import Spans
from flmparse.text.prompts import Marker, Start, starts_of
from flmparse.text.sessions import Sessions

_HEADLINE = re.compile(
    r"[ \t]*(?:Administrator: .*|Microsoft Windows \[Version .*"
    r"|(?:Copyright )?\(c\) .*Microsoft Corp.*|Copyright \(c\).*Microsoft.*|Windows PowerShell[ \t]*)\Z",
    re.I,
)
_CONTINUED = ("\\", "^", "`")
LONGEST_COMMAND = 32_767
"""Characters of a command; no shell of Windows takes more, and what goes on behind them is output."""

MOST_LINES_OF_A_COMMAND = 120
"""Lines of a window over which a command is wrapped: 8191 characters, the most that cmd takes, in a window of 80."""

_ANSWER = re.compile(r"\s:\s|:[ ]|\S[ ]{2,}\S|-{4}")
"""A key with its value, or columns: not the continuation of a command."""


@dataclass(frozen=True)
class Block:
    """One command with its output. Line numbers count from 1 in the capture."""

    capture: Capture
    line_start: int
    line_end: int
    output_start: int
    spans: Spans
    """The pieces of the capture's cleaned text that are the output."""
    command: Command | None
    prompt_lines: tuple[int, ...] = ()
    prompt_host: str | None = None
    closed: bool = False
    marker: Marker | None = None
    echo_line: int | None = None
    """The line on which the command was typed; None without a command."""
    has_output: bool = True
    """Whether the output holds anything but blanks."""
    remote_host: str | None = None
    """The other computer on which the command ran, as it, its prompt or the session around it says; empty where only its address is told."""
    session: int = 0
    """The number of the session on another computer in which it was typed; 0 on the computer of the log."""
    log_host: str | None = None
    """The computer that the header of the terminal names above it."""
    switch: str | None = None
    """The switch at whose prompt the command was typed; no node of the cluster is one."""
    earliest: datetime | None = None
    latest: datetime | None = None
    """When it was printed, as the log tells: after one time and before the next; without a zone where the log prints none."""

    @property
    def output(self) -> str:
        """The output as cleaned text with the lines of the capture; a prompt within it is an empty line."""
        return self.capture.clean_text.output(self.spans)

    @property
    def first_line(self) -> int:
        """The line at which it begins: the echo of its command, else its first line that is not blank."""
        if self.echo_line is not None:
            return self.echo_line
        lines = self.capture.lines[self.line_start - 1 : self.line_end]
        return next((number for number, line in enumerate(lines, self.line_start) if line.strip()), self.line_start)

    def may_have_line(self, beginning: str) -> bool:
        """Whether a line of it begins with a text, after blanks; True as well where the lines are not indexed."""
        return self.capture.clean_text.may_have_line(self.output_start, self.line_end, beginning)


def split(capture: Capture) -> list[Block]:
    """Return the command blocks of a capture, in order; together they own every line once."""
    if not capture.clean_text():
        return []
    assembly = _Assembly(capture)
    blocks = [part for block in assembly.blocks() for part in _repetitions(block)]
    return _with_times(blocks, assembly.times)


_TELLS_THE_TIME = re.compile(r"date\b|time(?:\s+/t)?\s*$|get-date\b|echo\b.*(?:%(?:date|time)%|\bdate\b)|w32tm\b", re.I)
"""Commands that print the time; `time COMMAND` measures one."""
_NOW_OF_W32TM = re.compile(r"^The current time is (.*)$", re.M)
_MACHINE = re.compile(r"^(?:Machine|Computer|Computername)[ \t]*:[ \t]*([\w.-]+)", re.M | re.I)


def _with_times(blocks: list[Block], times: list[clock.Written]) -> list[Block]:
    """Return the blocks with the times between which each was printed."""
    for block in blocks:
        if block.command is not None and block.has_output and _TELLS_THE_TIME.match(block.command.text):
            text = " ".join(block.output.split("\n", 4)[:4])
            if block.command.tool == "w32tm":
                now = _NOW_OF_W32TM.search(block.output)
                text = now[1] if now else ""
            answer = clock.written(block.output_start, text)
            times += [answer] if answer is not None else []
    moments = clock.readings(times)
    if not moments:
        return blocks
    lines = [moment.line for moment in moments]
    timed = []
    for block in blocks:
        line = block.echo_line or block.line_start
        # The answer to `date` tells when it was asked; without an output the line below is the next prompt's.
        until = block.output_start if block.command is not None and block.has_output else line
        before, after = bisect_right(lines, until), bisect_right(lines, line)
        timed.append(
            replace(
                block,
                earliest=moments[before - 1].earliest if before else None,
                latest=moments[after].latest if after < len(moments) else None,
            )
        )
    return timed


_ANSWER_OF_A_LOOP = re.compile(r"^[ \t]*Device File Name[ \t]*:", re.M)


def _repetitions(block: Block) -> list[Block]:
    """Return the answers of `symrcopy query -i <seconds> -c <times>` one by one: each is a query of its own, the last the newest."""
    command = block.command
    if command is None or command.tool != "symrcopy" or command.verb != "query" or command.option("-i", "-c") is None:
        return [block]
    clean_text = block.capture.clean_text
    text, (begin, end) = clean_text(), block.spans[0]
    starts = [match.start() for match in _ANSWER_OF_A_LOOP.finditer(text, begin, end)][1:]
    if not starts:
        return [block]
    firsts = [block.output_start + clean_text.count_lines(begin, start) for start in starts]
    answers = []
    line_starts = [block.line_start, *firsts]
    for number, (first, after, line) in enumerate(
        zip([begin, *starts], [*starts, end], [block.output_start, *firsts], strict=True)
    ):
        is_last = number == len(starts)
        last_line = block.line_end if is_last else firsts[number] - 1
        answers.append(
            replace(
                block,
                line_start=line_starts[number],
                line_end=last_line,
                output_start=line,
                spans=((first, after), *block.spans[1:]) if is_last else ((first, after),),
                prompt_lines=tuple(at for at in block.prompt_lines if line_starts[number] <= at <= last_line),
                closed=block.closed if is_last else True,
            )
        )
    return answers


def whole(capture: Capture) -> Block:
    """Return a capture as one output without a command."""
    clean_text = capture.clean_text
    spans = ((0, len(clean_text())),)
    lines = max(1, clean_text.count_lines(*spans[0]))
    return Block(capture, 1, lines, 1, spans, None, has_output=not clean_text.is_blank(spans))


class _Assembly:
    """Cuts one text at its starts and assigns every line to one block."""

    def __init__(self, capture: Capture) -> None:
        self.capture, self.clean_text, self.text = capture, capture.clean_text, capture.clean_text()
        self.closed: list[Block] = []
        self.open: Block | None = None
        self.line = 1
        self.block_start = 1
        self.prompt_lines: list[int] = []
        self.marker: Marker | None = None
        self.log_host: str | None = None
        self.sessions = Sessions()
        self.times: list[clock.Written] = []
        self.idle: list[tuple[tuple[int, int], int]] = []
        """Text and line of each prompt at which nothing was typed below the open block; there may be thousands."""

    def blocks(self) -> list[Block]:
        """Return the blocks of the whole text."""
        starts = starts_of(self.clean_text)
        bounds = [*(start.offset for start in starts), len(self.text)]
        self._preamble(bounds[0])
        for start, end in zip(starts, bounds[1:], strict=True):
            lines = self.clean_text.count_lines(start.offset, end)
            if start.header_end:
                self._header(start, end)
            elif start.marker is not None:
                self._marker(start, end)
            else:
                self._prompt(start, end)
            self.line += lines
        self._close(by_prompt=False)
        if self.block_start < self.line:
            self._begin(self.line, (0, 0), None)
            self._close(by_prompt=False)
        return self.closed

    def _begin(
        self,
        output_start: int,
        span: tuple[int, int],
        command: Command | None,
        start: Start | None = None,
        remote_host: str | None = None,
    ) -> None:
        self.open = Block(
            self.capture, self.block_start, 0, output_start, (span,), command, tuple(self.prompt_lines),
            start.host if start is not None else None, switch=start.switch if start is not None else None,
            marker=self.marker, echo_line=self.line if command is not None else None, log_host=self.log_host,
            remote_host=self.sessions.host if remote_host is None else remote_host, session=self.sessions.number,
        )  # fmt: skip
        self.prompt_lines = []

    def _take_idle_prompts(self) -> None:
        if self.open is not None and self.idle:
            spans, lines = zip(*self.idle, strict=True)
            self.open = replace(
                self.open, closed=True, spans=(*self.open.spans, *spans), prompt_lines=(*self.open.prompt_lines, *lines)
            )
        self.idle = []

    def _close(self, *, by_prompt: bool) -> None:
        """End the open block above the current line; a prompt there proves that its output is complete."""
        self._take_idle_prompts()
        if self.open is not None:
            closed = self.open.closed or by_prompt
            has_output = not self.clean_text.is_blank(self.open.spans)
            self.closed.append(replace(self.open, line_end=self.line - 1, closed=closed, has_output=has_output))
            self.block_start = self.line
            self.open = None

    def _preamble(self, end: int) -> None:
        """Begin a block without a command with the text above the first prompt, unless it is only what terminals print."""
        begin = 0
        while begin < end:
            after = self.text.index("\n", begin) + 1
            line = self.text[begin : after - 1]
            if line.strip() and not _HEADLINE.match(line):
                self._begin(1, (0, end), None)
                break
            begin = after
        self.line += self.clean_text.count_lines(0, end)

    def _marker(self, start: Start, end: int) -> None:
        marker = start.marker
        assert marker is not None
        self._time_of(start)
        self._close(by_prompt=self._is_whole(marker))
        # `#flm end` ends the output; where and when it was captured holds until the next marker says something else.
        self.marker = replace(self.marker or Marker(), problem="") if marker.ends else marker
        self.prompt_lines.append(self.line)
        self._begin_below(self.text.index("\n", start.offset) + 1, end, self.line + 1)

    def _is_whole(self, marker: Marker) -> bool:
        """Whether a marker proves the output above it whole: it stands where the next prompt would, and no line is missing."""
        self._take_idle_prompts()
        if self.open is None or marker.lines is None:
            return True
        lines = "".join(self.text[begin:after] for begin, after in self.open.spans).strip("\n").count("\n") + 1
        if marker.lines in (lines, self.line - self.open.output_start):
            return True
        problem = f"#flm end counts {marker.lines} lines above it, {lines} are there"
        self.open = replace(self.open, marker=replace(self.open.marker or Marker(), problem=problem))
        return False

    def _header(self, start: Start, end: int) -> None:
        """Note when and on which computer a terminal began to log; its lines belong to no output."""
        self._close(by_prompt=False)
        header = self.text[start.offset : start.header_end]
        machine = _MACHINE.search(header)
        self.log_host = machine[1] if machine else self.log_host
        time = clock.written(self.line, header)
        self.times += [time] if time is not None else []
        below = self.text.index("\n", start.header_end) + 1
        lines = self.clean_text.count_lines(start.offset, below)
        self.prompt_lines += range(self.line, self.line + lines)
        self._begin_below(below, end, self.line + lines)

    def _begin_below(self, begin: int, end: int, line: int) -> None:
        if not self.clean_text.is_blank(((begin, end),)):
            self._begin(line, (begin, end), None)

    def _time_of(self, start: Start) -> None:
        time = clock.written(self.line, start.prompt) if start.prompt else None
        self.times += [time] if time is not None else []

    def _prompt(self, start: Start, end: int) -> None:
        self._time_of(start)
        if self.sessions.number and start.prompt:
            output = "" if self.open is None else self.text[self.open.spans[0][0] : self.open.spans[-1][1]]
            self.sessions.see_prompt(start.prompt, start.remote_host, output)
        command, body, echo_lines = self._command(start, end)
        if command is None and self.open is not None and self.clean_text.is_blank(((body, end),)):
            # A prompt at which nothing was typed belongs to the output above it and proves that it is complete.
            self.idle.append(((body - 1, end), self.line))
            return
        self._close(by_prompt=True)
        self.prompt_lines += range(self.line, self.line + echo_lines)
        remote = remote_of(command.text) if command is not None else None
        if remote is not None and not remote.opens_session:
            command = commands.parse(remote.command)
            self._begin(self.line + echo_lines, (body, end), command, start, remote.host)
            return
        self._begin(self.line + echo_lines, (body, end), command, start, start.remote_host)
        if remote is not None:
            self.sessions.open(remote, start.prompt)
        elif command is not None:
            self.sessions.see_command(command.text, self.text[body:end])

    def _command(self, start: Start, end: int) -> tuple[Command | None, int, int]:
        """Return the command, the offset of its output, and how many lines it takes (a wrapped command is joined)."""
        echoed, body, lines = start.typed, self.text.index("\n", start.offset) + 1, 1
        if not echoed:
            return None, body, lines
        command = commands.parse(echoed)
        while body < end and (
            len(echoed) < LONGEST_COMMAND
            if echoed.endswith(_CONTINUED)
            else command.unfinished and lines < MOST_LINES_OF_A_COMMAND
        ):
            after = self.text.index("\n", body) + 1
            continuation = self.text[body:after].strip()
            if not continuation or (not echoed.endswith(_CONTINUED) and _ANSWER.search(continuation)):
                break
            joined = echoed.rstrip("".join(_CONTINUED)).rstrip()
            echoed = f"{joined} {continuation}"
            body, lines = after, lines + 1
            if not echoed.endswith(_CONTINUED):
                command = commands.parse(echoed)
        return commands.parse(echoed), body, lines
