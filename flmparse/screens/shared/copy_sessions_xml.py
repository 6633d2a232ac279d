"""Open Replicator sessions in XML, as `symrcopy query` and `symrcopy list` may print them. LAYOUT UNPROVEN: no document was found.

A session is an element with leaves named control... (the control device) and state or status; in the manner of the other documents of
Solutions Enabler. What is recognised is a fact that can disprove; the document as a whole proves nothing, so it is always doubted.
"""

import re
from typing import Any, NamedTuple

from flmparse.reading.page import BlockPage
from flmparse.reading.xml import XmlPage
from flmparse.reading.xml_tree import Element

SESSION_ELEMENTS = frozenset(
    {"RCopy", "RCopy_Pair", "RCopy_Pairs", "RCopy_Session", "RCopy_Sessions", "RCopy_Info", "Pair", "Session"}
)

_DEVICE = re.compile(r"(?:(?P<symmetrix>[0-9]{12}):)?(?P<device>[0-9A-F]{4,5})\Z")
_STATES = ("state", "status", "pair_state", "session_state", "session_status")


class XmlSession(NamedTuple):
    """One session: its devices as far as they are recognised, its state as printed, and its line."""

    control_symmetrix: str | None
    control_device: str | None
    remote_symmetrix: str | None
    remote_device: str | None
    state: str | None
    line: int


def sessions_of(page: XmlPage) -> list[XmlSession]:
    """Return the sessions of a document; one without its control device or its state is left out, all of it is doubted."""
    sessions = []
    for symmetrix, element in _elements(page):
        leaves = {leaf.name.lower(): leaf.text.strip() for leaf in element.children if not leaf.children}
        control = _device(leaves, "control")
        state = next((leaves[name] for name in _STATES if leaves.get(name)), None)
        if control is None or state is None:
            continue
        remote = _device(leaves, "remote")
        remote_symmetrix, remote_device = (remote["symmetrix"], remote["device"]) if remote else (None, None)
        array = control["symmetrix"] or symmetrix
        sessions.append(
            XmlSession(array, control["device"], remote_symmetrix, remote_device, state, page.line_of(element))
        )
    _doubt(page)
    return sessions


def _doubt(page: BlockPage) -> None:
    page.doubt(page.block.output_start, "no document of this command is known: capture it as text")


def _elements(page: XmlPage) -> list[tuple[str | None, Element]]:
    """Return every element below the arrays, with the array's id, in order."""
    elements = []
    for root in page.document.roots:
        waiting: list[tuple[str | None, Element]] = [(None, child) for child in reversed(root.children)]
        while waiting:
            symmetrix, element = waiting.pop()
            if element.name == "Symmetrix":
                symmetrix = next((leaf.text.strip() for leaf in element.each("Symm_Info", "symid")), None)
            elements.append((symmetrix, element))
            waiting += [(symmetrix, child) for child in reversed(element.children)]
    return elements


def _device(leaves: dict[str, str], side: str) -> dict[str, Any] | None:
    matches = (_DEVICE.match(text) for name, text in leaves.items() if name.startswith(side))
    return next((match.groupdict() for match in matches if match is not None), None)
