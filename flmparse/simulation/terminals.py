"""How terminals show a session: prompts, headers, and where a log tells the time, without a marker of flmparse in it.

Times stand in prompts, or a person asks for the date before and after each sitting and each step. Nodes are reached at their
console, from the PowerShell or the command prompt of an administrator, or by ssh.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flmparse.simulation.model import Migration
from flmparse.simulation.run_log import Entry

STARS = "*" * 22


@dataclass(frozen=True)
class Terminal:
    """One way to log a session; each function returns what it shows at a moment on a host."""

    prompt: Callable[[datetime, str], str]
    asks: Callable[[datetime], tuple[str, str]] | None = None
    """The command that asks for the time, and its answer; None where the prompt tells it."""
    head: Callable[[datetime, str], str] = lambda time, host: ""
    tail: Callable[[datetime, str], str] = lambda time, host: ""
    admin: Callable[[datetime, str], str] | None = None
    """Where nodes are reached from one log of an administrator: the prompt there."""
    enter: Callable[[str], str] = lambda host: ""
    leave: Callable[[str], str] = lambda host: ""


def _date_and_time(time: datetime) -> tuple[str, str]:
    return "echo %DATE% %TIME%", f"{time:%a %m/%d/%Y} {time.hour:2}:{time:%M:%S}.12"


def _get_date(time: datetime) -> tuple[str, str]:
    hour = time.hour % 12 or 12
    return "Get-Date", f"\n{time:%A, %B} {time.day}, {time.year} {hour}:{time:%M:%S} {time:%p}\n\n"


def _date(time: datetime) -> tuple[str, str]:
    return "date", f"{time:%a %b} {time.day:2} {time:%H:%M:%S} UTC {time.year}"


def _w32tm(time: datetime) -> tuple[str, str]:
    hour = time.hour % 12 or 12
    now = f"{time.month}/{time.day}/{time.year} {hour}:{time:%M:%S} {time:%p}"
    return "w32tm /stripchart /computer:dc01 /samples:1 /dataonly", (
        f"Tracking dc01 [10.0.0.1:123].\nCollecting 1 samples.\nThe current time is {now}.\n{time:%H:%M:%S}, +00.0012345s"
    )


def _transcript(word: str) -> Callable[[datetime, str], str]:
    def block(time: datetime, host: str) -> str:
        if word == "End":
            return f"{STARS}\nWindows PowerShell Transcript End\nEnd time: {time:%Y%m%d%H%M%S}\n{STARS}\n"
        return (
            f"{STARS}\nWindows PowerShell Transcript Start\nStart time: {time:%Y%m%d%H%M%S}\nUsername  : CORP\\stadm\n"
            f"Machine  : {host} (Microsoft Windows NT 6.1.7601 Service Pack 1)\n{STARS}\n"
            f"Transcript started, output file is C:\\logs\\{host}.txt\n"
        )

    return block


def _putty(time: datetime, host: str) -> str:
    return f"=~=~=~=~=~=~=~=~=~=~=~= PuTTY log {time:%Y.%m.%d %H:%M:%S} =~=~=~=~=~=~=~=~=~=~=~=\n"


def _script(word: str) -> Callable[[datetime, str], str]:
    return lambda time, host: f"Script {word} on {time:%Y-%m-%d %H:%M:%S}+00:00\n"


def _psexec(host: str) -> str:
    return (
        f"psexec \\\\{host} cmd\n\nPsExec v2.2 - Execute processes remotely\nCopyright (C) 2001-2016 Mark Russinovich\n"
        "Sysinternals - www.sysinternals.com\n\n\nMicrosoft Windows [Version 6.1.7601]\n"
        f"Copyright (c) 2009 Microsoft Corporation.  All rights reserved.\n\nC:\\Windows\\system32> hostname\n{host}\n\n"
    )


TERMINALS: dict[str, Terminal] = {
    "cmd": Terminal(lambda time, host: "C:\\>", _date_and_time),
    "powershell": Terminal(lambda time, host: "PS C:\\>", _get_date),
    "putty": Terminal(lambda time, host: f"[root@{host} ~]#", _date, _putty),
    "script": Terminal(lambda time, host: f"root@{host}:~#", _date, _script("started"), _script("done")),
    "bracket": Terminal(lambda time, host: f"[{time:%Y-%m-%d %H:%M:%S}] C:\\>"),
    "dollar": Terminal(lambda time, host: f"{time:%a %m/%d/%Y} {time.hour:2}:{time:%M:%S}.12>"),
    "dollar-eu": Terminal(lambda time, host: f"{time:%d.%m.%Y} {time.hour:2}:{time:%M:%S},12>"),
    "transcript": Terminal(lambda time, host: "PS C:\\>", _get_date, _transcript("Start"), _transcript("End")),
    "bash-t": Terminal(lambda time, host: f"[{time:%H:%M:%S} root@{host} ~]#", _date),
    "csh": Terminal(lambda time, host: f"{host} {time.minute}%", _date),
    # w32tm writes dates without a weekday; that of another command tells their order.
    "w32tm": Terminal(
        lambda time, host: "C:\\Users\\stadm>",
        _w32tm,
        lambda time, host: f"C:\\Users\\stadm> date /t\n{time:%a %m/%d/%Y}\n\n",
    ),
    "remote": Terminal(
        lambda time, host: f"[{host}]: PS C:\\Users\\stadm\\Documents>",
        _get_date,
        admin=lambda time, host: "PS C:\\>",
        enter=lambda host: f"Enter-PSSession -ComputerName {host}\n",
        leave=lambda host: "Exit-PSSession\n",
    ),
    "psexec": Terminal(
        lambda time, host: "C:\\Windows\\system32>",
        _date_and_time,
        admin=lambda time, host: "C:\\Users\\stadm>",
        enter=_psexec,
        leave=lambda host: f"exit\ncmd exited on {host} with error code 0.\n\n",
    ),
    "ssh": Terminal(
        lambda time, host: f"administrator@{host} C:\\Users\\administrator>",
        _date_and_time,
        admin=lambda time, host: "[stadm@jump ~]$",
        enter=lambda host: (
            f"ssh administrator@{host}\nadministrator@{host}'s password: \nMicrosoft Windows [Version 10.0.17763.1]\n"
            "(c) 2018 Microsoft Corporation. All rights reserved.\n\n"
        ),
        leave=lambda host: f"exit\nConnection to {host} closed.\n",
    ),
}  # fmt: skip
"""The ways to log a session, by what ``--style`` calls them."""

STYLES: tuple[str, ...] = tuple(TERMINALS)


def bare_logs(
    migration: Migration, entries: Iterable[Entry], style: str, *, by_sitting: bool
) -> Iterator[tuple[str, str]]:
    """Yield name and text of the logs of a night without a marker: one for each host, or with ``by_sitting`` for each sitting."""
    terminal = TERMINALS[style]
    by_file: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.command is None:
            yield entry.file, entry.output.rstrip("\n") + "\n"
        else:
            name = "admin" if terminal.admin is not None and entry.host != migration.control_host else entry.host
            by_file.setdefault(name, []).append(entry)
    for name, logged in by_file.items():
        sittings = [list(sitting) for _, sitting in groupby(logged, key=lambda entry: (entry.gate, entry.host))]
        texts = [_sitting(terminal, sitting, migration) for sitting in sittings]
        if by_sitting:
            for sitting, text in zip(sittings, texts, strict=True):
                yield f"{name}-{sitting[0].time:%Y%m%d-%H%M%S}.log", text
        else:
            yield f"{name}.log", "\n".join(texts)


def _sitting(terminal: Terminal, entries: list[Entry], migration: Migration) -> str:
    host = entries[0].host
    nested = terminal.admin is not None and host != migration.control_host
    begin, end = entries[0].time, entries[-1].time + timedelta(seconds=20)
    parts = [terminal.head(begin, host)]
    if nested and terminal.admin is not None:
        parts.append(f"{terminal.admin(begin, host)} {terminal.enter(host)}")
    parts.append(_asked(terminal, begin, host))
    for entry in entries:
        prompt, output = terminal.prompt(entry.time, host), entry.output.strip("\n")
        if terminal.asks is not None and entry.time > begin:
            parts.append(_asked(terminal, entry.time, host))
        parts.append(f"{prompt} {entry.command}\n" + (f"\n{output}\n\n" if output else ""))
    parts.append(_asked(terminal, end, host))
    parts.append(
        f"{terminal.prompt(end, host)} {terminal.leave(host) if nested else ''}".rstrip(" ") + "\n" * (not nested)
    )
    parts.append(terminal.tail(end, host))
    return "".join(parts)


def _asked(terminal: Terminal, time: datetime, host: str) -> str:
    if terminal.asks is None:
        return ""
    typed, answer = terminal.asks(time)
    return f"{terminal.prompt(time, host)} {typed}\n{answer}\n"
