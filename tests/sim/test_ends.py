"""How violence ends: agreements are kept or broken by those who signed, wars wear the sides down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_worlds import VIOLENT, burundi, finished, overthrow, scenario, started, three_at_war

from sim.ensemble import Batch
from sim.fields import A, C, G, M, Q, W
from sim.kinds import MILITIA, REBEL, STATE
from sim.outcomes import ENDINGS, O, Z
from sim.parameters import P

RUNS = 60


def war(**entries: Any) -> dict[str, Any]:
    """Return the war of three groups, in which outsiders do nothing, on other parameters."""
    parameters = VIOLENT | entries.pop("parameters", {})
    return three_at_war(action={"start": "never"}, parameters=parameters, **entries)


def kind_of(batch: Batch, which: float) -> np.ndarray:
    """Return which armed groups are of one kind."""
    return np.asarray(batch.state["armed"][0, A.kind] == which)


SETTLING = {"settlement_hurt": 3.0, "terms_unbacked": 1.0}
WEARING = {"weariness_gain": 3.0, "crushing_rate": 0.3, "weariness_fade": 0.001,
           "attrition_rate": 0.1, "cost_weariness": 2.0, "victory_rebels": 0.01}  # fmt: skip
OVERCOMING = {"attrition_rate": 0.1, "remnant_share": 0.0, "order_inertia": 0.0, "gain_kill": 2.0,
              "cost_kill": 1.5, "cost_expel": 1.0, "memory_fade": 0.5, "value_terms": 0.0,
              "intent_revenge": 0.3}  # fmt: skip
ENDS: dict[str, dict[str, Any]] = {
    "ongoing": war(weeks=40),
    "agreement": three_at_war(weeks=260, parameters=VIOLENT | SETTLING | {"relapse_rate": 0.0}),
    "exhaustion": war(weeks=260, parameters=WEARING),
    "victory": overthrow(weeks=208, parameters=VIOLENT | OVERCOMING),
    "subsided": burundi(weeks=156, action={"start": "never"}),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_episode_can_end_in_every_way(end: str) -> None:
    kinds = finished(scenario(ENDS[end]), replicates=RUNS).outcomes[:, O.end_kind]
    assert (kinds == ENDINGS.index(end)).mean() > 0.02, np.bincount(kinds.astype(int), minlength=6)


def test_nobody_is_exhausted_where_losses_weigh_nothing() -> None:
    case = scenario(war(weeks=120, parameters=WEARING | {"weariness_gain": 0.0}))
    batch = finished(case, replicates=RUNS)
    assert batch.state["armed"][:, A.weariness].max() == 0.0
    assert not (batch.outcomes[:, O.end_kind] == ENDINGS.index("exhaustion")).any()


def test_exhaustion_shortens_the_violence() -> None:
    """The same war, the same draws: where losses weigh, there are fewer orders and fewer dead."""
    weary, tireless = (
        finished(scenario(war(weeks=200, parameters=WEARING | {"weariness_gain": gain})),
                 replicates=200)
        for gain in (3.0, 0.0)
    )  # fmt: skip
    log_deaths = [np.log1p(end.outcomes[:, O.direct_deaths]) for end in (weary, tireless)]
    difference = log_deaths[0] - log_deaths[1]
    assert difference.mean() + 3.29 * difference.std(ddof=1) / np.sqrt(200) < 0.0
    assert weary.series[:, :, Z.exhausted].any() and not tireless.series[:, :, Z.exhausted].any()


@pytest.mark.parametrize("paid", [STATE, REBEL])
def test_money_keeps_a_side_from_tiring(paid: float) -> None:
    weariness = []
    for finance in (0.0, 1.0):
        batch = started(scenario(war()), replicates=RUNS)
        batch.advance(8)
        batch.state["armed"][:, A.finance, kind_of(batch, paid)] = finance
        batch.advance(1)
        weariness.append(batch.state["armed"][:, A.weariness][:, kind_of(batch, paid)])
    assert (weariness[1] <= weariness[0]).all() and (weariness[1] < weariness[0]).any()


def test_a_capable_state_tires_later_and_its_militias_tire_with_it() -> None:
    weariness = []
    for capacity in (0.1, 0.9):
        batch = started(scenario(war()), replicates=RUNS)
        batch.advance(8)
        batch.state["government"][:, G.capacity] = capacity
        batch.advance(1)
        held = batch.state["armed"][:, A.weariness]
        weariness.append(held[:, kind_of(batch, STATE)])
        militias = held[:, kind_of(batch, MILITIA)]
        assert np.array_equal(militias, np.broadcast_to(weariness[-1], militias.shape))
    assert (weariness[1] < weariness[0]).all()


def set_weary(which: float, weariness: float, *, weeks: int = 1, at: int = 8) -> Batch:
    """Return runs in which one kind of armed groups was made weary at a decision."""
    raw = war(parameters={"weariness_fade": 0.001})
    batch = started(scenario(raw), replicates=RUNS)
    batch.advance(at)
    batch.state["armed"][:, A.weariness, kind_of(batch, which)] = weariness
    batch.state["armed"][:, A.threat] = 1.0
    batch.state["government"][:, G.threat] = 1.0
    batch.advance(weeks)
    return batch


@pytest.mark.parametrize("which", [STATE, REBEL])
def test_the_weary_value_violence_less_and_nobody_else_does(which: float) -> None:
    fresh, weary = (set_weary(which, level) for level in (0.0, 1.0))
    fresh_value, weary_value = (batch.state["armed"][:, A.resolve] for batch in (fresh, weary))
    own = kind_of(fresh, which)
    other = kind_of(fresh, REBEL if which == STATE else STATE)
    assert (weary_value[:, own] < fresh_value[:, own]).all()
    assert np.array_equal(weary_value[:, other], fresh_value[:, other])


def test_nobody_joins_weary_rebels_and_they_seek_no_battle() -> None:
    fresh, weary = (set_weary(REBEL, level) for level in (0.0, 1.0))
    rebels = kind_of(fresh, REBEL)
    joined = [batch.state["presence"][:, M.armed][:, rebels].sum(axis=(1, 2)) for batch in
              (fresh, weary)]  # fmt: skip
    assert (joined[1] < joined[0]).all()
    strength = [batch.state["armed"][:, A.strength][:, kind_of(batch, STATE)] for batch in
                (fresh, weary)]  # fmt: skip
    assert (strength[1] > strength[0]).all()


@pytest.mark.parametrize("which", [STATE, REBEL])
def test_the_weary_of_either_side_attack_nobody_and_count_as_exhausted(which: float) -> None:
    fresh, weary = (set_weary(which, level) for level in (0.0, 1.0))
    theirs = C.rebel_losses if which == STATE else C.state_losses
    losses = [batch.state["communities"][:, theirs] for batch in (fresh, weary)]
    assert (losses[0].max(axis=1) > 0.0).all()
    # A week after, one per cent of it is overcome at most.
    assert (losses[1].max(axis=1) < 0.01 * losses[0].max(axis=1)).all()
    assert (weary.state["world"][:, W.exhausted] == 1.0).all()
    assert not fresh.state["world"][:, W.exhausted].any()


def test_losses_weary_by_what_they_are_of_all_whom_a_side_can_arm() -> None:
    """The equation of the description, week by week, from the state alone."""
    case = scenario(war(parameters={"weariness_fade": 0.1}))
    batch, checked = started(case, replicates=6), 0
    row = case.parameters
    for _ in range(12):
        before = {name: values.copy() for name, values in batch.state.items()}
        batch.advance(1)
        now, places = batch.state, batch.state["communities"]
        for index in np.flatnonzero(~kind_of(batch, MILITIA)):
            armed = now["armed"][:, :, index]
            if kind_of(batch, STATE)[index]:
                here, losses = now["presence"][:, M.armed, index], places[:, C.state_losses]
                pool = armed[:, A.strength_usual]
                capacity = now["government"][:, G.capacity]
                means = 1.0 - (1.0 - capacity) * (1.0 - armed[:, A.finance])
            else:
                here, losses = before["presence"][:, M.armed, index], places[:, C.rebel_losses]
                side = int(armed[0, A.side])
                pool = row[P.mobilisation_ceiling] * before["people"][:, Q.residents, side].sum(
                    axis=1
                )
                means = armed[:, A.finance]
            share = (here * losses).sum(axis=1) / pool
            left = (1.0 - row[P.weariness_fade]) * before["armed"][:, A.weariness, index]
            fresh = np.exp(-row[P.weariness_gain] * share * (1.0 - row[P.weariness_means] * means))
            assert armed[:, A.weariness] == pytest.approx(1.0 - (1.0 - left) * fresh, rel=1e-9)
            checked += int((share > 0.0).sum())
    assert checked > 100


@pytest.mark.parametrize("which", [STATE, REBEL])
def test_the_weary_of_either_side_settle_sooner(which: float) -> None:
    agreed = []
    for weariness in (0.0, 1.0):
        batch = started(scenario(war()), replicates=RUNS)
        batch.advance(8)
        armed = batch.state["armed"]
        armed[:, A.terms], armed[:, A.forum] = 0.6, 0.0
        armed[:, A.weariness, kind_of(batch, which)] = weariness
        batch.advance(1)
        agreed.append(batch.state["world"][:, W.agreement])
    assert (agreed[1] >= agreed[0]).all() and agreed[1].sum() > agreed[0].sum()


# --- compliance -----------------------------------------------------------------------------------


def settled(
    resolve: dict[float, float] | None = None, belief: dict[float, float] | None = None,
    support: float = 0.0, **around: float,
) -> Batch:  # fmt: skip
    """Return runs a week after a decision with an agreement in force, what bears on it set."""
    off = {"elite_choice": False, "credibility": False, "killing": False, "shocks": False}
    raw = three_at_war(mechanisms=off, action={"start": "never"})
    for neighbour in raw["country"]["neighbours"].values():
        neighbour["support"] = support
    batch = started(scenario(raw, parameters=VIOLENT | {"relapse_rate": 0.3}), replicates=400)
    batch.advance(8)
    batch.state["world"][:, W.agreement] = 1.0
    for field, values in ((A.resolve, resolve), (A.belief, belief)):
        for which, value in (values or {}).items():
            batch.state["armed"][:, field, kind_of(batch, which)] = value
    for name, value in around.items():
        batch.state["world"][:, getattr(W, name)] = value
    batch.advance(1)
    return batch


def broken(batch: Batch) -> float:
    """Return the share of agreements that were broken."""
    return float((batch.state["world"][:, W.agreement] < 0.5).mean())


def test_an_agreement_breaks_at_its_rate_while_violence_pays_nobody() -> None:
    share = broken(settled())
    assert abs(share - 0.3) < 3.3 * np.sqrt(0.21 / 400)


@pytest.mark.parametrize(("tempted", "faithful"), [(STATE, REBEL), (REBEL, STATE)])
def test_who_gains_by_violence_breaks_the_agreement(tempted: float, faithful: float) -> None:
    calm, torn = settled(), settled({tempted: 1.0})
    assert broken(torn) > broken(calm) + 0.1
    was_broken = torn.state["world"][:, W.agreement] < 0.5
    breaches = torn.state["armed"][:, A.breaches]
    assert np.array_equal(breaches.sum(axis=1), was_broken.astype(float))
    by_tempted, by_faithful = (
        breaches[:, kind_of(torn, which)].sum() / kind_of(torn, which).sum()
        for which in (tempted, faithful)
    )
    assert by_tempted > 2.0 * by_faithful


def test_an_agreement_that_was_kept_was_broken_by_nobody() -> None:
    batch = settled()
    kept = batch.state["world"][:, W.agreement] > 0.5
    assert kept.any() and (batch.state["armed"][kept, A.breaches] == 0.0).all()


@pytest.mark.parametrize(("believer", "doubter"), [(STATE, REBEL), (REBEL, STATE)])
@pytest.mark.parametrize("by", ["protected", "monitoring"])
def test_a_party_is_bound_as_far_as_it_believes_itself(
    believer: float, doubter: float, by: str
) -> None:
    """A guarantee that the other side believes in binds the other side alone."""
    batch = settled(belief={believer: 1.0, doubter: 0.0}, **{by: 1.0})
    breaches = batch.state["armed"][:, A.breaches]
    by_believer, by_doubter = (
        breaches[:, kind_of(batch, which)].sum() / kind_of(batch, which).sum()
        for which in (believer, doubter)
    )
    assert by_doubter > 1.6 * by_believer
    unbelieved = settled(belief={believer: 0.0, doubter: 0.0}, **{by: 1.0})
    assert abs(broken(unbelieved) - 0.3) < 3.3 * np.sqrt(0.21 / 400)


@pytest.mark.parametrize("what", ["neighbours", "women"])
def test_neighbours_who_help_and_women_who_take_part_keep_an_agreement(what: str) -> None:
    """The same draws: fewer are broken, and none that would have been kept."""
    kept = {"neighbours": {"support": 1.0}, "women": {"participation": 1.0}}[what]
    alone, together = settled(), settled(**kept)
    fell = [batch.state["world"][:, W.agreement] < 0.5 for batch in (alone, together)]
    assert fell[1].sum() < 0.85 * fell[0].sum()
    assert not (fell[1] & ~fell[0]).any()
