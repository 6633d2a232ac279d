"""Captured text without terminal control and pager prompts; the lines of a long text are indexed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from flmparse.text.lazy import LazyText
from flmparse.text.lines import Lines
from flmparse.text.prompt_candidates import long_lines, paged_lines, prompt_lines

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b\n]*+(?:\x07|\x1b\\)|[()][A-B0-2]|[=>78cDEHM])")
_RUBBED_OUT = re.compile(r"[^\x08\n]\x08")
_PAGER = re.compile(
    r"^[ \t]*(?:-{2,}[ ]?(?:More|Fortsetzung|Suite)[ ]*-{2,}(?:[ ]?\(\d{1,3}%\))?|lines \d+-\d+(?:/\d+)?(?: \(END\))?$|\(END\)$"
    r"|(?:Press|Hit) (?:any key|<?(?:RETURN|ENTER|SPACE)>?) to continue[ .]*)[ \t]*",
    re.M | re.I,
)
"""What a pager wrote between two pages; text after it on the same line belongs to the output."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PAGED_WORDS = ("ore", "continue", "END)", "tsetzung", "Suite")
"""Every prompt of a pager contains one of these, spelt as usual."""
_SOLID = re.compile(r"\S")
_HARMLESS = bytes(code for code in range(128) if not _CONTROL.match(chr(code)))

Spans = tuple[tuple[int, int], ...]
"""Where pieces of a text begin and end, as offsets."""


class CleanText(LazyText):
    """The text of a capture without terminal control and pager prompts, from which the outputs of its blocks are cut.

    Its last line has an end. The output that was cut last is kept: reading a block asks for it several times.
    """

    def __init__(self, raw_text: Callable[[], str]) -> None:
        super().__init__(None, raw_text)
        self._released = False
        self._clear()

    def release(self) -> None:
        """Remove the text from memory, and what was made of it."""
        super().release()
        self._clear()

    def _clear(self) -> None:
        self._index: tuple[Any, Any, Any] | None = None
        self._prompt_lines: list[int] | None = None
        self._spans: Spans = ()
        self._output = ""

    def _load(self) -> str:
        text = super()._load()
        text, data = _without_control(text if text.endswith("\n") or not text else text + "\n")
        lines = long_lines(data)
        if _is_paged(text, lines):
            text = _PAGER.sub("", text)
            lines = long_lines(_ascii(text))
        # The arrays of the lines are kept, the bytes they were made from are not.
        self._index = None if lines is None else (lines.words, lines.first, lines.ends)
        self._prompt_lines = None if lines is None else prompt_lines(lines)
        return text

    def output(self, spans: Spans) -> str:
        """Return the pieces of the text, joined."""
        if spans != self._spans:
            text = self()
            self._spans, self._output = spans, "".join([text[begin:end] for begin, end in spans])
        return self._output

    def is_blank(self, spans: Spans) -> bool:
        """Whether the pieces hold nothing but blanks."""
        text = self()
        return not any(_SOLID.search(text, begin, end) for begin, end in spans)

    def may_have_line(self, first_line: int, last_line: int, beginning: str) -> bool:
        """Whether one of these lines begins with a text, after blanks; True as well where the lines are not indexed."""
        text = self()
        if not text or self._index is None:
            return True
        words, first, _ = self._index
        starts = words[first_line - 1 : last_line][first[first_line - 1 : last_line] == ord(beginning[0])]
        return any(text.startswith(beginning, start) for start in starts.tolist())

    def search(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of a pattern of prompts, which begins at the beginning of a line."""
        text = self()
        if self._prompt_lines is None:
            yield from pattern.finditer(text)
            return
        for start in self._prompt_lines:
            match = pattern.match(text, start)
            if match is not None:
                yield match

    def search_within(self, pattern: re.Pattern[str], prompts: set[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of a pattern anywhere in lines that may hold a prompt, one of ``prompts`` with damage included."""
        text = self()
        if self._prompt_lines is None:
            yield from pattern.finditer(text)
            return
        for start in sorted({*self._prompt_lines, *self._lines_like(prompts)}):
            yield from pattern.finditer(text, start, text.index("\n", start))

    def _lines_like(self, prompts: set[str]) -> Iterator[int]:
        """Yield the beginnings of lines whose first two characters are those of a prompt: its end may be damaged."""
        text = self()
        assert self._index is not None
        words, first, _ = self._index
        for begin in {prompt[:2] for prompt in prompts if len(prompt) > 1}:
            for word in words[first == ord(begin[0])].tolist() if begin.isascii() else ():
                if text.startswith(begin, word):
                    yield text.rfind("\n", 0, word) + 1

    def count_lines(self, begin: int, end: int) -> int:
        """Return how many lines end between two offsets."""
        text = self()
        if self._index is None:
            return text.count("\n", begin, end)
        _, _, ends = self._index
        return int(ends.searchsorted(end, "right") - ends.searchsorted(begin, "right"))


def _without_control(text: str) -> tuple[str, bytes]:
    """Return captured text without terminal control, line for line, and its bytes where it is ASCII (else none).

    ANSI sequences, other control characters and rubbed-out characters with their backspaces are removed; no-break spaces become
    blanks.
    """
    data = _ascii(text)
    if data and not data.translate(None, _HARMLESS):
        return text, data
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    while "\x08" in text:
        shorter = _RUBBED_OUT.sub("", text)
        if shorter == text:
            break
        text = shorter
    text = _CONTROL.sub("", text.replace("\xa0", " "))
    return text, _ascii(text)


def _ascii(text: str) -> bytes:
    """Return the bytes of an ASCII text, in which characters are bytes; no bytes for any other text."""
    return text.encode() if text.isascii() else b""


def _is_paged(text: str, lines: Lines | None) -> bool:
    if lines is None:
        return any(word in text for word in _PAGED_WORDS) and bool(_PAGER.search(text))
    return any(_PAGER.match(text, line) for line in paged_lines(lines))
