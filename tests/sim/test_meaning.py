"""What every run must keep, and what pairs of runs must share, to the bit."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_worlds import (
    MEASURES,
    VIOLENT,
    bits,
    burundi,
    finished,
    poor_actors,
    read_yaml,
    same_bits,
    scenario,
    started,
    three_at_war,
    three_groups,
    two_groups,
)

from sim.actors import Actors
from sim.ensemble import FIELDS, STATE, Batch
from sim.fields import A, G, I, M, N, Q, W
from sim.outcomes import O, Z
from sim.parameters import PARAMETERS, P
from sim.rules.government import deployable_share
from sim.scenario import Scenario


def rows_differ(batch: Batch, first: int, second: int, *, but: tuple[int, ...] = ()) -> list[str]:
    """Return the fields in which two runs of a batch differ; `but` are fields of the actors."""
    found = []
    for name, table in zip(STATE, FIELDS, strict=True):
        columns = batch.state[name]
        for position, field in enumerate(table):
            if name == "actors" and position in but:
                continue
            one, other = columns[first, position], columns[second, position]
            if not np.array_equal(bits(one), bits(other)):
                found.append(f"{name}.{field.name}")
    if not np.array_equal(bits(batch.series[first]), bits(batch.series[second])):
        found.append("series")
    if not np.array_equal(bits(batch.outcomes[first]), bits(batch.outcomes[second])):
        found.append("outcomes")
    return found


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


@pytest.mark.parametrize("arrival", ARRIVALS)
@pytest.mark.parametrize("dispersion", [0.0, 0.5, 1.0])
def test_before_outside_actors_may_act_nothing_differs_from_the_baseline(
    arrival: Any, dispersion: float
) -> None:
    """In every field and week before the start, announcements included; afterwards it does."""
    country = three_groups(communities=12)
    country["shocks"][0]["week"] = 12
    world = three_at_war(country=country, weeks=60)
    world["actors"]["dispersion"] = dispersion
    starts = (-12, -5, 0, 3, 20, 40)
    cases = [scenario(world, action={"start": start, "arrival": arrival}) for start in starts]
    replicates = 3
    batch = started(cases[0].baseline(), *cases, replicates=replicates, seed=2)
    differed = set()
    for week in range(60):
        batch.advance(1)
        for position, case in enumerate(cases):
            for number in range(replicates):
                found = rows_differ(batch, number, (position + 1) * replicates + number)
                if week < case.open_week:
                    assert found == [], f"week {week}, start {starts[position]}"
                elif found:
                    differed.add(position)
    assert differed == set(range(len(cases))), "an intervention that never does anything"


def test_a_start_before_the_run_is_a_start_in_its_first_week() -> None:
    world = three_at_war(weeks=40)
    early = finished(scenario(world, action={"start": -500}), replicates=2)
    first = finished(scenario(world, action={"start": -6}), replicates=2)
    assert scenario(world, action={"start": -500}).open_week == 0.0
    assert same_bits(early, first)


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
    assert same_bits(first, second)
    assert not same_bits(first, finished(scenario(three_at_war(weeks=80)), replicates=2))


def test_never_acting_is_the_baseline_however_it_is_written() -> None:
    world = three_at_war(weeks=80)
    baseline = finished(scenario(world).baseline(), replicates=3)
    for action in (
        {"start": "never"}, {"start": math.inf}, {"start": "never", "arrival": 13}, {"start": 1000},
    ):  # fmt: skip
        assert same_bits(baseline, finished(scenario(world, action=action), replicates=3)), action
    assert same_bits(baseline, finished(scenario(world).with_levers(start=math.inf), replicates=3))


def test_the_baseline_does_not_depend_on_positions() -> None:
    """Only the positions themselves differ between united and divided who never act."""
    case = scenario(three_at_war(weeks=80)).baseline()
    batch = finished(case, case.with_levers(dispersion=1.0), replicates=3)
    positions = (I.position_pressure, I.position_protection)
    for number in range(3):
        assert rows_differ(batch, number, 3 + number, but=positions) == []
        assert len(rows_differ(batch, number, 3 + number)) == 2


# --- every run ------------------------------------------------------------------------------------


@st.composite
def any_world(draw: st.DrawFn) -> Scenario:
    """Return a made-up world: any parameters, places without people, armed groups or not."""
    country = two_groups(
        communities=draw(st.sampled_from([1, 2, 3, 9])),
        groups=draw(st.integers(2, 4)),
        neighbours=draw(st.integers(0, 2)),
        segregation=draw(st.sampled_from([0.0, 0.5, 1.0])),
        inequality=draw(st.sampled_from([0.0, 0.4, 1.0])),
        openness=draw(st.sampled_from([0.0, 0.3, 1.0])),
        people=draw(st.sampled_from([10.0, 3000.0, 200_000.0])),
        seed=draw(st.integers(0, 1000)),
    )
    for row in country["places"].values():
        if draw(st.integers(0, 5)) == 0:
            row["population"] = 0
            row.pop("shares", None)
    for name in list(country["armed_groups"]):
        if draw(st.integers(0, 4)) == 0:
            del country["armed_groups"][name]
        else:
            country["armed_groups"][name] |= {
                "strength": draw(st.sampled_from([0.0, 20.0, 5000.0])),
                "discipline": draw(st.sampled_from([0.0, 0.5, 1.0])),
            }
    country["shocks"] = [
        {"week": week, **{key: draw(st.sampled_from([0.0, 0.5, 1.0])) for key in
                          ("threat", "grievance", "fear")}}
        for week in (1, 7)
    ]  # fmt: skip
    actors = read_yaml("actors")
    actors["dispersion"] = draw(st.floats(0.0, 1.0))
    for name in list(actors["actors"]):
        if draw(st.booleans()):
            del actors["actors"][name]
        else:
            actors["actors"][name]["endowment"] = draw(st.sampled_from([0.0, 0.5, 100.0]))
    if not any(read_weight(row) for row in actors["actors"].values()):
        actors["actors"] = {}
    wide = draw(st.dictionaries(
        st.sampled_from([parameter.name for parameter in PARAMETERS]), st.floats(0.0, 1.0),
        max_size=12,
    ))  # fmt: skip
    parameters = dict(VIOLENT) if draw(st.booleans()) else {}
    for parameter in PARAMETERS:
        if parameter.name in wide:
            span = parameter.high - parameter.low
            value = parameter.low + wide[parameter.name] * span
            parameters[parameter.name] = min(parameter.high, value)
    return scenario({
        "country": country, "actors": actors, "interventions": copy.deepcopy(MEASURES),
        "action": {"start": draw(st.sampled_from([-1, 3, "never"])),
                   "arrival": draw(st.sampled_from(["bargained", 0, 5]))},
        "parameters": parameters, "weeks": 30,
    })  # fmt: skip


def read_weight(row: dict[str, Any]) -> bool:
    """Return whether an actor has votes."""
    weight = row["weight"]
    return bool(weight["high"] if isinstance(weight, dict) else weight)


def assert_sound(batch: Batch, case: Scenario) -> None:
    """Raise unless people are conserved, whole, and every field is within its range."""
    people = batch.state["people"]
    parts = people[:, [Q.residents, Q.displaced, Q.killed, Q.died, Q.arrivals]]
    assert (parts == np.floor(parts)).all(), "people in parts"
    assert (parts >= 0.0).all(), "fewer people than none"
    everyone = parts.sum(axis=(1, 3))
    assert (everyone == case.country.people.sum(axis=1)).all(), "people lost or made"
    assert (people[:, Q.arrivals] == 0.0).all(), "people left on the road"
    assert (people[:, Q.residents][..., case.country.abroad] == 0.0).all(), "residents abroad"
    for name, table in zip(STATE, FIELDS, strict=True):
        for position, field in enumerate(table):
            column = batch.state[name][:, position]
            assert not np.isnan(column).any(), field.name
            assert (column >= field.low).all(), f"{name}.{field.name} below {field.low}"
            assert (column <= field.high).all(), f"{name}.{field.name} above {field.high}"


@settings(max_examples=150)
@given(any_world(), st.integers(0, 2**64 - 1))
def test_people_are_conserved_and_every_field_stays_in_its_range(case: Scenario, seed: int) -> None:
    batch = started(case, replicates=3, seed=seed)
    assert_sound(batch, case)
    for _ in range(case.weeks):
        batch.advance(1)
        assert_sound(batch, case)


@pytest.mark.parametrize("world", [burundi, three_at_war])
def test_a_war_keeps_people_whole_and_fields_in_range(world: Any) -> None:
    case = scenario(world(), parameters=VIOLENT)
    batch = started(case, replicates=6, seed=3)
    for _ in range(case.weeks):
        batch.advance(1)
        assert_sound(batch, case)
    people = batch.state["people"]
    assert (people[:, Q.killed].sum(axis=(1, 2)) > 1000.0).all()
    assert (people[:, Q.died].sum(axis=(1, 2)) > 0.0).all()


def test_the_record_adds_up_to_the_state() -> None:
    batch = finished(scenario(three_at_war()), replicates=4)
    people, series = batch.state["people"], batch.series
    killed, died = (people[:, field].sum(axis=(1, 2)) for field in (Q.killed, Q.died))
    assert np.array_equal(series[:, :, Z.direct_deaths].sum(axis=1), killed)
    assert np.array_equal(series[:, :, Z.indirect_deaths].sum(axis=1), died)
    assert np.array_equal(series[:, :, Z.killed_first :].sum(axis=2), series[:, :, Z.direct_deaths])
    assert np.array_equal(batch.outcomes[:, O.direct_deaths], killed)
    assert np.array_equal(batch.outcomes[:, O.indirect_deaths], died)
    assert np.array_equal(series[:, -1, Z.displaced], people[:, Q.displaced].sum(axis=(1, 2)))
    assert np.array_equal(
        batch.outcomes[:, O.communities_attacked], (people[:, Q.killed].sum(axis=1) > 0).sum(axis=1)
    )
    assert (killed > 0.0).all()


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


# --- unity, timing, money -------------------------------------------------------------------------


def _actors(**entries: Any) -> Actors:
    return Actors.from_mapping(read_yaml("actors") | entries)


@given(
    st.lists(
        st.tuples(st.floats(0.01, 10.0), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0)),
        min_size=1, max_size=12,
    ),
    st.floats(0.0, 1.0), st.floats(0.0, 1.0),
)  # fmt: skip
@example([(1.0, 0.5, 0.5), (1.0, 0.5, 0.5)], 0.5, 0.5)
def test_dispersion_preserves_the_mean_and_just_fits_the_space(
    rows: list[tuple[float, float, float]], pressure: float, protection: float
) -> None:
    raw = {
        "mean": [pressure, protection],
        "actors": {
            f"actor_{j}": {
                "weight": weight, "salience": 0.5, "endowment": 1, "contribution": 0.1,
                "deviation": [first, second],
            }
            for j, (weight, first, second) in enumerate(rows)
        },
    }  # fmt: skip
    actors = Actors.from_mapping(raw)
    unity, spread = [], []
    for dispersion in (0.0, 0.25, 0.5, 0.75, 1.0):
        moved = actors.with_dispersion(dispersion)
        positions = moved.positions()
        assert ((positions >= 0.0) & (positions <= 1.0)).all()
        assert positions @ moved.weight == pytest.approx([pressure, protection], abs=1e-9)
        unity.append(moved.unity())
        spread.append(np.abs(positions - np.array([[pressure], [protection]])).max())
    assert unity[0] == pytest.approx(1.0, abs=1e-9)
    assert (np.diff(unity) <= 1e-12).all()
    # Dispersion is a scale: a quarter of it moves everyone a quarter of the way.
    assert np.allclose(spread, spread[4] * np.array([0.0, 0.25, 0.5, 0.75, 1.0]), atol=1e-9)
    apart = len({row[1:] for row in rows}) > 1 and max(np.ptp([row[1:] for row in rows], 0)) > 1e-6
    if apart and 0.01 < min(pressure, protection) <= max(pressure, protection) < 0.99:
        edge = actors.with_dispersion(1.0).positions()
        assert min(edge.min(), 1.0 - edge.max()) == pytest.approx(0.0, abs=1e-9)
        assert unity[4] < 1.0


def test_unity_falls_with_dispersion_in_burundi() -> None:
    unity = [_actors(dispersion=d).unity() for d in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert unity[0] == pytest.approx(1.0, abs=1e-12)
    assert all(later < earlier - 0.02 for earlier, later in zip(unity, unity[1:], strict=False))


@pytest.mark.parametrize("dispersion", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("start", "delay"), [(-3, 0), (0, 26), (8, 13), (30, 1)])
def test_a_clamped_arrival_comes_in_its_week_and_at_its_level_at_once(
    dispersion: float, start: int, delay: int
) -> None:
    """For united and divided alike: nobody before, the whole force in that week.

    A mandate is always adopted; only one without any protection in it sends nobody.
    """
    world = burundi(action={"start": start, "arrival": delay})
    world["actors"]["dispersion"] = dispersion
    case = scenario(world)
    arrival = int(case.open_week + delay)
    batch = started(case, replicates=20, seed=9)
    batch.advance(arrival)
    for field in (W.troops_deployed, W.troops_preparing, W.mandate_scale, W.mediation):
        assert not batch.state["world"][:, field].any()
    assert not batch.series[:, :, Z.peacekeepers].any()
    batch.advance(1)
    world_now, actors = batch.state["world"], batch.state["actors"]
    contribution = actors[:, I.contribution]
    offered = (contribution * actors[:, I.attention]).sum(axis=1) / contribution.sum(axis=1)
    forced = float(case.parameters[P.forced_entry])
    for number in range(20):
        protection = float(world_now[number, W.policy_protection])
        entering = deployable_share(
            float(batch.state["government"][number, G.consent]), protection, forced
        )
        level = world_now[number, W.troops_requested] * protection * offered[number] * entering
        assert world_now[number, W.mandate_scale] > 0.0
        assert level > 0.0 or protection == 0.0
        assert world_now[number, W.troops_deployed] == pytest.approx(level, rel=1e-12)
        assert batch.series[number, arrival, Z.peacekeepers] == world_now[number, W.troops_deployed]
        assert world_now[number, W.mandate_week] == arrival
    assert np.median(world_now[:, W.troops_deployed]) > 10.0


@pytest.mark.parametrize("action", [{"start": 2.5}, {"start": 0, "arrival": 10.5}])
def test_a_fraction_of_a_week_is_refused_or_help_still_arrives(action: dict[str, Any]) -> None:
    """A clamped arrival between two weeks must not silently mean never."""
    from sim.errors import ScenarioError

    try:
        case = scenario(burundi(), action={"arrival": 13} | action)
    except ScenarioError:
        return
    assert finished(case, replicates=4).series[:, :, Z.peacekeepers].any()


@pytest.mark.parametrize("endowment", [0.0, 0.3, 5.0, 200.0])
@pytest.mark.parametrize("dispersion", [0.0, 1.0])
def test_spending_never_exceeds_the_endowment(endowment: float, dispersion: float) -> None:
    actors = poor_actors(endowment) | {"dispersion": dispersion}
    total = endowment * len(actors["actors"])
    batch = started(scenario(three_at_war(actors=actors)), replicates=5, seed=2)
    before = np.zeros(5)
    for _ in range(110):
        batch.advance(1)
        spent = batch.state["world"][:, W.spent]
        left = batch.state["actors"][:, I.endowment]
        assert (left >= 0.0).all()
        assert (spent >= before).all()
        assert (spent <= total * (1.0 + 1e-9)).all()
        assert left.sum(axis=1) + spent == pytest.approx(np.full(5, total), rel=1e-9, abs=1e-9)
        before = spent.copy()
    assert (before > 0.0).all() == (endowment > 0.0)


def test_a_purse_that_is_empty_pays_for_nobody() -> None:
    batch = finished(scenario(three_at_war(actors=poor_actors(0.0))), replicates=4)
    assert not batch.series[:, :, [Z.peacekeepers, Z.spent]].any()
    assert batch.series[:, :, Z.mandate_scale].any()


def test_losses_and_unrest_of_a_group_are_means_over_its_people_at_home() -> None:
    case = scenario(three_at_war())
    batch = started(case, replicates=2)
    batch.advance(60)
    people, home = batch.state["people"], ~case.country.abroad
    here = people[:, Q.residents][..., home]
    memory = (here * people[:, Q.memory][..., home]).sum(axis=2) / here.sum(axis=2)
    assert batch.state["groups"][:, N.losses] == pytest.approx(memory, rel=1e-9)
    assert memory.any()
