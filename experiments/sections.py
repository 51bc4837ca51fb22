"""Scenarios of many worlds, each section read once: worlds of a design share most of them.

A design of 5,000 points has 5,000 worlds which are the same but for a few numbers, and as plain data
they share every section that no lever changes. What was read of a section is kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from experiments.identity import WORLD
from sim.actors import Actors
from sim.attributes import read_attributes
from sim.country import Country
from sim.errors import ForestallError
from sim.forms import read_forms
from sim.interventions import Measure, read_measures
from sim.mechanisms import read_switches
from sim.parameters import parameter_row
from sim.reading import known_mapping
from sim.scenario import Scenario, read_action, read_country

# A design that changes figures of its country has one for every point.
_KEPT = 64
_FRAME = ("country", "weeks", "attributes")
"""Sections that are read together: the others make fields of a scenario by themselves."""


class _Section:
    """A section of a configuration: equal to itself alone, or as a whole number to its equals."""

    __slots__ = ("entry", "identity")

    def __init__(self, entry: Any) -> None:
        self.entry = entry
        # Worlds that travelled share their sections but for numbers, which arrive as one object each.
        self.identity = (int, entry) if type(entry) is int else (object, id(entry))

    def __hash__(self) -> int:
        """Return a number of this very object, or of the number that it is."""
        return hash(self.identity)

    def __eq__(self, other: object) -> bool:
        """Return whether both are the same; while one is kept, no other object has its address."""
        return isinstance(other, _Section) and self.identity == other.identity


class Sections:
    """Reads scenarios and keeps what it read of the last sections; may serve several threads."""

    def __init__(self) -> None:
        kept = lru_cache(maxsize=_KEPT)
        self._country = kept(_country)
        self._place = kept(self._read_place)
        self._frame = kept(self._read_frame)
        self._action = kept(lambda section: read_action(section.entry))
        self._measures = kept(self._read_measures)
        self._parameters = kept(lambda section: parameter_row(section.entry))
        self._switches = kept(lambda section: read_switches(section.entry))
        self._forms = kept(lambda section: read_forms(section.entry))
        self._actors = kept(self._read_actors)
        self._alike = kept(_alike)

    def scenario(self, world: Mapping[str, Any]) -> Scenario:
        """Return the scenario of a world, equal to that of `Scenario.from_mapping`.

        Parameters
        ----------
        world : with the keys `experiments.identity.WORLD`; its sections may not be changed later.

        Raises
        ------
        ScenarioError
            The model cannot take it: one line names the entry.
        """
        part = {key: _Section(world[key]) for key in WORLD}
        try:
            start, arrival = self._action(part["action"])
            return replace(
                self._frame(*(part[key] for key in _FRAME)),
                start=start,
                arrival=arrival,
                actors=self._actors(part["actors"]),
                measures=self._measures(part["interventions"], part["country"]),
                parameters=self._parameters(part["parameters"]),
                switches=self._switches(part["mechanisms"]),
                forms=self._forms(part["forms"]),
            )
        except ForestallError:
            # Of several mistakes it names the one that it always names.
            return Scenario.from_mapping({key: world[key] for key in WORLD})

    def _read_frame(self, country: _Section, weeks: _Section, attributes: _Section) -> Scenario:
        return self._place(country, weeks).with_attributes(read_attributes(attributes.entry))

    def _read_place(self, country: _Section, weeks: _Section) -> Scenario:
        world = {"country": country.entry, "weeks": weeks.entry}
        return Scenario.from_mapping(world, country=self._country(country))

    def _read_measures(self, section: _Section, country: _Section) -> tuple[Measure, ...]:
        placed = self._country(country)
        return read_measures(section.entry, placed.places, placed.abroad)

    def _read_actors(self, section: _Section) -> Actors:
        """Return the actors; those who differ in their dispersion alone are read once."""
        entry = section.entry
        if not isinstance(entry, Mapping) or "dispersion" not in entry:
            return Actors.from_mapping(entry)
        others = {name: value for name, value in entry.items() if name != "dispersion"}
        alike = self._alike(tuple(others), tuple(map(_Section, others.values())))
        return alike.with_dispersion(entry["dispersion"])


def _country(section: _Section) -> Country:
    return read_country(known_mapping("country", section.entry))


def _alike(names: tuple[str, ...], sections: tuple[_Section, ...]) -> Actors:
    entries = (section.entry for section in sections)
    return Actors.from_mapping(dict(zip(names, entries, strict=True)))
