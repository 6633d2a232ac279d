"""The reader of XML answers: which documents are a screen's own, which elements it knows, which columns they fill."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flmparse.reading.page import BlockPage
from flmparse.reading.result import LineCounts, Oddity, Reading, Rows, Status, runs_of
from flmparse.reading.xml_tree import Document, Element, parse
from flmparse.tables.table import Table
from flmparse.text.transcript import Block

_NOTHING = frozenset({"", "N/A"})
_EVERYWHERE = frozenset({"SymCLI_ML", "Symmetrix", "Symm_Info"})


class XmlPage(BlockPage):
    """A block's output as XML, handed to the screen that makes rows of it; lines are the capture's."""

    def __init__(self, block: Block, document: Document) -> None:
        super().__init__(block)
        self.document = document

    def line_of(self, element: Element) -> int:
        """Return the capture's line on which an element begins."""
        return self.block.output_start - 1 + element.line

    def doubt_element(self, element: Element, text: str) -> None:
        """Say that an element reads well but cannot be trusted; the block is then partial."""
        self.doubt(self.line_of(element), text)

    def each(self, path: str) -> Iterator[Element]:
        """Yield the elements at a path below the roots, in order."""
        for root in self.document.roots:
            yield from root.each(*path.split("/"))

    def of_arrays(self, path: str) -> Iterator[tuple[str | None, Element]]:
        """Yield the elements at a path below each array's element, with the array's id."""
        for array in self.each("Symmetrix"):
            symmetrix = self.value(array, "Symm_Info/symid")
            for element in array.each(*path.split("/")):
                yield symmetrix, element

    def value(self, element: Element, path: str, *, needed: bool = False) -> str | None:
        """Return the text at a path below an element, None for N/A; doubt what is told twice, or not where it is ``needed``."""
        leaves = [leaf for leaf in element.each(*path.split("/")) if not leaf.children]
        if needed and not leaves:
            self.doubt_element(element, f"{element.name} without {path}")
        if len(leaves) > 1:
            self.doubt_element(leaves[1], f"a second {path} for one {element.name}: {leaves[1].text}")
        text = " ".join(leaves[0].text.split()) if leaves else ""
        return None if text in _NOTHING else text

    def values(self, element: Element, needed: Mapping[str, str], printed: Mapping[str, str]) -> dict[str, Any]:
        """Return columns filled from paths below an element, and its line."""
        row: dict[str, Any] = {column: self.value(element, path, needed=True) for column, path in needed.items()}
        row |= {column: self.value(element, path) for column, path in printed.items()}
        return row | {"line": self.line_of(element)}


def runs(element: Element, first: str) -> list[Element]:
    """Return what is told over and over as bare siblings: each ``first`` begins an element of its own."""
    parts: list[Element] = []
    for child in element.children:
        if child.name == first:
            parts.append(Element(element.name, child.line, child.last_line))
        if parts and not child.children:
            parts[-1].children.append(child)
    return parts


@dataclass(frozen=True)
class XmlCard:
    """How a screen reads XML.

    tables: the frames it fills (those of the screen, and others that only the document tells).
    shows: whether a document is this screen's.
    rows: makes columns per table name from a page.
    known: names of the elements with children that belong to this answer; the lines of any other are unknown.
    """

    tables: tuple[Table, ...]
    shows: Callable[[Document], bool]
    rows: Callable[[XmlPage], Mapping[str, Rows]]
    known: frozenset[str]


def read_xml(name: str, card: XmlCard, block: Block) -> Reading:
    """Return the rows of a block, the lines that were not understood, and the ledger, under the screen's name."""
    document = parse(block.output)
    page = XmlPage(block, document)
    frames = page.frames(card.rows(page), card.tables)
    offset = block.output_start - 1
    page.oddities += [Oddity(line + offset, text) for line, text in document.problems]
    facts, unknown = _lines(document, card.known | _EVERYWHERE)
    if document.cut:
        status = Status.CUT
    elif unknown or page.doubtful or not document.roots:
        status = Status.PARTIAL
    else:
        status = Status.PARSED if any(map(frames.rows, frames)) else Status.NONE
    whole = not document.cut and bool(document.roots)
    parts = runs_of([line + offset for line in sorted(unknown)], ("an element of this answer",))
    return Reading(name, status, frames, parts, tuple(page.oddities), _counts(block, facts, unknown), whole)


def read_nothing(block: Block) -> Reading | None:
    """Return the reading of a whole document that lists nothing; None where it holds more than the array's id."""
    document = parse(block.output)
    facts, unknown = _lines(document, _EVERYWHERE)
    if document.cut or unknown or not document.roots:
        return None
    return Reading(None, Status.NONE, counts=_counts(block, facts, unknown), whole=True)


def _counts(block: Block, facts: set[int], unknown: set[int]) -> LineCounts:
    prompt, total = len(block.prompt_lines), block.line_end - block.line_start + 1
    return LineCounts(len(facts), total - len(facts) - len(unknown) - prompt, prompt, len(unknown))


def _lines(document: Document, known: frozenset[str]) -> tuple[set[int], set[int]]:
    """Return the lines of facts and the unknown ones."""
    facts: set[int] = set()
    unknown = set(document.stray)
    waiting = list(document.roots)
    while waiting:
        element = waiting.pop()
        if element.children and element.name not in known:
            unknown.update(range(element.line, element.last_line + 1))
            continue
        waiting += element.children
        if not element.children:
            facts.update(range(element.line, element.last_line + 1))
    return facts - unknown, unknown
