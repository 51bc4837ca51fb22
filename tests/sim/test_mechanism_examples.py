"""Worked examples of single processes, where no world of the comparison of the engines leads.

Each process stands on tables that are all zero but for the entries that its example names, so that what
comes out can be told with a pencil. Each notices mutants (`tests/mutation`) that whole worlds did not.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from small_worlds import scenario
from test_small_worlds_equal import few_towns

from sim.agents.council import Council
from sim.agents.programmes import Programme
from sim.ensemble import (
    contest,
    elite_choice,
    forums,
    killing,
    mandate_bargaining,
    programmes,
    settlement,
)
from sim.fields import (
    ACTOR,
    ARMED_GROUP,
    COMMUNITY,
    GOVERNMENT,
    GROUP,
    PEOPLE,
    PRESENCE,
    PROGRAMME,
    WORLD,
    A,
    C,
    G,
    I,
    N,
    Q,
    R,
    S,
    W,
)
from sim.interventions import X
from sim.kinds import (
    BY_STATE,
    EXPEL,
    KILL,
    ON_AGREEMENT,
    ON_DEATHS,
    ON_FAILING,
    ON_WARNING,
    POLICE,
    REBEL,
    STATE,
    TROOPS,
)
from sim.model import PreventionModel
from sim.parameters import PARAMETERS, P
from sim.rules.measure import lessened


def nothing(
    *, places: int = 2, groups: int = 2, armed: int = 0, actors: int = 0, measures: int = 0
) -> Any:
    """Return a run whose tables are all zero, with the default parameters."""
    return SimpleNamespace(
        seed=np.uint64(1), replicate=np.uint64(0), first=0, last=places,
        parameters=np.array([one.default for one in PARAMETERS]),
        settings=np.zeros(len(S)), measures=np.zeros((measures, len(X))),
        world=np.zeros(len(WORLD)), government=np.zeros(len(GOVERNMENT)),
        groups=np.zeros((len(GROUP), groups)), actors=np.zeros((len(ACTOR), actors)),
        armed=np.zeros((len(ARMED_GROUP), armed)),
        communities=np.zeros((len(COMMUNITY), places)),
        people=np.zeros((len(PEOPLE), groups, places)),
        presence=np.zeros((len(PRESENCE), armed, places)),
        programmes=np.zeros((len(PROGRAMME), measures)), spare=np.zeros((7, places)),
    )  # fmt: skip


def with_mandate(run: Any, *, pressure: float, week: float = 0.0) -> Any:
    """Give a run a standing mandate that presses so much."""
    run.world[[W.policy_pressure, W.mandate_scale]] = pressure, pressure
    run.world[[W.mandate_week, W.mandate_since]] = week, week
    return run


def test_a_mandate_of_week_0_that_nobody_renews_lapses_after_its_term() -> None:
    run = with_mandate(nothing(), pressure=0.5)  # a body without members agrees on nothing
    run.world[W.acting], run.settings[S.arrival_delay] = 1.0, -1.0
    run.settings[S.mandate_bargaining] = 1.0
    run.world[W.week] = run.parameters[P.mandate_term] - 1.0
    mandate_bargaining.bargain(run)
    assert run.world[W.mandate_week] == 0.0
    run.world[W.week] = run.parameters[P.mandate_term]
    mandate_bargaining.bargain(run)
    assert run.world[W.mandate_week] == run.world[W.mandate_since] == -1.0
    assert run.world[[W.policy_pressure, W.mandate_scale]].tolist() == [0.0, 0.0]


def test_a_mandate_of_week_0_gives_way_to_a_larger_one_alone() -> None:
    run = with_mandate(nothing(), pressure=0.5)
    run.world[W.week] = 4.0
    mandate_bargaining._adopt(run, 1.0, 0.0, 0.4)
    assert run.world[W.mandate_week] == 0.0 and run.world[W.policy_pressure] == 0.5
    mandate_bargaining._adopt(run, 1.0, 0.0, 0.6)
    assert run.world[W.mandate_week] == 4.0 and run.world[W.policy_pressure] == 0.6
    assert run.world[W.mandate_since] == 0.0


@pytest.mark.parametrize("renewed", [False, True])
def test_a_council_meets_with_less_where_it_acts_early_and_is_believed(renewed: bool) -> None:
    asked = []
    model = SimpleNamespace(
        acting=1.0, settings=SimpleNamespace(arrival_delay=-1.0), week=12.0, mandate_week=0.0,
        mandate_since=0.0, early_action=0.5, credit=0.5, rules=SimpleNamespace(lessened=lessened),
        parameters=SimpleNamespace(mandate_term=12.0, mandate_minimum=0.8, early_effect=0.4),
    )  # fmt: skip

    def meet(smallest: float) -> None:
        asked.append(smallest)
        model.mandate_week = 12.0 if renewed else model.mandate_week

    def lapse() -> None:
        model.mandate_week = -1.0

    council: Any = SimpleNamespace(model=model, _meet=meet, _lapse=lapse)
    Council.bargain(council)
    assert asked == [lessened(0.8, 0.25, 0.4)]
    # A mandate that is renewed in the week in which it lapses goes on; another has ended.
    assert model.mandate_since == (0.0 if renewed else -1.0)


@pytest.mark.parametrize("people", [0.0, 1.0])
def test_control_is_that_of_the_last_person_at_home(people: float) -> None:
    run = nothing()
    run.communities[C.population] = people, 40.0
    run.communities[C.control] = 0.25, 1.0
    run.communities[C.abroad] = 0.0, 1.0
    contest.count_losses(run)
    assert run.world[W.control] == 0.25 * people


def test_leaders_reach_nobody_of_a_group_that_has_no_members() -> None:
    values = []
    for at_home in (0.0, 30.0):
        run = nothing(armed=1)
        run.armed[A.kind], run.armed[A.target], run.armed[A.threat] = REBEL, 1.0, 0.9
        run.groups[N.people, 0] = 100.0
        if at_home:
            run.groups[N.people, 1], run.groups[N.at_home, 1] = 40.0, at_home
        values.append(elite_choice._order_values(run, 0))
    assert all(math.isfinite(value) for pair in values for value in pair)
    # Who reaches nobody gains nothing, and where it is people there is a gain from the same threat.
    assert all(none < some for none, some in zip(*values, strict=True))


def test_rebels_attend_the_forum_of_the_mediator_who_leans_their_way() -> None:
    run = nothing(armed=1, actors=1)
    run.armed[A.kind], run.settings[S.forums] = REBEL, 1.0
    run.parameters[P.forum_bias] = 0.5
    # The mandate of half scale only engages; at its mean the body would press.
    run.settings[S.mean_pressure], run.world[W.mandate_scale] = 1.0, 0.5
    run.actors[[I.forum, I.position_pressure, I.weight, I.attention], 0] = 1.0
    run.world[W.own_mediation] = 1.0
    offered = forums._terms_of(run, 0)
    run.world[W.terms] = 0.5 * (offered + min(1.0, 2.0 * offered))  # more, and less than twice
    forums.attend(run)
    assert run.armed[A.forum, 0] == 1.0 and run.armed[A.terms, 0] == offered


@pytest.mark.parametrize("exposed", [0.0, 1.0])
def test_the_last_person_of_a_group_at_a_place_can_be_attacked(exposed: float) -> None:
    run = nothing(places=1, armed=1)
    run.armed[A.target], run.spare[killing.INTENT] = 1.0, 0.5
    run.people[Q.residents, :, 0] = 50.0, exposed
    with np.errstate(over="ignore"):  # of whole numbers, on purpose
        assert killing._draw(run, 0) == exposed


def test_police_are_not_counted_down_by_the_places_that_can_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "_open_channels": None, "_carry": 0.5, "_passage": 1.0, "_uneven": False,
    }.items():  # fmt: skip
        monkeypatch.setattr(programmes, name, lambda *_, value=value: value)
    for effect, dose in ((POLICE, 100.0), (POLICE - 1.0, 25.0)):
        run = nothing(measures=1)
        run.measures[0, [X.effect, X.size]] = effect, 200.0
        run.programmes[R.reach] = 0.25  # what is for all is less where few can be reached
        programmes.apply_measures(run)
        assert run.programmes[R.dose, 0] == dose


@pytest.mark.parametrize("need", [0.0, 0.5, 40.0])
def test_troops_reach_any_need_that_there_is(need: float) -> None:
    run = nothing(measures=1)
    run.measures[0, X.effect], run.world[W.need_total] = TROOPS, need
    assert programmes._reached(run, 0, 100.0, 0.0) == (1.0 if need else 0.0)


def test_troops_of_a_measure_that_counts_them_in_hundreds_cost_a_hundredth_each() -> None:
    taken = []

    def take(mask: int, due: float) -> float:
        taken.append(due)
        return 0.5 * due

    programme: Any = SimpleNamespace(
        row=SimpleNamespace(cost=3.0, size=100.0), lead=1, partners=2, _take=take,
        state=SimpleNamespace(spent=0.0),
    )  # fmt: skip
    # 200 are two hundreds; the lead pays half, the partners half of the rest.
    assert Programme.pay_for_troops(programme, 200.0) == pytest.approx(150.0)
    assert taken == pytest.approx([6.0, 3.0])
    assert programme.state.spent == pytest.approx(4.5)


def test_partners_pay_what_the_lead_of_an_operation_has_not() -> None:
    run = nothing(actors=2, measures=1)
    run.actors[I.kind], run.actors[I.endowment] = (1.0, 2.0), (10.0, 100.0)
    run.measures[0, [X.effect, X.intensity, X.cost, X.size]] = TROOPS, 100.0, 0.5, 1.0
    run.measures[0, [X.lead, X.partners]] = 1.0, 2.0
    run.world[W.troops_deployed] = 60.0
    programmes.pay_operation(run)
    assert run.actors[I.endowment].tolist() == [0.0, 80.0]
    assert run.programmes[R.spent, 0] == 30.0
    assert run.world[W.troops_deployed] == 60.0


@pytest.mark.parametrize(("strength", "victory"), [(105.0, 1.0), (115.0, 0.0)])
def test_the_state_has_won_when_rebels_who_were_many_are_few_again(
    strength: float, victory: float
) -> None:
    run = nothing(armed=2)
    run.armed[A.kind], run.world[W.control] = REBEL, 1.0
    # Above a tenth more than usual they stand in the field still. At their peaks the two were as
    # many together as have to be beaten, and neither was alone.
    run.armed[A.strength, 0], run.armed[A.strength_usual, 0] = strength, 100.0
    run.armed[A.strength_peak] = peak = 50.0 * max(3.0, run.parameters[P.victory_state])
    contest._see_who_wins(run)
    assert run.world[W.victory] == victory
    assert run.armed[A.strength_peak].tolist() == ([strength, 0.0] if victory else [peak, peak])


def test_a_party_without_anybody_armed_breaks_no_agreement() -> None:
    run = nothing(armed=2)
    run.armed[A.kind], run.armed[A.resolve], run.world[W.agreement] = REBEL, 1.0, 1.0
    run.parameters[P.relapse_rate] = 0.9
    settlement._comply(run, 0.0, 2.0)
    assert run.world[W.agreement] == 1.0 and not run.armed[A.breaches].any()
    run.armed[A.strength] = 0.0, 1.0
    settlement._comply(run, 0.0, 2.0)
    assert run.world[W.agreement] == 0.0 and run.armed[A.breaches].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("trigger", "begun", "elapsed"), [
    (ON_AGREEMENT, -1.0, 0.0), (ON_AGREEMENT, 0.0, 6.0),
    (ON_WARNING, -1.0, 0.0), (ON_WARNING, 0.0, 6.0),
])  # fmt: skip
def test_a_trigger_counts_from_the_first_week_in_which_it_may_and_never_anew(
    trigger: float, begun: float, elapsed: float
) -> None:
    programme: Any = SimpleNamespace(
        model=SimpleNamespace(
            week=6.0, agreement=1.0, settings=SimpleNamespace(open_week=6.0, arrival_delay=-1.0)
        ),
        row=SimpleNamespace(threshold=0.5, start=0.0), state=SimpleNamespace(begun=begun),
        _level=lambda trigger: 1.0,
    )  # fmt: skip
    assert Programme._elapsed(programme, trigger) == elapsed


def test_a_trigger_is_reached_at_its_threshold_and_reads_its_own_level() -> None:
    model: Any = SimpleNamespace(killed=25.0, deaths_recent=9.0, actors=[])
    levels = [
        Programme._level(SimpleNamespace(model=model), one) for one in (ON_DEATHS, ON_FAILING)
    ]
    assert levels == [25.0, 9.0]
    for killed, begun in ((24.0, -1.0), (25.0, 6.0)):
        run = nothing(measures=1)
        run.settings[S.arrival_delay], run.programmes[R.begun] = -1.0, -1.0
        run.world[[W.week, W.killed]], run.measures[0, X.threshold] = (6.0, killed), 25.0
        programmes._elapsed(run, 0, ON_DEATHS)
        assert run.programmes[R.begun, 0] == begun


def test_what_the_state_does_not_want_is_not_taken_up_and_what_leaks_is() -> None:
    run = nothing()
    run.parameters[P.reform_leakage] = 1.0  # without accountability nothing arrives
    for commitment, taken in ((0.0, False), (0.5, True)):
        run.government[[G.capacity, G.commitment]] = 0.8, commitment
        assert programmes._delivered(run, 0.0) == run.world[W.delivery] == 0.0
        assert programmes._taken_up(run, BY_STATE) == taken


def test_rebels_alone_settle_nothing_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settlement, "uniforms", lambda *_: (0.0,))
    run = nothing(armed=2)
    run.armed[A.strength] = 10.0
    run.armed[A.terms] = run.armed[A.weariness] = 1.0
    run.parameters[[P.settlement_friction, P.settlement_hurt]] = 0.0, 10.0
    run.parameters[P.choice_precision] = 50.0
    for kinds, agreement in ((REBEL, 0.0), ((STATE, REBEL), 1.0)):
        run.armed[A.kind] = kinds
        settlement.negotiate(run)
        assert run.world[W.agreement] == agreement


def test_money_for_the_state_is_no_share_and_may_be_more_than_one() -> None:
    run = nothing()
    run.world[[W.funds, W.mediation]] = 3.0, 3.0
    programmes._hold(run)
    assert run.world[[W.funds, W.mediation]].tolist() == [3.0, 1.0]


def test_who_expels_is_half_way_to_killing() -> None:
    model = PreventionModel(scenario(few_towns()))
    leaders = next(one for one in model.armed_groups if one.target >= 0)
    values = {}
    for order in (0.0, EXPEL, KILL):
        leaders.order = order
        values[order] = np.array(leaders._order_values())
    inertia, continuum = model.parameters.order_inertia, model.parameters.continuum
    assert values[EXPEL] - values[0.0] == pytest.approx([inertia, inertia * continuum])
    assert values[KILL] - values[0.0] == pytest.approx([0.0, inertia])


def test_a_community_stands_where_its_town_is() -> None:
    case = scenario(few_towns())
    found = [(one.latitude, one.longitude) for one in PreventionModel(case).communities]
    assert found == list(zip(case.country.latitude, case.country.longitude, strict=True))
