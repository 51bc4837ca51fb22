"""The space of a calibration: which parameters are free, which are uncertain, and how each is sampled.

Free parameters are learnt about. Uncertain ones act on what the facts do not measure (what
intervention, timing and unity do): they are sampled from their documented ranges before and after
alike, so that no verdict is surer than what is known. All others stay at their defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.ranges import Range, documented_range
from experiments.sampling import sample
from sim.errors import ForestallError, bad_value, unknown_name
from sim.parameters import NAMES

Floats = NDArray[np.float64]
MOST_FREE = 12
"""Most free parameters: a handful of statistics cannot identify more."""
DIGITS = 6
"""Significant digits of a parameter: what is written to a file is what was run."""


@dataclass(frozen=True)
class Space:
    """Free parameters, then uncertain ones, each with its documented range.

    Attributes
    ----------
    free, uncertain : ranges, by the name of the parameter.
    """

    free: tuple[Range, ...]
    uncertain: tuple[Range, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parameters, free ones first."""
        return tuple(one.name for one in (*self.free, *self.uncertain))

    def prior(self, size: int, *, seed: int) -> Floats:
        """Return an even sample (Sobol') of all parameters in the unit cube, shape (size, names)."""
        return sample("sobol", len(self.names), points=size, seed=seed)

    def values(self, unit: Floats) -> list[dict[str, float]]:
        """Return parameter sets from places in the unit cube, shape (sets, all or the free ones)."""
        ranges = (*self.free, *self.uncertain)[: unit.shape[1]]
        columns = [_value(one, unit[:, place]) for place, one in enumerate(ranges)]
        names = [one.name for one in ranges]
        return [
            dict(zip(names, map(float, row), strict=True)) for row in zip(*columns, strict=True)
        ]


def parameter_range(name: str) -> Range:
    """Return the documented range of a parameter of the model by its name.

    Raises
    ------
    ForestallError
        No such parameter, or one that has no range to sample.
    """
    if name not in NAMES:
        raise unknown_name("parameters", name, NAMES)
    found = documented_range(f"parameters.{name}", {})
    if found is None or not found.low < found.high:
        raise ForestallError(f"parameters.{name}: has no range to sample")
    return replace(found, name=name)


def space_of(free: Sequence[str], uncertain: Sequence[str] = ()) -> Space:
    """Return the space of some parameters of the model.

    Raises
    ------
    ForestallError
        Too many free ones, none, or one that is in both lists.
    """
    if not 1 <= len(free) <= MOST_FREE:
        raise bad_value("free", len(free), f"1 to {MOST_FREE} free parameters")
    for name in free:
        if name in uncertain:
            raise ForestallError(f"parameters.{name}: either free or uncertain")
    return Space(
        free=tuple(map(parameter_range, free)), uncertain=tuple(map(parameter_range, uncertain))
    )


def _value(one: Range, unit: Floats) -> Floats:
    if one.scale == "log":
        exact = one.low * (one.high / one.low) ** unit
    else:
        exact = one.low + unit * (one.high - one.low)
    found: Floats = np.array([float(f"{value:.{DIGITS}g}") for value in exact])
    return found
