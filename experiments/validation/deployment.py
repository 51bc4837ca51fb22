"""Deployment: how long it takes from a mandate to people in the country."""

from __future__ import annotations

from experiments.validation.facts import Fact, may_calibrate

FACTS = (
    Fact(
        id=23, family="deployment",
        fact="median months from mandate to half strength, faster for some contributors",
        source="Lundgren, Oksamytna & Coleman 2021, Journal of Peace Research 58(4)",
        statistics=(may_calibrate("23"),),
    ),
)  # fmt: skip
