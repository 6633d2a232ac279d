"""The text of a capture as its blocks are cut out of it: without terminal control, its lines known where it is long."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from flmparse.text.lines import Lines
from flmparse.text.prompt_candidates import long_lines, paged_lines, promising_lines

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\n]*(?:\x07|\x1b\\)|[()][A-B0-2]|[=>78cDEHM])")
_RUBBED_OUT = re.compile(r"[^\x08\n]\x08")
_PAGER = re.compile(
    r"^[ \t]*(?:-{2,}[ ]?(?:More|Fortsetzung|Suite)[ ]*-{2,}(?:[ ]?\(\d{1,3}%\))?|lines \d+-\d+(?:/\d+)?(?: \(END\))?$|\(END\)$"
    r"|(?:Press|Hit) (?:any key|<?(?:RETURN|ENTER|SPACE)>?) to continue[ .]*)[ \t]*",
    re.M | re.I,
)
"""What a pager wrote between two pages; the text behind it on the same line is the answer's."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PAGED_WORDS = ("ore", "continue", "END)", "tsetzung", "Suite")
"""One of these is in whatever a pager wrote, with the usual spelling."""
_SOLID = re.compile(r"\S")
_HARMLESS = bytes(code for code in range(128) if not _CONTROL.match(chr(code)))

Spans = tuple[tuple[int, int], ...]
"""Places in a text: where each piece begins and where it ends."""


class Source:
    """The cleaned text of a capture, out of which outputs are cut when they are asked for; the last one is kept at hand."""

    def __init__(self, text_of: Callable[[], str]) -> None:
        self._text_of = text_of
        self._resting = False
        self._forget()

    def rest(self) -> None:
        """Hold nothing any more: who asks from now on has the text cleaned again, and it is not kept."""
        self._resting = True
        self._forget()

    def _forget(self) -> None:
        self._text: str | None = None
        self._index: tuple[Any, Any, Any] | None = None
        self._promising: list[int] | None = None
        self._spans: Spans = ()
        self._output = ""

    @property
    def text(self) -> str:
        """The cleaned text; its last line has an end."""
        if self._text is not None:
            return self._text
        text = self._clean()
        if self._resting:
            self._forget()
        else:
            self._text = text
        return text

    def _clean(self) -> str:
        text = self._text_of()
        text, data = _without_control(text if text.endswith("\n") or not text else text + "\n")
        lines = long_lines(data)
        if _is_paged(text, lines):
            text = _PAGER.sub("", text)
            lines = long_lines(_ascii(text))
        # The arrays of the lines are kept, the bytes they were found in are not.
        self._index = None if lines is None else (lines.words, lines.first, lines.ends)
        self._promising = None if lines is None else promising_lines(lines)
        return text

    def output(self, spans: Spans) -> str:
        """Return what stands between some places, one behind the other."""
        if spans != self._spans:
            text = self.text
            output = "".join([text[begin:end] for begin, end in spans])
            if self._resting:
                return output
            self._spans, self._output = spans, output
        return self._output

    def is_blank(self, spans: Spans) -> bool:
        """Whether nothing but blanks stands there."""
        text = self.text
        return not any(_SOLID.search(text, begin, end) for begin, end in spans)

    def may_have_line(self, first_line: int, last_line: int, beginning: str) -> bool:
        """Whether one of these lines may begin with a text, behind blanks; True where only looking at them would tell."""
        text = self.text
        if not text or self._index is None:
            return True
        words, first, _ = self._index
        places = words[first_line - 1 : last_line][first[first_line - 1 : last_line] == ord(beginning[0])]
        return any(text.startswith(beginning, place) for place in places.tolist())

    def search(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield what an expression of prompts, which begins with the line, matches."""
        text = self.text
        if self._promising is None:
            yield from pattern.finditer(text)
            return
        for line in self._promising:
            match = pattern.match(text, line)
            if match is not None:
                yield match

    def search_within(self, pattern: re.Pattern[str], prompts: set[str]) -> Iterator[re.Match[str]]:
        """Yield what is found behind a prompt, or behind what was one of some prompts before it was damaged."""
        text = self.text
        if self._promising is None:
            yield from pattern.finditer(text)
            return
        for line in sorted({*self._promising, *self._lines_like(prompts)}):
            yield from pattern.finditer(text, line, text.index("\n", line))

    def _lines_like(self, prompts: set[str]) -> Iterator[int]:
        """Yield where lines begin as a prompt does: one that has lost its end is not promising."""
        assert self._index is not None
        words, first, _ = self._index
        for begin in {prompt[:2] for prompt in prompts if len(prompt) > 1}:
            for place in words[first == ord(begin[0])].tolist() if begin.isascii() else ():
                if self.text.startswith(begin, place):
                    yield self.text.rfind("\n", 0, place) + 1

    def count_lines(self, begin: int, end: int) -> int:
        """Return how many lines end between two places."""
        text = self.text
        if self._index is None:
            return text.count("\n", begin, end)
        _, _, ends = self._index
        return int(ends.searchsorted(end, "right") - ends.searchsorted(begin, "right"))


def _without_control(text: str) -> tuple[str, bytes]:
    """Take terminal control out of captured text, keeping every line where it is; its bytes where it is ASCII, else none.

    ANSI sequences and other control characters go, a rubbed-out character goes with its backspace, no-break spaces become blanks.
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
    """Return the bytes of a text of ASCII, in which characters are bytes; none of any other."""
    return text.encode() if text.isascii() else b""


def _is_paged(text: str, lines: Lines | None) -> bool:
    if lines is None:
        return any(word in text for word in _PAGED_WORDS) and bool(_PAGER.search(text))
    return any(_PAGER.match(text, line) for line in paged_lines(lines))
