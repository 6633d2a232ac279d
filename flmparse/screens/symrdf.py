"""``symrdf query`` and ``symrdf list``: which devices are R1 (source) or R2 (target) of SRDF.

    0B54 0DF6   R2:101  RW RW NR   C.D2.     348        0 RW  RW   Split

A list tells of the local array's devices only and does not name the remote array; a query tells of both sides, and
its heading says which half is the target. An R21 or R22 is a target.
"""

import re
from typing import Any

from flmparse.reading.page import Page
from flmparse.reading.screen import Screen
from flmparse.screens.shared.copy_sessions import Listing, Pair, tables
from flmparse.tables.replication import REPLICATION_LISTINGS, REPLICATION_SESSIONS


def _pair(page: Page, listing: Listing, pair: Pair) -> list[dict[str, Any]]:
    if pair["near"]:
        role = "target" if "2" in pair["type"] else "source"
        local = {"symmetrix": listing.symmetrix, "device": pair["near"], "partner_device": pair["far"]}
        return [local | {"role": role, "rdf_group": int(pair["group"])}]
    if listing.left is None:
        page.doubt(pair["line"], "nothing says which half is the source (R1) and which the target (R2)")
    near = {None: None, "Source": "source", "Target": "target"}[listing.left]
    far = {None: None, "source": "target", "target": "source"}[near]
    group = {"rdf_group": int(listing.rdf_group) if listing.rdf_group else None}
    here, there = listing.symmetrix, listing.remote_symmetrix
    return [
        {"symmetrix": here, "device": pair["near_queried"], "role": near, **group}
        | {"partner_symmetrix": there, "partner_device": pair["far_queried"]},
        {"symmetrix": there, "device": pair["far_queried"], "role": far, **group}
        | {"partner_symmetrix": here, "partner_device": pair["near_queried"]},
    ]


def _end(page: Page) -> bool | None:
    if page.has("NO_SESSION"):
        return True
    if page.has("_TOTAL"):
        return page.has("TOTAL_TRACKS")
    return False if page.has("SIDES") and page.has("TABLE") else None


SCREEN = Screen(
    name="symrdf",
    tables=(REPLICATION_SESSIONS, REPLICATION_LISTINGS),
    command=re.compile(r"symrdf (?:query|list)\b"),
    opening=re.compile(
        r"^[ \t]*(?:Source|Target) \(R[12]\) View[ \t]+(?:Source|Target) \(R|^[ \t]*Local Device View[ \t]*$"
        r"|has no associated RDF devices",
        re.M,
    ),
    rows=lambda page: tables(page, "rdf", _pair),
    promised=(("SYMMETRIX", "GROUP_SYMMETRIX", "NO_SESSION"), ("_HEADING", "NO_SESSION")),
    end=_end,
)
