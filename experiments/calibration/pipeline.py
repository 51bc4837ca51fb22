"""The calibration from screening to the ensemble, in one place and with one budget.

1. Morris screening on the facts, in two rounds: at most twelve parameters are free.
2. Waves of simulations: the first over the whole prior, later ones where the facts still allow a world.
3. The ensemble: draws from what is left, uncertain parameters from their documented ranges.
4. A check on the simulator: what the ensemble itself gives for the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.calibration.emulator import Emulator
from experiments.calibration.evaluations import Evaluations
from experiments.calibration.facts import Fact, Floats, Measured
from experiments.calibration.matching import Bands, Draws, Proposals, draw, propose
from experiments.calibration.screening import Round, screened, screening_sample, shortlist
from experiments.calibration.space import MOST_FREE, Space, space_of

_SCREENING, _FIRST, _DRAWS, _CHECK, _PRIOR = 1, 2, 3, 4, 5
_SEEDS = 1_000_003


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a calibration may cost, in simulated parameter sets.

    Attributes
    ----------
    paths : Morris paths of the screening along which every parameter moves, 2 or more.
    further : paths of its second round, along which those of the shortlist move; 0 for no such round.
    shortlist : how many parameters these are.
    first : parameter sets of the first wave.
    later : of every later wave.
    waves : number of waves, 1 or more.
    check : parameter sets of the ensemble that are simulated at the end.
    sets : size of the ensemble.
    """

    paths: int = 5
    further: int = 20
    shortlist: int = 36
    first: int = 512
    later: int = 128
    waves: int = 3
    check: int = 64
    sets: int = 256


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a calibration came to.

    Attributes
    ----------
    space : of the parameters.
    facts : that were matched, and nothing else was read.
    emulator, proposals : after the last wave.
    draws : from what the facts leave.
    ensemble : parameter sets, one row a set, one column a parameter.
    waves : one row a wave: ``wave``, ``simulated``, ``left`` (share of the prior not ruled out),
        ``effective`` (proposals that count).
    check : one row a fact: where the ensemble lies when it is simulated, see `check_table`.
    simulated : parameter sets that were simulated in all, found ones included.
    """

    space: Space
    facts: tuple[Fact, ...]
    emulator: Emulator
    proposals: Proposals
    draws: Draws
    ensemble: pd.DataFrame
    waves: pd.DataFrame
    check: pd.DataFrame
    simulated: int

    def contraction(self) -> pd.DataFrame:
        """Return one row a free parameter: where its draws lie, and how far they contract.

        ``low``, ``median`` and ``high`` are the 5, 50 and 95 % quantiles in the parameter's unit;
        ``contraction`` is one minus the standard deviation of the draws over that of the prior, on the
        scale on which the prior is even: 0 where nothing was learnt, 1 where the value is known.
        """
        rows = []
        for place, one in enumerate(self.space.free):
            unit = self.draws.unit[:, place]
            low, median, high = self.ensemble[one.name].quantile([0.05, 0.5, 0.95])
            rows.append({
                "parameter": one.name, "unit": one.unit, "prior_low": one.low,
                "prior_high": one.high, "scale": one.scale, "low": low, "median": median,
                "high": high, "contraction": float(1.0 - unit.std() * np.sqrt(12.0)),
            })  # fmt: skip
        return pd.DataFrame(rows)


def screen(
    evaluations: Evaluations, candidates: Sequence[str], budget: Budget, *, seed: int
) -> tuple[pd.DataFrame, int]:
    """Return the screening of candidate parameters, and how many sets were simulated for it."""
    from experiments.calibration.space import parameter_range

    space = Space(tuple(map(parameter_range, candidates)))
    facts = evaluations.simulator.facts

    def walked(moving: tuple[str, ...], paths: int, *labels: int) -> Round:
        part = None if moving == space.names else moving
        own = _seed(seed, _SCREENING, *labels)
        unit = screening_sample(space, paths, seed=own, moving=part)
        # One seed a path: a step across seeds would be a step of chance.
        measured = evaluations(space.values(unit), seed=own, piece=len(moving) + 1)
        return Round(moving, unit[:, [space.names.index(name) for name in moving]], measured)

    rounds = [walked(space.names, budget.paths)]
    if budget.further:
        leading = shortlist(screened(rounds, facts), budget.shortlist)
        rounds.append(walked(leading, budget.further, 1))
    return screened(rounds, facts), sum(len(one.unit) for one in rounds)


def free_parameters(screening: pd.DataFrame, *, most: int = MOST_FREE) -> tuple[str, ...]:
    """Return the names of the parameters that move the facts most; none that chance could explain.

    Of the last round alone: a large effect on few paths may be a large error.
    """
    last = screening["paths"] == screening["paths"].max()
    moving = screening[last & (screening["moves"] > 0.0)]
    return tuple(moving["parameter"].head(most))


def calibrate(
    evaluations: Evaluations,
    free: Sequence[str],
    uncertain: Sequence[str],
    budget: Budget,
    *,
    seed: int,
) -> Calibration:
    """Return the calibration of free parameters on the facts of a simulator.

    Parameters
    ----------
    evaluations : of the simulator.
    free, uncertain : names of parameters (`experiments.calibration.space`).
    budget : of simulations.
    seed : of samples, draws and simulations; equal seeds give equal ensembles.
    """
    space, facts = space_of(free, uncertain), tuple(evaluations.simulator.facts)
    bands, dimensions = Bands.of(facts), len(space.free)
    unit = space.prior(budget.first, seed=_seed(seed, _FIRST))
    measured = evaluations(space.values(unit), seed=_seed(seed, _FIRST))
    simulated, rows = len(unit), []
    for wave in range(1, budget.waves + 1):
        emulator = Emulator(facts, unit[:, :dimensions], measured, seed=seed)
        proposals = propose(emulator, dimensions, seed=_seed(seed, _DRAWS))
        size = budget.sets if wave == budget.waves else budget.later
        drawn = draw(emulator, proposals, bands, size, seed=_seed(seed, _DRAWS, wave))
        rows.append({
            "wave": wave, "simulated": len(unit), "left": drawn.left, "effective": drawn.effective,
        })  # fmt: skip
        if wave < budget.waves:
            further = _with_uncertain(space, drawn.unit, _seed(seed, _FIRST, wave))
            found = evaluations(space.values(further), seed=_seed(seed, _FIRST, wave))
            unit = np.concatenate([unit, further])
            measured = Measured(*map(np.concatenate, zip(measured, found, strict=True)))
            simulated += len(further)
    whole = _with_uncertain(space, drawn.unit, _seed(seed, _DRAWS))
    ensemble = pd.DataFrame(space.values(whole), columns=list(space.names))
    some = ensemble.head(budget.check)
    again = evaluations(
        [
            {str(name): float(value) for name, value in row.items()}
            for row in some.to_dict("records")
        ],
        seed=_seed(seed, _CHECK),
    )
    return Calibration(
        space=space, facts=facts, emulator=emulator, proposals=proposals, draws=drawn,
        ensemble=ensemble, waves=pd.DataFrame(rows),
        check=check_table(facts, again, emulator, whole[: len(some), :dimensions]),
        simulated=simulated + len(some),
    )  # fmt: skip


def prior_ensemble(space: Space, size: int, *, seed: int) -> pd.DataFrame:
    """Return parameter sets evenly over the documented ranges, before any fact."""
    unit = space.prior(size, seed=_seed(seed, _PRIOR))
    return pd.DataFrame(space.values(unit), columns=list(space.names))


def check_table(
    facts: Sequence[Fact], measured: Measured, emulator: Emulator, unit: Floats
) -> pd.DataFrame:
    """Return one row a fact: what simulated parameter sets give for it, beside its band.

    Parameters
    ----------
    facts, measured : as simulated, one row a parameter set.
    emulator, unit : what was predicted for the same sets.

    Returns
    -------
    DataFrame
        ``fact``, its band and ``scale``, ``median`` with the 5 and 95 % quantiles of the sets,
        ``error`` (median Monte Carlo error of one set), ``within`` (share of the sets in the band to
        within two such errors), ``without`` (share without the statistic), and ``predicted`` (share of
        the sets that lie within two standard errors of what the emulator said).
    """
    predicted = emulator.predict(unit)
    rows = []
    for place, fact in enumerate(facts):
        values, errors = measured.values[:, place], measured.errors[:, place]
        y, error = fact.on_scale(values), fact.error_on_scale(values, errors)
        known = np.isfinite(y) & np.isfinite(error)
        y, error = y[known], error[known]
        beyond = np.abs(y - fact.centre) - fact.half_width
        miss = np.abs(y - predicted.mean[known, place])
        far = np.hypot(predicted.sd[known, place], error)
        quantiles = np.quantile(values[known], [0.05, 0.5, 0.95]) if known.any() else [np.nan] * 3
        rows.append({
            "fact": fact.id, "band_low": fact.low, "band_high": fact.high, "scale": fact.scale,
            "low": quantiles[0], "median": quantiles[1], "high": quantiles[2],
            "error": _mean(np.median, errors[known]), "within": _mean(np.mean, beyond <= 2 * error),
            "without": float(1.0 - known.mean()), "predicted": _mean(np.mean, miss <= 2 * far),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _mean(how: Callable[[Any], Any], values: NDArray[Any]) -> float:
    return float(how(values)) if len(values) else float("nan")


def _with_uncertain(space: Space, free: Floats, seed: int) -> Floats:
    """Return draws of the free parameters beside an even sample of the uncertain ones."""
    if not space.uncertain:
        return free
    from experiments.sampling import sample

    others = sample("latin_hypercube", len(space.uncertain), points=len(free), seed=seed)
    return np.concatenate([free, others], axis=1)


def _seed(seed: int, *labels: int) -> int:
    """Return a seed for one part of a calibration."""
    for label in labels:
        seed = seed * _SEEDS + label
    return seed % (2**31)
