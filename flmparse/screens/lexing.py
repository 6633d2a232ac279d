"""Lines told apart by one expression: what Lark's contextual lexer and its parser do for a flat grammar, many times faster.

A grammar of which the start is a choice of terminals, repeated, takes every terminal in every place: a parser has nothing to
say about it, and the lexer never changes its mind. One expression made of Lark's own terminals, in the order in which Lark
tries them, then finds the same tokens and the same unknown lines. A token a line costs Lark ten times as much.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark, Token


class FlatLexer:
    """The lines of a flat grammar."""

    def __init__(self, lark: "Lark", accepted: frozenset[str]) -> None:
        self._lark = lark
        self.accepted = accepted
        """Terminals that the start takes."""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Every terminal, those that the start takes first, in Lark's order; no other place than a line start is tried."""
        known = self.accepted | set(self._lark.ignore_tokens)
        terminals = sorted(
            self._lark.terminals,
            key=lambda t: (t.name not in known, -t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
        )
        choices = "|".join(f"(?P<{terminal.name}>{terminal.pattern.to_regexp()})" for terminal in terminals)
        return re.compile(f"^(?:{choices})", re.M)

    def tokens(self, text: str) -> "tuple[list[Token], list[tuple[int, int]]]":
        """Return the tokens of a text, ignored ones left out, and the first and last line of each run of unknown lines."""
        from lark import Token

        ignored, accepted, make = frozenset(self._lark.ignore_tokens), self.accepted, str.__new__
        tokens: list[Token] = []
        unknown: list[tuple[int, int]] = []
        place, line = 0, 1
        for match in self._pattern.finditer(text):
            start, end = match.span()
            if start != place:
                lines = text.count("\n", place, start)
                unknown.append((line, line + lines - 1))
                line += lines
            kind, piece = match.lastgroup, match[0]
            lines = piece.count("\n")
            if kind in accepted:
                # Lark's own constructor takes as long as finding the token.
                token = make(Token, piece)
                token.type, token.value, token.line = kind, piece, line
                tokens.append(token)
            elif kind not in ignored:
                # Part of a row only: a line that the grammar knows, but not by itself.
                unknown.append((line, line + lines - 1))
            line += lines
            place = end
        if place != len(text):
            unknown.append((line, line + text.count("\n", place) - 1))
        return tokens, unknown


def flat_lexer(lark: "Lark") -> FlatLexer | None:
    """Return the lexer of a grammar whose start is a choice of terminals, repeated; None for any other grammar."""
    expansions: dict[str, list[list[str]]] = {}
    terminals: set[str] = set()
    for rule in lark.rules:
        expansions.setdefault(str(rule.origin.name), []).append([symbol.name for symbol in rule.expansion])
        terminals.update(symbol.name for symbol in rule.expansion if symbol.is_term)
    starts = expansions.get("start", [])
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
    return FlatLexer(lark, frozenset(accepted)) if accepted else None
