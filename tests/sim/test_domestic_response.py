"""A state that responds at home, exclusion that changes hands, a ceasefire at the start, foresight."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import VIOLENT, bits, burundi, overthrow, scenario, started
from test_roles import RUNS, log_deaths, overthrown, with_country

from sim.ensemble import Batch
from sim.errors import ScenarioError
from sim.fields import A, C, G, Q, W
from sim.kinds import REBEL

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
    case = scenario(overthrow(mechanisms={"domestic_reform": False}))
    batch, fell, before = overthrown(case)
    old = before["government"][:, G.group].astype(int)
    new = batch.state["government"][:, G.group].astype(int)
    changed = np.flatnonzero(fell & (old != new))
    assert changed.size
    for run in changed:
        was, now = before["people"][run], batch.state["people"][run]
        for name in (Q.exclusion, Q.exclusion_usual, Q.inequality):
            assert np.array_equal(now[name, new[run]], was[name, old[run]])
            assert np.array_equal(now[name, old[run]], was[name, new[run]])
        assert not np.array_equal(was[Q.exclusion, old[run]], was[Q.exclusion, new[run]])
        for group in set(range(was.shape[1])) - {int(old[run]), int(new[run])}:
            assert np.array_equal(now[Q.exclusion, group], was[Q.exclusion, group])


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
            batch.state["armed"][:, A.sanction][:, batch.state["armed"][0, A.kind] != REBEL].mean(),
        )
    assert found["forward_looking"][0] > 0.0 == found["myopic"][0]
    assert found["forward_looking"][1] > found["myopic"][1]


def test_nobody_foresees_those_whose_measures_wait_for_no_mandate() -> None:
    case = scenario(burundi(forms={"foresight": "forward_looking"}, interventions={}, weeks=20))
    batch = started(case, replicates=2)
    batch.advance(20)
    assert batch.state["world"][:, W.rescue].max() == 0.0


def test_without_the_mechanism_state_forces_protect_nobody() -> None:
    off = {"domestic_response": False}
    case = scenario(with_country(government={"role": "protector"}), mechanisms=off)
    batch = started(case, replicates=2)
    batch.advance(30)
    assert batch.state["communities"][:, C.shelter].max() == 0.0
    assert batch.state["government"][:, G.response].max() == 0.0
