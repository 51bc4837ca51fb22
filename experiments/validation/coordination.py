"""Coordination: how many mediate at the same time."""

from __future__ import annotations

from experiments.validation.facts import Fact, may_calibrate

FACTS = (
    Fact(
        id=22, family="coordination",
        fact="of 51 or more multilateral envoys in 2013, 28 worked beside others in the same conflict",
        source="Global Peace Operations Review",
        statistics=(may_calibrate("22"),),
    ),
)  # fmt: skip
