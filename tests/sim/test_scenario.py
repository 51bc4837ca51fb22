"""What is wrong with a scenario is said in one clear line."""

from __future__ import annotations

import math
from typing import Any

import pytest
from small_worlds import peaceful, put

from sim.errors import ScenarioError
from sim.parameters import NAMES, PARAMETERS, parameter_row
from sim.scenario import SCENARIO_ENTRIES, Scenario


def refusal(raw: Any) -> str:
    """Return the one line with which a mapping is refused."""
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_mapping(raw)
    line = str(caught.value)
    assert line and "\n" not in line
    return line


# --- misspelt keys --------------------------------------------------------------------------------

MISSPELT: list[tuple[str, str]] = [
    ("wekks", "weeks"), ("contry", "country"),
    ("country.goverment", "government"), ("country.armed_group", "armed_groups"),
    ("country.placess", "places"), ("country.government.capasity", "capacity"),
    ("country.armed_groups.army.strenght", "strength"), ("country.shocks.0.theat", "threat"),
    ("country.places.town_1.populaton", "population"), ("country.neighbours.neighbour_1.opennes",
                                                         "openness"),
    ("actors.dispersal", "dispersion"), ("actors.actors.council.wieght", "weight"),
    ("actors.rule.quotta", "quota"),
    ("interventions.peacekeepin", "peacekeeping"), ("interventions.mediation.intesity",
                                                    "intensity"),
    ("action.strat", "start"), ("parameters.flight_cieling", "flight_ceiling"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "meant"), MISSPELT)
def test_a_misspelt_key_is_named_with_its_near_match(path: str, meant: str) -> None:
    line = refusal(put(peaceful(), path, 0.5))
    assert f"'{path.rpartition('.')[2]}'" in line
    assert f"did you mean '{meant}'?" in line
    where = path.rpartition(".")[0].rpartition(".")[2]
    assert not where or where.strip("0123456789") in line


@pytest.mark.parametrize(("path", "value", "meant"), [
    ("country.government.group", "group1", "group_1"),
    ("country.armed_groups.army.side", "grup_2", "group_2"),
    ("country.armed_groups.army.kind", "stat", "state"),
    ("actors.actors.council.kind", "regionl", "regional"),
    ("interventions.peacekeeping.coverage", "capitol", "capital"),
    ("country.capital", "town1", "town_1"),
])  # fmt: skip
def test_a_misspelt_name_is_named_with_its_near_match(path: str, value: str, meant: str) -> None:
    line = refusal(put(peaceful(), path, value))
    assert f"'{value}'" in line and f"did you mean '{meant}'?" in line


@pytest.mark.parametrize("coverage", ["capital", ["town_1"]])
def test_a_coverage_that_a_measure_of_the_whole_country_cannot_honour_is_refused(
    coverage: Any,
) -> None:
    line = refusal(put(peaceful(), "interventions.mediation.coverage", coverage))
    assert "interventions.mediation.coverage" in line
    assert "all: it acts on the country as a whole" in line


def test_a_name_that_is_like_no_other_gets_the_list() -> None:
    line = refusal({**peaceful(), "xyzzy": 1})
    assert all(name in line for name in SCENARIO_ENTRIES)


# --- values out of range --------------------------------------------------------------------------

OUT_OF_RANGE: list[tuple[str, Any, str, str]] = [
    ("weeks", 0, "1 and 2080", "weeks"), ("weeks", 2081, "1 and 2080", "weeks"),
    ("country.government.capacity", 1.2, "0 and 1", "share"),
    ("country.government.consent", -0.1, "0 and 1", "share"),
    ("country.armed_groups.army.strength", -5, "0 and 1e+07", "armed persons"),
    ("country.armed_groups.army.discipline", 7, "0 and 1", "share"),
    ("country.shocks.0.threat", 1.1, "0 and 1", "share"),
    ("country.shocks.0.week", -1, "0 and 2080", "weeks"),
    ("country.places.town_1.population", -3, "0 and", "persons"),
    ("country.places.town_1.latitude", 91, "-90 and 90", "degrees"),
    ("actors.dispersion", 1.5, "0 and 1", "united"),
    ("actors.mean", [0.5, 1.5], "0 and 1", ""),
    ("actors.rule.quota", 0, "and 1", "share of the votes"),
    ("actors.actors.council.weight", -1, "0 and", "votes"),
    ("actors.actors.council.salience", 2, "0 and 1", "share"),
    ("actors.actors.council.endowment", -1, "0 and", "million USD"),
    ("actors.actors.council.contribution", 1.1, "0 and 1", "share"),
    ("interventions.mediation.intensity", 1.1, "0 and 1", "dose"),
    ("interventions.peacekeeping.intensity", -1, "0 and 100000", "peacekeepers"),
    ("interventions.peacekeeping.start", -1, "0 and", "weeks"),
    ("interventions.peacekeeping.ramp", 521, "0 and 520", "weeks"),
    ("interventions.peacekeeping.duration", 0, "1 and", "weeks"),
    ("interventions.humanitarian_aid.cost", -1, "0 and", "million USD"),
    ("action.start", 5000, "-2080 and 2080", "weeks"),
    ("action.arrival", -1, "0 and 520", "weeks"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "limits", "unit"), OUT_OF_RANGE)
def test_a_value_out_of_range_names_key_value_range_and_unit(
    path: str, value: Any, limits: str, unit: str
) -> None:
    line = refusal(put(peaceful(), path, value))
    assert path.rpartition(".")[2] in line
    assert str(value if not isinstance(value, list) else value[1]) in line
    assert limits in line.replace(",", "")
    assert unit in line


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_a_parameter_out_of_range_names_key_range_and_unit(parameter: Any) -> None:
    span = parameter.high - parameter.low
    for value in (parameter.low - 0.01 * span, parameter.high + 0.01 * span, math.nan, math.inf):
        with pytest.raises(ScenarioError) as caught:
            parameter_row({parameter.name: value})
        line = str(caught.value)
        assert f"parameters.{parameter.name}" in line and f"({parameter.unit})" in line
        assert f"{parameter.low:g} and {parameter.high:g}" in line
        assert "\n" not in line
    for value in (parameter.low, parameter.high):
        assert parameter_row({parameter.name: value})[NAMES.index(parameter.name)] == value


# --- wrong types ----------------------------------------------------------------------------------

MAPPINGS = [
    "country", "country.government", "country.armed_groups", "country.armed_groups.army",
    "country.places", "country.places.town_1", "country.neighbours", "actors", "actors.actors",
    "actors.actors.council", "actors.rule", "interventions", "interventions.peacekeeping", "action",
    "parameters",
]  # fmt: skip


@pytest.mark.parametrize("value", [5, "text", [1, 2], True])
@pytest.mark.parametrize("path", MAPPINGS)
def test_something_else_where_a_mapping_is_needed_is_one_clear_line(path: str, value: Any) -> None:
    line = refusal(put(peaceful(), path, value))
    assert path.rpartition(".")[2] in line


@pytest.mark.parametrize("path", ["country.shocks", "country.roads", "country.groups"])
@pytest.mark.parametrize("value", [5, "text", {"a": 1}])
def test_something_else_where_a_list_is_needed_is_one_clear_line(path: str, value: Any) -> None:
    assert path.rpartition(".")[2].rstrip("s") in refusal(put(peaceful(), path, value))


NUMBERS = [
    "weeks", "country.government.capacity", "country.armed_groups.army.strength",
    "country.shocks.0.week", "country.places.town_1.population", "actors.dispersion",
    "actors.rule.quota", "actors.actors.council.weight", "interventions.mediation.intensity",
    "action.arrival", "action.start", "parameters.flight_ceiling",
]  # fmt: skip


@pytest.mark.parametrize("value", ["many", [1], None, True, math.nan], ids=str)
@pytest.mark.parametrize("path", NUMBERS)
def test_something_else_where_a_number_is_needed_is_one_clear_line(path: str, value: Any) -> None:
    assert path.rpartition(".")[2] in refusal(put(peaceful(), path, value))


NAMES_IN_FILES = [
    "country.government.group", "country.armed_groups.army.kind", "country.armed_groups.army.side",
    "actors.actors.council.kind", "interventions.peacekeeping.coverage", "country.capital",
]  # fmt: skip


@pytest.mark.parametrize("value", [7, ["state"], {"a": 1}, None], ids=str)
@pytest.mark.parametrize("path", NAMES_IN_FILES)
def test_something_else_where_a_name_is_needed_is_one_clear_line(path: str, value: Any) -> None:
    assert path.rpartition(".")[2] in refusal(put(peaceful(), path, value))


@pytest.mark.parametrize(("path", "value"), [
    ("actors.mean", [0.5]), ("actors.mean", 0.5), ("actors.actors.council.deviation", "left"),
    ("actors.actors.council.deviation", [1, 2, 3]), ("actors.actors.council.veto", 1),
    ("actors.actors.council.veto", "yes"), ("country.armed_groups.army.target", "group_1"),
])  # fmt: skip
def test_other_entries_of_the_wrong_form_are_one_clear_line(path: str, value: Any) -> None:
    assert path.rpartition(".")[2] in refusal(put(peaceful(), path, value))


@pytest.mark.parametrize("raw", [5, "text", None, [1]])
def test_a_scenario_that_is_no_mapping_is_one_clear_line(raw: Any) -> None:
    refusal(raw)


@pytest.mark.parametrize("path", [
    "country", "country.name", "country.places", "country.government", "country.government.group",
    "country.government.capacity", "country.armed_groups.army.kind",
    "country.armed_groups.army.strength", "country.shocks.0.week", "country.capital",
    "actors.actors.council.weight", "actors.actors.council.salience",
])  # fmt: skip
def test_a_missing_entry_is_named(path: str) -> None:
    raw = peaceful()
    *way, last = path.split(".")
    entry: Any = raw
    for key in way:
        entry = entry[int(key)] if isinstance(entry, list) else entry[key]
    del entry[last]
    line = refusal(raw)
    assert last in line and ("missing" in line or last == "places")


def test_actors_without_any_vote_are_refused() -> None:
    raw = put(put(peaceful(), "actors.actors.council.weight", 0), "actors.actors.union.weight", 0)
    assert "no actor has a vote" in refusal(raw)
