"""Calibration on a toy whose answer is known: what is learnt, what is not, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy_simulator import ACTING, IDLE, NOISY, RATE, RATIO, Toy

from experiments.calibration.emulator import Emulator
from experiments.calibration.evaluations import Evaluations
from experiments.calibration.facts import Fact, Measured
from experiments.calibration.matching import Bands, draw, log_weights, propose
from experiments.calibration.pipeline import (
    Budget,
    Calibration,
    calibrate,
    free_parameters,
    prior_ensemble,
    screen,
)
from experiments.calibration.recovery import FEWEST, MOST, coverage, recover
from experiments.calibration.screening import Round, screened, screening_sample, shortlist
from experiments.calibration.space import MOST_FREE, Space, parameter_range, space_of
from sim.errors import ForestallError
from sim.parameters import NAMES

SMALL = Budget(paths=4, further=4, shortlist=4, first=64, later=32, waves=2, check=32, sets=128)


@pytest.fixture(scope="module")
def found() -> Calibration:
    return calibrate(Evaluations(Toy()), (*ACTING, IDLE), (NOISY,), SMALL, seed=3)


def test_an_even_band_is_as_likely_as_the_chance_to_lie_in_it() -> None:
    from scipy.stats import norm

    from experiments.calibration.emulator import Predicted

    bands = Bands(np.array([1.0, 0.0]), np.array([0.5, 1.0]), np.array([0.0, 3.0]))
    predicted = Predicted(np.array([[1.2, 0.3], [9.0, 0.3]]), np.array([[0.4, 4.0], [0.1, 4.0]]))
    one = norm(1.2, 0.4).cdf(1.5) - norm(1.2, 0.4).cdf(0.5)
    other = norm(0.3, 5.0).cdf(1.0) - norm(0.3, 5.0).cdf(-1.0)
    weights = log_weights(predicted, bands)
    assert weights[0] == pytest.approx(np.log(one * other))
    assert -1e5 < weights[1] < -1000.0, "far tails keep their digits"


def test_a_fact_that_was_not_measured_has_no_weight() -> None:
    from experiments.calibration.emulator import Predicted

    bands = Bands(np.array([0.0]), np.array([np.inf]), np.array([0.0]))
    weights = log_weights(Predicted(np.array([[3.0], [-80.0]]), np.ones((2, 1))), bands)
    assert weights.tolist() == [0.0, 0.0]


def test_the_emulator_predicts_the_simulator_as_well_as_it_says() -> None:
    space, toy = space_of((*ACTING, IDLE), (NOISY,)), Toy()
    unit = space.prior(128, seed=1)
    emulator = Emulator(toy.facts, unit[:, :4], toy(space.values(unit), seed=1))
    others = np.random.default_rng(5).random((400, 5))
    exact = Toy(error=1e-9)(space.values(others), seed=2)
    predicted = emulator.predict(others[:, :4])
    for place, fact in enumerate(toy.facts):
        z = (fact.on_scale(exact.values[:, place]) - predicted.mean[:, place]) / predicted.sd[
            :, place
        ]
        assert 0.9 < (np.abs(z) < 2.0).mean() <= 1.0, fact.id
        assert 0.5 < z.std() < 1.3, fact.id


def test_the_ensemble_lies_where_the_facts_are(found: Calibration) -> None:
    table = found.check.set_index("fact")
    assert (table["within"] > 0.9).all(), table
    assert (table["without"] == 0.0).all()
    rows = [dict(row) for row in prior_ensemble(found.space, 256, seed=1).to_dict("records")]
    values = Toy()(rows, seed=1).values
    inside = (values[:, 0] > RATE.low) & (values[:, 0] < RATE.high)
    inside &= (values[:, 1] > RATIO.low) & (values[:, 1] < RATIO.high)
    assert inside.mean() < 0.6, "before any fact most worlds do not"


def test_what_moves_no_fact_is_not_learnt(found: Calibration) -> None:
    contraction = found.contraction().set_index("parameter")["contraction"]
    assert contraction["cost_kill"] > 0.15
    assert abs(contraction[IDLE]) < 0.12


def test_draws_are_those_of_bayes_rule() -> None:
    """One parameter, one exact statistic: what is left is even over the places that give the band."""
    one = parameter_range("cost_kill")
    fact = Fact(id="x", statistic="x", low=0.3, high=0.5, unit="1", scale="linear", source="toy")
    unit = np.linspace(0, 1, 60)[:, None]
    measured = Measured(unit.copy(), np.full_like(unit, 1e-3))
    emulator = Emulator((fact,), unit, measured)
    drawn = draw(emulator, propose(emulator, 1, seed=1), Bands.of((fact,)), 400, seed=1)
    assert one.low < one.high
    assert np.quantile(drawn.unit, [0.05, 0.5, 0.95]) == pytest.approx([0.31, 0.4, 0.49], abs=0.02)
    assert len(np.unique(drawn.unit)) > 300, "draws move away from the proposals they came from"
    assert drawn.left == pytest.approx(0.2, abs=0.03)


@pytest.mark.long
def test_known_parameters_are_recovered_as_often_as_intervals_say(found: Calibration) -> None:
    table = coverage(recover(found, Evaluations(Toy()), truths=100, seed=99)).set_index("parameter")
    assert table["truths"].tolist() == [100] * 5
    assert FEWEST <= table.loc["all", "covered"] <= MOST
    assert table["covered"].between(FEWEST, 0.99).all(), table
    assert table.loc["cost_kill", "width"] < 0.8 < table.loc[IDLE, "width"]


def test_a_calibration_that_is_too_sure_is_found_out(found: Calibration) -> None:
    """Errors of the emulator understated fivefold, and bands a fifth: recovery has to notice."""

    class Sure(Emulator):
        def __init__(self, emulator: Emulator) -> None:
            self.facts, self._processes = emulator.facts, emulator._processes

        def predict(self, unit: np.ndarray) -> object:  # type: ignore[override]
            predicted = super().predict(unit)
            return type(predicted)(predicted.mean + 0.5, predicted.sd / 5.0)

    from dataclasses import replace

    sure = Sure(found.emulator)
    proposals = propose(sure, len(found.space.free), seed=1)
    table = coverage(
        recover(
            replace(found, emulator=sure, proposals=proposals),
            Evaluations(Toy()),
            truths=60,
            seed=5,
        )
    ).set_index("parameter")
    assert table.loc["cost_kill", "covered"] < FEWEST


def test_screening_finds_what_moves_the_facts() -> None:
    candidates = ["lulled", "gain_kill", "aid_effect", "cost_kill", "threat_fade", "refuge_pull"]
    table, simulated = screen(Evaluations(Toy(error=1e-6)), candidates, SMALL, seed=1)
    assert simulated == SMALL.paths * (len(candidates) + 1) + SMALL.further * (4 + 1)
    assert set(free_parameters(table)) == set(ACTING), "none that moves nothing"
    assert table["moves"].is_monotonic_decreasing
    effect = table.set_index("parameter")
    # The rate falls by a factor exp(2) over the range of the cost of killing.
    assert effect.loc["cost_kill", "rate"] == pytest.approx(2.0 / RATE.half_width, rel=1e-3)
    assert effect.loc["threat_fade", "fact"] == "ratio"
    assert effect.loc[list(ACTING), "paths"].tolist() == [SMALL.paths + SMALL.further] * 3


def test_a_second_round_moves_those_that_lead_in_any_fact_and_all_others_lie_anywhere() -> None:
    space = Space(tuple(map(parameter_range, ("lulled", *ACTING, "aid_effect"))))
    unit = screening_sample(space, 30, seed=2, moving=("gain_kill", "cost_kill"))
    paths = unit.reshape(30, 3, 5)
    moved = (np.diff(paths, axis=1) != 0.0).any(axis=(0, 1))
    assert dict(zip(space.names, moved, strict=True)) == {
        name: name in ("gain_kill", "cost_kill") for name in space.names
    }
    assert (np.count_nonzero(np.diff(paths, axis=1), axis=2) == 1).all()
    for column in (0, 2, 4):
        assert len(np.unique(paths[:, 0, column])) == 4, "every level of the grid"


def test_the_shortlist_holds_the_first_of_every_fact_however_little_it_moves() -> None:
    table = pd.DataFrame({
        "parameter": ["a", "b", "c", "d"], "moves": 0.0, "fact": "rate", "paths": 5,
        "rank": [1, 2, 3, 1], "rate": [5.0, 4.0, 3.0, 0.0], "ratio": [0.0, 0.0, 0.0, 0.2],
    })  # fmt: skip
    assert shortlist(table, 2) == ("a", "d")
    assert shortlist(table, 3) == ("a", "b", "d")


def test_a_parameter_of_the_first_round_alone_is_not_free() -> None:
    table = pd.DataFrame({
        "parameter": ["a", "b", "c"], "moves": [3.0, 2.0, 0.0], "paths": [5, 25, 25],
    })  # fmt: skip
    assert free_parameters(table) == ("b",)


def paths_of(names: Sequence[str], values: Sequence[float], error: float) -> Round:
    """Return a round of two parameters in which a path's first step changes the rate so much."""
    unit = np.tile([[0.0, 0.0], [2 / 3, 0.0], [2 / 3, 2 / 3]], (len(values), 1))
    rate = [RATE.low * np.exp(np.array([0.0, value, value])) for value in values]
    measured = np.stack([np.concatenate(rate), np.full(3 * len(values), 2.0)], axis=1)
    errors = np.stack([measured[:, 0] * error, np.full(len(measured), 0.1)], axis=1)
    return Round(tuple(names), unit, Measured(measured, errors))


def test_an_effect_counts_that_is_large_or_of_one_sign_beyond_chance() -> None:
    pair = ("cost_kill", "lulled")
    for values, error, counts in (
        ([0.3] * 4 + [0.32] * 4, 1.0, True),  # small beside the error of a run, but always there
        ([0.3, -0.3] * 4, 1.0, False),
        ([1.3, -1.3] * 4, 0.2, True),  # of both signs, but large
        ([1.3, -1.3] * 4, 2.0, False),
        ([0.01] * 4 + [0.011] * 4, 1.0, False),  # sure, and nothing
    ):
        table = screened([paths_of(pair, values, error)], Toy.facts)
        assert (set(free_parameters(table)) == {"cost_kill"}) is counts, values


def test_effects_of_both_rounds_count_by_their_paths() -> None:
    pair, rounds = ("cost_kill", "lulled"), ([0.2, 0.4], [0.6, 0.8, 1.0])
    table = screened([paths_of(pair, values, 0.01) for values in rounds], Toy.facts)
    whole = screened([paths_of(pair, [*rounds[0], *rounds[1]], 0.01)], Toy.facts)
    assert table.loc[0, "rate"] == pytest.approx(0.6 * 1.5 / RATE.half_width)
    assert table.loc[0, "paths"] == 5
    pd.testing.assert_frame_equal(table, whole)


def test_a_parameter_counts_by_what_it_moves_where_chance_hides_its_largest_effect() -> None:
    """As large an effect on a noisy fact as on a quiet one: the quiet one tells."""
    one = paths_of(("cost_kill", "lulled"), [1.3, -1.3] * 4, 2.0)
    for row in (1, 2):
        one.measured.values[row::3, 1] += [0.3, -0.3] * 4
    one.measured.errors[:, 1] = 0.01
    first = screened([one], Toy.facts).iloc[0]
    assert (first["parameter"], first["fact"]) == ("cost_kill", "ratio")
    assert first["rate"] > first["ratio"] == first["moves"]


def test_rows_of_a_path_share_a_seed() -> None:
    asked: list[tuple[int, int]] = []

    class Recorded(Toy):
        def __call__(self, parameters: Sequence[Mapping[str, float]], *, seed: int) -> Measured:
            asked.append((seed, len(parameters)))
            return super().__call__(parameters, seed=seed)

    screen(Evaluations(Recorded()), [*ACTING, IDLE, "lulled"], SMALL, seed=1)
    assert [rows for _, rows in asked] == [6] * 4 + [5] * 4
    assert len({seed for seed, _ in asked}) == 8


def test_equal_seeds_give_equal_ensembles_and_others_do_not(found: Calibration) -> None:
    again = calibrate(Evaluations(Toy()), (*ACTING, IDLE), (NOISY,), SMALL, seed=3)
    other = calibrate(Evaluations(Toy()), (*ACTING, IDLE), (NOISY,), SMALL, seed=4)
    assert again.ensemble.equals(found.ensemble)
    assert not other.ensemble.equals(found.ensemble)


def test_what_was_simulated_is_not_simulated_again(tmp_path: Path) -> None:
    toy = Toy()
    first = calibrate(Evaluations(toy, tmp_path), ACTING, (), SMALL, seed=3)
    asked = toy.asked
    again = calibrate(Evaluations(toy, tmp_path), ACTING, (), SMALL, seed=3)
    assert asked == first.simulated == SMALL.first + SMALL.later + SMALL.check
    assert toy.asked == asked
    assert again.ensemble.equals(first.ensemble)
    toy.key = "another model"
    calibrate(Evaluations(toy, tmp_path), ACTING, (), SMALL, seed=3)
    assert toy.asked == 2 * asked


def test_uncertain_parameters_are_sampled_over_their_ranges_whatever_the_facts(
    found: Calibration,
) -> None:
    hazard = parameter_range(NOISY)
    values = (found.ensemble[NOISY] - hazard.low) / (hazard.high - hazard.low)
    assert values.quantile([0.05, 0.5, 0.95]).tolist() == pytest.approx([0.05, 0.5, 0.95], abs=0.02)


@pytest.mark.parametrize(
    ("free", "uncertain", "said"),
    [
        ((), (), "1 to 12"),
        (NAMES[: MOST_FREE + 1], (), "1 to 12"),
        (("cost_kil",), (), "cost_kill"),
        (("cost_kill",), ("cost_kill",), "either free or uncertain"),
    ],
)
def test_a_space_that_cannot_be_is_refused(
    free: tuple[str, ...], uncertain: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ForestallError, match=said):
        space_of(free, uncertain)


def test_a_statistic_that_hardly_any_world_has_cannot_be_matched() -> None:
    toy = Toy()
    unit = space_of(ACTING).prior(32, seed=1)
    measured = toy(space_of(ACTING).values(unit), seed=1)
    measured.values[5:, 1] = np.nan
    with pytest.raises(ForestallError, match="fact ratio: 5 of 32 simulated worlds"):
        Emulator(toy.facts, unit, measured)
