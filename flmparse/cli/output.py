"""Where the command line writes: results to stdout or a file, messages and progress to stderr, colour only to a terminal."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flmparse.errors import FlmparseError, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress

    from flmparse.render.formats import Format

STDOUT = "-"

_COLOURS = {
    "NO-GO": "1;31",
    "INCONCLUSIVE": "1;35",
    "GO WITH WARNINGS": "1;33",
    "GO": "1;32",
    "NOT REACHED": "2",
    "fail": "31",
    "error": "31",
    "warn": "33",
    "inconclusive": "35",
    "pass": "32",
    "not_applicable": "2",
}

SLOW_SECONDS = 2.0
"""Work that takes longer shows on a terminal that it goes on."""

REFRESHES_PER_SECOND = 2


def colourful(stream: TextIO) -> bool:
    """Whether colour may be written to a stream: a terminal, unless the environment forbids it."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(kind: str, word: str) -> str:
    """Return a word in the colour of its kind, where stdout takes colour."""
    code = _COLOURS.get(kind)
    return f"\x1b[{code}m{word}\x1b[0m" if code and colourful(sys.stdout) else word


def say(message: str) -> None:
    """Write a message to stderr, control characters of captured names written out."""
    from flmparse.render.wording import visible

    with contextlib.suppress(OSError):
        for line in message.split("\n"):
            print(f"flmparse: {visible(line)}", file=sys.stderr)


def refuse_bytes_on_a_terminal(form: "Format", to: str) -> None:
    """Say before anything is read that a binary format needs a file."""
    if form.binary and to == STDOUT and sys.stdout.isatty():
        file = f"report{form.suffix}"
        raise UsageError(
            f"{form.name} is not for a terminal; name a file: check -f {form.name} -o {file}, report -f {form.name}={file}"
        )


def write(content: str | bytes | Iterable[str], to: str = STDOUT) -> None:
    """Write a result, whole or piece by piece, to stdout (``-``) or a file. A reader of a pipe that goes away is no error."""
    parts = [content] if isinstance(content, str | bytes) else content
    if to != STDOUT:
        # A name on disk that is no text would not be UTF-8 either.
        encoded = (p if isinstance(p, bytes) else p.encode("utf-8", errors="backslashreplace") for p in parts)
        try:
            _write_file(encoded, Path(to))
        except OSError as error:
            raise FlmparseError(f"{to}: cannot be written ({error.strerror or error})") from None
        return
    try:
        if isinstance(content, bytes):
            if sys.stdout.isatty():
                raise UsageError("this format is not for a terminal; name a file with -o FILE")
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
        else:
            _take_any_character(sys.stdout)
            sys.stdout.writelines(part for part in parts if isinstance(part, str))
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
    except OSError as error:
        _forget_stdout()
        raise FlmparseError(f"standard output: cannot be written ({error.strerror or error})") from None


def _write_file(parts: Iterable[bytes], to: Path) -> None:
    """Write a file beside and rename it, so that an old one stays whole until the new one is; devices and pipes are written to."""
    if to.exists() and not to.is_file():
        with to.open("wb") as file:
            file.writelines(parts)
        return
    target = to.resolve()  # a link keeps leading to the file
    beside = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    beside.unlink(missing_ok=True)  # of a process that was killed and had this one's number
    try:
        with beside.open("xb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())  # else a computer that fails could keep the new name and lose what it names
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _take_any_character(stream: TextIO) -> None:
    """Let a terminal with an old code page show what it cannot print as an escape instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def stand_in_for_closed_streams() -> None:
    """Let messages go nowhere where stderr is closed; where stdout is closed, writing a result to it fails like any other."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - as long as the process
    if sys.stdout is None:
        sys.stdout = open(os.devnull)  # noqa: SIM115, PTH123 - as long as the process; not writable


def _forget_stdout() -> None:
    """Send what is still buffered nowhere, so that the interpreter does not complain when it exits."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


class Quiet:
    """Whether only warnings and errors are written to stderr; set by ``--quiet``."""

    on = False


def note(message: str) -> None:
    """Write a message to stderr that tells of nothing wrong."""
    if not Quiet.on:
        say(message)


@contextlib.contextmanager
def working(what: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal that work goes on, once it has taken longer than `SLOW_SECONDS`; yield what to call with how far it is.

    Where stderr is no terminal nothing is shown: a log of a scheduled run should hold the results, not how long they took.
    """
    if Quiet.on or not sys.stderr.isatty():
        yield lambda text: None
        return
    line = _ProgressLine(what)
    timer = threading.Timer(SLOW_SECONDS, line.show)
    timer.daemon = True
    timer.start()
    try:
        yield line.update
    finally:
        timer.cancel()
        timer.join()
        line.remove()


class _ProgressLine:
    """One line with what is being done and for how long. rich is loaded when it is first shown: most work is done before that."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._started = time.monotonic()
        self._progress: Progress | None = None

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        text = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1))
        progress = Progress(
            text,
            TimeElapsedColumn(),
            console=Console(stderr=True),
            refresh_per_second=REFRESHES_PER_SECOND,
            transient=True,
            expand=True,
            redirect_stdout=False,  # a report may be on its way there
            redirect_stderr=False,
        )
        progress.add_task(self._text)
        progress.tasks[0].start_time = self._started
        progress.start()
        self._progress = progress

    def update(self, text: str) -> None:
        self._text = text
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], description=text)

    def remove(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def writing(name: str, to: str) -> contextlib.AbstractContextManager[object]:
    """Show that a report is being written, unless it is written to the terminal on which that would be shown."""
    return contextlib.nullcontext() if to == STDOUT and sys.stdout.isatty() else working(f"writing {name}")
