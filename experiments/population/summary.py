"""The summary that ships in place of the data: quantiles, and how the covariates go together.

A Gaussian copula: each covariate has its own distribution (the share of zeros, and 33 quantiles of
the rest), and a matrix of correlations between normal variables behind them, fitted so that their
sampled rank correlations are those of the data (Nelsen 2006, An Introduction to Copulas). No row of
the data can be read from it. ``python -m experiments.population.summary DIR`` writes it anew from
the user's own copy of the files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from experiments.population.covariates import (
    COVARIATES,
    ORIGIN,
    RISK,
    read_country_years,
    read_present,
)

Floats = NDArray[np.float64]
FILE = "summary.json"
LEVELS = np.linspace(0.01, 0.99, 33)
"""Levels of the quantiles: the extremes, which are single countries, are left out."""
_DRAWS = 20_000
_DIGITS = 4
KINDS = {**{item.name: item.kind for item in COVARIATES}, RISK: "spread"}


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A joint distribution of covariates.

    Attributes
    ----------
    rows : country-years that it sums up.
    zeros : share of zeros by covariate; of a spread 0.
    quantiles : of the values above zero at `LEVELS`, by covariate.
    normal : correlations of the normal variables behind them, (covariates, covariates).
    """

    rows: int
    zeros: Mapping[str, float]
    quantiles: Mapping[str, Floats]
    normal: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the covariates, in order."""
        return tuple(self.zeros)

    def sample(self, count: int, *, seed: int) -> pd.DataFrame:
        """Return covariates of `count` country-years that were never there."""
        draw = np.random.default_rng(seed)
        spread = np.linalg.cholesky(self.normal)
        level = stats.norm.cdf(draw.standard_normal((count, len(self.names))) @ spread.T)
        columns = {
            name: self._values(name, level[:, index]) for index, name in enumerate(self.names)
        }
        table = pd.DataFrame(columns)
        # Who is discriminated is excluded: held in the data, not by correlations.
        table["excluded"] = np.maximum(table["excluded"], table["discriminated"])
        return table

    def _values(self, name: str, level: Floats) -> Floats:
        return _inverse(level, self.zeros[name], self.quantiles[name])


def summarise(table: pd.DataFrame) -> Summary:
    """Return the summary of some country-years, one column a covariate."""
    names = [name for name in table.columns if name in KINDS]
    zeros = {
        name: 0.0 if KINDS[name] == "spread" else round(float((table[name] <= 0).mean()), _DIGITS)
        for name in names
    }
    quantiles = {}
    for name in names:
        values = table[name].to_numpy()
        values = values if KINDS[name] == "spread" else values[values > 0]
        quantiles[name] = np.round(np.quantile(values, LEVELS), _DIGITS)
    normal = np.eye(len(names))
    draws = np.random.default_rng(0).standard_normal((2, _DRAWS))
    for i, first in enumerate(names):
        for j, second in enumerate(names[:i]):
            wanted = float(stats.spearmanr(table[first], table[second]).statistic)
            pair = [(zeros[name], quantiles[name]) for name in (first, second)]
            normal[i, j] = normal[j, i] = _behind(wanted, pair, draws)
    return Summary(rows=len(table), zeros=zeros, quantiles=quantiles, normal=_nearest(normal))


def _behind(wanted: float, pair: Sequence[tuple[float, Floats]], draws: Floats) -> float:
    """Return the normal correlation at which two covariates have a rank correlation (bisection)."""
    low, high = -0.99, 0.99
    first = _inverse(stats.norm.cdf(draws[0]), *pair[0])
    for _ in range(12):
        middle = 0.5 * (low + high)
        other = middle * draws[0] + np.sqrt(1.0 - middle * middle) * draws[1]
        found = stats.spearmanr(first, _inverse(stats.norm.cdf(other), *pair[1])).statistic
        low, high = (middle, high) if found < wanted else (low, middle)
    return 0.5 * (low + high)


def _inverse(level: Floats, zeros: float, quantiles: Floats) -> Floats:
    above = (level - zeros) / max(1.0 - zeros, 1e-12)
    return np.where(
        above <= 0.0, 0.0 if zeros > 0 else quantiles[0], np.interp(above, LEVELS, quantiles)
    )


def _nearest(matrix: Floats) -> Floats:
    """Return the correlation matrix nearest to one that may have a negative eigenvalue."""
    values, vectors = np.linalg.eigh(matrix)
    positive = vectors @ np.diag(np.maximum(values, 1e-3)) @ vectors.T
    scale = np.sqrt(np.diag(positive))
    return np.asarray(np.round(positive / np.outer(scale, scale), _DIGITS))


def shipped(name: str) -> Summary:
    """Return a summary that ships with the project: "country_years" or "present"."""
    raw = _file()["summaries"][name]
    return Summary(
        rows=raw["rows"],
        zeros=raw["zeros"],
        quantiles={key: np.array(values) for key, values in raw["quantiles"].items()},
        normal=np.array(raw["normal"]),
    )


@cache
def _file() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    return raw


def main(argv: Sequence[str]) -> int:
    """Write the summary from a folder of data files."""
    folder = Path(argv[0])
    tables = {"country_years": read_country_years(folder), "present": read_present(folder)}
    found = {name: summarise(table) for name, table in tables.items()}
    raw = {
        "about": "Joint distribution of national covariates: shares of zeros, quantiles of the rest "
        "at 33 even levels from 1 to 99 %, normal correlations behind them. It holds no row.",
        "sources": list(ORIGIN.values()),
        "command": "python -m experiments.population.summary DIR",
        "summaries": {
            name: {
                "rows": one.rows,
                "zeros": dict(one.zeros),
                "quantiles": {key: values.tolist() for key, values in one.quantiles.items()},
                "normal": one.normal.tolist(),
            }
            for name, one in found.items()
        },
    }
    Path(str(files(__package__) / FILE)).write_text(
        json.dumps(raw, indent=1) + "\n", encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
