"""What emerges from the model and is reported, never tuned: escalation, tails, clustering.

``python -m experiments.emergence [RUNS]`` prints it for the default scenario without action, at the
real and at equal sizes of places. Section 7 of `sim/ODD.md` quotes it.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import optimize, stats

from analysis.intervals import wilson
from experiments.config import compose
from experiments.designs import scenario_of
from sim.ensemble import Ensemble
from sim.fields import Q
from sim.outcomes import O
from sim.scenario import Scenario


class Tail(NamedTuple):
    """A power law fitted to a tail, beside a log-normal cut off at the same place.

    Attributes
    ----------
    exponent, least : float
        Exponent, and the number from which on it was fitted.
    distance : float
        Kolmogorov-Smirnov distance.
    size : int
        Numbers in the tail.
    ratio : float
        Normalised log-likelihood ratio (Vuong 1989); below -2 the log-normal fits better.
    """

    exponent: float
    least: float
    distance: float
    size: int
    ratio: float


def tail_of(numbers: np.ndarray) -> Tail:
    """Fit a tail of whole numbers above 0 (Clauset, Shalizi & Newman 2009)."""
    best = None
    for least in np.unique(np.quantile(numbers, [0.5, 0.7, 0.8, 0.9, 0.95])):
        tail = np.sort(numbers[numbers >= least])
        exponent = 1.0 + tail.size / np.log(tail / (least - 0.5)).sum()
        law = 1.0 - (tail / (least - 0.5)) ** (1.0 - exponent)
        distance = np.abs(law - np.arange(1, tail.size + 1) / tail.size).max()
        if best is None or distance < best[0]:
            best = (float(distance), float(exponent), float(least), tail)
    assert best is not None
    distance, exponent, least, tail = best
    power = np.log((exponent - 1.0) / (least - 0.5)) - exponent * np.log(tail / (least - 0.5))
    normal = _cut_log_normal(np.log(tail), float(np.log(least - 0.5)))
    gain = power - normal
    ratio = gain.sum() / (gain.std() * np.sqrt(gain.size))
    return Tail(exponent, least, distance, int(tail.size), float(ratio))


def _cut_log_normal(logs: np.ndarray, cut: float) -> np.ndarray:
    """Return the log-likelihoods under the best log-normal above a cut."""

    def each(parameters: Sequence[float]) -> np.ndarray:
        mean, spread = parameters[0], float(np.exp(parameters[1]))
        beyond = stats.norm.logsf(cut, mean, spread)
        return np.asarray(stats.norm.logpdf(logs, mean, spread) - logs - beyond)

    found = optimize.minimize(lambda p: -each(p).sum(), [logs.mean(), 0.0], method="Nelder-Mead")
    return each(found.x)


def equal_places(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration in which all places at home have the same number of people."""
    changed = copy.deepcopy(config)
    places = changed["country"]["places"]
    home = [name for name, row in places.items() if "neighbour" not in row]
    people = scenario_of(config).country.people.sum()
    for name in home:
        places[name]["population"] = int(people // len(home))
        places[name].pop("includes", None)
    return changed


def weekly_deaths(case: Scenario, runs: int) -> tuple[np.ndarray, np.ndarray]:
    """Return deaths by week, run and place, and the outcomes of the runs."""
    batch = Ensemble([case]).start(np.zeros(runs, dtype=int), np.arange(runs), 1)
    deaths = np.zeros((case.weeks, runs, len(case.country.places)), dtype=np.int32)
    before = batch.state["people"][:, Q.killed].sum(axis=1)
    for week in range(case.weeks):
        batch.advance(1)
        after = batch.state["people"][:, Q.killed].sum(axis=1)
        deaths[week] = after - before
        before = after.copy()
    return deaths, batch.outcomes


def clustering(deaths: np.ndarray, lags: Sequence[int] = (1, 4, 8)) -> np.ndarray:
    """Return the autocorrelations of national weekly deaths in runs of more than 100 deaths.

    Parameters
    ----------
    deaths : ndarray, shape (weeks, runs, places)
    lags : sequence of int
        Weeks apart.

    Returns
    -------
    ndarray, shape (lags, violent runs)
    """
    national = deaths.sum(axis=2).astype(float)
    violent = national[:, national.sum(axis=0) > 100.0]
    centred = violent - violent.mean(axis=0)
    whole = (centred * centred).sum(axis=0)
    return np.array([(centred[lag:] * centred[:-lag]).sum(axis=0) / whole for lag in lags])


def top_tenth(deaths: np.ndarray) -> float:
    """Return the share of all deaths in the worst tenth of the places and weeks that have any."""
    ranked = np.sort(deaths[deaths > 0])[::-1].astype(float)
    return float(ranked[: max(1, ranked.size // 10)].sum() / ranked.sum())


def resampled_top_tenth(deaths: np.ndarray, resamples: int = 200) -> tuple[float, float]:
    """Return its 95 % interval, over samples of whole runs: deaths of one run hang together."""
    runs = [deaths[:, run][deaths[:, run] > 0] for run in range(deaths.shape[1])]
    draws = np.random.default_rng(1)
    shares = [
        top_tenth(np.concatenate([runs[run] for run in draws.integers(0, len(runs), len(runs))]))
        for _ in range(resamples)
    ]
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def _share(happened: np.ndarray) -> str:
    found = wilson(int(happened.sum()), happened.size)
    return f"{100 * found.estimate:.1f} % [{100 * found.low:.1f}, {100 * found.high:.1f}]"


def report(title: str, case: Scenario, runs: int) -> str:
    """Return in lines of text what emerges in some runs of a scenario, with 95 % intervals."""
    deaths, outcomes = weekly_deaths(case, runs)
    killed = outcomes[:, O.direct_deaths]
    some = deaths[deaths > 0].astype(float)
    tail = tail_of(some)
    logs = np.log10(killed[killed > 0])
    quantiles = ", ".join(f"{q:.1f}" for q in np.quantile(logs, [0.05, 0.25, 0.5, 0.75, 0.95]))
    near = clustering(deaths)
    half = 1.96 * near.std(axis=1, ddof=1) / np.sqrt(near.shape[1])
    spread = ", ".join(
        f"{mean:.3f} +- {end:.3f}" for mean, end in zip(near.mean(axis=1), half, strict=True)
    )
    low, high = resampled_top_tenth(deaths)
    return "\n".join([
        f"{title}, {runs} runs",
        f"  mass killings {_share(outcomes[:, O.mass_killing] > 0)}, "
        f"some deaths {_share(killed > 0)}",
        f"  log10 deaths, quantiles 5 25 50 75 95 %: {quantiles}; skewness {stats.skew(logs):.2f}",
        f"  deaths per place and week: median {np.median(some):.0f}, 99 % "
        f"{np.quantile(some, 0.99):.0f}, largest {some.max():.0f}, top tenth "
        f"{100 * top_tenth(deaths):.1f} % [{100 * low:.1f}, {100 * high:.1f}]",
        f"  power law {tail.exponent:.2f} from {tail.least:.0f} (n {tail.size}, distance "
        f"{tail.distance:.3f}), against a log-normal z {tail.ratio:.1f}",
        f"  autocorrelation at 1, 4, 8 weeks, {near.shape[1]} violent runs: {spread}",
    ])  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Print the report at the real and at equal sizes of places."""
    runs = int(argv[0]) if argv else 2000
    config = compose([])
    print(report("Real places", scenario_of(config).baseline(), runs))
    print(report("Equal places", scenario_of(equal_places(config)).baseline(), runs))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
