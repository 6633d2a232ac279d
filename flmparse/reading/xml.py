"""The reader of XML answers: which documents are a screen's own, which elements it knows, which columns they fill."""

import re
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
_TROUBLE = re.compile(
    r"err(?:or|no)?(?:_|\Z)|(?:\A|_)(?:message|msg|warn(?:ing)?|fail(?:ure|ed)?|reason|exception|return_?code|rc|result)(?:_|\Z)",
    re.I,
)
"""Names of leaves by which a tool says that something went wrong; no answer that is a list has one."""
_TOTALS = "total_"
"""Beginning of the names of the only leaves that stand directly below an array."""


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
    empty_is_none: whether a document of the array alone says that there is none; not so where no document is known.
    """

    tables: tuple[Table, ...]
    shows: Callable[[Document], bool]
    rows: Callable[[XmlPage], Mapping[str, Rows]]
    known: frozenset[str]
    empty_is_none: bool = True


def read_xml(name: str, card: XmlCard, block: Block) -> Reading:
    """Return the rows of a block, the lines that were not understood, and the ledger, under the screen's name."""
    document = parse(block.output)
    page = XmlPage(block, document)
    frames = page.frames(card.rows(page), card.tables)
    offset = block.output_start - 1
    page.oddities += [Oddity(line + offset, text) for line, text in document.problems]
    facts, unknown = _lines(document, card.known | _EVERYWHERE)
    has_rows = any(map(frames.rows, frames))
    none_line = None if has_rows else _line_of_nothing(document, card.known if card.empty_is_none else None)
    if document.cut:
        status = Status.CUT
    elif unknown or page.doubtful or not document.roots:
        status = Status.PARTIAL
    elif has_rows:
        status = Status.PARSED
    else:
        status = Status.NONE if none_line is not None else Status.PARTIAL
    if status is not Status.NONE:
        none_line = None
    whole = not document.cut and bool(document.roots)
    parts = runs_of([line + offset for line in sorted(unknown)], ("an element of this answer",))
    return Reading(
        name,
        status,
        frames,
        parts,
        tuple(page.oddities),
        _counts(block, facts, unknown),
        whole,
        None if none_line is None else none_line + offset,
    )


def read_unread(name: str, tables: tuple[Table, ...], block: Block) -> Reading:
    """Return the reading of a document under a screen that has no reading of XML: an answer of which nothing is understood."""
    document = parse(block.output)
    offset = block.output_start - 1
    unknown = {number for number, line in enumerate(block.output.split("\n"), 1) if line.strip()}
    parts = runs_of([line + offset for line in sorted(unknown)], ("the same answer as text",))
    frames = BlockPage(block).frames({}, tables)
    remark = Oddity(block.output_start, f"{name.replace('_', ' ')} is not read as XML: capture it as text")
    whole = not document.cut and bool(document.roots)
    return Reading(name, Status.PARTIAL, frames, parts, (remark,), _counts(block, set(), unknown), whole)


def _line_of_nothing(document: Document, containers: frozenset[str] | None) -> int | None:
    """Return the line of the array in a document that lists nothing: the array's id, at most with an empty list of the screen's.

    That the id alone means so is proved by a public answer of `symdev list -meta`. Without ``containers`` only an
    empty list counts, which no known document has.
    """
    arrays = [child for root in document.roots for child in root.children]
    for array in arrays:
        lists = [child for child in array.children if child.name != "Symm_Info"]
        stated = [info.name for child in array.children if child.name == "Symm_Info" for info in child.children]
        if array.name != "Symmetrix" or "symid" not in stated or containers is None:
            return None
        if any(child.children or child.text or child.name not in containers for child in lists):
            return None
    return arrays[0].line if arrays else None


def read_nothing(block: Block) -> Reading | None:
    """Return the reading of a whole document that lists nothing; None where it holds more than the array's id."""
    document = parse(block.output)
    facts, unknown = _lines(document, _EVERYWHERE)
    if document.cut or unknown or _line_of_nothing(document, frozenset()) is None:
        return None
    return Reading(None, Status.NONE, counts=_counts(block, facts, unknown), whole=True)


def _counts(block: Block, facts: set[int], unknown: set[int]) -> LineCounts:
    prompt, total = len(block.prompt_lines), block.line_end - block.line_start + 1
    return LineCounts(len(facts), total - len(facts) - len(unknown) - prompt, prompt, len(unknown))


def _is_unknown(element: Element, above: str, known: frozenset[str]) -> bool:
    """Whether an element is none of this answer's; a bare leaf beside its lists is what an error prints."""
    if element.children:
        return element.name not in known
    if above in ("", "SymCLI_ML"):
        return True
    if above == "Symmetrix" and not element.name.startswith(_TOTALS):
        return bool(element.text) or element.name not in known
    return _TROUBLE.search(element.name) is not None


def _lines(document: Document, known: frozenset[str]) -> tuple[set[int], set[int]]:
    """Return the lines of facts and the unknown ones."""
    facts: set[int] = set()
    unknown = set(document.stray)
    waiting = [(root, "") for root in document.roots]
    while waiting:
        element, above = waiting.pop()
        if _is_unknown(element, above, known):
            unknown.update(range(element.line, element.last_line + 1))
            continue
        waiting += [(child, element.name) for child in element.children]
        if not element.children:
            facts.update(range(element.line, element.last_line + 1))
    return facts - unknown, unknown
