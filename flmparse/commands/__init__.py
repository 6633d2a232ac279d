"""Command lines: which tool was called, with which words and options.

A tool's options are listed in ``<tool>.toml`` beside this file; ``names_only.toml`` holds the tools of which only the name is
known. Both may say that a name is ``unmistakable`` (no word of English: with an argument it is a command even without a
prompt) and where the tool ``runs_on``. The command line of any other tool is read too, but its options are not judged.
"""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Tool:
    """What one tool accepts.

    ``flags`` are options that stand alone, ``valued`` options that take a value, ``wanting`` words that take one; ``alone``: it
    is called without arguments and prompts for them.
    """

    name: str
    flags: frozenset[str]
    valued: frozenset[str]
    wanting: frozenset[str]
    alone: bool

    def knows(self, option: str) -> bool:
        """Whether the tool has this option."""
        return option in self.flags or option in self.valued


@dataclass(frozen=True)
class Command:
    """A parsed command line.

    ``words`` are the tokens that are neither options nor values of options, the verb first; ``options`` maps an option
    (lower case, with its dash) to its value, or to an empty string where it stands alone.
    """

    text: str
    tool: str
    words: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    unknown_options: tuple[str, ...] = ()
    piped_through: str = ""
    unfinished: bool = False

    @property
    def verb(self) -> str:
        """The first word after the tool."""
        return self.words[0].lower() if self.words else ""

    def has_words(self, *words: str) -> bool:
        """Whether the words occur in this order among the command's words."""
        rest = iter(word.lower() for word in self.words)
        return all(word in rest for word in words)

    def option(self, *names: str) -> str | None:
        """Return the value of the first of these options that is given, else None."""
        for name in names:
            if name in self.options:
                return self.options[name]
        return None


_NAMES_ONLY = "names_only"


@cache
def _cards() -> dict[str, dict[str, Any]]:
    """Return what the files say of each tool, by name; a name in ``names_only.toml`` may end in ``*``."""
    import tomllib

    cards = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("*.toml"))}
    return cards | cards.pop(_NAMES_ONLY)


@cache
def tools() -> dict[str, Tool]:
    """Return the tools whose options are known, by name."""
    return {
        name: Tool(
            name,
            frozenset(card["flags"]),
            frozenset(card["valued"]),
            frozenset(card.get("wanting", ())),
            card.get("alone", False),
        )
        for name, card in _cards().items()
        if "flags" in card
    }


@cache
def name_pattern() -> str:
    """Return a regular expression for the names of all tools."""
    return "|".join(re.escape(name).replace(r"\*", "[a-z]+") for name in _cards())


@cache
def unmistakable_names() -> tuple[str, ...]:
    """Return the names that are no words of English."""
    return tuple(name for name, card in _cards().items() if card.get("unmistakable"))


def runs_on(command: str) -> str:
    """Return where a command is run: ``Solutions Enabler host``, ``every node``, ``one node``, or an empty string if unknown."""
    name = tool_name(re.split(r"[\s,:|]", command, maxsplit=1)[0])
    return next((card.get("runs_on", "") for known, card in _cards().items() if fnmatchcase(name, known)), "")


_TOKEN = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'|(\S+)')
_PIPE = re.compile(r"\s*(?:\||>{1,2}|<|2>&1)\s*")
_PREFIXES = frozenset({"sudo", "rpowermt"})


def tool_name(word: str) -> str:
    """Return the tool a command's first word calls: no folder, no ``.exe``, lower case."""
    return re.split(r"[\\/]", word)[-1].lower().removesuffix(".exe")


def parse(text: str) -> Command:
    """Parse a command line; never raises."""
    body, *rest = _PIPE.split(text.strip(), maxsplit=1)
    tokens = [next(filter(None, groups), "") for groups in _TOKEN.findall(body)]
    while tokens and tokens[0].lower() in _PREFIXES:
        tokens.pop(0)
    if not tokens:
        return Command(text.strip(), "")
    name = tool_name(tokens[0])
    tool = tools().get(name)
    words: list[str] = []
    options: dict[str, str] = {}
    unknown: list[str] = []
    wanting = ""
    for token in tokens[1:]:
        if token.startswith("-") and len(token) > 1 and not token[1:2].isdigit():
            option = token.lower()
            options[option] = ""
            wanting = option if _takes_value(tool, option) else ""
            if tool is not None and not tool.knows(option):
                unknown.append(token)
        elif wanting.startswith("-"):
            options[wanting] = token
            wanting = ""
        else:
            words.append(token)
            # `show view` names a view, `list view` none.
            named = tool is not None and token.lower() in tool.wanting and words[0].lower() != "list"
            wanting = token.lower() if named else ""
    return Command(text.strip(), name, tuple(words), options, tuple(unknown), rest[0] if rest else "", bool(wanting))


def _takes_value(tool: Tool | None, option: str) -> bool:
    if tool is None:
        return False
    # A misspelt option (-wnn) probably takes a value like the option that was meant.
    return option in tool.valued or not tool.knows(option)
