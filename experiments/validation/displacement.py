"""Displacement: how many flee for each who is killed, and the outflow from Burundi 2015-16."""

from __future__ import annotations

from importlib import import_module, util
from typing import TYPE_CHECKING

import numpy as np

from experiments.validation.calibration_facts import SOME_DEATHS
from experiments.validation.estimates import NOTHING, Estimate, resampled
from experiments.validation.facts import Fact, Statistic
from sim.parameters import NAMES

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

OUTFLOW = "experiments.burundi"
"""Package that imposes the recorded dates of conflict, where the project has it."""
FOLDER = "burundi"
"""Folder of its files in the user's folder of data."""
_RUNS = 40


def displaced_per_death(evidence: Evidence) -> Estimate:
    """Return the median over violent runs of the most who were displaced for each death."""
    runs = evidence.tense
    direct = runs.outcome("direct_deaths")
    violent = direct >= SOME_DEATHS
    return resampled(
        lambda ratios: float(np.median(ratios)),
        runs.displaced.max(axis=1)[violent] / direct[violent], log=True,
    )  # fmt: skip


def outflow_difference(evidence: Evidence) -> Estimate:
    """Return the mean absolute difference of the normalised curves of registered refugees.

    Median and middle 90 % of runs with the recorded dates of conflict imposed, one run a parameter set.
    """
    folder = None if evidence.data is None else evidence.data / FOLDER
    if folder is None or not folder.is_dir() or util.find_spec(OUTFLOW) is None:
        return NOTHING
    record = import_module(f"{OUTFLOW}.record").read_record(folder)
    sets = [
        dict(zip(NAMES, evidence.parameters[run % len(evidence.parameters)].tolist(), strict=True))
        for run in range(_RUNS)
    ]
    answers = import_module(f"{OUTFLOW}.answers")
    spread = answers.imposed_answer(record, seed=evidence.seed, parameters=sets).spread
    low, middle, high = spread
    return Estimate(value=middle, low=low, high=high, error=(high - low) / 3.29, n=_RUNS)


FACTS = (
    Fact(
        id=30, family="displacement",
        fact="Burundi 2015-16: registered refugees 3,246 to 269,678 in 14 months",
        source="UNHCR counts in the FLEE data",
        statistics=(
            Statistic(
                part="outflow", use="V", needs=("data",), high=0.2,
                statistic="mean absolute difference of the normalised curves to 2016-05-31, recorded "
                "conflict dates imposed (needs --data)",
                measure=outflow_difference,
            ),
            Statistic(
                part="per_death", use="V", needs=("tense",), low=5.0, high=100.0, log=True,
                statistic="most displaced at one time for each death, median of violent runs",
                measure=displaced_per_death,
            ),
        ),
    ),
)  # fmt: skip
