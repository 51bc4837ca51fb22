"""What a sweep over a sample says: how effects are spread over its points, too many to list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.design_table import TABLE

_MOST_GROUPS = 24
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_EFFECTS = (
    ("baseline_p_mass_killing", "mass killing without action, % of runs", 100),
    ("p_mass_killing", "mass killing with action, % of runs", 100),
    ("deaths_averted", "direct deaths averted, people per run", 1),
    ("probability_harm", "more deaths with action, % of pairs", 100),
)


def sample_text(surface: pd.DataFrame, factors: Sequence[Mapping[str, Any]], method: str) -> str:
    """Return the spread of effects over the points of a sample, one table for each listed choice.

    Parameters
    ----------
    surface : from `analysis.surface.surface_table`.
    factors, method : of the design, as `experiments.results.Results` has them.
    """
    sampled = [factor for factor in factors if "low" in factor]
    listed = [factor["name"] for factor in factors if len(factor.get("values", ())) > 1]
    ran = surface[surface["n"] > 0]
    kind = method if method == TABLE else f"{method} sample"
    blocks = [f"{kind} of {len(surface):,} points over\n" + "\n".join(map(_range, sampled))]
    groups = ran.groupby(listed, sort=False, dropna=False) if listed else [((), ran)]
    if len(groups) > _MOST_GROUPS:  # of a table, in which any values may meet
        listed, groups = [], [((), ran)]
    blocks += [_spread(rows, listed, values) for values, rows in groups]
    return "\n\n".join(blocks)


def _range(factor: Mapping[str, Any]) -> str:
    scale = ", by its logarithm" if factor["scale"] == "log" else ""
    unit = f" {factor['unit']}" if factor["unit"] else ""
    return f"  {factor['name']}  {factor['low']:g} to {factor['high']:g}{unit}{scale}"


def _spread(rows: pd.DataFrame, listed: Sequence[str], values: Any) -> str:
    named = values if isinstance(values, tuple) else (values,)
    at = ", ".join(f"{name}={value}" for name, value in zip(listed, named, strict=True))
    table = pd.DataFrame(
        [
            [f"{place:,.{_digits(scale)}f}" for place in _places(rows[effect], scale)]
            for effect, _, scale in _EFFECTS
        ],
        index=[heading for _, heading, _ in _EFFECTS],
        columns=[f"{level:.0%}" for level in _QUANTILES],
    )
    heading = f"{at}: " if at else ""
    heading += f"quantiles over {len(rows):,} points, each an estimate of its own"
    return f"{heading}\n{table.to_string()}"


def _places(values: pd.Series, scale: int) -> np.ndarray:
    found: np.ndarray = np.quantile(values.to_numpy(np.float64) * scale, _QUANTILES) + 0.0
    return found


def _digits(scale: int) -> int:
    return 0 if scale == 1 else 1
