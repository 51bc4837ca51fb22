"""Who reads whose state: a state is set by hand, a week or a month passes, another state follows.

A rule can be right and yet be given the wrong number: the belief of rebels for that of the state, the
fear of the perpetrators for that of the victims. Here each row sets one state low in one copy of a
world and high in another, on the same draws, and names what has to rise and what must not move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from small_worlds import bits, scenario, started, three_at_war

from sim.ensemble.ensemble import Batch
from sim.fields import A, C, G, I, M, N, Q, W
from sim.kinds import MILITIA, REBEL, STATE
from sim.parameters import P

AT = 8
"""Week at which states are set: leaders and bodies decide in it."""
RUNS = 60

Select = Callable[[Batch], Any]


def everyone(batch: Batch) -> Any:
    """Select all of a field."""
    return ...


def kind(which: float) -> Select:
    """Select the armed groups of one kind (in fields by armed group)."""
    return lambda batch: batch.state["armed"][0, A.kind] == which


def of_group(which: int) -> Select:
    """Select one identity group in every place at home (in fields of people)."""

    def select(batch: Batch) -> Any:
        return which, batch.state["communities"][0, C.abroad] < 0.5

    return select


def ruling(batch: Batch) -> int:
    """Return the group in government."""
    return int(batch.state["government"][0, G.group])


@dataclass(frozen=True)
class At:
    """One field, and whose."""

    table: str
    field: int
    who: Select = everyone

    def values(self, batch: Batch) -> np.ndarray:
        """Return what it holds, one row a run."""
        column = batch.state[self.table][:, self.field]
        chosen = self.who(batch)
        if chosen is ...:
            return column.reshape(len(column), -1)
        chosen = chosen if isinstance(chosen, tuple) else (chosen,)
        return column[(slice(None), *chosen)].reshape(len(column), -1)

    def set(self, batch: Batch, value: float) -> None:
        """Set all of it."""
        column = batch.state[self.table][:, self.field]
        chosen = self.who(batch)
        if chosen is ...:
            column[...] = value
        else:
            chosen = chosen if isinstance(chosen, tuple) else (chosen,)
            column[(slice(None), *chosen)] = value


@dataclass(frozen=True)
class Wire:
    """What is set, from what to what, and what has to rise with it."""

    cause: At
    low: float
    high: float
    effect: At
    given: tuple[tuple[At, float], ...] = ()
    untouched: tuple[At, ...] = ()
    weeks: int = 1
    at: int = AT
    world: dict[str, Any] = field(default_factory=dict)


def gov(name: int) -> At:
    return At("government", name)


def world(name: int) -> At:
    return At("world", name)


def armed(name: int, which: float) -> At:
    return At("armed", name, kind(which))


def people(name: int, which: int) -> At:
    return At("people", name, of_group(which))


MANDATE = ((world(W.policy_pressure), 0.8), (world(W.policy_protection), 0.5),
           (world(W.mandate_scale), 0.9), (world(W.mandate_week), 6.0),
           (world(W.mandate_since), 6.0))  # fmt: skip
SETTLED = ((world(W.agreement), 1.0),)
QUIET_PEOPLE = tuple(
    (people(name, group), 0.0) for name in (Q.fear, Q.memory) for group in range(3)
)
BELIEVED = ((At("armed", A.belief), 0.9), (At("armed", A.enforced), 90.0),
            (At("armed", A.unenforced), 10.0))  # fmt: skip
RULING, SECOND, THIRD = 0, 1, 2
REVENGEFUL = (*QUIET_PEOPLE, (people(Q.memory, SECOND), 0.5), (At("armed", A.order), 0.0))
IN_REFORM = {"interventions": {"security_forces_reform": {"ramp": 1}}, "action": {"start": -6},
             "mechanisms": {"elite_choice": False, "contest": False}}  # fmt: skip
ANSWERED = {"interventions": {"counter_speech": {}}, "action": {"start": -4},
            "mechanisms": {"killing": False}, "parameters": {"speech_backlash": 0.1}}  # fmt: skip
ON_THE_AIR = ((At("armed", A.threat), 1.0), (gov(G.threat), 1.0), (At("people", Q.hate), 0.0))
CONVINCED = (At("actors", I.belief), 20.0)
AT_WORK = ((gov(G.budget), 500.0), (gov(G.commitment), 1.0), (gov(G.capacity), 1.0),
           (gov(G.accountability), 1.0))  # fmt: skip
TOLD = {"interventions": {"truth_and_reconciliation": {"lag": 0, "ramp": 0}},
        "action": {"start": -4}, "mechanisms": {"killing": False},
        "parameters": {"justice_one_sided": 1.0}}  # fmt: skip
MEETING = {"interventions": {"community_dialogue": {"lag": 0, "ramp": 0, "intensity": 0.5}},
           "action": {"start": -4}, "mechanisms": {"killing": False},
           "parameters": {"contact_gain": 0.1}}  # fmt: skip
AS_STRANGERS = ((At("people", Q.fear), 0.0), (At("people", Q.trust), 0.4),
                (At("people", Q.trust_won), 0.0))  # fmt: skip


def abroad(batch: Batch) -> Any:
    """Select the camps across the borders (in fields of communities)."""
    return batch.state["communities"][0, C.abroad] > 0.5


WIRES: dict[str, Wire] = {
    "a state that believes in enforcement consents": Wire(
        armed(A.enforced, STATE), 1.0, 99.0, gov(G.consent), MANDATE,
        world={"parameters": {"enforcement_forgetting": 0.0}}),
    "threat makes a state guard its sovereignty": Wire(
        gov(G.threat), 1.0, 0.0, gov(G.consent), MANDATE,
        world={"mechanisms": {"elite_choice": True, "shocks": False}}),
    "the committed order less": Wire(
        gov(G.commitment), 1.0, 0.0, armed(A.resolve, STATE), ((gov(G.threat), 1.0),)),
    "the committed incite less": Wire(
        gov(G.commitment), 1.0, 0.0, At("groups", N.speech), ((gov(G.threat), 1.0),)),
    "institutions hold leaders back": Wire(
        gov(G.courts), 1.0, 0.0, armed(A.resolve, STATE), ((gov(G.threat), 1.0),),
        untouched=(armed(A.resolve, REBEL),),
        world={"parameters": {"warning_institutions": 0.0}}),
    "protection that is believed makes orders pay less": Wire(
        world(W.protected), 1.0, 0.0, armed(A.resolve, STATE),
        ((gov(G.threat), 1.0), *BELIEVED)),
    "an open border makes expulsion pay": Wire(
        world(W.outlet), 0.0, 1.0, armed(A.resolve, STATE), ((gov(G.threat), 1.0),),
        world={"parameters": {"gain_kill": 0.3}}),
    "an open border is a way out": Wire(
        At("communities", C.openness, abroad), 0.0, 1.0, world(W.outlet), (), at=9),
    "those who have settled have more to lose": Wire(
        world(W.agreement), 1.0, 0.0, armed(A.resolve, STATE), ((gov(G.threat), 1.0),)),
    "an agreement lets threat fade": Wire(
        world(W.agreement), 1.0, 0.0, gov(G.threat), ((gov(G.threat), 0.8),), at=9),
    "an order is feared by its target": Wire(
        armed(A.order, STATE), 0.0, 2.0, people(Q.fear, SECOND), QUIET_PEOPLE,
        untouched=(people(Q.fear, RULING),), at=9,
        world={"mechanisms": {"killing": False, "shocks": False}}),
    "those who fear strike first": Wire(
        people(Q.fear, SECOND), 0.0, 1.0, At("presence", M.attacked, kind(REBEL)),
        (*QUIET_PEOPLE, (At("armed", A.order), 0.0)), at=9,
        world={"parameters": {"intent_fear": 1.0}, "mechanisms": {"elite_choice": False}}),
    "those who remember take revenge": Wire(
        people(Q.memory, SECOND), 0.0, 1.0, At("presence", M.attacked, kind(REBEL)),
        (*QUIET_PEOPLE, (At("armed", A.order), 0.0)), at=9,
        world={"mechanisms": {"elite_choice": False}}),
    "rebels who believe in rescue recruit": Wire(
        armed(A.enforced, REBEL), 1.0, 99.0, At("presence", M.mobilised, kind(REBEL)),
        (*MANDATE, *QUIET_PEOPLE), at=9,
        world={"parameters": {"moral_hazard": 1.0, "enforcement_forgetting": 0.0},
               "mechanisms": {"contest": False, "killing": False}}),
    "the displaced who fear move on": Wire(
        people(Q.displaced, SECOND), 0.0, 500.0, world(W.fled_week),
        ((people(Q.residents, SECOND), 0.0), (people(Q.fear, SECOND), 1.0)), at=9,
        world={"mechanisms": {"killing": False}}),
    "who is guaranteed keeps an agreement": Wire(
        world(W.protected), 0.0, 1.0, world(W.agreement), (*SETTLED, *BELIEVED),
        world={"parameters": {"relapse_rate": 0.3, "guarantee_effect": 1.0}}),
    "a guarantee counts as far as it is believed": Wire(
        At("armed", A.belief), 0.0, 1.0, world(W.agreement), (*SETTLED, (world(W.protected), 1.0)),
        world={"parameters": {"relapse_rate": 0.3, "guarantee_effect": 1.0},
               "mechanisms": {"credibility": False}}),
    "those who grieve alarm their government if they are out of power": Wire(
        people(Q.grievance, SECOND), 0.0, 1.0, gov(G.threat), at=9, weeks=2),
    "the grievance of rulers is no threat to themselves": Wire(
        people(Q.fear, SECOND), 0.0, 1.0, world(W.fled_week), at=9,
        untouched=(gov(G.threat),)),
    "where the target resents, garrisons gather": Wire(
        At("people", Q.grievance, lambda batch: (SECOND, slice(0, 1))), 0.0, 1.0,
        At("presence", M.armed, lambda batch: (kind(STATE)(batch), slice(0, 1))), at=9),
    "aid does not reach where violence is remembered": Wire(
        people(Q.memory, SECOND), 1.0, 0.0, At("communities", C.aid),
        ((people(Q.memory, RULING), 0.0), (people(Q.memory, THIRD), 0.0),
         (people(Q.displaced, SECOND), 50.0)), at=9),
    "neighbours who hear pass it on": Wire(
        At("people", Q.hate, lambda batch: (SECOND, slice(0, 15))), 0.0, 1.0,
        At("people", Q.hate, lambda batch: (SECOND, slice(15, 28))), at=9),
    "neighbours who joined draw others in": Wire(
        At("presence", M.mobilised, lambda batch: (kind(REBEL)(batch), slice(0, 15))), 0.0, 1.0,
        At("presence", M.mobilised, lambda batch: (kind(REBEL)(batch), slice(15, 28))), at=9,
        given=((people(Q.memory, SECOND), 0.5),)),
    "remembered violence ruins livelihoods": Wire(
        people(Q.memory, SECOND), 1.0, 0.0,
        At("communities", C.livelihoods, lambda batch: slice(0, 28))),
    "who attends offers peacekeepers": Wire(
        At("actors", I.belief), -20.0, 20.0, world(W.troops_preparing), MANDATE, at=9),
    "who goes alone offers fewer": Wire(
        At("actors", I.outside), 1.0, 0.0, world(W.troops_preparing), (*MANDATE, CONVINCED), at=9,
        world={"mechanisms": {"split_resources": False}}),
    "consent lets peacekeepers in": Wire(
        gov(G.consent), 0.0, 1.0, world(W.troops_preparing), (*MANDATE, CONVINCED), at=9),
    "visible killing makes prevention salient": Wire(
        world(W.deaths_recent), 0.0, 5000.0, At("actors", I.salience), at=9),
    "a mandate lapses after its term": Wire(
        world(W.mandate_week), 4.0, 15.0, world(W.policy_protection),
        (*MANDATE, (At("actors", I.belief), -50.0)), at=16),
    "an announced force that is absent is a bluff": Wire(
        world(W.announced), 1.0, 0.0, At("armed", A.belief), MANDATE, at=9),
    "the weight of a mediator stands behind its terms": Wire(
        At("actors", I.weight), 0.0, 1.0, At("armed", A.terms), ((At("actors", I.forum), 1.0),), at=9),
    "without money nobody holds a forum": Wire(
        At("actors", I.endowment), 0.0, 200.0, At("actors", I.forum), (CONVINCED,)),
    "full camps turn people away": Wire(
        At("communities", C.room, abroad), 0.0, 1.0, world(W.refugees),
        ((people(Q.fear, SECOND), 1.0),), at=9, weeks=2, world={"mechanisms": {"killing": False}}),
    "a host that denies access keeps aid from those at home": Wire(
        gov(G.consent), 0.0, 1.0,
        At("communities", C.aid, lambda batch: batch.state["communities"][0, C.abroad] < 0.5),
        ((people(Q.displaced, SECOND), 50.0), *QUIET_PEOPLE),
        untouched=(At("communities", C.aid, abroad),), at=9,
        world={"parameters": {"aid_consent": 1.0}}),
    "one-sided justice reopens the wounds of those whom it shuts out": Wire(
        people(Q.exclusion, SECOND), 0.0, 1.0, people(Q.trauma, SECOND),
        (*AT_WORK, (At("communities", C.justice), 1.0), (At("people", Q.trauma), 0.5),
         (At("people", Q.exclusion), 0.0)),
        untouched=(people(Q.trauma, RULING), people(Q.trauma, THIRD)), at=9, world=TOLD),
    "those who fear meet nobody": Wire(
        people(Q.fear, SECOND), 1.0, 0.0, people(Q.trust, THIRD), AS_STRANGERS, at=9,
        world=MEETING),
    "contact wins less of those whom it has won": Wire(
        people(Q.trust_won, SECOND), 0.3, 0.0, people(Q.trust, SECOND), AS_STRANGERS,
        untouched=(people(Q.trust, RULING), people(Q.trust, THIRD)), at=9, world=MEETING),
    "contact wins more of those who lack trust": Wire(
        people(Q.trust, SECOND), 0.9, 0.1, people(Q.trust_won, SECOND), AS_STRANGERS,
        untouched=(people(Q.trust_won, RULING), people(Q.trust_won, THIRD)), at=9, world=MEETING),
    "who queues outside a camp gets no aid": Wire(
        At("communities", C.admitted), 0.0, 1.0, At("communities", C.aid),
        ((people(Q.displaced, SECOND), 50.0),), at=9),
    "hardship kills after it has come": Wire(
        At("communities", C.deprivation), 0.0, 1.0, world(W.died_week),
        ((people(Q.displaced, SECOND), 3000.0),), at=9, weeks=2,
        world={"mechanisms": {"killing": False, "flight": False}}),
    "violence destroys the trust of those who suffer it": Wire(
        armed(A.order, STATE), 2.0, 0.0, people(Q.trust, SECOND), at=9, weeks=3,
        world={"mechanisms": {"elite_choice": False, "contest": False},
               "parameters": {"trust_loss_hate": 0.0, "trauma_gain": 0.0}}),
    "forces under orders learn nothing from reform": Wire(
        armed(A.order, STATE), 2.0, 0.0, armed(A.discipline, STATE), ((gov(G.cohesion), 1.0),),
        untouched=(armed(A.discipline, REBEL),), at=28,
        world=IN_REFORM),
    "forces of a divided elite learn nothing from reform": Wire(
        gov(G.cohesion), 0.0, 1.0, armed(A.discipline, STATE), ((At("armed", A.order), 0.0),),
        untouched=(armed(A.discipline, REBEL),), at=28, world=IN_REFORM),
    "those who trust who answers hate speech take it in less": Wire(
        people(Q.trust, SECOND), 1.0, 0.0, people(Q.hate, SECOND), ON_THE_AIR,
        untouched=(people(Q.hate, RULING), people(Q.hate, THIRD)), at=24, world=ANSWERED),
    "those who believe what is answered resent the answer": Wire(
        people(Q.hate, SECOND), 0.0, 1.0, people(Q.grievance, SECOND),
        ((At("people", Q.trust), 0.0), (At("people", Q.hate), 0.0)),
        untouched=(people(Q.grievance, RULING), people(Q.grievance, THIRD)), at=24,
        world=ANSWERED),
    "those who distrust who answers resent the answer": Wire(
        people(Q.trust, SECOND), 1.0, 0.0, people(Q.grievance, SECOND),
        ((At("people", Q.hate), 1.0),),
        untouched=(people(Q.grievance, RULING), people(Q.grievance, THIRD)), at=24,
        world=ANSWERED),
    "police hold revenge back": Wire(
        At("communities", C.police), 1000.0, 0.0, At("presence", M.attacked, kind(REBEL)),
        REVENGEFUL, at=9, world={"mechanisms": {"elite_choice": False}}),
    "justice holds revenge back": Wire(
        At("communities", C.justice), 1.0, 0.0, At("presence", M.attacked, kind(REBEL)),
        REVENGEFUL, at=9, world={"mechanisms": {"elite_choice": False}}),
    "trust holds back the revenge of those who trust": Wire(
        people(Q.trust, SECOND), 1.0, 0.0, At("presence", M.attacked, kind(REBEL)),
        REVENGEFUL, at=9, world={"mechanisms": {"elite_choice": False}}),
    "pressure by single actors is resented too": Wire(
        At("actors", I.outside), 0.0, 1.0, gov(G.threat), ((gov(G.threat), 0.5),), at=9, weeks=3,
        world={"mechanisms": dict.fromkeys(
            ("split_resources", "killing", "settlement", "mobilisation", "contest"), False),
               "parameters": {"backlash": 0.2}}),
}  # fmt: skip


def run_of(wire: Wire, value: float) -> Batch:
    """Return the runs in which the cause was set to a value."""
    raw = three_at_war()
    entries = {
        name: (raw.get(name, {}) | entry if isinstance(entry, dict) else entry)
        for name, entry in wire.world.items()
    }
    batch = started(scenario(raw | entries), replicates=RUNS)
    batch.advance(wire.at)
    for place, fixed in wire.given:
        place.set(batch, fixed)
    wire.cause.set(batch, value)
    batch.advance(wire.weeks)
    return batch


@pytest.mark.parametrize("name", WIRES)
def test_it_is_so_that(name: str) -> None:
    wire = WIRES[name]
    low, high = run_of(wire, wire.low), run_of(wire, wire.high)
    difference = wire.effect.values(high).mean(axis=1) - wire.effect.values(low).mean(axis=1)
    assert difference.mean() > 0.0 and (difference >= 0.0).mean() > 0.8, difference.mean()
    for other in wire.untouched:
        assert np.array_equal(bits(other.values(low)), bits(other.values(high)))


def test_parties_in_different_forums_do_not_settle() -> None:
    """At a decision they meet where they were last week."""
    case = scenario(three_at_war())

    def agreed(rebels_in: float) -> float:
        batch = started(case, replicates=RUNS)
        batch.advance(AT)
        for place, value in (
            (At("armed", A.terms), 1.0), (At("armed", A.threat), 1.0), (gov(G.threat), 1.0),
            (armed(A.forum, STATE), 0.0), (armed(A.forum, REBEL), rebels_in),
        ):  # fmt: skip
            place.set(batch, value)
        batch.advance(1)
        return float(batch.state["world"][:, W.agreement].mean())

    assert agreed(0.0) > 0.1
    assert agreed(1.0) == 0.0


@pytest.mark.parametrize(("tie", "fed", "unfed"), [(1.0, STATE, REBEL), (-1.0, REBEL, STATE)])
def test_patrons_feed_their_own_side(tie: float, fed: float, unfed: float) -> None:
    case = scenario(three_at_war(mechanisms={"diverted_aid": False}))
    batch = started(case, replicates=RUNS)
    batch.state["actors"][:, I.tie] = tie
    batch.advance(30)
    finance = batch.state["armed"][:, A.finance]
    assert finance[:, kind(fed)(batch)].mean() > 0.001
    assert finance[:, kind(unfed)(batch)].max() == 0.0


def test_patrons_undo_pressure_on_their_own_side_alone() -> None:
    batch = started(scenario(three_at_war()), replicates=RUNS)
    batch.state["actors"][:, I.tie] = -1.0
    batch.advance(30)
    world_state = batch.state["world"]
    assert (world_state[:, W.pressure_on_rebels] <= world_state[:, W.pressure]).all()
    assert (world_state[:, W.pressure_on_rebels] < world_state[:, W.pressure]).any()


def test_rebels_go_to_who_presses_and_the_state_to_who_engages() -> None:
    batch = started(scenario(three_at_war(parameters={"forum_bias": 1.0})), replicates=RUNS)
    batch.advance(AT + 1)
    actors = batch.state["actors"]
    actors[:, I.forum] = 0.0
    actors[:, I.forum, :2] = 1.0
    actors[:, I.position_pressure, 0], actors[:, I.position_pressure, 1] = 0.02, 0.98
    actors[:, I.attention] = 1.0
    batch.state["world"][:, W.mandate_scale] = 0.0
    batch.advance(1)
    forum = batch.state["armed"][:, A.forum]
    chosen = forum > 0.5
    assert chosen.any()
    assert (forum[:, kind(STATE)(batch)][chosen[:, kind(STATE)(batch)]] == 1.0).all()
    assert (forum[:, kind(REBEL)(batch)][chosen[:, kind(REBEL)(batch)]] == 2.0).all()


def test_a_militia_without_a_state_behind_it_feels_the_shock_itself() -> None:
    raw = three_at_war()
    country = raw["country"] | {
        "government": raw["country"]["government"] | {"role": "bystander"},
        "shocks": [{"week": 3, "threat": 0.5}],
    }
    batch = started(scenario(three_at_war(country=country)), replicates=4)
    batch.advance(3)
    calm = batch.state["armed"][:, A.threat][:, kind(MILITIA)(batch)].copy()
    batch.advance(1)
    shaken = batch.state["armed"][:, A.threat]
    assert (shaken[:, kind(MILITIA)(batch)] > calm + 0.4).all()
    assert (shaken[:, kind(REBEL)(batch)] < 0.4).all()


def test_a_shock_frightens_those_out_of_government_alone() -> None:
    raw = three_at_war()
    country = raw["country"] | {"shocks": [{"week": 3, "fear": 0.5, "grievance": 0.5}]}
    batch = started(
        scenario(three_at_war(country=country, mechanisms={"killing": False})), replicates=4
    )
    batch.advance(4)
    assert people(Q.fear, SECOND).values(batch).min() > 0.4
    assert people(Q.fear, ruling(batch)).values(batch).max() == 0.0


def struck_by(
    weeks: int = 8, parameters: dict[str, float] | None = None, **figures: float
) -> Batch:
    """Return calm runs a month after a shock of some figures, or in another week."""
    raw = three_at_war()
    country = raw["country"] | {
        "shocks": [{"week": 3, **figures}], "society": {"inequality": 0.3},
    }  # fmt: skip
    off = dict.fromkeys(("killing", "elite_choice", "contest", "diverted_aid"), False)
    raw = three_at_war(country=country, mechanisms=off)
    batch = started(scenario(raw, parameters=raw["parameters"] | (parameters or {})), replicates=4)
    batch.advance(weeks)
    return batch


def test_a_slump_drives_people_to_arms_though_it_angers_nobody() -> None:
    """By what they have to lose alone: where inequality is not resented."""
    calm, poor = (
        struck_by(grievance=0.2, livelihoods=share, parameters={"inequality_grievance": 0.0})
        for share in (0.0, 0.6)
    )
    resentment = people(Q.grievance, SECOND)
    assert np.array_equal(resentment.values(calm), resentment.values(poor))
    mobilised = At("presence", M.mobilised, kind(REBEL))
    assert (mobilised.values(poor).sum(axis=1) > mobilised.values(calm).sum(axis=1)).all()


def test_a_coup_divides_the_elite_which_closes_its_ranks_again() -> None:
    calm, after, later = struck_by(4), struck_by(4, division=0.5), struck_by(104, division=0.5)
    cohesion = gov(G.cohesion)
    usual = cohesion.values(calm)
    assert cohesion.values(after) == pytest.approx(0.5 * usual, rel=1e-12)
    assert (cohesion.values(later) > 0.75 * usual).all()
    assert (cohesion.values(later) < usual).all()


def test_two_shocks_of_one_week_add_up_to_less_than_their_sum() -> None:
    raw = three_at_war()
    fields = {"threat": W.shock_threat, "grievance": W.shock_grievance, "fear": W.shock_fear,
              "division": W.shock_division, "arms": W.shock_arms, "livelihoods": W.slump}  # fmt: skip
    blow = dict.fromkeys(fields, 0.3)
    country = raw["country"] | {"shocks": [{"week": 3, **blow}, {"week": 3, **blow}]}
    batch = started(scenario(raw | {"country": country}), replicates=2)
    batch.advance(4)
    for name, brought in fields.items():
        assert batch.state["world"][:, brought] == pytest.approx(1.0 - 0.7 * 0.7), name


def test_a_slump_drives_the_poor_to_arms_and_angers_those_who_are_shut_out() -> None:
    """Who has nothing to lose joins; who is shut out is cut off first; both pass as it passes."""
    calm, poor = (
        struck_by(grievance=0.2, livelihoods=share) for share in (0.0, 0.6)
    )  # the same blow in both, so that somebody joins in both
    assert (At("presence", M.mobilised, kind(REBEL)).values(poor).sum(axis=1)
            > At("presence", M.mobilised, kind(REBEL)).values(calm).sum(axis=1)).all()  # fmt: skip
    assert (
        people(Q.grievance, SECOND).values(poor) > people(Q.grievance, SECOND).values(calm)
    ).all()
    shut_out = poor.state["people"][0, Q.exclusion, RULING] > 0.0
    rulers = people(Q.grievance, RULING)
    assert shut_out.any() or np.array_equal(rulers.values(poor), rulers.values(calm))
    poor.advance(1)
    before = poor.state["world"][:, W.slump].copy()
    poor.advance(90)
    assert before.min() > 0.3 and poor.state["world"][:, W.slump].max() < 0.15


def test_a_spill_over_arms_rebels_alone() -> None:
    finance = At("armed", A.finance)
    calm, armed_now = struck_by(), struck_by(arms=0.5)
    rebels = kind(REBEL)(armed_now)
    assert (finance.values(armed_now)[:, rebels] > 0.3).all()
    assert np.array_equal(finance.values(armed_now)[:, ~rebels], finance.values(calm)[:, ~rebels])


def test_clergy_talk_hate_speech_down_or_add_to_it_by_how_many_of_them_incite() -> None:
    """In one week on the same air: where half incite, it is as if nobody spoke."""
    raw = three_at_war(
        interventions={"religious_leaders": {"lag": 0, "ramp": 0}},
        action={"start": -4},
        mechanisms={"killing": False},
    )

    def heard(inciting: float, share: float) -> np.ndarray:
        parameters = {"clergy_incitement": inciting, "voices_heard": share}
        batch = started(scenario(raw, parameters=raw["parameters"] | parameters), replicates=RUNS)
        batch.advance(AT)
        for place, value in (*ON_THE_AIR, (At("people", Q.near_hate), 0.0)):
            place.set(batch, value)
        batch.advance(1)
        return people(Q.hate, SECOND).values(batch)

    none, half, all_of_them = (heard(inciting, 0.5) for inciting in (0.0, 0.5, 1.0))
    reached = none < half
    assert reached.any()
    assert np.array_equal(reached, all_of_them > half)
    assert np.array_equal(bits(half), bits(heard(0.0, 0.0)))
    assert np.array_equal(bits(half), bits(heard(1.0, 0.0)))


def test_survivors_who_are_helped_join_less_and_take_less_revenge_for_what_they_remember() -> None:
    """In one week of the same support and draws, with and without its part in the call to avenge."""
    raw = three_at_war(
        interventions={"psychosocial_support": {"lag": 0, "ramp": 0}},
        action={"start": -4},
        mechanisms={"elite_choice": False},
    )

    def after(healed: float) -> Batch:
        parameters = raw["parameters"] | {"healing_revenge": healed, "healing_effect": 0.0}
        batch = started(scenario(raw, parameters=parameters), replicates=RUNS)
        batch.advance(AT)
        for place, value in (*REVENGEFUL, (gov(G.consent), 1.0)):
            place.set(batch, value)
        batch.advance(1)
        return batch

    plain, helped = after(0.0), after(1.0)
    given_support = plain.state["communities"][:, C.healing]
    assert given_support.max() > 0.2
    for which in (M.attacked, M.mobilised):
        rebels = At("presence", which, kind(REBEL))
        less = rebels.values(plain).mean(axis=1) - rebels.values(helped).mean(axis=1)
        assert less.mean() > 3.29 * less.std(ddof=1) / np.sqrt(RUNS), which
    remembered = people(Q.memory, SECOND)
    assert np.array_equal(bits(remembered.values(plain)), bits(remembered.values(helped)))


def test_aid_reaches_those_who_are_cut_off_where_defenders_of_human_rights_stand_by_them() -> None:
    """In one week of the same aid: as if the place were less isolated, in the places covered alone."""
    raw = three_at_war(action={"start": -4}, mechanisms={"elite_choice": False})
    chosen = [3, 8]
    names = list(raw["country"]["places"])
    raw["interventions"]["human_rights_organisations"] = {
        "lag": 0, "ramp": 0, "coverage": [names[at] for at in chosen],
    }  # fmt: skip

    def reached(effect: float) -> tuple[Batch, np.ndarray]:
        parameters = raw["parameters"] | {"aid_isolation": 1.0, "accompaniment_effect": effect}
        batch = started(scenario(raw, parameters=parameters), replicates=RUNS)
        batch.advance(AT)
        for place, value in (*QUIET_PEOPLE, (people(Q.displaced, SECOND), 50.0),
                             (At("communities", C.isolation), 0.5)):  # fmt: skip
            place.set(batch, value)
        batch.advance(1)
        return batch, batch.state["communities"][:, C.aid]

    (_, plain), (batch, more) = reached(0.0), reached(0.6)
    dose = batch.state["communities"][:, C.accompaniment]
    assert set(np.flatnonzero(dose.max(axis=0))) == set(chosen)
    assert (plain[:, chosen] > 0.0).any()
    assert more == pytest.approx(plain * (1.0 - 0.5 * (1.0 - 0.6 * dose)) / 0.5)


def test_outsiders_are_warned_by_speech_that_nobody_heeds() -> None:
    """Off, mechanism 6 must not blind the warning: what leaders say is heard abroad all the same."""
    raw = three_at_war()
    runs = []
    for on in (True, False):
        batch = started(scenario(raw | {"mechanisms": {"trust": on}}), replicates=RUNS)
        batch.advance(AT)
        gov(G.threat).set(batch, 1.0)
        batch.advance(2)
        runs.append(batch)
    heeded, unheeded = runs
    assert people(Q.hate, RULING).values(heeded).max() > 0.0
    assert people(Q.hate, RULING).values(unheeded).max() == 0.0
    assert At("groups", N.speech).values(unheeded).max() > 0.3
    deaf = started(scenario(raw | {"mechanisms": {"trust": False}, "parameters":
                   raw["parameters"] | {"alarm_speech": 0.0}}), replicates=RUNS)  # fmt: skip
    deaf.advance(AT)
    gov(G.threat).set(deaf, 1.0)
    deaf.advance(2)
    assert (world(W.alarm).values(unheeded) > world(W.alarm).values(deaf)).all()


def test_violence_that_is_deterred_moves_next_door_and_no_more_of_it() -> None:
    """What the neighbours of a protected place are pushed is at most a share of what it deters."""
    case = scenario(three_at_war(parameters={"violence_shift": 0.5, "deterrence": 1.0}))
    batch = started(case, replicates=RUNS)
    batch.advance(30)
    batch.state["armed"][:, A.order] = 2.0
    batch.advance(1)
    pushed = batch.state["presence"][:, M.pushed]
    protection = batch.state["communities"][:, C.protection]
    assert pushed.max() > 0.0
    intent = 2.0  # the largest rate of an order in this world, times command, plus revenge
    belief = batch.state["armed"][:, A.belief]
    most = 0.5 * (intent + 0.85) * protection.sum(axis=1)[:, None] * belief
    assert (pushed.sum(axis=2) <= most + 1e-9).all()
    armed_there = batch.state["presence"][:, M.armed] > 0.0
    assert not pushed[~armed_there].any()


def test_the_alarm_is_raised_by_deaths_flight_threat_and_the_loudest_speech() -> None:
    """The equation of the description, week by week, from the state alone."""
    case = scenario(three_at_war(action={"start": "never"}))
    batch, row = started(case, replicates=6), case.parameters
    loudest = set()
    for _ in range(40):
        before = {name: values.copy() for name, values in batch.state.items()}
        batch.advance(1)
        was, speech = before["world"], batch.state["groups"][:, N.speech]
        raised = (
            row[P.alarm_deaths] * was[:, W.deaths_recent] / 1000.0
            + row[P.alarm_flight] * was[:, W.flight_recent] / case.country.people.sum()
            + row[P.alarm_threat] * before["government"][:, G.threat]
            + row[P.alarm_speech] * speech.max(axis=1)
        )
        assert batch.state["world"][:, W.alarm] == pytest.approx(-np.expm1(-raised), rel=1e-9)
        loudest |= set(speech.argmax(axis=1).tolist())
    assert was[:, W.flight_recent].all() and was[:, W.deaths_recent].all() and len(loudest) > 1


def test_actors_who_stand_together_err_together_and_those_in_opposite_corners_do_not() -> None:
    """Where all of an error is shared: by place in both dimensions of the policy space."""
    parameters = three_at_war()["parameters"] | {"shared_diagnosis": 1.0}
    batch = started(scenario(three_at_war(parameters=parameters)), replicates=400)
    places = ((1.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 0.1), (0.0, 0.0))
    for number, place in enumerate(places):
        batch.state["actors"][:, [I.position_pressure, I.position_protection], number] = place
    batch.advance(1)
    errors = batch.state["actors"][:, I.error]
    assert np.array_equal(errors[:, 0], errors[:, 2])
    alike = np.corrcoef(errors[:, : len(places)].T)
    assert 0.8 < alike[0, 3] < 1.0
    assert max(abs(alike[0, 1]), abs(alike[0, 4]), abs(alike[1, 4])) < 3.3 / np.sqrt(400)


def test_nobody_tires_of_prevention_before_anything_is_done() -> None:
    batch = started(scenario(three_at_war(action={"start": "never"})), replicates=4)
    batch.advance(80)
    assert batch.state["actors"][:, I.attention].max() > 0.2
    assert not batch.state["actors"][:, I.fatigue].any()


def test_a_standing_mandate_gives_way_to_larger_ones_alone_and_none_is_too_small() -> None:
    case = scenario(three_at_war())
    batch = started(case, replicates=RUNS)
    sizes = np.zeros(RUNS)
    for _ in range(40):
        was = batch.state["world"].copy()
        batch.advance(1)
        now = batch.state["world"]
        scale, fresh = now[:, W.mandate_scale], now[:, W.mandate_week] == was[:, W.week]
        assert (scale[fresh] >= case.parameters[P.mandate_minimum]).all()
        before = np.hypot(was[:, W.policy_pressure], was[:, W.policy_protection])
        after = np.hypot(now[:, W.policy_pressure], now[:, W.policy_protection])
        standing = was[:, W.week] - was[:, W.mandate_week] < case.parameters[P.mandate_term]
        replaced = fresh & standing & (was[:, W.mandate_week] >= 0.0)
        assert (after[replaced] > before[replaced]).all()
        sizes += fresh
    assert sizes.max() > 1


def test_the_displaced_move_on_as_often_as_the_parameter_says_and_no_more() -> None:
    raw = three_at_war(mechanisms={"killing": False})
    batch = started(
        scenario(raw, parameters=raw["parameters"] | {"flight_onward": 0.0}), replicates=4
    )
    batch.advance(9)
    people(Q.residents, SECOND).set(batch, 0.0)
    people(Q.displaced, SECOND).set(batch, 500.0)
    people(Q.fear, SECOND).set(batch, 1.0)
    for group in (RULING, THIRD):
        people(Q.fear, group).set(batch, 0.0)
    batch.advance(1)
    assert not batch.state["world"][:, W.fled_week].any()


def test_a_presence_is_hollow_by_what_it_may_not_do() -> None:
    """What people see is protection and false safety together, in the measure of the mandate."""
    batch = started(scenario(three_at_war()), replicates=RUNS)
    batch.advance(60)
    robust = batch.state["world"][:, W.robustness][:, None]
    places = batch.state["communities"]
    home = places[0, C.abroad] < 0.5
    protection, hollow = places[:, C.protection][:, home], places[:, C.false_safety][:, home]
    assert hollow * robust == pytest.approx(protection * (1.0 - robust), abs=1e-12)
    assert protection.any() and hollow.any()
