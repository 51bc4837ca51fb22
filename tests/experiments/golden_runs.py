"""Golden runs: what the model gave, kept as figures, so that no change of a run goes unnoticed.

    python tests/experiments/golden_runs.py           compare, and print what differs
    python tests/experiments/golden_runs.py --write   keep what the model gives now

Figures change only with a reason in CHANGELOG.md, and the frozen posterior, the verdicts and the
pages that were made with the old ones are then made again (`experiments/same_model.yaml`).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.config import compose
from experiments.designs import scenario_of
from experiments.scenario_folder import scenarios_folder
from sim.engines import run
from sim.forms import FORMS
from sim.outcomes import OUTCOMES, SERIES

FILE = Path(__file__).with_name("golden_runs.csv")
SEED = 20261129
REPLICATES = 3
RELATIVE = 1e-6
"""What another processor or library of mathematics may change (`sim/ODD.md`)."""
ACTUAL, HOLISTIC = ("course=actual",), ("portfolio=holistic", "actors.dispersion=0.7")
COLUMNS = (
    *(f"sum of {one.name}" for one in OUTCOMES),
    *(f"moment of {one.name}" for one in SERIES),
)
"""Of a row: every outcome summed over the runs; every weekly series times the number of its week."""


def worlds() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and the configuration of every world that is kept.

    Every case left alone and as it went, every archetype, every portfolio, every measure by itself,
    every mechanism off, every rival form, every national attribute at both ends, both frozen
    ensembles, and a world that drifts.
    """
    for case in _names("record"):
        yield f"{case} left alone", compose([f"country={case}", "action.start=never"])
        yield f"{case} actual", compose([f"country={case}", "course=actual"])
    for country in _names("country"):
        if country.startswith("archetype"):
            yield country, compose([f"country={country}"])
    for portfolio in _names("portfolio"):
        yield f"portfolio {portfolio}", compose([f"portfolio={portfolio}"])
    for measure in _names("intervention"):
        yield f"measure {measure}", compose([f"intervention=[{measure}]"])
    for ensemble in ("calibrated", "prior"):
        for number in (0, 100, 255):
            chosen = (f"posterior={ensemble}", f"posterior.set={number}", "actors.dispersion=0.8")
            yield f"{ensemble} set {number}", compose(chosen)
    drifting = ("country=recurring_crises", "weeks=520", "parameters.erosion=0.1")
    yield "recurring crises in a world that drifts", compose(drifting)
    # Two, because no one world has every mechanism at work.
    for country, more in (("central_african_republic_2013", ACTUAL), ("rwanda_1994", HOLISTIC)):
        usual = compose([f"country={country}", *more])
        for section, name, value in changes(usual):
            yield f"{country} {section} {name} {value}", _but(usual, section, name, value)


def changes(usual: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    """Yield section, name and value of each mechanism off, each form, each attribute at its ends."""
    yield from (("mechanisms", name, False) for name in usual["mechanisms"])
    for rule, forms in FORMS.items():
        yield from (("forms", rule, form.name) for form in forms)
    for name in usual["attributes"]:
        yield from (("attributes", name, level) for level in ("weak", "strong"))


def _but(config: Mapping[str, Any], section: str, name: str, value: object) -> dict[str, Any]:
    return {**config, section: {**config[section], name: value}}


def figures() -> dict[str, list[float]]:
    """Return the figures of every world by its name, in the order of `COLUMNS`."""
    found = {}
    for name, config in worlds():
        result = run(
            [scenario_of(config)], scenario=np.zeros(REPLICATES, dtype=np.int64),
            replicate=np.arange(REPLICATES), seed=SEED,
        )  # fmt: skip
        weeks = np.arange(1.0, result.series.shape[1] + 1.0)
        moments = (result.series[:, :, : len(SERIES)] * weeks[:, None]).sum(axis=(0, 1))
        found[name] = [*result.outcomes.sum(axis=0).tolist(), *moments.tolist()]
    return found


def kept() -> dict[str, list[float]]:
    """Return the figures that are kept, by world."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if tuple(rows[0][1:]) != COLUMNS:
        raise ValueError(f"{FILE.name}: its columns are not those of the model's outcomes")
    return {row[0]: [float(value) for value in row[1:]] for row in rows[1:]}


def differences(here: dict[str, list[float]], there: dict[str, list[float]]) -> list[str]:
    """Return one line for every figure that differs, and every world that is in one alone."""
    said = [f"{name}: in one of the two alone" for name in sorted(here.keys() ^ there.keys())]
    for name in here.keys() & there.keys():
        for column, new, old in zip(COLUMNS, here[name], there[name], strict=True):
            if abs(new - old) > RELATIVE * max(abs(new), abs(old)):
                said.append(f"{name}: {column} is {new!r}, was {old!r}")
    return said


def write(found: dict[str, list[float]]) -> None:
    """Keep figures."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["world", *COLUMNS])
        for name, values in found.items():
            table.writerow([name, *(_short(value) for value in values)])


def _short(value: float) -> Any:
    return int(value) if value == int(value) else f"{value:.12g}"


def _names(group: str) -> list[str]:
    return sorted(path.stem for path in (scenarios_folder() / group).glob("*.yaml"))


if __name__ == "__main__":
    now = figures()
    if "--write" in sys.argv[1:]:
        write(now)
    else:
        print("\n".join(differences(now, kept())) or "every figure is the one that is kept")
