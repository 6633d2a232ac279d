"""The screens: one module per command output, found because it is there; each has a constant ``SCREEN``.

`recognise` tells which screen a block is (its own heading decides, the command above it where the output does not say);
`read` makes rows of it.
"""

import pkgutil
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module

from flmparse.commands.remote import remote_of
from flmparse.errors import UsageError, did_you_mean
from flmparse.reading import diagnose
from flmparse.reading.diagnose import Stop
from flmparse.reading.result import LineCounts, Oddity, Reading, Status, UnknownLines, runs_of
from flmparse.reading.screen import Screen, command_line
from flmparse.reading.text import read_text
from flmparse.reading.xml import read_nothing, read_unread, read_xml
from flmparse.reading.xml_tree import is_document, parse
from flmparse.text.foreign import is_foreign
from flmparse.text.transcript import Block

__all__ = [
    "LineCounts",
    "Oddity",
    "Reading",
    "Screen",
    "Status",
    "Stop",
    "UnknownLines",
    "all_screens",
    "is_of_switch",
    "prepare",
    "read",
    "read_as",
    "recognise",
    "screen_named",
    "stop",
]


@cache
def all_screens() -> dict[str, Screen]:
    """Return every screen by name."""
    modules = {m.name: import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__) if not m.ispkg}
    return {name: module.SCREEN for name, module in sorted(modules.items()) if hasattr(module, "SCREEN")}


def prepare() -> None:
    """Load what reading needs before processes are forked: each of them would load it again."""
    from flmparse.columns.encoded import arrow

    for name in ("pandas", "lark"):
        import_module(name)
    all_screens()
    arrow()


def screen_named(name: str) -> Screen:
    """Return the screen called ``name``, or raise UsageError."""
    known = all_screens()
    if name not in known:
        raise UsageError(f"no screen {name!r}{did_you_mean(name, list(known))}")
    return known[name]


@cache
def is_of_switch(name: str) -> bool:
    """Whether a screen is an answer of a fibre channel switch: no node of the cluster is one."""
    return any("switch" in table.column_names for table in screen_named(name).tables)


@lru_cache(maxsize=1024)
def _asked(line: str) -> tuple[Screen, ...]:
    """Return the screens that answer a command: a log asks the same again and again."""
    return tuple(known for known in all_screens().values() if known.command.match(line))


def recognise(block: Block) -> Screen | None:
    """Return the screen of a block: the one whose heading is in the output, else the one the command asks for."""
    remote = remote_of(block.command.text) if block.command is not None else None
    if remote is not None and remote.opens_session:
        return None  # what greets one there is no answer to a command
    asked = list(_asked(command_line(block.command))) if block.command is not None else []
    if is_document(block.output):
        return _recognise_document(block, asked)
    asked = [candidate for candidate in asked if candidate.text]
    if block.has_output:
        # The output decides; among several headings that fit, the one the command asks for.
        for candidate in asked:
            if candidate.opening is None or candidate.opens(block.output):
                return candidate
        for candidate in all_screens().values():
            if candidate.opens(block.output):
                return candidate
    return asked[0] if asked else None


def _recognise_document(block: Block, asked: list[Screen]) -> Screen | None:
    """Return the screen of an XML answer: its elements decide; any other is what its command asked for."""
    document = parse(block.output)
    for candidate in (*asked, *all_screens().values()):
        if candidate.xml is not None and candidate.xml.shows(document):
            return candidate
    # A document that shows nothing of any screen, or has no reading, is still the answer to its command.
    # docs/decisions/06-empty-xml-answers.md
    return next((candidate for candidate in asked if candidate.xml is not None), asked[0] if asked else None)


def read(block: Block) -> Reading:
    """Return what the block's screen makes of it; every line of an unrecognised block is unknown, blanks aside."""
    reading = _read(block)
    if block.marker is not None and block.marker.problem and reading.status.usable:
        # Where or when this was captured is stated, but cannot be read: docs/decisions/07-unreadable-markers.md
        remark = Oddity(block.line_start, f"its #flm line cannot be relied on: {block.marker.problem}")
        reading = replace(reading, status=Status.PARTIAL, oddities=(*reading.oddities, remark))
    return reading


def _read(block: Block) -> Reading:
    known = recognise(block)
    if known is None:
        nothing = read_nothing(block) if is_document(block.output) else None
        return nothing or _unrecognised(block)
    reading = read_as(known, block)
    if block.command is not None and block.has_output and not known.answers(block.command):
        asked = f"output of {known.name} under the command {block.command.text!r}"
        reading = replace(reading, oddities=(*reading.oddities, Oddity(block.line_start, asked, "mismatch")))
    return reading


def read_as(screen: Screen, block: Block) -> Reading:
    """Return what one screen makes of a block, whether it is its output or not."""
    if is_document(block.output):
        if screen.xml is None:
            return read_unread(screen.name, screen.tables, block)
        return read_xml(screen.name, screen.xml, block)
    return read_text(screen, block)


def stop(block: Block, reading: Reading, part: UnknownLines) -> tuple[str, Stop]:
    """Return the first of some unknown lines as it was read, and where reading it stopped."""
    lines = block.output.split("\n")
    position = part.first_line - block.output_start
    line = lines[position] if 0 <= position < len(lines) else ""
    known = all_screens().get(reading.screen or "")
    if known is None or is_document(block.output):
        return line, Stop(len(line) - len(line.lstrip()) + 1, ())
    return line, diagnose.stop(known.grammar, part.expected, line)


def _unrecognised(block: Block) -> Reading:
    lines = enumerate(block.output.split("\n")[:-1], start=block.output_start)
    unknown = [number for number, line in lines if line.strip() and number not in block.prompt_lines]
    prompt = len(block.prompt_lines)
    noise = block.line_end - block.line_start + 1 - prompt - len(unknown)
    if unknown and is_foreign(block.command, block.output):
        counts = LineCounts(0, noise, prompt, foreign=len(unknown))
        return Reading(None, Status.FOREIGN, counts=counts, whole=block.closed)
    return Reading(
        None,
        Status.UNRECOGNISED if unknown else Status.EMPTY,
        unknown=runs_of(unknown, ("a screen that flmparse knows",)),
        counts=LineCounts(0, noise, prompt, len(unknown)),
        whole=block.closed,
    )
