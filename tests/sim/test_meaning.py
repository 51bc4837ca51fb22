"""What runs that share their noise must share, to the bit, and what violence needs."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from small_worlds import (
    MEASURES,
    bits,
    burundi,
    finished,
    read_yaml,
    rows_differ,
    same_bits,
    scenario,
    started,
    three_at_war,
    three_groups,
    two_groups,
)

from sim.ensemble import FIELDS, STATE
from sim.errors import ScenarioError
from sim.fields import A, I, M, Q
from sim.outcomes import O, Z

# --- pairs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", [burundi, three_at_war])
def test_the_same_settings_give_no_difference_at_all(world: Any) -> None:
    first, second = scenario(world()), scenario(world())
    batch = started(first, second, replicates=5, seed=4)
    for _ in range(first.weeks):
        batch.advance(1)
        for number in range(5):
            assert rows_differ(batch, number, 5 + number) == []
    assert batch.outcomes[:, O.direct_deaths].any()


ARRIVALS: list[Any] = ["bargained", 0, 13]


@pytest.mark.one_in(4)
@pytest.mark.parametrize("arrival", ARRIVALS)
@pytest.mark.parametrize("dispersion", [0.0, 0.5, 1.0])
def test_before_outside_actors_may_act_nothing_differs_from_the_baseline(
    arrival: Any, dispersion: float
) -> None:
    """In every field and week before the start, announcements included; afterwards it does."""
    country = three_groups(communities=12)
    country["shocks"][0]["week"] = 12
    world = three_at_war(country=country, weeks=70)
    world["actors"]["dispersion"] = dispersion
    starts = (-12, -5, 0, 3, 20, 40)
    cases = [scenario(world, action={"start": start, "arrival": arrival}) for start in starts]
    replicates = 3
    batch = started(cases[0].baseline(), *cases, replicates=replicates, seed=2)
    differed = set()
    for week in range(70):
        batch.advance(1)
        for position, case in enumerate(cases):
            for number in range(replicates):
                found = rows_differ(batch, number, (position + 1) * replicates + number)
                if week < case.open_week:
                    assert found == [], f"week {week}, start {starts[position]}"
                elif found:
                    differed.add(position)
    assert differed == set(range(len(cases))), "an intervention that never does anything"


def test_a_start_before_the_run_is_refused_with_its_first_week() -> None:
    world = three_at_war(weeks=40)
    assert scenario(world, action={"start": -6}).open_week == 0.0
    with pytest.raises(ScenarioError, match=r"action\.start: -7\.0 .*-6 or later"):
        scenario(world, action={"start": -7})


def _zero(world: dict[str, Any]) -> dict[str, Any]:
    world = copy.deepcopy(world)
    world["interventions"] = {name: {"intensity": 0} for name in MEASURES}
    return world


@pytest.mark.parametrize("arrival", ["bargained", 13])
@pytest.mark.parametrize("world", [burundi, three_at_war])
def test_a_zero_dose_is_the_baseline_in_every_field(world: Any, arrival: Any) -> None:
    case = scenario(_zero(world()), action={"start": 0, "arrival": arrival})
    batch = finished(case, case.baseline(), replicates=3, seed=6)
    for number in range(3):
        assert rows_differ(batch, number, 3 + number) == []


@pytest.mark.parametrize("world", [burundi, three_at_war])
def test_a_zero_dose_changes_no_outcome_and_no_series(world: Any) -> None:
    case = scenario(_zero(world()))
    batch = finished(case, case.baseline(), replicates=3, seed=6)
    assert np.array_equal(bits(batch.outcomes[:3]), bits(batch.outcomes[3:]))
    assert np.array_equal(bits(batch.series[:3]), bits(batch.series[3:]))
    assert batch.outcomes[:, O.direct_deaths].any()


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_one_measure_at_zero_is_as_if_it_were_not_there(name: str) -> None:
    without, zero = three_at_war(weeks=80), three_at_war(weeks=80)
    del without["interventions"][name]
    zero["interventions"][name] = {"intensity": 0}
    first, second = (finished(scenario(world), replicates=2) for world in (without, zero))
    # The table of programmes has a row for what is declared, with or without a dose.
    assert same_bits(first, second, but=("programmes",))
    with_it = finished(scenario(three_at_war(weeks=80)), replicates=2)
    assert not same_bits(first, with_it, but=("programmes",))


def test_never_acting_is_the_baseline_however_it_is_written() -> None:
    world = three_at_war(weeks=80)
    baseline = finished(scenario(world).baseline(), replicates=3)
    for action in (
        {"start": "never"}, {"start": math.inf}, {"start": "never", "arrival": 13}, {"start": 1000},
    ):  # fmt: skip
        assert same_bits(baseline, finished(scenario(world, action=action), replicates=3)), action
    assert same_bits(baseline, finished(scenario(world).with_levers(start=math.inf), replicates=3))


def test_the_baseline_does_not_depend_on_positions() -> None:
    """Only actors differ between united and divided who never act: who shares whose reports."""
    case = scenario(three_at_war(weeks=80)).baseline()
    batch = finished(case, case.with_levers(dispersion=1.0), replicates=3)
    positions = (
        I.position_pressure, I.position_protection, I.error, I.signal, I.belief,
        I.attention, I.stake,
    )  # fmt: skip
    for number in range(3):
        assert rows_differ(batch, number, 3 + number, but=positions) == []
        assert len(rows_differ(batch, number, 3 + number)) == len(positions)


# --- who is needed for violence -------------------------------------------------------------------


def test_without_armed_groups_nobody_is_killed() -> None:
    country = three_groups()
    country["armed_groups"] = {}
    batch = finished(scenario(three_at_war(country=country)), replicates=4)
    assert not batch.series[:, :, Z.direct_deaths].any()
    assert not batch.state["people"][:, Q.killed].any()


def test_without_people_there_is_no_violence() -> None:
    country = three_groups()
    for row in country["places"].values():
        row["population"] = 0
        row.pop("shares", None)
    batch = started(scenario(three_at_war(country=country)), replicates=4)
    for _ in range(110):
        batch.advance(1)
        assert not batch.state["presence"][:, M.attacked].any()
    assert not batch.series[:, :, [Z.direct_deaths, Z.displaced]].any()


def test_without_outside_actors_nothing_is_spent_and_nobody_comes() -> None:
    batch = finished(scenario(three_at_war(actors={})), replicates=4)
    assert not batch.series[:, :, [Z.peacekeepers, Z.mandate_scale, Z.spent]].any()
    assert batch.outcomes[:, O.direct_deaths].all()


def quiet_worlds() -> dict[str, dict[str, Any]]:
    """Return worlds without a shock and without an armed contest."""
    worlds = {}
    for name, country in (
        ("burundi", read_yaml("country")), ("two groups", two_groups()), ("three", three_groups()),
    ):  # fmt: skip
        country["shocks"] = []
        country["armed_groups"] = {
            key: group for key, group in country["armed_groups"].items() if group["kind"] != "rebel"
        }
        assert country["armed_groups"]
        worlds[name] = burundi(country=country, weeks=260)
    worlds["one community"] = burundi(
        country=two_groups(communities=1, neighbours=0) | {"shocks": [], "armed_groups": {}},
        weeks=260,
    )
    return worlds


def test_most_crises_in_burundi_do_not_become_mass_killings_and_some_do() -> None:
    """Without outside action; the bounds are wide on purpose, no figure is aimed at."""
    case = scenario(burundi(weeks=156)).baseline()
    killings = finished(case, replicates=600, seed=2).outcomes[:, O.mass_killing]
    assert 0.02 < killings.mean() < 0.40


@pytest.mark.one_in(3)
@pytest.mark.parametrize("start", [0, "never"])
@pytest.mark.parametrize("name", sorted(quiet_worlds()))
def test_a_quiet_country_stays_quiet_for_five_years(name: str, start: Any) -> None:
    """No deaths, no flight, and every slow field within 1 % of its start."""
    case = scenario(quiet_worlds()[name], action={"start": start})
    batch = started(case, replicates=8, seed=5)
    first = {key: column.copy() for key, column in batch.state.items()}
    slow = 0
    for _ in range(case.weeks):
        batch.advance(1)
        for key, table in zip(STATE, FIELDS, strict=True):
            for position, field in enumerate(table):
                if field.slow:
                    now, then = batch.state[key][:, position], first[key][:, position]
                    assert (np.abs(now - then) <= 0.01 * np.abs(then)).all(), field.name
                    slow += 1
    assert slow >= 260 * 8
    quiet = [Z.direct_deaths, Z.indirect_deaths, Z.displaced, Z.refugees, Z.threat]
    assert not batch.series[:, :, quiet].any()
    assert not batch.state["armed"][:, A.order].any()
