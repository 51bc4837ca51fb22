"""How the measures of a scenario are read: those of the catalogue, and a user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.interventions.catalogue import CATALOGUE
from sim.interventions.measure import Measure
from sim.interventions.own import is_own, read_own
from sim.reading import known_mapping


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
