"""What the shell offers for words that only flmparse knows: gates, rules, formats, tables. Imports neither pandas nor lark.

In lists with commas the last word is completed.
"""

from collections.abc import Mapping

Offered = list[tuple[str, str]]
"""Words with what they mean; shells that can show both do."""


def gates(incomplete: str) -> Offered:
    """Offer gates, and all of them."""
    from flmparse.procedure import GATES, Gate

    return _last(incomplete, {**{gate.word: GATES[gate].question for gate in Gate}, "all": "every gate"})


def rule(incomplete: str) -> Offered:
    """Offer ids of rules, or in small letters their names and ids."""
    from flmparse.rules import catalogue

    known = catalogue().values()
    if not incomplete[:1].islower():
        return _beginning(incomplete, {item.id: item.title for item in known})
    named = {item.name: item.title for item in known}
    return _beginning(incomplete, named | {item.id.lower(): item.title for item in known})


def rules(incomplete: str) -> Offered:
    """Offer families of rules and ids, in a list with commas."""
    from flmparse.render.wording import FAMILIES
    from flmparse.rules import catalogue

    ids = {item.id: item.title for item in catalogue().values()}
    families = {family: FAMILIES.get(family, "") for family in dict.fromkeys(word.rstrip("0123456789") for word in ids)}
    last = incomplete.rpartition(",")[2]
    return _last(incomplete, families if len(last) < 3 else ids)


def formats(incomplete: str) -> Offered:
    """Offer the formats of a report."""
    from flmparse.render.formats import all_formats

    return _beginning(incomplete, {name: form.holds for name, form in all_formats().items()})


def tables(incomplete: str) -> Offered:
    """Offer the names of tables."""
    from flmparse.tables import all_tables as known

    return _beginning(incomplete, {name: table.meaning for name, table in known().items()})


def _last(incomplete: str, words: Mapping[str, str]) -> Offered:
    before, comma, last = incomplete.rpartition(",")
    given = set(before.split(","))
    left = {word: meaning for word, meaning in words.items() if word not in given}
    return [(before + comma + word, meaning) for word, meaning in _beginning(last, left)]


def _beginning(incomplete: str, words: Mapping[str, str]) -> Offered:
    return [(word, meaning) for word, meaning in words.items() if word.startswith(incomplete)]
