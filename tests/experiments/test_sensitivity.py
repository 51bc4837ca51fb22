"""Known functions through the whole pipeline: design, engine, store, analysis, tables and figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from function_engine import (
    ISHIGAMI_FIRST,
    ISHIGAMI_TOTAL,
    FunctionEngine,
    ishigami,
    sobol_g,
    sobol_g_indices,
)

from analysis.sobol_indices import sobol_indices
from experiments import results
from experiments.figures import plot
from experiments.results import Results
from experiments.sensitivity import analyse, main
from sim.errors import ForestallError

NATIONAL = (
    "attributes.commitment", "attributes.capacity", "attributes.civil_society",
    "attributes.accountability", "attributes.restraint", "attributes.neighbours",
)  # fmt: skip


def study(
    engine: FunctionEngine, *more: str, points: int = 64, replicates: int = 1, output: str = "r"
) -> list[str]:
    """Return the arguments of a study whose factors are those of an engine, each over [0, 1]."""
    factors = [f"{name}=interval(0,1)" for name in engine.factors]
    settings = [f"design.points={points}", f"replicates={replicates}", f"output={output}"]
    return [*factors, *settings, "weeks=1", *more]


def table_of(engine: FunctionEngine, method: str, **asked: Any) -> pd.DataFrame:
    arguments = study(engine, **asked)
    assert main(["--method", method, "--quantity", "log_deaths", *arguments], engine=engine) == 0
    return pd.read_csv(Path("r") / "sensitivity" / f"{method}.csv").set_index("factor")


def test_sobol_indices_of_ishigami_are_those_of_the_book() -> None:
    table = table_of(FunctionEngine(ishigami, NATIONAL[:3]), "sobol", points=1024)
    np.testing.assert_allclose(table.loc[list(NATIONAL[:3]), "first"], ISHIGAMI_FIRST, atol=0.02)
    np.testing.assert_allclose(table.loc[list(NATIONAL[:3]), "total"], ISHIGAMI_TOTAL, atol=0.02)
    for name, truth in (("first", ISHIGAMI_FIRST), ("total", ISHIGAMI_TOTAL)):
        rows = table.loc[list(NATIONAL[:3])]
        assert (rows[f"{name}_low"].to_numpy() <= truth).all()
        assert (rows[f"{name}_high"].to_numpy() >= truth).all()
    for end in ("svg", "png"):
        assert (Path("r") / "figures" / f"sensitivity_sobol.{end}").stat().st_size > 0


def test_sobol_indices_of_the_g_function_are_those_of_the_book() -> None:
    table = table_of(FunctionEngine(sobol_g, NATIONAL), "sobol", points=1024)
    first, total = sobol_g_indices()
    np.testing.assert_allclose(table.loc[list(NATIONAL), "first"], first, atol=0.03)
    np.testing.assert_allclose(table.loc[list(NATIONAL), "total"], total, atol=0.03)


def test_a_block_explains_what_its_factors_explain_together() -> None:
    # Variances 1 + 1 of the national factors, 4 of the international one, and the interaction 1 / 12.
    def function(x: np.ndarray) -> float:
        return float(x[0] + x[1] + 2 * x[2] + x[0] * x[2])

    engine = FunctionEngine(function, (*NATIONAL[:2], "actors.dispersion"))
    table = table_of(engine, "blocks", points=1024)
    # Of x + y + 2z + xz on the unit cube: 1.5 x and y, 2.5 z, and (x - 1/2)(z - 1/2).
    national, international, both = (1.5**2 + 1) / 12, 2.5**2 / 12, 1 / 144
    whole = national + international + both
    assert table.loc["national", "first"] == pytest.approx(national / whole, abs=0.02)
    assert table.loc["international", "first"] == pytest.approx(international / whole, abs=0.02)
    assert table.loc["national", "total"] == pytest.approx((national + both) / whole, abs=0.02)
    contrast = pd.read_csv(Path("r") / "sensitivity" / "national_less_international.csv").iloc[0]
    difference = (national - international) / whole
    assert contrast["estimate"] == pytest.approx(difference, abs=0.03)
    assert contrast["low"] < difference < contrast["high"] < 0
    assert contrast["enough_samples"]


def test_no_block_is_said_to_lead_where_samples_are_too_few(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of equal blocks an interval of eight base samples says in one case of six that one leads."""
    engine = FunctionEngine(lambda x: float(x[0] + 4 * x[1]), (NATIONAL[0], "actors.dispersion"))
    main(["--method", "blocks", "--no-figures", *study(engine, points=8)], engine=engine)
    said = capsys.readouterr().out
    contrast = pd.read_csv(Path("r") / "sensitivity" / "national_less_international.csv")
    contrast = contrast[contrast["estimate"].notna()]
    assert len(contrast) and contrast["high"].max() < 0 and not contrast["enough_samples"].any()
    assert "too few samples to tell" in said and "takes part in more" not in said
    main(["--method", "blocks", "--no-figures", *study(engine, points=2048)], engine=engine)
    assert "the international block takes part in more" in capsys.readouterr().out


def test_morris_effects_of_a_linear_function_are_its_slopes() -> None:
    slopes = np.array([3.0, -2.0, 0.0])
    engine = FunctionEngine(lambda x: float(slopes @ x), NATIONAL[:3])
    table = table_of(engine, "morris", points=12)
    np.testing.assert_allclose(table.loc[list(NATIONAL[:3]), "mu"], slopes, atol=1e-6)
    np.testing.assert_allclose(table["mu_star"], np.abs(table["mu"]), atol=1e-6)
    np.testing.assert_allclose(table["sigma"], 0, atol=1e-6)
    assert table.index[0] == NATIONAL[0]


def test_morris_sets_the_g_function_in_the_order_of_its_weights() -> None:
    table = table_of(FunctionEngine(sobol_g, NATIONAL), "morris", points=60)
    assert table.index[:4].tolist() == list(NATIONAL[:4])
    assert table["mu_star"].iloc[-1] < 0.05 * table["mu_star"].iloc[0]


def test_neither_the_order_of_the_sample_nor_of_the_runs_is_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = FunctionEngine(ishigami, NATIONAL[:3], noise=0.5)
    table = table_of(engine, "sobol", points=64, replicates=3)
    found = results.open("r")
    paired = found.paired()
    vars(found)["sample"] = found.sample.sample(frac=1, random_state=1)
    monkeypatch.setattr(
        Results, "paired", lambda self, outcomes: paired.sample(frac=1, random_state=2)
    )
    found.design = found.design.sample(frac=1, random_state=3)
    again = analyse(found, quantities=["log_deaths"]).table.set_index("factor")
    np.testing.assert_allclose(again["first"], table["first"], rtol=1e-9)


def test_rows_that_share_a_point_are_matched_to_it() -> None:
    # A factor of two listed values makes many rows the same point.
    engine = FunctionEngine(lambda x: float(2 * x[0]), ("actors.dispersion",))
    arguments = ["actors.dispersion=0,1", "attributes.capacity=0.2,0.8", "design.lists=sampled"]
    sizes = ["design.points=32", "replicates=1", "weeks=1", "output=r"]
    assert main(["--method", "sobol", *arguments, *sizes], engine=engine) == 0
    found = results.open("r")
    assert len(found.points) == 4 < len(found.sample)
    table = pd.read_csv("r/sensitivity/sobol.csv").set_index(["quantity", "factor"])
    assert table.loc[("log_deaths", "actors.dispersion"), "first"] == pytest.approx(1, abs=0.05)
    assert table.loc[("log_deaths", "attributes.capacity"), "total"] == 0


def test_noise_is_reported_as_the_share_that_it_has() -> None:
    engine = FunctionEngine(lambda x: float(x[0]), NATIONAL[:2], noise=0.5, shared=3.0)
    main(["--method", "sobol", *study(engine, points=64, replicates=10)], engine=engine)
    noise = pd.read_csv("r/sensitivity/sobol_noise.csv").set_index("quantity").loc["log_deaths"]
    left = 0.5**2 / 10
    # Half of the rows are points of their own, the others repeat one of two factors.
    assert noise["noise_share"] == pytest.approx(left / (left + 1 / 12), abs=0.04)
    assert noise["noise_removed"] == pytest.approx(9 / 9.25, abs=0.02)


def test_few_samples_and_much_noise_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    engine = FunctionEngine(ishigami, NATIONAL[:3], noise=5.0)
    main(["--method", "sobol", *study(engine, points=8, replicates=2)], engine=engine)
    said = capsys.readouterr().out
    assert "log_deaths: too few samples" in said
    assert "% of the variance between points is noise" in said
    main(["--method", "morris", *study(engine, points=4, output="m")], engine=engine)
    assert "4 paths, 10 or more are usual" in capsys.readouterr().out


def test_an_outcome_that_does_not_vary_is_said_and_not_divided_by(
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine = FunctionEngine(lambda x: 1.0, NATIONAL[:2])
    for method in ("sobol", "morris"):
        main(["--method", method, *study(engine, points=16, output=method)], engine=engine)
        assert "does not vary" in capsys.readouterr().out


def test_listed_factors_are_analysed_apart(capsys: pytest.CaptureFixture[str]) -> None:
    engine = FunctionEngine(
        lambda x: float(x[0] * (1 - x[2]) + x[1] * x[2]), (*NATIONAL[:2], "actors.dispersion")
    )
    factors = [f"{name}=interval(0,1)" for name in NATIONAL[:2]]
    sizes = ["design.points=64", "replicates=1", "weeks=1", "output=r", "actors.dispersion=0,1"]
    main(["--method", "sobol", "--json", *factors, *sizes], engine=engine)
    found = json.loads(capsys.readouterr().out)
    first = {
        (row["where"], row["factor"]): row["first"]
        for row in found["indices"] if row["quantity"] == "log_deaths"
    }  # fmt: skip
    assert first["actors dispersion 0", NATIONAL[0]] == pytest.approx(1, abs=0.05)
    assert first["actors dispersion 1", NATIONAL[0]] == pytest.approx(0, abs=0.05)
    assert Path("r/figures/sensitivity_sobol_2.png").exists()


def test_stored_results_are_analysed_by_the_method_of_their_design() -> None:
    engine = FunctionEngine(ishigami, NATIONAL[:3])
    table = table_of(engine, "sobol", points=64)
    (Path("r") / "sensitivity" / "sobol.csv").unlink()
    assert main(["r", "--quantity", "log_deaths"]) == 0
    again = pd.read_csv("r/sensitivity/sobol.csv").set_index("factor")
    pd.testing.assert_frame_equal(again, table)
    with pytest.raises(ForestallError, match="for sobol, run one of"):
        main(["r", "--method", "morris"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--method", "sobel"], "did you mean 'sobol'"),
        (["--quantity", "deaths"], "quantity"),
        (["nowhere"], "no such folder"),
        (["one", "two"], "one folder of results at a time"),
        (["r", "replicates=3"], "stored already"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str) -> None:
    with pytest.raises(ForestallError, match=said):
        main(arguments)


def test_a_grid_has_no_indices_and_an_unfinished_design_says_so() -> None:
    engine = FunctionEngine(lambda x: float(x[0]), NATIONAL[:1])
    grid = ["attributes.commitment=0.2,0.4", "design.method=grid", "replicates=1", "weeks=1"]
    with pytest.raises(ForestallError, match="a grid design has no Sobol' indices"):
        main([*grid, "output=g"], engine=engine)
    main(["--method", "sobol", *study(engine, points=4)], engine=engine)
    next((Path("r") / "runs").iterdir()).unlink()
    with pytest.raises(ForestallError, match="finish the sweep"):
        main(["r"])


def test_factors_of_ones_own_are_sampled_for_indices_unless_another_method_is_named() -> None:
    engine = FunctionEngine(ishigami, NATIONAL[:3])
    assert main(["--quantity", "log_deaths", *study(engine, points=8)], engine=engine) == 0
    assert results.open("r").method == "saltelli"
    assert main([*study(engine, points=4, output="m"), "design.method=morris"], engine=engine) == 0
    assert results.open("m").method == "morris"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["experiment=timing_unity"], "has no Sobol' indices"),
        (["experiment=discovery"], "has no Sobol' indices"),
        (["--method", "blocks", "design.method=morris"], "for morris, run one of"),
    ],
)
def test_a_design_that_cannot_be_analysed_is_refused_before_it_is_run(
    arguments: list[str], said: str
) -> None:
    with pytest.raises(ForestallError, match=said):
        main([*arguments, "replicates=1", "weeks=1", "output=n"])
    assert not Path("n").exists()


def test_one_command_goes_from_the_shipped_experiment_to_a_figure_on_the_real_model() -> None:
    small = ["weeks=30", "replicates=1", "executor.workers=1"]
    assert main([*small, "design.points=2", "output=s"]) == 0
    assert Path("s/figures/sensitivity_sobol.png").stat().st_size > 0
    assert main([*small, "--method", "blocks", "design.points=2", "output=b"]) == 0
    table = pd.read_csv("b/sensitivity/blocks.csv")
    assert set(table["factor"]) == {"national", "international", "unknown parameters"}


def test_the_figure_of_a_stored_design_is_drawn_by_its_name() -> None:
    engine = FunctionEngine(ishigami, NATIONAL[:3])
    main(["--method", "sobol", "--no-figures", *study(engine, points=16)], engine=engine)
    assert plot("sensitivity", "r").get_suptitle() == "Burundi 2015: what explains the outcome"


def test_indices_are_unknown_where_the_base_samples_do_not_vary() -> None:
    """One crossed row varies, so that the whole does: still there is no variance to share out."""
    values = np.zeros(4 * 8)
    values[1] = 1.0
    found = sobol_indices(values, ("national", "international"), resamples=20)
    assert found.table[["first", "total"]].isna().all(axis=None)


def test_a_resample_without_variance_is_no_warning() -> None:
    values = np.zeros(4 * 2)
    values[[0, 1, 2]] = 1.0
    assert sobol_indices(values, ("one", "two"), resamples=50).table["first"].notna().all()
