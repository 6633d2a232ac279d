"""On which computer one is, as one goes down a log: sessions that `ssh`, `psexec` and their kind open within it.

A session lasts until ``exit``. Where a log does not show that one was entered or has ended, the computer is unknown (an empty
string) until the next ``exit``: what was captured there is of nobody rather than of the wrong node.
"""

from dataclasses import dataclass, field, replace

from flmparse.commands.remote import Remote, entered, leaves_session, without_time


@dataclass(frozen=True)
class _Session:
    number: int
    host: str
    outer_prompt: str
    shows_in_prompt: bool
    is_new: bool = True
    looks_different: bool = False


@dataclass
class Sessions:
    """The sessions that are open at a line of a log, the outermost first."""

    _open: list[_Session] = field(default_factory=list)
    _opened: int = 0

    @property
    def number(self) -> int:
        """The number of the session one is in; 0 on the computer of the log."""
        return self._open[-1].number if self._open else 0

    @property
    def host(self) -> str | None:
        """The other computer one is on; an empty string where it is not known which, None on the computer of the log."""
        return self._open[-1].host if self._open else None

    def open(self, remote: Remote, prompt: str) -> None:
        """Note that a command typed at a prompt opens a session."""
        self._opened += 1
        self._open.append(_Session(self._opened, remote.host, without_time(prompt), remote.shows_in_prompt))

    def see_prompt(self, prompt: str, remote_host: str | None, output: str) -> None:
        """Note a prompt, and the output above it."""
        if not self._open:
            return
        session = self._open[-1]
        if session.shows_in_prompt:
            if remote_host is None:
                self._open.pop()
            return
        is_outer = without_time(prompt) == session.outer_prompt
        if session.is_new:
            was_entered = entered(output)
            if was_entered is False:
                self._open.pop()
                return
            if is_outer and was_entered is None:
                session = replace(session, host="")
            session = replace(session, is_new=False, looks_different=not is_outer)
        elif is_outer and session.looks_different:
            session = replace(session, host="")
        self._open[-1] = session

    def see_command(self, typed: str, output: str) -> None:
        """Note a command that is typed in a session: ``exit`` ends it."""
        if self._open and leaves_session(typed, output):
            self._open.pop()
