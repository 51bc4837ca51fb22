"""What every measure doses, where, for how much and out of whose purse, in its first dosed week.

Until that week a run equals its twin with another dose, so that what is asked here holds to the last
digits and for every single run. How doses fade, and that money ends with them, is in
`test_measures.py`; what peacekeepers and aid cost is in `test_unity_and_money.py`, because both are
paid where they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from same_state import assert_same_state
from small_worlds import Batch, scenario, started
from test_measures import ACTIVE, MEASURES, OPENS, SEED, THROUGH_THE_STATE, with_measure

from sim.effects import FIRST_LOCAL, LOCALS
from sim.fields import C, G, I, Q, R, W
from sim.interventions.changes import with_changes
from sim.kinds import Effect, Leader, Trigger
from sim.model import PreventionModel
from sim.rules.measure import dose_at
from sim.scenario import Scenario

RUNS = 12
WEEKS = 60
PLENTY = {"country.government.budget": 5000.0, "actors.actors.*.endowment": 5000.0}
LOCAL_DOSES = range(int(C.police), int(C.police) + LOCALS)


class FirstWeek:
    """The week before and the week in which each run of the first scenario has its first dose."""

    def __init__(self, name: str, *changes: dict[str, Any]) -> None:
        raw = with_changes(with_measure(name, WEEKS, lag=0), PLENTY, measure=name)
        if MEASURES[name].trigger is Trigger.MANDATE:  # one is bargained over without a dose too
            raw["interventions"].setdefault("mediation", {})
        worlds = [scenario(with_changes(raw, change, measure=name)) for change in changes]
        batch = started(*worlds, replicates=RUNS, seed=SEED)
        self.rows = _rows(worlds[0], name)
        self.before = {name: np.zeros_like(column) for name, column in batch.state.items()}
        self.after = {name: np.zeros_like(column) for name, column in batch.state.items()}
        self.dosed = np.zeros(RUNS, dtype=bool)
        for _ in range(WEEKS):
            earlier = {name: column.copy() for name, column in batch.state.items()}
            batch.advance(1)
            first = self._dosed(batch) & ~self.dosed
            self.dosed |= first
            every = np.tile(first, len(worlds))
            for table, column in batch.state.items():
                self.before[table][every] = earlier[table][every]
                self.after[table][every] = column[every]
        assert self.dosed.any(), f"{name}: no run of {RUNS} has a dose in {WEEKS} weeks"

    def _dosed(self, batch: Batch) -> np.ndarray:
        doses = batch.state["programmes"][:RUNS, R.dose][:, self.rows]
        return np.asarray((doses > 0.0).any(axis=1))

    def of(self, table: str, field: int, world: int, *, before: bool = False) -> np.ndarray:
        """Return a field of the runs of one world that are dosed, in their first week."""
        column = (self.before if before else self.after)[table]
        chosen = column[world * RUNS : (world + 1) * RUNS, field][self.dosed]
        return np.asarray(chosen[:, self.rows] if table == "programmes" else chosen)

    def spent(self, world: int) -> np.ndarray:
        """Return what was spent on the measure in that week (million USD)."""
        both = (self.of("programmes", R.spent, world, before=early) for early in (False, True))
        now, then = both
        return np.asarray((now - then).sum(axis=1))


def _rows(case: Scenario, name: str) -> list[int]:
    names = [one.declaration.name for one in case.measures for _ in one.declaration.parts]
    return [row for row, one in enumerate(names) if one == name]


def intensity_of(name: str) -> float:
    return float(MEASURES[name].intensity)


@ACTIVE
def test_half_the_intensity_is_half_the_dose_and_a_ramp_begins_with_its_first_step(
    name: str,
) -> None:
    whole = intensity_of(name)
    at_once = {"@.ramp": 0}
    week = FirstWeek(
        name, at_once, at_once | {"@.intensity": whole / 2.0}, {"@.ramp": 10, "@.intensity": whole}
    )
    dose, half, ramped = (week.of("programmes", R.dose, world) for world in range(3))
    assert (dose > 0.0).any()
    np.testing.assert_allclose(half, dose / 2.0, rtol=1e-9)
    step = dose_at(0.0, 10.0, np.inf, 0.0, 1.0)
    np.testing.assert_allclose(ramped, dose * step, rtol=1e-9)


PAID_BY_DOSE = [
    name
    for name, one in MEASURES.items()
    if one.parts and not {part.effect for part in one.parts} & {Effect.TROOPS, Effect.AID}
    and name != "placebo"
]  # fmt: skip


@pytest.mark.parametrize("name", PAID_BY_DOSE)
def test_a_week_costs_what_is_declared_for_its_dose(name: str) -> None:
    week = FirstWeek(name, {"@.ramp": 0})
    share, reach = (week.of("programmes", field, 0)[:, 0] for field in (R.share, R.reach))
    declared = MEASURES[name].cost * intensity_of(name)
    assert (share > 0.0).any()
    np.testing.assert_allclose(week.spent(0), declared * reach * share, rtol=1e-9)


@ACTIVE
def test_only_those_who_lead_a_measure_or_help_pay_for_it(name: str) -> None:
    declared = MEASURES[name]
    week = FirstWeek(name, {"@.ramp": 0}, {"@.ramp": 0, "@.intensity": 0.0})
    kinds = week.of("actors", I.kind, 0).astype(int)
    less = week.of("actors", I.endowment, 1) - week.of("actors", I.endowment, 0)
    leaders = sum({int(one) for one in (*declared.lead, *declared.partners)})
    theirs = (kinds & leaders) > 0
    # Who mediates on its own pays its own mediators, whoever leads.
    assert name == "mediation" or not less[~theirs].any()
    home = week.of("government", G.budget, 1) - week.of("government", G.budget, 0)
    if Leader.GOVERNMENT not in declared.lead:
        assert (home <= 0.0).all()
    if name in PAID_BY_DOSE and name != "mediation":
        np.testing.assert_allclose(
            np.maximum(home, 0.0) + less.sum(axis=1), week.spent(0), rtol=1e-6, atol=1e-9
        )


@pytest.mark.parametrize(
    "name",
    [n for n, one in MEASURES.items() if any(part.effect >= FIRST_LOCAL for part in one.parts)],
)
def test_a_list_of_places_is_dosed_and_no_other_place(name: str) -> None:
    places = list(with_measure(name, WEEKS)["country"]["places"])
    chosen = [2, 5]
    covered = {"@.ramp": 0, "@.coverage": [places[at] for at in chosen]}
    week = FirstWeek(name, covered, covered | {"@.intensity": 0.0})
    for field in LOCAL_DOSES:
        given = week.of("communities", field, 0) - week.of("communities", field, 1)
        assert not np.delete(given, chosen, axis=1).any(), field
    total = sum(
        week.of("communities", field, 0) - week.of("communities", field, 1) for field in LOCAL_DOSES
    )
    assert (np.asarray(total)[:, chosen] > 0.0).all()


@pytest.mark.parametrize(
    "name",
    [n for n, one in MEASURES.items() if one.parts and one.trigger is Trigger.ACTION],
)
def test_a_dose_fades_over_the_weeks_of_its_decay_and_is_gone_after_them(name: str) -> None:
    duration, decay = 3, 4
    raw = with_measure(name, OPENS + 12, lag=0, ramp=0, duration=duration, decay=decay)
    case = scenario(with_changes(raw, PLENTY, measure=name))
    batch, rows = started(case, replicates=4, seed=SEED), _rows(case, name)
    batch.advance(OPENS)
    doses = []
    for _ in range(12):
        batch.advance(1)
        doses.append(batch.state["programmes"][:, R.dose][:, rows].sum(axis=1))
    dosed = np.array(doses) > 0.0
    assert dosed[: duration + decay].any(axis=1).all()
    assert not dosed[duration + decay :].any()


@pytest.mark.parametrize("name", [name for name, one in MEASURES.items() if one.parts])
def test_a_dose_fades_in_equal_steps(name: str) -> None:
    """Of the same measure with two decays, from the same week on: what is left in each week.

    To the last digits in the first week, until which the two are one world; then as nearly as what
    gets through to the one and to the other.
    """
    duration, short, long = 3, 4, 9
    raw = with_measure(name, OPENS + 12, trigger="action", lag=0, ramp=0, duration=duration)
    raw = with_changes(raw, PLENTY, measure=name)
    worlds = [
        scenario(with_changes(raw, {"@.decay": decay}, measure=name)) for decay in (short, long)
    ]
    batch, rows = started(*worlds, replicates=4, seed=SEED), _rows(worlds[0], name)
    batch.advance(OPENS + duration)
    for week in range(1, short + 1):
        batch.advance(1)
        faded, slower = batch.state["programmes"][:, R.dose][:, rows].sum(axis=1).reshape(2, 4)
        left = (1.0 - week / (short + 1)) / (1.0 - week / (long + 1))
        assert (slower > 0.0).all()
        np.testing.assert_allclose(faded, slower * left, rtol=1e-9 if week == 1 else 0.05)


@pytest.mark.parametrize("name", THROUGH_THE_STATE)
def test_what_leaks_wholly_is_paid_like_what_leaks_nearly_wholly(name: str) -> None:
    """Money that leaks has been spent: at the end of the scale too, where nothing arrives."""
    leaking = {"attributes.accountability": 0.0, "@.ramp": 0}
    nearly, wholly = (leaking | {"parameters.reform_leakage": share} for share in (0.999, 1.0))
    week = FirstWeek(name, nearly, wholly)
    assert (week.spent(0) > 0.0).all()
    np.testing.assert_allclose(week.spent(1), week.spent(0), rtol=1e-9)
    assert (week.of("programmes", R.dose, 0).sum(axis=1) > 0.0).all()
    assert not week.of("programmes", R.dose, 1).any()


def test_both_engines_pay_for_what_leaks_wholly() -> None:
    raw = with_measure("sustainable_development", OPENS + 8, lag=0)
    raw = with_changes(raw, PLENTY | {
        "attributes.accountability": 0.0, "parameters.reform_leakage": 1.0,
    })  # fmt: skip
    case = scenario(raw)
    model, batch = PreventionModel(case, seed=SEED), started(case, seed=SEED)
    batch.advance(case.weeks)
    while model.week < case.weeks:
        model.step()
    assert batch.state["programmes"][:, R.spent].any()
    assert_same_state(model, batch)


COVERED: dict[str, Callable[[Batch, int], np.ndarray]] = {
    "all": lambda batch, capital: np.ones(batch.state["communities"].shape[::2]),
    "capital": lambda batch, capital: np.eye(batch.state["communities"].shape[2])[[capital]],
    "marginalised": lambda batch, capital: batch.state["communities"][:, C.excluded],
}
"""Claims of places on aid by its coverage, (runs, places)."""


@pytest.mark.parametrize("size", [1.0, 4.0])
@pytest.mark.parametrize("coverage", COVERED)
def test_aid_costs_what_the_people_cost_whom_it_can_supply_where_it_goes(
    coverage: str, size: float
) -> None:
    """No more than are displaced there, and not those of other places; in every week."""
    raw = with_measure("humanitarian_aid", WEEKS, lag=0, ramp=0)
    own = {"effects": {"aid": size}, "fails_when": "never", "ramp": 0, "coverage": coverage}
    price, intensity = 1e-5, 3000.0
    own |= {"cost": price, "largest": 1e6, "intensity": intensity, "lead": "ngo"}
    raw["interventions"] = {"own": own}
    case = scenario(with_changes(raw, PLENTY))
    batch = started(case, replicates=RUNS, seed=SEED)
    home = ~case.country.abroad
    saturated = thin = False
    for _ in range(case.weeks):
        displaced = batch.state["people"][:, Q.displaced].sum(axis=1)
        before = batch.state["programmes"][:, R.spent, 0].copy()
        batch.advance(1)
        spent = batch.state["programmes"][:, R.spent, 0] - before
        supply = np.minimum(intensity * size, displaced.sum(axis=1))[:, None]
        claims = COVERED[coverage](batch, case.country.capital) * home
        met = np.minimum(supply * claims / claims.sum(axis=1)[:, None], displaced)
        met = supply if coverage == "all" else met
        units = met.sum(axis=1) / size
        dosed = batch.state["programmes"][:, R.dose, 0] > 0.0
        share = batch.state["programmes"][:, R.share, 0]
        np.testing.assert_allclose(
            spent[dosed], (price * units * share)[dosed], rtol=1e-9, atol=1e-12
        )
        assert not spent[~dosed].any()
        saturated |= bool((dosed & (met.sum(axis=1) < 0.99 * supply[:, 0])).any())
        thin |= bool((dosed & (spent > 0.0)).any())
    assert thin
    assert saturated == (coverage != "all")


def test_two_measures_of_aid_for_the_same_places_do_not_pay_for_the_same_people_twice() -> None:
    """The second pays for those whom the first leaves, and both engines agree to the bit."""
    raw = with_measure("humanitarian_aid", WEEKS, lag=0, ramp=0, coverage="capital")
    own = {
        "effects": {"aid": 1.0}, "fails_when": "never", "ramp": 0, "coverage": "capital",
        "largest": 1e6, "intensity": 2e5, "lead": "ngo", "cost": 0.000008,
    }  # fmt: skip
    alone = with_changes(raw, PLENTY)
    both = alone | {"interventions": {**alone["interventions"], "own": own}}
    spent = {}
    for name, world in (("alone", alone), ("both", both)):
        case = scenario(world)
        batch, model = started(case, seed=SEED), PreventionModel(case, seed=SEED)
        batch.advance(case.weeks)
        while model.week < case.weeks:
            model.step()
        assert_same_state(model, batch)
        spent[name] = batch.state["programmes"][0, R.spent]
    assert spent["alone"].sum() > 0.0
    assert spent["both"].sum() < 1.5 * spent["alone"].sum()


def of_placebo(batch: Batch) -> np.ndarray:
    return np.array(batch.state["world"][:, W.placebo_spent])


def outside_programmes(batch: Batch) -> np.ndarray:
    """Return what actors spent that no programme did: on mediators of their own."""
    programmes = batch.state["programmes"][:, R.spent].sum(axis=1)
    return np.asarray(batch.state["world"][:, W.spent] - programmes)


@pytest.mark.parametrize(
    ("name", "spent"), [("mediation", outside_programmes), ("placebo", of_placebo)]
)
def test_nothing_is_paid_while_a_measure_fades(
    name: str, spent: Callable[[Batch], np.ndarray]
) -> None:
    """Own mediators of single actors, whom no programme pays for, and the placebo."""
    raw = with_measure(name, OPENS + 40, lag=0, ramp=0, duration=13, decay=20)
    raw = with_changes(raw, PLENTY | {"parameters.outside_cost": 0.0}, measure=name)
    batch = started(scenario(raw), replicates=RUNS, seed=SEED)
    batch.advance(OPENS + 13)
    ended = spent(batch)
    assert (ended > 0.0).any()
    batch.advance(20)
    np.testing.assert_allclose(spent(batch), ended, rtol=1e-9)
