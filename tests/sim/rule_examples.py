"""Worked examples of rules: what a rule is given, and what it has to give by hand."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import pytest

from sim.rules import RULES

HALF, QUARTERS = log(2.0), log(3.0)
"""Causes whose effect is a half, as rules saturate with the exponential; odds of three to one."""


class Example(NamedTuple):
    """A rule, what it is given, and what it has to give."""

    rule: str
    given: dict[str, float]
    result: float

    def holds(self) -> bool:
        """Whether the rule gives it."""
        return bool(RULES[self.rule](**self.given) == pytest.approx(self.result, abs=1e-12))


def of(rule: str, result: float, **given: float) -> Example:
    """Return an example of a rule."""
    return Example(rule, given, result)
