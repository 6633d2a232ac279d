r"""Text to command blocks: which command was typed where, and which lines are its output.

A terminal log holds prompts, echoed and wrapped commands and outputs. A block is one command with its output; text before the
first prompt is a block without a command. Every line of a capture belongs to exactly one block.

Known prompts: ``C:\>``, ``C:\Users\x>``, ``PS C:\>``, ``[root@host ~]#``, ``user@host:~$``, ``host:/ #``, and ``#`` or ``$`` before a
known tool. ``DISKPART>`` is part of the output of ``diskpart`` and left to that screen.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from flmparse import commands
from flmparse.commands import Command
from flmparse.errors import TermError, UsageError
from flmparse.procedure import Gate
from flmparse.text.capture import Capture
from flmparse.text.clean import CleanText, Spans

_LOOSE_PROMPT = re.compile(
    r"""[ \t]*(?P<prompt>(?:PS[ ])?(?:[\w.+-]{1,64}@(?P<host>[\w.-]{1,64})[^\n@]{0,120}?|[^\s<>#$%|"'=]{1,64})[ ]{0,2}[#$%>])
    [ ]?(?:sudo[ ]+)?(?:/[\w./-]*/)?""",
    re.X,
)
_HASH_PROMPT_LINE = re.compile(r"^[#$][ \t]*$", re.M)
_HEADLINE = re.compile(
    r"[ \t]*(?:=~=~=~=~.*PuTTY log.*|Script (?:started|done) on .*|Administrator: .*|Microsoft Windows \[Version .*"
    r"|(?:Copyright )?\(c\) .*Microsoft Corp.*|Copyright \(c\).*Microsoft.*|Windows PowerShell[ \t]*)\Z",
    re.I,
)
_CONTINUED = ("\\", "^", "`")
_ANSWER = re.compile(r"\s:\s|:[ ]|\S[ ]{2,}\S|-{4}")
"""A key with its value, or columns: not the continuation of a command."""


@dataclass(frozen=True)
class Marker:
    """A line ``#flm node=NAME gate=GATE time=ISO8601``, which applies to the lines below it."""

    node: str | None = None
    gate: Gate | None = None
    time: datetime | None = None
    problem: str = ""


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

    @property
    def output(self) -> str:
        """The output as cleaned text with the lines of the capture; a prompt within it is an empty line."""
        return self.capture.clean_text.output(self.spans)

    def may_have_line(self, beginning: str) -> bool:
        """Whether a line of it begins with a text, after blanks; True as well where the lines are not indexed."""
        return self.capture.clean_text.may_have_line(self.output_start, self.line_end, beginning)


def parse_marker(line: str) -> Marker:
    """Read a marker line; words that cannot be read are reported in its ``problem``."""
    node, gate, time, problems = None, None, None, []
    for word in line.split()[1:]:
        key, _, value = word.partition("=")
        try:
            if key == "node" and value:
                node = value
            elif key == "gate":
                gate = Gate.parse(value)
            elif key == "time":
                time = parse_time(value)
            else:
                problems.append(f"{word!r} is none of node=, gate=, time=")
        except (TermError, UsageError) as error:
            problems.append(str(error))
    return Marker(node, gate, time, "; ".join(problems))


def parse_time(text: str) -> datetime:
    """Return an ISO 8601 time; one without a zone is taken as UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise TermError(f"{text!r} is not an ISO 8601 time such as 2011-01-04T12:36:37Z") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Start:
    """The beginning of a block: a marker, or a prompt with what was typed at it (empty if nothing)."""

    offset: int
    typed: str
    host: str | None = None
    marker: Marker | None = None


def split(capture: Capture) -> list[Block]:
    """Return the command blocks of a capture, in order; together they own every line once."""
    if not capture.clean_text():
        return []
    return [part for block in _Assembly(capture).blocks() for part in _repetitions(block)]


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


@cache
def _called() -> re.Pattern[str]:
    """Return what matches a call with an argument of a tool that is known without a prompt of a known form."""
    return re.compile(rf"(?:{'|'.join(commands.unmistakable_names())})[ ]")


@cache
def _prompt() -> re.Pattern[str]:
    """Return what matches a marker, a prompt with what was typed at it, or a command echoed without a prompt."""
    return re.compile(
        rf"""^(?P<lead>[ \t]*)(?:
            (?P<marker>\#flm(?:[ \t]+[\w-]+=[^\n]*|[ \t]*$))
          | (?P<prompt>
              (?:PS[ ])?[A-Za-z]:\\[^\n>|<*?"]{{0,200}}>[ ]?
            | \[[\w.+-]+@(?P<host1>[\w.-]+)[^\]\n]{{0,120}}\][^\S\n]*[\w~/.-]{{0,120}}[^\S\n]*[#$%>][ ]?
            | [\w.+-]+@(?P<host2>[\w.-]+):[^\n#$%>]{{0,200}}[#$%>][ ]?
            | \w+[ ]on[ ](?P<host3>[\w.-]+):\S{{0,200}}[ ]\$[ ]?
            | [\w.-]{{1,64}}:/[^\s#$]{{0,200}}[ ]?[#$][ ]?
            | /[\w./-]{{1,200}}[ ][#$][ ]?
            | [#$][ ]?(?=(?:sudo[ ]+)?(?:[\w./-]*/)?(?:{commands.name_pattern()})\b)
            )(?P<command>[^\n]*)
          | (?P<bare>(?:\*[ ]+)?(?:sudo[ ]+)?(?:{"|".join(commands.unmistakable_names())})
              (?:[ ]+[-\w./,:;*=|'"@{{}}]+)+[ \t]*)$
        )""",
        re.M | re.X | re.I,
    )


def _starts(clean_text: CleanText) -> list[_Start]:
    hash_prompts = False
    prompts: set[str] = set()
    starts = []
    only_pairs = _is_pair_file(clean_text())
    for match in clean_text.search(_prompt()):
        if match["prompt"] and match["prompt"].strip() == "#" and (only_pairs or _stands_above_a_pair(match)):
            continue
        if match["marker"] is not None:
            starts.append(_Start(match.start(), "", marker=parse_marker(match["marker"])))
        elif match["bare"] is not None:
            starts.append(_Start(match.start(), match["bare"].strip().removeprefix("* ")))
        else:
            hash_prompts = hash_prompts or match["prompt"].lstrip()[:1] in "#$"
            prompts.add(match["prompt"].strip())
            host = match["host1"] or match["host2"] or match["host3"]
            starts.append(_Start(match.start(), match["command"].strip(), host))
    starts += _loose_prompts(clean_text, {start.offset for start in starts}, prompts)
    if hash_prompts:
        # A lone "#" is a prompt only in a log that prompts with "#"; elsewhere it is a comment.
        starts += [_Start(match.start(), "") for match in clean_text.search(_HASH_PROMPT_LINE)]
    starts.sort(key=lambda start: start.offset)
    return starts


_PAIR_LINE = re.compile(r"[ \t]*symdev=", re.I)
_PAIR_FILE = re.compile(r"(?:[ \t]*+(?:(?:#|symdev=)[^\n]*+)?\n)*+\Z", re.I)
_PRINTED_PAIR_FILE = re.compile(r"^[ \t]*#+[ ]*(?:cat|type|more)\b", re.M | re.I)
_PRINTS_A_FILE = re.compile(r"(?:cat|type|more)\b", re.I)


def _is_pair_file(text: str) -> bool:
    """Whether a text is a pair file as it lies on disk: pairs and comments, a marker at most."""
    return _PAIR_FILE.match(text) is not None and not _PRINTED_PAIR_FILE.search(text)


def _stands_above_a_pair(match: re.Match[str]) -> bool:
    """Whether the next line that is not blank is a pair of a pair file: the line is a comment of it."""
    following = re.compile(r"\s*+").match(match.string, match.end())
    below_is_pair = following is not None and _PAIR_LINE.match(match.string, following.end())
    return bool(below_is_pair) and not _PRINTS_A_FILE.match(match["command"].strip())


def _alike(damaged: str, prompt: str) -> bool:
    """Whether a text is a prompt that has lost, gained or changed one character."""
    shorter, longer = sorted((damaged, prompt), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    first_difference = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return shorter[first_difference + (len(longer) == len(shorter)) :] == longer[first_difference + 1 :]


def _loose_prompts(clean_text: CleanText, starting: set[int], prompts: set[str]) -> list[_Start]:
    """Return the starts at prompts of no known form: lines on which a tool is called, and others with the same prompt.

    Among them are calls of a tool after one of ``prompts`` with one damaged character. Lines of ``starting`` have a start already.
    """
    text = clean_text()
    starts: dict[int, _Start] = {}
    loose_prompts = set()
    for call in clean_text.search_within(_called(), prompts):
        line = text.rfind("\n", 0, call.start()) + 1
        if line in starting or not 0 < call.start() - line < 300:
            continue
        line_end = text.index("\n", call.start())
        match = _LOOSE_PROMPT.fullmatch(text, line, call.start())
        damaged = text[line : call.start()].strip() if match is None else ""
        if len(damaged) > 2 and any(_alike(damaged, prompt) for prompt in prompts):
            starts[line] = _Start(line, text[call.start() : line_end].strip())
        if match is not None:
            starts[line] = _Start(line, text[match.end("prompt") : line_end].strip(), match["host"])
            loose_prompts.add(match["prompt"])
    if loose_prompts:
        known = "|".join(map(re.escape, sorted(loose_prompts)))
        for match in clean_text.search(re.compile(rf"^[ \t]*(?:{known})(?P<command>[^\n]*)", re.M)):
            if match.start() not in starting:
                starts.setdefault(match.start(), _Start(match.start(), match["command"].strip()))
    return list(starts.values())


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

    def blocks(self) -> list[Block]:
        """Return the blocks of the whole text."""
        starts = _starts(self.clean_text)
        bounds = [*(start.offset for start in starts), len(self.text)]
        self._preamble(bounds[0])
        for start, end in zip(starts, bounds[1:], strict=True):
            lines = self.clean_text.count_lines(start.offset, end)
            if start.marker is not None:
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
        self, output_start: int, span: tuple[int, int], command: Command | None, host: str | None = None
    ) -> None:
        self.open = Block(
            self.capture, self.block_start, 0, output_start, (span,), command, tuple(self.prompt_lines), host,
            marker=self.marker, echo_line=self.line if command is not None else None,
        )  # fmt: skip
        self.prompt_lines = []

    def _close(self, *, by_prompt: bool) -> None:
        """End the open block above the current line; a prompt there proves that its output is complete."""
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

    def _marker(self, start: _Start, end: int) -> None:
        self._close(by_prompt=False)
        self.marker = start.marker
        self.prompt_lines.append(self.line)
        span = (self.text.index("\n", start.offset) + 1, end)
        if not self.clean_text.is_blank((span,)):
            self._begin(self.line + 1, span, None)

    def _prompt(self, start: _Start, end: int) -> None:
        command, body, echo_lines = self._command(start, end)
        if command is None and self.open is not None and self.clean_text.is_blank(((body, end),)):
            # A prompt at which nothing was typed belongs to the output above it and proves that it is complete.
            self.open = replace(
                self.open,
                closed=True,
                spans=(*self.open.spans, (body - 1, end)),
                prompt_lines=(*self.open.prompt_lines, self.line),
            )
            return
        self._close(by_prompt=True)
        self.prompt_lines += range(self.line, self.line + echo_lines)
        self._begin(self.line + echo_lines, (body, end), command, start.host)

    def _command(self, start: _Start, end: int) -> tuple[Command | None, int, int]:
        """Return the command, the offset of its output, and how many lines it takes (a wrapped command is joined)."""
        echoed, body, lines = start.typed, self.text.index("\n", start.offset) + 1, 1
        if not echoed:
            return None, body, lines
        command = commands.parse(echoed)
        while body < end and (command.unfinished or echoed.endswith(_CONTINUED)):
            after = self.text.index("\n", body) + 1
            continuation = self.text[body:after].strip()
            if not continuation or (not echoed.endswith(_CONTINUED) and _ANSWER.search(continuation)):
                break
            joined = echoed.rstrip("".join(_CONTINUED)).rstrip()
            echoed = f"{joined} {continuation}"
            body, lines = after, lines + 1
            command = commands.parse(echoed)
        return command, body, lines
