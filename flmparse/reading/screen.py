"""What a screen's card says: one command's output, from its recognition to its rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flmparse.commands import Command
from flmparse.reading.grammar import Grammar
from flmparse.reading.page import Page
from flmparse.reading.result import Rows
from flmparse.reading.xml import XmlCard
from flmparse.tables.table import Table


@dataclass(frozen=True)
class Screen:
    """One command's output.

    name: the command with underscores; also the grammar's file name.
    tables: the tables it fills; a table is present, perhaps empty, in every reading.
    command: matches ``tool verb words -options`` of a command whose output this is.
    opening: matches somewhere in an output that is this screen, with or without a command above it.
    rows: makes columns per table name from a page.
    promised: terminals (or groups of which one is enough) that a capture of the whole window holds; one that is missing is an oddity.
    end: says whether the layout that the output began with is closed: True whole, False cut, None the layout has no end.
    silent: the command prints nothing when it works.
    none: terminal of the whole sentences that mean there is nothing to list; any other sentence with No or None is unknown.
    within: lines inside a fact's terminal that are noise all the same (rules, headings).
    xml: how the same answer is read as XML, where that is known.
    text: whether the answer is known as text too; a screen without has no grammar.
    pieces: cuts a text into pieces that no terminal of the grammar looks beyond, for outputs that repeat themselves.
    """

    name: str
    tables: tuple[Table, ...]
    command: re.Pattern[str]
    opening: re.Pattern[str] | None
    rows: Callable[[Page], Mapping[str, Rows]]
    promised: tuple[tuple[str, ...], ...] = ()
    end: Callable[[Page], bool | None] = lambda _page: None
    silent: bool = False
    none: str | None = None
    within: re.Pattern[str] | None = None
    xml: XmlCard | None = None
    text: bool = True
    pieces: re.Pattern[str] | None = None

    @cached_property
    def grammar(self) -> Grammar:
        """The grammar of the same name."""
        return Grammar(self.name, self.pieces)

    def answers(self, command: Command | None) -> bool:
        """Whether this screen is the output of the command."""
        return command is not None and bool(self.command.match(command_line(command)))

    def opens(self, output: str) -> bool:
        """Whether the output holds this screen's own heading."""
        return self.opening is not None and self.opening.search(output) is not None


def command_line(command: Command) -> str:
    """Return what a screen's ``command`` expression is matched against: tool, words, then options, each after one blank."""
    return " ".join([command.tool, *(word.lower() for word in command.words), *command.options])
