"""How the measures of a scenario are read: those of the catalogue, and a user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.errors import ScenarioError, bad_value, shortened
from sim.interventions.catalogue import CATALOGUE
from sim.interventions.measure import Measure
from sim.interventions.own import is_own, read_own
from sim.kinds import Effect
from sim.reading import known_mapping


def read_measures(
    raw: Mapping[str, Mapping[str, object]] | None,
    places: Sequence[str] = (),
    abroad: Iterable[bool] = (),
) -> tuple[Measure, ...]:
    """Read the measures of a scenario, in catalogue order, then a user's own by name.

    Parameters
    ----------
    raw : mapping or None
        Names of measures and their entries.
    places : sequence of str
        Places of the country, for coverages by an explicit list.
    abroad : iterable of bool
        Whether each of them lies across a border, where no list can send anything.

    Raises
    ------
    ScenarioError
        For an unknown measure or entry, a value out of range, a list with a place abroad, or
        peacekeepers (or aid) of two measures that would go to different places.
    """
    entries = known_mapping("interventions", raw)
    own = sorted(name for name in entries if name not in CATALOGUE and is_own(entries[name]))
    given = known_mapping("interventions", raw, (*CATALOGUE, *own))
    _check_at_home(given, dict(zip(places, abroad, strict=False)))
    known = [
        Measure.from_mapping(declaration, given[name] or {}, places)
        for name, declaration in CATALOGUE.items()
        if name in given
    ]
    measures = (*known, *(read_own(name, given[name], places) for name in own))
    for effect in (Effect.TROOPS, Effect.AID):
        _check_together(measures, effect)
    return measures


def _check_at_home(given: Mapping[str, object], abroad: Mapping[str, bool]) -> None:
    """Raise where a list names a place abroad: what goes by place goes to the people at home."""
    for name, entry in given.items():
        listed = entry.get("coverage") if isinstance(entry, Mapping) else None
        for place in listed if isinstance(listed, list | tuple) else ():
            if isinstance(place, str) and abroad.get(place, False):
                home = shortened(", ".join(one for one, beyond in abroad.items() if not beyond))
                raise bad_value(
                    f"interventions.{name}.coverage", place, f"a place that is not abroad: {home}"
                )


def _check_together(measures: Sequence[Measure], effect: Effect) -> None:
    """Raise where measures send peacekeepers, or aid, to different places: all go together."""
    sending = [
        one
        for one in measures
        if one.intensity > 0.0 and any(part.effect is effect for part in one.declaration.parts)
    ]
    for other in sending[1:]:
        first = sending[0]
        if (other.coverage, set(other.places)) != (first.coverage, set(first.places)):
            raise ScenarioError(
                f"interventions.{other.declaration.name}.coverage: {_said(other)} is not allowed "
                f"beside {_said(first)} of interventions.{first.declaration.name}, "
                f"{effect.name.lower()} go by one coverage: give both the same"
            )


def _said(measure: Measure) -> str:
    """Return a coverage as a scenario says it, cut short where it is too long for a line."""
    if measure.places:
        return shortened(repr(list(measure.places)))
    return repr(measure.coverage.name.lower())
