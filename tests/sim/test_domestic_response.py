"""A state that responds at home, exclusion that changes hands, a ceasefire at the start, foresight."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import VIOLENT, bits, burundi, overthrow, scenario, started
from test_roles import RUNS, log_deaths, overthrown, with_country

from sim.ensemble import Batch
from sim.errors import ScenarioError
from sim.fields import A, C, G, M, Q, W
from sim.kinds import PERPETRATOR, REBEL, STATE
from sim.parameters import P

# --- a domestic response --------------------------------------------------------------------------


def respond_with(**figures: float) -> Batch:
    """Return runs of a bystander state, without any foreign action, half a year after a shock."""
    calm = dict.fromkeys(("commitment", "accountability"), 0.0)
    government = {"role": "bystander", "capacity": 0.8, **calm, **figures}
    case = scenario(with_country(government=government))
    batch = started(case, replicates=40)
    batch.advance(26)
    return batch


@pytest.mark.parametrize("figure", ["commitment", "accountability", "courts", "oversight"])
def test_a_bystander_protects_as_its_leaders_want_or_must(figure: str) -> None:
    """Nobody who neither wants nor must; leaders who are committed or answer for it do."""
    unwilling, willing = respond_with(), respond_with(**{figure: 0.9})
    assert unwilling.state["government"][:, G.response].max() == 0.0
    assert unwilling.state["communities"][:, C.shelter].max() == 0.0
    assert willing.state["government"][:, G.response].min() > 0.0
    assert willing.state["communities"][:, C.shelter].max() > 0.0


@pytest.mark.parametrize("role", ["bystander", "protector"])
def test_a_state_shelters_as_far_as_it_is_warned_is_able_and_has_forces_there(role: str) -> None:
    """The equations of the description, a week after a decision, from the state alone."""
    government = {"role": role, "capacity": 0.6, "courts": 0.8, "accountability": 0.3}
    case = scenario(with_country(government=government))
    row, batch = case.parameters, started(case, replicates=10)
    batch.advance(12)
    stationed = batch.state["presence"][:, M.armed].copy()  # they protect where they have stood
    batch.advance(1)
    state, places = batch.state["government"], batch.state["communities"]
    account = 1.0 - (1.0 - state[:, G.accountability]) * (1.0 - row[P.institutions_effect] * 0.2)
    wanted = 1.0 - (1.0 - state[:, G.commitment]) * (1.0 - account)
    expected = row[P.bystander_response] * state[:, G.warned] * wanted
    assert state[:, G.warned].min() > 0.0 and state[:, G.warned].max() < 0.9
    response = state[:, G.response]
    assert response == pytest.approx(np.ones(10) if role == "protector" else expected, rel=1e-9)
    home = places[0, C.abroad] < 0.5
    forces = stationed[:, batch.state["armed"][0, A.kind] == STATE]
    density = 1000.0 * forces.sum(axis=1)[:, home] / places[:, C.population][:, home]
    able = (state[:, G.capacity] * response)[:, None]
    shelter = able * (1.0 - np.exp(-density / row[P.troops_half]))
    assert places[:, C.shelter][:, home] == pytest.approx(shelter, rel=1e-9)
    assert not places[:, C.shelter][:, ~home].any()


def test_state_forces_stop_attacks_by_others_and_not_their_own() -> None:
    """Under a shelter that stops everything, revenge by the state's own forces is all that kills."""
    government = {"role": "protector", "capacity": 1.0}
    raw = with_country(government=government)
    batch = started(scenario(raw, parameters=VIOLENT | {"troops_half": 0.1}), replicates=40)
    batch.advance(8)
    state = batch.state["armed"][0, A.kind] == STATE
    batch.state["armed"][:, A.discipline] = 0.0
    batch.state["people"][:, Q.memory] = 1.0
    batch.advance(1)
    presence, certain = batch.state["presence"], batch.state["communities"][:, C.shelter] > 0.999
    attacked, stopped = (presence[:, field] > 0.5 for field in (M.attacked, M.stopped))
    where = np.broadcast_to(certain[:, None], attacked.shape)
    assert (attacked & where)[:, state].any() and not stopped[:, state].any()
    by_others = (attacked & where)[:, ~state]
    assert by_others.any() and (stopped[:, ~state][by_others]).mean() > 0.99


def test_a_response_saves_lives_before_any_outsider_acts() -> None:
    """The whole chain at home, paired: from commitment and accountability to deaths."""
    willing, unwilling = (
        log_deaths(
            scenario(
                with_country(government={"role": "bystander", "capacity": 0.9, "commitment": share,
                                         "accountability": share}),
                parameters=VIOLENT | {"bystander_response": 1.0},
            )
        )
        for share in (0.9, 0.0)
    )  # fmt: skip
    difference = willing - unwilling
    assert difference.mean() + 3.29 * difference.std(ddof=1) / np.sqrt(RUNS) < 0.0


def test_a_focal_point_warns_its_own_government_sooner() -> None:
    late, soon = (
        started(scenario(with_country(government={"focal_point": strength})), replicates=4)
        for strength in (0.0, 1.0)
    )
    for batch in (late, soon):
        batch.advance(8)  # two weeks after the shock
    assert (soon.state["government"][:, G.warned] > late.state["government"][:, G.warned]).all()


def test_institutions_make_reports_to_outsiders_more_exact() -> None:
    silent, heard = (
        started(scenario(with_country(government={"human_rights_institution": strength})))
        for strength in (0.0, 1.0)
    )
    for batch in (silent, heard):
        batch.advance(2)
    noise = [batch.state["world"][0, W.report_noise] for batch in (silent, heard)]
    assert noise[1] < noise[0]


# --- exclusion and settlement ---------------------------------------------------------------------


def test_exclusion_changes_hands_with_the_government() -> None:
    """Who governs now is as included as who governed before, in every place, and the reverse."""
    country = overthrow()["country"] | {"society": {"inequality": 0.4}}
    case = scenario(overthrow(country=country, mechanisms={"domestic_reform": False}))
    batch, fell, before = overthrown(case)
    old = before["government"][:, G.group].astype(int)
    new = batch.state["government"][:, G.group].astype(int)
    changed = np.flatnonzero(fell & (old != new))
    assert changed.size
    for run in changed:
        was, now = before["people"][run], batch.state["people"][run]
        for name in (Q.exclusion, Q.exclusion_usual, Q.inequality, Q.inequality_usual):
            assert np.array_equal(now[name, new[run]], was[name, old[run]])
            assert np.array_equal(now[name, old[run]], was[name, new[run]])
            assert not np.array_equal(was[name, old[run]], was[name, new[run]])
        for group in set(range(was.shape[1])) - {int(old[run]), int(new[run])}:
            assert np.array_equal(now[Q.exclusion, group], was[Q.exclusion, group])


def test_who_loses_power_is_restless_over_what_was_lost() -> None:
    """People keep what they were used to: at rest, the newly shut out are aggrieved above it."""
    case = scenario(overthrow(mechanisms={"domestic_reform": False}))
    batch, fell, before = overthrown(case)
    old = before["government"][:, G.group].astype(int)
    new = batch.state["government"][:, G.group].astype(int)
    changed = np.flatnonzero(fell & (old != new))
    assert changed.size
    people, home = batch.state["people"], ~case.country.abroad
    usual = before["people"][:, Q.grievance_usual]
    assert np.array_equal(people[:, Q.grievance_usual], usual)
    for run in changed:
        shut_out = people[run, Q.exclusion, old[run]][home]
        assert (shut_out > usual[run, old[run]][home]).all()
        assert (people[run, Q.exclusion, new[run]] <= usual[run, new[run]])[home].all()


@pytest.mark.parametrize("role", ["bystander", "protector"])
def test_who_comes_to_power_by_arms_decides_anew_and_protects_nobody(role: str) -> None:
    country = overthrow()["country"]
    country["government"] |= {"role": role, "capacity": 0.9, "accountability": 0.5}
    batch, fell, before = overthrown(scenario(overthrow(country=country, weeks=208)))
    assert before["communities"][fell][:, C.shelter].max() > 0.0
    state = batch.state["government"][fell]
    assert (state[:, G.role] == PERPETRATOR).all()
    assert not state[:, G.response].any()
    assert not batch.state["communities"][fell][:, C.shelter].any()


def test_a_run_can_begin_in_a_ceasefire_which_may_break() -> None:
    """Under it there is no combat; it lasts as an agreement does."""
    quiet = {"relapse_rate": 0.0}
    held, open_war = (
        started(
            scenario(with_country(settlement={"in_force": flag}), parameters=VIOLENT | quiet),
            replicates=20,
        )
        for flag in (1, 0)
    )
    for batch in (held, open_war):
        batch.advance(1)
    assert (held.state["world"][:, W.agreement] == 1.0).all()
    assert held.state["communities"][:, C.rebel_losses].max() == 0.0
    assert open_war.state["world"][:, W.agreement].max() == 0.0
    assert open_war.state["communities"][:, C.rebel_losses].max() > 0.0
    for batch in (held, open_war):
        batch.advance(7)
    home = held.state["communities"][0, C.abroad] < 0.5
    assert (held.state["communities"][:, C.control][:, home] == 1.0).all()
    assert (open_war.state["communities"][:, C.control][:, home] < 1.0).any()
    breaking = started(
        scenario(with_country(settlement={"in_force": 1}), parameters=VIOLENT), replicates=40
    )
    breaking.advance(40)
    assert (breaking.state["world"][:, W.agreement] < 0.5).any()


def test_half_an_agreement_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"^country.settlement.in_force: 0.5 is not allowed"):
        scenario(with_country(settlement={"in_force": 0.5}))


# --- foresight ------------------------------------------------------------------------------------


def test_those_who_look_ahead_count_with_rescue_and_pressure_before_any_mandate() -> None:
    """By the mean position of outsiders and own belief, not by a date: never is foreseen alike."""
    found = {}
    for form in ("myopic", "forward_looking"):
        case = scenario(burundi(forms={"foresight": form}, action={"start": 60}, weeks=100))
        batch = started(case, case.baseline(), replicates=10)
        batch.advance(30)
        assert np.array_equal(
            bits(batch.state["armed"][:10]), bits(batch.state["armed"][10:])
        )  # nobody knows when outsiders will act
        found[form] = (
            batch.state["world"][:, W.rescue].min(),
            *(
                batch.state["armed"][:, A.sanction][:, side].mean()
                for side in (
                    batch.state["armed"][0, A.kind] != REBEL,
                    batch.state["armed"][0, A.kind] == REBEL,
                )
            ),
        )
    assert found["forward_looking"][0] > 0.0 == found["myopic"][0]
    assert found["forward_looking"][1] > found["myopic"][1]
    assert found["forward_looking"][2] > found["myopic"][2]


def test_a_mandate_that_goes_further_than_was_foreseen_is_what_counts() -> None:
    found = []
    for form in ("myopic", "forward_looking"):
        batch = started(scenario(burundi(forms={"foresight": form})), replicates=6)
        batch.advance(12)
        for field in (W.policy_pressure, W.policy_protection, W.mandate_scale):
            batch.state["world"][:, field] = 1.0
        batch.state["world"][:, [W.mandate_week, W.mandate_since]] = 10.0
        batch.state["armed"][:, [A.belief, A.enforced, A.unenforced]] = np.array(
            [[0.5], [1e6], [1e6]]
        )
        batch.state["world"][:, W.forums] = 1.0
        batch.advance(1)
        found.append((batch.state["world"][:, W.rescue], batch.state["world"][:, W.pressure]))
    assert (found[0][0] > 0.0).all() and np.array_equal(found[0][0], found[1][0])
    assert (found[0][1] > 0.0).all()


def test_nobody_foresees_those_whose_measures_wait_for_no_mandate() -> None:
    cases = [
        scenario(burundi(forms={"foresight": form}, interventions={}, weeks=20))
        for form in ("forward_looking", "myopic")
    ]
    batch = started(*cases, replicates=2)
    batch.advance(20)
    assert batch.state["world"][:, W.rescue].max() == 0.0
    assert np.array_equal(bits(batch.state["armed"][:2]), bits(batch.state["armed"][2:]))


def test_without_the_mechanism_state_forces_protect_nobody() -> None:
    off = {"domestic_response": False}
    case = scenario(with_country(government={"role": "protector"}), mechanisms=off)
    batch = started(case, replicates=2)
    batch.advance(30)
    assert batch.state["communities"][:, C.shelter].max() == 0.0
    assert batch.state["government"][:, G.response].max() == 0.0
