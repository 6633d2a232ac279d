"""What stands in every terminal log and belongs to no output of a tool: other programs, banners, typing errors, remarks.

It is owned, counted and listed, and no doubt on anything. Whatever could be part of an answer of a known tool stays unknown.
"""

import re

from flmparse import commands
from flmparse.commands import Command

_OTHER_PROGRAMS = frozenset(
    {
        "arp", "attrib", "cd", "chcp", "chdir", "clear", "cls", "color", "copy", "date", "df", "dir", "du", "echo",
        "env", "exit", "exit-pssession", "get-date", "get-location", "h", "help", "history", "id", "ifconfig", "ip", "ipconfig", "last",
        "ll", "logout", "ls", "md", "mkdir", "mode", "net", "netstat", "notepad", "nslookup", "path", "ping", "popd",
        "pushd", "pwd", "rd", "ren", "robocopy", "route", "set", "sleep", "stty", "su", "tasklist", "time", "title",
        "top", "tracert", "tree", "uname", "uptime", "ver", "vi", "vol", "w", "w32tm", "where", "which", "who", "whoami",
        "xcopy",
    }
)  # fmt: skip
"""Programs whose output is never evidence, whatever words are in it."""

_NO_EVIDENCE = re.compile(
    r"get-cluster(?:network(?:interface)?|ownernode|access|log)\b|cluster(?:\.exe)?\s+(?:/cluster:\S+\s+)?(?:/quorum\b|quorum\b|/ver|network\b|netinterface\b)",
    re.I,
)
"""Displays of the cluster of which no check asks anything: networks, possible owners, how it votes."""

_TELLTALE = re.compile(
    r"\b(?:symmetrix|symmid|symcli|symapi|emcpower\w*|powermt|powerpath|sym(?:rcopy|dev|dg|access|mask|maskdb|cfg|rdf|san|clone|snap|mir)"
    r"|diskpart|pseudo name|logical device id|mpio|cluster (?:disk|resource|group|node)|device file name|\d{12}|[0-9a-f]{16})\b|DISKPART>",
    re.I,
)
"""Words of the tools whose answers are evidence: a line that has one may be part of such an answer."""

_LINES = re.compile(
    r"""(?:
        Microsoft[ ]Windows[ ]\[Version[ ].*
      | (?:Copyright[ ])?\(c\)[ ].*Microsoft.*|Copyright[ ]\(c\).*Microsoft.*|Windows[ ]PowerShell|Administrator:[ ].*
      | (?:Try|Install)[ ].*PowerShell.*https?://\S*
      | Last[ ]login:[ ].*|login[ ]as:[ ].*|.*'s[ ]password:|Using[ ]keyboard-interactive[ ]authentication\.
      | '[^']*'[ ]is[ ]not[ ]recognized[ ]as[ ]an[ ]internal[ ]or[ ]external[ ]command,|operable[ ]program[ ]or[ ]batch[ ]file\.
      | -?(?:ba|k|c|z|tc)?sh:[ ][^:]*:[ ]*(?:command[ ])?not[ ]found\.?|[^:]*:[ ]Command[ ]not[ ]found\.
      | logout|exit|Connection[ ]to[ ]\S+[ ]closed(?:[ ]by[ ]\S+)?\.|\S+[ ]exited[ ]on[ ]\S+[ ]with[ ]error[ ]code[ ]-?\d+\.
      | PsExec[ ]v[\d.]+[ ]-[ ]Execute[ ]processes[ ]remotely|Copyright[ ]\(C\)[ ].*Mark[ ]Russinovich.*|Sysinternals[ ]-[ ].*
    )""",
    re.X,
)
_PROSE = re.compile(r"(?:[^\s:=|]+[ ]){2,}[^\s:=|]+")
"""A remark as people type it: words with single blanks between them, no key with a value, no columns."""


_LONGEST_LINE = 2_000
"""Characters of a line; a longer one is no remark, and matching it would take long."""

_OPTIONS = re.compile(r"\s-(?:sid|wwn|awwn|dir|devs|file)\b|\b(?:dev|class|hba)=|\bdevs?\b", re.I)
"""Options of Solutions Enabler and PowerPath: the name of the tool before them may be damaged."""


def is_foreign(command: Command | None, output: str) -> bool:
    """Whether an output that no screen knows can be no answer of a known tool."""
    if command is None:
        return all(_is_foreign_line(line) for line in output.split("\n") if line.strip())
    if command.tool in _OTHER_PROGRAMS:
        return True
    if _NO_EVIDENCE.match(command.text):
        return not commands.effects_of(command)
    if commands.is_known(command.tool) or commands.effects_of(command):
        return False
    return not _TELLTALE.search(output) and not _OPTIONS.search(command.text)


def _is_foreign_line(line: str) -> bool:
    line = line.strip(" \t")
    if len(line) > _LONGEST_LINE:
        return False
    if _LINES.fullmatch(line):
        return True
    return bool(_PROSE.fullmatch(line)) and not _TELLTALE.search(line) and not any(map(_is_number, line.split()))


def _is_number(word: str) -> bool:
    """Whether a word is a number or the name of a device, a port or a disk."""
    return any(character.isdigit() for character in word)
