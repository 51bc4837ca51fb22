"""A fact: what the record says, the statistics of simulated output that answer it, and a status each.

========== ==========================================================================================
reproduced the Monte-Carlo interval lies in the band
missed     it lies outside the band
undecidable it does neither: more runs, or the data of the user, would be needed
reported   the source gives no band
========== ==========================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.validation.calibration_facts import calibration_facts
from experiments.validation.estimates import Estimate

if TYPE_CHECKING:
    from experiments.validation.evidence import Evidence

REPRODUCED, MISSED, UNDECIDABLE, REPORTED = "reproduced", "missed", "undecidable", "reported"
STATUSES = (REPRODUCED, MISSED, UNDECIDABLE, REPORTED)
ANY = math.inf


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """One statistic of a fact.

    Attributes
    ----------
    part : short name, empty where the fact has one.
    statistic : what is taken of simulated output.
    low, high : the band; both infinite where the source gives none.
    use : "C" may be calibrated on, "V" validation only, "S" sign or shape only.
    needs : designs that it reads (`experiments.validation.evidence`), or "data".
    measure : the statistic of the evidence.
    log : whether a figure shows it on a scale of ratios.
    """

    part: str = ""
    statistic: str
    low: float = -ANY
    high: float = ANY
    use: str
    needs: tuple[str, ...]
    measure: Callable[[Evidence], Estimate]
    log: bool = False

    @property
    def banded(self) -> bool:
        """Whether the source gives a band."""
        return self.low > -ANY or self.high < ANY

    @property
    def band(self) -> str:
        """The band in words."""
        if not self.banded:
            return "none"
        if self.high == ANY:
            return f"above {self.low:g}"
        if self.low == -ANY:
            return f"below {self.high:g}"
        return f"{self.low:g} to {self.high:g}"

    def status(self, found: Estimate) -> str:
        """Return what an estimate says of this statistic."""
        if not self.banded:
            return REPORTED
        if not math.isfinite(found.value) or math.isnan(found.low) or math.isnan(found.high):
            return UNDECIDABLE
        if self.high == ANY or self.low == -ANY:
            return self._side(found)
        if self.low <= found.low and found.high <= self.high:
            return REPRODUCED
        if found.high < self.low or found.low > self.high:
            return MISSED
        return UNDECIDABLE

    def _side(self, found: Estimate) -> str:
        """Return the status of a band with one end: what lies on it, as no effect does, is outside."""
        if self.low < found.low and found.high < self.high:
            return REPRODUCED
        if found.high <= self.low or found.low >= self.high:
            return MISSED
        return UNDECIDABLE


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One outside fact.

    Attributes
    ----------
    id : its number in the list of facts; gaps are facts that are kept for an outside check.
    family : facts that share data; results are reported by family.
    fact : what the record says.
    source : who says it.
    statistics : one or more.
    """

    id: int
    family: str
    fact: str
    source: str
    statistics: tuple[Statistic, ...]

    @staticmethod
    def status(parts: list[str]) -> str:
        """Return the status of a fact from those of its statistics: the worst that is known."""
        for worst in (MISSED, UNDECIDABLE, REPRODUCED):
            if worst in parts:
                return worst
        return REPORTED


def may_calibrate(name: str) -> Statistic:
    """Return a statistic marked C as a declaration, from the list that calibrations read."""
    fact = next(one for one in calibration_facts() if one.name == name)

    def measure(evidence: Evidence) -> Estimate:
        return fact.measure(getattr(evidence, fact.reads))

    return Statistic(
        part=fact.part, statistic=fact.statistic, low=fact.low, high=fact.high, use="C",
        needs=(fact.reads,), measure=measure, log=fact.log,
    )  # fmt: skip
