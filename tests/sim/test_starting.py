"""Starting figures: one table says what they may be, what a missing one is, what a study samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_worlds import bits, burundi, everything, scenario

from sim import fields
from sim.attributes import ATTRIBUTES
from sim.errors import ScenarioError
from sim.exponential import exp
from sim.fields import A, C, G, I, Q, W
from sim.initial import Columns, columns_of, initial_columns
from sim.parameters import P
from sim.starting import GOVERNMENT, NEIGHBOUR, SOCIETY, STARTING, starting_figure, starting_figures

TABLES = {
    "world": fields.WORLD,
    "settings": fields.SETTINGS,
    "government": fields.GOVERNMENT,
    "actor": fields.ACTOR,
    "armed_group": fields.ARMED_GROUP,
    "community": fields.COMMUNITY,
    "people": fields.PEOPLE,
}


def test_every_starting_figure_sets_a_state_that_exists() -> None:
    for figure in STARTING:
        for target in figure.sets.split(", "):
            table, name = target.split(".")
            assert name in {field.name for field in TABLES[table]}, figure.key


def test_every_figure_has_a_range_a_meaning_and_a_source() -> None:
    assert len({figure.key for figure in STARTING}) == len(STARTING)
    for figure in STARTING:
        assert figure.low < figure.high and figure.meaning and figure.source and figure.unit
        if figure.sampled is not None:
            low, high = figure.sampled
            assert figure.low <= low < high <= figure.high, figure.key
        if figure.default is not None:
            assert figure.low <= figure.default, figure.key


@pytest.mark.parametrize("section", [GOVERNMENT, SOCIETY])
def test_a_figure_that_is_left_out_is_the_default_and_a_needed_one_is_missed(section: str) -> None:
    entry = section.split(".")[1]
    for figure in starting_figures(section):
        raw = burundi()
        raw["country"][entry] = {
            name: value
            for name, value in dict(raw["country"].get(entry) or {}).items()
            if name != figure.name
        }
        if figure.default is None:
            with pytest.raises(ScenarioError, match=rf"^{figure.key}: missing$"):
                scenario(raw)
        else:
            assert getattr(getattr(scenario(raw), entry), figure.name) == figure.default


@pytest.mark.parametrize("figure", STARTING, ids=lambda figure: figure.key)
def test_a_figure_out_of_its_range_is_refused_with_range_and_unit(figure: Any) -> None:
    for wrong in (figure.low - 1.0, figure.high * 2.0 + 1.0):
        if np.isfinite(wrong):
            with pytest.raises(ScenarioError) as caught:
                figure.number(wrong, "the.key")
            assert str(caught.value).startswith("the.key: ")
            assert figure.unit in str(caught.value)


def test_a_figure_given_as_a_range_is_sampled_within_its_own() -> None:
    support = starting_figure(NEIGHBOUR, "support")
    own = {"low": -0.2, "high": 0.1, "source": "judgement", "grade": "D"}
    assert support.range_of(own) == (-0.2, 0.1)
    assert support.range_of(0.3) == support.sampled
    assert support.range_of(None) == support.sampled
    assert starting_figure(GOVERNMENT, "budget").range_of(12.0) == (12.0, 12.0)


#: States that start at something else than 0 without being a starting figure: what they follow from.
DERIVED = {
    "government": {
        "group", "role", "consent", "legitimacy_usual", "cohesion_usual", "accountability_usual",
        "commitment_usual", "capacity_usual", "focal_point_usual",
        "human_rights_institution_usual", "ombudsman_usual", "oversight_usual", "courts_usual",
    },
    "actors": {
        "kind", "position_pressure", "position_protection", "veto", "salience", "belief",
    },
    "armed": {
        "kind", "side", "target", "strength", "strength_peak", "discipline_usual", "enforced",
        "unenforced", "belief", "forum",
    },
    "communities": {
        "abroad", "capital", "isolation", "room", "admitted", "control",
        "livelihoods_usual", "justice_usual", "civil_society_usual",
    },
    "people": {
        "residents", "displaced", "exclusion_usual", "grievance", "grievance_usual", "trust_usual",
        "norms_usual", "inequality_usual",
    },
}  # fmt: skip


def test_what_starts_above_nothing_is_a_starting_figure_or_follows_from_one() -> None:
    columns = initial_columns(scenario(burundi()))
    named = {
        "government": (G, "government"), "actors": (I, "actor"), "armed": (A, "armed_group"),
        "communities": (C, "community"), "people": (Q, "people"),
    }  # fmt: skip
    sets = {target for figure in STARTING for target in figure.sets.split(", ")}
    for table, (index, name) in named.items():
        values = getattr(columns, table)
        for position, field in enumerate(index._fields):
            if np.any(values[position] != 0.0):
                known = f"{name}.{field}" in sets or field in DERIVED[table]
                assert known, f"{name}.{field} starts at something that nothing documents"


def test_a_place_is_as_isolated_as_its_nearest_neighbour_is_far() -> None:
    case = scenario(burundi())
    country, reach = case.country, float(case.parameters[P.road_reach])
    isolation = initial_columns(case).communities[C.isolation]
    for place in range(len(country.places)):
        roads = country.road_km[(country.road_from == place) | (country.road_to == place)]
        assert isolation[place] == 1.0 - exp(-float(roads.min()) / reach)


def test_a_place_without_roads_is_not_isolated() -> None:
    case = scenario(burundi())
    capital = case.country.places[case.country.capital]
    raw = burundi()
    raw["country"] |= {"places": {capital: raw["country"]["places"][capital]}, "roads": []}
    assert initial_columns(scenario(raw)).communities[C.isolation].tolist() == [0.0]


def test_many_runs_start_as_each_of_them_does_by_itself() -> None:
    """Scenarios of one ensemble may differ in whatever is not their structure."""
    strong = {attribute.name: "strong" for attribute in ATTRIBUTES}
    other = everything(role="protector", attributes=strong, mechanisms={"flight": False})
    other["parameters"] = {
        "road_reach": 70.0, "mobilisation_ceiling": 0.01, "belief_prior": -1.0,
        "enforcement_prior": 0.3, "inequality_grievance": 0.9,
    }  # fmt: skip
    other["actors"] |= {"dispersion": 0.9, "mean": [0.3, 0.6]}
    other["interventions"] = {
        name: {**entry, "intensity": 0.5} for name, entry in other["interventions"].items()
    }
    country = other["country"]
    country["shocks"][0]["fear"] = 0.9
    for neighbour in country["neighbours"].values():
        neighbour["openness"] = 0.3
    for place in country["places"].values():
        place["population"] *= 2
    cases = [scenario(everything()), scenario(other), scenario(everything()).baseline()]
    together, alone = columns_of(cases), [initial_columns(case) for case in cases]
    alike = set()
    for name, column in zip(Columns._fields, together, strict=True):
        for number, one in enumerate(alone):
            assert np.array_equal(bits(column[number]), bits(getattr(one, name))), name
        if np.array_equal(column[0], column[1]):
            alike.add(name)
    assert alike == {"listed", "recorded", "programmes"}


def test_a_country_starts_with_the_most_open_of_its_borders_as_its_outlet() -> None:
    raw = everything()
    for name, openness in (("neighbour_1", 0.2), ("neighbour_2", 0.6)):
        raw["country"]["neighbours"][name]["openness"] = openness
    assert initial_columns(scenario(raw)).world[W.outlet] == 0.6
    closed = burundi()
    inside = {k: v for k, v in closed["country"]["places"].items() if "neighbour" not in v}
    closed["country"] |= {"places": inside}
    closed["country"]["roads"] = [
        r for r in closed["country"]["roads"] if {r[0], r[1]} <= set(inside)
    ]
    assert initial_columns(scenario(closed)).world[W.outlet] == 0.0
