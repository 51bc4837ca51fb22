"""All measures by name, and how a scenario's entries are read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sim.interventions import (
    control,
    diplomacy,
    grassroots,
    protection,
    relief,
    speech,
    structural,
)
from sim.interventions.base import Declaration, Measure
from sim.reading import known_mapping

#: Declarations by name, in the order in which their doses are accumulated.
CATALOGUE: Mapping[str, Declaration] = MappingProxyType(
    {
        declaration.name: declaration
        for family in (diplomacy, protection, relief, structural, speech, grassroots, control)
        for declaration in family.DECLARATIONS
    }
)


def read_measures(raw: Mapping[str, Mapping[str, object]] | None) -> tuple[Measure, ...]:
    """Read the measures of a scenario, in catalogue order.

    Parameters
    ----------
    raw : mapping or None
        Names of measures and their entries.

    Raises
    ------
    ScenarioError
        For an unknown measure or entry, or a value out of range.
    """
    given = known_mapping("interventions", raw, CATALOGUE)
    return tuple(
        Measure.from_mapping(declaration, given[name])
        for name, declaration in CATALOGUE.items()
        if name in given
    )
