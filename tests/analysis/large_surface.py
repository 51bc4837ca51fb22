"""A surface of many points, made up directly: to estimate 10,000 of them would take half a minute."""

from __future__ import annotations

import numpy as np
import pandas as pd
from made_up_results import make_design, make_paired

from analysis.surface import surface_table

STARTS = tuple(float(start) for start in range(100))
DISPERSIONS = tuple(place / 100 for place in range(100))
_DESIGN = make_design((0.0,), (0.0,), (np.nan,))
_ROW = surface_table(_DESIGN, make_paired(_DESIGN), resamples=20).iloc[0]


def large_surface(
    starts: tuple[float, ...] = STARTS,
    dispersions: tuple[float, ...] = DISPERSIONS,
    arrivals: tuple[float, ...] = (np.nan,),
    *,
    noise: float = 0.0,
) -> pd.DataFrame:
    """Return a surface in the order of no axis: late and divided action does less, and then nothing.

    Parameters
    ----------
    noise : what chance adds to the probabilities and, by thousands of people, to deaths averted.
    """
    levers = pd.MultiIndex.from_product(
        [arrivals, starts, dispersions], names=["action.arrival", "action.start", "actors.dispersion"]
    ).to_frame(index=False)  # fmt: skip
    surface = pd.DataFrame([_ROW.to_dict()] * len(levers)).assign(**levers)
    rng = np.random.default_rng(5)
    late = levers["action.start"].replace(np.inf, 200) / 100
    effect = np.clip(0.8 - late - 0.4 * levers["actors.dispersion"], 0, None)
    chance = noise * rng.normal(size=len(levers))
    for name, value, width in (
        ("p_mass_killing", 0.9 - effect + chance, 0.1),
        ("risk_difference", -effect + chance, 0.2),
        ("deaths_averted", 1000 * (effect + chance), 150.0),
    ):
        surface[name] = value
        surface[f"{name}_low"], surface[f"{name}_high"] = value - width, value + width
    surface["baseline_p_mass_killing"] = 0.9
    surface["point"] = [f"p{place}" for place in levers.index]
    return surface.sample(frac=1, random_state=3).reset_index(drop=True)
