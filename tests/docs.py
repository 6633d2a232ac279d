"""The pages of docs/ that are made from the code.

python -m tests.docs
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from flmparse.procedure import Gate
from flmparse.render.wording import FAMILIES
from flmparse.rules import Rule, catalogue
from tests.manifest_page import page as manifest_page

FOLDER = Path(__file__).parent.parent / "docs"

RULES_HEAD = """# Rules

Each rule asks one question at the gates named, and answers with the lines that show it. Made by `make docs` from the rules' own
pages; `flmparse rules MSK005` prints one of them, `flmparse explain MSK005 COLLECTION` what it reads in your captures.

- A **blocker** that fails is a NO-GO. A **warning** that fails makes a GO a GO WITH WARNINGS. **Advice** never changes a verdict.
- *Required* at a gate: the gate stays INCONCLUSIVE while the rule cannot be decided there (profile `paper`; under `strict`
  every blocker is required at all its gates).
"""

DECISIONS_HEAD = """# Decisions

Context, decision, cost, and how it is tested; the code that obeys one names its file. What binds every author is in
[ARCHITECTURE.md](../../ARCHITECTURE.md); what concerns one subject is in [performance](../performance.md),
[reports](../reports.md) and [simulation](../simulation.md). A decision that no longer holds is deleted. Made by `make docs`.
"""


def rules_page() -> str:
    """Return docs/rules.md: an index, then each family with the page of each rule."""
    rules = list(catalogue().values())
    index = ["| rule | requirement | severity | gates |", "|---|---|---|---|"]
    for rule in rules:
        gates = _words(rule.gates)
        index.append(f"| [{rule.id}](#{rule.id.lower()}) | {_cell(rule.title)} | {rule.severity} | {gates} |")
    sections = [RULES_HEAD, "\n".join(index), ""]
    for family, members in groupby(rules, key=lambda rule: rule.id.rstrip("0123456789")):
        sections += [f"## {family}: {FAMILIES.get(family, family)}", "", *map(_rule, members)]
    return "\n".join(sections)


def _rule(rule: Rule) -> str:
    waivable = "" if rule.waivable else ", cannot be waived"
    tables = ", ".join(f"`{table}`" for table in rule.needs) or "see below"
    lines = [
        f"### {rule.id}",
        f"`{rule.name}` &nbsp; **{_text(rule.title)}**",
        "| severity | gates | required at | tables | source |\n|---|---|---|---|---|\n"
        f"| {rule.severity}{waivable} | {_words(rule.gates)} | {_words(rule.required)} | {tables} | {_cell(rule.reference)} |",
        *(f"**{heading}:** {_text(text)}" for heading, text in rule.page.items()),
    ]
    return "\n\n".join(lines) + "\n"


def _words(gates: Iterable[Gate]) -> str:
    return ", ".join(gate.word for gate in gates) or "nowhere"


def _text(text: str) -> str:
    """Return a sentence as Markdown: what is not between backquotes is no markup."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*_<\[])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def decisions_page() -> str:
    """Return docs/decisions/README.md: the titles of the decisions."""
    paths = sorted((FOLDER / "decisions").glob("[0-9]*.md"))
    titles = [path.read_text("utf-8").split("\n", 1)[0].removeprefix("# ") for path in paths]
    lines = [f"- [{title}]({path.name})" for path, title in zip(paths, titles, strict=True)]
    return "\n".join([DECISIONS_HEAD, *lines, ""])


VALUES_HEAD = """# Values without a verdict

Of a sound simulated migration each value is flipped to another legal one in the text of its capture; some gate must then say so
(`tests/simulation/test_flips.py`). A flip of the columns below may change no verdict. Made by `make docs` from
`tests/columns_of_context.toml` and `tests/values_untold.toml`.
"""


def _groups(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))


def values_page() -> str:
    """Return docs/values.md: the columns whose values may change without a change of a verdict, by reason."""
    lines = [VALUES_HEAD]
    for title, name in (
        ("Told of some, not of all", "values_untold.toml"),
        ("Read by no rule", "columns_of_context.toml"),
    ):
        lines += [f"## {title}", ""]
        for group in _groups(name).values():
            columns = ", ".join(f"`{column}`" for column in group["columns"])
            lines += [f"{group['reason'][0].upper()}{group['reason'][1:]}: {columns}.", ""]
    return "\n".join(lines)


UNTOLD = {
    column
    for name in ("values_untold.toml", "columns_of_context.toml")
    for group in _groups(name).values()
    for column in group["columns"]
}
"""Columns of which a flipped value may change no verdict."""

PAGES: dict[str, Callable[[], str]] = {
    "rules.md": rules_page,
    "manifest.md": manifest_page,
    "decisions/README.md": decisions_page,
    "values.md": values_page,
}
"""The pages by file name; each is held against what is committed (tests/test_docs.py)."""


if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")
