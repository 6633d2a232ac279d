"""Listings of copy sessions and their pairs: symclone, symsnap, symmir and symrdf print them alike."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flmparse.commands import Command
from flmparse.reading.page import Page
from flmparse.reading.result import Rows, from_records, to_records
from flmparse.tables.replication import REPLICATION_LISTINGS, REPLICATION_SESSIONS

if TYPE_CHECKING:
    from lark import Token

_HARMLESS = frozenset({"-sid", "-v", "-detail", "-i", "-c", "-output", "-offline", "-noport", "-all"})
"""Options of ``list`` that leave no device out."""

Pair = dict[str, Any]


@dataclass
class Listing:
    """One listing: what was listed, and its pairs as the grammar gave them."""

    line: int
    symmetrix: str | None = None
    remote_symmetrix: str | None = None
    rdf_group: str | None = None
    scope: str | None = None
    left: str | None = None
    evident: bool = False
    ended: bool = False
    total_tracks: int | None = None
    pairs: list[Pair] = field(default_factory=list)


def whole_array(command: Command | None) -> bool | None:
    """Tell whether a command lists every session of its array; None where there is no command."""
    if command is None:
        return None
    return (
        command.verb == "list"
        and len(command.words) == 1
        and set(command.options) <= _HARMLESS
        and not command.piped_through
    )


def listings(page: Page) -> list[Listing]:
    """Return the listings of a page; a heading below rows begins a new one."""
    listed: list[Listing] = []

    def current(token: "Token", *, heading: bool = False) -> Listing:
        if not listed or (heading and (listed[-1].evident or listed[-1].ended)):
            listed.append(Listing(page.line_of(token)))
        return listed[-1]

    for token in page.scan.tokens:
        fields = page.fields(token) if token.type not in ("TABLE", "PROMPT") else {}
        if token.type in ("SYMMETRIX", "GROUP", "GROUP_SYMMETRIX", "REMOTE_SYMMETRIX", "RDF_GROUP"):
            listing = current(token, heading=True)
            for name, value in fields.items():
                if getattr(listing, name) not in (None, value):
                    page.doubt(page.line_of(token), f"a second {name.replace('_', ' ')} for one listing: {value}")
                setattr(listing, name, value)
        elif token.type == "SIDES":
            current(token).left = fields["left"]
            current(token).evident = True
        elif token.type == "_HEADING":
            # The array of another listing may be among lines that were not understood below the pairs of this one.
            if listed and page.unknown_above(token) and (listed[-1].pairs or listed[-1].ended):
                listed.append(Listing(page.line_of(token)))
            current(token).evident = True
        elif token.type == "TABLE":
            current(token).evident = True
            current(token).pairs += to_records(page.rows(token, "PAIR"))
        elif token.type == "TOTAL_TRACKS":
            current(token).ended = True
            current(token).total_tracks = int(fields["total_tracks"] or 0)
        elif token.type == "NO_SESSION":
            listing = current(token)
            listing.evident = listing.ended = True
            listing.line = page.line_of(token)
            listing.scope = fields.get("scope") or listing.scope
    return listed


def tables(page: Page, kind: str, rows_of: Callable[[Page, Listing, Pair], list[dict[str, Any]]]) -> dict[str, Rows]:
    """Return both tables of a page; ``rows_of`` makes the rows of one pair."""
    sessions: list[dict[str, Any]] = []
    listing_rows: list[dict[str, Any]] = []
    command = page.command
    for listing in listings(page):
        scope = listing.scope or _asked_about(command)
        for pair in listing.pairs:
            sessions += [
                {"kind": kind, "scope": scope, "state": pair["state"], "line": pair["line"]} | row
                for row in rows_of(page, listing, pair)
            ]
        tracks = [pair.get("near_tracks") or pair.get("source_tracks") or "" for pair in listing.pairs]
        copied = sum(int(number) for number in tracks if number.isdigit())
        if listing.total_tracks is not None and listing.total_tracks != copied:
            page.doubt(listing.line, f"the rows add up to {copied} tracks, the total says {listing.total_tracks}")
        if listing.pairs and listing.symmetrix is None:
            # Without its array no rule would find the device among the targets of anything.
            page.doubt(listing.line, "sessions without the array they are on")
        if listing.evident:
            listing_rows.append(
                {
                    "symmetrix": listing.symmetrix,
                    "symmetrix_suffix": command.option("-sid") if command else None,
                    "kind": kind,
                    "scope": scope,
                    "whole_array": False if listing.scope else whole_array(command),
                    "sessions": len(listing.pairs),
                    "complete": listing.ended or page.block.closed,
                    "line": listing.line,
                }
            )
    return {REPLICATION_SESSIONS.name: from_records(sessions), REPLICATION_LISTINGS.name: from_records(listing_rows)}


def _asked_about(command: Command | None) -> str | None:
    if command is None:
        return None
    return command.option("-g", "-cg", "-sg", "-f", "-file") or ("array" if command.verb == "list" else None)


def local_pair(_page: Page, listing: Listing, pair: Pair) -> list[dict[str, Any]]:
    """Return the two rows of a pair within one array."""
    source, target = pair["source"], pair["target"]
    array = {"symmetrix": listing.symmetrix, "partner_symmetrix": listing.symmetrix}
    return [
        {**array, "device": source, "role": "source", "partner_device": target},
        {**array, "device": target, "role": "target", "partner_device": source},
    ]


def ended(page: Page) -> bool | None:
    """Tell whether the totals that a layout began with are there; a listing without totals has no end."""
    if page.has("NO_SESSION"):
        return True
    if page.has("_TOTAL"):
        return page.has("TOTAL_TRACKS")
    return False if page.has("GROUP") and page.has("TABLE") else None
