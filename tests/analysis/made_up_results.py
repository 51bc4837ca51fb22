"""Made-up results with the shape of real ones: mostly zeros, a heavy tail, correlated pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd

STARTS = (-26.0, -13.0, -4.0, 0.0, 4.0, 13.0, 26.0, 52.0, 104.0)
DISPERSIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
ARRIVALS = (np.nan, 26.0)
WEEKS = 156
SHOCK = 26


def make_design(
    starts: tuple[float, ...] = STARTS,
    dispersions: tuple[float, ...] = DISPERSIONS,
    arrivals: tuple[float, ...] = ARRIVALS,
) -> pd.DataFrame:
    """Return a design table: one row a treatment point, and the baselines they share."""
    rows = [
        {
            "point": f"p{a}-{d}-{s}",
            "action.start": start,
            "actors.dispersion": dispersion,
            "action.arrival": arrival,
            "baseline": f"b{d}",
        }
        for a, arrival in enumerate(arrivals)
        for d, dispersion in enumerate(dispersions)
        for s, start in enumerate(starts)
    ]
    rows += [
        {
            "point": f"b{d}",
            "action.start": np.inf,
            "actors.dispersion": dispersion,
            "action.arrival": np.nan,
            "baseline": f"b{d}",
        }
        for d, dispersion in enumerate(dispersions)
    ]
    return pd.DataFrame(rows)


def make_paired(design: pd.DataFrame, *, replicates: int = 200, seed: int = 1) -> pd.DataFrame:
    """Return paired runs in which early and united helps, and late and divided does little."""
    rng = np.random.default_rng(seed)
    quiet = rng.random(replicates) < 0.55
    baseline = np.where(quiet, 0.0, np.round(rng.lognormal(6.0, 1.5, replicates)))
    luck, saved = rng.random(replicates), rng.normal(0, 0.35, replicates)
    tables = []
    for row in design[design["point"] != design["baseline"]].to_dict("records"):
        late = 1 / (1 + np.exp(-(row["action.start"] - 10) / 16))
        divided = row["actors.dispersion"] * (1.0 if np.isnan(row["action.arrival"]) else 0.35)
        effect = 0.85 * (1 - late) * (1 - 0.8 * divided)
        factor = np.clip((1 - effect) * np.exp(saved * (0.3 + effect)), 0, None)
        deaths = np.where(luck < effect * 0.3, 0.0, np.round(baseline * factor))
        deaths = np.where(quiet & (luck > 0.985), np.round(40 * np.exp(3 * saved)), deaths)
        tables.append(_pair_table(row["point"], deaths, baseline))
    return pd.concat(tables, ignore_index=True)


def make_weekly(design: pd.DataFrame, *, seed: int = 2) -> pd.DataFrame:
    """Return weekly quantiles of three series for every point of a design."""
    rng = np.random.default_rng(seed)
    week = np.arange(WEEKS)
    since = week - SHOCK
    size = np.where(rng.random(400) < 0.35, 0.0, rng.lognormal(2.6, 1.4, 400))[:, None]
    wave = np.where(since < 0, 0.02, np.exp(-((since - 18) ** 2) / 500) + 0.1 * (since >= 0))
    noise = rng.lognormal(0, 0.5, (400, WEEKS))
    tables = []
    for row in design.to_dict("records"):
        start = row["action.start"]
        arrived = since > start + 12 if np.isfinite(start) else np.zeros(WEEKS, bool)
        relief = np.where(arrived, 0.25 + 0.4 * row["actors.dispersion"], 1.0)
        deaths = np.floor(size * wave * noise * relief)
        displaced = np.floor(np.cumsum(deaths, axis=1) * 14 * (0.8 + 0.4 * noise))
        ramp = np.clip((since - start - 8) / 30, 0, 1) if np.isfinite(start) else week * 0.0
        troops = np.floor(2400 * ramp * (1 - 0.4 * row["actors.dispersion"]) * noise**0.3)
        arm = "baseline" if row["point"] == row["baseline"] else "treatment"
        for series, values in (
            ("deaths_to_date", np.cumsum(deaths, axis=1)),
            ("displaced", displaced),
            ("peacekeepers", troops),
        ):
            tables.append(_quantile_table(row["point"], arm, series, values))
    return pd.concat(tables, ignore_index=True)


def with_onsets(paired: pd.DataFrame, *, seed: int = 3) -> pd.DataFrame:
    """Return paired runs with the week in which a mass killing sets in, -1 where there is none."""
    rng = np.random.default_rng(seed)
    # Points share their baseline: its weeks hang on the replicate alone.
    shared = rng.integers(SHOCK, WEEKS, paired["replicate"].max() + 1)[paired["replicate"]]
    weeks = {"": rng.integers(SHOCK, WEEKS, len(paired)), "baseline_": shared}
    onsets = {
        f"{prefix}onset_week": np.where(paired[f"{prefix}mass_killing"] > 0, week, -1.0)
        for prefix, week in weeks.items()
    }
    return paired.assign(**onsets)


def _pair_table(point: str, deaths: np.ndarray, baseline: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "point": point,
            "replicate": np.arange(deaths.size),
            "mass_killing": (deaths >= 1000).astype(float),
            "direct_deaths": deaths,
            "baseline_mass_killing": (baseline >= 1000).astype(float),
            "baseline_direct_deaths": baseline,
        }
    )


def _quantile_table(point: str, arm: str, series: str, values: np.ndarray) -> pd.DataFrame:
    q = (0.05, 0.25, 0.5, 0.75, 0.95)
    levels = np.quantile(values, q, axis=0)
    return pd.DataFrame(
        {
            "point": point,
            "arm": arm,
            "series": series,
            "week": np.tile(np.arange(values.shape[1]), len(q)),
            "quantile": np.repeat(q, values.shape[1]),
            "value": levels.ravel(),
        }
    )
