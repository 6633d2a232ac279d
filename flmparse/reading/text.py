"""The reader of text: an output to tokens by its screen's grammar, tokens to rows by the screen, every line counted."""

import re
from collections.abc import Mapping

from flmparse.reading.grammar import Scan, in_words
from flmparse.reading.page import Page, UnevenError, lines_in
from flmparse.reading.result import LineCounts, Oddity, Reading, Rows, Status, UnknownLines
from flmparse.reading.screen import Screen
from flmparse.tables.table import Frames
from flmparse.text.prompt_candidates import LONG
from flmparse.text.transcript import Block


def read_text(screen: Screen, block: Block) -> Reading:
    """Return the rows of a block, the lines that were not understood, and the ledger."""
    page, rows = _by_shape(screen, block) or _row_by_row(screen, block)
    frames = page.frames(rows, screen.tables)
    status, whole = _status(screen, page, frames)
    for group in screen.promised:
        if status not in (Status.EMPTY, Status.TOOL_ERROR, Status.NONE) and not page.has(*group):
            page.oddities.append(Oddity(block.line_start, f"no line of the kind {in_words(group[0])!r}"))
    offset = block.output_start - 1
    unknown = tuple(
        UnknownLines(part.first_line + offset, part.last_line + offset, part.expected) for part in page.scan.unknown
    )
    none_line = page.line_of(page.all(screen.none)[0]) if screen.none is not None and page.has(screen.none) else None
    return Reading(screen.name, status, frames, unknown, tuple(page.oddities), _counts(screen, page), whole, none_line)


def _by_shape(screen: Screen, block: Block) -> tuple[Page, Mapping[str, Rows]] | None:
    """Return the rows of a long output by whole columns; None where one of them must be looked at by itself."""
    output = block.output
    scan = screen.grammar.scan_even(output) if len(output) >= LONG and not _elisions(block) else None
    if scan is None:
        return None
    page = Page(block, screen.grammar, scan, even=True)
    try:
        return page, screen.rows(page)
    except UnevenError:
        return None


def _row_by_row(screen: Screen, block: Block) -> tuple[Page, Mapping[str, Rows]]:
    output, left_out = block.output, _elisions(block)
    scan = screen.grammar.scan(_ELISION.sub("", output) if left_out else output) if output else Scan()
    page = Page(block, screen.grammar, scan, left_out=left_out)
    for line in left_out:
        page.doubt(line, "lines were left out here")
    return page, screen.rows(page)


def _status(screen: Screen, page: Page, frames: Frames) -> tuple[Status, bool]:
    """Return what became of a block, and whether it is proved whole."""
    block, scan = page.block, page.scan
    if not block.has_output:
        silent = Status.PARTIAL if page.doubtful else Status.PARSED
        return (silent if screen.silent else Status.EMPTY), block.closed
    if _says_error(page):
        return Status.TOOL_ERROR, True
    if screen.none is not None and page.has(screen.none) and not any(map(frames.rows, frames)):
        if _broken_off(block):
            return Status.CUT, False
        return (Status.PARTIAL if scan.unknown or page.doubtful else Status.NONE), True
    ended = screen.end(page)
    if ended is False or (_broken_off(block) and not ended):
        return Status.CUT, False
    status = Status.PARTIAL if scan.unknown or page.doubtful else Status.PARSED
    return status, bool(ended) or block.closed


def _broken_off(block: Block) -> bool:
    """Whether the capture ends in the middle of a line of this block, so that the last value may lack its last digits."""
    return block.capture.breaks_off and not block.closed and block.line_end == block.capture.line_count


def _counts(screen: Screen, page: Page) -> LineCounts:
    block = page.block
    prompted = sum(map(lines_in, page.all("PROMPT")))
    fact = sum(map(lines_in, page.facts)) - prompted - page.noise_in_facts
    if screen.within is not None:
        fact -= sum(len(screen.within.findall(token)) for token in page.facts)
    unknown = sum(part.count for part in page.scan.unknown)
    prompt = len(block.prompt_lines) + prompted
    total = block.line_end - block.line_start + 1
    return LineCounts(fact, total - fact - unknown - prompt, prompt, unknown)


# ------------------------------------------------------------------------------------------------- lines left out

_ELISION = re.compile(r"^[ \t]*+(?:\.{2,}|\u2026)[.\u2026 \t]*+$", re.M)
"""A line of dots where somebody left lines out."""

_DOTS_BEGIN_A_LINE = re.compile(r"\n[ \t]*+(?:\.\.|\u2026)")
"""Found much faster than the line itself, in outputs that have none: a literal character tells where to look."""


def _elisions(block: Block) -> list[int]:
    """Return the capture's lines of dots in a block's output: they are no rows, and rows go on below them."""
    if not block.may_have_line(".."):
        return []
    output = block.output
    if not output.lstrip(" \t").startswith(("..", "\u2026")) and not _DOTS_BEGIN_A_LINE.search(output):
        return []
    return [block.output_start + output.count("\n", 0, match.start()) for match in _ELISION.finditer(output)]


# ------------------------------------------------------------------------------------------------- errors of the tool

_ERROR_WITHIN = 16_384
"""Characters at the beginning and at the end of a long output that are searched for an error: its rows are no errors."""

_ERROR_WORDS = ("not recognized", "not found", "could not be found", "does not exist", "operation failed", "cannot proceed", "error: ",
                "error receiving", "initialization error", "bad dev", "no such file", "invalid ", "unable to acquire", "is not in a valid state",
                "is already in the", "scsi reservation", "locked by another")  # fmt: skip

_TOOL_ERROR = re.compile(
    r"is not recognized as an internal or external command|: command not found|not recognized as the name of a cmdlet"
    r"|^(?:\S{0,80}sh: +)?(?:(?:line )?\d+: +)?[\w./+-]{1,80}: +not found\.?$"
    r"|^Unable to acquire the Symmetrix device lock|^The device is (?:not in a valid|already in the requested) state\b"
    r"|^The remote device has a SCSI reservation|^[^\n]{0,160}\blocked by another process"
    r"|^The operation failed|^Cannot proceed|^Error: |^error receiving packet|^Bad dev value|^Initialization error"
    r"|^Device\(s\) not found|No such file or directory|^A parameter was not recognized|^Invalid (?:option|argument|syntax)"
    r"|^The specified .{1,80} (?:was not found|could not be found|does not exist)",
    re.M | re.I,
)


def _says_error(page: Page) -> bool:
    """Whether the tool says that it failed: in its first or last words, or in a line that the grammar does not know."""
    output = page.block.output
    if len(output) <= 2 * _ERROR_WITHIN:
        return _has_error(output)
    if _has_error(output[:_ERROR_WITHIN]) or _has_error(output[-_ERROR_WITHIN:]):
        return True
    if not page.scan.unknown:
        return False
    lines = output.split("\n")
    return any(_has_error("\n".join(lines[part.first_line - 1 : part.last_line])) for part in page.scan.unknown)


def _has_error(text: str) -> bool:
    """Whether a text holds an error of the tool; the words are looked for first, which is many times faster."""
    small = text.lower()
    return any(word in small for word in _ERROR_WORDS) and bool(_TOOL_ERROR.search(text))
