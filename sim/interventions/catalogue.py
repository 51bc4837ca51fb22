"""All measures by name, and how a scenario's entries are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sim.interventions import (
    control,
    diplomacy,
    grassroots,
    institutions,
    protection,
    recurrence,
    speech,
    structural,
    support,
)
from sim.interventions.base import Declaration
from sim.interventions.measure import Measure
from sim.interventions.own import is_own, read_own
from sim.reading import known_mapping

_FAMILIES = (
    structural, recurrence, institutions, diplomacy, speech, protection, support, grassroots, control,
)  # fmt: skip


def _place(declaration: Declaration) -> tuple[str, int]:
    letter, number = re.fullmatch(r"([A-Z])(\d+)", declaration.id).groups()  # type: ignore[union-attr]
    return letter, int(number)


#: Declarations by name, in the order in which they are paid and their doses accumulated.
CATALOGUE: Mapping[str, Declaration] = MappingProxyType(
    {
        declaration.name: declaration
        for declaration in sorted(
            (one for family in _FAMILIES for one in family.DECLARATIONS), key=_place
        )
    }
)


def read_measures(
    raw: Mapping[str, Mapping[str, object]] | None, places: Sequence[str] = ()
) -> tuple[Measure, ...]:
    """Read the measures of a scenario, in catalogue order, then a user's own by name.

    Parameters
    ----------
    raw : mapping or None
        Names of measures and their entries.
    places : sequence of str
        Places of the country, for coverages by an explicit list.

    Raises
    ------
    ScenarioError
        For an unknown measure or entry, or a value out of range.
    """
    entries = known_mapping("interventions", raw)
    own = sorted(name for name in entries if name not in CATALOGUE and is_own(entries[name]))
    given = known_mapping("interventions", raw, (*CATALOGUE, *own))
    known = [
        Measure.from_mapping(declaration, given[name] or {}, places)
        for name, declaration in CATALOGUE.items()
        if name in given
    ]
    return (*known, *(read_own(name, given[name], places) for name in own))
