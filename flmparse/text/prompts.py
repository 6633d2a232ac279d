r"""Where blocks begin in a log: prompts with what was typed at them, markers, headers of terminals, commands echoed without a prompt.

Known prompts: ``C:\>``, ``C:\Users\x>``, ``PS C:\>``, ``[FILE02]: PS C:\>``, ``admin@FILE02 C:\>``, ``[root@host ~]#``,
``user@host:~$``, ``host:/ #``, ``host 12%``, and ``#`` or ``$`` before a known tool, each with a time before or in it;
``Mon 08/27/2012  9:00:00.12>``; of switches ``SW01:FID128:admin>``, ``mds-a#``. ``DISKPART>`` is part of the output of ``diskpart``
and left to that screen.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from flmparse import commands
from flmparse.errors import TermError, UsageError
from flmparse.procedure import Gate
from flmparse.terms import YEARS
from flmparse.text.clean import CleanText

_WEEKDAY = r"(?:[A-Z][a-z]{2,8}[ ]+)?"
_DATE = r"(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4})"
_TIME = r"\d\d?:\d\d(?::\d\d(?:[.,]\d{1,6})?)?"
_WHEN = rf"(?:(?=[(\[]?{_WEEKDAY}\d)[(\[]?{_WEEKDAY}{_DATE}?[ ]{{0,3}}T?(?:{_TIME}Z?(?:[ ]?[AP]M)?)?[)\]]?)"
"""A date, a time of day or both, as prompts print them."""
_LOOSE_PROMPT = re.compile(
    rf"""[ \t]*(?:{_WHEN}[ ])?(?P<prompt>(?:PS[ ])?
    (?:[\w.+-]{{1,64}}@(?P<host>[\w.-]{{1,64}})[^\n@]{{0,120}}?|[^\s<>#$%|"'=]{{1,64}}(?:[ ]\d{{1,5}}(?=[%>]))?)[ ]{{0,2}}[#$%>])
    [ ]?(?:sudo[ ]+)?(?:/[\w./-]*/)?""",
    re.X,
)
_WHEN_ALONE = rf"{_WEEKDAY}(?:{_DATE}[ ]{{1,3}})?{_TIME}"
_MARKER = r"\#flm(?:[ \t]+(?:end\b|[\w-]+=)[^\n]*|[ \t]*$)"
_HEADER = r"""=~=~=~=~[^\n]*PuTTY[ ]log[^\n]*
          | Script[ ](?:started|done)[ ]on[ ][^\n]*
          | \*{10,}[ \t]*\n[^\n]*PowerShell[^\n]*\n(?:(?!\*{10})[^\n]*\n){0,29}\*{10,}[ \t]*(?:\n[^\n:]*transcript[ ][^\n]*)?"""
"""What PuTTY, `script` and PowerShell's Start-Transcript write above and below a session."""
_CISCO_VERBS = "(?:sh|show|conf|config|configure|term|terminal|exit|end|vsan|zone|zoneset|no|copy|interface|device-alias|fcalias|member|ping)"
"""What is typed at the prompt of a Cisco switch, which any word before a ``#`` may be."""
_BROCADE_DISPLAYS = "(?:switchshow|zoneshow|cfgshow|cfgactvshow|alishow|nsshow|nscamshow|fabricshow|porterrshow)"
_REACHES_OTHERS = "ssh|rsh|plink|telnet|rlogin|exit|logout"
"""Commands by which one comes to another computer and back."""
_HASH_PROMPT_LINE = re.compile(r"^[#$][ \t]*$", re.M)


@dataclass(frozen=True)
class Marker:
    """A line ``#flm node=NAME gate=GATE time=ISO8601``, which applies to the lines below it; ``#flm end rc=0 lines=37`` to those above."""

    node: str | None = None
    gate: Gate | None = None
    time: datetime | None = None
    problem: str = ""
    ends: bool = False
    """Whether it is ``#flm end``, which proves the output above it whole."""
    lines: int | None = None
    """How many lines the output above ``#flm end`` has, as its collector counted them."""


def parse_marker(text: str) -> Marker:
    """Read a marker line; words that cannot be read are reported in its ``problem``."""
    node, gate, time, lines, problems = None, None, None, None, []
    words = text.split()[1:]
    ends = words[:1] == ["end"]
    for word in words[1:] if ends else words:
        key, _, value = word.partition("=")
        try:
            if ends and key in ("rc", "lines") and value.lstrip("-").isdecimal():
                lines = int(value) if key == "lines" else lines
            elif key == "node" and value:
                node = value
            elif key == "gate":
                gate = Gate.parse(value)
            elif key == "time":
                time = parse_time(value)
            elif key == "cmd":
                break  # the rest is the command of the output, which stands at a prompt below
            else:
                problems.append(f"{word!r} is none of node=, gate=, time=")
        except (TermError, UsageError) as error:
            problems.append(str(error))
    return Marker(node, gate, time, "; ".join(problems), ends, lines)


def parse_time(text: str) -> datetime:
    """Return an ISO 8601 time; one without a zone is taken as UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise TermError(f"{text!r} is not an ISO 8601 time such as 2011-01-04T12:36:37Z") from None
    if time.year not in YEARS:
        raise TermError(f"{text!r} is not between {YEARS[0]} and {YEARS[-1]}")
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Start:
    """The beginning of a block: a marker, the header of a terminal's log, or a prompt with what was typed at it (empty if nothing).

    ``prompt`` is the text of the prompt, which may tell the time; a header ends at ``header_end``.
    """

    offset: int
    typed: str
    host: str | None = None
    marker: Marker | None = None
    prompt: str = ""
    header_end: int = 0
    switch: str | None = None
    """The switch whose prompt it is."""
    remote_host: str | None = None
    """The computer that a prompt of Windows names in front: ``[FILE02]: PS C:\\>``, ``admin@FILE02 C:\\>``."""


@cache
def _called() -> re.Pattern[str]:
    """Return what matches a call with an argument of a tool that is known without a prompt of a known form."""
    return re.compile(rf"(?:{'|'.join(commands.unmistakable_names())})[ ]")


@cache
def _prompt() -> re.Pattern[str]:
    """Return what matches a header, a marker, a prompt with what was typed at it, or a command echoed without a prompt."""
    return re.compile(
        rf"""^(?P<lead>[ \t]*)(?:
            (?P<header>{_HEADER})
          | (?P<marker>{_MARKER})
          | (?P<prompt>(?:{_WHEN}[ ]?[-|]?[ ]?)?(?:
              (?:\[(?P<host4>[\w.-]+)\]:[ ]?|(?:[\w.-]+\\)?[\w.+-]+@(?P<host5>[\w.-]+)[ ])?(?:PS[ ])?[A-Za-z]:\\[^\n>|<*?"]{{0,200}}>[ ]?
            | (?:PS[ ])?{_WHEN}[ ](?:PS[ ])?[A-Za-z]:\\[^\n>|<*?"]{{0,200}}>[ ]?
            | \[(?:{_WHEN}[ ])?[\w.+-]+@(?P<host1>[\w.-]+)[^\]\n]{{0,120}}\][^\S\n]*[\w~/.-]{{0,120}}[^\S\n]*[#$%>][ ]?
            | [\w.+-]+@(?P<host2>[\w.-]+):[^\n#$%>]{{0,200}}[#$%>][ ]?
            | \w+[ ]on[ ](?P<host3>[\w.-]+):\S{{0,200}}[ ]\$[ ]?
            | [\w.-]{{1,64}}:/[^\s#$]{{0,200}}[ ]?[#$][ ]?
            | /[\w./-]{{1,200}}[ ][#$][ ]?
            | [#$][ ]?(?=(?:sudo[ ]+)?(?:[\w./-]*/)?(?:{commands.name_pattern()}|{_REACHES_OTHERS})\b)
            | [#$][ ](?=\#flm[ \t]+[\w-]+=)
            | (?P<switch>[\w.-]{{2,64}})(?::FID\d{{1,3}})?:[A-Za-z][\w.-]{{0,31}}>[ ]?
            | (?P<cisco>[A-Za-z][\w.-]{{0,63}})(?:\(config[\w-]{{0,40}}\))?\#[ ]?(?={_CISCO_VERBS}\b|[ ]*$)
            | >[ ](?={_BROCADE_DISPLAYS}\b)
            )|{_WHEN_ALONE}>[ ]?)(?P<command>[^\n]*)
          | (?P<bare>(?:\*[ ]+)?(?:sudo[ ]+)?(?:{"|".join(commands.unmistakable_names())})
              (?:[ ]+[-\w./,:;*=|'"@{{}}]+)+[ \t]*)$
        )""",
        re.M | re.X | re.I,
    )


_TYPED_MARKER = re.compile(rf"(?:rem|echo|::|\#)?[ \t]*[\"']?(?P<marker>{_MARKER})[\"']?\Z", re.I)
"""A marker that was typed at a prompt, as a comment or to be echoed."""


def starts_of(clean_text: CleanText) -> list[Start]:
    """Return where the blocks of a text begin, in order."""
    hash_prompts = False
    prompts: set[str] = set()
    starts = []
    only_pairs = _is_pair_file(clean_text())
    cisco_prompts = set()
    for match in clean_text.search(_prompt()):
        if match["cisco"] is not None:
            if match["command"].strip():
                cisco_prompts.add(match["cisco"])
            elif match["cisco"] not in cisco_prompts:
                continue  # a word with a "#" alone is no prompt before a command was typed at it
        if match["prompt"] and match["prompt"].strip() == "#" and (only_pairs or _stands_above_a_pair(match)):
            continue
        if match["header"] is not None:
            starts.append(Start(match.start(), "", header_end=match.end()))
        elif match["marker"] is not None:
            starts.append(Start(match.start(), "", marker=parse_marker(match["marker"])))
        elif match["bare"] is not None:
            starts.append(Start(match.start(), match["bare"].strip().removeprefix("* ")))
        else:
            hash_prompts = hash_prompts or match["prompt"].lstrip()[:1] in "#$"
            prompts.add(match["prompt"].strip())
            host = match["host1"] or match["host2"] or match["host3"] or match["host4"] or match["host5"]
            typed = match["command"].strip()
            marker = _TYPED_MARKER.match(typed)
            starts.append(
                Start(
                    match.start(),
                    "" if marker else typed,
                    host,
                    parse_marker(marker["marker"].rstrip("\"'")) if marker else None,
                    match["prompt"],
                    switch=match["switch"] or match["cisco"],
                    remote_host=match["host4"] or match["host5"],
                )
            )
    starts += _loose_prompts(clean_text, {start.offset for start in starts}, prompts)
    if hash_prompts:
        # A lone "#" is a prompt only in a log that prompts with "#"; elsewhere it is a comment.
        starts += [Start(match.start(), "") for match in clean_text.search(_HASH_PROMPT_LINE)]
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


_NUMBERED = re.compile(r"[ ]\d{1,5}(?=[%>]\Z)")


def _with_any_number(prompt: str) -> str:
    """Return a pattern for a prompt; that of csh counts commands: ``host 12%``."""
    numbered = _NUMBERED.search(prompt)
    parts = [prompt] if numbered is None else [prompt[: numbered.start()], prompt[numbered.end() :]]
    return r"[ ]\d{1,5}".join(re.escape(part).replace("\\ ", "[ ]") for part in parts)


def _loose_prompts(clean_text: CleanText, starting: set[int], prompts: set[str]) -> list[Start]:
    """Return the starts at prompts of no known form: lines on which a tool is called, and others with the same prompt.

    Among them are calls of a tool after one of ``prompts`` with one damaged character. Lines of ``starting`` have a start already.
    """
    text = clean_text()
    starts: dict[int, Start] = {}
    loose_prompts = set()
    for call in clean_text.search_within(_called(), prompts):
        line = text.rfind("\n", 0, call.start()) + 1
        if line in starting or not 0 < call.start() - line < 300:
            continue
        line_end = text.index("\n", call.start())
        match = _LOOSE_PROMPT.fullmatch(text, line, call.start())
        damaged = text[line : call.start()].strip() if match is None else ""
        if len(damaged) > 2 and any(_alike(damaged, prompt) for prompt in prompts):
            starts[line] = Start(line, text[call.start() : line_end].strip())
        if match is not None:
            typed = text[match.end("prompt") : line_end].strip()
            starts[line] = Start(line, typed, match["host"], prompt=text[line : match.end("prompt")])
            loose_prompts.add(match["prompt"])
    if loose_prompts:
        known = "|".join(sorted({_with_any_number(prompt) for prompt in loose_prompts}))
        for match in clean_text.search(
            re.compile(rf"^[ \t]*(?:{_WHEN}[ ])?(?:{known})(?P<command>[^\n]*)", re.M | re.X)
        ):
            if match.start() not in starting:
                typed = match["command"].strip()
                starts.setdefault(
                    match.start(), Start(match.start(), typed, prompt=match[0].removesuffix(match["command"]))
                )
    return list(starts.values())
