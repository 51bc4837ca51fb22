"""One contract over every measure: the catalogue, and the two examples of a user's own.

A new measure is covered by being declared: what it moves, when, and how it fails is read from its
declaration and tried on 200 pairs of worlds. How measures fail is in `test_measures_that_fail.py`, how
they end in `test_measures_that_end.py`, what they cost in `test_dose_and_price.py`.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

import numpy as np
import pytest
import yaml
from measure_worlds import (
    ACTIVE,
    EVERY,
    MEASURES,
    OPENS,
    OWN,
    RUNS,
    SEED,
    THROUGH_THE_STATE,
    first_delivery,
    mean_of,
    pair,
    rows_of,
    tried,
    ways_to_fail,
    with_measure,
    world,
)
from same_state import assert_same_record, assert_same_state, state_of
from small_worlds import Batch, bits, same_bits, scenario, started

from sim.effects import BY_NAME
from sim.ensemble import FIELDS, STATE
from sim.errors import ScenarioError
from sim.fields import A, C, G, I, Q, R, W
from sim.interventions import CATALOGUE, X, measure_table
from sim.interventions.changes import with_changes
from sim.interventions.measure import settings_of
from sim.interventions.own import declared_as, own_declaration
from sim.kinds import STATE as STATE_FORCES
from sim.kinds import Coverage, Effect, Trigger
from sim.model import PreventionModel

# --- the contract ---------------------------------------------------------------------------------


@EVERY
def test_a_zero_dose_is_the_world_without_the_measure_to_the_bit(name: str) -> None:
    raw = with_measure(name, 40, intensity=0.0)
    without = raw | {
        "interventions": {key: row for key, row in raw["interventions"].items() if key != name}
    }
    zero, none = (started(scenario(one), replicates=4, seed=SEED) for one in (raw, without))
    for batch in (zero, none):
        batch.advance(40)
    for table in STATE:
        if table != "programmes":
            assert np.array_equal(bits(zero.state[table]), bits(none.state[table])), table
    assert np.array_equal(bits(zero.series), bits(none.series))
    assert zero.outcomes[:, 1].any()  # there was killing, not nothing at all


BESIDE: dict[str, dict[str, Any]] = {
    name: {"lag": 0, "ramp": 0}
    for name in (
        "peacekeeping", "humanitarian_aid", "mediation", "equal_justice", "agreement_monitoring",
        "protective_environment", "decentralisation", "sustained_engagement",
    )
}  # fmt: skip
"""Measures of the catalogue that a zero dose of an own measure may not disturb."""


@functools.cache
def run_with(effect: str = "") -> tuple[Batch, PreventionModel]:
    """Return both engines after the catalogue's measures, beside a zero dose of one own if named."""
    raw = world() | {"weeks": 30, "interventions": copy.deepcopy(BESIDE)}
    if effect:
        raw["interventions"]["own"] = {
            "effects": {effect: 1.0}, "fails_when": "never", "trigger": "mandate", "ramp": 0,
            "coverage": "capital" if own_declaration("own", {"effects": {effect: 1.0},
                        "fails_when": "never"}).local else "all", "intensity": 0.0,
        }  # fmt: skip
    case = scenario(raw)
    batch, model = started(case, replicates=4, seed=SEED), PreventionModel(case, seed=SEED)
    batch.advance(30)
    for _ in range(30):
        model.step()
    return batch, model


@pytest.mark.parametrize("effect", BY_NAME)
def test_a_zero_dose_of_an_own_measure_leaves_those_of_the_catalogue_to_the_bit(
    effect: str,
) -> None:
    """In both engines, whatever its effect, coverage and trigger."""
    (batch, model), (plain, alone) = run_with(effect), run_with()
    for table in STATE:
        if table != "programmes":
            assert np.array_equal(bits(batch.state[table]), bits(plain.state[table])), table
    assert np.array_equal(bits(batch.series), bits(plain.series))
    there, here = state_of(model), state_of(alone)
    for table in STATE:
        if table != "programmes":
            assert np.array_equal(bits(there[table]), bits(here[table])), table
    # There was something to disturb.
    assert plain.state["world"][:, W.troops_deployed].any()
    assert plain.state["communities"][:, C.aid].any()


@pytest.mark.parametrize(("effect", "measure"), [
    ("troops", "peacekeeping"), ("aid", "humanitarian_aid"),
])  # fmt: skip
def test_troops_or_aid_of_two_measures_go_by_one_coverage(effect: str, measure: str) -> None:
    raw = with_measure(measure, 30)
    usual = MEASURES[measure].coverage.name.lower()
    raw["interventions"]["own"] = own = {
        "effects": {effect: 1.0}, "fails_when": "never", "coverage": usual,
    }  # fmt: skip
    scenario(raw)
    own["coverage"] = "capital"
    with pytest.raises(ScenarioError) as error:
        scenario(raw)
    assert str(error.value) == (
        f"interventions.own.coverage: 'capital' is not allowed beside '{usual}' of "
        f"interventions.{measure}, {effect} go by one coverage: give both the same"
    )
    first, second = list(raw["country"]["places"])[:2]
    own["coverage"], raw["interventions"][measure]["coverage"] = [first], [second]
    with pytest.raises(ScenarioError, match="give both the same"):
        scenario(raw)
    raw["interventions"][measure]["coverage"] = [first]
    scenario(raw)
    own |= {"coverage": "capital", "intensity": 0.0}  # a zero dose goes nowhere
    scenario(raw)


@pytest.mark.parametrize("name", [name for name, one in MEASURES.items() if one.local])
def test_coverage_of_nobody_is_a_zero_dose_to_the_bit(name: str) -> None:
    raw = with_measure(name, 40, coverage="marginalised")
    raw = with_changes(raw, {"country.places.*.exclusion.*": 0.0})
    raw["interventions"] |= {"mediation": {}}  # a mandate is bargained over in both
    dosed, zero = pair(raw, name)
    both = started(dosed, zero, replicates=4, seed=SEED)
    both.advance(40)
    assert same_world(both)
    # The same measure that reaches everybody does tell the two apart.
    reaching = with_changes(raw, {"@.coverage": "all"}, measure=name)
    both = started(*pair(reaching, name), replicates=4, seed=SEED)
    both.advance(40)
    assert not same_world(both)


def same_world(both: Batch) -> bool:
    """Return whether the runs of two scenarios, four each, are one but for their programmes.

    Where there are no peacekeepers, how places would share them is no part of the world.
    """
    state = {table: both.state[table].copy() for table in STATE if table != "programmes"}
    if not state["world"][:, W.troops_deployed].any():
        state["world"][:, W.need_total] = 0.0
        state["communities"][:, C.need] = 0.0
    return all(np.array_equal(bits(rows[:4]), bits(rows[4:])) for rows in state.values())


@ACTIVE
def test_nothing_happens_before_the_first_delivery(name: str) -> None:
    """In every single run: until its dose arrives, the run equals its twin in every field."""
    weeks = first_delivery(name) + 40
    raw = with_measure(name, weeks, start=5)
    if MEASURES[name].trigger is Trigger.MANDATE and name != "mediation":
        raw["interventions"] |= {"mediation": {}}
    dosed, zero = pair(raw, name)
    runs = 20
    batch = started(dosed, zero, replicates=runs, seed=SEED)
    rows = [index for index, row in enumerate(rows_of(dosed)) if row == name]
    untouched, touched = np.ones(runs, dtype=bool), np.zeros(runs, dtype=bool)
    earliest = OPENS if name == "mediation" else OPENS + 5 + int(MEASURES[name].lag)
    for week in range(weeks):
        batch.advance(1)
        if name == "mediation":  # actors bargain, and may mediate alone, from the opening on
            untouched &= week < OPENS
        untouched &= ~(batch.state["programmes"][:runs, R.dose][:, rows] != 0.0).any(axis=1)
        for table in STATE:
            if table == "programmes":
                continue
            one, other = batch.state[table][:runs], batch.state[table][runs:]
            differ = (bits(one) != bits(other)).reshape(runs, -1).any(axis=1)
            touched |= differ
            assert not differ[untouched].any(), (week, table)
            assert week >= earliest or not differ.any(), (week, table)
    assert touched.any()


@ACTIVE
def test_a_measure_moves_what_it_names_in_the_direction_and_time_that_it_names(name: str) -> None:
    assert MEASURES[name].moves
    for move, (mean, half) in zip(MEASURES[name].moves, tried(name).gains, strict=True):
        assert mean - half > 0.0, (move, mean, half)


@EVERY
def test_money_is_spent_only_while_a_measure_is_active(name: str) -> None:
    delivered = first_delivery(name)
    raw = with_measure(name, delivered + 60, duration=13, decay=6)
    raw = with_changes(raw, {"country.government.budget": 200.0})
    case = scenario(raw)
    rows = [index for index, row in enumerate(rows_of(case)) if row == name]
    batch = started(case, replicates=20, seed=SEED)
    spent_before = batch.state["programmes"][:, R.spent][:, rows].sum(axis=1)
    ever = np.zeros(20, dtype=bool)
    for week in range(case.weeks):
        batch.advance(1)
        spent = batch.state["programmes"][:, R.spent][:, rows].sum(axis=1)
        active = (batch.state["programmes"][:, R.dose][:, rows] > 0.0).any(axis=1)
        if MEASURES[name].parts[0].effect is Effect.TROOPS:
            active |= batch.state["world"][:, W.troops_deployed] > 0.0
        assert (active | (spent == spent_before)).all(), week
        assert (spent >= spent_before).all(), week
        assert week >= delivered or not spent.any(), week
        ever |= spent > 0.0
        spent_before = spent
    if MEASURES[name].trigger is Trigger.ACTION:
        ends = delivered + 13
        late = started(case, replicates=20, seed=SEED)
        late.advance(ends)
        then = late.state["programmes"][:, R.spent][:, rows].sum(axis=1)
        assert np.array_equal(then, spent_before)
    assert ever.any() or name == "placebo"


@pytest.mark.parametrize("name", THROUGH_THE_STATE)
def test_what_the_state_does_not_want_costs_nothing(name: str) -> None:
    """While nothing gets through its channel a measure is not paid for, and otherwise it is."""
    raw = with_changes(
        with_measure(name, first_delivery(name) + 20), {"country.government.budget": 200.0}
    )
    for commitment, paid in ((0.0, False), (1.0, True)):
        case = scenario(with_changes(raw, {"attributes.commitment": commitment}))
        rows = [index for index, row in enumerate(rows_of(case)) if row == name]
        batch = started(case, replicates=4, seed=SEED)
        batch.advance(case.weeks)
        assert batch.state["programmes"][:, R.spent][:, rows].any() == paid, commitment


@pytest.mark.parametrize("commitment", [0.0, 0.001])
@pytest.mark.parametrize("engine", ["agents", "compiled"])
def test_a_measure_begins_where_any_of_its_parts_gets_through(
    commitment: float, engine: str
) -> None:
    """What needs no state is whole and paid for, in whatever order the parts are kept."""
    for direct, stated in (("reporting", "justice"), ("justice", "governance")):
        parts = {direct: 1.0, stated: {"size": 0.5, "channel": "state"}}
        own = {"effects": parts, "fails_when": "never", "ramp": 0, "coverage": "all"}
        raw = world() | {"weeks": OPENS + 6, "attributes": {"commitment": commitment}}
        paid = {}
        for needs in (None, "state"):
            raw["interventions"] = {"own": own | ({} if needs is None else {"needs": needs})}
            case = scenario(raw)
            run = (
                PreventionModel(case, seed=SEED) if engine == "agents" else started(case, seed=SEED)
            )
            if isinstance(run, PreventionModel):
                for _ in range(case.weeks):
                    run.step()
                state = state_of(run)["programmes"]
            else:
                run.advance(case.weeks)
                state = run.state["programmes"][0]
            paid[needs] = float(state[R.spent].sum())
            effects = [int(row[X.effect]) for row in measure_table(case.measures)]
            dose = state[R.dose, effects.index(int(BY_NAME[direct].effect))]
            assert (dose > 0.0) == (needs is None or commitment > 0.0), needs
        assert paid[None] > 0.0
        assert paid["state"] == (paid[None] if commitment > 0.0 else 0.0)


@EVERY
def test_money_that_leaves_the_purses_is_what_measures_and_own_policies_have_spent(
    name: str,
) -> None:
    case = scenario(with_measure(name, 60))
    batch = started(case, replicates=10, seed=SEED)
    first = batch.state["actors"][:, I.endowment].sum(axis=1)
    batch.advance(60)
    left = batch.state["actors"][:, I.endowment].sum(axis=1)
    assert np.allclose(first - left, batch.state["world"][:, W.spent], rtol=1e-9, atol=1e-6)


def test_the_order_of_declaration_does_not_matter() -> None:
    raw = world() | {"weeks": 60}
    entries = {name: copy.deepcopy(OWN.get(name, {})) for name in MEASURES}
    there = scenario(raw | {"interventions": entries})
    back = scenario(raw | {"interventions": dict(reversed(entries.items()))})
    one, other = (started(case, replicates=4, seed=SEED) for case in (there, back))
    for batch in (one, other):
        batch.advance(60)
    assert same_bits(one, other)


@EVERY
def test_a_measure_survives_the_way_through_a_scenario_file(name: str) -> None:
    declared = MEASURES[name]
    plain = scenario(with_measure(name, 20)).measures
    entry = copy.deepcopy(OWN.get(name, {})) | settings_of(declared)
    if name in OWN:
        entry |= {key: OWN[name][key] for key in settings_of(declared) if key in OWN[name]}
    written = yaml.safe_load(yaml.safe_dump(entry, sort_keys=False))
    again = scenario(with_measure(name, 20, **written)).measures
    assert again == plain
    own = own_declaration(
        name, yaml.safe_load(yaml.safe_dump(declared_as(declared), sort_keys=False))
    )
    assert sorted(own.parts) == sorted(declared.parts)
    assert own.needs is declared.needs
    assert own.moves == declared.moves
    assert ways_to_fail(own) == ways_to_fail(declared)


@EVERY
def test_what_a_scenario_file_says_of_a_measure_is_what_it_does(name: str) -> None:
    """Every setting of a file is read: each is another one here than the measure declares."""
    declared = MEASURES[name]
    trigger = Trigger.WARNING if declared.trigger is not Trigger.WARNING else Trigger.ACTION
    said: dict[str, Any] = {
        "trigger": trigger.name.lower(), "threshold": declared.first_threshold + 1.5, "start": 3,
        "lag": declared.lag + 2.0, "ramp": declared.ramp + 3.0, "duration": 17,
        "decay": declared.decay + 5.0, "intensity": 0.5 * declared.intensity,
        "coverage": "capital" if declared.local else "all", "cost": declared.cost + 0.25,
        "lead": ["neighbour"], "partners": ["donor"],
    }  # fmt: skip
    assert set(said) == set(settings_of(declared))
    written = yaml.safe_load(yaml.safe_dump(said, sort_keys=False))
    read = next(
        one
        for one in scenario(with_measure(name, 20, **written)).measures
        if one.declaration.name == name
    )
    assert read.trigger is trigger
    assert read.coverage is (Coverage.CAPITAL if declared.local else Coverage.ALL)
    assert [leader.name for leader in (*read.lead, *read.partners)] == ["NEIGHBOUR", "DONOR"]
    for setting in (
        "threshold", "start", "lag", "ramp", "duration", "decay", "intensity", "cost",
    ):  # fmt: skip
        assert getattr(read, setting) == said[setting], setting


@EVERY
def test_both_engines_agree_on_a_measure_to_the_bit(name: str) -> None:
    raw = with_measure(name, first_delivery(name) + 12)
    if MEASURES[name].local:
        raw["interventions"][name] |= {"coverage": "most_at_risk", "duration": 8, "decay": 3}
    case = scenario(raw)
    model, batch = PreventionModel(case, seed=SEED), started(case, seed=SEED)
    step = max(1, case.weeks // 8)
    while model.week < case.weeks:
        weeks = min(step, case.weeks - int(model.week))
        batch.advance(weeks)
        for _ in range(weeks):
            model.step()
        assert_same_state(model, batch)
    assert_same_record(model, batch)


# --- triggers and places --------------------------------------------------------------------------


@pytest.mark.parametrize("trigger", [one.name.lower() for one in Trigger])
def test_a_trigger_starts_a_measure_when_it_comes_true_and_not_before(trigger: str) -> None:
    raw = with_measure("violence_reduction", 60, trigger=trigger, lag=0)
    raw["interventions"] |= {"mediation": {}}
    raw = with_changes(raw, {"parameters.settlement_hurt": 3.0})
    case = scenario(raw)
    row = rows_of(case).index("violence_reduction")
    batch = started(case, replicates=40, seed=SEED)
    ever = np.zeros(40, dtype=bool)
    for week in range(case.weeks):
        before = {name: column.copy() for name, column in batch.state.items()}
        batch.advance(1)
        held = {
            "action": np.full(40, week >= OPENS),
            "mandate": batch.state["world"][:, W.mandate_since] >= 0.0,
            "deaths": before["world"][:, W.killed] >= 1.0,
            "failing": before["world"][:, W.deaths_recent] >= 100.0,
            "agreement": batch.state["world"][:, W.agreement] > 0.5,
            "warning": _warned(batch, 0.5),
        }[trigger]
        ever |= held & (week >= OPENS)
        dosed = batch.state["programmes"][:, R.dose, row] > 0.0
        assert not (dosed & ~ever).any(), week
        if trigger in ("mandate", "agreement"):  # these end with what started them
            assert not (dosed & ~held).any(), week
    assert ever.any()


def _warned(batch: Batch, level: float) -> np.ndarray:
    actors = batch.state["actors"]
    believed = 1.0 / (1.0 + np.exp(-actors[:, I.belief]))
    return np.asarray((actors[:, I.weight] * believed).sum(axis=1) >= level)


COVERED = {
    "all": lambda capital, excluded, listed: np.ones_like(capital, dtype=bool),
    "capital": lambda capital, excluded, listed: capital,
    "marginalised": lambda capital, excluded, listed: excluded,
    "list": lambda capital, excluded, listed: listed,
}


@pytest.mark.parametrize("coverage", COVERED)
def test_a_local_programme_reaches_the_places_that_it_covers_and_no_others(coverage: str) -> None:
    raw = with_measure("equal_justice", 40, lag=0, ramp=0)
    raw = with_changes(raw, {"country.government.budget": 500.0})
    places = list(raw["country"]["places"])
    for at, place in enumerate(places[:10]):
        if at % 2:
            raw["country"]["places"][place]["exclusion"] = dict.fromkeys(
                raw["country"]["groups"], 0.0
            )
    chosen = places[2:4]
    raw["interventions"]["equal_justice"]["coverage"] = chosen if coverage == "list" else coverage
    case = scenario(raw)
    dosed, zero = pair(raw, "equal_justice")
    batch = started(dosed, zero, seed=SEED)
    batch.advance(40)
    state = dict(zip(STATE, FIELDS, strict=True))["communities"]
    justice = [one.name for one in state].index("justice")
    gained = batch.state["communities"][0, justice] > batch.state["communities"][1, justice]
    home = ~case.country.abroad
    capital = np.arange(len(places)) == case.country.capital
    excluded = (case.country.exclusion * case.country.people).sum(axis=0) > 0.0
    listed = np.array([place in chosen for place in places])
    assert np.array_equal(gained, COVERED[coverage](capital, excluded, listed) & home)


def test_what_goes_to_one_place_costs_what_its_people_are_of_all() -> None:
    """A full dose in the capital alone costs the capital's share, and no money is wasted."""
    spent = {}
    for coverage in ("all", "capital"):
        raw = with_measure("equal_justice", 40, lag=0, ramp=0, coverage=coverage)
        case = scenario(with_changes(raw, {"country.government.budget": 500.0}))
        batch = started(case, replicates=4, seed=SEED)
        batch.advance(40)
        spent[coverage] = batch.state["programmes"][:, R.spent, 0].mean()
    people = case.country.people[:, ~case.country.abroad].sum(axis=0)
    share = people[case.country.capital] / people.sum()
    assert spent["capital"] / spent["all"] == pytest.approx(share, rel=0.3)


@pytest.mark.parametrize("name", ["counter_speech", "speech_monitoring"])
def test_what_is_on_the_air_is_heard_where_it_is_covered_and_is_not_decentralised(
    name: str,
) -> None:
    """In its first week it is heard in the places that it covers and nowhere else."""
    chosen = [2, 5]
    raw = with_measure(name, 40, lag=0, ramp=0)
    raw["interventions"] |= {"decentralisation": {"lag": 0, "ramp": 0}}
    places = list(raw["country"]["places"])
    heard = []
    for coverage in ("all", [places[at] for at in chosen]):
        covered = with_changes(raw, {"@.coverage": coverage}, measure=name)
        batch = started(*pair(covered, name), seed=SEED)
        batch.advance(OPENS + 1)
        heard.append(batch.state["people"][0, Q.hate] - batch.state["people"][1, Q.hate])
    everywhere, there = heard
    assert np.array_equal((everywhere < 0.0).any(axis=0), ~scenario(raw).country.abroad)
    assert np.array_equal(np.flatnonzero((there != 0.0).any(axis=0)), chosen)
    assert (there < everywhere)[:, chosen].all()  # what is bundled is heard better


def test_counter_speech_is_resented_where_it_was_heard_the_week_before() -> None:
    raw = with_measure("counter_speech", 40, lag=0, ramp=0, duration=2)
    raw["interventions"]["counter_speech"]["coverage"] = [list(raw["country"]["places"])[3]]
    batch = started(*pair(raw, "counter_speech"), seed=SEED)
    batch.advance(OPENS)
    suppressed = []
    for _ in range(5):
        batch.advance(1)
        suppressed.append(batch.state["communities"][:, C.suppressed].copy())
    for week, (dosed, zero) in enumerate(suppressed):
        assert np.array_equal(np.flatnonzero(dosed), [3] if week in (1, 2) else [])
        assert not zero.any()


def test_joint_action_brings_more_offers_of_peacekeepers() -> None:
    """The same joint office and the same noise, with and without its part in what is offered."""
    raw = with_measure("joint_action", 60)
    alone = with_changes(raw, {"parameters.joint_offers": 0.0})
    batch = started(scenario(raw), scenario(alone), replicates=40, seed=SEED)
    batch.advance(60)
    troops = batch.state["world"][:, W.troops_deployed]
    more = troops[:40] - troops[40:]
    assert more.mean() > 3.29 * more.std(ddof=1) / np.sqrt(40)


def test_a_host_that_denies_access_keeps_aid_from_those_at_home_alone() -> None:
    raw = with_measure("humanitarian_aid", 60, lag=0, ramp=0)
    raw = with_changes(raw, {"country.government.consent": 0.0, "parameters.consent_terms": 0.0,
                             "parameters.consent_pressure": 0.0})  # fmt: skip
    denied = with_changes(raw, {"parameters.aid_consent": 1.0})
    batch = started(scenario(raw), scenario(denied), replicates=10, seed=SEED)
    reached = np.zeros((20, len(raw["country"]["places"])), dtype=bool)
    for _ in range(60):
        batch.advance(1)
        reached |= batch.state["communities"][:, C.aid] > 0.0
    abroad = scenario(raw).country.abroad
    assert reached[:10, ~abroad].any()
    assert not reached[10:, ~abroad].any()
    assert reached[:10, abroad].any()
    assert reached[10:, abroad].any()


def test_no_list_of_places_can_name_one_abroad() -> None:
    """Those across the border are supplied by aid for all; a list of a camp there would do nothing."""
    raw = with_measure("humanitarian_aid", 20)
    country = scenario(raw).country
    beyond = country.places[int(np.flatnonzero(country.abroad)[0])]
    home = [place for place, out in zip(country.places, country.abroad, strict=True) if not out]
    own = {"effects": {"contact": 1.0}, "fails_when": "never"}
    for name, entry in (("humanitarian_aid", {}), ("own", own)):
        raw["interventions"] = {name: entry | {"coverage": [home[0]]}}
        scenario(raw)
        raw["interventions"] = {name: entry | {"coverage": [home[0], beyond]}}
        with pytest.raises(ScenarioError) as error:
            scenario(raw)
        assert str(error.value) == (
            f"interventions.{name}.coverage: {beyond!r} is not allowed, expected a place that is not "
            f"abroad: {', '.join(home)}"
        )


def test_one_sided_justice_reopens_the_wounds_of_those_who_are_shut_out_alone() -> None:
    """Truth with full justice, which stops at the one group that is excluded."""
    raw = with_measure("truth_and_reconciliation", 40, lag=0, ramp=0)
    raw = with_changes(raw, {
        "country.government.budget": 500.0, "country.society.justice": 1.0,
        "country.places.*.exclusion.*": 0.0,
        "country.places.*.exclusion.group_2": 1.0, "parameters.justice_one_sided": 1.0,
    })  # fmt: skip
    batch = started(*pair(raw, "truth_and_reconciliation"), seed=SEED)
    batch.advance(OPENS)
    batch.state["people"][:, Q.trauma] = 0.5
    batch.advance(1)
    trauma = batch.state["people"][:, Q.trauma]
    home = ~scenario(raw).country.abroad
    healed = (trauma[1] - trauma[0])[:, home]
    assert (healed[[0, 2]] > 0.0).all()
    assert (healed[1] < 0.0).all()


def test_help_to_stabilise_lets_a_protector_hold_more_of_the_country_and_a_perpetrator_not() -> (
    None
):
    """The same help and the same noise, without and with its part in who holds a place."""
    name = "stabilisation_support"
    weeks = first_delivery(name) + 26
    more = {}
    for role in ("protector", "perpetrator"):
        raw = with_changes(with_measure(name, weeks), {"country.government.role": role})
        without = with_changes(raw, {"parameters.presence_effect": 0.0})
        batch = started(scenario(raw), scenario(without), replicates=RUNS, seed=SEED)
        batch.advance(weeks)
        assert (batch.state["world"][:RUNS, W.capacity_programme] > 0.0).all()
        control = batch.state["world"][:, W.control]
        more[role] = control[:RUNS] - control[RUNS:]
    protector = more["protector"]
    assert protector.mean() > 3.29 * protector.std(ddof=1) / np.sqrt(RUNS)
    assert not more["perpetrator"].any()


def test_police_bring_the_displaced_home() -> None:
    """The same police and the same noise, without and with their part in who dares to return."""
    raw = with_measure("protective_environment", 60, trigger="action", lag=0, ramp=0)
    unheeded = with_changes(raw, {"parameters.return_policing": 0.0})
    batch = started(scenario(raw), scenario(unheeded), replicates=RUNS, seed=SEED)
    batch.advance(60)
    away = mean_of(batch, "people.away")
    fewer = away[RUNS:] - away[:RUNS]
    assert fewer.mean() > 3.29 * fewer.std(ddof=1) / np.sqrt(RUNS)


def test_forces_under_orders_against_civilians_take_nothing_from_a_reform() -> None:
    """However united the elite: what they have gained over their twins rises in no week of orders."""
    name = "security_forces_reform"
    delivered = first_delivery(name)
    raw = with_changes(with_measure(name, delivered + 40), {
        "country.government.cohesion": 1.0, "country.government.role": "perpetrator",
    })  # fmt: skip
    batch = started(*pair(raw, name), replicates=40, seed=SEED)
    batch.advance(delivered)
    state = batch.state["armed"][0, A.kind] == STATE_FORCES
    gained, ordered, free = np.zeros((40, int(state.sum()))), 0, 0
    for _ in range(40):
        batch.advance(1)
        under_orders = batch.state["armed"][:40, A.order][:, state] > 0.0
        discipline = batch.state["armed"][:, A.discipline][:, state]
        more = discipline[:40] - discipline[40:]
        rises = more > gained
        assert not (rises & under_orders).any()
        ordered += int(under_orders.sum())
        free += int(rises.sum())
        gained = more
    assert ordered > 100
    assert free > 100


def test_without_generalisation_dialogue_leaves_only_what_its_participants_gain() -> None:
    """Of the same dialogue: its full gain, and that of 1 in 20 people alone; the others gain none.

    However long it lasts.
    """
    quiet = with_changes(
        with_measure("community_dialogue", 600, lag=0, ramp=0), {"country.shocks": []}
    )
    alone = with_changes(quiet, {"parameters.contact_generalised": 0.0})
    cases = [*pair(quiet, "community_dialogue"), *pair(alone, "community_dialogue")]
    batch = started(*cases, replicates=RUNS, seed=SEED)
    batch.advance(OPENS + 13)
    full, zero, some, none = np.split(mean_of(batch, "people.trust"), 4)
    lost = (full - zero) - (some - none)
    assert lost.mean() > 3.29 * lost.std(ddof=1) / np.sqrt(RUNS)
    assert (some - none).mean() > 0.0
    for _ in range(5):
        most = 0.05 * (1.0 - none)  # what 1 in 20 could gain at the very most
        assert (some - none <= most).all()
        batch.advance(104)
        _, _, some, none = np.split(mean_of(batch, "people.trust"), 4)
    assert (some - none).mean() > 0.0


def test_the_spoiler_of_a_transition_is_one_armed_group_and_the_others_stay_as_they_are() -> None:
    name = "transitional_arrangements"
    plain = with_measure(name, 20)["country"]["armed_groups"]
    (partly,) = (one for one in MEASURES[name].also_fails if "armed_groups" in str(one.changes))
    raw = with_changes(with_measure(name, 20), partly.changes, measure=name)
    spoiled = raw["country"]["armed_groups"]
    rebels = [key for key, group in plain.items() if group["kind"] == "rebel"]
    assert [key for key in plain if spoiled[key] != plain[key]] == rebels[:1]
    assert len(rebels) > 1


def test_what_keeps_people_at_home_in_every_week_leaves_no_week_in_which_they_dare_to_go_out() -> (
    None
):
    """The worst fear in every place is full from the first delivery on, and lets up in the other."""
    name = "womens_empowerment"
    lets_up = []
    for way in (0, 1):
        raw = with_measure(name, 100)
        raw = with_changes(raw, ways_to_fail(MEASURES[name])[way].changes, measure=name)
        case = scenario(raw)
        batch = started(case, replicates=20, seed=SEED)
        batch.advance(first_delivery(name))
        least = 1.0
        for _ in range(case.weeks - first_delivery(name)):
            batch.advance(1)
            worst = batch.state["people"][:, Q.fear][..., ~case.country.abroad].max(axis=1)
            least = min(least, float(worst.min()))
        lets_up.append(least < 1.0)
    assert lets_up == [False, True]


def test_a_mandate_that_lapses_early_was_given_and_police_seldom_come() -> None:
    """Not a body that never agrees: nearly all of the worlds have a mandate, and few ever police."""
    name = "protective_environment"
    raw = with_changes(with_measure(name, 116), MEASURES[name].fails, measure=name)
    batch = started(scenario(raw), replicates=RUNS, seed=SEED)
    given, came = np.zeros(RUNS, dtype=bool), np.zeros(RUNS, dtype=bool)
    for _ in range(116):
        batch.advance(1)
        given |= batch.state["world"][:, W.mandate_since] >= 0.0
        came |= batch.state["communities"][:, C.policing].any(axis=1)
    assert given.mean() > 0.9
    assert came.mean() < 0.1


def test_a_change_adds_an_entry_for_each_of_so_many_weeks() -> None:
    raw = {"country": {"shocks": [{"week": 9}]}}
    changed = with_changes(raw, {"country.shocks.+3": {"fear": 0.5}})
    assert changed["country"]["shocks"] == [
        {"week": 9}, *({"week": week, "fear": 0.5} for week in range(3))
    ]  # fmt: skip
    assert raw == {"country": {"shocks": [{"week": 9}]}}
    with pytest.raises(ScenarioError, match=r"country.shocks.\+3: .* a mapping, not 0.5"):
        with_changes(raw, {"country.shocks.+3": 0.5})
    for name in ("country.shocks.+three", "country.shocks.+-3", "country.+3"):
        with pytest.raises(ScenarioError, match="leads nowhere at"):
            with_changes(raw, {name: {"fear": 0.5}})


def test_engagement_holds_what_was_gained_and_does_not_hold_back_what_recovers() -> None:
    """Livelihoods and cohesion above and below their usual level, in a country without violence."""
    raw = with_measure("sustained_engagement", 60, ramp=0)
    raw["interventions"] = {"sustained_engagement": {"ramp": 0}}
    raw["mechanisms"] = {"killing": False, "shocks": False}
    for level, held in ((0.9, True), (0.1, False)):
        batch = started(*pair(raw, "sustained_engagement"), seed=SEED)
        batch.advance(OPENS)
        batch.state["communities"][:, C.livelihoods] = level
        batch.state["government"][:, G.cohesion] = level
        batch.advance(26)
        home = ~scenario(raw).country.abroad
        for state in (batch.state["communities"][:, C.livelihoods][:, home],
                      batch.state["government"][:, G.cohesion, None]):  # fmt: skip
            engaged, left = state.reshape(2, -1)
            assert (engaged > left).all() if held else np.array_equal(engaged, left), level


def test_every_coverage_is_tried() -> None:
    names = {one.name.lower() for one in Coverage} - {"listed", "most_at_risk"} | {"list"}
    assert set(COVERED) == names


def test_every_effect_belongs_to_a_measure() -> None:
    used = {part.effect for one in CATALOGUE.values() for part in one.parts}
    assert used == set(Effect)
    assert len(X) == len(set(X._fields))
