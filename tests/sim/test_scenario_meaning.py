"""A scenario means what it says, written out or changed by its levers."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from small_worlds import MEASURES, burundi, finished, peaceful, put, same_bits, scenario

from sim.ensemble import Ensemble
from sim.errors import ForestallError, ScenarioError
from sim.interventions import CATALOGUE
from sim.kinds import Kind
from sim.parameters import PARAMETERS, P


def test_reading_a_scenario_leaves_its_mapping_as_it_was() -> None:
    raw = burundi()
    before = copy.deepcopy(raw)
    scenario(raw)
    assert raw == before


def test_the_same_mapping_gives_the_same_world_and_the_same_runs() -> None:
    first, second = scenario(peaceful()), scenario(peaceful())
    assert first.structure == second.structure
    assert hash(first.structure) == hash(second.structure)
    assert same_bits(finished(first, replicates=2), finished(second, replicates=2))


def test_a_country_written_out_and_read_again_is_the_same_world() -> None:
    first = scenario(peaceful())
    again = peaceful()
    kept = {name: again["country"][name] for name in ("government", "armed_groups", "shocks")}
    again["country"] = first.country.to_mapping() | kept
    second = scenario(again)
    assert first.structure == second.structure
    assert np.array_equal(first.country.people, second.country.people)
    assert same_bits(finished(first, replicates=2), finished(second, replicates=2))


def test_what_is_left_out_is_as_declared() -> None:
    bare = peaceful()
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
    read = scenario(peaceful(), action={"start": -3, "arrival": 7})
    assert (read.start, read.arrival, read.weeks) == (-3.0, 7.0, 20)
    assert read.parameters[P.flight_ceiling] == 0.02
    assert [group.name for group in read.armed_groups] == ["army", "militia", "rebels"]
    assert [group.kind for group in read.armed_groups] == [Kind.STATE, Kind.MILITIA, Kind.REBEL]
    assert read.shock_week == 26
    assert read.open_week == 23.0
    assert read.actors.weight.tolist() == [0.5, 0.5]
    assert [measure.declaration.name for measure in read.measures] == list(CATALOGUE)


def test_measures_are_in_catalogue_order_whatever_the_order_of_the_file() -> None:
    raw = peaceful()
    raw["interventions"] = dict(reversed(list(raw["interventions"].items())))
    assert [measure.declaration.name for measure in scenario(raw).measures] == list(CATALOGUE)
    assert same_bits(finished(scenario(raw)), finished(scenario(peaceful())))


def test_the_shock_that_action_counts_from_is_the_first() -> None:
    raw = peaceful()
    raw["country"]["shocks"] = [{"week": 40, "threat": 0.1}, {"week": 12, "threat": 0.1}]
    assert scenario(raw, action={"start": 3}).open_week == 15.0
    raw["country"]["shocks"] = []
    assert scenario(raw, action={"start": 3}).open_week == 3.0


def test_levers_change_what_they_name_and_nothing_else() -> None:
    first = scenario(peaceful())
    moved = first.with_levers(start=9.0, dispersion=0.9)
    assert (moved.start, moved.arrival, moved.actors.dispersion) == (9.0, None, 0.9)
    assert moved.structure == first.structure
    assert np.array_equal(moved.actors.direction, first.actors.direction)
    assert first.with_levers(arrival=4.0).arrival == 4.0
    assert first.with_levers().start == first.start
    written = scenario(put(put(peaceful(), "action.start", 9), "actors.dispersion", 0.9))
    assert same_bits(finished(moved), finished(written))


def test_the_baseline_of_a_baseline_is_itself() -> None:
    base = scenario(peaceful(), action={"start": 5, "arrival": 3}).baseline()
    assert (base.start, base.arrival) == (math.inf, None)
    assert same_bits(finished(base), finished(base.baseline()))


def test_scenarios_of_different_structure_do_not_share_an_ensemble() -> None:
    other = put(peaceful(), "weeks", 21)
    with pytest.raises(ScenarioError, match="share"):
        Ensemble([scenario(peaceful()), scenario(other)])
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
    raw = peaceful()
    change(raw)
    first, second = scenario(peaceful()), scenario(raw)
    if first.structure == second.structure:
        together = finished(first, second, replicates=2)
        alone = finished(second, replicates=2)
        assert together.outcomes[2:].tobytes() == alone.outcomes.tobytes()
        assert together.state["people"][2:].tobytes() == alone.state["people"].tobytes()


def test_a_nan_stops_the_run_and_names_field_and_week() -> None:
    case = scenario(peaceful())
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
from small_worlds import peaceful, scenario
batch = Ensemble([scenario(peaceful())]).start(np.zeros(1, dtype=int), np.zeros(1, dtype=int), 1)
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
