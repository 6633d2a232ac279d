"""A second reading of a screen: the XML that the same command prints with ``-output xml_e`` or ``-output xml``.

A document is known by its root ``<SymCLI_ML>`` and by the elements inside; attributes are read as elements. The parser is expat,
hardened: a document type (and with it every entity of its own) is refused, as is nesting deeper than any answer has; nothing outside
the text is ever opened. Every line is owned as in a text screen: a line of a known element is a fact, a line of an element that the
screen does not know, or text between elements, is unknown, and so is everything below the first error: what a lost tag would make of the
rest is a guess. A document without its end tag is cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

DEEPEST = 32
"""Elements nested deeper than this are refused; the deepest answer known nests nine."""

_DOCUMENT = re.compile(r"<SymCLI_ML\b|<\?xml\b")
_ROOT = "SymCLI_ML"


@dataclass(eq=False)
class Element:
    """An element with its lines in the text, counted from 1; a leaf has text, any other one children."""

    name: str
    line: int
    last_line: int = 0
    text: str = ""
    children: "list[Element]" = field(default_factory=list)

    def each(self, *path: str) -> "Iterator[Element]":
        """Yield the elements at a path below this one, in order."""
        for child in self.children:
            if child.name == path[0]:
                if len(path) == 1:
                    yield child
                else:
                    yield from child.each(*path[1:])


@dataclass(frozen=True)
class Document:
    """What stands in a text: the documents' roots, lines that are no part of one, and where reading ended early."""

    roots: tuple[Element, ...]
    stray: tuple[int, ...]
    problems: tuple[tuple[int, str], ...]
    cut: bool

    def shows(self, path: str) -> bool:
        """Whether an element stands at a path such as ``Symmetrix/Device/Product``."""
        return any(True for root in self.roots for _ in root.each(*path.split("/")))


class _RefusedError(Exception):
    """The document holds what no answer of Solutions Enabler has."""


class _Builder:
    """Builds one document's tree; after an error it holds what came before."""

    def __init__(self, first_line: int) -> None:
        self.offset = first_line - 1
        self.root: Element | None = None
        self.open: list[Element] = []
        self.texts: list[list[str]] = []
        """Text of each open element, line by line: joined once, else time would grow with its square."""
        self.stray: list[int] = []
        # The encoding is given: the text is decoded already, whatever its declaration says.
        self.parser = expat.ParserCreate("utf-8")
        # Unbuffered, text comes a line at a time and the parser stands where it begins; buffered, where the next tag does.
        self.parser.buffer_text = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber + self.offset

    def abandon(self) -> int:
        """Take back an element whose text may lack its end; return the first line that counts for nothing."""
        first = self.line
        if self.open and not self.open[-1].children:
            unfinished = self.open.pop()
            first = min(first, unfinished.line)
            if self.open:
                self.open[-1].children.remove(unfinished)
        for element in self.open:
            element.last_line = max(first - 1, element.line)
        self.open, self.texts = [], []
        return first

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEEPEST:
            raise _RefusedError("elements nested deeper than in any answer")
        line = self.line
        element = Element(name, line, line)
        element.children = [Element(key, line, line, value) for key, value in attributes.items()]
        if self.open:
            self._stray_text()
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)
        self.texts.append([])

    def _end(self, _name: str) -> None:
        if self.open[-1].children:
            self._stray_text()
        element = self.open.pop()
        element.last_line = self.line
        element.text = "".join([element.text, *self.texts.pop()]).strip()

    def _text(self, text: str) -> None:
        if self.open:
            element = self.open[-1]
            if element.children and text.strip():
                self._strays(text)
            elif not element.children:
                self.texts[-1].append(text)

    def _stray_text(self) -> None:
        """Text that was collected for a leaf which turns out to have children is no part of the document."""
        text = "".join(self.texts[-1])
        if text.strip():
            first = self.open[-1].line
            self.stray += [first + at for at, part in enumerate(text.split("\n")) if part.strip()]
        self.texts[-1] = []

    def _strays(self, text: str) -> None:
        self.stray += [self.line + at for at, part in enumerate(text.split("\n")) if part.strip()]

    def _doctype(self, *_: object) -> None:
        raise _RefusedError("a document type; refused, no answer of Solutions Enabler has one")


@lru_cache(maxsize=8)
def parse(text: str) -> Document:
    """Return the documents of a text; never raises for what the text holds."""
    roots: list[Element] = []
    stray: list[int] = []
    problems: list[tuple[int, str]] = []
    cut = False
    starts = list(_begins(text))
    stray += _lines_of(text[: starts[0]], 1)
    first_line, counted = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        first_line += text.count("\n", counted, start)
        counted = start
        piece = text[start:end]
        closing = piece.rfind(f"</{_ROOT}>")
        below = closing + len(_ROOT) + 3 if closing >= 0 else len(piece)
        builder = _Builder(first_line)
        try:
            builder.parser.Parse(piece[:below].encode("utf-8", "replace"), True)
        except (_RefusedError, expat.ExpatError) as error:
            line = min(builder.line, first_line + piece.removesuffix("\n").count("\n"))
            cut = cut or closing < 0
            reason = str(error) if isinstance(error, _RefusedError) else expat.errors.messages[error.code]
            problems.append((line, f"not read any further: {reason}"))
            first_lost = builder.abandon()
            stray += [number for number in _lines_of(piece[:below], first_line) if number >= first_lost]
        stray += [n + first_line - 1 for n in _lines_of(piece[below:], piece.count("\n", 0, below) + 1)]
        stray += builder.stray
        if builder.root is not None and builder.root.name == _ROOT:
            roots.append(builder.root)
    return Document(tuple(roots), tuple(sorted(set(stray))), tuple(problems), cut)


def _begins(text: str) -> Iterator[int]:
    """Yield where documents begin: at a declaration, or at a root without one."""
    declared = -1
    for match in _DOCUMENT.finditer(text):
        if match[0].startswith("<?"):
            declared = match.start()
            yield declared
        elif declared < 0 or text[declared : match.start()].count("\n") > 2:
            yield match.start()
            declared = -1
        else:
            declared = -1


def _lines_of(text: str, first_line: int) -> list[int]:
    return [first_line + at for at, line in enumerate(text.split("\n")) if line.strip()]


def is_document(text: str) -> bool:
    """Whether a text holds an XML answer."""
    # A single character is found many times faster, and few other outputs hold it.
    return "<" in text and "<SymCLI_ML" in text
