"""Lines told apart by one expression: what Lark's contextual lexer and its parser do for a flat grammar, many times faster.

A grammar of which the start is a choice of terminals, repeated, takes every terminal in every place: a parser has nothing to
say about it, and the lexer never changes its mind. One expression made of Lark's own terminals, in the order in which Lark
tries them, then finds the same tokens and the same unknown lines. A token a line costs Lark ten times as much.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark, Token


Found = tuple[str, int, str, int]
"""Terminal, line (the first is 0), text and how many lines it takes. Without a terminal it is lines that nothing takes; ``~`` is part of a row only."""

_NOTHING, _PART = "", "~"


# docs/decisions/04-own-lexer.md
class FlatLexer:
    """The lines of a flat grammar.

    ``pieces``, where given, cuts a text into pieces that no terminal looks beyond, ignored ones aside. Long outputs say the same
    over and over: a piece that was seen is known, and takes a quarter of the time.
    """

    def __init__(self, lark: "Lark", accepted: frozenset[str], pieces: re.Pattern[str] | None = None) -> None:
        self._lark = lark
        self.accepted = accepted
        """Terminals that the start takes."""
        self._pieces = pieces

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Every terminal, those that the start takes first, in Lark's order; no other place than a line start is tried."""
        known = self.accepted | set(self._lark.lexer_conf.ignore)
        terminals = sorted(
            self._lark.terminals,
            key=lambda t: (t.name not in known, -t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
        )
        choices = "|".join(f"(?P<{terminal.name}>{terminal.pattern.to_regexp()})" for terminal in terminals)
        return re.compile(f"^(?:{choices})", re.M)

    def tokens(self, text: str) -> "tuple[list[Token], list[tuple[int, int]]]":
        """Return the tokens of a text, ignored ones left out, and the first and last line of each run of unknown lines."""
        from lark import Token

        make = str.__new__
        tokens: list[Token] = []
        unknown: list[tuple[int, int, str]] = []
        line = 1
        for found, lines in self._pieces_of(text):
            for kind, below, piece, many in found:
                first = line + below
                if kind in (_NOTHING, _PART):
                    unknown.append((first, first + many - 1, kind))
                    continue
                # Lark's own constructor takes as long as finding the token.
                token = make(Token, piece)
                token.type, token.value, token.line, token.end_line = kind, piece, first, first + many
                tokens.append(token)
            line += lines
        return tokens, _runs(unknown)

    def _pieces_of(self, text: str) -> "Iterator[tuple[Iterable[Found], int]]":
        pieces = self._pieces.findall(text) if self._pieces is not None else []
        if sum(map(len, pieces)) != len(text):
            yield self._found(text), 0
            return
        known: dict[str, tuple[tuple[Found, ...], int]] = {}
        for piece in pieces:
            entry = known.get(piece)
            if entry is None:
                entry = known[piece] = (self._piece(piece), piece.count("\n"))
            yield entry

    def _piece(self, piece: str) -> "tuple[Found, ...]":
        match = self._pattern.match(piece)
        if match is not None and match.end() == len(piece) and match.lastgroup in self.accepted:
            return ((match.lastgroup, 0, piece, piece.count("\n")),)
        return tuple(self._found(piece))

    def _found(self, text: str) -> "Iterator[Found]":
        """Yield what a text consists of, in order, ignored lines left out."""
        ignored, accepted = frozenset(self._lark.lexer_conf.ignore), self.accepted
        place = line = 0
        for match in self._pattern.finditer(text):
            start, end = match.span()
            if start != place:
                many = text.count("\n", place, start)
                yield _NOTHING, line, text[place:start], many
                line += many
            kind, piece = match.lastgroup, match[0]
            many = piece.count("\n")
            if kind in accepted:
                yield kind, line, piece, many
            elif kind not in ignored:
                # Part of a row only: a line that the grammar knows, but not by itself.
                yield _PART, line, piece, many
            line += many
            place = end
        if place != len(text):
            yield _NOTHING, line, text[place:], text.count("\n", place)


def _runs(unknown: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Return the first and last line of runs of lines that nothing takes; a part of a row stands for itself."""
    runs: list[tuple[int, int]] = []
    before = _PART
    for first, last, kind in unknown:
        if runs and kind == before == _NOTHING and runs[-1][1] == first - 1:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
        before = kind
    return runs


def flat_lexer(lark: "Lark", pieces: re.Pattern[str] | None = None, start: str = "start") -> FlatLexer | None:
    """Return the lexer of a grammar whose start is a choice of terminals, repeated; None for any other grammar."""
    expansions: dict[str, list[list[str]]] = {}
    terminals: set[str] = set()
    for rule in lark.rules:
        expansions.setdefault(str(rule.origin.name), []).append([symbol.name for symbol in rule.expansion])
        terminals.update(symbol.name for symbol in rule.expansion if symbol.is_term)
    starts = expansions.get(start, [])
    repeated = {name for expansion in starts for name in expansion}
    if [] not in starts or len(repeated) != 1 or any(len(expansion) > 1 for expansion in starts):
        return None
    (name,) = repeated
    accepted = set()
    for expansion in expansions.get(name, []):
        *before, last = expansion
        if before not in ([], [name]) or last not in terminals:
            return None
        accepted.add(last)
    return FlatLexer(lark, frozenset(accepted), pieces) if accepted else None
