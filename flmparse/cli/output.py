"""Where the command line writes: results to stdout or a file, messages and progress to stderr, colour only to a terminal."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from flmparse.errors import FlmparseError, UsageError

STDOUT = "-"

_COLOURS = {
    "NO-GO": "1;31",
    "INCONCLUSIVE": "1;35",
    "GO WITH WARNINGS": "1;33",
    "GO": "1;32",
    "fail": "31",
    "error": "31",
    "warn": "33",
    "inconclusive": "35",
    "pass": "32",
    "not_applicable": "2",
}

SLOW_SECONDS = 2.0
"""Work that takes longer shows on a terminal that it goes on."""


def colourful(stream: TextIO) -> bool:
    """Whether colour may be written to a stream: a terminal, and nobody said no."""
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


def write(content: str | bytes, to: str = STDOUT) -> None:
    """Write a result to stdout (``-``) or a file. A reader of a pipe that goes away is no error."""
    if to != STDOUT:
        data = content.encode("utf-8") if isinstance(content, str) else content
        try:
            Path(to).write_bytes(data)
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
            sys.stdout.write(content)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()


def _take_any_character(stream: TextIO) -> None:
    """Let a terminal with an old code page show what it cannot print as an escape instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _forget_stdout() -> None:
    """Send what is still buffered nowhere, so that the interpreter does not complain when it exits."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that work goes on, once it has taken longer than `SLOW_SECONDS`."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def tick() -> None:
        started = time.monotonic()
        wait, shown = SLOW_SECONDS, ""
        while not done.wait(wait):
            wait, shown = 1.0, f"{what} ... {time.monotonic() - started:.0f} s"
            print(f"\r{shown}", end="", file=sys.stderr, flush=True)
        if shown:
            print(f"\r{' ' * len(shown)}\r", end="", file=sys.stderr, flush=True)

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
