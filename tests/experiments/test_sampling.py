from __future__ import annotations

import itertools
import warnings
from pathlib import Path

import numpy as np
import pytest
from fake_engine import FakeEngine

from experiments import results
from experiments.config import compose
from experiments.designs import Design, design_of
from experiments.factors import Interval, Listed
from experiments.ranges import documented_names, documented_range
from experiments.sampling import METHODS, rows_of, sample
from experiments.sequences import BITS, latin_hypercube, scrambled_sobol
from experiments.sweep import run_sweep
from sim.errors import ForestallError
from sim.parameters import PARAMETERS


def drawn(*overrides: str) -> Design:
    return design_of(compose(["weeks=10", *overrides]))


def levers(design: Design, name: str) -> np.ndarray:
    return np.array([point.levers[name] for point in design.points])


@pytest.mark.parametrize("method", METHODS)
def test_a_sample_lies_in_the_unit_cube_and_follows_from_its_seed_alone(method: str) -> None:
    first, again, other = (sample(method, 3, points=16, seed=seed) for seed in (1, 1, 2))
    assert first.shape == (rows_of(method, 3, 16), 3)
    assert first.min() >= 0.0
    assert first.max() <= 1.0
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.filterwarnings("ignore:The balance properties")
@pytest.mark.parametrize("dimensions", [1, 2, 3, 8, 61, 400])
def test_sequences_are_those_of_scipy_to_the_bit(dimensions: int) -> None:
    from scipy.stats import qmc

    for points, seed in itertools.product((1, 2, 3, 64, 1000), (0, 1, 2**40 + 7)):
        sequence = qmc.Sobol(dimensions, rng=np.random.default_rng(seed), bits=BITS)
        ours = scrambled_sobol(dimensions, points, seed=seed)
        assert np.array_equal(ours, sequence.random(points))
        hypercube = qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed))
        ours = latin_hypercube(dimensions, points, seed=seed)
        assert np.array_equal(ours, hypercube.random(points))


def test_a_scipy_that_keeps_its_numbers_elsewhere_draws_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = scrambled_sobol(5, 100, seed=3)
    monkeypatch.setattr("experiments.sequences._DIRECTIONS", Path("elsewhere.npz"))
    assert np.array_equal(scrambled_sobol(5, 100, seed=3), ours)


def test_a_latin_hypercube_has_one_point_in_each_slice_of_every_factor() -> None:
    found = sample("latin_hypercube", 4, points=50, seed=3)
    for column in found.T:
        assert sorted(np.floor(column * 50)) == list(range(50))


def test_a_sobol_sequence_of_a_power_of_two_halves_every_factor_evenly() -> None:
    found = sample("sobol", 5, points=64, seed=3)
    for column in found.T:
        assert np.bincount((column * 8).astype(int), minlength=8).tolist() == [8] * 8


def test_a_longer_sobol_design_begins_with_the_points_of_the_shorter() -> None:
    short, long = (
        drawn("actors.dispersion=interval(0,1)", f"design.points={size}") for size in (16, 64)
    )
    assert [p.id for p in long.points][:16] == [p.id for p in short.points]


def test_a_morris_path_changes_one_factor_at_a_time() -> None:
    paths = sample("morris", 4, points=10, seed=5).reshape(10, 5, 4)
    assert (np.count_nonzero(np.diff(paths, axis=1), axis=2) == 1).all()


def test_a_whole_interval_takes_each_number_of_it_equally_often() -> None:
    design = drawn("action.start=interval(-2,5)", "design.points=512")
    assert design.sample is not None
    by_id = {point.id: point.levers["action.start"] for point in design.points}
    drawn_weeks = [by_id[name] for name in design.sample.points]
    assert {type(week) for week in drawn_weeks} == {int}
    assert np.unique(drawn_weeks, return_counts=True)[1].tolist() == [64] * 8
    assert sorted(set(drawn_weeks)) == list(range(-2, 6))


def test_a_logarithmic_interval_gives_each_order_of_magnitude_the_same_part() -> None:
    asked = "parameters.threat_fade=tag(log,interval(0.006,0.06))"
    values = levers(drawn(asked, "design.points=64"), "parameters.threat_fade")
    assert (values < np.sqrt(0.006 * 0.06)).sum() == 32
    even = levers(
        drawn(asked.replace("tag(log,", "").replace("))", ")"), "design.points=64"),
        "parameters.threat_fade",
    )
    assert (even < np.sqrt(0.006 * 0.06)).sum() < 20


def test_listed_values_are_crossed_with_one_and_the_same_sample() -> None:
    design = drawn("action.start=0,13,26", "parameters.fear_fade=documented", "design.points=8")
    assert design.method == "sobol"
    assert len(design.points) == 24
    fades = levers(design, "parameters.fear_fade").reshape(3, 8)
    assert (fades == fades[0]).all()
    assert levers(design, "action.start").reshape(3, 8)[:, 0].tolist() == [0, 13, 26]


def test_listed_values_can_be_dimensions_of_the_sample() -> None:
    design = drawn(
        "action.start=0,13", "actors.dispersion=interval(0,1)", "design.points=16",
        "design.lists=sampled",
    )  # fmt: skip
    assert design.sample is not None
    assert design.sample.unit.shape == (16, 2)
    assert (levers(design, "action.start") == 13).sum() == 8
    only = drawn("action.start=0,13", "design.lists=sampled", "design.method=sobol")
    assert len(only.points) == 2


def test_points_do_not_depend_on_how_an_interval_was_written() -> None:
    written = (
        "actors.dispersion=interval(0,1)",
        "actors.dispersion=documented",
        "design.factors.actors.dispersion=interval(0,1)",
        "design.factors={actors.dispersion: 'interval(0, 1)'}",
        "design.factors={actors.dispersion: documented}",
        "design.factors={actors.dispersion: {low: 0, high: 1}}",
    )
    ids = {tuple(p.id for p in drawn(text, "design.points=4").points) for text in written}
    assert len(ids) == 1


def test_a_size_without_balance_is_a_remark_and_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        design = drawn("actors.dispersion=interval(0,1)", "design.points=100")
    assert "64 or 128" in design.remark
    assert not drawn("actors.dispersion=interval(0,1)", "design.points=64").remark
    hypercube = ("actors.dispersion=interval(0,1)", "design.points=100")
    assert not drawn(*hypercube, "design.method=latin_hypercube").remark


def test_too_many_points_are_refused_before_they_are_made() -> None:
    with pytest.raises(ForestallError, match=r"4,000,000 points"):
        drawn(
            "actors.dispersion=interval(0,1)", "action.start=range(0,40)",
            "design.points=100000",
        )  # fmt: skip


def test_every_parameter_has_a_documented_range_that_holds_its_default() -> None:
    world = compose([])
    for parameter in PARAMETERS:
        found = documented_range(f"parameters.{parameter.name}", world)
        assert found is not None
        assert (found.low, found.high, found.unit) == (
            parameter.low, parameter.high, parameter.unit,
        )  # fmt: skip
        assert found.scale == "linear" or found.low > 0.0


def test_every_documented_name_has_a_range_with_unit_and_source() -> None:
    world = compose([])
    names = list(documented_names(world))
    assert {"action.start", "actors.dispersion", "attributes.capacity"} <= set(names)
    assert any(name.startswith("country.") for name in names)
    for name in names:
        found = documented_range(name, world)
        assert found is not None, name
        assert found.name == name
        assert found.least <= found.low < found.high <= found.most, name
        assert found.source, name
        assert found.unit or name.startswith(("country.", "actors.")), name


def test_every_documented_range_can_be_run_at_both_ends() -> None:
    from experiments.designs import scenario_of
    from experiments.identity import WORLD
    from experiments.points import with_levers

    world = {key: compose([])[key] for key in WORLD}
    for name in documented_names(world):
        found = documented_range(name, world)
        assert found is not None
        for end in (found.low, found.high):
            scenario_of(with_levers(world, {name: int(end) if found.whole else end}))


def test_a_factor_says_when_a_range_is_not_the_documented_one() -> None:
    design = drawn("attributes.capacity=interval(0,1)", "actors.dispersion=documented")
    capacity, dispersion = (
        design.factors[f"{n}"] for n in ("attributes.capacity", "actors.dispersion")
    )
    assert isinstance(capacity, Interval)
    assert isinstance(dispersion, Interval)
    assert "documented 0.2 to 0.8" in capacity.source
    assert dispersion.source == "all that the policy space allows"


def test_listed_levers_know_their_unit() -> None:
    start = drawn("action.start=0,4").factors["action.start"]
    assert isinstance(start, Listed)
    assert start.unit == "weeks from the shock"


def test_a_stored_design_says_how_it_was_drawn(tmp_path: Path) -> None:
    asked = compose([
        "weeks=10", "action.start=0,4", "actors.dispersion=interval(0.2,1)", "design.points=4",
        "replicates=2", "design.seed=7", f"output={tmp_path}/r",
    ])  # fmt: skip
    found = results.open(run_sweep(asked, engine=FakeEngine()))
    assert found.method == "sobol"
    assert found.provenance["design"]["seed"] == 7
    start, dispersion = found.factors
    assert start["values"] == [0, 4]
    assert (dispersion["low"], dispersion["high"], dispersion["scale"]) == (0.2, 1.0, "linear")
    joined = found.sample.merge(found.design, on="point")
    assert len(joined) == 8
    np.testing.assert_allclose(
        0.2 + 0.8 * joined["actors.dispersion_x"], joined["actors.dispersion_y"]
    )
    assert joined["block"].tolist() == [0] * 4 + [1] * 4


def test_lhs_is_the_latin_hypercube() -> None:
    drawn = ("actors.dispersion=interval(0,1)", "design.points=8")
    short, long = (
        design_of(compose([*drawn, f"design.method={name}"])) for name in ("lhs", "latin_hypercube")
    )
    assert short.method == long.method == "latin_hypercube"
    assert [point.id for point in short.points] == [point.id for point in long.points]
    with pytest.raises(ForestallError, match="did you mean 'lhs'"):
        design_of(compose([*drawn, "design.method=lhz"]))
