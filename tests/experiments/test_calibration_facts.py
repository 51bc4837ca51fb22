"""The statistics that a calibration may use: the facts marked C, no other, and what they measure."""

from __future__ import annotations

import ast
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import experiments
from experiments.population.worlds import sample_population
from experiments.validation.calibration_facts import (
    RECENT,
    calibration_facts,
    calibration_worlds,
    forums_per_crisis,
    indirect_per_direct,
    months_to_half_strength,
    onset_rate,
    simulate_facts,
    sources,
    spread_ratio,
)
from experiments.validation.estimates import risk_ratio
from experiments.validation.records import Records, record_population
from sim.outcomes import O
from sim.parameters import parameter_row

MARKED_C = {
    "1": (0.006, 0.016),
    "3.past_killing": (1.5, 6.0),
    "3.discriminated": (1.5, 6.0),
    "12.ratio": (1.3, 3.0),
    "22": (1.0, 3.0),
    "23": (3.0, 9.0),
    "29.median": (1.0, 8.0),
}
"""The outside facts that are marked C, as the list of facts gives them."""


@pytest.fixture(scope="module")
def runs() -> Records:
    return record_population(sample_population(64, seed=4), seed=1)


def test_the_facts_of_a_calibration_are_those_marked_c_with_their_bands() -> None:
    found = {fact.name: (fact.low, fact.high) for fact in calibration_facts()}
    assert found == MARKED_C


def test_a_calibration_reads_nothing_else_of_what_the_model_is_held_against() -> None:
    folder = Path(experiments.__file__).parent
    allowed = {"calibration_facts", "estimates", "records"}
    reading = [
        *sorted(folder.glob("calibrat*.py")),
        *sorted(folder.glob("calibration/**/*.py")),
        *(folder / "validation" / f"{name}.py" for name in allowed),
    ]
    for file in reading:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom) and node.module == "experiments.validation":
                modules = [f"experiments.validation.{alias.name}" for alias in node.names]
            for module in modules:
                head, _, tail = module.partition("experiments.validation.")
                assert head or tail.partition(".")[0] in {"", *allowed}, (file.name, module)


def test_a_result_is_known_by_how_countries_are_sampled_and_mapped() -> None:
    text = sources()
    for name in ("second_exclusion", "sample_crises", "spread_ratio", "risk_ratio", "place_deaths"):
        assert f"{name}" in text
    assert '"quantiles"' in text


def test_more_deterred_leaders_begin_fewer_mass_killings() -> None:
    worlds = calibration_worlds(countries=64, crises=12)
    harsh = parameter_row({"cost_kill": 4.0, "cost_expel": 2.0})
    found = simulate_facts(np.stack([parameter_row(None), harsh]), worlds)
    assert found.value[0, 0] > found.value[1, 0]
    assert np.isfinite(found.error[:, 0]).all()
    again = simulate_facts(parameter_row(None), worlds)
    assert np.array_equal(again.value[0], found.value[0], equal_nan=True)


def test_slower_deployment_takes_longer_to_half_strength() -> None:
    worlds = calibration_worlds(countries=8, crises=24)
    column = [fact.name for fact in calibration_facts()].index("23")
    rows = np.stack([parameter_row({"deployment_delay": weeks}) for weeks in (4.0, 30.0)])
    quick, slow = simulate_facts(rows, worlds).value[:, column]
    assert quick < slow


def test_a_row_of_parameters_costs_less_than_half_a_second_for_each_statistic() -> None:
    worlds = calibration_worlds()
    simulate_facts(parameter_row(None), worlds)  # compiles
    before = time.process_time()
    simulate_facts(parameter_row(None), worlds)
    assert time.process_time() - before < 0.5 * len(calibration_facts())


def test_the_rate_of_onset_counts_country_years_by_their_weight(runs: Records) -> None:
    outcomes = np.zeros_like(runs.outcomes)
    outcomes[:16, O.mass_killing] = 1.0
    found = onset_rate(replace(runs, outcomes=outcomes, weight=np.ones(64)))
    assert found.value == pytest.approx(16 / (64 * 5))
    heavy = np.where(np.arange(64) < 16, 3.0, 1.0)
    assert onset_rate(replace(runs, outcomes=outcomes, weight=heavy)).value == pytest.approx(
        48 / (96 * 5)
    )


def test_a_ratio_of_risks_is_as_unsure_as_its_events_are_few(runs: Records) -> None:
    exposed = np.arange(400) < 200
    none, some = np.zeros(400), np.where(exposed, np.arange(400) % 10 == 0, 0.0)
    assert np.isnan(risk_ratio(none, exposed, np.ones(400)).value)
    assert risk_ratio(some, exposed, np.ones(400)).error > 1.4
    both = (np.arange(400) % 10 == 0).astype(float)
    found = risk_ratio(both, exposed, np.ones(400))
    assert found.value == pytest.approx(1.0)
    assert found.error == pytest.approx(np.sqrt(2 * 0.9 / 20.5), rel=0.05)


def made_to_spread(runs: Records, *, contagion: float, seed: int = 1) -> Records:
    """Return runs whose places turn violent at a rate, more beside recent violence."""
    draw = np.random.default_rng(seed)
    shape = (120, len(runs), runs.near.shape[1])
    violent = np.zeros(shape)
    for period in range(1, shape[0]):
        recent = violent[max(0, period - RECENT) : period].any(axis=0)
        exposed = (runs.near & recent[:, None, :]).any(axis=2)
        violent[period] = draw.random(shape[1:]) < 0.01 * np.where(exposed, contagion, 1.0)
    return replace(runs, place_deaths=violent)


@pytest.mark.parametrize("contagion", [1.0, 3.0])
def test_the_hazard_ratio_of_made_up_contagion_is_found(runs: Records, contagion: float) -> None:
    found = spread_ratio(made_to_spread(runs, contagion=contagion))
    assert found.low < contagion < found.high
    assert found.high / found.low < 1.8


def test_what_moves_a_whole_country_is_not_contagion(runs: Records) -> None:
    draw = np.random.default_rng(2)
    waves = 0.3 * (draw.random((200, len(runs), 1)) < 0.05)
    violent = draw.random((200, len(runs), runs.near.shape[1])) < waves
    found = spread_ratio(replace(runs, place_deaths=violent.astype(float)))
    assert found.low < 1.0 < found.high


def test_forums_are_counted_while_any_is_open(runs: Records) -> None:
    forums = np.zeros((10, len(runs)))
    forums[2:4] = 1.0
    forums[4:6] = 3.0
    assert forums_per_crisis(replace(runs, forums=forums)).value == pytest.approx(2.0)
    assert np.isnan(forums_per_crisis(replace(runs, forums=np.zeros((10, 64)))).value)


def test_months_run_from_the_mandate_and_ratios_are_those_of_violent_runs(runs: Records) -> None:
    outcomes = runs.outcomes.copy()
    outcomes[:, [O.mandate_week, O.arrival_week]] = -1.0
    outcomes[:20, O.mandate_week], outcomes[:20, O.arrival_week] = 10.0, 36.0
    outcomes[:, O.direct_deaths], outcomes[:, O.indirect_deaths] = 10.0, 1000.0
    outcomes[:30, O.direct_deaths], outcomes[:30, O.indirect_deaths] = 100.0, 400.0
    known = replace(runs, outcomes=outcomes)
    assert months_to_half_strength(known).value == pytest.approx(5.98, abs=0.01)
    assert indirect_per_direct(known).value == pytest.approx(4.0)


def test_replicates_share_their_draws_whatever_the_population_around_them() -> None:
    whole = sample_population(16, seed=1)
    first = record_population(whole, seed=3, replicates=2)
    again = record_population(whole, seed=3, replicates=2, period=1)
    assert np.array_equal(first.outcomes, again.outcomes)
    assert (
        first.place_deaths.sum() == again.place_deaths.sum() == first.outcome("direct_deaths").sum()
    )
