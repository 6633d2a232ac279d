r"""Text to command blocks: who was asked what, where the answer starts and ends.

A terminal log holds prompts, echoed and wrapped commands, answers, several commands in a row. A block is one command
with its answer; text before the first prompt is a block without a command. Every line of a capture belongs to exactly one block.

Prompts known: ``C:\>``, ``C:\Users\x>``, ``PS C:\>``, ``[root@host ~]#``, ``user@host:~$``, ``host:/ #``, and ``#`` or ``$`` before a
known tool. ``DISKPART>`` prompts inside the answer of ``diskpart`` and is left to that screen.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from flmparse import commands
from flmparse.commands import Command
from flmparse.errors import TermError, UsageError
from flmparse.procedure import Gate
from flmparse.text.capture import Capture
from flmparse.text.clean import Source, Spans

_LOOSE_PROMPT = re.compile(
    r"""[ \t]*(?P<prompt>(?:PS[ ])?(?:[\w.+-]{1,64}@(?P<host>[\w.-]{1,64})[^\n@]{0,120}?|[^\s<>#$%|"'=]{1,64})[ ]{0,2}[#$%>])
    [ ]?(?:sudo[ ]+)?(?:/[\w./-]*/)?""",
    re.X,
)
_HASH_PROMPT_LINE = re.compile(r"^[#$][ \t]*$", re.M)
_HEADLINE = re.compile(
    r"[ \t]*(?:=~=~=~=~.*PuTTY log.*|Script (?:started|done) on .*|Administrator: .*|Microsoft Windows \[Version .*"
    r"|Copyright \(c\).*Microsoft.*|Windows PowerShell[ \t]*)\Z",
    re.I,
)
_CONTINUED = ("\\", "^", "`")
_ANSWER = re.compile(r"\s:\s|:[ ]|\S[ ]{2,}\S|-{4}")
"""What no rest of a command holds: a key with its value, or columns."""


@dataclass(frozen=True)
class Marker:
    """A line ``#flm node=NAME gate=GATE time=ISO8601``: what its writer says about the lines below it."""

    node: str | None = None
    gate: Gate | None = None
    time: datetime | None = None
    problem: str = ""


@dataclass(frozen=True)
class Block:
    """One command with its answer. Line numbers count from 1 in the capture."""

    capture: Capture
    line_start: int
    line_end: int
    output_start: int
    source: Source = field(repr=False, compare=False)
    spans: Spans
    """The places in the source between which the output stands."""
    command: Command | None
    prompt_lines: tuple[int, ...] = ()
    prompt_host: str | None = None
    closed: bool = False
    marker: Marker | None = None
    echo_line: int | None = None
    """The line on which the command was typed; None without a command."""
    has_output: bool = True
    """Whether the answer holds anything but blanks."""

    @property
    def output(self) -> str:
        """The answer: cleaned text, one line a line; a prompt in it is an empty line."""
        return self.source.output(self.spans)

    def may_have_line(self, beginning: str) -> bool:
        """Whether a line of it may begin with a character, behind blanks; True where only looking at them would tell."""
        return self.source.may_have_line(self.output_start, self.line_end, beginning)


def parse_marker(line: str) -> Marker:
    """Read a marker line; what it says wrongly is kept as its ``problem``."""
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
    """A line at which something begins: a marker, or a prompt with what was typed (None: nothing was, it is a marker)."""

    offset: int
    typed: str
    host: str | None = None
    marker: Marker | None = None


def split(capture: Capture) -> list[Block]:
    """Return the command blocks of a capture, in order; together they own every line once."""
    source = Source(capture.held)
    return _Assembly(capture, source).blocks() if source.text else []


def whole(capture: Capture) -> Block:
    """Return a capture as the one answer of an unknown command."""
    source = Source(capture.held)
    spans = ((0, len(source.text)),)
    lines = max(1, source.count_lines(*spans[0]))
    return Block(capture, 1, lines, 1, source, spans, None, has_output=not source.is_blank(spans))


@cache
def _called() -> re.Pattern[str]:
    """Return what matches a call with an argument of a tool that is known without a prompt of a known form."""
    return re.compile(rf"(?:{'|'.join(commands.unmistakable_names())})[ ]")


@cache
def _prompt() -> re.Pattern[str]:
    """Return what matches a marker, a prompt with what was typed at it, or a command echoed without a prompt."""
    return re.compile(
        rf"""^(?P<lead>[ \t]*)(?:
            (?P<marker>\#flm\b[^\n]*)
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


def _starts(source: Source) -> list[_Start]:
    hash_prompts = False
    seen: set[str] = set()
    starts = []
    for match in source.search(_prompt()):
        if match["marker"] is not None:
            starts.append(_Start(match.start(), "", marker=parse_marker(match["marker"])))
        elif match["bare"] is not None:
            starts.append(_Start(match.start(), match["bare"].strip().removeprefix("* ")))
        else:
            hash_prompts = hash_prompts or match["prompt"].lstrip()[:1] in "#$"
            seen.add(match["prompt"].strip())
            host = match["host1"] or match["host2"] or match["host3"]
            starts.append(_Start(match.start(), match["command"].strip(), host))
    starts += _loose_prompts(source, {start.offset for start in starts}, seen)
    if hash_prompts:
        # A lone "#" is a prompt only in a log that prompts with "#"; elsewhere it is a comment.
        starts += [_Start(match.start(), "") for match in source.search(_HASH_PROMPT_LINE)]
    starts.sort(key=lambda start: start.offset)
    return starts


def _alike(damaged: str, prompt: str) -> bool:
    """Whether a prompt has lost, gained or changed one character."""
    shorter, longer = sorted((damaged, prompt), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    same = next((place for place, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return shorter[same + (len(longer) == len(shorter)) :] == longer[same + 1 :]


def _loose_prompts(source: Source, known: set[int], seen: set[str]) -> list[_Start]:
    """Return lines whose prompt has no known form: a tool is called there, or at the same prompt elsewhere in the text.

    So are lines at which a tool is called behind one of the prompts seen elsewhere, with one character damaged.
    """
    text = source.text
    found: dict[int, _Start] = {}
    prompts = set()
    for name in source.search_within(_called(), seen):
        place = name.start()
        start = text.rfind("\n", 0, place) + 1
        if start in known or not 0 < place - start < 300:
            continue
        match = _LOOSE_PROMPT.fullmatch(text, start, place)
        damaged = text[start:place].strip() if match is None else ""
        if len(damaged) > 2 and any(_alike(damaged, prompt) for prompt in seen):
            found[start] = _Start(start, text[place : text.index("\n", place)].strip())
        if match is not None:
            command = text[match.end("prompt") : text.index("\n", place)].strip()
            found[start] = _Start(start, command, match["host"])
            prompts.add(match["prompt"])
    if prompts:
        again = re.compile(rf"^[ \t]*(?:{'|'.join(map(re.escape, sorted(prompts)))})(?P<command>[^\n]*)", re.M)
        for match in source.search(again):
            if match.start() not in known:
                found.setdefault(match.start(), _Start(match.start(), match["command"].strip()))
    return list(found.values())


class _Assembly:
    """Cuts one text at its starts and gives every line to one block."""

    def __init__(self, capture: Capture, source: Source) -> None:
        self.capture, self.source, self.text = capture, source, source.text
        self.done: list[Block] = []
        self.open: Block | None = None
        self.line = 1
        self.block_start = 1
        self.prompt_lines: list[int] = []
        self.marker: Marker | None = None

    def blocks(self) -> list[Block]:
        """Return the blocks of the whole text."""
        starts = _starts(self.source)
        bounds = [*(start.offset for start in starts), len(self.text)]
        self._preamble(bounds[0])
        for start, end in zip(starts, bounds[1:], strict=True):
            lines = self.source.count_lines(start.offset, end)
            if start.marker is not None:
                self._marker(start, end)
            else:
                self._prompt(start, end)
            self.line += lines
        self._close(by_prompt=False)
        if self.block_start < self.line:
            self._begin(self.line, (0, 0), None)
            self._close(by_prompt=False)
        return self.done

    def _begin(
        self, output_start: int, span: tuple[int, int], command: Command | None, host: str | None = None
    ) -> None:
        self.open = Block(
            self.capture, self.block_start, 0, output_start, self.source, (span,), command, tuple(self.prompt_lines), host,
            marker=self.marker, echo_line=self.line if command is not None else None,
        )  # fmt: skip
        self.prompt_lines = []

    def _close(self, *, by_prompt: bool) -> None:
        """End the open block above the current line; a prompt there proves its answer whole."""
        if self.open is not None:
            closed = self.open.closed or by_prompt
            says = not self.source.is_blank(self.open.spans)
            self.done.append(replace(self.open, line_end=self.line - 1, closed=closed, has_output=says))
            self.block_start = self.line
            self.open = None

    def _preamble(self, end: int) -> None:
        """Text above the first prompt is an answer without a command, unless it is only what terminals print."""
        place = 0
        while place < end:
            after = self.text.index("\n", place) + 1
            line = self.text[place : after - 1]
            if line.strip() and not _HEADLINE.match(line):
                self._begin(1, (0, end), None)
                break
            place = after
        self.line += self.source.count_lines(0, end)

    def _marker(self, start: _Start, end: int) -> None:
        self._close(by_prompt=False)
        self.marker = start.marker
        self.prompt_lines.append(self.line)
        span = (self.text.index("\n", start.offset) + 1, end)
        if not self.source.is_blank((span,)):
            self._begin(self.line + 1, span, None)

    def _prompt(self, start: _Start, end: int) -> None:
        command, body, echo_lines = self._command(start, end)
        if command is None and self.open is not None and self.source.is_blank(((body, end),)):
            # A prompt at which nothing was typed belongs to the answer above: it proves that this is whole.
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
        """Return the command, where its answer begins, and how many lines the echo takes (a wrapped one is joined)."""
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
