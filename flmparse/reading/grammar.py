"""A screen's grammar at work: text to tokens, with recovery at every line that the grammar does not know.

Conventions of grammars/*.lark (see grammars/vocabulary.lark):

* every terminal begins at the start of a line and ends with its line end, so a damaged line costs no other line;
* a terminal whose name begins with ``_`` is known noise (headings, rules, legends), every other one is a fact;
* a repeated row is one terminal (``TABLE: ROW+``): speed is decided by how much one token holds (docs/performance.md);
* fields are named groups inside the row's terminal, ``(?P<device>...)``: the row's terminal is the only source of its columns.
  The lexer is given the same expression without the names: groups inside a repeat would cost memory for every row;
* a rule ``fields: ROW | ...`` keeps the terminals that only occur inside others;
* a rule ``even: EVEN_TABLE | ...`` reads long outputs: its terminals ``EVEN_...`` know rows by their shape alone, the screen holds whole
  columns against what ``start`` says of each row, and one row that is not so has the output read by ``start``.

This package is the only importer of lark.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

from flmparse import assets
from flmparse.reading.lexer import FlatLexer, flat_lexer, tokens_by_parser
from flmparse.reading.result import UnknownLines

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.lexer import TerminalDef
    from lark.load_grammar import Grammar as Composed

_EVEN = "EVEN_"
_GROUP_NAME = re.compile(r"\(\?P<\w+>")


@dataclass
class Scan:
    """What the lexer made of a text. Lines count from 1 in that text."""

    tokens: "list[Token]" = field(default_factory=list)
    unknown: list[UnknownLines] = field(default_factory=list)


class Grammar:
    """One file of grammars/, composed when it is first used; ``pieces``: see `FlatLexer`."""

    def __init__(self, name: str, pieces: re.Pattern[str] | None = None) -> None:
        self.name, self.pieces = name, pieces
        self._expressions: dict[str, str] = {}
        """The expression of each terminal, with the names of its groups."""

    @cached_property
    def _composed(self) -> "Composed":
        """The file with what it imports. Lark's own tables are built for a grammar that is not flat only: no other needs them."""
        from lark.load_grammar import load_grammar

        path = assets.grammar(self.name)
        composed: Composed = load_grammar(path.read_text("utf-8"), str(path), [], False)[0]  # type: ignore[no-untyped-call]
        return composed

    def _lexer(self, start: str, *others: str, pieces: re.Pattern[str] | None = None) -> FlatLexer | None:
        terminals, rules, ignored = self._composed.compile([start, *others], set())
        for terminal in terminals:
            self._take_names(terminal)
        return flat_lexer(terminals, rules, frozenset(ignored), start, pieces)

    @cached_property
    def _flat(self) -> FlatLexer | None:
        return self._lexer("start", "fields", pieces=self.pieces)

    @cached_property
    def _even(self) -> FlatLexer | None:
        """The terminals of rule ``even``, apart from the others: they would take damaged rows there."""
        return self._lexer("even") if self._has_rule("even") else None

    def _has_rule(self, name: str) -> bool:
        return any(str(definition[0]) == name for definition in self._composed.rule_defs)

    @cached_property
    def lark(self) -> "Lark":
        """The grammar as Lark's own contextual lexer and parser read it."""
        from lark import Lark

        return Lark(
            self._composed,
            parser="lalr",
            lexer="contextual",
            start=["start", *filter(self._has_rule, ("fields",))],
            edit_terminals=self._take_names,
        )

    @cache  # noqa: B019 - grammars live as long as the process
    def pattern(self, terminal: str) -> re.Pattern[str]:
        """Return the terminal's expression with its named groups, compiled."""
        return re.compile(self.expression(terminal), re.M)

    def expression(self, terminal: str) -> str:
        """Return the terminal's expression with its named groups."""
        if terminal not in self._expressions:
            _ = self._flat  # composing takes the names
        return self._expressions[terminal]

    def _take_names(self, terminal: "TerminalDef") -> None:
        expression = terminal.pattern.to_regexp()
        self._expressions.setdefault(terminal.name, expression)
        terminal.pattern.value = _GROUP_NAME.sub("(?:", terminal.pattern.value)

    def scan_even(self, text: str) -> Scan | None:
        """Return the tokens of a text of which the rows are known by shape; None where a line has none, or without a rule ``even``.

        Tokens of ``EVEN_TABLE`` are called ``TABLE``, as those of rows that were looked at one by one.
        """
        if self._even is None:
            return None
        tokens, unknown = self._even.tokens(text)
        for token in tokens:
            token.type = token.type.replace(_EVEN, "", 1)
        return None if unknown else Scan(tokens)

    def scan(self, text: str) -> Scan:
        """Return the tokens of a text whose lines all end with a line end; never raises for what the text holds."""
        if self._flat is None:
            return self.scan_by_parser(text)
        tokens, unknown = self._flat.tokens(text)
        expected = _expected(self._flat.accepted)
        return Scan(tokens, [UnknownLines(first, last, expected) for first, last in unknown])

    def scan_by_parser(self, text: str) -> Scan:
        """Return the tokens of a text as Lark's lexer and parser find them, whatever the grammar's structure."""
        tokens, unknown = tokens_by_parser(self.lark, text)
        return Scan(tokens, [UnknownLines(first, last, _expected(names)) for first, last, names in unknown])


def _expected(terminals: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(str(name) for name in terminals if name not in ("BLANK", "$END")))


def in_words(terminal: str) -> str:
    """Return a terminal's name as words: DEVICE_ROW -> device row."""
    return terminal.strip("_").lower().replace("_", " ")
