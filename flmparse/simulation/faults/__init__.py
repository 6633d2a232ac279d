"""Faults by name: what can go wrong in a migration, with the rule, gate and status that must answer.

A fault is a function under `changes` (it changes the model at a moment) or, where the evidence and not the migration is at
fault, under `spoils` (it edits the commands and outputs of a gate); its docstring is its title. Modules of this package are found because they are there.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flmparse.errors import UsageError, did_you_mean
from flmparse.procedure import Gate
from flmparse.simulation.journal import Change, Edit


# docs/decisions/25-expected-answers.md
@dataclass(frozen=True)
class Fault:
    """One fault: ``rules`` answer ``status`` at ``gate`` (the first always, the others may), ``also`` rightly follow from it."""

    id: str
    title: str
    rules: tuple[str, ...]
    gate: Gate
    status: str
    also: frozenset[str]
    moment: str
    change: Change | None = None
    edit: Edit | None = None


_FAULTS: dict[str, Fault] = {}


def _keep(
    name: str, rules: str, gate: str, status: str, also: str, moment: str, change: Change | None, edit: Edit | None
) -> None:
    if name in _FAULTS:
        raise UsageError(f"two faults are called {name}")
    title = ((change or edit).__doc__ or "").split("\n")[0].rstrip(".")
    _FAULTS[name] = Fault(
        name, title, tuple(rules.split()), Gate.parse(gate), status, frozenset(also.split()), moment, change, edit
    )


# docs/decisions/24-faults.md
def changes(
    name: str, *, rules: str, gate: str, status: str = "fail", also: str = "", moment: str = ""
) -> Callable[[Change], Change]:
    """Make a function a fault of the migration; ``moment`` is when it happens, unless right after the gate's step."""

    def keep(change: Change) -> Change:
        _keep(name, rules, gate, status, also, moment or _MOMENTS[Gate.parse(gate)], change, None)
        return change

    return keep


def spoils(name: str, *, rules: str, gate: str, status: str = "fail", also: str = "") -> Callable[[Edit], Edit]:
    """Make a function a fault of the evidence: it edits what was captured at the gate."""

    def keep(edit: Edit) -> Edit:
        _keep(name, rules, gate, status, also, "", None, edit)
        return edit

    return keep


_MOMENTS = {
    Gate.PREPARE: "start",
    Gate.CREATED: "created",
    Gate.MASKED: "masked",
    Gate.READY: "ready",
    Gate.COPYING: "copying",
    Gate.COPIED: "copied",
    Gate.TERMINATED: "terminated",
    Gate.UNMASKED: "unmasked",
    Gate.CLEANED: "cleaned",
}


@cache
def catalogue() -> dict[str, Fault]:
    """Return every fault by its name, gate by gate."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_FAULTS.items(), key=lambda item: (item[1].gate, item[0])))


def fault(name: str) -> Fault:
    """Return the fault of a name; raises UsageError."""
    known = catalogue()
    if name not in known:
        raise UsageError(f"no fault {name!r}{did_you_mean(name, list(known))} (flmparse simulate --list-faults)")
    return known[name]
