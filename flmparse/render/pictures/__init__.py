"""Pictures for the reports, as SVG made offline: one module each, found because it is there.

A module has a constant ``PICTURES``: what it draws from, and its position among the others. Evidence that is not there makes
no picture. What would be too fine to read is added up, never left out.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from flmparse.assessment import Assessment
from flmparse.evidence.migration import Migration
from flmparse.render.svg import Picture

__all__ = ["Drawn", "Picture", "all_drawn", "pictures"]


@dataclass(frozen=True)
class Drawn:
    """What one module draws: its ``position`` among the others, and the function that draws it (no picture without evidence)."""

    position: int
    draw: Callable[[Assessment, Migration], tuple[Picture, ...]]


@cache
def all_drawn() -> tuple[Drawn, ...]:
    """Return what every module draws, in the order of the report."""
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    drawn = sorted((module.PICTURES.position, module.__name__, module.PICTURES) for module in modules)
    return tuple(item for _, _, item in drawn)


def pictures(assessment: Assessment, migration: Migration | None = None) -> tuple[Picture, ...]:
    """Return the pictures of an assessment, in order; the same assessment always gives the same bytes.

    ``migration`` is the collection of the assessment as a migration, where the caller has it already.
    """
    migration = migration or Migration(assessment.collection)
    return tuple(picture for item in all_drawn() for picture in item.draw(assessment, migration))
