"""The rules: one module per family, found because it is there; every `Rule` in it belongs to the catalogue."""

import pkgutil
from functools import cache
from importlib import import_module

from flmparse.errors import UsageError, did_you_mean
from flmparse.rules.rule import Check, Rule

__all__ = ["Check", "Rule", "catalogue", "rule_of"]


@cache
def catalogue() -> dict[str, Rule]:
    """Return every rule by id, families in the order of the alphabet."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name != "rule":
            members = vars(import_module(f"{__name__}.{module.name}")).values()
            # isinstance would look into the lazy modules among them, and load pandas.
            found.update((item.id, item) for item in members if type(item) is Rule)
    return dict(sorted(found.items()))


def rule_of(text: str) -> Rule:
    """Return the rule with this id or name, or raise UsageError."""
    known = catalogue()
    if text.upper() in known:
        return known[text.upper()]
    by_name = {item.name: item for item in known.values()}
    if text.lower() in by_name:
        return by_name[text.lower()]
    raise UsageError(f"no rule {text!r}{did_you_mean(text.upper(), list(known))}; flmparse rules lists them")
