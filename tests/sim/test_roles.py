"""What governments, neighbours, patrons, camps and the rule of the council change."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from same_state import assert_same_state
from small_worlds import (
    burundi,
    equal_actors,
    everything,
    finished,
    overthrow,
    scenario,
    started,
    three_at_war,
)

from sim.fields import A, C, G, I, Q, W
from sim.kinds import MILITIA, REBEL, STATE
from sim.model import PreventionModel
from sim.outcomes import ENDINGS, O, Z
from sim.parameters import P
from sim.scenario import Scenario

RUNS = 300


def with_country(**changed: Any) -> dict[str, Any]:
    """Return the war of three groups with entries of its country changed."""
    country = copy.deepcopy(three_at_war()["country"])
    for key, entry in changed.items():
        country[key] = {**country.get(key, {}), **entry}
    return three_at_war(country=country, action={"start": "never"})


def log_deaths(case: Scenario) -> np.ndarray:
    """Return log(1 + direct deaths) of runs of a scenario."""
    return np.log1p(finished(case, replicates=RUNS).outcomes[:, O.direct_deaths])


def test_a_government_that_is_no_perpetrator_gives_its_forces_no_order() -> None:
    for role in ("bystander", "protector"):
        batch = started(scenario(with_country(government={"role": role})), replicates=6)
        state = batch.state["armed"][0, A.kind] == STATE
        ordered = False
        for _ in range(80):
            batch.advance(1)
            # Rebels who come to power decide for themselves.
            first = batch.state["world"][:, W.government_changes] == 0.0
            armed = batch.state["armed"][first]
            assert not armed[:, A.order][:, state].any()
            ordered = ordered or bool(armed[:, A.order][:, ~state].any())
        assert ordered  # militias and rebels lead themselves


def test_a_protector_saves_lives_that_a_bystander_does_not() -> None:
    protected, watched = (
        log_deaths(scenario(with_country(government={"role": role, "capacity": 0.8})))
        for role in ("protector", "bystander")
    )
    difference = protected - watched
    assert difference.mean() + 3.29 * difference.std(ddof=1) / np.sqrt(RUNS) < 0.0


def test_state_forces_shelter_unless_the_state_kills_and_a_protector_most() -> None:
    shelters = {}
    for role in ("perpetrator", "bystander", "protector"):
        batch = started(scenario(with_country(government={"role": role})), replicates=2)
        batch.advance(20)
        shelters[role] = batch.state["communities"][:, C.shelter].max()
    assert shelters["protector"] > shelters["bystander"] > 0.0 == shelters["perpetrator"]


def test_neighbours_that_feed_the_war_arm_rebels_and_no_one_else() -> None:
    strength = {}
    for support in (-1.0, 0.0):
        states = {
            name: {"openness": 0.5, "support": support}
            for name in three_at_war()["country"]["neighbours"]
        }
        batch = finished(scenario(with_country(neighbours=states)), replicates=20)
        armed = batch.state["armed"]
        rebels = armed[0, A.kind] == REBEL
        militia = armed[0, A.kind] == MILITIA
        strength[support] = armed[:, A.finance][:, rebels].mean()
        assert not armed[:, A.finance][:, militia].any()
    assert strength[-1.0] > 0.1 > strength[0.0] == 0.0


def test_patrons_of_the_government_lower_the_pressure_that_reaches_it() -> None:
    pressure = {}
    for tie in (0.0, 1.0):
        actors = equal_actors(60.0) | {"dispersion": 1.0}
        actors["actors"]["russia_and_china"]["tie"] = tie
        actors["actors"]["rwanda"]["tie"] = 0.0
        batch = started(scenario(burundi(actors=actors, weeks=104)), replicates=60)
        total = np.zeros(60)
        for _ in range(104):
            batch.advance(1)
            total += batch.state["world"][:, W.pressure]
        pressure[tie] = total
    assert (pressure[1.0] - pressure[0.0]).mean() < 0.0


def test_consensus_dilutes_what_a_vote_would_adopt() -> None:
    scale = {}
    for kind in ("vote", "consensus"):
        actors = burundi()["actors"] | {"rule": {"kind": kind, "quota": 0.5}, "dispersion": 0.8}
        for row in actors["actors"].values():
            row["veto"] = False
        batch = finished(scenario(burundi(actors=actors, weeks=104)), replicates=100)
        scale[kind] = batch.series[:, :, Z.mandate_scale].max(axis=1)
    assert scale["consensus"].mean() < 0.7 * scale["vote"].mean()


def test_protection_is_counted_over_those_at_risk_wherever_it_goes() -> None:
    """Peacekeepers in the capital alone protect the capital's share of those at risk, not all."""
    counted = {}
    for coverage in ("all", "capital"):
        measure = {"peacekeeping": {"coverage": coverage, "intensity": 20_000.0}}
        batch = started(scenario(burundi(interventions=measure, action={"start": -10})))
        batch.advance(104)
        places, risk = batch.state["communities"][0], batch.state["communities"][0, C.at_risk]
        mean = (places[C.protection] * risk).sum() / risk.sum()
        counted[coverage] = batch.state["world"][0, W.protected]
        assert abs(counted[coverage] - mean) < 1e-12
    assert 0.0 < counted["capital"] < counted["all"]


def test_camps_fill_and_who_is_beyond_their_capacity_queues_without_aid() -> None:
    batch = started(scenario(everything()), replicates=2)
    queued = False
    for _ in range(60):
        batch.advance(1)
        places = batch.state["communities"]
        displaced = batch.state["people"][:, Q.displaced].sum(axis=1)
        over = displaced > places[:, C.capacity]
        # Some die of hardship after places have been given out.
        under = displaced < 0.9 * places[:, C.capacity]
        assert (places[:, C.admitted][under] == 1.0).all()
        assert (places[:, C.room][over] == 0.0).all()
        assert (places[:, C.admitted][over] < 1.0).all()
        queued = queued or bool(over.any())
    assert queued


def test_people_come_home_where_fear_has_gone_and_only_then() -> None:
    """After a shock of fear alone people leave, and most are back within three years."""
    country = copy.deepcopy(burundi()["country"])
    country["armed_groups"] = {}
    country["shocks"] = [{"week": 2, "fear": 0.9}]
    batch = finished(scenario(burundi(country=country, weeks=156)), replicates=4)
    displaced = batch.series[:, :, Z.displaced]
    peak = displaced.max(axis=1)
    assert (peak > 10_000).all()
    assert (displaced[:, -1] < 0.35 * peak).all()
    people = batch.state["people"]
    assert (people[:, Q.away].sum(axis=(1, 2)) >= displaced[:, -1]).all()  # the dead among them


def test_survivors_return_no_faster_than_the_ceiling_however_many_have_died() -> None:
    """The displaced fall by the dead and by at most the ceiling's share of those who live."""
    country = copy.deepcopy(burundi()["country"])
    country["armed_groups"] = {}
    country["shocks"] = [{"week": 2, "fear": 0.9}]
    hard = {"deprivation_mortality": 0.005, "deprivation_fade": 0.01, "flight_ceiling": 0.05}
    batch = finished(
        scenario(burundi(country=country, weeks=156), parameters=hard).baseline(), replicates=4
    )
    displaced = batch.series[:, :, Z.displaced]
    left = displaced[:, :-1] - batch.series[:, 1:, Z.indirect_deaths] - displaced[:, 1:]
    assert (batch.outcomes[:, O.indirect_deaths] > 0.02 * displaced.max(axis=1)).all()
    assert (left[:, 60:] <= 0.02 * displaced[:, 60:-1] + 40.0).all()


def test_combat_weakens_both_sides_and_moves_control() -> None:
    fought, spared = (
        started(
            scenario(with_country(government={"role": "bystander"}), mechanisms={"contest": on}),
            replicates=8,
        )
        for on in (True, False)
    )
    for batch in (fought, spared):
        batch.advance(20)
    kind = fought.state["armed"][0, A.kind]
    for side in (STATE, REBEL):
        mine = kind == side
        lost = fought.state["armed"][:, A.strength][:, mine].sum(axis=1)
        kept = spared.state["armed"][:, A.strength][:, mine].sum(axis=1)
        assert (lost < kept).all()
    assert (spared.state["communities"][:, C.control].max(axis=1) == 1.0).all()
    assert (fought.state["world"][:, W.control] < 1.0).all()
    assert (spared.state["world"][:, W.control] == 1.0).all()


def overthrown(
    case: Scenario, replicates: int = 8
) -> tuple[Any, np.ndarray, dict[str, np.ndarray]]:
    """Return runs stopped in the week of a first overthrow, which they are, and their state before."""
    batch = started(case, replicates=replicates)
    for _ in range(case.weeks):
        before = {name: values.copy() for name, values in batch.state.items()}
        batch.advance(1)
        fell = batch.state["world"][:, W.government_changes] > 0.0
        if fell.any():
            return batch, fell, before
    raise AssertionError("no government fell")


def test_rebels_who_win_govern_and_the_beaten_go_underground() -> None:
    case = scenario(overthrow())
    batch, fell, before = overthrown(case)
    armed, was = batch.state["armed"][fell], before["armed"][fell]
    new = batch.state["government"][fell][:, G.group].astype(int)
    assert (new != before["government"][fell][:, G.group]).all()
    for run in range(new.size):
        strongest = np.where(was[run, A.kind] == REBEL, was[run, A.strength], -1.0).argmax()
        assert new[run] == was[run, A.side, strongest]
        won = (was[run, A.kind] == REBEL) & (was[run, A.side] == new[run])
        assert (armed[run, A.kind][won] == STATE).all()
        lost = was[run, A.kind] == STATE
        assert (armed[run, A.kind][lost] == REBEL).all()
        assert (armed[run, A.target][lost] == new[run]).all()
    lost = was[:, A.kind] == STATE
    share = case.parameters[P.remnant_share]
    assert (armed[:, A.strength_usual][lost] <= share * was[:, A.strength][lost] + 1e-9).all()
    assert (armed[:, A.strength_usual][lost] > 0.0).all()
    assert (batch.state["world"][fell][:, W.control] < case.parameters[P.victory_rebels]).all()
    at_home = batch.state["communities"][fell][:, C.abroad] < 0.5
    controlled = batch.state["communities"][fell][:, C.control][at_home]
    assert controlled.mean() > 1.0 - case.parameters[P.victory_rebels] - 0.05
    tie = I.tie
    assert np.array_equal(batch.state["actors"][fell][:, tie], -before["actors"][fell][:, tie])


def test_both_engines_change_governments_alike() -> None:
    case = scenario(overthrow(weeks=200))
    batch, model = started(case, seed=4), PreventionModel(case, seed=4)
    for _ in range(20):
        batch.advance(10)
        for _ in range(10):
            model.step()
        assert_same_state(model, batch)
    assert model.government_changes >= 2.0


def test_a_war_that_rebels_have_won_may_recur_and_without_remnants_it_does_not() -> None:
    def changes(share: float) -> np.ndarray:
        parameters = overthrow()["parameters"] | {"remnant_share": share}
        case = scenario(overthrow(parameters=parameters, weeks=520))
        batch = finished(case, replicates=40)
        assert (batch.state["world"][:, W.government_changes] >= 1.0).any()
        return np.asarray(batch.state["world"][:, W.government_changes])

    lasting, underground = changes(0.0), changes(0.8)
    assert underground.mean() > lasting.mean()
    assert underground.max() >= 2.0


def test_neighbours_feed_a_party_and_not_whoever_rebels() -> None:
    country = copy.deepcopy(overthrow()["country"])
    country["neighbours"]["neighbour_1"]["support"] = -1.0
    case = scenario(overthrow(country=country))
    batch, fell, _ = overthrown(case)
    rebels = batch.state["armed"][fell][:, A.kind] == REBEL
    fed = batch.state["armed"][fell][:, A.finance].copy()
    batch.advance(1)
    again = batch.state["armed"][fell][:, A.finance]
    assert (fed[~rebels] > 0.0).any() and (again[rebels] <= fed[rebels]).all()


def test_a_side_that_has_won_ends_the_episode_by_victory() -> None:
    batch = finished(scenario(overthrow()), replicates=8)
    assert (batch.series[:, -1, Z.victory] == 2.0).any()
    ended = batch.outcomes[:, O.end_kind]
    assert set(ended.astype(int)) <= set(range(len(ENDINGS)))


def test_shocks_at_a_rate_strike_as_often_as_that_and_are_shared_by_a_pair() -> None:
    country = copy.deepcopy(burundi()["country"])
    country["shocks"] = [{"rate": 2.0, "threat": 0.1}, {"week": 30, "threat": 0.2}]
    case = scenario(burundi(country=country, weeks=260, mechanisms={"elite_choice": False}))
    assert case.shock_week == 30
    batch = started(case, case.baseline(), replicates=60)
    struck = np.zeros((2, 60))
    for week in range(260):
        batch.advance(1)
        shock = batch.state["world"][:, W.shock_threat].reshape(2, 60)
        assert np.array_equal(shock[0], shock[1])
        struck += (shock > 0.0) & (week != 30)
    years = 260.0 / 52.0
    spread = np.sqrt(2.0 * years / 60)
    assert abs(struck[0].mean() - 2.0 * years) < 4.0 * spread
