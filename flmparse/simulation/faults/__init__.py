"""Faults by name: what can go wrong in a migration, and which rule must report it, at which gate, with which status.

A fault is a function decorated with `changes` (it changes the model at a moment) or, where the evidence is faulty and not the
migration, with `spoils` (it edits the commands and outputs of a gate). Its docstring is its title. Every module of this package is loaded.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flmparse.errors import UsageError, did_you_mean
from flmparse.procedure import Gate
from flmparse.simulation.run_log import Change, Edit


# docs/decisions/25-expected-answers.md
@dataclass(frozen=True)
class Fault:
    """One fault: the first of ``rules`` reports ``status`` at ``gate``, the others may; those of ``also`` follow from it."""

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


def _register(
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
    """Make a function a fault of the migration; it happens at ``moment``, by default right after the gate's step."""

    def register(change: Change) -> Change:
        _register(name, rules, gate, status, also, moment or _MOMENTS[Gate.parse(gate)], change, None)
        return change

    return register


def spoils(name: str, *, rules: str, gate: str, status: str = "fail", also: str = "") -> Callable[[Edit], Edit]:
    """Make a function a fault of the evidence: it edits what was captured at the gate."""

    def register(edit: Edit) -> Edit:
        _register(name, rules, gate, status, also, "", None, edit)
        return edit

    return register


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
    """Return every fault by name, in the order of gates."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_FAULTS.items(), key=lambda item: (item[1].gate, item[0])))


def fault_named(name: str) -> Fault:
    """Return the fault called ``name``, or raise UsageError."""
    faults = catalogue()
    if name not in faults:
        raise UsageError(f"no fault {name!r}{did_you_mean(name, list(faults))} (flmparse simulate --list-faults)")
    return faults[name]
