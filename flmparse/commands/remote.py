r"""Commands that reach another computer: `psexec \\HOST`, `ssh HOST`, `winrs -r:HOST`, `Enter-PSSession`, `Invoke-Command`, `rpowermt host=HOST`.

Without a command of its own, or with a shell's name, they open a session there, which ends with ``exit``.
"""

import re
from dataclasses import dataclass

_HOST = r"(?:[\w.+-]+@)?(?P<host>[\w.:-]+)"
_OPTION_WITH_VALUE = (
    r"-(?:u|p|l|i|o|F|E|c|m|b|w|n|e|P|pw|hostkey|ConfigurationName|Credential|Authentication|Port)[ ]+\S+"
)
_FORMS = tuple(
    re.compile(form, re.I | re.X)
    for form in (
        rf"psexec(?:64)?(?:\.exe)?[ ]+\\\\{_HOST}(?P<rest>(?:[ ].*)?)",
        rf"(?:ssh|plink|rsh|telnet|rlogin)(?:\.exe)?[ ]+(?:(?:{_OPTION_WITH_VALUE}|-\w+)[ ]+)*{_HOST}(?P<rest>(?:[ ].*)?)",
        rf"winrs(?:\.exe)?[ ]+[-/]r(?:emote)?:(?:https?://)?{_HOST}(?P<rest>(?:[ ].*)?)",
        rf"(?:Enter-PSSession|etsn)[ ]+(?:-(?:ComputerName|Cn)[ ]+)?{_HOST}(?P<rest>)(?:[ ]+-\w+(?:[ ]+\S+)?)*",
        rf"(?:Invoke-Command|icm)[ ]+(?:-(?:ComputerName|Cn)[ ]+)?{_HOST}[ ]+(?:-ScriptBlock[ ]+)?\{{(?P<rest>[^{{}};]*)\}}",
        rf"rpowermt[ ]+host={_HOST}(?P<rest>[ ].*)",
    )
)
_OPTIONS_OF_PSEXEC = re.compile(rf"(?:(?:{_OPTION_WITH_VALUE}|-\w+)[ ]+)+", re.I)
_SHELLS = re.compile(
    r"(?:cmd|powershell|pwsh|bash|ksh|csh|sh)(?:\.exe)?(?:[ ]+-(?:NoExit|NoLogo|NoProfile|i|l)|[ ]+/k)*", re.I
)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:]+", re.I)
_SEVERAL = re.compile(r"[;&\n]|\|\|")

_LEFT = re.compile(
    r"^(?:\S+ exited on \S+ with error code -?\d+\.|Connection to \S+ closed(?: by \S+)?\.?|Connection closed by foreign host\.)[ \t]*$",
    re.M,
)
_LEAVES = re.compile(r"(?:exit|logout|bye|Exit-PSSession|exsn)(?:[ ]+\d+)?;?", re.I)


_FAILED = re.compile(
    r"refused|timed out|could ?n.?t|denied|cannot|failed|failure|not found|unreachable|no route|unknown host|closed|reset by|\berror\b",
    re.I,
)
_GREETING = re.compile(
    r"^[ \t]*(?:Microsoft Windows \[Version |Last login: |Windows PowerShell[ \t]*$|Linux \S+ \d|AIX Version)", re.M
)
_WHEN = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b|\d{1,4}[-/.]\d\d?[-/.]\d{1,4}|\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?|(?<=[ ])\d+(?=[%>])"
)


def entered(output: str) -> bool | None:
    """Return whether the answer to a command that opens a session says that it is open; None where it does not say."""
    if _GREETING.search(output):
        return True
    return False if _FAILED.search(output) else None


def without_time(prompt: str) -> str:
    """Return a prompt without the time and the number of the command, to compare it with others."""
    return _WHEN.sub("", prompt).strip()


@dataclass(frozen=True)
class Remote:
    """Another computer that a command reaches; ``host`` is empty where only its address is told. ``command`` is what runs there."""

    host: str
    command: str = ""
    shows_in_prompt: bool = False
    """Whether every prompt of the session names the computer."""

    @property
    def opens_session(self) -> bool:
        """Whether what is typed below it is typed there."""
        return not self.command


def remote_of(text: str) -> Remote | None:
    """Return where a command line runs what; None where it stays here, and where several computers or commands are meant."""
    match = next((match for match in (form.fullmatch(text.strip()) for form in _FORMS) if match), None)
    if match is None or "," in match["host"]:
        return None
    rest = match["rest"].strip()
    options = _OPTIONS_OF_PSEXEC.match(rest + " ")
    if options is not None and text.lower().startswith("psexec"):
        rest = rest[options.end() :] if options.end() <= len(rest) else ""
    if len(rest) > 1 and rest[0] == rest[-1] and rest[0] in "\"'":
        rest = rest[1:-1]
    if _SEVERAL.search(rest):
        return None
    if text.lower().startswith("rpowermt"):
        rest = f"powermt {rest}"
    host = "" if _ADDRESS.fullmatch(match["host"]) else match["host"].rstrip(":")
    is_powershell = text.lower().startswith(("enter-", "etsn"))
    return Remote(host, "" if _SHELLS.fullmatch(rest) else rest, shows_in_prompt=is_powershell)


def leaves_session(typed: str, output: str) -> bool:
    """Whether a session on another computer ends with a command, or its output says that it has ended."""
    return bool(_LEAVES.fullmatch(typed.strip()) or _LEFT.search(output))
