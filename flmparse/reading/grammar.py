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
from flmparse.reading.lexer import FlatLexer, flat_lexer

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.lexer import TerminalDef
    from lark.parsers.lalr_interactive_parser import InteractiveParser

_EVEN = "EVEN_"
_GROUP_NAME = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True)
class UnknownLines:
    """Consecutive lines that the grammar does not know, and what it would have taken in their place."""

    first_line: int
    last_line: int
    expected: tuple[str, ...]


@dataclass
class Scan:
    """What the lexer made of a text. Lines count from 1 in that text."""

    tokens: "list[Token]" = field(default_factory=list)
    unknown: list[UnknownLines] = field(default_factory=list)
    unmet: tuple[str, ...] = ()
    """Terminals that the grammar still demanded when the text ended."""


class Grammar:
    """One file of grammars/, built when it is first used, or taken as an earlier run built it (`kept`); ``pieces``: see `FlatLexer`."""

    def __init__(self, name: str, pieces: re.Pattern[str] | None = None) -> None:
        self.name, self.pieces = name, pieces
        self._named_patterns: dict[str, str] = {}

    @cached_property
    def _lark(self) -> "Lark":
        from flmparse.reading import kept

        digest = kept.digest_of(self.name)
        known = kept.load(self.name, digest)
        if known is not None:
            lark, self._named_patterns = known
            return lark
        built = self._built()
        kept.keep(self.name, digest, built, self._named_patterns)
        return built

    def _built(self) -> "Lark":
        from lark import Lark

        return Lark.open(
            str(assets.grammar(self.name)),
            parser="lalr",
            lexer="contextual",
            start=["start", "fields"],
            edit_terminals=self._take_names,
        )

    @cached_property
    def _even(self) -> FlatLexer | None:
        """The terminals of rule ``even``, apart from the others: they would take damaged rows there."""
        from lark import Lark

        path = assets.grammar(self.name)
        if "\neven:" not in path.read_text("utf-8"):
            return None
        lark = Lark.open(str(path), parser="lalr", lexer="contextual", start="even", edit_terminals=_drop_names)
        return flat_lexer(lark, start="even")

    def _take_names(self, terminal: "TerminalDef") -> None:
        named = terminal.pattern.value
        if "(?P<" in named:
            self._named_patterns[terminal.name] = terminal.pattern.to_regexp()
            terminal.pattern.value = _GROUP_NAME.sub("(?:", named)

    @cache  # noqa: B019 - grammars live as long as the process
    def pattern(self, terminal: str) -> re.Pattern[str]:
        """Return the terminal's expression with its named groups, compiled."""
        return re.compile(self.expression(terminal), re.M)

    def expression(self, terminal: str) -> str:
        """Return the terminal's expression with its named groups."""
        lark = self._lark  # building it takes the names
        return self._named_patterns.get(terminal) or lark.get_terminal(terminal).pattern.to_regexp()

    @cached_property
    def _anything(self) -> re.Pattern[str]:
        """Where some terminal could begin: the places at which reading can go on after unknown lines."""
        choices = "|".join(
            f"(?:{terminal.pattern.to_regexp()})" for terminal in self._lark.terminals if _EVEN not in terminal.name
        )
        return re.compile(f"^(?:{choices})", re.M)

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

    @cached_property
    def _flat(self) -> FlatLexer | None:
        return flat_lexer(self._lark, self.pieces)

    def scan(self, text: str) -> Scan:
        """Return the tokens of a text whose lines all end with a line end; never raises for what the text holds."""
        if self._flat is None:
            return self.scan_by_parser(text)
        tokens, unknown = self._flat.tokens(text)
        expected = _expected(self._flat.accepted)
        return Scan(tokens, [UnknownLines(first, last, expected) for first, last in unknown])

    def scan_by_parser(self, text: str) -> Scan:
        """Return the tokens of a text as Lark's lexer and parser find them, whatever the grammar's structure."""
        from lark.exceptions import UnexpectedCharacters, UnexpectedToken

        parser = self._lark.parse_interactive(text, start="start")
        state = parser.lexer_thread.state
        assert state is not None
        counter = state.line_ctr
        scan = Scan()
        while True:
            try:
                for token in parser.iter_parse():
                    scan.tokens.append(token)
                break
            except UnexpectedCharacters as error:
                start = counter.char_pos
                first = counter.line
                counter.feed(text[start : self._resume(text, start)])
                scan.unknown.append(UnknownLines(first, counter.line - 1, _expected(error.allowed)))
            except UnexpectedToken as error:
                # A line the grammar knows, but not in this place.
                token = error.token
                if scan.tokens and scan.tokens[-1] is token:
                    scan.tokens.pop()
                first = token.line or 1
                last = first + token.count("\n") - 1
                scan.unknown.append(UnknownLines(first, last, _expected(error.accepts or error.expected)))
        if not _may_end(parser):
            scan.unmet = _expected(parser.accepts())  # type: ignore[no-untyped-call]
        return scan

    def _resume(self, text: str, start: int) -> int:
        """Return the next line start at which a terminal of the grammar could begin."""
        following = text.find("\n", start) + 1
        if not following:
            return len(text)
        match = self._anything.search(text, following)
        return match.start() if match else len(text)


def _drop_names(terminal: "TerminalDef") -> None:
    terminal.pattern.value = _GROUP_NAME.sub("(?:", terminal.pattern.value)


def _may_end(parser: "InteractiveParser") -> bool:
    """Whether the grammar takes the end of the text here."""
    from lark.exceptions import UnexpectedInput

    try:
        parser.copy(deepcopy_values=False).feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedInput:
        return False
    return True


def _expected(terminals: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(sorted(str(name) for name in terminals or () if name not in ("BLANK", "$END")))


def in_words(terminal: str) -> str:
    """Return a terminal's name as words: DEVICE_ROW -> device row."""
    return terminal.strip("_").lower().replace("_", " ")
