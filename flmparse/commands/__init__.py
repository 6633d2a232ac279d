"""Command lines of the tools: what was asked, of which tool, with which options.

What a tool accepts stands in ``<tool>.toml`` beside this file: a new tool is a new file. A tool without a file is still
read (options, words), only nothing is said about the validity of its options.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Tool:
    """What one tool accepts: option names that stand alone, that take a value, and words that take a value."""

    name: str
    flags: frozenset[str]
    valued: frozenset[str]
    wanting: frozenset[str]
    alone: bool = False

    def knows(self, option: str) -> bool:
        """Whether the tool has this option."""
        return option in self.flags or option in self.valued


@dataclass(frozen=True)
class Command:
    """A command line taken apart.

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


@cache
def tools() -> dict[str, Tool]:
    """Return every tool that has a file here, by name."""
    import tomllib

    found = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        card = tomllib.loads(path.read_text("utf-8"))
        found[path.stem] = Tool(
            path.stem,
            frozenset(card.get("flags", ())),
            frozenset(card.get("valued", ())),
            frozenset(card.get("wanting", ())),
            bool(card.get("alone", False)),
        )
    return found


_TOKEN = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'|(\S+)')
_PIPE = re.compile(r"\s*(?:\||>{1,2}|<|2>&1)\s*")
_PREFIXES = frozenset({"sudo", "rpowermt"})


def tool_name(word: str) -> str:
    """Return the tool a command's first word calls: no folder, no ``.exe``, lower case."""
    return re.split(r"[\\/]", word)[-1].lower().removesuffix(".exe")


def parse(text: str) -> Command:
    """Take a command line apart; never raises."""
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
    # A misspelt option (-wnn) is taken to want a value like the option it stands for, so that the rest reads right.
    return option in tool.valued or not tool.knows(option)
