"""A scenario says what is wrong with it in one clear line, and means what it says."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from small_worlds import MEASURES, burundi, finished, same_bits, scenario, two_groups

from sim.ensemble import Ensemble
from sim.errors import ForestallError, ScenarioError
from sim.interventions import CATALOGUE
from sim.kinds import Kind
from sim.parameters import NAMES, PARAMETERS, P, parameter_row
from sim.scenario import SCENARIO_ENTRIES, Scenario


def world() -> dict[str, Any]:
    """Return a small made-up world whose every entry can be misspelt."""
    return {
        "country": two_groups(communities=3, neighbours=1),
        "actors": {
            "mean": [0.5, 0.5],
            "dispersion": 0.5,
            "rule": {"quota": 0.5},
            "actors": {
                "council": {
                    "kind": "un", "weight": 1, "veto": True, "salience": 0.4, "endowment": 10,
                    "contribution": 0.2, "deviation": [0.5, 0.5],
                },
                "union": {
                    "kind": "regional", "weight": 1, "veto": False, "salience": 0.4,
                    "endowment": 10, "contribution": 0.2, "deviation": [-0.5, -0.5],
                },
            },
        },
        "interventions": {
            name: {"start": 0, "ramp": 1, "duration": "sustained", "coverage": "all", "cost": 0.001,
                   "intensity": 0.5}
            for name in MEASURES
        },
        "action": {"start": 0, "arrival": "bargained"},
        "parameters": {"flight_ceiling": 0.02},
        "weeks": 20,
    }  # fmt: skip


def put(raw: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of a mapping with one entry, given by its dotted path, replaced."""
    changed = copy.deepcopy(raw)
    *way, last = path.split(".")
    entry = changed
    for key in way:
        entry = entry[int(key)] if isinstance(entry, list) else entry[key]
    entry[last] = value
    return changed


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
    line = refusal(put(world(), path, 0.5))
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
    line = refusal(put(world(), path, value))
    assert f"'{value}'" in line and f"did you mean '{meant}'?" in line


def test_a_name_that_is_like_no_other_gets_the_list() -> None:
    line = refusal({**world(), "xyzzy": 1})
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
    line = refusal(put(world(), path, value))
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
    line = refusal(put(world(), path, value))
    assert path.rpartition(".")[2] in line


@pytest.mark.parametrize("path", ["country.shocks", "country.roads", "country.groups"])
@pytest.mark.parametrize("value", [5, "text", {"a": 1}])
def test_something_else_where_a_list_is_needed_is_one_clear_line(path: str, value: Any) -> None:
    assert path.rpartition(".")[2] in refusal(put(world(), path, value))


NUMBERS = [
    "weeks", "country.government.capacity", "country.armed_groups.army.strength",
    "country.shocks.0.week", "country.places.town_1.population", "actors.dispersion",
    "actors.rule.quota", "actors.actors.council.weight", "interventions.mediation.intensity",
    "action.arrival", "action.start", "parameters.flight_ceiling",
]  # fmt: skip


@pytest.mark.parametrize("value", ["many", [1], None, True, math.nan], ids=str)
@pytest.mark.parametrize("path", NUMBERS)
def test_something_else_where_a_number_is_needed_is_one_clear_line(path: str, value: Any) -> None:
    assert path.rpartition(".")[2] in refusal(put(world(), path, value))


NAMES_IN_FILES = [
    "country.government.group", "country.armed_groups.army.kind", "country.armed_groups.army.side",
    "actors.actors.council.kind", "interventions.peacekeeping.coverage", "country.capital",
]  # fmt: skip


@pytest.mark.parametrize("value", [7, ["state"], {"a": 1}, None], ids=str)
@pytest.mark.parametrize("path", NAMES_IN_FILES)
def test_something_else_where_a_name_is_needed_is_one_clear_line(path: str, value: Any) -> None:
    assert path.rpartition(".")[2] in refusal(put(world(), path, value))


@pytest.mark.parametrize(("path", "value"), [
    ("actors.mean", [0.5]), ("actors.mean", 0.5), ("actors.actors.council.deviation", "left"),
    ("actors.actors.council.deviation", [1, 2, 3]), ("actors.actors.council.veto", 1),
    ("actors.actors.council.veto", "yes"), ("country.armed_groups.army.target", "group_1"),
])  # fmt: skip
def test_other_entries_of_the_wrong_form_are_one_clear_line(path: str, value: Any) -> None:
    assert path.rpartition(".")[2] in refusal(put(world(), path, value))


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
    raw = world()
    *way, last = path.split(".")
    entry: Any = raw
    for key in way:
        entry = entry[int(key)] if isinstance(entry, list) else entry[key]
    del entry[last]
    line = refusal(raw)
    assert last in line and ("missing" in line or last == "places")


def test_actors_without_any_vote_are_refused() -> None:
    raw = put(put(world(), "actors.actors.council.weight", 0), "actors.actors.union.weight", 0)
    assert "no actor has a vote" in refusal(raw)


# --- what a scenario means ------------------------------------------------------------------------


def test_reading_a_scenario_leaves_its_mapping_as_it_was() -> None:
    raw = burundi()
    before = copy.deepcopy(raw)
    scenario(raw)
    assert raw == before


def test_the_same_mapping_gives_the_same_world_and_the_same_runs() -> None:
    first, second = scenario(world()), scenario(world())
    assert first.structure == second.structure
    assert hash(first.structure) == hash(second.structure)
    assert same_bits(finished(first, replicates=2), finished(second, replicates=2))


def test_a_country_written_out_and_read_again_is_the_same_world() -> None:
    first = scenario(world())
    again = world()
    kept = {name: again["country"][name] for name in ("government", "armed_groups", "shocks")}
    again["country"] = first.country.to_mapping() | kept
    second = scenario(again)
    assert first.structure == second.structure
    assert np.array_equal(first.country.people, second.country.people)
    assert same_bits(finished(first, replicates=2), finished(second, replicates=2))


def test_what_is_left_out_is_as_declared() -> None:
    bare = world()
    bare["interventions"] = {name: {} for name in MEASURES}
    del bare["action"], bare["parameters"], bare["weeks"]
    read = scenario(bare)
    for measure in read.measures:
        declared = CATALOGUE[measure.declaration.name]
        assert (measure.intensity, measure.cost, measure.ramp) == (
            declared.intensity, declared.cost, declared.ramp,
        )  # fmt: skip
        assert measure.coverage is declared.coverage
        assert (measure.start, measure.duration) == (0.0, math.inf)
    assert (read.start, read.arrival, read.weeks) == (0.0, None, 156)
    assert np.array_equal(read.parameters, [entry.default for entry in PARAMETERS])


def test_figures_of_a_scenario_arrive_in_it() -> None:
    read = scenario(world(), action={"start": -3, "arrival": 7})
    assert (read.start, read.arrival, read.weeks) == (-3.0, 7.0, 20)
    assert read.parameters[P.flight_ceiling] == 0.02
    assert [group.name for group in read.armed_groups] == ["army", "militia", "rebels"]
    assert [group.kind for group in read.armed_groups] == [Kind.STATE, Kind.MILITIA, Kind.REBEL]
    assert read.shock_week == 26
    assert read.open_week == 23.0
    assert read.actors.weight.tolist() == [0.5, 0.5]
    assert [measure.declaration.name for measure in read.measures] == list(CATALOGUE)


def test_measures_are_in_catalogue_order_whatever_the_order_of_the_file() -> None:
    raw = world()
    raw["interventions"] = dict(reversed(list(raw["interventions"].items())))
    assert [measure.declaration.name for measure in scenario(raw).measures] == list(CATALOGUE)
    assert same_bits(finished(scenario(raw)), finished(scenario(world())))


def test_the_shock_that_action_counts_from_is_the_first() -> None:
    raw = world()
    raw["country"]["shocks"] = [{"week": 40, "threat": 0.1}, {"week": 12, "threat": 0.1}]
    assert scenario(raw, action={"start": 3}).open_week == 15.0
    raw["country"]["shocks"] = []
    assert scenario(raw, action={"start": 3}).open_week == 3.0


def test_levers_change_what_they_name_and_nothing_else() -> None:
    first = scenario(world())
    moved = first.with_levers(start=9.0, dispersion=0.9)
    assert (moved.start, moved.arrival, moved.actors.dispersion) == (9.0, None, 0.9)
    assert moved.structure == first.structure
    assert np.array_equal(moved.actors.direction, first.actors.direction)
    assert first.with_levers(arrival=4.0).arrival == 4.0
    assert first.with_levers().start == first.start
    written = scenario(put(put(world(), "action.start", 9), "actors.dispersion", 0.9))
    assert same_bits(finished(moved), finished(written))


def test_the_baseline_of_a_baseline_is_itself() -> None:
    base = scenario(world(), action={"start": 5, "arrival": 3}).baseline()
    assert (base.start, base.arrival) == (math.inf, None)
    assert same_bits(finished(base), finished(base.baseline()))


def test_scenarios_of_different_structure_do_not_share_an_ensemble() -> None:
    other = put(world(), "weeks", 21)
    with pytest.raises(ScenarioError, match="share"):
        Ensemble([scenario(world()), scenario(other)])
    with pytest.raises(ScenarioError, match="one scenario or more"):
        Ensemble([])


OTHERS: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("a road", lambda raw: raw["country"]["roads"][0].__setitem__(2, 999.0)),
    ("a side", lambda raw: raw["country"]["armed_groups"]["army"].update(
        side="group_2", target="group_1")),
    ("a measure", lambda raw: raw["interventions"].pop("mediation")),
    ("an actor", lambda raw: raw["actors"]["actors"].pop("union")),
    ("a shock", lambda raw: raw["country"]["shocks"].append({"week": 3})),
    ("a border", lambda raw: raw["country"]["places"]["camp_1"].update(
        neighbour=None, kind="community", population=0)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change"), OTHERS, ids=[what for what, _ in OTHERS])
def test_structure_differs_where_worlds_cannot_run_together(
    what: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    """Or they may share an ensemble and each runs as it would alone."""
    raw = world()
    change(raw)
    first, second = scenario(world()), scenario(raw)
    if first.structure == second.structure:
        together = finished(first, second, replicates=2)
        alone = finished(second, replicates=2)
        assert together.outcomes[2:].tobytes() == alone.outcomes.tobytes()
        assert together.state["people"][2:].tobytes() == alone.state["people"].tobytes()


def test_a_nan_stops_the_run_and_names_field_and_week() -> None:
    case = scenario(world())
    batch = Ensemble([case]).start(np.zeros(1, dtype=int), np.array([3]), 1)
    batch.advance(5)
    batch.state["people"][0, 8, 0, 1] = math.nan
    with pytest.raises(ForestallError) as caught:
        batch.advance(1)
    assert re.search(r"people\.\w+ became NaN by week 6 in replicate 3|world\.|government\.",
                     str(caught.value))  # fmt: skip


RUN_PAST = """
import numpy as np
from sim.ensemble import Ensemble
from sim.errors import ForestallError
from test_scenario import scenario, world
batch = Ensemble([scenario(world())]).start(np.zeros(1, dtype=int), np.zeros(1, dtype=int), 1)
batch.advance(15)
try:
    batch.advance(6)
except ForestallError as error:
    print("refused:", error)
"""


def test_a_batch_refuses_to_run_past_its_horizon(python: Callable[..., Any]) -> None:
    """In a process of its own: the weeks after it would be written beyond the record."""
    done = python(RUN_PAST)
    assert done.stdout.startswith("refused:"), done.stdout + done.stderr
