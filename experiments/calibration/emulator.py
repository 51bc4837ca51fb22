"""An emulator: Gaussian processes that predict the statistics of facts from the free parameters.

scikit-learn's regressor, one a fact, with a length of its own in every dimension (Rasmussen & Williams
2006). Each simulated value carries its Monte Carlo error; what uncertain parameters add is a further
noise that is estimated. A prediction is of the statistic of a world with these free parameters and
uncertain ones that nobody knows: wherever little was simulated its error is large, and nothing is ruled
out there.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.calibration.facts import Fact, Floats, Measured
from sim.errors import ForestallError

MOST_FITTED = 200
"""Simulations that lengths are estimated from; all are used for predictions."""
LEAST = 20
"""Fewer simulations with a statistic than this cannot teach how it moves."""
_PIECE = 4096


@dataclass(frozen=True)
class Predicted:
    """Means and standard deviations of statistics on the scales of the facts, (sets, facts) each."""

    mean: Floats
    sd: Floats

    def rows(self, places: Any) -> Predicted:
        """Return the predictions of some sets."""
        return Predicted(self.mean[places], self.sd[places])


class Emulator:
    """Predicts the statistics of facts.

    Parameters
    ----------
    facts : in the order of the columns of `measured`.
    unit : free parameters of the simulated sets in the unit cube, shape (sets, free).
    measured : what was simulated; a statistic that is not a number teaches nothing.
    seed : of the choice of simulations that lengths are estimated from.

    Raises
    ------
    ForestallError
        Too few simulations have the statistic of a fact.
    """

    def __init__(
        self, facts: Sequence[Fact], unit: Floats, measured: Measured, *, seed: int = 1
    ) -> None:
        self.facts = tuple(facts)
        self._processes = [
            _fitted(fact, unit, measured.values[:, place], measured.errors[:, place], seed)
            for place, fact in enumerate(self.facts)
        ]

    def predict(self, unit: Floats) -> Predicted:
        """Return what is predicted for free parameters in the unit cube, shape (sets, free)."""
        from threadpoolctl import threadpool_limits

        parts = []
        with threadpool_limits(1):  # the order of sums, and so the last bits, follow the threads
            for first in range(0, len(unit), _PIECE):
                piece = unit[first : first + _PIECE]
                parts.append([process.predict(piece) for process in self._processes])
        shape = (0, len(self.facts))
        means = [np.stack([mean for mean, _ in part], axis=1) for part in parts]
        sds = [np.stack([sd for _, sd in part], axis=1) for part in parts]
        return Predicted(
            np.concatenate(means) if means else np.empty(shape),
            np.concatenate(sds) if sds else np.empty(shape),
        )


class _Process:
    """One Gaussian process, of values that were centred and scaled."""

    def __init__(self, regressor: Any, shift: float, scale: float) -> None:
        self._regressor, self._shift, self._scale = regressor, shift, scale

    def predict(self, unit: Floats) -> tuple[Floats, Floats]:
        mean, sd = self._regressor.predict(unit, return_std=True)
        return mean * self._scale + self._shift, sd * self._scale


def _fitted(fact: Fact, unit: Floats, values: Floats, errors: Floats, seed: int) -> _Process:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
    from threadpoolctl import threadpool_limits

    y, error = fact.on_scale(values), fact.error_on_scale(values, errors)
    known = np.isfinite(y) & np.isfinite(error)
    if known.sum() < LEAST:
        raise ForestallError(
            f"fact {fact.id}: {known.sum()} of {known.size} simulated worlds have its statistic, at "
            f"least {LEAST} are needed: simulate more worlds or longer ones"
        )
    x, y, error = unit[known], y[known], error[known]
    shift, scale = float(y.mean()), float(y.std()) or 1.0
    y, noise = (y - shift) / scale, (error / scale) ** 2
    lengths = RBF(np.full(x.shape[1], 1.0), (0.1, 20.0))
    kernel = ConstantKernel(1.0, (1e-2, 1e2)) * lengths + WhiteKernel(0.1, (1e-4, 10.0))
    rng = np.random.default_rng(seed)
    some = rng.permutation(len(y))[:MOST_FITTED]
    with threadpool_limits(1), warnings.catch_warnings():
        # A length at its upper end says that a parameter does nothing: that is an answer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        first = GaussianProcessRegressor(kernel, alpha=noise[some] + 1e-10).fit(x[some], y[some])
        whole = GaussianProcessRegressor(first.kernel_, alpha=noise + 1e-10, optimizer=None)
        whole.fit(x, y)
    return _Process(whole, shift, scale)
