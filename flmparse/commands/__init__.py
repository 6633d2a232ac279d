"""Command lines: which tool was called, with which words and options.

A tool's options are listed in ``<tool>.toml`` beside this file; ``names_only.toml`` holds the tools of which only the name is
known. Both may say that a name is ``unmistakable`` (no word of English: with an argument it is a command even without a
prompt) and where the tool ``runs_on``. The command line of any other tool is read too, but its options are not judged.

Of a tool that can change something, ``displays`` lists the verbs that only look and ``changes`` the others by what they change
(`procedure.EFFECTS`; ``nothing``; ``undoes <step>``); any other verb is a change of unknown effect. ``switches``: the verbs are
options (``cluster node X /pause``); ``assigns``: what a word with a ``=`` changes. ``silent`` verbs print nothing when they work.
"""

import difflib
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from flmparse.procedure import STEP_NAMES, step_of


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
    """Return what the files say of each tool, by name; a name in ``names_only.toml`` may hold a ``*``."""
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
    runs: str = _card(tool_name(re.split(r"[\s,:|]", command, maxsplit=1)[0])).get("runs_on", "")
    return runs


def is_known(tool: str) -> bool:
    """Whether a tool's answers are evidence: its options or verbs are known, or where it runs."""
    return not {"flags", "displays", "changes", "runs_on"}.isdisjoint(_card(tool))


UNKNOWN_EFFECT = "unknown"
"""What a change changes whose verb is not listed."""

NO_EFFECT = "nothing"

_ELSEWHERE = frozenset(
    {"ssh", "rsh", "plink", "psexec", "psexec64", "winrs", "invoke-command", "icm", "enter-pssession", "rpowermt"}
)
"""Commands that run another one on another computer."""

_WRAPPERS = frozenset({"cmd", "start", "call", "powershell", "pwsh", "runas", "nohup", "time"})
"""Commands that run another one on the same computer."""

_SEVERAL = re.compile(r"[|;&{}()\n]|\bdo\b", re.I)


def runs_elsewhere(command: Command) -> bool:
    """Whether what a command runs runs on another computer."""
    return command.tool in _ELSEWHERE


def effects_of(command: Command) -> tuple[tuple[str, str], ...]:
    """Return each change that a command line makes: tool with verb, and what it changes (``views``, ``undoes create``, ``nothing``).

    A line may hold several commands (``a & b``, ``Get-Disk | Clear-Disk``), or run one on another computer.
    """
    found = []
    for part in _SEVERAL.split(command.text):
        single = parse(part)
        if single.tool.startswith("$"):
            single = parse(part.partition("=")[2])
        if runs_elsewhere(single) or single.tool in _WRAPPERS:
            single = _inner(single)
        verb, effects = _effects_of_one(single)
        meant = "" if is_known(single.tool) else _name_meant(single.tool)
        if meant:  # of a line that a terminal garbled only a listed verb tells that it changed something
            repaired = " ".join([meant, *single.text.split()[1:]])
            verb, effects = _effects_of_one(parse(repaired))
            is_listed = any(verb in changing for changing in _changes_of(meant))
            effects = (UNKNOWN_EFFECT,) if is_listed and (NO_EFFECT not in effects or step_of(repaired)) else ()
        found += [(f"{single.tool} {verb}".strip(), effect) for effect in effects]
    return tuple(found)


def _changes_of(tool: str) -> list[list[str]]:
    """Return the lists of verbs with which a tool changes something."""
    changes = _card(tool).get("changes", {})
    return list(changes.values()) if isinstance(changes, dict) else []


@cache
def _name_meant(tool: str) -> str:
    """Return the one tool that can change something whose name this garbled word resembles, or an empty string."""
    changing = [name for name in _cards() if "*" not in name and _changes_of(name)]
    return next(iter(difflib.get_close_matches(tool, changing, 1, 0.75)), "")


def _inner(command: Command) -> Command:
    """Return the command of a tool that can change something which stands among the words of another command, else that one."""
    if command.tool == "rpowermt":
        return parse(" ".join(["powermt", *(word for word in command.words if not word.lower().startswith("host="))]))
    words = command.text.replace('"', " ").replace("'", " ").split()
    first = next((number for number, word in enumerate(words) if _card(tool_name(word)).get("changes")), 0)
    return parse(" ".join(words[first:]))


def _effects_of_one(command: Command) -> tuple[str, tuple[str, ...]]:
    """Return the verb of a single command and what it changes; nothing where it only looks."""
    card = _card(command.tool)
    changes = card.get("changes", {})
    if isinstance(changes, str):
        return "", tuple(changes.split())
    if not changes or {"-h", "-help", "-?", "/?", "--help"} & {*command.options, *command.words}:
        return "", ()
    verbs = [command.verb]
    if "flags" not in card:  # which of its options take a value is not known, so the verb may stand behind one
        changing_verbs = {verb for changing in changes.values() for verb in changing}
        words = [word.lower() for word in command.words]
        known = [word for word in words if word in changing_verbs] or [
            w for w in words if w in card.get("displays", ())
        ]
        verbs = known[:1] or verbs
    if card.get("switches"):
        # /dev/sdc is a file, /pause a switch.
        typed = [*command.options, *(word for word in command.words if re.match(r"/[^/]+\Z", word))]
        verbs = [re.split("[:=]", word.lower())[0] for word in typed]
        if "assigns" in card and any("=" in word for word in command.words if not word.startswith("/cluster")):
            return "", tuple(card["assigns"].split())
    for effect, changing in changes.items():
        for verb in verbs:
            if verb in changing:
                return verb, (effect,) if effect.startswith("undoes ") else tuple(effect.split())
    unlisted = [verb for verb in verbs if verb and verb not in card.get("displays", ())]
    return (unlisted[0], (UNKNOWN_EFFECT,)) if unlisted and "displays" in card else ("", ())


def verb_in_full(tool: str, typed: str) -> str:
    """Return a listed verb in full where the tool takes its first three letters or more."""
    return next((verb for verb in verbs(tool) if len(typed) >= 3 and verb.startswith(typed)), typed)


def verbs(tool: str) -> tuple[str, ...]:
    """Return the listed verbs of a tool."""
    card = _card(tool)
    return (*card.get("displays", ()), *(verb for changing in _changes_of(tool) for verb in changing))


def names() -> tuple[str, ...]:
    """Return the names of all tools; a ``*`` stands for letters."""
    return tuple(_cards())


@cache
def _card(tool: str) -> dict[str, Any]:
    """Return what is known of a tool: by its whole name, else by the first name with a ``*`` that fits."""
    cards = _cards()
    return cards.get(tool) or next(
        (card for name, card in cards.items() if "*" in name and fnmatchcase(tool, name)), {}
    )


# docs/decisions/17-commands-that-change.md
def change_named(wanted: str) -> str:
    """Return the change of which an output is wanted (``terminate``, ``powermt save``); an empty string where a display is."""
    if wanted == "the log of the step itself":
        return "the step"
    words = wanted.removeprefix("the log of ")
    if words in STEP_NAMES:
        return words
    command = parse(words)
    changes = effects_of(command)
    return step_of(words) or (changes[0][0] if changes else "")


def not_captured(wanted: str) -> str:
    """Return the sentence for an output that is not there. Nobody is ever told to change something for the record."""
    change = change_named(wanted)
    return (
        f"{change}: no output of it was captured. Do not run it for the record."
        if change
        else f"not captured: {wanted}"
    )


_TOKEN = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'|(\S+)')
_PIPE = re.compile(r"(?<!\s)\s*+(?:\||>{1,2}|<|2>&1)\s*")
_PREFIXES = frozenset({"sudo"})


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
