"""Lines recognised by one expression: what Lark's contextual lexer and its parser do for a flat grammar, faster.

A grammar of which the start is a choice of terminals, repeated, takes every terminal in every place: a parser has nothing to
say about it, and the lexer has one state. One expression made of Lark's own terminals, in the order in which Lark
tries them, then finds the same tokens and the same unknown lines. Lark's lexer alone takes as long where a token is a
table, and twice as long where it is a line: a third more for a whole collection (docs/performance.md).
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.grammar import Rule
    from lark.lexer import TerminalDef


Piece = tuple[str, int, str, int]
"""Terminal, line (the first is 0), text and how many lines it takes; for lines that nothing takes, no terminal or ``~``."""

_NOTHING = ""
_PART = "~"
"""Lines that the grammar knows as part of a longer row only."""


# docs/decisions/04-own-lexer.md
class FlatLexer:
    """The lines of a flat grammar; ``accepted`` are the terminals that its start takes.

    ``pieces``, where given, cuts a text into pieces that no terminal looks beyond, ignored ones aside. Long outputs repeat
    themselves: a piece that was read before takes a quarter of the time.
    """

    def __init__(
        self,
        terminals: "Iterable[TerminalDef]",
        accepted: frozenset[str],
        ignored: frozenset[str],
        pieces: re.Pattern[str] | None,
    ) -> None:
        self.accepted, self._ignored, self._pieces = accepted, ignored, pieces
        # Lark's order, those that the start takes first; nothing is tried but at a line start.
        ordered = sorted(
            terminals,
            key=lambda t: (
                t.name not in accepted | ignored,
                -t.priority,
                -t.pattern.max_width,
                -len(t.pattern.value),
                t.name,
            ),
        )
        choices = "|".join(f"(?P<{terminal.name}>{terminal.pattern.to_regexp()})" for terminal in ordered)
        self._pattern = re.compile(f"^(?:{choices})", re.M)

    def tokens(self, text: str) -> "tuple[list[Token], list[tuple[int, int]]]":
        """Return the tokens of a text, ignored ones left out, and the first and last line of each run of unknown lines."""
        from lark import Token

        make = str.__new__
        tokens: list[Token] = []
        unknown: list[tuple[int, int, str]] = []
        line = 1
        for pieces, lines in self._pieces_of(text):
            for terminal, below, piece, count in pieces:
                first = line + below
                if terminal in (_NOTHING, _PART):
                    unknown.append((first, first + count - 1, terminal))
                    continue
                # Lark's own constructor takes as long as matching the token.
                token = make(Token, piece)
                token.type, token.value, token.line, token.end_line = terminal, piece, first, first + count
                tokens.append(token)
            line += lines
        return tokens, _runs(unknown)

    def _pieces_of(self, text: str) -> "Iterator[tuple[Iterable[Piece], int]]":
        parts = self._pieces.findall(text) if self._pieces is not None else []
        if sum(map(len, parts)) != len(text):
            yield self._read(text), 0
            return
        known: dict[str, tuple[tuple[Piece, ...], int]] = {}
        for part in parts:
            entry = known.get(part)
            if entry is None:
                entry = known[part] = (tuple(self._read(part)), part.count("\n"))
            yield entry

    def _read(self, text: str) -> "Iterator[Piece]":
        """Yield what a text consists of, in order, ignored lines left out."""
        position = line = 0
        for match in self._pattern.finditer(text):
            start, end = match.span()
            if start != position:
                count = text.count("\n", position, start)
                yield _NOTHING, line, text[position:start], count
                line += count
            terminal, piece = match.lastgroup or "", match[0]
            count = piece.count("\n")
            if terminal not in self._ignored:
                yield terminal if terminal in self.accepted else _PART, line, piece, count
            line += count
            position = end
        if position != len(text):
            yield _NOTHING, line, text[position:], text.count("\n", position)


def _runs(unknown: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Return the first and last line of runs of lines that nothing takes; a part of a row is a run of its own."""
    runs: list[tuple[int, int]] = []
    before = _PART
    for first, last, kind in unknown:
        if runs and kind == before == _NOTHING and runs[-1][1] == first - 1:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
        before = kind
    return runs


def flat_lexer(
    terminals: "Collection[TerminalDef]",
    rules: "Iterable[Rule]",
    ignored: frozenset[str],
    start: str = "start",
    pieces: re.Pattern[str] | None = None,
) -> FlatLexer | None:
    """Return the lexer of a grammar whose start is a choice of terminals, repeated; None for any other grammar."""
    names = {terminal.name for terminal in terminals}
    expansions: dict[str, list[list[str]]] = {}
    for rule in rules:
        expansions.setdefault(str(rule.origin.name), []).append([symbol.name for symbol in rule.expansion])
    starts = expansions.get(start, [])
    repeated = {name for expansion in starts for name in expansion}
    if [] not in starts or len(repeated) != 1 or any(len(expansion) > 1 for expansion in starts):
        return None
    (name,) = repeated
    accepted = set()
    for expansion in expansions.get(name, []):
        *before, last = expansion
        if before not in ([], [name]) or last not in names:
            return None
        accepted.add(last)
    return FlatLexer(terminals, frozenset(accepted), ignored, pieces) if accepted else None


def tokens_by_parser(lark: "Lark", text: str) -> "tuple[list[Token], list[tuple[int, int, Collection[str]]]]":
    """Return the tokens of a text as Lark's lexer and parser find them, whatever the grammar's structure.

    Unknown lines, with the terminals that could have stood there, are left out; reading goes on at the next line.
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    parser = lark.parse_interactive(text, start="start")
    state = parser.lexer_thread.state
    assert state is not None
    counter = state.line_ctr
    tokens: list[Token] = []
    unknown: list[tuple[int, int, Collection[str]]] = []
    broken_off = 0
    while True:
        try:
            for token in parser.iter_parse():
                tokens.append(token)  # those before an error count
            return tokens, unknown
        except UnexpectedCharacters as error:
            first = counter.line
            counter.feed(text[counter.char_pos : text.find("\n", counter.char_pos) + 1 or len(text)])
            if unknown and broken_off == first:
                first = unknown.pop()[0]
            broken_off = counter.line
            unknown.append((first, counter.line - 1, error.allowed or ()))
        except UnexpectedToken as error:
            # Lines that the grammar knows, but not in this place; they were handed over before the parser refused them.
            if tokens and tokens[-1] is error.token:
                tokens.pop()
            first = error.token.line or 1
            unknown.append((first, first + error.token.count("\n") - 1, error.accepts or error.expected))
