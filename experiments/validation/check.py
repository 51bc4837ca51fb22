"""The whole list of facts, and what some evidence says of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from experiments.validation.estimates import Estimate
from experiments.validation.evidence import Evidence
from experiments.validation.facts import Fact, Statistic

FAMILIES = (
    "base_rates", "risk_factors", "restraint", "duration", "tails", "contagion_in_time",
    "contagion_in_space", "peacekeeping", "partisanship", "settlement", "coordination",
    "deployment", "contact", "local_justice", "recurrence", "justice", "indirect_deaths",
    "displacement", "moral_hazard",
)  # fmt: skip
"""Files of this folder that declare facts, one a family, in the order of the list of facts."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One fact, the estimate and status of each of its statistics, and its own status."""

    fact: Fact
    found: Mapping[str, Estimate]
    parts: Mapping[str, str]
    status: str
    seconds: float


def facts() -> tuple[Fact, ...]:
    """Return every outside fact, in the order of its family."""
    found: list[Fact] = []
    for family in FAMILIES:
        found.extend(import_module(f"experiments.validation.{family}").FACTS)
    return tuple(found)


def check(
    evidence: Evidence,
    *,
    chosen: Sequence[Fact] | None = None,
    show: Callable[[str], None] = lambda text: None,
) -> list[Checked]:
    """Return what the evidence says of facts.

    Parameters
    ----------
    evidence : simulated runs of every design.
    chosen : facts to check; all when None.
    show : called with each fact's name before it is checked.
    """
    checked = []
    for fact in facts() if chosen is None else chosen:
        show(f"fact {fact.id}, {fact.family}")
        before = time.process_time()
        found = {one.part: one.measure(evidence) for one in fact.statistics}
        parts = {one.part: one.status(found[one.part]) for one in fact.statistics}
        checked.append(
            Checked(
                fact=fact, found=found, parts=parts, status=Fact.status(list(parts.values())),
                seconds=time.process_time() - before,
            )
        )  # fmt: skip
    return checked


def statistic_of(fact: Fact, part: str) -> Statistic:
    """Return one statistic of a fact by its part."""
    return next(one for one in fact.statistics if one.part == part)
